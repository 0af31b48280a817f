//! Variables: one value, three ways to use it.
//!
//! `let` and `:param` set the same variables. Documents read them as `alice._id`, graph statements as the
//! parameter `$alice`, Redis words as `${alice._id}`.

use super::Session;
use super::redis::Expanded;
use crate::ast::doc::{Chain, Environment, Generated, Literal, ResolvedChain};
use crate::ast::kv::Command;
use crate::ast::shell::{Let, LetValue};
use crate::lang::scanner;
use crate::reply::{DocReply, GraphReply, Reply, Resp, ShellReply};
use crate::text::Diagnostic;
use crate::value::graph::{Entity, Value};
use crate::value::temporal::zone::Zone;
use crate::value::temporal::{DateTime, Temporal};
use crate::value::{construct, ejson};
use bson::{Bson, Document};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// A variable's value in the two languages that have types; Redis words are its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// For documents.
    pub bson: Bson,
    /// For graph statements.
    pub graph: Value,
}

impl From<Bson> for Variable {
    fn from(bson: Bson) -> Self {
        Variable { graph: graph_value(&bson), bson }
    }
}

impl From<Value> for Variable {
    fn from(graph: Value) -> Self {
        Variable { bson: document_value(&graph), graph }
    }
}

/// All variables of a session.
#[derive(Debug, Default)]
pub(super) struct Variables {
    values: BTreeMap<String, Bson>,
    parameters: BTreeMap<String, Value>,
}

impl Variables {
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    pub(super) fn set(&mut self, name: &str, value: Variable) {
        self.values.insert(name.to_owned(), value.bson);
        self.parameters.insert(name.to_owned(), value.graph);
    }

    pub(super) fn remove(&mut self, name: &str) -> bool {
        self.parameters.remove(name);
        self.values.remove(name).is_some()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Bson> {
        self.values.get(name)
    }

    /// For graph statements.
    pub(super) fn parameters(&self) -> &BTreeMap<String, Value> {
        &self.parameters
    }

    /// All as one document.
    pub(super) fn document(&self) -> Document {
        self.values.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// Puts `${name.path}` into the words of a command. What names no variable stays as it is, because
    /// Redis would take it literally too.
    pub(super) fn expand<'c>(&self, command: &'c Command) -> Expanded<'c> {
        if self.values.is_empty() || !command.args.iter().any(|arg| arg.windows(2).any(|pair| pair == b"${")) {
            return Cow::Borrowed(command);
        }
        let args = command.args.iter().map(|arg| self.expand_word(arg)).collect();
        Cow::Owned(Command { name: command.name.clone(), args })
    }

    fn expand_word(&self, word: &[u8]) -> Vec<u8> {
        let mut expanded = Vec::with_capacity(word.len());
        let mut rest = word;
        while let Some(start) = rest.windows(2).position(|pair| pair == b"${") {
            let (before, from) = rest.split_at(start);
            expanded.extend_from_slice(before);
            let end = from.iter().position(|&byte| byte == b'}').unwrap_or(from.len() - 1);
            let (reference, after) = from.split_at(end + 1);
            let path = reference.get(2..end).and_then(|path| std::str::from_utf8(path).ok());
            match path.and_then(|path| self.follow(path)) {
                Some(value) => expanded.extend_from_slice(word_of(&value).as_bytes()),
                None => expanded.extend_from_slice(reference),
            }
            rest = after;
        }
        expanded.extend_from_slice(rest);
        expanded
    }

    /// The value at a path such as `alice.tags[0]`.
    fn follow(&self, path: &str) -> Option<Bson> {
        let mut steps = path.split(['.', '[']).map(|step| step.strip_suffix(']').unwrap_or(step).trim());
        let mut value = self.values.get(steps.next()?)?;
        for step in steps {
            value = match value {
                Bson::Document(document) => document.get(step)?,
                Bson::Array(items) => items.get(step.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        Some(value.clone())
    }
}

/// What literals are resolved in.
struct Surroundings<'s> {
    variables: &'s Variables,
    now_ms: i64,
    rng: RefCell<&'s mut fastrand::Rng>,
}

impl Environment for Surroundings<'_> {
    fn variable(&self, name: &str) -> Option<Bson> {
        self.variables.get(name).cloned()
    }

    fn generate(&self, what: Generated) -> Bson {
        match what {
            Generated::Now => Bson::DateTime(bson::DateTime::from_millis(self.now_ms)),
            Generated::NowText => Bson::String(date_text(self.now_ms)),
            #[allow(clippy::cast_precision_loss, reason = "milliseconds of any real date are exact in a double")]
            Generated::NowMillis => construct::js_number(self.now_ms as f64),
            Generated::ObjectId => Bson::ObjectId(bson::oid::ObjectId::new()),
            Generated::Uuid => {
                let mut bytes = self.rng.borrow_mut().u128(..).to_be_bytes();
                // Version 4, variant 1 (RFC 9562).
                bytes[6] = bytes[6] & 0x0f | 0x40;
                bytes[8] = bytes[8] & 0x3f | 0x80;
                Bson::Binary(bson::Binary { subtype: bson::spec::BinarySubtype::Uuid, bytes: bytes.to_vec() })
            }
            Generated::Timestamp => Bson::Timestamp(bson::Timestamp {
                time: u32::try_from(self.now_ms / 1000).unwrap_or_default(),
                increment: 1,
            }),
        }
    }
}

/// As JavaScript's `Date()` writes it, in UTC.
fn date_text(now_ms: i64) -> String {
    let stamp = jiff::Timestamp::from_millisecond(now_ms).unwrap_or_default().to_zoned(jiff::tz::TimeZone::UTC);
    stamp.strftime("%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)").to_string()
}

impl Session {
    fn surroundings(&mut self) -> Surroundings<'_> {
        Surroundings { now_ms: self.clock.now_ms(), variables: &self.variables, rng: RefCell::new(&mut self.rng) }
    }

    pub(super) fn resolve(&mut self, literal: &Literal) -> Result<Bson, Diagnostic> {
        Ok(literal.resolve(&self.surroundings())?)
    }

    pub(super) fn resolve_chain(&mut self, chain: &Chain) -> Result<ResolvedChain, Diagnostic> {
        Ok(chain.resolve(&self.surroundings())?)
    }

    /// Sets a variable, as `let` does.
    pub fn set_variable(&mut self, name: &str, value: impl Into<Variable>) {
        self.variables.set(name, value.into());
    }

    /// A literal or a variable by itself.
    pub(super) fn value(&mut self, literal: &Literal) -> Result<Reply<'static>, Diagnostic> {
        Ok(Reply::Doc(DocReply::Value(self.resolve(literal)?)))
    }

    /// Whether a word is a variable, and no Redis command.
    pub(super) fn names_variable(&self, word: &[u8]) -> bool {
        !self.variables.values.is_empty()
            && std::str::from_utf8(word).is_ok_and(|name| self.variables.get(name).is_some())
            && !scanner::is_kv_command(word)
    }

    pub(super) fn show_variable(&self, word: &[u8]) -> Result<Reply<'static>, Diagnostic> {
        let value = std::str::from_utf8(word).ok().and_then(|name| self.variables.get(name));
        Ok(Reply::Doc(DocReply::Value(value.cloned().unwrap_or(Bson::Null))))
    }

    /// `let NAME = …`
    pub(super) fn assign(&mut self, variable: &Let, text: &str) -> Result<Reply<'static>, Diagnostic> {
        let value = match &variable.value {
            LetValue::Literal(literal) => self.resolve(literal)?.into(),
            LetValue::Statement(statement) => variable_of(self.collect(statement, text)?)?,
        };
        self.variables.set(&variable.name, value);
        Ok(Reply::Shell(ShellReply::None))
    }
}

/// The value an answer becomes: a cursor an array; a graph answer its value if it is one row of one
/// column, a document if it is one row, else an array of documents.
fn variable_of(reply: Reply<'static>) -> Result<Variable, Diagnostic> {
    Ok(match reply {
        Reply::Kv(reply) => redis_value(reply).into(),
        Reply::Shell(ShellReply::None) | Reply::Doc(DocReply::None) => Bson::Null.into(),
        Reply::Shell(ShellReply::Text(text)) => Bson::String(text).into(),
        Reply::Shell(ShellReply::Value(value)) | Reply::Doc(DocReply::Value(value)) => value.into(),
        Reply::Doc(DocReply::Cursor(documents)) => {
            Bson::Array(documents.map(|document| document.map(Bson::Document)).collect::<Result<_, _>>()?).into()
        }
        Reply::Doc(DocReply::Listing(names)) => {
            Bson::Array(names.into_iter().map(|(name, _)| Bson::String(name)).collect()).into()
        }
        Reply::Graph(GraphReply { columns, rows, .. }) => {
            let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
            match (rows.len(), columns.len()) {
                (1, 1) => rows.swap_remove(0).into_iter().next().unwrap_or(Value::Null).into(),
                (1, _) => row_map(&columns, rows.swap_remove(0)).into(),
                _ => Value::List(rows.into_iter().map(|row| row_map(&columns, row)).collect()).into(),
            }
        }
    })
}

fn row_map(columns: &[String], row: Vec<Value>) -> Value {
    Value::Map(columns.iter().cloned().zip(row).collect())
}

fn redis_value(reply: Resp) -> Bson {
    match reply {
        Resp::Status(text) | Resp::Error(text) => Bson::String(text),
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
fn word_of(value: &Bson) -> String {
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
fn graph_value(value: &Bson) -> Value {
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
fn document_value(value: &Value) -> Bson {
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
