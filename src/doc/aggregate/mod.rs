//! Aggregation pipelines (MongoDB manual, "Aggregation Stages"), one file a stage.
//!
//! [`pipeline`] compiles the stages, [`source`] hands the leading `$match` and `$sort` to the planner
//! of `find`, and rows are pulled through the stages one by one; a stage that needs all its input
//! (`$group`, `$sort` …) takes it at the first pull.

pub(crate) mod accumulator;
pub(crate) mod add_fields;
mod bucket;
mod bucket_auto;
mod count;
mod densify;
mod documents;
mod facet;
mod field_tree;
mod fill;
mod from;
mod granularity;
mod graph_lookup;
mod group;
mod join;
mod limit;
mod lookup;
mod matching;
mod near;
mod nested;
mod output;
pub(crate) mod pipeline;
pub(crate) mod project;
mod redact;
mod replace_root;
pub(crate) mod row;
mod sample;
mod sort;
mod source;
mod statistics;
mod union_with;
mod unset;
mod unwind;
mod update;
mod window;

pub(crate) use limit::paged;
pub(crate) use sort::sorted;
pub(crate) use source::scan;
pub use update::Updater;

use super::expression::Variables;
use super::{Code, Context, Error, Result};
use crate::reply::Stream;
use bson::{Bson, Document};
use pipeline::{Pipeline, Role, Scope};
use row::{Input, Rows, pull};

/// Starts a pipeline on a collection or view, or on nothing where it makes its own documents, with the options of
/// `aggregate`: `let`, `hint`; others change nothing here. One that ends in `$out` or `$merge` has then run.
///
/// # Errors
/// A malformed pipeline, or what its stages say while they write.
pub(crate) fn open(
    cx: &mut Context<'_>,
    collection: Option<&str>,
    stages: &[Bson],
    options: &Document,
) -> Result<Input> {
    let mut variables = Variables::new(cx.now_ms).with_collation(super::command::collation(cx, options)?);
    variables.disk = may_use_disk(options)?;
    for (name, expression) in lookup::bindings(options.get("let"), &Scope::default())? {
        let value = expression.evaluate(&Document::new(), &variables)?;
        variables.set(name, value);
    }
    let scope = Scope { declared: variables.names(), ..Scope::default() };
    let pipeline = Pipeline::parse(stages, &scope)?;
    let hint = options.get("hint").map(super::plan::Hint::new).transpose()?;
    let target = pipeline.stages.last().and_then(|stage| match &stage.role {
        Role::Write(target) => Some(std::rc::Rc::clone(target)),
        _ => None,
    });
    let top = source::run(cx, collection, &pipeline, &variables, hint.as_ref())?;
    if let Some(target) = target {
        output::write(&target, top, &variables, cx)?;
        return Ok(Rows::boxed([]));
    }
    Ok(top)
}

/// Whether `allowDiskUse` among the options lets stages use temporary files.
///
/// # Errors
/// It is no boolean.
pub(crate) fn may_use_disk(options: &Document) -> Result<bool> {
    match options.get("allowDiskUse") {
        None | Some(Bson::Null | Bson::Undefined) => Ok(true),
        Some(Bson::Boolean(allowed)) => Ok(*allowed),
        Some(_) => {
            Err(Error::type_mismatch("BSON field 'aggregate.allowDiskUse' is the wrong type, expected type 'bool'"))
        }
    }
}

/// The documents of an input, read as they are asked for.
pub(crate) fn stream(cx: Context<'_>, top: Input) -> Stream<'_, Document> {
    Box::new(Running { cx, top: Some(top) })
}

/// What a pipeline asks of its collection before its other stages run.
///
/// # Errors
/// A malformed pipeline.
pub(crate) fn front(stages: &[Bson], options: &Document) -> Result<source::Front> {
    let declared = lookup::bindings(options.get("let"), &Scope::default())?.into_iter().map(|(name, _)| name);
    let scope = Scope { declared: declared.collect(), ..Scope::default() };
    Ok(source::Front::of(&Pipeline::parse(stages, &scope)?))
}

/// A pipeline being read.
struct Running<'a> {
    cx: Context<'a>,
    top: Option<Input>,
}

impl Iterator for Running<'_> {
    type Item = std::result::Result<Document, crate::text::Diagnostic>;

    fn next(&mut self) -> Option<Self::Item> {
        let top = self.top.as_mut()?;
        match pull(top, &mut self.cx) {
            Ok(Some(row)) => Some(Ok(row.document.into_document())),
            Ok(None) => {
                self.top = None;
                None
            }
            Err(error) => {
                self.top = None;
                Some(Err(error.into()))
            }
        }
    }
}

/// The components of a field path in a stage's specification.
///
/// # Errors
/// It is malformed.
pub(crate) fn field_path(path: &str) -> Result<Vec<String>> {
    if path.is_empty() {
        return Err(Error::new(Code::Location(40352), "FieldPath cannot be constructed with empty string"));
    }
    crate::doc::expression::split_path(path)
}
