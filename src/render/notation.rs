//! How single numbers, dates and bytes are written, where a reference system prescribes it.

pub use crate::value::notation::{iso_date, number};

use crate::value::notation::scientific;
use std::fmt::Write;

/// A float as Java and so Cypher writes it (`Double.toString`): `1.0`, `1.0E10`, `1.0E-4`.
pub fn float(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-3..1e7).contains(&magnitude) {
        let (mantissa, exponent) = scientific(value);
        let fraction = if mantissa.contains('.') { "" } else { ".0" };
        return format!("{mantissa}{fraction}E{exponent}");
    }
    format!("{value:?}")
}

/// Bytes as text when they are UTF-8, with `\xhh` for the bytes that are not.
pub fn readable(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_two_dialects() {
        for (value, javascript, java) in [
            (1.0, "1", "1.0"),
            (-0.0, "-0", "-0.0"),
            (0.1, "0.1", "0.1"),
            (1e21, "1e+21", "1.0E21"),
            (1.5e-7, "1.5e-7", "1.5E-7"),
            (123_456_789.0, "123456789", "1.23456789E8"),
            (f64::INFINITY, "Infinity", "Infinity"),
        ] {
            assert_eq!(number(value), javascript);
            assert_eq!(float(value), java);
        }
    }

    #[test]
    fn bytes() {
        assert_eq!(readable(b"a\xff\xc3\xa9"), "a\\xffé");
    }

    #[test]
    fn dates_always_have_milliseconds() {
        assert_eq!(iso_date(bson::DateTime::from_millis(0)), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso_date(bson::DateTime::from_millis(-1)), "1969-12-31T23:59:59.999Z");
    }
}
