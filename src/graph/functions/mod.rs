//! Functions of the graph language, one file a group.
//!
//! [`signature`] holds the table of names, arities and types that the semantic check, the compiler of
//! expressions and `SHOW FUNCTIONS` share; [`aggregate`] the aggregate functions.

pub mod aggregate;
mod conversion;
mod list;
mod load_csv;
mod normal;
mod numeric;
mod predicate;
mod scalar;
pub mod signature;
mod spatial;
mod string;
mod temporal;
mod trigonometric;
mod vector;

pub use list::Range;
pub use normal::is_normalized;
pub use signature::{Group, Signature, Types, all, find, unknown};
