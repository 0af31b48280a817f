//! Colours that tell neighbours apart.

use crate::graph::Result;
use crate::graph::algorithms::{Algorithm, Call, NODE, Rows, SETTINGS, by_node, int};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Brélaz (1979), read both ways: the node with the most colours around it comes next, of equal ones the one
/// with the most neighbours, and takes the first colour that none of them has. Not always the fewest colours.
/// O((V + E) log V).
pub const COLORING: Algorithm = Algorithm {
    name: "algo.coloring",
    summary: "A colour for each node, different from its neighbours' (DSatur).",
    inputs: &[SETTINGS],
    outputs: &[NODE, Field::new("color", Types::INTEGER)],
    settings: &[],
    run,
};

/// Colours as bits.
#[derive(Debug, Clone, Default)]
struct Colors {
    words: Vec<u64>,
    count: u32,
}

impl Colors {
    /// Whether it was not there before.
    fn insert(&mut self, color: usize) -> bool {
        if self.words.len() <= color / 64 {
            self.words.resize(color / 64 + 1, 0);
        }
        let word = &mut self.words[color / 64];
        let is_new = *word >> (color % 64) & 1 == 0;
        *word |= 1 << (color % 64);
        self.count += u32::from(is_new);
        is_new
    }

    fn first_free(&self) -> usize {
        let full = self.words.iter().take_while(|word| **word == u64::MAX).count();
        full * 64 + self.words.get(full).map_or(0, |word| word.trailing_ones() as usize)
    }
}

fn run(call: &Call<'_, '_>) -> Result<Rows> {
    let projection = call.undirected()?;
    let sets = projection.neighbour_sets()?;
    let mut around = vec![Colors::default(); sets.len()];
    let mut colors = vec![None; sets.len()];
    let key = |place: u32, count: u32| (count, sets[place as usize].len(), Reverse(place));
    let mut waiting: BinaryHeap<_> = projection.places().map(|place| key(place, 0)).collect();
    while let Some((_, _, Reverse(place))) = waiting.pop() {
        if colors[place as usize].is_some() {
            continue;
        }
        let color = around[place as usize].first_free();
        colors[place as usize] = Some(color);
        for &other in &sets[place as usize] {
            call.work(1)?;
            if colors[other as usize].is_none() && around[other as usize].insert(color) {
                waiting.push(key(other, around[other as usize].count));
            }
        }
    }
    Ok(by_node(&projection, colors.into_iter().map(|color| int(color.unwrap_or(0)))))
}
