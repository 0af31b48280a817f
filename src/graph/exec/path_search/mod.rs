//! Path patterns that are searched as a whole: repeated parts, and selectors such as `SHORTEST 2`.
//!
//! A [`walk::Walk`] finds the trails that fit, one after the other. A selector asks for the shortest
//! ones: they are walked by length, 0, 1, 2 and so on, and [`distances::Distances`] from a known end
//! cut off what cannot reach it in time; [`spread`](fn@spread::spread) finds them from one node to all others at once.

mod distances;
mod spread;
mod walk;

use super::expand::bound_node;
use super::filter::count_of;
use super::scan::holds;
use super::{Operate, Row, Running, Runtime, put, slot};
use crate::ast::graph::RelDirection;
use crate::graph::Result;
use crate::graph::plan::{PathSearch, Segment, Selection};
use crate::value::graph::{PathIds, Value};
use distances::Distances;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use walk::{Stride, Walk};

/// For each row, the paths that fit.
pub struct PathSearching {
    input: Running,
    search: Arc<PathSearch>,
    walk: Walk,
    /// The walk from the current row's node has begun.
    walking: bool,
    target: Option<u64>,
    /// Paths that a selector has taken.
    ready: VecDeque<Vec<Stride>>,
}

/// How many paths a selector takes, of how many lengths.
#[derive(Clone, Copy)]
struct Quota {
    paths: u64,
    lengths: u64,
}

/// What was found for one pair of ends.
#[derive(Default)]
struct Found {
    paths: u64,
    lengths: u64,
    last_length: Option<usize>,
}

impl Found {
    /// Counts a path; whether the quota leaves room for it.
    fn takes(&mut self, length: usize, quota: Quota) -> bool {
        let new_length = self.last_length != Some(length);
        if self.paths >= quota.paths || new_length && self.lengths >= quota.lengths {
            return false;
        }
        self.paths += 1;
        self.lengths += u64::from(new_length);
        self.last_length = Some(length);
        true
    }

    fn is_full(&self, length: usize, quota: Quota) -> bool {
        self.paths >= quota.paths || self.lengths >= quota.lengths && self.last_length.is_some_and(|last| last < length)
    }
}

impl PathSearching {
    /// Before the first row.
    pub fn new(input: Running, search: Arc<PathSearch>) -> Self {
        let walk = Walk::new(search.clone());
        PathSearching { input, search, walk, walking: false, target: None, ready: VecDeque::new() }
    }

    /// Puts a whole path into the row.
    fn give(&self, trail: &[Stride], row: &mut Row) {
        let search = &self.search;
        for (at, segment) in search.segments.iter().enumerate() {
            let own: Vec<Stride> = trail.iter().filter(|stride| stride.segment == at).copied().collect();
            let before =
                trail.iter().take_while(|stride| stride.segment < at).last().map_or(self.walk.start, |s| s.node);
            match &segment.repeat {
                None => {
                    for (stride, step) in own.iter().zip(&segment.steps) {
                        put(row, step.relationship, Value::Relationship(stride.relationship));
                        put(row, step.node, Value::Node(stride.node));
                    }
                }
                Some(repeat) => {
                    for &(single, list) in &repeat.groups {
                        put(
                            row,
                            list,
                            Value::List(group(segment, repeat.start, single, &own, before, search.reversed)),
                        );
                    }
                }
            }
            if let Some(joint) = segment.joint {
                put(row, joint, Value::Node(own.last().map_or(before, |stride| stride.node)));
            }
        }
        put(row, search.to.0, Value::Node(trail.last().map_or(self.walk.start, |stride| stride.node)));
        if let Some(at) = search.path {
            put(row, at, Value::Path(Arc::new(self.path(trail))));
        }
    }

    fn path(&self, trail: &[Stride]) -> PathIds {
        let mut path = PathIds { nodes: vec![self.walk.start], relationships: Vec::with_capacity(trail.len()) };
        for stride in trail {
            path.relationships.push(stride.relationship);
            path.nodes.push(stride.node);
        }
        if self.search.reversed {
            path.nodes.reverse();
            path.relationships.reverse();
        }
        path
    }

    /// Puts a path into the row; whether it leads to the right end and its conditions hold.
    fn fits(&self, trail: &[Stride], row: &mut Row, rt: &Runtime<'_>) -> Result<bool> {
        if self.target.is_some_and(|target| trail.last().map_or(self.walk.start, |stride| stride.node) != target) {
            return Ok(false);
        }
        self.give(trail, row);
        holds(self.search.filter.as_ref(), row, rt)
    }

    /// The paths that the selector takes, from one start.
    fn select(&mut self, rt: &Runtime<'_>, start: u64, row: &mut Row) -> Result<()> {
        let number = |count: &Option<Arc<_>>| count.as_ref().map_or(Ok(1), |count| count_of(count, "SHORTEST", rt));
        let quota = match &self.search.selection {
            Selection::All => return Ok(()),
            Selection::Shortest(count) => Quota { paths: number(count)?, lengths: u64::MAX },
            Selection::Groups(count) => Quota { paths: u64::MAX, lengths: number(count)? },
        };
        self.walk.start = start;
        if self.target.is_none() && self.search.spreads && (quota.paths == 1 || quota.lengths == 1) {
            return self.spread(rt, start, quota, row);
        }
        self.by_length(rt, start, self.target, quota, row)
    }

    fn spread(&mut self, rt: &Runtime<'_>, start: u64, quota: Quota, row: &mut Row) -> Result<()> {
        let search = self.search.clone();
        let trails = spread::spread(rt, &search, start, quota.paths > 1, row)?;
        self.ready.extend(trails);
        let step = search.segments.first().and_then(|segment| segment.steps.first());
        let min = search.segments.first().and_then(|segment| segment.repeat.as_ref()).map_or(0, |repeat| repeat.min);
        if min > 0 && step.is_some_and(|step| step.direction == RelDirection::Either) {
            // A cycle back to the start, which the spreading cannot tell from going to and fro.
            self.target = Some(start);
            self.by_length(rt, start, Some(start), quota, row)?;
            self.target = None;
        }
        Ok(())
    }

    fn by_length(
        &mut self,
        rt: &Runtime<'_>,
        start: u64,
        target: Option<u64>,
        quota: Quota,
        row: &mut Row,
    ) -> Result<()> {
        let mut distances = target.map(|end| Distances::new(self.search.clone(), end));
        let mut length = match &mut distances {
            Some(distances) => match distances.of_start(rt, start)? {
                Some(least) => least,
                None => return Ok(()),
            },
            None => 0,
        };
        let mut found: HashMap<u64, Found> = HashMap::new();
        loop {
            self.walk.begin(start, Some(length));
            while self.walk.advance(rt, row, distances.as_mut())? {
                let trail = self.walk.trail.clone();
                if !self.fits(&trail, row, rt)? {
                    rt.count_path()?;
                    continue;
                }
                if found.entry(self.walk.end()).or_default().takes(length, quota) {
                    self.ready.push_back(trail);
                    rt.check_size(self.ready.len(), "A path selector")?;
                } else if target.is_some() {
                    break;
                }
            }
            length += 1;
            let full = target.is_some_and(|end| found.get(&end).is_some_and(|found| found.is_full(length, quota)));
            if full || !self.walk.cut {
                return Ok(());
            }
        }
    }
}

/// The values of a variable over the repetitions.
fn group(segment: &Segment, start: usize, single: usize, own: &[Stride], before: u64, reversed: bool) -> Vec<Value> {
    let length = segment.steps.len().max(1);
    let mut values = Vec::with_capacity(own.len() / length);
    for (turn, strides) in own.chunks(length).enumerate() {
        let first = if turn == 0 { before } else { own.get(turn * length - 1).map_or(before, |stride| stride.node) };
        if single == start {
            values.push(Value::Node(first));
            continue;
        }
        for (stride, step) in strides.iter().zip(&segment.steps) {
            if step.relationship == single {
                values.push(Value::Relationship(stride.relationship));
            } else if step.node == single {
                values.push(Value::Node(stride.node));
            }
        }
    }
    if reversed {
        values.reverse();
    }
    values
}

impl Operate for PathSearching {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        loop {
            if let Some(trail) = self.ready.pop_front() {
                self.give(&trail, row);
                return Ok(true);
            }
            while self.walking {
                if !self.walk.advance(rt, row, None)? {
                    self.walking = false;
                    break;
                }
                let trail = std::mem::take(&mut self.walk.trail);
                let fits = self.fits(&trail, row, rt);
                self.walk.trail = trail;
                if self.search.unbounded {
                    rt.count_path()?;
                }
                if fits? {
                    return Ok(true);
                }
            }
            if !self.input.next(rt, row)? {
                return Ok(false);
            }
            let Some(start) = bound_node(slot(row, self.search.from))? else { continue };
            self.target = if self.search.to.1 { bound_node(slot(row, self.search.to.0))? } else { None };
            if self.search.to.1 && self.target.is_none() {
                continue;
            }
            if matches!(self.search.selection, Selection::All) {
                self.walk.begin(start, None);
                self.walking = true;
            } else {
                self.select(rt, start, row)?;
            }
        }
    }
}
