//! Trails of variable length: depth first, no relationship twice.

use super::expand::bound_node;
use super::ids::IdSet;
use super::scan::is_taken;
use super::types::{TypeMatcher, sides};
use super::{Operate, Row, Running, Runtime, put, slot};
use crate::graph::Result;
use crate::graph::eval::evaluate_predicate;
use crate::graph::plan::VarExpand;
use crate::graph::store::Neighbour;
use crate::value::graph::Value;
use std::sync::Arc;

/// The neighbours of one node of the trail that are still to be tried.
#[derive(Default)]
struct Level {
    neighbours: Vec<Neighbour>,
    at: usize,
}

/// A search from one row.
struct Search {
    target: Option<u64>,
    /// The start is given itself first, if length 0 is allowed.
    start: Option<u64>,
    levels: Vec<Level>,
    trail: Vec<u64>,
    used: IdSet,
}

/// For each row, the trails from a node.
pub struct VarExpanding {
    input: Running,
    expand: Arc<VarExpand>,
    types: TypeMatcher,
    search: Option<Search>,
    /// Levels that are not in use, for their memory.
    spare: Vec<Level>,
}

impl VarExpanding {
    /// Before the first row.
    pub fn new(input: Running, expand: Arc<VarExpand>) -> Self {
        let types = TypeMatcher::new(&expand.step.types);
        VarExpanding { input, expand, types, search: None, spare: Vec::new() }
    }

    fn level(&mut self, rt: &Runtime<'_>, node: Option<u64>) -> Result<Level> {
        let mut level = self.spare.pop().unwrap_or_default();
        level.neighbours.clear();
        level.at = 0;
        if let Some(node) = node {
            self.types.refresh(rt)?;
            if !self.types.is_empty() {
                rt.neighbours(node, sides(self.expand.step.direction), &mut level.neighbours)?;
            }
        }
        Ok(level)
    }

    /// The next trail of the current search: its last node.
    fn advance(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<Option<u64>> {
        let max = self.expand.max.unwrap_or(u64::MAX);
        loop {
            let Some(search) = &mut self.search else { return Ok(None) };
            if let Some(start) = search.start.take() {
                if self.expand.max != Some(0) && max >= self.expand.min {
                    let level = self.level(rt, Some(start))?;
                    if let Some(search) = &mut self.search {
                        search.levels.push(level);
                    }
                }
                if self.expand.min == 0 {
                    return Ok(Some(start));
                }
                continue;
            }
            let Some(level) = search.levels.last_mut() else { return Ok(None) };
            let Some(&neighbour) = level.neighbours.get(level.at) else {
                self.spare.extend(search.levels.pop());
                if let Some(relationship) = search.trail.pop() {
                    search.used.remove(&relationship);
                }
                continue;
            };
            level.at += 1;
            if !self.types.allows(rt, neighbour.kind)?
                || search.used.contains(&neighbour.relationship)
                || is_taken(row, &self.expand.step.unique, neighbour.relationship)
            {
                continue;
            }
            if let Some((at, filter)) = &self.expand.filter {
                put(row, *at, Value::Relationship(neighbour.relationship));
                if !evaluate_predicate(filter, row, rt)? {
                    continue;
                }
            }
            search.trail.push(neighbour.relationship);
            if !self.expand.repeats {
                search.used.insert(neighbour.relationship);
            }
            let length = search.trail.len() as u64;
            let level = self.level(rt, (length < max).then_some(neighbour.node))?;
            if let Some(search) = &mut self.search {
                search.levels.push(level);
            }
            if length >= self.expand.min && length <= max {
                return Ok(Some(neighbour.node));
            }
        }
    }
}

impl Operate for VarExpanding {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        let step = &self.expand.clone().step;
        loop {
            while let Some(node) = self.advance(rt, row)? {
                let Some(search) = &self.search else { break };
                if search.target.is_some_and(|target| target != node) {
                    continue;
                }
                if self.expand.max.is_none() {
                    rt.count_path()?;
                }
                let mut relationships: Vec<Value> = search.trail.iter().map(|&id| Value::Relationship(id)).collect();
                if self.expand.reversed {
                    relationships.reverse();
                }
                put(row, step.relationship, Value::List(relationships));
                put(row, step.to, Value::Node(node));
                return Ok(true);
            }
            self.search = None;
            if !self.input.next(rt, row)? {
                return Ok(false);
            }
            let Some(start) = bound_node(slot(row, step.from))? else { continue };
            let target = if step.into { bound_node(slot(row, step.to))? } else { None };
            if step.into && target.is_none() {
                continue;
            }
            self.search = Some(Search {
                target,
                start: Some(start),
                levels: Vec::new(),
                trail: Vec::new(),
                used: IdSet::default(),
            });
        }
    }
}
