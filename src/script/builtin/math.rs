//! `Math`

use super::Args;
use crate::script::convert::to_number;
use crate::script::host::Host;
use crate::script::operator::to_int32;
use crate::script::value::Value;

pub(super) const FUNCTIONS: &[&str] = &[
    "Math.abs",
    "Math.acos",
    "Math.acosh",
    "Math.asin",
    "Math.asinh",
    "Math.atan",
    "Math.atan2",
    "Math.atanh",
    "Math.cbrt",
    "Math.ceil",
    "Math.clz32",
    "Math.cos",
    "Math.cosh",
    "Math.exp",
    "Math.expm1",
    "Math.floor",
    "Math.fround",
    "Math.hypot",
    "Math.imul",
    "Math.log",
    "Math.log10",
    "Math.log1p",
    "Math.log2",
    "Math.max",
    "Math.min",
    "Math.pow",
    "Math.random",
    "Math.round",
    "Math.sign",
    "Math.sin",
    "Math.sinh",
    "Math.sqrt",
    "Math.tan",
    "Math.tanh",
    "Math.trunc",
];

pub(super) fn constant(name: &str) -> Option<f64> {
    use std::f64::consts;
    Some(match name {
        "Math.PI" => consts::PI,
        "Math.E" => consts::E,
        "Math.LN2" => consts::LN_2,
        "Math.LN10" => consts::LN_10,
        "Math.LOG2E" => consts::LOG2_E,
        "Math.LOG10E" => consts::LOG10_E,
        "Math.SQRT2" => consts::SQRT_2,
        "Math.SQRT1_2" => consts::FRAC_1_SQRT_2,
        _ => return None,
    })
}

pub(super) fn call(host: &mut dyn Host, name: &str, args: &Args) -> Value {
    let x = args.number(0);
    Value::Number(match name.strip_prefix("Math.").unwrap_or(name) {
        "abs" => x.abs(),
        "acos" => x.acos(),
        "acosh" => x.acosh(),
        "asin" => x.asin(),
        "asinh" => x.asinh(),
        "atan" => x.atan(),
        "atan2" => x.atan2(args.number(1)),
        "atanh" => x.atanh(),
        "cbrt" => x.cbrt(),
        "ceil" => x.ceil(),
        "clz32" => f64::from((to_int32(x) as u32).leading_zeros()),
        "cos" => x.cos(),
        "cosh" => x.cosh(),
        "exp" => x.exp(),
        "expm1" => x.exp_m1(),
        "floor" => x.floor(),
        "fround" => f64::from(x as f32),
        "hypot" => args.0.iter().map(to_number).fold(0.0, f64::hypot),
        "imul" => f64::from(to_int32(x).wrapping_mul(to_int32(args.number(1)))),
        "log" => x.ln(),
        "log10" => x.log10(),
        "log1p" => x.ln_1p(),
        "log2" => x.log2(),
        "max" => extreme(args, f64::NEG_INFINITY, |a, b| a > b),
        "min" => extreme(args, f64::INFINITY, |a, b| a < b),
        "pow" => x.powf(args.number(1)),
        "random" => host.random(),
        // Half goes up.
        "round" => (x + 0.5).floor(),
        "sign" if x == 0.0 || x.is_nan() => x,
        "sign" => x.signum(),
        "sin" => x.sin(),
        "sinh" => x.sinh(),
        "sqrt" => x.sqrt(),
        "tan" => x.tan(),
        "tanh" => x.tanh(),
        _ => x.trunc(),
    })
}

fn extreme(args: &Args, start: f64, beats: impl Fn(f64, f64) -> bool) -> f64 {
    let numbers = args.0.iter().map(to_number);
    numbers.fold(start, |best, number| {
        if best.is_nan() || number.is_nan() {
            f64::NAN
        } else if beats(number, best) {
            number
        } else {
            best
        }
    })
}
