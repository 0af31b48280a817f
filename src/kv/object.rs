//! OBJECT: how a value is kept. The names are those Redis gives to values of the same size.

use super::layout::{Elements, Kind, Row};
use super::number::integer;
use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;

const HELP: &[&str] = &[
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
];

/// Whether the subcommand is known and has its arguments.
pub fn check(args: Args<'_>) -> Result<()> {
    let name = args.first().map(|name| name.to_ascii_lowercase()).unwrap_or_default();
    let wanted = match name.as_slice() {
        b"help" => 1,
        b"encoding" | b"freq" | b"idletime" | b"refcount" => 2,
        _ => {
            let typed = args.first().map(|name| name.get(..128).unwrap_or(name)).unwrap_or_default();
            let typed = String::from_utf8_lossy(typed);
            return Err(Error::err(format_args!("unknown subcommand '{typed}'. Try OBJECT HELP.")));
        }
    };
    if args.len() == wanted {
        return Ok(());
    }
    Err(Error::arity(&format!("object|{}", String::from_utf8_lossy(&name))))
}

/// OBJECT ENCODING|FREQ|IDLETIME|REFCOUNT key, OBJECT HELP
pub fn object(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    check(args)?;
    let [name, key] = args else {
        return Ok(Resp::Array(HELP.iter().map(|line| Resp::Status((*line).to_owned())).collect()));
    };
    let Some(row) = cx.find(key)? else { return Ok(Resp::Nil) };
    match name.to_ascii_lowercase().as_slice() {
        b"encoding" => Ok(Resp::bulk(encoding(&row)?)),
        b"idletime" => Ok(Resp::Integer(0)),
        b"refcount" => Ok(Resp::Integer(references(&row))),
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
