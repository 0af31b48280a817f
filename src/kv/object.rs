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
    "    proportional to the logarithm of the real access frequency.",
    "IDLETIME <key>",
    "    Return the idle time of the <key>, that is the approximated number of",
    "    seconds elapsed since the last access to the key.",
    "REFCOUNT <key>",
    "    Return the number of references of the value associated with the specified",
    "    <key>.",
    "HELP",
    "    Print this help.",
];

/// OBJECT ENCODING|FREQ|IDLETIME|REFCOUNT key, OBJECT HELP
pub fn object(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let name = args[0].to_ascii_lowercase();
    match name.as_slice() {
        b"help" => {
            if args.len() != 1 {
                return Err(Error::arity("object|help"));
            }
            Ok(Resp::Array(HELP.iter().map(|line| Resp::Status((*line).to_owned())).collect()))
        }
        b"encoding" | b"freq" | b"idletime" | b"refcount" => {
            let name = String::from_utf8_lossy(&name);
            let [_, key] = args else { return Err(Error::arity(&format!("object|{name}"))) };
            let Some(row) = cx.find(key)? else { return Ok(Resp::Nil) };
            match &*name {
                "encoding" => Ok(Resp::bulk(encoding(&row)?)),
                "idletime" => Ok(Resp::Integer(0)),
                "refcount" => Ok(Resp::Integer(1)),
                _ => Err(Error::err(
                    "An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when \
                     switching between policies at runtime LRU and LFU data will take some time to adjust.",
                )),
            }
        }
        _ => Err(Error::err(format_args!(
            "unknown subcommand '{}'. Try OBJECT HELP.",
            String::from_utf8_lossy(args[0].get(..128).unwrap_or(&args[0]))
        ))),
    }
}

fn encoding(row: &Row) -> Result<&'static str> {
    Ok(match row.kind {
        Kind::String if integer(row.body()).is_some() => "int",
        Kind::String if row.body().len() <= 44 => "embstr",
        Kind::String => "raw",
        Kind::List if row.spilled => "quicklist",
        Kind::Set if row.spilled => "hashtable",
        Kind::Set if only_integers(row)? => "intset",
        Kind::SortedSet if row.spilled => "skiplist",
        Kind::Hash if row.spilled => "hashtable",
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
