//! Values of scripts as stored values, as text, as numbers, and back.

use super::heap::{Class, Pattern};
use super::host::Thrown;
use super::value::Value;
use crate::ast::script::Name;
use crate::text::{Diagnostic, Model};
use crate::value::{construct, ejson, notation};
use bson::{Bson, Document};
use indexmap::IndexMap;
use std::rc::Rc;

/// Values may be nested this deep, as stored ones.
const MAX_DEPTH: usize = 100;

/// A stored value as a value of scripts.
pub fn from_bson(value: Bson) -> Value {
    match value {
        Bson::Undefined => Value::Undefined,
        Bson::Null => Value::Null,
        Bson::Boolean(value) => Value::Boolean(value),
        Bson::Int32(number) => Value::Number(f64::from(number)),
        // An integral double stays one when it is written back.
        Bson::Double(number) if number.fract() != 0.0 || !number.is_finite() => Value::Number(number),
        Bson::String(text) => Value::text(text),
        Bson::DateTime(date) => Value::date(date.timestamp_millis() as f64),
        Bson::Array(items) => Value::array(items.into_iter().map(from_bson).collect()),
        Bson::Document(document) => from_document(document),
        Bson::RegularExpression(regex) => {
            Value::Regex(Rc::new(Pattern::new(regex.pattern.as_str(), regex.options.as_str())))
        }
        other => Value::Typed(Rc::new(other)),
    }
}

/// A document as an object.
pub fn from_document(document: Document) -> Value {
    Value::object(document.into_iter().map(|(name, value)| (Name::from(name), from_bson(value))))
}

/// A value as it is stored.
///
/// # Errors
/// A cursor, a value that holds itself, or one nested too deep.
pub fn to_bson(value: &Value) -> Result<Bson, Thrown> {
    stored(value, 0)
}

fn stored(value: &Value, depth: usize) -> Result<Bson, Thrown> {
    if depth > MAX_DEPTH {
        return Err(Thrown::error(
            "BSONError",
            format!("this value is nested deeper than {MAX_DEPTH} levels, or holds itself"),
        ));
    }
    Ok(match value {
        Value::Undefined => Bson::Undefined,
        Value::Null => Bson::Null,
        Value::Boolean(value) => Bson::Boolean(*value),
        Value::Number(number) => construct::js_number(*number),
        Value::Text(text) => Bson::String(text.to_string()),
        Value::Date(date) => {
            if !date.get().is_finite() {
                return Err(Thrown::error("BSONError", "Invalid Date"));
            }
            Bson::DateTime(bson::DateTime::from_millis(date.get() as i64))
        }
        Value::Typed(value) => (**value).clone(),
        Value::Regex(pattern) => construct::regex(&pattern.source, &pattern.flags)
            .map_err(|reason| Thrown::error(reason.class, reason.message))?,
        Value::Array(array) => {
            let items = array.items();
            Bson::Array(items.iter().map(|item| stored(item, depth + 1)).collect::<Result<_, _>>()?)
        }
        Value::Object(object) => {
            let mut document = Document::new();
            for (name, value) in object.fields().iter() {
                if name.contains('\0') {
                    return Err(Thrown::error("BSONError", "a field name cannot hold a NUL character"));
                }
                document.insert(name.to_string(), stored(value, depth + 1)?);
            }
            Bson::Document(document)
        }
        Value::Dictionary(dictionary) if dictionary.is_set => {
            Bson::Array(dictionary.copy().iter().map(|(key, _)| stored(key, depth + 1)).collect::<Result<_, _>>()?)
        }
        Value::Dictionary(dictionary) => {
            let mut document = Document::new();
            for (key, value) in dictionary.copy() {
                document.insert(to_text(&key), stored(&value, depth + 1)?);
            }
            Bson::Document(document)
        }
        Value::Function(closure) => Bson::JavaScriptCode(closure.function.source.to_string()),
        Value::Builtin(name) => Bson::JavaScriptCode(name.to_string()),
        Value::Host(object) => {
            if let Some(stored) = object.stored() {
                return Ok(stored);
            }
            return Err(Thrown::error("BSONError", format!("{} is no value that can be stored", object.shown()))
                .hint("read a cursor with toArray(), or one document with next()"));
        }
    })
}

/// A value as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// Nothing is shown.
    Nothing,
    /// What has no stored form: a function, a cursor.
    Text(String),
    /// A value.
    Value(Bson),
}

/// A value as it is shown.
pub fn to_shown(value: &Value) -> Shown {
    match value {
        Value::Undefined => Shown::Nothing,
        Value::Function(closure) => Shown::Text(match &closure.function.name {
            Some(name) => format!("[Function: {name}]"),
            None => "[Function (anonymous)]".to_owned(),
        }),
        Value::Builtin(name) => Shown::Text(format!("[Function: {name}]")),
        Value::Host(object) => object.stored().map_or_else(|| Shown::Text(object.shown()), Shown::Value),
        Value::Date(date) if !date.get().is_finite() => Shown::Text("Invalid Date".to_owned()),
        Value::Object(object) if matches!(object.class, Class::Error(_)) => Shown::Text(to_text(value)),
        other => match to_bson(other) {
            Ok(value) => Shown::Value(value),
            Err(error) => Shown::Text(error.into_diagnostic().message),
        },
    }
}

/// A value inside a string, as `String(value)` makes it.
pub fn to_text(value: &Value) -> String {
    text_at(value, 0)
}

fn text_at(value: &Value, depth: usize) -> String {
    match value {
        Value::Undefined => "undefined".to_owned(),
        Value::Null => "null".to_owned(),
        Value::Boolean(value) => value.to_string(),
        Value::Number(number) => notation::number(*number),
        Value::Text(text) => text.to_string(),
        Value::Date(date) => date_text(date.get()),
        Value::Typed(value) => typed_text(value),
        Value::Regex(pattern) => pattern.to_string(),
        Value::Array(_) if depth > MAX_DEPTH => String::new(),
        Value::Array(array) => {
            let part = |item: &Value| if item.is_nothing() { String::new() } else { text_at(item, depth + 1) };
            array.copy().iter().map(part).collect::<Vec<_>>().join(",")
        }
        Value::Object(object) => match &object.class {
            Class::Plain => "[object Object]".to_owned(),
            Class::Error(_) => {
                let part = |name: &str| object.get(name).map(|value| text_at(&value, depth + 1)).unwrap_or_default();
                let (name, message) = (part("name"), part("message"));
                if message.is_empty() { name } else { format!("{name}: {message}") }
            }
        },
        Value::Dictionary(dictionary) => if dictionary.is_set { "[object Set]" } else { "[object Map]" }.to_owned(),
        Value::Function(closure) => closure.function.source.to_string(),
        Value::Builtin(name) => format!("function {name}() {{ [native code] }}"),
        Value::Host(object) => object.shown(),
    }
}

fn typed_text(value: &Bson) -> String {
    match value {
        Bson::ObjectId(id) => id.to_hex(),
        Bson::Int32(number) => number.to_string(),
        Bson::Int64(number) => number.to_string(),
        Bson::Double(number) => notation::number(*number),
        Bson::Decimal128(number) => number.to_string(),
        Bson::Symbol(text) | Bson::JavaScriptCode(text) => text.clone(),
        Bson::Binary(binary) => binary.to_uuid().map_or_else(|_| ejson::base64(&binary.bytes), |uuid| uuid.to_string()),
        other => {
            let mut text = String::new();
            ejson::write(other, ejson::Mode::Relaxed, &mut text);
            text
        }
    }
}

/// A date as JavaScript's `toString` writes it, in UTC.
pub fn date_text(millis: f64) -> String {
    match stamp(millis) {
        Some(stamp) => stamp.strftime("%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)").to_string(),
        None => "Invalid Date".to_owned(),
    }
}

/// The moment of a date in UTC.
pub fn stamp(millis: f64) -> Option<jiff::Zoned> {
    let millis = millis.is_finite().then_some(millis as i64)?;
    Some(jiff::Timestamp::from_millisecond(millis).ok()?.to_zoned(jiff::tz::TimeZone::UTC))
}

/// A value as a number, as `Number(value)` makes it.
pub fn to_number(value: &Value) -> f64 {
    match value {
        Value::Undefined => f64::NAN,
        Value::Null => 0.0,
        Value::Boolean(value) => f64::from(*value),
        Value::Number(number) => *number,
        Value::Text(text) => number_of_text(text),
        Value::Date(date) => date.get(),
        Value::Typed(typed) => match &**typed {
            Bson::Decimal128(number) => number.to_string().parse().unwrap_or(f64::NAN),
            _ => value.as_number().unwrap_or(f64::NAN),
        },
        Value::Array(array) => match array.copy().as_slice() {
            [] => 0.0,
            [one] => to_number(one),
            _ => f64::NAN,
        },
        _ => f64::NAN,
    }
}

/// The number that a whole text is; NaN if it is none.
pub fn number_of_text(text: &str) -> f64 {
    let text = text.trim();
    for (prefix, radix) in [("0x", 16), ("0X", 16), ("0b", 2), ("0B", 2), ("0o", 8), ("0O", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            return u64::from_str_radix(digits, radix).map_or(f64::NAN, |number| number as f64);
        }
    }
    match text {
        "" => 0.0,
        "Infinity" | "+Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        _ if text.starts_with(|c: char| c.is_ascii_alphabetic()) => f64::NAN,
        _ if text.ends_with(|c: char| c.is_ascii_alphabetic()) => f64::NAN,
        digits => digits.parse().unwrap_or(f64::NAN),
    }
}

/// Whether a value counts as true.
pub fn is_true(value: &Value) -> bool {
    match value {
        Value::Undefined | Value::Null => false,
        Value::Boolean(value) => *value,
        Value::Number(number) => *number != 0.0 && !number.is_nan(),
        Value::Text(text) => !text.is_empty(),
        Value::Typed(value) => !matches!(**value, Bson::Double(number) if number == 0.0),
        _ => true,
    }
}

/// The index that a value is, if it is one.
pub fn index(value: &Value) -> Option<usize> {
    let number = match value {
        Value::Text(text) => text.parse::<u32>().ok().filter(|number| number.to_string() == **text).map(f64::from)?,
        other => other.as_number()?,
    };
    (number >= 0.0 && number.fract() == 0.0 && number < 4_294_967_295.0).then_some(number as usize)
}

/// The name of the field that a value stands for.
pub fn field_name(value: &Value) -> Name {
    match value {
        Value::Text(text) => Name::from(&**text),
        other => Name::from(to_text(other)),
    }
}

/// An error object with no more than a name and a message.
pub fn error_object(name: &str, message: String) -> Value {
    let mut fields: IndexMap<Name, Value> = IndexMap::new();
    fields.insert(Name::from("name"), Value::text(name));
    fields.insert(Name::from("message"), Value::text(message.clone()));
    let cause = Diagnostic::new(Model::Doc, name, message);
    Value::Object(Rc::new(super::heap::Object::error(fields, Some(Box::new(cause)))))
}
