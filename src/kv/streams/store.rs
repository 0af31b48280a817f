//! A stream in the file: its head and its entries.
//!
//! The head is the key's row; every entry has a row of its own, so a command touches the entries it
//! names and the head. A stream does not vanish with its last entry.

use super::{Context, Error, Id, Resp, Result};
use crate::kv::layout::{Content, ElementKey, Elements, Head, Kind, SPILLED, element_key, number_at, push_element};
use crate::kv::next_subid;
use crate::storage::{Direction, KeyRange};
use std::ops::{Bound, ControlFlow};

/// What the byte behind a stream's number says of a row.
#[derive(Debug, Clone, Copy)]
pub enum Family {
    /// id → fields and values
    Entry = 0,
    /// name → a consumer group
    Group = 1,
    /// group number ++ name → a consumer
    Consumer = 2,
    /// group number ++ id → a pending entry
    Pending = 3,
    /// group number ++ consumer number ++ id → nothing
    PendingOf = 4,
}

/// An open stream.
#[derive(Debug)]
pub struct Stream {
    subid: u64,
    old: Option<Head>,
    /// Bytes of all entries.
    bytes: u64,
    /// Entries.
    pub length: u64,
    /// The greatest id given so far.
    pub last: Id,
    /// Entries ever added.
    pub added: u64,
    /// The greatest id removed by XDEL.
    pub deleted: Id,
    /// Numbers given to groups and consumers so far.
    numbers: u64,
}

/// An entry as stored: its id, and fields and values one after the other.
pub type Stored = (Id, Vec<u8>);

impl Stream {
    /// The stream under a key, if there is one.
    pub fn open(cx: &Context<'_>, key: &[u8]) -> Result<Option<Self>> {
        let Some(row) = cx.find_kind(key, Kind::Stream)? else { return Ok(None) };
        let body = row.body();
        let id = |at| Ok::<Id, Error>(Id { ms: number_at(body, at)?, seq: number_at(body, at + 8)? });
        Ok(Some(Stream {
            subid: number_at(body, 0)?,
            length: number_at(body, 8)?,
            bytes: number_at(body, 16)?,
            last: id(24)?,
            added: number_at(body, 40)?,
            deleted: id(48)?,
            numbers: number_at(body, 64)?,
            old: Some(row.head),
        }))
    }

    /// A new stream; it is there once it is saved.
    pub fn create(cx: &mut Context<'_>) -> Result<Self> {
        let subid = next_subid(cx.tx)?;
        Ok(Stream { subid, old: None, bytes: 0, length: 0, last: Id::ZERO, added: 0, deleted: Id::ZERO, numbers: 0 })
    }

    /// Writes the head.
    pub fn save(&self, cx: &mut Context<'_>, key: &[u8]) -> Result<()> {
        let mut body = Vec::with_capacity(72);
        for number in [self.subid, self.length, self.bytes, self.last.ms, self.last.seq, self.added] {
            body.extend_from_slice(&number.to_be_bytes());
        }
        body.extend_from_slice(&self.deleted.bytes());
        body.extend_from_slice(&self.numbers.to_be_bytes());
        let expiry = self.old.and_then(|old| old.expiry);
        cx.write(key, self.old, Content { kind: Kind::Stream, flags: SPILLED, body: &body }, expiry)
    }

    /// A number that no group or consumer of the stream has.
    pub fn next_number(&mut self) -> u64 {
        self.numbers = self.numbers.wrapping_add(1);
        self.numbers
    }

    /// The key of a row of the stream.
    pub fn key(&self, family: Family, rest: &[u8]) -> ElementKey {
        element_key(self.subid, family as u8, rest)
    }

    /// Adds an entry behind all others.
    pub fn append(&mut self, cx: &mut Context<'_>, id: Id, fields: &[Vec<u8>]) -> Result<()> {
        let mut bytes = Vec::new();
        for text in fields {
            push_element(&mut bytes, text);
        }
        self.bytes += bytes.len() as u64 + 16;
        cx.tx.put(cx.spaces().elements, &self.key(Family::Entry, &id.bytes()), &bytes)?;
        self.last = id;
        self.length = self.length.saturating_add(1);
        self.added = self.added.saturating_add(1);
        Ok(())
    }

    /// Removes an entry; answers whether it was there.
    pub fn remove(&mut self, cx: &mut Context<'_>, id: Id) -> Result<bool> {
        let (space, key) = (cx.spaces().elements, self.key(Family::Entry, &id.bytes()));
        let Some(length) = cx.tx.peek(space, &key)?.map(|fields| fields.len() as u64) else { return Ok(false) };
        cx.tx.delete(space, &key)?;
        self.bytes = self.bytes.saturating_sub(length + 16);
        self.length = self.length.saturating_sub(1);
        Ok(true)
    }

    /// The fields of one entry.
    pub fn entry(&self, cx: &Context<'_>, id: Id) -> Result<Option<Vec<u8>>> {
        Ok(cx.tx.get(cx.spaces().elements, &self.key(Family::Entry, &id.bytes()))?)
    }

    /// Rows of a family whose keys go on with `prefix` and an id in a range, at most `count` of them.
    pub fn rows(
        &self,
        cx: &Context<'_>,
        family: (Family, &[u8]),
        range: (Id, Id),
        direction: Direction,
        count: u64,
    ) -> Result<Vec<Stored>> {
        let ((family, prefix), (start, end)) = (family, range);
        if start > end || count == 0 {
            return Ok(Vec::new());
        }
        let mut rows: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
        let key = |id: Id| self.key(family, &[prefix, &id.bytes()].concat()).to_vec();
        let range = KeyRange { start: Bound::Included(key(start)), end: Bound::Included(key(end)) };
        cx.tx.scan(cx.spaces().elements, &range, direction, &mut |key, value| {
            rows.push((key.to_vec(), value.to_vec()));
            Ok(if rows.len() as u64 == count { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        rows.into_iter().map(|(key, value)| Ok((Id::ending(&key)?, value))).collect()
    }

    /// Entries in a range of ids, at most `count` of them.
    pub fn range(&self, cx: &Context<'_>, range: (Id, Id), direction: Direction, count: u64) -> Result<Vec<Stored>> {
        self.rows(cx, (Family::Entry, b""), range, direction, count)
    }

    /// The first entry, or the last.
    pub fn edge(&self, cx: &Context<'_>, direction: Direction) -> Result<Option<Stored>> {
        Ok(self.range(cx, (Id::ZERO, Id::MAX), direction, 1)?.pop())
    }

    /// How many rows of a family have keys that go on with `prefix`.
    pub fn count(&self, cx: &Context<'_>, family: Family, prefix: &[u8]) -> Result<u64> {
        let mut count = 0;
        let range = KeyRange::prefix(&self.key(family, prefix));
        cx.tx.scan(cx.spaces().elements, &range, Direction::Forward, &mut |_, _| {
            count += 1;
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(count)
    }

    /// The id of the first entry, `0-0` without entries.
    pub fn first_id(&self, cx: &Context<'_>) -> Result<Id> {
        Ok(self.edge(cx, Direction::Forward)?.map_or(Id::ZERO, |(id, _)| id))
    }

    /// The id of the last entry, `0-0` without entries.
    pub fn top_id(&self, cx: &Context<'_>) -> Result<Id> {
        Ok(self.edge(cx, Direction::Backward)?.map_or(Id::ZERO, |(id, _)| id))
    }
}

/// An entry as a reply: its id, and its fields and values.
pub fn entry_resp((id, bytes): &Stored) -> Result<Resp> {
    let mut elements = Elements::of(bytes);
    let mut fields = Vec::new();
    while let Some(element) = elements.next_element()? {
        fields.push(Resp::bulk(element));
    }
    Ok(Resp::Array(vec![id.resp(), Resp::Array(fields)]))
}

/// Entries as a reply.
pub fn entries_resp(entries: &[Stored]) -> Result<Resp> {
    Ok(Resp::Array(entries.iter().map(entry_resp).collect::<Result<_>>()?))
}
