//! mongosh's literals: constants, objects, arrays, constructors, variables, constant arithmetic.

use super::lexis::{self, Parsed, Problem, expected, fail, token, trivia};
use crate::ast::doc::{Generated, Literal};
use crate::text::{Span, suggest};
use crate::value::construct::{self, CONSTRUCTORS, Invalid, Operator, arithmetic, js_number};
use crate::value::ejson;
use bson::{Bson, Document};
use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::tag;
use nom::character::complete::char;

/// Objects, arrays and parentheses may be nested this deep (BSON's own limit).
pub const MAX_DEPTH: usize = 100;

/// The text that spans count in, and how deep the parser stands.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The whole text.
    pub whole: &'a str,
    depth: usize,
}

impl<'a> Place<'a> {
    /// At the top of a text.
    pub fn top(whole: &'a str) -> Self {
        Place { whole, depth: 0 }
    }

    fn deeper(self, at: &'a str) -> Result<Self, nom::Err<Problem>> {
        if self.depth >= MAX_DEPTH {
            fail::<()>(at, 1, format!("nesting is deeper than {MAX_DEPTH} levels"))?;
        }
        Ok(Place { depth: self.depth + 1, ..self })
    }

    /// The span from `start` up to `rest`, two ends of this text.
    pub fn span(self, start: &str, rest: &str) -> Span {
        Span::new(self.whole.len() - start.len(), self.whole.len() - rest.len())
    }
}

fn invalid<'a, T>(start: &'a str, rest: &str, reason: Invalid) -> Parsed<'a, T> {
    Err(nom::Err::Failure(Problem {
        rest: start.len(),
        length: start.len() - rest.len(),
        class: reason.class,
        message: reason.message,
        hint: None,
    }))
}

/// An expression: `60 * 60 * 24`, `"a" + "b"`, `-5`, `{ … }`.
pub fn expression<'a>(place: Place<'a>, input: &'a str) -> Parsed<'a, Literal> {
    let (start, ()) = trivia(input)?;
    let (mut rest, mut left) = term(place, start)?;
    loop {
        let (after, ()) = trivia(rest)?;
        let operator = match after.as_bytes().first() {
            Some(b'+') => Operator::Add,
            Some(b'-') => Operator::Subtract,
            _ => return Ok((rest, left)),
        };
        let (after, right) = term(place, &after[1..])?;
        (rest, left) = combine(place, start, after, operator, left, right)?;
    }
}

fn term<'a>(place: Place<'a>, input: &'a str) -> Parsed<'a, Literal> {
    let (start, ()) = trivia(input)?;
    let (mut rest, mut left) = unary(place, start)?;
    loop {
        let (after, ()) = trivia(rest)?;
        let operator = match after.as_bytes() {
            [b'*', b'*', ..] => return Ok((rest, left)),
            [b'*', ..] => Operator::Multiply,
            [b'/', ..] => Operator::Divide,
            [b'%', ..] => Operator::Remainder,
            _ => return Ok((rest, left)),
        };
        let (after, right) = unary(place, &after[1..])?;
        (rest, left) = combine(place, start, after, operator, left, right)?;
    }
}

fn unary<'a>(place: Place<'a>, input: &'a str) -> Parsed<'a, Literal> {
    let (start, ()) = trivia(input)?;
    match start.as_bytes().first() {
        Some(b'-') => match unary(place.deeper(start)?, &start[1..])? {
            (rest, Literal::Value(Bson::Int64(long))) => {
                Ok((rest, Literal::Value(long.checked_neg().map_or(Bson::Double(-(long as f64)), Bson::Int64))))
            }
            (rest, value) => combine(place, start, rest, Operator::Multiply, Literal::Value(Bson::Int32(-1)), value),
        },
        Some(b'+') => unary(place.deeper(start)?, &start[1..]),
        _ => {
            let (rest, base) = primary(place, start)?;
            let (after, ()) = trivia(rest)?;
            match after.strip_prefix("**") {
                Some(after) => {
                    let (after, exponent) = unary(place.deeper(start)?, after)?;
                    combine(place, start, after, Operator::Power, base, exponent)
                }
                None => Ok((rest, base)),
            }
        }
    }
}

fn combine<'a>(
    place: Place<'a>,
    start: &'a str,
    rest: &'a str,
    operator: Operator,
    left: Literal,
    right: Literal,
) -> Parsed<'a, Literal> {
    match (left, right) {
        (Literal::Value(left), Literal::Value(right)) => match arithmetic(operator, &left, &right) {
            Ok(value) => Ok((rest, Literal::Value(value))),
            Err(reason) => invalid(start, rest, reason),
        },
        (left, right) => Ok((
            rest,
            Literal::Arithmetic { operator, operands: Box::new((left, right)), span: place.span(start, rest) },
        )),
    }
}

fn primary<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Literal> {
    match start.chars().next() {
        Some('{') => object(place, start),
        Some('[') => array(place, start),
        Some('"' | '\'' | '`') => {
            let (rest, text) = lexis::string(start)?;
            Ok((rest, Literal::Value(Bson::String(text))))
        }
        Some('/') => {
            let (rest, (pattern, flags)) = lexis::regex(start)?;
            match construct::regex(pattern, flags) {
                Ok(value) => Ok((rest, Literal::Value(value))),
                Err(reason) => invalid(start, rest, reason),
            }
        }
        Some('(') => parenthesis(place, start),
        Some(letter)
            if letter.is_ascii_digit() || (letter == '.' && start[1..].starts_with(|l: char| l.is_ascii_digit())) =>
        {
            number(start)
        }
        Some(letter) if lexis::is_name_start(letter) => named(place, start),
        _ => expected(start, "a value"),
    }
}

fn number(start: &str) -> Parsed<'_, Literal> {
    let (rest, value) = lexis::number(start)?;
    match rest.strip_prefix('n') {
        // A BigInt goes to the server as a long.
        Some(after) => match start[..start.len() - rest.len()].replace('_', "").parse::<i64>() {
            Ok(long) => Ok((after, Literal::Value(Bson::Int64(long)))),
            Err(_) => fail(start, start.len() - after.len(), "this BigInt does not fit into 64 bits"),
        },
        None => Ok((rest, Literal::Value(js_number(value)))),
    }
}

/// `( expression )`, or the parameters of an arrow function.
fn parenthesis<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Literal> {
    if let Ok((rest, _)) = lexis::balanced(start) {
        let (arrow, ()) = trivia(rest)?;
        if let Some(body) = arrow.strip_prefix("=>") {
            return function_body(place, start, body);
        }
    }
    let (rest, value) = expression(place.deeper(start)?, &start[1..])?;
    let (rest, ()) = trivia(rest)?;
    match rest.strip_prefix(')') {
        Some(rest) => Ok((rest, value)),
        None => expected(rest, "`)`"),
    }
}

/// The rest of an arrow function behind `=>`.
fn function_body<'a>(place: Place<'a>, start: &'a str, input: &'a str) -> Parsed<'a, Literal> {
    let (mut rest, ()) = trivia(input)?;
    if rest.starts_with('{') {
        (rest, _) = lexis::balanced(rest)?;
    } else {
        // Up to the comma or bracket that ends the argument.
        while let Some(letter) = rest.chars().next() {
            match letter {
                ',' | ')' | ']' | '}' | ';' => break,
                '(' | '[' | '{' => (rest, _) = lexis::balanced(rest)?,
                '"' | '\'' => (rest, _) = lexis::string(rest)?,
                _ => rest = &rest[letter.len_utf8()..],
            }
        }
    }
    let span = place.span(start, rest);
    Ok((rest, Literal::Function { source: span.slice(place.whole).to_owned(), span }))
}

fn object<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Literal> {
    let place = place.deeper(start)?;
    let mut fields: Vec<(String, Literal)> = Vec::new();
    let mut rest = &start[1..];
    loop {
        let (at, ()) = trivia(rest)?;
        if let Some(after) = at.strip_prefix('}') {
            return finish_object(start, after, fields);
        }
        if at.is_empty() {
            return fail(start, 1, "this `{` is not closed");
        }
        if at.starts_with("...") {
            return fail(at, 3, "spreading an object (`...`) is not supported");
        }
        let (after, key) = key(place, at)?;
        let (colon, ()) = trivia(after)?;
        let (after, value) = match colon.strip_prefix(':') {
            Some(after) => expression(place, after)?,
            // `{ name }` is `{ name: name }`
            None if colon.starts_with([',', '}']) && at.starts_with(lexis::is_name_start) => {
                let (_, value) = named(place, at)?;
                (after, value)
            }
            None if colon.starts_with('(') => {
                return fail(at, at.len() - colon.len(), "methods inside an object are not supported");
            }
            None => return expected(colon, "`:` behind the field name"),
        };
        match fields.iter_mut().find(|(name, _)| *name == key) {
            Some(field) => field.1 = value,
            None => fields.push((key, value)),
        }
        let (after, ()) = trivia(after)?;
        rest = match after.as_bytes().first() {
            Some(b',') => &after[1..],
            Some(b'}') => after,
            _ if after.is_empty() => return fail(start, 1, "this `{` is not closed"),
            _ => return expected(after, "`,` or `}`"),
        };
    }
}

fn finish_object<'a>(start: &'a str, rest: &'a str, fields: Vec<(String, Literal)>) -> Parsed<'a, Literal> {
    if fields.iter().all(|(_, value)| matches!(value, Literal::Value(_))) {
        let document: Document = fields
            .into_iter()
            .filter_map(|(name, value)| match value {
                Literal::Value(value) => Some((name, value)),
                _ => None,
            })
            .collect();
        return match ejson::typed_object(&document) {
            Ok(typed) => Ok((rest, Literal::Value(typed.unwrap_or(Bson::Document(document))))),
            Err(reason) => invalid(start, rest, reason),
        };
    }
    Ok((rest, Literal::Object(fields)))
}

/// A field name: a name, a string, a number, or a constant in brackets.
fn key<'a>(place: Place<'a>, at: &'a str) -> Parsed<'a, String> {
    let no_nul = |(rest, key): (&'a str, String)| {
        if key.contains('\0') {
            fail(at, at.len() - rest.len(), "a field name cannot hold a NUL character")
        } else {
            Ok((rest, key))
        }
    };
    match at.chars().next() {
        Some('"' | '\'') => no_nul(lexis::string(at)?),
        Some('[') => {
            let (rest, value) = expression(place, &at[1..])?;
            let (rest, ()) = trivia(rest)?;
            let Some(rest) = rest.strip_prefix(']') else { return expected(rest, "`]`") };
            match value {
                Literal::Value(Bson::String(name)) => no_nul((rest, name)),
                Literal::Value(Bson::Int32(number)) => Ok((rest, number.to_string())),
                _ => fail(at, at.len() - rest.len(), "a computed field name must be a constant string"),
            }
        }
        Some(letter) if letter.is_ascii_digit() => {
            let (rest, number) = lexis::number(at)?;
            Ok((rest, format!("{number}")))
        }
        Some(letter) if lexis::is_name_start(letter) => {
            let (rest, name) = lexis::name(at)?;
            Ok((rest, name.to_owned()))
        }
        _ => expected(at, "a field name or `}`"),
    }
}

fn array<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Literal> {
    let place = place.deeper(start)?;
    let (rest, items) = list(place, start, ']', &start[1..])?;
    if items.iter().all(|item| matches!(item, Literal::Value(_))) {
        let values = items
            .into_iter()
            .filter_map(|item| match item {
                Literal::Value(value) => Some(value),
                _ => None,
            })
            .collect();
        return Ok((rest, Literal::Value(Bson::Array(values))));
    }
    Ok((rest, Literal::Array(items)))
}

/// Values with commas between, a trailing comma allowed, up to `close`.
fn list<'a>(place: Place<'a>, start: &'a str, close: char, input: &'a str) -> Parsed<'a, Vec<Literal>> {
    let mut items = Vec::new();
    let mut rest = input;
    loop {
        let (at, ()) = trivia(rest)?;
        if let Some(after) = at.strip_prefix(close) {
            return Ok((after, items));
        }
        if at.is_empty() {
            return fail(start, 1, format!("this bracket is not closed: expected `{close}`"));
        }
        if at.starts_with("...") {
            return fail(at, 3, "spreading an array (`...`) is not supported");
        }
        let (after, item) = expression(place, at)?;
        items.push(item);
        let (after, ()) = trivia(after)?;
        rest = if let Some(next) = after.strip_prefix(',') {
            next
        } else if after.starts_with(close) {
            after
        } else if after.is_empty() {
            return fail(start, 1, format!("this bracket is not closed: expected `{close}`"));
        } else {
            return expected(after, &format!("`,` or `{close}`"));
        };
    }
}

/// The arguments of a call, brackets included.
pub fn arguments<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Vec<Literal>> {
    list(place.deeper(start)?, start, ')', &start[1..])
}

/// What begins with a name: a constant, a constructor, a function or a variable.
fn named<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Literal> {
    let (rest, name) = lexis::name(start)?;
    let value = |value| Ok((rest, Literal::Value(value)));
    let (next, ()) = trivia(rest)?;
    if let Some(body) = next.strip_prefix("=>") {
        return function_body(place, start, body);
    }
    match name {
        "true" => return value(Bson::Boolean(true)),
        "false" => return value(Bson::Boolean(false)),
        "null" => return value(Bson::Null),
        "undefined" => return value(Bson::Undefined),
        "NaN" => return value(Bson::Double(f64::NAN)),
        "Infinity" => return value(Bson::Double(f64::INFINITY)),
        "MinKey" if !next.starts_with('(') => return value(Bson::MinKey),
        "MaxKey" if !next.starts_with('(') => return value(Bson::MaxKey),
        "new" => return constructor(place, start, next, true),
        "function" | "async" => return function(place, start, rest),
        "db" if next.starts_with(['.', '[']) => {
            return fail(
                start,
                2,
                "a query cannot stand inside a literal; put its answer in a variable first: let x = db.…",
            );
        }
        _ => {}
    }
    if next.starts_with('(')
        || CONSTRUCTORS.contains(&name)
        || CONSTRUCTORS.iter().any(|c| c.starts_with(name) && c[name.len()..].starts_with('.'))
    {
        return constructor(place, start, start, false);
    }
    variable(place, start, rest, name)
}

fn function<'a>(place: Place<'a>, start: &'a str, rest: &'a str) -> Parsed<'a, Literal> {
    // `function name(…) {…}`, `async (…) => …`
    let Some(open) = rest.find(['(', '{']) else { return expected(rest, "the function's parameters") };
    let (after, _) = lexis::balanced(&rest[open..])?;
    let (next, ()) = trivia(after)?;
    if let Some(body) = next.strip_prefix("=>") {
        return function_body(place, start, body);
    }
    if next.starts_with('{') {
        return function_body(place, start, next);
    }
    expected(next, "the function's body")
}

fn variable<'a>(place: Place<'a>, start: &'a str, after_name: &'a str, name: &str) -> Parsed<'a, Literal> {
    let mut path = vec![name.to_owned()];
    let mut rest = after_name;
    loop {
        let dot = token::<char>(alt((char('.'), char('[')))).parse(rest);
        match dot {
            Ok((after, '.')) => {
                let (after, step) = token(lexis::name).parse(after)?;
                path.push(step.to_owned());
                rest = after;
            }
            Ok((after, _)) => {
                let (after, index) = expression(place, after)?;
                path.push(match index {
                    Literal::Value(Bson::String(name)) => name,
                    Literal::Value(Bson::Int32(index)) => index.to_string(),
                    _ => return fail(rest, 1, "an index must be a constant number or string"),
                });
                let (after, _) = token(tag("]")).parse(after).or_else(|_: nom::Err<Problem>| expected(after, "`]`"))?;
                rest = after;
            }
            Err(_) => break,
        }
    }
    let (next, ()) = trivia(rest)?;
    if next.starts_with('(') {
        return fail(
            start,
            start.len() - rest.len(),
            format!("{} is no function that can be called here", path.join(".")),
        );
    }
    Ok((rest, Literal::Variable { path, span: place.span(start, rest) }))
}

/// `ObjectId("…")`, `new Date()`, `Date.now()`, `Binary.createFromBase64("…")`.
fn constructor<'a>(place: Place<'a>, start: &'a str, at: &'a str, is_new: bool) -> Parsed<'a, Literal> {
    let (mut rest, name) =
        lexis::name(at).or_else(|_: nom::Err<Problem>| expected(at, "a constructor behind `new`"))?;
    let mut name = name.to_owned();
    while let Ok((after, _)) = token(char('.')).parse(rest) {
        let (after, part) = token(lexis::name).parse(after)?;
        name = format!("{name}.{part}");
        rest = after;
    }
    if let Some(short) = name.strip_prefix("BSON.").or_else(|| name.strip_prefix("bson.")) {
        name = short.to_owned();
    }
    let known = CONSTRUCTORS.contains(&name.as_str()) || name == "Date.now";
    if !known {
        let near = suggest::nearest(&name, CONSTRUCTORS.iter().copied(), 1);
        return Err(nom::Err::Failure(Problem {
            rest: at.len(),
            length: at.len() - rest.len(),
            class: "ReferenceError",
            message: format!("{name} is not defined"),
            hint: near.first().map(|near| format!("did you mean {near}?")),
        }));
    }
    let (open, ()) = trivia(rest)?;
    let (rest, args) = if open.starts_with('(') {
        arguments(place, open)?
    } else if is_new || name == "MinKey" || name == "MaxKey" {
        (rest, Vec::new())
    } else {
        return expected(open, &format!("`(` behind {name}"));
    };
    let generated = match (name.as_str(), args.is_empty()) {
        ("Date.now", _) => Some(Generated::NowMillis),
        // Without `new`, Date() is a text whatever its arguments are.
        ("Date", _) if !is_new => Some(Generated::NowText),
        ("Date" | "ISODate", true) => Some(Generated::Now),
        ("ObjectId", true) => Some(Generated::ObjectId),
        ("UUID", true) => Some(Generated::Uuid),
        ("Timestamp", true) => Some(Generated::Timestamp),
        _ => None,
    };
    if let Some(generated) = generated {
        return Ok((rest, Literal::Generated(generated)));
    }
    if args.iter().any(|arg| !matches!(arg, Literal::Value(_))) {
        return Ok((rest, Literal::Construct { name, args, span: place.span(start, rest) }));
    }
    let values: Vec<Bson> = args
        .into_iter()
        .filter_map(|arg| match arg {
            Literal::Value(value) => Some(value),
            _ => None,
        })
        .collect();
    match construct::construct(&name, &values) {
        Ok(value) => Ok((rest, Literal::Value(value))),
        Err(reason) => invalid(start, rest, reason),
    }
}
