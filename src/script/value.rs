//! The values of scripts.

use super::heap::{Array, Closure, Dictionary, Object, Pattern, Text};
use crate::ast::script::Name;
use bson::Bson;
use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;

/// A value of JavaScript, or of mongosh's own types.
#[derive(Debug, Clone)]
pub enum Value {
    /// `undefined`
    Undefined,
    /// `null`
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A string.
    Text(Text),
    /// A date: milliseconds since 1970, or NaN.
    Date(Rc<Cell<f64>>),
    /// A value of a type that JavaScript has not: `ObjectId`, `Long`, `Decimal128` …
    Typed(Rc<Bson>),
    /// A regular expression.
    Regex(Rc<Pattern>),
    /// An array.
    Array(Rc<Array>),
    /// An object.
    Object(Rc<Object>),
    /// A `Map` or `Set`.
    Dictionary(Rc<Dictionary>),
    /// A function of a script.
    Function(Rc<Closure>),
    /// A function that is always there, by its name: `Math.max`, `print`.
    Builtin(Name),
    /// Something of the host: a collection, a cursor.
    Host(Rc<dyn HostObject>),
}

/// Something of the host that scripts hold on to.
pub trait HostObject: Any + std::fmt::Debug {
    /// What it is, as it is shown: `shop.users`, `a cursor`.
    fn shown(&self) -> String;

    /// Its stored form, if it has one now.
    fn stored(&self) -> Option<Bson> {
        None
    }
}

impl Value {
    /// A string.
    pub fn text(text: impl Into<Text>) -> Value {
        Value::Text(text.into())
    }

    /// A date.
    pub fn date(millis: f64) -> Value {
        Value::Date(Rc::new(Cell::new(millis)))
    }

    /// An array.
    pub fn array(items: Vec<Value>) -> Value {
        Value::Array(Rc::new(Array::new(items)))
    }

    /// An object.
    pub fn object<K: Into<Name>>(fields: impl IntoIterator<Item = (K, Value)>) -> Value {
        Value::Object(Rc::new(Object::new(fields.into_iter().map(|(name, value)| (name.into(), value)).collect())))
    }

    /// `undefined` or `null`.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Value::Undefined | Value::Null)
    }

    /// Whether it can be called.
    pub fn is_function(&self) -> bool {
        matches!(self, Value::Function(_) | Value::Builtin(_))
    }

    /// Its number, if it is one: of JavaScript or one of the types that hold numbers exactly.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Typed(value) => match &**value {
                Bson::Int32(number) => Some(f64::from(*number)),
                Bson::Int64(number) => Some(*number as f64),
                Bson::Double(number) => Some(*number),
                _ => None,
            },
            _ => None,
        }
    }

    /// The host's object of a type, if it is one.
    pub fn as_host<T: HostObject>(&self) -> Option<&T> {
        match self {
            Value::Host(object) => (&**object as &dyn Any).downcast_ref(),
            _ => None,
        }
    }

    /// What `typeof` says.
    pub fn type_of(&self) -> &'static str {
        match self {
            Value::Undefined => "undefined",
            Value::Boolean(_) => "boolean",
            Value::Number(_) => "number",
            Value::Text(_) => "string",
            Value::Function(_) | Value::Builtin(_) => "function",
            Value::Typed(value) if matches!(**value, Bson::Double(_)) => "number",
            _ => "object",
        }
    }

    /// What it is, for messages.
    pub fn describe(&self) -> String {
        match self {
            Value::Undefined => "undefined".to_owned(),
            Value::Null => "null".to_owned(),
            Value::Boolean(value) => value.to_string(),
            Value::Number(number) => crate::value::notation::number(*number),
            Value::Text(text) if text.len() <= 40 => format!("{:?}", &**text),
            Value::Text(_) => "a string".to_owned(),
            Value::Date(_) => "a date".to_owned(),
            Value::Typed(value) => value.to_string(),
            Value::Regex(pattern) => pattern.to_string(),
            Value::Array(_) => "an array".to_owned(),
            Value::Object(_) => "an object".to_owned(),
            Value::Dictionary(dictionary) => if dictionary.is_set { "a Set" } else { "a Map" }.to_owned(),
            Value::Function(_) => "a function".to_owned(),
            Value::Builtin(name) => name.to_string(),
            Value::Host(object) => object.shown(),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Boolean(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Value::Number(value)
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Value::Number(value as f64)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Value::text(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Value::text(value)
    }
}
