//! The compiled tree and its evaluation.

use super::array_iteration::{Filter, Map, Reduce};
use super::conditional::{Condition, Switch};
use super::function::Function;
use super::operator::{Arguments, Form, Operator, borrowed, fail};
use super::scope::Scope;
use super::type_conversion::Convert;
use super::variables::Let;
use crate::doc::Result;
use crate::value::collation::Collation;
use crate::value::view::{DocumentView, View};
use bson::{Bson, DateTime, Document};
use std::borrow::Cow;
use std::fmt;

/// A value during evaluation; `None` is missing.
pub(super) type Value<'a> = Option<Cow<'a, Bson>>;

/// A compiled expression.
#[derive(Debug, Clone)]
pub(super) enum Node {
    /// Always the same.
    Constant(Bson),
    /// `$$REMOVE`
    Missing,
    /// `$a.b`
    Field(Vec<String>),
    /// `$$ROOT` and a path into it.
    Root(Vec<String>),
    /// `$$CURRENT`
    Current,
    /// `$$NOW`
    Now,
    /// `$$name` and a path into it.
    Variable(String, Vec<String>),
    /// `[…]`
    Array(Vec<Node>),
    /// `{a: …}`
    Object(Vec<(String, Node)>),
    /// An operator that evaluates all its arguments first.
    Call(Call),
    /// `$and`
    And(Vec<Node>),
    /// `$or`
    Or(Vec<Node>),
    /// `$ifNull`
    IfNull(Vec<Node>),
    /// `$cond`
    Condition(Box<Condition>),
    /// `$switch`
    Switch(Box<Switch>),
    /// `$let`
    Let(Box<Let>),
    /// `$map`
    Map(Box<Map>),
    /// `$filter`
    Filter(Box<Filter>),
    /// `$reduce`
    Reduce(Box<Reduce>),
    /// `$convert` and `$toInt` …
    Convert(Box<Convert>),
    /// `$function`
    Function(Box<Function>),
    /// `$meta`
    Meta(String),
}

/// An operator with its arguments.
#[derive(Clone)]
pub(super) struct Call {
    pub operator: &'static Operator,
    pub arguments: Vec<Option<Node>>,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple(self.operator.name).field(&self.arguments).finish()
    }
}

impl Node {
    /// The value in a scope.
    pub fn evaluate<'a>(&'a self, scope: &Scope<'a>) -> Result<Value<'a>> {
        Ok(match self {
            Node::Constant(value) => Some(Cow::Borrowed(value)),
            Node::Missing => None,
            Node::Field(path) => field(scope.current, path),
            Node::Root(path) if path.is_empty() => {
                Some(Cow::Owned(Bson::Document(scope.root.to_document().into_owned())))
            }
            Node::Root(path) => field(scope.root, path),
            Node::Current => Some(Cow::Owned(Bson::Document(scope.current.to_document().into_owned()))),
            Node::Now => Some(Cow::Owned(Bson::DateTime(DateTime::from_millis(scope.variables.now_ms)))),
            Node::Variable(name, path) => match scope.variable(name) {
                None => return Err(undefined_variable(name)),
                Some(value) => descend(value, path),
            },
            Node::Array(items) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    values.push(item.evaluate(scope)?.map_or(Bson::Null, Cow::into_owned));
                }
                Some(Cow::Owned(Bson::Array(values)))
            }
            Node::Object(fields) => {
                let mut document = Document::new();
                for (name, node) in fields {
                    if let Some(value) = node.evaluate(scope)? {
                        document.insert(name.clone(), value.into_owned());
                    }
                }
                Some(Cow::Owned(Bson::Document(document)))
            }
            Node::Call(call) => call.evaluate(scope)?,
            Node::And(items) => {
                for item in items {
                    if !item.is_true(scope)? {
                        return Ok(Some(Cow::Owned(Bson::Boolean(false))));
                    }
                }
                Some(Cow::Owned(Bson::Boolean(true)))
            }
            Node::Or(items) => {
                for item in items {
                    if item.is_true(scope)? {
                        return Ok(Some(Cow::Owned(Bson::Boolean(true))));
                    }
                }
                Some(Cow::Owned(Bson::Boolean(false)))
            }
            Node::IfNull(items) => {
                let mut last = None;
                for item in items {
                    last = item.evaluate(scope)?;
                    if !crate::value::order::is_nullish(last.as_deref()) {
                        break;
                    }
                }
                last
            }
            Node::Condition(condition) => condition.evaluate(scope)?,
            Node::Switch(switch) => switch.evaluate(scope)?,
            Node::Let(binding) => binding.evaluate(scope)?,
            Node::Map(map) => map.evaluate(scope)?,
            Node::Filter(filter) => filter.evaluate(scope)?,
            Node::Reduce(reduce) => reduce.evaluate(scope)?,
            Node::Convert(convert) => convert.evaluate(scope)?,
            Node::Function(function) => function.evaluate(scope)?,
            Node::Meta(what) => super::literal::metadata(what, scope)?.map(Cow::Owned),
        })
    }

    /// The value's truth.
    pub fn is_true(&self, scope: &Scope<'_>) -> Result<bool> {
        Ok(super::is_true(self.evaluate(scope)?.as_deref()))
    }
}

impl Call {
    fn evaluate<'a>(&'a self, scope: &Scope<'a>) -> Result<Value<'a>> {
        let mut values: Vec<Value<'a>> = Vec::with_capacity(self.arguments.len());
        for argument in &self.arguments {
            values.push(match argument {
                Some(node) => node.evaluate(scope)?,
                None => None,
            });
        }
        if let Some(collation) = &scope.variables.collation
            && self.operator.is_comparing()
        {
            for value in values.iter_mut().flatten().filter(|value| Collation::concerns((&***value).into())) {
                *value = Cow::Owned(collation.fold((&**value).into()));
            }
        }
        let arguments = Arguments {
            name: self.operator.name,
            values: &values,
            nodes: &self.arguments,
            collation: scope.variables.collation.as_ref(),
        };
        let answer = match self.operator.form {
            Form::Positional(_, _, function) | Form::Named(_, _, function) | Form::Volatile(_, _, function) => {
                function(&arguments)?
            }
            Form::Special(_) => None,
        };
        Ok(answer.map(Cow::Owned))
    }
}

/// The failure for a variable nobody defined.
pub(super) fn undefined_variable(name: &str) -> crate::doc::Error {
    fail(17276, format!("Use of undefined variable: {name}"))
}

/// A dotted path in a document: through objects, and through the objects in arrays, one level of
/// arrays a component. Numeric components are names only.
fn field<'a>(document: DocumentView<'a>, path: &[String]) -> Value<'a> {
    let (first, rest) = path.split_first()?;
    match document {
        DocumentView::Decoded(document) => descend(document.get(first), rest),
        other => view_at(other.get(first)?, rest).map(Cow::Owned),
    }
}

/// As [`descend`], for values that are not decoded yet.
fn view_at(value: View<'_>, path: &[String]) -> Option<Bson> {
    let Some((first, rest)) = path.split_first() else { return Some(value.to_bson()) };
    match value {
        View::Document(document) => view_at(document.get(first)?, rest),
        View::Array(items) => {
            let found = items.iter().filter_map(|item| match item {
                View::Document(document) => view_at(document.get(first)?, rest),
                _ => None,
            });
            Some(Bson::Array(found.collect()))
        }
        _ => None,
    }
}

fn descend<'a>(value: Option<&'a Bson>, path: &[String]) -> Value<'a> {
    if path.is_empty() {
        return borrowed(value);
    }
    match value? {
        Bson::Document(document) => field(document.into(), path),
        Bson::Array(items) => {
            let found = items
                .iter()
                .filter_map(|item| match item {
                    Bson::Document(document) => field(document.into(), path).map(Cow::into_owned),
                    _ => None,
                })
                .collect();
            Some(Cow::Owned(Bson::Array(found)))
        }
        _ => None,
    }
}
