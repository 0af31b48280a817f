//! Consumer groups in the file: groups, their consumers, and what was delivered but not acknowledged.

use super::store::Family;
use super::{Context, Error, Id, Result, Stream};
use crate::kv::layout::{ElementKey, number_at};
use crate::kv::server::events::STREAM;
use crate::storage::{self, Direction, KeyRange};
use std::ops::ControlFlow;

/// A consumer group.
#[derive(Debug)]
pub struct Group {
    /// Its name.
    pub name: Vec<u8>,
    number: u64,
    /// The greatest id delivered.
    pub last: Id,
    /// How many entries of the stream lie up to it, if that is known.
    pub read: Option<u64>,
}

/// A consumer of a group.
#[derive(Debug)]
pub struct Consumer {
    /// Its name.
    pub name: Vec<u8>,
    /// Its number among the groups and consumers of the stream.
    pub number: u64,
    /// When it last took part, in milliseconds since 1970.
    pub seen: i64,
}

/// An entry that was delivered and is not acknowledged.
#[derive(Debug, Clone, Copy)]
pub struct Pending {
    /// The number of the consumer that owns it.
    pub consumer: u64,
    /// When it was delivered last, in milliseconds since 1970.
    pub delivered: i64,
    /// How often it was delivered.
    pub deliveries: i64,
}

impl Group {
    /// The group of a name, if there is one.
    pub fn open(cx: &Context<'_>, stream: &Stream, name: &[u8]) -> Result<Option<Self>> {
        let row = cx.tx.get(cx.spaces().elements, &stream.key(Family::Group, name))?;
        row.map(|row| Group::decode(name.to_vec(), &row)).transpose()
    }

    /// All groups of a stream, by name.
    pub fn all(cx: &Context<'_>, stream: &Stream) -> Result<Vec<Self>> {
        let rows = named_rows(cx, &stream.key(Family::Group, b""))?;
        rows.into_iter().map(|(name, row)| Group::decode(name, &row)).collect()
    }

    /// A new group; it is there once it is saved.
    pub fn create(stream: &mut Stream, name: &[u8], last: Id, read: Option<u64>) -> Self {
        Group { name: name.to_vec(), number: stream.next_number(), last, read }
    }

    fn decode(name: Vec<u8>, row: &[u8]) -> Result<Self> {
        let last = Id { ms: number_at(row, 8)?, seq: number_at(row, 16)? };
        Ok(Group {
            name,
            number: number_at(row, 0)?,
            last,
            read: Some(number_at(row, 24)?).filter(|&read| read != u64::MAX),
        })
    }

    /// Writes the group's row.
    pub fn save(&self, cx: &mut Context<'_>, stream: &Stream) -> Result<()> {
        let mut row = self.number.to_be_bytes().to_vec();
        row.extend_from_slice(&self.last.bytes());
        row.extend_from_slice(&self.read.unwrap_or(u64::MAX).to_be_bytes());
        Ok(cx.tx.put(cx.spaces().elements, &stream.key(Family::Group, &self.name), &row)?)
    }

    /// Removes the group with its consumers and all that is pending.
    pub fn destroy(self, cx: &mut Context<'_>, stream: &Stream) -> Result<()> {
        let space = cx.spaces().elements;
        for family in [Family::Consumer, Family::Pending, Family::PendingOf] {
            let prefix = KeyRange::prefix(&stream.key(family, &self.number.to_be_bytes()));
            let mut cursor = storage::Cursor::new(space, prefix, Direction::Forward);
            while let Some((key, _)) = cursor.next(cx.tx.as_read())? {
                cx.tx.delete(space, &key)?;
            }
        }
        Ok(cx.tx.delete(space, &stream.key(Family::Group, &self.name))?)
    }

    /// All consumers, by name.
    pub fn consumers(&self, cx: &Context<'_>, stream: &Stream) -> Result<Vec<Consumer>> {
        let rows = named_rows(cx, &stream.key(Family::Consumer, &self.number.to_be_bytes()))?;
        rows.into_iter().map(|(name, row)| Consumer::decode(name, &row)).collect()
    }

    /// The consumer of a name, if there is one.
    pub fn consumer(&self, cx: &Context<'_>, stream: &Stream, name: &[u8]) -> Result<Option<Consumer>> {
        let row = cx.tx.get(cx.spaces().elements, &self.consumer_key(stream, name))?;
        row.map(|row| Consumer::decode(name.to_vec(), &row)).transpose()
    }

    /// The consumer of a name, made if it is missing, and seen now.
    pub fn taking_part(&self, cx: &mut Context<'_>, stream: &mut Stream, name: &[u8]) -> Result<Consumer> {
        self.seen_at(cx, stream, name, cx.now_ms)
    }

    /// The consumer of a name, made if it is missing, and seen at a time.
    pub fn seen_at(&self, cx: &mut Context<'_>, stream: &mut Stream, name: &[u8], seen: i64) -> Result<Consumer> {
        let number = match self.consumer(cx, stream, name)? {
            Some(consumer) => consumer.number,
            None => stream.next_number(),
        };
        let mut row = number.to_be_bytes().to_vec();
        row.extend_from_slice(&seen.to_be_bytes());
        cx.tx.put(cx.spaces().elements, &self.consumer_key(stream, name), &row)?;
        Ok(Consumer { name: name.to_vec(), number, seen })
    }

    /// As [`Group::taking_part`]; tells of a consumer that is new.
    pub fn joining(&self, cx: &mut Context<'_>, stream: &mut Stream, key: &[u8], name: &[u8]) -> Result<Consumer> {
        if cx.asked_events() & STREAM != 0 && self.consumer(cx, stream, name)?.is_none() {
            cx.note_event(STREAM, "xgroup-createconsumer", key);
        }
        self.taking_part(cx, stream, name)
    }

    /// Removes a consumer with all that is pending for it; answers how much that was.
    pub fn remove_consumer(&self, cx: &mut Context<'_>, stream: &Stream, consumer: &Consumer) -> Result<u64> {
        let pending = self.pending_of(cx, stream, consumer, (Id::ZERO, Id::MAX), u64::MAX)?;
        for &id in &pending {
            self.acknowledge(cx, stream, id)?;
        }
        cx.tx.delete(cx.spaces().elements, &self.consumer_key(stream, &consumer.name))?;
        Ok(pending.len() as u64)
    }

    fn consumer_key(&self, stream: &Stream, name: &[u8]) -> ElementKey {
        stream.key(Family::Consumer, &[&self.number.to_be_bytes(), name].concat())
    }

    fn pending_key(&self, stream: &Stream, id: Id) -> ElementKey {
        stream.key(Family::Pending, &[&self.number.to_be_bytes()[..], &id.bytes()].concat())
    }

    fn pending_of_key(&self, stream: &Stream, consumer: u64, id: Id) -> ElementKey {
        let rest = [&self.number.to_be_bytes()[..], &consumer.to_be_bytes(), &id.bytes()].concat();
        stream.key(Family::PendingOf, &rest)
    }

    /// What is pending under an id.
    pub fn pending(&self, cx: &Context<'_>, stream: &Stream, id: Id) -> Result<Option<Pending>> {
        let row = cx.tx.get(cx.spaces().elements, &self.pending_key(stream, id))?;
        row.map(|row| Pending::decode(&row)).transpose()
    }

    /// What is pending in a range, by id.
    pub fn pending_in(
        &self,
        cx: &Context<'_>,
        stream: &Stream,
        range: (Id, Id),
        count: u64,
    ) -> Result<Vec<(Id, Pending)>> {
        let family = (Family::Pending, &self.number.to_be_bytes()[..]);
        let rows = stream.rows(cx, family, range, Direction::Forward, count)?;
        rows.into_iter().map(|(id, row)| Ok((id, Pending::decode(&row)?))).collect()
    }

    /// Ids that are pending for one consumer.
    pub fn pending_of(
        &self,
        cx: &Context<'_>,
        stream: &Stream,
        consumer: &Consumer,
        range: (Id, Id),
        count: u64,
    ) -> Result<Vec<Id>> {
        let prefix = [self.number.to_be_bytes(), consumer.number.to_be_bytes()].concat();
        let rows = stream.rows(cx, (Family::PendingOf, &prefix), range, Direction::Forward, count)?;
        Ok(rows.into_iter().map(|(id, _)| id).collect())
    }

    /// How many entries are pending.
    pub fn count_pending(&self, cx: &Context<'_>, stream: &Stream) -> Result<u64> {
        stream.count(cx, Family::Pending, &self.number.to_be_bytes())
    }

    /// Notes that an entry is pending; it leaves the consumer that owned it before.
    pub fn deliver(&self, cx: &mut Context<'_>, stream: &Stream, id: Id, pending: Pending) -> Result<()> {
        let space = cx.spaces().elements;
        let before = self.pending(cx, stream, id)?;
        if let Some(before) = before.filter(|before| before.consumer != pending.consumer) {
            cx.tx.delete(space, &self.pending_of_key(stream, before.consumer, id))?;
        }
        cx.tx.put(space, &self.pending_of_key(stream, pending.consumer, id), b"")?;
        let mut row = pending.consumer.to_be_bytes().to_vec();
        row.extend_from_slice(&pending.delivered.to_be_bytes());
        row.extend_from_slice(&pending.deliveries.to_be_bytes());
        Ok(cx.tx.put(space, &self.pending_key(stream, id), &row)?)
    }

    /// Takes an entry out of what is pending; answers whether it was.
    pub fn acknowledge(&self, cx: &mut Context<'_>, stream: &Stream, id: Id) -> Result<bool> {
        let Some(pending) = self.pending(cx, stream, id)? else { return Ok(false) };
        let space = cx.spaces().elements;
        cx.tx.delete(space, &self.pending_of_key(stream, pending.consumer, id))?;
        cx.tx.delete(space, &self.pending_key(stream, id))?;
        Ok(true)
    }

    /// Notes that the group has come to an entry, and how many entries lie up to it.
    pub fn advance(&mut self, stream: &Stream, first: Id, id: Id) {
        if id <= self.last {
            return;
        }
        self.read = match self.read {
            Some(read) if !has_gaps(stream, first, id) => Some(read.saturating_add(1)),
            _ => entries_up_to(stream, first, id),
        };
        self.last = id;
    }

    /// Entries that were not yet delivered, if that can be told.
    pub fn lag(&self, stream: &Stream, first: Id) -> Option<u64> {
        let read = match self.read {
            _ if stream.added == 0 => Some(0),
            Some(read) if !has_gaps(stream, first, self.last) => Some(read),
            _ => entries_up_to(stream, first, self.last),
        };
        read.map(|read| stream.added.saturating_sub(read))
    }
}

impl Consumer {
    fn decode(name: Vec<u8>, row: &[u8]) -> Result<Self> {
        Ok(Consumer { name, number: number_at(row, 0)?, seen: number_at(row, 8)?.cast_signed() })
    }
}

impl Pending {
    fn decode(row: &[u8]) -> Result<Self> {
        let (delivered, deliveries) = (number_at(row, 8)?.cast_signed(), number_at(row, 16)?.cast_signed());
        Ok(Pending { consumer: number_at(row, 0)?, delivered, deliveries })
    }
}

/// Whether an entry at or behind `start` was removed from among the others, so that counting on is no
/// longer exact.
fn has_gaps(stream: &Stream, first: Id, start: Id) -> bool {
    stream.length > 0 && stream.deleted != Id::ZERO && first.max(start) <= stream.deleted
}

/// How many entries were ever added up to an id, if that can be told from the edges of the stream.
fn entries_up_to(stream: &Stream, first: Id, id: Id) -> Option<u64> {
    if stream.added == 0 {
        return Some(0);
    }
    if (stream.length == 0 && id <= stream.last) || id == stream.last {
        return Some(stream.added);
    }
    if id > stream.last || (stream.deleted != Id::ZERO && stream.deleted >= first) {
        return None;
    }
    let before = stream.added.saturating_sub(stream.length);
    match id.cmp(&first) {
        std::cmp::Ordering::Less => Some(before),
        std::cmp::Ordering::Equal => Some(before.saturating_add(1)),
        std::cmp::Ordering::Greater => None,
    }
}

/// Rows whose keys are a prefix and a name.
fn named_rows(cx: &Context<'_>, prefix: &[u8]) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
    let mut rows = Vec::new();
    cx.tx.scan(cx.spaces().elements, &KeyRange::prefix(prefix), Direction::Forward, &mut |key, value| {
        rows.push((key.get(prefix.len()..).unwrap_or_default().to_vec(), value.to_vec()));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(rows)
}

/// The stream under a key and a group of it; both must be there.
pub fn stream_and_group(cx: &Context<'_>, key: &[u8], group: &[u8], where_: &str) -> Result<(Stream, Group)> {
    if let Some(stream) = Stream::open(cx, key)?
        && let Some(group) = Group::open(cx, &stream, group)?
    {
        return Ok((stream, group));
    }
    Err(Error::Reply(format!(
        "NOGROUP No such key '{}' or consumer group '{}'{where_}",
        String::from_utf8_lossy(key),
        String::from_utf8_lossy(group)
    )))
}
