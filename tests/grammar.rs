//! `grammar/` is alive: every rule makes sentences that the parsers accept, every damaged sentence is
//! answered with a diagnostic that points into it, every word of the registry stands in a rule, and every
//! rule is used.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failing test says where")]

use std::collections::{HashMap, HashSet};
use trine::ast::Statement;
use trine::lang::ebnf::{Grammar, Node, Rule};
use trine::lang::{self, registry};
use trine::text::{Diagnostic, Model};

/// Changing it gives other sentences.
const SEED: u64 = 2026;
/// Deeper than this a sentence takes the shortest way to its end.
const DEPTH: usize = 30;
/// After this many choices a sentence takes the shortest way to its end.
const BUDGET: usize = 60;

struct Generator<'g> {
    grammar: &'g Grammar,
    rng: fastrand::Rng,
    /// How deep the shallowest sentence of each rule is.
    height: HashMap<&'g str, usize>,
    /// How often each alternative was taken, by the address of its choice.
    taken: HashMap<(*const Node, usize), u64>,
    /// How many parts the sentence may still choose freely.
    budget: usize,
}

impl<'g> Generator<'g> {
    fn new(grammar: &'g Grammar, seed: u64) -> Self {
        let mut height: HashMap<&str, usize> = HashMap::new();
        loop {
            let before = height.len();
            for rule in &grammar.rules {
                if !height.contains_key(rule.name.as_str())
                    && let Some(depth) = node_height(&rule.definition, &height)
                {
                    height.insert(&rule.name, depth + 1);
                }
            }
            if height.len() == before {
                break;
            }
        }
        Generator { grammar, rng: fastrand::Rng::with_seed(seed), height, taken: HashMap::new(), budget: 0 }
    }

    fn sentence(&mut self, rule: &'g Rule) -> String {
        let mut words = Vec::new();
        self.budget = BUDGET;
        self.rule(rule, 0, &mut words);
        words.join(" ")
    }

    fn rule(&mut self, rule: &'g Rule, depth: usize, words: &mut Vec<String>) {
        if rule.is_lexical() {
            let mut parts = Vec::new();
            self.node(&rule.definition, depth + 1, &mut parts);
            words.push(parts.concat());
        } else {
            self.node(&rule.definition, depth + 1, words);
        }
    }

    fn node(&mut self, node: &'g Node, depth: usize, words: &mut Vec<String>) {
        match node {
            Node::Terminal(text) => words.push(text.clone()),
            Node::Special(what) => words.push(self.special(what)),
            Node::Rule(name) => {
                let rule = self.grammar.rule(name).unwrap_or_else(|| panic!("no rule '{name}'"));
                self.rule(rule, depth, words);
            }
            Node::Sequence(parts) => parts.iter().for_each(|part| self.node(part, depth, words)),
            Node::Choice(parts) => {
                let at = self.choose(node, parts.len(), depth, |height, at| node_height(&parts[at], height));
                self.node(&parts[at], depth, words);
            }
            Node::Optional(part) => {
                if self.choose(node, 2, depth, |height, at| if at == 0 { Some(0) } else { node_height(part, height) })
                    == 1
                {
                    self.node(part, depth, words);
                }
            }
            Node::Repeat(part) => {
                let times =
                    self.choose(node, 3, depth, |height, at| if at == 0 { Some(0) } else { node_height(part, height) });
                for _ in 0..times {
                    self.node(part, depth, words);
                }
            }
        }
    }

    /// The alternative taken least so far; far down, the one that ends soonest.
    fn choose(
        &mut self,
        node: &Node,
        count: usize,
        depth: usize,
        height: impl Fn(&HashMap<&'g str, usize>, usize) -> Option<usize>,
    ) -> usize {
        self.budget = self.budget.saturating_sub(1);
        let shuffle = self.rng.u64(..);
        let rank = |at: usize| {
            let taken = self.taken.get(&(node as *const Node, at)).copied().unwrap_or(0);
            // What was never taken is worth a longer sentence.
            let hurry = depth > DEPTH || self.budget == 0 && taken > 0;
            let cost = if hurry { height(&self.height, at).unwrap_or(usize::MAX) } else { 0 };
            (cost, taken, shuffle.rotate_left(at as u32 * 7) % 97)
        };
        let at = (0..count).min_by_key(|&at| rank(at)).unwrap();
        *self.taken.entry((node as *const Node, at)).or_default() += 1;
        at
    }

    fn special(&mut self, what: &str) -> String {
        let letters: Vec<char> = match what {
            // No key word of any language is made of these.
            "a letter" => "bkqvzBKQVZ".chars().collect(),
            "any character but a quote, a backslash and a line feed" => "ab k1 .:,;(){}[]/*#é日%&".chars().collect(),
            other => panic!("the generator knows no '? {other} ?'"),
        };
        letters[self.rng.usize(..letters.len())].to_string()
    }
}

fn node_height(node: &Node, known: &HashMap<&str, usize>) -> Option<usize> {
    match node {
        Node::Terminal(_) | Node::Special(_) | Node::Optional(_) | Node::Repeat(_) => Some(0),
        Node::Rule(name) => known.get(name.as_str()).copied(),
        Node::Sequence(parts) => {
            parts.iter().map(|part| node_height(part, known)).try_fold(0, |a, b| b.map(|b| a.max(b)))
        }
        Node::Choice(parts) => parts.iter().filter_map(|part| node_height(part, known)).min(),
    }
}

/// The rules that are whole statements, and whose.
const STATEMENTS: [(&str, Model); 3] =
    [("kv-statement", Model::Kv), ("doc-statement", Model::Doc), ("graph-statement", Model::Graph)];

fn parse(model: Model, text: &str) -> Result<Statement, Diagnostic> {
    match model {
        Model::Kv => lang::kv::parse(text).map(Statement::Kv),
        Model::Doc => lang::doc::parse(text).map(Statement::Doc),
        Model::Graph => lang::graph::parse(text).map(Statement::Graph),
        Model::Shell => unreachable!(),
    }
}

/// Sentences of all statements, so many that every alternative is taken; Redis commands are statements
/// rule by rule.
fn sentences(grammar: &Grammar, seed: u64, mut check: impl FnMut(Model, usize, &str)) -> Vec<(String, String)> {
    let mut generator = Generator::new(grammar, seed);
    let commands = grammar.rules.iter().filter(|rule| rule.file == "kv" && rule.name.starts_with(char::is_uppercase));
    let rule = |name: &str| grammar.rule(name).unwrap_or_else(|| panic!("no rule '{name}'"));
    let mut starts: Vec<(&str, &Rule, &str, Model, usize)> =
        commands.map(|rule| ("", rule, "", Model::Kv, 60)).collect();
    starts.extend([
        ("", rule("kv-statement"), "", Model::Kv, 1500),
        ("", rule("doc-statement"), "", Model::Doc, 500),
        ("db . k . ", rule("collection-method"), "", Model::Doc, 3000),
        ("db . k . aggregate ( [ ", rule("stage"), " ] )", Model::Doc, 1500),
        ("db . k . aggregate ( [ { $set : { k : ", rule("operator-expression"), " } } ] )", Model::Doc, 1500),
        ("db . k . find ( ) ", rule("cursor-method"), "", Model::Doc, 500),
        ("db . ", rule("database-method"), "", Model::Doc, 100),
        ("db . k . aggregate ( [ { $project : { x : ", rule("operator-expression"), " } } ] )", Model::Doc, 1500),
        ("db . k . aggregate ( [ ", rule("window"), " ] )", Model::Doc, 300),
        ("db . k . aggregate ( [ ", rule("group"), " ] )", Model::Doc, 300),
        ("", rule("graph-statement"), "", Model::Graph, 1500),
        ("MATCH ", rule("pattern-list"), " RETURN *", Model::Graph, 500),
        ("MATCH (k) ", rule("updating-clause"), "", Model::Graph, 500),
        ("CREATE ", rule("create-pattern"), "", Model::Graph, 200),
        ("MATCH (k) RETURN ", rule("projection"), "", Model::Graph, 300),
        ("CALL ", rule("procedure-name"), " ( ) YIELD k", Model::Graph, 20),
        ("MATCH (k) RETURN k ", rule("skip"), "", Model::Graph, 10),
        ("MERGE (k) ", rule("merge-action"), "", Model::Graph, 50),
        ("RETURN ", rule("literal"), " AS k", Model::Graph, 100),
        ("RETURN ", rule("expression"), " AS k", Model::Graph, 1000),
        ("RETURN ", rule("atom"), " AS k", Model::Graph, 3000),
    ]);
    let all = starts
        .into_iter()
        .flat_map(|(before, rule, after, model, times)| std::iter::repeat_n((before, rule, after, model), times));
    for (number, (before, rule, after, model)) in all.enumerate() {
        let sentence = format!("{before}{}{after}", generator.sentence(rule));
        check(model, number, &sentence);
    }
    let reached = reachable(grammar, STATEMENTS.iter().map(|(name, _)| *name));
    let mut missed = Vec::new();
    for rule in grammar.rules.iter().filter(|rule| reached.contains(rule.name.as_str())) {
        untaken(&rule.definition, &generator.taken, &rule.name, &mut missed);
    }
    missed
}

fn untaken(node: &Node, taken: &HashMap<(*const Node, usize), u64>, rule: &str, missed: &mut Vec<(String, String)>) {
    match node {
        Node::Choice(parts) => {
            for (at, part) in parts.iter().enumerate() {
                if !taken.contains_key(&(node as *const Node, at)) {
                    missed.push((rule.to_owned(), format!("{part:?}")));
                }
                untaken(part, taken, rule, missed);
            }
        }
        Node::Sequence(parts) => parts.iter().for_each(|part| untaken(part, taken, rule, missed)),
        Node::Optional(part) | Node::Repeat(part) => untaken(part, taken, rule, missed),
        _ => {}
    }
}

fn reachable<'g>(grammar: &'g Grammar, roots: impl IntoIterator<Item = &'g str>) -> HashSet<&'g str> {
    let mut open: Vec<&str> = roots.into_iter().collect();
    let mut seen = HashSet::new();
    while let Some(name) = open.pop() {
        if seen.insert(name)
            && let Some(rule) = grammar.rule(name)
        {
            rule.definition.references(&mut open);
        }
    }
    seen
}

#[test]
fn every_sentence_of_the_grammar_is_understood() {
    let grammar = Grammar::load().unwrap();
    let mut wrong: HashMap<String, String> = HashMap::new();
    let missed = sentences(&grammar, SEED, |model, number, sentence| {
        if let Err(diagnostic) = parse(model, sentence) {
            wrong.entry(format!("{model:?} {}", diagnostic.message)).or_insert_with(|| {
                let place = diagnostic.span.map(|span| span.slice(sentence)).unwrap_or_default().to_owned();
                format!("sentence {number}, at {place:?}: {sentence}")
            });
        }
    });
    let report: Vec<String> = wrong.iter().map(|(message, example)| format!("{message}\n    {example}")).collect();
    assert!(wrong.is_empty(), "{} kinds of refusals\n{}", wrong.len(), report.join("\n"));
    assert!(missed.is_empty(), "alternatives never taken: {missed:?}");
}

/// A tree without its places: spans, and the text of a column as it was typed.
fn meaning(statement: &trine::ast::graph::Statement) -> String {
    let places = regex::Regex::new(r#"Span \{ start: \d+, end: \d+ \}|, text: "(?:[^"\\]|\\.)*" \}"#).unwrap();
    places.replace_all(&format!("{statement:?}"), "").into_owned()
}

#[test]
fn graph_statements_go_to_text_and_back() {
    let grammar = Grammar::load().unwrap();
    let mut compared = 0u32;
    sentences(&grammar, SEED, |model, number, sentence| {
        if model == Model::Graph
            && let Ok(statement) = lang::graph::parse(sentence)
        {
            let shown = lang::graph::show(&statement);
            let again =
                lang::graph::parse(&shown).unwrap_or_else(|error| panic!("{number}: {error}\n{sentence}\n{shown}"));
            assert_eq!(meaning(&again), meaning(&statement), "{number}: {sentence}\n{shown}");
            compared += 1;
        }
    });
    assert!(compared > 1000, "only {compared} sentences were compared");
}

#[test]
fn every_damaged_sentence_is_answered() {
    let grammar = Grammar::load().unwrap();
    let mut rng = fastrand::Rng::with_seed(7);
    let mut refused = 0u32;
    sentences(&grammar, SEED, |model, number, sentence| {
        let damaged = damage(sentence, &mut rng);
        if let Err(diagnostic) = parse(model, &damaged) {
            refused += 1;
            assert!(!diagnostic.message.is_empty(), "sentence {number}: {damaged}");
            if let Some(span) = diagnostic.span {
                let inside = span.start <= span.end
                    && span.end <= damaged.len()
                    && damaged.is_char_boundary(span.start)
                    && damaged.is_char_boundary(span.end);
                assert!(inside, "sentence {number}: {span:?} lies outside of {damaged}");
            }
        }
    });
    assert!(refused > 1000, "damage that does no harm proves nothing: {refused}");
}

/// One word dropped, doubled, swapped with its neighbour, or cut.
fn damage(sentence: &str, rng: &mut fastrand::Rng) -> String {
    let mut words: Vec<&str> = sentence.split(' ').collect();
    let at = rng.usize(..words.len());
    match rng.u8(..5) {
        0 => drop(words.remove(at)),
        1 => words.insert(at, words[at]),
        2 if at + 1 < words.len() => words.swap(at, at + 1),
        3 => words.truncate(at),
        _ => {
            let cut = words[at].char_indices().last().map_or(0, |(at, _)| at);
            words[at] = &words[at][..cut];
        }
    }
    words.join(" ")
}

#[test]
fn the_grammar_is_complete() {
    let grammar = Grammar::load().unwrap();
    let mut missing = Vec::new();
    for rule in &grammar.rules {
        let mut references = Vec::new();
        rule.definition.references(&mut references);
        for name in references {
            if grammar.rules.iter().all(|rule| rule.name != name) {
                missing.push(format!("'{}' refers to '{name}', which is no rule", rule.name));
            }
        }
    }
    let reached = reachable(&grammar, ["statement"]);
    for rule in &grammar.rules {
        if !reached.contains(rule.name.as_str()) {
            missing.push(format!("the rule '{}' is used nowhere", rule.name));
        }
    }
    for entry in registry::all() {
        if grammar.rules_with(entry.name).is_empty() {
            missing.push(format!("no rule has {:?} '{}'", entry.kind, entry.name));
        }
    }
    for rule in grammar.rules.iter().filter(|rule| rule.file == "kv") {
        let mut terminals = Vec::new();
        rule.definition.terminals(&mut terminals);
        let command = rule.name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-');
        if command && terminals.first().is_none_or(|name| registry::kv_command(name.as_bytes()).is_none()) {
            missing.push(format!("the rule '{}' has no entry in the registry", rule.name));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn samples() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar/samples");
    for (kind, accepted) in [("accept", true), ("reject", false)] {
        for file in std::fs::read_dir(folder.join(kind)).unwrap() {
            let path = file.unwrap().path();
            let model = match path.file_stem().unwrap().to_str().unwrap() {
                "kv" => Model::Kv,
                "doc" => Model::Doc,
                "graph" => Model::Graph,
                other => panic!("{other} is no language"),
            };
            let text = std::fs::read_to_string(&path).unwrap();
            for (at, line) in text.lines().enumerate() {
                let (sentence, why) = line.split_once("  # ").unwrap_or((line, ""));
                if sentence.trim().is_empty() {
                    continue;
                }
                let result = parse(model, sentence);
                let place = format!("{}:{}: {sentence} ({why})", path.display(), at + 1);
                match (accepted, result) {
                    (true, Err(diagnostic)) => panic!("{place}: {diagnostic}"),
                    (false, Ok(statement)) => panic!("{place}: understood as {statement:?}"),
                    _ => {}
                }
            }
        }
    }
}
