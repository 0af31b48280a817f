//! Order-preserving bytes of graph values, for property indexes.
//!
//! Bytes compare as [`compare_order`](super::graph::compare_order) does for the values that can be
//! properties, and equal numbers have equal bytes whether they are integers or floats. A key is a
//! prefix code: no key is the beginning of another, so further columns may follow.

use super::graph::Value;
use super::temporal::Temporal;

mod tag {
    pub const LIST: u8 = 0x10;
    pub const POINT: u8 = 0x18;
    pub const DATE_TIME: u8 = 0x20;
    pub const LOCAL_DATE_TIME: u8 = 0x21;
    pub const DATE: u8 = 0x22;
    pub const TIME: u8 = 0x23;
    pub const LOCAL_TIME: u8 = 0x24;
    pub const DURATION: u8 = 0x25;
    pub const STRING: u8 = 0x30;
    pub const FALSE: u8 = 0x38;
    pub const TRUE: u8 = 0x39;
    pub const NUMBER: u8 = 0x40;
    pub const NAN: u8 = 0x41;
    pub const NULL: u8 = 0x50;
    /// Behind the last element of a list; below all other tags, so that a shorter list comes first.
    pub const END: u8 = 0x01;
}

/// The first and the last-but-one byte prefix of all keys that `<` and its siblings can compare with
/// `value`: `[start, end)`. `None` if nothing compares with it.
pub fn comparable_range(value: &Value) -> Option<(Vec<u8>, Vec<u8>)> {
    let (first, last) = match value {
        Value::Int(_) => (tag::NUMBER, tag::NUMBER),
        Value::Float(number) if !number.is_nan() => (tag::NUMBER, tag::NUMBER),
        Value::String(_) => (tag::STRING, tag::STRING),
        Value::Bool(_) => (tag::FALSE, tag::TRUE),
        Value::List(_) => (tag::LIST, tag::LIST),
        Value::Temporal(Temporal::Date(_)) => (tag::DATE, tag::DATE),
        Value::Temporal(Temporal::LocalTime(_)) => (tag::LOCAL_TIME, tag::LOCAL_TIME),
        Value::Temporal(Temporal::Time(_)) => (tag::TIME, tag::TIME),
        Value::Temporal(Temporal::LocalDateTime(_)) => (tag::LOCAL_DATE_TIME, tag::LOCAL_DATE_TIME),
        Value::Temporal(Temporal::DateTime(_)) => (tag::DATE_TIME, tag::DATE_TIME),
        _ => return None,
    };
    Some((vec![first], vec![last + 1]))
}

/// The prefix shared by the keys of all strings that begin with `text`.
pub fn string_prefix(text: &str) -> Vec<u8> {
    let mut out = vec![tag::STRING];
    put_escaped(&mut out, text.as_bytes());
    out
}

/// Appends the key of a value; false, with nothing appended, if values of its kind are not indexed
/// (maps and entities).
pub fn encode(value: &Value, out: &mut Vec<u8>) -> bool {
    let start = out.len();
    let indexed = put(value, out, 0);
    if !indexed {
        out.truncate(start);
    }
    indexed
}

fn put(value: &Value, out: &mut Vec<u8>, depth: usize) -> bool {
    match value {
        Value::Null => out.push(tag::NULL),
        Value::Bool(false) => out.push(tag::FALSE),
        Value::Bool(true) => out.push(tag::TRUE),
        Value::Int(value) => put_int(out, *value),
        Value::Float(value) if value.is_nan() => out.push(tag::NAN),
        Value::Float(value) => put_number(out, *value, 0),
        Value::String(value) => {
            out.push(tag::STRING);
            put_escaped(out, value.as_bytes());
            out.extend_from_slice(&[0, 0]);
        }
        Value::List(items) => {
            if depth > 32 {
                return false;
            }
            out.push(tag::LIST);
            for item in items {
                if !put(item, out, depth + 1) {
                    return false;
                }
            }
            out.push(tag::END);
        }
        Value::Point(point) => {
            out.push(tag::POINT);
            put_i64(out, point.crs.srid());
            for number in [point.x, point.y, point.z] {
                put(&Value::Float(number), out, depth);
            }
        }
        Value::Temporal(value) => put_temporal(out, value),
        Value::Map(_) | Value::Node(_) | Value::Relationship(_) | Value::Path(_) | Value::Entity(_) => return false,
    }
    true
}

/// An integer as the greatest float not above it and what is missing (below 2,048).
fn put_int(out: &mut Vec<u8>, value: i64) {
    let mut float = value as f64;
    if float as i128 > i128::from(value) {
        float = f64::from_bits(if float > 0.0 { float.to_bits() - 1 } else { float.to_bits() + 1 });
    }
    let missing = i128::from(value) - float as i128;
    put_number(out, float, missing as u16);
}

fn put_number(out: &mut Vec<u8>, float: f64, missing: u16) {
    out.push(tag::NUMBER);
    let float = if float == 0.0 { 0.0 } else { float };
    let bits = float.to_bits();
    let ordered = if bits >> 63 == 0 { bits | 1 << 63 } else { !bits };
    out.extend_from_slice(&ordered.to_be_bytes());
    out.extend_from_slice(&missing.to_be_bytes());
}

/// Bytes in which a zero is followed by 0xff, so that two zeros can end them.
fn put_escaped(out: &mut Vec<u8>, bytes: &[u8]) {
    for &byte in bytes {
        out.push(byte);
        if byte == 0 {
            out.push(0xff);
        }
    }
}

fn put_i64(out: &mut Vec<u8>, value: i64) {
    out.extend_from_slice(&((value as u64) ^ (1 << 63)).to_be_bytes());
}

fn put_temporal(out: &mut Vec<u8>, value: &Temporal) {
    match value {
        Temporal::Date(value) => {
            out.push(tag::DATE);
            put_i64(out, value.days());
        }
        Temporal::LocalTime(value) => {
            out.push(tag::LOCAL_TIME);
            put_i64(out, value.nanos());
        }
        Temporal::Time(value) => {
            out.push(tag::TIME);
            put_i64(out, value.utc_nanos());
            put_i64(out, value.offset.into());
        }
        Temporal::LocalDateTime(value) => {
            out.push(tag::LOCAL_DATE_TIME);
            put_i64(out, value.date.days());
            put_i64(out, value.time.nanos());
        }
        Temporal::DateTime(value) => {
            out.push(tag::DATE_TIME);
            put_i64(out, value.epoch_seconds());
            put_i64(out, value.local.time.nano());
            put_i64(out, value.offset.into());
            put_escaped(out, value.zone.as_deref().unwrap_or("").as_bytes());
            out.extend_from_slice(&[0, 0]);
        }
        Temporal::Duration(value) => {
            out.push(tag::DURATION);
            out.extend_from_slice(&((value.average_nanos() as u128) ^ (1 << 127)).to_be_bytes());
            put_i64(out, value.months);
            put_i64(out, value.days);
            put_i64(out, value.seconds);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::graph::compare_order;

    fn key(value: &Value) -> Vec<u8> {
        let mut out = Vec::new();
        assert!(encode(value, &mut out));
        out
    }

    #[test]
    fn keys_order_as_values_do() {
        let big = 1_i64 << 53;
        let mut values: Vec<Value> = [0, 1, -1, 7, big, big + 1, big + 2, big + 3, -big - 1, -big, i64::MAX, i64::MIN]
            .into_iter()
            .map(Value::Int)
            .collect();
        values.extend(
            [0.0, -0.0, 1.0, 1.5, -1.5, 9.007_199_254_740_992e15, 9.3e18, -9.3e18, f64::INFINITY, f64::NAN]
                .into_iter()
                .map(Value::Float),
        );
        values.extend(["", "a", "a\0", "a\0b", "ab", "b"].into_iter().map(Value::string));
        values.extend([Value::Bool(true), Value::Bool(false), Value::Null]);
        values.push(Value::List(vec![]));
        values.push(Value::List(vec![Value::Int(1)]));
        values.push(Value::List(vec![Value::Int(1), Value::Null]));
        values.push(Value::List(vec![Value::Null]));
        for a in &values {
            for b in &values {
                assert_eq!(key(a).cmp(&key(b)), compare_order(a, b), "{a:?} {b:?}");
            }
        }
    }
}
