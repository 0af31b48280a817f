//! `$min $max $currentDate $rename` (`$set`, `$unset` and `$setOnInsert` need no more than the path).

use super::Change;
use super::path::Concrete;
use crate::doc::{Error, Result};
use crate::value::order;
use bson::{Bson, DateTime, Document, Timestamp};
use std::cmp::Ordering;

/// `$min` or `$max`: the operand, if there is no value or the operand stands on the wanted side of it.
pub fn extreme(current: Option<&Bson>, operand: &Bson, wanted: Ordering) -> Change {
    match current {
        Some(value) if order::compare(operand, value) != wanted => Change::Keep,
        _ => Change::Set(operand.clone()),
    }
}

/// The time as a date or a timestamp.
pub fn current_date(timestamp: bool, now_ms: i64) -> Bson {
    if timestamp {
        let time = u32::try_from(now_ms / 1000).unwrap_or(u32::MAX);
        Bson::Timestamp(Timestamp { time, increment: 1 })
    } else {
        Bson::DateTime(DateTime::from_millis(now_ms))
    }
}

/// `$rename`: `target` is the new name, `from` the old one. A missing field is no error.
pub fn rename(document: &mut Document, from: &Concrete, to: &str) -> Result<()> {
    let target = Concrete::of(to);
    for (what, place) in [("source", from), ("destination", &target)] {
        if let Some(array) = place.array_on_the_way(document) {
            return Err(Error::bad_value(format!(
                "The {what} field cannot be an array element, '{}' in doc with {} has an array field called '{array}'",
                place.text(),
                super::naming(document)
            )));
        }
    }
    let Some(value) = from.get(document).cloned() else { return Ok(()) };
    from.remove(document);
    target.set(document, value)
}
