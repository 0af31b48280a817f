//! MERGE, SET and REMOVE.

use nom::Parser;
use nom::multi::separated_list1;

use super::expression::{expression, postfix};
use super::input::{In, Parsed, sign, variable, word};
use super::label::label_list;
use super::pattern::pattern;
use crate::ast::graph::{ClauseKind, Expr, ExprKind, Key, Name, RemoveItem, SetItem};

/// `pattern [ON CREATE SET …] [ON MATCH SET …]`
pub(super) fn merge(input: In<'_>) -> Parsed<'_, ClauseKind> {
    let (mut rest, pattern) = pattern(input)?;
    let (mut on_create, mut on_match) = (Vec::new(), Vec::new());
    while rest.is_word(0, "ON") {
        let (after, items) = match rest.is_word(1, "MATCH") {
            true => (word("ON"), word("MATCH"), word("SET"), set_items)
                .parse(rest)
                .map(|(after, (.., items))| (after, items))?,
            false => (word("ON"), word("CREATE"), word("SET"), set_items)
                .parse(rest)
                .map(|(after, (.., items))| (after, items))?,
        };
        if rest.is_word(1, "MATCH") {
            on_match.extend(items)
        } else {
            on_create.extend(items)
        }
        rest = after;
    }
    rest.note("ON CREATE");
    Ok((rest, ClauseKind::Merge { pattern, on_create, on_match }))
}

/// `n.key = value, n = map, n += map, n:Label`
pub(super) fn set_items(input: In<'_>) -> Parsed<'_, Vec<SetItem>> {
    separated_list1(sign(","), set_item).parse(input)
}

fn set_item(input: In<'_>) -> Parsed<'_, SetItem> {
    if let Some((rest, target)) = labelled(input)? {
        let (rest, labels) = label_list(rest)?;
        return Ok((rest, SetItem::Labels { target, labels }));
    }
    let (rest, target) = postfix(input)?;
    match target {
        Expr { kind: ExprKind::Property(target, key), .. } => {
            let (rest, value) = (sign("="), expression).parse(rest).map(|(rest, (_, value))| (rest, value))?;
            Ok((rest, SetItem::Property { target: *target, key: Key::Name(key), value }))
        }
        Expr { kind: ExprKind::Index(target, key), .. } => {
            let (rest, value) = (sign("="), expression).parse(rest).map(|(rest, (_, value))| (rest, value))?;
            Ok((rest, SetItem::Property { target: *target, key: Key::Dynamic(*key), value }))
        }
        Expr { kind: ExprKind::Variable(text), span } => {
            let merge = rest.is_sign(0, "+=");
            let rest = if merge { rest.skip(1) } else { sign("=")(rest)?.0 };
            let (rest, value) = expression(rest)?;
            Ok((rest, SetItem::All { target: Name { text, span }, merge, value }))
        }
        _ => rest.miss("`.` and a property key"),
    }
}

/// A variable with a label or `IS` behind it.
fn labelled(input: In<'_>) -> Result<Option<(In<'_>, Name)>, nom::Err<super::input::Fail>> {
    if input.is_name(0) && (input.is_sign(1, ":") || input.is_word(1, "IS")) {
        return variable(input).map(Some);
    }
    Ok(None)
}

/// `n.key, n:Label`
pub(super) fn remove_items(input: In<'_>) -> Parsed<'_, Vec<RemoveItem>> {
    separated_list1(sign(","), remove_item).parse(input)
}

fn remove_item(input: In<'_>) -> Parsed<'_, RemoveItem> {
    if let Some((rest, target)) = labelled(input)? {
        let (rest, labels) = label_list(rest)?;
        return Ok((rest, RemoveItem::Labels { target, labels }));
    }
    match postfix(input)? {
        (rest, Expr { kind: ExprKind::Property(target, key), .. }) => {
            Ok((rest, RemoveItem::Property { target: *target, key: Key::Name(key) }))
        }
        (rest, Expr { kind: ExprKind::Index(target, key), .. }) => {
            Ok((rest, RemoveItem::Property { target: *target, key: Key::Dynamic(*key) }))
        }
        (rest, _) => rest.miss("`.` and a property key"),
    }
}
