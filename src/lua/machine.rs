//! A Lua machine: it compiles scripts, runs them, and keeps them compiled.

use super::convert::to_reply;
use super::limits::{Limits, TIME};
use super::sandbox::Sandbox;
use super::{Host, raise, redis};
use crate::reply::Resp;
use mlua::{Function, Lua, LuaOptions, MultiValue, StdLib, Table, Value};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Compiled scripts that are kept.
const COMPILED: usize = 500;

/// A heap larger than this is swept after a script.
const SWEPT: usize = 16 << 20;

/// Why a script did not come to its end; the machine is of no use then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// It ran longer than [`TIME`].
    #[error("the script ran longer than {} seconds", TIME.as_secs())]
    TimeLimit,
    /// The user has asked to stop.
    #[error("interrupted")]
    Interrupted,
    /// The host could not go on.
    #[error("a command failed")]
    Host,
    /// Lua itself failed: there is no memory for a machine.
    #[error("no memory for Lua")]
    Broken,
}

/// Where a script failed, as `on @user_script:1.` says it.
#[derive(Debug)]
struct Place {
    source: String,
    line: usize,
}

/// A Lua machine with its sandbox.
pub struct Machine {
    lua: Lua,
    sandbox: Sandbox,
    limits: Rc<Limits>,
    /// Compiled scripts by the SHA-1 of their text.
    compiled: HashMap<String, Function>,
    /// Notes where an error was raised, before the stack is gone.
    handler: Function,
    place: Rc<RefCell<Option<Place>>>,
}

impl Machine {
    /// A new machine; a script on it stops once `interrupt` is set.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn new(interrupt: Arc<AtomicBool>) -> Result<Self, Stop> {
        Self::build(interrupt).map_err(|_| Stop::Broken)
    }

    fn build(interrupt: Arc<AtomicBool>) -> mlua::Result<Self> {
        let libraries = StdLib::TABLE | StdLib::STRING | StdLib::MATH;
        let lua = Lua::new_with(libraries, LuaOptions::default())?;
        let limits = Limits::new(interrupt);
        let sandbox = Sandbox::build(&lua, &limits)?;
        let place = Rc::new(RefCell::new(None));
        let noted = Rc::clone(&place);
        let handler = lua.create_function(move |lua, raised: Value| {
            *noted.borrow_mut() = innermost(lua);
            Ok(raised)
        })?;
        limits.watch(&lua)?;
        Ok(Machine { lua, sandbox, limits, compiled: HashMap::new(), handler, place })
    }

    /// Compiles a script, named by its SHA-1.
    ///
    /// # Errors
    /// Lua's message: where the text is wrong.
    pub fn compile(&mut self, sha: &str, text: &[u8]) -> Result<(), String> {
        if self.compiled.contains_key(sha) {
            return Ok(());
        }
        // The first line may name the engine; its end stays, so that lines are counted right.
        let code = match text.starts_with(b"#!") {
            true => text.iter().position(|&byte| byte == b'\n').and_then(|end| text.get(end..)).unwrap_or_default(),
            false => text,
        };
        // Behind a blank, no text begins as byte code does.
        let code = [if code.first() == Some(&0x1b) { &b" "[..] } else { b"" }, code].concat();
        let function = match self.lua.load(code).set_name("@user_script").into_function() {
            Ok(function) => function,
            Err(mlua::Error::SyntaxError { message, .. }) => return Err(message),
            Err(mlua::Error::MemoryError(_)) => return Err("not enough memory".to_owned()),
            Err(error) => return Err(error.to_string()),
        };
        if self.compiled.len() >= COMPILED {
            self.compiled.clear();
        }
        self.compiled.insert(sha.to_owned(), function);
        Ok(())
    }

    /// Forgets all compiled scripts.
    pub fn forget(&mut self) {
        self.compiled.clear();
    }

    /// Runs a compiled script. One that fails answers [`Resp::Error`], as Redis words it.
    ///
    /// # Errors
    /// The script was stopped; what it has done must be undone, and the machine given up.
    pub fn run(
        &mut self,
        sha: &str,
        keys: &[Vec<u8>],
        arguments: &[Vec<u8>],
        host: &mut dyn Host,
    ) -> Result<Resp, Stop> {
        let Some(function) = self.compiled.get(sha).cloned() else { return Err(Stop::Broken) };
        self.sandbox.cjson.reset();
        self.place.take();
        self.limits.start(TIME);
        let answer = self.run_function(sha, function, keys, arguments, host);
        if let Some(why) = self.limits.stopped() {
            return Err(why);
        }
        let answer = match answer {
            Err(mlua::Error::MemoryError(_)) => self.failed(sha, "ERR not enough memory"),
            answer => answer.map_err(|_| Stop::Broken)?,
        };
        self.sandbox.clean.call::<()>(()).map_err(|_| Stop::Broken)?;
        if self.lua.used_memory() > SWEPT {
            self.lua.gc_collect().map_err(|_| Stop::Broken)?;
        }
        Ok(answer)
    }

    fn run_function(
        &self,
        sha: &str,
        function: Function,
        keys: &[Vec<u8>],
        arguments: &[Vec<u8>],
        host: &mut dyn Host,
    ) -> mlua::Result<Resp> {
        let globals = &self.sandbox.globals;
        globals.raw_set("KEYS", self.list(keys)?)?;
        globals.raw_set("ARGV", self.list(arguments)?)?;
        let shared = RefCell::new(host);
        let answer = self.lua.scope(|scope| {
            let (host, limits, library) = (&shared, &self.limits, &self.sandbox.redis);
            for (name, raises) in [("call", true), ("pcall", false)] {
                let call = scope.create_function(move |lua, args| redis::call(lua, args, host, limits, raises))?;
                library.raw_set(name, call)?;
            }
            let check = scope.create_function(move |lua, args| redis::acl_check_cmd(lua, args, host))?;
            library.raw_set("acl_check_cmd", check)?;
            self.sandbox.guarded_call.call::<MultiValue>((function, &self.handler))
        })?;
        let mut answer = answer.into_iter();
        let went_well = matches!(answer.next(), Some(Value::Boolean(true)));
        let value = answer.next().unwrap_or(Value::Nil);
        if went_well {
            return to_reply(value, shared.into_inner());
        }
        Ok(match raise::value(&self.lua, value)? {
            Value::Table(table) => match table.raw_get("err")? {
                Value::Nil => self.failed(sha, "ERR unknown error"),
                text => self.failed(sha, &text.to_string()?.replace(['\r', '\n'], " ")),
            },
            value => self.failed(sha, &format!("ERR {}", value.to_string()?.replace(['\r', '\n'], " "))),
        })
    }

    fn failed(&self, sha: &str, text: &str) -> Resp {
        Resp::Error(match &*self.place.borrow() {
            Some(Place { source, line }) => format!("{text} script: {sha}, on {source}:{line}."),
            None => format!("{text} script: {sha}"),
        })
    }

    fn list(&self, words: &[Vec<u8>]) -> mlua::Result<Table> {
        let table = self.lua.create_table_with_capacity(words.len(), 0)?;
        for word in words {
            table.raw_push(self.lua.create_string(word)?)?;
        }
        Ok(table)
    }
}

/// The innermost line of the script that is running.
fn innermost(lua: &Lua) -> Option<Place> {
    // Deep recursion ends in an error near the top of the stack; the search needs few levels.
    (1..100).find_map(|level| {
        let place = lua.inspect_stack(level, |frame| {
            let source = frame.source().source?.into_owned();
            let line = frame.current_line()?;
            (source != "=sandbox").then_some(Place { source, line })
        });
        place.flatten()
    })
}
