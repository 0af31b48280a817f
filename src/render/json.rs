//! `json` and `jsonl`: any answer as JSON. Documents are Extended JSON v2, relaxed; graph entities are
//! plain objects (`id`, `labels` or `type`, `properties`); bytes that are not UTF-8 are `{"$b64": …}`.

use super::{Stopped, notation};
use crate::reply::{DocReply, Reply, Resp, ShellReply};
use crate::text::Diagnostic;
use crate::value::graph::{Entity, Node, Relationship, Value as GraphValue};
use bson::Bson;
use serde_json::{Map, Value, json};
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
pub fn write(out: &mut dyn Write, reply: &mut Reply<'_>) -> Result<(), Stopped> {
    match values(reply, false) {
        Values::Nothing => {}
        Values::One(value) => writeln!(out, "{}", pretty(&value))?,
        Values::Many(items) => {
            let mut separator = "[\n  ";
            for item in items {
                match item {
                    Ok(item) => write!(out, "{separator}{}", pretty(&item).replace('\n', "\n  "))?,
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
pub fn write_lines(out: &mut dyn Write, reply: &mut Reply<'_>) -> Result<(), Stopped> {
    match values(reply, true) {
        Values::Nothing => {}
        Values::One(value) => writeln!(out, "{value}")?,
        Values::Many(items) => {
            for item in items {
                writeln!(out, "{}", item?)?;
            }
        }
    }
    Ok(())
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
}

/// `split`: arrays are given element by element.
fn values<'r, 'a: 'r>(reply: &'r mut Reply<'a>, split: bool) -> Values<'r> {
    match reply {
        Reply::Kv(reply) => match &*reply {
            Resp::Array(items) if split => Values::Many(Box::new(items.iter().map(|item| Ok(resp(item))))),
            reply => Values::One(resp(reply)),
        },
        Reply::Doc(DocReply::None) | Reply::Shell(ShellReply::None) => Values::Nothing,
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
                    Some(plan) => Values::One(json!({ "plan": plan })),
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
        Resp::Status(text) => Value::String(text.clone()),
        Resp::Bulk(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Value::String(text.to_owned()),
            Err(_) => json!({ "$b64": notation::base64(bytes) }),
        },
        Resp::Integer(number) => Value::from(*number),
        Resp::Nil => Value::Null,
        Resp::Array(items) => Value::Array(items.iter().map(resp).collect()),
        Resp::Error(text) => json!({ "$error": text }),
    }
}

/// A document value: Extended JSON v2, relaxed.
pub fn bson(value: &Bson) -> Value {
    use bson::spec::BinarySubtype;
    match value {
        Bson::Null => Value::Null,
        Bson::Undefined => json!({ "$undefined": true }),
        Bson::Boolean(flag) => Value::Bool(*flag),
        Bson::Int32(number) => Value::from(*number),
        Bson::Int64(number) => Value::from(*number),
        Bson::Double(number) => serde_json::Number::from_f64(*number)
            .map_or_else(|| json!({ "$numberDouble": notation::number(*number) }), Value::Number),
        Bson::Decimal128(number) => json!({ "$numberDecimal": number.to_string() }),
        Bson::String(text) => Value::String(text.clone()),
        Bson::Symbol(text) => json!({ "$symbol": text }),
        Bson::ObjectId(id) => json!({ "$oid": id.to_hex() }),
        Bson::DateTime(date) => json!({ "$date": notation::iso_date(*date) }),
        Bson::RegularExpression(regex) => {
            json!({ "$regularExpression": { "pattern": regex.pattern.as_str(), "options": regex.options.as_str() } })
        }
        Bson::Timestamp(stamp) => json!({ "$timestamp": { "t": stamp.time, "i": stamp.increment } }),
        Bson::Binary(binary) if binary.subtype == BinarySubtype::Uuid && binary.bytes.len() == 16 => {
            json!({ "$uuid": binary.to_uuid().map(|uuid| uuid.to_string()).unwrap_or_default() })
        }
        Bson::Binary(binary) => json!({ "$binary": {
            "base64": notation::base64(&binary.bytes), "subType": format!("{:02x}", u8::from(binary.subtype)),
        } }),
        Bson::MinKey => json!({ "$minKey": 1 }),
        Bson::MaxKey => json!({ "$maxKey": 1 }),
        Bson::JavaScriptCode(code) => json!({ "$code": code }),
        Bson::JavaScriptCodeWithScope(code) => {
            json!({ "$code": code.code, "$scope": bson(&Bson::Document(code.scope.clone())) })
        }
        Bson::DbPointer(_) => json!({ "$dbPointer": {} }),
        Bson::Array(items) => Value::Array(items.iter().map(bson).collect()),
        Bson::Document(document) => {
            Value::Object(document.iter().map(|(key, value)| (key.clone(), bson(value))).collect())
        }
    }
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
