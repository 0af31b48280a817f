//! Nodes that reach one another.

use crate::graph::algorithms::{Algorithm, NODE, Reading, SETTINGS, grouped};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use petgraph::algo::kosaraju_scc;

/// Kosaraju and Sharir (1981; petgraph's `kosaraju_scc`). O(V + E).
pub const STRONG_COMPONENTS: Algorithm = Algorithm {
    name: "algo.stronglyConnectedComponents",
    summary: "The strongly connected component of each node, named by its smallest node id (Kosaraju).",
    inputs: &[SETTINGS],
    outputs: &[NODE, Field::new("component", Types::INTEGER)],
    settings: &[],
    run: |call| {
        let projection = call.project(Reading::Out)?;
        let mut groups = vec![0; projection.len()];
        for (group, component) in kosaraju_scc(&projection).into_iter().enumerate() {
            component.into_iter().for_each(|place| groups[place as usize] = group);
        }
        projection.check_stopped()?;
        Ok(grouped(&projection, &groups))
    },
};
