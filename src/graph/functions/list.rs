//! Functions that answer lists.

use super::scalar::{first, list, wrong_type};
use super::signature::{Group, Signature, Types};
use crate::graph::eval::{EvalContext, limits};
use crate::graph::{Detail, Error, Result};
use crate::value::graph::{Entity, Value};
use std::collections::BTreeMap;

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

/// The numbers of a call of `range`, both ends included.
#[derive(Debug, Clone)]
pub struct Range {
    next: Option<i64>,
    step: i64,
    /// How many more follow `next`.
    left: u64,
}

impl Range {
    /// From the arguments of `range(first, last[, step])`, none of them null.
    pub fn new(args: &[&Value]) -> Result<Self> {
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
        let empty = if step > 0 { from > to } else { from < to };
        if empty {
            return Ok(Range { next: None, step, left: 0 });
        }
        Ok(Range { next: Some(from), step, left: from.abs_diff(to) / step.unsigned_abs() })
    }
}

impl Iterator for Range {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        let number = self.next?;
        self.next = if self.left > 0 { number.checked_add(self.step) } else { None };
        self.left = self.left.saturating_sub(1);
        Some(number)
    }
}

fn range(args: &[&Value], cx: &dyn EvalContext) -> Result<Value> {
    let range = Range::new(args)?;
    limits::check_values(usize::try_from(range.left).unwrap_or(usize::MAX))?;
    cx.check_interrupt()?;
    Ok(Value::List(range.map(Value::Int).collect()))
}

fn reverse(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    match first(args) {
        Value::List(items) => Ok(Value::List(items.iter().rev().cloned().collect())),
        Value::String(text) => Ok(Value::string(text.chars().rev().collect::<String>())),
        other => Err(wrong_type("List or String", other)),
    }
}
