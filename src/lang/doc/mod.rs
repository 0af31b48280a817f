//! The parser of mongosh calls: text → [`ast::doc`](crate::ast::doc).
//!
//! It reads a data language with variables, not JavaScript; what lies outside is answered with an error
//! that says so.

mod lexis;
mod literal;
#[cfg(test)]
mod tests;

use crate::ast::doc::{Call, Chain, Literal, Statement};
use crate::text::{Diagnostic, Model, Span};
use bson::Bson;
use lexis::{Parsed, Problem, expected, fail, trivia};
use literal::Place;
use nom::Parser;
use nom::bytes::complete::take_while1;

pub use literal::MAX_DEPTH;

/// Parses one document statement; a `;` may end it.
///
/// # Errors
/// What was expected and where, in bytes of `text`.
pub fn parse(text: &str) -> Result<Statement, Diagnostic> {
    whole(text, statement)
}

/// Parses one literal, such as the value of a shell variable.
///
/// # Errors
/// What was expected and where, in bytes of `text`.
pub fn literal(text: &str) -> Result<Literal, Diagnostic> {
    whole(text, literal::expression)
}

fn whole<'a, T>(text: &'a str, parser: fn(Place<'a>, &'a str) -> Parsed<'a, T>) -> Result<T, Diagnostic> {
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

fn statement<'a>(place: Place<'a>, input: &'a str) -> Parsed<'a, Statement> {
    let (start, ()) = trivia(input)?;
    let Ok((rest, word)) = lexis::name(start) else { return expected(start, "`db`, `show`, `use` or `it`") };
    match word {
        "db" => {
            let (rest, chain) = chain(place, start, rest)?;
            Ok((rest, Statement::Chain(chain)))
        }
        "it" => Ok((rest, Statement::It)),
        "show" => {
            let (rest, what) = bare_word(rest, "what to show: dbs, collections …")?;
            Ok((rest, Statement::Show(what.to_lowercase())))
        }
        "use" => {
            let (rest, name) = bare_word(rest, "the name of a database")?;
            Ok((rest, Statement::Use(name)))
        }
        _ => expected(start, "`db`, `show`, `use` or `it`"),
    }
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

/// One step of a chain.
enum Step<'a> {
    /// `.name`, with the place of the name.
    Name(&'a str, String),
    /// `["name"]` or `[0]`.
    Index(&'a str, Bson),
    /// `(…)`, with its arguments.
    Call(Vec<Literal>),
}

fn step<'a>(place: Place<'a>, input: &'a str) -> Parsed<'a, Option<Step<'a>>> {
    let (at, ()) = trivia(input)?;
    match at.as_bytes().first() {
        Some(b'.') => {
            let (start, ()) = trivia(&at[1..])?;
            match lexis::name(start) {
                Ok((rest, name)) => Ok((rest, Some(Step::Name(start, name.to_owned())))),
                Err(_) => expected(start, "a name behind `.`"),
            }
        }
        Some(b'?') if at.starts_with("?.") => fail(at, 2, "`?.` is not supported; use `.`"),
        Some(b'[') => {
            let (rest, value) = literal::expression(place, &at[1..])?;
            let (rest, ()) = trivia(rest)?;
            let Some(after) = rest.strip_prefix(']') else { return expected(rest, "`]`") };
            match value {
                Literal::Value(value @ (Bson::String(_) | Bson::Int32(_))) => Ok((after, Some(Step::Index(at, value)))),
                _ => fail(at, at.len() - after.len(), "a constant string or number must stand in these brackets"),
            }
        }
        Some(b'(') => {
            let (rest, args) = literal::arguments(place, at)?;
            Ok((rest, Some(Step::Call(args))))
        }
        _ => Ok((input, None)),
    }
}

/// `db…`: names up to the first call are the collection's, the name before each call is a method's.
fn chain<'a>(place: Place<'a>, start: &'a str, after_db: &'a str) -> Parsed<'a, Chain> {
    let mut collection: Option<String> = None;
    let mut calls: Vec<Call> = Vec::new();
    let mut pending: Option<(&'a str, String)> = None;
    let mut rest = after_db;
    // The collection's name may go on until its first method is called.
    let mut naming = true;
    loop {
        let (after, step) = step(place, rest)?;
        let Some(step) = step else { break };
        match step {
            Step::Name(at, name) => {
                if let Some((_, earlier)) = pending.replace((at, name)) {
                    extend(&mut collection, &earlier);
                }
                if !naming {
                    let (next, ()) = trivia(after)?;
                    if !next.starts_with('(')
                        && let Some((at, name)) = pending.take()
                    {
                        calls.push(property(place, at, after, Bson::String(name)));
                    }
                }
            }
            Step::Index(at, value) if naming => {
                if let Some((_, earlier)) = pending.take() {
                    extend(&mut collection, &earlier);
                }
                match value {
                    Bson::String(name) => extend(&mut collection, &name),
                    _ => return expected(&at[1..], "the name of a collection in quotes"),
                }
            }
            Step::Index(at, value) => calls.push(property(place, at, after, value)),
            Step::Call(args) => {
                let (at, method) = match (pending.take(), &mut collection) {
                    (Some(pending), _) => pending,
                    // `db.x["find"]()` is `db.x.find()`
                    (None, Some(name)) if naming && name.contains('.') => {
                        let method = name.split_off(name.rfind('.').unwrap_or(0));
                        (rest, method[1..].to_owned())
                    }
                    _ => return fail(rest, 1, "a method's name must stand before `(`"),
                };
                match (naming && collection.is_none(), method.as_str(), args.as_slice()) {
                    (true, "getCollection", [Literal::Value(Bson::String(name))]) => collection = Some(name.clone()),
                    (true, "getSiblingDB" | "getMongo", _) => {
                        return fail(
                            at,
                            method.len(),
                            format!("db.{method}() is not supported yet; move with `use NAME`"),
                        );
                    }
                    _ => {
                        let span = Span::new(place.whole.len() - at.len(), place.whole.len() - at.len() + method.len());
                        calls.push(Call { method, args, span });
                        naming = false;
                    }
                }
            }
        }
        rest = after;
    }
    if let Some((_, name)) = pending {
        extend(&mut collection, &name);
    }
    Ok((rest, Chain { collection, calls, span: place.span(start, rest) }))
}

fn extend(collection: &mut Option<String>, name: &str) {
    match collection {
        Some(longer) => {
            longer.push('.');
            longer.push_str(name);
        }
        None => *collection = Some(name.to_owned()),
    }
}

fn property(place: Place<'_>, start: &str, rest: &str, name: Bson) -> Call {
    Call { method: ".".to_owned(), args: vec![Literal::Value(name)], span: place.span(start, rest) }
}
