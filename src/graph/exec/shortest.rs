//! Shortest paths between two bound nodes: breadth first from both ends, the smaller front first.

use super::expand::bound_node;
use super::ids::IdMap;
use super::types::{TypeMatcher, sides};
use super::{Operate, Row, Running, Runtime, put, slot};
use crate::ast::graph::RelDirection;
use crate::graph::Result;
use crate::graph::eval::{EvalContext, evaluate_predicate};
use crate::graph::plan::ShortestPath;
use crate::graph::store::Neighbour;
use crate::value::graph::{PathIds, Value};
use smallvec::SmallVec;
use std::collections::VecDeque;
use std::sync::Arc;

/// For each row, one or all of the shortest paths.
pub struct ShortestFinding {
    input: Running,
    find: Arc<ShortestPath>,
    types: TypeMatcher,
    ready: VecDeque<PathIds>,
}

/// Node and relationship of each step by which a node was reached.
type Steps = SmallVec<[(u64, u64); 1]>;

/// A search from one end.
struct Front {
    direction: RelDirection,
    /// Of each node reached: its distance, and from where it was reached at that distance.
    reached: IdMap<(u64, Steps)>,
    front: Vec<u64>,
    depth: u64,
}

impl Front {
    fn new(start: u64, direction: RelDirection) -> Self {
        Front {
            direction,
            reached: [(start, (0, SmallVec::new()))].into_iter().collect(),
            front: vec![start],
            depth: 0,
        }
    }
}

impl ShortestFinding {
    /// Before the first row.
    pub fn new(input: Running, find: Arc<ShortestPath>) -> Self {
        let types = TypeMatcher::new(&find.types);
        ShortestFinding { input, find, types, ready: VecDeque::new() }
    }

    /// Widens a front by one level; answers the nodes that the other front has reached.
    fn widen(&mut self, rt: &Runtime<'_>, own: &mut Front, other: &Front, row: &mut Row) -> Result<Vec<u64>> {
        let mut met = Vec::new();
        let mut next = Vec::new();
        let mut neighbours: Vec<Neighbour> = Vec::new();
        own.depth += 1;
        for node in std::mem::take(&mut own.front) {
            rt.check_interrupt()?;
            neighbours.clear();
            rt.neighbours(node, sides(own.direction), &mut neighbours)?;
            for neighbour in &neighbours {
                if !self.types.allows(rt, neighbour.kind)? {
                    continue;
                }
                if let Some((at, filter)) = &self.find.filter {
                    put(row, *at, Value::Relationship(neighbour.relationship));
                    if !evaluate_predicate(filter, row, rt)? {
                        continue;
                    }
                }
                let step = (node, neighbour.relationship);
                match own.reached.get_mut(&neighbour.node) {
                    Some((distance, steps)) => {
                        if *distance == own.depth && (self.find.all || steps.is_empty()) {
                            steps.push(step);
                        }
                    }
                    None => {
                        own.reached.insert(neighbour.node, (own.depth, SmallVec::from_buf([step])));
                        next.push(neighbour.node);
                        if other.reached.contains_key(&neighbour.node) {
                            met.push(neighbour.node);
                        }
                    }
                }
            }
        }
        own.front = next;
        Ok(met)
    }

    fn search(&mut self, rt: &Runtime<'_>, start: u64, end: u64, row: &Row) -> Result<Vec<PathIds>> {
        let max = self.find.max.unwrap_or(u64::MAX);
        self.types.refresh(rt)?;
        if start == end {
            let empty = PathIds { nodes: vec![start], relationships: Vec::new() };
            return Ok(if self.find.min == 0 { vec![empty] } else { Vec::new() });
        }
        if self.types.is_empty() || !rt.node_exists(start)? || !rt.node_exists(end)? {
            return Ok(Vec::new());
        }
        let backwards = self.find.direction.reversed();
        let mut scratch = row.clone();
        let mut from = Front::new(start, self.find.direction);
        let mut to = Front::new(end, backwards);
        while !from.front.is_empty() && !to.front.is_empty() && from.depth + to.depth < max {
            let forward = from.front.len() <= to.front.len();
            let met = if forward {
                self.widen(rt, &mut from, &to, &mut scratch)?
            } else {
                self.widen(rt, &mut to, &from, &mut scratch)?
            };
            let distance = |front: &Front, node: u64| front.reached.get(&node).map_or(u64::MAX, |(depth, _)| *depth);
            let length = |node: u64| distance(&from, node).saturating_add(distance(&to, node));
            let Some(least) = met.iter().map(|&node| length(node)).min() else { continue };
            let mut paths = Vec::new();
            for &middle in met.iter().filter(|&&node| length(node) == least) {
                for head in trails(&from, middle, self.find.all) {
                    for tail in trails(&to, middle, self.find.all) {
                        paths.push(join(&head, middle, &tail));
                        rt.check_size(paths.len(), "allShortestPaths")?;
                        if !self.find.all {
                            return Ok(paths);
                        }
                    }
                }
            }
            return Ok(paths);
        }
        Ok(Vec::new())
    }
}

/// The ways from a front's start to a node: steps (node, relationship) from the node back to the start.
fn trails(front: &Front, node: u64, all: bool) -> Vec<Vec<(u64, u64)>> {
    let mut done = Vec::new();
    let mut open = vec![(node, Vec::new())];
    while let Some((at, trail)) = open.pop() {
        let steps = front.reached.get(&at).map_or(&[][..], |(_, steps)| steps);
        if steps.is_empty() {
            done.push(trail);
            continue;
        }
        for &(before, relationship) in steps.iter().take(if all { usize::MAX } else { 1 }) {
            let mut longer = trail.clone();
            longer.push((before, relationship));
            open.push((before, longer));
        }
    }
    done
}

fn join(head: &[(u64, u64)], middle: u64, tail: &[(u64, u64)]) -> PathIds {
    let mut path = PathIds { nodes: Vec::new(), relationships: Vec::new() };
    for &(node, relationship) in head.iter().rev() {
        path.nodes.push(node);
        path.relationships.push(relationship);
    }
    path.nodes.push(middle);
    for &(node, relationship) in tail {
        path.relationships.push(relationship);
        path.nodes.push(node);
    }
    path
}

impl ShortestFinding {
    fn give(&self, path: PathIds, row: &mut Row) {
        let mut list: Vec<Value> = path.relationships.iter().map(|&id| Value::Relationship(id)).collect();
        let relationships = if self.find.single { list.pop().unwrap_or(Value::Null) } else { Value::List(list) };
        put(row, self.find.relationships, relationships);
        put(row, self.find.path, Value::Path(Arc::new(path)));
    }
}

impl Operate for ShortestFinding {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        loop {
            if let Some(path) = self.ready.pop_front() {
                self.give(path, row);
                return Ok(true);
            }
            if !self.input.next(rt, row)? {
                return Ok(false);
            }
            let ends = (bound_node(slot(row, self.find.from))?, bound_node(slot(row, self.find.to))?);
            if let (Some(start), Some(end)) = ends {
                let found = self.search(rt, start, end, row)?;
                self.ready.extend(found);
            }
        }
    }
}
