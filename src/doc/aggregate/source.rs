//! Documents of a collection or view, through the planner of `find`.

use super::pipeline::{Compiled, Pipeline, Role, Scope};
use super::row::{Input, Row, Rows, Stage};
use super::sort;
use crate::doc::catalog::{self, CollectionInfo};
use crate::doc::expression::{Metadata, Variables};
use crate::doc::plan::{self, Hint, Request, Search};
use crate::doc::query::Filter;
use crate::doc::sort::SortSpec;
use crate::doc::{Code, Context, Error, Result, expiry};
use bson::{Bson, Document};

/// How many views may stand on views.
const MAX_VIEWS: usize = 20;

/// What the front of a pipeline asks of the planner.
#[derive(Debug, Clone, Default)]
pub(crate) struct Front {
    /// All leading `$match`es.
    pub filter: Document,
    /// A `$sort` behind them.
    pub sort: Option<Document>,
    /// How many stages these are.
    pub stages: usize,
    /// How many rows the stages behind want, if that is known.
    pub limit: Option<u64>,
}

impl Front {
    /// The front of a pipeline.
    pub fn of(pipeline: &Pipeline) -> Front {
        let mut front = Front::default();
        let mut filters: Vec<Bson> = Vec::new();
        for stage in &pipeline.stages {
            match &stage.role {
                Role::Match(filter) if front.sort.is_none() => filters.push(Bson::Document(filter.clone())),
                Role::Sort(sort)
                    if front.sort.is_none() && sort.fields().iter().all(|field| field.path().is_some()) =>
                {
                    front.sort = Some(sort.source().clone());
                }
                _ => break,
            }
            front.stages += 1;
        }
        front.limit = wanted(pipeline.stages.get(front.stages..).unwrap_or_default());
        front.filter = match (filters.pop(), filters.is_empty()) {
            (None, _) => Document::new(),
            (Some(Bson::Document(only)), true) => only,
            (Some(last), _) => {
                filters.push(last);
                bson::doc! { "$and": filters }
            }
        };
        front
    }
}

struct Scan(Search);

/// The documents that a plan finds.
pub(crate) fn scan(search: Search) -> Input {
    Box::new(Scan(search))
}

impl Stage for Scan {
    fn next(&mut self, cx: &mut Context<'_>) -> Result<Option<Row>> {
        let found = self.0.next(cx.tx.as_read())?;
        Ok(found.map(|found| {
            let metadata = Metadata { record: Some(found.record), ..found.metadata };
            Row { document: found.document, position: found.position, metadata }
        }))
    }
}

/// A pipeline on a collection (or on nothing, where it makes its own documents), running.
///
/// # Errors
/// Views that stand on each other in a circle; what the planner says.
pub(super) fn run(
    cx: &mut Context<'_>,
    collection: Option<&str>,
    pipeline: &Pipeline,
    variables: &Variables,
    hint: Option<&Hint>,
) -> Result<Input> {
    if pipeline.is_source() {
        return Ok(pipeline.build(Rows::boxed([]), 0, variables));
    }
    let Some(name) = collection else {
        return Err(Error::new(
            Code::InvalidNamespace,
            "{aggregate: 1} is not valid for this pipeline: it must begin with a stage that makes documents, such as $documents",
        ));
    };
    match resolve(cx, name, pipeline)? {
        (None, whole) => Ok(whole.build(Rows::boxed([]), 0, variables)),
        (Some(info), whole) => {
            if let Some(Compiled { role: Role::Near(spec), .. }) = whole.stages.first() {
                let source = super::near::source(&info, spec, variables)?;
                return Ok(whole.build(source, 1, variables));
            }
            if let Some(Compiled { role: Role::Statistics(about), .. }) = whole.stages.first() {
                let rows = super::statistics::rows(cx, &info, about)?;
                return Ok(whole.build(Rows::boxed(rows), 1, variables));
            }
            let front = Front::of(&whole);
            if let Some(stage) =
                whole.stages.get(front.stages..).unwrap_or_default().iter().find(|stage| stage.is_text())
            {
                return Err(Error::new(
                    Code::Location(17313),
                    format!("{} with $text is only allowed as the first pipeline stage", stage.name),
                ));
            }
            let (search, sorted) = search(cx, &info, &front, variables, hint)?;
            let mut from = front.stages;
            let mut source = scan(search);
            if let (Some(order), false) = (&front.sort, sorted) {
                let wanted = wanted(whole.stages.get(front.stages..).unwrap_or_default());
                source = (sort::compiled(SortSpec::of_stage(order)?, wanted).build)(source, variables);
            }
            if front.stages > whole.stages.len() {
                from = whole.stages.len();
            }
            Ok(coalesced(&whole).build(source, from, variables))
        }
    }
}

/// How many rows of a sort the stages behind it take.
fn wanted(stages: &[Compiled]) -> Option<u64> {
    let mut skipped = 0u64;
    for stage in stages {
        match stage.role {
            Role::Skip(count) => skipped = skipped.saturating_add(count),
            Role::Limit(count) => return Some(skipped.saturating_add(count)),
            _ => return None,
        }
    }
    None
}

/// The pipeline with each `$sort` told how many of its rows are wanted.
fn coalesced(pipeline: &Pipeline) -> Pipeline {
    let mut stages = pipeline.stages.clone();
    for at in 0..stages.len() {
        let limit = wanted(pipeline.stages.get(at + 1..).unwrap_or_default());
        if let (Some(stage), Some(limit)) = (stages.get_mut(at), limit)
            && let Role::Sort(sort) = &stage.role
        {
            *stage = sort::compiled(sort.clone(), Some(limit));
        }
    }
    Pipeline { stages }
}

/// The planner's choice for a front, and whether it gives the order.
pub(super) fn search(
    cx: &Context<'_>,
    info: &CollectionInfo,
    front: &Front,
    variables: &Variables,
    hint: Option<&Hint>,
) -> Result<(Search, bool)> {
    let filter = Filter::of_query(&front.filter)?.with_variables(variables.clone());
    let sort = front.sort.as_ref().map(SortSpec::of_stage).transpose()?;
    let sort = sort.map(|sort| sort.collated(variables.collation.as_ref()));
    let request = Request { sort: sort.as_ref(), hint, limited: front.limit.is_some(), ..Request::new(&filter) };
    let plan = plan::choose(cx.tx.as_read(), info, &request)?;
    let sorted = plan.sorted;
    let most = front.limit.filter(|_| sorted || sort.is_none());
    Ok((Search::new(info, plan, filter, most), sorted))
}

/// The collection that a name stands for and the pipeline on it: a view's own stages come first.
pub(super) fn resolve(
    cx: &mut Context<'_>,
    name: &str,
    pipeline: &Pipeline,
) -> Result<(Option<CollectionInfo>, Pipeline)> {
    let mut name = name.to_owned();
    let mut stages = pipeline.stages.clone();
    for _ in 0..MAX_VIEWS {
        let Some(info) = catalog::find(cx.tx.as_read(), cx.database, &name)? else {
            return Ok((None, Pipeline { stages }));
        };
        let Some((source, view)) = info.view().map(|(source, view)| (source.to_owned(), view)) else {
            expiry::sweep(cx, &info)?;
            return Ok((Some(info), Pipeline { stages }));
        };
        let mut whole = Pipeline::parse(&view, &Scope::default())?.stages;
        whole.append(&mut stages);
        stages = whole;
        name = source;
    }
    Err(Error::new(
        Code::Location(165),
        format!("View depth too deep or cycle detected: more than {MAX_VIEWS} views stand on each other at {name}"),
    ))
}
