//! `explain()`: the plan in MongoDB's shape.

use super::{Plan, Search};
use crate::doc::Result;
use crate::doc::catalog::CollectionInfo;
use crate::doc::query::Filter;
use crate::storage::{Direction, Read};
use bson::{Bson, Document, doc};
use std::time::Instant;

/// The stages of a plan as a tree: COLLSCAN, or FETCH over IXSCAN.
pub fn stages(info: &CollectionInfo, plan: &Plan, filter: &Filter) -> Document {
    let direction = if plan.direction == Direction::Forward { "forward" } else { "backward" };
    let Some(index) = plan.index.and_then(|at| info.indexes.get(at)) else {
        let mut stage = doc! { "stage": "COLLSCAN" };
        if !filter.is_empty() {
            stage.insert("filter", filter.source().clone());
        }
        stage.insert("direction", direction);
        return stage;
    };
    let mut bounds = Document::new();
    for (path, intervals) in &plan.bounds {
        bounds.insert(path.as_str(), intervals.iter().cloned().map(Bson::String).collect::<Vec<_>>());
    }
    let scan = doc! {
        "stage": "IXSCAN",
        "keyPattern": index.pattern.clone(),
        "indexName": index.name.as_str(),
        "isMultiKey": index.multikey,
        "isUnique": index.unique,
        "isSparse": index.sparse,
        "isPartial": index.partial.is_some(),
        "indexVersion": 2,
        "direction": direction,
        "indexBounds": bounds,
    };
    let mut fetch = doc! { "stage": "FETCH" };
    if !filter.is_empty() {
        fetch.insert("filter", filter.source().clone());
    }
    fetch.insert("inputStage", scan);
    fetch
}

/// How much of a search a query reads.
pub struct Wanted {
    /// Matches left out at the start.
    pub skip: u64,
    /// The most matches behind them.
    pub limit: Option<u64>,
    /// All matches are read first, to be sorted.
    pub all: bool,
}

/// The whole answer. `winning` is the plan's tree with the stages above it; `run` asks for the statistics of
/// really running it.
///
/// # Errors
/// What the query itself fails with.
pub fn explain(
    tx: &dyn Read,
    namespace: &str,
    filter: &Document,
    winning: Document,
    run: Option<(Search, Wanted)>,
) -> Result<Document> {
    let mut answer = doc! {
        "explainVersion": "1",
        "queryPlanner": {
            "namespace": namespace,
            "parsedQuery": filter.clone(),
            "indexFilterSet": false,
            "winningPlan": winning.clone(),
            "rejectedPlans": [],
        },
    };
    if let Some((mut search, wanted)) = run {
        let started = Instant::now();
        let most = wanted.limit.map(|limit| limit.saturating_add(wanted.skip));
        let mut found = 0_u64;
        while (wanted.all || most.is_none_or(|most| found < most)) && search.next(tx)?.is_some() {
            found += 1;
        }
        let returned = found.min(most.unwrap_or(u64::MAX)).saturating_sub(wanted.skip);
        let number = |count: u64| i32::try_from(count).map_or(Bson::Int64(count as i64), Bson::Int32);
        let mut stages = winning;
        stages.insert("nReturned", number(returned));
        answer.insert(
            "executionStats",
            doc! {
                "executionSuccess": true,
                "nReturned": number(returned),
                "executionTimeMillis": number(started.elapsed().as_millis() as u64),
                "totalKeysExamined": number(search.keys_examined),
                "totalDocsExamined": number(search.documents_examined),
                "executionStages": stages,
            },
        );
    }
    answer.insert("ok", 1);
    Ok(answer)
}
