//! From a plan to running operators.

use super::aggregate::Aggregating;
use super::apply::Applying;
use super::call::Calling;
use super::create::Creating;
use super::csv::Loading;
use super::delete::Deleting;
use super::expand::{Endpoints, Expanding};
use super::filter::{Deduplicating, Filtering, Limiting, Skipping};
use super::foreach::Iterating;
use super::merge::Merging;
use super::optional::Optionally;
use super::path::PathBuilding;
use super::project::{Choosing, Projecting};
use super::scan::{NodeScanning, RelationshipScanning};
use super::set::Setting;
use super::shortest::ShortestFinding;
use super::sort::{Gathering, Sorting};
use super::types::TypeMatcher;
use super::unwind::{Chaining, Unwinding};
use super::var_expand::VarExpanding;
use super::{Operate, Row, Running, Runtime, put, slot};
use crate::graph::Result;
use crate::graph::plan::{CountedThing, Operator, PlanRef, SubplanResult};
use crate::graph::store::{Counted, TokenKind};
use crate::value::graph::Value;
use std::collections::{HashSet, VecDeque};

/// The row that the surrounding operator gives.
struct Given {
    row: Option<Row>,
}

impl Operate for Given {
    fn next(&mut self, _: &Runtime<'_>) -> Result<Option<Row>> {
        Ok(self.row.take())
    }
}

/// Reads everything, gives nothing.
struct Draining {
    input: Running,
}

impl Operate for Draining {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        while self.input.next(rt)?.is_some() {}
        Ok(None)
    }
}

/// A count from the statistics.
struct Counting {
    plan: PlanRef,
    done: bool,
}

impl Operate for Counting {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        let Operator::CountStore { slot, what } = &self.plan.operator else { return Ok(None) };
        if std::mem::replace(&mut self.done, true) {
            return Ok(None);
        }
        let mut sum = 0;
        match what {
            CountedThing::Nodes(None) => sum = rt.count(Counted::Nodes)?,
            CountedThing::Nodes(Some(label)) => {
                if let Some(label) = rt.token(TokenKind::Label, label)? {
                    sum = rt.count(Counted::Label(label))?;
                }
            }
            CountedThing::Relationships(types) if types.is_empty() => sum = rt.count(Counted::Relationships)?,
            CountedThing::Relationships(types) => {
                for name in types {
                    if let Some(id) = rt.token(TokenKind::Type, name)? {
                        sum += rt.count(Counted::Type(id))?;
                    }
                }
            }
        }
        let mut row = Row::new();
        put(&mut row, *slot, Value::Int(i64::try_from(sum).unwrap_or(i64::MAX)));
        Ok(Some(row))
    }
}

/// Counts the rows and look-ups of an operator, for PROFILE.
struct Measuring {
    inner: Running,
    id: usize,
}

impl Operate for Measuring {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        let before = rt.hits();
        let row = self.inner.next(rt)?;
        rt.measure(self.id, row.is_some(), rt.hits() - before);
        Ok(row)
    }
}

/// Opens a plan on the row that its [`Operator::Argument`] gives: from the innermost input outwards,
/// without recursion along the inputs.
pub fn open(plan: &PlanRef, argument: &Row, rt: &Runtime<'_>) -> Running {
    let mut chain = vec![plan];
    let mut innermost = plan;
    while let Some(input) = innermost.operator.input() {
        chain.push(input);
        innermost = input;
    }
    let mut running: Running = match &innermost.operator {
        Operator::CountStore { .. } => Box::new(Counting { plan: innermost.clone(), done: false }),
        _ => Box::new(Given { row: Some(argument.clone()) }),
    };
    while let Some(plan) = chain.pop() {
        running = put_on(plan, running, argument, rt);
    }
    running
}

/// Puts the operator of a plan on its running input.
fn put_on(plan: &PlanRef, input: Running, argument: &Row, rt: &Runtime<'_>) -> Running {
    let running: Running = match &plan.operator {
        Operator::Argument | Operator::CountStore { .. } => input,
        Operator::NodeScan(_, scan) => Box::new(NodeScanning { input, scan: scan.clone(), current: None }),
        Operator::RelationshipScan(_, scan) => Box::new(RelationshipScanning {
            input,
            types: TypeMatcher::new(&scan.types),
            scan: scan.clone(),
            current: None,
            ready: VecDeque::new(),
        }),
        Operator::Expand(_, expand) => Box::new(Expanding {
            input,
            types: TypeMatcher::new(&expand.types),
            expand: expand.clone(),
            current: None,
            neighbours: Vec::new(),
            at: 0,
        }),
        Operator::VarExpand(_, expand) => Box::new(VarExpanding::new(input, expand.clone())),
        Operator::ProjectEndpoints(_, project) => Box::new(Endpoints {
            input,
            types: TypeMatcher::new(&project.types),
            project: project.clone(),
            ready: VecDeque::new(),
        }),
        Operator::ShortestPath(_, find) => Box::new(ShortestFinding::new(input, find.clone())),
        Operator::BuildPath(_, build) => Box::new(PathBuilding { input, build: build.clone() }),
        Operator::Filter(_, predicate) => Box::new(Filtering { input, predicate: predicate.clone() }),
        Operator::Optional { inner: optional, width, .. } => {
            Box::new(Optionally { input, inner: optional.clone(), width: *width, current: None })
        }
        Operator::Apply(_, apply) => Box::new(Applying { input, apply: apply.clone(), current: None }),
        Operator::Project(_, project) => Box::new(Projecting { input, project: project.clone() }),
        Operator::Columns(_, slots) => Box::new(Choosing { input, slots: slots.clone() }),
        Operator::Distinct(_) => Box::new(Deduplicating { input, seen: HashSet::new() }),
        Operator::Aggregate(_, aggregate) => {
            Box::new(Aggregating { input, aggregate: aggregate.clone(), groups: None })
        }
        Operator::Sort(_, sort) => Box::new(Sorting { input, sort: sort.clone(), rows: None }),
        Operator::Skip(_, count) => Box::new(Skipping { input, count: count.clone(), started: false }),
        Operator::Limit(_, count) => Box::new(Limiting { input, count: count.clone(), left: None }),
        Operator::Union(_, second) => Box::new(Chaining { first: Some(input), second: open(second, argument, rt) }),
        Operator::Unwind(_, unwind) => Box::new(Unwinding { input, unwind: unwind.clone(), current: None }),
        Operator::Eager(_) => Box::new(Gathering { input, rows: None }),
        Operator::Create(_, create) => Box::new(Creating { input, create: create.clone() }),
        Operator::Merge(_, merge) => Box::new(Merging { input, merge: merge.clone(), ready: VecDeque::new() }),
        Operator::Set(_, steps) => Box::new(Setting { input, steps: steps.clone() }),
        Operator::Delete { detach, targets, .. } => {
            Box::new(Deleting { input, detach: *detach, targets: targets.clone() })
        }
        Operator::Foreach(_, foreach) => Box::new(Iterating { input, foreach: foreach.clone() }),
        Operator::Call(_, call) => Box::new(Calling { input, call: call.clone(), current: None }),
        Operator::LoadCsv(_, load) => Box::new(Loading { input, load: load.clone(), current: None }),
        Operator::Nothing(_) => Box::new(Draining { input }),
    };
    if rt.is_profiled() { Box::new(Measuring { inner: running, id: plan.id }) } else { running }
}

/// Runs the subplan of an expression on its row.
pub fn run_subplan(rt: &Runtime<'_>, handle: usize, mut row: Row) -> Result<Value> {
    let Some(subplan) = rt.subplans.get(handle) else { return Ok(Value::Null) };
    row.truncate(subplan.width);
    let mut running = open(&subplan.plan, &row, rt);
    match subplan.result {
        SubplanResult::Exists => Ok(Value::Bool(running.next(rt)?.is_some())),
        SubplanResult::Count => {
            let mut count = 0;
            while running.next(rt)?.is_some() {
                count += 1;
            }
            Ok(Value::Int(count))
        }
        SubplanResult::Collect(at) => {
            let mut items = Vec::new();
            while let Some(row) = running.next(rt)? {
                items.push(slot(&row, at).clone());
                rt.check_size(items.len(), "A list")?;
            }
            Ok(Value::List(items))
        }
        SubplanResult::First(at) => Ok(running.next(rt)?.map_or(Value::Null, |row| slot(&row, at).clone())),
    }
}
