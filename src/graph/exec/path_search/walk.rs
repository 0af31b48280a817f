//! All trails that fit a path pattern, depth first from one end.

use super::distances::Distances;
use crate::graph::Result;
use crate::graph::eval::EvalContext;
use crate::graph::exec::scan::{holds, is_taken};
use crate::graph::exec::types::{TypeMatcher, sides};
use crate::graph::exec::{Row, Runtime, put};
use crate::graph::plan::{PathSearch, Segment};
use crate::graph::store::Neighbour;
use crate::value::graph::Value;
use std::sync::Arc;

/// A relationship that was walked, and the node it led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stride {
    pub relationship: u64,
    pub node: u64,
    /// Which part of the pattern it belongs to.
    pub segment: usize,
    pub step: usize,
}

/// A place in the pattern: before a step, with the choices still to be tried.
struct Frame {
    segment: usize,
    step: usize,
    /// Repetitions of the segment that are done.
    turn: u64,
    node: u64,
    /// A stride led here; it is taken back with the frame.
    walked: bool,
    /// What needs no relationship (going on to the next segment, or the end) was tried.
    left: bool,
    neighbours: Option<Vec<Neighbour>>,
    at: usize,
}

/// A walk through the graph along a pattern.
pub struct Walk {
    search: Arc<PathSearch>,
    types: Vec<Vec<TypeMatcher>>,
    frames: Vec<Frame>,
    /// The strides so far.
    pub trail: Vec<Stride>,
    /// The node where it began.
    pub start: u64,
    /// Only trails of this length are given, and no longer ones are tried.
    limit: Option<usize>,
    /// A longer trail might have been tried without the limit.
    pub cut: bool,
    spare: Vec<Vec<Neighbour>>,
}

impl Walk {
    /// A walk that has not begun.
    pub fn new(search: Arc<PathSearch>) -> Self {
        let matchers = |segment: &Segment| segment.steps.iter().map(|step| TypeMatcher::new(&step.types)).collect();
        let types = search.segments.iter().map(matchers).collect();
        Walk {
            search,
            types,
            frames: Vec::new(),
            trail: Vec::new(),
            start: 0,
            limit: None,
            cut: false,
            spare: Vec::new(),
        }
    }

    /// Begins at a node.
    pub fn begin(&mut self, start: u64, limit: Option<usize>) {
        self.frames.clear();
        self.trail.clear();
        self.start = start;
        self.limit = limit;
        self.cut = false;
        self.push(0, 0, 0, start, false);
    }

    /// Its end: the last node so far.
    pub fn end(&self) -> u64 {
        self.trail.last().map_or(self.start, |stride| stride.node)
    }

    fn push(&mut self, segment: usize, step: usize, turn: u64, node: u64, walked: bool) {
        self.frames.push(Frame { segment, step, turn, node, walked, left: false, neighbours: None, at: 0 });
    }

    /// Goes on to the next whole trail; its variables then stand in the row, lists aside.
    pub fn advance(&mut self, rt: &Runtime<'_>, row: &mut Row, distances: Option<&mut Distances>) -> Result<bool> {
        let search = self.search.clone();
        let mut distances = distances;
        while let Some(frame) = self.frames.last_mut() {
            let (at, step, turn, node) = (frame.segment, frame.step, frame.turn, frame.node);
            let Some(segment) = search.segments.get(at) else {
                // The end of the pattern.
                if std::mem::replace(&mut frame.left, true) {
                    self.pop();
                    continue;
                }
                if self.limit.is_none_or(|limit| self.trail.len() == limit) {
                    return Ok(true);
                }
                continue;
            };
            if !std::mem::replace(&mut frame.left, true) && step == 0 {
                let enough = segment.repeat.as_ref().is_some_and(|repeat| turn >= repeat.min);
                if enough && self.arrives(rt, row, segment, node)? {
                    self.push(at + 1, 0, 0, node, false);
                    continue;
                }
            }
            match self.stride(rt, row, segment, distances.as_deref_mut())? {
                None => self.pop(),
                Some(neighbour) => {
                    let stride =
                        Stride { relationship: neighbour.relationship, node: neighbour.node, segment: at, step };
                    self.trail.push(stride);
                    let whole = step + 1 == segment.steps.len();
                    if !whole {
                        self.push(at, step + 1, turn, neighbour.node, true);
                    } else if segment.repeat.is_some() {
                        self.push(at, 0, turn + 1, neighbour.node, true);
                    } else if self.arrives(rt, row, segment, neighbour.node)? {
                        self.push(at + 1, 0, 0, neighbour.node, true);
                    } else {
                        self.trail.pop();
                    }
                }
            }
        }
        Ok(false)
    }

    fn pop(&mut self) {
        if let Some(frame) = self.frames.pop() {
            if frame.walked {
                self.trail.pop();
            }
            self.spare.extend(frame.neighbours);
        }
    }

    /// Sets the node behind a segment; whether its conditions hold.
    fn arrives(&self, rt: &Runtime<'_>, row: &mut Row, segment: &Segment, node: u64) -> Result<bool> {
        if let Some(joint) = segment.joint {
            put(row, joint, Value::Node(node));
        }
        holds(segment.filter.as_ref(), row, rt)
    }

    /// The next relationship that fits the step of the topmost frame.
    fn stride(
        &mut self,
        rt: &Runtime<'_>,
        row: &mut Row,
        segment: &Segment,
        mut distances: Option<&mut Distances>,
    ) -> Result<Option<Neighbour>> {
        let length = self.trail.len();
        let (at, place, turn, node) = match self.frames.last() {
            Some(frame) => (frame.segment, frame.step, frame.turn, frame.node),
            None => return Ok(None),
        };
        let Some(step) = segment.steps.get(place) else { return Ok(None) };
        if self.limit.is_some_and(|limit| length >= limit) {
            self.cut = true;
            return Ok(None);
        }
        if let Some(repeat) = &segment.repeat {
            if place == 0 && repeat.max.is_some_and(|max| turn >= max) {
                return Ok(None);
            }
            self.restore(row, segment, place);
            if place == 0 {
                put(row, repeat.start, Value::Node(node));
                if !holds(repeat.start_filter.as_ref(), row, rt)? {
                    return Ok(None);
                }
            }
        }
        let Some(types) = self.types.get_mut(at).and_then(|types| types.get_mut(place)) else { return Ok(None) };
        let Some(frame) = self.frames.last_mut() else { return Ok(None) };
        let neighbours = match &mut frame.neighbours {
            Some(neighbours) => neighbours,
            none => {
                rt.check_interrupt()?;
                let mut list = self.spare.pop().unwrap_or_default();
                list.clear();
                types.refresh(rt)?;
                if !types.is_empty() {
                    rt.neighbours(node, sides(step.direction), &mut list)?;
                }
                none.insert(list)
            }
        };
        while let Some(&neighbour) = neighbours.get(frame.at) {
            frame.at += 1;
            if !types.allows(rt, neighbour.kind)? || is_taken(row, &self.search.unique, neighbour.relationship) {
                continue;
            }
            if !self.search.repeats && self.trail.iter().any(|stride| stride.relationship == neighbour.relationship) {
                continue;
            }
            if let (Some(limit), Some(distances)) = (self.limit, distances.as_deref_mut()) {
                let rest = distances.behind(rt, at, place, neighbour.node, limit - length - 1)?;
                if rest.is_none_or(|rest| length + 1 + rest > limit) {
                    // What cannot reach the end at all is no loss.
                    self.cut |= rest.is_some() || !distances.is_exhausted();
                    continue;
                }
            }
            put(row, step.relationship, Value::Relationship(neighbour.relationship));
            put(row, step.node, Value::Node(neighbour.node));
            if holds(step.filter.as_ref(), row, rt)? {
                return Ok(Some(neighbour));
            }
        }
        Ok(None)
    }

    /// Sets the single variables of the current repetition again: deeper ones have overwritten them.
    fn restore(&self, row: &mut Row, segment: &Segment, place: usize) {
        let Some(repeat) = &segment.repeat else { return };
        let first = self.trail.len().saturating_sub(place);
        if place > 0 {
            let before =
                first.checked_sub(1).and_then(|at| self.trail.get(at)).map_or(self.start, |stride| stride.node);
            put(row, repeat.start, Value::Node(before));
        }
        for (stride, step) in self.trail.iter().skip(first).zip(&segment.steps) {
            put(row, step.relationship, Value::Relationship(stride.relationship));
            put(row, step.node, Value::Node(stride.node));
        }
    }
}
