//! `explain`: of queries, counts, changes and pipelines.

use super::arguments::Arguments;
use super::cursor::Modifiers;
use super::find::{Query, pipeline_of};
use super::{COLLECTION_METHODS, no_function};
use crate::ast::doc::ResolvedCall;
use crate::doc::aggregate;
use crate::doc::catalog;
use crate::doc::plan::{self, Access, Explained, Plan, Verbosity};
use crate::doc::{Context, Error, Result};
use bson::{Bson, Document, doc};

/// Explains the query that a chain of calls runs.
pub fn chain(cx: &mut Context<'_>, name: &str, calls: &[ResolvedCall], verbosity: Verbosity) -> Result<Bson> {
    let Some((first, rest)) = calls.split_first() else {
        return Err(Error::bad_value("explain() needs a method behind it, such as .find(…)"));
    };
    let args = Arguments::new(first);
    let mut modifiers = Modifiers::default();
    let (filter, top) = match first.method.as_str() {
        "find" | "findOne" => {
            let mut query = Query::from_arguments(cx, &args)?;
            let terminal = query.read_calls(&format!("db.{name}.find()"), rest)?;
            if first.method == "findOne" {
                query.modifiers.limit = Some(1);
            }
            let counts = matches!(terminal, super::cursor::Terminal::Count);
            return self::query(cx, name, &query, counts.then_some("COUNT"), verbosity);
        }
        "aggregate" => {
            let (stages, options) = pipeline_of(&args)?;
            return pipeline(cx, name, &stages, &options, verbosity);
        }
        "distinct" => (args.optional_document(1, "query")?, None),
        "findOneAndUpdate" | "findOneAndReplace" | "updateOne" | "replaceOne" => {
            modifiers.limit = Some(1);
            (args.optional_document(0, "filter")?, Some("UPDATE"))
        }
        "findOneAndDelete" | "deleteOne" => {
            modifiers.limit = Some(1);
            (args.optional_document(0, "filter")?, Some("DELETE"))
        }
        "updateMany" | "update" => (args.optional_document(0, "filter")?, Some("UPDATE")),
        "deleteMany" | "remove" => (args.optional_document(0, "filter")?, Some("DELETE")),
        "count" | "countDocuments" => (args.optional_document(0, "filter")?, Some("COUNT")),
        other => return Err(no_function(&format!("db.{name}.explain().{other}"), other, COLLECTION_METHODS)),
    };
    let options = first.args.iter().rev().find_map(|arg| arg.as_document().filter(|arg| arg.contains_key("collation")));
    let query = Query::new(&filter, modifiers, super::find::variables(cx, options.unwrap_or(&Document::new()))?)?;
    self::query(cx, name, &query, top, verbosity)
}

/// Explains a query; `top` is the stage above it where it does not answer documents.
pub fn query(
    cx: &Context<'_>,
    name: &str,
    query: &Query,
    top: Option<&'static str>,
    verbosity: Verbosity,
) -> Result<Bson> {
    let tx = cx.tx.as_read();
    let info = catalog::find(tx, cx.database, name)?;
    if let Some((source, mut stages)) = info.as_ref().and_then(catalog::CollectionInfo::view) {
        stages.extend(super::find::as_stages(query));
        return pipeline(cx, source, &stages, &Document::new(), verbosity);
    }
    let modifiers = &query.modifiers;
    let counted = top == Some("COUNT");
    let plan = match &info {
        Some(info) => plan::choose(tx, info, &query.request(counted))?,
        None => Plan { access: Access::Nothing, ..Plan::of_collection() },
    };
    let explained = Explained {
        namespace: format!("{}.{name}", cx.database_name),
        filter: &query.filter,
        blocking_sort: modifiers.sort.as_ref().filter(|_| !plan.sorted),
        skip: modifiers.skip,
        limit: modifiers.limit,
        projection: modifiers.projection.as_ref().map(|_| &modifiers.projection_source),
        top,
    };
    Ok(Bson::Document(plan::explain(tx, info.as_ref(), plan, &explained, verbosity)?))
}

/// Explains a pipeline: its front is what its cursor asks of the collection.
pub fn pipeline(
    cx: &Context<'_>,
    name: &str,
    stages: &[Bson],
    options: &Document,
    verbosity: Verbosity,
) -> Result<Bson> {
    let front = aggregate::front(stages, options)?;
    let mut modifiers = Modifiers::default();
    if let Some(sort) = &front.sort {
        modifiers.set("aggregate", "sort", Some(&Bson::Document(sort.clone())))?;
    }
    modifiers.limit = front.limit;
    if let Some(hint) = options.get("hint") {
        modifiers.set("aggregate", "hint", Some(hint))?;
    }
    let found = Query::new(&front.filter, modifiers, super::find::variables(cx, options)?)?;
    let Bson::Document(mut cursor) = query(cx, name, &found, None, verbosity)? else { return Ok(Bson::Null) };
    let rest = stages.get(front.stages..).unwrap_or_default();
    if rest.is_empty() {
        return Ok(Bson::Document(cursor));
    }
    for field in ["explainVersion", "command", "serverInfo", "ok"] {
        cursor.remove(field);
    }
    let mut all = vec![Bson::Document(doc! { "$cursor": cursor })];
    all.extend(rest.iter().cloned());
    Ok(Bson::Document(doc! {
        "explainVersion": "1",
        "stages": all,
        "serverInfo": { "version": env!("CARGO_PKG_VERSION") },
        "ok": 1,
    }))
}
