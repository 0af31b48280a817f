//! `$convert`, `$toInt` and its kin, `$type`, `$isNumber`.

use super::conversion_text;
use super::date_format::iso;
use super::date_parse;
use super::node::{Node, Value};
use super::number::Number;
use super::operator::{Operator, integral, positional, special};
use super::parse::{Parser, failed};
use super::scope::Scope;
use super::type_name::type_name;
use crate::doc::{Code, Error, Result};
use crate::value::decimal::{Decimal, Rounding};
use crate::value::order::is_nullish;
use bson::oid::ObjectId;
use bson::{Bson, DateTime};
use std::borrow::Cow;

pub(super) const OPERATORS: &[Operator] = &[
    special("$convert", convert),
    positional("$isNumber", 1, 1, |a| Ok(Some(Bson::Boolean(a.is_number(0))))),
    special("$toBool", shorthand),
    special("$toDate", shorthand),
    special("$toDecimal", shorthand),
    special("$toDouble", shorthand),
    special("$toInt", shorthand),
    special("$toLong", shorthand),
    special("$toObjectId", shorthand),
    special("$toString", shorthand),
    special("$toUUID", shorthand),
    positional("$type", 1, 1, |a| Ok(Some(Bson::String(a.type_name(0).to_owned())))),
];

/// `$convert`
#[derive(Debug, Clone)]
pub(super) struct Convert {
    input: Node,
    to: Node,
    format: Option<Node>,
    on_error: Option<Node>,
    on_null: Option<Node>,
}

/// A target type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Double,
    String,
    ObjectId,
    Bool,
    Date,
    Int,
    Long,
    Decimal,
    Binary(Option<u8>),
    Unsupported(&'static str),
}

impl Convert {
    pub fn evaluate<'a>(&'a self, scope: &Scope<'a>) -> Result<Value<'a>> {
        let input = self.input.evaluate(scope)?;
        let to = self.to.evaluate(scope)?;
        if is_nullish(input.as_deref()) {
            return match &self.on_null {
                Some(node) => node.evaluate(scope),
                None => Ok(Some(Cow::Owned(Bson::Null))),
            };
        }
        let Some(target) = target(to.as_deref())? else { return Ok(Some(Cow::Owned(Bson::Null))) };
        let Some(input) = input else { return Ok(None) };
        let format = self.format.as_ref().map(|node| node.evaluate(scope)).transpose()?.flatten();
        match convert_to(&input, target, format.as_deref()) {
            Ok(value) => Ok(Some(Cow::Owned(value))),
            Err(error) if error.code == Code::ConversionFailure => match &self.on_error {
                Some(node) => node.evaluate(scope),
                None => Err(error),
            },
            Err(error) => Err(error),
        }
    }
}

fn convert(name: &'static str, argument: &Bson, parser: &mut Parser<'_>) -> Result<Node> {
    let fields = ["input", "to", "onError", "onNull", "format", "byteOrder"];
    let mut parts = parser.named(name, argument, &fields, 2)?.into_iter();
    let mut next = || parts.next().flatten();
    let (Some(input), Some(to)) = (next(), next()) else {
        return Err(failed("Missing 'to' parameter to $convert"));
    };
    let (on_error, on_null, format) = (next(), next(), next());
    if let Node::Constant(value) = &to {
        target(Some(value))?;
    }
    Ok(Node::Convert(Box::new(Convert { input, to, format, on_error, on_null })))
}

fn shorthand(name: &'static str, argument: &Bson, parser: &mut Parser<'_>) -> Result<Node> {
    let to = match name {
        "$toBool" => "bool",
        "$toDate" => "date",
        "$toDecimal" => "decimal",
        "$toDouble" => "double",
        "$toInt" => "int",
        "$toLong" => "long",
        "$toObjectId" => "objectId",
        "$toUUID" => "binData",
        _ => "string",
    };
    let mut nodes = parser.positional(name, argument, 1, 1)?;
    let input = nodes.pop().unwrap_or(Node::Missing);
    let format = (name == "$toUUID").then(|| Node::Constant(Bson::String("uuid".to_owned())));
    let to = match name {
        "$toUUID" => Bson::Document(bson::doc! { "type": to, "subtype": 4 }),
        _ => Bson::String(to.to_owned()),
    };
    let to = Node::Constant(to);
    Ok(Node::Convert(Box::new(Convert { input, to, format, on_error: None, on_null: None })))
}

/// The type named or numbered by `to`; `None` for null.
fn target(to: Option<&Bson>) -> Result<Option<Target>> {
    let (to, subtype) = match to {
        Some(Bson::Document(document)) => {
            let subtype = document.get("subtype").and_then(integral).and_then(|number| u8::try_from(number).ok());
            (document.get("type"), subtype)
        }
        other => (other, None),
    };
    Ok(Some(match to {
        value if is_nullish(value) => return Ok(None),
        Some(Bson::String(name)) => match name.as_str() {
            "double" => Target::Double,
            "string" => Target::String,
            "objectId" => Target::ObjectId,
            "bool" => Target::Bool,
            "date" => Target::Date,
            "int" => Target::Int,
            "long" => Target::Long,
            "decimal" => Target::Decimal,
            "binData" => Target::Binary(subtype),
            "object" => Target::Unsupported("object"),
            "array" => Target::Unsupported("array"),
            "undefined" => Target::Unsupported("undefined"),
            "null" => Target::Unsupported("null"),
            "regex" => Target::Unsupported("regex"),
            "dbPointer" => Target::Unsupported("dbPointer"),
            "javascript" => Target::Unsupported("javascript"),
            "symbol" => Target::Unsupported("symbol"),
            "javascriptWithScope" => Target::Unsupported("javascriptWithScope"),
            "timestamp" => Target::Unsupported("timestamp"),
            "minKey" => Target::Unsupported("minKey"),
            "maxKey" => Target::Unsupported("maxKey"),
            _ => return Err(Error::bad_value(format!("Unknown type name: {name}"))),
        },
        Some(number) if super::operator::is_number(number) => match integral(number) {
            Some(1) => Target::Double,
            Some(2) => Target::String,
            Some(3) => Target::Unsupported("object"),
            Some(4) => Target::Unsupported("array"),
            Some(5) => Target::Binary(subtype),
            Some(7) => Target::ObjectId,
            Some(8) => Target::Bool,
            Some(9) => Target::Date,
            Some(16) => Target::Int,
            Some(18) => Target::Long,
            Some(19) => Target::Decimal,
            Some(6 | 10 | 11 | 12 | 13 | 14 | 15 | 17 | -1 | 127) => Target::Unsupported("that type"),
            Some(other) => {
                return Err(failed(format!(
                    "In $convert, numeric value for 'to' does not correspond to a BSON type: {other}"
                )));
            }
            None => return Err(failed("In $convert, numeric 'to' argument is not an integer")),
        },
        other => {
            return Err(failed(format!(
                "$convert's 'to' argument must be a string or number, but is {}",
                type_name(other)
            )));
        }
    }))
}

fn failure(message: impl std::fmt::Display) -> Error {
    Error::new(Code::ConversionFailure, format!("{message} in $convert with no onError value"))
}

fn overflow(value: &Bson) -> Error {
    failure_with("Conversion would overflow target type", conversion_text::number(value))
}

fn failure_with(message: &str, detail: impl std::fmt::Display) -> Error {
    Error::new(Code::ConversionFailure, format!("{message} in $convert with no onError value: {detail}"))
}

fn unparsable(text: &str, why: &str) -> Error {
    Error::new(
        Code::ConversionFailure,
        format!("Failed to parse number '{text}' in $convert with no onError value: {why}"),
    )
}

fn convert_to(value: &Bson, target: Target, format: Option<&Bson>) -> Result<Bson> {
    let unsupported = |to: &str| failure(format!("Unsupported conversion from {} to {to}", type_name(Some(value))));
    match target {
        Target::Bool => Ok(Bson::Boolean(super::is_true(Some(value)))),
        Target::String => to_string(value, format).ok_or_else(|| unsupported("string")),
        Target::Double => match value {
            Bson::Boolean(truth) => Ok(Bson::Double(f64::from(u8::from(*truth)))),
            Bson::DateTime(date) => Ok(Bson::Double(date.timestamp_millis() as f64)),
            Bson::String(text) => parse_double(text),
            Bson::Decimal128(number) => {
                let decimal = Decimal::from_bson(*number);
                let double = decimal.to_f64();
                if double.is_infinite() && !decimal.is_infinite() {
                    Err(overflow(value))
                } else {
                    Ok(Bson::Double(double))
                }
            }
            _ => Number::of(value).map(|n| Bson::Double(n.to_f64())).ok_or_else(|| unsupported("double")),
        },
        Target::Decimal => match value {
            Bson::Boolean(truth) => Ok(decimal(Decimal::from(i64::from(*truth)))),
            Bson::DateTime(date) => Ok(decimal(Decimal::from(date.timestamp_millis()))),
            Bson::String(text) => Decimal::parse(text)
                .filter(|value| !value.is_infinite() || text.to_ascii_lowercase().contains("inf"))
                .map(decimal)
                .ok_or_else(|| unparsable(text, "Failed to parse string to decimal")),
            _ => Number::of(value).map(|n| decimal(n.to_decimal())).ok_or_else(|| unsupported("decimal")),
        },
        Target::Int => {
            let whole = to_integer(value, false).ok_or_else(|| unsupported("int"))??;
            i32::try_from(whole).map(Bson::Int32).map_err(|_| match value {
                Bson::String(text) => unparsable(text, "Overflow"),
                _ => overflow(value),
            })
        }
        Target::Long => to_integer(value, true).ok_or_else(|| unsupported("long"))?.map(Bson::Int64),
        Target::ObjectId => match value {
            Bson::ObjectId(_) => Ok(value.clone()),
            Bson::String(text) => ObjectId::parse_str(text).map(Bson::ObjectId).map_err(|_| {
                let why = if text.len() == 24 {
                    "Invalid character found in hex string".to_owned()
                } else {
                    format!("Invalid string length for parsing to OID, expected 24 but found {}", text.len())
                };
                Error::new(
                    Code::ConversionFailure,
                    format!("Failed to parse objectId '{text}' in $convert with no onError value: {why}"),
                )
            }),
            _ => Err(unsupported("objectId")),
        },
        Target::Date => match value {
            Bson::DateTime(_) => Ok(value.clone()),
            Bson::String(text) => date_parse::parse(text).map(date),
            Bson::ObjectId(id) => Ok(date(id.timestamp().timestamp_millis())),
            Bson::Timestamp(stamp) => Ok(date(i64::from(stamp.time) * 1000)),
            Bson::Int64(_) | Bson::Double(_) | Bson::Decimal128(_) => match to_integer(value, true) {
                Some(millis) => millis.map(date),
                None => Err(unsupported("date")),
            },
            _ => Err(unsupported("date")),
        },
        Target::Binary(subtype) => match value {
            Bson::Binary(binary) => match subtype {
                Some(subtype) if subtype != u8::from(binary.subtype) => {
                    Err(failure("Conversions between different binData subtypes are not supported"))
                }
                _ => Ok(value.clone()),
            },
            Bson::String(text) => super::conversion_binary::parse(text, format, subtype)
                .ok_or_else(|| failure_with("Input does not represent binary data in the given format", text)),
            _ => Err(unsupported("binData")),
        },
        Target::Unsupported(name) => Err(unsupported(name)),
    }
}

fn decimal(value: Decimal) -> Bson {
    Bson::Decimal128(value.to_bson())
}

fn date(millis: i64) -> Bson {
    Bson::DateTime(DateTime::from_millis(millis))
}

fn parse_double(text: &str) -> Result<Bson> {
    let body = text.trim_start_matches(['+', '-']);
    if body.starts_with("0x") || body.starts_with("0X") {
        return Err(Error::new(
            Code::ConversionFailure,
            format!("Illegal hexadecimal input in $convert with no onError value: {text}"),
        ));
    }
    if text.is_empty() {
        return Err(unparsable(text, "Empty string"));
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() || body.to_ascii_lowercase().starts_with("inf") || value.is_nan() => {
            Ok(Bson::Double(value))
        }
        Ok(_) => Err(unparsable(text, "Out of range")),
        Err(_) => Err(unparsable(text, "Did not consume whole string.")),
    }
}

/// A value cut to an integer; `None` if its type has no such conversion.
fn to_integer(value: &Bson, long: bool) -> Option<Result<i64>> {
    Some(match value {
        Bson::Boolean(truth) => Ok(i64::from(*truth)),
        Bson::Int32(number) => Ok(i64::from(*number)),
        Bson::Int64(number) => Ok(*number),
        Bson::Double(number) => {
            if number.is_nan() {
                Err(failure("Attempt to convert NaN value to integer type"))
            } else if number.is_infinite() {
                Err(failure("Attempt to convert infinity value to integer type"))
            } else {
                integral(&Bson::Double(number.trunc())).ok_or_else(|| overflow(value))
            }
        }
        Bson::Decimal128(number) => {
            let number = Decimal::from_bson(*number);
            if number.is_nan() {
                Err(failure("Attempt to convert NaN value to integer type"))
            } else if number.is_infinite() {
                Err(failure("Attempt to convert infinity value to integer type"))
            } else {
                number.to_integral(Rounding::Truncate).to_i64_truncated().ok_or_else(|| overflow(value))
            }
        }
        Bson::DateTime(date) if long => Ok(date.timestamp_millis()),
        Bson::String(text) => {
            let body = text.trim_start_matches(['+', '-']);
            if body.starts_with("0x") || body.starts_with("0X") {
                Err(Error::new(
                    Code::ConversionFailure,
                    format!("Illegal hexadecimal input in $convert with no onError value: {text}"),
                ))
            } else {
                text.parse::<i64>().map_err(|error| {
                    let why = match error.kind() {
                        std::num::IntErrorKind::Empty => "No digits",
                        std::num::IntErrorKind::PosOverflow | std::num::IntErrorKind::NegOverflow => "Overflow",
                        _ => "Did not consume whole string.",
                    };
                    unparsable(text, why)
                })
            }
        }
        _ => return None,
    })
}

fn to_string(value: &Bson, format: Option<&Bson>) -> Option<Bson> {
    let text = match value {
        Bson::String(text) | Bson::Symbol(text) => text.clone(),
        Bson::Boolean(truth) => truth.to_string(),
        Bson::ObjectId(id) => id.to_hex(),
        Bson::DateTime(date) => iso(date.timestamp_millis()),
        Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_) | Bson::Decimal128(_) => conversion_text::number(value),
        Bson::Binary(binary) => super::conversion_binary::write(binary, format)?,
        _ => return None,
    };
    Some(Bson::String(text))
}
