//! mongosh's own types: their constructors, fields and methods.

use super::{Args, record};
use crate::script::convert::{from_bson, to_bson, to_text};
use crate::script::expression::Answer;
use crate::script::host::{Host, Thrown};
use crate::script::value::Value;
use crate::value::construct;
use bson::oid::ObjectId;
use bson::{Bson, Timestamp};
use std::rc::Rc;

pub(super) const METHODS: &[&str] = &[
    "add",
    "compare",
    "divide",
    "equals",
    "getTimestamp",
    "greaterThan",
    "lessThan",
    "modulo",
    "multiply",
    "subtract",
    "toBigInt",
    "toHexString",
    "toInt",
    "toNumber",
    "toString",
    "toUUID",
    "value",
    "valueOf",
];

/// Calls one of the constructors.
pub(super) fn construct(host: &mut dyn Host, name: &str, args: &Args) -> Answer {
    match (name, args.0.is_empty()) {
        ("ObjectId", true) => return Ok(Value::Typed(Rc::new(Bson::ObjectId(ObjectId::new())))),
        ("UUID", true) => {
            let mut bytes: [u8; 16] = std::array::from_fn(|_| (host.random() * 256.0) as u8);
            // Version 4, variant 1 (RFC 9562).
            bytes[6] = bytes[6] & 0x0f | 0x40;
            bytes[8] = bytes[8] & 0x3f | 0x80;
            let binary = bson::Binary { subtype: bson::spec::BinarySubtype::Uuid, bytes: bytes.to_vec() };
            return Ok(Value::Typed(Rc::new(Bson::Binary(binary))));
        }
        ("Timestamp", true) => {
            let time = u32::try_from(host.now_ms() / 1000).unwrap_or_default();
            return Ok(Value::Typed(Rc::new(Bson::Timestamp(Timestamp { time, increment: 1 }))));
        }
        _ => {}
    }
    let given: Vec<Bson> = args.0.iter().map(to_bson).collect::<Result<_, _>>()?;
    match construct::construct(name, &given) {
        // They keep the type that was asked for.
        Ok(value @ (Bson::Int32(_) | Bson::Double(_))) => Ok(Value::Typed(Rc::new(value))),
        Ok(value) => Ok(from_bson(value)),
        Err(reason) => Err(Thrown::error(reason.class, reason.message)),
    }
}

/// A field of a typed value.
pub(super) fn field(value: &Bson, name: &str) -> Value {
    match (value, name) {
        (Bson::Timestamp(stamp), "t") => Value::Number(f64::from(stamp.time)),
        (Bson::Timestamp(stamp), "i") => Value::Number(f64::from(stamp.increment)),
        (Bson::Int64(number), "low") => Value::Number(f64::from(*number as i32)),
        (Bson::Int64(number), "high") => Value::Number(f64::from((*number >> 32) as i32)),
        (Bson::Int32(number), "value") => Value::Number(f64::from(*number)),
        (Bson::Double(number), "value") => Value::Number(*number),
        (Bson::JavaScriptCode(code), "code") => Value::text(code.clone()),
        (Bson::Binary(binary), "sub_type") => Value::Number(f64::from(u8::from(binary.subtype))),
        (Bson::ObjectId(id), "str") => Value::text(id.to_hex()),
        _ => Value::Undefined,
    }
}

pub(super) fn method(value: &Rc<Bson>, name: &str, args: &Args) -> Result<Option<Value>, Thrown> {
    let typed = |value: Bson| Value::Typed(Rc::new(value));
    Ok(Some(match (&**value, name) {
        (_, "equals") => Value::Boolean(to_bson(args.get(0)).is_ok_and(|other| {
            other == **value
                || matches!(**value, Bson::ObjectId(_))
                    && other.as_str() == Some(&to_text(&Value::Typed(Rc::clone(value))))
        })),
        (Bson::ObjectId(id), "getTimestamp") => Value::date(id.timestamp().timestamp_millis() as f64),
        (Bson::ObjectId(id), "toHexString" | "valueOf") => Value::text(id.to_hex()),
        (Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_), "toNumber" | "valueOf" | "toInt") => {
            let number = Value::Typed(Rc::clone(value)).as_number().unwrap_or(f64::NAN);
            Value::Number(if name == "toInt" { f64::from(number as i64 as i32) } else { number })
        }
        (Bson::Int64(number), "toBigInt") => typed(Bson::Int64(*number)),
        (Bson::Int64(number), _) if args.0.len() == 1 => {
            let other = to_bson(args.get(0)).ok().and_then(|other| match construct::construct("Long", &[other]) {
                Ok(Bson::Int64(other)) => Some(other),
                _ => None,
            });
            let Some(other) = other else { return Err(Thrown::type_error(format!("Long.{name} needs a number"))) };
            match long_method(*number, name, other) {
                Some(value) => value,
                None => return Ok(None),
            }
        }
        (Bson::Binary(_), "toUUID") => Value::Typed(Rc::clone(value)),
        (Bson::Binary(binary), "length") => Value::from(binary.bytes.len()),
        (Bson::Binary(binary), "hex") => {
            Value::text(binary.bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
        }
        (Bson::Binary(_), "toHexString") => Value::text(to_text(&Value::Typed(Rc::clone(value)))),
        (Bson::Timestamp(stamp), "getTime") => Value::Number(f64::from(stamp.time)),
        (Bson::Timestamp(stamp), "toJSON") => {
            record([("t", Value::Number(f64::from(stamp.time))), ("i", Value::Number(f64::from(stamp.increment)))])
        }
        _ => return Ok(None),
    }))
}

fn long_method(number: i64, name: &str, other: i64) -> Option<Value> {
    let typed = |number: i64| Value::Typed(Rc::new(Bson::Int64(number)));
    Some(match name {
        "add" => typed(number.wrapping_add(other)),
        "subtract" | "sub" => typed(number.wrapping_sub(other)),
        "multiply" | "mul" => typed(number.wrapping_mul(other)),
        "divide" | "div" => typed(number.checked_div(other).unwrap_or(0)),
        "modulo" | "mod" => typed(number.checked_rem(other).unwrap_or(0)),
        "compare" => Value::Number(f64::from(number.cmp(&other) as i8)),
        "greaterThan" | "gt" => Value::Boolean(number > other),
        "greaterThanOrEqual" | "gte" => Value::Boolean(number >= other),
        "lessThan" | "lt" => Value::Boolean(number < other),
        "lessThanOrEqual" | "lte" => Value::Boolean(number <= other),
        _ => return None,
    })
}
