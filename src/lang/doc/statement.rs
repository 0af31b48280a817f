//! Statements of scripts: declarations, `if`, loops, `try` …

use super::expression::{expression, sequence};
use super::function;
use super::lexis::{self, Parsed, Problem, expected, fail, is_name_part, trivia};
use super::pattern::{self, RESERVED};
use super::place::Place;
use crate::ast::script::{
    Case, Declaration, DeclarationKind, Expression, For, ForEach, Name, Node, Pattern, Statement, Try,
};

/// Statements up to the end of the text.
pub fn script<'a>(place: Place<'a>, input: &'a str) -> Parsed<'a, Vec<Statement>> {
    let mut body = Vec::new();
    let mut rest = input;
    loop {
        let (at, ()) = trivia(rest)?;
        if at.is_empty() {
            return Ok((at, body));
        }
        let (after, statement) = statement(place, at)?;
        if statement != Statement::Empty {
            body.push(statement);
        }
        rest = after;
    }
}

/// `{ … }`
pub fn block<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Vec<Statement>> {
    let place = place.deeper(start)?;
    let mut body = Vec::new();
    let mut rest = &start[1..];
    loop {
        let (at, ()) = trivia(rest)?;
        if let Some(after) = at.strip_prefix('}') {
            return Ok((after, body));
        }
        if at.is_empty() {
            return fail(start, 1, "this `{` is not closed");
        }
        let (after, statement) = statement(place, at)?;
        body.push(statement);
        rest = after;
    }
}

/// Behind a word of the language, if the text begins with it.
fn word<'a>(at: &'a str, word: &str) -> Option<&'a str> {
    at.strip_prefix(word).filter(|rest| !rest.starts_with(is_name_part))
}

fn statement<'a>(place: Place<'a>, at: &'a str) -> Parsed<'a, Statement> {
    if let Some(rest) = at.strip_prefix(';') {
        return Ok((rest, Statement::Empty));
    }
    if at.starts_with('{') {
        let (rest, body) = block(place, at)?;
        return Ok((rest, Statement::Block(body)));
    }
    if let Ok((rest, name)) = lexis::name(at) {
        match name {
            "let" | "const" | "var" => return declaration(place, at, rest, name),
            "function" => {
                let (rest, function) = function::function(place, at, rest)?;
                return Ok((rest, declared(function)));
            }
            "async" => {
                if let Some(after) = word(trivia(rest)?.0, "function") {
                    let (rest, function) = function::function(place, at, after)?;
                    return Ok((rest, declared(function)));
                }
            }
            "if" => return if_else(place.deeper(at)?, rest),
            "for" => return for_loop(place.deeper(at)?, rest),
            "while" => {
                let (rest, test) = condition(place, rest)?;
                let (rest, body) = body(place.deeper(at)?.repeated(), rest)?;
                return Ok((rest, Statement::While(test, Box::new(body))));
            }
            "do" => return do_while(place.deeper(at)?, rest),
            "switch" => return switch(place.deeper(at)?, rest),
            "try" => return try_catch(place.deeper(at)?, rest),
            "return" | "throw" | "break" | "continue" => return leaving(place, at, rest, name),
            "class" => return fail(at, 5, "classes are not supported; use functions and objects"),
            "import" | "export" => return fail(at, name.len(), "modules are not supported: trine runs one script"),
            "debugger" => return fail(at, name.len(), "there is no debugger; print( … ) shows what is there"),
            "else" | "catch" | "finally" | "case" | "default" => {
                return fail(at, name.len(), format!("nothing stands before this `{name}` that it belongs to"));
            }
            _ => {
                let (colon, ()) = trivia(rest)?;
                if let Some(after) = colon.strip_prefix(':').filter(|_| !RESERVED.contains(&name)) {
                    let (rest, inner) = body(place.deeper(at)?, after)?;
                    return Ok((rest, Statement::Labelled(Name::from(name), Box::new(inner))));
                }
            }
        }
    }
    let (rest, value) = sequence(place, at)?;
    Ok((end(rest)?, Statement::Expression(value)))
}

fn declared(function: Expression) -> Statement {
    match function.node {
        Node::Function(function) if function.name.is_some() => Statement::Function(function),
        node => Statement::Expression(Expression { node, ..function }),
    }
}

/// Behind a statement: a `;`, a new line, a `}` or the end.
fn end(rest: &str) -> Result<&str, nom::Err<Problem>> {
    let (after, ()) = trivia(rest)?;
    if let Some(after) = after.strip_prefix(';') {
        return Ok(after);
    }
    let blank = &rest[..rest.len() - after.len()];
    if after.is_empty() || after.starts_with('}') || blank.contains('\n') {
        return Ok(after);
    }
    expected(after, "`.`, `;` or the end of the statement").map(|(_, never)| never)
}

fn declaration<'a>(place: Place<'a>, at: &'a str, rest: &'a str, word: &str) -> Parsed<'a, Statement> {
    let kind = kind(word).unwrap_or(DeclarationKind::Let);
    let (rest, bindings) = bindings(place, at, rest, kind)?;
    Ok((end(rest)?, Statement::Declare(Declaration { kind, bindings })))
}

fn kind(word: &str) -> Option<DeclarationKind> {
    Some(match word {
        "let" => DeclarationKind::Let,
        "const" => DeclarationKind::Const,
        "var" => DeclarationKind::Var,
        _ => return None,
    })
}

type Bindings = Vec<(Pattern, Option<Expression>)>;

fn bindings<'a>(place: Place<'a>, start: &'a str, input: &'a str, kind: DeclarationKind) -> Parsed<'a, Bindings> {
    let mut bindings = Vec::new();
    let mut rest = input;
    loop {
        let (at, ()) = trivia(rest)?;
        let (after, target) = pattern::pattern(place, at)?;
        let (sign, ()) = trivia(after)?;
        let (after, value) = if sign.starts_with('=') && !sign.starts_with("==") {
            let (value_at, ()) = trivia(&sign[1..])?;
            if value_at.is_empty() {
                return fail(value_at, 0, "a value is missing behind `=`");
            }
            let (after, value) = expression(place, value_at)?;
            (after, Some(value))
        } else if kind == DeclarationKind::Const || !matches!(target, Pattern::Name(..)) {
            return fail(start, start.len() - after.len(), "this needs a value: `=` and what it shall be");
        } else {
            (after, None)
        };
        bindings.push((target, value));
        let (next, ()) = trivia(after)?;
        match next.strip_prefix(',') {
            Some(next) => rest = next,
            None => return Ok((after, bindings)),
        }
    }
}

/// `( expression )`
fn condition<'a>(place: Place<'a>, input: &'a str) -> Parsed<'a, Expression> {
    let (open, ()) = trivia(input)?;
    if !open.starts_with('(') {
        return expected(open, "`(`");
    }
    let (rest, test) = sequence(place.deeper(open)?, &open[1..])?;
    let (rest, ()) = trivia(rest)?;
    match rest.strip_prefix(')') {
        Some(rest) => Ok((rest, test)),
        None => expected(rest, "`)`"),
    }
}

/// The statement that belongs to an `if` or a loop.
fn body<'a>(place: Place<'a>, input: &'a str) -> Parsed<'a, Statement> {
    let (at, ()) = trivia(input)?;
    if at.is_empty() {
        return expected(at, "a statement");
    }
    statement(place, at)
}

fn if_else<'a>(place: Place<'a>, input: &'a str) -> Parsed<'a, Statement> {
    let (rest, test) = condition(place, input)?;
    let (rest, then) = body(place, rest)?;
    let (after, ()) = trivia(rest)?;
    let (rest, otherwise) = match word(after, "else") {
        Some(after) => body(place, after)?,
        None => (rest, Statement::Empty),
    };
    Ok((rest, Statement::If(test, Box::new((then, otherwise)))))
}

fn for_loop<'a>(place: Place<'a>, input: &'a str) -> Parsed<'a, Statement> {
    let (at, ()) = trivia(input)?;
    let at = match word(at, "await") {
        Some(after) => trivia(after)?.0,
        None => at,
    };
    let Some(head) = at.strip_prefix('(') else { return expected(at, "`(` behind `for`") };
    let (head, ()) = trivia(head)?;
    let inner = place.deeper(at)?;
    let declared = lexis::name(head).ok().and_then(|(rest, name)| Some((rest, kind(name)?)));
    if let Some((after, kind)) = declared {
        let (after, target) = pattern::pattern(inner, after)?;
        if let Some(walked) = of_or_in(after)? {
            return for_each(place, inner, Some(kind), target, walked);
        }
    } else if let Ok((rest, _)) = lexis::name(head)
        && let Some(walked) = of_or_in(rest)?
    {
        let (_, (name, span)) = pattern::variable(inner, head)?;
        return for_each(place, inner, None, Pattern::Name(name, span), walked);
    }
    let (rest, start) = match declared {
        Some((after, kind)) => {
            let (rest, bindings) = bindings(inner, head, after, kind)?;
            (rest, Statement::Declare(Declaration { kind, bindings }))
        }
        None if head.starts_with(';') => (head, Statement::Empty),
        None => {
            let (rest, value) = sequence(inner, head)?;
            (rest, Statement::Expression(value))
        }
    };
    let (rest, test) = part(inner, rest, ';', true)?;
    let (rest, test) = if test { part_expression(inner, rest, ';')? } else { (rest, None) };
    let (rest, step) = part_expression(inner, rest, ')')?;
    let (rest, body) = body(place.repeated(), rest)?;
    Ok((rest, Statement::For(Box::new(For { start, test, step, body }))))
}

/// The separator behind a part of the head of a loop.
fn part<'a>(_: Place<'a>, input: &'a str, close: char, more: bool) -> Parsed<'a, bool> {
    let (at, ()) = trivia(input)?;
    match at.strip_prefix(close) {
        Some(rest) => Ok((rest, more)),
        None => expected(at, &format!("`{close}`")),
    }
}

/// An expression that may be left out, and the sign behind it.
fn part_expression<'a>(place: Place<'a>, input: &'a str, close: char) -> Parsed<'a, Option<Expression>> {
    let (at, ()) = trivia(input)?;
    let (rest, value) = if at.starts_with(close) {
        (at, None)
    } else {
        let (rest, value) = sequence(place, at)?;
        (rest, Some(value))
    };
    let (rest, _) = part(place, rest, close, false)?;
    Ok((rest, value))
}

/// Behind `of` or `in`; whether it is `in`.
fn of_or_in(rest: &str) -> Result<Option<(&str, bool)>, nom::Err<Problem>> {
    let (at, ()) = trivia(rest)?;
    Ok(word(at, "of").map(|after| (after, false)).or_else(|| word(at, "in").map(|after| (after, true))))
}

fn for_each<'a>(
    place: Place<'a>,
    inner: Place<'a>,
    kind: Option<DeclarationKind>,
    target: Pattern,
    (after, keys): (&'a str, bool),
) -> Parsed<'a, Statement> {
    let (rest, subject) = sequence(inner, after)?;
    let (rest, _) = part(inner, rest, ')', false)?;
    let (rest, body) = body(place.repeated(), rest)?;
    Ok((rest, Statement::ForEach(Box::new(ForEach { kind, target, keys, subject, body }))))
}

fn do_while<'a>(place: Place<'a>, input: &'a str) -> Parsed<'a, Statement> {
    let (rest, body) = body(place.repeated(), input)?;
    let (at, ()) = trivia(rest)?;
    let Some(after) = word(at, "while") else { return expected(at, "`while` behind the loop") };
    let (rest, test) = condition(place, after)?;
    let (after, ()) = trivia(rest)?;
    Ok((after.strip_prefix(';').unwrap_or(rest), Statement::DoWhile(Box::new(body), test)))
}

fn switch<'a>(place: Place<'a>, input: &'a str) -> Parsed<'a, Statement> {
    let (rest, subject) = condition(place, input)?;
    let (open, ()) = trivia(rest)?;
    let Some(mut rest) = open.strip_prefix('{') else { return expected(open, "`{`") };
    let place = place.deeper(open)?.repeated();
    let mut cases: Vec<Case> = Vec::new();
    loop {
        let (at, ()) = trivia(rest)?;
        if let Some(after) = at.strip_prefix('}') {
            return Ok((after, Statement::Switch(subject, cases)));
        }
        let (after, test) = match (word(at, "case"), word(at, "default")) {
            (Some(after), _) => {
                let (after, test) = sequence(place, after)?;
                (after, Some(Some(test)))
            }
            (None, Some(after)) => (after, Some(None)),
            (None, None) => (at, None),
        };
        match (test, cases.last_mut()) {
            (Some(test), _) => {
                (rest, _) = part(place, after, ':', false)?;
                cases.push(Case { test, body: Vec::new() });
            }
            (None, Some(case)) if !at.is_empty() => {
                let (after, inner) = statement(place, at)?;
                case.body.push(inner);
                rest = after;
            }
            (None, _) => return expected(at, "`case`, `default` or `}`"),
        }
    }
}

fn try_catch<'a>(place: Place<'a>, input: &'a str) -> Parsed<'a, Statement> {
    let braces = |at: &'a str| {
        let (at, ()) = trivia(at)?;
        if at.starts_with('{') { block(place, at) } else { expected(at, "`{`") }
    };
    let (mut rest, body) = braces(input)?;
    let (at, ()) = trivia(rest)?;
    let mut catch = None;
    if let Some(after) = word(at, "catch") {
        let (open, ()) = trivia(after)?;
        let (after, target) = match open.strip_prefix('(') {
            Some(inner) => {
                let (after, target) = pattern::pattern(place, inner)?;
                let (after, _) = part(place, after, ')', false)?;
                (after, Some(target))
            }
            None => (open, None),
        };
        let (after, handler) = braces(after)?;
        catch = Some((target, handler));
        rest = after;
    }
    let (at, ()) = trivia(rest)?;
    let mut finally = None;
    if let Some(after) = word(at, "finally") {
        let (after, last) = braces(after)?;
        finally = Some(last);
        rest = after;
    }
    if catch.is_none() && finally.is_none() {
        return expected(at, "`catch` or `finally`");
    }
    Ok((rest, Statement::Try(Box::new(Try { body, catch, finally }))))
}

/// `return`, `throw`, `break`, `continue`
fn leaving<'a>(place: Place<'a>, at: &'a str, rest: &'a str, name: &str) -> Parsed<'a, Statement> {
    let (after, ()) = trivia(rest)?;
    let same_line = !rest[..rest.len() - after.len()].contains('\n');
    let alone = after.is_empty() || after.starts_with([';', '}']) || !same_line;
    match name {
        "return" if !place.in_function => fail(at, name.len(), "`return` stands in functions only"),
        "return" if alone => Ok((end(rest)?, Statement::Return(None))),
        "return" => {
            let (rest, value) = sequence(place, after)?;
            Ok((end(rest)?, Statement::Return(Some(value))))
        }
        "throw" if alone => expected(after, "what shall be thrown"),
        "throw" => {
            let (rest, value) = sequence(place, after)?;
            Ok((end(rest)?, Statement::Throw(value)))
        }
        _ => {
            if !place.in_loop {
                return fail(at, name.len(), format!("`{name}` stands in loops only"));
            }
            let (rest, label) = match lexis::name(after) {
                Ok((rest, label)) if same_line && !RESERVED.contains(&label) => (rest, Some(Name::from(label))),
                _ => (rest, None),
            };
            let statement = if name == "break" { Statement::Break(label) } else { Statement::Continue(label) };
            Ok((end(rest)?, statement))
        }
    }
}
