//! Random statements over a few labels, types, keys and values, so that much of it meets.

use fastrand::Rng;

const LABELS: [&str; 3] = ["A", "B", "C"];
const TYPES: [&str; 3] = ["R", "S", "T"];
const KEYS: [&str; 3] = ["p", "q", "s"];

fn pick<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    from[rng.usize(..from.len())]
}

/// A value that can be stored.
pub fn value(rng: &mut Rng) -> String {
    match rng.u32(..12) {
        0..=6 => rng.i32(0..6).to_string(),
        7 => format!("{:?}", f64::from(rng.i32(0..8)) / 2.0),
        8 | 9 => format!("'{}'", pick(rng, &["a", "ab", "b", ""])),
        10 => pick(rng, &["true", "false"]).to_owned(),
        _ => pick(rng, &["[1, 2]", "['a']", "null", "[]"]).to_owned(),
    }
}

fn properties(rng: &mut Rng) -> String {
    let mut entries: Vec<String> = Vec::new();
    for key in KEYS {
        if rng.u32(..3) == 0 {
            entries.push(format!("{key}: {}", value(rng)));
        }
    }
    if entries.is_empty() { String::new() } else { format!(" {{{}}}", entries.join(", ")) }
}

fn labels(rng: &mut Rng) -> String {
    LABELS.iter().filter(|_| rng.u32(..5) < 2).map(|label| format!(":{label}")).collect()
}

fn node(rng: &mut Rng, name: &str) -> String {
    format!("({name}{}{})", labels(rng), properties(rng))
}

/// What finds a few nodes.
fn anchor(rng: &mut Rng, name: &str) -> String {
    let (label, key) = (pick(rng, &LABELS), pick(rng, &KEYS));
    match rng.u32(..4) {
        0 => format!("({name}:{label})"),
        1 => format!("({name} {{{key}: {}}})", value(rng)),
        _ => format!("({name}:{label} {{{key}: {}}})", value(rng)),
    }
}

fn kind(rng: &mut Rng) -> &'static str {
    pick(rng, &TYPES)
}

fn set_item(rng: &mut Rng, name: &str) -> String {
    let (key, label) = (pick(rng, &KEYS), pick(rng, &LABELS));
    match rng.u32(..7) {
        0 => format!("{name}:{label}"),
        1 => format!("{name} +={}", or_empty(properties(rng))),
        2 => format!("{name} ={}", or_empty(properties(rng))),
        3 => format!("{name}.{key} = {name}.{}", pick(rng, &KEYS)),
        _ => format!("{name}.{key} = {}", value(rng)),
    }
}

fn or_empty(properties: String) -> String {
    if properties.is_empty() { " {}".to_owned() } else { properties }
}

/// A statement that writes, or means to: some fail half-way.
pub fn write(rng: &mut Rng, crowded: bool) -> String {
    let (key, label, kind) = (pick(rng, &KEYS), pick(rng, &LABELS), kind(rng));
    let few = rng.u32(1..4);
    if crowded && rng.u32(..3) == 0 {
        return format!("MATCH (n:{label}) WITH n LIMIT 20 DETACH DELETE n");
    }
    match rng.u32(..24) {
        0 => format!("CREATE {}-[:{kind}{}]->{}", node(rng, "a"), properties(rng), node(rng, "b")),
        1 => format!("CREATE {}, {}", node(rng, ""), node(rng, "")),
        2 => format!(
            "MATCH {} WITH a LIMIT {few} CREATE (a)-[:{kind}{}]->{}",
            anchor(rng, "a"),
            properties(rng),
            node(rng, "")
        ),
        3 | 4 => format!(
            "MATCH {} WITH a LIMIT {few} MATCH {} WITH a, b LIMIT {few} CREATE (a)-[:{kind}{}]->(b), (b)-[:{}]->(a)",
            anchor(rng, "a"),
            anchor(rng, "b"),
            properties(rng),
            self::kind(rng)
        ),
        5 => format!(
            "MERGE {} ON CREATE SET {} ON MATCH SET {}",
            anchor(rng, "n"),
            set_item(rng, "n"),
            set_item(rng, "n")
        ),
        6 => format!(
            "MATCH {} WITH a LIMIT {few} MATCH {} WITH a, b LIMIT {few} MERGE (a)-[r:{kind}]-{}(b) ON CREATE SET {}",
            anchor(rng, "a"),
            anchor(rng, "b"),
            pick(rng, &["", ">"]),
            set_item(rng, "r")
        ),
        7 => {
            format!("UNWIND [1, 2, {}, 2] AS x MERGE (n:{label} {{{key}: x}}) SET {}", rng.u32(..5), set_item(rng, "n"))
        }
        8 => format!("MATCH {} SET {}, {}", anchor(rng, "n"), set_item(rng, "n"), set_item(rng, "n")),
        9 => format!("MATCH ()-[r:{kind}]->() WHERE r.{key} = {} SET {}", value(rng), relationship_set(rng)),
        10 => format!("MATCH {} REMOVE n.{key}, n:{}", anchor(rng, "n"), pick(rng, &LABELS)),
        11 => format!("MATCH {} DETACH DELETE n", anchor(rng, "n")),
        12 => format!("MATCH {} DELETE n", anchor(rng, "n")),
        13 => format!("MATCH {}-[r:{kind}]-() WITH r LIMIT {few} DELETE r", anchor(rng, "n")),
        14 => format!(
            "FOREACH (i IN range(1, {few}) | CREATE (:{label} {{{key}: i}}) MERGE (:{} {{q: i}}))",
            pick(rng, &LABELS)
        ),
        15 => format!("MATCH (n:{label}) WITH n LIMIT 5 SET n.{key} = 10 / (n.p - 3), n:{}", pick(rng, &LABELS)),
        16 => format!(
            "UNWIND range(1, 5) AS x CREATE (n:{label} {{{key}: x}}) WITH n, x SET n.q = 1 / (x - {})",
            rng.u32(1..20)
        ),
        17 => format!(
            "CREATE (x:{label} {{{key}: {}}}) WITH x MATCH (y:{}) WITH x, y LIMIT {few} CREATE (x)-[:{kind}]->(y) \
             WITH x, collect(y) AS ys DETACH DELETE x",
            value(rng),
            pick(rng, &LABELS)
        ),
        18 => format!(
            "MATCH {} WITH a LIMIT {few} CALL (a) {{ CREATE (a)-[:{kind}]->(b:{label}) RETURN b }} SET b.{key} = {}",
            anchor(rng, "a"),
            value(rng)
        ),
        19 => format!(
            "MATCH {} WITH a LIMIT {few} OPTIONAL MATCH (a)-[r:{kind}]->(b) DELETE r SET b.{key} = {}",
            anchor(rng, "a"),
            value(rng)
        ),
        20 => format!(
            "MATCH (a)-[r]->(b) WITH a, r, b LIMIT {few} CREATE (b)-[s:{kind}]->(a) SET s = properties(r) DELETE r"
        ),
        21 => format!("CREATE (a:{label})-[:{kind}]->(a), (a)-[:{kind}]->(a) SET {}", set_item(rng, "a")),
        _ => schema(rng),
    }
}

fn relationship_set(rng: &mut Rng) -> String {
    format!("r.{} = {}", pick(rng, &KEYS), value(rng))
}

/// `id(a), id(b)`
fn ids_of(names: &[String]) -> String {
    if names.is_empty() {
        return "1 AS one".to_owned();
    }
    names.iter().map(|name| format!("id({name})")).collect::<Vec<_>>().join(", ")
}

/// A change of indexes or constraints.
fn schema(rng: &mut Rng) -> String {
    let number = rng.u32(..3);
    let (key, label, kind) = (pick(rng, &KEYS), pick(rng, &LABELS), kind(rng));
    let of = if rng.u32(..3) > 0 { format!("(n:{label})") } else { format!("()-[n:{kind}]-()") };
    match rng.u32(..8) {
        0 => format!("CREATE INDEX i{number} IF NOT EXISTS FOR {of} ON (n.{key})"),
        1 => format!("CREATE INDEX i{number} FOR {of} ON (n.p, n.q)"),
        2 | 3 => format!("DROP INDEX i{number} IF EXISTS"),
        4 => format!("CREATE CONSTRAINT c{number} IF NOT EXISTS FOR {of} REQUIRE n.{key} IS UNIQUE"),
        5 => format!(
            "CREATE CONSTRAINT c{number} FOR {of} REQUIRE n.{key} IS {}",
            pick(rng, &["NOT NULL", ":: INTEGER", "KEY"])
        ),
        _ => format!("DROP CONSTRAINT c{number} IF EXISTS"),
    }
}

/// A query that reads, with one answer whatever the plan: nothing in it fails, and where rows are cut
/// off their order is decided.
pub struct Reading<'r> {
    rng: &'r mut Rng,
    nodes: Vec<String>,
    relationships: Vec<String>,
    next: u32,
}

impl<'r> Reading<'r> {
    /// A query.
    pub fn query(rng: &'r mut Rng) -> String {
        if rng.u32(..8) == 0 {
            return two_steps(rng);
        }
        let mut reading = Reading { rng, nodes: Vec::new(), relationships: Vec::new(), next: 0 };
        let mut text = String::new();
        for at in 0..reading.rng.u32(1..3) {
            let optional = at > 0 && reading.rng.u32(..2) == 0;
            let clause = reading.matching(2);
            text.push_str(&format!("{}MATCH {clause} ", if optional { "OPTIONAL " } else { "" }));
            if at == 0 && reading.rng.u32(..4) == 0 {
                let with = reading.with();
                text.push_str(&with);
            }
        }
        let result = reading.result();
        text + &result
    }

    fn fresh(&mut self, letter: char) -> String {
        self.next += 1;
        format!("{letter}{}", self.next)
    }

    fn node(&mut self) -> String {
        if !self.nodes.is_empty() && self.rng.u32(..4) == 0 {
            return format!("({})", self.nodes[self.rng.usize(..self.nodes.len())]);
        }
        let name = if self.rng.u32(..4) > 0 { self.fresh('n') } else { String::new() };
        if !name.is_empty() {
            self.nodes.push(name.clone());
        }
        let label = match self.rng.u32(..8) {
            0..=2 => format!(":{}", pick(self.rng, &LABELS)),
            3 => format!(":{}|{}", pick(self.rng, &LABELS), pick(self.rng, &LABELS)),
            4 => format!(":!{}", pick(self.rng, &LABELS)),
            _ => String::new(),
        };
        let property = match self.rng.u32(..5) {
            0 => format!(" {{{}: {}}}", pick(self.rng, &KEYS), value(self.rng)),
            _ => String::new(),
        };
        format!("({name}{label}{property})")
    }

    fn relationship(&mut self) -> String {
        let types = match self.rng.u32(..4) {
            0 => String::new(),
            1 => format!(":{}|{}", pick(self.rng, &TYPES), pick(self.rng, &TYPES)),
            _ => format!(":{}", kind(self.rng)),
        };
        let length = match self.rng.u32(..18) {
            0 => "*1..3",
            1 | 2 => "*1..2",
            3 | 4 => "*0..2",
            5 => "*2",
            _ => "",
        };
        let name = if length.is_empty() && self.rng.u32(..2) == 0 { self.fresh('r') } else { String::new() };
        if !name.is_empty() {
            self.relationships.push(name.clone());
        }
        let property = match self.rng.u32(..7) {
            0 => format!(" {{{}: {}}}", pick(self.rng, &KEYS), value(self.rng)),
            _ => String::new(),
        };
        let (left, right) = *[("-", "->"), ("<-", "-"), ("-", "-")].get(self.rng.usize(..3)).unwrap_or(&("-", "-"));
        format!("{left}[{name}{types}{length}{property}]{right}")
    }

    fn pattern(&mut self, steps: u32) -> String {
        let mut text = self.node();
        let first = self.nodes.last().cloned();
        let steps = self.rng.u32(..=steps);
        for step in 1..=steps {
            let relationship = self.relationship();
            // Circles have operators of their own.
            let node = match &first {
                Some(first) if step == steps && steps > 1 && self.rng.u32(..3) == 0 => format!("({first})"),
                _ => self.node(),
            };
            text.push_str(&relationship);
            text.push_str(&node);
        }
        text
    }

    /// Patterns and conditions.
    fn matching(&mut self, most: u32) -> String {
        let mut text = self.pattern(most);
        if self.rng.u32(..4) == 0 {
            let second = self.pattern(1);
            text.push_str(&format!(", {second}"));
        }
        if self.rng.u32(..3) > 0 && !self.nodes.is_empty() {
            let mut conditions: Vec<String> = (0..self.rng.u32(1..4)).map(|_| self.condition(2)).collect();
            if self.rng.u32(..5) == 0 {
                let (one, two) = (self.variable(), self.variable());
                conditions.push(format!("{one}.{} = {two}.{}", pick(self.rng, &KEYS), pick(self.rng, &KEYS)));
            }
            text.push_str(&format!(" WHERE {}", conditions.join(" AND ")));
        }
        text
    }

    fn variable(&mut self) -> String {
        let all = self.nodes.len() + self.relationships.len();
        let at = self.rng.usize(..all);
        self.nodes.get(at).or_else(|| self.relationships.get(at - self.nodes.len())).cloned().unwrap_or_default()
    }

    fn a_node(&mut self) -> String {
        self.nodes[self.rng.usize(..self.nodes.len())].clone()
    }

    fn condition(&mut self, depth: u32) -> String {
        let variable = self.variable();
        let property = format!("{variable}.{}", pick(self.rng, &KEYS));
        match self.rng.u32(..if depth == 0 { 8 } else { 15 }) {
            0 | 1 => format!("{property} = {}", value(self.rng)),
            2 => format!("{property} {} {}", pick(self.rng, &["<", "<=", ">", ">=", "<>"]), value(self.rng)),
            3 => format!("{property} IN [{}, {}, {}]", value(self.rng), value(self.rng), value(self.rng)),
            4 => format!("{property} IS {}NULL", pick(self.rng, &["", "NOT "])),
            5 => format!("{property} STARTS WITH 'a'"),
            6 => format!("1 <= {property} < {}", self.rng.u32(2..6)),
            7 => format!("{}:{}", self.a_node(), pick(self.rng, &LABELS)),
            8 => format!("NOT ({})", self.condition(depth - 1)),
            9 | 10 => {
                let (one, two) = (self.condition(depth - 1), self.condition(depth - 1));
                format!("({one} {} {two})", pick(self.rng, &["OR", "AND", "XOR"]))
            }
            11 => format!("({})-[:{}]->()", self.a_node(), kind(self.rng)),
            12 => {
                let inner = self.inner();
                format!("EXISTS {{ {inner} }}")
            }
            13 => {
                let inner = self.inner();
                format!("COUNT {{ {inner} }} {} {}", pick(self.rng, &["=", ">", "<="]), self.rng.u32(..3))
            }
            _ => format!("id({}) {} {}", self.a_node(), pick(self.rng, &["=", "<"]), self.rng.u32(1..60)),
        }
    }

    /// What stands in a subquery: its names end with it.
    fn inner(&mut self) -> String {
        let (nodes, relationships) = (self.nodes.len(), self.relationships.len());
        let anchor = self.a_node();
        let (relationship, node) = (self.relationship(), self.node());
        let condition = if self.rng.u32(..2) == 0 { format!(" WHERE {}", self.condition(0)) } else { String::new() };
        self.nodes.truncate(nodes);
        self.relationships.truncate(relationships);
        format!("({anchor}){relationship}{node}{condition}")
    }

    fn with(&mut self) -> String {
        if self.nodes.is_empty() {
            return String::new();
        }
        let kept = self.a_node();
        self.nodes = vec![kept.clone()];
        self.relationships.clear();
        match self.rng.u32(..3) {
            0 => format!("WITH DISTINCT {kept} "),
            1 => format!("WITH {kept}, count(*) AS times WHERE times > 1 "),
            _ => format!("WITH {kept} ORDER BY id({kept}) LIMIT {} ", self.rng.u32(1..6)),
        }
    }

    /// The end of the query.
    fn result(&mut self) -> String {
        if self.nodes.is_empty() && self.relationships.is_empty() {
            return "RETURN count(*)".to_owned();
        }
        let variables: Vec<String> = self.nodes.iter().chain(&self.relationships).cloned().collect();
        let ids = ids_of(&variables);
        let one = self.variable();
        let property = format!("{one}.{}", pick(self.rng, &KEYS));
        match self.rng.u32(..12) {
            0 => "RETURN count(*)".to_owned(),
            8 => format!("RETURN DISTINCT {}", ids_of(&self.nodes)),
            1 => format!("RETURN {property} AS k, count(*) AS c, count(DISTINCT {one}) AS d"),
            2 => format!("RETURN DISTINCT {property}"),
            3 => format!("RETURN {ids} ORDER BY {property}, {ids} LIMIT {}", self.rng.u32(1..8)),
            4 => format!("RETURN {ids} ORDER BY {property} DESC, {ids} SKIP {} LIMIT 3", self.rng.u32(..4)),
            5 => format!("RETURN count({one}), min({property}), max({property}), size(collect(DISTINCT {property}))"),
            _ => format!("RETURN {ids}, {property}"),
        }
    }
}

/// Two steps of which hardly more than the number is asked.
fn two_steps(rng: &mut Rng) -> String {
    let mut step = |name: &str| {
        let types = match rng.u32(..4) {
            0 | 1 => String::new(),
            2 => format!(":{}", kind(rng)),
            _ => format!(":{}|{}", pick(rng, &TYPES), pick(rng, &TYPES)),
        };
        let (left, right) = [("-", "->"), ("<-", "-"), ("-", "-")][rng.usize(..3)];
        format!("{left}[{name}{types}]{right}")
    };
    let (first, second) = (step("r"), step("s"));
    let mut label = || if rng.u32(..4) == 0 { format!(":{}", pick(rng, &LABELS)) } else { String::new() };
    let (a, b, c) = (format!("(a{})", label()), format!("(b{})", label()), format!("(c{})", label()));
    let between = pick(rng, &["", ", (b)", " MATCH (b)", " MATCH (a)"]);
    let result = pick(
        rng,
        &[
            "count(*)",
            "count(s)",
            "count(c), count(DISTINCT b)",
            "count(*), max(id(b))",
            "id(b), count(*)",
            "id(a), count(*)",
            "b.p AS p, count(*)",
            "type(r), count(*)",
        ],
    );
    format!("MATCH {a}{first}{b}{between}{second}{c} RETURN {result}")
}
