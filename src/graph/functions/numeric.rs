//! Numeric and logarithmic functions.

use super::scalar::{first, wrong_type};
use super::signature::{Group, Signature, Types};
use crate::graph::eval::EvalContext;
use crate::graph::{Detail, Error, Kind, Result};
use crate::value::graph::Value;

const NUMBER: &[Types] = &[Types::NUMBER];

pub(super) const FUNCTIONS: &[Signature] = &[
    Signature::new("abs", Group::Numeric, NUMBER, Types::NUMBER, abs),
    Signature::new("ceil", Group::Numeric, NUMBER, Types::FLOAT, |args, _| on_float(args, f64::ceil)),
    Signature::new("floor", Group::Numeric, NUMBER, Types::FLOAT, |args, _| on_float(args, f64::floor)),
    Signature::new("round", Group::Numeric, &[Types::NUMBER, Types::INTEGER, Types::STRING], Types::FLOAT, round)
        .optional(2),
    Signature::new("sign", Group::Numeric, NUMBER, Types::INTEGER, sign),
    Signature::new("rand", Group::Numeric, &[], Types::FLOAT, |_, cx| Ok(Value::Float(cx.random()))).volatile(),
    Signature::new("isNaN", Group::Numeric, NUMBER, Types::BOOLEAN, |args, _| {
        Ok(Value::Bool(number(first(args))?.is_nan()))
    }),
    Signature::new("isFinite", Group::Numeric, NUMBER, Types::BOOLEAN, |args, _| {
        Ok(Value::Bool(number(first(args))?.is_finite()))
    }),
    Signature::new("e", Group::Logarithmic, &[], Types::FLOAT, |_, _| Ok(Value::Float(std::f64::consts::E))),
    Signature::new("exp", Group::Logarithmic, NUMBER, Types::FLOAT, |args, _| on_float(args, f64::exp)),
    Signature::new("log", Group::Logarithmic, NUMBER, Types::FLOAT, |args, _| on_float(args, f64::ln)),
    Signature::new("log10", Group::Logarithmic, NUMBER, Types::FLOAT, |args, _| on_float(args, f64::log10)),
    Signature::new("sqrt", Group::Logarithmic, NUMBER, Types::FLOAT, |args, _| on_float(args, f64::sqrt)),
];

/// A number as a float.
pub(super) fn number(value: &Value) -> Result<f64> {
    match value {
        Value::Int(value) => Ok(*value as f64),
        Value::Float(value) => Ok(*value),
        other => Err(wrong_type("Integer or Float", other)),
    }
}

/// A function of a float.
pub(super) fn on_float(args: &[&Value], function: fn(f64) -> f64) -> Result<Value> {
    number(first(args)).map(|value| Value::Float(function(value)))
}

fn abs(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    match first(args) {
        Value::Int(value) => value.checked_abs().map(Value::Int).ok_or_else(|| {
            Error::runtime(
                Kind::Arithmetic,
                Detail::IntegerOverflow,
                format!("abs({value}) cannot be represented as an integer"),
            )
        }),
        other => number(other).map(|value| Value::Float(value.abs())),
    }
}

fn sign(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    Ok(Value::Int(match first(args) {
        Value::Int(value) => value.signum(),
        other => match number(other)? {
            value if value > 0.0 => 1,
            value if value < 0.0 => -1,
            _ => 0,
        },
    }))
}

/// `round(x[, precision[, mode]])`. Without a mode, ties go up when no precision is given and away from
/// zero otherwise, as in Neo4j.
fn round(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    let value = number(first(args))?;
    let precision = match args.get(1) {
        None => return Ok(Value::Float(if value.is_finite() { (value + 0.5).floor() } else { value })),
        Some(Value::Int(precision)) => *precision,
        Some(other) => return Err(wrong_type("Integer", other)),
    };
    let mode = match args.get(2) {
        None => "HALF_UP".to_owned(),
        Some(Value::String(mode)) => mode.to_uppercase(),
        Some(other) => return Err(wrong_type("String", other)),
    };
    if precision < 0 {
        return Err(Error::argument(Detail::NumberOutOfRange, "The precision of round() cannot be negative"));
    }
    let Some(mode) = Mode::by_name(&mode) else {
        return Err(Error::argument(
            Detail::InvalidArgumentValue,
            format!("Unknown rounding mode '{mode}': one of UP, DOWN, CEILING, FLOOR, HALF_UP, HALF_DOWN, HALF_EVEN"),
        ));
    };
    // A double has at most 1,074 digits behind the point; beyond 340 there is nothing to round here.
    if !value.is_finite() || precision > 340 {
        return Ok(Value::Float(value));
    }
    Ok(Value::Float(round_decimal(value, precision as usize, mode)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Up,
    Down,
    Ceiling,
    Floor,
    HalfUp,
    HalfDown,
    HalfEven,
}

impl Mode {
    fn by_name(name: &str) -> Option<Self> {
        Some(match name {
            "UP" => Mode::Up,
            "DOWN" => Mode::Down,
            "CEILING" => Mode::Ceiling,
            "FLOOR" => Mode::Floor,
            "HALF_UP" => Mode::HalfUp,
            "HALF_DOWN" => Mode::HalfDown,
            "HALF_EVEN" => Mode::HalfEven,
            _ => return None,
        })
    }
}

/// Rounds the shortest decimal form of a number, so that 1.115 with two places is a tie as it reads.
fn round_decimal(value: f64, precision: usize, mode: Mode) -> f64 {
    let text = format!("{}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let Some((kept, dropped)) = fraction.split_at_checked(precision) else { return value };
    if dropped.is_empty() {
        return value;
    }
    let negative = value < 0.0;
    let any_dropped = dropped.bytes().any(|digit| digit != b'0');
    let half = match dropped.as_bytes() {
        [b'5', rest @ ..] if rest.iter().all(|&digit| digit == b'0') => std::cmp::Ordering::Equal,
        [b'5'..=b'9', ..] => std::cmp::Ordering::Greater,
        _ => std::cmp::Ordering::Less,
    };
    let mut digits: Vec<u8> = whole.bytes().chain(kept.bytes()).collect();
    let odd = digits.last().is_some_and(|digit| (digit - b'0') % 2 == 1);
    let away = match mode {
        Mode::Up => any_dropped,
        Mode::Down => false,
        Mode::Ceiling => any_dropped && !negative,
        Mode::Floor => any_dropped && negative,
        Mode::HalfUp => half.is_ge(),
        Mode::HalfDown => half.is_gt(),
        Mode::HalfEven => half.is_gt() || (half.is_eq() && odd),
    };
    if away {
        let mut carry = true;
        for digit in digits.iter_mut().rev() {
            if *digit == b'9' {
                *digit = b'0';
            } else {
                *digit += 1;
                carry = false;
                break;
            }
        }
        if carry {
            digits.insert(0, b'1');
        }
    }
    let point = digits.len() - precision;
    let text: String = digits.iter().map(|&digit| char::from(digit)).collect();
    let number: f64 = format!("{}.{}", &text[..point], &text[point..]).parse().unwrap_or(value.abs());
    if negative { -number } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_modes() {
        for (value, precision, mode, expected) in [
            (1.249, 1, Mode::Up, 1.3),
            (1.25, 1, Mode::HalfUp, 1.3),
            (1.25, 1, Mode::HalfDown, 1.2),
            (1.25, 1, Mode::HalfEven, 1.2),
            (-1.25, 1, Mode::HalfUp, -1.3),
            (-1.25, 1, Mode::Ceiling, -1.2),
            (9.99, 1, Mode::HalfUp, 10.0),
            (1.115, 2, Mode::HalfUp, 1.12),
            (3.0, 2, Mode::HalfUp, 3.0),
            (3.7, 0, Mode::HalfUp, 4.0),
        ] {
            assert_eq!(round_decimal(value, precision, mode), expected);
        }
    }
}
