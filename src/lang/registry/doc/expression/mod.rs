//! Expression operators of aggregation, a file for each group.

mod accumulator;
mod arithmetic;
mod array;
mod boolean;
mod comparison;
mod conditional;
mod conversion;
mod date;
mod object;
mod set;
mod string;
mod trigonometry;
mod variable;

use crate::lang::registry::Entry;

/// Group by group.
pub const GROUPS: &[&[Entry]] = &[
    accumulator::ENTRIES,
    arithmetic::ENTRIES,
    array::ENTRIES,
    boolean::ENTRIES,
    comparison::ENTRIES,
    conditional::ENTRIES,
    conversion::ENTRIES,
    date::ENTRIES,
    object::ENTRIES,
    set::ENTRIES,
    string::ENTRIES,
    trigonometry::ENTRIES,
    variable::ENTRIES,
];
