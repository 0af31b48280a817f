//! `createCollection createView collMod convertToCapped`.

use super::arguments::Arguments;
use crate::doc::catalog::{self, CollectionInfo};
use crate::doc::collection::{Collection, check_options};
use crate::doc::index::Index;
use crate::doc::{Code, Context, Error, Result};
use crate::value::construct;
use bson::{Bson, Document, doc};

/// `createCollection(name, options)`
pub fn collection(cx: &mut Context<'_>, args: &Arguments<'_>) -> Result<Bson> {
    let name = args.string(0, "collection name")?;
    let options = args.optional_document(1, "options")?;
    let kept = check_options(&options)?;
    create(cx, name, kept)?;
    time_series_indexes(cx, name)?;
    Ok(Bson::Document(doc! { "ok": 1 }))
}

/// A time series is looked up by its series and time, and lets old documents go.
fn time_series_indexes(cx: &mut Context<'_>, name: &str) -> Result<()> {
    let Some(mut collection) = Collection::open(cx, name)? else { return Ok(()) };
    let Ok(series) = collection.info.options.get_document("timeseries").cloned() else { return Ok(()) };
    let time = series.get_str("timeField").unwrap_or_default();
    let mut patterns = Vec::new();
    if let Ok(meta) = series.get_str("metaField") {
        patterns.push((doc! { meta: 1, time: 1 }, Document::new()));
    }
    if let Some(seconds) = collection.info.options.get("expireAfterSeconds").cloned() {
        patterns.push((doc! { time: 1 }, doc! { "expireAfterSeconds": seconds }));
    }
    for (pattern, options) in patterns {
        let id = catalog::next_index_number(cx.tx)?;
        collection.build_index(cx, Index::new(id, &pattern, &options)?)?;
    }
    collection.close(cx)
}

fn create(cx: &mut Context<'_>, name: &str, options: Document) -> Result<Bson> {
    if catalog::find(cx.tx.as_read(), cx.database, name)?.is_some() {
        return Err(Error::new(
            Code::NamespaceExists,
            format!("Collection {}.{name} already exists.", cx.database_name),
        ));
    }
    catalog::create(cx.tx, cx.database, name, options)?;
    Ok(Bson::Document(doc! { "ok": 1 }))
}

/// `createView(name, source, pipeline)`
pub fn view(cx: &mut Context<'_>, args: &Arguments<'_>) -> Result<Bson> {
    let name = args.string(0, "view's name")?;
    let source = args.string(1, "source collection")?;
    let pipeline = match args.get(2) {
        None => Vec::new(),
        Some(_) => args.array(2, "pipeline")?.to_vec(),
    };
    // A view on a view is kept as a view on the collection below.
    let (source, pipeline) =
        match catalog::find(cx.tx.as_read(), cx.database, source)?.as_ref().and_then(CollectionInfo::view) {
            Some((below, mut first)) => {
                first.extend(pipeline);
                (below.to_owned(), first)
            }
            None => (source.to_owned(), pipeline),
        };
    if pipeline
        .iter()
        .filter_map(Bson::as_document)
        .any(|stage| stage.contains_key("$out") || stage.contains_key("$merge"))
    {
        return Err(Error::new(
            Code::InvalidViewDefinition,
            "The aggregation stage $out or $merge cannot be used in a view definition",
        ));
    }
    let mut options = check_options(&args.optional_document(3, "options")?)?;
    options.extend(doc! { "viewOn": source, "pipeline": pipeline });
    create(cx, name, options)
}

/// `collMod`: other rules for a collection that is there.
pub fn modify(cx: &mut Context<'_>, name: &str, command: &Document) -> Result<Bson> {
    let Some(mut collection) = Collection::open(cx, name)? else {
        return Err(Error::new(Code::NamespaceNotFound, format!("ns does not exist: {}.{name}", cx.database_name)));
    };
    let mut answer = Document::new();
    let mut changed = collection.info.options.clone();
    for (option, value) in command {
        match (option.as_str(), value) {
            ("index", Bson::Document(index)) => modify_index(&mut collection, index, &mut answer)?,
            ("validator", Bson::Document(validator)) if validator.is_empty() => drop(changed.remove("validator")),
            ("cappedSize", value) => drop(changed.insert("size", value.clone())),
            ("cappedMax", value) => drop(changed.insert("max", value.clone())),
            ("expireAfterSeconds", Bson::String(off)) if off == "off" => drop(changed.remove(option)),
            (
                "validator"
                | "validationLevel"
                | "validationAction"
                | "viewOn"
                | "pipeline"
                | "expireAfterSeconds"
                | "changeStreamPreAndPostImages",
                value,
            ) => drop(changed.insert(option, value.clone())),
            ("timeseries", Bson::Document(series)) => {
                let mut kept = changed.get_document("timeseries").cloned().unwrap_or_default();
                kept.extend(series.clone());
                changed.insert("timeseries", kept);
            }
            ("collMod" | "comment" | "writeConcern" | "$db" | "dryRun", _) => {}
            _ => {
                return Err(Error::new(
                    Code::Location(40415),
                    format!("BSON field 'collMod.{option}' is an unknown field."),
                ));
            }
        }
    }
    collection.info.options = check_options(&changed)?;
    collection.touch();
    collection.close(cx)?;
    answer.insert("ok", 1);
    Ok(Bson::Document(answer))
}

fn modify_index(collection: &mut Collection, change: &Document, answer: &mut Document) -> Result<()> {
    let pattern = change.get_document("keyPattern").ok();
    let name = change.get_str("name").ok();
    let found = collection.info.indexes.iter_mut().find(|index| {
        name.is_some_and(|name| index.name == name) || pattern.is_some_and(|pattern| index.shown_pattern() == pattern)
    });
    let Some(index) = found else {
        return Err(Error::new(Code::IndexNotFound, "cannot find index for collMod: give its keyPattern or its name"));
    };
    if let Some(hidden) = change.get("hidden") {
        let hidden = crate::doc::expression::is_true(Some(hidden));
        answer.insert("hidden_old", index.hidden);
        answer.insert("hidden_new", hidden);
        index.set_option("hidden", hidden.then_some(Bson::Boolean(true)))?;
    }
    if let Some(seconds) = change.get("expireAfterSeconds") {
        if construct::number(Some(seconds)).is_none() {
            return Err(Error::type_mismatch("expireAfterSeconds must be a number"));
        }
        if let Some(old) = index.options.get("expireAfterSeconds").cloned() {
            answer.insert("expireAfterSeconds_old", old);
        }
        answer.insert("expireAfterSeconds_new", seconds.clone());
        index.set_option("expireAfterSeconds", Some(seconds.clone()))?;
    }
    Ok(())
}

/// `convertToCapped(size)`: the oldest documents go until the rest fits.
pub fn convert_to_capped(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let Some(mut collection) = Collection::open(cx, name)? else {
        return Err(Error::new(
            Code::NamespaceNotFound,
            format!("source collection {}.{name} does not exist", cx.database_name),
        ));
    };
    let size = args.get(0).cloned().ok_or_else(|| super::arguments::missing(args.method, "size"))?;
    let mut options = collection.info.options.clone();
    options.insert("capped", true);
    options.insert("size", size);
    collection.info.options = check_options(&options)?;
    collection.touch();
    let mut collection = collection.with_rules_read_again()?;
    collection.make_room(cx)?;
    collection.close(cx)?;
    Ok(Bson::Document(doc! { "ok": 1 }))
}
