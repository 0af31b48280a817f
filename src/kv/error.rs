//! What a Redis command answers when it fails: Redis' own words.

use crate::storage;
use crate::text::{Diagnostic, Model};

/// A failed command.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Redis' whole error text; its first word is the code (`ERR`, `WRONGTYPE` …).
    #[error("{0}")]
    Reply(String),
    /// Storage failed, or the user asked to stop.
    #[error(transparent)]
    Storage(#[from] storage::Error),
}

/// The result of a command or a part of one.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error whose code is `ERR`.
    pub fn err(text: impl std::fmt::Display) -> Self {
        Error::Reply(format!("ERR {text}"))
    }

    /// The key holds another type.
    pub fn wrong_type() -> Self {
        Error::Reply("WRONGTYPE Operation against a key holding the wrong kind of value".to_owned())
    }

    /// The arguments do not fit the command's syntax.
    pub fn syntax() -> Self {
        Error::err("syntax error")
    }

    /// Not a 64-bit integer.
    pub fn not_an_integer() -> Self {
        Error::err("value is not an integer or out of range")
    }

    /// Not a double.
    pub fn not_a_float() -> Self {
        Error::err("value is not a valid float")
    }

    /// An integer that may not be negative.
    pub fn must_be_positive() -> Self {
        Error::err("value is out of range, must be positive")
    }

    /// The key is missing where the command needs one.
    pub fn no_such_key() -> Self {
        Error::err("no such key")
    }

    /// A list position outside the list.
    pub fn index_out_of_range() -> Self {
        Error::err("index out of range")
    }

    /// A string longer than Redis allows (512 MiB).
    pub fn string_too_long() -> Self {
        Error::err("string exceeds maximum allowed size (proto-max-bulk-len)")
    }

    /// An expiry that is not positive or does not fit; `command` is the lower-case name.
    pub fn expire_time(command: &str) -> Self {
        Error::err(format_args!("invalid expire time in '{command}' command"))
    }

    /// Too few or too many arguments; `command` is the lower-case name.
    pub fn arity(command: &str) -> Self {
        Error::err(format_args!("wrong number of arguments for '{command}' command"))
    }
}

impl From<Error> for Diagnostic {
    fn from(error: Error) -> Self {
        match error {
            Error::Reply(text) => {
                let code = text.split(' ').next().unwrap_or("ERR").to_owned();
                Diagnostic::new(Model::Kv, code, text)
            }
            Error::Storage(storage::Error::Interrupted) => Diagnostic::new(Model::Kv, "Interrupted", "ERR interrupted"),
            Error::Storage(error) => Diagnostic::new(Model::Kv, "ERR", format!("ERR {error}")),
        }
    }
}
