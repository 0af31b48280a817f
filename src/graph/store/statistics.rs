//! Counts of nodes and relationships, in all and by label and type, and of the entries and keys of
//! indexes: they answer `count(*)` and tell the planner what is cheap.

use super::layout::meta_key;
use crate::storage::{Error, META, Read, Result, Write};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Counted {
    /// All nodes.
    Nodes,
    /// Nodes with a label.
    Label(u32),
    /// All relationships.
    Relationships,
    /// Relationships of a type.
    Type(u32),
    /// Entries of an index.
    IndexEntries(u32),
    /// Different keys of an index: how many entries an equality finds.
    IndexKeys(u32),
}

fn key(database: u32, what: Counted) -> Vec<u8> {
    let (kind, id) = match what {
        Counted::Nodes => (b'n', 0),
        Counted::Label(id) => (b'l', id),
        Counted::Relationships => (b'e', 0),
        Counted::Type(id) => (b't', id),
        Counted::IndexEntries(id) => (b'i', id),
        Counted::IndexKeys(id) => (b'k', id),
    };
    meta_key("gstat", database, &[&[kind][..], &u32::to_be_bytes(id)].concat())
}

/// A stored count.
pub fn count(tx: &dyn Read, database: u32, what: Counted) -> Result<u64> {
    match tx.get(META, &key(database, what))? {
        Some(bytes) => Ok(u64::from_be_bytes(bytes.try_into().map_err(|_| Error::corrupted("a graph count"))?)),
        None => Ok(0),
    }
}

/// Removes a stored count.
pub fn forget(tx: &mut dyn Write, database: u32, what: Counted) -> Result<()> {
    tx.delete(META, &key(database, what))
}

/// Adds to a stored count.
pub fn add(tx: &mut dyn Write, database: u32, what: Counted, change: i64) -> Result<()> {
    let count = count(tx.as_read(), database, what)?.saturating_add_signed(change);
    tx.put(META, &key(database, what), &count.to_be_bytes())
}
