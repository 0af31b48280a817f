//! Graph values as cypher-shell prints them: `(:Person {name: "Ann"})`, `[:KNOWS {since: 2020}]`,
//! `(:A)-[:T]->(:B)`.

use super::notation;
use crate::value::graph::{Entity, Node, Relationship, Value};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A value in Cypher's notation, strings in quotes.
pub fn value(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value);
    text
}

/// The same, but a string alone stands without quotes and null is an empty text.
pub fn bare(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.to_string(),
        other => self::value(other),
    }
}

fn write_value(text: &mut String, value: &Value) {
    match value {
        Value::Null => text.push_str("NULL"),
        Value::Bool(true) => text.push_str("TRUE"),
        Value::Bool(false) => text.push_str("FALSE"),
        Value::Int(number) => {
            let _ = write!(text, "{number}");
        }
        Value::Float(number) => text.push_str(&notation::float(*number)),
        Value::String(string) => write_string(text, string),
        Value::List(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push_str(", ");
                }
                write_value(text, item);
            }
            text.push(']');
        }
        Value::Map(entries) => write_map(text, entries),
        Value::Temporal(temporal) => {
            let _ = write!(text, "{temporal}");
        }
        Value::Point(point) => {
            let _ = write!(text, "{point}");
        }
        Value::Node(id) => {
            let _ = write!(text, "(#{id})");
        }
        Value::Relationship(id) => {
            let _ = write!(text, "[#{id}]");
        }
        Value::Path(path) => {
            let _ = write!(text, "(path of {} nodes)", path.nodes.len());
        }
        Value::Entity(entity) => match entity.as_ref() {
            Entity::Node(node) => write_node(text, node),
            Entity::Relationship(relationship) => write_relationship(text, relationship),
            Entity::Path { nodes, relationships } => write_path(text, nodes, relationships),
        },
    }
}

fn write_string(text: &mut String, string: &str) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            '\r' => text.push_str("\\r"),
            character => text.push(character),
        }
    }
    text.push('"');
}

fn write_map(text: &mut String, entries: &BTreeMap<String, Value>) {
    text.push('{');
    for (at, (key, value)) in entries.iter().enumerate() {
        if at > 0 {
            text.push_str(", ");
        }
        write_name(text, key);
        text.push_str(": ");
        write_value(text, value);
    }
    text.push('}');
}

/// A name as it is written in a query.
pub fn name(name: &str) -> String {
    let mut text = String::new();
    write_name(&mut text, name);
    text
}

/// A name, in backticks if it is not an identifier.
fn write_name(text: &mut String, name: &str) {
    let mut characters = name.chars();
    let plain = characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && characters.all(|character| character.is_alphanumeric() || character == '_');
    if plain {
        text.push_str(name);
    } else {
        text.push('`');
        text.push_str(&name.replace('`', "``"));
        text.push('`');
    }
}

fn write_node(text: &mut String, node: &Node) {
    text.push('(');
    for label in &node.labels {
        text.push(':');
        write_name(text, label);
    }
    if !node.properties.is_empty() {
        if !node.labels.is_empty() {
            text.push(' ');
        }
        write_map(text, &node.properties);
    }
    text.push(')');
}

fn write_relationship(text: &mut String, relationship: &Relationship) {
    text.push_str("[:");
    write_name(text, &relationship.kind);
    if !relationship.properties.is_empty() {
        text.push(' ');
        write_map(text, &relationship.properties);
    }
    text.push(']');
}

fn write_path(text: &mut String, nodes: &[Node], relationships: &[Relationship]) {
    for (at, node) in nodes.iter().enumerate() {
        write_node(text, node);
        if let Some(relationship) = relationships.get(at) {
            let forward = relationship.start == node.id;
            text.push_str(if forward { "-" } else { "<-" });
            write_relationship(text, relationship);
            text.push_str(if forward { "->" } else { "-" });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(id: u64, labels: &[&str], properties: &[(&str, Value)]) -> Node {
        Node {
            id,
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            properties: properties.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect(),
        }
    }

    fn knows(start: u64, end: u64) -> Relationship {
        Relationship { id: 9, kind: "KNOWS".into(), start, end, properties: BTreeMap::new() }
    }

    #[test]
    fn entities_look_as_in_cypher_shell() {
        let ann = node(1, &["Person"], &[("name", Value::String("Ann \"A\"".into()))]);
        let show = |entity| value(&Value::Entity(Box::new(entity)));
        assert_eq!(show(Entity::Node(ann.clone())), "(:Person {name: \"Ann \\\"A\\\"\"})");
        assert_eq!(show(Entity::Node(node(2, &[], &[]))), "()");
        assert_eq!(show(Entity::Node(node(2, &["A", "a b"], &[]))), "(:A:`a b`)");
        assert_eq!(show(Entity::Node(node(2, &[], &[("x", Value::Int(1))]))), "({x: 1})");
        assert_eq!(show(Entity::Relationship(knows(1, 2))), "[:KNOWS]");
        let nodes = vec![node(1, &["A"], &[]), node(2, &["B"], &[]), node(3, &[], &[])];
        assert_eq!(
            show(Entity::Path { nodes, relationships: vec![knows(1, 2), knows(3, 2)] }),
            "(:A)-[:KNOWS]->(:B)<-[:KNOWS]-()"
        );
    }

    #[test]
    fn plain_values() {
        let list = Value::List(vec![Value::Null, Value::Bool(true), Value::Float(1.0), Value::String("é".into())]);
        assert_eq!(value(&list), "[NULL, TRUE, 1.0, \"é\"]");
        assert_eq!(bare(&Value::String("x".into())), "x");
        assert_eq!(bare(&Value::Null), "");
    }
}
