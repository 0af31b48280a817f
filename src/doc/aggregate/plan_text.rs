//! `explain` of a pipeline: how its documents are found, then its stages.

use super::pipeline::{Pipeline, Scope};
use super::source::{self, Front};
use crate::doc::expression::Variables;
use crate::doc::query::Filter;
use crate::doc::{Context, Result, plan};
use bson::{Bson, Document, doc};

/// The plan of a pipeline.
///
/// # Errors
/// As [`super::run`].
pub fn explain(cx: &mut Context<'_>, collection: Option<&str>, stages: &[Bson]) -> Result<Document> {
    let pipeline = Pipeline::parse(stages, &Scope::default())?;
    let Some(name) = collection.filter(|_| !pipeline.is_source()) else {
        return Ok(doc! { "stages": stages.to_vec() });
    };
    let (info, whole) = source::resolve(cx, name, &pipeline)?;
    let Some(info) = info else {
        return Ok(doc! { "stages": [{ "$cursor": { "queryPlanner": { "winningPlan": { "stage": "EOF" } } } }] });
    };
    let front = Front::of(&whole);
    let variables = Variables::new(cx.now_ms);
    let (search, sorted) = source::search(&info, &front, &variables, None)?;
    let mut shown = vec![Bson::Document(doc! { "$cursor": {
        "queryPlanner": {
            "namespace": format!("{}.{name}", cx.database_name),
            "parsedQuery": front.filter.clone(),
            "winningPlan": plan::stages(&info, search.plan(), &Filter::new(&front.filter)?),
        }
    } })];
    if let (Some(sort), false) = (&front.sort, sorted) {
        shown.push(Bson::Document(doc! { "$sort": { "sortKey": sort.clone() } }));
    }
    let rest = whole.stages.get(front.stages..).unwrap_or_default();
    // Stages that were written as one are shown as written where they can be found.
    for stage in rest {
        let written = stages.iter().find(|written| written.as_document().is_some_and(|w| w.contains_key(stage.name)));
        shown.push(written.cloned().unwrap_or_else(|| Bson::Document(doc! { stage.name: {} })));
    }
    Ok(doc! { "stages": shown })
}
