//! Graph statements from text: openCypher 9 and what Neo4j 5 adds to it.
//!
//! `token` cuts the text into tokens, the other rooms are nom parsers over them.

mod atom;
mod call;
mod clause;
mod collection;
mod expression;
mod hint;
mod input;
mod label;
mod literal;
mod pattern;
mod projection;
mod schema;
mod show;
mod signature;
mod statement;
mod token;
mod type_name;
mod update;
mod value;

use crate::ast::graph::{Expr, Signature, Statement};
use crate::text::{Diagnostic, Model, Phase, Span};
use crate::value::graph::Value;
use input::{Fail, In, Parsed, Shared};
pub use show::show;

/// A statement, with or without its `;`. Spans are byte offsets in `text`.
pub fn parse(text: &str) -> Result<Statement, Diagnostic> {
    run(text, statement::complete)
}

/// An expression: the value of a `:param`.
pub fn expression(text: &str) -> Result<Expr, Diagnostic> {
    run(text, |input| {
        let (rest, expr) = expression::expression(input)?;
        statement::end(rest).map(|(rest, ())| (rest, expr))
    })
}

/// A literal, such as `{name: 'Ada', born: 1815}`.
pub fn literal(text: &str) -> Result<Value, Diagnostic> {
    value::of(expression(text)?)
}

/// The form of a procedure, such as `my.proc(x :: INTEGER) :: (y :: STRING)`.
pub fn signature(text: &str) -> Result<Signature, Diagnostic> {
    run(text, |input| {
        let (rest, signature) = signature::signature(input)?;
        statement::end(rest).map(|(rest, ())| (rest, signature))
    })
}

fn run<T>(text: &str, parser: impl for<'t> Fn(In<'t>) -> Parsed<'t, T>) -> Result<T, Diagnostic> {
    let tokens = token::tokens(text);
    let shared = Shared::new(text, &tokens);
    match parser(In::new(&shared)) {
        Ok((_, parsed)) => Ok(parsed),
        Err(nom::Err::Failure(Fail::Stop(problem))) => Err(*problem),
        Err(_) => Err(shared.report()),
    }
}

/// A SyntaxError with a detail of the TCK.
fn diagnostic(detail: &str, message: impl Into<String>, span: Span) -> Diagnostic {
    Diagnostic {
        phase: Some(Phase::Compile),
        detail: Some(detail.to_owned()),
        ..Diagnostic::new(Model::Graph, "SyntaxError", message).at(span)
    }
}

#[cfg(test)]
#[allow(clippy::panic, clippy::expect_used, clippy::indexing_slicing)]
mod tests;
