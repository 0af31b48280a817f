//! How much can flow from one node to another.

use super::flow::flow;
use crate::graph::algorithms::{Algorithm, Reading, SETTINGS};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::value::graph::Value;

/// Dinic (1970). O(V² E).
pub const MAX_FLOW: Algorithm = Algorithm {
    name: "algo.maxFlow",
    summary: "How much can flow from one node to another; weights are capacities (Dinic).",
    inputs: &[Field::new("source", Types::NODE), Field::new("target", Types::NODE), SETTINGS],
    outputs: &[Field::new("flow", Types::FLOAT)],
    settings: &[],
    run: |call| {
        let projection = call.project(Reading::Out)?;
        let source = projection.place(&call.arguments[0], "source")?;
        let target = projection.place(&call.arguments[1], "target")?;
        Ok(vec![vec![Value::Float(flow(call, &projection, source, target)?.value)]])
    },
};
