//! A node matters if many ways lead to it, short ones most.

use super::power::{normal, repeat, spread};
use crate::graph::algorithms::{Algorithm, NODE, Reading, SCORE, SETTINGS, ranked};

/// Katz (1953): each way of n steps to a node counts `alpha`ⁿ, on top of `beta` for every node. It settles
/// if `alpha` is below one by the greatest eigenvalue. The scores have Euclidean length 1.
/// O(iterations · (V + E)).
pub const KATZ: Algorithm = Algorithm {
    name: "algo.katz",
    summary: "Katz centrality by weight: all ways that lead to a node, longer ones damped by `alpha` (0.1).",
    inputs: &[SETTINGS],
    outputs: &[NODE, SCORE],
    settings: &["alpha", "beta", "iterations", "tolerance"],
    run: |call| {
        let (alpha, beta) = (call.settings.number("alpha", 0.1)?, call.settings.number("beta", 1.0)?);
        let projection = call.project(Reading::Out)?;
        let scores = repeat(call, vec![0.0; projection.len()], 1e-6, |scores| {
            let mut next = vec![0.0; scores.len()];
            spread(call, &projection, scores, &mut next)?;
            next.iter_mut().for_each(|score| *score = alpha * *score + beta);
            Ok(next)
        })?;
        Ok(ranked(&projection, normal(scores)))
    },
};
