//! The functions of the library `string` that search and repeat: written here, where they are bounded.

use super::arguments::{Arguments, type_name};
use super::limits::{Limits, MEMORY};
use super::pattern::{Capture, Matcher, Trouble};
use super::raise::{error, raise};
use memchr::memmem;
use mlua::{Function, IntoLuaMulti, Lua, LuaString, MultiValue, Table, Value};
use std::cell::Cell;
use std::rc::Rc;

/// Puts the functions into the library; `guarded_call` is Lua's own `pcall`.
pub fn install(lua: &Lua, string: &Table, limits: &Rc<Limits>, guarded_call: &Function) -> mlua::Result<()> {
    for (name, is_find) in [("find", true), ("match", false)] {
        let limits = Rc::clone(limits);
        string.raw_set(name, lua.create_function(move |lua, args| search(lua, args, &limits, is_find))?)?;
    }
    let shared = Rc::clone(limits);
    string.raw_set("gmatch", lua.create_function(move |lua, args| each_match(lua, args, &shared))?)?;
    let shared = Rc::clone(limits);
    let guarded_call = guarded_call.clone();
    string.raw_set(
        "gsub",
        lua.create_function(move |lua, args| substitute(&Arguments::new(lua, args), &shared, &guarded_call))?,
    )?;
    string.raw_set("rep", lua.create_function(repeat)?)
}

/// `string.rep(s, n)`
fn repeat(lua: &Lua, args: MultiValue) -> mlua::Result<LuaString> {
    let args = Arguments::new(lua, args);
    let (text, count) = (args.text(1)?, args.integer(2)?);
    let count = usize::try_from(count).unwrap_or(0);
    let text = text.as_bytes();
    match text.len().checked_mul(count) {
        Some(length) if length <= MEMORY => lua.create_string(text.repeat(if text.is_empty() { 0 } else { count })),
        _ => Err(error(lua, "resulting string too large")),
    }
}

fn trouble(lua: &Lua, trouble: Trouble) -> mlua::Error {
    match trouble {
        Trouble::Malformed(why) => error(lua, why),
        Trouble::Stopped(error) => error,
    }
}

fn captured(lua: &Lua, text: &[u8], capture: Capture) -> mlua::Result<Value> {
    Ok(match capture {
        Capture::Part(start, end) => Value::String(lua.create_string(&text[start..end])?),
        Capture::Place(place) => Value::Integer(place as i64),
    })
}

/// `string.find` and `string.match`
fn search(lua: &Lua, args: MultiValue, limits: &Limits, is_find: bool) -> mlua::Result<MultiValue> {
    let args = Arguments::new(lua, args);
    let (text, pattern) = (args.text(1)?, args.text(2)?);
    let (text, pattern) = (text.as_bytes(), pattern.as_bytes());
    let length = text.len() as i64;
    let init = args.integer_or(3, 1)?;
    let init = if init < 0 { init.saturating_add(length) } else { init.saturating_sub(1) };
    let init = init.clamp(0, length) as usize;
    let is_plain = |pattern: &[u8]| !pattern.iter().any(|byte| b"^$*+?.([%-".contains(byte));
    if is_find && (args.is_true(4) || is_plain(&pattern)) {
        return match memmem::find(&text[init..], &pattern) {
            Some(at) => ((init + at + 1) as i64, (init + at + pattern.len()) as i64).into_lua_multi(lua),
            None => Value::Nil.into_lua_multi(lua),
        };
    }
    let from = usize::from(pattern.first() == Some(&b'^'));
    let mut matcher = Matcher::new(&text, &pattern, limits);
    for start in init..=text.len() {
        let Some(end) = matcher.match_at(start, from).map_err(|why| trouble(lua, why))? else {
            if from == 1 {
                break;
            }
            continue;
        };
        let mut found = Vec::new();
        if is_find {
            found.extend([Value::Integer(start as i64 + 1), Value::Integer(end as i64)]);
        }
        let captures = matcher.captures(start, end).map_err(|why| trouble(lua, why))?;
        let whole = captures == [Capture::Part(start, end)] && !pattern.contains(&b'(');
        if !(is_find && whole) {
            for capture in captures {
                found.push(captured(lua, &text, capture)?);
            }
        }
        return Ok(MultiValue::from_vec(found));
    }
    Value::Nil.into_lua_multi(lua)
}

/// `string.gmatch(s, pattern)`
fn each_match(lua: &Lua, args: MultiValue, limits: &Rc<Limits>) -> mlua::Result<Function> {
    let args = Arguments::new(lua, args);
    let (text, pattern) = (args.text(1)?, args.text(2)?);
    let (next, limits) = (Cell::new(0), Rc::clone(limits));
    lua.create_function(move |lua, _: MultiValue| {
        let (text, pattern) = (text.as_bytes(), pattern.as_bytes());
        let mut matcher = Matcher::new(&text, &pattern, &limits);
        for start in next.get()..=text.len() {
            if let Some(end) = matcher.match_at(start, 0).map_err(|why| trouble(lua, why))? {
                next.set(if end == start { end + 1 } else { end });
                let captures = matcher.captures(start, end).map_err(|why| trouble(lua, why))?;
                let found = captures.into_iter().map(|capture| captured(lua, &text, capture));
                return found.collect::<mlua::Result<MultiValue>>();
            }
        }
        next.set(text.len() + 1);
        Value::Nil.into_lua_multi(lua)
    })
}

/// `string.gsub(s, pattern, replacement [, n])`
fn substitute(args: &Arguments<'_>, limits: &Limits, guarded_call: &Function) -> mlua::Result<(LuaString, i64)> {
    let lua = args.lua;
    let (text, pattern) = (args.text(1)?, args.text(2)?);
    let (text, pattern) = (text.as_bytes(), pattern.as_bytes());
    let replacement = match args.get(3) {
        Value::Table(_) | Value::Function(_) => args.get(3).clone(),
        Value::String(_) | Value::Integer(_) | Value::Number(_) => Value::String(args.text(3)?),
        _ => return Err(args.wrong(3, "string/function/table")),
    };
    let most = args.integer_or(4, text.len() as i64 + 1)?;
    let from = usize::from(pattern.first() == Some(&b'^'));
    let mut matcher = Matcher::new(&text, &pattern, limits);
    let (mut done, mut place, mut count) = (Vec::with_capacity(text.len()), 0, 0);
    while count < most {
        let end = matcher.match_at(place, from).map_err(|why| trouble(lua, why))?;
        if let Some(end) = end {
            count += 1;
            let replaced = Replaced { text: &text, start: place, end };
            replaced.write(lua, &matcher, &replacement, guarded_call, &mut done)?;
        }
        match end {
            Some(end) if end > place => place = end,
            _ if place < text.len() => {
                done.push(text[place]);
                place += 1;
            }
            _ => break,
        }
        if from == 1 {
            break;
        }
        if done.len() > MEMORY {
            return Err(error(lua, "resulting string too large"));
        }
    }
    done.extend_from_slice(text.get(place..).unwrap_or_default());
    Ok((lua.create_string(done)?, count))
}

/// A match that is being replaced.
struct Replaced<'t> {
    text: &'t [u8],
    start: usize,
    end: usize,
}

impl Replaced<'_> {
    fn write(
        &self,
        lua: &Lua,
        matcher: &Matcher<'_>,
        replacement: &Value,
        guarded_call: &Function,
        done: &mut Vec<u8>,
    ) -> mlua::Result<()> {
        let wrong = |why| trouble(lua, why);
        let capture = |at| {
            let capture = matcher.capture(at, self.start, self.end).map_err(wrong)?;
            captured(lua, self.text, capture)
        };
        let value = match replacement {
            Value::String(template) => return self.fill(lua, &template.as_bytes(), &capture, done),
            Value::Table(table) => table.get(capture(0)?)?,
            Value::Function(function) => {
                let mut call = vec![Value::Function(function.clone())];
                for capture in matcher.captures(self.start, self.end).map_err(wrong)? {
                    call.push(captured(lua, self.text, capture)?);
                }
                let mut answer = guarded_call.call::<MultiValue>(MultiValue::from_vec(call))?.into_iter();
                match (answer.next(), answer.next()) {
                    (Some(Value::Boolean(true)), value) => value.unwrap_or(Value::Nil),
                    (_, Some(Value::Error(error))) => return Err(*error),
                    (_, value) => return Err(raise(value.unwrap_or(Value::Nil))),
                }
            }
            _ => Value::Nil,
        };
        match value {
            Value::Nil | Value::Boolean(false) => done.extend_from_slice(&self.text[self.start..self.end]),
            Value::String(_) | Value::Integer(_) | Value::Number(_) => {
                if let Some(text) = lua.coerce_string(value)? {
                    done.extend_from_slice(&text.as_bytes());
                }
            }
            other => return Err(error(lua, format!("invalid replacement value (a {})", type_name(&other)))),
        }
        Ok(())
    }

    /// Puts captures into a replacement text: `%0` the whole match, `%1` the first capture, `%%` a `%`.
    fn fill(
        &self,
        lua: &Lua,
        template: &[u8],
        capture: &dyn Fn(usize) -> mlua::Result<Value>,
        done: &mut Vec<u8>,
    ) -> mlua::Result<()> {
        let mut bytes = template.iter();
        while let Some(&byte) = bytes.next() {
            if byte != b'%' {
                done.push(byte);
                continue;
            }
            match bytes.next() {
                Some(b'0') => done.extend_from_slice(&self.text[self.start..self.end]),
                Some(digit) if digit.is_ascii_digit() => {
                    let caught = capture(usize::from(digit - b'1'))?;
                    if let Some(text) = lua.coerce_string(caught)? {
                        done.extend_from_slice(&text.as_bytes());
                    }
                }
                Some(&other) => done.push(other),
                // The byte behind a C string's end.
                None => done.push(0),
            }
        }
        Ok(())
    }
}
