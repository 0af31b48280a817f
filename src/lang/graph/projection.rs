//! The body of WITH and RETURN.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{map, opt, value};
use nom::multi::separated_list1;
use nom::sequence::{pair, preceded};

use super::expression::{expression, filter};
use super::input::{In, Parsed, name_of, sign, word};
use crate::ast::graph::{Page, Projection, ProjectionItem, SortItem};

/// `[DISTINCT] *, items [ORDER BY …] [SKIP …] [LIMIT …] [WHERE …]`; WHERE only if `filtered`.
pub(super) fn projection(input: In<'_>, filtered: bool) -> Parsed<'_, Projection> {
    let distinct = input.is_word(0, "DISTINCT");
    let rest = if distinct { input.skip(1) } else { input };
    let star = rest.is_sign(0, "*");
    let (rest, items) = if star { more_items(rest.skip(1))? } else { items(rest)? };
    let (rest, page) = page(rest)?;
    let (rest, filter) = if filtered { filter(rest)? } else { (rest, None) };
    Ok((rest, Projection { distinct, star, items, page, filter }))
}

/// `[ORDER BY …] [SKIP …] [LIMIT …]`
pub(super) fn page(input: In<'_>) -> Parsed<'_, Page> {
    let (rest, order_by) =
        opt(preceded(pair(word("ORDER"), word("BY")), separated_list1(sign(","), sort_item))).parse(input)?;
    let (rest, skip) = opt(preceded(alt((word("SKIP"), word("OFFSET"))), expression)).parse(rest)?;
    let (rest, limit) = opt(preceded(word("LIMIT"), expression)).parse(rest)?;
    Ok((rest, Page { order_by: order_by.unwrap_or_default(), skip, limit }))
}

fn items(input: In<'_>) -> Parsed<'_, Vec<ProjectionItem>> {
    separated_list1(sign(","), item).parse(input)
}

/// The items behind `*`.
fn more_items(input: In<'_>) -> Parsed<'_, Vec<ProjectionItem>> {
    map(opt(preceded(sign(","), items)), Option::unwrap_or_default).parse(input)
}

fn item(input: In<'_>) -> Parsed<'_, ProjectionItem> {
    let (rest, expr) = expression(input)?;
    let text = input.span_to(rest).slice(input.shared.text).to_owned();
    let (rest, alias) = opt(preceded(word("AS"), name_of("a column name"))).parse(rest)?;
    Ok((rest, ProjectionItem { expr, alias, text }))
}

fn sort_item(input: In<'_>) -> Parsed<'_, SortItem> {
    let (rest, expr) = expression(input)?;
    let descending = value(true, alt((word("DESC"), word("DESCENDING"))));
    let ascending = value(false, alt((word("ASC"), word("ASCENDING"))));
    let (rest, descending) = opt(alt((descending, ascending))).parse(rest)?;
    Ok((rest, SortItem { expr, descending: descending.unwrap_or(false) }))
}
