//! The document engine: mongosh calls on a transaction.

pub mod aggregate;
mod error;
pub mod expression;

pub use error::{Code, Error, Result};

use crate::storage::Write;

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
}
