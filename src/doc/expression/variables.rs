//! `$let`.

use super::node::{Node, Value};
use super::operator::{Operator, fail, special};
use super::parse::Parser;
use super::scope::{Frame, Scope};
use crate::doc::Result;
use bson::Bson;
use std::borrow::Cow;

pub(super) const OPERATORS: &[Operator] = &[special("$let", parse)];

/// `$let`
#[derive(Debug, Clone)]
pub(super) struct Let {
    bindings: Vec<(String, Node)>,
    body: Node,
}

impl Let {
    pub fn evaluate<'a>(&'a self, scope: &Scope<'a>) -> Result<Value<'a>> {
        // All bindings see the outer scope.
        let mut values = Vec::with_capacity(self.bindings.len());
        for (_, node) in &self.bindings {
            values.push(node.evaluate(scope)?.map(Cow::into_owned));
        }
        let answer = bind(&self.bindings, &values, scope, &self.body)?;
        Ok(answer.map(Cow::Owned))
    }
}

fn bind(names: &[(String, Node)], values: &[Option<Bson>], scope: &Scope<'_>, body: &Node) -> Result<Option<Bson>> {
    match (names.split_first(), values.split_first()) {
        (Some(((name, _), names)), Some((value, values))) => {
            let frame = Frame { name, value: value.as_ref(), parent: scope.frame() };
            bind(names, values, &scope.with(&frame), body)
        }
        _ => Ok(body.evaluate(scope)?.map(Cow::into_owned)),
    }
}

fn parse(_: &'static str, argument: &Bson, parser: &mut Parser<'_>) -> Result<Node> {
    let Bson::Document(document) = argument else {
        return Err(fail(16874, "$let only supports an object as its argument"));
    };
    if let Some(key) = document.keys().find(|key| !["vars", "in"].contains(&key.as_str())) {
        return Err(fail(16875, format!("Unrecognized parameter to $let: {key}")));
    }
    let vars = match document.get("vars") {
        Some(Bson::Document(vars)) => vars,
        Some(_) => return Err(fail(10065, "invalid parameter: expected an object (vars)")),
        None => return Err(fail(16876, "Missing 'vars' parameter to $let")),
    };
    let body = document.get("in").ok_or_else(|| fail(16877, "Missing 'in' parameter to $let"))?;
    let mut bindings = Vec::with_capacity(vars.len());
    for (name, value) in vars {
        check_name(name)?;
        bindings.push((name.clone(), parser.operand(value)?));
    }
    let names: Vec<String> = bindings.iter().map(|(name, _)| name.clone()).collect();
    let body = parser.operand_with(&names, body)?;
    Ok(Node::Let(Box::new(Let { bindings, body })))
}

/// User variables begin with a lower-case letter (or are `CURRENT`) and hold letters, digits and `_`.
pub(crate) fn check_name(name: &str) -> Result<()> {
    if name == "CURRENT" {
        return Ok(());
    }
    let Some(first) = name.chars().next() else {
        return Err(super::parse::failed("empty variable names are not allowed"));
    };
    if !first.is_ascii_lowercase() && first.is_ascii() {
        return Err(super::parse::failed(format!(
            "'{name}' starts with an invalid character for a user variable name"
        )));
    }
    if let Some(bad) = name.chars().find(|c| c.is_ascii() && !c.is_ascii_alphanumeric() && *c != '_') {
        return Err(super::parse::failed(format!(
            "'{name}' contains an invalid character for a variable name: '{bad}'"
        )));
    }
    Ok(())
}
