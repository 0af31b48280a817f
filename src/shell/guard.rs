//! Before something is destroyed at the prompt, it is asked for.

use crate::ast::graph::{ClauseKind, Query, Statement as Graph};
use crate::ast::script::{Expression, Node};
use crate::ast::{Statement, doc, kv};
use crate::lang::parse;
use crate::lang::scanner::SourceStatement;

/// What a statement would destroy, if that is a whole database, keyspace, collection or graph.
pub fn danger(source: &SourceStatement) -> Option<String> {
    match parse::parse(source).ok()?.statement {
        Statement::Kv(command) => redis(&command),
        Statement::Doc(doc::Statement::Chain(chain)) => document(&chain),
        Statement::Graph(Graph::Query(query)) => graph(&query),
        Statement::Shell(directive) if directive.name == "reset" => {
            Some("the whole current database and all variables".to_owned())
        }
        _ => None,
    }
}

fn redis(command: &kv::Command) -> Option<String> {
    match command.upper().as_str() {
        "FLUSHALL" => Some("all keys of all keyspaces".to_owned()),
        "FLUSHDB" => Some("all keys of this keyspace".to_owned()),
        _ => None,
    }
}

fn document(chain: &doc::Chain) -> Option<String> {
    let call = chain.calls.first()?;
    let everything = |args: &[Expression]| match args.first().map(|arg| &arg.node) {
        None => true,
        Some(Node::Constant(bson::Bson::Document(filter))) => filter.is_empty(),
        Some(_) => false,
    };
    match (chain.collection.as_deref(), call.method.as_str()) {
        (None, "dropDatabase") => Some("the collections of this database".to_owned()),
        (Some(name), "drop") => Some(format!("the collection {name}")),
        (Some(name), "deleteMany" | "remove") if everything(&call.args) => Some(format!("every document of {name}")),
        _ => None,
    }
}

fn graph(query: &Query) -> Option<String> {
    let clauses: Vec<&ClauseKind> = query.first.clauses.iter().map(|clause| &clause.kind).collect();
    match clauses.as_slice() {
        [ClauseKind::Match { optional: false, patterns, filter: None, .. }, ClauseKind::Delete { .. }, ..] => {
            let [pattern] = patterns.as_slice() else { return None };
            let bare = pattern.steps.is_empty()
                && pattern.start.labels.is_none()
                && pattern.start.properties.is_none()
                && pattern.start.filter.is_none();
            bare.then(|| "every node of the graph".to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::scanner::Scanner;

    #[test]
    fn only_wholesale_destruction_is_asked_for() {
        for (text, asks) in [
            ("FLUSHALL", true),
            ("flushdb async", true),
            ("DEL a", false),
            ("db.users.drop()", true),
            ("db.dropDatabase()", true),
            ("db.users.deleteMany({})", true),
            ("db.users.deleteMany({ a: 1 })", false),
            ("db.users.find().drop()", false),
            ("MATCH (n) DETACH DELETE n", true),
            ("MATCH (n:Person) DETACH DELETE n", false),
            ("MATCH (n) WHERE n.x = 1 DETACH DELETE n", false),
            ("MATCH (n)-->(m) DELETE n", false),
            (":reset", true),
        ] {
            let mut scanner = Scanner::new();
            scanner.push(text.as_bytes());
            scanner.finish();
            let source = scanner.next_statement().unwrap();
            assert_eq!(danger(&source).is_some(), asks, "{text}");
        }
    }
}
