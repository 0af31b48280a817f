//! What is always there: the functions and methods of JavaScript and of mongosh.
//!
//! Functions are known by their names (`Math.max`); methods by the kind of value they belong to.

mod array;
mod bson;
mod date;
mod dictionary;
mod json;
mod math;
mod number;
mod object;
mod regex;
mod string;

use super::convert::{Shown, to_number, to_shown, to_text};
use super::expression::Answer;
use super::heap::{Object, Text};
use super::host::{Host, Thrown};
use super::machine::Machine;
use super::value::Value;
use crate::ast::script::Name;
use crate::reply::Printed;
use crate::text::suggest;
use crate::value::construct::CONSTRUCTORS;
use ::bson::Bson;
use std::rc::Rc;

/// Arguments, with `undefined` for what is not given.
pub(super) struct Args(pub Vec<Value>);

impl Args {
    /// The argument at a place.
    pub fn get(&self, at: usize) -> &Value {
        self.0.get(at).unwrap_or(&Value::Undefined)
    }

    /// Its number.
    pub fn number(&self, at: usize) -> f64 {
        to_number(self.get(at))
    }

    /// Its text.
    pub fn text(&self, at: usize) -> String {
        to_text(self.get(at))
    }

    /// Its whole number, or another one if it is not given.
    pub fn whole(&self, at: usize, otherwise: f64) -> f64 {
        match self.get(at) {
            Value::Undefined => otherwise,
            value => {
                let number = to_number(value);
                if number.is_nan() { 0.0 } else { number.trunc() }
            }
        }
    }

    /// The function that it must be.
    pub fn function(&self, at: usize) -> Result<Value, Thrown> {
        match self.get(at) {
            function if function.is_function() => Ok(function.clone()),
            other => Err(Thrown::type_error(format!("{} is not a function", other.describe()))),
        }
    }
}

/// Functions that stand by themselves.
const FUNCTIONS: &[&str] = &[
    "print",
    "printjson",
    "console.log",
    "console.error",
    "console.info",
    "console.warn",
    "console.debug",
    "sleep",
    "tojson",
    "tojsononeline",
    "isInteractive",
    "structuredClone",
    "Error",
    "TypeError",
    "RangeError",
    "SyntaxError",
    "ReferenceError",
    "MongoServerError",
    "isObject",
];

/// Names that hold functions and constants.
const SPACES: &[&str] = &["Math", "JSON", "EJSON", "console", "BSON", "bson", "Binary", "globalThis"];

/// Functions of the host.
const OF_HOST: &[&str] =
    &["load", "use", "version", "Mongo", "connect", "cat", "pwd", "quit", "exit", "cls", "passwordPrompt"];

/// Whether a function of this name is always there.
pub(super) fn is_function(name: &str) -> bool {
    let name = plain(name);
    [
        FUNCTIONS,
        OF_HOST,
        CONSTRUCTORS,
        array::FUNCTIONS,
        date::FUNCTIONS,
        dictionary::FUNCTIONS,
        json::FUNCTIONS,
        math::FUNCTIONS,
        number::FUNCTIONS,
        object::FUNCTIONS,
        string::FUNCTIONS,
    ]
    .iter()
    .any(|names| names.contains(&name))
}

/// Without `BSON.` before it.
fn plain(name: &str) -> &str {
    name.strip_prefix("BSON.").or_else(|| name.strip_prefix("bson.")).unwrap_or(name)
}

/// A name that is always known.
pub(super) fn global(name: &str) -> Option<Value> {
    match name {
        "undefined" => Some(Value::Undefined),
        "NaN" => Some(Value::Number(f64::NAN)),
        "Infinity" => Some(Value::Number(f64::INFINITY)),
        _ if SPACES.contains(&name) || is_function(name) => Some(Value::Builtin(Name::from(name))),
        _ => None,
    }
}

/// Names of JavaScript that are not there, with what to do instead.
pub(super) fn refused(name: &str) -> Option<&'static str> {
    Some(match name {
        "require" | "module" | "exports" => "there are no modules: load(\"file\") runs a file of statements",
        "process" | "global" | "window" | "document" => "a script sees the database and its own variables only",
        "setTimeout" | "setInterval" | "setImmediate" => "nothing runs later: sleep(milliseconds) waits",
        "Promise" => "everything has answered when it returns; leave Promise out, `await` does nothing",
        "fetch" | "XMLHttpRequest" => "a script reaches no network",
        "arguments" => "name the parameters, or take them all: (...args) => …",
        "eval" | "Function" => "text is not run as a script",
        "rs" | "sh" | "sp" => "there is one file and one process: no replica set, no shards",
        "Symbol" | "Proxy" | "Reflect" | "WeakMap" | "WeakSet" => "this part of JavaScript is not there",
        _ => return None,
    })
}

/// The nearest name that is always known.
pub(super) fn near(name: &str) -> Option<String> {
    let known = [FUNCTIONS, SPACES, CONSTRUCTORS, number::FUNCTIONS, &["db", "Date", "Array", "Object", "Map", "Set"]];
    let near = suggest::nearest(name, known.iter().flat_map(|names| names.iter().copied()), 1);
    near.first().map(|near| format!("did you mean {near}?"))
}

/// Calls a function that is always there.
pub(super) fn call(machine: &mut Machine, host: &mut dyn Host, name: &str, args: Vec<Value>, is_new: bool) -> Answer {
    let name = plain(name);
    let args = Args(args);
    match name {
        "print" | "console.log" | "console.info" | "console.debug" | "console.warn" | "console.error" => {
            print(host, &args, false)
        }
        "printjson" => print(host, &args, true),
        "sleep" => {
            host.sleep(args.number(0)).map_err(Thrown::from)?;
            Ok(Value::Undefined)
        }
        "tojson" | "tojsononeline" => json::to_json(&args),
        "isInteractive" => Ok(Value::Boolean(false)),
        "isObject" => Ok(Value::Boolean(matches!(args.get(0), Value::Object(_) | Value::Array(_)))),
        "structuredClone" => Ok(super::convert::from_bson(super::convert::to_bson(args.get(0))?)),
        "Error" | "TypeError" | "RangeError" | "SyntaxError" | "ReferenceError" | "MongoServerError" => {
            let message = if matches!(args.get(0), Value::Undefined) { String::new() } else { args.text(0) };
            Ok(super::convert::error_object(name, message))
        }
        _ if math::FUNCTIONS.contains(&name) => Ok(math::call(host, name, &args)),
        _ if json::FUNCTIONS.contains(&name) => json::call(name, &args),
        _ if number::FUNCTIONS.contains(&name) => number::call(name, &args),
        _ if array::FUNCTIONS.contains(&name) => array::call(machine, host, name, &args),
        _ if object::FUNCTIONS.contains(&name) => object::call(machine, host, name, &args),
        _ if dictionary::FUNCTIONS.contains(&name) => dictionary::call(machine, host, name, &args),
        _ if date::FUNCTIONS.contains(&name) => date::call(host, name, &args, is_new),
        _ if string::FUNCTIONS.contains(&name) => string::call(name, &args),
        "RegExp" => regex::make(&args),
        _ if CONSTRUCTORS.contains(&name) => bson::construct(host, name, &args),
        _ => {
            let given = args.0;
            match host.function(machine, name, given)? {
                Some(value) => Ok(value),
                None => Err(Thrown::type_error(format!("{name} is not a function"))),
            }
        }
    }
}

fn print(host: &mut dyn Host, args: &Args, expanded: bool) -> Answer {
    let shown = |value: &Value| match to_shown(value) {
        Shown::Nothing => Bson::String("undefined".to_owned()),
        Shown::Text(text) => Bson::String(text),
        Shown::Value(value) => value,
    };
    let printed = Printed { values: args.0.iter().map(shown).collect(), expanded };
    host.print(printed).map_err(|error| Thrown::Fatal(Box::new(error)))?;
    Ok(Value::Undefined)
}

/// A field of a value that is no object: a length, a constant, a function of a name.
pub(super) fn field(object: &Value, name: &str) -> Value {
    match (object, name) {
        (Value::Text(text), "length") => {
            Value::from(if text.is_ascii() { text.len() } else { text.encode_utf16().count() })
        }
        (Value::Array(array), "length") => Value::from(array.len()),
        (Value::Dictionary(dictionary), "size") => Value::from(dictionary.len()),
        (Value::Function(closure), "name") => Value::text(closure.function.name.as_deref().unwrap_or("")),
        (Value::Function(closure), "length") => Value::from(closure.function.parameters.len()),
        (Value::Regex(pattern), "source") => Value::text(pattern.source.clone()),
        (Value::Regex(pattern), "flags") => Value::text(pattern.flags.clone()),
        (Value::Regex(pattern), "global") => Value::Boolean(pattern.has('g')),
        (Value::Regex(pattern), "lastIndex") => Value::from(pattern.last_index.get()),
        (Value::Typed(value), _) => bson::field(value, name),
        (Value::Builtin(space), _) => {
            let full = format!("{space}.{name}");
            match math::constant(&full).or_else(|| number::constant(&full)) {
                Some(number) => Value::Number(number),
                None if is_function(&full) => Value::Builtin(Name::from(full)),
                None if &**space == "globalThis" => global(name).unwrap_or(Value::Undefined),
                None => Value::Undefined,
            }
        }
        _ => Value::Undefined,
    }
}

/// The UTF-16 unit of a string at a place, as a string.
pub(super) fn character(text: &Text, at: usize) -> Value {
    string::unit(text, at).map_or(Value::Undefined, Value::text)
}

/// Calls a method of a value; `None` if it has none of this name.
pub(super) fn method(
    machine: &mut Machine,
    host: &mut dyn Host,
    object: &Value,
    name: &str,
    args: Vec<Value>,
) -> Result<Option<Value>, Thrown> {
    let args = Args(args);
    let own = match object {
        Value::Text(text) => string::method(machine, host, text, name, &args)?,
        Value::Array(array) => array::method(machine, host, array, name, &args)?,
        Value::Number(number) => number::method(*number, name, &args)?,
        Value::Date(date) => date::method(date, name, &args)?,
        Value::Regex(pattern) => regex::method(pattern, name, &args)?,
        Value::Dictionary(dictionary) => dictionary::method(machine, host, dictionary, name, &args)?,
        Value::Typed(value) => bson::method(value, name, &args)?,
        Value::Function(_) | Value::Builtin(_) => function_method(machine, host, object, name, &args)?,
        Value::Object(object) => object::method(object, name, &args),
        _ => None,
    };
    Ok(own.or_else(|| match name {
        "toString" => Some(Value::text(to_text(object))),
        "valueOf" => Some(object.clone()),
        "pretty" | "toArray" if matches!(object, Value::Object(_) | Value::Array(_)) => Some(object.clone()),
        _ => None,
    }))
}

fn function_method(
    machine: &mut Machine,
    host: &mut dyn Host,
    function: &Value,
    name: &str,
    args: &Args,
) -> Result<Option<Value>, Thrown> {
    match name {
        "call" => {
            let rest = args.0.get(1..).unwrap_or_default().to_vec();
            machine.call(host, function, args.get(0).clone(), rest, None).map(Some)
        }
        "apply" => {
            let mut given = Vec::new();
            if !args.get(1).is_nothing() {
                machine.walk(host, args.get(1), &mut |_, _, value| {
                    given.push(value);
                    Ok(true)
                })?;
            }
            machine.call(host, function, args.get(0).clone(), given, None).map(Some)
        }
        "bind" => Err(Thrown::type_error("bind is not supported").hint("write an arrow function: (…) => f(…)")),
        _ => Ok(None),
    }
}

/// The nearest method that a value has.
pub(super) fn near_method(object: &Value, name: &str) -> Option<String> {
    let known: &[&str] = match object {
        Value::Text(_) => string::METHODS,
        Value::Array(_) => array::METHODS,
        Value::Number(_) => number::METHODS,
        Value::Date(_) => date::METHODS,
        Value::Regex(_) => regex::METHODS,
        Value::Dictionary(_) => dictionary::METHODS,
        Value::Typed(_) => bson::METHODS,
        Value::Object(object) => {
            let names: Vec<Name> = object.fields().keys().cloned().collect();
            let near = suggest::nearest(name, names.iter().map(|name| &**name), 1);
            return near.first().map(|near| format!("did you mean {near}?"));
        }
        Value::Builtin(space) => {
            let full = format!("{space}.{name}");
            let known = [
                math::FUNCTIONS,
                json::FUNCTIONS,
                object::FUNCTIONS,
                array::FUNCTIONS,
                date::FUNCTIONS,
                number::FUNCTIONS,
            ];
            let near = suggest::nearest(&full, known.iter().flat_map(|names| names.iter().copied()), 1);
            return near.first().map(|near| format!("did you mean {near}?"));
        }
        _ => return None,
    };
    let near = suggest::nearest(name, known.iter().copied(), 1);
    near.first().map(|near| format!("did you mean {near}?"))
}

/// An object of fields whose names are constants.
fn record(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::Object(Rc::new(Object::new(fields.into_iter().map(|(name, value)| (Name::from(name), value)).collect())))
}
