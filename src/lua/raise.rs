//! Errors that a script can catch.
//!
//! mlua raises the error of a Rust function as an object of its own. The machine's `pcall` looks into
//! it for the Lua value that is meant ([`value`]), so a script sees texts and tables as it does in Redis.

use mlua::{Error, Lua, Value};
use std::fmt;

/// A Lua value on its way through Rust.
#[derive(Debug)]
struct Raised(Value);

impl fmt::Display for Raised {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.to_string().unwrap_or_default())
    }
}

impl std::error::Error for Raised {}

/// An error whose value is this.
pub fn raise(value: Value) -> Error {
    Error::external(Raised(value))
}

/// An error with a text, behind the place in the script that called the running function.
pub fn error(lua: &Lua, text: impl AsRef<[u8]>) -> Error {
    let mut message = place(lua).into_bytes();
    message.extend_from_slice(text.as_ref());
    match lua.create_string(message) {
        Ok(message) => raise(Value::String(message)),
        Err(error) => error,
    }
}

/// `bad argument #2 to 'rep' (number expected, got nil)`; `number` counts from 1.
pub fn bad_argument(lua: &Lua, number: usize, why: &str) -> Error {
    let name = lua.inspect_stack(0, |running| {
        let names = running.names();
        (names.name.map(|name| name.into_owned()), names.name_what == Some("method"))
    });
    let (name, is_method) = name.unwrap_or_default();
    let name = name.unwrap_or_else(|| "?".to_owned());
    match number.checked_sub(usize::from(is_method)) {
        Some(0) => error(lua, format!("calling '{name}' on bad self ({why})")),
        number => error(lua, format!("bad argument #{} to '{name}' ({why})", number.unwrap_or_default())),
    }
}

/// `user_script:1: ` of whoever called the running function, or nothing if that was no Lua code.
fn place(lua: &Lua) -> String {
    let place = lua.inspect_stack(1, |caller| {
        let line = caller.current_line()?;
        Some(format!("{}:{line}: ", caller.source().short_src?))
    });
    place.flatten().unwrap_or_default()
}

/// The Lua value that an error object stands for; other values stand for themselves.
pub fn value(lua: &Lua, raised: Value) -> mlua::Result<Value> {
    let Value::Error(error) = raised else { return Ok(raised) };
    match meant(&error) {
        Ok(value) => Ok(value),
        Err(text) => Ok(Value::String(lua.create_string(text)?)),
    }
}

fn meant(error: &Error) -> Result<Value, String> {
    match error {
        Error::CallbackError { cause, .. } | Error::WithContext { cause, .. } => meant(cause),
        Error::ExternalError(inner) => match inner.downcast_ref::<Raised>() {
            Some(Raised(value)) => Ok(value.clone()),
            None => Err(error.to_string()),
        },
        Error::MemoryError(_) => Err("not enough memory".to_owned()),
        Error::RuntimeError(text) => Err(text.clone()),
        other => Err(other.to_string()),
    }
}
