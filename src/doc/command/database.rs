//! The methods of `db`.

use super::arguments::Arguments;
use super::{create, finish, no_function, run, server};
use crate::ast::doc::ResolvedCall;
use crate::doc::catalog::{self, CollectionInfo};
use crate::doc::collection::change_of_collection;
use crate::doc::query::Filter;
use crate::doc::{Context, Error, Result};
use crate::reply::DocReply;
use crate::storage::Write;
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
    "hostInfo",
    "listCommands",
    "commandHelp",
    "printCollectionStats",
    "currentOp",
    "killOp",
    "getProfilingStatus",
    "getProfilingLevel",
    "setProfilingLevel",
    "watch",
    "getLastError",
    "getLastErrorObj",
    "serverBits",
    "fsyncLock",
    "fsyncUnlock",
    "createUser",
    "getUsers",
    "getUser",
    "getRoles",
    "help",
];

/// Methods that have no meaning here, and why.
const NOT_HERE: &[(&[&str], &str)] = &[
    (
        &[
            "updateUser",
            "changeUserPassword",
            "logout",
            "dropUser",
            "dropAllUsers",
            "auth",
            "grantRolesToUser",
            "revokeRolesFromUser",
            "createRole",
            "updateRole",
            "dropRole",
            "dropAllRoles",
            "grantRolesToRole",
            "revokeRolesFromRole",
            "grantPrivilegesToRole",
            "revokePrivilegesFromRole",
            "getRole",
        ],
        "a trine file belongs to whoever can read it; there are no users and no roles",
    ),
    (
        &[
            "printShardingStatus",
            "printSecondaryReplicationInfo",
            "printSlaveReplicationInfo",
            "getReplicationInfo",
            "printReplicationInfo",
            "setSecondaryOk",
            "setSlaveOk",
            "checkMetadataConsistency",
        ],
        "there is one file and one process: no replica set, no shards",
    ),
    (
        &["shutdownServer", "rotateCertificates", "serverCmdLineOpts", "setLogLevel", "getLogComponents", "logout"],
        "there is no server: trine opens its file itself",
    ),
    (
        &["cloneCollection", "copyDatabase", "cloneDatabase"],
        "MongoDB has removed it; db.NAME.aggregate([{ $out: { db: \"other\", coll: \"NAME\" } }]) copies a collection",
    ),
    (&["createEncryptedCollection", "sql"], "this needs services beside the server"),
    (&["eval"], "MongoDB has removed it; scripts run here: for, if, functions"),
];

/// Why a name has no meaning here.
pub fn not_here(table: &[(&[&str], &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(names, _)| names.contains(&name)).map(|(_, why)| *why)
}

/// A call on `db`.
pub fn call<'a>(mut cx: Context<'a>, call: &ResolvedCall, rest: &[ResolvedCall]) -> Result<DocReply<'a>> {
    let args = Arguments::new(call);
    if call.method == "aggregate" {
        return super::find::aggregate(cx, None, &args, rest);
    }
    finish(value(&mut cx, &args)?, rest)
}

/// The answer of a method of `db`.
pub fn value(cx: &mut Context<'_>, args: &Arguments<'_>) -> Result<Bson> {
    Ok(match args.method {
        "getCollectionNames" => names(cx)?,
        "getCollectionInfos" => infos(cx, &args.optional_document(0, "filter")?)?,
        "createCollection" => create::collection(cx, args)?,
        "createView" => create::view(cx, args)?,
        "dropDatabase" => {
            for info in catalog::list(cx.tx.as_read(), cx.database)? {
                change_of_collection(cx, &info.name, "drop", None);
            }
            drop_database(cx.tx, cx.database)?;
            change_of_collection(cx, "", "dropDatabase", None);
            Bson::Document(doc! { "ok": 1, "dropped": cx.database_name })
        }
        "getName" => Bson::String(cx.database_name.to_owned()),
        "runCommand" => run::command(cx, &command_of(args)?)?,
        "adminCommand" => run::command(cx, &command_of(args)?)?,
        method => match server::value(cx, args)? {
            Some(value) => value,
            None => return Err(unknown(method)),
        },
    })
}

/// A command is a document, or its bare name.
fn command_of(args: &Arguments<'_>) -> Result<Document> {
    match args.get(0) {
        Some(Bson::String(name)) => {
            let mut command = doc! { name.as_str(): 1 };
            command.extend(args.optional_document(1, "command")?);
            Ok(command)
        }
        _ => args.document(0, "command").cloned(),
    }
}

fn unknown(method: &str) -> Error {
    if let Some(why) = not_here(NOT_HERE, method) {
        return Error::unsupported(format!("db.{method}()")).hint(why);
    }
    if METHODS.contains(&method) {
        return Error::not_yet(format!("db.{method}()"));
    }
    let error = no_function(&format!("db.{method}"), method, METHODS);
    match error.hint {
        Some(_) => error,
        None => error.hint("a method of a collection stands behind its name: db.NAME.method(…)"),
    }
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
        "type": match (view, info.options.contains_key("timeseries")) {
            (true, _) => "view",
            (false, true) => "timeseries",
            (false, false) => "collection",
        },
        "options": info.options.clone(),
        "info": { "readOnly": view },
    };
    if let Some(index) = info.indexes.first() {
        entry.insert("idIndex", index.options.clone());
    }
    entry
}

/// The listings of the collections that match.
pub fn infos(cx: &Context<'_>, filter: &Document) -> Result<Bson> {
    let filter = Filter::new(filter)?;
    let mut entries = Vec::new();
    for info in catalog::list(cx.tx.as_read(), cx.database)? {
        let entry = listed(&info);
        if filter.matches(&entry)? {
            entries.push(Bson::Document(entry));
        }
    }
    Ok(Bson::Array(entries))
}

/// Removes all collections of a database.
pub fn drop_database(tx: &mut dyn Write, database: u32) -> Result<()> {
    for info in catalog::list(tx.as_read(), database)? {
        catalog::drop(tx, database, &info)?;
    }
    Ok(())
}
