//! Relationships that nothing else stands in for.

use super::lowlink::lowlink;
use crate::graph::algorithms::{Algorithm, RELATIONSHIP, SETTINGS};
use crate::value::graph::Value;

/// Hopcroft and Tarjan (1973). Of parallel relationships none is a bridge. O(V + E).
pub const BRIDGES: Algorithm = Algorithm {
    name: "algo.bridges",
    summary: "Relationships whose removal parts a component.",
    inputs: &[SETTINGS],
    outputs: &[RELATIONSHIP],
    settings: &[],
    run: |call| {
        let projection = call.undirected()?;
        let mut bridges = lowlink(call, &projection)?.bridges;
        bridges.sort_unstable();
        Ok(bridges.into_iter().map(|id| vec![Value::Relationship(id)]).collect())
    },
};
