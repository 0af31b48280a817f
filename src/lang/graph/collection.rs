//! Lists, maps and comprehensions.

use nom::Parser;
use nom::combinator::opt;
use nom::multi::separated_list0;
use nom::sequence::{delimited, preceded, separated_pair};

use super::expression::{before_bar, enclosed};
use super::input::{Fail, In, Parsed, name_of, sign, variable, word};
use super::pattern;
use crate::ast::graph::{Expr, ExprKind};

/// `{a: 1, b: 2}`
pub(super) fn map_literal(input: In<'_>) -> Parsed<'_, ExprKind> {
    let key = |input| name_of("a key")(input).map(|(rest, name)| (rest, name.text));
    let entry = separated_pair(key, sign(":"), enclosed);
    let (rest, entries) = delimited(sign("{"), separated_list0(sign(","), entry), sign("}")).parse(input)?;
    Ok((rest, ExprKind::Map(entries)))
}

/// `[a, b]`, `[x IN list WHERE p | e]` or `[(a)-->(b) WHERE p | e]`
pub(super) fn list(input: In<'_>) -> Parsed<'_, ExprKind> {
    if !input.refuted() {
        let attempt = if input.is_name(1) && input.is_word(2, "IN") {
            comprehension(input)
        } else if pattern::looks_like_path(input.skip(1))
            || input.is_name(1) && input.is_sign(2, "=") && pattern::looks_like_path(input.skip(3))
        {
            pattern_comprehension(input)
        } else {
            Err(nom::Err::Error(Fail::Miss))
        };
        match attempt {
            Err(nom::Err::Error(_)) => input.refute(),
            decided => return decided,
        }
    }
    let (rest, items) = delimited(sign("["), separated_list0(sign(","), enclosed), sign("]")).parse(input)?;
    Ok((rest, ExprKind::List(items)))
}

fn comprehension(input: In<'_>) -> Parsed<'_, ExprKind> {
    let (rest, variable) = preceded(sign("["), variable).parse(input)?;
    let (rest, list) = preceded(word("IN"), before_bar).parse(rest)?;
    let (rest, filter) = filter_and_bar(rest)?;
    let (rest, map) = opt(preceded(sign("|"), enclosed)).parse(rest)?;
    let (rest, _) = sign("]")(rest)?;
    let kind = ExprKind::ListComprehension {
        variable,
        list: Box::new(list),
        filter: filter.map(Box::new),
        map: map.map(Box::new),
    };
    Ok((rest, kind))
}

fn pattern_comprehension(input: In<'_>) -> Parsed<'_, ExprKind> {
    let (rest, pattern) = preceded(sign("["), pattern::named_relationships).parse(input.bars_free())?;
    let (rest, filter) = filter_and_bar(rest)?;
    let (rest, map) = delimited(sign("|"), enclosed, sign("]")).parse(rest)?;
    let kind =
        ExprKind::PatternComprehension { pattern: Box::new(pattern), filter: filter.map(Box::new), map: Box::new(map) };
    Ok((rest.back_to(input), kind))
}

/// `WHERE p`, which a bar ends.
fn filter_and_bar(input: In<'_>) -> Parsed<'_, Option<Expr>> {
    opt(preceded(word("WHERE"), before_bar)).parse(input)
}
