//! Communities of high modularity.

use super::modularity::{Network, move_nodes, renumber};
use crate::graph::Result;
use crate::graph::algorithms::{Algorithm, Call, NODE, Rows, SETTINGS, grouped};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;

/// Blondel, Guillaume, Lambiotte and Lefebvre (2008): nodes move to the community that raises the modularity
/// most, communities become nodes, and so on. Nodes are taken in order of their ids, so that the answer is
/// the same each time. Read both ways. About O(E log V).
pub const LOUVAIN: Algorithm = Algorithm {
    name: "algo.louvain",
    summary: "Communities of high modularity, by weight (Louvain).",
    inputs: &[SETTINGS],
    outputs: &[NODE, Field::new("community", Types::INTEGER)],
    settings: &["resolution"],
    run,
};

fn run(call: &Call<'_, '_>) -> Result<Rows> {
    let resolution = call.settings.number("resolution", 1.0)?;
    let projection = call.undirected()?;
    projection.refuse_negative()?;
    let mut network = Network::of(call, &projection)?;
    let mut communities: Vec<usize> = (0..projection.len()).collect();
    loop {
        let mut groups: Vec<usize> = (0..network.len()).collect();
        if !move_nodes(call, &network, &mut groups, resolution)? {
            return Ok(grouped(&projection, &communities));
        }
        renumber(&mut groups);
        communities.iter_mut().for_each(|community| *community = groups[*community]);
        network = network.merged(call, &groups)?;
    }
}
