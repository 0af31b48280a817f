//! Change events (MongoDB manual, "Change Events"), for those who watch.
//!
//! Events hold the whole document, and the one before, whatever was asked for: a change stream leaves out what it
//! was not asked for.

use crate::doc::Context;
use crate::exchange::{Change, Signal};
use crate::value::raw::RawDocument;
use bson::{Bson, DateTime, Document, Timestamp, doc};
use std::sync::Arc;

/// A document is new.
pub(super) fn inserted(cx: &mut Context<'_>, collection: &str, document: Document) {
    tell(cx, collection, "insert", |event| {
        event.insert("documentKey", key(&document));
        event.insert("fullDocument", document);
    });
}

/// A document has become another one.
pub(super) fn replaced(cx: &mut Context<'_>, collection: &str, old: RawDocument<'_>, new: &Document, whole: bool) {
    tell(cx, collection, if whole { "replace" } else { "update" }, |event| {
        let old = old.to_document();
        event.insert("documentKey", key(new));
        if !whole {
            let mut changes = Changes::default();
            changes.documents(&old, new, "");
            event.insert(
                "updateDescription",
                doc! {
                    "updatedFields": changes.updated,
                    "removedFields": changes.removed,
                    "truncatedArrays": changes.truncated,
                },
            );
        }
        event.insert("fullDocument", new.clone());
        event.insert("fullDocumentBeforeChange", old);
    });
}

/// A document is gone.
pub(super) fn removed(cx: &mut Context<'_>, collection: &str, old: RawDocument<'_>) {
    tell(cx, collection, "delete", |event| {
        let old = old.to_document();
        event.insert("documentKey", key(&old));
        event.insert("fullDocumentBeforeChange", old);
    });
}

/// A collection is gone, or has another name; with no collection, the database is gone.
pub fn of_collection(cx: &mut Context<'_>, collection: &str, kind: &str, to: Option<&str>) {
    let database = cx.database_name.to_owned();
    tell(cx, collection, kind, |event| {
        if let Some(to) = to {
            event.insert("to", doc! { "db": database, "coll": to });
        }
    });
}

fn key(document: &Document) -> Document {
    doc! { "_id": document.get("_id").cloned().unwrap_or(Bson::Null) }
}

fn tell(cx: &mut Context<'_>, collection: &str, kind: &str, describe: impl FnOnce(&mut Document)) {
    let Some(signals) = &mut cx.changes else { return };
    let number = u32::try_from(signals.len() + 1).unwrap_or(u32::MAX);
    let time = u32::try_from(cx.now_ms.div_euclid(1000)).unwrap_or_default();
    let mut ns = doc! { "db": cx.database_name };
    if !collection.is_empty() {
        ns.insert("coll", collection);
    }
    let mut event = doc! {
        "_id": { "_data": format!("82{:016X}{number:08X}", cx.now_ms) },
        "operationType": kind,
        "clusterTime": Timestamp { time, increment: number },
        "wallTime": DateTime::from_millis(cx.now_ms),
    };
    let mut rest = Document::new();
    describe(&mut rest);
    // In the order that the server writes them.
    if let Some(full) = rest.remove("fullDocument") {
        event.insert("fullDocument", full);
    }
    event.insert("ns", ns);
    event.extend(rest);
    signals.push(Signal::Change(Arc::new(Change {
        database: cx.database_name.to_owned(),
        collection: collection.to_owned(),
        event,
    })));
}

/// What an update has changed.
#[derive(Default)]
struct Changes {
    updated: Document,
    removed: Vec<String>,
    truncated: Vec<Bson>,
}

impl Changes {
    fn documents(&mut self, old: &Document, new: &Document, prefix: &str) {
        for (name, value) in new {
            let path = format!("{prefix}{name}");
            match old.get(name) {
                Some(before) => self.values(before, value, path),
                None => drop(self.updated.insert(path, value.clone())),
            }
        }
        self.removed.extend(old.keys().filter(|name| !new.contains_key(*name)).map(|name| format!("{prefix}{name}")));
    }

    fn values(&mut self, old: &Bson, new: &Bson, path: String) {
        match (old, new) {
            (old, new) if old == new => {}
            (Bson::Document(old), Bson::Document(new)) if !old.is_empty() && !new.is_empty() => {
                self.documents(old, new, &format!("{path}."));
            }
            (Bson::Array(old), Bson::Array(new)) if !old.is_empty() && new.len() >= old.len() => {
                let kept = old.iter().zip(new).all(|(old, new)| old == new);
                let inside = old.len() == new.len() && old.iter().zip(new).filter(|(old, new)| old != new).count() == 1;
                if !kept && !inside {
                    self.updated.insert(path, new.clone());
                    return;
                }
                for (at, value) in new.iter().enumerate() {
                    let path = format!("{path}.{at}");
                    match old.get(at) {
                        Some(before) => self.values(before, value, path),
                        None => drop(self.updated.insert(path, value.clone())),
                    }
                }
            }
            (_, new) => drop(self.updated.insert(path, new.clone())),
        }
    }
}
