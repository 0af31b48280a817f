//! What the shell itself understands.

use super::{Statement, doc};
use crate::text::Span;

/// `:word rest of the line`, or one of the bare words `help exit quit cls`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directive {
    /// The word without its colon, in lower case.
    pub name: String,
    /// What follows it, trimmed.
    pub rest: String,
    /// Where `rest` begins in the statement's text.
    pub rest_start: usize,
}

/// `let NAME = …` (also `const`, `var`).
#[derive(Debug, Clone, PartialEq)]
pub struct Let {
    /// The variable.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// What it becomes.
    pub value: LetValue,
}

/// The right-hand side of a `let`.
#[derive(Debug, Clone, PartialEq)]
pub enum LetValue {
    /// The answer of a statement of any model.
    Statement(Box<Statement>),
    /// A mongosh literal.
    Literal(doc::Literal),
}
