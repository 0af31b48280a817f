//! `deleteOne deleteMany remove`.

use super::arguments::{Arguments, flag};
use super::cursor::Modifiers;
use super::find::{Query, all_matches, count_value, first_match};
use super::update::Options;
use crate::doc::collection::Collection;
use crate::doc::expression::Variables;
use crate::doc::{Context, Result};
use crate::value::raw::RawDocument;
use bson::{Bson, doc};

/// `deleteOne` and `deleteMany`
pub fn delete(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>, many: bool) -> Result<Bson> {
    let filter = args.document(0, "filter")?;
    let options = Options::new(cx, &args.optional_document(1, "options")?)?;
    let query = Query::new(filter, options.modifiers, options.variables)?;
    answer(run(cx, name, &query, many)?)
}

/// `remove(filter, justOne)`
pub fn legacy(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let filter = args.document(0, "filter")?;
    let just_one = match args.get(1) {
        Some(Bson::Document(options)) => flag(options, "justOne"),
        Some(value) => crate::doc::expression::is_true(Some(value)),
        None => false,
    };
    let query =
        Query::new(filter, Modifiers::default(), Variables::new(cx.now_ms).with_collation(cx.collation.clone()))?;
    answer(run(cx, name, &query, !just_one)?)
}

fn answer(deleted: u64) -> Result<Bson> {
    Ok(Bson::Document(doc! { "acknowledged": true, "deletedCount": count_value(deleted) }))
}

/// Deletes the first or all matches; answers how many.
pub fn run(cx: &mut Context<'_>, name: &str, query: &Query, many: bool) -> Result<u64> {
    let Some(mut collection) = Collection::open(cx, name)? else {
        return Ok(0);
    };
    super::collection::refuse_view(&collection)?;
    let mut deleted = 0;
    if many {
        for (record, _) in all_matches(cx, &collection, query)? {
            if let Some(document) = collection.get(cx.tx.as_read(), record)? {
                collection.remove(cx, record, RawDocument::new(&document))?;
                deleted += 1;
            }
        }
    } else if let Some(found) = first_match(cx, &collection, query)? {
        collection.remove(cx, found.record, RawDocument::new(&found.document.bytes()))?;
        deleted = 1;
    }
    collection.close(cx)?;
    Ok(deleted)
}
