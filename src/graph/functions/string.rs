//! Functions on strings. Positions and lengths count characters, from 0.

use super::scalar::{first, wrong_type};
use super::signature::{Group, Signature, Types};
use crate::graph::eval::{EvalContext, limits};
use crate::graph::{Detail, Error, Result};
use crate::value::graph::Value;

const GROUP: Group = Group::String;
const TEXT: &[Types] = &[Types::STRING];
const STRING: Types = Types::STRING;

pub(super) const FUNCTIONS: &[Signature] = &[
    Signature::new("normalize", Group::String, &[Types::STRING, Types::STRING], Types::STRING, |args, _| {
        super::normal::normalize(args)
    })
    .optional(1),
    Signature::new("left", GROUP, &[STRING, Types::INTEGER], STRING, left),
    Signature::new("right", GROUP, &[STRING, Types::INTEGER], STRING, right),
    Signature::new("trim", GROUP, &[STRING, STRING], STRING, |args, _| trim(args, true, true)).optional(1),
    Signature::new("btrim", GROUP, &[STRING, STRING], STRING, |args, _| trim(args, true, true)).optional(1),
    Signature::new("ltrim", GROUP, &[STRING, STRING], STRING, |args, _| trim(args, true, false)).optional(1),
    Signature::new("rtrim", GROUP, &[STRING, STRING], STRING, |args, _| trim(args, false, true)).optional(1),
    Signature::new("replace", GROUP, &[STRING, STRING, STRING], STRING, replace),
    Signature::new("split", GROUP, &[STRING, STRING.or(Types::LIST)], Types::LIST, split),
    Signature::new("substring", GROUP, &[STRING, Types::INTEGER, Types::INTEGER], STRING, substring).optional(1),
    Signature::new("toLower", GROUP, TEXT, STRING, |args, _| Ok(Value::string(text(first(args))?.to_lowercase()))),
    Signature::new("lower", GROUP, TEXT, STRING, |args, _| Ok(Value::string(text(first(args))?.to_lowercase()))),
    Signature::new("toUpper", GROUP, TEXT, STRING, |args, _| Ok(Value::string(text(first(args))?.to_uppercase()))),
    Signature::new("upper", GROUP, TEXT, STRING, |args, _| Ok(Value::string(text(first(args))?.to_uppercase()))),
];

fn text(value: &Value) -> Result<&str> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(wrong_type("String", other)),
    }
}

/// A number of characters: an integer from 0.
fn characters(value: &Value) -> Result<usize> {
    match value {
        Value::Int(count) => usize::try_from(*count).map_err(|_| {
            Error::argument(Detail::NumberOutOfRange, format!("A position or length cannot be negative: {count}"))
        }),
        other => Err(wrong_type("Integer", other)),
    }
}

/// The byte where character number `count` begins.
fn byte_of(text: &str, count: usize) -> usize {
    text.char_indices().nth(count).map_or(text.len(), |(at, _)| at)
}

fn left(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    let [subject, count] = args else { return Ok(Value::Null) };
    let subject = text(subject)?;
    Ok(Value::string(&subject[..byte_of(subject, characters(count)?)]))
}

fn right(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    let [subject, count] = args else { return Ok(Value::Null) };
    let subject = text(subject)?;
    let skipped = subject.chars().count().saturating_sub(characters(count)?);
    Ok(Value::string(&subject[byte_of(subject, skipped)..]))
}

/// Takes blanks, or the characters of the second argument, from one or both ends.
fn trim(args: &[&Value], start: bool, end: bool) -> Result<Value> {
    let subject = text(first(args))?;
    let unwanted = match args.get(1) {
        Some(characters) => Some(text(characters)?),
        None => None,
    };
    let cut = |character: char| match unwanted {
        Some(unwanted) => unwanted.contains(character),
        None => character.is_whitespace(),
    };
    let subject = if start { subject.trim_start_matches(cut) } else { subject };
    Ok(Value::string(if end { subject.trim_end_matches(cut) } else { subject }))
}

fn replace(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    let [subject, search, by] = args else { return Ok(Value::Null) };
    let (subject, search, by) = (text(subject)?, text(search)?, text(by)?);
    if search.is_empty() {
        return Ok(Value::string(subject));
    }
    let growth = by.len().saturating_sub(search.len());
    if growth > 0 {
        let more = subject.matches(search).count().saturating_mul(growth);
        limits::check_text(subject.len().saturating_add(more))?;
    }
    Ok(Value::string(subject.replace(search, by)))
}

/// `split(text, delimiter)` with one delimiter or a list of them; an empty one splits characters.
fn split(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    let [subject, delimiters] = args else { return Ok(Value::Null) };
    let subject = text(subject)?;
    let delimiters: Vec<&str> = match delimiters {
        Value::String(delimiter) => vec![delimiter],
        Value::List(delimiters) => {
            if delimiters.iter().any(Value::is_null) {
                return Ok(Value::Null);
            }
            delimiters.iter().map(text).collect::<Result<_>>()?
        }
        other => return Err(wrong_type("String or List of String", other)),
    };
    if delimiters.iter().any(|delimiter| delimiter.is_empty()) {
        return Ok(Value::List(subject.chars().map(|character| Value::string(character.to_string())).collect()));
    }
    if let [delimiter] = delimiters.as_slice() {
        return Ok(Value::List(subject.split(delimiter).map(Value::string).collect()));
    }
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < subject.len() {
        let rest = subject.get(at..).unwrap_or("");
        let longest = delimiters.iter().filter(|delimiter| rest.starts_with(**delimiter)).map(|found| found.len());
        match longest.max() {
            Some(length) => {
                parts.push(Value::string(&subject[start..at]));
                at += length;
                start = at;
            }
            None => at += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    parts.push(Value::string(&subject[start..]));
    Ok(Value::List(parts))
}

fn substring(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    let subject = text(first(args))?;
    let from = characters(args.get(1).copied().unwrap_or(&Value::Null))?;
    let rest = &subject[byte_of(subject, from)..];
    Ok(Value::string(match args.get(2) {
        Some(count) => &rest[..byte_of(rest, characters(count)?)],
        None => rest,
    }))
}
