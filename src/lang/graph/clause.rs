//! Clauses.

use nom::Parser;
use nom::combinator::{map, opt};
use nom::multi::{many1, separated_list1};
use nom::sequence::{delimited, preceded};

use super::call;
use super::expression::{before_bar, expression, filter};
use super::input::{In, Parsed, name_of, sign, variable, word};
use super::pattern;
use super::projection::projection;
use super::update;
use crate::ast::graph::{Clause, ClauseKind};

/// What a list of clauses goes on with.
pub(super) const CLAUSE: &str = "a clause such as MATCH, CREATE or RETURN";

/// The words that open clauses.
pub(super) const OPENERS: [&str; 15] = [
    "MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN", "CREATE", "MERGE", "SET", "REMOVE", "DELETE", "DETACH",
    "NODETACH", "FOREACH", "CALL", "LOAD",
];

/// Does a clause begin here?
pub(super) fn begins(input: In<'_>) -> bool {
    OPENERS.iter().any(|opener| input.is_word(0, opener))
}

/// A clause.
pub(super) fn clause(input: In<'_>) -> Parsed<'_, Clause> {
    let Some(opener) = OPENERS.iter().find(|opener| input.is_word(0, opener)) else {
        return input.miss(CLAUSE);
    };
    input.count_clause()?;
    let next = input.skip(1);
    let (rest, kind) = match *opener {
        "MATCH" => matching(next, false)?,
        "OPTIONAL" => {
            let (rest, _) = word("MATCH")(next)?;
            matching(rest, true)?
        }
        "UNWIND" => unwind(next)?,
        "WITH" => map(|input| projection(input, true), ClauseKind::With).parse(next)?,
        "RETURN" => map(|input| projection(input, false), ClauseKind::Return).parse(next)?,
        "CREATE" => map(pattern::list, |patterns| ClauseKind::Create { patterns }).parse(next)?,
        "MERGE" => update::merge(next)?,
        "SET" => map(update::set_items, ClauseKind::Set).parse(next)?,
        "REMOVE" => map(update::remove_items, ClauseKind::Remove).parse(next)?,
        "DELETE" => delete(next, false)?,
        "DETACH" => {
            let (rest, _) = word("DELETE")(next)?;
            delete(rest, true)?
        }
        "NODETACH" => {
            let (rest, _) = word("DELETE")(next)?;
            delete(rest, false)?
        }
        "FOREACH" => foreach(next)?,
        "CALL" => call::call(next)?,
        _ => load_csv(next)?,
    };
    Ok((rest, Clause { kind, span: input.span_to(rest) }))
}

fn matching(input: In<'_>, optional: bool) -> Parsed<'_, ClauseKind> {
    let (rest, patterns) = pattern::matched(input)?;
    let mut rest = rest;
    while rest.is_word(0, "USING") {
        (rest, ()) = planner_hint(rest)?;
    }
    let (rest, filter) = filter(rest)?;
    Ok((rest, ClauseKind::Match { optional, patterns, filter }))
}

/// `USING INDEX n:Label(key)`, `USING SCAN n:Label`, `USING JOIN ON n`: read and not followed, for
/// hints never change a result.
fn planner_hint(input: In<'_>) -> Parsed<'_, ()> {
    let (rest, _) = word("USING")(input)?;
    if rest.is_word(0, "JOIN") {
        let (rest, _) = (word("JOIN"), word("ON"), separated_list1(sign(","), variable)).parse(rest)?;
        return Ok((rest, ()));
    }
    let labelled = (variable, sign(":"), name_of("a label"));
    if rest.is_word(0, "SCAN") {
        let (rest, _) = (word("SCAN"), labelled).parse(rest)?;
        return Ok((rest, ()));
    }
    let rest = ["RANGE", "TEXT", "POINT"].iter().find(|kind| rest.is_word(0, kind)).map_or(rest, |_| rest.skip(1));
    let keys = delimited(sign("("), separated_list1(sign(","), name_of("a property key")), sign(")"));
    let (rest, _) = (word("INDEX"), opt(word("SEEK")), labelled, keys).parse(rest)?;
    Ok((rest, ()))
}

fn unwind(input: In<'_>) -> Parsed<'_, ClauseKind> {
    let (rest, list) = expression(input)?;
    let (rest, variable) = preceded(word("AS"), variable).parse(rest)?;
    Ok((rest, ClauseKind::Unwind { list, variable }))
}

fn delete(input: In<'_>, detach: bool) -> Parsed<'_, ClauseKind> {
    map(separated_list1(sign(","), expression), |targets| ClauseKind::Delete { detach, targets }).parse(input)
}

/// `(x IN list | updates)`
fn foreach(input: In<'_>) -> Parsed<'_, ClauseKind> {
    let inside = input.deeper()?;
    let (rest, variable) = preceded(sign("("), variable).parse(inside)?;
    let (rest, list) = preceded(word("IN"), before_bar).parse(rest)?;
    let (rest, body) = delimited(sign("|"), many1(clause), sign(")")).parse(rest)?;
    Ok((rest.back_to(input), ClauseKind::Foreach { variable, list, body }))
}

/// `CSV [WITH HEADERS] FROM url AS row [FIELDTERMINATOR ';']`
fn load_csv(input: In<'_>) -> Parsed<'_, ClauseKind> {
    let (rest, _) = word("CSV")(input)?;
    let (rest, headers) = opt((word("WITH"), word("HEADERS"))).parse(rest)?;
    let (rest, url) = preceded(word("FROM"), expression).parse(rest)?;
    let (rest, variable) = preceded(word("AS"), variable).parse(rest)?;
    let (rest, terminator) = opt(preceded(word("FIELDTERMINATOR"), expression)).parse(rest)?;
    Ok((rest, ClauseKind::LoadCsv { with_headers: headers.is_some(), url, variable, terminator }))
}
