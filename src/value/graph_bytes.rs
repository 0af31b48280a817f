//! The stored bytes of property values: a tag, then the shortest form of the value.
//!
//! Integers, lengths and days are variable-length (7 bits a byte, zigzag for signed ones); floats are
//! eight bytes, little-endian. Nodes, relationships and paths cannot be stored.

use super::graph::{Crs, Point, Value};
use super::temporal::{Date, DateTime, Duration, LocalDateTime, LocalTime, Temporal, Time};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Lists and maps inside each other, at most.
const MAX_DEPTH: usize = 128;

/// Bytes that are no property value, or a value that cannot be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BytesError {
    /// The bytes end too early or hold an unknown tag.
    #[error("damaged property value")]
    Damaged,
    /// A node, relationship or path, or lists nested too deep.
    #[error("this value cannot be stored as a property")]
    NotStorable,
}

type Result<T> = std::result::Result<T, BytesError>;

mod tag {
    pub const NULL: u8 = 0;
    pub const FALSE: u8 = 1;
    pub const TRUE: u8 = 2;
    pub const INT: u8 = 3;
    pub const FLOAT: u8 = 4;
    pub const STRING: u8 = 5;
    pub const LIST: u8 = 6;
    pub const MAP: u8 = 7;
    pub const DATE: u8 = 8;
    pub const LOCAL_TIME: u8 = 9;
    pub const TIME: u8 = 10;
    pub const LOCAL_DATE_TIME: u8 = 11;
    pub const DATE_TIME: u8 = 12;
    pub const DURATION: u8 = 13;
    pub const POINT: u8 = 14;
}

/// Appends the bytes of a value.
pub fn encode(value: &Value, out: &mut Vec<u8>) -> Result<()> {
    encode_nested(value, out, 0)
}

fn encode_nested(value: &Value, out: &mut Vec<u8>, depth: usize) -> Result<()> {
    if depth > MAX_DEPTH {
        return Err(BytesError::NotStorable);
    }
    match value {
        Value::Null => out.push(tag::NULL),
        Value::Bool(false) => out.push(tag::FALSE),
        Value::Bool(true) => out.push(tag::TRUE),
        Value::Int(value) => {
            out.push(tag::INT);
            put_signed(out, *value);
        }
        Value::Float(value) => {
            out.push(tag::FLOAT);
            out.extend_from_slice(&value.to_bits().to_le_bytes());
        }
        Value::String(value) => {
            out.push(tag::STRING);
            put_text(out, value);
        }
        Value::List(items) => {
            out.push(tag::LIST);
            put_unsigned(out, items.len() as u64);
            for item in items {
                encode_nested(item, out, depth + 1)?;
            }
        }
        Value::Map(entries) => {
            out.push(tag::MAP);
            put_unsigned(out, entries.len() as u64);
            for (key, value) in entries {
                put_text(out, key);
                encode_nested(value, out, depth + 1)?;
            }
        }
        Value::Temporal(value) => encode_temporal(value, out),
        Value::Point(point) => {
            out.push(tag::POINT);
            put_signed(out, point.crs.srid());
            for number in point.coordinates() {
                out.extend_from_slice(&number.to_bits().to_le_bytes());
            }
        }
        Value::Node(_) | Value::Relationship(_) | Value::Path(_) | Value::Entity(_) => {
            return Err(BytesError::NotStorable);
        }
    }
    Ok(())
}

fn encode_temporal(value: &Temporal, out: &mut Vec<u8>) {
    match value {
        Temporal::Date(value) => {
            out.push(tag::DATE);
            put_signed(out, value.days());
        }
        Temporal::LocalTime(value) => {
            out.push(tag::LOCAL_TIME);
            put_signed(out, value.nanos());
        }
        Temporal::Time(value) => {
            out.push(tag::TIME);
            put_signed(out, value.local.nanos());
            put_signed(out, value.offset.into());
        }
        Temporal::LocalDateTime(value) => {
            out.push(tag::LOCAL_DATE_TIME);
            put_signed(out, value.date.days());
            put_signed(out, value.time.nanos());
        }
        Temporal::DateTime(value) => {
            out.push(tag::DATE_TIME);
            put_signed(out, value.local.date.days());
            put_signed(out, value.local.time.nanos());
            put_signed(out, value.offset.into());
            put_text(out, value.zone.as_deref().unwrap_or(""));
        }
        Temporal::Duration(value) => {
            out.push(tag::DURATION);
            put_signed(out, value.months);
            put_signed(out, value.days);
            put_signed(out, value.seconds);
            put_signed(out, value.nanos.into());
        }
    }
}

fn put_unsigned(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn put_signed(out: &mut Vec<u8>, value: i64) {
    put_unsigned(out, ((value << 1) ^ (value >> 63)) as u64);
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_unsigned(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Reads a value from the front of `bytes` and moves `bytes` behind it.
pub fn decode(bytes: &mut &[u8]) -> Result<Value> {
    Reader { bytes }.value(0)
}

/// Moves `bytes` behind a value without building it.
pub fn skip(bytes: &mut &[u8]) -> Result<()> {
    Reader { bytes }.skip(0)
}

struct Reader<'r, 'b> {
    bytes: &'r mut &'b [u8],
}

impl<'b> Reader<'_, 'b> {
    fn float(&mut self) -> Result<f64> {
        let bytes = self.take(8)?.try_into().map_err(|_| BytesError::Damaged)?;
        Ok(f64::from_bits(u64::from_le_bytes(bytes)))
    }

    fn take(&mut self, count: usize) -> Result<&'b [u8]> {
        let (head, rest) = self.bytes.split_at_checked(count).ok_or(BytesError::Damaged)?;
        *self.bytes = rest;
        Ok(head)
    }

    fn byte(&mut self) -> Result<u8> {
        let (first, rest) = self.bytes.split_first().ok_or(BytesError::Damaged)?;
        *self.bytes = rest;
        Ok(*first)
    }

    fn unsigned(&mut self) -> Result<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(BytesError::Damaged)
    }

    fn signed(&mut self) -> Result<i64> {
        let value = self.unsigned()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// A number of things that each take at least a byte.
    fn count(&mut self) -> Result<usize> {
        let count = usize::try_from(self.unsigned()?).map_err(|_| BytesError::Damaged)?;
        if count > self.bytes.len() { Err(BytesError::Damaged) } else { Ok(count) }
    }

    fn text(&mut self) -> Result<&'b str> {
        let length = self.count()?;
        std::str::from_utf8(self.take(length)?).map_err(|_| BytesError::Damaged)
    }

    fn date(&mut self) -> Result<Date> {
        Date::from_days(self.signed()?).map_err(|_| BytesError::Damaged)
    }

    fn time(&mut self) -> Result<LocalTime> {
        Ok(LocalTime::from_nanos_wrapping(self.signed()?))
    }

    fn small(&mut self) -> Result<i32> {
        i32::try_from(self.signed()?).map_err(|_| BytesError::Damaged)
    }

    fn value(&mut self, depth: usize) -> Result<Value> {
        if depth > MAX_DEPTH {
            return Err(BytesError::Damaged);
        }
        Ok(match self.byte()? {
            tag::NULL => Value::Null,
            tag::FALSE => Value::Bool(false),
            tag::TRUE => Value::Bool(true),
            tag::INT => Value::Int(self.signed()?),
            tag::FLOAT => Value::Float(self.float()?),
            tag::POINT => {
                let crs = Crs::by_srid(self.signed()?).ok_or(BytesError::Damaged)?;
                let (x, y) = (self.float()?, self.float()?);
                Value::Point(Point { crs, x, y, z: if crs.has_height() { self.float()? } else { 0.0 } })
            }
            tag::STRING => Value::String(Arc::from(self.text()?)),
            tag::LIST => {
                let count = self.count()?;
                let mut items = Vec::with_capacity(count);
                for _ in 0..count {
                    items.push(self.value(depth + 1)?);
                }
                Value::List(items)
            }
            tag::MAP => {
                let mut entries = BTreeMap::new();
                for _ in 0..self.count()? {
                    let key = self.text()?.to_owned();
                    entries.insert(key, self.value(depth + 1)?);
                }
                Value::Map(entries)
            }
            tag::DATE => self.date()?.into(),
            tag::LOCAL_TIME => self.time()?.into(),
            tag::TIME => Time { local: self.time()?, offset: self.small()? }.into(),
            tag::LOCAL_DATE_TIME => LocalDateTime { date: self.date()?, time: self.time()? }.into(),
            tag::DATE_TIME => {
                let local = LocalDateTime { date: self.date()?, time: self.time()? };
                let offset = self.small()?;
                let zone = Some(self.text()?).filter(|name| !name.is_empty()).map(Arc::from);
                DateTime { local, offset, zone }.into()
            }
            tag::DURATION => {
                let (months, days, seconds) = (self.signed()?, self.signed()?, self.signed()?);
                Duration { months, days, seconds, nanos: self.small()? }.into()
            }
            _ => return Err(BytesError::Damaged),
        })
    }

    fn skip(&mut self, depth: usize) -> Result<()> {
        if depth > MAX_DEPTH {
            return Err(BytesError::Damaged);
        }
        let signed = match self.byte()? {
            tag::NULL | tag::FALSE | tag::TRUE => 0,
            tag::INT | tag::DATE | tag::LOCAL_TIME => 1,
            tag::TIME | tag::LOCAL_DATE_TIME => 2,
            tag::DATE_TIME => {
                for _ in 0..3 {
                    self.unsigned()?;
                }
                self.text()?;
                0
            }
            tag::DURATION => 4,
            tag::FLOAT => {
                self.take(8)?;
                0
            }
            tag::POINT => {
                let crs = Crs::by_srid(self.signed()?).ok_or(BytesError::Damaged)?;
                self.take(if crs.has_height() { 24 } else { 16 })?;
                0
            }
            tag::STRING => {
                let length = self.count()?;
                self.take(length)?;
                0
            }
            tag::LIST => {
                for _ in 0..self.count()? {
                    self.skip(depth + 1)?;
                }
                0
            }
            tag::MAP => {
                for _ in 0..self.count()? {
                    self.text()?;
                    self.skip(depth + 1)?;
                }
                0
            }
            _ => return Err(BytesError::Damaged),
        };
        for _ in 0..signed {
            self.unsigned()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::graph::{compare_order, equivalent};
    use crate::value::graph_key;
    use proptest::prelude::*;

    fn temporal() -> impl Strategy<Value = Value> {
        let date = (-365_000_000_000_i64..365_000_000_000).prop_map(|days| Date::from_days(days).unwrap());
        let time = any::<i64>().prop_map(LocalTime::from_nanos_wrapping);
        let local = (date.clone(), time.clone()).prop_map(|(date, time)| LocalDateTime { date, time });
        let offset = -64_800_i32..=64_800;
        prop_oneof![
            date.prop_map(Value::from),
            time.clone().prop_map(Value::from),
            (time, offset.clone()).prop_map(|(local, offset)| Time { local, offset }.into()),
            local.clone().prop_map(Value::from),
            (local, offset, proptest::option::of("[A-Z][a-z]{2,8}/[A-Z][a-z]{2,8}"))
                .prop_map(|(local, offset, zone)| DateTime { local, offset, zone: zone.map(Arc::from) }.into()),
            (any::<i32>(), any::<i32>(), any::<i32>(), 0..1_000_000_000).prop_map(|(months, days, seconds, nanos)| {
                Duration { months: months.into(), days: days.into(), seconds: seconds.into(), nanos }.into()
            }),
        ]
    }

    fn property() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::Int),
            (-3_i64..3).prop_map(Value::Int),
            any::<f64>().prop_map(Value::Float),
            "[a-c\\x00é]{0,4}".prop_map(Value::string),
            temporal(),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| proptest::collection::vec(inner, 0..4).prop_map(Value::List))
    }

    proptest! {
        #[test]
        fn values_come_back(value in property()) {
            let mut bytes = Vec::new();
            encode(&value, &mut bytes).unwrap();
            bytes.push(0xff);
            let mut rest = bytes.as_slice();
            prop_assert!(equivalent(&decode(&mut rest).unwrap(), &value));
            prop_assert_eq!(rest, &[0xff]);
            let mut rest = bytes.as_slice();
            skip(&mut rest).unwrap();
            prop_assert_eq!(rest, &[0xff]);
        }

        #[test]
        fn damaged_bytes_are_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let mut rest = bytes.as_slice();
            let decoded = decode(&mut rest);
            let mut skipped = bytes.as_slice();
            if decoded.is_ok() {
                prop_assert!(skip(&mut skipped).is_ok());
                prop_assert_eq!(rest, skipped);
            }
        }

        #[test]
        fn index_keys_order_as_values_do(a in property(), b in property()) {
            let (mut key_a, mut key_b) = (Vec::new(), Vec::new());
            prop_assert!(graph_key::encode(&a, &mut key_a));
            prop_assert!(graph_key::encode(&b, &mut key_b));
            prop_assert_eq!(key_a.cmp(&key_b), compare_order(&a, &b));
        }
    }
}
