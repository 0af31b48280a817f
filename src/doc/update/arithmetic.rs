//! `$inc $mul $bit`.

use super::path::Concrete;
use super::{Change, naming};
use crate::doc::expression::type_name;
use crate::doc::{Error, Result, shell_text};
use crate::value::decimal::Decimal;
use bson::{Bson, Document};

/// `$inc`; a missing value counts as 0 of the operand's type.
pub fn increment(current: Option<&Bson>, amount: &Bson, document: &Document, place: &Concrete) -> Result<Change> {
    let Some(current) = current else { return Ok(Change::Set(amount.clone())) };
    calculate("$inc", current, amount, document, place, (i64::checked_add, |a, b| a + b, Decimal::plus))
}

/// `$mul`; a missing value becomes 0 of the operand's type.
pub fn multiply(current: Option<&Bson>, factor: &Bson, document: &Document, place: &Concrete) -> Result<Change> {
    let Some(current) = current else {
        return Ok(Change::Set(match factor {
            Bson::Int32(_) => Bson::Int32(0),
            Bson::Int64(_) => Bson::Int64(0),
            Bson::Double(_) => Bson::Double(0.0),
            _ => Bson::Decimal128(Decimal::ZERO.to_bson()),
        }));
    };
    calculate("$mul", current, factor, document, place, (i64::checked_mul, |a, b| a * b, Decimal::multiply))
}

/// An operation on integers (none if it overflows), doubles and decimals.
type Operation = (fn(i64, i64) -> Option<i64>, fn(f64, f64) -> f64, fn(Decimal, Decimal) -> Decimal);

fn calculate(
    operator: &str,
    current: &Bson,
    operand: &Bson,
    document: &Document,
    place: &Concrete,
    (whole, double, decimal): Operation,
) -> Result<Change> {
    let answer = match (current, operand) {
        (Bson::Int32(a), Bson::Int32(b)) => {
            let (a, b) = (i64::from(*a), i64::from(*b));
            // Two 32-bit numbers never overflow 64 bits.
            whole(a, b).map(|sum| i32::try_from(sum).map_or(Bson::Int64(sum), Bson::Int32))
        }
        (Bson::Decimal128(_), _) | (_, Bson::Decimal128(_)) => match (as_decimal(current), as_decimal(operand)) {
            (Some(a), Some(b)) => Some(Bson::Decimal128(decimal(a, b).to_bson())),
            _ => return Err(not_numeric(operator, current, document, place)),
        },
        (Bson::Int32(_) | Bson::Int64(_), Bson::Int32(_) | Bson::Int64(_)) => {
            whole(as_integer(current), as_integer(operand)).map(Bson::Int64)
        }
        _ => match (as_double(current), as_double(operand)) {
            (Some(a), Some(b)) => Some(Bson::Double(double(a, b))),
            _ => return Err(not_numeric(operator, current, document, place)),
        },
    };
    match answer {
        Some(value) => Ok(Change::Set(value)),
        None => Err(Error::bad_value(format!(
            "Failed to apply {operator} operations to current value ((NumberLong){}) for document {}",
            shell_text::value(current),
            naming(document)
        ))),
    }
}

fn not_numeric(operator: &str, current: &Bson, document: &Document, place: &Concrete) -> Error {
    Error::type_mismatch(format!(
        "Cannot apply {operator} to a value of non-numeric type. {} has the field '{}' of non-numeric type {}",
        naming(document),
        place.text().rsplit('.').next().unwrap_or_default(),
        type_name(Some(current))
    ))
}

fn as_integer(value: &Bson) -> i64 {
    match value {
        Bson::Int32(number) => i64::from(*number),
        Bson::Int64(number) => *number,
        _ => 0,
    }
}

fn as_double(value: &Bson) -> Option<f64> {
    crate::value::construct::number(Some(value))
}

fn as_decimal(value: &Bson) -> Option<Decimal> {
    match value {
        Bson::Decimal128(number) => Some(Decimal::from_bson(*number)),
        Bson::Int32(number) => Some(Decimal::from(i64::from(*number))),
        Bson::Int64(number) => Some(Decimal::from(*number)),
        // A double is taken with 15 digits, as MongoDB converts it.
        Bson::Double(number) => Some(Decimal::from_f64(*number, 15)),
        _ => None,
    }
}

/// The operations of `$bit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bitwise {
    /// `and`
    And,
    /// `or`
    Or,
    /// `xor`
    Xor,
}

/// `$bit`; a missing value counts as 0.
pub fn bitwise(
    current: Option<&Bson>,
    operations: &[(Bitwise, Bson)],
    document: &Document,
    place: &Concrete,
) -> Result<Change> {
    let mut value = match current {
        None => Bson::Int32(0),
        Some(value @ (Bson::Int32(_) | Bson::Int64(_))) => value.clone(),
        Some(other) => {
            return Err(Error::bad_value(format!(
                "Cannot apply $bit to a value of non-integral type.{} has the field {} of non-integer type {}",
                naming(document),
                place.text(),
                type_name(Some(other))
            )));
        }
    };
    for (operation, operand) in operations {
        let (a, b) = (as_integer(&value), as_integer(operand));
        let answer = match operation {
            Bitwise::And => a & b,
            Bitwise::Or => a | b,
            Bitwise::Xor => a ^ b,
        };
        value = match (&value, operand) {
            (Bson::Int32(_), Bson::Int32(_)) => Bson::Int32(answer as i32),
            _ => Bson::Int64(answer),
        };
    }
    Ok(Change::Set(value))
}
