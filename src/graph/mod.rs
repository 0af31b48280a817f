//! The graph engine: Cypher queries on a transaction.

pub mod check;
mod error;
pub mod eval;
pub mod functions;

pub use error::{Detail, Error, Kind, Result};
