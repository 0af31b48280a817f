//! Whether there is a path.

use super::shortest_path::meet;
use crate::graph::algorithms::{Algorithm, END, Reading, SETTINGS, START};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::value::graph::Value;

/// Breadth-first search from both ends. O(V + E), mostly far less.
pub const IS_REACHABLE: Algorithm = Algorithm {
    name: "algo.isReachable",
    summary: "Whether a path leads from one node to another, along the directions of the relationships.",
    inputs: &[START, END, SETTINGS],
    outputs: &[Field::new("reachable", Types::BOOLEAN)],
    settings: &[],
    run: |call| {
        let projection = call.project(Reading::Out)?;
        let (start, end) =
            (projection.place(&call.arguments[0], "start")?, projection.place(&call.arguments[1], "end")?);
        Ok(vec![vec![Value::Bool(meet(call, &projection, start, end)?.is_some())]])
    },
};
