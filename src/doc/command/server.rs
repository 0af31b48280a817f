//! What a server says of itself: versions, states, sizes. Here it is one process and one file.

use super::arguments::Arguments;
use super::find::count_value;
use crate::doc::catalog;
use crate::doc::collection::Collection;
use crate::doc::{Context, Error, Result};
use crate::storage::{Catalog, Read};
use bson::{Bson, DateTime, Document, doc};

/// The version of MongoDB whose answers are given.
const LIKE: &str = "8.0.0";

/// The answer of a method of `db`; `None` if it is not one of these.
pub fn value(cx: &mut Context<'_>, args: &Arguments<'_>) -> Result<Option<Bson>> {
    let now = DateTime::from_millis(cx.now_ms);
    let document = match args.method {
        "stats" => stats(cx)?,
        "version" => return Ok(Some(Bson::String(env!("CARGO_PKG_VERSION").to_owned()))),
        "hello" | "isMaster" | "ismaster" => doc! {
            "isWritablePrimary": true,
            "maxBsonObjectSize": 16 << 20,
            "maxMessageSizeBytes": 48_000_000,
            "maxWriteBatchSize": 100_000,
            "localTime": now,
            "minWireVersion": 0,
            "maxWireVersion": 25,
            "readOnly": false,
            "ok": 1,
        },
        "serverBuildInfo" => doc! {
            "version": env!("CARGO_PKG_VERSION"),
            "like": LIKE,
            "bits": 64,
            "maxBsonObjectSize": 16 << 20,
            "ok": 1,
        },
        "serverBits" => return Ok(Some(Bson::Int32(64))),
        "serverStatus" => doc! {
            "host": "localhost",
            "version": env!("CARGO_PKG_VERSION"),
            "process": "trine",
            "pid": i64::from(std::process::id()),
            "localTime": now,
            "connections": { "current": 1, "available": 0 },
            // Every statement fetches what its cursor holds before the next begins.
            "metrics": { "cursor": { "timedOut": 0_i64, "open": { "noTimeout": 0_i64, "pinned": 0_i64, "total": 0_i64 } } },
            "ok": 1,
        },
        "hostInfo" => doc! {
            "system": { "currentTime": now, "hostname": "localhost", "cpuAddrSize": 64 },
            "os": { "type": std::env::consts::OS },
            "ok": 1,
        },
        "listCommands" => super::run::listing(),
        "commandHelp" => {
            let name = args.string(0, "command")?;
            if !super::run::is_command(name) {
                return Err(super::run::unknown(name));
            }
            doc! { "help": format!("help for: {name}: see https://www.mongodb.com/docs/manual/reference/command/{name}"), "ok": 1 }
        }
        "currentOp" => doc! { "inprog": [], "ok": 1 },
        "killOp" => {
            return Err(Error::unsupported("db.killOp()").hint("one statement runs at a time; Ctrl-C ends it"));
        }
        "getProfilingStatus" => doc! { "was": 0, "slowms": 100, "sampleRate": 1.0, "ok": 1 },
        "getProfilingLevel" => return Ok(Some(Bson::Int32(0))),
        "setProfilingLevel" => match args.get(0) {
            None | Some(Bson::Int32(0)) => doc! { "was": 0, "slowms": 100, "sampleRate": 1.0, "ok": 1 },
            Some(_) => {
                return Err(
                    Error::unsupported("profiling").hint(".explain(\"executionStats\") shows what one query costs")
                );
            }
        },
        "getLastError" => return Ok(Some(Bson::Null)),
        "getLastErrorObj" => doc! { "connectionId": 1, "err": Bson::Null, "n": 0, "ok": 1 },
        "fsyncLock" | "fsyncUnlock" => doc! { "info": "every statement is on the disk when it has answered", "ok": 1 },
        // Tutorials begin with it.
        "createUser" => doc! { "ok": 1, "note": "a trine file belongs to whoever can read it; there are no users" },
        "getUsers" => doc! { "users": [], "ok": 1 },
        "getUser" => return Ok(Some(Bson::Null)),
        "getRoles" => doc! { "roles": [], "ok": 1 },
        "printCollectionStats" => {
            let mut all = Document::new();
            for info in catalog::list(cx.tx.as_read(), cx.database)? {
                if info.view().is_none() {
                    all.insert(info.name.clone(), super::collection::stats(cx, &info.name)?);
                }
            }
            all
        }
        "help" => {
            return Ok(Some(Bson::String(
                "`:help db` lists the methods of a database, `:help NAME` shows one of them".to_owned(),
            )));
        }
        _ => return Ok(None),
    };
    Ok(Some(Bson::Document(document)))
}

/// What the collections of a database hold together.
#[derive(Debug, Clone, Copy, Default)]
pub struct Totals {
    collections: u64,
    views: u64,
    documents: u64,
    /// Bytes of documents and indexes.
    pub bytes: u64,
    data: u64,
    indexes: u64,
    index_bytes: u64,
}

/// What the collections of a database hold together.
pub fn totals(tx: &dyn Read, database: u32) -> Result<Totals> {
    let mut totals = Totals::default();
    for info in catalog::list(tx, database)? {
        if info.view().is_some() {
            totals.views += 1;
            continue;
        }
        let collection = Collection::of(tx, "", info)?;
        totals.collections += 1;
        totals.documents += collection.len();
        totals.data += collection.bytes();
        totals.indexes += collection.sizes().len() as u64;
        totals.index_bytes += collection.sizes().iter().map(|size| size.bytes).sum::<u64>();
    }
    totals.bytes = totals.data + totals.index_bytes;
    Ok(totals)
}

/// `db.stats()`
fn stats(cx: &Context<'_>) -> Result<Document> {
    let totals = totals(cx.tx.as_read(), cx.database)?;
    Ok(doc! {
        "db": cx.database_name,
        "collections": count_value(totals.collections),
        "views": count_value(totals.views),
        "objects": count_value(totals.documents),
        "avgObjSize": count_value(totals.data.checked_div(totals.documents).unwrap_or(0)),
        "dataSize": count_value(totals.data),
        "storageSize": count_value(totals.data),
        "indexes": count_value(totals.indexes),
        "indexSize": count_value(totals.index_bytes),
        "totalSize": count_value(totals.bytes),
        "ok": 1,
    })
}

/// `listDatabases`
pub fn databases(tx: &dyn Read) -> Result<Document> {
    let mut all = Vec::new();
    let mut sum = 0;
    for (name, id) in Catalog::databases(tx)? {
        let bytes = totals(tx, id)?.bytes;
        sum += bytes;
        all.push(Bson::Document(doc! { "name": name, "sizeOnDisk": count_value(bytes), "empty": bytes == 0 }));
    }
    Ok(doc! { "databases": all, "totalSize": count_value(sum), "totalSizeMb": count_value(sum >> 20), "ok": 1 })
}
