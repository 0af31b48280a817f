//! How many shortest paths lead through a node.

use crate::graph::Result;
use crate::graph::algorithms::paths::search::{Found, NONE, distances};
use crate::graph::algorithms::{Algorithm, Call, NODE, Projection, Reading, Rows, SCORE, SETTINGS, Step, ranked};

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
    let count = projection.len();
    let mut scores = vec![0.0; count];
    let mut tally = Tally { found: Found::new(count, NONE), paths: vec![0.0; count], shares: vec![0.0; count] };
    for start in projection.places() {
        tally.add_paths_from(call, &projection, start, &mut scores)?;
    }
    if projection.reading() == Reading::Both {
        scores.iter_mut().for_each(|score| *score /= 2.0);
    }
    Ok(ranked(&projection, scores))
}

/// What is counted from each start; empty in between.
struct Tally {
    found: Found,
    /// How many shortest paths lead to each node.
    paths: Vec<f64>,
    /// How much of the paths to nodes further on leads through each node.
    shares: Vec<f64>,
}

impl Tally {
    /// Adds to each node its share of the shortest paths from `start`.
    fn add_paths_from(
        &mut self,
        call: &Call<'_, '_>,
        projection: &Projection<'_>,
        start: u32,
        scores: &mut [f64],
    ) -> Result<()> {
        let Tally { found, paths, shares } = self;
        distances(call, projection, start, found)?;
        // Sums of the same weights in another order differ in their last digits.
        let on_the_way = |from: u32, step: &Step| {
            let (here, there) = (found.costs[from as usize] + step.weight, found.costs[step.to as usize]);
            from != step.to && (here - there).abs() <= 1e-12 * there.abs().max(1.0)
        };
        paths[start as usize] = 1.0;
        for &place in &found.order {
            for step in projection.steps(place) {
                call.work(1)?;
                if on_the_way(place, &step) {
                    paths[step.to as usize] += paths[place as usize];
                }
            }
        }
        for &place in found.order.iter().rev() {
            for step in projection.steps(place) {
                call.work(1)?;
                if on_the_way(place, &step) {
                    let part = paths[place as usize] / paths[step.to as usize];
                    shares[place as usize] += part * (1.0 + shares[step.to as usize]);
                }
            }
            if place != start {
                scores[place as usize] += shares[place as usize];
            }
        }
        for &place in &found.order {
            paths[place as usize] = 0.0;
            shares[place as usize] = 0.0;
        }
        Ok(())
    }
}
