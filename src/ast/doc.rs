//! mongosh calls.

use crate::text::{Diagnostic, Model, Span};
use crate::value::construct::{self, Invalid, Operator};
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
    /// The method's name as typed; `.` for a property of the answer so far (`.findOne()._id`, `.toArray()[0]`),
    /// whose name or index is then the one argument.
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
    /// Arithmetic with something in it that is not constant: `Date.now() - 60 * 1000`.
    Arithmetic {
        /// Which.
        operator: Operator,
        /// Left and right.
        operands: Box<(Literal, Literal)>,
        /// The whole.
        span: Span,
    },
    /// A constructor with something in it that is not constant: `ObjectId(id)`.
    Construct {
        /// One of [`construct::CONSTRUCTORS`].
        name: String,
        /// Its arguments.
        args: Vec<Literal>,
        /// The whole.
        span: Span,
    },
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
    /// A constructor or an operator refuses its arguments.
    Invalid {
        /// Why.
        reason: Invalid,
        /// Where.
        span: Span,
    },
}

impl From<ResolveError> for Diagnostic {
    fn from(error: ResolveError) -> Self {
        match error {
            ResolveError::UnknownVariable { name, span } => {
                Diagnostic::new(Model::Doc, "ReferenceError", format!("{name} is not defined"))
                    .at(span)
                    .hint(format!("put text in quotes, or make the variable first: let {name} = …"))
            }
            ResolveError::Function { span } => {
                Diagnostic::new(Model::Doc, "NotImplemented", "functions are not supported yet")
                    .at(span)
                    .hint("trine reads data and variables, not JavaScript")
            }
            ResolveError::Invalid { reason, span } => {
                Diagnostic::new(Model::Doc, reason.class, reason.message).at(span)
            }
        }
    }
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
            Literal::Arithmetic { operator, operands, span } => {
                let (left, right) = (operands.0.resolve(environment)?, operands.1.resolve(environment)?);
                construct::arithmetic(*operator, &left, &right)
                    .map_err(|reason| ResolveError::Invalid { reason, span: *span })?
            }
            Literal::Construct { name, args, span } => {
                let args = args.iter().map(|arg| arg.resolve(environment)).collect::<Result<Vec<_>, _>>()?;
                construct::construct(name, &args).map_err(|reason| ResolveError::Invalid { reason, span: *span })?
            }
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
