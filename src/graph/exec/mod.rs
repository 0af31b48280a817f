//! Running a plan: operators that are pulled for one row at a time.
//!
//! An operator keeps cursors that borrow nothing, so rows can be written between two pulls. Each
//! [`Operate::next`] gets the [`Runtime`], the statement's door to the transaction.

mod aggregate;
mod apply;
mod call;
mod changes;
mod create;
mod csv;
mod delete;
mod expand;
mod filter;
mod foreach;
mod merge;
mod open;
mod optional;
mod path;
mod project;
mod runtime;
mod scan;
mod set;
mod shortest;
mod sort;
mod types;
mod unwind;
mod update;
mod var_expand;

pub use changes::Change;
pub use open::{open, run_subplan};
pub use runtime::{Runtime, Sides};

use crate::graph::Result;
use crate::value::graph::Value;

/// The values of the slots; missing ones are null.
pub type Row = Vec<Value>;

/// An operator that is running.
pub trait Operate {
    /// The next row, or `None` for good.
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>>;
}

/// A running operator.
pub type Running = Box<dyn Operate>;

/// A row that has at least `width` slots.
pub fn widened(row: &Row, width: usize) -> Row {
    let mut wide = Vec::with_capacity(width.max(row.len()));
    wide.extend_from_slice(row);
    wide.resize(width.max(row.len()), Value::Null);
    wide
}

/// Sets a slot, lengthening the row if need be.
pub fn put(row: &mut Row, slot: usize, value: Value) {
    if slot >= row.len() {
        row.resize(slot + 1, Value::Null);
    }
    row[slot] = value;
}

/// The value of a slot.
pub fn slot(row: &Row, slot: usize) -> &Value {
    row.get(slot).unwrap_or(&Value::Null)
}
