//! Communities of high modularity that hang together.

use super::modularity::{GAIN, Network, Weights, move_nodes, renumber};
use crate::graph::Result;
use crate::graph::algorithms::{Algorithm, Call, NODE, Rows, SETTINGS, grouped};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;

/// Traag, Waltman and van Eck (2019): as Louvain, but what becomes a node is a part of a community that was
/// grown from single nodes, so that no community falls apart. Parts are grown by the best move instead of a
/// random one, and nodes are taken in order of their ids: the answer is the same each time. Read both ways.
/// About O(E log V).
pub const LEIDEN: Algorithm = Algorithm {
    name: "algo.leiden",
    summary: "Communities of high modularity that hang together, by weight (Leiden).",
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
    // The node of the network that each node of the projection is in, and the community of each of those.
    let mut nodes: Vec<usize> = (0..projection.len()).collect();
    let mut groups: Vec<usize> = (0..network.len()).collect();
    loop {
        let moved = move_nodes(call, &network, &mut groups, resolution)?;
        renumber(&mut groups);
        let mut parts = grown(call, &network, &groups, resolution)?;
        let count = renumber(&mut parts);
        if !moved || count == network.len() {
            let communities: Vec<usize> = nodes.iter().map(|&node| groups[node]).collect();
            return Ok(grouped(&projection, &communities));
        }
        let mut outer = vec![0; count];
        parts.iter().zip(&groups).for_each(|(&part, &group)| outer[part] = group);
        nodes.iter_mut().for_each(|node| *node = parts[*node]);
        network = network.merged(call, &parts)?;
        groups = outer;
    }
}

/// Parts of the groups: single nodes that are well related to the rest of their group join the part that
/// raises the modularity most, if that part is well related to the rest, too.
fn grown(call: &Call<'_, '_>, network: &Network, groups: &[usize], resolution: f64) -> Result<Vec<usize>> {
    let count = network.len();
    let mut whole = vec![0.0; count];
    groups.iter().enumerate().for_each(|(place, &group)| whole[group] += network.strengths[place]);
    // What relates each part to the rest of its group; at first each node is a part.
    let mut related = vec![0.0; count];
    for (place, related) in related.iter_mut().enumerate() {
        for &(to, weight) in network.links(place) {
            call.work(1)?;
            if groups[to as usize] == groups[place] {
                *related += weight;
            }
        }
    }
    let mut parts: Vec<usize> = (0..count).collect();
    let mut strengths = network.strengths.clone();
    let mut is_single = vec![true; count];
    let mut weights = Weights::new(count);
    let scale = if network.total > 0.0 { resolution / network.total } else { 0.0 };
    let well =
        |related: f64, strength: f64, group: usize| related + GAIN >= scale * strength * (whole[group] - strength);
    for place in 0..count {
        let (group, strength) = (groups[place], network.strengths[place]);
        if !is_single[place] || !well(related[place], strength, group) {
            continue;
        }
        for &(to, weight) in network.links(place) {
            call.work(1)?;
            if groups[to as usize] == group {
                weights.add(parts[to as usize], weight);
            }
        }
        let (mut best, mut most) = (place, GAIN);
        for &part in &weights.heard {
            let gain = weights.of[part] - scale * strength * strengths[part];
            if gain > most && part != place && well(related[part], strengths[part], group) {
                (best, most) = (part, gain);
            }
        }
        if best != place {
            parts[place] = best;
            is_single[best] = false;
            strengths[best] += strength;
            strengths[place] = 0.0;
            related[best] += related[place] - 2.0 * weights.of[best];
        }
        weights.clear();
    }
    Ok(parts)
}
