//! How many shortest paths lead through a node.

use crate::graph::Result;
use crate::graph::algorithms::paths::search::distances;
use crate::graph::algorithms::{Algorithm, Call, NODE, Projection, Reading, Rows, SCORE, SETTINGS, ranked};

/// Brandes (2001). Read both ways, each pair of nodes counts once; parallel relationships make paths of
/// their own. O(V E), by weight O(V (V + E) log V).
pub const BETWEENNESS: Algorithm = Algorithm {
    name: "algo.betweenness",
    summary: "How many shortest paths lead through a node (Brandes); read both ways, each pair counts once.",
    inputs: &[SETTINGS],
    outputs: &[NODE, SCORE],
    settings: &[],
    run,
};

fn run(call: &Call<'_, '_>) -> Result<Rows> {
    let projection = call.project(Reading::Both)?;
    projection.refuse_negative()?;
    let mut scores = vec![0.0; projection.len()];
    for start in projection.places() {
        add_paths_from(call, &projection, start, &mut scores)?;
    }
    if projection.reading() == Reading::Both {
        scores.iter_mut().for_each(|score| *score /= 2.0);
    }
    Ok(ranked(&projection, scores))
}

/// Adds to each node its share of the shortest paths from `start`.
fn add_paths_from(call: &Call<'_, '_>, projection: &Projection<'_>, start: u32, scores: &mut [f64]) -> Result<()> {
    call.work(projection.len())?;
    let found = distances(call, projection, start)?;
    // Sums of the same weights in another order differ in their last digits.
    let on_the_way = |from: u32, to: u32, weight: f64| {
        let (here, there) = (found.costs[from as usize] + weight, found.costs[to as usize]);
        from != to && (here - there).abs() <= 1e-12 * there.abs().max(1.0)
    };
    let mut paths = vec![0.0; projection.len()];
    paths[start as usize] = 1.0;
    for &place in &found.order {
        for step in projection.steps(place) {
            call.work(1)?;
            if on_the_way(place, step.to, step.weight) {
                paths[step.to as usize] += paths[place as usize];
            }
        }
    }
    let mut shares = vec![0.0; projection.len()];
    for &place in found.order.iter().rev() {
        for step in projection.steps(place) {
            call.work(1)?;
            if on_the_way(place, step.to, step.weight) {
                let part = paths[place as usize] / paths[step.to as usize];
                shares[place as usize] += part * (1.0 + shares[step.to as usize]);
            }
        }
        if place != start {
            scores[place as usize] += shares[place as usize];
        }
    }
    Ok(())
}
