//! Answers and values of one model as values of another.

use super::variables::Variable;
use crate::reply::{DocReply, GraphReply, Reply, Resp, ShellReply};
use crate::text::Diagnostic;
use crate::value::ejson;
use crate::value::graph::{Entity, Value};
use crate::value::temporal::zone::Zone;
use crate::value::temporal::{DateTime, Temporal};
use bson::{Bson, Document};
use std::collections::BTreeMap;

/// The value an answer becomes: a cursor an array; a graph answer its value if it is one row of one
/// column, a document if it is one row, else an array of documents.
pub(super) fn variable_of(reply: Reply<'static>) -> Result<Variable, Diagnostic> {
    Ok(match reply {
        Reply::Kv(reply) => redis_value(reply).into(),
        Reply::Shell(ShellReply::None) | Reply::Doc(DocReply::None) => Bson::Null.into(),
        Reply::Shell(ShellReply::Text(text)) => Bson::String(text).into(),
        Reply::Shell(ShellReply::Value(value)) | Reply::Doc(DocReply::Value(value)) => value.into(),
        Reply::Doc(DocReply::Cursor(documents)) => {
            Bson::Array(documents.map(|document| document.map(Bson::Document)).collect::<Result<_, _>>()?).into()
        }
        Reply::Doc(DocReply::Printed(printed)) => Bson::Array(printed.values).into(),
        Reply::Doc(DocReply::Listing(names)) => {
            Bson::Array(names.into_iter().map(|(name, _)| Bson::String(name)).collect()).into()
        }
        Reply::Graph(GraphReply { columns, rows, .. }) => {
            let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
            match (rows.len(), columns.len()) {
                (1, 1) => rows.swap_remove(0).into_iter().next().unwrap_or(Value::Null).into(),
                (1, _) => {
                    let row = rows.swap_remove(0);
                    let bson = Bson::Document(row_document(&columns, &row));
                    Variable { bson, graph: Some(row_map(&columns, row)) }
                }
                _ => {
                    let bson = rows.iter().map(|row| Bson::Document(row_document(&columns, row))).collect();
                    let maps = rows.into_iter().map(|row| row_map(&columns, row)).collect();
                    Variable { bson: Bson::Array(bson), graph: Some(Value::List(maps)) }
                }
            }
        }
    })
}

fn row_map(columns: &[String], row: Vec<Value>) -> Value {
    Value::Map(columns.iter().cloned().zip(row).collect())
}

/// The columns in their order, which a map of the graph language does not keep.
fn row_document(columns: &[String], row: &[Value]) -> Document {
    columns.iter().cloned().zip(row.iter().map(document_value)).collect()
}

fn redis_value(reply: Resp) -> Bson {
    match reply {
        Resp::Status(text) | Resp::Error(text) | Resp::Text(text) => Bson::String(text),
        Resp::Bulk(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Bson::String(text),
            Err(error) => {
                Bson::Binary(bson::Binary { subtype: bson::spec::BinarySubtype::Generic, bytes: error.into_bytes() })
            }
        },
        Resp::Integer(number) => i32::try_from(number).map_or(Bson::Int64(number), Bson::Int32),
        Resp::Nil => Bson::Null,
        Resp::Array(items) | Resp::Series(items) => Bson::Array(items.into_iter().map(redis_value).collect()),
    }
}

/// What a value is inside a Redis word.
pub(super) fn word_of(value: &Bson) -> String {
    match value {
        Bson::String(text) => text.clone(),
        Bson::Null | Bson::Undefined => String::new(),
        Bson::ObjectId(id) => id.to_hex(),
        Bson::Int32(number) => number.to_string(),
        Bson::Int64(number) => number.to_string(),
        Bson::Double(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Bson::Double(number) => number.to_string(),
        Bson::Boolean(value) => value.to_string(),
        Bson::DateTime(date) => ejson::date_text(date.timestamp_millis()).unwrap_or_default(),
        Bson::Decimal128(number) => number.to_string(),
        other => {
            let mut text = String::new();
            ejson::write(other, ejson::Mode::Relaxed, &mut text);
            text
        }
    }
}

/// A document value as a graph value.
pub(super) fn graph_value(value: &Bson) -> Value {
    match value {
        Bson::Null | Bson::Undefined => Value::Null,
        Bson::Boolean(value) => Value::Bool(*value),
        Bson::Int32(number) => Value::Int(i64::from(*number)),
        Bson::Int64(number) => Value::Int(*number),
        Bson::Double(number) => Value::Float(*number),
        Bson::Array(items) => Value::List(items.iter().map(graph_value).collect()),
        Bson::Document(document) => {
            Value::Map(document.iter().map(|(key, value)| (key.clone(), graph_value(value))).collect())
        }
        Bson::DateTime(date) => instant(date.timestamp_millis())
            .map_or_else(|| Value::String(word_of(value).into()), |instant| Value::Temporal(instant.into())),
        other => Value::String(word_of(other).into()),
    }
}

/// A date of a document as the graph's moment in UTC; none beyond the years the graph knows.
fn instant(millis: i64) -> Option<DateTime> {
    DateTime::from_epoch(millis.div_euclid(1000), millis.rem_euclid(1000) * 1_000_000, &Zone::UTC).ok()
}

/// A graph value as a document value; a node or a relationship becomes the document of its properties
/// under `properties`, beside its id and its labels or type.
pub(super) fn document_value(value: &Value) -> Bson {
    match value {
        Value::Null => Bson::Null,
        Value::Bool(value) => Bson::Boolean(*value),
        Value::Int(number) => i32::try_from(*number).map_or(Bson::Int64(*number), Bson::Int32),
        Value::Float(number) => Bson::Double(*number),
        Value::String(text) => Bson::String(text.to_string()),
        Value::List(items) => Bson::Array(items.iter().map(document_value).collect()),
        Value::Map(map) => Bson::Document(properties(map)),
        // A document keeps milliseconds and no zone; what has no zone is no moment, and stays text.
        Value::Temporal(Temporal::DateTime(moment)) => {
            let millis = moment.local.time.nano() / 1_000_000;
            moment.epoch_seconds().checked_mul(1000).and_then(|seconds| seconds.checked_add(millis)).map_or_else(
                || Bson::String(moment.to_string()),
                |millis| Bson::DateTime(bson::DateTime::from_millis(millis)),
            )
        }
        Value::Temporal(temporal) => Bson::String(temporal.to_string()),
        // Degrees on the globe are GeoJSON.
        Value::Point(point) if point.crs.is_geographic() => {
            Bson::Document(bson::doc! { "type": "Point", "coordinates": point.coordinates() })
        }
        Value::Point(point) => {
            let names = ["x", "y", "z"].iter().zip(point.coordinates());
            Bson::Document(names.map(|(name, number)| ((*name).to_owned(), Bson::Double(number))).collect())
        }
        Value::Node(id) | Value::Relationship(id) => Bson::Int64(i64::try_from(*id).unwrap_or(i64::MAX)),
        Value::Path(_) => Bson::Null,
        Value::Entity(entity) => match &**entity {
            Entity::Node(node) => node_document(node),
            Entity::Relationship(relationship) => relationship_document(relationship),
            Entity::Path { nodes, relationships } => Bson::Document(bson::doc! {
                "nodes": nodes.iter().map(node_document).collect::<Vec<_>>(),
                "relationships": relationships.iter().map(relationship_document).collect::<Vec<_>>(),
            }),
        },
    }
}

fn properties(map: &BTreeMap<String, Value>) -> Document {
    map.iter().map(|(key, value)| (key.clone(), document_value(value))).collect()
}

fn node_document(node: &crate::value::graph::Node) -> Bson {
    Bson::Document(bson::doc! {
        "id": i64::try_from(node.id).unwrap_or(i64::MAX),
        "labels": node.labels.clone(),
        "properties": properties(&node.properties),
    })
}

fn relationship_document(relationship: &crate::value::graph::Relationship) -> Bson {
    Bson::Document(bson::doc! {
        "id": i64::try_from(relationship.id).unwrap_or(i64::MAX),
        "type": relationship.kind.clone(),
        "start": i64::try_from(relationship.start).unwrap_or(i64::MAX),
        "end": i64::try_from(relationship.end).unwrap_or(i64::MAX),
        "properties": properties(&relationship.properties),
    })
}
