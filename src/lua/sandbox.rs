//! The sandbox: what a script sees instead of Lua's own globals.
//!
//! Lua has no read-only tables. Every library, and the table of globals, is an empty stand-in that reads
//! from the real one and refuses to be written (`sandbox.lua`). What refuses is raised with Redis' words.

use super::bit;
use super::cjson::Cjson;
use super::limits::Limits;
use super::raise;
use super::random::Random;
use super::redis;
use super::text;
use mlua::{Function, Lua, Table, Value};
use std::rc::Rc;
use std::time::Instant;

const SANDBOX: &str = include_str!("sandbox.lua");

/// Lua's own libraries that scripts get.
const LIBRARIES: &[&str] = &["coroutine", "math", "table", "string"];

/// A machine's sandbox.
pub struct Sandbox {
    /// The table behind the globals of scripts.
    pub globals: Table,
    /// The real library `redis`.
    pub redis: Table,
    /// Removes what a script left in the stand-ins.
    pub clean: Function,
    /// Lua's own `xpcall`.
    pub guarded_call: Function,
    pub cjson: Cjson,
}

impl Sandbox {
    pub fn build(lua: &Lua, limits: &Rc<Limits>) -> mlua::Result<Self> {
        let own = lua.globals();
        let libraries = lua.create_table()?;
        for name in LIBRARIES {
            libraries.raw_set(*name, own.raw_get::<Table>(*name)?)?;
        }
        let string: Table = libraries.raw_get("string")?;
        text::install(lua, &string, limits, &own.raw_get("pcall")?)?;
        let math: Table = libraries.raw_get("math")?;
        Random::new().install(lua, &math)?;
        let redis = redis::library(lua)?;
        libraries.raw_set("redis", &redis)?;
        libraries.raw_set("bit", bit::library(lua)?)?;
        let (library, cjson) = Cjson::library(lua)?;
        libraries.raw_set("cjson", library)?;
        libraries.raw_set("os", os(lua)?)?;
        let (stand_in, globals, clean, guarded_call): (Table, Table, Function, Function) =
            lua.load(SANDBOX).set_name("=sandbox").call((host(lua, limits)?, libraries))?;
        lua.set_globals(stand_in)?;
        Ok(Sandbox { globals, redis, clean, guarded_call, cjson })
    }
}

/// What `sandbox.lua` asks of the machine.
fn host(lua: &Lua, limits: &Rc<Limits>) -> mlua::Result<Table> {
    let host = lua.create_table()?;
    let shared = Rc::clone(limits);
    let caught = lua.create_function(move |lua, raised: Value| {
        if let Some(why) = shared.stopped() {
            return Err(shared.stop(why));
        }
        raise::value(lua, raised)
    })?;
    host.raw_set("caught", caught)?;
    let shared = Rc::clone(limits);
    host.raw_set("check", lua.create_function(move |_, ()| shared.check())?)?;
    let shared = Rc::clone(limits);
    let collect = lua.create_function(move |lua, ()| {
        shared.check()?;
        lua.gc_collect()
    })?;
    host.raw_set("collect", collect)?;
    Ok(host)
}

/// The library `os`: only `clock`.
fn os(lua: &Lua) -> mlua::Result<Table> {
    let os = lua.create_table()?;
    let start = Instant::now();
    os.raw_set("clock", lua.create_function(move |_, ()| Ok(start.elapsed().as_secs_f64()))?)?;
    Ok(os)
}
