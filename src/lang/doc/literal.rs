//! What an expression begins with: constants, strings and templates, objects, arrays, names.

use super::expression::{constant, expression, sequence};
use super::function;
use super::lexis::{self, Parsed, Problem, expected, fail, trivia};
use super::pattern::RESERVED;
use super::place::Place;
use super::postfix::bracketed;
use crate::ast::script::{Expression, Item, Key, Member, Name, Node, Piece};
use crate::value::construct::{self, Invalid, js_number};
use crate::value::ejson;
use bson::{Bson, Document};

/// A constant that its maker refuses.
pub fn invalid<'a, T>(start: &'a str, rest: &str, reason: Invalid) -> Parsed<'a, T> {
    Err(nom::Err::Failure(Problem {
        rest: start.len(),
        length: start.len() - rest.len(),
        class: reason.class,
        message: reason.message,
        hint: None,
    }))
}

/// A value before anything stands behind it.
pub fn primary<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Expression> {
    let made = |rest: &'a str, node: Node| Ok((rest, Expression { node, span: place.span(start, rest) }));
    match start.chars().next() {
        Some('{') => object(place.deeper(start)?, start),
        Some('[') => array(place.deeper(start)?, start),
        Some('"' | '\'') => {
            let (rest, text) = lexis::string(start)?;
            made(rest, Node::Constant(Bson::String(text)))
        }
        Some('`') => template(place.deeper(start)?, start),
        Some('/') => {
            let (rest, (pattern, flags)) = lexis::regex(start)?;
            match construct::regex(pattern, flags) {
                // What only matters to JavaScript's own matching is kept by a call.
                Ok(_) if flags.contains('g') => made(
                    rest,
                    Node::Call {
                        callee: Box::new(Expression {
                            node: Node::Name(Name::from("RegExp")),
                            span: place.span(start, rest),
                        }),
                        args: [pattern, flags]
                            .map(|text| Item::One(constant(Bson::String(text.to_owned()), place.span(start, rest))))
                            .into(),
                        optional: false,
                        is_new: true,
                    },
                ),
                Ok(value) => made(rest, Node::Constant(value)),
                Err(reason) => invalid(start, rest, reason),
            }
        }
        Some('(') => {
            let (rest, value) = sequence(place.deeper(start)?, &start[1..])?;
            let (rest, ()) = trivia(rest)?;
            match rest.strip_prefix(')') {
                Some(rest) => Ok((rest, value)),
                None => expected(rest, "`)`"),
            }
        }
        Some(letter)
            if letter.is_ascii_digit() || (letter == '.' && start[1..].starts_with(|l: char| l.is_ascii_digit())) =>
        {
            number(place, start)
        }
        Some(letter) if lexis::is_name_start(letter) => named(place, start),
        _ => expected(start, "a value"),
    }
}

fn number<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Expression> {
    let (rest, value) = lexis::number(start)?;
    match rest.strip_prefix('n') {
        // A BigInt goes to the server as a long.
        Some(after) => match start[..start.len() - rest.len()].replace('_', "").parse::<i64>() {
            Ok(long) => Ok((after, constant(Bson::Int64(long), place.span(start, after)))),
            Err(_) => fail(start, start.len() - after.len(), "this BigInt does not fit into 64 bits"),
        },
        None => Ok((rest, constant(js_number(value), place.span(start, rest)))),
    }
}

/// `` `text ${expression} text` ``
fn template<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Expression> {
    let mut pieces = Vec::new();
    let mut rest = &start[1..];
    loop {
        let (after, (text, is_end)) = lexis::template_text(start, rest)?;
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        if is_end {
            let span = place.span(start, after);
            let node = match pieces.as_slice() {
                [] => Node::Constant(Bson::String(String::new())),
                [Piece::Text(text)] => Node::Constant(Bson::String(text.clone())),
                _ => Node::Template(pieces),
            };
            return Ok((after, Expression { node, span }));
        }
        let (after, value) = sequence(place, after)?;
        let (after, ()) = trivia(after)?;
        let Some(after) = after.strip_prefix('}') else { return expected(after, "`}` behind the value") };
        pieces.push(Piece::Value(value));
        rest = after;
    }
}

fn object<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Expression> {
    let mut members: Vec<Member> = Vec::new();
    let mut rest = &start[1..];
    loop {
        let (at, ()) = trivia(rest)?;
        if let Some(after) = at.strip_prefix('}') {
            return finish_object(place, start, after, members);
        }
        if at.is_empty() {
            return fail(start, 1, "this `{` is not closed");
        }
        let after = match at.strip_prefix("...") {
            Some(spread) => {
                let (after, value) = expression(place, spread)?;
                members.push(Member::Spread(value));
                after
            }
            None => {
                let (after, (key, value)) = field(place, at)?;
                let same = members.iter_mut().find_map(|member| match (member, &key) {
                    (Member::Field(Key::Name(known), value), Key::Name(name)) if known == name => Some(value),
                    _ => None,
                });
                match same {
                    Some(known) => *known = value,
                    None => members.push(Member::Field(key, value)),
                }
                after
            }
        };
        let (after, ()) = trivia(after)?;
        rest = match after.as_bytes().first() {
            Some(b',') => &after[1..],
            Some(b'}') => after,
            _ if after.is_empty() => return fail(start, 1, "this `{` is not closed"),
            _ => return expected(after, "`,` or `}`"),
        };
    }
}

fn field<'a>(place: Place<'a>, at: &'a str) -> Parsed<'a, (Key, Expression)> {
    let (after, key) = key(place, at)?;
    let (colon, ()) = trivia(after)?;
    if let Some(value) = colon.strip_prefix(':') {
        let (after, value) = expression(place, value)?;
        return Ok((after, (key, value)));
    }
    if colon.starts_with('(') {
        let (after, value) = function::method(place, at, colon)?;
        return Ok((after, (key, value)));
    }
    match &key {
        // `{ name }` is `{ name: name }`
        Key::Name(_) if colon.starts_with([',', '}']) && at.starts_with(lexis::is_name_start) => {
            let (_, value) = named(place, at)?;
            Ok((after, (key, value)))
        }
        Key::Name(name) if matches!(&**name, "get" | "set" | "async") && colon.starts_with(lexis::is_name_start) => {
            fail(at, name.len(), format!("`{name}` before a field is not supported; write a function"))
        }
        _ => expected(colon, "`:` behind the field name"),
    }
}

fn finish_object<'a>(place: Place<'a>, start: &'a str, rest: &'a str, members: Vec<Member>) -> Parsed<'a, Expression> {
    let span = place.span(start, rest);
    let is_constant =
        |member: &Member| matches!(member, Member::Field(Key::Name(_), Expression { node: Node::Constant(_), .. }));
    if !members.iter().all(is_constant) {
        return Ok((rest, Expression { node: Node::Object(members), span }));
    }
    let document: Document = members
        .into_iter()
        .filter_map(|member| match member {
            Member::Field(Key::Name(name), Expression { node: Node::Constant(value), .. }) => {
                Some((name.to_string(), value))
            }
            _ => None,
        })
        .collect();
    match ejson::typed_object(&document) {
        Ok(typed) => Ok((rest, constant(typed.unwrap_or(Bson::Document(document)), span))),
        Err(reason) => invalid(start, rest, reason),
    }
}

/// A field name: a name, a string, a number, or an expression in brackets.
pub fn key<'a>(place: Place<'a>, at: &'a str) -> Parsed<'a, Key> {
    let no_nul = |(rest, key): (&'a str, String)| {
        if key.contains('\0') {
            fail(at, at.len() - rest.len(), "a field name cannot hold a NUL character")
        } else {
            Ok((rest, Key::Name(Name::from(key))))
        }
    };
    match at.chars().next() {
        Some('"' | '\'') => no_nul(lexis::string(at)?),
        Some('[') => {
            let (rest, value) = bracketed(place, at)?;
            match value.node {
                Node::Constant(Bson::String(name)) => no_nul((rest, name)),
                Node::Constant(Bson::Int32(number)) => Ok((rest, Key::Name(Name::from(number.to_string())))),
                _ => Ok((rest, Key::Computed(value))),
            }
        }
        Some(letter) if letter.is_ascii_digit() => {
            let (rest, number) = lexis::number(at)?;
            Ok((rest, Key::Name(Name::from(format!("{number}")))))
        }
        Some(letter) if lexis::is_name_start(letter) => {
            let (rest, name) = lexis::name(at)?;
            Ok((rest, Key::Name(Name::from(name))))
        }
        _ => expected(at, "a field name or `}`"),
    }
}

fn array<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Expression> {
    let (rest, items) = items(place, start, ']', &start[1..])?;
    let span = place.span(start, rest);
    if !items.iter().all(|item| matches!(item, Item::One(Expression { node: Node::Constant(_), .. }))) {
        return Ok((rest, Expression { node: Node::Array(items), span }));
    }
    let values = items
        .into_iter()
        .filter_map(|item| match item {
            Item::One(Expression { node: Node::Constant(value), .. }) => Some(value),
            _ => None,
        })
        .collect();
    Ok((rest, constant(Bson::Array(values), span)))
}

/// Values with commas between, a trailing comma allowed, up to `close`.
pub fn items<'a>(place: Place<'a>, start: &'a str, close: char, input: &'a str) -> Parsed<'a, Vec<Item>> {
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
        if let Some(after) = at.strip_prefix(',').filter(|_| close == ']') {
            items.push(Item::Hole);
            rest = after;
            continue;
        }
        let after = match at.strip_prefix("...") {
            Some(spread) => {
                let (after, value) = expression(place, spread)?;
                items.push(Item::Spread(value));
                after
            }
            None => {
                let (after, value) = expression(place, at)?;
                items.push(Item::One(value));
                after
            }
        };
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

/// What begins with a name: a constant, a function or a variable.
fn named<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Expression> {
    let (rest, name) = lexis::name(start)?;
    let span = place.span(start, rest);
    let value = |value| Ok((rest, constant(value, span)));
    let (next, ()) = trivia(rest)?;
    match name {
        "true" => return value(Bson::Boolean(true)),
        "false" => return value(Bson::Boolean(false)),
        "null" => return value(Bson::Null),
        "undefined" => return value(Bson::Undefined),
        "NaN" => return value(Bson::Double(f64::NAN)),
        "Infinity" => return value(Bson::Double(f64::INFINITY)),
        "MinKey" if !next.starts_with('(') => return value(Bson::MinKey),
        "MaxKey" if !next.starts_with('(') => return value(Bson::MaxKey),
        "this" => return Ok((rest, Expression { node: Node::This, span })),
        "function" => return function::function(place, start, rest),
        "async" => {
            if let Some(after) = next.strip_prefix("function") {
                return function::function(place, start, after);
            }
        }
        "class" => return fail(start, name.len(), "classes are not supported; use functions and objects"),
        "import" | "export" => return fail(start, name.len(), "modules are not supported: trine runs one script"),
        "yield" => return fail(start, name.len(), "generators are not supported; return an array"),
        "super" => return fail(start, name.len(), "classes are not supported; use functions and objects"),
        _ if RESERVED.contains(&name) => return expected(start, "a value"),
        _ => {}
    }
    Ok((rest, Expression { node: Node::Name(Name::from(name)), span }))
}
