//! Expressions without operators: literals, variables, calls and everything in brackets.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt};
use nom::multi::{many1, separated_list0, separated_list1};
use nom::sequence::{delimited, pair, preceded};

use super::collection;
use super::expression::{before_bar, continued, enclosed, expression, filter, grow, positive};
use super::input::{In, Parsed, name_of, sign, variable, word};
use super::pattern;
use super::statement::query;
use super::token::Kind;
use crate::ast::graph::{CompareOp, Expr, ExprKind, MapProjectionItem, Name, Quantifier, Subquery};

/// Words that cannot be variables without backticks, for the text would be ambiguous.
const RESERVED: [&str; 31] = [
    "AND", "OR", "XOR", "NOT", "IN", "IS", "STARTS", "ENDS", "CONTAINS", "AS", "DISTINCT", "CASE", "WHEN", "THEN",
    "ELSE", "NULL", "TRUE", "FALSE", "WHERE", "RETURN", "WITH", "MATCH", "CREATE", "MERGE", "SET", "DELETE", "DETACH",
    "REMOVE", "UNWIND", "UNION", "LIMIT",
];

const EXPRESSION: &str = "an expression";

/// An atom. Its height is left in `shared.height`.
pub(super) fn atom(input: In<'_>) -> Parsed<'_, Expr> {
    let height = &input.shared.height;
    height.set(0);
    let (rest, kind) = kind(input)?;
    if rest.index() > input.index() + 1 {
        grow(rest, height.get())?;
    }
    // A parenthesised expression keeps its own span.
    match kind {
        Atom::Whole(expr) => Ok((rest, expr)),
        Atom::Kind(kind) => Ok((rest, Expr { kind, span: input.span_to(rest) })),
    }
}

enum Atom {
    Whole(Expr),
    Kind(ExprKind),
}

fn kind(input: In<'_>) -> Parsed<'_, Atom> {
    let next = input.skip(1);
    let kind = match input.peek(0) {
        Kind::Int(number) => ExprKind::Int(positive(input, *number)?),
        Kind::Float(number) => ExprKind::Float(*number),
        Kind::String(text) => ExprKind::String(text.clone()),
        Kind::Parameter(name) => ExprKind::Parameter(name.clone()),
        Kind::Sign("(") => return parenthesised(input),
        Kind::Sign("[") => return map(collection::list, Atom::Kind).parse(input),
        Kind::Sign("{") => return map(collection::map_literal, Atom::Kind).parse(input),
        Kind::Word(word) => match word.to_ascii_uppercase().as_str() {
            "NULL" => ExprKind::Null,
            "TRUE" => ExprKind::Bool(true),
            "FALSE" => ExprKind::Bool(false),
            "CASE" => return map(case, Atom::Kind).parse(input),
            upper => return map(|input| named(input, upper), Atom::Kind).parse(input),
        },
        Kind::Quoted(_) => return map(|input| named(input, ""), Atom::Kind).parse(input),
        Kind::Bad(problem) => return Err(super::input::stop((**problem).clone())),
        _ => return input.miss(EXPRESSION),
    };
    Ok((next, Atom::Kind(kind)))
}

/// What begins with a word that is no literal.
fn named<'t>(input: In<'t>, upper: &str) -> Parsed<'t, ExprKind> {
    if input.is_sign(1, "{") {
        match upper {
            "EXISTS" => return map(subquery, |body| ExprKind::Exists(Box::new(body))).parse(input.skip(1)),
            "COUNT" => return map(subquery, |body| ExprKind::Count(Box::new(body))).parse(input.skip(1)),
            "COLLECT" => {
                let body = delimited(sign("{"), query, sign("}"));
                return map(body, |body| ExprKind::Collect(Box::new(body)))
                    .parse(input.skip(1).bars_free())
                    .map(|(rest, kind)| (rest.back_to(input), kind));
            }
            _ if !RESERVED.contains(&upper) => return map_projection(input),
            _ => {}
        }
    }
    if input.is_sign(1, "(") {
        let quantifier = match upper {
            "ALL" => Some(Quantifier::All),
            "ANY" => Some(Quantifier::Any),
            "NONE" => Some(Quantifier::None),
            "SINGLE" => Some(Quantifier::Single),
            _ => None,
        };
        match (quantifier, upper) {
            (Some(kind), _) if input.is_name(2) && input.is_word(3, "IN") => return quantified(input, kind),
            (_, "REDUCE") if input.is_name(2) && input.is_sign(3, "=") => return reduce(input),
            (_, "COUNT") if input.is_sign(2, "*") && input.is_sign(3, ")") => {
                return Ok((input.skip(4), ExprKind::CountStar));
            }
            (_, "SHORTESTPATH" | "ALLSHORTESTPATHS") => {
                return map(pattern::shortest, |pattern| ExprKind::ShortestPath(Box::new(pattern))).parse(input);
            }
            _ => {}
        }
    }
    if let Some(length) = function_name(input) {
        return call(input, length);
    }
    match input.peek(0) {
        Kind::Word(word) if !RESERVED.contains(&upper) => Ok((input.skip(1), ExprKind::Variable(word.clone()))),
        Kind::Quoted(name) => Ok((input.skip(1), ExprKind::Variable(name.clone()))),
        _ => input.miss(EXPRESSION),
    }
}

/// How many tokens the dotted name of a function takes, if an opening bracket follows it.
fn function_name(input: In<'_>) -> Option<usize> {
    let mut length = 1;
    while input.is_sign(length, ".") && input.is_name(length + 1) {
        length += 2;
    }
    let reserved = matches!(input.peek(0), Kind::Word(word) if length == 1 && RESERVED.contains(&word.to_ascii_uppercase().as_str()));
    (input.is_sign(length, "(") && !reserved).then_some(length)
}

/// The dotted name that `length` tokens spell.
pub(super) fn dotted(input: In<'_>, length: usize) -> String {
    let parts = (0..length).step_by(2).map(|ahead| match input.peek(ahead) {
        Kind::Word(part) | Kind::Quoted(part) => part.as_str(),
        _ => "",
    });
    parts.collect::<Vec<_>>().join(".")
}

fn call(input: In<'_>, length: usize) -> Parsed<'_, ExprKind> {
    let name = dotted(input, length);
    let rest = input.skip(length + 1);
    if name.eq_ignore_ascii_case("trim")
        && let Some(function) = TRIM_SIDES.iter().find(|(side, _)| rest.is_word(0, side)).map(|(_, function)| *function)
        && !matches!(rest.peek(1), Kind::Sign(_))
    {
        return trim_from(rest.skip(1), function);
    }
    let distinct = rest.is_word(0, "DISTINCT") && !matches!(rest.peek(1), Kind::Sign(")" | "," | "."));
    let rest = if distinct { rest.skip(1) } else { rest };
    let (rest, mut args) = separated_list0(sign(","), enclosed).parse(rest)?;
    let (rest, _) = sign(")")(rest)?;
    if name.eq_ignore_ascii_case("normalize")
        && let Some(Expr { kind, .. }) = args.get_mut(1)
        && let ExprKind::Variable(form) = kind
        && ["NFC", "NFD", "NFKC", "NFKD"].iter().any(|known| form.eq_ignore_ascii_case(known))
    {
        *kind = ExprKind::String(form.to_ascii_uppercase());
    }
    Ok((rest, ExprKind::Function { name, distinct, args }))
}

/// Where `trim(BOTH 'x' FROM text)` trims, and the function that does it.
const TRIM_SIDES: [(&str, &str); 3] = [("BOTH", "btrim"), ("LEADING", "ltrim"), ("TRAILING", "rtrim")];

/// What follows the side in `trim(BOTH ['x'] FROM text)` (Neo4j's manual, string functions).
fn trim_from<'t>(input: In<'t>, function: &str) -> Parsed<'t, ExprKind> {
    let (rest, characters) = if input.is_word(0, "FROM") { (input, None) } else { enclosed.map(Some).parse(input)? };
    let (rest, text) = preceded(word("FROM"), enclosed).parse(rest)?;
    let (rest, _) = sign(")")(rest)?;
    let args = std::iter::once(text).chain(characters).collect();
    Ok((rest, ExprKind::Function { name: function.to_owned(), distinct: false, args }))
}

/// `(a)-->(b)` or an expression in parentheses.
fn parenthesised(input: In<'_>) -> Parsed<'_, Atom> {
    if pattern::looks_like_path(input) && !input.refuted() {
        match pattern::relationships(input.bars_free()) {
            Ok((rest, pattern)) => {
                return Ok((rest.back_to(input), Atom::Kind(ExprKind::PatternPredicate(Box::new(pattern)))));
            }
            Err(nom::Err::Error(_)) => input.refute(),
            Err(fatal) => return Err(fatal),
        }
    }
    let (rest, expr) = delimited(sign("("), enclosed, sign(")")).parse(input)?;
    Ok((rest, Atom::Whole(expr)))
}

/// `CASE [x] WHEN … THEN … [ELSE …] END`
fn case(input: In<'_>) -> Parsed<'_, ExprKind> {
    let (rest, _) = word("CASE")(input)?;
    let (rest, operand) = if rest.is_word(0, "WHEN") { (rest, None) } else { expression.map(Some).parse(rest)? };
    let condition = |input| separated_list1(sign(","), |input| condition(input, operand.as_ref())).parse(input);
    let branch = pair(preceded(word("WHEN"), condition), preceded(word("THEN"), expression));
    let (rest, branches) = many1(branch).parse(rest)?;
    let (rest, otherwise) = opt(preceded(word("ELSE"), expression)).parse(rest)?;
    let (rest, _) = word("END")(rest)?;
    let otherwise = otherwise.map(Box::new);
    let mut simple = true;
    let mut conditions: Vec<(Condition, Expr)> = Vec::new();
    for (several, then) in branches {
        for one in several {
            simple &= matches!(one, Condition::Value(_));
            conditions.push((one, then.clone()));
        }
    }
    // `WHEN > 3` compares the operand by itself: all branches then become conditions.
    let whole = |condition: Condition| match (condition, &operand) {
        (Condition::Value(value), Some(operand)) if !simple => {
            let span = value.span;
            let kind = ExprKind::Comparison(Box::new(operand.clone()), vec![(CompareOp::Eq, value)]);
            Expr { kind, span }
        }
        (Condition::Value(value) | Condition::Whole(value), _) => value,
    };
    let branches = conditions.into_iter().map(|(condition, then)| (whole(condition), then)).collect();
    let operand = operand.filter(|_| simple).map(Box::new);
    Ok((rest, ExprKind::Case { operand, branches, otherwise }))
}

/// What stands behind WHEN.
enum Condition {
    /// A value to compare the operand with, or without an operand a condition.
    Value(Expr),
    /// `> 3`, `IS NULL`, `STARTS WITH 'a'`: an operator with the operand on its left side.
    Whole(Expr),
}

fn condition<'t>(input: In<'t>, operand: Option<&Expr>) -> Parsed<'t, Condition> {
    match operand {
        Some(operand) => match continued(input, operand)? {
            (rest, Some(whole)) => Ok((rest, Condition::Whole(whole))),
            (rest, None) => map(expression, Condition::Value).parse(rest),
        },
        None => map(expression, Condition::Value).parse(input),
    }
}

/// `all(x IN list WHERE p)`
fn quantified(input: In<'_>, kind: Quantifier) -> Parsed<'_, ExprKind> {
    let (rest, variable) = variable(input.skip(2))?;
    let (rest, list) = enclosed(rest.skip(1))?;
    let (rest, filter) = filter(rest.bars_free())?;
    let (rest, _) = sign(")")(rest.back_to(input))?;
    Ok((rest, ExprKind::Quantifier { kind, variable, list: Box::new(list), filter: filter.map(Box::new) }))
}

/// `reduce(acc = init, x IN list | step)`
fn reduce(input: In<'_>) -> Parsed<'_, ExprKind> {
    let (rest, accumulator) = variable(input.skip(2))?;
    let (rest, init) = preceded(sign("="), enclosed).parse(rest)?;
    let (rest, variable) = preceded(sign(","), variable).parse(rest)?;
    let (rest, list) = preceded(word("IN"), before_bar).parse(rest)?;
    let (rest, step) = delimited(sign("|"), enclosed, sign(")")).parse(rest)?;
    let kind =
        ExprKind::Reduce { accumulator, init: Box::new(init), variable, list: Box::new(list), step: Box::new(step) };
    Ok((rest, kind))
}

/// `n {.a, .*, b: 1, c}`
fn map_projection(input: In<'_>) -> Parsed<'_, ExprKind> {
    fn item(input: In<'_>) -> Parsed<'_, MapProjectionItem> {
        if input.is_name(0) && input.is_sign(1, ":") {
            let (rest, key) = name_of("a key")(input)?;
            let (rest, value) = preceded(sign(":"), enclosed).parse(rest)?;
            return Ok((rest, MapProjectionItem::Entry(key.text, value)));
        }
        alt((
            map(preceded(sign("."), sign("*")), |_| MapProjectionItem::All),
            map(preceded(sign("."), name_of("a key")), |key: Name| MapProjectionItem::Property(key.text)),
            map(variable, MapProjectionItem::Variable),
        ))
        .parse(input)
    }
    let (rest, subject) = variable(input)?;
    let (rest, items) = delimited(sign("{"), separated_list0(sign(","), item), sign("}")).parse(rest)?;
    Ok((rest, ExprKind::MapProjection { subject, items }))
}

/// The body of EXISTS and COUNT: patterns, or a whole query.
fn subquery(input: In<'_>) -> Parsed<'_, Subquery> {
    fn body(input: In<'_>) -> Parsed<'_, Subquery> {
        if input.is_sign(0, "(")
            || pattern::begins_selector(input)
            || input.is_sign(1, "=")
            || input.is_sign(1, "(") && !input.is_word(0, "CALL") && !input.is_word(0, "MATCH")
        {
            let (rest, patterns) = pattern::matched(input)?;
            let (rest, filter) = filter(rest)?;
            return Ok((rest, Subquery::Pattern { patterns, filter }));
        }
        map(query, Subquery::Query).parse(input)
    }
    let inside = input.deeper()?.bars_free();
    let (rest, body) = delimited(sign("{"), body, sign("}")).parse(inside)?;
    Ok((rest.back_to(input), body))
}
