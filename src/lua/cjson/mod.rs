//! The library `cjson`: JSON from and to Lua values, as lua-cjson 2.1 does it
//! (kyne.au/~mark/software/lua-cjson-manual.html).

mod decode;
mod encode;

use super::arguments::Arguments;
use super::raise::{bad_argument, error};
use mlua::{Lua, MultiValue, Table, Value};
use std::cell::Cell;
use std::rc::Rc;

/// The settings a script may change; they go back to these with every script.
#[derive(Debug, Clone, Copy)]
struct Settings {
    /// Arrays with holes: written as objects instead of refused.
    sparse_as_object: bool,
    /// How many times larger than its items an array may be.
    sparse_ratio: i64,
    /// Arrays up to this size may have any number of holes.
    sparse_safe: i64,
    encode_depth: i64,
    decode_depth: i64,
    /// Significant digits of numbers.
    precision: usize,
    encode_invalid: Invalid,
    decode_invalid: bool,
}

/// What becomes of NaN and the infinities in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Invalid {
    Refused,
    Written,
    Null,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            sparse_as_object: false,
            sparse_ratio: 2,
            sparse_safe: 10,
            encode_depth: 1000,
            decode_depth: 1000,
            precision: 14,
            encode_invalid: Invalid::Refused,
            decode_invalid: true,
        }
    }
}

/// The library, and what puts its settings back.
pub struct Cjson {
    settings: Rc<Cell<Settings>>,
}

impl Cjson {
    pub fn reset(&self) {
        self.settings.set(Settings::default());
    }

    pub fn library(lua: &Lua) -> mlua::Result<(Table, Cjson)> {
        let settings = Rc::new(Cell::new(Settings::default()));
        let cjson = lua.create_table()?;
        cjson.raw_set("null", Value::NULL)?;
        cjson.raw_set("_NAME", "cjson")?;
        cjson.raw_set("_VERSION", "2.1.0")?;
        let shared = Rc::clone(&settings);
        cjson.raw_set(
            "encode",
            lua.create_function(move |lua, args| {
                let args = only_argument(lua, args)?;
                let text = encode::encode(args.get(1), &shared.get());
                lua.create_string(text.map_err(|why| error(lua, why))?)
            })?,
        )?;
        let shared = Rc::clone(&settings);
        cjson.raw_set(
            "decode",
            lua.create_function(move |lua, args| {
                let args = only_argument(lua, args)?;
                let text = args.text(1)?;
                decode::decode(lua, &text.as_bytes(), &shared.get()).map_err(|why| why.raise(lua))
            })?,
        )?;
        for (name, change) in SETTERS {
            let (shared, change) = (Rc::clone(&settings), *change);
            let run = lua.create_function(move |lua, args| {
                let mut settings = shared.get();
                let answer = change(&Arguments::new(lua, args), &mut settings)?;
                shared.set(settings);
                Ok(answer)
            })?;
            cjson.raw_set(*name, run)?;
        }
        Ok((cjson, Cjson { settings }))
    }
}

fn only_argument(lua: &Lua, args: MultiValue) -> mlua::Result<Arguments<'_>> {
    let args = Arguments::new(lua, args);
    if args.len() == 1 { Ok(args) } else { Err(bad_argument(lua, 1, "expected 1 argument")) }
}

/// Changes the settings as its arguments say, and answers what they are then.
type Setter = fn(&Arguments<'_>, &mut Settings) -> mlua::Result<MultiValue>;

const SETTERS: &[(&str, Setter)] = &[
    ("encode_sparse_array", |args, settings| {
        if !args.is_none(1) {
            settings.sparse_as_object = args.is_true(1);
        }
        settings.sparse_ratio = bounded(args, 2, settings.sparse_ratio, 0)?;
        settings.sparse_safe = bounded(args, 3, settings.sparse_safe, 0)?;
        let numbers = [settings.sparse_ratio, settings.sparse_safe].map(Value::Integer);
        Ok([Value::Boolean(settings.sparse_as_object)].into_iter().chain(numbers).collect())
    }),
    ("encode_max_depth", |args, settings| {
        settings.encode_depth = bounded(args, 1, settings.encode_depth, 1)?;
        Ok([Value::Integer(settings.encode_depth)].into_iter().collect())
    }),
    ("decode_max_depth", |args, settings| {
        settings.decode_depth = bounded(args, 1, settings.decode_depth, 1)?;
        Ok([Value::Integer(settings.decode_depth)].into_iter().collect())
    }),
    ("encode_number_precision", |args, settings| {
        let precision = args.integer_or(1, settings.precision as i64)?;
        if !(1..=14).contains(&precision) {
            return Err(bad_argument(args.lua, 1, "expected integer between 1 and 14"));
        }
        settings.precision = precision as usize;
        Ok([Value::Integer(precision)].into_iter().collect())
    }),
    ("encode_keep_buffer", |args, _| Ok([Value::Boolean(args.is_none(1) || args.is_true(1))].into_iter().collect())),
    ("encode_invalid_numbers", |args, settings| {
        settings.encode_invalid = match args.get(1) {
            Value::Nil => settings.encode_invalid,
            Value::Boolean(true) => Invalid::Written,
            Value::Boolean(false) => Invalid::Refused,
            Value::String(word) if word.as_bytes() == *b"null" => Invalid::Null,
            Value::String(word) if word.as_bytes() == *b"on" => Invalid::Written,
            Value::String(word) if word.as_bytes() == *b"off" => Invalid::Refused,
            _ => return Err(bad_argument(args.lua, 1, "invalid option")),
        };
        let shown = match settings.encode_invalid {
            Invalid::Null => Value::String(args.lua.create_string("null")?),
            other => Value::Boolean(other == Invalid::Written),
        };
        Ok([shown].into_iter().collect())
    }),
    ("decode_invalid_numbers", |args, settings| {
        if !args.is_none(1) {
            settings.decode_invalid = args.is_true(1);
        }
        Ok([Value::Boolean(settings.decode_invalid)].into_iter().collect())
    }),
];

/// An integer that may be left out and has a smallest value.
fn bounded(args: &Arguments<'_>, number: usize, otherwise: i64, least: i64) -> mlua::Result<i64> {
    let value = args.integer_or(number, otherwise)?;
    // As deep as is safe here, whatever a script asks for.
    let most = if least == 1 { 1000 } else { i64::from(i32::MAX) };
    if value < least {
        return Err(bad_argument(args.lua, number, &format!("expected integer between {least} and {}", i32::MAX)));
    }
    Ok(value.min(most))
}
