//! The arguments of a function that a script calls, checked with Lua's own words.

use super::raise::bad_argument;
use mlua::{Lua, LuaString, MultiValue, Value};

/// Arguments, counted from 1.
pub struct Arguments<'l> {
    pub lua: &'l Lua,
    values: Vec<Value>,
}

impl<'l> Arguments<'l> {
    pub fn new(lua: &'l Lua, values: MultiValue) -> Self {
        Arguments { lua, values: values.into_vec() }
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// An argument; one that was not given is nil.
    pub fn get(&self, number: usize) -> &Value {
        number.checked_sub(1).and_then(|at| self.values.get(at)).unwrap_or(&Value::Nil)
    }

    /// Whether an argument was left out or is nil.
    pub fn is_none(&self, number: usize) -> bool {
        self.get(number).is_nil()
    }

    /// A string; numbers are written out.
    pub fn text(&self, number: usize) -> mlua::Result<LuaString> {
        match self.get(number) {
            Value::String(text) => Ok(text.clone()),
            value @ (Value::Integer(_) | Value::Number(_)) => {
                self.lua.coerce_string(value.clone())?.ok_or_else(|| self.wrong(number, "string"))
            }
            _ => Err(self.wrong(number, "string")),
        }
    }

    /// A number; strings that hold one are read.
    pub fn number(&self, number: usize) -> mlua::Result<f64> {
        match self.get(number) {
            Value::Integer(value) => Ok(*value as f64),
            Value::Number(value) => Ok(*value),
            value @ Value::String(_) => {
                self.lua.coerce_number(value.clone())?.ok_or_else(|| self.wrong(number, "number"))
            }
            _ => Err(self.wrong(number, "number")),
        }
    }

    /// A number cut to an integer.
    pub fn integer(&self, number: usize) -> mlua::Result<i64> {
        Ok(self.number(number)? as i64)
    }

    /// As [`Arguments::integer`], where the argument may be left out.
    pub fn integer_or(&self, number: usize, otherwise: i64) -> mlua::Result<i64> {
        if self.is_none(number) { Ok(otherwise) } else { self.integer(number) }
    }

    /// Whether an argument counts as true.
    pub fn is_true(&self, number: usize) -> bool {
        !matches!(self.get(number), Value::Nil | Value::Boolean(false))
    }

    /// The complaint about an argument of the wrong type.
    pub fn wrong(&self, number: usize, expected: &str) -> mlua::Error {
        let found = if number > self.values.len() { "no value" } else { type_name(self.get(number)) };
        bad_argument(self.lua, number, &format!("{expected} expected, got {found}"))
    }
}

/// The name Lua has for a value's type.
pub fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Integer(_) => "number",
        Value::LightUserData(_) | Value::Error(_) => "userdata",
        value => value.type_name(),
    }
}
