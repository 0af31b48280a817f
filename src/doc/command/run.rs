//! `runCommand`: the commands of the server, which the methods of mongosh stand on.

use super::arguments::Arguments;
use super::find::{Query, count_value};
use super::{create, database, delete, insert, server, update};
use crate::doc::aggregate::row::{Input, pull};
use crate::doc::catalog;
use crate::doc::update::Update;
use crate::doc::{Code, Context, Error, Result, aggregate};
use crate::text::suggest;
use bson::{Bson, Document, doc};

/// Every command.
const COMMANDS: &[&str] = &[
    "aggregate",
    "buildInfo",
    "collMod",
    "collStats",
    "connectionStatus",
    "convertToCapped",
    "count",
    "create",
    "createIndexes",
    "currentOp",
    "dbStats",
    "delete",
    "distinct",
    "drop",
    "dropDatabase",
    "dropIndexes",
    "explain",
    "find",
    "findAndModify",
    "getParameter",
    "hello",
    "hostInfo",
    "insert",
    "isMaster",
    "killCursors",
    "listCollections",
    "listCommands",
    "listDatabases",
    "listIndexes",
    "mapReduce",
    "ping",
    "profile",
    "reIndex",
    "renameCollection",
    "serverStatus",
    "setParameter",
    "update",
    "usersInfo",
    "validate",
    "whatsmyuri",
];

/// Whether a command is known.
pub fn is_command(name: &str) -> bool {
    COMMANDS.contains(&name)
}

/// `listCommands`
pub fn listing() -> Document {
    let commands: Document = COMMANDS.iter().map(|name| ((*name).to_owned(), Bson::Document(doc! {}))).collect();
    doc! { "commands": commands, "ok": 1 }
}

/// The error of a command that is not there.
pub fn unknown(name: &str) -> Error {
    let error = Error::new(Code::CommandNotFound, format!("no such command: '{name}'"));
    match suggest::nearest(name, COMMANDS.iter().copied(), 1).first() {
        Some(near) => error.hint(format!("did you mean {near}?")),
        None if name.starts_with("repl") || name.contains("Shard") => {
            error.hint("there is one file and one process: no replica set, no shards")
        }
        None => error.hint("db.listCommands() names the commands"),
    }
}

/// `db.users.runCommand(name, options)`
pub fn on_collection(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let given = match args.get(0) {
        Some(Bson::String(command)) => {
            let mut given = doc! { command.as_str(): name };
            given.extend(args.optional_document(1, "options")?);
            given
        }
        _ => args.document(0, "command")?.clone(),
    };
    command(cx, &given)
}

/// A command, by the names of its fields.
struct Command<'c> {
    given: &'c Document,
    name: &'c str,
}

impl Command<'_> {
    /// The collection that the command is about.
    fn collection(&self) -> Result<&str> {
        match self.given.get(self.name) {
            Some(Bson::String(name)) if !name.is_empty() => Ok(name),
            _ => Err(Error::new(
                Code::InvalidNamespace,
                format!("collection name has invalid type: the value of {} must be its name", self.name),
            )),
        }
    }

    fn document(&self, field: &str) -> Result<Document> {
        match self.given.get(field) {
            None | Some(Bson::Null) => Ok(Document::new()),
            Some(Bson::Document(document)) => Ok(document.clone()),
            Some(_) => Err(Error::type_mismatch(format!("BSON field '{}.{field}' must be an object", self.name))),
        }
    }

    fn documents(&self, field: &str) -> Result<Vec<Document>> {
        let wrong = || Error::type_mismatch(format!("BSON field '{}.{field}' must be an array of objects", self.name));
        match self.given.get(field) {
            Some(Bson::Array(items)) => {
                items.iter().map(|item| item.as_document().cloned().ok_or_else(wrong)).collect()
            }
            _ => Err(wrong()),
        }
    }

    /// The fields of the command that are options of the method.
    fn options(&self, names: &[&str]) -> Document {
        let known = self.given.iter().filter(|(name, _)| names.contains(&name.as_str()));
        known.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

/// Runs a command.
pub fn command(cx: &mut Context<'_>, given: &Document) -> Result<Bson> {
    let Some(name) = given.keys().next() else { return Err(Error::bad_value("a command has at least its name")) };
    let command = Command { given, name };
    if let Some(answer) = of_database(cx, &command)? {
        return Ok(answer);
    }
    if !COMMANDS.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return Err(unknown(name));
    }
    let collection = command.collection()?;
    super::used(cx, collection)?;
    let call = |cx: &mut Context<'_>, method: &str, values: &[Bson]| {
        super::value(cx, collection, &Arguments { method, values })
    };
    let ok = |mut document: Document| {
        document.insert("ok", 1);
        Ok(Bson::Document(document))
    };
    match name.to_ascii_lowercase().as_str() {
        "find" => {
            let options = command.options(&[
                "sort",
                "skip",
                "limit",
                "projection",
                "hint",
                "min",
                "max",
                "let",
                "collation",
                "returnKey",
                "showRecordId",
                "allowDiskUse",
            ]);
            let values = [Bson::Document(command.document("filter")?), Bson::Null, Bson::Document(options)];
            let query = Query::from_arguments(cx, &Arguments { method: "find", values: &values })?;
            let top = super::find::open(cx, collection, query, false)?;
            batch(cx, top, collection)
        }
        "count" => {
            let options = command.options(&["limit", "skip", "hint", "collation"]);
            let n = call(cx, "count", &[Bson::Document(command.document("query")?), Bson::Document(options)])?;
            ok(doc! { "n": n })
        }
        "distinct" => {
            let key = given.get("key").cloned().unwrap_or(Bson::Null);
            let values = call(cx, "distinct", &[key, Bson::Document(command.document("query")?)])?;
            ok(doc! { "values": values })
        }
        "insert" => {
            let documents = command.documents("documents")?;
            insert::insert_all(cx, collection, &documents)?;
            ok(doc! { "n": count_value(documents.len() as u64) })
        }
        "update" => update_command(cx, collection, &command),
        "delete" => {
            let mut n = 0;
            for part in command.documents("deletes")? {
                let filter = part.get_document("q").cloned().unwrap_or_default();
                let many = crate::value::construct::number(part.get("limit")).unwrap_or(0.0) == 0.0;
                let options = update::Options::new(cx, &part)?;
                n += delete::run(cx, collection, &Query::new(&filter, options.modifiers, options.variables)?, many)?;
            }
            ok(doc! { "n": count_value(n) })
        }
        "findandmodify" => {
            let mut options = given.clone();
            options.remove(name);
            let value = call(cx, "findAndModify", &[Bson::Document(options)])?;
            let found = !matches!(value, Bson::Null);
            ok(doc! { "lastErrorObject": { "n": i32::from(found), "updatedExisting": found }, "value": value })
        }
        "createindexes" => {
            let before = index_count(cx, collection)?;
            for mut spec in command.documents("indexes")? {
                let key = spec.remove("key").unwrap_or(Bson::Null);
                call(cx, "createIndex", &[key, Bson::Document(spec)])?;
            }
            ok(doc! {
                "numIndexesBefore": before,
                "numIndexesAfter": index_count(cx, collection)?,
                "createdCollectionAutomatically": before == 0,
            })
        }
        "listindexes" => {
            if catalog::find(cx.tx.as_read(), cx.database, collection)?.is_none() {
                return Err(Error::new(
                    Code::NamespaceNotFound,
                    format!("ns does not exist: {}.{collection}", cx.database_name),
                ));
            }
            let indexes = call(cx, "getIndexes", &[])?;
            ok(doc! { "cursor": first_batch(cx, indexes, collection) })
        }
        "dropindexes" => {
            let which = given.get("index").cloned().unwrap_or(Bson::String("*".to_owned()));
            call(cx, "dropIndexes", &[which])
        }
        "mapreduce" => {
            let mut options = given.clone();
            options.remove(name);
            let parts = [options.remove("map"), options.remove("reduce")].map(|part| part.unwrap_or(Bson::Null));
            let [map, reduce] = parts;
            call(cx, "mapReduce", &[map, reduce, Bson::Document(options)])
        }
        "create" => {
            let mut options = given.clone();
            options.remove(name);
            let values = [Bson::String(collection.to_owned()), Bson::Document(options)];
            create::collection(cx, &Arguments { method: "createCollection", values: &values })
        }
        "collmod" => create::modify(cx, collection, given),
        "drop" => {
            if catalog::find(cx.tx.as_read(), cx.database, collection)?.is_none() {
                return Err(Error::new(Code::NamespaceNotFound, "ns not found"));
            }
            call(cx, "drop", &[])?;
            ok(doc! { "ns": format!("{}.{collection}", cx.database_name) })
        }
        "collstats" => call(cx, "stats", &[]),
        "validate" => call(cx, "validate", &[]),
        "reindex" => call(cx, "reIndex", &[]),
        "converttocapped" => call(cx, "convertToCapped", &[given.get("size").cloned().unwrap_or(Bson::Null)]),
        other => Err(Error::not_yet(format!("the command {other}"))),
    }
}

/// Commands that are about no collection, or name it in a way of their own.
fn of_database(cx: &mut Context<'_>, command: &Command<'_>) -> Result<Option<Bson>> {
    let method = match command.name.to_ascii_lowercase().as_str() {
        "hello" | "ismaster" => "hello",
        "buildinfo" => "serverBuildInfo",
        "serverstatus" => "serverStatus",
        "hostinfo" => "hostInfo",
        "listcommands" => "listCommands",
        "currentop" => "currentOp",
        "dbstats" => "stats",
        "dropdatabase" => "dropDatabase",
        "ping" => return Ok(Some(Bson::Document(doc! { "ok": 1 }))),
        "killcursors" | "endsessions" => return Ok(Some(Bson::Document(doc! { "ok": 1 }))),
        "profile" => return Ok(Some(Bson::Document(doc! { "was": 0, "slowms": 100, "ok": 1 }))),
        "usersinfo" => return Ok(Some(Bson::Document(doc! { "users": [], "ok": 1 }))),
        "whatsmyuri" => return Ok(Some(Bson::Document(doc! { "you": "127.0.0.1", "ok": 1 }))),
        "connectionstatus" => {
            return Ok(Some(Bson::Document(doc! {
                "authInfo": { "authenticatedUsers": [], "authenticatedUserRoles": [] }, "ok": 1,
            })));
        }
        "getparameter" => return super::parameter::get(cx, command.given).map(Some),
        "setparameter" => return super::parameter::set(cx, command.given).map(Some),
        "listdatabases" => return server::databases(cx.tx.as_read()).map(|all| Some(Bson::Document(all))),
        "listcollections" => {
            let infos = database::infos(cx, &command.document("filter")?)?;
            let cursor = first_batch(cx, infos, "$cmd.listCollections");
            return Ok(Some(Bson::Document(doc! { "cursor": cursor, "ok": 1 })));
        }
        "renamecollection" => {
            let inside = |value: Option<&Bson>| {
                let full = value.and_then(Bson::as_str).unwrap_or_default();
                match full.split_once('.') {
                    Some((database, name)) if database == cx.database_name || cx.database_name == "admin" => {
                        Ok((database.to_owned(), name.to_owned()))
                    }
                    Some(_) => Err(Error::unsupported("renaming a collection into another database")
                        .hint("aggregate([{ $out: { db: \"other\", coll: \"name\" } }]) copies it")),
                    None => Err(Error::new(Code::InvalidNamespace, format!("Invalid namespace specified '{full}'"))),
                }
            };
            let from = inside(command.given.get(command.name))?;
            let to = inside(command.given.get("to"))?;
            if from.0 != to.0 || from.0 != cx.database_name {
                return Err(Error::unsupported("renaming a collection of another database")
                    .hint("`use NAME` first: the command is about the current database"));
            }
            let values = [Bson::String(to.1), command.given.get("dropTarget").cloned().unwrap_or(Bson::Boolean(false))];
            let answer =
                super::collection::rename(cx, &from.1, &Arguments { method: "renameCollection", values: &values })?;
            return Ok(Some(answer));
        }
        "aggregate" => return aggregate_command(cx, command).map(Some),
        "explain" => return explain_command(cx, command).map(Some),
        _ => return Ok(None),
    };
    database::value(cx, &Arguments { method, values: &[] }).map(Some)
}

fn aggregate_command(cx: &mut Context<'_>, command: &Command<'_>) -> Result<Bson> {
    let collection = command.given.get("aggregate").and_then(Bson::as_str);
    let stages: Vec<Bson> = command.documents("pipeline")?.into_iter().map(Bson::Document).collect();
    if let Some(name) = collection {
        super::used(cx, name)?;
        if command.given.get_bool("explain").unwrap_or(false) {
            return super::explain::pipeline(cx, name, &stages, command.given, crate::doc::plan::Verbosity::Planner);
        }
    }
    let options = command.options(&["let", "hint", "collation", "allowDiskUse"]);
    let top = aggregate::open(cx, collection, &stages, &options)?;
    batch(cx, top, collection.unwrap_or("$cmd.aggregate"))
}

/// `{ explain: { find: … }, verbosity: … }`
fn explain_command(cx: &mut Context<'_>, command: &Command<'_>) -> Result<Bson> {
    let inner = command.document("explain")?;
    let verbosity = crate::doc::plan::Verbosity::of(command.given.get("verbosity"));
    let Some((name, Bson::String(collection))) = inner.iter().next() else {
        return Err(Error::bad_value("explain needs a command: { explain: { find: \"name\" } }"));
    };
    let part = |field: &str| inner.get(field).cloned().unwrap_or(Bson::Document(Document::new()));
    let first = |field: &str| match inner.get_array(field).ok().and_then(|parts| parts.first()) {
        Some(Bson::Document(part)) => part.get("q").cloned().unwrap_or(Bson::Null),
        _ => Bson::Document(Document::new()),
    };
    let options = Bson::Document(
        inner.iter().filter(|(name, _)| *name != "filter").map(|(name, value)| (name.clone(), value.clone())).collect(),
    );
    let (method, args) = match name.as_str() {
        "find" => ("find", vec![part("filter"), Bson::Null, options]),
        "count" => ("count", vec![part("query")]),
        "distinct" => ("distinct", vec![part("key"), part("query")]),
        "aggregate" => ("aggregate", vec![inner.get("pipeline").cloned().unwrap_or(Bson::Array(Vec::new()))]),
        "update" => ("updateMany", vec![first("updates")]),
        "delete" => ("deleteMany", vec![first("deletes")]),
        other => return Err(Error::unsupported(format!("explaining the command {other}"))),
    };
    let call = crate::ast::doc::ResolvedCall { method: method.to_owned(), args, span: crate::text::Span::new(0, 0) };
    super::explain::chain(cx, collection, &[call], verbosity)
}

fn update_command(cx: &mut Context<'_>, collection: &str, command: &Command<'_>) -> Result<Bson> {
    let (mut n, mut modified, mut upserted) = (0, 0, Vec::new());
    for (at, part) in command.documents("updates")?.iter().enumerate() {
        let options = update::Options::new(cx, part)?;
        let change = part.get("u").ok_or_else(|| Error::failed_to_parse("an update needs its 'u'"))?;
        let request = update::Request {
            update: Update::any(change, &options.array_filters, &options.variables)?,
            query: Query::new(
                &part.get_document("q").cloned().unwrap_or_default(),
                options.modifiers,
                options.variables,
            )?,
            many: part.get_bool("multi").unwrap_or(false),
            upsert: options.upsert,
        };
        let outcome = update::run(cx, collection, &request)?;
        n += outcome.matched;
        modified += outcome.modified;
        if let Some(id) = outcome.upserted {
            n += 1;
            upserted.push(Bson::Document(doc! { "index": at as i32, "_id": id }));
        }
    }
    let mut answer = doc! { "n": count_value(n), "nModified": count_value(modified) };
    if !upserted.is_empty() {
        answer.insert("upserted", upserted);
    }
    answer.insert("ok", 1);
    Ok(Bson::Document(answer))
}

fn index_count(cx: &Context<'_>, collection: &str) -> Result<i32> {
    Ok(catalog::find(cx.tx.as_read(), cx.database, collection)?.map_or(0, |info| info.indexes.len() as i32))
}

/// All documents as one batch of a cursor.
fn batch(cx: &mut Context<'_>, mut top: Input, collection: &str) -> Result<Bson> {
    let mut all = Vec::new();
    while let Some(row) = pull(&mut top, cx)? {
        all.push(Bson::Document(row.document.into_document()));
    }
    let cursor = first_batch(cx, Bson::Array(all), collection);
    Ok(Bson::Document(doc! { "cursor": cursor, "ok": 1 }))
}

fn first_batch(cx: &Context<'_>, documents: Bson, collection: &str) -> Document {
    doc! { "firstBatch": documents, "id": 0_i64, "ns": format!("{}.{collection}", cx.database_name) }
}
