//! Label and type expressions: `:A`, `:A:B`, `:A|B`, `:A|:B`, `:A&!B`, `:%`.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::opt;
use nom::multi::separated_list1;
use nom::sequence::{delimited, preceded};

use super::expression::grow;
use super::input::{Fail, In, Parsed, name_of, sign, word};
use super::token::Kind;
use crate::ast::graph::{Expr, ExprKind, LabelExpr, Name};

/// `:labels` or `IS labels`, if it is there.
pub(super) fn labels(input: In<'_>) -> Parsed<'_, Option<LabelExpr>> {
    if input.is_word(0, "IS") {
        return preceded(word("IS"), alternatives).map(Some).parse(input);
    }
    opt(preceded(sign(":"), alternatives)).parse(input)
}

/// `:A:B`: one label behind another, as SET and REMOVE take them.
pub(super) fn label_list(input: In<'_>) -> Parsed<'_, Vec<String>> {
    let label = |input| name_of("a label")(input).map(|(rest, name): (In<'_>, Name)| (rest, name.text));
    preceded(sign(":"), separated_list1(alt((sign("&"), sign(":"))), label)).parse(input)
}

/// `operand:Label`, if a label expression follows.
pub(super) fn label_predicate(input: In<'_>, operand: Expr) -> Parsed<'_, Expr> {
    let begins = input.is_sign(0, ":") && (input.is_name(1) || matches!(input.peek(1), Kind::Sign("!" | "(" | "%")));
    if !begins {
        return Ok((input, operand));
    }
    let (rest, labels) = alternatives(input.skip(1))?;
    grow(rest, rest.shared.height.get())?;
    let span = operand.span.to(input.span_to(rest));
    Ok((rest, Expr { kind: ExprKind::HasLabels(Box::new(operand), labels), span }))
}

fn alternatives(input: In<'_>) -> Parsed<'_, LabelExpr> {
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
