//! XINFO: what is known about a stream, its groups and their consumers.

use super::group_admin::existing_group;
use super::groups::{Group, Pending};
use super::store::{Family, entries_resp, entry_resp};
use super::{Answer, Args, Context, Error, Id, Resp, Result, Stream};
use crate::kv::number::integer_argument;
use crate::kv::subcommand::Container;
use crate::storage::Direction;
use std::collections::BTreeMap;

/// Entries that XINFO STREAM … FULL shows when COUNT is not given.
const SHOWN: u64 = 10;
/// Entries in one node of Redis' tree, by which the size of the tree is told.
const NODE: u64 = 100;

/// XINFO and its subcommands.
pub const XINFO: Container = Container {
    name: "xinfo",
    subcommands: &[("consumers", 4), ("groups", 3), ("help", 2), ("stream", -3)],
    help: &[
        "XINFO <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "CONSUMERS <key> <groupname>",
        "    Show consumers of <groupname>.",
        "GROUPS <key>",
        "    Show the stream consumer groups.",
        "STREAM <key> [FULL [COUNT <count>]",
        "    Show information about the stream.",
        "HELP",
        "    Prints this help.",
    ],
    ..Container::EMPTY
};

/// XINFO STREAM key [FULL [COUNT count]], XINFO GROUPS key, XINFO CONSUMERS key group, XINFO HELP
pub fn xinfo(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    match XINFO.choose(args)? {
        ("stream", [key, options @ ..]) => stream(cx, &args[0], key, options),
        ("groups", [key]) => groups(cx, key),
        ("consumers", [key, group]) => consumers(cx, key, group),
        _ => Ok(XINFO.help()),
    }
}

fn named(fields: Vec<(&str, Resp)>) -> Vec<Resp> {
    fields.into_iter().flat_map(|(name, value)| [Resp::bulk(name), value]).collect()
}

fn number(value: u64) -> Resp {
    Resp::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}

fn stream(cx: &Context<'_>, typed: &[u8], key: &[u8], options: Args<'_>) -> Answer {
    let stream = Stream::open(cx, key)?.ok_or_else(Error::no_such_key)?;
    let full = match options {
        [] => None,
        [full] if full.eq_ignore_ascii_case(b"FULL") => Some(SHOWN),
        [full, count, text] if full.eq_ignore_ascii_case(b"FULL") && count.eq_ignore_ascii_case(b"COUNT") => {
            Some(match integer_argument(text)? {
                0 => u64::MAX,
                count => u64::try_from(count).unwrap_or(SHOWN),
            })
        }
        _ => {
            let typed = String::from_utf8_lossy(typed);
            return Err(Error::err(format_args!(
                "unknown subcommand or wrong number of arguments for '{typed}'. Try XINFO HELP."
            )));
        }
    };
    let nodes = stream.length.div_ceil(NODE);
    let mut fields = vec![
        ("length", number(stream.length)),
        ("radix-tree-keys", number(nodes)),
        ("radix-tree-nodes", number(nodes + 1)),
        ("last-generated-id", stream.last.resp()),
        ("max-deleted-entry-id", stream.deleted.resp()),
        ("entries-added", number(stream.added)),
        ("recorded-first-entry-id", stream.first_id(cx)?.resp()),
    ];
    match full {
        None => {
            let edge = |direction| match stream.edge(cx, direction)? {
                Some(entry) => entry_resp(&entry),
                None => Ok(Resp::Nil),
            };
            fields.push(("groups", number(stream.count(cx, Family::Group, b"")?)));
            fields.push(("first-entry", edge(Direction::Forward)?));
            fields.push(("last-entry", edge(Direction::Backward)?));
        }
        Some(count) => {
            let entries = stream.range(cx, (Id::ZERO, Id::MAX), Direction::Forward, count)?;
            fields.push(("entries", entries_resp(&entries)?));
            let groups = Group::all(cx, &stream)?;
            let groups = groups.iter().map(|group| full_group(cx, &stream, group, count)).collect::<Result<_>>()?;
            fields.push(("groups", Resp::Array(groups)));
        }
    }
    Ok(Resp::Array(named(fields)))
}

fn optional(value: Option<u64>) -> Resp {
    value.map_or(Resp::Nil, number)
}

/// A group with its pending entries and its consumers, each with theirs.
fn full_group(cx: &Context<'_>, stream: &Stream, group: &Group, count: u64) -> Answer {
    let pending = group.pending_in(cx, stream, (Id::ZERO, Id::MAX), u64::MAX)?;
    let consumers = group.consumers(cx, stream)?;
    let names: BTreeMap<u64, &[u8]> =
        consumers.iter().map(|consumer| (consumer.number, consumer.name.as_slice())).collect();
    let most = usize::try_from(count).unwrap_or(usize::MAX);
    let delivery = |entry: &Pending| [Resp::Integer(entry.delivered), Resp::Integer(entry.deliveries)];
    let all = pending.iter().take(most).map(|(id, entry)| {
        let name = names.get(&entry.consumer).copied().unwrap_or_default();
        let mut shown = vec![id.resp(), Resp::bulk(name)];
        shown.extend(delivery(entry));
        Resp::Array(shown)
    });
    let all = Resp::Array(all.collect());
    let consumers = consumers.iter().map(|consumer| {
        let own = || pending.iter().filter(|(_, entry)| entry.consumer == consumer.number);
        let shown = own().take(most).map(|(id, entry)| {
            let mut shown = vec![id.resp()];
            shown.extend(delivery(entry));
            Resp::Array(shown)
        });
        Resp::Array(named(vec![
            ("name", Resp::bulk(consumer.name.as_slice())),
            ("seen-time", Resp::Integer(consumer.seen)),
            ("pel-count", number(own().count() as u64)),
            ("pending", Resp::Array(shown.collect())),
        ]))
    });
    let consumers = Resp::Array(consumers.collect());
    Ok(Resp::Array(named(vec![
        ("name", Resp::bulk(group.name.as_slice())),
        ("last-delivered-id", group.last.resp()),
        ("entries-read", optional(group.read)),
        ("lag", optional(group.lag(stream, stream.first_id(cx)?))),
        ("pel-count", number(pending.len() as u64)),
        ("pending", all),
        ("consumers", consumers),
    ])))
}

fn groups(cx: &Context<'_>, key: &[u8]) -> Answer {
    let stream = Stream::open(cx, key)?.ok_or_else(Error::no_such_key)?;
    let first = stream.first_id(cx)?;
    let mut shown = Vec::new();
    for group in Group::all(cx, &stream)? {
        shown.push(Resp::Array(named(vec![
            ("name", Resp::bulk(group.name.as_slice())),
            ("consumers", number(group.consumers(cx, &stream)?.len() as u64)),
            ("pending", number(group.count_pending(cx, &stream)?)),
            ("last-delivered-id", group.last.resp()),
            ("entries-read", optional(group.read)),
            ("lag", optional(group.lag(&stream, first))),
        ])));
    }
    Ok(Resp::Array(shown))
}

fn consumers(cx: &Context<'_>, key: &[u8], group: &[u8]) -> Answer {
    let stream = Stream::open(cx, key)?.ok_or_else(Error::no_such_key)?;
    let group = existing_group(cx, &stream, key, group)?;
    let mut shown = Vec::new();
    for consumer in group.consumers(cx, &stream)? {
        let pending = group.pending_of(cx, &stream, &consumer, (Id::ZERO, Id::MAX), u64::MAX)?;
        shown.push(Resp::Array(named(vec![
            ("name", Resp::bulk(consumer.name.as_slice())),
            ("pending", number(pending.len() as u64)),
            ("idle", Resp::Integer(cx.now_ms.saturating_sub(consumer.seen).max(0))),
        ])));
    }
    Ok(Resp::Array(shown))
}
