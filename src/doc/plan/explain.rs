//! `explain()`: the plan in MongoDB's shape.

use super::covered::Covered;
use super::search::Examined;
use super::{Access, IndexScan, Plan, Search};
use crate::doc::Result;
use crate::doc::catalog::CollectionInfo;
use crate::doc::index::Kind;
use crate::doc::query::Filter;
use crate::doc::sort::SortSpec;
use crate::storage::{Direction, Read};
use bson::{Bson, Document, doc};
use std::time::Instant;

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub enum Verbosity {
    /// The plan.
    Planner,
    /// What running it cost.
    Executed,
    /// What its rivals would have cost, too.
    All,
}

impl Verbosity {
    /// From `explain`'s argument.
    pub fn of(value: Option<&Bson>) -> Verbosity {
        match value {
            Some(Bson::Boolean(true)) => Verbosity::All,
            Some(Bson::String(word)) => match word.as_str() {
                "executionStats" => Verbosity::Executed,
                "allPlansExecution" => Verbosity::All,
                _ => Verbosity::Planner,
            },
            _ => Verbosity::Planner,
        }
    }
}

/// A query to be explained.
pub struct Explained<'q> {
    /// `database.collection`
    pub namespace: String,
    /// Its filter.
    pub filter: &'q Filter,
    /// A sort that the plan does not give.
    pub blocking_sort: Option<&'q SortSpec>,
    /// Documents left out at the start.
    pub skip: u64,
    /// The most documents behind them.
    pub limit: Option<u64>,
    /// The projection as given.
    pub projection: Option<&'q Document>,
    /// The query is the `count` of documents, or it changes or deletes them: the stage above all.
    pub top: Option<&'static str>,
}

/// Counts as the shell shows them.
fn number(count: u64) -> Bson {
    i32::try_from(count).map_or(Bson::Int64(count as i64), Bson::Int32)
}

fn direction(direction: Direction) -> &'static str {
    if direction == Direction::Forward { "forward" } else { "backward" }
}

/// IXSCAN, or COUNT_SCAN.
fn index_stage(scan: &IndexScan, name: &str, examined: Option<Examined>) -> Document {
    let mut bounds = Document::new();
    for (path, intervals) in &scan.bounds {
        bounds.insert(path.as_str(), intervals.iter().cloned().map(Bson::String).collect::<Vec<_>>());
    }
    let mut stage = doc! { "stage": name };
    if let Some(examined) = examined {
        stage.insert("nReturned", number(examined.returned));
    }
    let index = &scan.index;
    stage.extend(doc! {
        "keyPattern": index.shown_pattern().clone(),
        "indexName": index.name.as_str(),
        "isMultiKey": index.multikey,
        "isUnique": index.unique,
        "isSparse": index.sparse,
        "isPartial": index.partial.is_some(),
        "indexVersion": 2,
        "direction": direction(scan.direction),
        "indexBounds": bounds,
    });
    if let Some(examined) = examined {
        stage.insert("keysExamined", number(examined.keys));
    }
    stage
}

/// A stage over another one.
fn over(name: &str, more: Document, input: Document) -> Document {
    let mut stage = doc! { "stage": name };
    stage.extend(more);
    stage.insert("inputStage", input);
    stage
}

struct Counts<'c> {
    examined: &'c [Examined],
    documents: u64,
    found: u64,
}

/// The stages of the access: COLLSCAN, FETCH over IXSCAN, and the others.
fn access_stages(plan: &Plan, filter: &Filter, counts: Option<&Counts<'_>>) -> Document {
    let returned = |stage: &mut Document| {
        if let Some(counts) = counts {
            stage.insert("nReturned", number(counts.found));
        }
    };
    let examined = |at: usize| counts.and_then(|counts| counts.examined.get(at).copied());
    let fetch = |input: Document, filtered: bool| {
        let mut more = Document::new();
        if filtered && !filter.is_empty() {
            more.insert("filter", filter.parsed());
        }
        returned(&mut more);
        if let Some(counts) = counts {
            more.insert("docsExamined", number(counts.documents));
        }
        over("FETCH", more, input)
    };
    match &plan.access {
        Access::Nothing => doc! { "stage": "EOF" },
        Access::Collection(way) => {
            let mut stage = doc! { "stage": "COLLSCAN" };
            if !filter.is_empty() {
                stage.insert("filter", filter.parsed());
            }
            returned(&mut stage);
            stage.insert("direction", direction(*way));
            if let Some(counts) = counts {
                stage.insert("docsExamined", number(counts.documents));
            }
            stage
        }
        Access::Index(scan) => match plan.covered {
            Some(Covered::Count) => index_stage(scan, "COUNT_SCAN", examined(0)),
            Some(Covered::Fields) => index_stage(scan, "IXSCAN", examined(0)),
            None if is_by_id(scan, filter) => {
                let mut stage = doc! { "stage": "IDHACK" };
                returned(&mut stage);
                if let Some(counts) = counts {
                    stage.insert("keysExamined", number(counts.examined.first().map_or(0, |scan| scan.keys)));
                    stage.insert("docsExamined", number(counts.documents));
                }
                stage
            }
            None => fetch(index_stage(scan, "IXSCAN", examined(0)), !plan.exact),
        },
        Access::Union(scans) => {
            let branches: Vec<Bson> = scans
                .iter()
                .enumerate()
                .map(|(at, scan)| Bson::Document(index_stage(scan, "IXSCAN", examined(at))))
                .collect();
            fetch(doc! { "stage": "OR", "inputStages": branches }, true)
        }
        Access::Intersection(pair) => {
            let branches: Vec<Bson> = pair
                .iter()
                .enumerate()
                .map(|(at, scan)| Bson::Document(index_stage(scan, "IXSCAN", examined(at))))
                .collect();
            fetch(doc! { "stage": "AND_HASH", "inputStages": branches }, true)
        }
        Access::Text(scan) => {
            let mut stage = doc! {
                "stage": "TEXT_MATCH",
                "indexName": scan.index.name.as_str(),
                "parsedTextQuery": scan.terms.to_document(),
                "textIndexVersion": 3,
            };
            returned(&mut stage);
            if let Some(counts) = counts {
                stage.insert("keysExamined", number(counts.examined.first().map_or(0, |scan| scan.keys)));
                stage.insert("docsExamined", number(counts.documents));
            }
            stage
        }
        Access::Near(scan) => {
            let flat = matches!(scan.index.kind, Kind::Keys)
                && scan
                    .index
                    .pattern
                    .iter()
                    .any(|(path, kind)| path == scan.path.as_str() && kind == &Bson::String("2d".to_owned()));
            let mut stage = doc! {
                "stage": if flat { "GEO_NEAR_2D" } else { "GEO_NEAR_2DSPHERE" },
                "keyPattern": scan.index.pattern.clone(),
                "indexName": scan.index.name.as_str(),
                "indexVersion": 2,
            };
            returned(&mut stage);
            if let Some(counts) = counts {
                stage.insert("keysExamined", number(counts.examined.first().map_or(0, |scan| scan.keys)));
                stage.insert("docsExamined", number(counts.documents));
            }
            stage
        }
    }
}

/// A look-up of one `_id`.
fn is_by_id(scan: &IndexScan, filter: &Filter) -> bool {
    scan.index.name == "_id_" && scan.exact && scan.ranges.len() == 1 && filter.source().len() == 1 && {
        let asked = filter.source().get("_id");
        asked.is_some_and(
            |asked| !matches!(asked, Bson::Document(operators) if crate::doc::query::is_operators(operators)),
        )
    }
}

fn stages(plan: &Plan, query: &Explained<'_>, counts: Option<&Counts<'_>>) -> Document {
    let mut tree = access_stages(plan, query.filter, counts);
    let after_skip = |found: u64| found.saturating_sub(query.skip);
    let shown = |found: u64| query.limit.map_or(after_skip(found), |limit| after_skip(found).min(limit));
    let with_count = |mut more: Document, count: &dyn Fn(u64) -> u64| {
        if let Some(counts) = counts {
            more.insert("nReturned", number(count(counts.found)));
        }
        more
    };
    if let Some(sort) = query.blocking_sort {
        let mut more = doc! { "sortPattern": sort.source().clone(), "memLimit": 104_857_600, "type": "simple" };
        let most = query.limit.map(|limit| limit.saturating_add(query.skip));
        if let Some(most) = most {
            more.insert("limitAmount", number(most));
        }
        tree = over("SORT", with_count(more, &|found| most.map_or(found, |most| found.min(most))), tree);
    }
    if query.skip > 0 {
        tree = over("SKIP", with_count(doc! { "skipAmount": number(query.skip) }, &after_skip), tree);
    }
    if let Some(limit) = query.limit
        && query.blocking_sort.is_none()
    {
        tree = over("LIMIT", with_count(doc! { "limitAmount": number(limit) }, &shown), tree);
    }
    if let Some(projection) = query.projection {
        let simple = projection.iter().all(|(path, value)| {
            !path.contains('.') && !matches!(value, Bson::Document(_) | Bson::Array(_) | Bson::String(_))
        });
        let name = match plan.covered {
            Some(Covered::Fields) => "PROJECTION_COVERED",
            _ if simple => "PROJECTION_SIMPLE",
            _ => "PROJECTION_DEFAULT",
        };
        tree = over(name, with_count(doc! { "transformBy": projection.clone() }, &shown), tree);
    }
    match query.top {
        Some(name) => {
            let mut more = Document::new();
            if counts.is_some() {
                more.insert("nReturned", 0);
            }
            if let (Some(counts), "COUNT") = (counts, name) {
                more.insert("nCounted", number(shown(counts.found)));
            }
            over(name, more, tree)
        }
        None => tree,
    }
}

/// The whole answer.
///
/// # Errors
/// What the query itself fails with.
pub fn explain(
    tx: &dyn Read,
    info: Option<&CollectionInfo>,
    plan: Plan,
    query: &Explained<'_>,
    verbosity: Verbosity,
) -> Result<Document> {
    let rejected: Vec<Bson> = plan
        .rejected
        .iter()
        .map(|access| {
            let other =
                Plan { access: access.clone(), covered: None, exact: false, rejected: Vec::new(), sorted: false };
            Bson::Document(stages(&other, query, None))
        })
        .collect();
    let winning = stages(&plan, query, None);
    let mut answer = doc! {
        "explainVersion": "1",
        "queryPlanner": {
            "namespace": query.namespace.as_str(),
            "parsedQuery": query.filter.parsed(),
            "indexFilterSet": false,
            "winningPlan": winning,
            "rejectedPlans": rejected,
        },
    };
    if verbosity > Verbosity::Planner {
        let started = Instant::now();
        let most = query.limit.map(|limit| limit.saturating_add(query.skip));
        let all = query.blocking_sort.is_some();
        let mut found = 0_u64;
        let (mut documents, mut examined) = (0, Vec::new());
        if let Some(info) = info {
            let mut search = Search::new(info, plan.clone(), query.filter.clone(), most.filter(|_| !all));
            while (all || most.is_none_or(|most| found < most)) && search.next(tx)?.is_some() {
                found += 1;
            }
            (documents, examined) = (search.documents_examined, search.examined());
        }
        let counts = Counts { examined: &examined, documents, found };
        let returned = match query.top {
            Some(_) => 0,
            None => found.min(most.unwrap_or(u64::MAX)).saturating_sub(query.skip),
        };
        let keys: u64 = examined.iter().map(|scan| scan.keys).sum();
        let mut statistics = doc! {
            "executionSuccess": true,
            "nReturned": number(returned),
            "executionTimeMillis": number(started.elapsed().as_millis() as u64),
            "totalKeysExamined": number(keys),
            "totalDocsExamined": number(documents),
            "executionStages": stages(&plan, query, Some(&counts)),
        };
        if verbosity == Verbosity::All {
            statistics.insert("allPlansExecution", Vec::<Bson>::new());
        }
        answer.insert("executionStats", statistics);
    }
    answer.insert("command", doc! { "find": query.namespace.split_once('.').map_or("", |(_, name)| name), "filter": query.filter.source().clone() });
    answer.insert("serverInfo", doc! { "version": env!("CARGO_PKG_VERSION") });
    answer.insert("ok", 1);
    Ok(answer)
}
