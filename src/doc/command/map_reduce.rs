//! `mapReduce(map, reduce, options)` (MongoDB manual, "mapReduce"): pairs of each document, joined key by key.

use super::arguments::Arguments;
use super::cursor::Modifiers;
use super::find::{self, Query};
use crate::doc::aggregate::row::pull;
use crate::doc::expression::{Variables, function};
use crate::doc::{Code, Context, Error, Result, aggregate, catalog};
use crate::script::StoredFunction;
use crate::value::order::BsonKey;
use bson::{Bson, Document, doc};
use std::collections::BTreeMap;

/// The functions, and the variables that they see.
struct Functions {
    map: StoredFunction,
    reduce: StoredFunction,
    finalize: Option<StoredFunction>,
}

/// Where the results go.
enum Target<'o> {
    Inline,
    /// A collection, which they replace, or into which they are merged or reduced.
    Collection {
        name: &'o str,
        action: &'o str,
    },
}

/// `mapReduce(map, reduce, { out, query, sort, limit, finalize, scope })`; a text instead of the options is `out`.
pub fn map_reduce(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let options = match args.get(2) {
        Some(Bson::String(out)) => doc! { "out": out.as_str() },
        _ => args.optional_document(2, "options")?,
    };
    let target = target(&options)?;
    let functions = Functions {
        map: read("map", args.get(0), &options)?,
        reduce: read("reduce", args.get(1), &options)?,
        finalize: options.get("finalize").map(|value| read("finalize", Some(value), &options)).transpose()?,
    };
    let mut results = results(cx, name, &functions, &options)?;
    if let Target::Collection { name: into, action: "reduce" } = target {
        results = results
            .into_iter()
            .map(|result| with_existing(cx, into, &functions, result))
            .collect::<Result<Vec<_>>>()?;
    }
    let documents: Vec<Bson> = results.into_iter().map(Bson::Document).collect();
    match target {
        Target::Inline => Ok(Bson::Document(doc! { "results": documents, "ok": 1 })),
        Target::Collection { name: into, action } => {
            let write = match action {
                "replace" => doc! { "$out": into },
                _ => doc! { "$merge": { "into": into, "whenMatched": "replace" } },
            };
            let stages = [doc! { "$documents": { "$literal": documents } }, write].map(Bson::Document);
            let mut written = aggregate::open(cx, None, &stages, &Document::new())?;
            while pull(&mut written, cx)?.is_some() {}
            Ok(Bson::Document(doc! { "result": into, "ok": 1 }))
        }
    }
}

fn target(options: &Document) -> Result<Target<'_>> {
    match options.get("out") {
        Some(Bson::String(name)) => Ok(Target::Collection { name, action: "replace" }),
        Some(Bson::Document(out)) if out.contains_key("inline") => Ok(Target::Inline),
        Some(Bson::Document(out)) => {
            for action in ["replace", "merge", "reduce"] {
                if let Ok(name) = out.get_str(action) {
                    return Ok(Target::Collection { name, action });
                }
            }
            Err(Error::bad_value("'out' needs one of inline, replace, merge, reduce"))
        }
        _ => Err(Error::new(Code::InvalidArgument, "[COMMON-10001] Missing 'out' option")
            .hint("{ out: { inline: 1 } } answers the results, { out: \"name\" } stores them in a collection")),
    }
}

fn read(field: &str, value: Option<&Bson>, options: &Document) -> Result<StoredFunction> {
    let value = value.unwrap_or(&Bson::Null);
    match (options.get("scope"), value) {
        (Some(Bson::Document(scope)), Bson::String(source) | Bson::JavaScriptCode(source)) => {
            StoredFunction::with_variables(source, scope.clone()).map_err(Error::in_function)
        }
        _ => function::read(field, value),
    }
}

/// A document `{ _id, value }` for each key, in the order of the keys.
fn results(cx: &mut Context<'_>, name: &str, functions: &Functions, options: &Document) -> Result<Vec<Document>> {
    let query = match options.get("query") {
        Some(Bson::Document(query)) => query.clone(),
        _ => Document::new(),
    };
    let mut modifiers = Modifiers::default();
    for option in ["sort", "limit"] {
        if let Some(value) = options.get(option) {
            modifiers.set("mapReduce", option, Some(value))?;
        }
    }
    let mut documents = find::open(cx, name, Query::new(&query, modifiers, find::variables(cx, options)?)?, false)?;
    let mut values: BTreeMap<BsonKey, Vec<Bson>> = BTreeMap::new();
    while let Some(row) = pull(&mut documents, cx)? {
        let document = Bson::Document(row.document.into_document());
        for (key, value) in functions.map.emitted(document).map_err(Error::in_function)? {
            values.entry(BsonKey(key)).or_default().push(value);
        }
    }
    values
        .into_iter()
        .map(|(key, mut values)| {
            let value = match values.len() {
                // One value is a result already.
                1 => values.remove(0),
                _ => reduced(functions, &key.0, values)?,
            };
            finished(functions, key.0, value)
        })
        .collect()
}

fn reduced(functions: &Functions, key: &Bson, values: Vec<Bson>) -> Result<Bson> {
    functions.reduce.call(None, vec![key.clone(), Bson::Array(values)]).map_err(Error::in_function)
}

fn finished(functions: &Functions, key: Bson, value: Bson) -> Result<Document> {
    let value = match &functions.finalize {
        None => value,
        Some(finalize) => finalize.call(None, vec![key.clone(), value]).map_err(Error::in_function)?,
    };
    Ok(doc! { "_id": key, "value": value })
}

/// A result reduced together with the one that the collection holds for its key.
fn with_existing(cx: &mut Context<'_>, into: &str, functions: &Functions, result: Document) -> Result<Document> {
    if catalog::find(cx.tx.as_read(), cx.database, into)?.is_none() {
        return Ok(result);
    }
    let key = result.get("_id").cloned().unwrap_or(Bson::Null);
    let filter = doc! { "_id": { "$eq": key.clone() } };
    let query = Query::new(&filter, Modifiers::default(), Variables::new(cx.now_ms))?;
    let mut found = find::open(cx, into, query, false)?;
    match pull(&mut found, cx)? {
        None => Ok(result),
        Some(row) => {
            let held = row.document.into_document().remove("value").unwrap_or(Bson::Null);
            let new = result.get("value").cloned().unwrap_or(Bson::Null);
            let value = reduced(functions, &key, vec![held, new])?;
            finished(functions, key, value)
        }
    }
}
