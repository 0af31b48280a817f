//! `envelope`: one JSON object on one line for every statement, errors too: the machine's view.
//!
//! | model | object |
//! |---|---|
//! | kv | `{"ok":true,"model":"kv","reply":…}`, RESP2 shapes; bytes that are not UTF-8: `{"$b64":…}`; an error inside EXEC: `{"$error":…}` |
//! | doc | `{"ok":true,"model":"doc","result":…}`, Extended JSON; a cursor is the array of its documents |
//! | graph | `{"ok":true,"model":"graph","columns":[…],"rows":[[…]],"stats":{…}}` |
//! | shell | `{"ok":true,"model":"shell","result":…}` |
//! | error | `{"ok":false,"model":…,"error":{"code":…,"message":…,…}}` |
//!
//! Any of them may carry `"events":[…]`: what the statement told those who listen; and `"printed":[…]`: what its
//! script printed, one entry a call.

use super::style::Painter;
use super::{Look, Stopped, inspect, plan};
use crate::reply::{DocReply, Event, GraphReply, GraphStats, Reply, Resp, ShellReply};
use crate::text::{Diagnostic, Model, Position};
use crate::value::ejson::{self, Mode};
use crate::value::graph::{Entity, Node, Relationship, Value};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

/// Writes an answer. The line is built first: an answer that breaks off leaves nothing on `out`.
///
/// # Errors
/// When the output fails, or the statement while its answer is read.
pub fn write(out: &mut dyn io::Write, reply: &mut Reply<'_>, events: &[Event], mode: Mode) -> Result<(), Stopped> {
    let mut line = String::from("{\"ok\":true,\"model\":");
    match reply {
        Reply::Kv(reply) => {
            line.push_str("\"kv\",\"reply\":");
            resp(&mut line, reply);
        }
        Reply::Doc(reply) => {
            line.push_str("\"doc\",\"result\":");
            doc(&mut line, reply, mode)?;
        }
        Reply::Graph(reply) => {
            line.push_str("\"graph\",");
            graph(&mut line, reply)?;
        }
        Reply::Shell(reply) => {
            line.push_str("\"shell\",\"result\":");
            match reply {
                ShellReply::None => line.push_str("null"),
                ShellReply::Text(text) => string(&mut line, text),
                ShellReply::Value(value) => ejson::write(value, mode, &mut line),
            }
        }
    }
    add_events(&mut line, events, mode);
    line.push_str("}\n");
    Ok(out.write_all(line.as_bytes())?)
}

/// `,"printed":[…]` and `,"events":[…]`, if there are any.
fn add_events(line: &mut String, events: &[Event], mode: Mode) {
    let (printed, others): (Vec<&Event>, Vec<&Event>) =
        events.iter().partition(|event| matches!(event, Event::Printed(_)));
    for (name, events) in [("printed", printed), ("events", others)] {
        if events.is_empty() {
            continue;
        }
        put(line, format_args!(",\"{name}\":"));
        list(line, events.into_iter(), |line, event| match event.to_reply() {
            Reply::Kv(reply) => resp(line, &reply),
            Reply::Doc(DocReply::Value(event)) => ejson::write(&event, mode, line),
            Reply::Doc(DocReply::Printed(printed)) => match printed.values.as_slice() {
                [value] => ejson::write(value, mode, line),
                _ => string(line, &inspect::printed(&printed, Painter::default(), false)),
            },
            _ => line.push_str("null"),
        });
    }
}

/// Writes an error; `place` is where it stands in its source.
///
/// # Errors
/// When the output fails.
pub fn write_error(
    out: &mut dyn io::Write,
    error: &Diagnostic,
    place: Option<Position>,
    events: &[Event],
    mode: Mode,
) -> io::Result<()> {
    let mut line = String::from("{\"ok\":false,\"model\":");
    string(&mut line, error.model.name());
    line.push_str(",\"error\":{\"code\":");
    string(&mut line, &error.code);
    if let Some(number) = error.number {
        put(&mut line, format_args!(",\"number\":{number}"));
    }
    line.push_str(",\"message\":");
    string(&mut line, &error.message);
    if error.model == Model::Graph {
        if let Some(phase) = error.phase {
            put(&mut line, format_args!(",\"phase\":\"{}\"", phase.name()));
        }
        line.push_str(",\"type\":");
        string(&mut line, &error.code);
        if let Some(detail) = &error.detail {
            line.push_str(",\"detail\":");
            string(&mut line, detail);
        }
    }
    if let Some(place) = place {
        put(&mut line, format_args!(",\"line\":{},\"column\":{}", place.line, place.column));
    }
    if let Some(hint) = &error.hint {
        line.push_str(",\"hint\":");
        string(&mut line, hint);
    }
    line.push('}');
    add_events(&mut line, events, mode);
    line.push_str("}\n");
    out.write_all(line.as_bytes())
}

fn resp(line: &mut String, reply: &Resp) {
    match reply {
        Resp::Status(text) | Resp::Text(text) => string(line, text),
        Resp::Bulk(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => string(line, text),
            Err(_) => {
                line.push_str("{\"$b64\":");
                string(line, &ejson::base64(bytes));
                line.push('}');
            }
        },
        Resp::Integer(number) => put(line, format_args!("{number}")),
        Resp::Nil => line.push_str("null"),
        Resp::Array(items) | Resp::Series(items) => list(line, items.iter(), resp),
        Resp::Error(text) => {
            line.push_str("{\"$error\":");
            string(line, text);
            line.push('}');
        }
    }
}

fn doc(line: &mut String, reply: &mut DocReply<'_>, mode: Mode) -> Result<(), Diagnostic> {
    match reply {
        DocReply::None | DocReply::Printed(_) => line.push_str("null"),
        DocReply::Value(value) => ejson::write(value, mode, line),
        DocReply::Cursor(documents) => {
            line.push('[');
            for (index, document) in documents.enumerate() {
                if index > 0 {
                    line.push(',');
                }
                ejson::write_document(&document?, mode, line);
            }
            line.push(']');
        }
        DocReply::Listing(names) => list(line, names.iter(), |line, (name, _)| string(line, name)),
    }
    Ok(())
}

fn graph(line: &mut String, reply: &mut GraphReply<'_>) -> Result<(), Diagnostic> {
    line.push_str("\"columns\":");
    list(line, reply.columns.iter(), |line, column| string(line, column));
    line.push_str(",\"rows\":[");
    for (index, row) in reply.rows.by_ref().enumerate() {
        if index > 0 {
            line.push(',');
        }
        list(line, row?.iter(), value);
    }
    line.push_str("],\"stats\":");
    stats(line, &reply.stats);
    if let Some(plan) = &reply.plan {
        line.push_str(",\"plan\":");
        string(line, &plan::draw(plan, &Look::default()));
    }
    Ok(())
}

fn stats(line: &mut String, stats: &GraphStats) {
    put(
        line,
        format_args!(
            "{{\"nodes_created\":{},\"nodes_deleted\":{},\"relationships_created\":{},\"relationships_deleted\":{},\
             \"properties_set\":{},\"labels_added\":{},\"labels_removed\":{}",
            stats.nodes_created,
            stats.nodes_deleted,
            stats.relationships_created,
            stats.relationships_deleted,
            stats.properties_set,
            stats.labels_added,
            stats.labels_removed,
        ),
    );
    for (name, count) in [
        ("indexes_added", stats.indexes_added),
        ("indexes_removed", stats.indexes_removed),
        ("constraints_added", stats.constraints_added),
        ("constraints_removed", stats.constraints_removed),
    ] {
        if count > 0 {
            put(line, format_args!(",\"{name}\":{count}"));
        }
    }
    line.push('}');
}

/// A graph value; entities, temporal values and floats that JSON lacks are objects whose one key begins with `$`.
fn value(line: &mut String, value_of: &Value) {
    match value_of {
        Value::Null => line.push_str("null"),
        Value::Bool(truth) => line.push_str(if *truth { "true" } else { "false" }),
        Value::Int(number) => put(line, format_args!("{number}")),
        Value::Float(number) => float(line, *number),
        Value::String(text) => string(line, text),
        Value::List(items) => list(line, items.iter(), value),
        Value::Map(entries) => {
            let looks_typed = entries.len() == 1 && entries.keys().all(|key| key.starts_with('$'));
            if looks_typed {
                line.push_str("{\"$map\":");
            }
            map(line, entries);
            if looks_typed {
                line.push('}');
            }
        }
        Value::Temporal(temporal) => {
            put(line, format_args!("{{\"${}\":", temporal.kind()));
            string(line, &temporal.to_string());
            line.push('}');
        }
        Value::Point(point) => {
            put(line, format_args!("{{\"$point\":{{\"srid\":{},\"crs\":\"{}\"", point.crs.srid(), point.crs.name()));
            for (name, number) in ["x", "y", "z"].iter().zip(point.coordinates()) {
                put(line, format_args!(",\"{name}\":"));
                value(line, &Value::Float(number));
            }
            line.push_str("}}");
        }
        // Replies hold entities, never bare ids; an id is still better than nothing.
        Value::Node(id) => put(line, format_args!("{{\"$node\":{{\"id\":{id}}}}}")),
        Value::Relationship(id) => put(line, format_args!("{{\"$rel\":{{\"id\":{id}}}}}")),
        Value::Path(_) => line.push_str("{\"$path\":{}}"),
        Value::Entity(entity) => match &**entity {
            Entity::Node(of) => {
                line.push_str("{\"$node\":");
                node(line, of);
                line.push('}');
            }
            Entity::Relationship(of) => {
                line.push_str("{\"$rel\":");
                relationship(line, of);
                line.push('}');
            }
            Entity::Path { nodes, relationships } => {
                line.push_str("{\"$path\":{\"nodes\":");
                list(line, nodes.iter(), node);
                line.push_str(",\"rels\":");
                list(line, relationships.iter(), relationship);
                line.push_str("}}");
            }
        },
    }
}

fn float(line: &mut String, number: f64) {
    match number {
        _ if number.is_nan() => line.push_str("{\"$float\":\"NaN\"}"),
        f64::INFINITY => line.push_str("{\"$float\":\"Infinity\"}"),
        f64::NEG_INFINITY => line.push_str("{\"$float\":\"-Infinity\"}"),
        // serde_json writes the shortest digits that read back the same, and keeps ".0".
        _ => put(line, format_args!("{}", serde_json::Value::from(number))),
    }
}

fn map(line: &mut String, entries: &BTreeMap<String, Value>) {
    line.push('{');
    for (index, (key, of)) in entries.iter().enumerate() {
        if index > 0 {
            line.push(',');
        }
        string(line, key);
        line.push(':');
        value(line, of);
    }
    line.push('}');
}

fn node(line: &mut String, node: &Node) {
    put(line, format_args!("{{\"id\":{},\"labels\":", node.id));
    list(line, node.labels.iter(), |line, label| string(line, label));
    line.push_str(",\"properties\":");
    map(line, &node.properties);
    line.push('}');
}

fn relationship(line: &mut String, relationship: &Relationship) {
    put(line, format_args!("{{\"id\":{},\"type\":", relationship.id));
    string(line, &relationship.kind);
    put(line, format_args!(",\"start\":{},\"end\":{},\"properties\":", relationship.start, relationship.end));
    map(line, &relationship.properties);
    line.push('}');
}

fn list<'i, T: 'i>(line: &mut String, items: impl Iterator<Item = &'i T>, mut write: impl FnMut(&mut String, &'i T)) {
    line.push('[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            line.push(',');
        }
        write(line, item);
    }
    line.push(']');
}

fn string(line: &mut String, text: &str) {
    if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        line.push('"');
        line.push_str(text);
        line.push('"');
    } else {
        put(line, format_args!("{}", serde_json::Value::from(text)));
    }
}

fn put(line: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = line.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(mut reply: Reply<'_>) -> String {
        let mut out = Vec::new();
        write(&mut out, &mut reply, &[], Mode::Relaxed).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_model_has_its_shape() {
        let reply = Resp::Array(vec![
            Resp::ok(),
            Resp::Integer(2),
            Resp::Nil,
            Resp::bulk(b"\xff"),
            Resp::Error("ERR x".into()),
        ]);
        assert_eq!(
            shown(Reply::Kv(reply)),
            "{\"ok\":true,\"model\":\"kv\",\"reply\":[\"OK\",2,null,{\"$b64\":\"/w==\"},{\"$error\":\"ERR x\"}]}\n"
        );
        assert_eq!(
            shown(Reply::Doc(DocReply::Cursor(Box::new([Ok(bson::doc! {"a": 1}), Ok(bson::doc! {})].into_iter())))),
            "{\"ok\":true,\"model\":\"doc\",\"result\":[{\"a\":1},{}]}\n"
        );
        let typed = Value::Map(BTreeMap::from([("$date".to_owned(), Value::Int(1))]));
        let row = vec![Value::Float(1.0), Value::Float(f64::NAN), typed, Value::String("a\"\n".into())];
        let reply = GraphReply {
            columns: vec!["a".into()],
            rows: Box::new([Ok(row)].into_iter()),
            stats: GraphStats::default(),
            plan: None,
            drawn: false,
        };
        assert!(shown(Reply::Graph(reply)).starts_with(
            "{\"ok\":true,\"model\":\"graph\",\"columns\":[\"a\"],\"rows\":[[1.0,{\"$float\":\"NaN\"},{\"$map\":{\"$date\":1}},\"a\\\"\\n\"]],\"stats\":{\"nodes_created\":0,"
        ));
        assert_eq!(shown(Reply::Shell(ShellReply::None)), "{\"ok\":true,\"model\":\"shell\",\"result\":null}\n");
    }

    #[test]
    fn an_answer_that_breaks_off_leaves_nothing() {
        let broken = Err(Diagnostic::new(Model::Doc, "Interrupted", "interrupted"));
        let mut reply = Reply::Doc(DocReply::Cursor(Box::new([Ok(bson::doc! {"a": 1}), broken].into_iter())));
        let mut out = Vec::new();
        assert!(matches!(write(&mut out, &mut reply, &[], Mode::Relaxed), Err(Stopped::Statement(_))));
        assert!(out.is_empty());
    }

    #[test]
    fn errors_say_where() {
        let mut out = Vec::new();
        let error = Diagnostic { number: Some(11000), ..Diagnostic::new(Model::Doc, "DuplicateKey", "E11000") };
        let event = Event::Message { channel: b"c".to_vec(), payload: b"\xff".to_vec() };
        let place = Some(Position { line: 2, column: 3 });
        write_error(&mut out, &error.hint("h"), place, &[event], Mode::Relaxed).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "{\"ok\":false,\"model\":\"doc\",\"error\":{\"code\":\"DuplicateKey\",\"number\":11000,\"message\":\"E11000\",\"line\":2,\"column\":3,\"hint\":\"h\"},\
             \"events\":[[\"message\",\"c\",{\"$b64\":\"/w==\"}]]}\n"
        );
    }
}
