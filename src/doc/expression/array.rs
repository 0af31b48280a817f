//! Arrays: elements, membership, size, slices, ranges.

use super::operator::{ANY, Answer, Arguments, NULL, Operator, fail, positional};
use super::string::count;
use super::type_name::type_name;
use crate::doc::{Code, Error, Result};
use crate::value::order::{equal, is_nullish};
use bson::Bson;

pub(super) const OPERATORS: &[Operator] = &[
    positional("$arrayElemAt", 2, 2, element_at),
    positional("$concatArrays", 0, ANY, concat),
    positional("$in", 2, 2, contains),
    positional("$indexOfArray", 2, 4, index_of),
    positional("$isArray", 1, 1, |a| Ok(Some(Bson::Boolean(a.array(0).is_some())))),
    positional("$range", 2, 3, range),
    positional("$reverseArray", 1, 1, reverse),
    positional("$size", 1, 1, size),
    positional("$slice", 2, 3, slice),
];

/// The most elements `$range` makes.
const RANGE_LIMIT: i64 = 6_500_000;

fn element_at(arguments: &Arguments<'_>) -> Answer {
    if arguments.is_null(0) || arguments.is_null(1) {
        return NULL;
    }
    let items = arguments.array(0).ok_or_else(|| {
        fail(28689, format!("$arrayElemAt's first argument must be an array, but is {}", arguments.type_name(0)))
    })?;
    if !arguments.is_number(1) {
        return Err(fail(
            28690,
            format!("$arrayElemAt's second argument must be a numeric value, but is {}", arguments.type_name(1)),
        ));
    }
    let index = arguments
        .int32(1)
        .ok_or_else(|| fail(28691, "$arrayElemAt's second argument must be representable as a 32-bit integer"))?;
    Ok(at(items, i64::from(index)).cloned())
}

/// The element at an index; a negative one counts from the end.
pub(super) fn at(items: &[Bson], index: i64) -> Option<&Bson> {
    let length = i64::try_from(items.len()).ok()?;
    let index = if index < 0 { index + length } else { index };
    items.get(usize::try_from(index).ok()?)
}

fn concat(arguments: &Arguments<'_>) -> Answer {
    let mut all = Vec::new();
    for index in 0..arguments.len() {
        match arguments.array(index) {
            Some(items) => all.extend_from_slice(items),
            None if arguments.is_null(index) => return NULL,
            None => {
                return Err(fail(
                    28664,
                    format!("$concatArrays only supports arrays, not {}", arguments.type_name(index)),
                ));
            }
        }
    }
    Ok(Some(Bson::Array(all)))
}

fn contains(arguments: &Arguments<'_>) -> Answer {
    let items = arguments.array(1).ok_or_else(|| {
        fail(40081, format!("$in requires an array as a second argument, found: {}", arguments.type_name(1)))
    })?;
    let wanted = arguments.get(0).unwrap_or(&Bson::Undefined);
    Ok(Some(Bson::Boolean(items.iter().any(|item| equal(item, wanted)))))
}

fn index_of(arguments: &Arguments<'_>) -> Answer {
    if arguments.is_null(0) {
        return NULL;
    }
    let items = arguments.array(0).ok_or_else(|| {
        fail(40090, format!("$indexOfArray requires an array as a first argument, found: {}", arguments.type_name(0)))
    })?;
    let wanted = arguments.get(1).unwrap_or(&Bson::Undefined);
    let bound = |index: usize, what: &str, default: usize| -> Result<usize> {
        if !arguments.given(index) {
            return Ok(default);
        }
        let value = arguments.int32(index).ok_or_else(|| {
            fail(
                40096,
                format!(
                    "$indexOfArray requires an integral {what} index, found a value of type: {}",
                    arguments.type_name(index)
                ),
            )
        })?;
        usize::try_from(value)
            .map_err(|_| fail(40097, format!("$indexOfArray requires a nonnegative {what} index, found: {value}")))
    };
    let start = bound(2, "starting", 0)?;
    let end = bound(3, "ending", items.len())?.min(items.len());
    let found = items
        .get(start..end)
        .and_then(|window| window.iter().position(|item| equal(item, wanted)))
        .map_or(Bson::Int32(-1), |at| count(at + start));
    Ok(Some(found))
}

fn range(arguments: &Arguments<'_>) -> Answer {
    let bound = |index: usize, what: &str, not_number: i32, not_integer: i32| -> Result<i64> {
        if !arguments.is_number(index) {
            return Err(fail(
                not_number,
                format!("$range requires a numeric {what} value, found value of type: {}", arguments.type_name(index)),
            ));
        }
        arguments.int32(index).map(i64::from).ok_or_else(|| {
            fail(not_integer, format!("$range requires a {what} value that can be represented as a 32-bit integer"))
        })
    };
    let start = bound(0, "starting", 34443, 34444)?;
    let end = bound(1, "ending", 34445, 34446)?;
    let step = if arguments.given(2) { bound(2, "step", 34447, 34448)? } else { 1 };
    if step == 0 {
        return Err(fail(34449, "$range requires a non-zero step value"));
    }
    let steps = ((end - start + step - step.signum()) / step).max(0);
    if steps > RANGE_LIMIT {
        return Err(Error::new(
            Code::Location(146),
            format!("$range would make {steps} elements; at most {RANGE_LIMIT} are allowed"),
        ));
    }
    Ok(Some(Bson::Array((0..steps).map(|n| Bson::Int32((start + n * step) as i32)).collect())))
}

fn reverse(arguments: &Arguments<'_>) -> Answer {
    match arguments.get(0) {
        Some(Bson::Array(items)) => Ok(Some(Bson::Array(items.iter().rev().cloned().collect()))),
        value if is_nullish(value) => NULL,
        value => Err(fail(
            34435,
            format!("The argument to $reverseArray must be an array, but was of type: {}", type_name(value)),
        )),
    }
}

fn size(arguments: &Arguments<'_>) -> Answer {
    match arguments.array(0) {
        Some(items) => Ok(Some(count(items.len()))),
        None => Err(fail(
            17124,
            format!("The argument to $size must be an array, but was of type: {}", arguments.type_name(0)),
        )),
    }
}

fn slice(arguments: &Arguments<'_>) -> Answer {
    if arguments.any_null() {
        return NULL;
    }
    let items = arguments.array(0).ok_or_else(|| {
        fail(28724, format!("First argument to $slice must be an array, but is of type: {}", arguments.type_name(0)))
    })?;
    let number = |index: usize, which: &str, not_number: i32, not_integer: i32| -> Result<i64> {
        if !arguments.is_number(index) {
            return Err(fail(
                not_number,
                format!("{which} argument to $slice must be numeric, but is of type: {}", arguments.type_name(index)),
            ));
        }
        arguments.int32(index).map(i64::from).ok_or_else(|| {
            fail(not_integer, format!("{which} argument to $slice can't be represented as a 32-bit integer"))
        })
    };
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let second = number(1, "Second", 28725, 28726)?;
    let (start, end) = if arguments.given(2) {
        let third = number(2, "Third", 28727, 28728)?;
        if third <= 0 {
            return Err(fail(28729, format!("Third argument to $slice must be positive: {third}")));
        }
        let start = if second < 0 { (length + second).max(0) } else { second.min(length) };
        (start, (start + third).min(length))
    } else if second >= 0 {
        (0, second.min(length))
    } else {
        ((length + second).max(0), length)
    };
    let part = items.get(start as usize..end as usize).unwrap_or_default();
    Ok(Some(Bson::Array(part.to_vec())))
}
