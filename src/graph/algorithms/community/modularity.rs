//! What Louvain and Leiden share: communities of a weighted graph, and moves that raise the modularity.

use crate::graph::Result;
use crate::graph::algorithms::{Call, Projection};

/// A weighted graph read both ways, its nodes standing for one or more nodes of the projection.
pub struct Network {
    starts: Vec<usize>,
    links: Vec<(u32, f64)>,
    /// What all relationships of a node weigh, loops twice.
    pub strengths: Vec<f64>,
    /// What the relationships weigh that a node has with itself.
    loops: Vec<f64>,
    /// What all nodes weigh together: twice the weight of all relationships.
    pub total: f64,
}

impl Network {
    /// That of a projection read both ways.
    pub fn of(call: &Call<'_, '_>, projection: &Projection<'_>) -> Result<Self> {
        let count = projection.len();
        let mut network = Network {
            starts: vec![0],
            links: Vec::new(),
            strengths: vec![0.0; count],
            loops: vec![0.0; count],
            total: 0.0,
        };
        for place in projection.places() {
            for step in projection.steps(place) {
                call.work(1)?;
                if step.to == place {
                    network.loops[place as usize] += step.weight;
                } else {
                    network.links.push((step.to, step.weight));
                }
            }
            network.starts.push(network.links.len());
        }
        network.weigh();
        Ok(network)
    }

    fn weigh(&mut self) {
        for place in 0..self.len() {
            self.strengths[place] = 2.0 * self.loops[place] + self.links(place).iter().map(|link| link.1).sum::<f64>();
        }
        self.total = self.strengths.iter().sum();
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.strengths.len()
    }

    /// The other nodes that a node is related to, with weights.
    pub fn links(&self, place: usize) -> &[(u32, f64)] {
        &self.links[self.starts[place]..self.starts[place + 1]]
    }

    /// One node for each group; groups are numbered from 0 without gaps.
    pub fn merged(&self, call: &Call<'_, '_>, groups: &[usize]) -> Result<Network> {
        let count = groups.iter().max().map_or(0, |most| most + 1);
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
        groups.iter().enumerate().for_each(|(place, &group)| members[group].push(place));
        let mut merged = Network {
            starts: vec![0],
            links: Vec::new(),
            strengths: vec![0.0; count],
            loops: vec![0.0; count],
            total: 0.0,
        };
        let mut weights = Weights::new(count);
        for (group, places) in members.iter().enumerate() {
            for &place in places {
                merged.loops[group] += self.loops[place];
                for &(to, weight) in self.links(place) {
                    call.work(1)?;
                    match groups[to as usize] {
                        // Both ends see it.
                        other if other == group => merged.loops[group] += weight / 2.0,
                        other => weights.add(other, weight),
                    }
                }
            }
            weights.heard.sort_unstable();
            merged.links.extend(weights.heard.iter().map(|&other| (other as u32, weights.of[other])));
            weights.clear();
            merged.starts.push(merged.links.len());
        }
        merged.weigh();
        Ok(merged)
    }
}

/// What a node's relationships to each group weigh.
pub struct Weights {
    /// By group.
    pub of: Vec<f64>,
    /// The groups that were added to.
    pub heard: Vec<usize>,
    is_heard: Vec<bool>,
}

impl Weights {
    /// Of no relationship.
    pub fn new(groups: usize) -> Self {
        Weights { of: vec![0.0; groups], heard: Vec::new(), is_heard: vec![false; groups] }
    }

    /// Adds a relationship.
    pub fn add(&mut self, group: usize, weight: f64) {
        if !std::mem::replace(&mut self.is_heard[group], true) {
            self.heard.push(group);
        }
        self.of[group] += weight;
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        for group in self.heard.drain(..) {
            self.of[group] = 0.0;
            self.is_heard[group] = false;
        }
    }
}

/// A gain that is no rounding error.
pub const GAIN: f64 = 1e-10;

/// Moves nodes in turn to the neighbouring group that raises the modularity most, those again whose
/// neighbours moved, until nothing moves (Traag, Waltman and van Eck 2019, "fast local moving").
/// Answers whether anything moved.
pub fn move_nodes(call: &Call<'_, '_>, network: &Network, groups: &mut [usize], resolution: f64) -> Result<bool> {
    let count = network.len();
    let mut strengths = vec![0.0; count];
    groups.iter().enumerate().for_each(|(place, &group)| strengths[group] += network.strengths[place]);
    let mut waiting: std::collections::VecDeque<usize> = (0..count).collect();
    let mut is_waiting = vec![true; count];
    let mut weights = Weights::new(count);
    let mut moved = false;
    while let Some(place) = waiting.pop_front() {
        is_waiting[place] = false;
        let own = groups[place];
        let strength = network.strengths[place];
        weights.add(own, 0.0);
        for &(to, weight) in network.links(place) {
            call.work(1)?;
            weights.add(groups[to as usize], weight);
        }
        strengths[own] -= strength;
        let factor = if network.total > 0.0 { resolution * strength / network.total } else { 0.0 };
        let gain = |group: usize| weights.of[group] - factor * strengths[group];
        let (mut best, mut most) = (own, gain(own));
        for &group in &weights.heard {
            let gain = gain(group);
            if gain > most + GAIN || (gain > most - GAIN && group < best && best != own) {
                (best, most) = (group, gain);
            }
        }
        weights.clear();
        strengths[best] += strength;
        if best != own {
            groups[place] = best;
            moved = true;
            for &(to, _) in network.links(place) {
                if groups[to as usize] != best && !std::mem::replace(&mut is_waiting[to as usize], true) {
                    waiting.push_back(to as usize);
                }
            }
        }
    }
    Ok(moved)
}

/// Numbers groups from 0 without gaps, in the order of their first nodes.
pub fn renumber(groups: &mut [usize]) -> usize {
    let mut names = vec![usize::MAX; groups.len()];
    let mut count = 0;
    for group in groups {
        if names[*group] == usize::MAX {
            names[*group] = count;
            count += 1;
        }
        *group = names[*group];
    }
    count
}
