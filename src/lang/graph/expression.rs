//! Expressions by precedence climbing.
//!
//! From loose to tight: OR, XOR, AND, NOT, comparisons, `IN`/`STARTS WITH`/`IS NULL` and their
//! kin, `+ - ||`, `* / %`, `^` (left-associative), sign, then properties, indexes and labels.

use nom::Parser;
use nom::combinator::opt;
use nom::sequence::{delimited, preceded};

use super::atom::atom;
use super::input::{In, MAX_HEIGHT, Parsed, name_of, sign, stop, word};
use super::label::{alternatives, label_predicate};
use super::token::Kind;
use super::type_name::{is_typed, typed};
use super::{diagnostic, literal};
use crate::ast::graph::{BinaryOp, CompareOp, Expr, ExprKind, NormalForm, UnaryOp};
use crate::text::Span;

/// An expression.
pub(super) fn expression(input: In<'_>) -> Parsed<'_, Expr> {
    let inside = input.deeper()?;
    let height = &input.shared.height;
    let before = height.replace(0);
    let (after, expr) = climb(inside, level::OR)?;
    height.set(before.max(height.get()));
    Ok((after.back_to(input), expr))
}

/// An expression inside brackets of its own: bars belong to it.
pub(super) fn enclosed(input: In<'_>) -> Parsed<'_, Expr> {
    let (after, expr) = expression(input.bars_free())?;
    Ok((after.back_to(input), expr))
}

/// An expression that a bar ends.
pub(super) fn before_bar(input: In<'_>) -> Parsed<'_, Expr> {
    let (after, expr) = expression(input.until_bar())?;
    Ok((after.back_to(input), expr))
}

/// `WHERE expression`
pub(super) fn filter(input: In<'_>) -> Parsed<'_, Option<Expr>> {
    opt(preceded(word("WHERE"), expression)).parse(input)
}

/// How tightly operators bind.
mod level {
    pub const OR: u8 = 1;
    pub const XOR: u8 = 2;
    pub const AND: u8 = 3;
    pub const NOT: u8 = 4;
    pub const COMPARE: u8 = 5;
    pub const PREDICATE: u8 = 6;
    pub const ADD: u8 = 7;
    pub const MULTIPLY: u8 = 8;
    pub const POWER: u8 = 9;
}

enum Operator {
    /// AND and OR: chains become balanced trees, so that long ones stay shallow.
    Logic(BinaryOp),
    Binary(BinaryOp),
    Compare(CompareOp),
    Null {
        negated: bool,
    },
    Type {
        negated: bool,
    },
    Labeled {
        negated: bool,
    },
    Normalized {
        negated: bool,
        form: NormalForm,
    },
}

/// The operator here, its level, and how many tokens it takes.
fn operator(input: In<'_>) -> Option<(Operator, u8, usize)> {
    use Operator::{Binary, Compare, Logic, Null};
    Some(match input.peek(0) {
        Kind::Sign(sign) => match *sign {
            "=" => (Compare(CompareOp::Eq), level::COMPARE, 1),
            "<>" => (Compare(CompareOp::Ne), level::COMPARE, 1),
            "<" => (Compare(CompareOp::Lt), level::COMPARE, 1),
            "<=" => (Compare(CompareOp::Le), level::COMPARE, 1),
            ">" => (Compare(CompareOp::Gt), level::COMPARE, 1),
            ">=" => (Compare(CompareOp::Ge), level::COMPARE, 1),
            "::" => (Operator::Type { negated: false }, level::PREDICATE, 0),
            "=~" => (Binary(BinaryOp::Matches), level::PREDICATE, 1),
            "+" => (Binary(BinaryOp::Add), level::ADD, 1),
            "-" => (Binary(BinaryOp::Subtract), level::ADD, 1),
            "||" => (Binary(BinaryOp::Concat), level::ADD, 1),
            "*" => (Binary(BinaryOp::Multiply), level::MULTIPLY, 1),
            "/" => (Binary(BinaryOp::Divide), level::MULTIPLY, 1),
            "%" => (Binary(BinaryOp::Modulo), level::MULTIPLY, 1),
            "^" => (Binary(BinaryOp::Power), level::POWER, 1),
            _ => return None,
        },
        Kind::Word(word) => match word.to_ascii_uppercase().as_str() {
            "OR" => (Logic(BinaryOp::Or), level::OR, 1),
            "XOR" => (Binary(BinaryOp::Xor), level::XOR, 1),
            "AND" => (Logic(BinaryOp::And), level::AND, 1),
            "IN" => (Binary(BinaryOp::In), level::PREDICATE, 1),
            "CONTAINS" => (Binary(BinaryOp::Contains), level::PREDICATE, 1),
            "STARTS" if input.is_word(1, "WITH") => (Binary(BinaryOp::StartsWith), level::PREDICATE, 2),
            "ENDS" if input.is_word(1, "WITH") => (Binary(BinaryOp::EndsWith), level::PREDICATE, 2),
            "IS" if input.is_word(1, "NULL") => (Null { negated: false }, level::PREDICATE, 2),
            "IS" if input.is_word(1, "NOT") && input.is_word(2, "NULL") => {
                (Null { negated: true }, level::PREDICATE, 3)
            }
            "IS" => {
                let negated = input.is_word(1, "NOT");
                let at = if negated { 2 } else { 1 };
                if input.is_word(at, "LABELED") {
                    return Some((Operator::Labeled { negated }, level::PREDICATE, at + 1));
                }
                if is_typed(input.skip(at)) {
                    return Some((Operator::Type { negated }, level::PREDICATE, at));
                }
                let form = NormalForm::ALL.iter().find(|(name, _)| input.is_word(at, name));
                let end = if form.is_some() { at + 1 } else { at };
                if input.is_word(end, "NORMALIZED") {
                    let form = form.map_or(NormalForm::Nfc, |(_, form)| *form);
                    return Some((Operator::Normalized { negated, form }, level::PREDICATE, end + 1));
                }
                input.skip(1).note("NULL or NOT NULL");
                return None;
            }
            _ => return None,
        },
        _ => return None,
    })
}

/// Operators of at least this level.
fn climb(input: In<'_>, least: u8) -> Parsed<'_, Expr> {
    let (rest, left) = if input.is_word(0, "NOT") { negation(input)? } else { signed(input)? };
    operators(input, rest, left, least)
}

/// An operator and what follows it, with `left` as its left side, if a comparison or predicate
/// stands here: `> 3`, `IS NULL`.
pub(super) fn continued<'t>(input: In<'t>, left: &Expr) -> Parsed<'t, Option<Expr>> {
    let follows = operator(input).is_some_and(|(operator, level, _)| {
        level == level::COMPARE || level == level::PREDICATE && !matches!(operator, Operator::Binary(BinaryOp::In))
    });
    if !follows {
        return Ok((input, None));
    }
    let before = input.shared.height.replace(1);
    let (rest, whole) = operators(input, input, left.clone(), level::COMPARE)?;
    input.shared.height.set(before.max(input.shared.height.get()));
    Ok((rest, Some(whole)))
}

/// The operators of at least a level behind their first operand.
fn operators<'t>(input: In<'t>, mut rest: In<'t>, mut left: Expr, least: u8) -> Parsed<'t, Expr> {
    loop {
        let Some((operator, level, length)) = operator(rest).filter(|(_, level, _)| *level >= least) else {
            rest.note("an operator");
            return Ok((rest, left));
        };
        let start = left.span;
        let kind;
        (rest, kind) = match operator {
            Operator::Null { negated } => {
                grow(rest, input.shared.height.get())?;
                let operand = Box::new(left);
                (rest.skip(length), if negated { ExprKind::IsNotNull(operand) } else { ExprKind::IsNull(operand) })
            }
            Operator::Type { negated } => {
                grow(rest, input.shared.height.get())?;
                let (after, wanted) = typed(rest.skip(length))?;
                (after, ExprKind::IsType { operand: Box::new(left), negated, wanted })
            }
            Operator::Labeled { negated } => {
                grow(rest, input.shared.height.get())?;
                let (after, labels) = alternatives(rest.skip(length))?;
                let span = start.to(input.span_to(after));
                let test = ExprKind::HasLabels(Box::new(left), labels);
                let kind =
                    if negated { ExprKind::Unary(UnaryOp::Not, Box::new(Expr { kind: test, span })) } else { test };
                (after, kind)
            }
            Operator::Normalized { negated, form } => {
                grow(rest, input.shared.height.get())?;
                (rest.skip(length), ExprKind::IsNormalized { operand: Box::new(left), negated, form })
            }
            Operator::Binary(op) => {
                let (after, right) = right_side(rest.skip(length), level)?;
                (after, ExprKind::Binary(op, Box::new(left), Box::new(right)))
            }
            Operator::Compare(op) => comparison(rest.skip(length), op, left)?,
            Operator::Logic(op) => logic(rest, op, level, left)?,
        };
        left = Expr { kind, span: start.to(input.span_to(rest)) };
    }
}

/// The right side of an operator; the tree grows by one over the higher side.
fn right_side(input: In<'_>, level: u8) -> Parsed<'_, Expr> {
    let left = input.shared.height.get();
    let (rest, right) = climb(input, level + 1)?;
    grow(rest, left.max(input.shared.height.get()))?;
    Ok((rest, right))
}

/// The tree is now one higher than `height`, up to [`MAX_HEIGHT`].
pub(super) fn grow(input: In<'_>, height: u32) -> Result<(), nom::Err<super::input::Fail>> {
    if height >= MAX_HEIGHT {
        let message = format!("the expression has more than {MAX_HEIGHT} operators in a chain or in one another");
        return Err(stop(
            diagnostic("UnexpectedSyntax", message, input.span()).hint("use a list, such as reduce(…) or x IN […]"),
        ));
    }
    input.shared.height.set(height + 1);
    Ok(())
}

/// `a < b <= c`: all comparisons of a chain, behind the first operator.
fn comparison(input: In<'_>, first: CompareOp, left: Expr) -> Parsed<'_, ExprKind> {
    let (mut rest, right) = right_side(input, level::COMPARE)?;
    let mut others = vec![(first, right)];
    while let Some((Operator::Compare(op), _, length)) = operator(rest) {
        let before = rest.shared.height.get();
        let (after, right) = climb(rest.skip(length), level::COMPARE + 1)?;
        rest.shared.height.set(before.max(rest.shared.height.get() + 1));
        others.push((op, right));
        rest = after;
    }
    Ok((rest, ExprKind::Comparison(Box::new(left), others)))
}

/// `a AND b AND c …`, from the first operator on.
fn logic(input: In<'_>, op: BinaryOp, level: u8, left: Expr) -> Parsed<'_, ExprKind> {
    let height = &input.shared.height;
    let mut highest = height.get();
    let mut operands = Vec::new();
    flatten(left, op, &mut operands);
    let mut rest = input;
    while let Some((Operator::Logic(found), _, length)) = operator(rest)
        && found == op
    {
        let (after, right) = climb(rest.skip(length), level + 1)?;
        highest = highest.max(height.get());
        flatten(right, op, &mut operands);
        rest = after;
    }
    grow(rest, highest + operands.len().ilog2())?;
    Ok((rest, balanced(op, operands).kind))
}

fn flatten(expr: Expr, op: BinaryOp, operands: &mut Vec<Expr>) {
    match expr.kind {
        ExprKind::Binary(found, left, right) if found == op => {
            flatten(*left, op, operands);
            flatten(*right, op, operands);
        }
        _ => operands.push(expr),
    }
}

fn balanced(op: BinaryOp, mut operands: Vec<Expr>) -> Expr {
    if operands.len() < 2 {
        return operands.pop().unwrap_or(Expr { kind: ExprKind::Null, span: Span::default() });
    }
    let right = operands.split_off(operands.len().div_ceil(2));
    let (left, right) = (balanced(op, operands), balanced(op, right));
    Expr { span: left.span.to(right.span), kind: ExprKind::Binary(op, Box::new(left), Box::new(right)) }
}

/// `NOT NOT x`
fn negation(input: In<'_>) -> Parsed<'_, Expr> {
    let mut spans = Vec::new();
    let mut rest = input;
    while rest.is_word(0, "NOT") {
        spans.push(rest.span());
        rest = rest.skip(1);
    }
    let (rest, operand) = climb(rest, level::NOT + 1)?;
    Ok((rest, prefixed(rest, operand, spans.into_iter().map(|span| (UnaryOp::Not, span)).collect())?))
}

fn prefixed(
    input: In<'_>,
    operand: Expr,
    operators: Vec<(UnaryOp, Span)>,
) -> Result<Expr, nom::Err<super::input::Fail>> {
    operators.into_iter().rev().try_fold(operand, |operand, (op, span)| {
        grow(input, input.shared.height.get())?;
        Ok(Expr { span: span.to(operand.span), kind: ExprKind::Unary(op, Box::new(operand)) })
    })
}

/// `-x`, `+x`; the sign of a number literal is part of the number.
fn signed(input: In<'_>) -> Parsed<'_, Expr> {
    let mut signs = Vec::new();
    let mut rest = input;
    loop {
        let op = match rest.peek(0) {
            Kind::Sign("-") => UnaryOp::Minus,
            Kind::Sign("+") => UnaryOp::Plus,
            _ => break,
        };
        let followed = matches!(rest.peek(2), Kind::Sign("." | "[" | ":"));
        if op == UnaryOp::Minus
            && !followed
            && let Some(kind) = negative(rest.peek(1))
        {
            rest.shared.height.set(0);
            let after = rest.skip(2);
            let number = Expr { kind, span: rest.span_to(after) };
            return Ok((after, prefixed(after, number, signs)?));
        }
        signs.push((op, rest.span()));
        rest = rest.skip(1);
    }
    let (rest, operand) = postfix(rest)?;
    let (rest, operand) = label_predicate(rest, operand)?;
    Ok((rest, prefixed(rest, operand, signs)?))
}

fn negative(number: &Kind) -> Option<ExprKind> {
    match number {
        Kind::Int(number) => Some(ExprKind::Int(0i64.checked_sub_unsigned(*number)?)),
        Kind::Float(number) => Some(ExprKind::Float(-number)),
        _ => None,
    }
}

/// An integer without a sign.
pub(super) fn positive(input: In<'_>, number: u64) -> Result<i64, nom::Err<super::input::Fail>> {
    i64::try_from(number).map_err(|_| stop(literal::too_large(input.span().slice(input.shared.text), input.span())))
}

/// An atom with `.key`, `[i]` and `[a..b]` behind it.
pub(super) fn postfix(input: In<'_>) -> Parsed<'_, Expr> {
    let (mut rest, mut expr) = atom(input)?;
    loop {
        let kind;
        (rest, kind) = match rest.peek(0) {
            Kind::Sign(".") => {
                let (after, key) = name_of("a property key")(rest.skip(1))?;
                grow(after, after.shared.height.get())?;
                (after, ExprKind::Property(Box::new(expr), key.text))
            }
            Kind::Sign("[") => subscript(rest, expr)?,
            _ => return Ok((rest, expr)),
        };
        expr = Expr { kind, span: input.span_to(rest) };
    }
}

/// `[i]`, `[a..b]`, `[a..]`, `[..b]`
fn subscript(input: In<'_>, subject: Expr) -> Parsed<'_, ExprKind> {
    enum Subscript {
        Index(Expr),
        Slice(Option<Expr>, Option<Expr>),
    }
    fn inside(input: In<'_>) -> Parsed<'_, Subscript> {
        let (rest, from) =
            if input.is_sign(0, "..") { (input, None) } else { enclosed(input).map(|(rest, e)| (rest, Some(e)))? };
        match (sign("..")(rest), from) {
            (Ok((rest, _)), from) if rest.is_sign(0, "]") => Ok((rest, Subscript::Slice(from, None))),
            (Ok((rest, _)), from) => enclosed(rest).map(|(rest, to)| (rest, Subscript::Slice(from, Some(to)))),
            (Err(_), Some(index)) => Ok((rest, Subscript::Index(index))),
            (Err(problem), None) => Err(problem),
        }
    }
    let before = input.shared.height.replace(0);
    let (rest, inside) = delimited(sign("["), inside, sign("]")).parse(input)?;
    grow(rest, before.max(input.shared.height.get()))?;
    let subject = Box::new(subject);
    let kind = match inside {
        Subscript::Index(index) => ExprKind::Index(subject, Box::new(index)),
        Subscript::Slice(from, to) => ExprKind::Slice(subject, from.map(Box::new), to.map(Box::new)),
    };
    Ok((rest, kind))
}
