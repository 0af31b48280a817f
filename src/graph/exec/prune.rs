//! Ends of trails of variable length, each once: breadth first, instead of walking every trail.
//!
//! A shortest way to a node uses no relationship twice, so it is a trail; only the start itself is a special case.
//! Along directed relationships any way back to it contains a trail back to it. Without directions the way must be
//! a circle: it goes out and comes back over different relationships of the start, its *branches*, so it is found
//! where two branches meet.

use super::expand::bound_node;
use super::ids::IdMap;
use super::scan::is_taken;
use super::types::{TypeMatcher, sides};
use super::{Operate, Row, Running, Runtime, put, slot};
use crate::ast::graph::RelDirection;
use crate::graph::Result;
use crate::graph::eval::evaluate_predicate;
use crate::graph::plan::VarExpand;
use crate::graph::store::Neighbour;
use crate::value::graph::Value;
use std::sync::Arc;

/// How a node was reached: over which relationship of the start, in how many steps.
#[derive(Debug, Clone, Copy)]
struct Reached {
    branch: u64,
    steps: u64,
}

/// A search from one row.
struct Search {
    start: u64,
    /// The only end that is wanted, if it is bound.
    target: Option<u64>,
    /// The start was given, or need not be found any more.
    came_back: bool,
    reached: IdMap<Reached>,
    /// Nodes to go on from, all after the same number of steps.
    frontier: Vec<u64>,
    steps: u64,
    /// Ends still to be given.
    ready: Vec<u64>,
}

/// For each row, the ends of the trails from a node.
pub struct Pruning {
    input: Running,
    expand: Arc<VarExpand>,
    types: TypeMatcher,
    search: Option<Search>,
    neighbours: Vec<Neighbour>,
}

impl Pruning {
    /// Before the first row.
    pub fn new(input: Running, expand: Arc<VarExpand>) -> Self {
        let types = TypeMatcher::new(&expand.step.types);
        Pruning { input, expand, types, search: None, neighbours: Vec::new() }
    }

    fn begin(&mut self, row: &Row) -> Result<bool> {
        let step = &self.expand.step;
        let Some(start) = bound_node(slot(row, step.from))? else { return Ok(false) };
        let target = if step.into { bound_node(slot(row, step.to))? } else { None };
        if step.into && target.is_none() || self.expand.max.is_some_and(|max| max < self.expand.min) {
            return Ok(false);
        }
        let at_once = self.expand.min == 0;
        self.search = Some(Search {
            start,
            target,
            came_back: at_once,
            reached: IdMap::default(),
            frontier: vec![start],
            steps: 0,
            ready: if at_once { vec![start] } else { Vec::new() },
        });
        Ok(true)
    }

    /// Goes one step further; false if there is nowhere to go.
    fn advance(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        let Some(search) = &mut self.search else { return Ok(false) };
        if search.frontier.is_empty() || self.expand.max.is_some_and(|max| search.steps >= max) {
            return Ok(false);
        }
        self.types.refresh(rt)?;
        if self.types.is_empty() {
            return Ok(false);
        }
        search.steps += 1;
        let either = self.expand.step.direction == RelDirection::Either;
        for node in std::mem::take(&mut search.frontier) {
            self.neighbours.clear();
            rt.neighbours(node, sides(self.expand.step.direction), &mut self.neighbours)?;
            let here = if node == search.start { None } else { search.reached.get(&node).copied() };
            for neighbour in self.neighbours.drain(..) {
                let relationship = neighbour.relationship;
                if !self.types.allows(rt, neighbour.kind)? || is_taken(row, &self.expand.step.unique, relationship) {
                    continue;
                }
                if let Some((at, filter)) = &self.expand.filter {
                    put(row, *at, Value::Relationship(relationship));
                    if !evaluate_predicate(filter, row, rt)? {
                        continue;
                    }
                }
                let branch = here.map_or(relationship, |here| here.branch);
                let closes = if neighbour.node == search.start {
                    !either || here.is_none_or(|here| here.branch != relationship)
                } else if let Some(known) = search.reached.get(&neighbour.node) {
                    let length = search.steps + known.steps;
                    either && known.branch != branch && self.expand.max.is_none_or(|max| length <= max)
                } else {
                    search.reached.insert(neighbour.node, Reached { branch, steps: search.steps });
                    search.frontier.push(neighbour.node);
                    search.ready.push(neighbour.node);
                    false
                };
                if closes && !search.came_back {
                    search.came_back = true;
                    search.ready.push(search.start);
                }
            }
        }
        Ok(true)
    }
}

impl Operate for Pruning {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        loop {
            while let Some(search) = &mut self.search {
                let Some(node) = search.ready.pop() else {
                    if !self.advance(rt, row)? {
                        self.search = None;
                    }
                    continue;
                };
                match search.target {
                    Some(target) if target != node => continue,
                    Some(_) => self.search = None,
                    None => {}
                }
                put(row, self.expand.step.relationship, Value::Null);
                put(row, self.expand.step.to, Value::Node(node));
                return Ok(true);
            }
            if !self.input.next(rt, row)? {
                return Ok(false);
            }
            self.begin(row)?;
        }
    }
}
