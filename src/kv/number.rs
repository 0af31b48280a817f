//! Redis' numbers: how integers and doubles are read from text and written as text.
//!
//! Integers are strict (`string2ll`): no blanks, no `+`, no leading zeros. Doubles are what C's
//! `strtod` takes as a whole, without NaN, overflow and underflow to zero. Doubles are written as
//! Redis 7.2 does: integral ones as integers, others as the shortest text that reads back.

use super::{Args, Error, Result};

/// A strict 64-bit integer, or `None`.
pub fn integer(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    match digits {
        [b'0'] => return (!negative).then_some(0),
        [b'1'..=b'9', ..] if digits.len() <= 19 => {}
        _ => return None,
    }
    let mut value = 0u64;
    for byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
    }
    if negative { 0i64.checked_sub_unsigned(value) } else { i64::try_from(value).ok() }
}

/// A strict integer argument.
pub fn integer_argument(text: &[u8]) -> Result<i64> {
    integer(text).ok_or_else(Error::not_an_integer)
}

/// A strict integer argument of at least zero.
pub fn positive_argument(text: &[u8]) -> Result<i64> {
    integer(text).filter(|&value| value >= 0).ok_or_else(Error::must_be_positive)
}

/// How many elements to draw by chance: any integer but the smallest.
pub fn draw_argument(text: &[u8]) -> Result<i64> {
    match integer_argument(text)? {
        i64::MIN => Err(Error::err(format_args!("value is out of range, value must between -{0} and {0}", i64::MAX))),
        count => Ok(count),
    }
}

/// An integer argument of at least `least` with one text for everything else.
pub fn bounded_argument(text: &[u8], least: i64, wrong: &str) -> Result<i64> {
    integer(text).filter(|&value| value >= least).ok_or_else(|| Error::err(wrong))
}

/// The keys behind `numkeys`, which has been checked.
pub fn keys_behind_count(args: Args<'_>) -> Args<'_> {
    let count = args.first().and_then(|count| integer(count)).and_then(|count| usize::try_from(count).ok());
    count.and_then(|count| args.get(1..=count)).unwrap_or_default()
}

/// A double as `strtod` reads the whole text, or `None`.
pub fn double(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned.len() > 2 && unsigned.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("0x")) {
        let value = hexadecimal(unsigned.get(2..)?)?;
        return Some(if text.starts_with('-') { -value } else { value });
    }
    if unsigned.eq_ignore_ascii_case("nan") {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    let is_word = unsigned.starts_with(['i', 'I']);
    let nonzero =
        || unsigned.split(['e', 'E']).next().is_some_and(|digits| digits.contains(|c| matches!(c, '1'..='9')));
    if (value.is_infinite() && !is_word) || (value == 0.0 && nonzero()) {
        return None;
    }
    Some(value)
}

/// A double argument.
pub fn double_argument(text: &[u8]) -> Result<f64> {
    double(text).ok_or_else(Error::not_a_float)
}

/// Digits behind `0x`, with a point and a binary exponent.
fn hexadecimal(text: &str) -> Option<f64> {
    let (digits, exponent) = match text.split_once(['p', 'P']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (mut mantissa, mut scale, mut seen, mut behind_point) = (0u64, 0i32, false, false);
    for c in digits.chars() {
        if c == '.' && !behind_point {
            behind_point = true;
            continue;
        }
        let digit = u64::from(c.to_digit(16)?);
        seen = true;
        if mantissa >> 60 == 0 {
            mantissa = mantissa << 4 | digit;
            scale -= if behind_point { 4 } else { 0 };
        } else {
            // Beyond the precision: only whether anything was cut off matters for rounding.
            mantissa |= u64::from(digit != 0);
            scale += if behind_point { 0 } else { 4 };
        }
    }
    if !seen {
        return None;
    }
    let mut power = scale.checked_add(exponent)?.clamp(-2200, 2200);
    let mut value = mantissa as f64;
    while power != 0 && value != 0.0 && value.is_finite() {
        let step = power.clamp(-512, 512);
        value *= 2f64.powi(step);
        power -= step;
    }
    if value.is_infinite() || (value == 0.0 && mantissa != 0) { None } else { Some(value) }
}

/// A double as Redis 7.2 writes it.
pub fn show_double(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    const WHOLE: f64 = (i64::MAX / 2) as f64;
    if value.abs() <= WHOLE && value.fract() == 0.0 {
        return (value as i64).to_string();
    }
    shortest(value)
}

/// The shortest digits that read back, laid out as Redis' `fpconv` does.
fn shortest(value: f64) -> String {
    let scientific = format!("{:e}", value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits: String = mantissa.chars().filter(|&c| c != '.').collect();
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let count = digits.len() as i32;
    // The value is `digits` times ten to the power of `last`.
    let last = exponent - (count - 1);
    let sign = if value < 0.0 { "-" } else { "" };
    if last >= 0 && exponent.abs() < count + 7 {
        return format!("{sign}{digits}{}", "0".repeat(last as usize));
    }
    if last < 0 && (last > -7 || exponent.abs() < 4) {
        let whole = count + last;
        if whole <= 0 {
            return format!("{sign}0.{}{digits}", "0".repeat(whole.unsigned_abs() as usize));
        }
        let (before, behind) = digits.split_at(whole as usize);
        return format!("{sign}{before}.{behind}");
    }
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let exponent_sign = if exponent < 0 { '-' } else { '+' };
    format!("{sign}{first}{point}{rest}e{exponent_sign}{}", exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_strict() {
        for good in ["0", "-1", "10", "9223372036854775807", "-9223372036854775808"] {
            assert_eq!(integer(good.as_bytes()).map(|value| value.to_string()).as_deref(), Some(good));
        }
        for bad in ["", "-", "01", "+1", " 1", "1 ", "-0", "1.0", "1e3", "9223372036854775808", "99999999999999999999"]
        {
            assert_eq!(integer(bad.as_bytes()), None, "{bad:?}");
        }
    }

    #[test]
    fn doubles_are_what_strtod_takes() {
        for (text, value) in [
            (".5", 0.5),
            ("5.", 5.0),
            ("+3", 3.0),
            ("1E2", 100.0),
            ("inf", f64::INFINITY),
            ("-INFINITY", f64::NEG_INFINITY),
            ("0x10", 16.0),
            ("0x1p3", 8.0),
            ("-0x.8", -0.5),
            ("5e-324", 5e-324),
            ("0e5", 0.0),
        ] {
            assert_eq!(double(text.as_bytes()), Some(value), "{text}");
        }
        for bad in ["", " 1", "1 ", "nan", "-nan", "1e400", "1e-400", "1_000", "0x", "0xg", "infi", "abc"] {
            assert_eq!(double(bad.as_bytes()), None, "{bad:?}");
        }
    }

    #[test]
    fn doubles_are_written_short() {
        for (value, text) in [
            (1.1, "1.1"),
            (3.0, "3"),
            (-0.0, "0"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e17, "100000000000000000"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
            (3.0e-5, "0.00003"),
            (1.25e-10, "1.25e-10"),
            (-2.5, "-2.5"),
            (1_700_000_000.123, "1700000000.123"),
            (f64::NEG_INFINITY, "-inf"),
            (5e-324, "5e-324"),
        ] {
            assert_eq!(show_double(value), text);
        }
    }
}
