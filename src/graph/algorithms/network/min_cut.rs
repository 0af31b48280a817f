//! The relationships that part two nodes at the least cost.

use super::flow::flow;
use crate::graph::algorithms::{Algorithm, RELATIONSHIP, Reading, SETTINGS};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::value::graph::Value;

/// The theorem of Ford and Fulkerson (1956): what leads out of the nodes that more could flow to is full, and
/// carries the greatest flow. Of several smallest cuts the one next to the source. O(V² E).
pub const MIN_CUT: Algorithm = Algorithm {
    name: "algo.minCut",
    summary: "The relationships of least weight whose removal leaves no path from one node to another.",
    inputs: &[Field::new("source", Types::NODE), Field::new("target", Types::NODE), SETTINGS],
    outputs: &[RELATIONSHIP, Field::new("capacity", Types::FLOAT)],
    settings: &[],
    run: |call| {
        let projection = call.project(Reading::Out)?;
        let source = projection.place(&call.arguments[0], "source")?;
        let target = projection.place(&call.arguments[1], "target")?;
        let inside = flow(call, &projection, source, target)?.is_source_side;
        let both = projection.reading() == Reading::Both;
        let crosses = |from: u32, to: u32| {
            let (from, to) = (inside[from as usize], inside[to as usize]);
            if both { from != to } else { from && !to }
        };
        let mut cut: Vec<(u64, f64)> = projection
            .relationships()
            .filter(|(from, step)| step.weight > 0.0 && crosses(*from, step.to))
            .map(|(_, step)| (step.relationship, step.weight))
            .collect();
        cut.sort_by_key(|(relationship, _)| *relationship);
        Ok(cut.into_iter().map(|(id, weight)| vec![Value::Relationship(id), Value::Float(weight)]).collect())
    },
};
