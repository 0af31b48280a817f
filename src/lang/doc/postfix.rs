//! Fields, elements and calls behind a value: `a.b`, `a[0]`, `a?.b`, `f(…)`, `new F(…)`.

use super::expression::{constant, expression, sequence};
use super::lexis::{self, Parsed, Problem, expected, fail, trivia};
use super::literal;
use super::place::Place;
use crate::ast::script::{Expression, Item, Name, Node};
use crate::text::suggest;
use crate::value::construct::{CONSTRUCTORS, construct};
use bson::Bson;

/// A value and all fields, elements and calls behind it.
pub fn chain<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Expression> {
    if start.strip_prefix("new").is_some_and(|rest| rest.starts_with(char::is_whitespace)) {
        let (rest, made) = new(place, start)?;
        return links(place, start, rest, made, true);
    }
    let (rest, value) = literal::primary(place, start)?;
    links(place, start, rest, value, true)
}

fn links<'a>(
    place: Place<'a>,
    start: &'a str,
    mut rest: &'a str,
    mut value: Expression,
    calls: bool,
) -> Parsed<'a, Expression> {
    let mut any_optional = false;
    loop {
        let (at, ()) = trivia(rest)?;
        let optional = at.starts_with("?.") && !at[2..].starts_with(|c: char| c.is_ascii_digit());
        any_optional |= optional;
        let (link, ()) = trivia(if optional { &at[2..] } else { at })?;
        match link.as_bytes().first() {
            Some(b'.') if !optional => {
                let (name_at, ()) = trivia(&link[1..])?;
                let (after, name) = field_name(name_at)?;
                value = member(place, start, after, value, name, false);
                rest = after;
            }
            Some(b'[') => {
                let (after, index) = sequence(place.deeper(link)?, &link[1..])?;
                let (after, ()) = trivia(after)?;
                let Some(after) = after.strip_prefix(']') else { return expected(after, "`]`") };
                let span = place.span(start, after);
                let node = match index.node {
                    // `a["b"]` is `a.b`
                    Node::Constant(Bson::String(name)) => {
                        Node::Member { object: Box::new(value), name: Name::from(name), optional }
                    }
                    _ => Node::Index { object: Box::new(value), index: Box::new(index), optional },
                };
                value = Expression { node, span };
                rest = after;
            }
            Some(b'(') if calls => {
                let (after, args) = literal::items(place.deeper(link)?, link, ')', &link[1..])?;
                value = call(place, start, after, value, args, optional, false)?;
                rest = after;
            }
            Some(b'`') if !optional && calls && !matches!(value.node, Node::Constant(_)) => {
                return fail(link, 1, "functions of templates are not supported; call the function with ( )");
            }
            _ if optional => {
                let (after, name) = field_name(link)?;
                value = member(place, start, after, value, name, true);
                rest = after;
            }
            _ => break,
        }
    }
    if any_optional {
        let span = value.span;
        value = Expression { node: Node::Optional(Box::new(value)), span };
    }
    Ok((rest, value))
}

fn field_name(at: &str) -> Parsed<'_, Name> {
    match lexis::name(at) {
        Ok((rest, name)) => Ok((rest, Name::from(name))),
        Err(_) if at.starts_with('#') => fail(at, 1, "private fields are not supported"),
        Err(_) => expected(at, "a name behind `.`"),
    }
}

fn member<'a>(
    place: Place<'a>,
    start: &'a str,
    rest: &'a str,
    object: Expression,
    name: Name,
    optional: bool,
) -> Expression {
    Expression { node: Node::Member { object: Box::new(object), name, optional }, span: place.span(start, rest) }
}

/// `new F(…)`, `new F`
fn new<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Expression> {
    let (at, ()) = trivia(&start[3..])?;
    let place = place.deeper(start)?;
    let (rest, callee) = match lexis::name(at) {
        Ok(("", _)) | Ok(_) => literal::primary(place, at)?,
        Err(_) => return expected(at, "a constructor behind `new`"),
    };
    let (rest, callee) = links(place, at, rest, callee, false)?;
    let (open, ()) = trivia(rest)?;
    let (rest, args) = match open.strip_prefix('(') {
        Some(inside) => literal::items(place.deeper(open)?, open, ')', inside)?,
        None => (rest, Vec::new()),
    };
    Ok((rest, call(place, start, rest, callee, args, false, true)?))
}

/// A call; one of a constructor with constants is a constant.
fn call<'a>(
    place: Place<'a>,
    start: &'a str,
    rest: &'a str,
    callee: Expression,
    args: Vec<Item>,
    optional: bool,
    is_new: bool,
) -> Result<Expression, nom::Err<Problem>> {
    let span = place.span(start, rest);
    if let Some(name) = path(&callee).filter(|name| is_constructor(name) && !depends_on_moment(name, &args, is_new))
        && let Some(values) = constants(&args)
    {
        match construct(&name, &values) {
            Ok(value) => return Ok(constant(value, span)),
            // It is a date that is invalid until it is stored.
            Err(_) if name == "Date" => {}
            Err(reason) => return literal::invalid(start, rest, reason).map(|(_, never)| never),
        }
    }
    Ok(Expression { node: Node::Call { callee: Box::new(callee), args, optional, is_new }, span })
}

fn is_constructor(name: &str) -> bool {
    CONSTRUCTORS.contains(&name) && !matches!(name, "EJSON.parse" | "Number" | "String")
}

/// What is another value at every call; `Date()` without `new` is the moment as text.
fn depends_on_moment(name: &str, args: &[Item], is_new: bool) -> bool {
    match name {
        "Date" => !is_new || args.is_empty(),
        "ISODate" | "UUID" | "Timestamp" | "ObjectId" => {
            args.is_empty()
                || name == "ObjectId"
                    && matches!(args, [Item::One(Expression { node: Node::Constant(Bson::Int32(_)), .. })])
        }
        _ => false,
    }
}

/// `a.b.c` as text; `BSON.` before it is left out.
fn path(expression: &Expression) -> Option<String> {
    let path = match &expression.node {
        Node::Name(name) => name.to_string(),
        Node::Member { object, name, optional: false } => format!("{}.{name}", path(object)?),
        _ => return None,
    };
    Some(match path.strip_prefix("BSON.").or_else(|| path.strip_prefix("bson.")) {
        Some(short) => short.to_owned(),
        None => path,
    })
}

fn constants(args: &[Item]) -> Option<Vec<Bson>> {
    args.iter()
        .map(|arg| match arg {
            Item::One(Expression { node: Node::Constant(value), .. }) => Some(value.clone()),
            _ => None,
        })
        .collect()
}

/// Names the constructor that a name was probably meant to be.
pub fn near(name: &str) -> Option<String> {
    suggest::nearest(name, CONSTRUCTORS.iter().copied(), 1).first().map(|near| format!("did you mean {near}?"))
}

/// One expression in `[ ]`, for computed keys.
pub fn bracketed<'a>(place: Place<'a>, at: &'a str) -> Parsed<'a, Expression> {
    let (rest, value) = expression(place.deeper(at)?, &at[1..])?;
    let (rest, ()) = trivia(rest)?;
    match rest.strip_prefix(']') {
        Some(rest) => Ok((rest, value)),
        None => expected(rest, "`]`"),
    }
}
