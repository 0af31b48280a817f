//! Storage: one redb file (or memory) behind two traits.
//!
//! This is the only room that knows redb. Everything above reads through [`Read`], writes through
//! [`Write`], and names its data by [`Space`]; a space is one redb table of byte keys and byte values
//! in key order.
//!
//! # How a write reaches the file
//!
//! ```text
//! put/delete ──▶ overlay (ordered rows per space, in memory)     + journal: the pre-image of each row
//!                   │  reads see: overlay, then the snapshot          │ rollback_statement: put pre-images back
//!                   ▼                                                 ▼
//! commit  ──▶ one redb write transaction, rows in key order, fsync    statement = all or nothing
//! ```
//!
//! redb cannot undo one statement of a dirty transaction, so a [`Transaction`] keeps its own writes
//! in an ordered overlay and its journal keeps what each write replaced. A transaction that grows
//! beyond [`SPILL_BYTES`] moves its overlay into the (uncommitted) redb transaction between two
//! statements and goes on.
//!
//! # Who may write
//!
//! One writer at a time. A transaction takes the writer gate at its first write, waits for it no
//! longer than the store's time limit, and refuses to go on from a snapshot that another session has
//! made stale ([`Error::Conflict`]).

mod arena;
mod catalog;
mod cursor;
mod error;
mod flush;
mod gaps;
mod gate;
mod overlay;
mod peeked;
mod snapshot;
mod space;
mod store;
#[cfg(test)]
mod tests;
mod transaction;
mod work;

pub use catalog::{Catalog, META};
pub use cursor::Cursor;
pub use error::{Error, OpenError, Result};
pub use peeked::Peeked;
pub use space::{KeyRange, Space};
pub use store::{Durability, Options, Store};
pub use transaction::{SPILL_BYTES, Transaction};
pub use work::{Watcher, Work};

use std::ops::ControlFlow;

/// The direction of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Ascending keys.
    Forward,
    /// Descending keys.
    Backward,
}

/// What a scan calls for each row: key and value, borrowed from the page they stand in.
pub type Visitor<'v> = dyn FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>> + 'v;

/// Reading: point look-ups and ordered scans over spaces.
///
/// Every method first looks at the interrupt flag, so a statement that reads is stopped by Ctrl-C
/// with [`Error::Interrupted`] wherever it is.
pub trait Read {
    /// The value under `key` where it lies, or `None`.
    fn peek(&self, space: Space, key: &[u8]) -> Result<Option<Peeked<'_>>>;

    /// The value under `key`, or `None`.
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>> {
        Ok(self.peek(space, key)?.map(Peeked::into_owned))
    }

    /// Whether `key` is there.
    fn contains(&self, space: Space, key: &[u8]) -> Result<bool> {
        Ok(self.peek(space, key)?.is_some())
    }

    /// Calls `visit` for each row of `range` in key order until it breaks. The visitor sees the rows
    /// as they stood when the scan began. For a scan that must go on while the caller writes, or that
    /// is consumed row by row, use a [`Cursor`].
    fn scan(&self, space: Space, range: &KeyRange, direction: Direction, visit: &mut Visitor<'_>) -> Result<()>;

    /// Fails with [`Error::Interrupted`] once the user has asked to stop. Long computations that do
    /// not touch storage call this now and then.
    fn check_interrupt(&self) -> Result<()>;

    /// Long work on so many things, of which whoever watches the store is told.
    fn work(&self, what: &str, of: u64, things: &'static str) -> Work;

    /// A number that differs whenever the committed data differ; in-memory mirrors compare it.
    fn version(&self) -> u64;

    /// The first row of a range (the last, scanning backward).
    fn first(&self, space: Space, range: &KeyRange, direction: Direction) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
        let mut found = None;
        self.scan(space, range, direction, &mut |key, value| {
            found = Some((key.to_vec(), value.to_vec()));
            Ok(ControlFlow::Break(()))
        })?;
        Ok(found)
    }
}

/// Writing, on top of reading one's own writes.
pub trait Write: Read {
    /// Sets `key` to `value`.
    fn put(&mut self, space: Space, key: &[u8], value: &[u8]) -> Result<()>;

    /// Removes `key`; a missing key is no error.
    fn delete(&mut self, space: Space, key: &[u8]) -> Result<()>;

    /// Removes a whole space at once, whatever its size.
    fn drop_space(&mut self, space: Space) -> Result<()>;

    /// A mark for [`Write::rollback_to`].
    fn mark(&self) -> usize;

    /// Undoes every write of the running statement since `mark`.
    fn rollback_to(&mut self, mark: usize);

    /// Whether a write would go through at once: nobody else is writing, and nothing was committed since
    /// the transaction began. For what is better written down, but is no harm to leave.
    fn may_write(&mut self) -> bool;

    /// The same transaction, for reading only.
    fn as_read(&self) -> &dyn Read;
}
