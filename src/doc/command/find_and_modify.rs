//! `findOneAndUpdate findOneAndReplace findOneAndDelete findAndModify`.

use super::arguments::{Arguments, flag};
use super::find::{Query, first_match};
use super::update::{Options, upserted};
use crate::doc::collection::Collection;
use crate::doc::path::Position;
use crate::doc::projection::Projection;
use crate::doc::update::{Moment, Update};
use crate::doc::{Context, Error, Result};
use crate::value::raw::RawDocument;
use bson::{Bson, Document, doc};

/// What is asked for.
struct Request {
    query: Query,
    /// `None`: the document is deleted.
    update: Option<Update>,
    upsert: bool,
    /// The answer is the document after the change.
    new: bool,
    projection: Option<Projection>,
    /// The answer is the server's whole result object.
    raw: bool,
}

impl Request {
    fn new(filter: &Document, update: Option<Update>, given: &Document, options: Options) -> Result<Request> {
        let projection = match given.get("projection").or_else(|| given.get("fields")) {
            Some(Bson::Document(projection)) if !projection.is_empty() => Some(Projection::new(projection)?),
            None | Some(Bson::Document(_) | Bson::Null | Bson::Undefined) => None,
            Some(other) => return Err(super::arguments::wrong("findOneAnd…", "projection", "an object", other)),
        };
        let after = given.get_str("returnDocument").is_ok_and(|when| when == "after");
        let new = after
            || flag(given, "returnNewDocument")
            || flag(given, "new")
            || given.get_bool("returnOriginal").is_ok_and(|original| !original);
        Ok(Request {
            query: Query::new(filter, options.modifiers, options.variables)?,
            update,
            upsert: options.upsert,
            new,
            projection,
            raw: flag(given, "rawResult") || flag(given, "includeResultMetadata"),
        })
    }
}

/// `findOneAndUpdate(filter, update, options)`
pub fn update(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let filter = args.document(0, "filter")?;
    let update = args.get(1).ok_or_else(|| super::arguments::missing(args.method, "update"))?;
    let given = args.optional_document(2, "options")?;
    let options = Options::new(cx, &given)?;
    let update = Update::operators_or_pipeline(update, &options.array_filters, &options.variables)?;
    run(cx, name, &Request::new(filter, Some(update), &given, options)?)
}

/// `findOneAndReplace(filter, replacement, options)`
pub fn replace(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let filter = args.document(0, "filter")?;
    let update = Update::replacement(args.document(1, "replacement")?)?;
    let given = args.optional_document(2, "options")?;
    let options = Options::new(cx, &given)?;
    run(cx, name, &Request::new(filter, Some(update), &given, options)?)
}

/// `findOneAndDelete(filter, options)`
pub fn delete(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let filter = args.document(0, "filter")?;
    let given = args.optional_document(1, "options")?;
    let options = Options::new(cx, &given)?;
    run(cx, name, &Request::new(filter, None, &given, options)?)
}

/// `findAndModify({ query, sort, update, remove, new, fields, upsert, arrayFilters })`
pub fn legacy(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let given = args.document(0, "options")?;
    let empty = Document::new();
    let filter = given.get_document("query").unwrap_or(&empty);
    let options = Options::new(cx, given)?;
    let update = match (flag(given, "remove"), given.get("update")) {
        (true, None) => None,
        (false, Some(update)) => Some(Update::any(update, &options.array_filters, &options.variables)?),
        (true, Some(_)) => {
            return Err(Error::failed_to_parse("Cannot specify both an update and remove=true"));
        }
        (false, None) => return Err(Error::failed_to_parse("Either an update or remove=true must be specified")),
    };
    run(cx, name, &Request::new(filter, update, given, options)?)
}

fn run(cx: &mut Context<'_>, name: &str, request: &Request) -> Result<Bson> {
    let opened = if request.upsert && request.update.is_some() {
        Some(Collection::open_or_create(cx, name)?)
    } else {
        Collection::open(cx, name)?
    };
    let Some(mut collection) = opened else { return answer(request, None, None, None) };
    super::collection::refuse_view(&collection)?;
    let found = first_match(cx, &collection, &request.query)?;
    let (value, position, upserted_id) = match (found, &request.update) {
        (Some(found), None) => {
            collection.remove(cx, found.record, RawDocument::new(&found.document.bytes()))?;
            (Some(found.document.into_document()), found.position, None)
        }
        (Some(found), Some(update)) => {
            let moment = Moment { position: found.position, inserting: false, variables: &request.query.variables };
            let old = found.document.clone().into_document();
            let new = update.apply(&old, moment)?;
            let whole = matches!(update, Update::Replacement(_));
            collection.replace(cx, found.record, RawDocument::new(&found.document.bytes()), &new, whole)?;
            (Some(if request.new { new } else { old }), found.position, None)
        }
        (None, Some(update)) if request.upsert => {
            let document = upserted(&request.query, update)?;
            let id = collection.insert(cx, document.clone())?;
            (request.new.then_some(document), None, Some(id))
        }
        (None, _) => (None, None, None),
    };
    collection.close(cx)?;
    answer(request, value, position, upserted_id)
}

fn answer(request: &Request, value: Option<Document>, position: Position, upserted: Option<Bson>) -> Result<Bson> {
    let found = value.is_some() && upserted.is_none();
    let shown = match (value, &request.projection) {
        (Some(document), Some(projection)) => {
            Bson::Document(projection.apply(&document, position, &request.query.variables)?)
        }
        (Some(document), None) => Bson::Document(document),
        (None, _) => Bson::Null,
    };
    if !request.raw {
        return Ok(shown);
    }
    let mut last = doc! { "n": i32::from(found || upserted.is_some()) };
    if request.update.is_some() {
        last.insert("updatedExisting", found);
    }
    if let Some(id) = upserted {
        last.insert("upserted", id);
    }
    Ok(Bson::Document(doc! { "lastErrorObject": last, "value": shown, "ok": 1 }))
}
