//! `json` and `jsonl`: any answer as JSON. Documents are Extended JSON v2, relaxed; graph entities are
//! plain objects (`id`, `labels` or `type`, `properties`); bytes that are not UTF-8 are `{"$b64": …}`.

use super::{Look, Stopped, notation, sanitize};
use crate::reply::{DocReply, Reply, Resp, ShellReply};
use crate::text::Diagnostic;
use crate::value::ejson;
use crate::value::graph::{Entity, Node, Relationship, Value as GraphValue};
use bson::Bson;
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::io::Write;

/// Values of an answer, read as they are written.
enum Values<'r> {
    Nothing,
    One(Value),
    Many(Box<dyn Iterator<Item = Result<Value, Diagnostic>> + 'r>),
}

/// One indented JSON value for the whole answer.
///
/// # Errors
/// As [`super::write`].
pub fn write(out: &mut dyn Write, reply: &mut Reply<'_>, look: &Look) -> Result<(), Stopped> {
    match values(reply, false) {
        Values::Nothing => {}
        Values::One(value) => writeln!(out, "{}", safe(pretty(&value), look))?,
        Values::Many(items) => {
            let mut separator = "[\n  ";
            for item in items {
                match item {
                    Ok(item) => write!(out, "{separator}{}", safe(pretty(&item), look).replace('\n', "\n  "))?,
                    Err(diagnostic) => {
                        writeln!(out)?;
                        return Err(diagnostic.into());
                    }
                }
                separator = ",\n  ";
            }
            out.write_all(if separator.starts_with('[') { b"[]\n" } else { b"\n]\n" })?;
        }
    }
    Ok(())
}

/// One JSON value a line: each document, row or element.
///
/// # Errors
/// As [`super::write`].
pub fn write_lines(out: &mut dyn Write, reply: &mut Reply<'_>, look: &Look) -> Result<(), Stopped> {
    match values(reply, true) {
        Values::Nothing => {}
        Values::One(value) => writeln!(out, "{}", safe(value.to_string(), look))?,
        Values::Many(items) => {
            for item in items {
                writeln!(out, "{}", safe(item?.to_string(), look))?;
            }
        }
    }
    Ok(())
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
}

/// On a terminal, harmful characters as JSON escapes; the value stays the same.
fn safe(text: String, look: &Look) -> Cow<'static, str> {
    let harmful = |character: char| character != '\n' && sanitize::harmful(character);
    if !look.terminal || !text.contains(harmful) {
        return text.into();
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if harmful(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                safe.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            safe.push(character);
        }
    }
    safe.into()
}

/// `split`: arrays are given element by element.
fn values<'r, 'a: 'r>(reply: &'r mut Reply<'a>, split: bool) -> Values<'r> {
    match reply {
        Reply::Kv(reply) => match &*reply {
            Resp::Array(items) | Resp::Series(items) if split => {
                Values::Many(Box::new(items.iter().map(|item| Ok(resp(item)))))
            }
            reply => Values::One(resp(reply)),
        },
        Reply::Doc(DocReply::None | DocReply::Printed(_)) | Reply::Shell(ShellReply::None) => Values::Nothing,
        Reply::Doc(DocReply::Value(value)) | Reply::Shell(ShellReply::Value(value)) => match &*value {
            Bson::Array(items) if split => Values::Many(Box::new(items.iter().map(|item| Ok(bson(item))))),
            value => Values::One(bson(value)),
        },
        Reply::Doc(DocReply::Cursor(stream)) => {
            Values::Many(Box::new(stream.by_ref().map(|document| Ok(bson(&Bson::Document(document?))))))
        }
        Reply::Doc(DocReply::Listing(entries)) => Values::Many(Box::new(entries.iter().map(|(name, size)| {
            Ok(match size {
                None => Value::String(name.clone()),
                Some(size) => json!({ "name": name, "size": size }),
            })
        }))),
        Reply::Graph(reply) => {
            if reply.columns.is_empty() {
                return match &reply.plan {
                    Some(plan) => Values::One(json!({ "plan": super::plan::draw(plan, &Look::default()) })),
                    None => Values::Nothing,
                };
            }
            let columns = &reply.columns;
            Values::Many(Box::new(reply.rows.by_ref().map(move |row| {
                let row = row?;
                let mut object = Map::with_capacity(columns.len());
                for (column, value) in columns.iter().zip(&row) {
                    object.insert(column.clone(), graph(value));
                }
                Ok(Value::Object(object))
            })))
        }
        Reply::Shell(ShellReply::Text(text)) => Values::One(Value::String(text.clone())),
    }
}

/// A Redis reply.
pub fn resp(reply: &Resp) -> Value {
    match reply {
        Resp::Status(text) | Resp::Text(text) => Value::String(text.clone()),
        Resp::Bulk(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Value::String(text.to_owned()),
            Err(_) => json!({ "$b64": ejson::base64(bytes) }),
        },
        Resp::Integer(number) => Value::from(*number),
        Resp::Nil => Value::Null,
        Resp::Array(items) | Resp::Series(items) => Value::Array(items.iter().map(resp).collect()),
        Resp::Error(text) => json!({ "$error": text }),
    }
}

/// A document value: Extended JSON v2, relaxed.
pub fn bson(value: &Bson) -> Value {
    ejson::to_json(value, ejson::Mode::Relaxed)
}

/// A graph value.
pub fn graph(value: &GraphValue) -> Value {
    match value {
        GraphValue::Null => Value::Null,
        GraphValue::Bool(flag) => Value::Bool(*flag),
        GraphValue::Int(number) => Value::from(*number),
        GraphValue::Float(number) => {
            serde_json::Number::from_f64(*number).map_or_else(|| Value::String(notation::float(*number)), Value::Number)
        }
        GraphValue::String(text) => Value::String(text.to_string()),
        GraphValue::List(items) => Value::Array(items.iter().map(graph).collect()),
        GraphValue::Map(entries) => object(entries),
        GraphValue::Temporal(temporal) => Value::String(temporal.to_string()),
        GraphValue::Point(point) => {
            let mut object = json!({ "crs": point.crs.name(), "srid": point.crs.srid(), "x": point.x, "y": point.y });
            if let (true, Some(object)) = (point.crs.has_height(), object.as_object_mut()) {
                object.insert("z".to_owned(), json!(point.z));
            }
            object
        }
        GraphValue::Node(id) | GraphValue::Relationship(id) => json!({ "id": id }),
        GraphValue::Path(path) => json!({ "nodes": path.nodes, "relationships": path.relationships }),
        GraphValue::Entity(entity) => match entity.as_ref() {
            Entity::Node(it) => node(it),
            Entity::Relationship(it) => relationship(it),
            Entity::Path { nodes, relationships } => json!({
                "nodes": nodes.iter().map(node).collect::<Vec<_>>(),
                "relationships": relationships.iter().map(relationship).collect::<Vec<_>>(),
            }),
        },
    }
}

fn object(entries: &std::collections::BTreeMap<String, GraphValue>) -> Value {
    Value::Object(entries.iter().map(|(key, value)| (key.clone(), graph(value))).collect())
}

fn node(node: &Node) -> Value {
    json!({ "id": node.id, "labels": node.labels, "properties": object(&node.properties) })
}

fn relationship(it: &Relationship) -> Value {
    json!({ "id": it.id, "type": it.kind, "start": it.start, "end": it.end, "properties": object(&it.properties) })
}
