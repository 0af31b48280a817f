//! `createIndex createIndexes getIndexes dropIndex dropIndexes hideIndex unhideIndex reIndex`.

use super::arguments::{Arguments, wrong};
use crate::doc::catalog;
use crate::doc::collection::Collection;
use crate::doc::index::{Index, Kind};
use crate::doc::{Code, Context, Error, Result};
use crate::value::order;
use bson::{Bson, Document, doc};

/// `createIndex(pattern, options)`: answers the index's name.
pub fn create_index(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let pattern = pattern(args, args.get(0))?;
    let options = args.optional_document(1, "options")?;
    let mut names = create(cx, name, &[pattern], &options)?;
    Ok(Bson::String(names.pop().unwrap_or_default()))
}

/// `createIndexes([patterns], options)`: answers the indexes' names.
pub fn create_indexes(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let patterns =
        args.array(0, "key patterns")?.iter().map(|value| pattern(args, Some(value))).collect::<Result<Vec<_>>>()?;
    let options = args.optional_document(1, "options")?;
    let names = create(cx, name, &patterns, &options)?;
    Ok(Bson::Array(names.into_iter().map(Bson::String).collect()))
}

/// A key pattern: an object, or a field's name for an ascending index.
fn pattern(args: &Arguments<'_>, value: Option<&Bson>) -> Result<Document> {
    match value {
        Some(Bson::Document(pattern)) => Ok(pattern.clone()),
        Some(Bson::String(field)) => Ok(doc! { field: 1 }),
        Some(other) => Err(wrong(args.method, "key pattern", "an object", other)),
        None => Err(super::arguments::missing(args.method, "the key pattern")),
    }
}

/// A collection may have so many indexes, as in MongoDB.
const MOST_INDEXES: usize = 64;

fn create(cx: &mut Context<'_>, name: &str, patterns: &[Document], options: &Document) -> Result<Vec<String>> {
    let mut collection = Collection::open_or_create(cx, name)?;
    let mut options = options.clone();
    if let (None, Ok(collation)) = (options.get("collation"), collection.info.options.get_document("collation")) {
        options.insert("collation", collation.clone());
    }
    let options = &options;
    let mut names = Vec::with_capacity(patterns.len());
    for pattern in patterns {
        let index = Index::new(0, pattern, options)?;
        names.push(index.name.clone());
        if is_there(&collection, &index)? {
            continue;
        }
        if collection.info.indexes.len() >= MOST_INDEXES {
            return Err(Error::new(
                Code::CannotCreateIndex,
                format!(
                    "add index fails, too many indexes for {} key:{}",
                    collection.namespace(),
                    crate::doc::shell_text::document(&index.pattern)
                ),
            ));
        }
        let id = catalog::next_index_number(cx.tx)?;
        collection.build_index(cx, Index { id, ..index })?;
    }
    collection.close(cx)?;
    Ok(names)
}

/// Options that tell one index of a pattern from another.
const TELLING: [&str; 9] = [
    "partialFilterExpression",
    "expireAfterSeconds",
    "collation",
    "wildcardProjection",
    "default_language",
    "language_override",
    "min",
    "max",
    "bits",
];

/// Whether the same index exists; one with the same name or pattern and other options is an error.
fn is_there(collection: &Collection, index: &Index) -> Result<bool> {
    if order::compare_documents(&index.pattern, &doc! { "_id": 1 }).is_eq() {
        return Ok(true);
    }
    let is_text = |index: &Index| matches!(index.kind, Kind::Text { .. });
    for known in &collection.info.indexes {
        let texts = is_text(known) && is_text(index);
        let same_pattern = match texts {
            // The fields of text indexes are their weights.
            true => {
                known.options.get("key") == index.options.get("key")
                    && known.options.get("weights") == index.options.get("weights")
            }
            // The same keys in other orders of strings are other indexes.
            false => {
                known.collation == index.collation && order::compare_documents(&known.pattern, &index.pattern).is_eq()
            }
        };
        let same_options = known.unique == index.unique
            && known.sparse == index.sparse
            && TELLING.iter().all(|option| known.options.get(option) == index.options.get(option));
        if texts && !(same_pattern && same_options) {
            return Err(Error::new(
                Code::IndexOptionsConflict,
                format!(
                    "An equivalent index already exists with a different name or options: only one text index per collection allowed, found existing text index \"{}\"",
                    known.name
                ),
            ));
        }
        match (known.name == index.name, same_pattern) {
            (true, true) if same_options => return Ok(true),
            (true, _) => {
                return Err(Error::new(
                    Code::IndexKeySpecsConflict,
                    format!(
                        "An existing index has the same name as the requested index. When index names are not specified, they are auto \
                         generated and can cause conflicts. Please refer to our documentation. Requested index: {}, existing index: {}",
                        crate::doc::shell_text::document(&index.options),
                        crate::doc::shell_text::document(&known.options)
                    ),
                ));
            }
            (false, true)
                if same_options
                    || known.options.get("partialFilterExpression") == index.options.get("partialFilterExpression") =>
            {
                return Err(Error::new(
                    Code::IndexOptionsConflict,
                    format!("Index already exists with a different name: {}", known.name),
                ));
            }
            _ => {}
        }
    }
    Ok(false)
}

fn open(cx: &Context<'_>, name: &str) -> Result<Collection> {
    Collection::open(cx, name)?
        .ok_or_else(|| Error::new(Code::NamespaceNotFound, format!("ns does not exist: {}.{name}", cx.database_name)))
}

/// `getIndexes()`
pub fn get_indexes(cx: &mut Context<'_>, name: &str) -> Result<Bson> {
    let collection = open(cx, name)?;
    Ok(Bson::Array(collection.info.indexes.iter().map(|index| Bson::Document(index.options.clone())).collect()))
}

/// `getIndexKeys()`
pub fn get_index_keys(cx: &mut Context<'_>, name: &str) -> Result<Bson> {
    let collection = open(cx, name)?;
    Ok(Bson::Array(collection.info.indexes.iter().map(|index| Bson::Document(index.shown_pattern().clone())).collect()))
}

fn position(collection: &Collection, wanted: &Bson) -> Result<usize> {
    let found = collection.info.indexes.iter().position(|index| match wanted {
        Bson::String(name) => index.name == *name,
        Bson::Document(pattern) => {
            order::compare_documents(&index.pattern, pattern).is_eq()
                || order::compare_documents(index.shown_pattern(), pattern).is_eq()
        }
        _ => false,
    });
    found.ok_or_else(|| {
        let names = collection.info.indexes.iter().map(|index| index.name.as_str());
        let near = wanted.as_str().map(|name| crate::text::suggest::nearest(name, names, 1)).unwrap_or_default();
        let error = match wanted {
            Bson::String(name) => Error::new(Code::IndexNotFound, format!("index not found with name [{name}]")),
            other => Error::new(
                Code::IndexNotFound,
                format!("can't find index with key: {}", crate::doc::shell_text::value(other)),
            ),
        };
        match near.first() {
            Some(near) => error.hint(format!("did you mean {near}?")),
            None => error,
        }
    })
}

/// `dropIndex(name or pattern)`
pub fn drop_index(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let wanted = args.get(0).ok_or_else(|| super::arguments::missing(args.method, "the index's name or pattern"))?;
    if matches!(wanted, Bson::String(all) if all == "*") {
        return Err(Error::new(
            Code::InvalidArgument,
            "To drop indexes in the collection using '*', use db.collection.dropIndexes().",
        ));
    }
    let mut collection = open(cx, name)?;
    let was = collection.info.indexes.len();
    drop_one(cx, &mut collection, wanted)?;
    collection.close(cx)?;
    Ok(Bson::Document(doc! { "nIndexesWas": i32::try_from(was).unwrap_or(i32::MAX), "ok": 1 }))
}

fn drop_one(cx: &mut Context<'_>, collection: &mut Collection, wanted: &Bson) -> Result<()> {
    let at = position(collection, wanted)?;
    let id = collection.info.indexes.get(at).map(|index| index.id);
    if at == 0 {
        return Err(Error::new(Code::InvalidOptions, "cannot drop _id index"));
    }
    collection.drop_indexes(cx, |index| Some(index.id) != id)
}

/// `dropIndexes()`, `dropIndexes(name)`, `dropIndexes([names])`
pub fn drop_indexes(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let mut collection = open(cx, name)?;
    let was = collection.info.indexes.len();
    let mut answer = doc! { "nIndexesWas": i32::try_from(was).unwrap_or(i32::MAX) };
    match args.get(0) {
        None => {
            collection.drop_indexes(cx, |index| index.name == "_id_")?;
            answer.insert("msg", "non-_id indexes dropped for collection");
        }
        Some(Bson::String(all)) if all == "*" => {
            collection.drop_indexes(cx, |index| index.name == "_id_")?;
            answer.insert("msg", "non-_id indexes dropped for collection");
        }
        Some(Bson::Array(names)) => {
            for wanted in names {
                drop_one(cx, &mut collection, wanted)?;
            }
        }
        Some(wanted) => drop_one(cx, &mut collection, wanted)?,
    }
    collection.close(cx)?;
    answer.insert("ok", 1);
    Ok(Bson::Document(answer))
}

/// `hideIndex(name)` and `unhideIndex(name)`
pub fn set_hidden(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>, hidden: bool) -> Result<Bson> {
    let wanted = args.get(0).ok_or_else(|| super::arguments::missing(args.method, "the index's name or pattern"))?;
    let mut collection = open(cx, name)?;
    let at = position(&collection, wanted)?;
    if at == 0 {
        return Err(Error::bad_value("can't hide _id index"));
    }
    let mut answer = Document::new();
    if let Some(index) = collection.info.indexes.get_mut(at) {
        answer.insert("hidden_old", index.hidden);
        answer.insert("hidden_new", hidden);
        index.set_option("hidden", hidden.then_some(Bson::Boolean(true)))?;
    }
    collection.touch();
    collection.close(cx)?;
    answer.insert("ok", 1);
    Ok(Bson::Document(answer))
}

/// `reIndex()`: builds all indexes anew.
pub fn rebuild(cx: &mut Context<'_>, name: &str) -> Result<Bson> {
    let mut collection = open(cx, name)?;
    let indexes = collection.info.indexes.clone();
    collection.drop_indexes(cx, |_| false)?;
    for mut index in indexes.iter().cloned() {
        index.multikey = false;
        collection.build_index(cx, index)?;
    }
    collection.close(cx)?;
    let count = i32::try_from(indexes.len()).unwrap_or(i32::MAX);
    Ok(Bson::Document(doc! { "nIndexesWas": count, "nIndexes": count, "ok": 1 }))
}
