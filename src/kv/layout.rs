//! Where keys and their values lie in the file, byte by byte.
//!
//! A keyspace is one of the 16 numbered key-value databases inside a named database; its number in
//! the file is `n = database * 16 + keyspace`. All integers are big-endian.
//!
//! ```text
//! space      key                              value
//! kv<n>      user key                         row: tag u8 [expiry i64 ms] body
//! kvsub<n>   subid u64 ++ family u8 ++ …      elements of large collections:
//!              0 ++ field                       hash: value
//!              1 ++ field                       hash: when the field ends, i64 ms
//!              2 ++ end u64 ms ++ field         hash: nothing
//!              0 ++ member                      set: nothing
//!              0 ++ member                      sorted set: score (8 bytes)
//!              1 ++ score ++ member             sorted set in score order: nothing
//!              0 ++ block u64                   list: elements, see `lists/packed.rs`
//!              1 ++ number u64                  list: one long element
//!              0 ++ id                          stream: fields and values of an entry, each length (LEB128) ++ bytes
//!              1 ++ name                        stream: group: number u64 ++ last id delivered ++ entries read u64 (all ones: unknown)
//!              2 ++ group u64 ++ name           stream: consumer: number u64 ++ last seen i64 ms ++ last active i64 ms
//!              3 ++ group u64 ++ id             stream: pending entry: consumer u64 ++ delivered i64 ms ++ deliveries i64
//!              4 ++ group u64 ++ consumer u64 ++ id   stream: pending entry of a consumer: nothing
//!            0 u64 ++ subid u64               a removed collection whose elements are not yet reclaimed: nothing
//! kvrank<n>  subid u64 ++ level u8 ++ …       how many rows lie between two fences, see `ranks.rs`: u64
//! kvttl<n>   end u64 ms ++ what u8 ++ user key   nothing; only for sweeping: the row itself decides on every read
//!                                             what: 0 the key ends, 1 a field of it ends
//! meta       "kv\0" n u32                     keys u64 ++ earliest end i64 ++ removed collections u64 ++ bytes u64 ++ place u32
//!
//! tag        bits 0-2 type (1 string, 2 list, 3 set, 4 sorted set, 5 hash, 6 stream)
//!            bit 3    the ranks of its elements are kept in kvrank
//!            bit 4    fields of the hash end by themselves
//!            bit 6    the elements of the collection lie in kvsub
//!            bit 7    an expiry follows
//! body       string                           its bytes
//!            small collection                 its elements in order: length (LEB128) ++ bytes; a sorted set's are
//!                                             score ++ length ++ member, in score order; a list's as in a block
//!            collection in kvsub              subid u64 ++ count u64 ++ bytes of the elements u64, and behind them
//!              hash, bit 4                      fields without end u64 ++ the latest end i64 ++ the earliest end in kvttl i64
//!              list                             first block u64 ++ blocks u64 ++ long elements ever u64 ++
//!                                               elements of the front u8 ++ bytes of the front u32 ++ front ++ back
//!              stream                           last id ++ entries ever added u64 ++ greatest id removed by XDEL ++
//!                                               numbers given to groups and consumers u64
//! id         milliseconds u64 ++ number u64
//! score      the bits of the f64, all turned round if negative, else only the sign: byte order is score order
//! ```
//!
//! The place of a keyspace is the number of its spaces: its own, unless SWAPDB gave it another's.
//!
//! Small collections keep the order in which Redis' listpacks show them: fields and members as they
//! came. One that outgrows [`INLINE_ELEMENTS`] or [`INLINE_BYTES`] moves to `kvsub`, where changing
//! one element touches one row, and stays there.

use super::{Error, Result};
use crate::storage::{self, Space};
use smallvec::SmallVec;

/// A collection of more elements than this lies in `kvsub`.
pub const INLINE_ELEMENTS: usize = 128;
/// A collection of more bytes than this lies in `kvsub`.
pub const INLINE_BYTES: usize = 4096;
/// Keyspaces in a database (`SELECT 0` … `SELECT 15`).
pub const KEYSPACES: u32 = 16;
/// The longest string, as in Redis (`proto-max-bulk-len`).
pub const LONGEST_STRING: usize = 512 << 20;

/// What a key costs beside its name and its value, in bytes, as MEMORY USAGE and `maxmemory` count.
pub const KEY_COST: u64 = 64;
/// What an element of a large collection costs beside its bytes.
pub const ELEMENT_COST: u64 = 16;

/// The number of a keyspace in the file.
pub fn keyspace_number(database: u32, keyspace: u8) -> u32 {
    database.wrapping_mul(KEYSPACES).wrapping_add(u32::from(keyspace))
}

/// The spaces of one keyspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spaces {
    /// Key rows.
    pub keys: Space,
    /// Elements of large collections.
    pub elements: Space,
    /// Counts between elements of large collections.
    pub ranks: Space,
    /// Keys by expiry.
    pub expiries: Space,
}

impl Spaces {
    /// The spaces at a place.
    pub fn at(place: u32) -> Self {
        Spaces {
            keys: Space::numbered("kv", place),
            elements: Space::numbered("kvsub", place),
            ranks: Space::numbered("kvrank", place),
            expiries: Space::numbered("kvttl", place),
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

/// The ranks of the elements are kept.
pub const RANKED: u8 = 0x08;
/// Fields of the hash end by themselves.
pub const FIELDS_END: u8 = 0x10;
/// The elements lie in `kvsub`.
pub const SPILLED: u8 = 0x40;
const EXPIRES: u8 = 0x80;
const FLAGS: u8 = RANKED | FIELDS_END | SPILLED;

/// What a row says about its key, without the value itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// What the key holds.
    pub kind: Kind,
    /// When it ends, in milliseconds since 1970.
    pub expiry: Option<i64>,
    /// [`RANKED`], [`FIELDS_END`], [`SPILLED`].
    pub flags: u8,
    /// The number under which the elements lie in `kvsub`, if they do.
    pub subid: Option<u64>,
    /// Bytes of the value, as MEMORY USAGE counts.
    pub size: u64,
    /// Where `kvttl` names the first field that ends.
    pub field_end: Option<i64>,
}

impl Head {
    fn of(kind: Kind, flags: u8, expiry: Option<i64>, body: &[u8]) -> Result<Self, storage::Error> {
        let mut head = Head { kind, expiry, flags, subid: None, size: body.len() as u64, field_end: None };
        if flags & SPILLED != 0 {
            let (count, bytes) = (number(body, 8)?, number(body, 16)?);
            head.subid = Some(number(body, 0)?);
            head.size = bytes.saturating_add(count.saturating_mul(ELEMENT_COST));
        }
        if flags & FIELDS_END != 0 {
            head.field_end = Some(number(body, 40)?.cast_signed());
        }
        Ok(head)
    }

    /// What a stored row says.
    pub fn decode(row: &[u8]) -> Result<Self, storage::Error> {
        let expiry = expiry_of(row)?;
        let (tag, body) = (row.first().copied().unwrap_or(0), row.get(body_at(expiry)..).unwrap_or_default());
        Head::of(Kind::of(tag)?, tag & FLAGS, expiry, body)
    }

    /// What its key, this one, costs with its value, as MEMORY USAGE and `maxmemory` count.
    pub fn cost(&self, key: &[u8]) -> u64 {
        KEY_COST + key.len() as u64 + self.size
    }

    /// Whether the elements lie in `kvsub`.
    pub fn is_spilled(&self) -> bool {
        self.flags & SPILLED != 0
    }
}

/// What is written under a key.
#[derive(Debug, Clone, Copy)]
pub struct Content<'b> {
    /// The type.
    pub kind: Kind,
    /// [`RANKED`], [`FIELDS_END`], [`SPILLED`].
    pub flags: u8,
    /// The body of the row.
    pub body: &'b [u8],
}

impl Content<'_> {
    /// What its row will say.
    pub fn head(&self, expiry: Option<i64>) -> Result<Head, storage::Error> {
        Head::of(self.kind, self.flags, expiry, self.body)
    }

    /// The bytes of its row.
    pub fn encode(&self, expiry: Option<i64>) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.body.len() + body_at(expiry));
        bytes.push(self.kind as u8 | self.flags | if expiry.is_some() { EXPIRES } else { 0 });
        if let Some(expiry) = expiry {
            bytes.extend_from_slice(&expiry.to_be_bytes());
        }
        bytes.extend_from_slice(self.body);
        bytes
    }
}

/// The row of a key, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it says about its key.
    pub head: Head,
    bytes: Vec<u8>,
}

impl Row {
    /// Reads a stored row.
    pub fn decode(bytes: Vec<u8>) -> Result<Self, storage::Error> {
        Ok(Row { head: Head::decode(&bytes)?, bytes })
    }

    /// What the key holds.
    pub fn kind(&self) -> Kind {
        self.head.kind
    }

    /// What follows the header.
    pub fn body(&self) -> &[u8] {
        self.bytes.get(body_at(self.head.expiry)..).unwrap_or_default()
    }

    /// The body alone.
    pub fn into_body(mut self) -> Vec<u8> {
        let start = body_at(self.head.expiry).min(self.bytes.len());
        self.bytes.drain(..start);
        self.bytes
    }

    /// The same content, to be written under another key or with another expiry.
    pub fn content(&self) -> Content<'_> {
        Content { kind: self.head.kind, flags: self.head.flags, body: self.body() }
    }
}

fn body_at(expiry: Option<i64>) -> usize {
    if expiry.is_some() { 9 } else { 1 }
}

/// The expiry in a stored row, without decoding the rest.
pub fn expiry_of(row: &[u8]) -> Result<Option<i64>, storage::Error> {
    match row.first() {
        Some(tag) if tag & EXPIRES != 0 => Ok(Some(number(row, 1)?.cast_signed())),
        Some(_) => Ok(None),
        None => Err(storage::Error::corrupted("an empty key row")),
    }
}

/// Whether a stored row is still there at a time: neither the key has ended, nor all fields of its hash.
pub fn is_live(row: &[u8], now_ms: i64) -> Result<bool, storage::Error> {
    let Some(&tag) = row.first() else { return Err(storage::Error::corrupted("an empty key row")) };
    if tag & (EXPIRES | FIELDS_END) == 0 {
        return Ok(true);
    }
    let expiry = expiry_of(row)?;
    if expiry.is_some_and(|expiry| expiry < now_ms) {
        return Ok(false);
    }
    if tag & FIELDS_END == 0 {
        return Ok(true);
    }
    let (body, latest) = (body_at(expiry), 32);
    Ok(number(row, body + 24)? > 0 || number(row, body + latest)?.cast_signed() >= now_ms)
}

/// The kind in a stored row, without decoding the rest.
pub fn kind_of(row: &[u8]) -> Result<Kind, storage::Error> {
    Kind::of(row.first().copied().unwrap_or(0))
}

/// A big-endian number inside a row.
fn number(bytes: &[u8], at: usize) -> Result<u64, storage::Error> {
    match bytes.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()) {
        Some(bytes) => Ok(u64::from_be_bytes(bytes)),
        None => Err(storage::Error::corrupted("the head of a key")),
    }
}

/// A big-endian number inside a body.
pub fn number_at(body: &[u8], at: usize) -> Result<u64> {
    Ok(number(body, at)?)
}

/// A key of a row in `kvsub`; most need no memory of their own.
pub type ElementKey = SmallVec<[u8; 64]>;

/// The key of a row of a collection in `kvsub`.
pub fn element_key(subid: u64, family: u8, rest: &[u8]) -> ElementKey {
    let mut key = ElementKey::with_capacity(9 + rest.len());
    key.extend_from_slice(&subid.to_be_bytes());
    key.push(family);
    key.extend_from_slice(rest);
    key
}

/// The key in `kvsub` that marks a removed collection.
pub fn removed_key(subid: u64) -> [u8; 16] {
    (u128::from(subid)).to_be_bytes()
}

/// What ends at the time a row of `kvttl` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// The key.
    Key = 0,
    /// A field of its hash.
    Field = 1,
}

/// The key of a row in `kvttl`.
pub fn expiry_key(end: i64, what: Ends, key: &[u8]) -> ElementKey {
    element_key(u64::try_from(end).unwrap_or(0), what as u8, key)
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

    /// Passes over an element; answers false at the end.
    pub fn skip_element(&mut self) -> Result<bool> {
        Ok(self.next_element()?.is_some())
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
        for (kind, flags, expiry, body) in [
            (Kind::String, 0, None, &b"value"[..]),
            (Kind::Hash, SPILLED, Some(1_700_000_000_000), &[7; 24][..]),
            (Kind::SortedSet, 0, Some(-5), &b""[..]),
        ] {
            let content = Content { kind, flags, body };
            let row = Row::decode(content.encode(expiry)).unwrap();
            assert_eq!(row.head, content.head(expiry).unwrap());
            assert_eq!((row.kind(), row.head.flags, row.head.expiry, row.body()), (kind, flags, expiry, body));
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
