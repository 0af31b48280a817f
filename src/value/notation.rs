//! How JavaScript writes numbers and dates.

/// A number as JavaScript writes it (ECMA-262, Number::toString): `1`, `0.1`, `1e+21`, `1e-7`.
pub fn number(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        let (mantissa, exponent) = scientific(value);
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{}", exponent.unsigned_abs());
    }
    format!("{value}")
}

/// The shortest digits and the exponent of ten.
pub fn scientific(value: f64) -> (String, i32) {
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.to_owned(), exponent.parse().unwrap_or(0))
}

/// A date as `Date.prototype.toISOString` writes it; what lies outside its years is given in milliseconds.
pub fn iso_date(date: bson::DateTime) -> String {
    let millis = date.timestamp_millis();
    match jiff::Timestamp::from_millisecond(millis) {
        Ok(time) if time.to_zoned(jiff::tz::TimeZone::UTC).year() >= 0 => {
            time.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
        }
        _ => format!("{millis} ms since 1970"),
    }
}
