//! TTL indexes: documents are removed some time after the date in a field.
//!
//! MongoDB's monitor looks every minute; here expired documents go when their collection is used next, before
//! anything else is done to it, so no statement sees them.

use super::catalog::CollectionInfo;
use super::collection::Collection;
use super::index::{Field, Index};
use super::{Context, Result, layout};
use crate::storage::{self, Direction, KeyRange, Read};
use crate::value::key;
use crate::value::order::bracket;
use crate::value::raw::RawDocument;
use crate::value::view::View;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Removes what has expired in a collection. Where nothing can be written now, it waits for a better time.
///
/// # Errors
/// Storage, and damaged rows.
pub fn sweep(cx: &mut Context<'_>, info: &CollectionInfo) -> Result<()> {
    let mut records = BTreeSet::new();
    for index in &info.indexes {
        if let (Some(after), [field]) = (index.expires, index.fields.as_slice()) {
            expired(cx.tx.as_read(), index, field, cx.now_ms.saturating_sub(after), &mut records)?;
        }
    }
    if records.is_empty() || !cx.tx.may_write() {
        return Ok(());
    }
    let Some(mut collection) = Collection::open(cx, &info.name)? else {
        return Ok(());
    };
    for record in records {
        if let Some(bytes) = collection.get(cx.tx.as_read(), record)? {
            collection.remove(cx, record, RawDocument::new(&bytes))?;
        }
    }
    collection.close(cx)
}

/// The records whose date is no later than `limit`.
fn expired(tx: &dyn Read, index: &Index, field: &Field, limit: i64, records: &mut BTreeSet<u64>) -> Result<()> {
    let dates = KeyRange::prefix(&[if field.descends() { !bracket(View::Date(0)) } else { bracket(View::Date(0)) }]);
    let mut failure = None;
    // The oldest first, whichever way the index runs.
    let way = if field.descends() { Direction::Backward } else { Direction::Forward };
    tx.scan(layout::index(index.id), &dates, way, &mut |row, value| {
        let (entry, types) = index.entry(row, value);
        let date = key::Decoder::new(entry, types).next(field.descends());
        match (date, index.record(row, value)) {
            (Some(bson::Bson::DateTime(date)), Ok(record)) if date.timestamp_millis() <= limit => {
                records.insert(record);
                Ok(ControlFlow::Continue(()))
            }
            (_, Err(error)) => {
                failure = Some(error);
                Ok(ControlFlow::Break(()))
            }
            _ => Ok::<_, storage::Error>(ControlFlow::Break(())),
        }
    })?;
    failure.map_or(Ok(()), Err)
}
