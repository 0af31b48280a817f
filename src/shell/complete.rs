//! Completion: which names may stand where the cursor is, and what they are.

use crate::lang::registry::{self, Entry, Kind};
use crate::lang::scanner;
use crate::text::Model;

/// More candidates than this are not shown.
pub const MOST: usize = 200;

/// One candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What is put into the text.
    pub text: String,
    /// What it is, in one line.
    pub about: String,
}

/// The names that only the open database knows.
pub trait Names {
    /// Keys with this prefix.
    fn keys(&self, prefix: &str) -> Vec<String>;
    /// Collections of the current database.
    fn collections(&self) -> Vec<String>;
    /// Fields of some documents of a collection.
    fn fields(&self, collection: &str) -> Vec<String>;
    /// Node labels.
    fn labels(&self) -> Vec<String>;
    /// Relationship types.
    fn relationship_types(&self) -> Vec<String>;
    /// Property keys of nodes and relationships.
    fn property_keys(&self) -> Vec<String>;
    /// Databases of the file.
    fn databases(&self) -> Vec<String>;
    /// Variables of the session.
    fn variables(&self) -> Vec<String>;
}

/// Where the word under the cursor begins (a byte of `text`, which ends at the cursor) and what could
/// stand there.
pub fn complete(text: &str, names: &dyn Names) -> (usize, Vec<Candidate>) {
    let body = text.trim_start();
    let offset = text.len() - body.len();
    let (start, mut found) = if !body.contains(|c: char| c.is_whitespace() || matches!(c, '.' | '(' | '[')) {
        (0, first_words(body))
    } else {
        match scanner::classify(body.as_bytes()).kind {
            scanner::Kind::Kv => redis(body, names),
            scanner::Kind::Doc | scanner::Kind::Script => document(body, names),
            scanner::Kind::Let => match body.split_once('=') {
                Some((before, value)) if !value.trim().is_empty() => {
                    let (start, found) = complete(value, names);
                    (before.len() + 1 + start, found)
                }
                _ => (body.len(), Vec::new()),
            },
            scanner::Kind::Graph => graph(body, names),
            scanner::Kind::Directive => directive(body, names),
            scanner::Kind::Transaction => (body.len(), Vec::new()),
        }
    };
    found.sort_by(|a, b| a.text.cmp(&b.text));
    found.dedup_by(|a, b| a.text == b.text);
    if found.len() > MOST {
        found.truncate(MOST);
        found.push(Candidate { text: body[start..].to_owned(), about: format!("more than {MOST}: type on") });
    }
    (offset + start, found)
}

fn begins(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

fn entry(entry: &Entry) -> Candidate {
    Candidate { text: entry.name.trim_end_matches("()").to_owned(), about: entry.summary.to_owned() }
}

fn named(names: Vec<String>, prefix: &str, about: &str) -> Vec<Candidate> {
    let fitting = names.into_iter().filter(|name| begins(name, prefix));
    fitting.map(|text| Candidate { text, about: about.to_owned() }).collect()
}

/// As the user writes it: lower case stays lower case.
fn in_case(mut candidate: Candidate, prefix: &str) -> Candidate {
    if prefix.len() > 1 && prefix.chars().all(|c| !c.is_ascii_uppercase()) {
        candidate.text.make_ascii_lowercase();
    }
    candidate
}

fn first_words(prefix: &str) -> Vec<Candidate> {
    let openers = ["MATCH", "OPTIONAL MATCH", "CREATE", "MERGE", "UNWIND", "WITH", "RETURN", "FOREACH", "CALL"];
    let mut found: Vec<Candidate> = registry::all()
        .filter(|entry| match (entry.model, entry.kind) {
            (Model::Kv | Model::Shell, Kind::Command | Kind::Directive) => true,
            (Model::Graph, Kind::Clause) => openers.contains(&entry.name),
            _ => false,
        })
        .filter(|entry| begins(entry.name, prefix))
        .map(|it| in_case(entry(it), if it.model == Model::Shell { "" } else { prefix }))
        .collect();
    for (word, about) in [("db.", "documents"), ("show ", "show dbs, show collections"), ("use ", "another database")] {
        if begins(word, prefix) {
            found.push(Candidate { text: word.to_owned(), about: about.to_owned() });
        }
    }
    found
}

fn redis(body: &str, names: &dyn Names) -> (usize, Vec<Candidate>) {
    let start = body.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let prefix = &body[start..];
    let word = body.split_whitespace().next().unwrap_or_default();
    let Some(command) = registry::kv_command(word.as_bytes()) else { return (start, Vec::new()) };
    let mut found: Vec<Candidate> = command
        .syntax
        .split(|c: char| !c.is_ascii_alphanumeric())
        .skip(1)
        .filter(|option| option.len() > 1 && option.bytes().all(|byte| byte.is_ascii_uppercase()))
        .filter(|option| !prefix.is_empty() && begins(option, prefix))
        .map(|option| in_case(Candidate { text: option.to_owned(), about: "option".to_owned() }, prefix))
        .collect();
    if command.syntax.contains("key") {
        found.extend(named(names.keys(prefix), prefix, "key").into_iter().map(|mut key| {
            if key.text.contains(|c: char| c.is_whitespace() || c == '"' || c == '\'') {
                key.text = format!("{:?}", key.text);
            }
            key
        }));
    }
    (start, found)
}

fn document(body: &str, names: &dyn Names) -> (usize, Vec<Candidate>) {
    let lower = body.to_ascii_lowercase();
    for (word, candidates) in [("use ", None), ("show ", Some(["dbs", "collections", "databases", "tables"]))] {
        if lower.starts_with(word) {
            let start = body.rfind(char::is_whitespace).map_or(0, |at| at + 1);
            let found = match candidates {
                None => named(names.databases(), &body[start..], "database"),
                Some(words) => named(words.iter().map(|word| (*word).to_owned()).collect(), &body[start..], "list"),
            };
            return (start, found);
        }
    }
    let start = body.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |at| at + 1);
    let prefix = &body[start..];
    let before = &body[..start];
    if before.ends_with('$') {
        let start = start - 1;
        let operators = registry::of_model(Model::Doc).iter().filter(|it| begins(it.name, &body[start..]));
        return (start, operators.filter(|it| it.name.starts_with('$')).map(entry).collect());
    }
    if let Some(subject) = before.strip_suffix('.') {
        let method = |cursor: bool, database: bool| {
            let methods = registry::of_model(Model::Doc).iter().filter(move |entry| {
                let group = entry.group.to_ascii_lowercase();
                entry.kind == Kind::Method
                    && group.contains("cursor") == cursor
                    && (!database || group.contains("database"))
                    && (database || cursor || !group.contains("database"))
            });
            methods.filter(|it| begins(it.name, prefix)).map(entry).collect::<Vec<_>>()
        };
        let subject = subject.trim_end();
        if subject.ends_with(')') {
            return (start, method(true, false));
        }
        if subject == "db" || subject.ends_with([' ', '=']) && subject.trim_end().ends_with("db") {
            let mut found = named(names.collections(), prefix, "collection");
            found.extend(method(false, true));
            return (start, found);
        }
        if subject.starts_with("db.") || subject.starts_with("db[") {
            return (start, method(false, false));
        }
    }
    if before.trim_end().ends_with(['{', ',']) {
        return (start, named(names.fields(&collection_of(body)), prefix, "field"));
    }
    let mut found: Vec<Candidate> = registry::of_model(Model::Doc)
        .iter()
        .filter(|it| it.kind == Kind::Function && !prefix.is_empty() && begins(it.name, prefix))
        .map(entry)
        .collect();
    found.extend(named(names.variables(), prefix, "variable"));
    (start, found)
}

/// `users` of `db.users.find({…`
fn collection_of(body: &str) -> String {
    let rest = body.trim_start().strip_prefix("db").unwrap_or_default();
    let rest = rest.trim_start_matches(['.', '[', '"', '\'']);
    rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn graph(body: &str, names: &dyn Names) -> (usize, Vec<Candidate>) {
    let start = body.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |at| at + 1);
    let prefix = &body[start..];
    let before = body[..start].trim_end();
    match before.chars().next_back() {
        Some(':' | '|' | '&' | '!') => {
            let open = before.rfind(['(', '[', '{']).map(|at| before.as_bytes()[at]);
            return match open {
                Some(b'[') => (start, named(names.relationship_types(), prefix, "relationship type")),
                Some(b'{') => (start, Vec::new()),
                _ => (start, named(names.labels(), prefix, "label")),
            };
        }
        Some('$') => return (start, named(names.variables(), prefix, "variable")),
        Some('.' | '{') => {
            return called(body).unwrap_or_else(|| (start, named(names.property_keys(), prefix, "property")));
        }
        _ => {}
    }
    if let Some(found) = called(body) {
        return found;
    }
    let mut found: Vec<Candidate> = registry::of_model(Model::Graph)
        .iter()
        .filter(|it| matches!(it.kind, Kind::Clause | Kind::Function) && begins(it.name, prefix))
        .map(|it| if it.kind == Kind::Clause { in_case(entry(it), prefix) } else { entry(it) })
        .collect();
    if prefix.is_empty() {
        found.retain(|candidate| candidate.text.chars().all(|c| c.is_ascii_uppercase() || c == ' '));
    }
    (start, found)
}

/// The procedures behind `CALL `.
fn called(body: &str) -> Option<(usize, Vec<Candidate>)> {
    let start = body.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let before = body[..start].trim_end();
    if !before.get(before.len().saturating_sub(4)..)?.eq_ignore_ascii_case("call") {
        return None;
    }
    let found = registry::of_model(Model::Graph)
        .iter()
        .filter(|it| it.kind == Kind::Procedure && begins(it.name, &body[start..]))
        .map(entry)
        .collect();
    Some((start, found))
}

fn directive(body: &str, names: &dyn Names) -> (usize, Vec<Candidate>) {
    let start = body.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let prefix = &body[start..];
    let word = body.trim_start_matches(':').split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    match word.as_str() {
        "help" => (start, registry::all().filter(|it| begins(it.name, prefix)).map(entry).collect()),
        "unset" | "param" => (start, named(names.variables(), prefix, "variable")),
        _ => (start, Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;

    impl Names for Fixed {
        fn keys(&self, prefix: &str) -> Vec<String> {
            ["user:1", "user:2", "odd key"]
                .iter()
                .filter(|key| key.starts_with(prefix))
                .map(|key| (*key).into())
                .collect()
        }
        fn collections(&self) -> Vec<String> {
            vec!["users".into(), "orders".into()]
        }
        fn fields(&self, collection: &str) -> Vec<String> {
            if collection == "users" { vec!["name".into(), "age".into()] } else { vec![] }
        }
        fn labels(&self) -> Vec<String> {
            vec!["Person".into(), "Place".into()]
        }
        fn relationship_types(&self) -> Vec<String> {
            vec!["KNOWS".into()]
        }
        fn property_keys(&self) -> Vec<String> {
            vec!["name".into()]
        }
        fn databases(&self) -> Vec<String> {
            vec!["test".into()]
        }
        fn variables(&self) -> Vec<String> {
            vec!["alice".into()]
        }
    }

    fn texts(text: &str) -> Vec<String> {
        let (start, found) = complete(text, &Fixed);
        assert!(start <= text.len() && text.is_char_boundary(start));
        found.into_iter().map(|candidate| candidate.text).collect()
    }

    #[test]
    fn names_follow_from_the_place() {
        for (text, expected) in [
            ("HGETA", vec!["HGETALL"]),
            ("hgeta", vec!["hgetall"]),
            ("GET user", vec!["user:1", "user:2"]),
            ("GET odd", vec!["\"odd key\""]),
            ("db.us", vec!["users"]),
            ("db.users.find({ na", vec!["name"]),
            ("db.users.find({ name: 1, a", vec!["age"]),
            ("use t", vec!["test"]),
            ("show coll", vec!["collections"]),
            ("MATCH (n:P", vec!["Person", "Place"]),
            ("MATCH (n)-[:K", vec!["KNOWS"]),
            ("MATCH (n) WHERE n.na", vec!["name"]),
            ("MATCH (n) WHERE n.x = $al", vec!["alice"]),
            (":unset al", vec!["alice"]),
            ("help HGETA", vec!["HGETALL"]),
        ] {
            assert_eq!(texts(text), expected, "{text}");
        }
        assert!(texts("d").contains(&"db.".to_owned()));
        assert!(texts("MA").contains(&"MATCH".to_owned()) || registry::of_model(Model::Graph).is_empty());
    }

    #[test]
    fn any_text_may_be_completed() {
        let mut rng = fastrand::Rng::with_seed(3);
        let pieces = [
            "db", ".", "users", "(", "{", "$", "é", " ", "MATCH", ":", "[", "'", "GET", "\n", "CALL ", "let x = ",
            "use ",
        ];
        for _ in 0..2000 {
            let text: String = (0..rng.usize(..9)).map(|_| pieces[rng.usize(..pieces.len())]).collect();
            texts(&text);
        }
    }
}
