//! mongosh's methods: which one is called, with what, and what it answers.

mod arguments;
mod bulk;
mod collection;
mod count;
mod create;
mod cursor;
mod database;
mod delete;
mod explain;
mod find;
mod find_and_modify;
mod index;
mod insert;
mod map_reduce;
mod parameter;
mod run;
mod server;
mod show;
mod update;

pub use database::drop_database;
pub use show::show;

use super::aggregate::row::Input;
use super::plan::Verbosity;
use super::{Code, Context, Error, Result, catalog, expiry};
use crate::ast::doc::{ResolvedCall, ResolvedChain};
use crate::reply::DocReply;
use crate::text::suggest;
use arguments::Arguments;
use bson::Bson;
use find::Query;

/// Every method of a collection.
const COLLECTION_METHODS: &[&str] = &[
    "find",
    "findOne",
    "insertOne",
    "insertMany",
    "insert",
    "save",
    "updateOne",
    "updateMany",
    "update",
    "replaceOne",
    "deleteOne",
    "deleteMany",
    "remove",
    "findOneAndUpdate",
    "findOneAndReplace",
    "findOneAndDelete",
    "findAndModify",
    "bulkWrite",
    "aggregate",
    "countDocuments",
    "count",
    "estimatedDocumentCount",
    "distinct",
    "drop",
    "renameCollection",
    "createIndex",
    "createIndexes",
    "ensureIndex",
    "getIndexes",
    "getIndices",
    "getIndexKeys",
    "getIndexSpecs",
    "dropIndex",
    "dropIndexes",
    "hideIndex",
    "unhideIndex",
    "reIndex",
    "stats",
    "dataSize",
    "storageSize",
    "totalSize",
    "totalIndexSize",
    "validate",
    "exists",
    "isCapped",
    "getName",
    "getFullName",
    "getDB",
    "explain",
    "watch",
    "mapReduce",
    "convertToCapped",
    "help",
    "getMongo",
    "initializeOrderedBulkOp",
    "initializeUnorderedBulkOp",
    "runCommand",
    "latencyStats",
];

/// Runs a chain of calls.
pub fn execute<'a>(cx: Context<'a>, chain: &ResolvedChain) -> Result<DocReply<'a>> {
    let Some((first, rest)) = chain.calls.split_first() else {
        // A bare `db` is the database's name, a bare `db.users` the collection's full name.
        let name = match &chain.collection {
            None => cx.database_name.to_owned(),
            Some(collection) => format!("{}.{collection}", cx.database_name),
        };
        return Ok(DocReply::Value(Bson::String(name)));
    };
    let span = first.span;
    let result = match &chain.collection {
        None => database::call(cx, first, rest),
        Some(name) => collection_call(cx, name, first, rest),
    };
    result.map_err(|error| error.at(span))
}

/// Opens the query of a chain: `find` or `aggregate` and what is asked of them.
pub fn open(cx: &mut Context<'_>, chain: &ResolvedChain) -> Result<Input> {
    let Some((first, rest)) = chain.calls.split_first() else {
        return Err(Error::bad_value("this is no query"));
    };
    let args = Arguments::new(first);
    let opened = match (&chain.collection, first.method.as_str()) {
        (Some(name), "find") => {
            used(cx, name)?;
            Query::from_arguments(cx, &args).and_then(|mut query| {
                query.read_calls(&format!("db.{name}.find()"), rest)?;
                find::open(cx, name, query, false)
            })
        }
        (name, "aggregate") => {
            if let Some(name) = name {
                used(cx, name)?;
            }
            find::open_pipeline(cx, name.as_deref(), &args, rest).map(|(top, _)| top)
        }
        _ => Err(Error::bad_value("this is no query")),
    };
    opened.map_err(|error| error.at(first.span))
}

pub use arguments::{collation, named_collation};
pub use collection::{latency, stats};

/// What is done whenever a collection is used: its collation is that of the statement, documents that have expired
/// go.
fn used(cx: &mut Context<'_>, name: &str) -> Result<()> {
    match catalog::find(cx.tx.as_read(), cx.database, name)? {
        Some(info) => {
            cx.collation = info.collation()?;
            expiry::sweep(cx, &info)
        }
        None => Ok(()),
    }
}

fn collection_call<'a>(
    mut cx: Context<'a>,
    name: &str,
    call: &ResolvedCall,
    rest: &[ResolvedCall],
) -> Result<DocReply<'a>> {
    let args = Arguments::new(call);
    used(&mut cx, name)?;
    match call.method.as_str() {
        "find" => find::find(cx, name, &args, rest),
        "aggregate" => find::aggregate(cx, Some(name), &args, rest),
        "explain" => Ok(DocReply::Value(explain::chain(&mut cx, name, rest, Verbosity::of(args.get(0)))?)),
        _ => finish(value(&mut cx, name, &args)?, rest),
    }
}

/// The answer of a method of a collection that answers no cursor.
fn value(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    Ok(match args.method {
        "findOne" => find::find_one(cx, name, args)?,
        "insertOne" => insert::insert_one(cx, name, args)?,
        "insertMany" => insert::insert_many(cx, name, args)?,
        "insert" => insert::insert(cx, name, args)?,
        "save" => insert::save(cx, name, args)?,
        "updateOne" => update::update(cx, name, args, false)?,
        "updateMany" => update::update(cx, name, args, true)?,
        "update" => update::legacy(cx, name, args)?,
        "replaceOne" => update::replace_one(cx, name, args)?,
        "deleteOne" => delete::delete(cx, name, args, false)?,
        "deleteMany" => delete::delete(cx, name, args, true)?,
        "remove" => delete::legacy(cx, name, args)?,
        "findOneAndUpdate" => find_and_modify::update(cx, name, args)?,
        "findOneAndReplace" => find_and_modify::replace(cx, name, args)?,
        "findOneAndDelete" => find_and_modify::delete(cx, name, args)?,
        "findAndModify" => find_and_modify::legacy(cx, name, args)?,
        "bulkWrite" => bulk::bulk_write(cx, name, args)?,
        "countDocuments" => count::count_documents(cx, name, args)?,
        "count" => count::count(cx, name, args)?,
        "estimatedDocumentCount" => count::estimated(cx, name)?,
        "distinct" => count::distinct(cx, name, args)?,
        "mapReduce" => map_reduce::map_reduce(cx, name, args)?,
        "drop" => collection::drop(cx, name)?,
        "renameCollection" => collection::rename(cx, name, args)?,
        "stats" => collection::stats(cx, name)?,
        "dataSize" | "storageSize" | "totalSize" | "totalIndexSize" => collection::size(cx, name, args.method)?,
        "validate" => collection::validate(cx, name)?,
        "exists" => collection::exists(cx, name)?,
        "isCapped" => collection::is_capped(cx, name)?,
        "convertToCapped" => create::convert_to_capped(cx, name, args)?,
        "latencyStats" => collection::latency(cx, name),
        "runCommand" => run::on_collection(cx, name, args)?,
        "help" => Bson::String(
            "`:help collection` lists the methods of a collection, `:help NAME` shows one of them".to_owned(),
        ),
        "getName" => Bson::String(name.to_owned()),
        "getFullName" => Bson::String(format!("{}.{name}", cx.database_name)),
        "getDB" => Bson::String(cx.database_name.to_owned()),
        "createIndex" | "ensureIndex" => index::create_index(cx, name, args)?,
        "createIndexes" => index::create_indexes(cx, name, args)?,
        "getIndexes" | "getIndices" | "getIndexSpecs" => index::get_indexes(cx, name)?,
        "getIndexKeys" => index::get_index_keys(cx, name)?,
        "dropIndex" => index::drop_index(cx, name, args)?,
        "dropIndexes" => index::drop_indexes(cx, name, args)?,
        "hideIndex" => index::set_hidden(cx, name, args, true)?,
        "unhideIndex" => index::set_hidden(cx, name, args, false)?,
        "reIndex" => index::rebuild(cx, name)?,
        method => return Err(unknown(name, method)),
    })
}

/// Methods that have no meaning here, and why.
const NOT_HERE: &[(&[&str], &str)] = &[
    (
        &[
            "getShardVersion",
            "getShardDistribution",
            "getShardLocation",
            "analyzeShardKey",
            "configureQueryAnalyzer",
            "checkMetadataConsistency",
        ],
        "there is one file and one process: no shards",
    ),
    (
        &[
            "getSearchIndexes",
            "createSearchIndexes",
            "createSearchIndex",
            "dropSearchIndex",
            "updateSearchIndex",
            "compactStructuredEncryptionData",
        ],
        "this needs services beside the server; a text index serves $text: createIndex({ title: \"text\" })",
    ),
    (&["getPlanCache"], "plans are chosen anew for each query; explain() shows them"),
    (&["group", "copyTo"], "MongoDB has removed it; aggregate([{ $group: … }]) and [{ $out: … }] do the same"),
];

fn unknown(name: &str, method: &str) -> Error {
    if let Some(why) = database::not_here(NOT_HERE, method) {
        return Error::unsupported(format!("db.{name}.{method}()")).hint(why);
    }
    no_function(&format!("db.{name}.{method}"), method, COLLECTION_METHODS)
}

/// The answer of a method that gives a value: nothing stands behind it.
fn finish<'a>(value: Bson, rest: &[ResolvedCall]) -> Result<DocReply<'a>> {
    match rest.first() {
        None => Ok(DocReply::Value(value)),
        Some(call) => Err(no_function(&call.method, &call.method, &[]).at(call.span)),
    }
}

/// `db.foo.bar is not a function`, with the nearest names.
fn no_function(what: &str, typed: &str, known: &[&'static str]) -> Error {
    let error = Error::new(Code::TypeError, format!("{what} is not a function"));
    let near = suggest::nearest(typed, known.iter().copied(), 2);
    if near.is_empty() { error } else { error.hint(format!("did you mean {}?", near.join(" or "))) }
}

/// Explains a chain instead of running it.
pub fn explain<'a>(cx: Context<'a>, chain: &ResolvedChain) -> Result<DocReply<'a>> {
    match (&chain.collection, chain.calls.first()) {
        (Some(name), Some(first)) => {
            let mut cx = cx;
            let answer = explain::chain(&mut cx, name, &chain.calls, Verbosity::Planner);
            answer.map(DocReply::Value).map_err(|error| error.at(first.span))
        }
        _ => Err(Error::bad_value("only calls on a collection can be explained")),
    }
}
