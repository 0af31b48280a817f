//! The parser of mongosh: text → [`ast::doc`](crate::ast::doc).
//!
//! It reads the part of JavaScript that users of mongosh write; what lies outside is answered with an error that
//! names it.

mod chain;
mod expression;
mod fold;
mod function;
mod lexis;
mod literal;
mod pattern;
mod place;
mod postfix;
mod statement;
#[cfg(test)]
mod tests;

use crate::ast::doc::Statement;
use crate::ast::script::{Expression, Function, Node, Script};
use crate::text::{Diagnostic, Model, Span};
use lexis::{Parsed, Problem, expected, trivia};
use nom::Parser;
use nom::bytes::complete::take_while1;
use place::Place;
use std::rc::Rc;

pub use place::MAX_DEPTH;
pub use postfix::near as near_constructor;

/// Parses one document statement or a script; a `;` may end it.
///
/// # Errors
/// What was expected and where, in bytes of `text`.
pub fn parse(text: &str) -> Result<Statement, Diagnostic> {
    read(text, |place, input| {
        let (start, ()) = trivia(input)?;
        let Ok((rest, word)) = lexis::name(start) else { return script_statement(place, start) };
        // The scanner sends these words here in any case.
        match word.to_ascii_lowercase().as_str() {
            "show" if rest.starts_with(char::is_whitespace) => {
                let (rest, what) = bare_word(rest, "what to show: dbs, collections …")?;
                Ok((rest, Statement::Show(what.to_lowercase())))
            }
            "use" if rest.starts_with(char::is_whitespace) => {
                let (rest, name) = bare_word(rest, "the name of a database")?;
                Ok((rest, Statement::Use(name)))
            }
            "it" if trivia(rest)?.0.trim_end_matches(';').is_empty() => Ok((rest, Statement::It)),
            _ => script_statement(place, start),
        }
    })
}

/// Parses a script.
///
/// # Errors
/// What was expected and where, in bytes of `text`.
pub fn script(text: &str) -> Result<Script, Diagnostic> {
    read(text, |place, input| {
        let (rest, body) = statement::script(place, input)?;
        Ok((rest, Script { body }))
    })
}

/// Parses one expression, such as the value of a shell variable.
///
/// # Errors
/// What was expected and where, in bytes of `text`.
pub fn expression(text: &str) -> Result<Expression, Diagnostic> {
    read(text, expression::expression)
}

/// Parses the text of a function: of `$where`, `$function`, `mapReduce`.
///
/// # Errors
/// It is no function, or one that cannot be read.
pub fn function(text: &str) -> Result<Rc<Function>, Diagnostic> {
    match expression(text)?.node {
        Node::Function(function) => Ok(function),
        _ => {
            Err(Diagnostic::new(Model::Doc, "SyntaxError", "a function is expected, such as function (x) { return x }"))
        }
    }
}

fn script_statement<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Statement> {
    let (rest, body) = statement::script(place, start)?;
    Ok((rest, chain::of_script(Script { body }).map_or_else(Statement::Script, Statement::Chain)))
}

fn read<'a, T>(text: &'a str, parser: impl FnOnce(Place<'a>, &'a str) -> Parsed<'a, T>) -> Result<T, Diagnostic> {
    let run = || {
        let (rest, parsed) = parser(Place::top(text), text)?;
        let (mut rest, ()) = trivia(rest)?;
        while let Some(after) = rest.strip_prefix(';') {
            (rest, ()) = trivia(after)?;
        }
        if rest.is_empty() {
            Ok(parsed)
        } else {
            expected(rest, "`.`, `;` or the end of the statement").map(|(_, never)| never)
        }
    };
    run().map_err(|error: nom::Err<Problem>| match error {
        nom::Err::Error(problem) | nom::Err::Failure(problem) => diagnostic(text, problem),
        nom::Err::Incomplete(_) => Diagnostic::new(Model::Doc, "SyntaxError", "the statement is not complete"),
    })
}

fn diagnostic(text: &str, problem: Problem) -> Diagnostic {
    let start = text.len().saturating_sub(problem.rest);
    let message = if problem.message.is_empty() { "this cannot be read".to_owned() } else { problem.message };
    let mut diagnostic = Diagnostic::new(Model::Doc, problem.class, message)
        .at(Span::new(start, (start + problem.length).min(text.len())));
    diagnostic.hint = problem.hint;
    diagnostic
}

/// A word behind `show` or `use`, perhaps quoted.
fn bare_word<'a>(input: &'a str, what: &str) -> Parsed<'a, String> {
    let (at, ()) = trivia(input)?;
    if at.starts_with(['"', '\'']) {
        return lexis::string(at);
    }
    let word = take_while1(|letter: char| !letter.is_whitespace() && letter != ';').parse(at);
    match word {
        Ok((rest, word)) => Ok((rest, word.to_owned())),
        Err(nom::Err::Error::<Problem>(_)) => expected(at, what),
        Err(other) => Err(other),
    }
}
