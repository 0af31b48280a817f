//! `drop renameCollection stats dataSize validate exists`.

use super::arguments::Arguments;
use super::find::count_value;
use crate::doc::catalog;
use crate::doc::collection::{Collection, change_of_collection};
use crate::doc::plan::Search;
use crate::doc::{Code, Context, Error, Result, layout};
use crate::storage::{Direction, KeyRange};
use bson::{Bson, Document, doc};
use std::ops::ControlFlow;

/// `drop()`: whether there was such a collection.
pub fn drop(cx: &mut Context<'_>, name: &str) -> Result<Bson> {
    match catalog::find(cx.tx.as_read(), cx.database, name)? {
        Some(info) => {
            catalog::drop(cx.tx, cx.database, &info)?;
            change_of_collection(cx, name, "drop", None);
            Ok(Bson::Boolean(true))
        }
        // Since MongoDB 7 the server answers ok for a missing collection too.
        None => Ok(Bson::Boolean(true)),
    }
}

/// Views cannot be written.
pub fn refuse_view(collection: &Collection) -> Result<()> {
    match collection.info.view() {
        None => Ok(()),
        Some(_) => Err(Error::new(
            Code::CommandNotSupportedOnView,
            format!("Namespace {} is a view, not a collection", collection.namespace()),
        )),
    }
}

/// `renameCollection(name, dropTarget)`
pub fn rename(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let to = args.string(0, "new name")?;
    let Some(mut info) = catalog::find(cx.tx.as_read(), cx.database, name)? else {
        return Err(Error::new(
            Code::NamespaceNotFound,
            format!("Source collection {}.{name} does not exist", cx.database_name),
        ));
    };
    if to == name {
        return Err(Error::new(Code::IllegalOperation, "Can't rename a collection to itself"));
    }
    if let Some(target) = catalog::find(cx.tx.as_read(), cx.database, to)? {
        if !matches!(args.get(1), Some(Bson::Boolean(true))) {
            return Err(Error::new(Code::NamespaceExists, "target namespace exists"));
        }
        catalog::drop(cx.tx, cx.database, &target)?;
    }
    catalog::rename(cx.tx, cx.database, &mut info, to)?;
    change_of_collection(cx, name, "rename", Some(to));
    Ok(Bson::Document(doc! { "ok": 1 }))
}

fn open(cx: &Context<'_>, name: &str) -> Result<Option<Collection>> {
    Collection::open(cx, name)
}

/// `stats()`
pub fn stats(cx: &mut Context<'_>, name: &str) -> Result<Bson> {
    let namespace = format!("{}.{name}", cx.database_name);
    let Some(collection) = open(cx, name)? else {
        return Ok(Bson::Document(doc! {
            "ok": 1, "ns": namespace, "size": 0, "count": 0, "storageSize": 0, "nindexes": 0, "totalIndexSize": 0, "totalSize": 0,
            "indexSizes": {}, "capped": false,
        }));
    };
    let mut sizes = Document::new();
    let mut total = 0;
    for (index, size) in collection.info.indexes.iter().zip(collection.sizes()) {
        total += size.bytes;
        sizes.insert(index.name.as_str(), count_value(size.bytes));
    }
    let mut answer = doc! {
        "ok": 1,
        "ns": namespace,
        "size": count_value(collection.bytes()),
        "count": count_value(collection.len()),
    };
    if let Some(average) = collection.bytes().checked_div(collection.len()) {
        answer.insert("avgObjSize", count_value(average));
    }
    answer.insert("storageSize", count_value(collection.bytes()));
    answer.insert("nindexes", count_value(collection.info.indexes.len() as u64));
    answer.insert("totalIndexSize", count_value(total));
    answer.insert("totalSize", count_value(total + collection.bytes()));
    answer.insert("indexSizes", sizes);
    let cap = collection.rules().cap;
    answer.insert("capped", cap.is_some());
    if let Some(cap) = cap {
        answer.insert("maxSize", count_value(cap.bytes));
        answer.insert("max", cap.documents.map_or(Bson::Int32(-1), count_value));
    }
    Ok(Bson::Document(answer))
}

/// `dataSize() storageSize() totalSize() totalIndexSize()`
pub fn size(cx: &mut Context<'_>, name: &str, method: &str) -> Result<Bson> {
    let field = if method == "dataSize" { "size" } else { method };
    match stats(cx, name)? {
        Bson::Document(stats) => Ok(stats.get(field).cloned().unwrap_or(Bson::Int32(0))),
        other => Ok(other),
    }
}

/// `isCapped()`
pub fn is_capped(cx: &mut Context<'_>, name: &str) -> Result<Bson> {
    Ok(Bson::Boolean(open(cx, name)?.is_some_and(|collection| collection.rules().cap.is_some())))
}

/// `latencyStats()`: nothing is measured between statements.
pub fn latency(cx: &Context<'_>, name: &str) -> Bson {
    let none = doc! { "latency": 0_i64, "ops": 0_i64 };
    Bson::Array(vec![Bson::Document(doc! {
        "ns": format!("{}.{name}", cx.database_name),
        "localTime": bson::DateTime::from_millis(cx.now_ms),
        "latencyStats": { "reads": none.clone(), "writes": none.clone(), "commands": none },
    })])
}

/// `exists()`: the collection's entry in the listing, or null.
pub fn exists(cx: &mut Context<'_>, name: &str) -> Result<Bson> {
    Ok(match catalog::find(cx.tx.as_read(), cx.database, name)? {
        Some(info) => Bson::Document(super::database::listed(&info)),
        None => Bson::Null,
    })
}

/// `validate()`: every document is decoded and looked for in every index.
pub fn validate(cx: &mut Context<'_>, name: &str) -> Result<Bson> {
    let Some(collection) = open(cx, name)? else {
        return Err(Error::new(
            Code::NamespaceNotFound,
            format!("Collection '{}.{name}' does not exist to validate.", cx.database_name),
        ));
    };
    let tx = cx.tx.as_read();
    let mut search = Search::of_all(&collection.info)?;
    let mut errors = Vec::new();
    let mut records = 0_u64;
    let mut expected = vec![0_u64; collection.info.indexes.len()];
    while let Some(found) = search.next(tx)? {
        records += 1;
        for (index, expected) in collection.info.indexes.iter().zip(&mut expected) {
            for (entry, kept) in index.entries(&found.document)?.rows {
                *expected += 1;
                if !tx.contains(layout::index(index.id), &index.row(&entry, &kept, found.record).0)? {
                    errors.push(Bson::String(format!("record {} has no entry in index {}", found.record, index.name)));
                }
            }
        }
    }
    let mut keys = Document::new();
    for (index, expected) in collection.info.indexes.iter().zip(expected) {
        let mut rows = 0_u64;
        tx.scan(layout::index(index.id), &KeyRange::all(), Direction::Forward, &mut |_, _| {
            rows += 1;
            Ok(ControlFlow::Continue(()))
        })?;
        let counted = collection.sizes().iter().zip(&collection.info.indexes).find(|(_, known)| known.id == index.id);
        if let Some((size, _)) = counted
            && size.entries != rows
        {
            let name = &index.name;
            errors.push(Bson::String(format!(
                "the counter says {} entries of index {name}, there are {rows}",
                size.entries
            )));
        }
        if rows != expected {
            errors
                .push(Bson::String(format!("index {} has {rows} entries, the documents have {expected}", index.name)));
        }
        keys.insert(index.name.as_str(), count_value(rows));
    }
    if records != collection.len() {
        errors.push(Bson::String(format!("the counter says {} documents, there are {records}", collection.len())));
    }
    Ok(Bson::Document(doc! {
        "ns": collection.namespace(),
        "nrecords": count_value(records),
        "nIndexes": count_value(collection.info.indexes.len() as u64),
        "keysPerIndex": keys,
        "valid": errors.is_empty(),
        "errors": errors,
        "ok": 1,
    }))
}
