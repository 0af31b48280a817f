//! XPENDING: what was delivered and is not acknowledged.

use super::groups::stream_and_group;
use super::id::interval;
use super::{Answer, Args, Context, Error, Id, Resp};
use crate::kv::number::integer_argument;
use std::collections::BTreeMap;

/// XPENDING key group [[IDLE least] start end count [consumer]]
pub fn xpending(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    match args {
        [key, group] => summary(cx, key, group),
        [key, group, words @ ..] if (3..=6).contains(&words.len()) => {
            let (mut least_idle, mut words) = (0, words);
            if let [name, idle, rest @ ..] = words
                && name.eq_ignore_ascii_case(b"IDLE")
            {
                least_idle = integer_argument(idle)?;
                words = rest;
            }
            let [start, end, count, consumer @ ..] = words else { return Err(Error::syntax()) };
            let count = u64::try_from(integer_argument(count)?).unwrap_or(0);
            let range = interval(start, end)?;
            let consumer = consumer.first().map(Vec::as_slice);
            entries(cx, (key, group), Wanted { range, count, least_idle, consumer })
        }
        _ => Err(Error::syntax()),
    }
}

fn summary(cx: &Context<'_>, key: &[u8], group: &[u8]) -> Answer {
    let (stream, group) = stream_and_group(cx, key, group, "")?;
    let pending = group.pending_in(cx, &stream, (Id::ZERO, Id::MAX), u64::MAX)?;
    let (Some((first, _)), Some((last, _))) = (pending.first(), pending.last()) else {
        return Ok(Resp::Array(vec![Resp::Integer(0), Resp::Nil, Resp::Nil, Resp::Nil]));
    };
    let mut counts = BTreeMap::<u64, u64>::new();
    for (_, entry) in &pending {
        *counts.entry(entry.consumer).or_default() += 1;
    }
    let consumers = group.consumers(cx, &stream)?.into_iter().filter_map(|consumer| {
        let count = counts.get(&consumer.number)?;
        Some(Resp::Array(vec![Resp::Bulk(consumer.name), Resp::bulk(count.to_string())]))
    });
    let consumers = Resp::Array(consumers.collect());
    Ok(Resp::Array(vec![Resp::Integer(pending.len() as i64), first.resp(), last.resp(), consumers]))
}

/// Which pending entries are shown.
struct Wanted<'a> {
    range: (Id, Id),
    count: u64,
    least_idle: i64,
    consumer: Option<&'a [u8]>,
}

fn entries(cx: &Context<'_>, (key, group): (&[u8], &[u8]), wanted: Wanted<'_>) -> Answer {
    let (stream, group) = stream_and_group(cx, key, group, "")?;
    let consumers = group.consumers(cx, &stream)?;
    let only = match wanted.consumer {
        Some(name) => match consumers.iter().find(|consumer| consumer.name == name) {
            Some(consumer) => Some(consumer.number),
            None => return Ok(Resp::Array(Vec::new())),
        },
        None => None,
    };
    let names: BTreeMap<u64, Vec<u8>> =
        consumers.into_iter().map(|consumer| (consumer.number, consumer.name)).collect();
    let everything = only.is_none() && wanted.least_idle <= 0;
    let most = if everything { wanted.count } else { u64::MAX };
    let mut shown = Vec::new();
    for (id, pending) in group.pending_in(cx, &stream, wanted.range, most)? {
        if shown.len() as u64 >= wanted.count {
            break;
        }
        let idle = cx.now_ms.saturating_sub(pending.delivered);
        if only.is_some_and(|number| number != pending.consumer) || (wanted.least_idle != 0 && idle < wanted.least_idle)
        {
            continue;
        }
        let name = names.get(&pending.consumer).cloned().unwrap_or_default();
        let idle = Resp::Integer(idle.max(0));
        shown.push(Resp::Array(vec![id.resp(), Resp::Bulk(name), idle, Resp::Integer(pending.deliveries)]));
    }
    Ok(Resp::Array(shown))
}
