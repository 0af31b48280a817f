//! Shortest paths from one node to all others, for a pattern of one repeated relationship: breadth
//! first, with the ways that led to each node.

use super::walk::Stride;
use crate::graph::Result;
use crate::graph::eval::EvalContext;
use crate::graph::exec::scan::{holds, is_taken};
use crate::graph::exec::types::{TypeMatcher, sides};
use crate::graph::exec::{Row, Runtime, put};
use crate::graph::plan::PathSearch;
use crate::graph::store::Neighbour;
use crate::value::graph::Value;
use std::collections::HashMap;

/// How a node was reached: at which distance, and by which relationships from which nodes.
struct Reached {
    distance: usize,
    ways: Vec<(u64, u64)>,
}

/// The shortest trails to every node that can be reached, in the order of their lengths: one or all of
/// each. The start itself is among the ends only by a cycle; it is left out if relationships are
/// walked both ways.
pub fn spread(rt: &Runtime<'_>, search: &PathSearch, start: u64, all: bool, row: &mut Row) -> Result<Vec<Vec<Stride>>> {
    let Some(segment) = search.segments.first() else { return Ok(Vec::new()) };
    let (Some(step), Some(repeat)) = (segment.steps.first(), &segment.repeat) else { return Ok(Vec::new()) };
    let mut types = TypeMatcher::new(&step.types);
    types.refresh(rt)?;
    let directed = step.direction != crate::ast::graph::RelDirection::Either;
    let mut reached: HashMap<u64, Reached> = HashMap::new();
    let mut cycle = Reached { distance: usize::MAX, ways: Vec::new() };
    reached.insert(start, Reached { distance: 0, ways: Vec::new() });
    let mut order = vec![start];
    let mut at = 0;
    let mut neighbours: Vec<Neighbour> = Vec::new();
    while let Some(&node) = order.get(at) {
        at += 1;
        rt.check_interrupt()?;
        let distance = reached.get(&node).map_or(0, |reached| reached.distance) + 1;
        if repeat.max.is_some_and(|max| distance as u64 > max) || types.is_empty() {
            break;
        }
        put(row, repeat.start, Value::Node(node));
        if !holds(repeat.start_filter.as_ref(), row, rt)? {
            continue;
        }
        neighbours.clear();
        rt.neighbours(node, sides(step.direction), &mut neighbours)?;
        for neighbour in &neighbours {
            if !types.allows(rt, neighbour.kind)? || is_taken(row, &search.unique, neighbour.relationship) {
                continue;
            }
            let known = reached.get(&neighbour.node).map(|reached| reached.distance);
            let closes = neighbour.node == start && directed && distance <= cycle.distance;
            if known.is_some_and(|known| known < distance) && !closes {
                continue;
            }
            put(row, step.relationship, Value::Relationship(neighbour.relationship));
            put(row, step.node, Value::Node(neighbour.node));
            if !holds(step.filter.as_ref(), row, rt)? {
                continue;
            }
            let entry = if closes {
                cycle.distance = distance;
                &mut cycle
            } else {
                if known.is_none() {
                    order.push(neighbour.node);
                }
                reached.entry(neighbour.node).or_insert(Reached { distance, ways: Vec::new() })
            };
            if all || entry.ways.is_empty() {
                entry.ways.push((node, neighbour.relationship));
            }
        }
    }
    let mut found = Vec::new();
    if repeat.min == 0 {
        found.push(Vec::new());
    } else if !cycle.ways.is_empty() {
        let whole = Reached { distance: cycle.distance, ways: cycle.ways };
        trails(rt, &reached, start, &whole, &mut found)?;
    }
    for node in order.iter().skip(1) {
        if let Some(entry) = reached.get(node) {
            trails(rt, &reached, *node, entry, &mut found)?;
        }
    }
    found.sort_by_key(Vec::len);
    Ok(found)
}

/// All ways back to the start.
fn trails(
    rt: &Runtime<'_>,
    reached: &HashMap<u64, Reached>,
    node: u64,
    entry: &Reached,
    found: &mut Vec<Vec<Stride>>,
) -> Result<()> {
    let mut open: Vec<(Vec<Stride>, u64)> = Vec::new();
    for &(before, relationship) in &entry.ways {
        open.push((vec![Stride { relationship, node, segment: 0, step: 0 }], before));
    }
    while let Some((strides, node)) = open.pop() {
        let ways = match reached.get(&node) {
            Some(reached) if reached.distance > 0 => &reached.ways,
            _ => {
                let mut strides = strides;
                strides.reverse();
                found.push(strides);
                rt.check_size(found.len(), "SHORTEST")?;
                continue;
            }
        };
        for &(before, relationship) in ways {
            let mut longer = strides.clone();
            longer.push(Stride { relationship, node, segment: 0, step: 0 });
            open.push((longer, before));
        }
    }
    Ok(())
}
