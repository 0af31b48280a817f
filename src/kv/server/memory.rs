//! MEMORY: what keys and values come to (redis.io/docs/latest/commands/memory-usage).
//!
//! Sizes are counts that are kept with the data, not samples: those that `maxmemory` is held against.

use super::eviction::POLICY_NONE;
use crate::kv::layout::KEYSPACES;
use crate::kv::number::integer_argument;
use crate::kv::subcommand::Container;
use crate::kv::{Answer, Args, Context, Error, Looking, Result};
use crate::reply::Resp;
use std::fmt::Write as _;
use std::sync::atomic::Ordering;

/// MEMORY and its subcommands.
pub const MEMORY: Container = Container {
    name: "memory",
    subcommands: &[("doctor", 2), ("help", 2), ("malloc-stats", 2), ("purge", 2), ("stats", 2), ("usage", -3)],
    help: &[
        "MEMORY <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "DOCTOR",
        "    Return memory problems reports.",
        "MALLOC-STATS",
        "    Return internal statistics report from the memory allocator.",
        "PURGE",
        "    Attempt to purge dirty pages for reclamation by the allocator.",
        "STATS",
        "    Return information about the memory usage of the server.",
        "USAGE <key> [SAMPLES <count>]",
        "    Return memory in bytes used by <key> and its value. Nested values are",
        "    sampled up to <count> times (default: 5, 0 means sample all).",
        "HELP",
        "    Prints this help.",
    ],
    ..Container::EMPTY
};

/// MEMORY DOCTOR|MALLOC-STATS|PURGE|STATS|USAGE key [SAMPLES count]|HELP
pub fn memory(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    cx.looking = Looking::Aside;
    match MEMORY.choose(args)? {
        ("usage", [key, options @ ..]) => usage(cx, key, options),
        ("stats", _) => stats(cx),
        ("doctor", _) => doctor(cx),
        ("malloc-stats", _) => Ok(Resp::Text("Stats not supported for the current allocator\n".to_owned())),
        ("purge", _) => Ok(Resp::ok()),
        _ => Ok(MEMORY.help()),
    }
}

fn usage(cx: &mut Context<'_>, key: &[u8], options: Args<'_>) -> Answer {
    match options {
        [] => {}
        [samples, count] if samples.eq_ignore_ascii_case(b"SAMPLES") => {
            if integer_argument(count)? < 0 {
                return Err(Error::syntax());
            }
        }
        _ => return Err(Error::syntax()),
    }
    let size = cx.head(key)?.map(|head| head.cost(key));
    Ok(size.map_or(Resp::Nil, |size| Resp::Integer(i64::try_from(size).unwrap_or(i64::MAX))))
}

fn stats(cx: &mut Context<'_>) -> Answer {
    let mut keys = 0;
    let mut fields = Vec::new();
    let integer = |number: u64| Resp::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    for keyspace in 0..KEYSPACES as u8 {
        let state = cx.states.get(cx.tx.as_read(), cx.database, keyspace)?;
        keys += state.keys;
        if state.keys > 0 {
            let sizes = vec![Resp::bulk("keys.count"), integer(state.keys), Resp::bulk("bytes"), integer(state.bytes)];
            fields.extend([Resp::bulk(format!("db.{keyspace}")), Resp::Array(sizes)]);
        }
    }
    let used = cx.states.bytes(cx.tx.as_read(), cx.database)?;
    let totals = [
        ("total.allocated", used),
        ("dataset.bytes", used),
        ("keys.count", keys),
        ("keys.bytes-per-key", used.checked_div(keys).unwrap_or(0)),
    ];
    let totals = totals.into_iter().flat_map(|(name, number)| [Resp::bulk(name), integer(number)]);
    Ok(Resp::Array(totals.chain(fields).collect()))
}

fn doctor(cx: &mut Context<'_>) -> Answer {
    let used = cx.states.bytes(cx.tx.as_read(), cx.database)?;
    let settings = &cx.server.settings;
    let limit = settings.maxmemory.load(Ordering::Relaxed).unsigned_abs();
    let mut text = String::new();
    if limit == 0 {
        text.push_str("No memory limit is set: CONFIG SET maxmemory <bytes> sets one.\n");
    } else if used > limit {
        let _ = writeln!(text, "The data ({used} bytes) is above maxmemory ({limit} bytes).");
        if settings.policy() == POLICY_NONE {
            text.push_str("Nothing may be evicted: writing commands are refused until keys are removed.\n");
        } else {
            text.push_str("The next writing commands evict keys.\n");
        }
    } else {
        let _ = writeln!(text, "The data comes to {used} bytes of at most {limit}.");
    }
    let waiting = removed(cx)?;
    if waiting > 0 {
        let _ = writeln!(text, "{waiting} removed collections wait to be reclaimed by the next writing commands.");
    }
    Ok(Resp::Text(text))
}

fn removed(cx: &mut Context<'_>) -> Result<u64> {
    (0..KEYSPACES as u8)
        .try_fold(0, |sum, keyspace| Ok(sum + cx.states.get(cx.tx.as_read(), cx.database, keyspace)?.removed))
}
