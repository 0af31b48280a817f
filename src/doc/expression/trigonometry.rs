//! Trigonometry: doubles in radians, decimals through doubles.

use super::arithmetic::{apply, operand};
use super::number::Number;
use super::operator::{Answer, Arguments, NULL, Operator, fail, positional};
use crate::doc::Result;
use bson::Bson;

pub(super) const OPERATORS: &[Operator] = &[
    positional("$acos", 1, 1, |a| bounded(a, f64::acos, -1.0, 1.0)),
    positional("$acosh", 1, 1, |a| bounded(a, f64::acosh, 1.0, f64::INFINITY)),
    positional("$asin", 1, 1, |a| bounded(a, f64::asin, -1.0, 1.0)),
    positional("$asinh", 1, 1, |a| free(a, f64::asinh)),
    positional("$atan", 1, 1, |a| free(a, f64::atan)),
    positional("$atan2", 2, 2, atan2),
    positional("$atanh", 1, 1, |a| bounded(a, f64::atanh, -1.0, 1.0)),
    positional("$cos", 1, 1, |a| finite(a, f64::cos)),
    positional("$cosh", 1, 1, |a| free(a, f64::cosh)),
    positional("$degreesToRadians", 1, 1, |a| free(a, |x| x * (std::f64::consts::PI / 180.0))),
    positional("$radiansToDegrees", 1, 1, |a| free(a, |x| x * (180.0 / std::f64::consts::PI))),
    positional("$sin", 1, 1, |a| finite(a, f64::sin)),
    positional("$sinh", 1, 1, |a| free(a, f64::sinh)),
    positional("$tan", 1, 1, |a| finite(a, f64::tan)),
    positional("$tanh", 1, 1, |a| free(a, f64::tanh)),
];

fn free(arguments: &Arguments<'_>, function: fn(f64) -> f64) -> Answer {
    let Some(number) = operand(arguments)? else { return NULL };
    Ok(Some(apply(number, function).into()))
}

fn finite(arguments: &Arguments<'_>, function: fn(f64) -> f64) -> Answer {
    let Some(number) = operand(arguments)? else { return NULL };
    if number.to_f64().is_infinite() {
        return Err(out_of_range(arguments.name, number, "(-inf,inf)"));
    }
    Ok(Some(apply(number, function).into()))
}

fn bounded(arguments: &Arguments<'_>, function: fn(f64) -> f64, low: f64, high: f64) -> Answer {
    let Some(number) = operand(arguments)? else { return NULL };
    let value = number.to_f64();
    if value < low || value > high {
        let high = if high.is_infinite() { "inf".to_owned() } else { high.to_string() };
        return Err(out_of_range(arguments.name, number, &format!("[{low},{high}]")));
    }
    Ok(Some(apply(number, function).into()))
}

fn out_of_range(name: &str, number: Number, range: &str) -> crate::doc::Error {
    fail(50989, format!("cannot apply {name} to {}, value must be in {range}", Bson::from(number)))
}

fn atan2(arguments: &Arguments<'_>) -> Answer {
    if arguments.is_null(0) || arguments.is_null(1) {
        return NULL;
    }
    let number = |index: usize| -> Result<Number> {
        arguments.get(index).and_then(Number::of).ok_or_else(|| {
            fail(51044, format!("$atan2 only supports numeric types, not {}", arguments.type_name(index)))
        })
    };
    let (y, x) = (number(0)?, number(1)?);
    let value = y.to_f64().atan2(x.to_f64());
    Ok(Some(match (x, y) {
        (Number::Decimal(_), _) | (_, Number::Decimal(_)) => {
            let decimal = crate::value::decimal::Decimal::from_f64(value, 17).normalized();
            Bson::Decimal128(decimal.to_bson())
        }
        _ => Bson::Double(value),
    }))
}
