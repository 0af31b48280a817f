//! Patterns: nodes joined by relationships.

use nom::Parser;
use nom::combinator::{map, opt};
use nom::multi::{many0, many1, separated_list1};
use nom::sequence::{delimited, preceded};

use super::collection::map_literal;
use super::diagnostic;
use super::expression::{enclosed, expression};
use super::input::{In, MAX_MATCHED, Parsed, sign, stop, variable, word};
use super::label::labels;
use super::token::Kind;
use crate::ast::graph::{Expr, ExprKind, Name, NodePattern, PathLength, Pattern, RelDirection, RelPattern, Shortest};

const NODE: &str = "a node pattern such as (n:Label)";

/// Patterns with commas between them.
pub(super) fn list(input: In<'_>) -> Parsed<'_, Vec<Pattern>> {
    separated_list1(sign(","), pattern).parse(input)
}

/// Patterns that are matched: their size is bounded, for they are planned as a whole.
pub(super) fn matched(input: In<'_>) -> Parsed<'_, Vec<Pattern>> {
    let (rest, patterns) = list(input)?;
    let relationships: usize = patterns.iter().map(|pattern| pattern.steps.len()).sum();
    if patterns.len() + relationships > MAX_MATCHED {
        let message = format!("more than {MAX_MATCHED} patterns and relationships are matched at once");
        return Err(stop(
            diagnostic("UnexpectedSyntax", message, input.span()).hint("split them over several MATCH clauses"),
        ));
    }
    Ok((rest, patterns))
}

/// `[p =] (a)-[r]->(b)…` or `[p =] shortestPath(…)`
pub(super) fn pattern(input: In<'_>) -> Parsed<'_, Pattern> {
    let (rest, path) = path_name(input)?;
    let (rest, pattern) = if is_shortest(rest) { shortest(rest)? } else { chain(rest)? };
    Ok((rest, Pattern { path, span: input.span_to(rest), ..pattern }))
}

fn path_name(input: In<'_>) -> Parsed<'_, Option<Name>> {
    if input.is_name(0) && input.is_sign(1, "=") {
        let (rest, name) = variable(input)?;
        return Ok((rest.skip(1), Some(name)));
    }
    Ok((input, None))
}

fn is_shortest(input: In<'_>) -> bool {
    (input.is_word(0, "shortestPath") || input.is_word(0, "allShortestPaths")) && input.is_sign(1, "(")
}

/// `shortestPath((a)-[*]-(b))`, `allShortestPaths((a)-[*]-(b))`
pub(super) fn shortest(input: In<'_>) -> Parsed<'_, Pattern> {
    let which = if input.is_word(0, "shortestPath") { Shortest::One } else { Shortest::All };
    let inside = input.deeper()?.skip(1).bars_free();
    let (rest, pattern) = delimited(sign("("), chain, sign(")")).parse(inside)?;
    Ok((rest.back_to(input), Pattern { shortest: Some(which), span: input.span_to(rest), ..pattern }))
}

/// A node and what follows it.
fn chain(input: In<'_>) -> Parsed<'_, Pattern> {
    if input.is_sign(0, "(") && input.is_sign(1, "(") {
        let (rest, inside) = delimited(sign("("), chain, sign(")")).parse(input.deeper()?)?;
        return Ok((rest.back_to(input), inside));
    }
    let (rest, start) = node(input)?;
    let (rest, steps) = many0((relationship, node)).parse(rest)?;
    Ok((rest, Pattern { path: None, shortest: None, start, steps, span: input.span_to(rest) }))
}

/// A path of at least one relationship, as it may stand in an expression.
pub(super) fn relationships(input: In<'_>) -> Parsed<'_, Pattern> {
    let (rest, start) = node(input)?;
    let (rest, steps) = many1((relationship, node)).parse(rest)?;
    if steps.len() > MAX_MATCHED {
        let message = format!("the pattern has more than {MAX_MATCHED} relationships");
        return Err(stop(diagnostic("UnexpectedSyntax", message, input.span())));
    }
    Ok((rest, Pattern { path: None, shortest: None, start, steps, span: input.span_to(rest) }))
}

/// `[p =] (a)-->(b)`
pub(super) fn named_relationships(input: In<'_>) -> Parsed<'_, Pattern> {
    let (rest, path) = path_name(input)?;
    let (rest, pattern) = relationships(rest)?;
    Ok((rest, Pattern { path, span: input.span_to(rest), ..pattern }))
}

/// Does a relationship follow the brackets that open here? A cheap look before a pattern is tried.
pub(super) fn looks_like_path(input: In<'_>) -> bool {
    let Some(closer) = input.closer(0).filter(|_| input.is_sign(0, "(")) else { return false };
    let mut at = closer + 1;
    if input.is_sign(at, "<") {
        at += 1;
    }
    if !input.is_sign(at, "-") {
        return false;
    }
    at += 1;
    if input.is_sign(at, "[") {
        match input.closer(at) {
            Some(closer) => at = closer + 1,
            None => return false,
        }
    }
    if !input.is_sign(at, "-") {
        return false;
    }
    input.is_sign(at + 1, "(") || input.is_sign(at + 1, ">") && input.is_sign(at + 2, "(")
}

/// `(n:Label {key: value} WHERE …)`
fn node(input: In<'_>) -> Parsed<'_, NodePattern> {
    if !input.is_sign(0, "(") {
        return input.miss(NODE);
    }
    let inside = input.skip(1).bars_free();
    let (rest, variable) = pattern_variable(inside)?;
    let (rest, labels) = labels(rest)?;
    let (rest, properties) = properties(rest)?;
    let (rest, filter) = inner_filter(rest)?;
    let (rest, _) = sign(")")(rest)?;
    Ok((rest.back_to(input), NodePattern { variable, labels, properties, filter, span: input.span_to(rest) }))
}

fn pattern_variable(input: In<'_>) -> Parsed<'_, Option<Name>> {
    let closes = matches!(input.peek(1), Kind::Sign(")" | "]" | ":" | "{" | "*"))
        || input.is_word(1, "IS")
        || input.is_word(1, "WHERE");
    let keyword = input.is_word(0, "WHERE") && !closes || input.is_word(0, "IS") && input.is_name(1) && !closes;
    if input.is_name(0) && !keyword { variable.map(Some).parse(input) } else { Ok((input, None)) }
}

/// A map, or a parameter that holds one.
fn properties(input: In<'_>) -> Parsed<'_, Option<Expr>> {
    match input.peek(0) {
        Kind::Sign("{") => {
            let (rest, kind) = map_literal(input)?;
            Ok((rest, Some(Expr { kind, span: input.span_to(rest) })))
        }
        Kind::Parameter(name) => {
            Ok((input.skip(1), Some(Expr { kind: ExprKind::Parameter(name.clone()), span: input.span() })))
        }
        _ => {
            input.note("`{`");
            Ok((input, None))
        }
    }
}

fn inner_filter(input: In<'_>) -> Parsed<'_, Option<Box<Expr>>> {
    opt(map(preceded(word("WHERE"), expression), Box::new)).parse(input)
}

/// `-[r:TYPE*1..3 {key: value} WHERE …]->`
fn relationship(input: In<'_>) -> Parsed<'_, RelPattern> {
    let left = input.is_sign(0, "<") && input.is_sign(1, "-");
    let rest = if left { input.skip(1) } else { input };
    if !rest.is_sign(0, "-") {
        return rest.miss("a relationship such as -[r:TYPE]->");
    }
    let (rest, mut pattern) =
        if rest.is_sign(1, "[") { detail(rest.skip(1))? } else { (rest.skip(1), RelPattern::anything(input.span())) };
    let (rest, _) = sign("-")(rest)?;
    let right = rest.is_sign(0, ">");
    let rest = if right { rest.skip(1) } else { rest };
    let (rest, repeated) = if pattern.length.is_none() { repetition(rest)? } else { (rest, None) };
    pattern.length = pattern.length.or(repeated);
    pattern.direction = match (left, right) {
        (false, true) => RelDirection::Right,
        (true, false) => RelDirection::Left,
        _ => RelDirection::Either,
    };
    pattern.span = input.span_to(rest);
    Ok((rest, pattern))
}

impl RelPattern {
    /// `--`
    fn anything(span: crate::text::Span) -> Self {
        RelPattern {
            variable: None,
            types: None,
            properties: None,
            filter: None,
            length: None,
            direction: RelDirection::Either,
            span,
        }
    }
}

/// `[r:TYPE*1..3 {key: value} WHERE …]`
fn detail(input: In<'_>) -> Parsed<'_, RelPattern> {
    let inside = input.skip(1).bars_free();
    let (rest, variable) = pattern_variable(inside)?;
    let (rest, types) = labels(rest)?;
    let (rest, length) = length(rest)?;
    let (rest, properties) = properties(rest)?;
    let (rest, filter) = inner_filter(rest)?;
    let (rest, _) = sign("]")(rest)?;
    let pattern = RelPattern { variable, types, properties, filter, length, ..RelPattern::anything(input.span()) };
    Ok((rest.back_to(input), pattern))
}

/// `*`, `*2`, `*1..`, `*..3`, `*1..3`
fn length(input: In<'_>) -> Parsed<'_, Option<PathLength>> {
    if input.is_sign(0, "..") {
        return Err(invalid_length(input, "a star must stand before the length"));
    }
    if !input.is_sign(0, "*") {
        input.note("`*`");
        return Ok((input, None));
    }
    let (rest, min) = bound(input.skip(1))?;
    if !rest.is_sign(0, "..") {
        let length = PathLength { min: min.unwrap_or(1), max: min };
        return Ok((rest, Some(length)));
    }
    let (rest, max) = bound(rest.skip(1))?;
    Ok((rest, Some(PathLength { min: min.unwrap_or(1), max })))
}

fn bound(input: In<'_>) -> Parsed<'_, Option<u64>> {
    match input.peek(0) {
        Kind::Int(number) => Ok((input.skip(1), Some(*number))),
        Kind::Sign("-") => Err(invalid_length(input, "a length cannot be negative")),
        Kind::Float(_) => Err(invalid_length(input, "a length must be a whole number")),
        Kind::Parameter(_) => Err(invalid_length(input, "a length must be written as a number, not as a parameter")),
        _ => Ok((input, None)),
    }
}

fn invalid_length(input: In<'_>, message: &str) -> nom::Err<super::input::Fail> {
    stop(diagnostic("InvalidRelationshipPattern", message, input.span()).hint("write -[r:TYPE*1..3]->"))
}

/// A quantifier behind the arrow: `+`, `*`, `{2}`, `{1,3}`, `{,3}`.
fn repetition(input: In<'_>) -> Parsed<'_, Option<PathLength>> {
    match input.peek(0) {
        Kind::Sign("+") => Ok((input.skip(1), Some(PathLength { min: 1, max: None }))),
        Kind::Sign("*") => Ok((input.skip(1), Some(PathLength { min: 0, max: None }))),
        Kind::Sign("{") => {
            let (rest, min) = bound(input.skip(1))?;
            let (rest, max) = if rest.is_sign(0, ",") { bound(rest.skip(1))? } else { (rest, min) };
            let (rest, _) = sign("}")(rest)?;
            Ok((rest, Some(PathLength { min: min.unwrap_or(0), max })))
        }
        _ => Ok((input, None)),
    }
}

/// A property map or an expression list is never mistaken for a pattern: used by FOREACH and calls.
pub(super) fn arguments(input: In<'_>) -> Parsed<'_, Vec<Expr>> {
    delimited(sign("("), nom::multi::separated_list0(sign(","), enclosed), sign(")")).parse(input)
}
