//! The greatest flow, which the algorithms of flows and cuts share.

use crate::graph::algorithms::{Call, Projection, Reading};
use crate::graph::{Detail, Error, Result};

/// A way of the rest network: what can still flow along it.
struct Way {
    to: u32,
    rest: f64,
}

/// The greatest flow from a node to another one.
pub struct Flow {
    /// How much arrives.
    pub value: f64,
    /// Whether more could flow to a node: those for which it could are on the source's side of a smallest cut.
    pub is_source_side: Vec<bool>,
}

/// What two nodes have between them.
struct Network {
    /// Each way and, next to it, the one against it.
    arcs: Vec<Way>,
    /// The ways out of each node.
    out: Vec<Vec<u32>>,
}

impl Network {
    fn of(call: &Call<'_, '_>, projection: &Projection<'_>) -> Result<Self> {
        let mut network = Network { arcs: Vec::new(), out: vec![Vec::new(); projection.len()] };
        let both = projection.reading() == Reading::Both;
        for (from, step) in projection.relationships().filter(|(from, step)| *from != step.to) {
            call.work(1)?;
            let at = network.arcs.len() as u32;
            network.arcs.push(Way { to: step.to, rest: step.weight });
            network.arcs.push(Way { to: from, rest: if both { step.weight } else { 0.0 } });
            network.out[from as usize].push(at);
            network.out[step.to as usize].push(at + 1);
        }
        Ok(network)
    }

    /// How many steps each node is from the source over ways that are not full.
    /// Nodes further away than the target are not looked for.
    fn levels(&self, call: &Call<'_, '_>, source: u32, target: u32) -> Result<Vec<u32>> {
        let mut levels = vec![u32::MAX; self.out.len()];
        levels[source as usize] = 0;
        let mut order = vec![source];
        let mut at = 0;
        while let Some(&place) = order.get(at) {
            at += 1;
            if levels[target as usize] != u32::MAX {
                break;
            }
            for &arc in &self.out[place as usize] {
                call.work(1)?;
                let Way { to, rest } = self.arcs[arc as usize];
                if rest > 0.0 && levels[to as usize] == u32::MAX {
                    levels[to as usize] = levels[place as usize] + 1;
                    order.push(to);
                }
            }
        }
        Ok(levels)
    }

    /// Sends flow along ways that lead a level further, until none is left.
    fn block(&mut self, call: &Call<'_, '_>, levels: &[u32], source: u32, target: u32) -> Result<f64> {
        let mut next = vec![0usize; self.out.len()];
        let mut sent = 0.0;
        let mut way: Vec<u32> = Vec::new();
        loop {
            call.work(1)?;
            let place = way.last().map_or(source, |&arc| self.arcs[arc as usize].to);
            if place == target {
                let least = way.iter().map(|&arc| self.arcs[arc as usize].rest).fold(f64::INFINITY, f64::min);
                sent += least;
                for &arc in &way {
                    self.arcs[arc as usize].rest -= least;
                    self.arcs[arc as usize ^ 1].rest += least;
                }
                // On from where the first way became full.
                let full = way.iter().position(|&arc| self.arcs[arc as usize].rest <= 0.0);
                way.truncate(full.unwrap_or(0));
                continue;
            }
            let open = |&arc: &u32| {
                let Way { to, rest } = self.arcs[arc as usize];
                rest > 0.0 && levels[to as usize] == levels[place as usize] + 1
            };
            let ways = self.out[place as usize].get(next[place as usize]..).unwrap_or(&[]);
            if let Some(skipped) = ways.iter().position(open) {
                next[place as usize] += skipped;
                way.push(ways[skipped]);
                continue;
            }
            // A dead end: the way that led here is not taken again.
            next[place as usize] = self.out[place as usize].len();
            let Some(arc) = way.pop() else { return Ok(sent) };
            next[self.arcs[arc as usize ^ 1].to as usize] += 1;
        }
    }
}

/// Dinic (1970). Weights are capacities; read both ways, a relationship takes its capacity either way.
/// O(V² E).
pub fn flow(call: &Call<'_, '_>, projection: &Projection<'_>, source: u32, target: u32) -> Result<Flow> {
    projection.refuse_negative()?;
    if source == target {
        let message = "`source` and `target` are the same node: the flow between them has no bound";
        return Err(Error::argument(Detail::InvalidArgumentValue, message));
    }
    let mut network = Network::of(call, projection)?;
    let mut value = 0.0;
    loop {
        let levels = network.levels(call, source, target)?;
        if levels[target as usize] == u32::MAX {
            return Ok(Flow { value, is_source_side: levels.iter().map(|&level| level != u32::MAX).collect() });
        }
        value += network.block(call, &levels, source, target)?;
    }
}
