//! Functions: `function f(a) { … }`, `a => …`, `async (a, b) => { … }`.

use super::expression::expression;
use super::lexis::{self, Parsed, Problem, expected, fail, trivia};
use super::pattern;
use super::place::Place;
use super::statement;
use crate::ast::script::{Body, Element, Expression, Function, Name, Node, Pattern};
use std::rc::Rc;

/// An arrow function, if one begins here.
pub fn arrow<'a>(place: Place<'a>, start: &'a str) -> Result<Option<(&'a str, Expression)>, nom::Err<Problem>> {
    let at = match start.strip_prefix("async") {
        Some(rest) if rest.starts_with(|c: char| c.is_whitespace() || c == '(') => trivia(rest)?.0,
        _ => start,
    };
    let is_arrow = match at.chars().next() {
        Some('(') => {
            // What is no list of parameters is looked at again as an expression.
            matches!(lexis::balanced(at), Ok((rest, _)) if trivia(rest)?.0.starts_with("=>"))
        }
        Some(letter) if lexis::is_name_start(letter) => match lexis::name(at) {
            Ok((rest, _)) => trivia(rest)?.0.starts_with("=>"),
            Err(_) => false,
        },
        _ => false,
    };
    if !is_arrow {
        return Ok(None);
    }
    let inner = place.deeper(start)?.function();
    let (rest, (parameters, others)) = if at.starts_with('(') {
        parameters(inner, at)?
    } else {
        let (rest, (name, span)) = pattern::variable(inner, at)?;
        (rest, (vec![Element { pattern: Pattern::Name(name, span), default: None }], None))
    };
    let (sign, ()) = trivia(rest)?;
    let (body_at, ()) = trivia(&sign[2..])?;
    let (rest, body) = if body_at.starts_with('{') {
        let (rest, body) = statement::block(inner, body_at)?;
        (rest, Body::Block(body))
    } else {
        let (rest, value) = expression(inner, body_at)?;
        (rest, Body::Expression(Box::new(value)))
    };
    Ok(Some((rest, made(place, start, rest, None, (parameters, others), body, true))))
}

fn made<'a>(
    place: Place<'a>,
    start: &'a str,
    rest: &'a str,
    name: Option<Name>,
    (parameters, others): (Vec<Element>, Option<Pattern>),
    body: Body,
    is_arrow: bool,
) -> Expression {
    let source = Rc::from(&start[..start.len() - rest.len()]);
    let function = Function { name, parameters, rest: others, body, is_arrow, source };
    Expression { node: Node::Function(Rc::new(function)), span: place.span(start, rest) }
}

/// `function name(…) { … }`, `async function …`; `after` stands behind the word `function`.
pub fn function<'a>(place: Place<'a>, start: &'a str, after: &'a str) -> Parsed<'a, Expression> {
    let (at, ()) = trivia(after)?;
    if at.starts_with('*') {
        return fail(at, 1, "generators are not supported; return an array");
    }
    let inner = place.deeper(start)?.function();
    let (rest, name) = if at.starts_with('(') {
        (at, None)
    } else {
        let (rest, (name, _)) = pattern::variable(place, at)?;
        (rest, Some(name))
    };
    let (open, ()) = trivia(rest)?;
    if !open.starts_with('(') {
        return expected(open, "the function's parameters");
    }
    let (rest, parameters) = parameters(inner, open)?;
    let (body, ()) = trivia(rest)?;
    if !body.starts_with('{') {
        return expected(body, "the function's body");
    }
    let (rest, body) = statement::block(inner, body)?;
    Ok((rest, made(place, start, rest, name, parameters, Body::Block(body), false)))
}

/// `name(…) { … }` inside an object.
pub fn method<'a>(place: Place<'a>, start: &'a str, open: &'a str) -> Parsed<'a, Expression> {
    let inner = place.deeper(start)?.function();
    let (rest, parameters) = parameters(inner, open)?;
    let (body, ()) = trivia(rest)?;
    if !body.starts_with('{') {
        return expected(body, "the method's body");
    }
    let (rest, body) = statement::block(inner, body)?;
    // As text, it is a function by itself.
    let mut value = made(place, start, rest, None, parameters, Body::Block(body), false);
    if let Node::Function(function) = &mut value.node
        && let Some(function) = Rc::get_mut(function)
    {
        function.source = Rc::from(format!("function {}", function.source));
    }
    Ok((rest, value))
}

/// `(a, { b }, c = 1, ...rest)`
fn parameters<'a>(place: Place<'a>, open: &'a str) -> Parsed<'a, (Vec<Element>, Option<Pattern>)> {
    let mut parameters = Vec::new();
    let mut rest = &open[1..];
    loop {
        let (at, ()) = trivia(rest)?;
        if let Some(after) = at.strip_prefix(')') {
            return Ok((after, (parameters, None)));
        }
        if let Some(after) = at.strip_prefix("...") {
            let (after, others) = pattern::pattern(place, after)?;
            let (after, ()) = trivia(after)?;
            let Some(after) = after.strip_prefix(')') else { return expected(after, "`)`") };
            return Ok((after, (parameters, Some(others))));
        }
        let (after, parameter) = pattern::element(place, at)?;
        parameters.push(parameter);
        let (after, ()) = trivia(after)?;
        rest = match after.strip_prefix(',') {
            Some(next) => next,
            None if after.starts_with(')') => after,
            None => return expected(after, "`,` or `)`"),
        };
    }
}
