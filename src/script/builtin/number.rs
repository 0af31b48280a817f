//! `Number`, `Boolean`, `parseInt` and the methods of numbers.

use super::Args;
use crate::script::convert::{is_true, to_number};
use crate::script::expression::Answer;
use crate::script::host::Thrown;
use crate::script::value::Value;
use crate::value::notation;

pub(super) const FUNCTIONS: &[&str] = &[
    "Number",
    "Boolean",
    "parseInt",
    "parseFloat",
    "isNaN",
    "isFinite",
    "Number.isInteger",
    "Number.isSafeInteger",
    "Number.isFinite",
    "Number.isNaN",
    "Number.parseFloat",
    "Number.parseInt",
];

pub(super) const METHODS: &[&str] = &["toFixed", "toString", "toPrecision", "toLocaleString", "valueOf"];

pub(super) fn constant(name: &str) -> Option<f64> {
    Some(match name {
        "Number.MAX_SAFE_INTEGER" => 9_007_199_254_740_991.0,
        "Number.MIN_SAFE_INTEGER" => -9_007_199_254_740_991.0,
        "Number.MAX_VALUE" => f64::MAX,
        "Number.MIN_VALUE" => 5e-324,
        "Number.EPSILON" => f64::EPSILON,
        "Number.POSITIVE_INFINITY" => f64::INFINITY,
        "Number.NEGATIVE_INFINITY" => f64::NEG_INFINITY,
        "Number.NaN" => f64::NAN,
        _ => return None,
    })
}

pub(super) fn call(name: &str, args: &Args) -> Answer {
    let own = match args.get(0) {
        Value::Number(number) => Some(*number),
        _ => None,
    };
    Ok(match name {
        "Number" => Value::Number(if args.0.is_empty() { 0.0 } else { args.number(0) }),
        "Boolean" => Value::Boolean(is_true(args.get(0))),
        "parseInt" | "Number.parseInt" => Value::Number(parse_int(&args.text(0), args.whole(1, 0.0))),
        "parseFloat" | "Number.parseFloat" => Value::Number(parse_float(&args.text(0))),
        "isNaN" => Value::Boolean(to_number(args.get(0)).is_nan()),
        "isFinite" => Value::Boolean(to_number(args.get(0)).is_finite()),
        "Number.isNaN" => Value::Boolean(own.is_some_and(f64::is_nan)),
        "Number.isFinite" => Value::Boolean(own.is_some_and(f64::is_finite)),
        "Number.isInteger" => Value::Boolean(own.is_some_and(|number| number.is_finite() && number.fract() == 0.0)),
        _ => Value::Boolean(own.is_some_and(|number| number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_991.0)),
    })
}

fn parse_int(text: &str, radix: f64) -> f64 {
    let text = text.trim();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut radix = radix as u32;
    let mut digits = text;
    if let Some(rest) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))
        && (radix == 0 || radix == 16)
    {
        radix = 16;
        digits = rest;
    }
    let radix = if radix == 0 { 10 } else { radix };
    if !(2..=36).contains(&radix) {
        return f64::NAN;
    }
    let mut number = None;
    for digit in digits.chars().map_while(|letter| letter.to_digit(radix)) {
        number = Some(number.unwrap_or(0.0) * f64::from(radix) + f64::from(digit));
    }
    number.map_or(f64::NAN, |number| sign * number)
}

fn parse_float(text: &str) -> f64 {
    let text = text.trim_start();
    if text.starts_with("Infinity") || text.starts_with("+Infinity") {
        return f64::INFINITY;
    }
    if text.starts_with("-Infinity") {
        return f64::NEG_INFINITY;
    }
    // The longest beginning that is a number.
    let end = text.find(|letter: char| !(letter.is_ascii_digit() || "+-.eE".contains(letter))).unwrap_or(text.len());
    (1..=end).rev().find_map(|end| text.get(..end)?.parse().ok()).unwrap_or(f64::NAN)
}

pub(super) fn method(number: f64, name: &str, args: &Args) -> Result<Option<Value>, Thrown> {
    let digits = |most: f64, least: f64, otherwise: f64| {
        let digits = args.whole(0, otherwise);
        if (least..=most).contains(&digits) {
            Ok(digits as usize)
        } else {
            Err(Thrown::error("RangeError", format!("{name}() takes {least} to {most} digits")))
        }
    };
    Ok(Some(match name {
        "toFixed" => {
            let digits = digits(100.0, 0.0, 0.0)?;
            Value::text(if number.is_finite() { format!("{number:.digits$}") } else { notation::number(number) })
        }
        "toPrecision" => {
            if matches!(args.get(0), Value::Undefined) || !number.is_finite() {
                return Ok(Some(Value::text(notation::number(number))));
            }
            Value::text(precise(number, digits(100.0, 1.0, 1.0)?))
        }
        "toString" => {
            let radix = args.whole(0, 10.0);
            if !(2.0..=36.0).contains(&radix) {
                return Err(Thrown::error("RangeError", "toString() radix must be between 2 and 36"));
            }
            Value::text(if radix == 10.0 { notation::number(number) } else { in_radix(number, radix as u32) })
        }
        "toLocaleString" => Value::text(grouped(number)),
        _ => return Ok(None),
    }))
}

fn precise(number: f64, digits: usize) -> String {
    let exponent = if number == 0.0 { 0 } else { number.abs().log10().floor() as i32 };
    if exponent < -6 || exponent >= digits as i32 {
        let text = format!("{number:.*e}", digits - 1);
        return match text.split_once('e') {
            Some((mantissa, exponent)) if !exponent.starts_with('-') => format!("{mantissa}e+{exponent}"),
            _ => text,
        };
    }
    let places = (digits as i32 - 1 - exponent).max(0) as usize;
    format!("{number:.places$}")
}

fn in_radix(number: f64, radix: u32) -> String {
    if !number.is_finite() {
        return notation::number(number);
    }
    let mut digits = Vec::new();
    let mut whole = number.abs().trunc();
    while whole >= 1.0 && digits.len() < 1100 {
        digits.push(std::char::from_digit((whole % f64::from(radix)) as u32, radix).unwrap_or('0'));
        whole = (whole / f64::from(radix)).trunc();
    }
    if digits.is_empty() {
        digits.push('0');
    }
    let mut text: String = digits.into_iter().rev().collect();
    let mut fraction = number.abs().fract();
    if fraction > 0.0 {
        text.push('.');
        for _ in 0..52 {
            fraction *= f64::from(radix);
            text.push(std::char::from_digit(fraction.trunc() as u32, radix).unwrap_or('0'));
            fraction = fraction.fract();
            if fraction == 0.0 {
                break;
            }
        }
    }
    if number < 0.0 { format!("-{text}") } else { text }
}

/// As in the English of the United States: `1,234.567`.
fn grouped(number: f64) -> String {
    if !number.is_finite() {
        return notation::number(number);
    }
    let text = notation::number((number.abs() * 1000.0).round() / 1000.0);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if number < 0.0 { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{fraction}") }
}
