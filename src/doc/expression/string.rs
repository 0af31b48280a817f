//! String operators: case, length, parts, trimming.

use super::date_format::{iso, stamp};
use super::operator::{ANY, Answer, Arguments, NULL, Operator, fail, named, positional};
use super::type_name::type_name;
use crate::doc::Result;
use crate::value::order::is_nullish;
use bson::Bson;
use std::cmp::Ordering;

pub(super) const OPERATORS: &[Operator] = &[
    positional("$concat", 0, ANY, concat),
    named("$ltrim", &["input", "chars"], 1, |a| trim(a, true, false)),
    named("$rtrim", &["input", "chars"], 1, |a| trim(a, false, true)),
    positional("$split", 2, 2, split),
    positional("$strLenBytes", 1, 1, |a| length(a, 34473, str::len)),
    positional("$strLenCP", 1, 1, |a| length(a, 34471, |text| text.chars().count())),
    positional("$strcasecmp", 2, 2, compare),
    positional("$substr", 3, 3, substring_bytes),
    positional("$substrBytes", 3, 3, substring_bytes),
    positional("$substrCP", 3, 3, substring_characters),
    positional("$toLower", 1, 1, |a| string(lossy(a.get(0))?.to_ascii_lowercase())),
    positional("$toUpper", 1, 1, |a| string(lossy(a.get(0))?.to_ascii_uppercase())),
    named("$trim", &["input", "chars"], 1, |a| trim(a, true, true)),
];

pub(super) fn string(text: impl Into<String>) -> Answer {
    Ok(Some(Bson::String(text.into())))
}

/// A value as text the way the older string operators take it: null and missing are empty, numbers and
/// dates are written out.
fn lossy(value: Option<&Bson>) -> Result<String> {
    Ok(match value {
        value if is_nullish(value) => String::new(),
        Some(Bson::String(text) | Bson::Symbol(text) | Bson::JavaScriptCode(text)) => text.clone(),
        Some(Bson::DateTime(date)) => iso(date.timestamp_millis()),
        Some(number @ (Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_) | Bson::Decimal128(_))) => {
            super::conversion_text::number(number)
        }
        Some(Bson::Timestamp(timestamp)) => format!("{}:{:03x}", stamp(timestamp.time), timestamp.increment),
        other => {
            return Err(fail(16007, format!("can't convert from BSON type {} to String", type_name(other))));
        }
    })
}

fn concat(arguments: &Arguments<'_>) -> Answer {
    let mut text = String::new();
    for index in 0..arguments.len() {
        match (arguments.string(index), arguments.is_null(index)) {
            (Some(part), _) => text.push_str(part),
            (None, true) => return NULL,
            (None, false) => {
                return Err(fail(16702, format!("$concat only supports strings, not {}", arguments.type_name(index))));
            }
        }
    }
    string(text)
}

/// White space that `$trim` removes when it is not told what.
fn is_space(c: char) -> bool {
    matches!(
        c,
        '\0' | '\t'..='\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}'
    )
}

fn trim(arguments: &Arguments<'_>, left: bool, right: bool) -> Answer {
    if arguments.any_null() {
        return NULL;
    }
    let name = arguments.name;
    let mut text = arguments.string(0).ok_or_else(|| {
        fail(50699, format!("{name} requires its input to be a string, got {}", arguments.type_name(0)))
    })?;
    let chars: Option<Vec<char>> = match (arguments.given(1), arguments.string(1)) {
        (true, Some(chars)) => Some(chars.chars().collect()),
        (true, None) => {
            return Err(fail(50700, format!("{name} requires 'chars' to be a string, got {}", arguments.type_name(1))));
        }
        (false, _) => None,
    };
    let drop = |c: char| chars.as_ref().map_or_else(|| is_space(c), |chars| chars.contains(&c));
    if left {
        text = text.trim_start_matches(drop);
    }
    if right {
        text = text.trim_end_matches(drop);
    }
    string(text)
}

fn split(arguments: &Arguments<'_>) -> Answer {
    if arguments.any_null() {
        return NULL;
    }
    let text = arguments.string(0).ok_or_else(|| {
        fail(
            40085,
            format!(
                "$split requires an expression that evaluates to a string as a first argument, found: {}",
                arguments.type_name(0)
            ),
        )
    })?;
    let separator = arguments.string(1).ok_or_else(|| {
        fail(
            40086,
            format!(
                "$split requires an expression that evaluates to a string as a second argument, found: {}",
                arguments.type_name(1)
            ),
        )
    })?;
    if separator.is_empty() {
        return Err(fail(40087, "$split requires a non-empty separator"));
    }
    Ok(Some(Bson::Array(text.split(separator).map(|part| Bson::String(part.to_owned())).collect())))
}

fn length(arguments: &Arguments<'_>, number: i32, measure: fn(&str) -> usize) -> Answer {
    let text = arguments.string(0).ok_or_else(|| {
        fail(number, format!("{} requires a string argument, found: {}", arguments.name, arguments.type_name(0)))
    })?;
    Ok(Some(count(measure(text))))
}

/// A count as an int.
pub(super) fn count(number: usize) -> Bson {
    i32::try_from(number).map_or_else(|_| Bson::Int64(i64::try_from(number).unwrap_or(i64::MAX)), Bson::Int32)
}

fn compare(arguments: &Arguments<'_>) -> Answer {
    let left = lossy(arguments.get(0))?.to_ascii_uppercase();
    let right = lossy(arguments.get(1))?.to_ascii_uppercase();
    Ok(Some(Bson::Int32(match left.cmp(&right) {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    })))
}

fn number(arguments: &Arguments<'_>, index: usize, code: i32, what: &str) -> Result<i64> {
    if !arguments.is_number(index) {
        return Err(fail(
            code,
            format!("{}: {what} must be a numeric type (is BSON type {})", arguments.name, arguments.type_name(index)),
        ));
    }
    Ok(match arguments.get(index).and_then(super::number::Number::of) {
        Some(number) => number.to_f64() as i64,
        None => 0,
    })
}

fn substring_bytes(arguments: &Arguments<'_>) -> Answer {
    let text = lossy(arguments.get(0))?;
    let start = number(arguments, 1, 16034, "starting index")?;
    let length = number(arguments, 2, 16035, "length")?;
    let start = usize::try_from(start)
        .map_err(|_| fail(50752, format!("{}: starting index must be non-negative (got: {start})", arguments.name)))?;
    // A negative length means: to the end.
    let end = usize::try_from(length).map_or(text.len(), |length| start.saturating_add(length).min(text.len()));
    if start >= text.len() {
        return string("");
    }
    if !text.is_char_boundary(start) {
        return Err(fail(
            28656,
            format!("{}:  Invalid range, starting index is a UTF-8 continuation byte.", arguments.name),
        ));
    }
    if !text.is_char_boundary(end) {
        return Err(fail(
            28657,
            format!("{}:  Invalid range, ending index is in the middle of a UTF-8 character.", arguments.name),
        ));
    }
    string(text.get(start..end).unwrap_or_default())
}

fn substring_characters(arguments: &Arguments<'_>) -> Answer {
    let text = lossy(arguments.get(0))?;
    let index = |position: usize, not_number: i32, not_integer: i32, negative: i32, what: &str| -> Result<usize> {
        if !arguments.is_number(position) {
            return Err(fail(
                not_number,
                format!("$substrCP: {what} must be a numeric type (is BSON type {})", arguments.type_name(position)),
            ));
        }
        let value = arguments.int32(position).ok_or_else(|| {
            fail(not_integer, format!("$substrCP: {what} cannot be represented as a 32-bit integral value"))
        })?;
        usize::try_from(value).map_err(|_| fail(negative, format!("$substrCP: {what} must be a nonnegative integer.")))
    };
    let start = index(1, 34450, 34451, 34455, "the starting index")?;
    let length = index(2, 34452, 34453, 34454, "length")?;
    string(text.chars().skip(start).take(length).collect::<String>())
}
