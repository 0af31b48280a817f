//! As many pairs of related nodes as there can be.

use crate::graph::Result;
use crate::graph::algorithms::paths::search::NONE;
use crate::graph::algorithms::{Algorithm, Call, RELATIONSHIP, Rows, SETTINGS};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::value::graph::Value;
use std::collections::HashSet;

/// Edmonds' algorithm (1965), read both ways: a pairing grows along ways on which paired and unpaired
/// relationships take turns; circles of odd length on them are taken for one node, and what a search without
/// success has come to is left out from then on. O(V³), after a greedy pairing that leaves little to do.
pub const MATCHING: Algorithm = Algorithm {
    name: "algo.matching",
    summary: "As many relationships as can be chosen so that no node has two of them (Edmonds).",
    inputs: &[SETTINGS],
    outputs: &[RELATIONSHIP, Field::new("node1", Types::NODE), Field::new("node2", Types::NODE)],
    settings: &[],
    run,
};

fn run(call: &Call<'_, '_>) -> Result<Rows> {
    let projection = call.undirected()?;
    let sets = projection.neighbour_sets()?;
    let mut mates = vec![NONE; sets.len()];
    for place in projection.places() {
        let free = sets[place as usize].iter().find(|&&other| mates[other as usize] == NONE);
        if let (NONE, Some(&other)) = (mates[place as usize], free) {
            mates[place as usize] = other;
            mates[other as usize] = place;
        }
    }
    let mut search = Search::new(&sets, mates);
    for root in projection.places() {
        if search.mates[root as usize] == NONE {
            search.grow(call, root)?;
        }
    }
    let mates = search.mates;
    let mut rows = Vec::new();
    for place in projection.places().filter(|&place| mates[place as usize] != NONE && place < mates[place as usize]) {
        let mate = mates[place as usize];
        let between = projection.steps(place).filter(|step| step.to == mate).map(|step| step.relationship).min();
        rows.extend(between.map(|id| vec![Value::Relationship(id), projection.node(place), projection.node(mate)]));
    }
    Ok(rows)
}

/// The search for ways from a node without a mate to another one.
struct Search<'s> {
    sets: &'s [Vec<u32>],
    mates: Vec<u32>,
    /// The node before one that stands an odd number of steps from the root.
    before: Vec<u32>,
    /// The node that stands for the circle that a node is part of.
    bases: Vec<u32>,
    /// Nodes an even number of steps from the root; they wait to be looked at.
    is_outer: Vec<bool>,
    waiting: Vec<u32>,
    /// All nodes that the search has come to.
    reached: Vec<u32>,
    /// Nodes of searches that found nothing: no later one finds a way through them.
    is_closed: Vec<bool>,
}

impl<'s> Search<'s> {
    fn new(sets: &'s [Vec<u32>], mates: Vec<u32>) -> Self {
        let count = sets.len();
        Search {
            sets,
            mates,
            before: vec![NONE; count],
            bases: (0..count as u32).collect(),
            is_outer: vec![false; count],
            waiting: Vec::new(),
            reached: Vec::new(),
            is_closed: vec![false; count],
        }
    }

    /// Pairs a node, if there is a way to another one without a mate.
    fn grow(&mut self, call: &Call<'_, '_>, root: u32) -> Result<()> {
        self.add_outer(root);
        self.reached.push(root);
        match self.way_from(call, root)? {
            None => self.reached.iter().for_each(|&place| self.is_closed[place as usize] = true),
            Some(end) => {
                let mut at = end;
                while at != NONE {
                    let from = self.before[at as usize];
                    let next = self.mates[from as usize];
                    self.mates[at as usize] = from;
                    self.mates[from as usize] = at;
                    at = next;
                }
            }
        }
        for place in self.reached.drain(..) {
            self.before[place as usize] = NONE;
            self.bases[place as usize] = place;
            self.is_outer[place as usize] = false;
        }
        self.waiting.clear();
        Ok(())
    }

    fn add_outer(&mut self, place: u32) {
        if !std::mem::replace(&mut self.is_outer[place as usize], true) {
            self.waiting.push(place);
        }
    }

    /// The end of a way from the root, if there is one.
    fn way_from(&mut self, call: &Call<'_, '_>, root: u32) -> Result<Option<u32>> {
        let mut at = 0;
        while let Some(&place) = self.waiting.get(at) {
            at += 1;
            for &to in &self.sets[place as usize] {
                call.work(1)?;
                let mate = self.mates[to as usize];
                let is_near = self.bases[place as usize] == self.bases[to as usize] || self.mates[place as usize] == to;
                if is_near || self.is_closed[to as usize] {
                    continue;
                }
                if to == root || (mate != NONE && self.before[mate as usize] != NONE) {
                    call.work(self.reached.len())?;
                    self.close(place, to);
                } else if self.before[to as usize] == NONE {
                    self.before[to as usize] = place;
                    self.reached.push(to);
                    if mate == NONE {
                        return Ok(Some(to));
                    }
                    self.reached.push(mate);
                    self.add_outer(mate);
                }
            }
        }
        Ok(None)
    }

    /// Takes the circle that two nodes close for one node.
    fn close(&mut self, a: u32, b: u32) {
        let base = self.meeting(a, b);
        let mut circle = HashSet::new();
        self.mark(a, base, b, &mut circle);
        self.mark(b, base, a, &mut circle);
        for at in 0..self.reached.len() {
            let place = self.reached[at];
            if circle.contains(&self.bases[place as usize]) {
                self.bases[place as usize] = base;
                self.add_outer(place);
            }
        }
    }

    /// Where the ways of two nodes to the root meet.
    fn meeting(&self, a: u32, b: u32) -> u32 {
        let mut passed = HashSet::new();
        let mut at = a;
        loop {
            at = self.bases[at as usize];
            passed.insert(at);
            let mate = self.mates[at as usize];
            if mate == NONE {
                break;
            }
            at = self.before[mate as usize];
        }
        at = self.bases[b as usize];
        while !passed.contains(&at) {
            at = self.bases[self.before[self.mates[at as usize] as usize] as usize];
        }
        at
    }

    /// Turns the way from a node down to the base round, so that it can be walked either way.
    fn mark(&mut self, mut place: u32, base: u32, mut child: u32, circle: &mut HashSet<u32>) {
        while self.bases[place as usize] != base {
            let mate = self.mates[place as usize];
            circle.insert(self.bases[place as usize]);
            circle.insert(self.bases[mate as usize]);
            self.before[place as usize] = child;
            child = mate;
            place = self.before[mate as usize];
        }
    }
}
