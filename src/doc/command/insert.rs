//! `insertOne insertMany insert save`.

use super::arguments::{Arguments, wrong};
use super::update;
use crate::doc::collection::Collection;
use crate::doc::{Context, Error, Result};
use bson::{Bson, Document, doc};

/// `insertOne(document)`
pub fn insert_one(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let document = args.document(0, "document")?;
    let ids = insert_all(cx, name, std::slice::from_ref(document))?;
    Ok(Bson::Document(doc! { "acknowledged": true, "insertedId": ids.into_iter().next().unwrap_or(Bson::Null) }))
}

/// `insertMany([documents], options)`. A failure leaves nothing behind, ordered or not.
pub fn insert_many(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let documents = documents(args, args.array(0, "documents")?)?;
    if documents.is_empty() {
        return Err(Error::new(crate::doc::Code::InvalidArgument, "Invalid BulkOperation, Batch cannot be empty"));
    }
    let ids = insert_all(cx, name, &documents)?;
    Ok(Bson::Document(doc! { "acknowledged": true, "insertedIds": numbered(ids) }))
}

/// `insert(document or documents)`
pub fn insert(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let documents = match args.get(0) {
        Some(Bson::Array(items)) => documents(args, items)?,
        _ => vec![args.document(0, "document")?.clone()],
    };
    let ids = insert_all(cx, name, &documents)?;
    Ok(Bson::Document(doc! { "acknowledged": true, "insertedIds": numbered(ids) }))
}

/// `save(document)`: replaces the document of this `_id`, or inserts it.
pub fn save(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let document = args.document(0, "document")?;
    match document.get("_id") {
        None => insert_one(cx, name, args),
        Some(id) => {
            let values = [
                Bson::Document(doc! { "_id": id.clone() }),
                Bson::Document(document.clone()),
                Bson::Document(doc! { "upsert": true }),
            ];
            update::replace_one(cx, name, &Arguments { method: args.method, values: &values })
        }
    }
}

fn documents(args: &Arguments<'_>, items: &[Bson]) -> Result<Vec<Document>> {
    items
        .iter()
        .map(|item| match item {
            Bson::Document(document) => Ok(document.clone()),
            other => Err(wrong(args.method, "documents", "objects", other)),
        })
        .collect()
}

/// Inserts documents and answers their `_id`s.
pub fn insert_all(cx: &mut Context<'_>, name: &str, documents: &[Document]) -> Result<Vec<Bson>> {
    let mut collection = Collection::open_or_create(cx, name)?;
    let mut ids = Vec::with_capacity(documents.len());
    for (at, document) in documents.iter().enumerate() {
        let id = collection.insert(cx, document.clone()).map_err(|error| {
            if documents.len() > 1 && error.hint.is_none() {
                error.hint(format!(
                    "it was document {} of {}; nothing was inserted: a statement is all or nothing",
                    at + 1,
                    documents.len()
                ))
            } else {
                error
            }
        })?;
        ids.push(id);
    }
    collection.close(cx)?;
    Ok(ids)
}

/// `{ '0': id, '1': id }`
pub fn numbered(ids: Vec<Bson>) -> Document {
    ids.into_iter().enumerate().map(|(at, id)| (at.to_string(), id)).collect()
}
