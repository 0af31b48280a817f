//! Where each thing of a graph stands, byte by byte.
//!
//! Numbers in keys are big-endian, so that byte order is number order; numbers in values are LEB128
//! varints unless said otherwise. `db` is the database id.
//!
//! | space | key | value |
//! |---|---|---|
//! | `n<db>` | node id u64 | labels, then properties: see below |
//! | `e<db>` | relationship id / 32, u64 | a page of relationships: see [`super::pages`] |
//! | `adj<db>` | node id u64, direction u8 (0 out, 1 in), first relationship id u64 | a chunk of neighbours |
//! | `gl<db>` | label id u32, node id u64 | nothing |
//! | `gt<db>` | type id u32, first relationship id u64 | a chunk of relationships |
//! | `gi<index>` | encoded values, entity id u64 | nothing |
//!
//! ```text
//! node           count, label id …, properties
//! relationship   source, target, type id, properties
//! properties     count, (key id, length of value, value) …
//! neighbours     (type id, other node, relationship id) …     about CHUNK_BYTES, ids ascending
//! relationships  (relationship id, source, target) …          the same
//! ```
//!
//! How chunks are found and kept: [`super::lists`].
//!
//! | key in `meta` | value |
//! |---|---|
//! | `tok\0` db u32, kind u8, name | token id u32 |
//! | `tokn\0` db u32, kind u8, id u32 | name |
//! | `gstat\0` db u32, kind u8, id u32 | a count, u64 |
//! | `gidx\0` db u32, name | an index: see [`super::indexes`] |
//! | `gcon\0` db u32, name | a constraint: see [`super::constraints`] |
//! | `gver\0` db u32 | stamp of the topology, u64: differs after every change of nodes or relationships |
//! | `gdat\0` db u32 | stamp of all data, u64: differs after every statement that wrote |

use crate::storage::Space;

/// How many ids share a page of relationships.
pub const PAGE_IDS: u64 = 32;

/// A chunk that has this many bytes is full.
pub const CHUNK_BYTES: usize = 2048;

/// Which side of a relationship a node stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The relationship leaves the node.
    Out,
    /// The relationship enters the node.
    In,
}

impl Side {
    /// The byte in keys.
    pub const fn byte(self) -> u8 {
        match self {
            Side::Out => 0,
            Side::In => 1,
        }
    }
}

/// The space of nodes.
pub const fn nodes(database: u32) -> Space {
    Space::numbered("n", database)
}

/// The space of relationships.
pub const fn relationships(database: u32) -> Space {
    Space::numbered("e", database)
}

/// The space of packed neighbours.
pub const fn adjacency(database: u32) -> Space {
    Space::numbered("adj", database)
}

/// The space of the label index.
pub const fn labels(database: u32) -> Space {
    Space::numbered("gl", database)
}

/// The space of the relationship type index.
pub const fn types(database: u32) -> Space {
    Space::numbered("gt", database)
}

/// The space of a property index.
pub const fn index(id: u32) -> Space {
    Space::numbered("gi", id)
}

/// A key of `gl`.
pub fn token_key(token: u32, id: u64) -> [u8; 12] {
    let mut key = [0; 12];
    key[..4].copy_from_slice(&token.to_be_bytes());
    key[4..].copy_from_slice(&id.to_be_bytes());
    key
}

/// A key in `meta`: a word, the database, and the rest.
pub fn meta_key(word: &str, database: u32, rest: &[u8]) -> Vec<u8> {
    let mut key = Vec::with_capacity(word.len() + 5 + rest.len());
    key.extend_from_slice(word.as_bytes());
    key.push(0);
    key.extend_from_slice(&database.to_be_bytes());
    key.extend_from_slice(rest);
    key
}

/// The id at the end of a key.
pub fn trailing_id(key: &[u8]) -> u64 {
    let start = key.len().saturating_sub(8);
    key[start..].iter().fold(0, |id, &byte| (id << 8) | u64::from(byte))
}
