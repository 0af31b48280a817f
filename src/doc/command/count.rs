//! `countDocuments count estimatedDocumentCount distinct`.

use super::arguments::Arguments;
use super::cursor::Modifiers;
use super::find::count_value;
use crate::doc::aggregate::row::pull;
use crate::doc::catalog::{self, CollectionInfo};
use crate::doc::collection::Collection;
use crate::doc::expression::Variables;
use crate::doc::path::Path;
use crate::doc::plan::{self, Request, Search, Shown};
use crate::doc::query::Filter;
use crate::doc::spill::bytes_of;
use crate::doc::{Code, Context, Error, Result, aggregate};
use crate::value::order;
use crate::value::view::{DocumentView, View};
use bson::{Bson, Document, doc};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// `countDocuments(filter, { skip, limit, hint })`
pub fn count_documents(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let filter = args.optional_document(0, "filter")?;
    let mut modifiers = Modifiers::default();
    modifiers.set_options(&args.optional_document(1, "options")?)?;
    if Filter::of_query(&filter)?.is_by_distance() {
        return Err(Error::new(
            Code::Location(5_626_500),
            "$geoNear, $near, and $nearSphere are not allowed in this context, as these operators require sorting \
             geospatial data",
        )
        .hint("count what $geoWithin finds: { $geoWithin: { $centerSphere: [ [x, y], radius ] } }"));
    }
    let found = counted(cx, name, &filter, &modifiers)?;
    Ok(count_value(found))
}

/// `count(filter)`: without a filter it is the counter.
pub fn count(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let filter = args.optional_document(0, "filter")?;
    let mut modifiers = Modifiers::default();
    modifiers.set_options(&args.optional_document(1, "options")?)?;
    Ok(count_value(counted(cx, name, &filter, &modifiers)?))
}

/// `estimatedDocumentCount()`
pub fn estimated(cx: &mut Context<'_>, name: &str) -> Result<Bson> {
    Ok(count_value(counted(cx, name, &Document::new(), &Modifiers::default())?))
}

fn counted(cx: &mut Context<'_>, name: &str, filter: &Document, modifiers: &Modifiers) -> Result<u64> {
    let collation = modifiers.collation.clone().unwrap_or_else(|| cx.collation.clone());
    let variables = Variables::new(cx.now_ms).with_collation(collation);
    let filter = Filter::of_query(filter)?.with_variables(variables);
    let tx = cx.tx.as_read();
    let Some(collection) = Collection::open(cx, name)? else { return Ok(0) };
    if let Some((source, mut pipeline)) = collection.info.view() {
        pipeline.push(Bson::Document(doc! { "$match": filter.source().clone() }));
        let mut top = aggregate::open(&mut collated(cx, &filter), Some(source), &pipeline, &Document::new())?;
        let mut count = 0;
        while pull(&mut top, cx)?.is_some() {
            count += 1;
        }
        return Ok(count);
    }
    let mut found = 0;
    if filter.is_empty() {
        found = collection.len();
    } else {
        let request = Request { hint: modifiers.hint.as_ref(), shown: Shown::Nothing, ..Request::new(&filter) };
        let plan = plan::choose(tx, &collection.info, &request)?;
        let mut search = Search::new(&collection.info, plan, filter, None);
        while search.next(tx)?.is_some() {
            found += 1;
        }
    }
    let rest = found.saturating_sub(modifiers.skip);
    Ok(modifiers.limit.map_or(rest, |limit| rest.min(limit)))
}

/// The answer of `distinct` is one document in MongoDB.
const MOST_DISTINCT: usize = 16 << 20;

/// `distinct(field, filter)`: the values in BSON order, arrays taken apart.
pub fn distinct(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let field = args.string(0, "field")?;
    if field.is_empty() {
        return Err(Error::bad_value("the key of distinct cannot be empty"));
    }
    let collation = super::arguments::collation(cx, &args.optional_document(2, "options")?)?;
    let variables = Variables::new(cx.now_ms).with_collation(collation.clone());
    let filter = Filter::of_query(&args.optional_document(1, "query")?)?.with_variables(variables);
    let path = Path::new(field);
    let mut values: BTreeMap<order::BsonKey, Bson> = BTreeMap::new();
    let mut size = 0;
    let mut add = |document: DocumentView<'_>| {
        for value in path.values(document).0.into_iter().flatten() {
            if matches!(value, View::Undefined) {
                continue;
            }
            let key = match &collation {
                Some(collation) => collation.fold(value),
                None => value.to_bson(),
            };
            if let Entry::Vacant(entry) = values.entry(order::BsonKey(key)) {
                size += bytes_of(entry.insert(value.to_bson()));
            }
        }
        if size <= MOST_DISTINCT {
            return Ok(());
        }
        Err(Error::new(Code::Location(17217), "distinct too big, 16mb cap")
            .hint(format!("db.{name}.aggregate([{{ $group: {{ _id: \"${field}\" }} }}]) answers any number of values")))
    };
    let info = catalog::find(cx.tx.as_read(), cx.database, name)?;
    match info {
        None => {}
        Some(info) => match info.view() {
            Some((source, mut pipeline)) => {
                pipeline.push(Bson::Document(doc! { "$match": filter.source().clone() }));
                let mut top = aggregate::open(&mut collated(cx, &filter), Some(source), &pipeline, &Document::new())?;
                while let Some(row) = pull(&mut top, cx)? {
                    add(row.document.view())?;
                }
            }
            None => search(cx, &info, filter, &mut add)?,
        },
    }
    Ok(Bson::Array(values.into_values().collect()))
}

fn search(
    cx: &Context<'_>,
    info: &CollectionInfo,
    filter: Filter,
    add: &mut dyn FnMut(DocumentView<'_>) -> Result<()>,
) -> Result<()> {
    let plan = plan::choose(cx.tx.as_read(), info, &Request::new(&filter))?;
    let mut search = Search::new(info, plan, filter, None);
    while let Some(found) = search.next(cx.tx.as_read())? {
        add(found.document.view())?;
    }
    Ok(())
}

/// The surroundings with the collation of a filter.
fn collated<'c>(cx: &'c mut Context<'_>, filter: &Filter) -> Context<'c> {
    Context { collation: filter.collation().cloned(), ..cx.reborrow() }
}
