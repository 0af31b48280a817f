//! `$collStats`, `$indexStats`: what is known about a collection instead of its documents; first in a pipeline.

use super::pipeline::{Compiled, Role, known_fields, object};
use super::row::Row;
use crate::doc::catalog::CollectionInfo;
use crate::doc::{Code, Context, Error, Result, command};
use bson::{Bson, DateTime, Document, doc};
use std::rc::Rc;

/// What is asked.
#[derive(Debug, Clone)]
pub(crate) enum About {
    /// `$indexStats`: a document for each index.
    Indexes,
    /// `$collStats` with its specification: one document.
    Collection(Document),
}

pub(super) fn indexes(spec: &Bson) -> Result<Compiled> {
    if !object(28803, "$indexStats", spec)?.is_empty() {
        return Err(Error::new(Code::Location(28803), "The $indexStats stage specification must be an empty object"));
    }
    Ok(compiled("$indexStats", About::Indexes))
}

pub(super) fn collection(spec: &Bson) -> Result<Compiled> {
    let spec = object(40167, "$collStats", spec)?;
    known_fields(40415, "$collStats", spec, &["latencyStats", "storageStats", "count", "queryExecStats"])?;
    Ok(compiled("$collStats", About::Collection(spec.clone())))
}

fn compiled(name: &'static str, about: About) -> Compiled {
    Compiled { name, role: Role::Statistics(Rc::new(about)), build: Rc::new(|input, _| input) }
}

/// The documents that answer.
///
/// # Errors
/// Storage.
pub(super) fn rows(cx: &mut Context<'_>, info: &CollectionInfo, about: &About) -> Result<Vec<Row>> {
    let now = DateTime::from_millis(cx.now_ms);
    let documents = match about {
        About::Indexes => info
            .indexes
            .iter()
            .map(|index| {
                doc! {
                    "name": index.name.as_str(),
                    "key": index.shown_pattern().clone(),
                    "host": "localhost",
                    // Uses are not counted: every statement begins anew.
                    "accesses": { "ops": 0_i64, "since": now },
                    "spec": index.options.clone(),
                }
            })
            .collect(),
        About::Collection(spec) => {
            let mut answer = doc! {
                "ns": format!("{}.{}", cx.database_name, info.name), "host": "localhost", "localTime": now,
            };
            if let (true, Bson::Array(latency)) = (spec.contains_key("latencyStats"), command::latency(cx, &info.name))
                && let Some(Bson::Document(latency)) = latency.into_iter().next()
            {
                answer.insert("latencyStats", latency.get("latencyStats").cloned().unwrap_or(Bson::Null));
            }
            if spec.contains_key("storageStats") {
                answer.insert("storageStats", command::stats(cx, &info.name)?);
            }
            if spec.contains_key("count")
                && let Bson::Document(stats) = command::stats(cx, &info.name)?
            {
                answer.insert("count", stats.get("count").cloned().unwrap_or(Bson::Int32(0)));
            }
            vec![answer]
        }
    };
    Ok(documents.into_iter().map(Row::from).collect())
}
