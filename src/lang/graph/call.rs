//! CALL: procedures and subqueries.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt};
use nom::multi::{separated_list0, separated_list1};
use nom::sequence::{delimited, preceded};

use super::atom::dotted;
use super::expression::{expression, filter};
use super::input::{In, Parsed, name_of, sign, variable, word};
use super::pattern::arguments;
use super::statement::query;
use crate::ast::graph::{Batches, ClauseKind, Name, OnError, ProcedureCall, YieldItem};

/// What follows CALL.
pub(super) fn call(input: In<'_>, optional: bool) -> Parsed<'_, ClauseKind> {
    if input.is_sign(0, "{") || input.is_sign(0, "(") {
        return subquery(input, optional);
    }
    map(procedure, |call| ClauseKind::Call(ProcedureCall { optional, ..call })).parse(input)
}

/// `[(imports)] { query } [IN TRANSACTIONS …]`
fn subquery(input: In<'_>, optional: bool) -> Parsed<'_, ClauseKind> {
    let (rest, imported) = opt(imports).parse(input)?;
    let (rest, query) = delimited(sign("{"), query, sign("}")).parse(rest)?;
    let (rest, batches) =
        if rest.is_word(0, "IN") { batches(rest).map(|(rest, b)| (rest, Some(b)))? } else { (rest, None) };
    let (imports, import_all) = match imported {
        None => (None, false),
        Some(None) => (Some(Vec::new()), true),
        Some(Some(names)) => (Some(names), false),
    };
    Ok((rest, ClauseKind::Subquery { optional, imports, import_all, query: Box::new(query), batches }))
}

/// `(a, b)`, `()`, or `(*)`: `None`.
fn imports(input: In<'_>) -> Parsed<'_, Option<Vec<Name>>> {
    if input.is_sign(0, "(") && input.is_sign(1, "*") {
        return sign(")")(input.skip(2)).map(|(rest, _)| (rest, None));
    }
    map(delimited(sign("("), separated_list0(sign(","), variable), sign(")")), Some).parse(input)
}

/// `IN [n CONCURRENT] TRANSACTIONS [OF n ROWS] [ON ERROR CONTINUE | BREAK | FAIL] [REPORT STATUS AS name]`
fn batches(input: In<'_>) -> Parsed<'_, Batches> {
    let (rest, _) = word("IN")(input)?;
    let (rest, _) = opt((opt(expression), word("CONCURRENT"))).parse(rest)?;
    let (mut rest, _) = alt((word("TRANSACTIONS"), word("TRANSACTION"))).parse(rest)?;
    let mut batches = Batches { rows: None, on_error: OnError::default(), status: None };
    loop {
        if rest.is_word(0, "OF") {
            let (after, (rows, _)) = (expression, alt((word("ROWS"), word("ROW")))).parse(rest.skip(1))?;
            batches.rows = Some(rows);
            rest = after;
        } else if rest.is_word(0, "ON") && rest.is_word(1, "ERROR") {
            let after = rest.skip(2);
            let kinds = [("FAIL", OnError::Fail), ("CONTINUE", OnError::Continue), ("BREAK", OnError::Break)];
            match kinds.iter().find(|(name, _)| after.is_word(0, name)) {
                Some((_, kind)) => batches.on_error = *kind,
                None => return after.miss("CONTINUE, BREAK or FAIL"),
            }
            rest = after.skip(1);
        } else if rest.is_word(0, "REPORT") {
            let (after, (_, _, name)) = (word("STATUS"), word("AS"), variable).parse(rest.skip(1))?;
            batches.status = Some(name);
            rest = after;
        } else {
            return Ok((rest, batches));
        }
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
    let call = ProcedureCall { optional: false, name, name_span, args, yields: None, yield_all: false, filter: None };
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
