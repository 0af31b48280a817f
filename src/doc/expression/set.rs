//! Sets: arrays without order and duplicates. Answers are sorted, so that they are the same every time.

use super::operator::{ANY, Answer, Arguments, NULL, Operator, fail, positional};
use crate::doc::Result;
use crate::value::order::BsonKey;
use bson::Bson;
use std::collections::{BTreeMap, HashSet};

pub(super) const OPERATORS: &[Operator] = &[
    positional("$allElementsTrue", 1, 1, |a| {
        let items = truth_operand(a, 17040)?;
        Ok(Some(Bson::Boolean(items.iter().all(|item| super::is_true(Some(item))))))
    }),
    positional("$anyElementTrue", 1, 1, |a| {
        let items = truth_operand(a, 17041)?;
        Ok(Some(Bson::Boolean(items.iter().any(|item| super::is_true(Some(item))))))
    }),
    positional("$setDifference", 2, 2, difference),
    positional("$setEquals", 2, ANY, equals),
    positional("$setIntersection", 0, ANY, intersection),
    positional("$setIsSubset", 2, 2, is_subset),
    positional("$setUnion", 0, ANY, union),
];

fn truth_operand<'a>(arguments: &'a Arguments<'_>, number: i32) -> Result<&'a [Bson]> {
    arguments.array(0).ok_or_else(|| {
        fail(number, format!("{}'s argument must be an array, but is {}", arguments.name, arguments.type_name(0)))
    })
}

fn sorted(set: BTreeMap<BsonKey, Bson>) -> Answer {
    Ok(Some(Bson::Array(set.into_values().collect())))
}

fn keys(items: &[Bson]) -> impl Iterator<Item = BsonKey> + '_ {
    items.iter().cloned().map(BsonKey)
}

/// The values with what they are compared by.
fn keyed<'a>(arguments: &'a Arguments<'_>, items: &'a [Bson]) -> impl Iterator<Item = (BsonKey, Bson)> + 'a {
    items.iter().map(|item| {
        let key = match arguments.collation {
            Some(collation) => collation.fold(item.into()),
            None => item.clone(),
        };
        (BsonKey(key), item.clone())
    })
}

fn difference(arguments: &Arguments<'_>) -> Answer {
    if arguments.is_null(0) || arguments.is_null(1) {
        return NULL;
    }
    let operand = |index: usize, number: i32, which: &str| {
        arguments.array(index).ok_or_else(|| {
            fail(
                number,
                format!(
                    "both operands of $setDifference must be arrays. {which} argument is of type: {}",
                    arguments.type_name(index)
                ),
            )
        })
    };
    let left = operand(0, 17048, "First")?;
    let mut seen: HashSet<BsonKey> = keyed(arguments, operand(1, 17049, "Second")?).map(|(key, _)| key).collect();
    let kept = keyed(arguments, left).filter(|(key, _)| seen.insert(key.clone())).map(|(_, value)| value).collect();
    Ok(Some(Bson::Array(kept)))
}

fn equals(arguments: &Arguments<'_>) -> Answer {
    let mut first: Option<HashSet<BsonKey>> = None;
    let mut same = true;
    for index in 0..arguments.len() {
        let items = arguments.array(index).ok_or_else(|| {
            fail(
                17044,
                format!(
                    "All operands of $setEquals must be arrays. {}-th argument is of type: {}",
                    index + 1,
                    arguments.type_name(index)
                ),
            )
        })?;
        let set: HashSet<BsonKey> = keys(items).collect();
        match &first {
            None => first = Some(set),
            Some(first) => same &= *first == set,
        }
    }
    Ok(Some(Bson::Boolean(same)))
}

fn operand<'a>(arguments: &'a Arguments<'_>, index: usize, number: i32) -> Result<Option<&'a [Bson]>> {
    if arguments.is_null(index) {
        return Ok(None);
    }
    arguments.array(index).map(Some).ok_or_else(|| {
        fail(
            number,
            format!(
                "All operands of {} must be arrays. One argument is of type: {}",
                arguments.name,
                arguments.type_name(index)
            ),
        )
    })
}

fn intersection(arguments: &Arguments<'_>) -> Answer {
    let mut common: Option<BTreeMap<BsonKey, Bson>> = None;
    for index in 0..arguments.len() {
        let Some(items) = operand(arguments, index, 17047)? else { return NULL };
        common = Some(match common {
            None => firsts(keyed(arguments, items)),
            Some(mut common) => {
                let set: HashSet<BsonKey> = keyed(arguments, items).map(|(key, _)| key).collect();
                common.retain(|key, _| set.contains(key));
                common
            }
        });
    }
    sorted(common.unwrap_or_default())
}

fn union(arguments: &Arguments<'_>) -> Answer {
    let mut all = Vec::new();
    for index in 0..arguments.len() {
        let Some(items) = operand(arguments, index, 17043)? else { return NULL };
        all.extend(keyed(arguments, items));
    }
    sorted(firsts(all))
}

/// Of values that are the same, the first.
fn firsts(values: impl IntoIterator<Item = (BsonKey, Bson)>) -> BTreeMap<BsonKey, Bson> {
    let mut all = BTreeMap::new();
    for (key, value) in values {
        all.entry(key).or_insert(value);
    }
    all
}

fn is_subset(arguments: &Arguments<'_>) -> Answer {
    let operand = |index: usize, number: i32, which: &str| {
        arguments.array(index).ok_or_else(|| {
            fail(
                number,
                format!(
                    "both operands of $setIsSubset must be arrays. {which} argument is of type: {}",
                    arguments.type_name(index)
                ),
            )
        })
    };
    let left = operand(0, 17046, "First")?;
    let right: HashSet<BsonKey> = keys(operand(1, 17042, "Second")?).collect();
    Ok(Some(Bson::Boolean(keys(left).all(|key| right.contains(&key)))))
}
