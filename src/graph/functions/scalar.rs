//! Scalar functions: about one value, node, relationship or path.

use super::signature::{Group, Signature, Types};
use crate::graph::eval::EvalContext;
use crate::graph::{Detail, Error, Result};
use crate::value::graph::{Entity, Value, equals};
use std::sync::Arc;

const ENTITY: Types = Types::NODE.or(Types::RELATIONSHIP);

pub(super) const FUNCTIONS: &[Signature] = &[
    // The compiler of expressions evaluates coalesce itself, because later arguments may not be needed.
    Signature::new("coalesce", Group::Scalar, &[Types::ANY], Types::ANY, coalesce).variadic().sees_null(),
    Signature::new("head", Group::Scalar, &[Types::LIST], Types::ANY, |args, _| {
        Ok(list(args)?.first().cloned().unwrap_or(Value::Null))
    }),
    Signature::new("last", Group::Scalar, &[Types::LIST], Types::ANY, |args, _| {
        Ok(list(args)?.last().cloned().unwrap_or(Value::Null))
    }),
    Signature::new("size", Group::Scalar, &[Types::LIST.or(Types::STRING).or(Types::MAP)], Types::INTEGER, size),
    Signature::new("length", Group::Scalar, &[Types::PATH], Types::INTEGER, length),
    Signature::new("char_length", Group::Scalar, &[Types::STRING], Types::INTEGER, characters),
    Signature::new("character_length", Group::Scalar, &[Types::STRING], Types::INTEGER, characters),
    Signature::new("id", Group::Scalar, &[ENTITY], Types::INTEGER, |args, _| {
        let id = entity_id(args)?.0;
        Ok(Value::Int(i64::try_from(id).unwrap_or(i64::MAX)))
    }),
    Signature::new("elementId", Group::Scalar, &[ENTITY], Types::STRING, element_id),
    Signature::new("type", Group::Scalar, &[Types::RELATIONSHIP], Types::STRING, relationship_type),
    Signature::new("properties", Group::Scalar, &[ENTITY.or(Types::MAP)], Types::MAP, |args, cx| {
        super::list::properties_of(first(args), cx).map(Value::Map)
    }),
    Signature::new("startNode", Group::Scalar, &[Types::RELATIONSHIP], Types::NODE, |args, cx| {
        endpoints(args, cx).map(|ends| Value::Node(ends.0))
    }),
    Signature::new("endNode", Group::Scalar, &[Types::RELATIONSHIP], Types::NODE, |args, cx| {
        endpoints(args, cx).map(|ends| Value::Node(ends.1))
    }),
    Signature::new("timestamp", Group::Scalar, &[], Types::INTEGER, |_, cx| Ok(Value::Int(cx.now_ms()))),
    Signature::new("nullIf", Group::Scalar, &[Types::ANY, Types::ANY], Types::ANY, null_if).sees_null(),
    Signature::new("randomUUID", Group::Scalar, &[], Types::STRING, random_uuid).volatile(),
    Signature::new("valueType", Group::Scalar, &[Types::ANY], Types::STRING, |args, _| {
        Ok(Value::string(value_type(first(args))))
    })
    .sees_null(),
];

/// The first argument.
pub(super) fn first<'a>(args: &[&'a Value]) -> &'a Value {
    args.first().copied().unwrap_or(&Value::Null)
}

/// The error for an argument of the wrong type.
pub(super) fn wrong_type(expected: &str, value: &Value) -> Error {
    Error::type_error(
        Detail::InvalidArgumentValue,
        format!("Type mismatch: expected {expected} but was {}", value.type_name()),
    )
}

/// The first argument as a list.
pub(super) fn list<'a>(args: &[&'a Value]) -> Result<&'a [Value]> {
    match first(args) {
        Value::List(items) => Ok(items),
        other => Err(wrong_type("List", other)),
    }
}

fn coalesce(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    Ok(args.iter().find(|arg| !arg.is_null()).map_or(Value::Null, |arg| (*arg).clone()))
}

fn count(length: usize) -> Value {
    Value::Int(i64::try_from(length).unwrap_or(i64::MAX))
}

fn size(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    match first(args) {
        Value::List(items) => Ok(count(items.len())),
        Value::String(text) => Ok(count(text.chars().count())),
        Value::Map(entries) => Ok(count(entries.len())),
        other => Err(wrong_type("List, String or Map", other)),
    }
}

fn length(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    match first(args) {
        Value::Path(path) => Ok(count(path.relationships.len())),
        other => match other.path_ids() {
            Some(path) => Ok(count(path.relationships.len())),
            None => Err(wrong_type("Path", other)),
        },
    }
}

fn characters(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    match first(args) {
        Value::String(text) => Ok(count(text.chars().count())),
        other => Err(wrong_type("String", other)),
    }
}

/// The id and whether it is a node's.
fn entity_id(args: &[&Value]) -> Result<(u64, bool)> {
    let value = first(args);
    if let Some(id) = value.node_id() {
        return Ok((id, true));
    }
    value.relationship_id().map(|id| (id, false)).ok_or_else(|| wrong_type("Node or Relationship", value))
}

fn element_id(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    let (id, is_node) = entity_id(args)?;
    Ok(Value::string(format!("{}:{id}", if is_node { "n" } else { "r" })))
}

fn relationship_type(args: &[&Value], cx: &dyn EvalContext) -> Result<Value> {
    let value = first(args);
    if let Value::Entity(entity) = value
        && let Entity::Relationship(relationship) = &**entity
    {
        return Ok(Value::string(relationship.kind.as_str()));
    }
    match value.relationship_id() {
        Some(id) => cx.relationship_type(id).map(Value::String),
        None => Err(wrong_type("Relationship", value)),
    }
}

fn endpoints(args: &[&Value], cx: &dyn EvalContext) -> Result<(u64, u64)> {
    let value = first(args);
    if let Value::Entity(entity) = value
        && let Entity::Relationship(relationship) = &**entity
    {
        return Ok((relationship.start, relationship.end));
    }
    match value.relationship_id() {
        Some(id) => cx.endpoints(id),
        None => Err(wrong_type("Relationship", value)),
    }
}

fn null_if(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    match args {
        [a, b] if equals(a, b) == Some(true) => Ok(Value::Null),
        [a, ..] => Ok((*a).clone()),
        [] => Ok(Value::Null),
    }
}

/// A version 4 UUID.
fn random_uuid(_: &[&Value], cx: &dyn EvalContext) -> Result<Value> {
    let mut bytes = [0_u8; 16];
    for byte in &mut bytes {
        *byte = (cx.random() * 256.0) as u8;
    }
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    Ok(Value::String(Arc::from(text)))
}

/// What ends the type of a value that is not null.
const NOT_NULL: &str = " NOT NULL";

/// The most precise type of a value, as Neo4j writes it: `INTEGER NOT NULL`, `LIST<STRING NOT NULL> NOT NULL`.
fn value_type(value: &Value) -> String {
    let name = match value {
        Value::Null => return "NULL".to_owned(),
        Value::List(items) => {
            let mut types: Vec<String> = items.iter().filter(|item| !item.is_null()).map(value_type).collect();
            types.sort();
            types.dedup();
            if items.iter().any(Value::is_null) {
                types.iter_mut().for_each(|name| name.truncate(name.len() - NOT_NULL.len()));
            }
            let inner = match (types.is_empty(), items.is_empty()) {
                (true, true) => "NOTHING".to_owned(),
                (true, false) => "NULL".to_owned(),
                _ => types.join(" | "),
            };
            format!("LIST<{inner}>")
        }
        other => match other.type_name() {
            "LocalTime" => "LOCAL TIME".to_owned(),
            "Time" => "ZONED TIME".to_owned(),
            "LocalDateTime" => "LOCAL DATETIME".to_owned(),
            "DateTime" => "ZONED DATETIME".to_owned(),
            name => name.to_uppercase(),
        },
    };
    name + NOT_NULL
}
