//! Expressions: operators by precedence, and what stands between them.

use super::fold;
use super::lexis::{Parsed, expected, fail, trivia};
use super::pattern;
use super::place::Place;
use super::postfix;
use crate::ast::script::{Binary, Change, Expression, Logical, Node, Unary};
use crate::text::Span;

/// An expression without commas: `60 * 60 * 24`, `a ? b : c`, `x = { … }`, `d => d.name`.
pub fn expression<'a>(place: Place<'a>, input: &'a str) -> Parsed<'a, Expression> {
    let (start, ()) = trivia(input)?;
    if let Some(function) = super::function::arrow(place, start)? {
        return Ok(function);
    }
    let (rest, left) = conditional(place, start)?;
    let (after, ()) = trivia(rest)?;
    match assignment(after) {
        None => Ok((rest, left)),
        Some((length, change)) => {
            let place = place.deeper(after)?;
            let (end, value) = expression(place, &after[length..])?;
            let span = place.span(start, end);
            let node = match change {
                None => Node::Assign(Box::new((pattern::of_expression(place, start, rest, left)?, value))),
                Some(change) => {
                    pattern::assignable(place, &left)?;
                    Node::Change(change, Box::new((left, value)))
                }
            };
            Ok((end, Expression { node, span }))
        }
    }
}

/// Expressions with commas between.
pub fn sequence<'a>(place: Place<'a>, input: &'a str) -> Parsed<'a, Expression> {
    let (start, ()) = trivia(input)?;
    let (mut rest, first) = expression(place, start)?;
    let mut all = vec![first];
    loop {
        let (after, ()) = trivia(rest)?;
        let Some(after) = after.strip_prefix(',') else { break };
        let (after, next) = expression(place, after)?;
        all.push(next);
        rest = after;
    }
    let span = place.span(start, rest);
    Ok((
        rest,
        match all.pop() {
            Some(only) if all.is_empty() => only,
            last => {
                all.extend(last);
                Expression { node: Node::Sequence(all), span }
            }
        },
    ))
}

/// The operator of an assignment, `None` for `=`, with its length.
fn assignment(at: &str) -> Option<(usize, Option<Change>)> {
    use Binary as B;
    const CHANGES: &[(&str, Change)] = &[
        (">>>=", Change::Binary(B::ShiftRightUnsigned)),
        ("**=", Change::Binary(B::Power)),
        ("<<=", Change::Binary(B::ShiftLeft)),
        (">>=", Change::Binary(B::ShiftRight)),
        ("&&=", Change::Logical(Logical::And)),
        ("||=", Change::Logical(Logical::Or)),
        ("??=", Change::Logical(Logical::Else)),
        ("+=", Change::Binary(B::Add)),
        ("-=", Change::Binary(B::Subtract)),
        ("*=", Change::Binary(B::Multiply)),
        ("/=", Change::Binary(B::Divide)),
        ("%=", Change::Binary(B::Remainder)),
        ("&=", Change::Binary(B::BitAnd)),
        ("|=", Change::Binary(B::BitOr)),
        ("^=", Change::Binary(B::BitXor)),
    ];
    if at.starts_with('=') && !at.starts_with("==") && !at.starts_with("=>") {
        return Some((1, None));
    }
    CHANGES.iter().find(|(sign, _)| at.starts_with(sign)).map(|(sign, change)| (sign.len(), Some(*change)))
}

fn conditional<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Expression> {
    let (rest, test) = binary(place, start, 0)?;
    let (after, ()) = trivia(rest)?;
    if !after.starts_with('?')
        || after.starts_with("??")
        || after.starts_with("?.") && !after[2..].starts_with(|c: char| c.is_ascii_digit())
    {
        return Ok((rest, test));
    }
    let place = place.deeper(after)?;
    let (after, then) = expression(place, &after[1..])?;
    let (colon, ()) = trivia(after)?;
    let Some(after) = colon.strip_prefix(':') else { return expected(colon, "`:` and what holds otherwise") };
    let (rest, otherwise) = expression(place, after)?;
    let span = place.span(start, rest);
    Ok((rest, Expression { node: Node::Conditional(Box::new((test, then, otherwise))), span }))
}

/// An operator between two operands.
#[derive(Clone, Copy)]
enum Operator {
    Binary(Binary),
    Logical(Logical),
}

/// The operators, longest first, with how tightly they bind.
const OPERATORS: &[(&str, u8, Operator)] = &[
    ("===", 7, Operator::Binary(Binary::Same)),
    ("!==", 7, Operator::Binary(Binary::NotSame)),
    (">>>", 9, Operator::Binary(Binary::ShiftRightUnsigned)),
    ("==", 7, Operator::Binary(Binary::Equal)),
    ("!=", 7, Operator::Binary(Binary::NotEqual)),
    ("??", 1, Operator::Logical(Logical::Else)),
    ("||", 2, Operator::Logical(Logical::Or)),
    ("&&", 3, Operator::Logical(Logical::And)),
    ("<<", 9, Operator::Binary(Binary::ShiftLeft)),
    (">>", 9, Operator::Binary(Binary::ShiftRight)),
    ("<=", 8, Operator::Binary(Binary::LessOrEqual)),
    (">=", 8, Operator::Binary(Binary::GreaterOrEqual)),
    ("**", 12, Operator::Binary(Binary::Power)),
    ("|", 4, Operator::Binary(Binary::BitOr)),
    ("^", 5, Operator::Binary(Binary::BitXor)),
    ("&", 6, Operator::Binary(Binary::BitAnd)),
    ("<", 8, Operator::Binary(Binary::Less)),
    (">", 8, Operator::Binary(Binary::Greater)),
    ("+", 10, Operator::Binary(Binary::Add)),
    ("-", 10, Operator::Binary(Binary::Subtract)),
    ("*", 11, Operator::Binary(Binary::Multiply)),
    ("/", 11, Operator::Binary(Binary::Divide)),
    ("%", 11, Operator::Binary(Binary::Remainder)),
];

fn operator(at: &str) -> Option<(usize, u8, Operator)> {
    for (word, operator) in [("instanceof", Binary::InstanceOf), ("in", Binary::In)] {
        if at.strip_prefix(word).is_some_and(|rest| !rest.starts_with(super::lexis::is_name_part)) {
            return Some((word.len(), 8, Operator::Binary(operator)));
        }
    }
    if assignment(at).is_some() {
        return None;
    }
    OPERATORS
        .iter()
        .find(|(sign, ..)| at.starts_with(sign))
        .map(|(sign, level, operator)| (sign.len(), *level, *operator))
}

/// Operands joined by operators that bind at least as tightly as `level`.
fn binary<'a>(place: Place<'a>, start: &'a str, level: u8) -> Parsed<'a, Expression> {
    let (mut rest, mut left) = unary(place, start)?;
    loop {
        let (at, ()) = trivia(rest)?;
        let Some((length, tightness, operator)) = operator(at) else { return Ok((rest, left)) };
        if tightness < level {
            return Ok((rest, left));
        }
        let power = matches!(operator, Operator::Binary(Binary::Power));
        if power && matches!(left.node, Node::Unary(..)) {
            return fail(start, 1, "put the operand of ** in parentheses");
        }
        let (operand, ()) = trivia(&at[length..])?;
        // `**` binds to the right.
        let (after, right) = binary(place.deeper(at)?, operand, if power { tightness } else { tightness + 1 })?;
        let span = place.span(start, after);
        left = match operator {
            Operator::Binary(operator) => fold::binary(operator, left, right, span),
            Operator::Logical(operator) => Expression { node: Node::Logical(operator, Box::new((left, right))), span },
        };
        rest = after;
    }
}

fn unary<'a>(place: Place<'a>, start: &'a str) -> Parsed<'a, Expression> {
    const WORDS: &[(&str, Unary)] = &[("typeof", Unary::TypeOf), ("void", Unary::Void), ("delete", Unary::Delete)];
    for (sign, by) in [("++", 1.0), ("--", -1.0)] {
        if let Some(after) = start.strip_prefix(sign) {
            let (operand, ()) = trivia(after)?;
            let (rest, target) = unary(place.deeper(start)?, operand)?;
            pattern::assignable(place, &target)?;
            let span = place.span(start, rest);
            return Ok((rest, Expression { node: Node::Update { by, prefix: true, target: Box::new(target) }, span }));
        }
    }
    let sign = match start.as_bytes().first() {
        Some(b'!') => Some((1, Unary::Not)),
        Some(b'-') => Some((1, Unary::Minus)),
        Some(b'+') => Some((1, Unary::Plus)),
        Some(b'~') => Some((1, Unary::BitNot)),
        Some(letter) if letter.is_ascii_lowercase() => WORDS
            .iter()
            .find(|(word, _)| {
                start.strip_prefix(word).is_some_and(|rest| !rest.starts_with(super::lexis::is_name_part))
            })
            .map(|(word, operator)| (word.len(), *operator)),
        _ => None,
    };
    if let Some((length, operator)) = sign {
        let (operand, ()) = trivia(&start[length..])?;
        let (rest, value) = unary(place.deeper(start)?, operand)?;
        if operator == Unary::Delete && !matches!(value.node, Node::Member { .. } | Node::Index { .. }) {
            return fail(operand, operand.len() - rest.len(), "only a field can be deleted");
        }
        return Ok((rest, fold::unary(operator, value, place.span(start, rest))));
    }
    // What answers later has answered already here.
    if let Some(after) =
        start.strip_prefix("await").filter(|rest| rest.starts_with(|c: char| c.is_whitespace() || c == '('))
    {
        let (operand, ()) = trivia(after)?;
        return unary(place.deeper(start)?, operand);
    }
    let (rest, value) = postfix::chain(place, start)?;
    // `++` and `--` stand on the same line as their operand.
    let same_line = rest.trim_start_matches([' ', '\t']);
    for (sign, by) in [("++", 1.0), ("--", -1.0)] {
        if let Some(after) = same_line.strip_prefix(sign) {
            pattern::assignable(place, &value)?;
            let span = place.span(start, after);
            return Ok((after, Expression { node: Node::Update { by, prefix: false, target: Box::new(value) }, span }));
        }
    }
    Ok((rest, value))
}

/// A constant.
pub fn constant(value: bson::Bson, span: Span) -> Expression {
    Expression { node: Node::Constant(value), span }
}
