//! The graph engine: Cypher queries on a transaction.

mod error;

pub use error::{Detail, Error, Kind, Result};
