//! Arrays put together and taken apart: `$zip`, `$arrayToObject`, `$sortArray`.

use super::node::Node;
use super::operator::{Answer, Arguments, NULL, Operator, fail, named, positional};
use super::parse::Parser;
use super::type_name::type_name;
use crate::doc::Result;
use crate::value::collation::Collation;
use crate::value::order::{compare_sort_keys, is_nullish};
use bson::{Bson, Document};
use std::cmp::Ordering;

pub(super) const OPERATORS: &[Operator] = &[
    positional("$arrayToObject", 1, 1, to_object),
    super::operator::special("$sortArray", sort_array),
    named("$zip", &["inputs", "useLongestLength", "defaults"], 1, zip),
];

fn to_object(arguments: &Arguments<'_>) -> Answer {
    let items = match arguments.get(0) {
        Some(Bson::Array(items)) => items,
        value if is_nullish(value) => return NULL,
        value => {
            return Err(fail(40386, format!("$arrayToObject requires an array input, found: {}", type_name(value))));
        }
    };
    let mut document = Document::new();
    let mut pairs = None;
    for item in items {
        let (key, value) = match item {
            Bson::Array(pair) => {
                if *pairs.get_or_insert(true) {
                    key_value_pair(pair)?
                } else {
                    return Err(fail(
                        40391,
                        "$arrayToObject requires a consistent input format. Elements must all be arrays or all be objects. Object was detected, now found: array",
                    ));
                }
            }
            Bson::Document(object) => {
                if *pairs.get_or_insert(false) {
                    return Err(fail(
                        40391,
                        "$arrayToObject requires a consistent input format. Elements must all be arrays or all be objects. Array was detected, now found: object",
                    ));
                }
                key_value_object(object)?
            }
            other => {
                return Err(fail(
                    40398,
                    format!("Unrecognised input type format for $arrayToObject: {}", type_name(Some(other))),
                ));
            }
        };
        if key.contains('\0') {
            return Err(fail(4_940_400, "Key field cannot contain an embedded null byte"));
        }
        document.insert(key, value);
    }
    Ok(Some(Bson::Document(document)))
}

fn key_value_pair(pair: &[Bson]) -> Result<(String, Bson)> {
    match pair {
        [Bson::String(key), value] => Ok((key.clone(), value.clone())),
        [other, _] => Err(fail(
            40395,
            format!(
                "$arrayToObject requires an array of key-value pairs, where the key must be of type string. Found key type: {}",
                type_name(Some(other))
            ),
        )),
        _ => Err(fail(
            40397,
            format!("$arrayToObject requires an array of size 2 arrays,found array of size: {}", pair.len()),
        )),
    }
}

fn key_value_object(object: &Document) -> Result<(String, Bson)> {
    if object.len() != 2 {
        return Err(fail(
            40392,
            format!(
                "$arrayToObject requires an object keys of 'k' and 'v'. Found incorrect number of keys:{}",
                object.len()
            ),
        ));
    }
    match (object.get("k"), object.get("v")) {
        (Some(Bson::String(key)), Some(value)) => Ok((key.clone(), value.clone())),
        (Some(other), Some(_)) => Err(fail(
            40394,
            format!(
                "$arrayToObject requires an object with keys 'k' and 'v', where the value of 'k' must be of type string. Found type: {}",
                type_name(Some(other))
            ),
        )),
        _ => Err(fail(
            40393,
            "$arrayToObject requires an object with keys 'k' and 'v'. Missing either or both keys from: object",
        )),
    }
}

fn zip(arguments: &Arguments<'_>) -> Answer {
    // The inputs and the defaults are written as arrays of expressions; each becomes an array value.
    let inputs = match arguments.get(0) {
        Some(Bson::Array(inputs)) => inputs,
        value if is_nullish(value) => return Err(fail(34461, "inputs must be an array of expressions, found: null")),
        value => {
            return Err(fail(34461, format!("inputs must be an array of expressions, found: {}", type_name(value))));
        }
    };
    let longest = match arguments.get(1) {
        None if !arguments.given(1) => false,
        Some(Bson::Boolean(longest)) => *longest,
        value => return Err(fail(34463, format!("useLongestLength must be a bool, found: {}", type_name(value)))),
    };
    if inputs.is_empty() {
        return Err(fail(34465, "$zip requires at least one input array"));
    }
    let defaults = match arguments.get(2) {
        None if !arguments.given(2) => &[][..],
        Some(Bson::Array(defaults)) => defaults,
        value => {
            return Err(fail(34462, format!("defaults must be an array of expressions, found: {}", type_name(value))));
        }
    };
    if !defaults.is_empty() {
        if !longest {
            return Err(fail(34466, "cannot specify defaults unless useLongestLength is true"));
        }
        if defaults.len() != inputs.len() {
            return Err(fail(34467, "defaults and inputs must have the same length"));
        }
    }
    let mut arrays = Vec::with_capacity(inputs.len());
    for input in inputs {
        match input {
            Bson::Array(items) => arrays.push(items),
            Bson::Null | Bson::Undefined => return NULL,
            other => {
                return Err(fail(
                    34468,
                    format!("$zip found a non-array expression in input: {}", type_name(Some(other))),
                ));
            }
        }
    }
    let lengths = arrays.iter().map(|items| items.len());
    let length = if longest { lengths.max() } else { lengths.min() }.unwrap_or(0);
    let rows = (0..length).map(|row| {
        Bson::Array(
            arrays
                .iter()
                .enumerate()
                .map(|(column, items)| items.get(row).or_else(|| defaults.get(column)).cloned().unwrap_or(Bson::Null))
                .collect(),
        )
    });
    Ok(Some(Bson::Array(rows.collect())))
}

/// The order `$sortArray` and `$topN` … sort by.
#[derive(Debug, Clone)]
pub(super) enum SortSpecification {
    /// Whole values.
    Whole(bool),
    /// Fields: path and whether ascending.
    Fields(Vec<(Vec<String>, bool)>),
}

impl SortSpecification {
    fn parse(value: &Bson) -> Result<SortSpecification> {
        match value {
            Bson::Document(document) => {
                if document.is_empty() {
                    return Err(fail(2_942_507, "The $sort pattern must not be empty"));
                }
                let fields = document
                    .iter()
                    .map(|(path, direction)| Ok((super::parse::split_path(path)?, ascending(direction)?)))
                    .collect::<Result<_>>()?;
                Ok(SortSpecification::Fields(fields))
            }
            other => Ok(SortSpecification::Whole(ascending(other)?)),
        }
    }

    fn compare(&self, a: &Bson, b: &Bson, collation: Option<&Collation>) -> Ordering {
        let compare = |a: Option<&Bson>, b: Option<&Bson>| match (collation, a, b) {
            (Some(collation), Some(a), Some(b)) if Collation::concerns(a.into()) && Collation::concerns(b.into()) => {
                collation.compare(a.into(), b.into())
            }
            _ => compare_sort_keys(a, b),
        };
        match self {
            SortSpecification::Whole(ascending) => turned(compare(Some(a), Some(b)), *ascending),
            SortSpecification::Fields(fields) => {
                for (path, ascending) in fields {
                    let (x, y) = (at_path(a, path), at_path(b, path));
                    let order = turned(compare(x.as_ref(), y.as_ref()), *ascending);
                    if order != Ordering::Equal {
                        return order;
                    }
                }
                Ordering::Equal
            }
        }
    }
}

fn turned(order: Ordering, ascending: bool) -> Ordering {
    if ascending { order } else { order.reverse() }
}

fn ascending(direction: &Bson) -> Result<bool> {
    match super::operator::integral(direction) {
        Some(1) => Ok(true),
        Some(-1) => Ok(false),
        _ => Err(fail(15975, "$sort key ordering must be 1 (for ascending) or -1 (for descending)")),
    }
}

fn at_path(value: &Bson, path: &[String]) -> Option<Bson> {
    let Some((first, rest)) = path.split_first() else { return Some(value.clone()) };
    match value {
        Bson::Document(document) => at_path(document.get(first)?, rest),
        Bson::Array(items) => items.iter().find_map(|item| match item {
            Bson::Document(_) => at_path(item, path),
            _ => None,
        }),
        _ => None,
    }
}

fn sort_array(_: &'static str, argument: &Bson, parser: &mut Parser<'_>) -> Result<Node> {
    let Bson::Document(document) = argument else {
        return Err(fail(2_942_500, "$sortArray requires an object as an argument, found: not an object"));
    };
    for key in document.keys() {
        if key != "input" && key != "sortBy" {
            return Err(fail(2_942_501, format!("$sortArray found an unknown argument: {key}")));
        }
    }
    let input = document.get("input").ok_or_else(|| fail(2_942_502, "$sortArray requires 'input' to be specified"))?;
    let sort_by =
        document.get("sortBy").ok_or_else(|| fail(2_942_503, "$sortArray requires 'sortBy' to be specified"))?;
    let input = parser.operand(input)?;
    SortSpecification::parse(sort_by)?;
    static SORTED: Operator = positional("$sortArray", 2, 2, sorted);
    Ok(Node::Call(super::node::Call {
        operator: &SORTED,
        arguments: vec![Some(input), Some(Node::Constant(sort_by.clone()))],
    }))
}

fn sorted(arguments: &Arguments<'_>) -> Answer {
    let specification = SortSpecification::parse(arguments.get(1).unwrap_or(&Bson::Null))?;
    match arguments.get(0) {
        Some(Bson::Array(items)) => {
            let mut items = items.clone();
            items.sort_by(|a, b| specification.compare(a, b, arguments.collation));
            Ok(Some(Bson::Array(items)))
        }
        value if is_nullish(value) => NULL,
        value => Err(fail(
            2_942_504,
            format!("The input argument to $sortArray must be an array, but was of type: {}", type_name(value)),
        )),
    }
}
