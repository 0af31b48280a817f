//! The walk in depth that finds what holds a component together.

use crate::graph::Result;
use crate::graph::algorithms::{Call, Projection};

/// What the walk has found.
#[derive(Debug, Default)]
pub struct Lowlink {
    /// Places whose removal parts a component.
    pub cuts: Vec<bool>,
    /// Relationships whose removal parts a component.
    pub bridges: Vec<u64>,
}

/// Hopcroft and Tarjan (1973): the earliest node that each subtree of a walk in depth leads back to. The
/// projection is read both ways; the relationship that led to a node does not lead back, a parallel one
/// does. O(V + E).
pub fn lowlink(call: &Call<'_, '_>, projection: &Projection<'_>) -> Result<Lowlink> {
    let count = projection.len();
    let mut found = Lowlink { cuts: vec![false; count], bridges: Vec::new() };
    // When each node was entered, from 1; the earliest one that its subtree leads back to.
    let (mut entered, mut low) = (vec![0u32; count], vec![0u32; count]);
    let mut clock = 0;
    for root in projection.places() {
        if entered[root as usize] != 0 {
            continue;
        }
        let mut subtrees = 0;
        let mut open = vec![(root, None, projection.steps(root))];
        clock += 1;
        (entered[root as usize], low[root as usize]) = (clock, clock);
        while let Some((place, by, steps)) = open.last_mut() {
            call.work(1)?;
            let (place, by) = (*place as usize, *by);
            if let Some(step) = steps.next() {
                let to = step.to as usize;
                if entered[to] != 0 {
                    if by != Some(step.relationship) {
                        low[place] = low[place].min(entered[to]);
                    }
                } else {
                    clock += 1;
                    (entered[to], low[to]) = (clock, clock);
                    open.push((step.to, Some(step.relationship), projection.steps(step.to)));
                }
                continue;
            }
            open.pop();
            let (Some((parent, ..)), Some(by)) = (open.last(), by) else { continue };
            let parent = *parent as usize;
            low[parent] = low[parent].min(low[place]);
            if low[place] > entered[parent] {
                found.bridges.push(by);
            }
            if parent == root as usize {
                subtrees += 1;
            } else if low[place] >= entered[parent] {
                found.cuts[parent] = true;
            }
        }
        found.cuts[root as usize] = subtrees > 1;
    }
    Ok(found)
}
