//! `$push $addToSet $pull $pullAll $pop`.

use super::path::Concrete;
use super::{ArraySort, Change, naming};
use crate::doc::expression::{Metadata, type_name};
use crate::doc::query::ElementCondition;
use crate::doc::{Error, Result};
use crate::value::collation::Collation;
use crate::value::order;
use bson::{Bson, Document};
use std::cmp::Ordering;

/// What `$pull` removes.
pub type Condition = ElementCondition;

/// The array at a place; missing counts as empty.
pub fn items(current: Option<&Bson>, document: &Document, place: &Concrete) -> Result<Vec<Bson>> {
    match current {
        None => Ok(Vec::new()),
        Some(Bson::Array(items)) => Ok(items.clone()),
        Some(other) => Err(Error::bad_value(format!(
            "The field '{}' must be an array but is of type {} in document {}",
            place.text(),
            type_name(Some(other)),
            naming(document)
        ))),
    }
}

/// `$push`: puts the values in at a position, then sorts, then cuts.
pub fn push(
    mut items: Vec<Bson>,
    values: &[Bson],
    slice: Option<i64>,
    sort: Option<&ArraySort>,
    position: Option<i64>,
) -> Result<Change> {
    let length = items.len() as i64;
    let at = match position {
        Some(position) if position < 0 => (length + position).max(0),
        Some(position) => position.min(length),
        None => length,
    } as usize;
    items.splice(at..at, values.iter().cloned());
    match sort {
        None => {}
        Some(ArraySort::Values { descending }) => {
            items.sort_by(|a, b| turned(order::compare(a, b), *descending));
        }
        Some(ArraySort::Fields(spec)) => {
            let (empty, metadata) = (Document::new(), Metadata::default());
            let mut keyed = Vec::with_capacity(items.len());
            for item in items {
                let key = match &item {
                    Bson::Document(document) => spec.key(document, &metadata)?,
                    _ => spec.key(&empty, &metadata)?,
                };
                keyed.push((key, item));
            }
            keyed.sort_by(|a, b| a.0.cmp(&b.0));
            items = keyed.into_iter().map(|(_, item)| item).collect();
        }
    }
    if let Some(slice) = slice {
        let keep = usize::try_from(slice.unsigned_abs()).unwrap_or(usize::MAX);
        if slice < 0 {
            items.drain(..items.len().saturating_sub(keep));
        } else {
            items.truncate(keep);
        }
    }
    Ok(Change::Set(Bson::Array(items)))
}

fn turned(order: Ordering, descending: bool) -> Ordering {
    if descending { order.reverse() } else { order }
}

/// `$addToSet`: appends the values that are not there yet.
pub fn add_to_set(mut items: Vec<Bson>, values: &[Bson], collation: Option<&Collation>) -> Change {
    for value in values {
        if !items.iter().any(|item| same(item, value, collation)) {
            items.push(value.clone());
        }
    }
    Change::Set(Bson::Array(items))
}

/// Whether two values are equal, strings under a collation.
pub fn same(a: &Bson, b: &Bson, collation: Option<&Collation>) -> bool {
    match collation {
        Some(collation) => collation.compare(a.into(), b.into()).is_eq(),
        None => order::equal(a, b),
    }
}

/// `$pull` and `$pullAll`: removes the elements for which `gone` holds; nothing if there is no value.
pub fn pull(
    current: Option<&Bson>,
    document: &Document,
    place: &Concrete,
    gone: impl Fn(&Bson) -> Result<bool>,
) -> Result<Change> {
    match current {
        None => Ok(Change::Keep),
        Some(Bson::Array(items)) => {
            let mut kept = Vec::with_capacity(items.len());
            for item in items {
                if !gone(item)? {
                    kept.push(item.clone());
                }
            }
            Ok(if kept.len() == items.len() { Change::Keep } else { Change::Set(Bson::Array(kept)) })
        }
        Some(other) => Err(Error::bad_value(format!(
            "Cannot apply $pull to a non-array value: the field '{}' is of type {} in document {}",
            place.text(),
            type_name(Some(other)),
            naming(document)
        ))),
    }
}

/// `$pop`: removes the first or the last element.
pub fn pop(current: Option<&Bson>, first: bool, place: &Concrete) -> Result<Change> {
    match current {
        None => Ok(Change::Keep),
        Some(Bson::Array(items)) if items.is_empty() => Ok(Change::Keep),
        Some(Bson::Array(items)) => {
            let rest = if first { &items[1..] } else { &items[..items.len() - 1] };
            Ok(Change::Set(Bson::Array(rest.to_vec())))
        }
        Some(other) => Err(Error::type_mismatch(format!(
            "Path '{}' contains an element of non-array type '{}'",
            place.text(),
            type_name(Some(other))
        ))),
    }
}
