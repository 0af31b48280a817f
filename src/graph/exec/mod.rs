//! Running a plan: operators that are pulled for one row at a time.
//!
//! All operators of a pipeline work on one row of slots, as on registers: each sets its own slots and
//! leaves those of its inputs alone, so a row is never copied on its way. Operators that hold rows back
//! (sorting, grouping, Eager) copy them out, and begin a new pipeline.
//!
//! An operator keeps cursors that borrow nothing, so the graph can be written between two pulls. Each
//! [`Operate::next`] gets the [`Runtime`], the statement's door to the transaction.

mod aggregate;
mod apply;
mod batches;
mod call;
mod changes;
mod constraints;
mod create;
mod csv;
mod delete;
mod entities;
mod expand;
mod expand_count;
mod filter;
mod foreach;
mod ids;
mod join;
mod memo;
mod memory;
mod merge;
mod merged;
mod mirrored;
mod open;
mod optional;
mod path;
mod path_search;
mod project;
mod prune;
mod reply;
mod runtime;
mod scan;
mod seeks;
mod set;
mod shortest;
mod sort;
mod types;
mod unwind;
mod update;
mod var_expand;

pub use changes::Change;
pub use mirrored::Sides;
pub use open::{open, run_subplan};
pub use runtime::{Runtime, Schema};
pub use update::set_property;

use crate::graph::Result;
use crate::value::graph::Value;

/// The values of the slots; missing ones are null.
pub type Row = Vec<Value>;

/// An operator that is running.
pub trait Operate {
    /// Puts the next row into `row`; false at the end, for good.
    ///
    /// The caller hands in the same row each time, with what the last call left in it and what
    /// operators above have added behind it.
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool>;
}

/// A running operator.
pub type Running = Box<dyn Operate>;

/// A copy of the first slots of a row.
pub fn kept(row: &[Value], width: usize) -> Row {
    let mut copy = Vec::with_capacity(width);
    copy.extend_from_slice(row.get(..width).unwrap_or(row));
    copy.resize(width, Value::Null);
    copy
}

/// Sets a slot, lengthening the row if need be.
pub fn put(row: &mut Row, slot: usize, value: Value) {
    if let Some(place) = row.get_mut(slot) {
        *place = value;
    } else {
        row.resize(slot, Value::Null);
        row.push(value);
    }
}

/// The value of a slot.
pub fn slot(row: &[Value], slot: usize) -> &Value {
    row.get(slot).unwrap_or(&Value::Null)
}
