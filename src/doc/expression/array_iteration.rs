//! `$map`, `$filter`, `$reduce`: a body evaluated for each element.

use super::node::{Node, Value};
use super::operator::{Operator, fail, integral, special};
use super::parse::Parser;
use super::scope::{Frame, Scope};
use super::type_name::type_name;
use super::variables::check_name;
use crate::doc::Result;
use crate::value::order::is_nullish;
use bson::{Bson, Document};
use std::borrow::Cow;

pub(super) const OPERATORS: &[Operator] =
    &[special("$filter", parse_filter), special("$map", parse_map), special("$reduce", parse_reduce)];

/// `$map`
#[derive(Debug, Clone)]
pub(super) struct Map {
    input: Node,
    name: String,
    body: Node,
}

/// `$filter`
#[derive(Debug, Clone)]
pub(super) struct Filter {
    input: Node,
    name: String,
    test: Node,
    limit: Option<Node>,
}

/// `$reduce`
#[derive(Debug, Clone)]
pub(super) struct Reduce {
    input: Node,
    initial: Node,
    body: Node,
}

fn null<'a>() -> Value<'a> {
    Some(Cow::Owned(Bson::Null))
}

/// The elements of an input; `None` for null.
fn elements<'v>(value: &'v Value<'_>, error: impl Fn(&str) -> crate::doc::Error) -> Result<Option<&'v [Bson]>> {
    match value.as_deref() {
        Some(Bson::Array(items)) => Ok(Some(items)),
        value if is_nullish(value) => Ok(None),
        value => Err(error(type_name(value))),
    }
}

impl Map {
    pub fn evaluate<'a>(&'a self, scope: &Scope<'a>) -> Result<Value<'a>> {
        let input = self.input.evaluate(scope)?;
        let wrong = |kind: &str| fail(16883, format!("input to $map must be an array not {kind}"));
        let Some(items) = elements(&input, wrong)? else { return Ok(null()) };
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            let frame = Frame { name: &self.name, value: Some(item), parent: scope.frame() };
            values.push(self.body.evaluate(&scope.with(&frame))?.map_or(Bson::Null, Cow::into_owned));
        }
        Ok(Some(Cow::Owned(Bson::Array(values))))
    }
}

impl Filter {
    pub fn evaluate<'a>(&'a self, scope: &Scope<'a>) -> Result<Value<'a>> {
        let input = self.input.evaluate(scope)?;
        let wrong = |kind: &str| fail(28651, format!("input to $filter must be an array not {kind}"));
        let Some(items) = elements(&input, wrong)? else { return Ok(null()) };
        let limit = match &self.limit {
            None => usize::MAX,
            Some(limit) => {
                let value = limit.evaluate(scope)?;
                match value.as_deref() {
                    value if is_nullish(value) => usize::MAX,
                    Some(number) => match integral(number).map(i32::try_from) {
                        Some(Ok(limit)) if limit > 0 => limit as usize,
                        Some(Ok(limit)) => {
                            return Err(fail(327_392, format!("$filter: limit must be greater than 0: {limit}")));
                        }
                        _ => {
                            return Err(fail(
                                327_391,
                                format!("$filter: limit must be represented as a 32-bit integral value: {number}"),
                            ));
                        }
                    },
                    None => usize::MAX,
                }
            }
        };
        let mut kept = Vec::new();
        for item in items {
            if kept.len() >= limit {
                break;
            }
            let frame = Frame { name: &self.name, value: Some(item), parent: scope.frame() };
            if self.test.is_true(&scope.with(&frame))? {
                kept.push(item.clone());
            }
        }
        Ok(Some(Cow::Owned(Bson::Array(kept))))
    }
}

impl Reduce {
    pub fn evaluate<'a>(&'a self, scope: &Scope<'a>) -> Result<Value<'a>> {
        let input = self.input.evaluate(scope)?;
        let wrong = |kind: &str| fail(40080, format!("$reduce requires that 'input' be an array, found: {kind}"));
        let Some(items) = elements(&input, wrong)? else { return Ok(null()) };
        let mut value = self.initial.evaluate(scope)?.map(Cow::into_owned);
        for item in items {
            let this = Frame { name: "this", value: Some(item), parent: scope.frame() };
            let inner = scope.with(&this);
            let next = {
                let running = Frame { name: "value", value: value.as_ref(), parent: Some(&this) };
                self.body.evaluate(&inner.with(&running))?.map(Cow::into_owned)
            };
            value = next;
        }
        Ok(value.map(Cow::Owned))
    }
}

/// The fields of an object argument: each known one by position, in `fields`' order.
fn parts<'d>(
    name: &str,
    argument: &'d Bson,
    not_object: i32,
    unknown: i32,
    fields: &[(&str, Option<i32>)],
) -> Result<Vec<Option<&'d Bson>>> {
    let Bson::Document(document) = argument else {
        return Err(fail(not_object, format!("{name} only supports an object as its argument")));
    };
    let document: &Document = document;
    if let Some(key) = document.keys().find(|key| !fields.iter().any(|(field, _)| field == key)) {
        return Err(fail(unknown, format!("Unrecognized parameter to {name}: {key}")));
    }
    fields
        .iter()
        .map(|(field, missing)| match (document.get(field), missing) {
            (None, Some(number)) => Err(fail(*number, format!("Missing '{field}' parameter to {name}"))),
            (value, _) => Ok(value),
        })
        .collect()
}

fn variable_name(value: Option<&Bson>) -> Result<String> {
    match value {
        None => Ok("this".to_owned()),
        Some(Bson::String(name)) => {
            check_name(name)?;
            Ok(name.clone())
        }
        Some(other) => Err(super::parse::failed(format!("'as' must be a string, found {}", type_name(Some(other))))),
    }
}

fn required(value: Option<&Bson>) -> &Bson {
    value.unwrap_or(&Bson::Null)
}

fn parse_map(name: &'static str, argument: &Bson, parser: &mut Parser<'_>) -> Result<Node> {
    let fields = [("input", Some(16880)), ("as", None), ("in", Some(16882))];
    let parts = parts(name, argument, 16878, 16879, &fields)?;
    let [input, variable, body] = parts.as_slice() else {
        return Err(fail(16880, "Missing 'input' parameter to $map"));
    };
    let variable = variable_name(*variable)?;
    let input = parser.operand(required(*input))?;
    let body = parser.operand_with(std::slice::from_ref(&variable), required(*body))?;
    Ok(Node::Map(Box::new(Map { input, name: variable, body })))
}

fn parse_filter(name: &'static str, argument: &Bson, parser: &mut Parser<'_>) -> Result<Node> {
    let fields = [("input", Some(28648)), ("as", None), ("cond", Some(28650)), ("limit", None)];
    let parts = parts(name, argument, 28646, 28647, &fields)?;
    let [input, variable, test, limit] = parts.as_slice() else {
        return Err(fail(28648, "Missing 'input' parameter to $filter"));
    };
    let variable = variable_name(*variable)?;
    let input = parser.operand(required(*input))?;
    let test = parser.operand_with(std::slice::from_ref(&variable), required(*test))?;
    let limit = limit.map(|limit| parser.operand(limit)).transpose()?;
    Ok(Node::Filter(Box::new(Filter { input, name: variable, test, limit })))
}

fn parse_reduce(name: &'static str, argument: &Bson, parser: &mut Parser<'_>) -> Result<Node> {
    let fields = [("input", Some(40077)), ("initialValue", Some(40078)), ("in", Some(40079))];
    let parts = parts(name, argument, 40075, 40076, &fields)?;
    let [input, initial, body] = parts.as_slice() else {
        return Err(fail(40077, "$reduce requires 'input' to be specified"));
    };
    let input = parser.operand(required(*input))?;
    let initial = parser.operand(required(*initial))?;
    let body = parser.operand_with(&["this".to_owned(), "value".to_owned()], required(*body))?;
    Ok(Node::Reduce(Box::new(Reduce { input, initial, body })))
}
