//! Where keys and their values lie in the file, byte by byte.
//!
//! A keyspace is one of the 16 numbered key-value databases inside a named database; its number in
//! the file is `n = database * 16 + keyspace`. All integers are big-endian.
//!
//! ```text
//! space      key                              value
//! kv<n>      user key                         row: tag u8 [expiry i64 ms] body
//! kvsub<n>   subid u64 ++ element             hash: field → value, set: member → nothing, list: place u64 → element
//!            subid u64 ++ 0 ++ member         sorted set: score (8 bytes, see below)
//!            subid u64 ++ 1 ++ score ++ member   sorted set in score order → nothing
//!            subid u64 ++ 0 ++ id             stream: fields and values of an entry, each length (LEB128) ++ bytes
//!            subid u64 ++ 1 ++ name           consumer group: number u64 ++ last id delivered ++ entries read u64 (all ones: unknown)
//!            subid u64 ++ 2 ++ group u64 ++ name   consumer: number u64 ++ last seen i64 ms
//!            subid u64 ++ 3 ++ group u64 ++ id     pending entry: consumer u64 ++ delivered i64 ms ++ deliveries i64
//!            subid u64 ++ 4 ++ group u64 ++ consumer u64 ++ id   pending entry of a consumer → nothing
//!            0 u64 ++ subid u64               a removed collection whose elements are not yet reclaimed → nothing
//! kvttl<n>   expiry u64 ms ++ user key        nothing; only for sweeping: the row itself decides on every read
//! meta       "kv\0" n u32                     count u64 ++ earliest expiry i64 ++ removed collections u64
//!
//! tag        bits 0-2 type (1 string, 2 list, 3 set, 4 sorted set, 5 hash, 6 stream)
//!            bit 6    the elements of the collection lie in kvsub
//!            bit 7    an expiry follows
//! body       string                           its bytes
//!            small collection                 its elements in order: length (LEB128) ++ bytes; a sorted set's are
//!                                             score ++ length ++ member, in score order
//!            collection in kvsub              subid u64 ++ count u64; a list has its first place u64 behind them
//!            stream (always in kvsub)         subid u64 ++ count u64 ++ last id ++ entries ever added u64 ++
//!                                             greatest id removed by XDEL ++ numbers given to groups and consumers u64
//! id         milliseconds u64 ++ number u64
//! score      the bits of the f64, all turned round if negative, else only the sign: byte order is score order
//! ```
//!
//! Small collections keep the order in which Redis' listpacks show them: fields and members as they
//! came. One that outgrows [`INLINE_ELEMENTS`] or [`INLINE_BYTES`] moves to `kvsub`, where changing
//! one element touches one row, and stays there.

use super::{Error, Result};
use crate::storage::{self, Space};

/// A collection of more elements than this lies in `kvsub`.
pub const INLINE_ELEMENTS: usize = 128;
/// A collection of more bytes than this lies in `kvsub`.
pub const INLINE_BYTES: usize = 4096;
/// Keyspaces in a database (`SELECT 0` … `SELECT 15`).
pub const KEYSPACES: u32 = 16;
/// The longest string, as in Redis (`proto-max-bulk-len`).
pub const LONGEST_STRING: usize = 512 << 20;

/// The spaces of one keyspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spaces {
    /// `database * 16 + keyspace`.
    pub number: u32,
    /// Key rows.
    pub keys: Space,
    /// Elements of large collections.
    pub elements: Space,
    /// Keys by expiry.
    pub expiries: Space,
}

impl Spaces {
    /// The spaces of a keyspace of a database.
    pub fn of(database: u32, keyspace: u8) -> Self {
        let number = database.wrapping_mul(KEYSPACES).wrapping_add(u32::from(keyspace));
        Spaces {
            number,
            keys: Space::numbered("kv", number),
            elements: Space::numbered("kvsub", number),
            expiries: Space::numbered("kvttl", number),
        }
    }
}

/// The key in `meta` of a keyspace's state row.
pub fn state_key(keyspace: u32) -> [u8; 7] {
    let [a, b, c, d] = keyspace.to_be_bytes();
    [b'k', b'v', 0, a, b, c, d]
}

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    String = 1,
    /// A list.
    List = 2,
    /// A set.
    Set = 3,
    /// A sorted set.
    SortedSet = 4,
    /// A hash.
    Hash = 5,
    /// A stream.
    Stream = 6,
}

impl Kind {
    /// Redis' name of the type (TYPE, SCAN … TYPE).
    pub const fn name(self) -> &'static str {
        match self {
            Kind::String => "string",
            Kind::List => "list",
            Kind::Set => "set",
            Kind::SortedSet => "zset",
            Kind::Hash => "hash",
            Kind::Stream => "stream",
        }
    }

    fn of(tag: u8) -> Result<Self, storage::Error> {
        match tag & 0x07 {
            1 => Ok(Kind::String),
            2 => Ok(Kind::List),
            3 => Ok(Kind::Set),
            4 => Ok(Kind::SortedSet),
            5 => Ok(Kind::Hash),
            6 => Ok(Kind::Stream),
            _ => Err(storage::Error::corrupted("a key of unknown type")),
        }
    }
}

const SPILLED: u8 = 0x40;
const EXPIRES: u8 = 0x80;

/// The row of a key, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What the key holds.
    pub kind: Kind,
    /// When it ends, in milliseconds since 1970.
    pub expiry: Option<i64>,
    /// Whether the elements lie in `kvsub`.
    pub spilled: bool,
    bytes: Vec<u8>,
    body_at: usize,
}

impl Row {
    /// Reads a stored row.
    pub fn decode(bytes: Vec<u8>) -> Result<Self, storage::Error> {
        let tag = *bytes.first().ok_or_else(|| storage::Error::corrupted("an empty key row"))?;
        let expiry = expiry_of(&bytes)?;
        let body_at = if expiry.is_some() { 9 } else { 1 };
        Ok(Row { kind: Kind::of(tag)?, expiry, spilled: tag & SPILLED != 0, bytes, body_at })
    }

    /// What follows the header.
    pub fn body(&self) -> &[u8] {
        self.bytes.get(self.body_at..).unwrap_or_default()
    }

    /// The body alone, without copying where the row has no expiry to cut off.
    pub fn into_body(mut self) -> Vec<u8> {
        self.bytes.drain(..self.body_at.min(self.bytes.len()));
        self.bytes
    }

    /// The number under which the elements lie in `kvsub`, if they do.
    pub fn subid(&self) -> Result<Option<u64>> {
        if self.spilled { Ok(Some(number_at(self.body(), 0)?)) } else { Ok(None) }
    }
}

/// The expiry in a stored row, without decoding the rest.
pub fn expiry_of(row: &[u8]) -> Result<Option<i64>, storage::Error> {
    match row.first() {
        Some(tag) if tag & EXPIRES != 0 => match row.get(1..9).and_then(|bytes| bytes.try_into().ok()) {
            Some(bytes) => Ok(Some(i64::from_be_bytes(bytes))),
            None => Err(storage::Error::corrupted("the expiry of a key")),
        },
        _ => Ok(None),
    }
}

/// The kind in a stored row, without decoding the rest.
pub fn kind_of(row: &[u8]) -> Result<Kind, storage::Error> {
    Kind::of(row.first().copied().unwrap_or(0))
}

/// The bytes of a row.
pub fn encode_row(kind: Kind, spilled: bool, expiry: Option<i64>, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(body.len() + 9);
    let tag = kind as u8 | if spilled { SPILLED } else { 0 } | if expiry.is_some() { EXPIRES } else { 0 };
    bytes.push(tag);
    if let Some(expiry) = expiry {
        bytes.extend_from_slice(&expiry.to_be_bytes());
    }
    bytes.extend_from_slice(body);
    bytes
}

/// A big-endian number inside a body.
pub fn number_at(body: &[u8], at: usize) -> Result<u64> {
    body.get(at..at + 8)
        .and_then(|bytes| bytes.try_into().ok())
        .map(u64::from_be_bytes)
        .ok_or_else(|| Error::Storage(storage::Error::corrupted("the head of a collection")))
}

/// The key of an element of a collection in `kvsub`.
pub fn element_key(subid: u64, element: &[u8]) -> Vec<u8> {
    let mut key = Vec::with_capacity(8 + element.len());
    key.extend_from_slice(&subid.to_be_bytes());
    key.extend_from_slice(element);
    key
}

/// The key of a row in `kvttl`.
pub fn expiry_key(expiry: i64, key: &[u8]) -> Vec<u8> {
    element_key(u64::try_from(expiry).unwrap_or(0), key)
}

/// Writes one element of a small collection: length and bytes.
pub fn push_element(body: &mut Vec<u8>, element: &[u8]) {
    let mut length = element.len();
    while length >= 0x80 {
        body.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    body.push(length as u8);
    body.extend_from_slice(element);
}

/// The elements of a small collection, one after the other.
pub struct Elements<'b> {
    rest: &'b [u8],
}

impl<'b> Elements<'b> {
    /// Elements of this body.
    pub fn of(body: &'b [u8]) -> Self {
        Elements { rest: body }
    }

    /// The next element, or `None` at the end.
    pub fn next_element(&mut self) -> Result<Option<&'b [u8]>> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (mut length, mut shift) = (0usize, 0u32);
        loop {
            let Some((&byte, rest)) = self.rest.split_first() else { return Err(damaged()) };
            self.rest = rest;
            length |= usize::from(byte & 0x7f).checked_shl(shift).ok_or_else(damaged)?;
            if byte & 0x80 == 0 {
                break;
            }
            shift += 7;
        }
        self.take(length).map(Some)
    }

    /// The next `count` bytes.
    pub fn take(&mut self, count: usize) -> Result<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or_else(damaged)?;
        self.rest = rest;
        Ok(taken)
    }

    /// Bytes not yet read.
    pub fn left(&self) -> usize {
        self.rest.len()
    }
}

fn damaged() -> Error {
    Error::Storage(storage::Error::corrupted("a small collection"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_were_written() {
        for (kind, spilled, expiry, body) in [
            (Kind::String, false, None, &b"value"[..]),
            (Kind::Hash, true, Some(1_700_000_000_000), &b"\0\0\0\0\0\0\0\x07"[..]),
            (Kind::SortedSet, false, Some(-5), &b""[..]),
        ] {
            let row = Row::decode(encode_row(kind, spilled, expiry, body)).unwrap();
            assert_eq!((row.kind, row.spilled, row.expiry, row.body()), (kind, spilled, expiry, body));
            assert_eq!(row.into_body(), body);
        }
    }

    #[test]
    fn elements_come_back_and_damage_is_an_error() {
        let long = vec![b'x'; 300];
        let mut body = Vec::new();
        push_element(&mut body, b"");
        push_element(&mut body, &long);
        let mut elements = Elements::of(&body);
        assert_eq!(elements.next_element().unwrap(), Some(&b""[..]));
        assert_eq!(elements.next_element().unwrap(), Some(long.as_slice()));
        assert_eq!(elements.next_element().unwrap(), None);
        assert!(Elements::of(&body[..50]).next_element().is_ok());
        assert!(Elements::of(&[0xff; 20]).next_element().is_err());
    }
}
