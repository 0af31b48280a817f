//! XINFO: what is known about a stream, its groups and their consumers.

use super::store::{Family, entries_resp, entry_resp};
use super::{Answer, Args, Context, Error, Id, Resp, Stream};
use crate::kv::number::integer_argument;
use crate::storage::Direction;

/// Entries that XINFO STREAM … FULL shows when COUNT is not given.
const SHOWN: u64 = 10;
/// Entries in one node of Redis' tree, by which the size of the tree is told.
const NODE: u64 = 100;

const HELP: &[&str] = &[
    "XINFO <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
    "CONSUMERS <key> <groupname>",
    "    Show consumers of <groupname>.",
    "GROUPS <key>",
    "    Show the stream consumer groups.",
    "STREAM <key> [FULL [COUNT <count>]",
    "    Show information about the stream.",
    "HELP",
    "    Prints this help.",
];

/// XINFO STREAM key [FULL [COUNT count]], XINFO GROUPS key, XINFO CONSUMERS key group, XINFO HELP
pub fn xinfo(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let name = args[0].to_ascii_lowercase();
    match (name.as_slice(), &args[1..]) {
        (b"help", []) => Ok(Resp::Array(HELP.iter().map(|line| Resp::Status((*line).to_owned())).collect())),
        (b"stream", [key, options @ ..]) => stream(cx, key, options),
        (b"groups" | b"consumers", [_, ..]) => {
            Err(Error::err(format_args!("trine does not have XINFO {} yet", String::from_utf8_lossy(&name))))
        }
        (b"help" | b"stream" | b"groups" | b"consumers", _) => {
            Err(Error::arity(&format!("xinfo|{}", String::from_utf8_lossy(&name))))
        }
        _ => {
            let typed = args[0].get(..128).unwrap_or(&args[0]);
            let typed = String::from_utf8_lossy(typed);
            Err(Error::err(format_args!("unknown subcommand '{typed}'. Try XINFO HELP.")))
        }
    }
}

fn named(fields: Vec<(&str, Resp)>) -> Vec<Resp> {
    fields.into_iter().flat_map(|(name, value)| [Resp::bulk(name), value]).collect()
}

fn number(value: u64) -> Resp {
    Resp::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}

fn stream(cx: &Context<'_>, key: &[u8], options: Args<'_>) -> Answer {
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
            return Err(Error::err("unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO HELP."));
        }
    };
    let stream = Stream::open(cx, key)?.ok_or_else(Error::no_such_key)?;
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
            fields.push(("groups", number(stream.count(cx, Family::Group)?)));
            fields.push(("first-entry", edge(Direction::Forward)?));
            fields.push(("last-entry", edge(Direction::Backward)?));
        }
        Some(count) => {
            let entries = stream.range(cx, (Id::ZERO, Id::MAX), Direction::Forward, count)?;
            fields.push(("entries", entries_resp(&entries)?));
            fields.push(("groups", Resp::Array(Vec::new())));
        }
    }
    Ok(Resp::Array(named(fields)))
}
