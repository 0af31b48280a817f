//! `bulkWrite`.

use super::arguments::Arguments;
use super::find::{Query, count_value};
use super::update::{Options, Request};
use super::{delete, insert, update};
use crate::doc::update::Update;
use crate::doc::{Code, Context, Error, Result};
use bson::{Bson, Document, doc};

/// `bulkWrite([ { insertOne: … }, { updateOne: … }, … ], options)`. A failure leaves nothing behind.
pub fn bulk_write(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let operations = args.array(0, "operations")?;
    if operations.is_empty() {
        return Err(Error::new(Code::InvalidArgument, "Invalid BulkOperation, Batch cannot be empty"));
    }
    let (mut inserted, mut matched, mut modified, mut deleted) = (0, 0, 0, 0);
    let (mut inserted_ids, mut upserted_ids) = (Document::new(), Document::new());
    let options = args.optional_document(1, "options")?;
    let with_let = |body: &Document| {
        let mut body = body.clone();
        if let Some(bindings) = options.get("let") {
            body.insert("let", bindings.clone());
        }
        body
    };
    for (at, operation) in operations.iter().enumerate() {
        let (kind, body) = match operation {
            Bson::Document(operation) => match operation.iter().next() {
                Some((kind, Bson::Document(body))) if operation.len() == 1 => (kind.as_str(), body),
                _ => return Err(malformed(at)),
            },
            _ => return Err(malformed(at)),
        };
        let within = |error: Error| {
            if error.hint.is_none() {
                error.hint(format!(
                    "it was operation {} of {}; nothing was written: a statement is all or nothing",
                    at + 1,
                    operations.len()
                ))
            } else {
                error
            }
        };
        match kind {
            "insertOne" => {
                let document = part(body, "document", at)?;
                let ids = insert::insert_all(cx, name, std::slice::from_ref(document)).map_err(within)?;
                inserted += 1;
                inserted_ids.extend(ids.into_iter().map(|id| (at.to_string(), id)));
            }
            "updateOne" | "updateMany" | "replaceOne" => {
                let request = request(cx, kind, &with_let(body), at)?;
                let outcome = update::run(cx, name, &request).map_err(within)?;
                matched += outcome.matched;
                modified += outcome.modified;
                if let Some(id) = outcome.upserted {
                    upserted_ids.insert(at.to_string(), id);
                }
            }
            "deleteOne" | "deleteMany" => {
                let options = Options::new(cx, &with_let(body))?;
                let query = Query::new(part(body, "filter", at)?, options.modifiers, options.variables)?;
                deleted += delete::run(cx, name, &query, kind == "deleteMany").map_err(within)?;
            }
            _ => return Err(malformed(at)),
        }
    }
    Ok(Bson::Document(doc! {
        "acknowledged": true,
        "insertedCount": inserted,
        "insertedIds": inserted_ids,
        "matchedCount": count_value(matched),
        "modifiedCount": count_value(modified),
        "deletedCount": count_value(deleted),
        "upsertedCount": i32::try_from(upserted_ids.len()).unwrap_or(i32::MAX),
        "upsertedIds": upserted_ids,
    }))
}

fn request(cx: &Context<'_>, kind: &str, body: &Document, at: usize) -> Result<Request> {
    let options = Options::new(cx, body)?;
    let update = if kind == "replaceOne" {
        Update::replacement(part(body, "replacement", at)?)?
    } else {
        let update = body.get("update").ok_or_else(|| malformed(at))?;
        Update::operators_or_pipeline(update, &options.array_filters, &options.variables)?
    };
    Ok(Request {
        query: Query::new(part(body, "filter", at)?, options.modifiers, options.variables)?,
        update,
        many: kind == "updateMany",
        upsert: options.upsert,
    })
}

fn part<'b>(body: &'b Document, name: &str, at: usize) -> Result<&'b Document> {
    body.get_document(name).map_err(|_| {
        Error::new(Code::InvalidArgument, format!("operation {} of bulkWrite needs the object '{name}'", at + 1))
    })
}

fn malformed(at: usize) -> Error {
    Error::new(
        Code::InvalidArgument,
        format!(
            "operation {} of bulkWrite must be an object with one of insertOne, updateOne, updateMany, replaceOne, deleteOne, deleteMany",
            at + 1
        ),
    )
}
