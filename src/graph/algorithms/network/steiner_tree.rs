//! A cheap tree that joins some nodes.

use crate::graph::algorithms::paths::search::{Found, NONE};
use crate::graph::algorithms::settings::wrong;
use crate::graph::algorithms::{Algorithm, Call, Projection, RELATIONSHIP, Rows, SETTINGS, Step};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::graph::{Detail, Error, Result};
use crate::value::graph::Value;
use petgraph::unionfind::UnionFind;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// Mehlhorn's approximation (1988), read both ways: a spanning tree over the cheapest ways between the
/// neighbourhoods of the terminals, at most twice as heavy as the lightest tree. O(E log V).
pub const STEINER_TREE: Algorithm = Algorithm {
    name: "algo.steinerTree",
    summary: "Relationships of small weight that join all given nodes: at most twice the least (Mehlhorn).",
    inputs: &[Field::new("terminals", Types::LIST), SETTINGS],
    outputs: &[RELATIONSHIP, Field::new("weight", Types::FLOAT)],
    settings: &[],
    run,
};

fn run(call: &Call<'_, '_>) -> Result<Rows> {
    let projection = call.undirected()?;
    projection.refuse_negative()?;
    let Value::List(list) = &call.arguments[0] else {
        return Err(wrong("terminals", "a list of nodes", &call.arguments[0]));
    };
    let mut terminals = list.iter().map(|node| projection.place(node, "terminals")).collect::<Result<Vec<u32>>>()?;
    terminals.sort_unstable();
    terminals.dedup();
    let near = Neighbourhoods::of(call, &projection, &terminals)?;
    // The cheapest way between each two neighbourhoods that meet, and the relationship where they do.
    let mut ways: BTreeMap<(u32, u32), (f64, u32, Step)> = BTreeMap::new();
    for (from, step) in projection.relationships() {
        call.work(1)?;
        let (a, b) = (near.owners[from as usize], near.owners[step.to as usize]);
        if a == b || a == NONE || b == NONE {
            continue;
        }
        let cost = near.found.costs[from as usize] + step.weight + near.found.costs[step.to as usize];
        let way = ways.entry((a.min(b), a.max(b))).or_insert((cost, from, step));
        if (cost, step.relationship) < (way.0, way.2.relationship) {
            *way = (cost, from, step);
        }
    }
    let mut ways: Vec<(f64, u32, Step)> = ways.into_values().collect();
    ways.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.2.relationship.cmp(&b.2.relationship)));
    let mut sets: UnionFind<u32> = UnionFind::new(projection.len());
    let mut tree: Vec<(u32, Step)> = Vec::new();
    let mut joined = 1;
    for (_, from, step) in ways {
        if sets.union(near.owners[from as usize], near.owners[step.to as usize]) {
            joined += 1;
            tree.push((from, step));
            near.add_way(from, &mut tree);
            near.add_way(step.to, &mut tree);
        }
    }
    if joined < terminals.len() {
        return Err(Error::argument(Detail::InvalidArgumentValue, "The terminals are not all in one component")
            .hint("algo.components tells which ones are"));
    }
    Ok(pruned(&projection, &terminals, tree))
}

/// Which terminal is nearest to each node.
struct Neighbourhoods {
    found: Found,
    owners: Vec<u32>,
}

impl Neighbourhoods {
    /// Dijkstra's algorithm from all terminals at once.
    fn of(call: &Call<'_, '_>, projection: &Projection<'_>, terminals: &[u32]) -> Result<Self> {
        let mut near =
            Neighbourhoods { found: Found::new(projection.len(), NONE), owners: vec![NONE; projection.len()] };
        let mut waiting = BinaryHeap::new();
        for &terminal in terminals {
            near.found.costs[terminal as usize] = 0.0;
            near.owners[terminal as usize] = terminal;
            waiting.push(Reverse((0u64, terminal)));
        }
        while let Some(Reverse((bits, place))) = waiting.pop() {
            // Numbers that are not negative are in the order of their bits.
            if f64::from_bits(bits) > near.found.costs[place as usize] {
                continue;
            }
            for step in projection.steps(place) {
                call.work(1)?;
                if near.found.relax(place, step) {
                    near.owners[step.to as usize] = near.owners[place as usize];
                    waiting.push(Reverse((near.found.costs[step.to as usize].to_bits(), step.to)));
                }
            }
        }
        Ok(near)
    }

    /// Adds the way from a node to its terminal.
    fn add_way(&self, mut place: u32, tree: &mut Vec<(u32, Step)>) {
        while self.owners[place as usize] != place {
            let (from, step) = self.found.last_step(place);
            tree.push((from, step));
            place = from;
        }
    }
}

/// A spanning tree of what was found, without ends that are no terminals.
fn pruned(projection: &Projection<'_>, terminals: &[u32], mut found: Vec<(u32, Step)>) -> Rows {
    found.sort_by(|(_, a), (_, b)| a.weight.total_cmp(&b.weight).then(a.relationship.cmp(&b.relationship)));
    let mut sets: UnionFind<u32> = UnionFind::new(projection.len());
    let mut tree: Vec<(u32, Step)> = found.into_iter().filter(|(from, step)| sets.union(*from, step.to)).collect();
    // What each node of the tree is joined to.
    let mut near: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for (from, step) in &tree {
        near.entry(*from).or_default().insert(step.to);
        near.entry(step.to).or_default().insert(*from);
    }
    let mut ends: Vec<u32> = near.keys().copied().collect();
    while let Some(end) = ends.pop() {
        let is_end = terminals.binary_search(&end).is_err() && near.get(&end).is_some_and(|others| others.len() == 1);
        for other in is_end.then(|| near.remove(&end)).flatten().unwrap_or_default() {
            near.entry(other).and_modify(|others| _ = others.remove(&end));
            ends.push(other);
        }
    }
    tree.retain(|(from, step)| near.get(from).is_some_and(|others| others.contains(&step.to)));
    tree.sort_by_key(|(_, step)| step.relationship);
    let row = |(_, step): (u32, Step)| vec![Value::Relationship(step.relationship), Value::Float(step.weight)];
    tree.into_iter().map(row).collect()
}
