//! `$cmp` and its kin: across all types, in BSON order, a missing value below null.

use super::operator::{Answer, Arguments, Operator, positional};
use crate::value::order::compare_missing;
use bson::Bson;
use std::cmp::Ordering;

pub(super) const OPERATORS: &[Operator] = &[
    positional("$cmp", 2, 2, |a| Ok(Some(Bson::Int32(order(a) as i32)))),
    positional("$eq", 2, 2, |a| truth(order(a) == Ordering::Equal)),
    positional("$ne", 2, 2, |a| truth(order(a) != Ordering::Equal)),
    positional("$gt", 2, 2, |a| truth(order(a) == Ordering::Greater)),
    positional("$gte", 2, 2, |a| truth(order(a) != Ordering::Less)),
    positional("$lt", 2, 2, |a| truth(order(a) == Ordering::Less)),
    positional("$lte", 2, 2, |a| truth(order(a) != Ordering::Greater)),
];

fn order(arguments: &Arguments<'_>) -> Ordering {
    compare_missing(arguments.get(0), arguments.get(1))
}

fn truth(value: bool) -> Answer {
    Ok(Some(Bson::Boolean(value)))
}
