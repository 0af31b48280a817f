//! Objects: merging, fields by name, objects as arrays.

use super::node::{Call, Node};
use super::operator::{ANY, Answer, Arguments, NULL, Operator, fail, positional, special};
use super::parse::Parser;
use super::type_name::type_name;
use crate::doc::Result;
use crate::value::order::is_nullish;
use bson::{Bson, Document};

pub(super) const OPERATORS: &[Operator] = &[
    special("$getField", parse_get),
    positional("$mergeObjects", 0, ANY, merge),
    positional("$objectToArray", 1, 1, to_array),
    special("$setField", parse_set),
    special("$unsetField", parse_unset),
];

fn merge(arguments: &Arguments<'_>) -> Answer {
    let mut merged = Document::new();
    for index in 0..arguments.len() {
        match arguments.get(index) {
            Some(Bson::Document(document)) => merge_into(&mut merged, document),
            value if is_nullish(value) => {}
            Some(Bson::Array(items)) if arguments.len() == 1 => {
                for item in items {
                    match item {
                        Bson::Document(document) => merge_into(&mut merged, document),
                        Bson::Null | Bson::Undefined => {}
                        other => return Err(not_mergeable(Some(other))),
                    }
                }
            }
            other => return Err(not_mergeable(other)),
        }
    }
    Ok(Some(Bson::Document(merged)))
}

fn not_mergeable(value: Option<&Bson>) -> crate::doc::Error {
    fail(40400, format!("$mergeObjects requires object inputs, but input is of type {}", type_name(value)))
}

/// Sets each field of `from` in `into`; a field that is there keeps its place.
pub(crate) fn merge_into(into: &mut Document, from: &Document) {
    for (name, value) in from {
        into.insert(name.clone(), value.clone());
    }
}

fn to_array(arguments: &Arguments<'_>) -> Answer {
    match arguments.get(0) {
        Some(Bson::Document(document)) => {
            let pairs = document.iter().map(|(name, value)| {
                let mut pair = Document::new();
                pair.insert("k", name.clone());
                pair.insert("v", value.clone());
                Bson::Document(pair)
            });
            Ok(Some(Bson::Array(pairs.collect())))
        }
        value if is_nullish(value) => NULL,
        value => Err(fail(40390, format!("$objectToArray requires a document input, found: {}", type_name(value)))),
    }
}

static GET: Operator = positional("$getField", 2, 2, get);
static SET: Operator = positional("$setField", 3, 3, set);

fn parse_get(_: &'static str, argument: &Bson, parser: &mut Parser<'_>) -> Result<Node> {
    let (field, input) = match argument {
        Bson::Document(document) if document.keys().next().is_none_or(|key| !key.starts_with('$')) => {
            if let Some(key) = document.keys().find(|key| !["field", "input"].contains(&key.as_str())) {
                return Err(fail(3_041_701, format!("$getField found an unknown argument: {key}")));
            }
            let field =
                document.get("field").ok_or_else(|| fail(3_041_702, "$getField requires 'field' to be specified"))?;
            let input =
                document.get("input").ok_or_else(|| fail(3_041_703, "$getField requires 'input' to be specified"))?;
            (field_name("$getField", field, parser, true)?, parser.operand(input)?)
        }
        other => (field_name("$getField", other, parser, true)?, Node::Current),
    };
    Ok(Node::Call(Call { operator: &GET, arguments: vec![Some(field), Some(input)] }))
}

/// A field's name: an expression whose value must be a string. `$setField` wants a constant.
fn field_name(operator: &str, value: &Bson, parser: &mut Parser<'_>, dynamic: bool) -> Result<Node> {
    let node = parser.operand(value)?;
    match &node {
        Node::Constant(Bson::String(_)) => Ok(node),
        Node::Constant(other) => Err(fail(
            if dynamic { 5_654_602 } else { 4_161_107 },
            format!("{operator} requires 'field' to evaluate to type String, but got {}", type_name(Some(other))),
        )),
        _ if dynamic => Ok(node),
        Node::Field(_) | Node::Variable(..) => Err(fail(
            4_161_108,
            format!("'field' must not be a field path reference in {operator}. Did you mean {{$literal: …}}?"),
        )),
        _ => Err(fail(4_161_106, format!("{operator} requires 'field' to evaluate to a constant"))),
    }
}

fn get(arguments: &Arguments<'_>) -> Answer {
    let name = arguments.string(0).ok_or_else(|| {
        fail(
            3_041_704,
            format!("$getField requires 'field' to evaluate to type String, but got {}", arguments.type_name(0)),
        )
    })?;
    match arguments.get(1) {
        Some(Bson::Document(document)) => Ok(document.get(name).cloned()),
        Some(Bson::Null | Bson::Undefined) => NULL,
        _ => Ok(None),
    }
}

fn parse_set(name: &'static str, argument: &Bson, parser: &mut Parser<'_>) -> Result<Node> {
    set_arguments(name, argument, parser, true)
}

fn parse_unset(name: &'static str, argument: &Bson, parser: &mut Parser<'_>) -> Result<Node> {
    set_arguments(name, argument, parser, false)
}

fn set_arguments(name: &str, argument: &Bson, parser: &mut Parser<'_>, valued: bool) -> Result<Node> {
    let Bson::Document(document) = argument else {
        return Err(fail(4_161_100, format!("{name} only supports an object as its argument")));
    };
    let known: &[&str] = if valued { &["field", "input", "value"] } else { &["field", "input"] };
    if let Some(key) = document.keys().find(|key| !known.contains(&key.as_str())) {
        return Err(fail(4_161_101, format!("{name} found an unknown argument: {key}")));
    }
    let part = |field: &str, number: i32| {
        document.get(field).ok_or_else(|| fail(number, format!("{name} requires '{field}' to be specified")))
    };
    let field = field_name(name, part("field", 4_161_102)?, parser, false)?;
    let input = parser.operand(part("input", 4_161_109)?)?;
    let value = if valued { parser.operand(part("value", 4_161_103)?)? } else { Node::Missing };
    Ok(Node::Call(Call { operator: &SET, arguments: vec![Some(field), Some(input), Some(value)] }))
}

fn set(arguments: &Arguments<'_>) -> Answer {
    let mut document = match arguments.get(1) {
        Some(Bson::Document(document)) => document.clone(),
        value if is_nullish(value) => return NULL,
        value => {
            return Err(fail(
                4_161_105,
                format!("$setField requires 'input' to evaluate to type Object, but got {}", type_name(value)),
            ));
        }
    };
    let name = arguments.string(0).unwrap_or_default();
    match arguments.get(2) {
        Some(value) => {
            document.insert(name, value.clone());
        }
        None => {
            document.remove(name);
        }
    }
    Ok(Some(Bson::Document(document)))
}
