//! The nodes of a label as a set of bits.

use super::topology::Topology;
use crate::graph::Result;
use crate::graph::store::layout;
use crate::storage::{Direction, KeyRange, Read};
use std::ops::ControlFlow;

/// A set of nodes, by index.
#[derive(Debug, Default)]
pub struct LabelSet {
    words: Vec<u64>,
}

impl LabelSet {
    /// The nodes that bear a label.
    pub fn read(tx: &dyn Read, database: u32, topology: &Topology, label: u32) -> Result<Self> {
        let mut set = LabelSet { words: vec![0; topology.bound().div_ceil(64)] };
        let range = KeyRange::prefix(&label.to_be_bytes());
        tx.scan(layout::labels(database), &range, Direction::Forward, &mut |key, _| {
            if let Some(node) = topology.index_of(layout::trailing_id(key))
                && let Some(word) = set.words.get_mut(node as usize / 64)
            {
                *word |= 1 << (node % 64);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(set)
    }

    /// The first node in it from an index on.
    pub fn next(&self, from: u32) -> Option<u32> {
        let mut at = from as usize / 64;
        let mut word = self.words.get(at)? & (u64::MAX << (from % 64));
        while word == 0 {
            at += 1;
            word = *self.words.get(at)?;
        }
        Some((at * 64) as u32 + word.trailing_zeros())
    }

    /// Whether a node is in it.
    pub fn contains(&self, node: u32) -> bool {
        self.words.get(node as usize / 64).is_some_and(|word| word >> (node % 64) & 1 == 1)
    }
}
