//! The graph on disk: rows of nodes and relationships, neighbour lists, indexes, counts and names.
//!
//! Everything here works on one transaction and knows nothing of queries.

pub mod adjacency;
pub mod constraints;
pub mod indexes;
pub mod layout;
pub mod lists;
pub mod pages;
pub mod record;
pub mod statistics;
pub mod tokens;
mod varint;

pub use adjacency::Neighbour;
pub use constraints::Constraint;
pub use indexes::Index;
pub use layout::Side;
pub use lists::{List, OfType, Tails};
pub use pages::{AllRelationships, LastPage};
pub use record::{Endpoints, NodeRecord, Properties, RelationshipRecord};
pub use statistics::Counted;
pub use tokens::{TokenKind, TokenRef, Tokens};

use crate::storage::{Direction, Error, KeyRange, META, Read, Result, Write};
use std::ops::ControlFlow;

/// The row of a node, if it is there.
pub fn node_row(tx: &dyn Read, database: u32, id: u64) -> Result<Option<Vec<u8>>> {
    tx.get(layout::nodes(database), &id.to_be_bytes())
}

/// The stamp of all data: it differs after every statement that wrote anything, and comes back when that is rolled back.
pub fn data_stamp(tx: &dyn Read, database: u32) -> Result<u64> {
    read_stamp(tx, "gdat", database)
}

/// Sets the stamp of all data.
pub fn set_data_stamp(tx: &mut dyn Write, database: u32, stamp: u64) -> Result<()> {
    tx.put(META, &layout::meta_key("gdat", database, b""), &stamp.to_be_bytes())
}

fn read_stamp(tx: &dyn Read, word: &str, database: u32) -> Result<u64> {
    match tx.get(META, &layout::meta_key(word, database, b""))? {
        Some(bytes) => Ok(u64::from_be_bytes(bytes.try_into().map_err(|_| Error::corrupted("a stamp of the graph"))?)),
        None => Ok(0),
    }
}

/// The stamp of the topology: it differs after every change of nodes or relationships, and comes
/// back when the change is rolled back.
pub fn stamp(tx: &dyn Read, database: u32) -> Result<u64> {
    read_stamp(tx, "gver", database)
}

/// Sets the stamp of the topology.
pub fn set_stamp(tx: &mut dyn Write, database: u32, stamp: u64) -> Result<()> {
    tx.put(META, &layout::meta_key("gver", database, b""), &stamp.to_be_bytes())
}

/// Removes everything of a database's graph.
pub fn remove_database(tx: &mut dyn Write, database: u32) -> Result<()> {
    for index in indexes::all(tx.as_read(), database)? {
        tx.drop_space(layout::index(index.id))?;
    }
    for space in [
        layout::nodes(database),
        layout::relationships(database),
        layout::adjacency(database),
        layout::labels(database),
        layout::types(database),
    ] {
        tx.drop_space(space)?;
    }
    for word in ["tok", "tokn", "gstat", "gidx", "gcon", "gver", "gdat"] {
        let mut keys = Vec::new();
        let range = KeyRange::prefix(&layout::meta_key(word, database, b""));
        tx.scan(META, &range, Direction::Forward, &mut |key, _| {
            keys.push(key.to_vec());
            Ok(ControlFlow::Continue(()))
        })?;
        for key in keys {
            tx.delete(META, &key)?;
        }
    }
    Ok(())
}
