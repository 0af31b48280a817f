//! How deep in the thick of the graph a node is.

use crate::graph::algorithms::{Algorithm, NODE, SETTINGS, by_node, int};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;

/// Batagelj and Zaversnik (2003): the greatest k for which a node is part of a subgraph where all have k
/// neighbours. Read both ways; parallel relationships count once, loops not at all. O(V + E).
pub const K_CORE: Algorithm = Algorithm {
    name: "algo.kCore",
    summary: "The core number of each node: the greatest k such that it is in a part where all have k neighbours.",
    inputs: &[SETTINGS],
    outputs: &[NODE, Field::new("core", Types::INTEGER)],
    settings: &[],
    run: |call| {
        let projection = call.undirected()?;
        let sets = projection.neighbour_sets()?;
        let mut degrees: Vec<usize> = sets.iter().map(Vec::len).collect();
        let most = degrees.iter().max().copied().unwrap_or(0);
        let mut by_degree: Vec<Vec<u32>> = vec![Vec::new(); most + 1];
        projection.places().for_each(|place| by_degree[degrees[place as usize]].push(place));
        let mut cores = vec![None; sets.len()];
        let mut core = 0;
        let mut at = 0;
        while at <= most {
            let Some(place) = by_degree[at].pop() else {
                at += 1;
                continue;
            };
            // A node stands in the list of each degree that it has had.
            if cores[place as usize].is_some() || degrees[place as usize] != at {
                continue;
            }
            core = core.max(at);
            cores[place as usize] = Some(core);
            for &other in &sets[place as usize] {
                call.work(1)?;
                if cores[other as usize].is_none() {
                    degrees[other as usize] -= 1;
                    by_degree[degrees[other as usize]].push(other);
                }
            }
            at = at.saturating_sub(1);
        }
        Ok(by_node(&projection, cores.into_iter().map(|core| int(core.unwrap_or(0)))))
    },
};
