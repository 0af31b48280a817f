//! `$and`, `$or`, `$not`.

use super::node::Node;
use super::operator::{ANY, Answer, Arguments, Operator, positional, special};
use super::parse::Parser;
use crate::doc::Result;
use bson::Bson;

pub(super) const OPERATORS: &[Operator] = &[special("$and", and), special("$or", or), positional("$not", 1, 1, not)];

fn and(name: &'static str, argument: &Bson, parser: &mut Parser<'_>) -> Result<Node> {
    Ok(Node::And(parser.positional(name, argument, 0, ANY)?))
}

fn or(name: &'static str, argument: &Bson, parser: &mut Parser<'_>) -> Result<Node> {
    Ok(Node::Or(parser.positional(name, argument, 0, ANY)?))
}

fn not(arguments: &Arguments<'_>) -> Answer {
    Ok(Some(Bson::Boolean(!super::is_true(arguments.get(0)))))
}
