//! `String` and the methods of strings. Places count UTF-16 units, as JavaScript counts.

use super::{Args, regex};
use crate::script::convert::{to_number, to_text};
use crate::script::expression::Answer;
use crate::script::heap::Text;
use crate::script::host::{Host, Thrown};
use crate::script::machine::Machine;
use crate::script::operator::{LONGEST_TEXT, too_long, utf16_order};
use crate::script::value::Value;
use unicode_normalization::UnicodeNormalization;

pub(super) const FUNCTIONS: &[&str] = &["String", "String.fromCharCode", "String.fromCodePoint"];

pub(super) const METHODS: &[&str] = &[
    "at",
    "charAt",
    "charCodeAt",
    "codePointAt",
    "concat",
    "endsWith",
    "includes",
    "indexOf",
    "lastIndexOf",
    "localeCompare",
    "match",
    "matchAll",
    "normalize",
    "padEnd",
    "padStart",
    "repeat",
    "replace",
    "replaceAll",
    "search",
    "slice",
    "split",
    "startsWith",
    "substr",
    "substring",
    "toLowerCase",
    "toString",
    "toUpperCase",
    "trim",
    "trimEnd",
    "trimStart",
];

pub(super) fn call(name: &str, args: &Args) -> Answer {
    if name == "String" {
        return Ok(if args.0.is_empty() { Value::text("") } else { Value::text(args.text(0)) });
    }
    let units: Vec<u16> = args
        .0
        .iter()
        .flat_map(|code| {
            let code = to_number(code) as u32;
            match char::from_u32(code).filter(|_| name == "String.fromCodePoint") {
                Some(letter) => letter.encode_utf16(&mut [0; 2]).to_vec(),
                None => vec![code as u16],
            }
        })
        .collect();
    Ok(Value::text(String::from_utf16_lossy(&units)))
}

/// The unit at a place, as a string.
pub(super) fn unit(text: &str, at: usize) -> Option<String> {
    if text.is_ascii() {
        return text.get(at..at + 1).map(str::to_owned);
    }
    text.encode_utf16().nth(at).map(|unit| String::from_utf16_lossy(&[unit]))
}

/// A part of a string, by units.
fn part(text: &str, start: usize, end: usize) -> String {
    if text.is_ascii() {
        return text.get(start..end).unwrap_or_default().to_owned();
    }
    let units: Vec<u16> = text.encode_utf16().skip(start).take(end.saturating_sub(start)).collect();
    String::from_utf16_lossy(&units)
}

/// The length in units.
pub(super) fn length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

/// The place in units of a place in bytes.
pub(super) fn units_before(text: &str, bytes: usize) -> usize {
    if text.is_ascii() { bytes } else { text.get(..bytes).map_or(0, |before| before.encode_utf16().count()) }
}

/// The place in bytes of a place in units.
pub(super) fn bytes_before(text: &str, units: usize) -> usize {
    if text.is_ascii() {
        return units.min(text.len());
    }
    let mut left = units;
    for (at, letter) in text.char_indices() {
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(letter.len_utf16());
    }
    text.len()
}

/// A place that counts from the end when it is negative.
fn from_end(place: f64, length: usize) -> usize {
    let length = length as f64;
    if place < 0.0 { (length + place).max(0.0) as usize } else { place.min(length) as usize }
}

pub(super) fn method(
    machine: &mut Machine,
    host: &mut dyn Host,
    text: &Text,
    name: &str,
    args: &Args,
) -> Result<Option<Value>, Thrown> {
    let len = length(text);
    Ok(Some(match name {
        "charAt" => Value::text(unit(text, args.whole(0, 0.0).max(0.0) as usize).unwrap_or_default()),
        "at" => {
            let at = args.whole(0, 0.0);
            let at = if at < 0.0 { len as f64 + at } else { at };
            if at < 0.0 { Value::Undefined } else { unit(text, at as usize).map_or(Value::Undefined, Value::text) }
        }
        "charCodeAt" => {
            let at = args.whole(0, 0.0).max(0.0) as usize;
            Value::Number(text.encode_utf16().nth(at).map_or(f64::NAN, f64::from))
        }
        "codePointAt" => {
            let at = bytes_before(text, args.whole(0, 0.0).max(0.0) as usize);
            let letter = text.get(at..).and_then(|rest| rest.chars().next());
            letter.map_or(Value::Undefined, |letter| Value::Number(f64::from(u32::from(letter))))
        }
        "concat" => Value::text(args.0.iter().fold(text.to_string(), |all, more| all + &to_text(more))),
        "endsWith" => Value::Boolean(text.ends_with(&args.text(0))),
        "startsWith" => {
            let start = bytes_before(text, args.whole(1, 0.0).max(0.0) as usize);
            Value::Boolean(text.get(start..).is_some_and(|rest| rest.starts_with(&args.text(0))))
        }
        "includes" => Value::Boolean(text.contains(&args.text(0))),
        "indexOf" => {
            let start = bytes_before(text, args.whole(1, 0.0).max(0.0) as usize);
            let found = text.get(start..).and_then(|rest| rest.find(&args.text(0)));
            Value::Number(found.map_or(-1.0, |at| units_before(text, start + at) as f64))
        }
        "lastIndexOf" => Value::Number(text.rfind(&args.text(0)).map_or(-1.0, |at| units_before(text, at) as f64)),
        "localeCompare" => {
            let (own, other) = (text.to_string(), args.text(0));
            let order = own.to_lowercase().cmp(&other.to_lowercase()).then_with(|| utf16_order(&other, &own));
            Value::Number(order as i8 as f64)
        }
        "normalize" => Value::text(match args.0.first().map(to_text).as_deref() {
            Some("NFD") => text.nfd().collect::<String>(),
            Some("NFKC") => text.nfkc().collect(),
            Some("NFKD") => text.nfkd().collect(),
            _ => text.nfc().collect(),
        }),
        "padStart" | "padEnd" => {
            let wanted = args.whole(0, 0.0).max(0.0) as usize;
            let with = if matches!(args.get(1), Value::Undefined) { " ".to_owned() } else { args.text(1) };
            if wanted > LONGEST_TEXT {
                return Err(too_long());
            }
            let missing = wanted.saturating_sub(len);
            let pad: Vec<u16> = with.encode_utf16().cycle().take(if with.is_empty() { 0 } else { missing }).collect();
            let pad = String::from_utf16_lossy(&pad);
            Value::text(if name == "padStart" { pad + text } else { text.to_string() + &pad })
        }
        "repeat" => {
            let times = args.whole(0, 0.0);
            if times < 0.0 || !times.is_finite() {
                return Err(Thrown::error("RangeError", "Invalid count value"));
            }
            if times * text.len() as f64 > LONGEST_TEXT as f64 {
                return Err(too_long());
            }
            Value::text(text.repeat(times as usize))
        }
        "slice" => {
            let (start, end) = (from_end(args.whole(0, 0.0), len), from_end(args.whole(1, len as f64), len));
            Value::text(part(text, start, end))
        }
        "substring" => {
            let place = |at: f64| at.clamp(0.0, len as f64) as usize;
            let (a, b) = (place(args.whole(0, 0.0)), place(args.whole(1, len as f64)));
            Value::text(part(text, a.min(b), a.max(b)))
        }
        "substr" => {
            let start = from_end(args.whole(0, 0.0), len);
            let count = args.whole(1, len as f64).max(0.0) as usize;
            Value::text(part(text, start, start.saturating_add(count).min(len)))
        }
        "toLowerCase" | "toLocaleLowerCase" => Value::text(text.to_lowercase()),
        "toUpperCase" | "toLocaleUpperCase" => Value::text(text.to_uppercase()),
        "trim" => Value::text(text.trim()),
        "trimStart" | "trimLeft" => Value::text(text.trim_start()),
        "trimEnd" | "trimRight" => Value::text(text.trim_end()),
        "split" => split(text, args)?,
        "match" => return regex::match_text(text, args).map(Some),
        "matchAll" => return regex::match_all(text, args).map(Some),
        "search" => return regex::search(text, args).map(Some),
        "replace" | "replaceAll" => return regex::replace(machine, host, text, args, name == "replaceAll").map(Some),
        _ => return Ok(None),
    }))
}

fn split(text: &str, args: &Args) -> Answer {
    let most = args.whole(1, f64::from(u32::MAX)).max(0.0) as usize;
    let parts: Vec<Value> = match args.get(0) {
        Value::Undefined => vec![Value::text(text)],
        Value::Regex(pattern) => regex::split(text, pattern)?,
        separator => match to_text(separator) {
            separator if separator.is_empty() => text.chars().map(|letter| Value::text(letter.to_string())).collect(),
            separator => text.split(&separator).map(Value::text).collect(),
        },
    };
    Ok(Value::array(parts.into_iter().take(most).collect()))
}
