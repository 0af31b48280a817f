//! `$cond`, `$ifNull`, `$switch`: only the branch that is taken is evaluated.

use super::node::{Node, Value};
use super::operator::{ANY, Operator, fail, special};
use super::parse::Parser;
use super::scope::Scope;
use crate::doc::Result;
use bson::Bson;

pub(super) const OPERATORS: &[Operator] =
    &[special("$cond", condition), special("$ifNull", if_null), special("$switch", switch)];

/// `$cond`
#[derive(Debug, Clone)]
pub(super) struct Condition {
    test: Node,
    then: Node,
    otherwise: Node,
}

impl Condition {
    pub fn evaluate<'a>(&'a self, scope: &Scope<'a>) -> Result<Value<'a>> {
        if self.test.is_true(scope)? { self.then.evaluate(scope) } else { self.otherwise.evaluate(scope) }
    }
}

fn condition(name: &'static str, argument: &Bson, parser: &mut Parser<'_>) -> Result<Node> {
    let parts = match argument {
        Bson::Document(document) => {
            for key in document.keys() {
                if !["if", "then", "else"].contains(&key.as_str()) {
                    return Err(fail(17083, format!("Unrecognized parameter to $cond: {key}")));
                }
            }
            let mut parts = Vec::with_capacity(3);
            for (field, number) in [("if", 17080), ("then", 17081), ("else", 17082)] {
                let value =
                    document.get(field).ok_or_else(|| fail(number, format!("Missing '{field}' parameter to $cond")))?;
                parts.push(parser.operand(value)?);
            }
            parts
        }
        other => parser.positional(name, other, 3, 3)?,
    };
    let mut parts = parts.into_iter();
    let (Some(test), Some(then), Some(otherwise)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(fail(16020, "Expression $cond takes exactly 3 arguments."));
    };
    Ok(Node::Condition(Box::new(Condition { test, then, otherwise })))
}

fn if_null(name: &'static str, argument: &Bson, parser: &mut Parser<'_>) -> Result<Node> {
    let items = parser.positional(name, argument, 0, ANY)?;
    if items.len() < 2 {
        return Err(fail(1_257_300, format!("$ifNull needs at least two arguments, had: {}", items.len())));
    }
    Ok(Node::IfNull(items))
}

/// `$switch`
#[derive(Debug, Clone)]
pub(super) struct Switch {
    branches: Vec<(Node, Node)>,
    default: Option<Node>,
}

impl Switch {
    pub fn evaluate<'a>(&'a self, scope: &Scope<'a>) -> Result<Value<'a>> {
        for (case, then) in &self.branches {
            if case.is_true(scope)? {
                return then.evaluate(scope);
            }
        }
        match &self.default {
            Some(default) => default.evaluate(scope),
            None => {
                Err(fail(40066, "$switch could not find a matching branch for an input, and no default was specified."))
            }
        }
    }
}

fn switch(_: &'static str, argument: &Bson, parser: &mut Parser<'_>) -> Result<Node> {
    let Bson::Document(document) = argument else {
        return Err(fail(40060, "$switch requires an object as an argument, found: not an object"));
    };
    let mut branches = Vec::new();
    let mut default = None;
    for (key, value) in document {
        match key.as_str() {
            "branches" => {
                let Bson::Array(items) = value else {
                    return Err(fail(40061, "$switch expected an array for 'branches'"));
                };
                for item in items {
                    branches.push(branch(item, parser)?);
                }
            }
            "default" => default = Some(parser.operand(value)?),
            _ => return Err(fail(40067, format!("$switch found an unknown argument: {key}"))),
        }
    }
    if branches.is_empty() {
        return Err(fail(40068, "$switch requires at least one branch."));
    }
    Ok(Node::Switch(Box::new(Switch { branches, default })))
}

fn branch(item: &Bson, parser: &mut Parser<'_>) -> Result<(Node, Node)> {
    let Bson::Document(document) = item else {
        return Err(fail(40062, "$switch expected each branch to be an object"));
    };
    let (mut case, mut then) = (None, None);
    for (key, value) in document {
        match key.as_str() {
            "case" => case = Some(parser.operand(value)?),
            "then" => then = Some(parser.operand(value)?),
            _ => return Err(fail(40063, format!("$switch found an unknown argument to a branch: {key}"))),
        }
    }
    Ok((
        case.ok_or_else(|| fail(40064, "$switch requires each branch have a 'case' expression"))?,
        then.ok_or_else(|| fail(40065, "$switch requires each branch have a 'then' expression."))?,
    ))
}
