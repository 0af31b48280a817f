//! What hangs together, whichever way relationships point.

use crate::graph::algorithms::{Algorithm, NODE, Reading, SETTINGS, grouped};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use petgraph::unionfind::UnionFind;

/// Union of disjoint sets (Tarjan 1975; petgraph's `UnionFind`). O((V + E) α(V)).
pub const COMPONENTS: Algorithm = Algorithm {
    name: "algo.components",
    summary: "The weakly connected component of each node, named by its smallest node id.",
    inputs: &[SETTINGS],
    outputs: &[NODE, Field::new("component", Types::INTEGER)],
    settings: &[],
    run: |call| {
        let projection = call.project(Reading::Out)?;
        let mut sets: UnionFind<u32> = UnionFind::new(projection.len());
        for place in projection.places() {
            for step in projection.steps(place) {
                call.work(1)?;
                sets.union(place, step.to);
            }
        }
        let groups: Vec<usize> = sets.into_labeling().into_iter().map(|label| label as usize).collect();
        Ok(grouped(&projection, &groups))
    },
};
