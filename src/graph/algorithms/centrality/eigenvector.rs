//! A node matters if nodes that matter point to it.

use super::power::{normal, repeat, spread};
use crate::graph::algorithms::{Algorithm, NODE, Reading, SCORE, SETTINGS, ranked};

/// Bonacich (1972), by power iteration on the matrix plus one, which settles on two-coloured graphs too.
/// The scores have Euclidean length 1. O(iterations · (V + E)).
pub const EIGENVECTOR: Algorithm = Algorithm {
    name: "algo.eigenvector",
    summary: "Eigenvector centrality by weight: a node's score is in proportion to those that point to it.",
    inputs: &[SETTINGS],
    outputs: &[NODE, SCORE],
    settings: &["iterations", "tolerance"],
    run: |call| {
        let projection = call.project(Reading::Out)?;
        let scores = normal(vec![1.0; projection.len()]);
        let scores = repeat(call, scores, 1e-6, |scores| {
            let mut next = scores.to_vec();
            spread(call, &projection, scores, &mut next)?;
            Ok(normal(next))
        })?;
        Ok(ranked(&projection, scores))
    },
};
