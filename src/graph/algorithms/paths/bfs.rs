//! A walk in breadth.

use crate::graph::Result;
use crate::graph::algorithms::{Algorithm, Call, NODE, Reading, Rows, SETTINGS, START, int};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;

/// Breadth-first search (Moore 1959). O(V + E).
pub const BFS: Algorithm = Algorithm {
    name: "algo.bfs",
    summary: "The nodes that can be reached, nearest first, with their depth; `maxDepth` bounds it.",
    inputs: &[START, SETTINGS],
    outputs: &[NODE, Field::new("depth", Types::INTEGER)],
    settings: &["maxDepth"],
    run,
};

fn run(call: &Call<'_, '_>) -> Result<Rows> {
    let max = call.settings.count("maxDepth", usize::MAX)?;
    let projection = call.project(Reading::Out)?;
    let start = projection.place(&call.arguments[0], "start")?;
    let mut seen = vec![false; projection.len()];
    seen[start as usize] = true;
    let (mut level, mut depth) = (vec![start], 0);
    let mut rows = Vec::new();
    while !level.is_empty() {
        rows.extend(level.iter().map(|&place| vec![projection.node(place), int(depth)]));
        if depth == max {
            break;
        }
        let mut next = Vec::new();
        for place in level {
            for step in projection.steps(place) {
                call.work(1)?;
                if !std::mem::replace(&mut seen[step.to as usize], true) {
                    next.push(step.to);
                }
            }
        }
        (level, depth) = (next, depth + 1);
    }
    Ok(rows)
}
