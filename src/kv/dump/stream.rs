//! A stream with its groups as bytes.
//!
//! ```text
//! last id ++ greatest id removed ++ entries ever added u64
//! entries u64, each: id ++ fields and values packed, as one text
//! groups u64, each: name ++ last id delivered ++ entries read u64 (all ones: unknown)
//!   consumers u64, each: name ++ last seen i64 ms
//!   pending u64, each: id ++ place of its consumer u64 ++ delivered i64 ms ++ deliveries i64
//! ```

use super::reader::{Reader, bad_format, check, push_number, push_text};
use super::{Context, Result};
use crate::kv::streams::{Group, Id, Pending, Stream};
use crate::storage::Direction;

const ALL: (Id, Id) = (Id::ZERO, Id::MAX);

/// Writes the stream under a key.
pub fn write(cx: &Context<'_>, key: &[u8], to: &mut Vec<u8>) -> Result<()> {
    let Some(stream) = Stream::open(cx, key)? else { return Ok(()) };
    to.extend_from_slice(&stream.last.bytes());
    to.extend_from_slice(&stream.deleted.bytes());
    push_number(to, stream.added);
    let entries = stream.range(cx, ALL, Direction::Forward, u64::MAX)?;
    push_number(to, entries.len() as u64);
    for (id, fields) in entries {
        to.extend_from_slice(&id.bytes());
        push_text(to, &fields);
    }
    let groups = Group::all(cx, &stream)?;
    push_number(to, groups.len() as u64);
    groups.iter().try_for_each(|group| write_group(cx, &stream, group, to))
}

fn write_group(cx: &Context<'_>, stream: &Stream, group: &Group, to: &mut Vec<u8>) -> Result<()> {
    push_text(to, &group.name);
    to.extend_from_slice(&group.last.bytes());
    push_number(to, group.read.unwrap_or(u64::MAX));
    let consumers = group.consumers(cx, stream)?;
    push_number(to, consumers.len() as u64);
    for consumer in &consumers {
        push_text(to, &consumer.name);
        push_number(to, consumer.seen.cast_unsigned());
    }
    let pending = group.pending_in(cx, stream, ALL, u64::MAX)?;
    push_number(to, pending.len() as u64);
    for (id, pending) in pending {
        to.extend_from_slice(&id.bytes());
        let place = consumers.iter().position(|consumer| consumer.number == pending.consumer);
        push_number(to, place.map_or(u64::MAX, |place| place as u64));
        push_number(to, pending.delivered.cast_unsigned());
        push_number(to, pending.deliveries.cast_unsigned());
    }
    Ok(())
}

/// Makes the stream that the bytes say under a key that is not there.
pub fn read(cx: &mut Context<'_>, key: &[u8], from: &mut Reader<'_>) -> Result<()> {
    let mut stream = Stream::create(cx)?;
    let (last, deleted, added) = (id(from)?, id(from)?, from.number()?);
    for _ in 0..from.number()? {
        let (id, fields) = (id(from)?, fields(from.text()?)?);
        check(id > stream.last)?;
        stream.append(cx, id, &fields)?;
    }
    check(stream.last <= last && stream.length <= added)?;
    (stream.last, stream.deleted, stream.added) = (last, deleted, added);
    for _ in 0..from.number()? {
        read_group(cx, &mut stream, from)?;
    }
    check(from.is_empty())?;
    stream.save(cx, key)
}

fn read_group(cx: &mut Context<'_>, stream: &mut Stream, from: &mut Reader<'_>) -> Result<()> {
    let (name, last, read) = (from.text()?, id(from)?, from.number()?);
    check(Group::open(cx, stream, name)?.is_none())?;
    let group = Group::create(stream, name, last, Some(read).filter(|&read| read != u64::MAX));
    group.save(cx, stream)?;
    let mut consumers = Vec::new();
    for _ in 0..from.number()? {
        let (name, seen) = (from.text()?, from.number()?);
        check(group.consumer(cx, stream, name)?.is_none())?;
        consumers.push(group.seen_at(cx, stream, name, seen.cast_signed())?.number);
    }
    for _ in 0..from.number()? {
        let (id, place) = (id(from)?, from.number()?);
        let &consumer = usize::try_from(place).ok().and_then(|place| consumers.get(place)).ok_or_else(bad_format)?;
        let (delivered, deliveries) = (from.number()?.cast_signed(), from.number()?.cast_signed());
        group.deliver(cx, stream, id, Pending { consumer, delivered, deliveries })?;
    }
    Ok(())
}

fn id(from: &mut Reader<'_>) -> Result<Id> {
    Ok(Id { ms: from.number()?, seq: from.number()? })
}

/// Fields and values, of which there must be as many.
fn fields(packed: &[u8]) -> Result<Vec<Vec<u8>>> {
    let (mut from, mut fields) = (Reader::of(packed), Vec::new());
    while !from.is_empty() {
        fields.push(from.text()?.to_vec());
    }
    check(!fields.is_empty() && fields.len().is_multiple_of(2))?;
    Ok(fields)
}
