//! The graph engine: Cypher queries on a transaction.
//!
//! A statement is checked, planned ([`plan`]) and run ([`exec`]) on the rows of [`store`]; long walks
//! and [`algorithms`] run on the topology in memory ([`mirror`]).

pub mod algorithms;
pub mod check;
mod elsewhere;
mod error;
pub mod eval;
pub mod exec;
pub mod functions;
pub mod mirror;
pub mod plan;
pub mod procedures;
mod run;
mod schema;
pub mod store;
#[cfg(test)]
mod tests;

pub use error::{Detail, Error, Kind, Result};
pub use mirror::Mirror;
pub use procedures::{Procedures, Table};
pub use run::{execute, explain};

use crate::storage::{self, Read, Write};
use crate::value::graph::Value;
use std::collections::BTreeMap;
use store::{TokenKind, Tokens};

/// What a statement needs of its session.
pub struct Context<'a> {
    /// The transaction.
    pub tx: &'a mut dyn Write,
    /// The current database.
    pub database: u32,
    /// The statement's text, for spans.
    pub source: &'a str,
    /// The values of `$name`.
    pub parameters: &'a BTreeMap<String, Value>,
    /// When the statement began: milliseconds since 1970-01-01T00:00Z.
    pub now_ms: i64,
    /// The session's picture of the topology.
    pub mirror: &'a mut Mirror,
    /// Random numbers.
    pub rng: &'a mut fastrand::Rng,
    /// What CALL finds.
    pub procedures: &'a Procedures,
    /// How many paths patterns without an upper bound of their length may find in a statement.
    pub max_paths: u64,
    /// How many bytes its operators may hold in memory.
    pub max_memory: u64,
    /// How queries are planned.
    pub planning: Planning,
}

/// How queries are planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Planning {
    /// By the counts of the statistics, with indexes, joins and counting.
    #[default]
    Best,
    /// Word by word: from all nodes along the pattern as it is written, every condition at the end. Slow, and
    /// simple enough to be right: what other plans are compared with.
    Plain,
}

/// The number of paths, unless another one is chosen.
pub const MAX_PATHS: u64 = 10_000_000;

/// The bytes that operators may hold, unless another number is chosen.
pub const MAX_MEMORY: u64 = 4 << 30;

/// Removes the graph of a database.
pub fn remove_database(tx: &mut dyn Write, database: u32) -> Result<()> {
    Ok(store::remove_database(tx, database)?)
}

/// All labels ever used, by name.
pub fn labels(tx: &dyn Read, database: u32) -> storage::Result<Vec<String>> {
    names(tx, database, TokenKind::Label)
}

/// All relationship types ever used, by name.
pub fn relationship_types(tx: &dyn Read, database: u32) -> storage::Result<Vec<String>> {
    names(tx, database, TokenKind::Type)
}

/// All property keys ever used, by name.
pub fn property_keys(tx: &dyn Read, database: u32) -> storage::Result<Vec<String>> {
    names(tx, database, TokenKind::Key)
}

fn names(tx: &dyn Read, database: u32, kind: TokenKind) -> storage::Result<Vec<String>> {
    Ok(Tokens::new(database).all(tx, kind)?.into_iter().map(|(name, _)| name).collect())
}
