//! A walk in depth.

use crate::graph::algorithms::{Algorithm, NODE, Reading, SETTINGS, START, int};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;

/// Depth-first search (Tarjan 1972), in preorder; relationships are followed in the order of their lists.
/// O(V + E).
pub const DFS: Algorithm = Algorithm {
    name: "algo.dfs",
    summary: "The nodes that can be reached, in the order of a walk in depth.",
    inputs: &[START, SETTINGS],
    outputs: &[NODE, Field::new("position", Types::INTEGER)],
    settings: &[],
    run: |call| {
        let projection = call.project(Reading::Out)?;
        let start = projection.place(&call.arguments[0], "start")?;
        let mut seen = vec![false; projection.len()];
        seen[start as usize] = true;
        let mut open = vec![projection.steps(start)];
        let mut rows = vec![vec![projection.node(start), int(0)]];
        while let Some(steps) = open.last_mut() {
            call.work(1)?;
            let Some(step) = steps.next() else {
                open.pop();
                continue;
            };
            if !std::mem::replace(&mut seen[step.to as usize], true) {
                rows.push(vec![projection.node(step.to), int(rows.len())]);
                open.push(projection.steps(step.to));
            }
        }
        Ok(rows)
    },
};
