//! OBJECT: how a value is kept. The names are those Redis gives to values of the same size.

use super::layout::{Elements, Kind, Row, element_key, number_at};
use super::number::integer;
use super::subcommand::Container;
use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;
use crate::storage::{Direction, KeyRange};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicI64, Ordering};

/// OBJECT and its subcommands.
pub const OBJECT: Container = Container {
    name: "object",
    subcommands: &[("encoding", 3), ("freq", 3), ("help", 2), ("idletime", 3), ("refcount", 3)],
    help: &[
        "OBJECT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "ENCODING <key>",
        "    Return the kind of internal representation used in order to store the value",
        "    associated with a <key>.",
        "FREQ <key>",
        "    Return the access frequency index of the <key>. The returned integer is",
        "    proportional to the logarithm of the recent access frequency of the key.",
        "IDLETIME <key>",
        "    Return the idle time of the <key>, that is the approximated number of",
        "    seconds elapsed since the last access to the key.",
        "REFCOUNT <key>",
        "    Return the number of references of the value associated with the specified",
        "    <key>.",
        "HELP",
        "    Prints this help.",
    ],
    ..Container::EMPTY
};

/// OBJECT ENCODING|FREQ|IDLETIME|REFCOUNT key, OBJECT HELP
pub fn object(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let (name, [key]) = OBJECT.choose(args)? else { return Ok(OBJECT.help()) };
    let Some(row) = cx.find(key)? else { return Ok(Resp::Nil) };
    let settings = &cx.server.settings;
    let usage = cx.server.access.usage(cx.place(key), cx.now_ms, settings);
    let switching = "Please note that when switching between policies at runtime LRU and LFU data will take \
                     some time to adjust.";
    match name {
        "encoding" => Ok(Resp::bulk(encoding(cx, &row)?)),
        "refcount" => Ok(Resp::Integer(references(&row))),
        "idletime" if settings.counts_accesses() => {
            Err(Error::err(format_args!("An LFU maxmemory policy is selected, idle time not tracked. {switching}")))
        }
        "idletime" => Ok(Resp::Integer((usage.idle_ms / 1000).cast_signed())),
        _ if settings.counts_accesses() => Ok(Resp::Integer(i64::from(usage.frequency))),
        _ => Err(Error::err(format_args!(
            "An LFU maxmemory policy is not selected, access frequency not tracked. {switching}"
        ))),
    }
}

/// Redis shares small integers, and counts no references to what it shares.
fn references(row: &Row) -> i64 {
    let shared = row.kind() == Kind::String && integer(row.body()).is_some_and(|number| (0..10_000).contains(&number));
    if shared { i64::from(i32::MAX) } else { 1 }
}

/// How Redis would keep the value with the settings as they are. Redis never goes back to a smaller
/// form when a value shrinks or a setting changes; this looks at the value as it is.
pub(super) fn encoding(cx: &Context<'_>, row: &Row) -> Result<&'static str> {
    let settings = &cx.server.settings;
    let limit = |cell: &AtomicI64| cell.load(Ordering::Relaxed);
    Ok(match row.kind() {
        Kind::String if integer(row.body()).is_some() => "int",
        Kind::String if row.body().len() <= 44 => "embstr",
        Kind::String => "raw",
        Kind::List if row.head.is_spilled() => "quicklist",
        Kind::List => "listpack",
        Kind::Stream => "stream",
        Kind::Set => {
            let shape = Shape::of(cx, row, 1)?;
            if shape.only_integers && shape.count <= limit(&settings.set_max_intset) {
                "intset"
            } else if shape.fits(limit(&settings.set_max_entries), limit(&settings.set_max_value)) {
                "listpack"
            } else {
                "hashtable"
            }
        }
        Kind::Hash => {
            let shape = Shape::of(cx, row, 2)?;
            let (most, longest) = (limit(&settings.hash_max_entries), limit(&settings.hash_max_value));
            if shape.fits(most, longest) { "listpack" } else { "hashtable" }
        }
        Kind::SortedSet => {
            let shape = Shape::of(cx, row, 1)?;
            let (most, longest) = (limit(&settings.zset_max_entries), limit(&settings.zset_max_value));
            if shape.fits(most, longest) { "listpack" } else { "skiplist" }
        }
    })
}

/// What decides how a collection is kept.
struct Shape {
    count: i64,
    /// Bytes of the longest element.
    longest: i64,
    only_integers: bool,
}

/// A collection of more elements is large by any sensible setting; its elements are not looked at.
const LOOKED_AT: u64 = 1024;

impl Shape {
    fn fits(&self, most: i64, longest: i64) -> bool {
        self.count <= most && self.longest <= longest
    }

    /// Looks at the elements; `parts`: a field and its value count as one.
    fn of(cx: &Context<'_>, row: &Row, parts: i64) -> Result<Self> {
        let mut shape = Shape { count: 0, longest: 0, only_integers: true };
        let mut see = |element: &[u8]| {
            shape.longest = shape.longest.max(element.len() as i64);
            shape.only_integers = shape.only_integers && integer(element).is_some();
        };
        let Some(subid) = row.head.subid else {
            let (mut elements, mut seen) = (Elements::of(row.body()), 0);
            while elements.left() > 0 {
                if row.kind() == Kind::SortedSet {
                    elements.take(8)?;
                }
                let Some(element) = elements.next_element()? else { break };
                see(element);
                seen += 1;
            }
            return Ok(Shape { count: seen / parts, ..shape });
        };
        let count = number_at(row.body(), 8)?;
        if count <= LOOKED_AT {
            let names = KeyRange::prefix(&element_key(subid, 0, b""));
            cx.tx.scan(cx.spaces().elements, &names, Direction::Forward, &mut |key, value| {
                see(key.get(9..).unwrap_or_default());
                if row.kind() == Kind::Hash {
                    see(value);
                }
                Ok(ControlFlow::Continue(()))
            })?;
        } else {
            (shape.longest, shape.only_integers) = (i64::MAX, false);
        }
        Ok(Shape { count: i64::try_from(count).unwrap_or(i64::MAX), ..shape })
    }
}
