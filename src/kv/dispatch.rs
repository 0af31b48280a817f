//! Which handler runs a command: by its name in upper case, with the arity Redis documents.

use super::{Answer, Args, Context, Error, Result};
use super::{bitmaps, counters, expiry, keys, object, ranges, scan, server, strings};
use crate::ast::kv::Command;
use crate::reply::Resp;

/// A command as the engine knows it.
struct Handler {
    /// Upper case.
    name: &'static str,
    /// Words including the name; a negative number is a minimum (as in COMMAND INFO).
    arity: i8,
    /// Whether it may write, and so keeps house first.
    writes: bool,
    run: fn(&mut Context<'_>, Args<'_>) -> Answer,
}

const fn reads(name: &'static str, arity: i8, run: fn(&mut Context<'_>, Args<'_>) -> Answer) -> Handler {
    Handler { name, arity, writes: false, run }
}

const fn writes(name: &'static str, arity: i8, run: fn(&mut Context<'_>, Args<'_>) -> Answer) -> Handler {
    Handler { name, arity, writes: true, run }
}

/// All commands, sorted by name.
const HANDLERS: &[Handler] = &[
    writes("APPEND", 3, strings::append),
    reads("BITCOUNT", -2, bitmaps::bitcount),
    writes("BITOP", -4, bitmaps::bitop),
    reads("BITPOS", -3, bitmaps::bitpos),
    writes("COPY", -3, keys::copy),
    reads("DBSIZE", 1, server::dbsize),
    writes("DECR", 2, counters::decr),
    writes("DECRBY", 3, counters::decrby),
    writes("DEL", -2, keys::del),
    reads("ECHO", 2, server::echo),
    reads("EXISTS", -2, keys::exists),
    writes("EXPIRE", -3, expiry::expire),
    writes("EXPIREAT", -3, expiry::expireat),
    reads("EXPIRETIME", 2, expiry::expiretime),
    writes("FLUSHALL", -1, server::flushall),
    writes("FLUSHDB", -1, server::flushdb),
    reads("GET", 2, strings::get),
    reads("GETBIT", 3, bitmaps::getbit),
    writes("GETDEL", 2, strings::getdel),
    writes("GETEX", -2, strings::getex),
    reads("GETRANGE", 4, ranges::getrange),
    writes("GETSET", 3, strings::getset),
    writes("INCR", 2, counters::incr),
    writes("INCRBY", 3, counters::incrby),
    writes("INCRBYFLOAT", 3, counters::incrbyfloat),
    reads("INFO", -1, server::info),
    reads("KEYS", 2, keys::keys),
    reads("LCS", -3, ranges::lcs),
    reads("LOLWUT", -1, server::lolwut),
    reads("MGET", -2, strings::mget),
    writes("MOVE", 3, keys::move_key),
    writes("MSET", -3, strings::mset),
    writes("MSETNX", -3, strings::msetnx),
    reads("OBJECT", -2, object::object),
    writes("PERSIST", 2, expiry::persist),
    writes("PEXPIRE", -3, expiry::pexpire),
    writes("PEXPIREAT", -3, expiry::pexpireat),
    reads("PEXPIRETIME", 2, expiry::pexpiretime),
    reads("PING", -1, server::ping),
    writes("PSETEX", 4, strings::psetex),
    reads("PTTL", 2, expiry::pttl),
    reads("RANDOMKEY", 1, keys::randomkey),
    writes("RENAME", 3, keys::rename),
    writes("RENAMENX", 3, keys::renamenx),
    reads("SCAN", -2, scan::scan),
    writes("SET", -3, strings::set),
    writes("SETBIT", 4, bitmaps::setbit),
    writes("SETEX", 4, strings::setex),
    writes("SETNX", 3, strings::setnx),
    writes("SETRANGE", 4, ranges::setrange),
    reads("STRLEN", 2, strings::strlen),
    reads("SUBSTR", 4, ranges::getrange),
    reads("TIME", 1, server::time),
    reads("TOUCH", -2, keys::exists),
    reads("TTL", 2, expiry::ttl),
    reads("TYPE", 2, keys::type_of),
    writes("UNLINK", -2, keys::del),
];

/// Names of Redis commands that trine does not have yet.
const NOT_YET: &[&str] = &[
    "BITFIELD",
    "BITFIELD_RO",
    "CLIENT",
    "COMMAND",
    "CONFIG",
    "DEBUG",
    "DUMP",
    "EVAL",
    "EVALSHA",
    "EVALSHA_RO",
    "EVAL_RO",
    "FCALL",
    "FCALL_RO",
    "FUNCTION",
    "GEOADD",
    "GEODIST",
    "GEOHASH",
    "GEOPOS",
    "GEORADIUS",
    "GEORADIUSBYMEMBER",
    "GEORADIUSBYMEMBER_RO",
    "GEORADIUS_RO",
    "GEOSEARCH",
    "GEOSEARCHSTORE",
    "HELLO",
    "LASTSAVE",
    "MEMORY",
    "MONITOR",
    "PFADD",
    "PFCOUNT",
    "PFMERGE",
    "PSUBSCRIBE",
    "PUBLISH",
    "PUBSUB",
    "PUNSUBSCRIBE",
    "RESET",
    "RESTORE",
    "SAVE",
    "SCRIPT",
    "SLOWLOG",
    "SUBSCRIBE",
    "SWAPDB",
    "UNSUBSCRIBE",
    "XACK",
    "XADD",
    "XAUTOCLAIM",
    "XCLAIM",
    "XDEL",
    "XGROUP",
    "XINFO",
    "XLEN",
    "XPENDING",
    "XRANGE",
    "XREAD",
    "XREADGROUP",
    "XREVRANGE",
    "XSETID",
    "XTRIM",
];

/// Runs one command. The caller undoes its writes when it fails.
pub fn execute(cx: &mut Context<'_>, command: &Command) -> Result<Resp> {
    let handler = handler(command)?;
    if handler.writes {
        cx.keep_house()?;
    }
    (handler.run)(cx, &command.args)
}

/// Whether a command is known and has a possible number of arguments, as MULTI checks before queueing.
pub fn check(command: &Command) -> Result<()> {
    handler(command).map(|_| ())
}

fn handler(command: &Command) -> Result<&'static Handler> {
    let mut upper = [0u8; 24];
    let Some(name) = upper.get_mut(..command.name.len()) else { return Err(unknown(command)) };
    name.copy_from_slice(&command.name);
    name.make_ascii_uppercase();
    let name: &[u8] = name;
    let found = HANDLERS.binary_search_by(|handler| handler.name.as_bytes().cmp(name));
    let Some(handler) = found.ok().and_then(|at| HANDLERS.get(at)) else { return Err(unknown(command)) };
    let words = command.args.len() as u64 + 1;
    let wanted = u64::from(handler.arity.unsigned_abs());
    if if handler.arity >= 0 { words != wanted } else { words < wanted } {
        return Err(Error::arity(&handler.name.to_ascii_lowercase()));
    }
    Ok(handler)
}

/// Redis' text for an unknown command: up to 128 bytes of the name and of the arguments.
fn unknown(command: &Command) -> Error {
    let upper = command.upper();
    if NOT_YET.contains(&upper.as_str()) {
        return Error::err(format_args!("trine does not have {upper} yet"));
    }
    let mut arguments = String::new();
    for argument in &command.args {
        if arguments.len() >= 128 {
            break;
        }
        let room = 128 - arguments.len();
        let shown = argument.get(..room).unwrap_or(argument);
        arguments.push_str(&format!("'{}' ", String::from_utf8_lossy(shown)));
    }
    let name = command.name.get(..128).unwrap_or(&command.name);
    let name = String::from_utf8_lossy(name);
    Error::Reply(
        format!("ERR unknown command '{name}', with args beginning with: {arguments}").replace(['\r', '\n'], " "),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handlers_are_sorted_for_the_binary_search() {
        assert!(HANDLERS.windows(2).all(|pair| pair[0].name < pair[1].name));
        assert!(NOT_YET.iter().all(|name| HANDLERS.iter().all(|handler| handler.name != *name)));
    }

    #[test]
    fn unknown_commands_are_named_as_redis_names_them() {
        let command = Command { name: b"NoSuch".to_vec(), args: vec![b"a".to_vec(), b"b".to_vec()] };
        let text = "ERR unknown command 'NoSuch', with args beginning with: 'a' 'b' ";
        assert_eq!(check(&command).unwrap_err().to_string(), text);
        let command = Command { name: b"get".to_vec(), args: vec![] };
        assert_eq!(check(&command).unwrap_err().to_string(), "ERR wrong number of arguments for 'get' command");
    }
}
