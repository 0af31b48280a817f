//! `show dbs`, `show collections` …

use super::server::totals;
use crate::doc::catalog::{self, CollectionInfo};
use crate::doc::{Code, Context, Error, Result};
use crate::reply::DocReply;
use crate::storage::Catalog;
use crate::text::suggest;

/// `show dbs`, `show collections` …
pub fn show<'a>(cx: Context<'a>, what: &str) -> Result<DocReply<'a>> {
    let tx = cx.tx.as_read();
    match what {
        "dbs" | "databases" => {
            let mut entries = Vec::new();
            for (name, id) in Catalog::databases(tx)? {
                entries.push((name, Some(readable(totals(tx, id)?.bytes))));
            }
            Ok(DocReply::Listing(entries))
        }
        "collections" | "tables" => {
            let all = catalog::list(tx, cx.database)?;
            let entry = |info: CollectionInfo| {
                let kind = match (info.view(), info.options.contains_key("timeseries")) {
                    (Some(_), _) => Some("[view]".to_owned()),
                    (None, true) => Some("[time-series]".to_owned()),
                    (None, false) => None,
                };
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
