//! `updateOne updateMany replaceOne update`.

use super::arguments::{Arguments, flag};
use super::cursor::Modifiers;
use super::find::{Query, all_matches, first_match};
use crate::doc::collection::{Collection, with_id_first};
use crate::doc::expression::Variables;
use crate::doc::update::{Moment, Update, seed};
use crate::doc::{Context, Error, Result};
use crate::value::raw::RawDocument;
use bson::{Bson, Document, doc};

/// What a writing method asks for.
pub struct Request {
    /// Which documents.
    pub query: Query,
    /// What becomes of them.
    pub update: Update,
    /// All of them, not only the first.
    pub many: bool,
    /// Insert one if there is none.
    pub upsert: bool,
}

/// What an update did.
#[derive(Default)]
pub struct Outcome {
    /// Documents found.
    pub matched: u64,
    /// Documents that really changed.
    pub modified: u64,
    /// The `_id` of the document that an upsert made.
    pub upserted: Option<Bson>,
}

impl Outcome {
    fn to_bson(&self) -> Bson {
        Bson::Document(doc! {
            "acknowledged": true,
            "insertedId": self.upserted.clone().unwrap_or(Bson::Null),
            "matchedCount": super::find::count_value(self.matched),
            "modifiedCount": super::find::count_value(self.modified),
            "upsertedCount": i32::from(self.upserted.is_some()),
        })
    }
}

/// The options of a writing method.
pub struct Options {
    /// Order and index.
    pub modifiers: Modifiers,
    /// `arrayFilters`
    pub array_filters: Vec<Bson>,
    /// `upsert`
    pub upsert: bool,
    /// The time and `let`.
    pub variables: Variables,
}

impl Options {
    /// From the options document.
    pub fn new(cx: &Context<'_>, options: &Document) -> Result<Options> {
        let mut modifiers = Modifiers::default();
        for name in ["sort", "hint"] {
            if let Some(value) = options.get(name) {
                modifiers.set("options", name, Some(value))?;
            }
        }
        let array_filters = match options.get("arrayFilters") {
            None | Some(Bson::Null | Bson::Undefined) => Vec::new(),
            Some(Bson::Array(filters)) => filters.clone(),
            Some(_) => return Err(Error::type_mismatch("arrayFilters must be an array")),
        };
        Ok(Options {
            modifiers,
            array_filters,
            upsert: flag(options, "upsert"),
            variables: super::find::variables(cx, options)?,
        })
    }
}

/// `updateOne` and `updateMany`
pub fn update(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>, many: bool) -> Result<Bson> {
    let filter = args.document(0, "filter")?;
    let update = args.get(1).ok_or_else(|| super::arguments::missing(args.method, "update"))?;
    let options = Options::new(cx, &args.optional_document(2, "options")?)?;
    let request = Request {
        update: Update::operators_or_pipeline(update, &options.array_filters, &options.variables)?,
        query: Query::new(filter, options.modifiers, options.variables)?,
        many,
        upsert: options.upsert,
    };
    Ok(run(cx, name, &request)?.to_bson())
}

/// `replaceOne(filter, replacement, options)`
pub fn replace_one(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let filter = args.document(0, "filter")?;
    let replacement = args.document(1, "replacement")?;
    let options = Options::new(cx, &args.optional_document(2, "options")?)?;
    let request = Request {
        update: Update::replacement(replacement)?,
        query: Query::new(filter, options.modifiers, options.variables)?,
        many: false,
        upsert: options.upsert,
    };
    Ok(run(cx, name, &request)?.to_bson())
}

/// `update(filter, update, { multi, upsert })`, or the flags as third and fourth argument.
pub fn legacy(cx: &mut Context<'_>, name: &str, args: &Arguments<'_>) -> Result<Bson> {
    let filter = args.document(0, "filter")?;
    let update = args.get(1).ok_or_else(|| super::arguments::missing(args.method, "update"))?;
    let given = match args.get(2) {
        Some(Bson::Boolean(upsert)) => {
            doc! { "upsert": *upsert, "multi": matches!(args.get(3), Some(Bson::Boolean(true))) }
        }
        _ => args.optional_document(2, "options")?,
    };
    let options = Options::new(cx, &given)?;
    let update = Update::any(update, &options.array_filters, &options.variables)?;
    let many = flag(&given, "multi");
    if many && matches!(update, Update::Replacement(_)) {
        return Err(Error::failed_to_parse("multi update is not supported for replacement-style update"));
    }
    let request = Request {
        update,
        query: Query::new(filter, options.modifiers, options.variables)?,
        many,
        upsert: options.upsert,
    };
    Ok(run(cx, name, &request)?.to_bson())
}

/// Runs an update: finds first, then writes.
pub fn run(cx: &mut Context<'_>, name: &str, request: &Request) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    let opened = if request.upsert { Some(Collection::open_or_create(cx, name)?) } else { Collection::open(cx, name)? };
    let Some(mut collection) = opened else { return Ok(outcome) };
    super::collection::refuse_view(&collection)?;
    let whole = matches!(request.update, Update::Replacement(_));
    if request.many {
        for (record, position) in all_matches(cx, &collection, &request.query)? {
            let Some(bytes) = collection.get(cx.tx.as_read(), record)? else { continue };
            outcome.matched += 1;
            let moment = Moment { position, inserting: false, variables: &request.query.variables };
            let old = RawDocument::new(&bytes);
            let new = request.update.apply(&old.to_document(), moment)?;
            outcome.modified += u64::from(collection.replace(cx, record, old, &new, whole)?);
        }
    } else if let Some(found) = first_match(cx, &collection, &request.query)? {
        outcome.matched = 1;
        let moment = Moment { position: found.position, inserting: false, variables: &request.query.variables };
        let new = request.update.apply(&found.document.view().to_document(), moment)?;
        let old = found.document.bytes();
        outcome.modified = u64::from(collection.replace(cx, found.record, RawDocument::new(&old), &new, whole)?);
    }
    if outcome.matched == 0 && request.upsert {
        let document = upserted(&request.query, &request.update)?;
        outcome.upserted = Some(collection.insert(cx, document)?);
    }
    collection.close(cx)?;
    Ok(outcome)
}

/// The document an upsert inserts.
pub fn upserted(query: &Query, update: &Update) -> Result<Document> {
    let start = seed(query.filter.source(), matches!(update, Update::Replacement(_)))?;
    let document = update.apply(&start, Moment { position: None, inserting: true, variables: &query.variables })?;
    Ok(with_id_first(document))
}
