//! Label and type expressions: `:A`, `:A:B`, `:A|B`, `:A|:B`, `:A&!B`, `:%`.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::opt;
use nom::multi::separated_list1;
use nom::sequence::{delimited, preceded};

use super::expression::{enclosed, grow};
use super::input::{Fail, In, Parsed, name_of, sign, word};
use super::token::Kind;
use crate::ast::graph::{Expr, ExprKind, Label, LabelExpr};

/// `:labels` or `IS labels`, if it is there.
pub(super) fn labels(input: In<'_>) -> Parsed<'_, Option<LabelExpr>> {
    if input.is_word(0, "IS") {
        return preceded(word("IS"), alternatives).map(Some).parse(input);
    }
    opt(preceded(sign(":"), alternatives)).parse(input)
}

/// `:A:B`, `IS A`, `:$(expr)`: one label behind another, as SET and REMOVE take them.
pub(super) fn label_list(input: In<'_>) -> Parsed<'_, Vec<Label>> {
    fn label(input: In<'_>) -> Parsed<'_, Label> {
        if let Some((rest, names, _)) = dynamic(input)? {
            return Ok((rest, Label::Dynamic(names)));
        }
        name_of("a label")(input).map(|(rest, name)| (rest, Label::Name(name.text)))
    }
    preceded(alt((sign(":"), word("IS"))), separated_list1(alt((sign("&"), sign(":"))), label)).parse(input)
}

/// `$(expr)`, `$all(expr)`, `$any(expr)`: the expression, and whether one of its names is enough.
fn dynamic(input: In<'_>) -> Result<Option<(In<'_>, Expr, bool)>, nom::Err<Fail>> {
    let (start, any) = match input.peek(0) {
        Kind::Sign("$") => (input.skip(1), false),
        Kind::Parameter(word) if input.is_sign(1, "(") && ["all", "any"].contains(&&*word.to_ascii_lowercase()) => {
            (input.skip(1), word.eq_ignore_ascii_case("any"))
        }
        _ => return Ok(None),
    };
    let (rest, names) = delimited(sign("("), enclosed, sign(")")).parse(start)?;
    Ok(Some((rest, names, any)))
}

/// `operand:Label`, if a label expression follows.
pub(super) fn label_predicate(input: In<'_>, operand: Expr) -> Parsed<'_, Expr> {
    let begins = input.is_sign(0, ":")
        && (input.is_name(1)
            || matches!(input.peek(1), Kind::Sign("!" | "(" | "%" | "$"))
            || matches!(input.peek(1), Kind::Parameter(_)) && input.is_sign(2, "("));
    if !begins {
        return Ok((input, operand));
    }
    let (rest, labels) = alternatives(input.skip(1))?;
    grow(rest, rest.shared.height.get())?;
    let span = operand.span.to(input.span_to(rest));
    Ok((rest, Expr { kind: ExprKind::HasLabels(Box::new(operand), labels), span }))
}

pub(super) fn alternatives(input: In<'_>) -> Parsed<'_, LabelExpr> {
    let inside = input.deeper()?;
    let (rest, parts) = separated_list1(bar, conjunction).parse(inside)?;
    Ok((rest.back_to(input), joined(parts, LabelExpr::Or)))
}

/// `|` or the older `|:`, unless a bar ends the expression.
fn bar(input: In<'_>) -> Parsed<'_, ()> {
    if input.bar_ends {
        return Err(nom::Err::Error(Fail::Miss));
    }
    let (rest, _) = sign("|")(input)?;
    Ok((if rest.is_sign(0, ":") { rest.skip(1) } else { rest }, ()))
}

fn conjunction(input: In<'_>) -> Parsed<'_, LabelExpr> {
    fn and(input: In<'_>) -> Parsed<'_, ()> {
        match input.peek(0) {
            Kind::Sign("&" | ":") => Ok((input.skip(1), ())),
            _ => Err(nom::Err::Error(Fail::Miss)),
        }
    }
    let (rest, parts) = separated_list1(and, one).parse(input)?;
    Ok((rest, joined(parts, LabelExpr::And)))
}

fn one(input: In<'_>) -> Parsed<'_, LabelExpr> {
    if let Some((rest, names, any)) = dynamic(input)? {
        return Ok((rest, LabelExpr::Dynamic { names: Box::new(names), any }));
    }
    match input.peek(0) {
        Kind::Sign("!") => {
            let (rest, operand) = one(input.skip(1).deeper()?)?;
            Ok((rest.back_to(input), LabelExpr::Not(Box::new(operand))))
        }
        Kind::Sign("%") => Ok((input.skip(1), LabelExpr::Any)),
        Kind::Sign("(") => {
            let (rest, inside) = delimited(sign("("), alternatives, sign(")")).parse(input.bars_free())?;
            Ok((rest.back_to(input), inside))
        }
        _ => name_of("a label or type").map(LabelExpr::Name).parse(input),
    }
}

fn joined(mut parts: Vec<LabelExpr>, many: fn(Vec<LabelExpr>) -> LabelExpr) -> LabelExpr {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            many(parts)
        }
    }
}
