//! Nodes that nothing else stands in for.

use super::lowlink::lowlink;
use crate::graph::algorithms::{Algorithm, NODE, SETTINGS};

/// Hopcroft and Tarjan (1973). O(V + E).
pub const ARTICULATION_POINTS: Algorithm = Algorithm {
    name: "algo.articulationPoints",
    summary: "Nodes whose removal parts a component.",
    inputs: &[SETTINGS],
    outputs: &[NODE],
    settings: &[],
    run: |call| {
        let projection = call.undirected()?;
        let cuts = lowlink(call, &projection)?.cuts;
        let cut = projection.places().filter(|&place| cuts[place as usize]);
        Ok(cut.map(|place| vec![projection.node(place)]).collect())
    },
};
