//! Finding and replacing plain text.

use super::operator::{Answer, Arguments, NULL, Operator, fail, named, positional};
use super::string::{count, string};
use crate::doc::Result;
use bson::Bson;

pub(super) const OPERATORS: &[Operator] = &[
    positional("$indexOfBytes", 2, 4, index_of_bytes),
    positional("$indexOfCP", 2, 4, index_of_characters),
    named("$replaceAll", &["input", "find", "replacement"], 3, |a| replace(a, |text, from, to| text.replace(from, to))),
    named("$replaceOne", &["input", "find", "replacement"], 3, |a| {
        replace(a, |text, from, to| text.replacen(from, to, 1))
    }),
];

fn replace(arguments: &Arguments<'_>, replace: fn(&str, &str, &str) -> String) -> Answer {
    let part = |index: usize, number: i32, what: &str| -> Result<Option<&str>> {
        if arguments.is_null(index) {
            return Ok(None);
        }
        arguments.string(index).map(Some).ok_or_else(|| {
            fail(
                number,
                format!("{} requires that '{what}' be a string, found: {}", arguments.name, arguments.type_name(index)),
            )
        })
    };
    let (input, find, replacement) =
        (part(0, 51746, "input")?, part(1, 51745, "find")?, part(2, 51744, "replacement")?);
    match (input, find, replacement) {
        (Some(input), Some(find), Some(replacement)) => string(replace(input, find, replacement)),
        _ => NULL,
    }
}

/// The bounds of a search: `None` if nothing can be found between them.
fn bounds(arguments: &Arguments<'_>, length: usize) -> Result<Option<(usize, usize)>> {
    let bound = |index: usize, what: &str, default: usize| -> Result<usize> {
        if !arguments.given(index) {
            return Ok(default);
        }
        let value = arguments.int32(index).ok_or_else(|| {
            fail(
                40096,
                format!(
                    "{} requires an integral {what} index, found a value of type: {}",
                    arguments.name,
                    arguments.type_name(index)
                ),
            )
        })?;
        usize::try_from(value)
            .map_err(|_| fail(40097, format!("{} requires a nonnegative {what} index, found: {value}", arguments.name)))
    };
    let start = bound(2, "starting", 0)?;
    let end = bound(3, "ending", length)?.min(length);
    Ok((start <= length && end >= start).then_some((start, end)))
}

fn texts<'a>(arguments: &'a Arguments<'_>, first: i32, second: i32) -> Result<Option<(&'a str, &'a str)>> {
    if arguments.is_null(0) {
        return Ok(None);
    }
    let text = |index: usize, number: i32, which: &str| {
        arguments.string(index).ok_or_else(|| {
            fail(
                number,
                format!(
                    "{} requires a string as the {which} argument, found: {}",
                    arguments.name,
                    arguments.type_name(index)
                ),
            )
        })
    };
    Ok(Some((text(0, first, "first")?, text(1, second, "second")?)))
}

fn index_of_bytes(arguments: &Arguments<'_>) -> Answer {
    let Some((text, token)) = texts(arguments, 40091, 40092)? else { return NULL };
    let found = bounds(arguments, text.len())?.and_then(|(start, end)| {
        let window = text.as_bytes().get(start..end)?;
        find(window, token.as_bytes()).map(|at| at + start)
    });
    Ok(Some(found.map_or(Bson::Int32(-1), count)))
}

fn find(window: &[u8], token: &[u8]) -> Option<usize> {
    if token.is_empty() {
        return Some(0);
    }
    window.windows(token.len()).position(|part| part == token)
}

fn index_of_characters(arguments: &Arguments<'_>) -> Answer {
    let Some((text, token)) = texts(arguments, 40093, 40094)? else { return NULL };
    let characters = text.chars().count();
    let found = bounds(arguments, characters)?.and_then(|(start, end)| {
        let byte = |character: usize| text.char_indices().nth(character).map_or(text.len(), |(at, _)| at);
        let window = text.get(byte(start)..byte(end))?;
        window.find(token).map(|at| start + window[..at].chars().count())
    });
    Ok(Some(found.map_or(Bson::Int32(-1), count)))
}
