//! Neighbour lists, packed in chunks.

use super::layout::{self, CHUNK_BYTES, Side, chunk_key};
use super::varint::{self, Reader};
use crate::storage::{Direction, KeyRange, Read, Result, Write};
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

fn push(out: &mut Vec<u8>, neighbour: Neighbour) {
    varint::push(out, u64::from(neighbour.kind));
    varint::push(out, neighbour.node);
    varint::push(out, neighbour.relationship);
}

fn next(reader: &mut Reader<'_>) -> Result<Option<Neighbour>> {
    if reader.is_empty() {
        return Ok(None);
    }
    Ok(Some(Neighbour { kind: reader.token()?, node: reader.number()?, relationship: reader.number()? }))
}

/// Calls `visit` for each neighbour on one side of a node; answers the number of chunks read.
pub fn walk(tx: &dyn Read, database: u32, node: u64, side: Side, visit: &mut dyn FnMut(Neighbour)) -> Result<u64> {
    let mut chunks = 0;
    tx.scan(layout::adjacency(database), &layout::chunks(node, side), Direction::Forward, &mut |_, chunk| {
        chunks += 1;
        let mut reader = Reader::new(chunk);
        while let Some(neighbour) = next(&mut reader)? {
            visit(neighbour);
        }
        Ok(ControlFlow::Continue(()))
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
        while let Some(neighbour) = next(&mut reader)? {
            visit(node, side, neighbour);
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// Whether a node has any relationship.
pub fn is_connected(tx: &dyn Read, database: u32, node: u64) -> Result<bool> {
    Ok(tx.first(layout::adjacency(database), &KeyRange::prefix(&node.to_be_bytes()), Direction::Forward)?.is_some())
}

/// Adds a neighbour behind the last one.
pub fn add(tx: &mut dyn Write, database: u32, node: u64, side: Side, neighbour: Neighbour) -> Result<()> {
    let space = layout::adjacency(database);
    if let Some((key, mut chunk)) = tx.first(space, &layout::chunks(node, side), Direction::Backward)?
        && chunk.len() < CHUNK_BYTES
    {
        push(&mut chunk, neighbour);
        return tx.put(space, &key, &chunk);
    }
    let mut chunk = Vec::with_capacity(16);
    push(&mut chunk, neighbour);
    tx.put(space, &chunk_key(node, side, neighbour.relationship), &chunk)
}

/// Takes a relationship out of a node's list.
pub fn remove(tx: &mut dyn Write, database: u32, node: u64, side: Side, relationship: u64) -> Result<()> {
    let space = layout::adjacency(database);
    let range = KeyRange {
        start: std::ops::Bound::Included(chunk_key(node, side, 0).to_vec()),
        end: std::ops::Bound::Included(chunk_key(node, side, relationship).to_vec()),
    };
    let Some((key, chunk)) = tx.first(space, &range, Direction::Backward)? else { return Ok(()) };
    let mut rest = Vec::with_capacity(chunk.len());
    let mut reader = Reader::new(&chunk);
    while let Some(neighbour) = next(&mut reader)? {
        if neighbour.relationship != relationship {
            push(&mut rest, neighbour);
        }
    }
    if rest.is_empty() { tx.delete(space, &key) } else { tx.put(space, &key, &rest) }
}
