//! Aggregation expressions (MongoDB manual, "Aggregation Operators" and "Aggregation Expressions").
//!
//! An expression is parsed once into a tree and evaluated once a document. A value that is not there
//! is `None`, which is not the same as null: a missing result is left out of objects and becomes null
//! in arrays. One file holds one group of operators; [`operator::find`] knows them all.

mod accumulator;
mod arithmetic;
mod array;
mod array_iteration;
mod array_shape;
mod bitwise;
mod boolean;
mod calendar;
mod comparison;
mod conditional;
mod conversion_binary;
mod conversion_text;
mod date;
mod date_arithmetic;
mod date_format;
mod date_parse;
mod date_parts;
pub(in crate::doc) mod function;
mod literal;
mod node;
pub(crate) mod number;
mod object;
mod operator;
mod parse;
mod regex;
mod scope;
mod set;
mod size;
mod string;
mod string_search;
mod time_zone;
mod trigonometry;
mod truth;
mod type_conversion;
mod type_name;
mod variables;

pub use date_arithmetic::{Unit, add_units};
pub(crate) use object::merge_into;
pub(crate) use parse::split_path;
pub use scope::{Metadata, Variables};
pub use truth::is_true;
pub use type_name::type_name;
pub(crate) use variables::check_name;

pub(in crate::doc) use literal::not_available;

use super::Result;
use crate::value::view::DocumentView;
use bson::Bson;
use node::Node;
use scope::Scope;

/// A compiled expression.
#[derive(Debug, Clone)]
pub struct Expression {
    node: Node,
}

impl Expression {
    /// Compiles an expression. Variables that it does not define itself (`$$name`) are looked up when
    /// it is evaluated.
    ///
    /// # Errors
    /// An unknown operator, wrong arguments, a bad field path, or nesting deeper than 150 levels.
    pub fn parse(value: &Bson) -> Result<Expression> {
        Ok(Expression { node: parse::Parser::new(None).operand(value)? })
    }

    /// As [`Expression::parse`], refusing variables other than the system's and those `declared`.
    ///
    /// # Errors
    /// As [`Expression::parse`], and 17276 for an undefined variable.
    pub fn parse_with(value: &Bson, declared: &[String]) -> Result<Expression> {
        Ok(Expression { node: parse::Parser::new(Some(declared)).operand(value)? })
    }

    /// The value for one document; `None` if it is missing.
    ///
    /// # Errors
    /// What the operators say of their operands.
    pub fn evaluate<'d>(&self, root: impl Into<DocumentView<'d>>, variables: &Variables) -> Result<Option<Bson>> {
        let root = root.into();
        self.evaluate_at(root, root, variables)
    }

    /// As [`Expression::evaluate`] with `$$CURRENT` somewhere inside `$$ROOT` (`$redact`).
    ///
    /// # Errors
    /// As [`Expression::evaluate`].
    pub fn evaluate_at<'d>(
        &self,
        root: impl Into<DocumentView<'d>>,
        current: impl Into<DocumentView<'d>>,
        variables: &Variables,
    ) -> Result<Option<Bson>> {
        let scope = Scope::new(root.into(), current.into(), variables);
        Ok(self.node.evaluate(&scope)?.map(std::borrow::Cow::into_owned))
    }

    /// An expression that always has this value.
    pub fn constant(value: Bson) -> Expression {
        Expression { node: Node::Constant(value) }
    }

    /// The value, if it does not depend on the document.
    pub fn as_constant(&self) -> Option<&Bson> {
        match &self.node {
            Node::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// The dotted path, if the expression is nothing but a field of the document.
    pub fn as_field_path(&self) -> Option<String> {
        match &self.node {
            Node::Field(path) => Some(path.join(".")),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
