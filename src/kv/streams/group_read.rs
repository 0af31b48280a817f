//! XREADGROUP and XACK: delivering entries to the consumers of a group.

use super::groups::{Group, Pending, stream_and_group};
use super::read::Reading;
use super::store::{entries_resp, entry_resp};
use super::{Answer, Args, Context, Error, Id, Resp, Result, Stream};
use crate::storage::Direction;

/// XREADGROUP GROUP group consumer [COUNT count] [BLOCK milliseconds] [NOACK] STREAMS key [key …] id [id …]
pub fn xreadgroup(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let reading = Reading::parse(args, "XREADGROUP")?;
    let Some((group, consumer)) = reading.group else {
        return Err(Error::err("Missing GROUP option for XREADGROUP"));
    };
    // What an id asks for: the consumer's own history behind it, or what nobody has yet.
    let mut asked = Vec::with_capacity(reading.keys.len());
    for (key, id) in reading.keys.iter().zip(reading.ids) {
        Stream::open(cx, key)?;
        stream_and_group(cx, key, group, " in XREADGROUP with GROUP option")?;
        asked.push(match id.as_slice() {
            b"$" => {
                return Err(Error::err(
                    "The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this \
                     consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just \
                     return an empty result set.",
                ));
            }
            b">" => None,
            text => Some(Id::parse(text, 0)?).filter(|&id| id != Id::MAX),
        });
    }
    let mut found = Vec::new();
    for (key, asked) in reading.keys.iter().zip(asked) {
        let (mut stream, mut group) = stream_and_group(cx, key, group, "")?;
        let entries = match asked {
            Some(after) => {
                let consumer = group.joining(cx, &mut stream, key, consumer)?;
                let start = after.next().unwrap_or(Id::MAX);
                let ids = group.pending_of(cx, &stream, &consumer, (start, Id::MAX), reading.count)?;
                history(cx, &stream, &group, &ids)?
            }
            None => {
                let start = group.last.next().unwrap_or(Id::MAX);
                let entries = stream.range(cx, (start, Id::MAX), Direction::Forward, reading.count)?;
                if entries.is_empty() {
                    continue;
                }
                let consumer = group.joining(cx, &mut stream, key, consumer)?;
                let first = stream.first_id(cx)?;
                for (id, _) in &entries {
                    group.advance(&stream, first, *id);
                    if !reading.no_ack {
                        let pending = Pending { consumer: consumer.number, delivered: cx.now_ms, deliveries: 1 };
                        group.deliver(cx, &stream, *id, pending)?;
                    }
                }
                entries_resp(&entries)?
            }
        };
        group.save(cx, &stream)?;
        stream.save(cx, key)?;
        found.push(Resp::Array(vec![Resp::bulk(key.as_slice()), entries]));
    }
    reading.answer(cx, found, || None)
}

/// Entries delivered to a consumer before, delivered once more; of removed ones only the id is left.
fn history(cx: &mut Context<'_>, stream: &Stream, group: &Group, ids: &[Id]) -> Result<Resp> {
    let mut shown = Vec::with_capacity(ids.len());
    for &id in ids {
        let Some(fields) = stream.entry(cx, id)? else {
            shown.push(Resp::Array(vec![id.resp(), Resp::Nil]));
            continue;
        };
        if let Some(before) = group.pending(cx, stream, id)? {
            let deliveries = before.deliveries.saturating_add(1);
            group.deliver(cx, stream, id, Pending { delivered: cx.now_ms, deliveries, ..before })?;
        }
        shown.push(entry_resp(&(id, fields))?);
    }
    Ok(Resp::Array(shown))
}

/// XACK key group id [id …]
pub fn xack(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let Some(stream) = Stream::open(cx, &args[0])? else { return Ok(Resp::Integer(0)) };
    let Some(group) = Group::open(cx, &stream, &args[1])? else { return Ok(Resp::Integer(0)) };
    let ids = args[2..].iter().map(|text| Id::parse(text, 0)).collect::<Result<Vec<_>>>()?;
    let mut acknowledged = 0;
    for id in ids {
        acknowledged += i64::from(group.acknowledge(cx, &stream, id)?);
    }
    if acknowledged > 0 {
        stream.save(cx, &args[0])?;
    }
    Ok(Resp::Integer(acknowledged))
}
