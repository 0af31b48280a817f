//! Scripts: EVAL, EVALSHA, their read-only forms, and SCRIPT
//! (redis.io/docs/latest/develop/programmability/eval-intro).
//!
//! A script is one statement. Its commands go through [`dispatch`] like any other, in the statement's
//! transaction; a command that fails undoes itself, a script that fails keeps what it wrote before, as in
//! Redis. Only a script that is stopped (Ctrl-C, the time limit) leaves no trace.

use super::dispatch::{self, Runner};
use super::number::{integer_argument, show_double};
use super::subcommand::Container;
use super::{Answer, Args, Context, Error, Result, Room, server};
use crate::ast::kv::Command;
use crate::lua::{self, Halt, Host, Machine, Stop};
use crate::reply::Resp;
use crate::storage;
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Scripts that only EVAL has brought are kept up to this number, the newest ones.
const EVALUATED: usize = 500;

/// Commands that a script may not call: they wait, change the session, or are about scripts.
const NOT_IN_SCRIPTS: &[&str] = &[
    "ACL",
    "ASKING",
    "AUTH",
    "BGREWRITEAOF",
    "BGSAVE",
    "BLMOVE",
    "BLMPOP",
    "BLPOP",
    "BRPOP",
    "BRPOPLPUSH",
    "BZMPOP",
    "BZPOPMAX",
    "BZPOPMIN",
    "CLIENT",
    "CONFIG",
    "DEBUG",
    "DISCARD",
    "EVAL",
    "EVALSHA",
    "EVALSHA_RO",
    "EVAL_RO",
    "EXEC",
    "FAILOVER",
    "FCALL",
    "FCALL_RO",
    "FUNCTION",
    "HELLO",
    "LATENCY",
    "MIGRATE",
    "MODULE",
    "MONITOR",
    "MULTI",
    "PSUBSCRIBE",
    "PUBSUB",
    "PUNSUBSCRIBE",
    "QUIT",
    "RESET",
    "ROLE",
    "SAVE",
    "SCRIPT",
    "SHUTDOWN",
    "SLAVEOF",
    "SLOWLOG",
    "SSUBSCRIBE",
    "SUBSCRIBE",
    "SUNSUBSCRIBE",
    "SWAPDB",
    "UNSUBSCRIBE",
    "UNWATCH",
    "WAIT",
    "WAITAOF",
    "WATCH",
];

/// Commands that write nothing themselves, and are still not for read-only scripts.
const TELLING: &[&str] = &["PUBLISH", "SPUBLISH", "PFCOUNT"];

/// SCRIPT and its subcommands.
pub const SCRIPT: Container = Container {
    name: "script",
    subcommands: &[("debug", 3), ("exists", -3), ("flush", -2), ("help", 2), ("kill", 2), ("load", 3)],
    help: &[
        "SCRIPT <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "DEBUG (YES|SYNC|NO)",
        "    Set the debug mode for subsequent scripts executed.",
        "EXISTS <sha1> [<sha1> ...]",
        "    Return information about the existence of the scripts in the script cache.",
        "FLUSH [ASYNC|SYNC]",
        "    Flush the Lua scripts cache. Very dangerous on replicas.",
        "    When called without the optional mode argument, the behavior is determined",
        "    by the lazyfree-lazy-user-flush configuration directive. Valid modes are:",
        "    * ASYNC: Asynchronously flush the scripts cache.",
        "    * SYNC: Synchronously flush the scripts cache.",
        "KILL",
        "    Kill the currently executing Lua script.",
        "LOAD <script>",
        "    Load a script into the scripts cache without executing it.",
        "HELP",
        "    Prints this help.",
    ],
    ..Container::EMPTY
};

/// The scripts that the sessions of a store know by their SHA-1; gone with the process, as in Redis.
#[derive(Debug, Default)]
pub struct ScriptCache(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// Text by SHA-1.
    texts: HashMap<String, Arc<[u8]>>,
    /// Those that SCRIPT LOAD has not asked for, the oldest first.
    evaluated: VecDeque<String>,
}

impl ScriptCache {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn text(&self, sha: &str) -> Option<Arc<[u8]>> {
        self.known().texts.get(sha).cloned()
    }

    fn keep(&self, sha: &str, text: &[u8], was_loaded: bool) {
        let mut known = self.known();
        if known.texts.contains_key(sha) {
            if was_loaded {
                known.evaluated.retain(|other| other != sha);
            }
            return;
        }
        known.texts.insert(sha.to_owned(), Arc::from(text));
        if !was_loaded {
            known.evaluated.push_back(sha.to_owned());
            if known.evaluated.len() > EVALUATED
                && let Some(oldest) = known.evaluated.pop_front()
            {
                known.texts.remove(&oldest);
            }
        }
    }

    /// Takes over what another cache knows.
    pub fn take_over(&self, other: &ScriptCache) {
        if !std::ptr::eq(self, other) {
            let mut theirs = other.known();
            *self.known() = std::mem::take(&mut *theirs);
        }
    }
}

/// What a session needs to run scripts.
pub struct Scripts {
    /// Shared with the other sessions of the store.
    cache: Arc<ScriptCache>,
    interrupt: Arc<AtomicBool>,
    /// Made for the first script.
    machine: Option<Machine>,
}

impl Scripts {
    /// Scripts of a session; they stop once `interrupt` is set.
    pub fn new(cache: Arc<ScriptCache>, interrupt: Arc<AtomicBool>) -> Self {
        Scripts { cache, interrupt, machine: None }
    }

    /// Moves to another store, whose cache takes over what this one knows.
    pub fn move_to(&mut self, cache: Arc<ScriptCache>, interrupt: Arc<AtomicBool>) {
        cache.take_over(&self.cache);
        *self = Scripts::new(cache, interrupt);
    }
}

/// What the first line of a script says: `#!lua flags=no-writes`.
fn declared_flags(text: &[u8]) -> Result<Option<Vec<String>>> {
    if !text.starts_with(b"#!") {
        return Ok(None);
    }
    let Some(end) = text.iter().position(|&byte| byte == b'\n') else {
        return Err(Error::err("Invalid script shebang"));
    };
    let line = String::from_utf8_lossy(&text[..end]).into_owned();
    let mut words = line.split_ascii_whitespace();
    let engine = words.next().unwrap_or_default();
    if engine != "#!lua" {
        return Err(Error::err(format_args!("Unexpected engine in script shebang: {engine}")));
    }
    let mut flags = Vec::new();
    for word in words {
        let Some(list) = word.strip_prefix("flags=") else {
            return Err(Error::err(format_args!("Unknown lua shebang option: {word}")));
        };
        for flag in list.split(',').filter(|flag| !flag.is_empty()) {
            if !["no-writes", "allow-oom", "allow-stale", "no-cluster", "allow-cross-slot-keys"].contains(&flag) {
                return Err(Error::err(format_args!("Unexpected flag in script shebang: {flag}")));
            }
            flags.push(flag.to_owned());
        }
    }
    Ok(Some(flags))
}

/// EVAL script numkeys [key …] [arg …]
pub fn eval(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let sha = lua::sha1(&args[0]);
    run(cx, &sha, Some(&args[0]), &args[1..], false)
}

/// EVAL_RO script numkeys [key …] [arg …]
pub fn eval_ro(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let sha = lua::sha1(&args[0]);
    run(cx, &sha, Some(&args[0]), &args[1..], true)
}

/// EVALSHA sha1 numkeys [key …] [arg …]
pub fn evalsha(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    run(cx, &named(&args[0]), None, &args[1..], false)
}

/// EVALSHA_RO sha1 numkeys [key …] [arg …]
pub fn evalsha_ro(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    run(cx, &named(&args[0]), None, &args[1..], true)
}

fn named(sha: &[u8]) -> String {
    String::from_utf8_lossy(sha).to_ascii_lowercase()
}

fn run(cx: &mut Context<'_>, sha: &str, text: Option<&[u8]>, args: Args<'_>, read_only: bool) -> Answer {
    let [numkeys, words @ ..] = args else { return Err(Error::syntax()) };
    let numkeys = integer_argument(numkeys)?;
    if numkeys < 0 {
        return Err(Error::err("Number of keys can't be negative"));
    }
    let Some((keys, arguments)) = usize::try_from(numkeys).ok().and_then(|count| words.split_at_checked(count)) else {
        return Err(Error::err("Number of keys can't be greater than number of args"));
    };
    let known = cx.scripts.cache.text(sha);
    let text = match (&known, text) {
        (Some(known), _) => known,
        (None, Some(text)) => text,
        (None, None) => return Err(Error::Reply("NOSCRIPT No matching script. Please use EVAL.".to_owned())),
    };
    let flags = declared_flags(text)?;
    let has = |name: &str| flags.as_ref().is_some_and(|flags| flags.iter().any(|flag| flag == name));
    let (no_writes, may_overflow) = (has("no-writes"), has("allow-oom"));
    if read_only && flags.is_some() && !no_writes {
        return Err(Error::err("Can not execute a script with write flag using *_ro command."));
    }
    let room = match cx.room {
        // Inside EXEC, EXEC has looked.
        Room::Enough => Room::Enough,
        _ if read_only || no_writes => Room::Enough,
        _ => match server::make_room(cx, true) {
            Err(Error::Reply(_)) if may_overflow => Room::Enough,
            Err(Error::Reply(_)) if flags.is_none() => Room::Full(cx.tx.mark()),
            looked => looked.map(|()| Room::Enough)?,
        },
    };
    let mut machine = ready(cx, sha, text)?;
    if known.is_none() {
        cx.scripts.cache.keep(sha, text, false);
    }
    let (keyspace, outside) = (cx.keyspace, std::mem::replace(&mut cx.room, room));
    let mut caller = Caller { cx, read_only: read_only || no_writes, failure: None };
    let answer = machine.run(sha, keys, arguments, &mut caller);
    let failure = caller.failure;
    cx.room = outside;
    cx.enter(keyspace)?;
    match answer {
        Ok(answer) => {
            cx.scripts.machine = Some(machine);
            Ok(answer)
        }
        Err(Stop::Interrupted) => Err(storage::Error::Interrupted.into()),
        Err(why) => Err(failure.unwrap_or_else(|| Error::err(why))),
    }
}

/// The session's machine with a script compiled on it; it is given back after the script.
fn ready(cx: &mut Context<'_>, sha: &str, text: &[u8]) -> Result<Machine> {
    let machine = match cx.scripts.machine.take() {
        Some(machine) => Ok(machine),
        None => Machine::new(Arc::clone(&cx.scripts.interrupt)),
    };
    let mut machine = machine.map_err(Error::err)?;
    match machine.compile(sha, text) {
        Ok(()) => Ok(machine),
        Err(message) => {
            cx.scripts.machine = Some(machine);
            Err(Error::err(format_args!("Error compiling script (new function): {message}")))
        }
    }
}

/// Runs the commands of a script.
struct Caller<'a, 'c> {
    cx: &'a mut Context<'c>,
    read_only: bool,
    /// Why the statement cannot go on.
    failure: Option<Error>,
}

impl Host for Caller<'_, '_> {
    fn call(&mut self, mut words: Vec<Vec<u8>>) -> Result<Resp, Halt> {
        let args = words.split_off(1);
        let command = Command { name: words.pop().unwrap_or_default(), args };
        let answer = match self.permit(&command) {
            Ok(handler) => dispatch::attempt(self.cx, handler, &command),
            Err(refused) => Err(refused),
        };
        match answer {
            Ok(reply) => Ok(reply),
            Err(Error::Reply(text)) => Ok(Resp::Error(text)),
            Err(error) => {
                self.failure = Some(error);
                Err(Halt)
            }
        }
    }

    fn knows(&self, name: &[u8]) -> bool {
        dispatch::find(name).is_some() || is_among(NOT_IN_SCRIPTS, name)
    }

    fn show_number(&self, number: f64) -> String {
        show_double(number)
    }
}

impl Caller<'_, '_> {
    /// The handler of a command, if a script may call it so.
    fn permit(&self, command: &Command) -> Result<&'static Runner> {
        if is_among(NOT_IN_SCRIPTS, &command.name) {
            return Err(Error::err("This Redis command is not allowed from script"));
        }
        let Some(handler) = dispatch::find(&command.name) else {
            return Err(Error::err("Unknown Redis command called from script"));
        };
        if !handler.takes(command.args.len()) {
            return Err(Error::err("Wrong number of args calling Redis command from script"));
        }
        if self.read_only && (handler.writes() || is_among(TELLING, &command.name)) {
            return Err(Error::err("Write commands are not allowed from read-only scripts."));
        }
        if handler.blocks(&command.args) {
            let name = command.upper().to_ascii_lowercase();
            return Err(Error::err(format_args!("{name} command is not allowed with BLOCK option from scripts")));
        }
        Ok(handler)
    }
}

fn is_among(names: &[&str], name: &[u8]) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()))
}

/// SCRIPT EXISTS|FLUSH|LOAD|KILL|DEBUG|HELP
pub fn script(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    match SCRIPT.choose(args)? {
        ("exists", names) => {
            let known = names.iter().map(|sha| i64::from(cx.scripts.cache.text(&named(sha)).is_some()));
            Ok(Resp::Array(known.map(Resp::Integer).collect()))
        }
        ("load", [text]) => {
            let sha = lua::sha1(text);
            declared_flags(text)?;
            cx.scripts.machine = Some(ready(cx, &sha, text)?);
            cx.scripts.cache.keep(&sha, text, true);
            Ok(Resp::bulk(sha))
        }
        ("flush", rest) => {
            let fits = match rest {
                [] => true,
                [mode] => mode.eq_ignore_ascii_case(b"ASYNC") || mode.eq_ignore_ascii_case(b"SYNC"),
                _ => false,
            };
            if !fits {
                return Err(Error::err("SCRIPT FLUSH only support SYNC|ASYNC option"));
            }
            *cx.scripts.cache.known() = Known::default();
            if let Some(machine) = &mut cx.scripts.machine {
                machine.forget();
            }
            Ok(Resp::ok())
        }
        ("kill", _) => Err(Error::Reply("NOTBUSY No scripts in execution right now.".to_owned())),
        ("debug", _) => Err(Error::err("there is no debugger for scripts; redis.pcall and return show what happens")),
        _ => Ok(SCRIPT.help()),
    }
}
