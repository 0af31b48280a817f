//! The library `redis`: what a script has of the database.

use super::arguments::Arguments;
use super::convert::{single, to_lua};
use super::limits::Limits;
use super::machine::Stop;
use super::raise::raise;
use super::{Host, sha1};
use crate::reply::Resp;
use mlua::{Lua, MultiValue, Table, Value};
use std::cell::RefCell;

/// The version whose commands are imitated.
const VERSION: (&str, i64) = ("7.2.0", 0x0007_0200);

/// The parts of the library that need no database.
pub fn library(lua: &Lua) -> mlua::Result<Table> {
    let redis = lua.create_table()?;
    for (name, number) in [
        ("LOG_DEBUG", 0),
        ("LOG_VERBOSE", 1),
        ("LOG_NOTICE", 2),
        ("LOG_WARNING", 3),
        ("REPL_NONE", 0),
        ("REPL_AOF", 1),
        ("REPL_SLAVE", 2),
        ("REPL_REPLICA", 2),
        ("REPL_ALL", 3),
        ("REDIS_VERSION_NUM", VERSION.1),
    ] {
        redis.raw_set(name, number)?;
    }
    redis.raw_set("REDIS_VERSION", VERSION.0)?;
    redis.raw_set("sha1hex", lua.create_function(sha1hex)?)?;
    redis.raw_set("error_reply", lua.create_function(|lua, args| reply(lua, args, "err"))?)?;
    redis.raw_set("status_reply", lua.create_function(|lua, args| reply(lua, args, "ok"))?)?;
    redis.raw_set("log", lua.create_function(log)?)?;
    redis.raw_set("setresp", lua.create_function(setresp)?)?;
    redis.raw_set("set_repl", lua.create_function(set_repl)?)?;
    redis.raw_set("replicate_commands", lua.create_function(|_, _: MultiValue| Ok(true))?)?;
    redis.raw_set("breakpoint", lua.create_function(|_, _: MultiValue| Ok(false))?)?;
    redis.raw_set("debug", lua.create_function(|_, _: MultiValue| Ok(()))?)?;
    Ok(redis)
}

/// An error of the library itself: a table, as the error of a command.
fn failure(lua: &Lua, text: &str) -> mlua::Error {
    single(lua, "err", format!("ERR {text}")).map_or_else(|error| error, raise)
}

fn sha1hex(lua: &Lua, args: MultiValue) -> mlua::Result<String> {
    let args = Arguments::new(lua, args);
    if args.len() != 1 {
        return Err(failure(lua, "wrong number of arguments"));
    }
    Ok(match args.get(1) {
        Value::String(_) | Value::Integer(_) | Value::Number(_) => sha1(&args.text(1)?.as_bytes()),
        _ => sha1(b""),
    })
}

/// `error_reply` and `status_reply`: a table that stands for a reply.
fn reply(lua: &Lua, args: MultiValue, field: &str) -> mlua::Result<Value> {
    let args = Arguments::new(lua, args);
    match (args.len(), args.get(1)) {
        (1, Value::String(text)) => {
            let text = text.as_bytes();
            let text = if field == "err" { text.strip_prefix(b"-").unwrap_or(&text) } else { &text };
            single(lua, field, text)
        }
        _ => single(lua, "err", "ERR wrong number or type of arguments"),
    }
}

/// There is no log file; the arguments are checked as if there were.
fn log(lua: &Lua, args: MultiValue) -> mlua::Result<()> {
    let args = Arguments::new(lua, args);
    if args.len() < 2 {
        return Err(failure(lua, "redis.log() requires two arguments or more."));
    }
    match args.get(1) {
        Value::Integer(0..=3) => Ok(()),
        Value::Integer(_) | Value::Number(_) => Err(failure(lua, "Invalid debug level.")),
        _ => Err(failure(lua, "First argument must be a number (log level).")),
    }
}

/// Replies have the shapes of RESP2; only that version can be chosen.
fn setresp(lua: &Lua, args: MultiValue) -> mlua::Result<()> {
    let args = Arguments::new(lua, args);
    if args.len() != 1 {
        return Err(failure(lua, "redis.setresp() requires one argument."));
    }
    match args.get(1) {
        Value::Integer(2) => Ok(()),
        Value::Integer(3) => Err(failure(lua, "replies have the shapes of RESP2 here: redis.setresp(2)")),
        _ => Err(failure(lua, "RESP version must be 2 or 3.")),
    }
}

/// There are no replicas.
fn set_repl(lua: &Lua, args: MultiValue) -> mlua::Result<()> {
    let args = Arguments::new(lua, args);
    if args.len() != 1 {
        return Err(failure(lua, "redis.set_repl() requires one argument."));
    }
    match args.get(1) {
        Value::Integer(0..=3) => Ok(()),
        _ => Err(failure(lua, "Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.")),
    }
}

/// `redis.call` and `redis.pcall`, which raises nothing.
pub fn call(
    lua: &Lua,
    args: MultiValue,
    host: &RefCell<&mut dyn Host>,
    limits: &Limits,
    raises: bool,
) -> mlua::Result<Value> {
    limits.check()?;
    let reply = match words(args, host) {
        Ok(words) => {
            let reply = host.try_borrow_mut().map(|mut host| host.call(words));
            match reply {
                Ok(Ok(reply)) => reply,
                Ok(Err(_)) => return Err(limits.stop(Stop::Host)),
                Err(_) => Resp::Error("ERR a command is running already".to_owned()),
            }
        }
        Err(why) => Resp::Error(format!("ERR {why}")),
    };
    let failed = matches!(reply, Resp::Error(_));
    let value = to_lua(lua, reply)?;
    if !failed {
        return Ok(value);
    }
    if raises {
        return Err(raise(value));
    }
    if let Value::Table(table) = &value {
        table.raw_set("ignore_error_stats_update", true)?;
    }
    Ok(value)
}

/// The words of a command.
fn words(args: MultiValue, host: &RefCell<&mut dyn Host>) -> Result<Vec<Vec<u8>>, &'static str> {
    if args.is_empty() {
        return Err("Please specify at least one argument for this redis lib call");
    }
    let show = |number| host.try_borrow().map(|host| host.show_number(number)).unwrap_or_default();
    let word = |value| match value {
        Value::String(text) => Ok(text.as_bytes().to_vec()),
        Value::Integer(number) => Ok(number.to_string().into_bytes()),
        Value::Number(number) => Ok(show(number).into_bytes()),
        _ => Err("Lua redis lib command arguments must be strings or integers"),
    };
    args.into_iter().map(word).collect()
}

/// `redis.acl_check_cmd`: whoever runs a script may run every command that is known.
pub fn acl_check_cmd(lua: &Lua, args: MultiValue, host: &RefCell<&mut dyn Host>) -> mlua::Result<bool> {
    let words = words(args, host).map_err(|why| failure(lua, why))?;
    let known = host.try_borrow().is_ok_and(|host| words.first().is_some_and(|name| host.knows(name)));
    if known { Ok(true) } else { Err(failure(lua, "Invalid command passed to redis.acl_check_cmd()")) }
}
