//! Operators of JavaScript on values.

use super::convert::{field_name, index, to_number, to_text};
use super::heap::Class;
use super::host::Thrown;
use super::value::Value;
use crate::ast::script::Binary;
use bson::Bson;
use std::rc::Rc;

/// A string may not grow longer than this.
pub const LONGEST_TEXT: usize = 1 << 28;

/// An operator between two values.
///
/// # Errors
/// Operands that it does not take; a string that grows too long.
pub fn binary(operator: Binary, left: &Value, right: &Value) -> Result<Value, Thrown> {
    let numbers = || (to_number(left), to_number(right));
    Ok(match operator {
        Binary::Add => return add(left, right),
        Binary::Subtract => difference(left, right),
        Binary::Multiply => Value::Number(to_number(left) * to_number(right)),
        Binary::Divide => Value::Number(to_number(left) / to_number(right)),
        Binary::Remainder => Value::Number(to_number(left) % to_number(right)),
        Binary::Power => Value::Number(to_number(left).powf(to_number(right))),
        Binary::Equal => Value::Boolean(equal(left, right)),
        Binary::NotEqual => Value::Boolean(!equal(left, right)),
        Binary::Same => Value::Boolean(same(left, right)),
        Binary::NotSame => Value::Boolean(!same(left, right)),
        Binary::Less => Value::Boolean(compare(left, right, |order| order.is_lt())),
        Binary::LessOrEqual => Value::Boolean(compare(left, right, |order| order.is_le())),
        Binary::Greater => Value::Boolean(compare(left, right, |order| order.is_gt())),
        Binary::GreaterOrEqual => Value::Boolean(compare(left, right, |order| order.is_ge())),
        Binary::BitAnd => bits(numbers(), |a, b| a & b),
        Binary::BitOr => bits(numbers(), |a, b| a | b),
        Binary::BitXor => bits(numbers(), |a, b| a ^ b),
        Binary::ShiftLeft => bits(numbers(), |a, b| a.wrapping_shl(b as u32 & 31)),
        Binary::ShiftRight => bits(numbers(), |a, b| a.wrapping_shr(b as u32 & 31)),
        Binary::ShiftRightUnsigned => {
            let (a, b) = numbers();
            Value::Number(f64::from((to_int32(a) as u32).wrapping_shr(to_int32(b) as u32 & 31)))
        }
        Binary::In => Value::Boolean(has_field(right, left)?),
        Binary::InstanceOf => Value::Boolean(is_instance(left, right)?),
    })
}

fn add(left: &Value, right: &Value) -> Result<Value, Thrown> {
    if let (Value::Number(left), Value::Number(right)) = (left, right) {
        return Ok(Value::Number(left + right));
    }
    // Of what is no plain value, the text is taken.
    let joins = |value: &Value| match value {
        Value::Undefined | Value::Null | Value::Boolean(_) | Value::Number(_) => false,
        Value::Typed(typed) => value.as_number().is_none() && !matches!(**typed, Bson::Decimal128(_)),
        _ => true,
    };
    if !joins(left) && !joins(right) {
        return Ok(Value::Number(to_number(left) + to_number(right)));
    }
    let (left, right) = (to_text(left), to_text(right));
    if left.len() + right.len() > LONGEST_TEXT {
        return Err(too_long());
    }
    Ok(Value::text(left + &right))
}

/// The error of a string that grows too long.
pub fn too_long() -> Thrown {
    Thrown::error("RangeError", "Invalid string length")
}

/// Longs stay exact.
fn difference(left: &Value, right: &Value) -> Value {
    Value::Number(to_number(left) - to_number(right))
}

/// A number's 32 low bits.
pub fn to_int32(number: f64) -> i32 {
    if !number.is_finite() {
        return 0;
    }
    (number.trunc() % 4_294_967_296.0) as i64 as i32
}

fn bits((left, right): (f64, f64), operator: impl Fn(i32, i32) -> i32) -> Value {
    Value::Number(f64::from(operator(to_int32(left), to_int32(right))))
}

/// `===`
pub fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Undefined, Value::Undefined) | (Value::Null, Value::Null) => true,
        (Value::Boolean(left), Value::Boolean(right)) => left == right,
        (Value::Text(left), Value::Text(right)) => **left == **right,
        (Value::Date(left), Value::Date(right)) => Rc::ptr_eq(left, right),
        (Value::Regex(left), Value::Regex(right)) => Rc::ptr_eq(left, right),
        (Value::Array(left), Value::Array(right)) => Rc::ptr_eq(left, right),
        (Value::Object(left), Value::Object(right)) => Rc::ptr_eq(left, right),
        (Value::Dictionary(left), Value::Dictionary(right)) => Rc::ptr_eq(left, right),
        (Value::Function(left), Value::Function(right)) => Rc::ptr_eq(left, right),
        (Value::Builtin(left), Value::Builtin(right)) => left == right,
        (Value::Host(left), Value::Host(right)) => Rc::ptr_eq(left, right),
        (Value::Typed(left), Value::Typed(right)) if Rc::ptr_eq(left, right) => true,
        _ => match (left.as_number(), right.as_number()) {
            (Some(left), Some(right)) => left == right,
            _ => false,
        },
    }
}

/// `==`
pub fn equal(left: &Value, right: &Value) -> bool {
    let is_plain = |value: &Value| {
        matches!(value, Value::Boolean(_) | Value::Number(_) | Value::Text(_)) || value.as_number().is_some()
    };
    match (left, right) {
        _ if left.is_nothing() || right.is_nothing() => left.is_nothing() && right.is_nothing(),
        (Value::Text(_), Value::Text(_)) => same(left, right),
        _ if is_plain(left) && is_plain(right) => to_number(left) == to_number(right),
        _ if is_plain(left) != is_plain(right) => {
            let (plain, other) = if is_plain(left) { (left, right) } else { (right, left) };
            match plain {
                Value::Text(text) => **text == *to_text(other),
                _ => to_number(plain) == to_number(&Value::text(to_text(other))),
            }
        }
        _ => same(left, right),
    }
}

fn compare(left: &Value, right: &Value, holds: impl Fn(std::cmp::Ordering) -> bool) -> bool {
    let as_text = |value: &Value| match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Typed(typed) if matches!(**typed, Bson::ObjectId(_) | Bson::Binary(_)) => Some(to_text(value)),
        _ => None,
    };
    match (as_text(left), as_text(right)) {
        (Some(left), Some(right)) => holds(utf16_order(&left, &right)),
        _ => to_number(left).partial_cmp(&to_number(right)).is_some_and(holds),
    }
}

/// The order of strings by their UTF-16 units.
pub fn utf16_order(left: &str, right: &str) -> std::cmp::Ordering {
    if left.is_ascii() && right.is_ascii() { left.cmp(right) } else { left.encode_utf16().cmp(right.encode_utf16()) }
}

fn has_field(object: &Value, name: &Value) -> Result<bool, Thrown> {
    match object {
        Value::Object(object) => Ok(object.fields().contains_key(&field_name(name))),
        Value::Array(array) => Ok(index(name).is_some_and(|at| at < array.len())),
        Value::Dictionary(_) | Value::Date(_) | Value::Function(_) | Value::Host(_) | Value::Regex(_) => Ok(false),
        other => Err(Thrown::type_error(format!(
            "Cannot use 'in' operator to search for '{}' in {}",
            to_text(name),
            to_text(other)
        ))),
    }
}

fn is_instance(value: &Value, class: &Value) -> Result<bool, Thrown> {
    let Value::Builtin(class) = class else {
        return Err(Thrown::type_error("Right-hand side of 'instanceof' is not callable")
            .hint("only the types that are always there: Array, Date, ObjectId, Error …"));
    };
    Ok(match (value, &**class) {
        (Value::Array(_), "Array" | "Object") => true,
        (Value::Date(_), "Date" | "ISODate" | "Object") => true,
        (Value::Regex(_), "RegExp" | "Object") => true,
        (Value::Function(_) | Value::Builtin(_), "Function" | "Object") => true,
        (Value::Dictionary(dictionary), name) => {
            name == "Object" || name == if dictionary.is_set { "Set" } else { "Map" }
        }
        (Value::Object(object), name) => match &object.class {
            Class::Error(_) => {
                matches!(name, "Error" | "Object") || object.get("name").is_some_and(|own| to_text(&own) == name)
            }
            Class::Plain => name == "Object",
        },
        (Value::Typed(value), name) => match &**value {
            Bson::ObjectId(_) => name == "ObjectId",
            Bson::Int64(_) => matches!(name, "Long" | "NumberLong"),
            Bson::Int32(_) => matches!(name, "Int32" | "NumberInt"),
            Bson::Double(_) => name == "Double",
            Bson::Decimal128(_) => matches!(name, "Decimal128" | "NumberDecimal"),
            Bson::Timestamp(_) => name == "Timestamp",
            Bson::Binary(_) => matches!(name, "Binary" | "BinData" | "UUID"),
            _ => false,
        },
        _ => false,
    })
}
