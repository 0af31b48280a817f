//! Neighbours of nodes.

use super::layout::{self, Side};
use super::lists::{List, next_neighbour};
use super::varint::Reader;
use crate::storage::{Direction, KeyRange, Read, Result};
use std::ops::ControlFlow;

/// One relationship as a node sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Neighbour {
    /// The relationship's type.
    pub kind: u32,
    /// The node on the other side.
    pub node: u64,
    /// The relationship.
    pub relationship: u64,
}

/// Calls `visit` for each neighbour on one side of a node; answers the number of chunks read.
pub fn walk(tx: &dyn Read, database: u32, node: u64, side: Side, visit: &mut dyn FnMut(Neighbour)) -> Result<u64> {
    let mut chunks = 0;
    List::Neighbours(node, side).chunks(tx, database, &mut |reader| {
        chunks += 1;
        while let Some(neighbour) = next_neighbour(reader)? {
            visit(neighbour);
        }
        Ok(())
    })?;
    Ok(chunks)
}

/// Calls `visit` with (node, side, neighbour) for both ends of every relationship of the graph, node by
/// node, those that leave it first.
pub fn walk_all(tx: &dyn Read, database: u32, visit: &mut dyn FnMut(u64, Side, Neighbour)) -> Result<()> {
    tx.scan(layout::adjacency(database), &KeyRange::all(), Direction::Forward, &mut |key, chunk| {
        let node = layout::trailing_id(key.get(..8).unwrap_or_default());
        let side = if key.get(8) == Some(&Side::Out.byte()) { Side::Out } else { Side::In };
        let mut reader = Reader::new(chunk);
        while let Some(neighbour) = next_neighbour(&mut reader)? {
            visit(node, side, neighbour);
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// Whether a node has any relationship.
pub fn is_connected(tx: &dyn Read, database: u32, node: u64) -> Result<bool> {
    Ok(tx.first(layout::adjacency(database), &KeyRange::prefix(&node.to_be_bytes()), Direction::Forward)?.is_some())
}
