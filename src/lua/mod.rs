//! Lua 5.1 as Redis' scripts see it: a machine in a sandbox, and what the scripts call.
//!
//! A [`Machine`] compiles scripts, runs them and keeps them compiled. What a script does to the data it
//! does through a [`Host`], which runs one Redis command at a time; nothing here knows commands, keys or
//! transactions. Semantics: redis.io/docs/latest/develop/programmability/lua-api.
//!
//! * **Nothing leaks.** Globals and libraries are read-only stand-ins ([`sandbox`]); a script leaves
//!   nothing behind for the next. There is no `io`, `require` or byte code; of `os` there is `clock`.
//! * **Nothing hangs.** The machine looks at the clock and at Ctrl-C every thousand instructions
//!   ([`limits`]); what a C function of Lua could do without end is written here instead: pattern
//!   matching ([`pattern`]) and `string.rep`.
//! * **Nothing eats the machine.** Lua's heap ends at [`MEMORY`].
//! * **Errors are Lua values.** A Rust function that fails raises a text or table that `pcall` hands to
//!   the script as Redis does ([`raise`]).

mod arguments;
mod bit;
mod cjson;
mod convert;
mod limits;
mod machine;
mod pattern;
mod raise;
mod random;
mod redis;
mod sandbox;
#[cfg(test)]
mod tests;
mod text;

pub use limits::{MEMORY, TIME};
pub use machine::{Machine, Stop};

use crate::reply::Resp;

/// Runs the commands of a script.
pub trait Host {
    /// Runs one command: its name and its arguments. A command that is refused or fails answers
    /// [`Resp::Error`].
    ///
    /// # Errors
    /// The host cannot go on; it keeps the reason, and the script is stopped.
    fn call(&mut self, words: Vec<Vec<u8>>) -> Result<Resp, Halt>;

    /// Whether a command of this name is known.
    fn knows(&self, name: &[u8]) -> bool;

    /// A number as an argument of a command.
    fn show_number(&self, number: f64) -> String;
}

/// The host cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Halt;

/// The SHA-1 of a text in 40 hexadecimal digits: the name of a script.
pub fn sha1(text: &[u8]) -> String {
    sha1_smol::Sha1::from(text).hexdigest()
}
