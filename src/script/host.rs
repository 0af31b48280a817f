//! What a script asks of its surroundings, and how it breaks off.

use super::convert;
use super::heap::Object;
use super::machine::Machine;
use super::value::{HostObject, Value};
use crate::ast::script::Name;
use crate::reply::Printed;
use crate::text::{Diagnostic, Model, Span};
use bson::Bson;
use indexmap::IndexMap;
use std::rc::Rc;

/// The surroundings of a script.
pub trait Host {
    /// Milliseconds since 1970.
    fn now_ms(&self) -> i64;

    /// A random number below 1.
    fn random(&mut self) -> f64;

    /// Called now and then: whether the script must stop.
    ///
    /// # Errors
    /// Why it must.
    fn check(&mut self) -> Result<(), Diagnostic>;

    /// `print`, `printjson`
    ///
    /// # Errors
    /// Nobody reads it any more.
    fn print(&mut self, printed: Printed) -> Result<(), Diagnostic>;

    /// `sleep`
    ///
    /// # Errors
    /// The user has interrupted it.
    fn sleep(&mut self, ms: f64) -> Result<(), Diagnostic>;

    /// A name that the host knows: `db`.
    fn global(&mut self, name: &str) -> Option<Value>;

    /// A field of one of the host's objects: `db.users`.
    ///
    /// # Errors
    /// There is none.
    fn field(&mut self, machine: &mut Machine, object: &Rc<dyn HostObject>, name: &str) -> Result<Value, Thrown>;

    /// A method of one of the host's objects.
    ///
    /// # Errors
    /// What it says.
    fn call(
        &mut self,
        machine: &mut Machine,
        object: &Rc<dyn HostObject>,
        method: &str,
        args: Vec<Argument>,
        span: Span,
    ) -> Result<Value, Thrown>;

    /// A function of the host that is no method: `load`, `Mongo`; `None` if there is none of this name.
    ///
    /// # Errors
    /// What it says.
    fn function(&mut self, machine: &mut Machine, name: &str, args: Vec<Value>) -> Result<Option<Value>, Thrown>;

    /// The next value of one of the host's objects, for `for (… of …)` and `...`; `None` at its end.
    ///
    /// # Errors
    /// It cannot be walked.
    fn next(&mut self, machine: &mut Machine, object: &Rc<dyn HostObject>) -> Result<Option<Value>, Thrown>;
}

/// An argument of a method of the host: documents are made without the detour over objects.
#[derive(Debug, Clone)]
pub enum Argument {
    /// A value of the script.
    Value(Value),
    /// A value as it is stored.
    Bson(Bson),
}

impl Argument {
    /// As it is stored.
    ///
    /// # Errors
    /// A value that cannot be stored.
    pub fn into_bson(self) -> Result<Bson, Thrown> {
        match self {
            Argument::Value(value) => convert::to_bson(&value),
            Argument::Bson(value) => Ok(value),
        }
    }

    /// As a value of the script.
    pub fn into_value(self) -> Value {
        match self {
            Argument::Value(value) => value,
            Argument::Bson(value) => convert::from_bson(value),
        }
    }

    /// The function, if it is one.
    pub fn as_function(&self) -> Option<&Value> {
        match self {
            Argument::Value(value) if value.is_function() => Some(value),
            _ => None,
        }
    }
}

/// Why an evaluation broke off.
#[derive(Debug, Clone)]
pub enum Thrown {
    /// By `throw`, or by an error that can be caught.
    Value(Value, Option<Span>),
    /// For good: interrupted, too long, too large.
    Fatal(Box<Diagnostic>),
    /// Nothing stood before `?.`.
    Nothing,
}

impl Thrown {
    /// An error of a class of JavaScript.
    pub fn error(class: &str, message: impl Into<String>) -> Thrown {
        Thrown::from(Diagnostic::new(Model::Doc, class, message))
    }

    /// `TypeError`
    pub fn type_error(message: impl Into<String>) -> Thrown {
        Thrown::error("TypeError", message)
    }

    /// With a hint.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Thrown {
        match self {
            Thrown::Value(value, span) => match error_of(&value) {
                Some(error) => {
                    let Thrown::Value(value, _) = Thrown::from(error.hint(hint)) else { return Thrown::Nothing };
                    Thrown::Value(value, span)
                }
                None => Thrown::Value(value, span),
            },
            other => other,
        }
    }

    /// Here, if it has no place yet.
    #[must_use]
    pub fn at(self, span: Span) -> Thrown {
        match self {
            Thrown::Value(value, None) => Thrown::Value(value, Some(span)),
            other => other,
        }
    }

    /// Here, whatever its place was.
    #[must_use]
    pub fn moved_to(self, span: Option<Span>) -> Thrown {
        match self {
            Thrown::Value(value, _) => Thrown::Value(value, span),
            other => other,
        }
    }

    /// As the shell shows it.
    pub fn into_diagnostic(self) -> Diagnostic {
        match self {
            Thrown::Fatal(error) => *error,
            Thrown::Nothing => Diagnostic::new(Model::Doc, "TypeError", "nothing stands before ?."),
            Thrown::Value(value, span) => {
                let mut error = error_of(&value).unwrap_or_else(|| {
                    let text = convert::to_text(&value);
                    Diagnostic::new(Model::Doc, "Error", format!("uncaught: {text}"))
                });
                error.span = error.span.or(span);
                error
            }
        }
    }
}

/// The error that an object of the class Error stands for.
fn error_of(value: &Value) -> Option<Diagnostic> {
    let Value::Object(object) = value else { return None };
    let super::heap::Class::Error(cause) = &object.class else { return None };
    let text = |name: &str| object.get(name).map(|value| convert::to_text(&value));
    let message = text("message").unwrap_or_default();
    match cause {
        Some(cause) if cause.message == message => Some((**cause).clone()),
        _ => Some(Diagnostic::new(Model::Doc, text("name").unwrap_or_else(|| "Error".to_owned()), message)),
    }
}

impl From<Diagnostic> for Thrown {
    fn from(error: Diagnostic) -> Self {
        if matches!(error.code.as_str(), "Interrupted" | "TooLarge" | "InternalError" | "Corrupted" | "DiskFull") {
            return Thrown::Fatal(Box::new(error));
        }
        let mut fields: IndexMap<Name, Value> = IndexMap::new();
        let mut field = |name: &str, value: Value| drop(fields.insert(Name::from(name), value));
        match error.number {
            Some(number) => {
                field("name", Value::text("MongoServerError"));
                field("message", Value::text(error.message.clone()));
                field("code", Value::Number(f64::from(number)));
                field("codeName", Value::text(error.code.clone()));
            }
            None => {
                field("name", Value::text(error.code.clone()));
                field("message", Value::text(error.message.clone()));
            }
        }
        let span = error.span;
        Thrown::Value(Value::Object(Rc::new(Object::error(fields, Some(Box::new(error))))), span)
    }
}
