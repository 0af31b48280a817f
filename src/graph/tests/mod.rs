//! Whole statements on a store.

mod generate;
mod integrity;
mod random;

use super::{Context, Mirror, Planning, execute, explain};
use crate::lang::graph::parse;
use crate::reply::{GraphStats, Plan};
use crate::storage::{Durability, Options, Store, Transaction};
use crate::text::Diagnostic;
use crate::value::graph::{Entity, Value};
use std::collections::BTreeMap;

/// Columns, rows, counters.
type Answer = (Vec<String>, Vec<Vec<Value>>, GraphStats);

struct Session {
    store: Store,
    tx: Transaction,
    mirror: Mirror,
    rng: fastrand::Rng,
    parameters: BTreeMap<String, Value>,
    procedures: super::Procedures,
    planning: Planning,
}

impl Session {
    fn new() -> Self {
        Session::on(&Store::in_memory(Options::default()).unwrap())
    }

    fn on(store: &Store) -> Self {
        Session {
            store: store.clone(),
            tx: store.begin().unwrap(),
            mirror: Mirror::new(),
            rng: fastrand::Rng::with_seed(7),
            parameters: BTreeMap::new(),
            procedures: super::Procedures::default(),
            planning: Planning::Best,
        }
    }

    fn begin(&mut self) {
        self.tx = self.store.begin().unwrap();
    }

    fn commit(&mut self) {
        let tx = std::mem::replace(&mut self.tx, self.store.begin().unwrap());
        tx.commit(Durability::Eventual).unwrap();
        self.begin();
    }

    fn roll_back(&mut self) {
        self.begin();
    }

    fn context<'a>(&'a mut self, source: &'a str) -> Context<'a> {
        Context {
            tx: &mut self.tx,
            database: 1,
            source,
            parameters: &self.parameters,
            now_ms: 0,
            mirror: &mut self.mirror,
            rng: &mut self.rng,
            procedures: &self.procedures,
            max_paths: super::MAX_PATHS,
            max_memory: super::MAX_MEMORY,
            planning: self.planning,
        }
    }

    #[allow(clippy::result_large_err, reason = "as everywhere a diagnostic is the error")]
    fn run(&mut self, text: &str) -> Result<Answer, Diagnostic> {
        let statement = parse(text)?;
        #[allow(clippy::result_large_err, reason = "as above")]
        let result = (|| {
            let reply = execute(self.context(text), &statement)?;
            let (columns, stats) = (reply.columns.clone(), reply.stats);
            let rows = reply.rows.collect::<Result<Vec<_>, _>>()?;
            Ok((columns, rows, stats))
        })();
        match result {
            Ok(_) => self.tx.end_statement().unwrap(),
            Err(_) => self.tx.rollback_statement(),
        }
        result
    }

    /// The rows as text, one a line.
    fn rows(&mut self, text: &str) -> String {
        match self.run(text) {
            Ok((_, rows, _)) => {
                let line = |row: &Vec<Value>| row.iter().map(show).collect::<Vec<_>>().join(" | ");
                rows.iter().map(line).collect::<Vec<_>>().join("\n")
            }
            Err(error) => format!("{} {}", error.code, error.detail.unwrap_or_default()),
        }
    }

    fn plan(&mut self, text: &str) -> String {
        let statement = parse(text).unwrap();
        fn lines(plan: &Plan, depth: usize, out: &mut String) {
            let pad = " ".repeat(2 * depth);
            out.push_str(&format!("{pad}{} {} {}\n", plan.operator, plan.details, plan.estimated_rows));
            plan.inputs.iter().for_each(|input| lines(input, depth + 1, out));
        }
        let mut out = String::new();
        lines(&explain(self.context(text), &statement, false).unwrap().plan.unwrap(), 0, &mut out);
        out
    }
}

fn show(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::String(text) => text.to_string(),
        Value::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            format!(
                "{{{}}}",
                entries.iter().map(|(key, item)| format!("{key}: {}", show(item))).collect::<Vec<_>>().join(", ")
            )
        }
        Value::Entity(entity) => match &**entity {
            Entity::Node(node) => {
                format!("(:{} {})", node.labels.join(":"), show(&Value::Map(node.properties.clone())))
            }
            Entity::Relationship(relationship) => format!("[:{}]", relationship.kind),
            Entity::Path { nodes, relationships } => format!("path {} {}", nodes.len(), relationships.len()),
        },
        other => format!("{other:?}"),
    }
}

const MOVIES: &str = "CREATE (a:Person {name: 'Ann', age: 30}), (b:Person {name: 'Bob', age: 25}), \
    (c:Person {name: 'Cid'}), (m:Movie {title: 'Up'}), \
    (a)-[:KNOWS {since: 1}]->(b), (b)-[:KNOWS {since: 2}]->(c), (c)-[:KNOWS {since: 3}]->(a), \
    (a)-[:LIKES]->(m), (b)-[:LIKES]->(m)";

#[test]
fn create_match_return() {
    let mut session = Session::new();
    let (columns, rows, stats) = session.run(MOVIES).unwrap();
    assert!(columns.is_empty() && rows.is_empty());
    assert_eq!((stats.nodes_created, stats.relationships_created, stats.properties_set), (4, 5, 9));
    for (query, expected) in [
        ("MATCH (n) RETURN count(*)", "4"),
        ("MATCH (n:Person) RETURN n.name ORDER BY n.name", "Ann\nBob\nCid"),
        ("MATCH (n:Person) RETURN n.name AS name ORDER BY n.age DESC", "Cid\nAnn\nBob"),
        ("MATCH (a {name: 'Ann'})-[:KNOWS]->(b) RETURN b.name", "Bob"),
        ("MATCH (a:Person)-[:LIKES]->(m)<-[:LIKES]-(b) RETURN a.name, b.name ORDER BY a.name", "Ann | Bob\nBob | Ann"),
        ("MATCH (a {name: 'Ann'})-[rs:KNOWS*1..2]->(b) RETURN b.name, size(rs)", "Bob | 1\nCid | 2"),
        ("MATCH (a {name: 'Ann'})-[:KNOWS*]->(b) RETURN b.name", "Bob\nCid\nAnn"),
        (
            "MATCH p = (a {name: 'Ann'})-[:KNOWS*0..1]-(b) RETURN length(p), b.name ORDER BY b.name",
            "0 | Ann\n1 | Bob\n1 | Cid",
        ),
        (
            "MATCH (p:Person) OPTIONAL MATCH (p)-[:LIKES]->(m) RETURN p.name, m.title ORDER BY p.name",
            "Ann | Up\nBob | Up\nCid | null",
        ),
        ("MATCH (p:Person) WHERE (p)-[:LIKES]->() RETURN p.name ORDER BY p.name", "Ann\nBob"),
        (
            "MATCH (p:Person) RETURN p.name, [(p)-[:KNOWS]->(x) | x.name] AS f ORDER BY p.name",
            "Ann | [Bob]\nBob | [Cid]\nCid | [Ann]",
        ),
        ("MATCH (p:Person) RETURN count(p.age), sum(p.age), collect(p.name)", "2 | 55 | [Ann, Bob, Cid]"),
        ("MATCH (p:Person)-[:LIKES]->(m) RETURN m.title, count(*) + 1 AS c", "Up | 3"),
        ("MATCH p = shortestPath((a {name: 'Ann'})-[*]-(b {name: 'Cid'})) RETURN length(p)", "1"),
        ("MATCH (a {name: 'Ann'}), (b {name: 'Cid'}) RETURN length(shortestPath((a)-[:KNOWS*]->(b)))", "2"),
        ("MATCH (a:Person) WHERE COUNT { (a)-->() } > 1 RETURN a.name ORDER BY a.name", "Ann\nBob"),
        ("UNWIND [3, 1, 2] AS x WITH x ORDER BY x LIMIT 2 RETURN collect(x)", "[1, 2]"),
        ("UNWIND [1, 2] AS x RETURN x UNION ALL RETURN 2 AS x", "1\n2\n2"),
        ("UNWIND [1, 2] AS x RETURN x UNION RETURN 2 AS x", "1\n2"),
        (
            "MATCH (p:Person) CALL { WITH p MATCH (p)-->(x) RETURN count(x) AS c } RETURN p.name, c ORDER BY p.name",
            "Ann | 2\nBob | 2\nCid | 1",
        ),
        ("CALL db.labels()", "Movie\nPerson"),
        ("CALL db.labels() YIELD label RETURN label AS l ORDER BY l DESC", "Person\nMovie"),
        ("MATCH ()-[r:KNOWS]->() RETURN count(r)", "3"),
    ] {
        assert_eq!(session.rows(query), expected, "{query}\n{}", session.plan(query));
    }
}

#[test]
fn writes() {
    let mut session = Session::new();
    session.run(MOVIES).unwrap();
    for (query, expected) in [
        ("MATCH (n) CREATE (m:Copy) RETURN count(*)", "4"),
        ("MATCH (n:Copy) DELETE n", ""),
        ("MATCH (n) RETURN count(*)", "4"),
        ("MATCH (n {name: 'Ann'}) DELETE n", "ConstraintVerificationFailed DeleteConnectedNode"),
        ("MATCH (n {name: 'Ann'}) SET n.age = 31, n:Adult RETURN n", "(:Person:Adult {age: 31, name: Ann})"),
        (
            "MATCH (n {name: 'Ann'}) SET n += {city: 'Rome', age: null} RETURN n",
            "(:Person:Adult {city: Rome, name: Ann})",
        ),
        ("MATCH (n {name: 'Ann'}) REMOVE n:Adult, n.city RETURN n", "(:Person {name: Ann})"),
        ("MERGE (n:Person {name: 'Ann'}) ON MATCH SET n.seen = 1 RETURN n.seen", "1"),
        ("MERGE (n:Person {name: 'Dan'}) ON CREATE SET n.seen = 2 RETURN n.seen", "2"),
        ("UNWIND [1, 1, 2] AS x MERGE (n:X {v: x}) RETURN count(*)", "3"),
        ("MATCH (n:X) RETURN count(*)", "2"),
        ("MATCH (a {name: 'Ann'}), (d {name: 'Dan'}) MERGE (a)-[r:KNOWS]-(d) RETURN type(r)", "KNOWS"),
        ("MATCH (n:X) SET n = {w: 1} RETURN n", "(:X {w: 1})\n(:X {w: 1})"),
        ("FOREACH (x IN [1, 2, 3] | CREATE (:Y {v: x}))", ""),
        ("MATCH (y:Y) RETURN sum(y.v)", "6"),
        ("MATCH (n) DETACH DELETE n", ""),
        ("MATCH (n) RETURN count(*)", "0"),
        ("MATCH ()-[r]->() RETURN count(*)", "0"),
    ] {
        assert_eq!(session.rows(query), expected, "{query}");
    }
}

#[test]
fn indexes_answer_as_scans_do() {
    let mut session = Session::new();
    session.run("UNWIND range(1, 100) AS i CREATE (:N {i: i, s: 's' + (i % 10)})").unwrap();
    let queries = [
        "MATCH (n:N {i: 7}) RETURN n.i",
        "MATCH (n:N) WHERE n.i > 95 RETURN n.i ORDER BY n.i",
        "MATCH (n:N) WHERE 3 <= n.i < 6 RETURN n.i ORDER BY n.i",
        "MATCH (n:N) WHERE n.i IN [3, 5, 5, 1000] RETURN n.i ORDER BY n.i",
        "MATCH (n:N) WHERE n.s STARTS WITH 's1' RETURN n.i ORDER BY n.i",
    ];
    let scanned: Vec<String> = queries.iter().map(|query| session.rows(query)).collect();
    session.run("CREATE INDEX FOR (n:N) ON (n.i)").unwrap();
    session.run("CREATE INDEX byS FOR (n:N) ON (n.s)").unwrap();
    for (query, expected) in queries.iter().zip(scanned) {
        assert!(session.plan(query).contains("IndexSeek"), "{}", session.plan(query));
        assert_eq!(session.rows(query), expected, "{query}");
    }
    session.run("MATCH (n:N {i: 7}) SET n.i = 700").unwrap();
    assert_eq!(session.rows("MATCH (n:N {i: 7}) RETURN n.i"), "");
    assert_eq!(session.rows("MATCH (n:N {i: 700}) RETURN n.i"), "700");
    session.run("MATCH (n:N) WHERE n.i > 50 DELETE n").unwrap();
    assert_eq!(session.rows("MATCH (n:N) WHERE n.i > 48 RETURN n.i ORDER BY n.i"), "49\n50");
    session.run("DROP INDEX byS").unwrap();
    assert_eq!(session.rows("DROP INDEX byS"), "SchemaError NotFound");
}

/// Random writes through statements; whatever the mirror has become, it equals one built anew.
#[test]
fn the_mirror_equals_a_rebuild() {
    use super::store::{self, Side};
    let mut session = Session::new();
    let mut rng = fastrand::Rng::with_seed(3);
    for step in 0..150 {
        let (a, b) = (rng.u32(1..30), rng.u32(1..30));
        let text = match rng.u32(..6) {
            0 => format!("CREATE (:A {{v: {a}}})"),
            1 => format!("MATCH (a), (b) WHERE id(a) = {a} AND id(b) = {b} CREATE (a)-[:R]->(b)"),
            2 => format!("MATCH (a)-[r]->() WHERE id(a) = {a} DELETE r"),
            3 if step % 3 == 0 => format!("MATCH (a) WHERE id(a) = {a} DETACH DELETE a"),
            _ => format!("MATCH (a {{v: {a}}}) MERGE (a)-[:S]->(b:B {{v: {b}}})"),
        };
        session.run(&text).unwrap();
        if step % 5 == 0 {
            // Asks for the mirror, so that it is in step from here on.
            let stamp = store::stamp(&session.tx, 1).unwrap();
            if !session.mirror.is_in_step(1, stamp) {
                session.mirror.build(&session.tx, 1, stamp).unwrap();
            }
        }
        let stamp = store::stamp(&session.tx, 1).unwrap();
        if session.mirror.is_in_step(1, stamp) {
            let mut fresh = Mirror::new();
            fresh.build(&session.tx, 1, stamp).unwrap();
            assert_eq!(
                (session.mirror.topology().len(), session.mirror.topology().relationships()),
                (fresh.topology().len(), fresh.topology().relationships())
            );
            for index in fresh.topology().nodes() {
                let id = fresh.topology().id_of(index);
                for side in [Side::Out, Side::In] {
                    let list = |mirror: &Mirror| {
                        let mut list = Vec::new();
                        mirror.neighbours(id, side, &mut list);
                        list.sort_by_key(|neighbour| neighbour.relationship);
                        list
                    };
                    assert_eq!(list(&session.mirror), list(&fresh), "{text}");
                }
            }
        }
    }
}

#[test]
fn relationships_are_found_by_index_and_id() {
    let mut session = Session::new();
    session.run("UNWIND range(1, 50) AS i CREATE (:A {i: i})-[:R {v: i}]->(:B {i: i})").unwrap();
    session.run("CREATE INDEX FOR ()-[r:R]-() ON (r.v)").unwrap();
    for (query, operator, expected) in [
        ("MATCH (a)-[r:R {v: 7}]->(b) RETURN a.i, b.i", "RelationshipIndexSeek", "7 | 7"),
        ("MATCH (a)-[r]->(b) WHERE id(r) = 9 RETURN a.i", "RelationshipByIdSeek", "9"),
        ("MATCH (a)-[r:S]->(b) WHERE id(r) = 9 RETURN a.i", "RelationshipByIdSeek", ""),
    ] {
        assert!(session.plan(query).contains(operator), "{}", session.plan(query));
        assert_eq!(session.rows(query), expected, "{query}");
    }
}

#[test]
fn long_statements_are_answered() {
    let mut session = Session::new();
    let creates = (0..3000).map(|i| format!("CREATE (n{i}:X {{i: {i}}}) ")).collect::<String>();
    assert_eq!(session.run(&creates).unwrap().2.nodes_created, 3000);
    let merges = (0..300).map(|i| format!("MERGE (n{i}:Y {{i: {i}}}) ")).collect::<String>();
    assert_eq!(session.run(&merges).unwrap().2.nodes_created, 300);
    let many = (0..2000).map(|i| format!("MERGE (n{i}:Y {{i: {i}}}) ")).collect::<String>();
    assert_eq!(session.rows(&many), "LimitExceeded TooLarge");
    let pattern = format!("MATCH (a){} RETURN 1", "-->()".repeat(2000));
    assert_eq!(session.rows(&pattern), "LimitExceeded TooLarge");
}
