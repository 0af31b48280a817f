//! Whole statements: queries, UNION, and what is no query.

use nom::Parser;
use nom::combinator::{map, opt};
use nom::multi::many0;

use super::clause::clause;
use super::input::{In, Parsed, word};
use super::schema;
use crate::ast::graph::{Clause, ClauseKind, Query, SingleQuery, Statement, UnionKind};

/// A statement without its `;`.
pub(super) fn statement(input: In<'_>) -> Parsed<'_, Statement> {
    match schema::statement(input) {
        Err(nom::Err::Error(_)) => map(query, Statement::Query).parse(input),
        decided => decided,
    }
}

/// Single queries joined by UNION.
pub(super) fn query(input: In<'_>) -> Parsed<'_, Query> {
    let inside = input.deeper()?;
    let kind = |input| {
        let (rest, _) = word("UNION")(input)?;
        let (rest, all) = opt(word("ALL")).parse(rest)?;
        let (rest, _) = if all.is_none() { opt(word("DISTINCT")).parse(rest)? } else { (rest, None) };
        Ok((rest, if all.is_some() { UnionKind::All } else { UnionKind::Distinct }))
    };
    let (rest, first) = single_query(inside)?;
    let (rest, unions) = many0((kind, single_query)).parse(rest)?;
    let (rest, next) = if rest.is_word(0, "NEXT") {
        query(rest.skip(1)).map(|(rest, next)| (rest, Some(Box::new(next))))?
    } else {
        (rest, None)
    };
    Ok((rest.back_to(input), Query { first, unions, next }))
}

/// Clauses up to the one that ends them.
pub(super) fn single_query(input: In<'_>) -> Parsed<'_, SingleQuery> {
    let (mut rest, first) = clause(input)?;
    let mut clauses = vec![first];
    let ends = |clause: &Clause| {
        matches!(clause.kind, ClauseKind::Return(_) | ClauseKind::Finish | ClauseKind::Conditional { .. })
    };
    while !clauses.last().is_some_and(ends) {
        match clause(rest) {
            Ok((after, next)) => {
                clauses.push(next);
                rest = after;
            }
            // Nothing of a clause was read: the query ends here.
            Err(nom::Err::Error(_)) if !super::clause::begins(rest) => break,
            Err(problem) => return Err(problem),
        }
    }
    Ok((rest, SingleQuery { clauses, span: input.span_to(rest) }))
}

/// A whole statement with the `;` that may end it.
pub(super) fn complete(input: In<'_>) -> Parsed<'_, Statement> {
    let (rest, statement) = statement(input)?;
    end(rest).map(|(rest, ())| (rest, statement))
}

/// The end of the text, behind any number of `;`.
pub(super) fn end(input: In<'_>) -> Parsed<'_, ()> {
    let mut rest = input;
    while rest.is_sign(0, ";") {
        rest = rest.skip(1);
    }
    match rest.peek(0) {
        super::token::Kind::End => Ok((rest, ())),
        _ => rest.miss("the end of the statement"),
    }
}
