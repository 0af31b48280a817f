//! As many pairs of related nodes as there can be.

use crate::graph::Result;
use crate::graph::algorithms::paths::search::NONE;
use crate::graph::algorithms::{Algorithm, Call, RELATIONSHIP, Rows, SETTINGS};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::value::graph::Value;
use std::collections::HashSet;

/// Edmonds' algorithm (1965), read both ways: a pairing grows along ways on which paired and unpaired
/// relationships take turns; circles of odd length on them are taken for one node. O(V² E), after a greedy
/// pairing that leaves little to do.
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
    for root in projection.places() {
        if mates[root as usize] == NONE && !sets[root as usize].is_empty() {
            let mut search = Search::new(&sets, &mates, root);
            if let Some(end) = search.run(call)? {
                let before = search.before;
                let mut at = end;
                while at != NONE {
                    let from = before[at as usize];
                    let next = mates[from as usize];
                    mates[at as usize] = from;
                    mates[from as usize] = at;
                    at = next;
                }
            }
        }
    }
    let mut rows = Vec::new();
    for place in projection.places().filter(|&place| mates[place as usize] != NONE && place < mates[place as usize]) {
        let mate = mates[place as usize];
        let between = projection.steps(place).filter(|step| step.to == mate).map(|step| step.relationship).min();
        rows.extend(between.map(|id| vec![Value::Relationship(id), projection.node(place), projection.node(mate)]));
    }
    Ok(rows)
}

/// The search for a way from a node without a mate to another one.
struct Search<'s> {
    sets: &'s [Vec<u32>],
    mates: &'s [u32],
    root: u32,
    /// The node before one that stands an odd number of steps from the root.
    before: Vec<u32>,
    /// The node that stands for the circle that a node is part of.
    bases: Vec<u32>,
    is_outer: Vec<bool>,
    waiting: Vec<u32>,
}

impl<'s> Search<'s> {
    fn new(sets: &'s [Vec<u32>], mates: &'s [u32], root: u32) -> Self {
        let mut is_outer = vec![false; sets.len()];
        is_outer[root as usize] = true;
        Search {
            sets,
            mates,
            root,
            before: vec![NONE; sets.len()],
            bases: (0..sets.len() as u32).collect(),
            is_outer,
            waiting: vec![root],
        }
    }

    /// The end of such a way, if there is one.
    fn run(&mut self, call: &Call<'_, '_>) -> Result<Option<u32>> {
        call.work(self.sets.len())?;
        let mut at = 0;
        while let Some(&place) = self.waiting.get(at) {
            at += 1;
            for &to in &self.sets[place as usize] {
                call.work(1)?;
                let mate = self.mates[to as usize];
                if self.bases[place as usize] == self.bases[to as usize] || self.mates[place as usize] == to {
                    continue;
                }
                if to == self.root || (mate != NONE && self.before[mate as usize] != NONE) {
                    call.work(self.sets.len())?;
                    self.close(place, to);
                } else if self.before[to as usize] == NONE {
                    self.before[to as usize] = place;
                    if mate == NONE {
                        return Ok(Some(to));
                    }
                    self.is_outer[mate as usize] = true;
                    self.waiting.push(mate);
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
        for place in 0..self.bases.len() {
            if circle.contains(&self.bases[place]) {
                self.bases[place] = base;
                if !std::mem::replace(&mut self.is_outer[place], true) {
                    self.waiting.push(place as u32);
                }
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
