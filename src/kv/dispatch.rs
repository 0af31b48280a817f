//! Which handler runs a command: by its name in upper case, with the arity Redis documents.

use super::facts::{Facts, facts_of};
use super::server::events::EXPIRED;
use super::subcommand::Container;
use super::{Answer, Args, Context, Error, Looking, Result, Room};
use super::{
    bitfields, bitmaps, counters, dump, expiry, field_expiry, geo, hashes, hyperloglog, keys, lists, object, pubsub,
    random_key, ranges, scan, scripting, server, sets, sort, sorted_sets, streams, strings,
};
use crate::ast::kv::Command;
use crate::reply::Resp;
use hashbrown::HashMap;
use std::sync::LazyLock;
use std::time::Instant;

/// A command as the engine knows it.
struct Handler {
    /// Upper case.
    name: &'static str,
    /// Words including the name; a negative number is a minimum (as in COMMAND INFO).
    arity: i8,
    /// Whether it may write, and so keeps house first.
    writes: bool,
    /// Whether WATCH sees what it writes.
    watched: bool,
    run: fn(&mut Context<'_>, Args<'_>) -> Answer,
}

const fn reads(name: &'static str, arity: i8, run: fn(&mut Context<'_>, Args<'_>) -> Answer) -> Handler {
    Handler { name, arity, writes: false, watched: true, run }
}

const fn writes(name: &'static str, arity: i8, run: fn(&mut Context<'_>, Args<'_>) -> Answer) -> Handler {
    Handler { name, arity, writes: true, watched: true, run }
}

/// Notes who of the readers of a stream has what, which WATCH does not take for a change of the stream.
const fn notes(name: &'static str, arity: i8, run: fn(&mut Context<'_>, Args<'_>) -> Answer) -> Handler {
    Handler { name, arity, writes: true, watched: false, run }
}

/// All commands, sorted by name.
const HANDLERS: &[Handler] = &[
    writes("APPEND", 3, strings::append),
    reads("BGREWRITEAOF", 1, server::bgrewriteaof),
    reads("BITCOUNT", -2, bitmaps::bitcount),
    writes("BITFIELD", -2, bitfields::bitfield),
    reads("BITFIELD_RO", -2, bitfields::bitfield_ro),
    writes("BITOP", -4, bitmaps::bitop),
    reads("BITPOS", -3, bitmaps::bitpos),
    writes("BLMOVE", 6, lists::blmove),
    writes("BLMPOP", -5, lists::blmpop),
    writes("BLPOP", -3, lists::blpop),
    writes("BRPOP", -3, lists::brpop),
    writes("BRPOPLPUSH", 4, lists::brpoplpush),
    writes("BZMPOP", -5, sorted_sets::bzmpop),
    writes("BZPOPMAX", -3, sorted_sets::bzpopmax),
    writes("BZPOPMIN", -3, sorted_sets::bzpopmin),
    reads("CLIENT", -2, server::client),
    reads("COMMAND", -1, server::command),
    reads("CONFIG", -2, server::config),
    writes("COPY", -3, keys::copy),
    reads("DBSIZE", 1, server::dbsize),
    reads("DEBUG", -2, server::debug),
    writes("DECR", 2, counters::decr),
    writes("DECRBY", 3, counters::decrby),
    writes("DEL", -2, keys::del),
    reads("DUMP", 2, dump::dump),
    reads("ECHO", 2, server::echo),
    writes("EVAL", -3, scripting::eval),
    writes("EVALSHA", -3, scripting::evalsha),
    reads("EVALSHA_RO", -3, scripting::evalsha_ro),
    reads("EVAL_RO", -3, scripting::eval_ro),
    reads("EXISTS", -2, keys::exists),
    writes("EXPIRE", -3, expiry::expire),
    writes("EXPIREAT", -3, expiry::expireat),
    reads("EXPIRETIME", 2, expiry::expiretime),
    writes("FLUSHALL", -1, server::flushall),
    writes("FLUSHDB", -1, server::flushdb),
    writes("GEOADD", -5, geo::geoadd),
    reads("GEODIST", -4, geo::geodist),
    reads("GEOHASH", -2, geo::geohash),
    reads("GEOPOS", -2, geo::geopos),
    writes("GEORADIUS", -6, geo::georadius),
    writes("GEORADIUSBYMEMBER", -5, geo::georadiusbymember),
    reads("GEORADIUSBYMEMBER_RO", -5, geo::georadiusbymember_ro),
    reads("GEORADIUS_RO", -6, geo::georadius_ro),
    reads("GEOSEARCH", -7, geo::geosearch),
    writes("GEOSEARCHSTORE", -8, geo::geosearchstore),
    reads("GET", 2, strings::get),
    reads("GETBIT", 3, bitmaps::getbit),
    writes("GETDEL", 2, strings::getdel),
    writes("GETEX", -2, strings::getex),
    reads("GETRANGE", 4, ranges::getrange),
    writes("GETSET", 3, strings::getset),
    writes("HDEL", -3, hashes::hdel),
    reads("HELLO", -1, server::hello),
    reads("HEXISTS", 3, hashes::hexists),
    writes("HEXPIRE", -6, field_expiry::hexpire),
    writes("HEXPIREAT", -6, field_expiry::hexpireat),
    reads("HEXPIRETIME", -5, field_expiry::hexpiretime),
    reads("HGET", 3, hashes::hget),
    reads("HGETALL", 2, hashes::hgetall),
    writes("HGETDEL", -5, field_expiry::hgetdel),
    writes("HGETEX", -5, field_expiry::hgetex),
    writes("HINCRBY", 4, hashes::hincrby),
    writes("HINCRBYFLOAT", 4, hashes::hincrbyfloat),
    reads("HKEYS", 2, hashes::hkeys),
    reads("HLEN", 2, hashes::hlen),
    reads("HMGET", -3, hashes::hmget),
    writes("HMSET", -4, hashes::hmset),
    writes("HPERSIST", -5, field_expiry::hpersist),
    writes("HPEXPIRE", -6, field_expiry::hpexpire),
    writes("HPEXPIREAT", -6, field_expiry::hpexpireat),
    reads("HPEXPIRETIME", -5, field_expiry::hpexpiretime),
    reads("HPTTL", -5, field_expiry::hpttl),
    reads("HRANDFIELD", -2, hashes::hrandfield),
    reads("HSCAN", -3, hashes::hscan),
    writes("HSET", -4, hashes::hset),
    writes("HSETEX", -6, field_expiry::hsetex),
    writes("HSETNX", 4, hashes::hsetnx),
    reads("HSTRLEN", 3, hashes::hstrlen),
    reads("HTTL", -5, field_expiry::httl),
    reads("HVALS", 2, hashes::hvals),
    writes("INCR", 2, counters::incr),
    writes("INCRBY", 3, counters::incrby),
    writes("INCRBYFLOAT", 3, counters::incrbyfloat),
    reads("INFO", -1, server::info),
    reads("KEYS", 2, keys::keys),
    reads("LASTSAVE", 1, server::lastsave),
    reads("LATENCY", -2, server::latency),
    reads("LCS", -3, ranges::lcs),
    reads("LINDEX", 3, lists::lindex),
    writes("LINSERT", 5, lists::linsert),
    reads("LLEN", 2, lists::llen),
    writes("LMOVE", 5, lists::lmove),
    writes("LMPOP", -4, lists::lmpop),
    reads("LOLWUT", -1, server::lolwut),
    writes("LPOP", -2, lists::lpop),
    reads("LPOS", -3, lists::lpos),
    writes("LPUSH", -3, lists::lpush),
    writes("LPUSHX", -3, lists::lpushx),
    reads("LRANGE", 4, lists::lrange),
    writes("LREM", 4, lists::lrem),
    writes("LSET", 4, lists::lset),
    writes("LTRIM", 4, lists::ltrim),
    reads("MEMORY", -2, server::memory),
    reads("MGET", -2, strings::mget),
    writes("MOVE", 3, keys::move_key),
    writes("MSET", -3, strings::mset),
    writes("MSETNX", -3, strings::msetnx),
    reads("OBJECT", -2, object::object),
    writes("PERSIST", 2, expiry::persist),
    writes("PEXPIRE", -3, expiry::pexpire),
    writes("PEXPIREAT", -3, expiry::pexpireat),
    reads("PEXPIRETIME", 2, expiry::pexpiretime),
    writes("PFADD", -2, hyperloglog::pfadd),
    reads("PFCOUNT", -2, hyperloglog::pfcount),
    writes("PFMERGE", -2, hyperloglog::pfmerge),
    reads("PING", -1, server::ping),
    writes("PSETEX", 4, strings::psetex),
    reads("PSUBSCRIBE", -2, pubsub::psubscribe),
    reads("PTTL", 2, expiry::pttl),
    reads("PUBLISH", 3, pubsub::publish),
    reads("PUBSUB", -2, pubsub::pubsub),
    reads("PUNSUBSCRIBE", -1, pubsub::punsubscribe),
    reads("RANDOMKEY", 1, random_key::randomkey),
    writes("RENAME", 3, keys::rename),
    writes("RENAMENX", 3, keys::renamenx),
    writes("RESTORE", -4, dump::restore),
    writes("RPOP", -2, lists::rpop),
    writes("RPOPLPUSH", 3, lists::rpoplpush),
    writes("RPUSH", -3, lists::rpush),
    writes("RPUSHX", -3, lists::rpushx),
    writes("SADD", -3, sets::sadd),
    reads("SCAN", -2, scan::scan),
    reads("SCARD", 2, sets::scard),
    reads("SCRIPT", -2, scripting::script),
    reads("SDIFF", -2, sets::sdiff),
    writes("SDIFFSTORE", -3, sets::sdiffstore),
    reads("SELECT", 2, server::select),
    writes("SET", -3, strings::set),
    writes("SETBIT", 4, bitmaps::setbit),
    writes("SETEX", 4, strings::setex),
    writes("SETNX", 3, strings::setnx),
    writes("SETRANGE", 4, ranges::setrange),
    reads("SINTER", -2, sets::sinter),
    reads("SINTERCARD", -3, sets::sintercard),
    writes("SINTERSTORE", -3, sets::sinterstore),
    reads("SISMEMBER", 3, sets::sismember),
    reads("SLOWLOG", -2, server::slowlog),
    reads("SMEMBERS", 2, sets::smembers),
    reads("SMISMEMBER", -3, sets::smismember),
    writes("SMOVE", 4, sets::smove),
    writes("SORT", -2, sort::sort),
    reads("SORT_RO", -2, sort::sort_ro),
    writes("SPOP", -2, sets::spop),
    reads("SRANDMEMBER", -2, sets::srandmember),
    writes("SREM", -3, sets::srem),
    reads("SSCAN", -3, sets::sscan),
    reads("STRLEN", 2, strings::strlen),
    reads("SUBSCRIBE", -2, pubsub::subscribe),
    reads("SUBSTR", 4, ranges::getrange),
    reads("SUNION", -2, sets::sunion),
    writes("SUNIONSTORE", -3, sets::sunionstore),
    writes("SWAPDB", 3, keys::swapdb),
    reads("TIME", 1, server::time),
    reads("TOUCH", -2, keys::exists),
    reads("TTL", 2, expiry::ttl),
    reads("TYPE", 2, keys::type_of),
    writes("UNLINK", -2, keys::del),
    reads("UNSUBSCRIBE", -1, pubsub::unsubscribe),
    notes("XACK", -4, streams::xack),
    writes("XADD", -5, streams::xadd),
    notes("XAUTOCLAIM", -6, streams::xautoclaim),
    notes("XCLAIM", -6, streams::xclaim),
    writes("XDEL", -3, streams::xdel),
    writes("XGROUP", -2, streams::xgroup),
    reads("XINFO", -2, streams::xinfo),
    reads("XLEN", 2, streams::xlen),
    reads("XPENDING", -3, streams::xpending),
    reads("XRANGE", -4, streams::xrange),
    reads("XREAD", -4, streams::xread),
    notes("XREADGROUP", -7, streams::xreadgroup),
    reads("XREVRANGE", -4, streams::xrevrange),
    notes("XSETID", -3, streams::xsetid),
    writes("XTRIM", -4, streams::xtrim),
    writes("ZADD", -4, sorted_sets::zadd),
    reads("ZCARD", 2, sorted_sets::zcard),
    reads("ZCOUNT", 4, sorted_sets::zcount),
    reads("ZDIFF", -3, sorted_sets::zdiff),
    writes("ZDIFFSTORE", -4, sorted_sets::zdiffstore),
    writes("ZINCRBY", 4, sorted_sets::zincrby),
    reads("ZINTER", -3, sorted_sets::zinter),
    reads("ZINTERCARD", -3, sorted_sets::zintercard),
    writes("ZINTERSTORE", -4, sorted_sets::zinterstore),
    reads("ZLEXCOUNT", 4, sorted_sets::zlexcount),
    writes("ZMPOP", -4, sorted_sets::zmpop),
    reads("ZMSCORE", -3, sorted_sets::zmscore),
    writes("ZPOPMAX", -2, sorted_sets::zpopmax),
    writes("ZPOPMIN", -2, sorted_sets::zpopmin),
    reads("ZRANDMEMBER", -2, sorted_sets::zrandmember),
    reads("ZRANGE", -4, sorted_sets::zrange),
    reads("ZRANGEBYLEX", -4, sorted_sets::zrangebylex),
    reads("ZRANGEBYSCORE", -4, sorted_sets::zrangebyscore),
    writes("ZRANGESTORE", -5, sorted_sets::zrangestore),
    reads("ZRANK", -3, sorted_sets::zrank),
    writes("ZREM", -3, sorted_sets::zrem),
    writes("ZREMRANGEBYLEX", 4, sorted_sets::zremrangebylex),
    writes("ZREMRANGEBYRANK", 4, sorted_sets::zremrangebyrank),
    writes("ZREMRANGEBYSCORE", 4, sorted_sets::zremrangebyscore),
    reads("ZREVRANGE", -4, sorted_sets::zrevrange),
    reads("ZREVRANGEBYLEX", -4, sorted_sets::zrevrangebylex),
    reads("ZREVRANGEBYSCORE", -4, sorted_sets::zrevrangebyscore),
    reads("ZREVRANK", -3, sorted_sets::zrevrank),
    reads("ZSCAN", -3, sorted_sets::zscan),
    reads("ZSCORE", 3, sorted_sets::zscore),
    reads("ZUNION", -3, sorted_sets::zunion),
    writes("ZUNIONSTORE", -4, sorted_sets::zunionstore),
];

/// A handler and what its command's facts say.
pub struct Runner {
    handler: &'static Handler,
    /// Among the handlers.
    place: usize,
    facts: Option<&'static Facts>,
    looking: Looking,
    /// It may add to the data, and is refused when there is no room.
    may_grow: bool,
}

impl Runner {
    /// Whether the command may write.
    pub fn writes(&self) -> bool {
        self.handler.writes
    }

    /// Whether the command takes so many arguments.
    pub fn takes(&self, args: usize) -> bool {
        let (words, wanted) = (args as u64 + 1, u64::from(self.handler.arity.unsigned_abs()));
        if self.handler.arity >= 0 { words == wanted } else { words >= wanted }
    }

    /// Whether these arguments ask the command to wait.
    pub fn blocks(&self, args: Args<'_>) -> bool {
        ["XREAD", "XREADGROUP"].contains(&self.handler.name) && streams::asks_to_wait(args)
    }
}

/// Commands that read keys without using them.
const INSPECTING: &[&str] = &[
    "EXISTS",
    "EXPIRETIME",
    "HEXPIRETIME",
    "HPEXPIRETIME",
    "HPTTL",
    "HTTL",
    "OBJECT",
    "PEXPIRETIME",
    "PTTL",
    "TTL",
    "TYPE",
];

static BY_NAME: LazyLock<HashMap<&[u8], Runner>> = LazyLock::new(|| {
    let known = |(place, handler): (usize, &'static Handler)| {
        let facts = facts_of(&handler.name.to_ascii_lowercase());
        let known = Runner {
            handler,
            place,
            facts,
            looking: match handler.writes {
                true => Looking::Writing,
                false if INSPECTING.contains(&handler.name) => Looking::Inspecting,
                false => Looking::Reading,
            },
            may_grow: facts.is_some_and(|facts| facts.has("denyoom")),
        };
        (handler.name.as_bytes(), known)
    };
    HANDLERS.iter().enumerate().map(known).collect()
});

/// Commands with subcommands.
const CONTAINERS: &[&Container] = &[
    &object::OBJECT,
    &pubsub::PUBSUB,
    &scripting::SCRIPT,
    &server::CLIENT,
    &server::COMMAND,
    &server::CONFIG,
    &server::DEBUG,
    &server::LATENCY,
    &server::MEMORY,
    &server::SLOWLOG,
    &streams::XGROUP,
    &streams::XINFO,
];

/// Commands that the session runs, since they are about its transaction and its keyspace.
const SESSION: &[&str] = &["BGSAVE", "DISCARD", "EXEC", "MULTI", "RESET", "SAVE", "UNWATCH", "WATCH"];

/// Whether there is a command or, written `config|get`, a subcommand.
pub fn exists(name: &str) -> bool {
    let (command, subcommand) = name.split_once('|').map_or((name, None), |(command, rest)| (command, Some(rest)));
    let upper = command.to_ascii_uppercase();
    match subcommand {
        None => BY_NAME.contains_key(upper.as_bytes()) || SESSION.contains(&upper.as_str()),
        Some(subcommand) => CONTAINERS.iter().any(|container| {
            container.name.eq_ignore_ascii_case(command)
                && container.subcommands.iter().any(|(known, _)| *known == subcommand)
        }),
    }
}

/// Runs one command. The caller undoes its writes when it fails.
pub fn execute(cx: &mut Context<'_>, command: &Command) -> Result<Resp> {
    let known = known(command).inspect_err(|error| cx.server.stats.failed(None, &error.to_string()))?;
    measured(cx, known, command)
}

/// Runs a command and counts it.
fn measured(cx: &mut Context<'_>, known: &Runner, command: &Command) -> Answer {
    let start = Instant::now();
    let answer = run(cx, known, command);
    let end = Instant::now();
    let took = end.duration_since(start);
    cx.ended = Some(end);
    let server = cx.server;
    server.stats.called(known.place, took);
    server.slow.note(command, known.facts, took, cx.now_ms, &server.settings);
    if let Err(Error::Reply(text)) = &answer {
        server.stats.failed(Some(known.place), text);
    }
    answer
}

fn run(cx: &mut Context<'_>, known: &Runner, command: &Command) -> Answer {
    let handler = known.handler;
    cx.looking = known.looking;
    let asked = cx.asked_events();
    if handler.writes || (asked & EXPIRED != 0 && cx.tx.may_write()) {
        cx.keep_house()?;
    }
    match cx.room {
        Room::Unknown if handler.writes => server::make_room(cx, known.may_grow)?,
        Room::Full(mark) if known.may_grow && cx.tx.mark() == mark => return Err(server::full()),
        _ => {}
    }
    cx.changes.clear();
    // What is no change of a key for WATCH, such as XACK, is none.
    let answer = match handler.watched {
        true => (handler.run)(cx, &command.args),
        false => cx.unwatched(|cx| (handler.run)(cx, &command.args)),
    };
    if asked != 0 && answer.is_ok() {
        cx.tell_changes(handler.name, &command.args);
    }
    answer
}

/// The names of the commands that may write.
#[cfg(test)]
pub fn writing() -> impl Iterator<Item = &'static str> {
    HANDLERS.iter().filter(|handler| handler.writes).map(|handler| handler.name)
}

/// The names of all commands, in the order in which they are counted.
pub fn names() -> impl Iterator<Item = &'static str> {
    HANDLERS.iter().map(|handler| handler.name)
}

/// Runs one command of several in a statement: one that fails undoes itself and nothing else.
pub fn attempt(cx: &mut Context<'_>, known: &Runner, command: &Command) -> Result<Resp> {
    let (rows, states, signals) = (cx.tx.mark(), cx.states.mark(), cx.signals.len());
    let changed = cx.changed.as_ref().map_or(0, |changed| changed.len());
    let answer = measured(cx, known, command);
    if matches!(answer, Err(Error::Reply(_))) {
        cx.tx.rollback_to(rows);
        cx.states.rollback_to(states);
        cx.signals.truncate(signals);
        if let Some(touches) = &mut cx.changed {
            touches.truncate(changed);
        }
    }
    answer
}

/// Whether a command is known and has a possible number of arguments, as MULTI checks before queueing.
pub fn check(command: &Command) -> Result<()> {
    known(command)?;
    let upper = command.upper();
    if let Some(container) = CONTAINERS.iter().find(|container| upper.eq_ignore_ascii_case(container.name)) {
        return container.check(&command.args);
    }
    Ok(())
}

/// Whether a command may add to the data, and is refused when there is no room.
pub fn may_grow(command: &Command) -> bool {
    find(&command.name).is_some_and(|known| known.may_grow)
}

/// The command of this name, in any case.
pub fn find(name: &[u8]) -> Option<&'static Runner> {
    let mut upper = [0u8; 24];
    let upper = upper.get_mut(..name.len())?;
    upper.copy_from_slice(name);
    upper.make_ascii_uppercase();
    BY_NAME.get(&*upper)
}

fn known(command: &Command) -> Result<&'static Runner> {
    let known = find(&command.name).ok_or_else(|| unknown(command))?;
    if !known.takes(command.args.len()) {
        return Err(Error::arity(&known.handler.name.to_ascii_lowercase()));
    }
    Ok(known)
}

/// Redis' text for an unknown command: up to 128 bytes of the name and of the arguments.
fn unknown(command: &Command) -> Error {
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
    fn handlers_are_sorted_and_named_once() {
        assert!(HANDLERS.windows(2).all(|pair| pair[0].name < pair[1].name));
    }

    #[test]
    fn facts_are_sorted_and_stand_once() {
        for pair in crate::kv::facts::all_facts().windows(2) {
            assert!(pair[0].name < pair[1].name, "{} {}", pair[0].name, pair[1].name);
        }
    }

    #[test]
    fn handlers_and_facts_agree() {
        for handler in HANDLERS {
            let facts = facts_of(&handler.name.to_ascii_lowercase());
            let facts = facts.unwrap_or_else(|| panic!("no facts of {}", handler.name));
            assert_eq!(facts.arity, handler.arity, "{}", handler.name);
            // A container's own flags say nothing, nor do those of scripts, and PFCOUNT may write a cached count.
            let says_nothing = facts.flags.is_empty() || facts.categories.ends_with("scripting");
            if !says_nothing && handler.name != "PFCOUNT" {
                assert_eq!(facts.has("write"), handler.writes, "{}", handler.name);
            }
        }
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
