//! From a plan to running operators.

use super::aggregate::Aggregating;
use super::apply::{self, Applying};
use super::batches::Batching;
use super::call::Calling;
use super::create::Creating;
use super::csv::Loading;
use super::delete::Deleting;
use super::expand::{Endpoints, Expanding};
use super::expand_count::ExpandCounting;
use super::filter::{Deduplicating, Filtering, Limiting, Skipping, Testing};
use super::foreach::Iterating;
use super::join::Joining;
use super::merge::Merging;
use super::optional::Optionally;
use super::path::PathBuilding;
use super::path_search::PathSearching;
use super::project::{Choosing, Extending, Projecting};
use super::prune::Pruning;
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
    fn next(&mut self, _: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        match self.row.take() {
            Some(given) => {
                *row = given;
                Ok(true)
            }
            None => Ok(false),
        }
    }
}

/// The row that is there already.
struct Here {
    done: bool,
}

impl Operate for Here {
    fn next(&mut self, _: &Runtime<'_>, _: &mut Row) -> Result<bool> {
        Ok(!std::mem::replace(&mut self.done, true))
    }
}

/// Reads everything, gives nothing.
struct Draining {
    input: Running,
}

impl Operate for Draining {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        while self.input.next(rt, row)? {}
        Ok(false)
    }
}

/// A count from the statistics.
struct Counting {
    plan: PlanRef,
    done: bool,
}

impl Operate for Counting {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        let Operator::CountStore { slot, what } = &self.plan.operator else { return Ok(false) };
        if std::mem::replace(&mut self.done, true) {
            return Ok(false);
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
        put(row, *slot, Value::Int(i64::try_from(sum).unwrap_or(i64::MAX)));
        Ok(true)
    }
}

/// Counts the rows and look-ups of an operator, for PROFILE.
struct Measuring {
    inner: Running,
    id: usize,
}

impl Operate for Measuring {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        let before = rt.hits();
        let more = self.inner.next(rt, row)?;
        rt.measure(self.id, more, rt.hits() - before);
        Ok(more)
    }
}

/// Where the row of an [`Operator::Argument`] comes from.
#[derive(Clone, Copy)]
enum Argument<'r> {
    /// It is copied from here.
    Row(&'r [Value]),
    /// It stands in the row that is handed to the first call.
    Here,
}

/// Opens a plan that begins with a copy of `argument` and has a row of its own.
pub fn open(plan: &PlanRef, argument: &[Value], rt: &Runtime<'_>) -> Running {
    open_on(plan, Argument::Row(argument), rt)
}

/// Opens a plan that goes on with the row that is handed to it.
pub fn open_in_place(plan: &PlanRef, rt: &Runtime<'_>) -> Running {
    open_on(plan, Argument::Here, rt)
}

/// From the innermost input outwards, without recursion along the inputs.
fn open_on(plan: &PlanRef, argument: Argument<'_>, rt: &Runtime<'_>) -> Running {
    let mut chain = vec![plan];
    let mut innermost = plan;
    while let Some(input) = innermost.operator.input() {
        chain.push(input);
        innermost = input;
    }
    let mut running: Running = match (&innermost.operator, argument) {
        (Operator::CountStore { .. }, _) => Box::new(Counting { plan: innermost.clone(), done: false }),
        (_, Argument::Row(row)) => Box::new(Given { row: Some(row.to_vec()) }),
        (_, Argument::Here) => Box::new(Here { done: false }),
    };
    while let Some(plan) = chain.pop() {
        running = put_on(plan, running, argument, rt);
    }
    running
}

/// Puts the operator of a plan on its running input.
fn put_on(plan: &PlanRef, input: Running, argument: Argument<'_>, rt: &Runtime<'_>) -> Running {
    let running: Running = match &plan.operator {
        Operator::Argument | Operator::CountStore { .. } => input,
        Operator::NodeScan(_, scan) => Box::new(NodeScanning { input, scan: scan.clone(), current: None }),
        Operator::RelationshipScan(_, scan) => Box::new(RelationshipScanning {
            input,
            types: TypeMatcher::new(&scan.types),
            scan: scan.clone(),
            current: None,
            second: None,
        }),
        Operator::Expand(_, expand) => Box::new(Expanding::new(input, expand.clone())),
        Operator::ExpandCount(_, count) => Box::new(ExpandCounting::new(input, count.clone())),
        Operator::VarExpand(_, expand) => Box::new(VarExpanding::new(input, expand.clone())),
        Operator::PruningVarExpand(_, expand) => Box::new(Pruning::new(input, expand.clone())),
        Operator::ProjectEndpoints(_, project) => Box::new(Endpoints {
            input,
            types: TypeMatcher::new(&project.types),
            project: project.clone(),
            ready: VecDeque::new(),
        }),
        Operator::ShortestPath(_, find) => Box::new(ShortestFinding::new(input, find.clone())),
        Operator::PathSearch(_, search) => Box::new(PathSearching::new(input, search.clone())),
        Operator::Join(_, join) => Box::new(Joining::new(input, join.clone(), rt.hold())),
        Operator::BuildPath(_, build) => Box::new(PathBuilding { input, build: build.clone() }),
        Operator::Filter(_, condition) => Box::new(Filtering { input, condition: Testing::new(condition.clone()) }),
        Operator::Optional { inner: optional, slots, .. } => {
            Box::new(Optionally { input, inner: optional.clone(), slots: slots.clone(), current: None })
        }
        Operator::Apply(_, apply) if apply.batches.is_some() => Box::new(Batching::new(input, apply.clone())),
        Operator::Apply(_, apply) => {
            Box::new(Applying { input, apply: apply.clone(), inner: None, columns: Row::new(), found: false })
        }
        Operator::Choose(_, choose) => {
            Box::new(apply::Choosing { input, choose: choose.clone(), before: Row::new(), inner: None })
        }
        Operator::Project(_, project) if project.fresh => {
            Box::new(Projecting { input, project: project.clone(), before: Row::new() })
        }
        Operator::Project(_, project) => Box::new(Extending { input, project: project.clone() }),
        Operator::Columns(_, slots) => Box::new(Choosing { input, slots: slots.clone(), before: Row::new() }),
        Operator::Distinct(_, width) => {
            Box::new(Deduplicating { input, width: *width, seen: HashSet::new(), held: rt.hold() })
        }
        Operator::Aggregate(_, aggregate) => {
            Box::new(Aggregating { input, aggregate: aggregate.clone(), groups: None, held: rt.hold() })
        }
        Operator::Sort(_, sort) => Box::new(Sorting { input, sort: sort.clone(), rows: None, held: rt.hold() }),
        Operator::Skip(_, count) => Box::new(Skipping { input, count: count.clone(), started: false }),
        Operator::Limit(_, count) => Box::new(Limiting { input, count: count.clone(), left: None }),
        Operator::Union(_, second) => Box::new(Chaining { first: Some(input), second: open_on(second, argument, rt) }),
        Operator::Unwind(_, unwind) => Box::new(Unwinding { input, unwind: unwind.clone(), elements: None }),
        Operator::Eager(_, width) => Box::new(Gathering { input, width: *width, rows: None, held: rt.hold() }),
        Operator::Create(_, create) => Box::new(Creating { input, create: create.clone() }),
        Operator::Merge(_, merge) => Box::new(Merging { input, merge: merge.clone(), ready: VecDeque::new() }),
        Operator::Set(_, steps) => Box::new(Setting { input, steps: steps.clone() }),
        Operator::Delete { detach, targets, .. } => {
            Box::new(Deleting { input, detach: *detach, targets: targets.clone() })
        }
        Operator::Foreach(_, foreach) => Box::new(Iterating { input, foreach: foreach.clone() }),
        Operator::Call(_, call) => Box::new(Calling { input, call: call.clone(), results: None, found: false }),
        Operator::LoadCsv(_, load) => Box::new(Loading { input, load: load.clone(), source: None }),
        Operator::Nothing(_) => Box::new(Draining { input }),
    };
    if rt.is_profiled() { Box::new(Measuring { inner: running, id: plan.id }) } else { running }
}

/// Runs the subplan of an expression on its row.
pub fn run_subplan(rt: &Runtime<'_>, handle: usize, row: &[Value]) -> Result<Value> {
    let Some(subplan) = rt.subplans.get(handle) else { return Ok(Value::Null) };
    let mut row = super::kept(row, subplan.width);
    let mut running = open(&subplan.plan, &row, rt);
    match subplan.result {
        SubplanResult::Exists => Ok(Value::Bool(running.next(rt, &mut row)?)),
        SubplanResult::Count => {
            let mut count = 0;
            while running.next(rt, &mut row)? {
                count += 1;
            }
            Ok(Value::Int(count))
        }
        SubplanResult::Collect(at) => {
            let mut items = Vec::new();
            let mut held = rt.hold();
            while running.next(rt, &mut row)? {
                let item = slot(&row, at).clone();
                held.add(std::slice::from_ref(&item), "A list")?;
                items.push(item);
            }
            Ok(Value::List(items))
        }
        SubplanResult::First(at) => Ok(if running.next(rt, &mut row)? { slot(&row, at).clone() } else { Value::Null }),
    }
}
