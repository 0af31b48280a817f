//! Conversions between types. The plain ones fail on values that have no such form; those ending in
//! `OrNull` answer null; the list forms convert every element or make it null.

use super::scalar::{first, wrong_type};
use super::signature::{Group, Signature, Types};
use crate::graph::Result;
use crate::value::graph::{Value, float_text};

const ANY: &[Types] = &[Types::ANY];
const LIST: &[Types] = &[Types::LIST];

pub(super) const FUNCTIONS: &[Signature] = &[
    Signature::new("toBoolean", Group::Scalar, ANY, Types::BOOLEAN, |args, _| to_boolean(first(args))),
    Signature::new("toBooleanOrNull", Group::Scalar, ANY, Types::BOOLEAN, |args, _| Ok(or_null(to_boolean, args))),
    Signature::new("toBooleanList", Group::List, LIST, Types::LIST, |args, _| each(to_boolean, args)),
    Signature::new("toInteger", Group::Scalar, ANY, Types::INTEGER, |args, _| to_integer(first(args))),
    Signature::new("toIntegerOrNull", Group::Scalar, ANY, Types::INTEGER, |args, _| Ok(or_null(to_integer, args))),
    Signature::new("toIntegerList", Group::List, LIST, Types::LIST, |args, _| each(to_integer, args)),
    Signature::new("toFloat", Group::Scalar, ANY, Types::FLOAT, |args, _| to_float(first(args))),
    Signature::new("toFloatOrNull", Group::Scalar, ANY, Types::FLOAT, |args, _| Ok(or_null(to_float, args))),
    Signature::new("toFloatList", Group::List, LIST, Types::LIST, |args, _| each(to_float, args)),
    Signature::new("toString", Group::Scalar, ANY, Types::STRING, |args, _| to_text(first(args))),
    Signature::new("toStringOrNull", Group::Scalar, ANY, Types::STRING, |args, _| Ok(or_null(to_text, args))),
    Signature::new("toStringList", Group::List, LIST, Types::LIST, |args, _| each(to_text, args)),
];

fn or_null(convert: fn(&Value) -> Result<Value>, args: &[&Value]) -> Value {
    convert(first(args)).unwrap_or(Value::Null)
}

fn each(convert: fn(&Value) -> Result<Value>, args: &[&Value]) -> Result<Value> {
    let items = super::scalar::list(args)?;
    Ok(Value::List(items.iter().map(|item| convert(item).unwrap_or(Value::Null)).collect()))
}

fn to_boolean(value: &Value) -> Result<Value> {
    Ok(match value {
        Value::Null | Value::Bool(_) => value.clone(),
        Value::Int(number) => Value::Bool(*number != 0),
        Value::String(text) => match text.trim().to_lowercase().as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => Value::Null,
        },
        other => return Err(wrong_type("Boolean, Integer or String", other)),
    })
}

fn to_integer(value: &Value) -> Result<Value> {
    Ok(match value {
        Value::Null | Value::Int(_) => value.clone(),
        Value::Bool(truth) => Value::Int(i64::from(*truth)),
        Value::Float(number) => float_to_integer(*number),
        Value::String(text) => {
            let text = text.trim();
            match text.parse::<i64>() {
                Ok(number) => Value::Int(number),
                Err(_) => parse_float(text).map_or(Value::Null, float_to_integer),
            }
        }
        other => return Err(wrong_type("Boolean, Integer, Float or String", other)),
    })
}

/// Towards zero; null for NaN and beyond 64 bits.
fn float_to_integer(number: f64) -> Value {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&number) { Value::Int(number as i64) } else { Value::Null }
}

fn to_float(value: &Value) -> Result<Value> {
    Ok(match value {
        Value::Null | Value::Float(_) => value.clone(),
        Value::Int(number) => Value::Float(*number as f64),
        Value::String(text) => parse_float(text.trim()).map_or(Value::Null, Value::Float),
        other => return Err(wrong_type("Float, Integer or String", other)),
    })
}

/// Digits, a point, an exponent; `NaN` and `Infinity` as written here, nothing else that Rust reads.
fn parse_float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.');
    if plain || matches!(unsigned, "NaN" | "Infinity") { text.parse().ok() } else { None }
}

fn to_text(value: &Value) -> Result<Value> {
    Ok(match value {
        Value::Null | Value::String(_) => value.clone(),
        Value::Bool(truth) => Value::string(if *truth { "true" } else { "false" }),
        Value::Int(number) => Value::string(number.to_string()),
        Value::Float(number) => Value::string(float_text(*number)),
        Value::Temporal(temporal) => Value::string(temporal.to_string()),
        other => return Err(wrong_type("Boolean, Integer, Float, String or a temporal value", other)),
    })
}
