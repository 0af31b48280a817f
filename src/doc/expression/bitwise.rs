//! `$bitAnd`, `$bitOr`, `$bitXor`, `$bitNot` on int and long.

use super::operator::{ANY, Answer, Arguments, NULL, Operator, positional};
use crate::doc::Error;
use crate::value::order::is_nullish;
use bson::Bson;

pub(super) const OPERATORS: &[Operator] = &[
    positional("$bitAnd", 0, ANY, |a| fold(a, -1, |x, y| x & y)),
    positional("$bitNot", 1, 1, not),
    positional("$bitOr", 0, ANY, |a| fold(a, 0, |x, y| x | y)),
    positional("$bitXor", 0, ANY, |a| fold(a, 0, |x, y| x ^ y)),
];

fn fold(arguments: &Arguments<'_>, start: i64, step: fn(i64, i64) -> i64) -> Answer {
    let (mut total, mut long) = (start, false);
    for index in 0..arguments.len() {
        match arguments.get(index) {
            value if is_nullish(value) => return NULL,
            Some(Bson::Int32(number)) => total = step(total, i64::from(*number)),
            Some(Bson::Int64(number)) => {
                total = step(total, *number);
                long = true;
            }
            _ => return Err(wrong(arguments, index)),
        }
    }
    Ok(Some(if long { Bson::Int64(total) } else { Bson::Int32(total as i32) }))
}

fn not(arguments: &Arguments<'_>) -> Answer {
    match arguments.get(0) {
        value if is_nullish(value) => NULL,
        Some(Bson::Int32(number)) => Ok(Some(Bson::Int32(!number))),
        Some(Bson::Int64(number)) => Ok(Some(Bson::Int64(!number))),
        _ => Err(wrong(arguments, 0)),
    }
}

fn wrong(arguments: &Arguments<'_>, index: usize) -> Error {
    Error::type_mismatch(format!("{} only supports int and long, not: {}.", arguments.name, arguments.type_name(index)))
}
