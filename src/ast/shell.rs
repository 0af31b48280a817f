//! What the shell itself understands.

use super::Statement;
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

/// `let NAME = …` (also `const`, `var`) with a statement of another language behind it; other values are
/// scripts.
#[derive(Debug, Clone, PartialEq)]
pub struct Let {
    /// The variable.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// What it becomes: the answer of a statement.
    pub value: Box<Statement>,
}
