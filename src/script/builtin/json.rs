//! `JSON`, `EJSON`, `tojson`

use super::Args;
use crate::ast::script::Name;
use crate::script::convert::{from_bson, to_bson, to_text};
use crate::script::expression::Answer;
use crate::script::host::Thrown;
use crate::script::value::Value;
use crate::value::ejson::{self, Mode};
use crate::value::notation;
use bson::Bson;

pub(super) const FUNCTIONS: &[&str] =
    &["JSON.stringify", "JSON.parse", "EJSON.stringify", "EJSON.parse", "EJSON.serialize", "EJSON.deserialize"];

pub(super) fn call(name: &str, args: &Args) -> Answer {
    match name {
        "JSON.stringify" => stringify(args),
        "JSON.parse" => {
            let text = args.text(0);
            let value: serde_json::Value = serde_json::from_str(&text).map_err(|error| not_json(&error))?;
            Ok(from_json(value))
        }
        "EJSON.parse" => {
            Ok(from_bson(ejson::parse(&args.text(0)).map_err(|reason| Thrown::error(reason.class, reason.message))?))
        }
        "EJSON.stringify" => {
            let is_options = |value: &&Value| matches!(value, Value::Object(_));
            let options = args.0.iter().skip(1).find(is_options);
            let text = ejson_text(args.get(0), mode(options))?;
            let space = args.0.iter().skip(1).find(|value| matches!(value, Value::Number(_) | Value::Text(_)));
            Ok(Value::text(match space {
                Some(space) => indented(&text, &indent(space)),
                None => text,
            }))
        }
        "EJSON.serialize" => {
            let options = args.0.get(1);
            let text = ejson_text(args.get(0), mode(options))?;
            let value: serde_json::Value = serde_json::from_str(&text).map_err(|error| not_json(&error))?;
            Ok(from_json(value))
        }
        _ => {
            let text = stringify(&Args(vec![args.get(0).clone()]))?;
            Ok(from_bson(ejson::parse(&to_text(&text)).map_err(|reason| Thrown::error(reason.class, reason.message))?))
        }
    }
}

fn mode(options: Option<&Value>) -> Mode {
    let relaxed = match options {
        Some(Value::Object(options)) => options.get("relaxed"),
        _ => None,
    };
    if matches!(relaxed, Some(Value::Boolean(false))) { Mode::Canonical } else { Mode::Relaxed }
}

fn ejson_text(value: &Value, mode: Mode) -> Result<String, Thrown> {
    let mut text = String::new();
    ejson::write(&to_bson(value)?, mode, &mut text);
    Ok(text)
}

fn not_json(error: &serde_json::Error) -> Thrown {
    Thrown::error("SyntaxError", format!("this is no JSON: {error}"))
}

fn from_json(value: serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Boolean(value),
        serde_json::Value::Number(number) => Value::Number(number.as_f64().unwrap_or(f64::NAN)),
        serde_json::Value::String(text) => Value::text(text),
        serde_json::Value::Array(items) => Value::array(items.into_iter().map(from_json).collect()),
        serde_json::Value::Object(fields) => {
            Value::object(fields.into_iter().map(|(name, value)| (Name::from(name), from_json(value))))
        }
    }
}

/// `tojson(value)`: Extended JSON on several lines.
pub(super) fn to_json(args: &Args) -> Answer {
    let text = ejson_text(args.get(0), Mode::Relaxed)?;
    Ok(Value::text(indented(&text, "  ")))
}

fn indent(space: &Value) -> String {
    match space {
        Value::Text(text) => text.chars().take(10).collect(),
        other => " ".repeat(crate::script::convert::to_number(other).clamp(0.0, 10.0) as usize),
    }
}

fn stringify(args: &Args) -> Answer {
    if matches!(args.get(1), Value::Function(_) | Value::Array(_)) {
        return Err(Thrown::type_error("the second argument of JSON.stringify is not supported")
            .hint("choose the fields before: JSON.stringify({ a: x.a })"));
    }
    let mut text = String::new();
    if !write(args.get(0), &mut text, 0)? {
        return Ok(Value::Undefined);
    }
    Ok(Value::text(match args.get(2) {
        Value::Undefined | Value::Null => text,
        space => indented(&text, &indent(space)),
    }))
}

/// JSON as JavaScript writes it: dates and ids as strings, longs as numbers; whether anything was written.
fn write(value: &Value, text: &mut String, depth: usize) -> Result<bool, Thrown> {
    if depth > 200 {
        return Err(Thrown::type_error("Converting circular structure to JSON"));
    }
    match value {
        Value::Undefined | Value::Function(_) | Value::Builtin(_) => return Ok(false),
        Value::Null => text.push_str("null"),
        Value::Boolean(value) => text.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) if number.is_finite() => text.push_str(&notation::number(*number)),
        Value::Number(_) => text.push_str("null"),
        Value::Text(string) => quote(string, text),
        Value::Date(date) if date.get().is_finite() => {
            quote(&notation::iso_date(bson::DateTime::from_millis(date.get() as i64)), text);
        }
        Value::Date(_) => text.push_str("null"),
        Value::Typed(typed) => match &**typed {
            Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_) => text.push_str(&to_text(value)),
            Bson::ObjectId(_) => quote(&to_text(value), text),
            Bson::Binary(binary) if binary.to_uuid().is_ok() => quote(&to_text(value), text),
            other => ejson::write(other, Mode::Relaxed, text),
        },
        Value::Array(array) => {
            text.push('[');
            for (at, item) in array.copy().iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                if !write(item, text, depth + 1)? {
                    text.push_str("null");
                }
            }
            text.push(']');
        }
        Value::Object(object) => {
            text.push('{');
            let mut first = true;
            for (name, value) in object.fields().iter() {
                let mark = text.len();
                if !first {
                    text.push(',');
                }
                quote(name, text);
                text.push(':');
                if write(value, text, depth + 1)? { first = false } else { text.truncate(mark) }
            }
            text.push('}');
        }
        Value::Regex(_) | Value::Dictionary(_) | Value::Host(_) => text.push_str("{}"),
    }
    Ok(true)
}

fn quote(string: &str, text: &mut String) {
    text.push_str(&serde_json::Value::from(string).to_string());
}

/// JSON that stands on one line, on several.
fn indented(text: &str, indent: &str) -> String {
    if indent.is_empty() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    let mut letters = text.chars().peekable();
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&indent.repeat(depth));
    };
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                out.push('"');
                while let Some(inner) = letters.next() {
                    out.push(inner);
                    match inner {
                        '\\' => out.extend(letters.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            '{' | '[' => {
                out.push(letter);
                if let Some(close) = letters.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(close);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(letter);
            }
            ',' => {
                out.push(',');
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            other => out.push(other),
        }
    }
    out
}
