//! mongosh calls.

use crate::text::Span;
use bson::Bson;

/// A document statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// `show dbs`, `show collections` …: the second word, in lower case.
    Show(String),
    /// `use NAME`.
    Use(String),
    /// `it`: the next batch of the last cursor.
    It,
    /// `db.coll.method(…).method(…)`.
    Chain(Chain),
}

/// A chain of calls on the database or on a collection.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// The collection (`db.users`, `db["users"]`, `db.getCollection("users")`); `None` for `db` itself.
    /// Dots belong to the name (`db.system.users.find()` is the collection `system.users`).
    pub collection: Option<String>,
    /// The calls, from left to right; empty for a bare `db` or `db.users`.
    pub calls: Vec<Call>,
    /// The whole chain.
    pub span: Span,
}

/// One call of a chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The method's name as typed.
    pub method: String,
    /// Its arguments.
    pub args: Vec<Literal>,
    /// The method's name.
    pub span: Span,
}

/// A literal of the data language, before variables are put in. [`Literal::resolve`] makes it a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// A constant.
    Value(Bson),
    /// An array with something in it that is not constant.
    Array(Vec<Literal>),
    /// An object with something in it that is not constant.
    Object(Vec<(String, Literal)>),
    /// A shell variable and a path into it: `alice`, `alice._id`, `rows[0].name`.
    Variable {
        /// The names and indexes, the variable first.
        path: Vec<String>,
        /// Where it stands.
        span: Span,
    },
    /// A value made at the moment of running.
    Generated(Generated),
    /// A function, kept as text; trine runs none yet.
    Function {
        /// Its source.
        source: String,
        /// Where it stands.
        span: Span,
    },
}

/// Values that differ from run to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generated {
    /// `new Date()`, `ISODate()`
    Now,
    /// `Date()`: the time as text.
    NowText,
    /// `Date.now()`
    NowMillis,
    /// `ObjectId()`
    ObjectId,
    /// `UUID()`
    Uuid,
    /// `Timestamp()`
    Timestamp,
}

/// A chain whose arguments are values.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolvedChain {
    /// As in [`Chain`].
    pub collection: Option<String>,
    /// The calls.
    pub calls: Vec<ResolvedCall>,
    /// The whole chain.
    pub span: Span,
}

/// A call whose arguments are values.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolvedCall {
    /// The method's name as typed.
    pub method: String,
    /// Its arguments.
    pub args: Vec<Bson>,
    /// The method's name.
    pub span: Span,
}

/// What [`Literal::resolve`] asks of its surroundings.
pub trait Environment {
    /// The value of a variable, or `None` if there is no such variable.
    fn variable(&self, name: &str) -> Option<Bson>;
    /// A value made now.
    fn generate(&self, what: Generated) -> Bson;
}

/// Why a literal has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResolveError {
    /// No such variable.
    UnknownVariable {
        /// Its name.
        name: String,
        /// Where.
        span: Span,
    },
    /// A function stands where a value must be.
    Function {
        /// Where.
        span: Span,
    },
}

impl Literal {
    /// The value, with variables and generated values put in.
    ///
    /// # Errors
    /// An unknown variable, or a function.
    pub fn resolve(&self, environment: &dyn Environment) -> Result<Bson, ResolveError> {
        Ok(match self {
            Literal::Value(value) => value.clone(),
            Literal::Array(items) => {
                Bson::Array(items.iter().map(|item| item.resolve(environment)).collect::<Result<_, _>>()?)
            }
            Literal::Object(fields) => {
                let mut document = bson::Document::new();
                for (key, value) in fields {
                    document.insert(key.clone(), value.resolve(environment)?);
                }
                Bson::Document(document)
            }
            Literal::Variable { path, span } => {
                let name = path.first().map(String::as_str).unwrap_or_default();
                let mut value = environment
                    .variable(name)
                    .ok_or_else(|| ResolveError::UnknownVariable { name: name.to_owned(), span: *span })?;
                for step in &path[1..] {
                    value = match value {
                        Bson::Document(mut document) => document.remove(step).unwrap_or(Bson::Undefined),
                        Bson::Array(mut items) => match step.parse::<usize>() {
                            Ok(index) if index < items.len() => items.swap_remove(index),
                            _ if step == "length" => Bson::Int32(i32::try_from(items.len()).unwrap_or(i32::MAX)),
                            _ => Bson::Undefined,
                        },
                        _ => Bson::Undefined,
                    };
                }
                value
            }
            Literal::Generated(what) => environment.generate(*what),
            Literal::Function { span, .. } => return Err(ResolveError::Function { span: *span }),
        })
    }
}

impl Chain {
    /// The chain with its arguments resolved.
    ///
    /// # Errors
    /// As [`Literal::resolve`].
    pub fn resolve(&self, environment: &dyn Environment) -> Result<ResolvedChain, ResolveError> {
        let mut calls = Vec::with_capacity(self.calls.len());
        for call in &self.calls {
            let args = call.args.iter().map(|arg| arg.resolve(environment)).collect::<Result<_, _>>()?;
            calls.push(ResolvedCall { method: call.method.clone(), args, span: call.span });
        }
        Ok(ResolvedChain { collection: self.collection.clone(), calls, span: self.span })
    }
}
