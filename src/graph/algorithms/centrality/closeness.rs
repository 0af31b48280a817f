//! How near a node is to the others.

use crate::graph::algorithms::paths::search::{Found, NONE, distances};
use crate::graph::algorithms::{Algorithm, NODE, Reading, SCORE, SETTINGS, ranked};

/// Freeman (1979) in Wasserman and Faust's form for parted graphs (1994): the reached part of the others by
/// their mean distance. O(V (V + E)), by weight O(V (V + E) log V).
pub const CLOSENESS: Algorithm = Algorithm {
    name: "algo.closeness",
    summary: "How near a node is to those it reaches (Wasserman and Faust's form for parted graphs).",
    inputs: &[SETTINGS],
    outputs: &[NODE, SCORE],
    settings: &[],
    run: |call| {
        let projection = call.project(Reading::Both)?;
        projection.refuse_negative()?;
        let others = projection.len() as f64 - 1.0;
        let mut scores = Vec::with_capacity(projection.len());
        let mut found = Found::new(projection.len(), NONE);
        for place in projection.places() {
            distances(call, &projection, place, &mut found)?;
            let sum: f64 = found.order.iter().map(|&place| found.costs[place as usize]).sum();
            let reached = found.order.len() as f64 - 1.0;
            scores.push(if sum > 0.0 { reached / others * reached / sum } else { 0.0 });
        }
        Ok(ranked(&projection, scores))
    },
};
