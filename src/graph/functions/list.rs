//! Functions that answer lists.

use super::scalar::{first, list, wrong_type};
use super::signature::{Group, Signature, Types};
use crate::graph::eval::EvalContext;
use crate::graph::{Detail, Error, Kind, Result};
use crate::value::graph::{Entity, Value};
use std::collections::BTreeMap;

/// The most elements `range` makes.
const MAX_RANGE: u64 = 100_000_000;

pub(super) const FUNCTIONS: &[Signature] = &[
    Signature::new(
        "keys",
        Group::List,
        &[Types::NODE.or(Types::RELATIONSHIP).or(Types::MAP)],
        Types::LIST,
        |args, cx| {
            let keys = properties_of(first(args), cx)?.into_keys();
            Ok(Value::List(keys.map(Value::string).collect()))
        },
    ),
    Signature::new("labels", Group::List, &[Types::NODE], Types::LIST, labels),
    Signature::new("nodes", Group::List, &[Types::PATH], Types::LIST, nodes),
    Signature::new("relationships", Group::List, &[Types::PATH], Types::LIST, relationships),
    Signature::new("range", Group::List, &[Types::ANY, Types::ANY, Types::ANY], Types::LIST, range).optional(1),
    Signature::new("reverse", Group::List, &[Types::LIST.or(Types::STRING)], Types::LIST.or(Types::STRING), reverse),
    Signature::new("tail", Group::List, &[Types::LIST], Types::LIST, |args, _| {
        Ok(Value::List(list(args)?.get(1..).unwrap_or_default().to_vec()))
    }),
];

/// The properties of a node, a relationship or a map.
pub(super) fn properties_of(value: &Value, cx: &dyn EvalContext) -> Result<BTreeMap<String, Value>> {
    match value {
        Value::Map(entries) => Ok(entries.clone()),
        Value::Node(id) => cx.node_properties(*id),
        Value::Relationship(id) => cx.relationship_properties(*id),
        Value::Entity(entity) => match &**entity {
            Entity::Node(node) => Ok(node.properties.clone()),
            Entity::Relationship(relationship) => Ok(relationship.properties.clone()),
            Entity::Path { .. } => Err(wrong_type("Node, Relationship or Map", value)),
        },
        other => Err(wrong_type("Node, Relationship or Map", other)),
    }
}

fn labels(args: &[&Value], cx: &dyn EvalContext) -> Result<Value> {
    let value = first(args);
    let names = match value {
        Value::Node(id) => cx.labels(*id)?,
        Value::Entity(entity) => match &**entity {
            Entity::Node(node) => node.labels.clone(),
            _ => return Err(wrong_type("Node", value)),
        },
        other => return Err(wrong_type("Node", other)),
    };
    Ok(Value::List(names.into_iter().map(Value::string).collect()))
}

fn nodes(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    let path = first(args).path_ids().ok_or_else(|| wrong_type("Path", first(args)))?;
    Ok(Value::List(path.nodes.iter().copied().map(Value::Node).collect()))
}

fn relationships(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    let path = first(args).path_ids().ok_or_else(|| wrong_type("Path", first(args)))?;
    Ok(Value::List(path.relationships.iter().copied().map(Value::Relationship).collect()))
}

/// `range(first, last[, step])`, both ends included.
fn range(args: &[&Value], cx: &dyn EvalContext) -> Result<Value> {
    let mut numbers = [0_i64, 0, 1];
    for (number, arg) in numbers.iter_mut().zip(args) {
        match arg {
            Value::Int(value) => *number = *value,
            other => {
                return Err(Error::argument(
                    Detail::InvalidArgumentType,
                    format!("range() expects Integers but was given a {}", other.type_name()),
                ));
            }
        }
    }
    let [from, to, step] = numbers;
    if step == 0 {
        return Err(Error::argument(Detail::NumberOutOfRange, "The step of range() cannot be zero"));
    }
    if (step > 0 && from > to) || (step < 0 && from < to) {
        return Ok(Value::List(Vec::new()));
    }
    let count = from.abs_diff(to) / step.unsigned_abs();
    if count >= MAX_RANGE {
        return Err(Error::runtime(
            Kind::Limit,
            Detail::TooLarge,
            format!("range() makes at most {MAX_RANGE} elements"),
        ));
    }
    let mut items = Vec::with_capacity(count as usize + 1);
    let mut next = Some(from);
    for index in 0..=count {
        if index % 65_536 == 65_535 {
            cx.check_interrupt()?;
        }
        items.extend(next.map(Value::Int));
        next = next.and_then(|value| value.checked_add(step));
    }
    Ok(Value::List(items))
}

fn reverse(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    match first(args) {
        Value::List(items) => Ok(Value::List(items.iter().rev().cloned().collect())),
        Value::String(text) => Ok(Value::string(text.chars().rev().collect::<String>())),
        other => Err(wrong_type("List or String", other)),
    }
}
