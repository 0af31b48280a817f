//! Patterns: nodes joined by relationships.

use nom::Parser;
use nom::combinator::{map, opt};
use nom::multi::{many1, separated_list1};
use nom::sequence::{delimited, preceded};

use super::collection::map_literal;
use super::diagnostic;
use super::expression::{enclosed, expression, positive};
use super::input::{In, MAX_MATCHED, Parsed, sign, stop, variable, word};
use super::label::labels;
use super::token::Kind;
use crate::ast::graph::{
    Expr, ExprKind, Link, Name, NodePattern, PathLength, Pattern, Quantified, RelDirection, RelPattern, Selector,
    Shortest,
};

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

/// `[p =] [SHORTEST k] (a)-[r]->(b)…` or `[p =] shortestPath(…)`
pub(super) fn pattern(input: In<'_>) -> Parsed<'_, Pattern> {
    let (rest, path) = path_name(input)?;
    let (rest, pattern) = if is_shortest(rest) { shortest(rest)? } else { selected(rest)? };
    let path = path.or(pattern.path);
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
    let (rest, pattern) = delimited(sign("("), relationships, sign(")")).parse(inside)?;
    let selector = Some(Selector::Function(which));
    Ok((rest.back_to(input), Pattern { selector, span: input.span_to(rest), ..pattern }))
}

/// A path behind its selector: `ANY 2 (a)-->+(b)`.
fn selected(input: In<'_>) -> Parsed<'_, Pattern> {
    let (rest, selector) = selector(input)?;
    if is_path_in_brackets(rest)
        && let Some(closer) = rest.closer(0)
        && !begins_repetition(rest.skip(closer + 1))
    {
        let (rest, pattern) = in_brackets(rest)?;
        return Ok((rest, Pattern { selector, ..pattern }));
    }
    let (rest, pattern) = chain(rest)?;
    Ok((rest, Pattern { selector, ..pattern }))
}

/// Does a selector stand here, so that a pattern begins with a word?
pub(super) fn begins_selector(input: In<'_>) -> bool {
    let begins = ["ALL", "ANY", "SHORTEST"].iter().any(|word| input.is_word(0, word));
    begins && (matches!(input.peek(1), Kind::Word(_) | Kind::Int(_) | Kind::Parameter(_)) || input.is_sign(1, "("))
}

/// `ALL [PATHS]`, `ALL SHORTEST`, `ANY [k] [PATHS]`, `ANY SHORTEST`, `SHORTEST [k] [PATHS] [GROUPS]`
fn selector(input: In<'_>) -> Parsed<'_, Option<Selector>> {
    fn optional<'t>(input: In<'t>, words: &[&str]) -> (In<'t>, bool) {
        match words.iter().any(|word| input.is_word(0, word)) {
            true => (input.skip(1), true),
            false => (input, false),
        }
    }
    const PATHS: [&str; 2] = ["PATH", "PATHS"];
    let one = |input: In<'_>| Box::new(Expr { kind: ExprKind::Int(1), span: input.span() });
    if !begins_selector(input) {
        return Ok((input, None));
    }
    let all = input.is_word(0, "ALL");
    let next = input.skip(1);
    if all && !next.is_word(0, "SHORTEST") {
        return Ok((optional(next, &PATHS).0, None));
    }
    if all || input.is_word(0, "ANY") && next.is_word(0, "SHORTEST") {
        let selector = if all { Selector::AllShortest } else { Selector::Shortest(one(input)) };
        return Ok((optional(next.skip(1), &PATHS).0, Some(selector)));
    }
    let (rest, number) = count(next)?;
    let (rest, _) = optional(rest, &PATHS);
    if input.is_word(0, "ANY") {
        return Ok((rest, Some(Selector::Any(number.map(Box::new)))));
    }
    let (rest, groups) = optional(rest, &["GROUP", "GROUPS"]);
    let number = number.map_or_else(|| one(input), Box::new);
    Ok((rest, Some(if groups { Selector::Groups(number) } else { Selector::Shortest(number) })))
}

/// A number that is written out or comes from outside.
fn count(input: In<'_>) -> Parsed<'_, Option<Expr>> {
    let kind = match input.peek(0) {
        Kind::Int(number) => ExprKind::Int(positive(input, *number)?),
        Kind::Parameter(name) => ExprKind::Parameter(name.clone()),
        _ => return Ok((input, None)),
    };
    Ok((input.skip(1), Some(Expr { kind, span: input.span() })))
}

/// Does `((a)…` or `(p = (a)…` stand here: a path in brackets, and no node?
fn is_path_in_brackets(input: In<'_>) -> bool {
    input.is_sign(0, "(")
        && (input.is_sign(1, "(") || input.is_name(1) && input.is_sign(2, "=") && input.is_sign(3, "("))
}

/// `([p =] (a)-[r]->(b)… [WHERE …])`
fn in_brackets(input: In<'_>) -> Parsed<'_, Pattern> {
    let inside = input.deeper()?.skip(1).bars_free();
    let (rest, path) = path_name(inside)?;
    let (rest, pattern) = selected(rest)?;
    let (rest, filter) = inner_filter(rest)?;
    let (rest, _) = sign(")")(rest)?;
    if pattern.filter.is_some() && filter.is_some() || pattern.path.is_some() && path.is_some() {
        return Err(stop(diagnostic("UnexpectedSyntax", "one pair of brackets is enough", input.span())));
    }
    let (path, filter) = (path.or(pattern.path), filter.or(pattern.filter));
    Ok((rest.back_to(input), Pattern { path, filter, span: input.span_to(rest), ..pattern }))
}

/// Nodes, relationships and quantified paths, one behind the other. Where two parts meet without a
/// node between them, there is one without a name.
fn chain(input: In<'_>) -> Parsed<'_, Pattern> {
    let unnamed = |at: In<'_>| NodePattern::anything(at.span());
    let (mut rest, start) = if is_path_in_brackets(input) { (input, unnamed(input)) } else { node(input)? };
    let mut steps = Vec::new();
    loop {
        let link;
        if is_path_in_brackets(rest) {
            let (after, inner) = in_brackets(rest)?;
            let (after, times) = repetition(after)?;
            let Some(times) = times else {
                return after.miss("a quantifier such as {1,3}, + or *");
            };
            link = Link::Quantified(Box::new(Quantified { inner, times }));
            rest = after;
        } else if rest.is_sign(0, "-") || rest.is_sign(0, "<") {
            let (after, step) = relationship(rest)?;
            link = Link::Relationship(Box::new(step));
            rest = after;
        } else {
            break;
        }
        let follows = rest.is_sign(0, "(") && !is_path_in_brackets(rest);
        let needed = matches!(link, Link::Relationship(_)) && !is_path_in_brackets(rest);
        let end;
        (rest, end) = if follows || needed { node(rest)? } else { (rest, unnamed(rest)) };
        steps.push((link, end));
    }
    if steps.is_empty() {
        rest.note("a relationship such as -[r:TYPE]->");
    }
    let pattern = Pattern { path: None, selector: None, start, steps, filter: None, span: input.span_to(rest) };
    Ok((rest, pattern))
}

impl NodePattern {
    /// `()`
    fn anything(span: crate::text::Span) -> Self {
        NodePattern { variable: None, labels: None, properties: None, filter: None, span }
    }
}

/// A path of at least one relationship, as it may stand in an expression.
pub(super) fn relationships(input: In<'_>) -> Parsed<'_, Pattern> {
    let link = map(relationship, |step| Link::Relationship(Box::new(step)));
    let (rest, start) = node(input)?;
    let (rest, steps) = many1((link, node)).parse(rest)?;
    if steps.len() > MAX_MATCHED {
        let message = format!("the pattern has more than {MAX_MATCHED} relationships");
        return Err(stop(diagnostic("UnexpectedSyntax", message, input.span())));
    }
    Ok((rest, Pattern { path: None, selector: None, start, steps, filter: None, span: input.span_to(rest) }))
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

/// Does a quantifier stand here?
fn begins_repetition(input: In<'_>) -> bool {
    matches!(input.peek(0), Kind::Sign("+" | "*" | "{"))
}

/// A quantifier behind an arrow or a path in brackets: `+`, `*`, `{2}`, `{1,3}`, `{,3}`.
fn repetition(input: In<'_>) -> Parsed<'_, Option<PathLength>> {
    match input.peek(0) {
        Kind::Sign("+") => Ok((input.skip(1), Some(PathLength { min: 1, max: None }))),
        Kind::Sign("*") => Ok((input.skip(1), Some(PathLength { min: 0, max: None }))),
        Kind::Sign("{") => {
            let (rest, min) = bound(input.skip(1))?;
            if min.is_none() && !rest.is_sign(0, ",") {
                return rest.miss("a number of repetitions");
            }
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
