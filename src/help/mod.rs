//! Help: an overview, a page for each word that the registry knows, and the rules of the grammar.

pub mod rail;

use crate::lang::ebnf::{GRAMMAR, Rule};
use crate::lang::registry::{self, Entry, Kind};
use crate::text::{Diagnostic, Model, suggest};

/// Railroads and lists are broken at this width.
const WIDTH: usize = 78;

const OVERVIEW: &str = "\
The first word of a statement decides its language:

  SET user:1 Ann EX 60                   Redis commands
  HGETALL cart:7
  db.users.insertOne({ name: 'Ann' })    mongosh calls
  db.users.find({ age: { $gt: 30 } })
  CREATE (:User {name: 'Ann'});          Cypher queries
  MATCH (u:User) RETURN u.name;

All three live in one file; BEGIN … COMMIT spans them in one transaction.
let ann = db.users.findOne() keeps an answer: ann._id in documents,
$ann._id in queries, ${ann._id} in commands.
show dbs, show collections and use NAME look around.

  help HSET, help find, help MATCH    what it does, its forms, examples
  help kv, help doc, help graph       all words of a language
  help syntax SET                     its rule in the grammar; --rail draws it
  help shell                          directives such as :param and :reset
  exit                                leaves";

/// The text for `help` and what follows it.
///
/// # Errors
/// There is no such word; the hint names the nearest ones.
pub fn about(topic: &str) -> Result<String, Diagnostic> {
    let topic = topic.trim().trim_end_matches(';').trim();
    let mut words = topic.split_whitespace();
    match words.next().map(str::to_ascii_lowercase).as_deref() {
        None => Ok(OVERVIEW.to_owned()),
        Some("syntax" | "grammar") => syntax(topic.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim())),
        Some("kv" | "redis") => Ok(contents(Model::Kv)),
        Some("doc" | "mongosh" | "mongodb") => Ok(contents(Model::Doc)),
        Some("graph" | "cypher") => Ok(contents(Model::Graph)),
        Some("algo" | "algorithms" | "procedures") => Ok(procedures()),
        Some("shell" | "trine") => Ok(contents(Model::Shell)),
        Some(_) => pages(topic),
    }
}

fn pages(topic: &str) -> Result<String, Diagnostic> {
    let mut bare = topic.trim_end_matches("()");
    let mut entries = registry::find(bare);
    if let Some((_, method)) = bare.rsplit_once('.').filter(|_| bare.starts_with("db.")) {
        // `db.stats` is a method and a procedure.
        bare = method;
        entries.extend(registry::find(bare).into_iter().filter(|entry| entry.model == Model::Doc));
    }
    if entries.is_empty() {
        entries = registry::find(&format!("algo.{bare}"));
    }
    if entries.is_empty() {
        entries = registry::find(&format!("${bare}"));
    }
    if entries.is_empty() {
        entries = registry::find(&format!(":{bare}"));
    }
    if entries.is_empty() {
        // `CONFIG GET` is explained on the page of its command.
        entries = bare.split_whitespace().next().map(registry::find).unwrap_or_default();
    }
    if entries.is_empty() {
        if let Some(reason) = bare.split_whitespace().next().and_then(registry::absent) {
            return Err(unknown(topic, Vec::new(), reason));
        }
        return Err(unknown(topic, registry::nearest(bare, 3), "help lists the languages, help kv the commands"));
    }
    Ok(entries.into_iter().map(page).collect::<Vec<_>>().join("\n\n"))
}

fn unknown(topic: &str, near: Vec<&str>, otherwise: &str) -> Diagnostic {
    let error = Diagnostic::new(Model::Shell, "UnknownTopic", format!("there is no help about {topic:?}"));
    match near.as_slice() {
        [] => error.hint(otherwise),
        near => error.hint(format!("did you mean {}?", near.join(" or "))),
    }
}

/// One word: its syntax, what it does, its cost, examples, and its twins in the other languages.
pub fn page(entry: &Entry) -> String {
    let mut lines = wrapped(entry.syntax, "", "    ");
    lines.extend(wrapped(entry.summary, "  ", "  "));
    lines.push(String::new());
    let mut facts = vec![language(entry).to_owned()];
    if !entry.group.is_empty() {
        facts.push(entry.group.to_owned());
    }
    if !entry.complexity.is_empty() {
        facts.push(entry.complexity.to_owned());
    }
    if !entry.since.is_empty() {
        facts.push(format!("since {}", entry.since));
    }
    lines.extend(wrapped(&facts.join(" · "), "  ", "  "));
    if !entry.options.is_empty() {
        lines.push(String::new());
        lines.extend(explained(entry.options));
    }
    if !entry.examples.is_empty() {
        lines.push(String::new());
        lines.extend(entry.examples.iter().map(|example| format!("  > {example}")));
    }
    if !entry.twins.is_empty() {
        lines.push(String::new());
        lines.extend(wrapped(&format!("elsewhere: {}", entry.twins.join(", ")), "  ", "  "));
    }
    lines.join("\n")
}

/// Options in one column and what they do in another; an option too long for its column has a line to itself.
fn explained(options: &[(&str, &str)]) -> Vec<String> {
    const WIDEST: usize = 24;
    let widths = options.iter().map(|(option, _)| option.chars().count());
    let column = widths.filter(|width| *width <= WIDEST).max().unwrap_or(0).max(8);
    let indent = " ".repeat(column + 4);
    let mut lines = Vec::new();
    for (option, meaning) in options {
        if option.chars().count() > column {
            lines.extend(wrapped(option, "  ", "    "));
            lines.extend(wrapped(meaning, &indent, &indent));
        } else {
            let mut text = wrapped(meaning, &indent, &indent);
            if let Some(first) = text.first_mut() {
                *first = format!("  {option:<column$}  {}", first.trim_start());
            }
            lines.extend(text);
        }
    }
    lines
}

/// Lines of at most [`WIDTH`] columns, broken at blanks.
fn wrapped(text: &str, first: &str, others: &str) -> Vec<String> {
    let mut lines = vec![first.to_owned()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { break };
        let indent = line.trim_start().is_empty();
        if !indent && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(format!("{others}{word}"));
        } else {
            if !indent {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

fn language(entry: &Entry) -> &'static str {
    match (entry.model, entry.kind) {
        (Model::Kv, _) => "Redis command",
        (Model::Doc, Kind::Method) => "mongosh method",
        (Model::Doc, Kind::QueryOperator) => "query operator",
        (Model::Doc, Kind::UpdateOperator) => "update operator",
        (Model::Doc, Kind::Stage) => "aggregation stage",
        (Model::Doc, Kind::ExpressionOperator) => "aggregation operator",
        (Model::Doc, Kind::Accumulator) => "accumulator",
        (Model::Doc, _) => "mongosh",
        (Model::Graph, Kind::Clause) => "Cypher clause",
        (Model::Graph, Kind::Function) => "Cypher function",
        (Model::Graph, Kind::Procedure) => "Cypher procedure",
        (Model::Graph, _) => "Cypher",
        (Model::Shell, _) => "trine",
    }
}

/// All words of a language, group by group.
fn contents(model: Model) -> String {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for entry in registry::of_model(model) {
        let group = if entry.group.is_empty() { "other" } else { entry.group };
        match groups.iter_mut().find(|(name, _)| *name == group) {
            Some((_, names)) => names.push(entry.name),
            None => groups.push((group, vec![entry.name])),
        }
    }
    let mut text = String::new();
    for (group, names) in groups {
        text.push_str(group);
        text.push('\n');
        let mut line = String::from(" ");
        for name in names {
            if line.chars().count() + 2 + name.chars().count() > WIDTH {
                text.push_str(&line);
                text.push('\n');
                line = String::from(" ");
            }
            line.push_str("  ");
            line.push_str(name);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.push_str("\nhelp NAME explains one of them.");
    text
}

/// All procedures, with a line about each, group by group.
fn procedures() -> String {
    let entries = || registry::of_model(Model::Graph).iter().filter(|entry| entry.kind == Kind::Procedure);
    let mut groups: Vec<&str> = entries().map(|entry| entry.group).collect();
    groups.dedup();
    let mut text = String::new();
    for group in groups {
        text.push_str(group);
        text.push('\n');
        for entry in entries().filter(|entry| entry.group == group) {
            let mut lines = wrapped(entry.summary, "", "      ");
            lines.insert(0, format!("  {}", entry.name));
            lines.iter_mut().skip(1).take(1).for_each(|line| *line = format!("      {line}"));
            text.push_str(&lines.join("\n"));
            text.push('\n');
        }
    }
    text.push_str("\nhelp NAME explains one of them, with its settings and examples.");
    text
}

/// `help syntax NAME`, `help syntax --rail NAME`
fn syntax(rest: &str) -> Result<String, Diagnostic> {
    let (drawn, name) = match rest.strip_prefix("--rail") {
        Some(name) => (true, name.trim()),
        None => (false, rest),
    };
    if name.is_empty() {
        let roots = [
            "statement",
            "kv-command",
            "doc-call",
            "filter",
            "update-spec",
            "pipeline",
            "query",
            "pattern",
            "expression",
        ];
        return Ok(format!(
            "help syntax NAME prints a rule of the grammar, help syntax --rail NAME draws it.\nSome to begin with: {}",
            roots.join(", ")
        ));
    }
    let rules = rules(name);
    if rules.is_empty() {
        let names = GRAMMAR.rules.iter().map(|rule| rule.name.as_str());
        return Err(unknown(name, suggest::nearest(name, names, 3), "help syntax names some rules to begin with"));
    }
    let shown: Vec<String> = rules.into_iter().map(|rule| if drawn { draw(rule) } else { print(rule) }).collect();
    Ok(shown.join("\n\n"))
}

/// The rules of a name, or else those that the word begins, or else the first that contains it.
fn rules(name: &str) -> Vec<&'static Rule> {
    let named: Vec<&Rule> = GRAMMAR.rules.iter().filter(|rule| rule.name.eq_ignore_ascii_case(name)).collect();
    if !named.is_empty() {
        return named;
    }
    let mut found = GRAMMAR.rules_with(name);
    found.truncate(1);
    found
}

fn print(rule: &Rule) -> String {
    let mut text = String::new();
    if !rule.comment.is_empty() {
        text.push_str(&format!("(* {} *)\n", rule.comment));
    }
    text.push_str(&rule.text);
    let mut references = Vec::new();
    rule.definition.references(&mut references);
    let inner = references
        .iter()
        .filter_map(|name| GRAMMAR.rule(name))
        .filter(|inner| !inner.is_lexical() && inner.name != rule.name && inner.text.lines().count() <= 4);
    let inner: Vec<String> = inner.take(8).map(|inner| inner.text.clone()).collect();
    if !inner.is_empty() {
        text.push_str("\n\n");
        text.push_str(&inner.join("\n"));
    }
    text
}

fn draw(rule: &Rule) -> String {
    let mut text = format!("{}:\n", rule.name);
    for line in rail::draw(&rule.definition, WIDTH) {
        text.push_str("  ");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_found_or_the_nearest_are_named() {
        for (topic, part) in [
            ("", "help syntax SET"),
            ("HGETALL", "HGETALL key"),
            ("hgetall", "HGETALL key"),
            ("kv", "sorted set"),
            ("syntax find", "find = \"find\""),
            ("syntax set", "SET ="),
            ("syntax --rail GETEX", "GETEX:"),
            ("syntax", "expression"),
            ("param", ":param"),
            ("MATCH", "Cypher clause"),
            ("SET", "KEEPTTL"),
            ("OBJECT ENCODING", "OBJECT ENCODING"),
            ("algo", "algo.pageRank"),
            ("algo.pageRank", "damping"),
            ("pagerank", "damping"),
            ("db.labels", "CALL db.labels()"),
            ("db.stats", "db.NAME.stats()"),
            ("db.users.find", "db.NAME.find"),
        ] {
            let text = about(topic).unwrap();
            assert!(text.contains(part), "{topic}: {text}");
        }
        let error = about("HGTEALL").unwrap_err();
        assert_eq!(error.hint.as_deref(), Some("did you mean HGETALL?"));
        assert!(about("syntax nonsense-rule").is_err());
    }

    #[test]
    fn the_overview_is_narrow() {
        assert!(OVERVIEW.lines().all(|line| line.chars().count() <= WIDTH));
    }

    #[test]
    fn every_word_has_a_page_and_every_rule_a_picture() {
        for entry in registry::all() {
            let text = page(entry);
            assert!(
                !entry.summary.is_empty() && text.contains(entry.summary.split(' ').next().unwrap()),
                "{}",
                entry.name
            );
            let narrow = |line: &&str| line.starts_with("  > ") || line.chars().count() <= WIDTH + 10;
            assert!(text.lines().all(|line| narrow(&line)), "{text}");
        }
        for rule in &GRAMMAR.rules {
            let widest = draw(rule).lines().map(|line| line.chars().count()).max().unwrap_or(0);
            assert!(widest <= 200, "{}: {widest}", rule.name);
        }
    }
}
