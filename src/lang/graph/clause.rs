//! Clauses.

use nom::Parser;
use nom::combinator::{map, opt};
use nom::multi::{many1, separated_list1};
use nom::sequence::{delimited, preceded, separated_pair};

use super::call;
use super::expression::{before_bar, expression, filter};
use super::input::{In, Parsed, name_of, sign, variable, word};
use super::pattern;
use super::projection::{page, projection};
use super::statement::{query, single_query};
use super::update;
use crate::ast::graph::{Clause, ClauseKind, Expr, MatchMode, Name, Query};

/// What a list of clauses goes on with.
pub(super) const CLAUSE: &str = "a clause such as MATCH, CREATE or RETURN";

/// The words that open clauses.
pub(super) const OPENERS: [&str; 24] = [
    "MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN", "CREATE", "MERGE", "SET", "REMOVE", "DELETE", "DETACH",
    "NODETACH", "FOREACH", "CALL", "LOAD", "INSERT", "LET", "FILTER", "ORDER", "SKIP", "OFFSET", "LIMIT", "FINISH",
    "WHEN",
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
        "OPTIONAL" if next.is_word(0, "CALL") => call::call(next.skip(1), true)?,
        "OPTIONAL" => {
            let (rest, _) = word("MATCH")(next)?;
            matching(rest, true)?
        }
        "UNWIND" => unwind(next)?,
        "WITH" => map(|input| projection(input, true), ClauseKind::With).parse(next)?,
        "RETURN" => map(|input| projection(input, false), ClauseKind::Return).parse(next)?,
        "CREATE" | "INSERT" => map(pattern::list, |patterns| ClauseKind::Create { patterns }).parse(next)?,
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
        "CALL" => call::call(next, false)?,
        "LOAD" => load_csv(next)?,
        "LET" => map(separated_list1(sign(","), binding), ClauseKind::Let).parse(next)?,
        "FILTER" => {
            let next = if next.is_word(0, "WHERE") { next.skip(1) } else { next };
            map(expression, ClauseKind::Filter).parse(next)?
        }
        "FINISH" => (next, ClauseKind::Finish),
        "WHEN" => conditional(input)?,
        _ => map(page, ClauseKind::Page).parse(input)?,
    };
    Ok((rest, Clause { kind, span: input.span_to(rest) }))
}

fn matching(input: In<'_>, optional: bool) -> Parsed<'_, ClauseKind> {
    let (rest, mode) = match_mode(input);
    let (rest, patterns) = pattern::matched(rest)?;
    let mut rest = rest;
    while rest.is_word(0, "USING") {
        (rest, ()) = planner_hint(rest)?;
    }
    let (rest, filter) = filter(rest)?;
    Ok((rest, ClauseKind::Match { optional, mode, patterns, filter }))
}

/// `DIFFERENT RELATIONSHIPS`, `REPEATABLE ELEMENTS`, in singular or plural, with or without `BINDINGS`
fn match_mode(input: In<'_>) -> (In<'_>, MatchMode) {
    let modes = [
        ("DIFFERENT", ["RELATIONSHIP", "RELATIONSHIPS"], MatchMode::DifferentRelationships),
        ("REPEATABLE", ["ELEMENT", "ELEMENTS"], MatchMode::RepeatableElements),
    ];
    for (first, second, mode) in modes {
        if input.is_word(0, first) && second.iter().any(|word| input.is_word(1, word)) {
            let bindings = input.is_word(2, "BINDINGS") || input.is_word(2, "BINDING");
            return (input.skip(if bindings { 3 } else { 2 }), mode);
        }
    }
    (input, MatchMode::default())
}

/// `name = expr` of LET
fn binding(input: In<'_>) -> Parsed<'_, (Name, Expr)> {
    separated_pair(variable, sign("="), expression).parse(input)
}

/// `WHEN condition THEN query … [ELSE query]`
fn conditional(input: In<'_>) -> Parsed<'_, ClauseKind> {
    fn branch(input: In<'_>) -> Parsed<'_, Query> {
        if input.is_sign(0, "{") {
            return delimited(sign("{"), query, sign("}")).parse(input);
        }
        let (rest, first) = single_query(input)?;
        Ok((rest, Query { first, unions: Vec::new(), next: None }))
    }
    let when = (preceded(word("WHEN"), expression), preceded(word("THEN"), branch));
    let (rest, branches) = many1(when).parse(input)?;
    let (rest, otherwise) = opt(preceded(word("ELSE"), branch)).parse(rest)?;
    Ok((rest, ClauseKind::Conditional { branches, otherwise: otherwise.map(Box::new) }))
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
