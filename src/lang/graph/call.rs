//! CALL: procedures and subqueries.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt};
use nom::multi::{separated_list0, separated_list1};
use nom::sequence::{delimited, preceded};

use super::atom::dotted;
use super::expression::filter;
use super::input::{In, Parsed, name_of, sign, variable, word};
use super::pattern::arguments;
use super::statement::query;
use super::token::Kind;
use crate::ast::graph::{ClauseKind, Name, ProcedureCall, YieldItem};

/// What follows CALL.
pub(super) fn call(input: In<'_>) -> Parsed<'_, ClauseKind> {
    if input.is_sign(0, "{") || input.is_sign(0, "(") {
        subquery(input)
    } else {
        map(procedure, ClauseKind::Call).parse(input)
    }
}

/// `[(imports)] { query } [IN TRANSACTIONS [OF n ROWS]]`
fn subquery(input: In<'_>) -> Parsed<'_, ClauseKind> {
    let (rest, imported) = opt(imports).parse(input)?;
    let (rest, query) = delimited(sign("{"), query, sign("}")).parse(rest)?;
    let (rest, _) = opt(batches).parse(rest)?;
    let (imports, import_all) = match imported {
        None => (None, false),
        Some(None) => (Some(Vec::new()), true),
        Some(Some(names)) => (Some(names), false),
    };
    Ok((rest, ClauseKind::Subquery { imports, import_all, query: Box::new(query) }))
}

/// `(a, b)`, `()`, or `(*)`: `None`.
fn imports(input: In<'_>) -> Parsed<'_, Option<Vec<Name>>> {
    if input.is_sign(0, "(") && input.is_sign(1, "*") {
        return sign(")")(input.skip(2)).map(|(rest, _)| (rest, None));
    }
    map(delimited(sign("("), separated_list0(sign(","), variable), sign(")")), Some).parse(input)
}

/// `IN TRANSACTIONS [OF n ROWS]`: read and not followed, for a statement is one transaction here.
fn batches(input: In<'_>) -> Parsed<'_, ()> {
    let (rest, _) = (word("IN"), word("TRANSACTIONS")).parse(input)?;
    if !rest.is_word(0, "OF") {
        return Ok((rest, ()));
    }
    let (rest, _) = (word("OF"), batch_size, alt((word("ROWS"), word("ROW")))).parse(rest)?;
    Ok((rest, ()))
}

fn batch_size(input: In<'_>) -> Parsed<'_, ()> {
    match input.peek(0) {
        Kind::Int(_) | Kind::Parameter(_) => Ok((input.skip(1), ())),
        _ => input.miss("a number of rows"),
    }
}

/// `name(args) [YIELD columns [WHERE …]]`
fn procedure(input: In<'_>) -> Parsed<'_, ProcedureCall> {
    if !input.is_name(0) {
        return input.miss("the name of a procedure, or `{`");
    }
    let mut length = 1;
    while input.is_sign(length, ".") && input.is_name(length + 1) {
        length += 2;
    }
    let name = dotted(input, length);
    let rest = input.skip(length);
    let name_span = input.span_to(rest);
    let (rest, args) = opt(arguments).parse(rest)?;
    let call = ProcedureCall { name, name_span, args, yields: None, yield_all: false, filter: None };
    if !rest.is_word(0, "YIELD") {
        rest.note("YIELD");
        return Ok((rest, call));
    }
    let rest = rest.skip(1);
    if rest.is_sign(0, "*") {
        let (rest, filter) = filter(rest.skip(1))?;
        return Ok((rest, ProcedureCall { yield_all: true, filter, ..call }));
    }
    if rest.is_sign(0, "-") {
        return Ok((rest.skip(1), ProcedureCall { yields: Some(Vec::new()), ..call }));
    }
    let (rest, yields) = separated_list1(sign(","), yield_item).parse(rest)?;
    let (rest, filter) = filter(rest)?;
    Ok((rest, ProcedureCall { yields: Some(yields), filter, ..call }))
}

fn yield_item(input: In<'_>) -> Parsed<'_, YieldItem> {
    let (rest, column) = name_of("a column of the procedure")(input)?;
    let (rest, alias) = opt(preceded(word("AS"), variable)).parse(rest)?;
    Ok((rest, YieldItem { column, alias }))
}
