//! The value constructors of mongosh (`ObjectId("…")`, `ISODate("…")`, `NumberLong("5")` …) and the
//! small constant arithmetic of JavaScript, as functions of BSON values.

use bson::oid::ObjectId;
use bson::spec::BinarySubtype;
use bson::{Binary, Bson, DateTime, Decimal128, Document, Regex, Timestamp};
use std::str::FromStr;

/// Why a constructor refuses its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// mongosh's class of error: `BSONError`, `TypeError`, `Error`.
    pub class: &'static str,
    /// One sentence.
    pub message: String,
}

impl Invalid {
    /// What js-bson refuses.
    pub fn bson(message: impl Into<String>) -> Self {
        Invalid { class: "BSONError", message: message.into() }
    }

    /// What JavaScript refuses.
    pub fn type_error(message: impl Into<String>) -> Self {
        Invalid { class: "TypeError", message: message.into() }
    }
}

/// Every constructor, for dispatch, completion and did-you-mean.
pub const CONSTRUCTORS: &[&str] = &[
    "ObjectId",
    "ISODate",
    "Date",
    "NumberInt",
    "Int32",
    "NumberLong",
    "Long",
    "NumberDecimal",
    "Decimal128",
    "Double",
    "Number",
    "String",
    "UUID",
    "BinData",
    "HexData",
    "Timestamp",
    "MinKey",
    "MaxKey",
    "RegExp",
    "BSONRegExp",
    "Code",
    "DBRef",
    "Symbol",
    "BSONSymbol",
    "Long.fromString",
    "Long.fromNumber",
    "Decimal128.fromString",
    "ObjectId.createFromHexString",
    "ObjectId.createFromTime",
    "Binary.createFromBase64",
    "Binary.createFromHexString",
    "Date.UTC",
    "EJSON.parse",
];

/// Calls a constructor. `ObjectId()`, `ISODate()`, `UUID()` and `Timestamp()` without arguments depend on
/// the moment and are not made here.
pub fn construct(name: &str, args: &[Bson]) -> Result<Bson, Invalid> {
    let first = args.first();
    match name {
        "ObjectId" | "ObjectId.createFromHexString" => object_id(first),
        "ObjectId.createFromTime" => {
            let seconds = number(first).ok_or_else(|| Invalid::bson("a number of seconds is expected"))?;
            let mut bytes = [0u8; 12];
            bytes[..4].copy_from_slice(&(seconds as u32).to_be_bytes());
            Ok(Bson::ObjectId(ObjectId::from_bytes(bytes)))
        }
        "ISODate" | "Date" => date(name, args),
        "Date.UTC" => match date("Date", args)? {
            Bson::DateTime(date) => Ok(js_number(date.timestamp_millis() as f64)),
            other => Ok(other),
        },
        "NumberInt" | "Int32" => int32(first),
        "NumberLong" | "Long" | "Long.fromString" | "Long.fromNumber" => long(args),
        "NumberDecimal" | "Decimal128" | "Decimal128.fromString" => decimal(first),
        "Double" => number_or_text(first).map(Bson::Double).ok_or_else(|| Invalid::bson("Double needs a number")),
        "Number" => Ok(js_number(number_or_text(first).unwrap_or(f64::NAN))),
        "String" => Ok(Bson::String(first.map_or_else(String::new, display))),
        "UUID" => uuid(first),
        "BinData" | "Binary.createFromBase64" => bin_data(name, args),
        "HexData" | "Binary.createFromHexString" => hex_data(name, args),
        "Timestamp" => timestamp(args),
        "MinKey" => Ok(Bson::MinKey),
        "MaxKey" => Ok(Bson::MaxKey),
        "RegExp" | "BSONRegExp" => match first {
            Some(Bson::String(pattern)) => regex(pattern, args.get(1).and_then(Bson::as_str).unwrap_or("")),
            Some(Bson::RegularExpression(same)) => Ok(Bson::RegularExpression(same.clone())),
            _ => Err(Invalid::type_error(format!("{name} needs a pattern"))),
        },
        "Code" => code(args),
        "DBRef" => dbref(args),
        "Symbol" | "BSONSymbol" => match first {
            Some(Bson::String(text)) => Ok(Bson::Symbol(text.clone())),
            _ => Err(Invalid::bson("Symbol needs a string")),
        },
        "EJSON.parse" => Err(Invalid { class: "Error", message: "write the Extended JSON object itself".to_owned() }),
        _ => Err(Invalid { class: "ReferenceError", message: format!("{name} is not defined") }),
    }
}

fn object_id(arg: Option<&Bson>) -> Result<Bson, Invalid> {
    const MESSAGE: &str = "input must be a 24 character hex string, 12 byte Uint8Array, or an integer";
    match arg {
        Some(Bson::String(hex)) => ObjectId::parse_str(hex).map(Bson::ObjectId).map_err(|_| Invalid::bson(MESSAGE)),
        Some(Bson::ObjectId(id)) => Ok(Bson::ObjectId(*id)),
        Some(Bson::Int32(seconds)) => {
            let mut bytes = ObjectId::new().bytes();
            bytes[..4].copy_from_slice(&seconds.to_be_bytes());
            Ok(Bson::ObjectId(ObjectId::from_bytes(bytes)))
        }
        _ => Err(Invalid::bson(MESSAGE)),
    }
}

fn int32(arg: Option<&Bson>) -> Result<Bson, Invalid> {
    let value = match arg {
        None => 0.0,
        some => number_or_text(some).ok_or_else(|| Invalid::bson("NumberInt needs a number"))?,
    };
    if value.is_finite() && value >= f64::from(i32::MIN) && value <= f64::from(i32::MAX) {
        Ok(Bson::Int32(value as i32))
    } else {
        Err(Invalid::bson(format!("{value} does not fit into a 32-bit integer")))
    }
}

fn long(args: &[Bson]) -> Result<Bson, Invalid> {
    match args {
        [] => Ok(Bson::Int64(0)),
        [Bson::String(text), ..] => match i64::from_str(text.trim()) {
            Ok(number) => Ok(Bson::Int64(number)),
            Err(_) => Err(Invalid::bson(format!("string '{text}' is not a valid Long string representation"))),
        },
        [Bson::Int64(number)] => Ok(Bson::Int64(*number)),
        // Long(low, high)
        [low, high] => match (number(Some(low)), number(Some(high))) {
            (Some(low), Some(high)) => Ok(Bson::Int64(((high as i64) << 32) | i64::from(low as i64 as u32))),
            _ => Err(Invalid::bson("Long needs a number or a string of digits")),
        },
        [other, ..] => match number(Some(other)) {
            // Casts saturate, as Long.fromNumber does.
            Some(value) if !value.is_nan() => Ok(Bson::Int64(value as i64)),
            Some(_) => Ok(Bson::Int64(0)),
            None => Err(Invalid::bson("Long needs a number or a string of digits")),
        },
    }
}

fn decimal(arg: Option<&Bson>) -> Result<Bson, Invalid> {
    let text = match arg {
        None => "0".to_owned(),
        Some(Bson::String(text)) => text.clone(),
        Some(Bson::Decimal128(same)) => return Ok(Bson::Decimal128(*same)),
        Some(Bson::Int64(number)) => number.to_string(),
        Some(other) => match number(Some(other)) {
            Some(value) => format!("{value}"),
            None => return Err(Invalid::bson("Decimal128 needs a string")),
        },
    };
    let spelled = match text.as_str() {
        "inf" => "Infinity",
        "-inf" => "-Infinity",
        other => other,
    };
    Decimal128::from_str(spelled)
        .map(Bson::Decimal128)
        .map_err(|_| Invalid::bson(format!("\"{text}\" is not a valid Decimal128 string")))
}

fn uuid(arg: Option<&Bson>) -> Result<Bson, Invalid> {
    let text = arg.and_then(Bson::as_str).unwrap_or("");
    bson::Uuid::parse_str(text).map(|uuid| Bson::Binary(Binary::from_uuid(uuid))).map_err(|_| {
        Invalid::bson("UUID string representation must be a 32 character hex string or canonical hyphenated string")
    })
}

fn bin_data(name: &str, args: &[Bson]) -> Result<Bson, Invalid> {
    let (text, kind) = match (name, args) {
        ("BinData", [kind, Bson::String(text), ..]) => (text, Some(kind)),
        ("BinData", _) => return Err(Invalid::bson("BinData needs a subtype and base64 text")),
        (_, [Bson::String(text), rest @ ..]) => (text, rest.first()),
        _ => return Err(Invalid::bson(format!("{name} needs base64 text"))),
    };
    super::ejson::binary(text, subtype(kind)?).map(Bson::Binary)
}

fn hex_data(name: &str, args: &[Bson]) -> Result<Bson, Invalid> {
    let (text, kind) = match (name, args) {
        ("HexData", [kind, Bson::String(text), ..]) => (text, Some(kind)),
        (_, [Bson::String(text), rest @ ..]) => (text, rest.first()),
        _ => return Err(Invalid::bson(format!("{name} needs hex text"))),
    };
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b'-').collect();
    let bytes: Option<Vec<u8>> = digits
        .chunks(2)
        .map(|pair| match pair {
            [_, _] => std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()),
            _ => None,
        })
        .collect();
    let bytes = bytes.ok_or_else(|| Invalid::bson("the hex text is wrong"))?;
    Ok(Bson::Binary(Binary { subtype: BinarySubtype::from(subtype(kind)?), bytes }))
}

fn subtype(arg: Option<&Bson>) -> Result<u8, Invalid> {
    match arg {
        None => Ok(0),
        some => number(some)
            .filter(|kind| (0.0..=255.0).contains(kind))
            .map(|kind| kind as u8)
            .ok_or_else(|| Invalid::bson("the subtype is a number from 0 to 255")),
    }
}

fn timestamp(args: &[Bson]) -> Result<Bson, Invalid> {
    let part = |value: Option<&Bson>| match value {
        None => Ok(0),
        some => number(some)
            .filter(|n| (0.0..=f64::from(u32::MAX)).contains(n))
            .map(|n| n as u32)
            .ok_or_else(|| Invalid::bson("Timestamp needs two numbers, or { t: seconds, i: ordinal }")),
    };
    let (time, increment) = match args {
        [Bson::Document(parts)] => (part(parts.get("t"))?, part(parts.get("i"))?),
        [Bson::Int64(both)] => ((*both >> 32) as u32, *both as u32),
        _ => (part(args.first())?, part(args.get(1))?),
    };
    Ok(Bson::Timestamp(Timestamp { time, increment }))
}

fn code(args: &[Bson]) -> Result<Bson, Invalid> {
    match args {
        [Bson::String(code)] => Ok(Bson::JavaScriptCode(code.clone())),
        [Bson::String(code), Bson::Document(scope)] => {
            Ok(Bson::JavaScriptCodeWithScope(bson::JavaScriptCodeWithScope {
                code: code.clone(),
                scope: scope.clone(),
            }))
        }
        _ => Err(Invalid::bson("Code needs a string, and perhaps a scope")),
    }
}

fn dbref(args: &[Bson]) -> Result<Bson, Invalid> {
    let [collection @ Bson::String(_), id, rest @ ..] = args else {
        return Err(Invalid::bson("DBRef needs a collection name and an _id"));
    };
    let mut document = Document::new();
    document.insert("$ref", collection.clone());
    document.insert("$id", id.clone());
    if let Some(database) = rest.first() {
        document.insert("$db", database.clone());
    }
    Ok(Bson::Document(document))
}

/// A BSON regular expression; its options are put in alphabetical order, and those that only mean
/// something to JavaScript's matcher (`g`, `y`, `d`, `v`) are left out.
pub fn regex(pattern: &str, options: &str) -> Result<Bson, Invalid> {
    let mut letters: Vec<char> = options.chars().filter(|letter| !"gydv".contains(*letter)).collect();
    letters.sort_unstable();
    letters.dedup();
    if let Some(letter) = letters.iter().find(|letter| !"ilmsux".contains(**letter)) {
        return Err(Invalid { class: "SyntaxError", message: format!("Invalid regular expression flag '{letter}'") });
    }
    let nul = || Invalid::bson("a regular expression cannot hold a NUL character");
    Ok(Bson::RegularExpression(Regex {
        pattern: pattern.to_owned().try_into().map_err(|_| nul())?,
        options: letters.into_iter().collect::<String>().try_into().map_err(|_| nul())?,
    }))
}

fn date(name: &str, args: &[Bson]) -> Result<Bson, Invalid> {
    let milliseconds = match args {
        [Bson::DateTime(same)] => same.timestamp_millis() as f64,
        [Bson::String(text)] => match parse_date(text) {
            Some(milliseconds) => milliseconds as f64,
            None if name == "ISODate" => {
                return Err(Invalid {
                    class: "Error",
                    message: format!("{} is not a valid ISODate", Bson::String(text.clone())),
                });
            }
            None => return Err(Invalid { class: "RangeError", message: format!("Invalid Date: {text:?}") }),
        },
        [Bson::Int64(value)] => *value as f64,
        [one] => number(Some(one)).unwrap_or(f64::NAN),
        several => from_parts(several).unwrap_or(f64::NAN),
    };
    if !milliseconds.is_finite() || milliseconds.abs() > 8.64e15 {
        return Err(Invalid { class: "RangeError", message: "Invalid Date".to_owned() });
    }
    Ok(Bson::DateTime(DateTime::from_millis(milliseconds.trunc() as i64)))
}

/// `new Date(year, month index, day, hours, minutes, seconds, milliseconds)`, in UTC; parts may overflow.
fn from_parts(args: &[Bson]) -> Option<f64> {
    let mut parts = [0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    for (part, arg) in parts.iter_mut().zip(args) {
        *part = number(Some(arg))?.trunc();
    }
    let mut year = parts[0];
    if (0.0..=99.0).contains(&year) {
        year += 1900.0;
    }
    let months = year * 12.0 + parts[1];
    if !months.is_finite() || months.abs() > 3.6e6 {
        return None;
    }
    let (year, month) = ((months / 12.0).floor() as i64, months.rem_euclid(12.0) as i64 + 1);
    let day = days_from_civil(year, month) as f64 + parts[2] - 1.0;
    Some(day * 86_400_000.0 + parts[3] * 3_600_000.0 + parts[4] * 60_000.0 + parts[5] * 1000.0 + parts[6])
}

/// Days from 1970-01-01 to the first of a month in the proleptic Gregorian calendar.
fn days_from_civil(year: i64, month: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Milliseconds since 1970 of a date text: ISO 8601 in its usual shortenings, and the English forms that
/// JavaScript reads. Without a zone the time is UTC.
pub fn parse_date(text: &str) -> Option<i64> {
    iso_date(text.trim()).or_else(|| english_date(text.trim()))
}

fn iso_date(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let digits = |from: usize, count: usize| -> Option<i64> {
        let part = text.get(from..from + count)?;
        if part.bytes().all(|byte| byte.is_ascii_digit()) { part.parse().ok() } else { None }
    };
    let year = digits(0, 4)?;
    let mut at = 4;
    let (mut month, mut day) = (1, 1);
    let compact = bytes.get(4).is_some_and(u8::is_ascii_digit);
    if compact {
        (month, day) = (digits(4, 2)?, digits(6, 2)?);
        at = 8;
    } else if bytes.get(at) == Some(&b'-') {
        month = digits(5, 2)?;
        at = 7;
        if bytes.get(at) == Some(&b'-') {
            day = digits(8, 2)?;
            at = 10;
        }
    }
    let last = jiff::civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).ok()?.days_in_month();
    if !(1..=i64::from(last)).contains(&day) {
        return None;
    }
    let mut milliseconds = (days_from_civil(year, month) + day - 1) * 86_400_000;
    if at == bytes.len() {
        return Some(milliseconds);
    }
    if !matches!(bytes.get(at), Some(b'T' | b't' | b' ')) {
        return None;
    }
    at += 1;
    let hours = digits(at, 2)?;
    at += 2;
    let (mut minutes, mut seconds) = (0, 0);
    let colon = bytes.get(at) == Some(&b':');
    if colon || bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += usize::from(colon);
        minutes = digits(at, 2)?;
        at += 2;
        let colon = bytes.get(at) == Some(&b':');
        if colon || bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += usize::from(colon);
            seconds = digits(at, 2)?;
            at += 2;
            if matches!(bytes.get(at), Some(b'.' | b',')) {
                at += 1;
                let end = at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                let fraction: String = text.get(at..end)?.chars().chain("000".chars()).take(3).collect();
                milliseconds += fraction.parse::<i64>().ok()?;
                at = end;
            }
        }
    }
    if hours > 24 || minutes > 59 || seconds > 59 {
        return None;
    }
    milliseconds += ((hours * 60 + minutes) * 60 + seconds) * 1000;
    match text.get(at..)? {
        "" | "Z" | "z" => Some(milliseconds),
        zone => {
            let sign = match zone.as_bytes().first()? {
                b'+' => 1,
                b'-' => -1,
                _ => return None,
            };
            let digits: String = zone.get(1..)?.chars().filter(|letter| *letter != ':').collect();
            let offset = match digits.len() {
                2 => digits.parse::<i64>().ok()? * 60,
                4 => digits.get(..2)?.parse::<i64>().ok()? * 60 + digits.get(2..)?.parse::<i64>().ok()?,
                _ => return None,
            };
            Some(milliseconds - sign * offset * 60_000)
        }
    }
}

fn english_date(text: &str) -> Option<i64> {
    const DATES: &[&str] = &[
        "%b %d, %Y",
        "%B %d, %Y",
        "%b %d %Y",
        "%B %d %Y",
        "%d %b %Y",
        "%d %B %Y",
        "%Y/%m/%d",
        "%m/%d/%Y",
        "%a %b %d %Y",
        "%a, %d %b %Y",
    ];
    const TIMES: &[&str] = &[" %H:%M:%S", " %H:%M"];
    let text = text.trim_end_matches(" GMT").trim_end_matches(" UTC").trim_end_matches('Z');
    for date in DATES {
        if let Ok(date) = jiff::civil::Date::strptime(date, text) {
            return Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond());
        }
        for time in TIMES {
            if let Ok(moment) = jiff::civil::DateTime::strptime(format!("{date}{time}"), text) {
                return Some(moment.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond());
            }
        }
    }
    None
}

/// A number as mongosh sends it: an int32 if it is integral and fits, else a double.
pub fn js_number(value: f64) -> Bson {
    if value.fract() == 0.0
        && value >= f64::from(i32::MIN)
        && value <= f64::from(i32::MAX)
        && !(value == 0.0 && value.is_sign_negative())
    {
        Bson::Int32(value as i32)
    } else {
        Bson::Double(value)
    }
}

/// The double of an int32, int64 or double.
pub fn number(value: Option<&Bson>) -> Option<f64> {
    match value? {
        Bson::Int32(number) => Some(f64::from(*number)),
        Bson::Int64(number) => Some(*number as f64),
        Bson::Double(number) => Some(*number),
        _ => None,
    }
}

fn number_or_text(value: Option<&Bson>) -> Option<f64> {
    match value? {
        Bson::String(text) => match text.trim() {
            "Infinity" | "+Infinity" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            "NaN" => Some(f64::NAN),
            "-0" => Some(-0.0),
            digits => digits.parse().ok(),
        },
        other => number(Some(other)),
    }
}

/// A value inside a JavaScript string.
fn display(value: &Bson) -> String {
    match value {
        Bson::String(text) => text.clone(),
        Bson::Int32(number) => number.to_string(),
        Bson::Int64(number) => number.to_string(),
        Bson::Double(number) if number.is_infinite() => if *number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned(),
        Bson::Double(number) => format!("{number}"),
        Bson::Null => "null".to_owned(),
        Bson::Undefined => "undefined".to_owned(),
        Bson::Boolean(value) => value.to_string(),
        Bson::ObjectId(id) => id.to_hex(),
        Bson::Decimal128(number) => number.to_string(),
        other => other.to_string(),
    }
}

/// The operators of constant arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`, also of strings.
    Add,
    /// `-`, also of dates.
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `**`
    Power,
}

/// JavaScript's arithmetic on plain numbers, `+` on strings, and dates as their milliseconds.
pub fn arithmetic(operator: Operator, left: &Bson, right: &Bson) -> Result<Bson, Invalid> {
    if operator == Operator::Add && (matches!(left, Bson::String(_)) || matches!(right, Bson::String(_))) {
        return Ok(Bson::String(display(left) + &display(right)));
    }
    let operand = |value: &Bson| match value {
        Bson::Int32(number) => Ok(f64::from(*number)),
        Bson::Double(number) => Ok(*number),
        Bson::Int64(number) => Ok(*number as f64),
        Bson::DateTime(date) if operator != Operator::Add => Ok(date.timestamp_millis() as f64),
        other => Err(Invalid::type_error(format!("arithmetic needs plain numbers, not {other}"))),
    };
    let (left, right) = (operand(left)?, operand(right)?);
    Ok(js_number(match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide => left / right,
        Operator::Remainder => left % right,
        Operator::Power => left.powf(right),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_their_many_forms() {
        for (text, expected) in [
            ("2024-12-31", Some(1_735_603_200_000)),
            ("2024-12-31T10:30:00Z", Some(1_735_641_000_000)),
            ("2024-12-31T10:30:00.5Z", Some(1_735_641_000_500)),
            ("2024-12-31T10:30:00+02:00", Some(1_735_633_800_000)),
            ("20241231", Some(1_735_603_200_000)),
            ("Dec 31, 2024", Some(1_735_603_200_000)),
            ("2024-02-30", None),
            ("soon", None),
        ] {
            assert_eq!(parse_date(text), expected, "{text}");
        }
        assert_eq!(
            construct("Date", &[Bson::Int32(2024), Bson::Int32(11), Bson::Int32(31)]),
            Ok(Bson::DateTime(DateTime::from_millis(1_735_603_200_000)))
        );
    }

    #[test]
    fn numbers_take_the_types_of_mongosh() {
        assert_eq!(js_number(96.0), Bson::Int32(96));
        assert_eq!(js_number(2_147_483_648.0), Bson::Double(2_147_483_648.0));
        assert_eq!(js_number(1.5), Bson::Double(1.5));
        assert!(matches!(js_number(-0.0), Bson::Double(_)));
        assert!(construct("ObjectId", &[Bson::String("...".to_owned())]).is_err());
    }
}
