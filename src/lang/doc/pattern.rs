//! What values are bound to: names, `[a, b]`, `{ a, b: c }`.

use super::expression::expression;
use super::lexis::{self, Parsed, Problem, expected, fail, trivia};
use super::literal;
use super::place::Place;
use crate::ast::script::{Element, Expression, Key, Member, Name, Node, Pattern};
use crate::text::Span;

/// Words that can be no variable.
pub const RESERVED: &[&str] = &[
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "import",
    "in",
    "instanceof",
    "let",
    "new",
    "null",
    "return",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// A variable's name.
pub fn variable<'a>(place: Place<'a>, at: &'a str) -> Parsed<'a, (Name, Span)> {
    match lexis::name(at) {
        Ok((rest, name)) if RESERVED.contains(&name) => {
            fail(at, at.len() - rest.len(), format!("`{name}` is a word of the language, not a name"))
        }
        Ok((rest, "db")) => fail(at, at.len() - rest.len(), "`db` is the database and no variable"),
        Ok((rest, name)) => Ok((rest, (Name::from(name), place.span(at, rest)))),
        Err(_) => expected(at, "a name"),
    }
}

/// A pattern that declares what it names.
pub fn pattern<'a>(place: Place<'a>, input: &'a str) -> Parsed<'a, Pattern> {
    let (at, ()) = trivia(input)?;
    match at.as_bytes().first() {
        Some(b'[') => array(place.deeper(at)?, at),
        Some(b'{') => object(place.deeper(at)?, at),
        _ => {
            let (rest, (name, span)) = variable(place, at)?;
            Ok((rest, Pattern::Name(name, span)))
        }
    }
}

/// A pattern, perhaps with a default.
pub fn element<'a>(place: Place<'a>, input: &'a str) -> Parsed<'a, Element> {
    let (rest, pattern) = pattern(place, input)?;
    default(place, rest, pattern)
}

fn default<'a>(place: Place<'a>, rest: &'a str, pattern: Pattern) -> Parsed<'a, Element> {
    let (after, ()) = trivia(rest)?;
    if after.starts_with('=') && !after.starts_with("=>") {
        let (rest, value) = expression(place.deeper(after)?, &after[1..])?;
        return Ok((rest, Element { pattern, default: Some(value) }));
    }
    Ok((rest, Element { pattern, default: None }))
}

fn array<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Pattern> {
    let mut items = Vec::new();
    let mut rest = &start[1..];
    loop {
        let (at, ()) = trivia(rest)?;
        if let Some(after) = at.strip_prefix(']') {
            return Ok((after, Pattern::Array(items, None)));
        }
        if let Some(after) = at.strip_prefix(',') {
            items.push(None);
            rest = after;
            continue;
        }
        if let Some(after) = at.strip_prefix("...") {
            let (after, others) = pattern(place, after)?;
            let (after, ()) = trivia(after)?;
            let Some(after) = after.strip_prefix(']') else { return expected(after, "`]`") };
            return Ok((after, Pattern::Array(items, Some(Box::new(others)))));
        }
        let (after, item) = element(place, at)?;
        items.push(Some(item));
        rest = separator(start, after, ']')?;
    }
}

fn object<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Pattern> {
    let mut fields = Vec::new();
    let mut rest = &start[1..];
    loop {
        let (at, ()) = trivia(rest)?;
        if let Some(after) = at.strip_prefix('}') {
            return Ok((after, Pattern::Object(fields, None)));
        }
        if let Some(after) = at.strip_prefix("...") {
            let (after, others) = pattern(place, after)?;
            let (after, ()) = trivia(after)?;
            let Some(after) = after.strip_prefix('}') else { return expected(after, "`}`") };
            return Ok((after, Pattern::Object(fields, Some(Box::new(others)))));
        }
        let (after, key) = literal::key(place, at)?;
        let (colon, ()) = trivia(after)?;
        let (after, part) = match (colon.strip_prefix(':'), &key) {
            (Some(after), _) => element(place, after)?,
            (None, Key::Name(_)) => {
                let (after, (name, span)) = variable(place, at)?;
                default(place, after, Pattern::Name(name, span))?
            }
            (None, Key::Computed(_)) => return expected(colon, "`:` behind the field name"),
        };
        fields.push((key, part));
        rest = separator(start, after, '}')?;
    }
}

/// Behind a comma, or before the closing bracket.
fn separator<'a>(start: &'a str, after: &'a str, close: char) -> Result<&'a str, nom::Err<Problem>> {
    let (after, ()) = trivia(after)?;
    match after.strip_prefix(',') {
        Some(next) => Ok(next),
        None if after.starts_with(close) => Ok(after),
        None if after.is_empty() => {
            fail(start, 1, format!("this bracket is not closed: expected `{close}`")).map(|(_, never)| never)
        }
        None => expected(after, &format!("`,` or `{close}`")).map(|(_, never)| never),
    }
}

/// What stands left of `=`, as a pattern.
pub fn of_expression<'a>(
    place: Place<'a>,
    start: &'a str,
    rest: &'a str,
    left: Expression,
) -> Result<Pattern, nom::Err<Problem>> {
    match left.node {
        Node::Name(name) => Ok(Pattern::Name(name, left.span)),
        Node::Member { .. } | Node::Index { .. } => Ok(Pattern::Place(left)),
        // `[a, b] = …` was read as an array.
        Node::Array(_) if start.starts_with('[') => Ok(array(place.deeper(start)?, start)?.1),
        Node::Object(ref members) if start.starts_with('{') || matches!(members.first(), Some(Member::Field(..))) => {
            Ok(object(place.deeper(start)?, start)?.1)
        }
        _ => fail(start, start.len() - rest.len(), "nothing can be assigned to this").map(|(_, never)| never),
    }
}

/// Whether something can be changed by `+=` or `++`.
pub fn assignable(place: Place<'_>, target: &Expression) -> Result<(), nom::Err<Problem>> {
    match target.node {
        Node::Name(_) | Node::Member { .. } | Node::Index { .. } => Ok(()),
        _ => {
            let at = target.span.slice(place.whole);
            Err(nom::Err::Failure(Problem {
                rest: place.whole.len() - target.span.start,
                length: at.len(),
                class: "SyntaxError",
                message: "nothing can be assigned to this".to_owned(),
                hint: None,
            }))
        }
    }
}
