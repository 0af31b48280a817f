//! The document engine: mongosh calls on a transaction.
//!
//! | room | what it knows |
//! |---|---|
//! | `command` | the methods of mongosh and their result objects |
//! | [`query`] | filters |
//! | [`update`] | update operators, upserts |
//! | [`projection`], [`sort`] | what is shown, and in which order |
//! | [`expression`], [`aggregate`] | aggregation expressions and pipelines |
//! | [`plan`] | which index answers a filter |
//! | [`spill`] | rows that do not fit in memory |
//! | [`collection`], [`index`], [`catalog`] | documents, their index entries, their names |
//! | [`layout`] | all of it as bytes |

pub mod aggregate;
pub(crate) mod catalog;
pub(crate) mod collection;
mod command;
mod cursor;
mod error;
mod expiry;
pub mod expression;
mod geo;
pub(crate) mod index;
pub(crate) mod layout;
pub(crate) mod path;
pub(crate) mod plan;
pub(crate) mod projection;
pub(crate) mod query;
pub(crate) mod shell_text;
pub(crate) mod sort;
pub(crate) mod spill;
mod text;
pub(crate) mod update;
mod watch;

pub use collection::{Load, Refused};
pub use cursor::Cursor;
pub use error::{Code, Error, Result};
pub use spill::Memory;
pub use watch::Watch;

use crate::ast::doc::ResolvedChain;
use crate::exchange::Signal;
use crate::reply::DocReply;
use crate::storage::{Read, Write};
use crate::value::collation::Collation;

/// What a statement runs in.
pub struct Context<'a> {
    /// The open transaction.
    pub tx: &'a mut dyn Write,
    /// The current database's number.
    pub database: u32,
    /// The current database's name.
    pub database_name: &'a str,
    /// The statement's time, milliseconds since 1970 (`$$NOW`, `$currentDate`).
    pub now_ms: i64,
    /// How the strings of the collection that the statement is about compare, unless it says otherwise.
    pub collation: Option<Collation>,
    /// Where changes are told, if somebody watches.
    pub changes: Option<&'a mut Vec<Signal>>,
    /// How much memory stages may take.
    pub memory: &'a Memory,
}

#[cfg(test)]
impl<'a> Context<'a> {
    /// That of a test: a database of number 1, at the beginning of time.
    pub(crate) fn of_tests(tx: &'a mut dyn Write, memory: &'a Memory) -> Self {
        Context { tx, database: 1, database_name: "test", now_ms: 0, collation: None, changes: None, memory }
    }
}

impl Context<'_> {
    /// The same for a shorter while.
    pub fn reborrow(&mut self) -> Context<'_> {
        Context {
            tx: &mut *self.tx,
            database: self.database,
            database_name: self.database_name,
            now_ms: self.now_ms,
            collation: self.collation.clone(),
            changes: self.changes.as_deref_mut(),
            memory: self.memory,
        }
    }
}

/// Runs a chain of calls.
///
/// # Errors
/// In MongoDB's words; the statement has then to be rolled back.
pub fn execute<'a>(cx: Context<'a>, chain: &ResolvedChain) -> Result<DocReply<'a>> {
    command::execute(cx, chain)
}

/// `show dbs`, `show collections` …
///
/// # Errors
/// There is no such thing to show.
pub fn show<'a>(cx: Context<'a>, what: &str) -> Result<DocReply<'a>> {
    command::show(cx, what)
}

/// The plan of a chain of calls, which is not run.
///
/// # Errors
/// As [`execute`].
pub fn explain<'a>(cx: Context<'a>, chain: &ResolvedChain) -> Result<DocReply<'a>> {
    command::explain(cx, chain)
}

/// Removes all documents, indexes and collections of a database.
///
/// # Errors
/// Storage.
pub fn remove_database(tx: &mut dyn Write, database: u32) -> Result<()> {
    command::drop_database(tx, database)
}

/// The names of a database's collections.
///
/// # Errors
/// Storage.
pub fn collections(tx: &dyn Read, database: u32) -> Result<Vec<String>> {
    Ok(catalog::list(tx, database)?.into_iter().map(|info| info.name).collect())
}
