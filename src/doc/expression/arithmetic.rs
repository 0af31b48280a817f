//! Arithmetic operators. Null or missing makes null; what is not a number is an error.

use super::number::{Number, Sum};
use super::operator::{ANY, Answer, Arguments, NULL, Operator, fail, positional};
use super::type_name::type_name;
use crate::doc::{Code, Error, Result};
use crate::value::decimal::{DIGITS, Decimal, Rounding};
use crate::value::order::is_nullish;
use bson::{Bson, DateTime};

pub(super) const OPERATORS: &[Operator] = &[
    positional("$abs", 1, 1, abs),
    positional("$add", 0, ANY, add),
    positional("$ceil", 1, 1, |a| whole(a, f64::ceil, Rounding::Ceiling)),
    positional("$divide", 2, 2, divide),
    positional("$exp", 1, 1, |a| real(a, f64::exp)),
    positional("$floor", 1, 1, |a| whole(a, f64::floor, Rounding::Floor)),
    positional("$ln", 1, 1, |a| logarithm(a, 28766, f64::ln)),
    positional("$log", 2, 2, log),
    positional("$log10", 1, 1, |a| logarithm(a, 28761, f64::log10)),
    positional("$mod", 2, 2, remainder),
    positional("$multiply", 0, ANY, multiply),
    positional("$pow", 2, 2, pow),
    positional("$round", 1, 2, |a| round(a, Rounding::HalfEven)),
    positional("$sqrt", 1, 1, sqrt),
    positional("$subtract", 2, 2, subtract),
    positional("$trunc", 1, 2, |a| round(a, Rounding::Truncate)),
];

fn answer(number: Number) -> Answer {
    Ok(Some(number.into()))
}

/// The one numeric argument; `None` for null.
pub(super) fn operand(arguments: &Arguments<'_>) -> Result<Option<Number>> {
    match arguments.get(0) {
        value if is_nullish(value) => Ok(None),
        Some(value) => match Number::of(value) {
            Some(number) => Ok(Some(number)),
            None => Err(fail(
                28765,
                format!("{} only supports numeric types, not {}", arguments.name, type_name(Some(value))),
            )),
        },
        None => Ok(None),
    }
}

fn abs(arguments: &Arguments<'_>) -> Answer {
    let Some(number) = operand(arguments)? else { return NULL };
    answer(number.abs().ok_or_else(|| fail(28680, "can't take $abs of long long min"))?)
}

fn add(arguments: &Arguments<'_>) -> Answer {
    let mut sum = Sum::default();
    let mut date = None;
    for index in 0..arguments.len() {
        match arguments.get(index) {
            Some(Bson::DateTime(value)) => {
                if date.replace(value.timestamp_millis()).is_some() {
                    return Err(fail(16612, "only one date allowed in an $add expression"));
                }
            }
            value => match value.and_then(Number::of) {
                Some(number) => sum.add(number),
                None if is_nullish(value) => return NULL,
                None => {
                    return Err(Error::type_mismatch(format!(
                        "$add only supports numeric or date types, not {}",
                        type_name(value)
                    )));
                }
            },
        }
    }
    match date {
        None => answer(sum.value()),
        Some(millis) => shift_date(millis, sum.value()),
    }
}

fn shift_date(millis: i64, number: Number) -> Answer {
    let offset = rounded_integer(number);
    match offset.and_then(|offset| millis.checked_add(offset)) {
        Some(millis) => Ok(Some(Bson::DateTime(DateTime::from_millis(millis)))),
        None => Err(Error::new(Code::Overflow, "date overflow")),
    }
}

/// The nearest long.
fn rounded_integer(number: Number) -> Option<i64> {
    match number {
        Number::Double(value) => super::operator::integral(&Bson::Double(value.round_ties_even())),
        Number::Decimal(value) => value.to_integral(Rounding::HalfEven).to_i64_truncated(),
        other => other.integer(),
    }
}

fn subtract(arguments: &Arguments<'_>) -> Answer {
    if arguments.is_null(0) || arguments.is_null(1) {
        return NULL;
    }
    let wrong =
        || Error::type_mismatch(format!("can't $subtract {} from {}", arguments.type_name(1), arguments.type_name(0)));
    match (arguments.get(0), arguments.get(1)) {
        (Some(Bson::DateTime(left)), Some(Bson::DateTime(right))) => {
            match left.timestamp_millis().checked_sub(right.timestamp_millis()) {
                Some(millis) => Ok(Some(Bson::Int64(millis))),
                None => Err(Error::new(Code::Overflow, "overflow in $subtract of dates")),
            }
        }
        (Some(Bson::DateTime(left)), Some(right)) => {
            let number = Number::of(right).ok_or_else(wrong)?;
            // $subtract cuts a fraction off where $add rounds it.
            let whole = match number {
                Number::Double(value) => Number::Double(value.trunc()),
                Number::Decimal(value) => Number::Decimal(value.to_integral(Rounding::Truncate)),
                integer => integer,
            };
            shift_date(left.timestamp_millis(), Number::Int(0).subtract(whole))
        }
        (Some(left), Some(right)) => match (Number::of(left), Number::of(right)) {
            (Some(left), Some(right)) => answer(left.subtract(right)),
            _ => Err(wrong()),
        },
        _ => NULL,
    }
}

fn multiply(arguments: &Arguments<'_>) -> Answer {
    let mut product = Number::Int(1);
    let mut null = false;
    for index in 0..arguments.len() {
        let value = arguments.get(index);
        match value.and_then(Number::of) {
            Some(number) => product = product.multiply(number),
            None if is_nullish(value) => null = true,
            None => {
                return Err(Error::type_mismatch(format!(
                    "$multiply only supports numeric types, not {}",
                    type_name(value)
                )));
            }
        }
    }
    if null { NULL } else { answer(product) }
}

/// Both operands as numbers; `None` if one is null.
fn pair(arguments: &Arguments<'_>, number: i32) -> Result<Option<(Number, Number)>> {
    match (arguments.get(0).and_then(Number::of), arguments.get(1).and_then(Number::of)) {
        (Some(left), Some(right)) => Ok(Some((left, right))),
        _ if arguments.is_null(0) || arguments.is_null(1) => Ok(None),
        _ => {
            let message = format!(
                "{} only supports numeric types, not {} and {}",
                arguments.name,
                arguments.type_name(0),
                arguments.type_name(1)
            );
            Err(if number == 14 { Error::type_mismatch(message) } else { fail(number, message) })
        }
    }
}

fn divide(arguments: &Arguments<'_>) -> Answer {
    let Some((left, right)) = pair(arguments, 14)? else { return NULL };
    if right.is_zero() {
        return Err(Error::bad_value("can't $divide by zero"));
    }
    answer(match (left, right) {
        (Number::Decimal(_), _) | (_, Number::Decimal(_)) => {
            Number::Decimal(left.to_decimal().divide(right.to_decimal()))
        }
        _ => Number::Double(left.to_f64() / right.to_f64()),
    })
}

fn remainder(arguments: &Arguments<'_>) -> Answer {
    let Some((left, right)) = pair(arguments, 16611)? else { return NULL };
    if right.is_zero() {
        return Err(fail(16610, "can't $mod by zero"));
    }
    answer(left.remainder(right))
}

fn whole(arguments: &Arguments<'_>, double: fn(f64) -> f64, decimal: Rounding) -> Answer {
    let Some(number) = operand(arguments)? else { return NULL };
    answer(match number {
        Number::Double(value) => Number::Double(double(value)),
        Number::Decimal(value) => Number::Decimal(value.to_integral(decimal)),
        integer => integer,
    })
}

/// A function of reals: doubles, and decimals through doubles.
fn real(arguments: &Arguments<'_>, function: fn(f64) -> f64) -> Answer {
    let Some(number) = operand(arguments)? else { return NULL };
    answer(apply(number, function))
}

/// A real function of a number; the answer is a double, or a decimal for a decimal.
pub(super) fn apply(number: Number, function: fn(f64) -> f64) -> Number {
    match number {
        Number::Decimal(value) => Number::Decimal(Decimal::from_f64(function(value.to_f64()), 17).normalized()),
        other => Number::Double(function(other.to_f64())),
    }
}

fn logarithm(arguments: &Arguments<'_>, number: i32, function: fn(f64) -> f64) -> Answer {
    let Some(value) = operand(arguments)? else { return NULL };
    if value.to_f64() <= 0.0 {
        return Err(fail(
            number,
            format!("{}'s argument must be a positive number, but is {}", arguments.name, Bson::from(value)),
        ));
    }
    answer(apply(value, function))
}

fn log(arguments: &Arguments<'_>) -> Answer {
    if arguments.is_null(0) || arguments.is_null(1) {
        return NULL;
    }
    let number = |index: usize, code: i32, what: &str| {
        arguments
            .get(index)
            .and_then(Number::of)
            .ok_or_else(|| fail(code, format!("$log's {what} must be numeric, not {}", arguments.type_name(index))))
    };
    let argument = number(0, 28756, "argument")?;
    let base = number(1, 28757, "base")?;
    if argument.to_f64() <= 0.0 {
        return Err(fail(28758, format!("$log's argument must be a positive number, but is {}", Bson::from(argument))));
    }
    if base.to_f64() <= 0.0 || base.to_f64() == 1.0 {
        return Err(fail(
            28759,
            format!("$log's base must be a positive number not equal to 1, but is {}", Bson::from(base)),
        ));
    }
    let value = argument.to_f64().ln() / base.to_f64().ln();
    answer(match (argument, base) {
        (Number::Decimal(_), _) | (_, Number::Decimal(_)) => Number::Decimal(Decimal::from_f64(value, 15).normalized()),
        _ => Number::Double(value),
    })
}

fn sqrt(arguments: &Arguments<'_>) -> Answer {
    let Some(number) = operand(arguments)? else { return NULL };
    if number.to_f64() < 0.0 {
        return Err(fail(28714, "$sqrt's argument must be greater than or equal to 0"));
    }
    answer(match number {
        Number::Decimal(value) => Number::Decimal(value.sqrt()),
        other => Number::Double(other.to_f64().sqrt()),
    })
}

fn pow(arguments: &Arguments<'_>) -> Answer {
    if arguments.is_null(0) || arguments.is_null(1) {
        return NULL;
    }
    let number = |index: usize, code: i32, what: &str| {
        arguments
            .get(index)
            .and_then(Number::of)
            .ok_or_else(|| fail(code, format!("$pow's {what} must be numeric, not {}", arguments.type_name(index))))
    };
    let base = number(0, 28762, "base")?;
    let exponent = number(1, 28763, "exponent")?;
    if base.is_zero() && exponent.to_f64() < 0.0 {
        return Err(fail(28764, "$pow cannot take a base of 0 and a negative exponent"));
    }
    if matches!(base, Number::Decimal(_)) || matches!(exponent, Number::Decimal(_)) {
        return answer(Number::Decimal(decimal_power(base.to_decimal(), exponent.to_decimal())));
    }
    let double = base.to_f64().powf(exponent.to_f64());
    answer(match (base.integer(), exponent.integer()) {
        (Some(whole), Some(power)) => {
            let narrow = matches!((base, exponent), (Number::Int(_), Number::Int(_)));
            match integer_power(whole, power) {
                Some(value) if narrow => i32::try_from(value).map_or(Number::Long(value), Number::Int),
                Some(value) => Number::Long(value),
                None => Number::Double(double),
            }
        }
        _ => Number::Double(double),
    })
}

/// The power, if it is an integer that fits.
fn integer_power(base: i64, exponent: i64) -> Option<i64> {
    if exponent < 0 {
        return match base {
            1 => Some(1),
            -1 => Some(if exponent % 2 == 0 { 1 } else { -1 }),
            _ => None,
        };
    }
    match base {
        0 | 1 => Some(if exponent == 0 { 1 } else { base }),
        -1 => Some(if exponent % 2 == 0 { 1 } else { -1 }),
        _ => base.checked_pow(u32::try_from(exponent).ok()?),
    }
}

fn decimal_power(base: Decimal, exponent: Decimal) -> Decimal {
    match exponent.to_i64_exact() {
        Some(power) if power.unsigned_abs() <= 10_000 => {
            let mut result = Decimal::ONE;
            let mut square = base;
            let mut rest = power.unsigned_abs();
            while rest > 0 {
                if rest & 1 == 1 {
                    result = result.multiply(square);
                }
                square = square.multiply(square);
                rest >>= 1;
            }
            if power < 0 { Decimal::ONE.divide(result) } else { result }
        }
        _ => Decimal::from_f64(base.to_f64().powf(exponent.to_f64()), 15).normalized(),
    }
}

fn round(arguments: &Arguments<'_>, rounding: Rounding) -> Answer {
    if arguments.given(1) && arguments.is_null(1) {
        return NULL;
    }
    let value = match arguments.get(0) {
        value if is_nullish(value) => return NULL,
        Some(value) => Number::of(value).ok_or_else(|| {
            fail(51081, format!("{} only supports numeric types, not {}", arguments.name, type_name(Some(value))))
        })?,
        None => return NULL,
    };
    let places = if arguments.given(1) {
        let places = arguments.int64(1).ok_or_else(|| {
            fail(51082, format!("precision argument to  {} must be a integral value", arguments.name))
        })?;
        if !(-20..=100).contains(&places) {
            return Err(fail(
                51083,
                format!("cannot apply {} with precision value {places} value must be in [-20, 100]", arguments.name),
            ));
        }
        places as i32
    } else {
        0
    };
    answer(match value {
        Number::Double(value) => Number::Double(round_double(value, places, rounding)),
        Number::Decimal(value) => Number::Decimal(value.round(places, rounding)),
        integer => {
            let narrow = matches!(integer, Number::Int(_));
            let rounded = round_integer(integer.integer().unwrap_or(0), places, rounding).ok_or_else(|| {
                fail(51080, "invalid conversion from Decimal128 result in $round resulting from arguments")
            })?;
            match i32::try_from(rounded) {
                Ok(value) if narrow => Number::Int(value),
                _ => Number::Long(rounded),
            }
        }
    })
}

fn round_integer(value: i64, places: i32, rounding: Rounding) -> Option<i64> {
    if places >= 0 {
        return Some(value);
    }
    let unit = 10i128.pow(places.unsigned_abs().min(30));
    let value = i128::from(value);
    let mut quotient = value / unit;
    let rest = (value % unit).abs() * 2;
    if rounding == Rounding::HalfEven && (rest > unit || (rest == unit && quotient % 2 != 0)) {
        quotient += value.signum();
    }
    i64::try_from(quotient * unit).ok()
}

/// Rounds the exact value of a double, as the server does: 2.675, which is a little less, becomes 2.67.
fn round_double(value: f64, places: i32, rounding: Rounding) -> f64 {
    if !value.is_finite() || value == 0.0 {
        return value;
    }
    if places == 0 {
        return if rounding == Rounding::HalfEven { value.round_ties_even() } else { value.trunc() };
    }
    let rounded = Decimal::from_f64(value, DIGITS).round(places, rounding).to_f64();
    if rounded == 0.0 && value.is_sign_negative() { -0.0 } else { rounded }
}
