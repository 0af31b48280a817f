//! The document engine's rows.
//!
//! ```text
//! meta    coll\0 ++ database u32 ++ name      → BSON: id, options, indexes (see [`super::catalog`])
//! meta    docs\0 ++ collection u32            → next record id u64, documents u64, bytes u64, and for each
//!                                               index its number, entries and bytes, u64 each
//! c<id>   record id u64                       → the document, BSON
//! i<id>   key of each field ++ record id u64  → ()           an index
//! i<id>   key of each field                   → record id    a unique index
//! ```
//!
//! Numbers are big-endian. Keys of index fields are those of [`crate::value::key`]: no key is a prefix
//! of another, so a field's bounds are bounds on bytes.

use super::{Code, Error, Result};
use crate::storage::Space;
use bson::{Bson, Document};

/// The rows of a collection.
pub fn documents(collection: u32) -> Space {
    Space::numbered("c", collection)
}

/// The rows of an index.
pub fn index(index: u32) -> Space {
    Space::numbered("i", index)
}

/// The catalog row of a collection.
pub fn collection_key(database: u32, name: &str) -> Vec<u8> {
    [b"coll\0".as_slice(), &database.to_be_bytes(), name.as_bytes()].concat()
}

/// What all catalog rows of a database's collections begin with.
pub fn collections_prefix(database: u32) -> Vec<u8> {
    [b"coll\0".as_slice(), &database.to_be_bytes()].concat()
}

/// The counters' row of a collection.
pub fn counters_key(collection: u32) -> Vec<u8> {
    [b"docs\0".as_slice(), &collection.to_be_bytes()].concat()
}

/// The counters of a collection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counters {
    /// The record id of the next document.
    pub next_record: u64,
    /// How many documents there are.
    pub documents: u64,
    /// How many bytes they take.
    pub bytes: u64,
    /// Of each index: its number, its entries, their bytes.
    pub indexes: Vec<(u32, u64, u64)>,
}

impl Counters {
    /// From a row; without one, those of an empty collection.
    pub fn read(row: Option<&[u8]>) -> Result<Counters> {
        let Some(row) = row else { return Ok(Counters { next_record: 1, ..Counters::default() }) };
        let mut numbers = row.chunks(8).map(record_id);
        let mut next = || numbers.next().unwrap_or(Ok(0));
        let (next_record, documents, bytes) = (next()?, next()?, next()?);
        let mut indexes = Vec::with_capacity((row.len() / 24).saturating_sub(1));
        while let Some(id) = numbers.next() {
            let id = u32::try_from(id?).map_err(|_| damaged("the counters of a collection"))?;
            let mut next = || numbers.next().unwrap_or(Ok(0));
            indexes.push((id, next()?, next()?));
        }
        Ok(Counters { next_record, documents, bytes, indexes })
    }

    /// As a row.
    pub fn row(&self) -> Vec<u8> {
        let indexes = self.indexes.iter().flat_map(|(id, entries, bytes)| [u64::from(*id), *entries, *bytes]);
        let numbers = [self.next_record, self.documents, self.bytes].into_iter().chain(indexes);
        numbers.flat_map(u64::to_be_bytes).collect()
    }
}

/// The record id that a row's key (or a unique index's value) is.
pub fn record_id(bytes: &[u8]) -> Result<u64> {
    let tail = bytes.len().checked_sub(8).and_then(|start| bytes.get(start..));
    match tail.and_then(|tail| <[u8; 8]>::try_from(tail).ok()) {
        Some(id) => Ok(u64::from_be_bytes(id)),
        None => Err(damaged("a record id")),
    }
}

/// The whole document of a row.
pub fn decode(bytes: &[u8]) -> Result<Document> {
    Document::from_reader(bytes).map_err(|error| damaged(&error.to_string()))
}

/// The largest document, as in MongoDB.
pub const MAX_DOCUMENT_BYTES: usize = 16 << 20;

/// How deep documents and arrays may stand inside each other, as in MongoDB.
const MAX_DEPTH: usize = crate::value::json::MAX_DEPTH;

/// The bytes of a document.
///
/// # Errors
/// It is too large, or nested too deep (Overflow).
pub fn encode(document: &Document) -> Result<Vec<u8>> {
    if is_deeper(document.values(), MAX_DEPTH) {
        return Err(Error::new(Code::Overflow, format!("Document exceeds maximum nested object depth: {MAX_DEPTH}")));
    }
    let bytes = document.to_vec().map_err(|error| Error::new(Code::BadValue, error.to_string()))?;
    check_size(bytes.len())?;
    Ok(bytes)
}

/// Whether these values stand deeper than so many levels, their own included.
fn is_deeper<'v>(mut values: impl Iterator<Item = &'v Bson>, levels: usize) -> bool {
    levels == 0
        || values.any(|value| match value {
            Bson::Document(inner) => is_deeper(inner.values(), levels - 1),
            Bson::Array(items) => is_deeper(items.iter(), levels - 1),
            _ => false,
        })
}

/// Whether a document may take so many bytes.
pub fn check_size(bytes: usize) -> Result<()> {
    if bytes <= MAX_DOCUMENT_BYTES {
        return Ok(());
    }
    Err(Error::new(
        Code::BsonObjectTooLarge,
        format!("BSONObj size: {bytes} is invalid. Size must be between 0 and {MAX_DOCUMENT_BYTES}"),
    ))
}

pub fn damaged(what: &str) -> Error {
    crate::storage::Error::corrupted(what).into()
}
