//! The arguments of a method call.

use crate::ast::doc::ResolvedCall;
use crate::doc::{Code, Context, Error, Result};
use crate::value::collation::Collation;
use crate::value::construct;
use bson::{Bson, Document};

/// A call's arguments with its name for messages.
pub struct Arguments<'c> {
    /// The method.
    pub method: &'c str,
    /// What was given.
    pub values: &'c [Bson],
}

impl<'c> Arguments<'c> {
    /// Of a call.
    pub fn new(call: &'c ResolvedCall) -> Self {
        Arguments { method: &call.method, values: &call.args }
    }

    /// The argument at a place; `undefined` counts as not given.
    pub fn get(&self, at: usize) -> Option<&'c Bson> {
        self.values.get(at).filter(|value| !matches!(value, Bson::Undefined))
    }

    /// A document that must be there.
    pub fn document(&self, at: usize, what: &str) -> Result<&'c Document> {
        match self.get(at) {
            Some(Bson::Document(document)) => Ok(document),
            None => Err(missing(self.method, what)),
            Some(other) => Err(wrong(self.method, what, "an object", other)),
        }
    }

    /// A document that may be left out.
    pub fn optional_document(&self, at: usize, what: &str) -> Result<Document> {
        match self.get(at) {
            None | Some(Bson::Null) => Ok(Document::new()),
            Some(Bson::Document(document)) => Ok(document.clone()),
            Some(other) => Err(wrong(self.method, what, "an object", other)),
        }
    }

    /// An array that must be there.
    pub fn array(&self, at: usize, what: &str) -> Result<&'c [Bson]> {
        match self.get(at) {
            Some(Bson::Array(items)) => Ok(items),
            None => Err(missing(self.method, what)),
            Some(other) => Err(wrong(self.method, what, "an array", other)),
        }
    }

    /// A string that must be there.
    pub fn string(&self, at: usize, what: &str) -> Result<&'c str> {
        match self.get(at) {
            Some(Bson::String(text)) => Ok(text),
            None => Err(missing(self.method, what)),
            Some(other) => Err(wrong(self.method, what, "a string", other)),
        }
    }
}

/// mongosh's answer to an argument that is not there.
pub fn missing(method: &str, what: &str) -> Error {
    Error::new(
        Code::InvalidArgument,
        format!("[COMMON-10001] Missing required argument at position 0 ({method}): {what}"),
    )
}

/// An argument of the wrong type.
pub fn wrong(method: &str, what: &str, expected: &str, found: &Bson) -> Error {
    Error::new(
        Code::InvalidArgument,
        format!("{method}: the {what} must be {expected}, not {}", crate::doc::expression::type_name(Some(found))),
    )
}

/// Whether an option is set.
pub fn flag(options: &Document, name: &str) -> bool {
    match options.get(name) {
        Some(Bson::Boolean(value)) => *value,
        number => construct::number(number).is_some_and(|number| number != 0.0),
    }
}

/// The collation of a statement: the one among its options, or that of its collection.
pub fn collation(cx: &Context<'_>, options: &Document) -> Result<Option<Collation>> {
    match options.get("collation") {
        None | Some(Bson::Null | Bson::Undefined) => Ok(cx.collation.clone()),
        Some(value) => named_collation(value),
    }
}

/// A collation from its specification; `None` is the simple one.
pub fn named_collation(value: &Bson) -> Result<Option<Collation>> {
    match value {
        Bson::Document(spec) => Collation::new(spec).map_err(Error::in_collation),
        other => Err(Error::type_mismatch(format!(
            "BSON field 'collation' is the wrong type '{}', expected type 'object'",
            crate::doc::expression::type_name(Some(other))
        ))),
    }
}
