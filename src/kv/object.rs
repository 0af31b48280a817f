//! OBJECT: how a value is kept. The names are those Redis gives to values of the same size.

use super::layout::{Elements, Kind, Row};
use super::number::integer;
use super::subcommand::Container;
use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;

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
};

/// OBJECT ENCODING|FREQ|IDLETIME|REFCOUNT key, OBJECT HELP
pub fn object(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let (name, [key]) = OBJECT.choose(args)? else { return Ok(OBJECT.help()) };
    let Some(row) = cx.find(key)? else { return Ok(Resp::Nil) };
    match name {
        "encoding" => Ok(Resp::bulk(encoding(&row)?)),
        "idletime" => Ok(Resp::Integer(0)),
        "refcount" => Ok(Resp::Integer(references(&row))),
        _ => Err(Error::err(
            "An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when \
             switching between policies at runtime LRU and LFU data will take some time to adjust.",
        )),
    }
}

/// Redis shares small integers, and counts no references to what it shares.
fn references(row: &Row) -> i64 {
    let shared = row.kind() == Kind::String && integer(row.body()).is_some_and(|number| (0..10_000).contains(&number));
    if shared { i64::from(i32::MAX) } else { 1 }
}

fn encoding(row: &Row) -> Result<&'static str> {
    Ok(match row.kind() {
        Kind::String if integer(row.body()).is_some() => "int",
        Kind::String if row.body().len() <= 44 => "embstr",
        Kind::String => "raw",
        Kind::List if row.head.is_spilled() => "quicklist",
        Kind::Set if row.head.is_spilled() => "hashtable",
        Kind::Set if only_integers(row)? => "intset",
        Kind::SortedSet if row.head.is_spilled() => "skiplist",
        Kind::Hash if row.head.is_spilled() => "hashtable",
        Kind::Stream => "stream",
        _ => "listpack",
    })
}

fn only_integers(row: &Row) -> Result<bool> {
    let mut elements = Elements::of(row.body());
    while let Some(element) = elements.next_element()? {
        if integer(element).is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}
