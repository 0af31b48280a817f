//! Stages that must keep many rows: so much memory, and a temporary file for what is more.
//!
//! | what | how it stays small |
//! |---|---|
//! | [`Sorter`] | sorted runs, merged |
//! | [`Spool`] | rows in their order, read again as often as needed |
//!
//! Rows are kept as bytes ([`packed`]): they take little more than their documents. Temporary files have no name and
//! vanish with the process.

mod limits;
pub(crate) mod packed;
mod size;
mod sorter;
mod spool;
#[cfg(test)]
mod tests;

pub use limits::{Budget, Memory, Part};
pub use size::bytes_of;
pub(crate) use sorter::{Sorted, Sorter};
pub(crate) use spool::{Reader, Spool, Spooled};

use super::{Code, Error};

/// A temporary file failed.
fn failed(error: &std::io::Error) -> Error {
    let full = matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded);
    let error = Error::new(Code::Storage, format!("a temporary file failed: {error}"));
    if full { error.hint("make room in the folder for temporary files, or name another one in TMPDIR") } else { error }
}
