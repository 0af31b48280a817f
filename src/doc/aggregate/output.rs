//! `$out`, `$merge`: the pipeline's documents written to a collection.

use super::from;
use super::lookup::bindings;
use super::pipeline::{Compiled, Pipeline, Role, Scope, known_fields};
use super::row::{Input, Row, Rows, Variation, drain, pull};
use crate::doc::collection::{Collection, with_id_first};
use crate::doc::expression::{Expression, Variables};
use crate::doc::plan::{self, Request, Search};
use crate::doc::query::Filter;
use crate::doc::{Code, Context, Error, Result};
use crate::value::raw::RawDocument;
use crate::value::view::View;
use bson::{Bson, Document, doc};
use std::rc::Rc;

/// Where documents go.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// `$out`: they replace the collection.
    Replace(String),
    /// `$merge`
    Merge(Merge),
}

/// A compiled `$merge`.
#[derive(Debug, Clone)]
pub(crate) struct Merge {
    into: String,
    on: Vec<String>,
    bindings: Vec<(String, Expression)>,
    matched: Matched,
    not_matched: NotMatched,
}

#[derive(Debug, Clone)]
enum Matched {
    Replace,
    Keep,
    Merge,
    Fail,
    Pipeline(Pipeline),
}

#[derive(Debug, Clone, Copy)]
enum NotMatched {
    Insert,
    Discard,
    Fail,
}

fn compiled(name: &'static str, target: Target) -> Compiled {
    // The runner writes; the stage itself only passes rows on.
    Compiled { name, role: Role::Write(Rc::new(target)), build: Rc::new(|input, _| input) }
}

pub(super) fn parse_out(spec: &Bson) -> Result<Compiled> {
    let name = match spec {
        Bson::String(_) | Bson::Document(_) => from::collection("$out", spec)?,
        _ => return Err(Error::new(Code::Location(16990), "$out only supports a string or object argument")),
    };
    Ok(compiled("$out", Target::Replace(name)))
}

pub(super) fn parse_merge(spec: &Bson, scope: &Scope) -> Result<Compiled> {
    let mut merge = Merge {
        into: String::new(),
        on: vec!["_id".to_owned()],
        bindings: Vec::new(),
        matched: Matched::Merge,
        not_matched: NotMatched::Insert,
    };
    let document = match spec {
        Bson::String(_) => {
            merge.into = from::collection("$merge", spec)?;
            return Ok(compiled("$merge", Target::Merge(merge)));
        }
        Bson::Document(document) => document,
        _ => return Err(Error::new(Code::Location(51182), "$merge requires a string or object argument")),
    };
    known_fields(40415, "$merge", document, &["into", "on", "let", "whenMatched", "whenNotMatched"])?;
    let into = document
        .get("into")
        .ok_or_else(|| Error::new(Code::Location(40414), "BSON field '$merge.into' is missing but a required field"))?;
    merge.into = from::collection("$merge", into)?;
    match document.get("on") {
        None => {}
        Some(Bson::String(field)) => merge.on = vec![field.clone()],
        Some(Bson::Array(fields)) if !fields.is_empty() => {
            merge.on = fields
                .iter()
                .map(|field| match field {
                    Bson::String(field) => Ok(field.clone()),
                    _ => Err(Error::new(Code::Location(51134), "$merge 'on' array elements must be strings")),
                })
                .collect::<Result<_>>()?;
        }
        Some(_) => {
            return Err(Error::new(
                Code::Location(51187),
                "$merge 'on' must be a string or a non-empty array of strings",
            ));
        }
    }
    merge.bindings = match document.get("let") {
        None => vec![("new".to_owned(), Expression::parse(&Bson::String("$$ROOT".to_owned()))?)],
        some => {
            let mut given = bindings(some, scope)?;
            if !given.iter().any(|(name, _)| name == "new") {
                given.push(("new".to_owned(), Expression::parse(&Bson::String("$$ROOT".to_owned()))?));
            }
            given
        }
    };
    let unknown = |field: &str, value: &Bson| {
        Error::bad_value(format!("Enumeration value {value} for field '$merge.{field}' is not a valid value."))
    };
    merge.matched = match document.get("whenMatched") {
        None => Matched::Merge,
        Some(Bson::Array(stages)) => {
            let scope = scope.nested("$merge", merge.bindings.iter().map(|(name, _)| name.clone()))?;
            let pipeline = Pipeline::parse(stages, &scope)?;
            let allowed = ["$addFields", "$set", "$project", "$unset", "$replaceRoot", "$replaceWith"];
            if let Some(stage) = pipeline.stages.iter().find(|stage| !allowed.contains(&stage.name)) {
                return Err(Error::new(
                    Code::InvalidOptions,
                    format!("{} is not allowed to be used within an update", stage.name),
                ));
            }
            Matched::Pipeline(pipeline)
        }
        Some(Bson::String(word)) => match word.as_str() {
            "replace" => Matched::Replace,
            "keepExisting" => Matched::Keep,
            "merge" => Matched::Merge,
            "fail" => Matched::Fail,
            _ => return Err(unknown("whenMatched", &Bson::String(word.clone()))),
        },
        Some(other) => return Err(unknown("whenMatched", other)),
    };
    merge.not_matched = match document.get("whenNotMatched").map(|value| (value, value.as_str())) {
        None | Some((_, Some("insert"))) => NotMatched::Insert,
        Some((_, Some("discard"))) => NotMatched::Discard,
        Some((_, Some("fail"))) => NotMatched::Fail,
        Some((value, _)) => return Err(unknown("whenNotMatched", value)),
    };
    Ok(compiled("$merge", Target::Merge(merge)))
}

/// Runs a pipeline to its end and writes what it gives.
pub(super) fn write(target: &Target, mut input: Input, variables: &Variables, cx: &mut Context<'_>) -> Result<()> {
    match target {
        Target::Replace(name) => {
            let rows = drain(&mut input, cx)?;
            replace(name, rows, cx)
        }
        Target::Merge(merge) => {
            // The input may be the collection that is written.
            let rows = drain(&mut input, cx)?;
            let mut input = Rows::boxed(rows);
            let mut collection = Collection::open_or_create(cx, &merge.into)?;
            check_on(merge, &collection)?;
            let mut at_row = Variation::new(variables);
            while let Some(row) = pull(&mut input, cx)? {
                merge_one(merge, row, &mut collection, &mut at_row, variables, cx)?;
            }
            collection.close(cx)
        }
    }
}

fn replace(name: &str, rows: Vec<Row>, cx: &mut Context<'_>) -> Result<()> {
    // The new documents go where the old ones were; indexes and options stay.
    let mut collection = Collection::open_or_create(cx, name)?;
    let mut search = Search::of_all(&collection.info)?;
    let mut old = Vec::new();
    while let Some(found) = search.next(cx.tx.as_read())? {
        old.push((found.record, found.document));
    }
    for (record, document) in old {
        collection.remove(cx, record, RawDocument::new(&document.bytes()))?;
    }
    for row in rows {
        collection.insert(cx, row.document.into_document())?;
    }
    collection.close(cx)
}

/// The `on` fields must be those of a unique index.
fn check_on(merge: &Merge, collection: &Collection) -> Result<()> {
    let unique = collection.info.indexes.iter().any(|index| {
        (index.unique || index.name == "_id_")
            && index.partial.is_none()
            && index.pattern.len() == merge.on.len()
            && merge.on.iter().all(|field| index.pattern.contains_key(field))
    });
    if unique {
        return Ok(());
    }
    Err(Error::new(
        Code::Location(51183),
        format!("Cannot find index to verify that join fields will be unique: {}", merge.on.join(", ")),
    ))
}

fn merge_one(
    merge: &Merge,
    row: Row,
    collection: &mut Collection,
    at_row: &mut Variation,
    variables: &Variables,
    cx: &mut Context<'_>,
) -> Result<()> {
    let mut row = row;
    if merge.on.iter().any(|field| field == "_id") {
        row.document = with_id_first(row.document.into_document()).into();
    }
    let mut conditions = Document::new();
    for field in &merge.on {
        let path = super::field_path(field)?;
        let value = super::nested::get(&row.document, &path).map_or(Bson::Null, View::to_bson);
        if matches!(value, Bson::Null | Bson::Array(_)) && field != "_id" {
            return Err(Error::new(
                Code::Location(51132),
                "$merge write error: 'on' field cannot be missing, null, undefined or an array",
            ));
        }
        conditions.insert(field.clone(), doc! { "$eq": value });
    }
    let filter = Filter::new(&conditions)?;
    let plan = plan::choose(cx.tx.as_read(), &collection.info, &Request::new(&filter))?;
    let mut search = Search::new(&collection.info, plan, filter, Some(1));
    let Some(found) = search.next(cx.tx.as_read())? else {
        return match merge.not_matched {
            NotMatched::Insert => collection.insert(cx, row.document.into_document()).map(|_| ()),
            NotMatched::Discard => Ok(()),
            NotMatched::Fail => Err(Error::new(
                Code::Location(13113),
                "$merge could not find a matching document in the target collection for at least one document in the source collection",
            )),
        };
    };
    let stored = found.document;
    let old = stored.clone().into_document();
    let new = match &merge.matched {
        Matched::Keep => return Ok(()),
        Matched::Fail => {
            let value = |condition: &Bson| condition.as_document().and_then(|value| value.get("$eq")).cloned();
            let shown: Document = conditions
                .iter()
                .map(|(name, condition)| (name.clone(), value(condition).unwrap_or(Bson::Null)))
                .collect();
            return Err(Error::new(
                Code::DuplicateKey,
                format!(
                    "E11000 duplicate key error collection: {} index: {} dup key: {}",
                    collection.namespace(),
                    if merge.on == ["_id"] { "_id_".to_owned() } else { merge.on.join("_1_") + "_1" },
                    crate::doc::shell_text::document(&shown)
                ),
            ));
        }
        Matched::Replace => {
            let mut new = row.document.into_document();
            if let Some(id) = old.get("_id") {
                keep_id(&mut new, id)?;
            }
            new
        }
        Matched::Merge => {
            let mut new = old.clone();
            crate::doc::expression::merge_into(&mut new, &row.document.into_document());
            if let Some(id) = old.get("_id") {
                keep_id(&mut new, id)?;
            }
            new
        }
        Matched::Pipeline(pipeline) => {
            let mut inner = variables.clone();
            let outer = at_row.at(&row);
            for (name, expression) in &merge.bindings {
                inner.set(name.clone(), expression.evaluate(&row.document, outer)?);
            }
            let mut updated = pipeline.build(Rows::boxed([Row::from(old.clone())]), 0, &inner);
            let Some(updated) = pull(&mut updated, cx)? else { return Ok(()) };
            let mut new = updated.document.into_document();
            if let Some(id) = old.get("_id") {
                keep_id(&mut new, id)?;
            }
            new
        }
    };
    collection.replace(cx, found.record, RawDocument::new(&stored.bytes()), &with_id_first(new), false).map(drop)
}

/// Puts the old `_id` in; another one is an error.
fn keep_id(new: &mut Document, id: &Bson) -> Result<()> {
    if let Some(other) = new.get("_id")
        && !crate::value::order::equal(other, id)
    {
        return Err(Error::new(
            Code::ImmutableField,
            "$merge failed to update the matching document, did you attempt to modify the _id or the shard key?",
        ));
    }
    new.insert("_id", id.clone());
    Ok(())
}
