//! Regular expressions: `RegExp`, and the methods of strings that take one.

use super::Args;
use super::string::{bytes_before, units_before};
use crate::ast::script::Name;
use crate::script::convert::to_text;
use crate::script::expression::Answer;
use crate::script::heap::{Object, Pattern};
use crate::script::host::{Host, Thrown};
use crate::script::machine::Machine;
use crate::script::value::Value;
use crate::text::pattern::{self, Found};
use indexmap::IndexMap;
use std::rc::Rc;

pub(super) const METHODS: &[&str] = &["test", "exec", "toString"];

fn invalid(error: String) -> Thrown {
    Thrown::error("SyntaxError", format!("Invalid regular expression: {error}"))
}

/// `RegExp(pattern, flags)`
pub(super) fn make(args: &Args) -> Answer {
    let pattern = match args.get(0) {
        Value::Regex(same) if args.0.len() < 2 => Pattern::new(&*same.source, &*same.flags),
        Value::Regex(other) => Pattern::new(&*other.source, args.text(1)),
        Value::Undefined => return Err(Thrown::type_error("RegExp needs a pattern")),
        source => Pattern::new(to_text(source), if args.0.len() > 1 { args.text(1) } else { String::new() }),
    };
    if let Some(flag) = pattern.flags.chars().find(|flag| !"dgimsuvyxl".contains(*flag)) {
        return Err(Thrown::error("SyntaxError", format!("Invalid regular expression flag '{flag}'")));
    }
    pattern.compiled().map_err(invalid)?;
    Ok(Value::Regex(Rc::new(pattern)))
}

fn compiled(pattern: &Pattern) -> Result<Rc<pattern::Pattern>, Thrown> {
    pattern.compiled().map_err(invalid)
}

pub(super) fn method(pattern: &Rc<Pattern>, name: &str, args: &Args) -> Result<Option<Value>, Thrown> {
    Ok(Some(match name {
        "test" => Value::Boolean(next_match(pattern, &args.text(0))?.is_some()),
        "exec" => {
            let text = args.text(0);
            match next_match(pattern, &text)? {
                Some(found) => described(pattern, &text, &found)?,
                None => Value::Null,
            }
        }
        _ => return Ok(None),
    }))
}

/// The next match; a `g` expression goes on where it stopped.
fn next_match(pattern: &Pattern, text: &str) -> Result<Option<Found>, Thrown> {
    let moves = pattern.has('g') || pattern.has('y');
    let start = if moves { bytes_before(text, pattern.last_index.get()) } else { 0 };
    let found = compiled(pattern)?.find_at(text, start).map_err(invalid)?;
    let found = found.filter(|found| !pattern.has('y') || found.whole.0 == start);
    if moves {
        pattern.last_index.set(found.as_ref().map_or(0, |found| {
            let end = units_before(text, found.whole.1);
            if found.whole.1 > found.whole.0 { end } else { end + 1 }
        }));
    }
    Ok(found)
}

fn slice(text: &str, place: Option<(usize, usize)>) -> Value {
    place.and_then(|(start, end)| text.get(start..end)).map_or(Value::Undefined, Value::text)
}

/// A match as an array of the whole and its groups. JavaScript's has fields beside its elements; here it is an
/// object when groups have names.
fn described(pattern: &Pattern, text: &str, found: &Found) -> Answer {
    let mut items = vec![slice(text, Some(found.whole))];
    items.extend(found.groups.iter().map(|group| slice(text, *group)));
    let names = compiled(pattern)?.group_names();
    if names.iter().all(Option::is_none) {
        return Ok(Value::array(items));
    }
    let groups: IndexMap<Name, Value> = names
        .into_iter()
        .zip(&found.groups)
        .filter_map(|(name, group)| Some((Name::from(name?), slice(text, *group))))
        .collect();
    let mut fields: IndexMap<Name, Value> =
        items.into_iter().enumerate().map(|(at, item)| (Name::from(at.to_string()), item)).collect();
    fields.insert(Name::from("index"), Value::from(units_before(text, found.whole.0)));
    fields.insert(Name::from("groups"), Value::Object(Rc::new(Object::new(groups))));
    Ok(Value::Object(Rc::new(Object::new(fields))))
}

fn of_argument(args: &Args, flags: &str) -> Result<Rc<Pattern>, Thrown> {
    Ok(match args.get(0) {
        Value::Regex(pattern) => Rc::clone(pattern),
        other => Rc::new(Pattern::new(to_text(other), flags)),
    })
}

/// All matches, one behind the other.
fn all(pattern: &Pattern, text: &str) -> Result<Vec<Found>, Thrown> {
    let compiled = compiled(pattern)?;
    let mut found = Vec::new();
    let mut from = 0;
    while from <= text.len() {
        let Some(hit) = compiled.find_at(text, from).map_err(invalid)? else { break };
        let (start, end) = hit.whole;
        // An empty match moves on by one character.
        let step = text.get(end..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        from = if end > start { end } else { end + step };
        found.push(hit);
    }
    Ok(found)
}

/// `text.match(pattern)`
pub(super) fn match_text(text: &str, args: &Args) -> Answer {
    let pattern = of_argument(args, "")?;
    if pattern.has('g') {
        let found = all(&pattern, text)?;
        return Ok(match found.as_slice() {
            [] => Value::Null,
            some => Value::array(some.iter().map(|found| slice(text, Some(found.whole))).collect()),
        });
    }
    match compiled(&pattern)?.find_at(text, 0).map_err(invalid)? {
        Some(found) => described(&pattern, text, &found),
        None => Ok(Value::Null),
    }
}

/// `text.matchAll(pattern)`
pub(super) fn match_all(text: &str, args: &Args) -> Answer {
    let pattern = of_argument(args, "g")?;
    if !pattern.has('g') {
        return Err(Thrown::type_error("String.prototype.matchAll called with a non-global RegExp argument"));
    }
    let found = all(&pattern, text)?;
    Ok(Value::array(found.iter().map(|found| described(&pattern, text, found)).collect::<Result<_, _>>()?))
}

/// `text.search(pattern)`
pub(super) fn search(text: &str, args: &Args) -> Answer {
    let pattern = of_argument(args, "")?;
    let found = compiled(&pattern)?.find_at(text, 0).map_err(invalid)?;
    Ok(Value::Number(found.map_or(-1.0, |found| units_before(text, found.whole.0) as f64)))
}

/// `text.split(pattern)`
pub(super) fn split(text: &str, pattern: &Pattern) -> Result<Vec<Value>, Thrown> {
    let mut parts = Vec::new();
    let mut from = 0;
    for found in all(pattern, text)? {
        let (start, end) = found.whole;
        if end == start && (start == 0 || start == text.len()) {
            continue;
        }
        parts.push(slice(text, Some((from, start))));
        parts.extend(found.groups.iter().map(|group| slice(text, *group)));
        from = end;
    }
    parts.push(slice(text, Some((from, text.len()))));
    Ok(parts)
}

/// `text.replace(what, with)`, `text.replaceAll(what, with)`
pub(super) fn replace(machine: &mut Machine, host: &mut dyn Host, text: &str, args: &Args, every: bool) -> Answer {
    let (found, names) = match args.get(0) {
        Value::Regex(pattern) => {
            if every && !pattern.has('g') {
                return Err(Thrown::type_error("replaceAll must be called with a global RegExp"));
            }
            let mut found = all(pattern, text)?;
            if !pattern.has('g') {
                found.truncate(1);
            }
            (found, compiled(pattern)?.group_names())
        }
        what => {
            let what = to_text(what);
            let hits = text.match_indices(&what).take(if every { usize::MAX } else { 1 });
            let found = hits.map(|(at, hit)| Found { whole: (at, at + hit.len()), groups: Vec::new() }).collect();
            (found, Vec::new())
        }
    };
    let mut replaced = String::with_capacity(text.len());
    let mut from = 0;
    for found in found {
        let (start, end) = found.whole;
        replaced.push_str(text.get(from..start).unwrap_or_default());
        match args.get(1) {
            function if function.is_function() => {
                let mut given = vec![slice(text, Some(found.whole))];
                given.extend(found.groups.iter().map(|group| slice(text, *group)));
                given.push(Value::from(units_before(text, start)));
                given.push(Value::text(text));
                let value = machine.call(host, function, Value::Undefined, given, None)?;
                replaced.push_str(&to_text(&value));
            }
            with => substitute(&mut replaced, &to_text(with), text, &found, &names),
        }
        from = end;
    }
    replaced.push_str(text.get(from..).unwrap_or_default());
    Ok(Value::text(replaced))
}

/// A replacement with `$1`, `$&`, `$<name>` put in.
fn substitute(out: &mut String, with: &str, text: &str, found: &Found, names: &[Option<String>]) {
    let group = |number: usize| {
        let place = found.groups.get(number.checked_sub(1)?)?;
        Some(place.and_then(|(start, end)| text.get(start..end)).unwrap_or_default())
    };
    let mut rest = with;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let digits = after.bytes().take(2).take_while(u8::is_ascii_digit).count();
        let numbered = (1..=digits).rev().find_map(|length| Some((length, group(after.get(..length)?.parse().ok()?)?)));
        if let Some((length, value)) = numbered {
            out.push_str(value);
            rest = &after[length..];
        } else if let Some(after) = after.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(after) = after.strip_prefix('&') {
            out.push_str(text.get(found.whole.0..found.whole.1).unwrap_or_default());
            rest = after;
        } else if let Some((name, after)) = after.strip_prefix('<').and_then(|inner| inner.split_once('>')) {
            if let Some(number) = names.iter().position(|known| known.as_deref() == Some(name)) {
                out.push_str(group(number + 1).unwrap_or_default());
            }
            rest = after;
        } else {
            out.push('$');
            rest = after;
        }
    }
    out.push_str(rest);
}
