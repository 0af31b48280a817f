//! The methods of `db`, and `show`.

use super::arguments::Arguments;
use super::find::count_value;
use super::{finish, no_function};
use crate::ast::doc::ResolvedCall;
use crate::doc::catalog::{self, CollectionInfo};
use crate::doc::collection::Collection;
use crate::doc::query::Filter;
use crate::doc::{Code, Context, Error, Result};
use crate::reply::DocReply;
use crate::storage::{Catalog, Read, Write};
use crate::text::suggest;
use bson::{Bson, Document, doc};

/// Every method of `db`.
const METHODS: &[&str] = &[
    "getCollection",
    "getCollectionNames",
    "getCollectionInfos",
    "createCollection",
    "createView",
    "dropDatabase",
    "getName",
    "stats",
    "aggregate",
    "version",
    "hello",
    "isMaster",
    "serverBuildInfo",
    "getSiblingDB",
    "getMongo",
    "runCommand",
    "adminCommand",
    "serverStatus",
    "watch",
    "listCommands",
    "currentOp",
    "createUser",
    "getUsers",
    "printCollectionStats",
    "help",
];

/// A call on `db`.
pub fn call<'a>(mut cx: Context<'a>, call: &ResolvedCall, rest: &[ResolvedCall]) -> Result<DocReply<'a>> {
    let args = Arguments::new(call);
    let cx_ref = &mut cx;
    let value = match call.method.as_str() {
        "aggregate" => return super::find::aggregate(cx, None, &args, rest),
        "getCollectionNames" => names(cx_ref)?,
        "getCollectionInfos" => infos(cx_ref, &args)?,
        "createCollection" => create_collection(cx_ref, &args)?,
        "createView" => create_view(cx_ref, &args)?,
        "dropDatabase" => {
            drop_database(cx_ref.tx, cx_ref.database)?;
            Bson::Document(doc! { "ok": 1, "dropped": cx_ref.database_name })
        }
        "getName" => Bson::String(cx_ref.database_name.to_owned()),
        "stats" => stats(cx_ref)?,
        "version" => Bson::String(env!("CARGO_PKG_VERSION").to_owned()),
        "hello" | "isMaster" => {
            Bson::Document(doc! { "isWritablePrimary": true, "maxBsonObjectSize": 16 << 20, "ok": 1 })
        }
        "serverBuildInfo" => Bson::Document(doc! { "version": env!("CARGO_PKG_VERSION"), "bits": 64, "ok": 1 }),
        "createUser" => {
            return Err(Error::not_yet("db.createUser()")
                .hint("a trine file belongs to whoever can read it; there are no users"));
        }
        method if METHODS.contains(&method) => return Err(Error::not_yet(format!("db.{method}()"))),
        method => {
            let error = no_function(&format!("db.{method}"), method, METHODS);
            return Err(match error.hint {
                Some(_) => error,
                None => error.hint("a method of a collection stands behind its name: db.NAME.method(…)"),
            });
        }
    };
    finish(value, rest)
}

fn names(cx: &Context<'_>) -> Result<Bson> {
    let all = catalog::list(cx.tx.as_read(), cx.database)?;
    Ok(Bson::Array(all.into_iter().map(|info| Bson::String(info.name)).collect()))
}

/// A collection as `getCollectionInfos` lists it.
pub fn listed(info: &CollectionInfo) -> Document {
    let view = info.view().is_some();
    let mut entry = doc! {
        "name": info.name.as_str(),
        "type": if view { "view" } else { "collection" },
        "options": info.options.clone(),
        "info": { "readOnly": view },
    };
    if let Some(index) = info.indexes.first() {
        entry.insert("idIndex", index.options.clone());
    }
    entry
}

fn infos(cx: &Context<'_>, args: &Arguments<'_>) -> Result<Bson> {
    let filter = Filter::new(&args.optional_document(0, "filter")?)?;
    let mut entries = Vec::new();
    for info in catalog::list(cx.tx.as_read(), cx.database)? {
        let entry = listed(&info);
        if filter.matches(&entry)? {
            entries.push(Bson::Document(entry));
        }
    }
    Ok(Bson::Array(entries))
}

fn create_collection(cx: &mut Context<'_>, args: &Arguments<'_>) -> Result<Bson> {
    let name = args.string(0, "collection name")?;
    let options = args.optional_document(1, "options")?;
    super::arguments::refuse_unsupported(&options)?;
    for (option, value) in &options {
        match (option.as_str(), value) {
            ("validator", Bson::Document(validator)) => {
                Filter::new(validator)?;
            }
            ("validator", _) => return Err(Error::type_mismatch("the validator must be an object")),
            (
                "validationLevel" | "validationAction" | "viewOn" | "pipeline" | "collation" | "comment"
                | "writeConcern",
                _,
            ) => {}
            ("capped", value) if !crate::doc::expression::is_true(Some(value)) => {}
            (
                "capped"
                | "size"
                | "max"
                | "timeseries"
                | "clusteredIndex"
                | "expireAfterSeconds"
                | "changeStreamPreAndPostImages",
                _,
            ) => {
                return Err(Error::not_yet(format!("the option {option} of createCollection")));
            }
            _ => {
                let error =
                    Error::new(Code::Location(40415), format!("BSON field 'create.{option}' is an unknown field."));
                return Err(error);
            }
        }
    }
    create(cx, name, options)
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
fn create_view(cx: &mut Context<'_>, args: &Arguments<'_>) -> Result<Bson> {
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
    create(cx, name, doc! { "viewOn": source, "pipeline": pipeline })
}

/// Removes all collections of a database.
pub fn drop_database(tx: &mut dyn Write, database: u32) -> Result<()> {
    for info in catalog::list(tx.as_read(), database)? {
        catalog::drop(tx, database, &info)?;
    }
    Ok(())
}

fn totals(tx: &dyn Read, database: u32) -> Result<(u64, u64, u64, u64)> {
    let (mut collections, mut documents, mut bytes, mut indexes) = (0, 0, 0, 0);
    for info in catalog::list(tx, database)? {
        indexes += info.indexes.len() as u64;
        if let Some(collection) = Collection::open(tx, database, "", &info.name)? {
            collections += 1;
            documents += collection.len();
            bytes += collection.bytes();
        }
    }
    Ok((collections, documents, bytes, indexes))
}

fn stats(cx: &Context<'_>) -> Result<Bson> {
    let (collections, documents, bytes, indexes) = totals(cx.tx.as_read(), cx.database)?;
    Ok(Bson::Document(doc! {
        "db": cx.database_name,
        "collections": count_value(collections),
        "objects": count_value(documents),
        "avgObjSize": count_value(bytes.checked_div(documents).unwrap_or(0)),
        "dataSize": count_value(bytes),
        "indexes": count_value(indexes),
        "ok": 1,
    }))
}

/// `show dbs`, `show collections` …
pub fn show<'a>(cx: Context<'a>, what: &str) -> Result<DocReply<'a>> {
    let tx = cx.tx.as_read();
    match what {
        "dbs" | "databases" => {
            let mut entries = Vec::new();
            for (name, id) in Catalog::databases(tx)? {
                let (_, _, bytes, _) = totals(tx, id)?;
                entries.push((name, Some(readable(bytes))));
            }
            Ok(DocReply::Listing(entries))
        }
        "collections" | "tables" => {
            let all = catalog::list(tx, cx.database)?;
            let entry = |info: CollectionInfo| {
                let kind = info.view().map(|_| "[view]".to_owned());
                (info.name, kind)
            };
            Ok(DocReply::Listing(all.into_iter().map(entry).collect()))
        }
        "users" | "roles" | "profile" | "logs" | "log" => Ok(DocReply::Listing(Vec::new())),
        other => {
            let known = ["dbs", "databases", "collections", "tables", "users", "profile"];
            let error = Error::new(
                Code::InvalidArgument,
                format!("[COMMON-10001] '{other}' is not a valid argument for \"show\"."),
            );
            let near = suggest::nearest(other, known, 1);
            Err(error.hint(match near.first() {
                Some(near) => format!("did you mean show {near}?"),
                None => "show dbs, show collections, show users, show profile".to_owned(),
            }))
        }
    }
}

/// Bytes for people: `40.00 KiB`.
fn readable(bytes: u64) -> String {
    let mut size = bytes as f64;
    for unit in ["B", "KiB", "MiB", "GiB"] {
        if size < 1024.0 {
            return if unit == "B" { format!("{bytes} B") } else { format!("{size:.2} {unit}") };
        }
        size /= 1024.0;
    }
    format!("{size:.2} TiB")
}
