//! Trigonometric functions; angles are in radians.

use super::numeric::{number, on_float};
use super::signature::{Group, Signature, Types};
use crate::graph::Result;
use crate::graph::eval::EvalContext;
use crate::value::graph::Value;

const GROUP: Group = Group::Trigonometric;
const NUMBER: &[Types] = &[Types::NUMBER];
const FLOAT: Types = Types::FLOAT;

pub(super) const FUNCTIONS: &[Signature] = &[
    Signature::new("pi", GROUP, &[], FLOAT, |_, _| Ok(Value::Float(std::f64::consts::PI))),
    Signature::new("sin", GROUP, NUMBER, FLOAT, |args, _| on_float(args, f64::sin)),
    Signature::new("cos", GROUP, NUMBER, FLOAT, |args, _| on_float(args, f64::cos)),
    Signature::new("tan", GROUP, NUMBER, FLOAT, |args, _| on_float(args, f64::tan)),
    Signature::new("cot", GROUP, NUMBER, FLOAT, |args, _| on_float(args, |x| 1.0 / x.tan())),
    Signature::new("asin", GROUP, NUMBER, FLOAT, |args, _| on_float(args, f64::asin)),
    Signature::new("acos", GROUP, NUMBER, FLOAT, |args, _| on_float(args, f64::acos)),
    Signature::new("atan", GROUP, NUMBER, FLOAT, |args, _| on_float(args, f64::atan)),
    Signature::new("atan2", GROUP, &[Types::NUMBER, Types::NUMBER], FLOAT, atan2),
    Signature::new("sinh", GROUP, NUMBER, FLOAT, |args, _| on_float(args, f64::sinh)),
    Signature::new("cosh", GROUP, NUMBER, FLOAT, |args, _| on_float(args, f64::cosh)),
    Signature::new("tanh", GROUP, NUMBER, FLOAT, |args, _| on_float(args, f64::tanh)),
    Signature::new("coth", GROUP, NUMBER, FLOAT, |args, _| on_float(args, |x| 1.0 / x.tanh())),
    Signature::new("degrees", GROUP, NUMBER, FLOAT, |args, _| on_float(args, f64::to_degrees)),
    Signature::new("radians", GROUP, NUMBER, FLOAT, |args, _| on_float(args, f64::to_radians)),
    Signature::new("haversin", GROUP, NUMBER, FLOAT, |args, _| on_float(args, |x| (1.0 - x.cos()) / 2.0)),
];

fn atan2(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    match args {
        [y, x] => Ok(Value::Float(number(y)?.atan2(number(x)?))),
        _ => Ok(Value::Null),
    }
}
