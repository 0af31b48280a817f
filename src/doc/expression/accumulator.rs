//! Accumulators as expressions: over one array, or over several arguments (arrays among them are then
//! values like any other).

use super::operator::{ANY, Answer, Arguments, NULL, Operator, fail, named, positional};
use super::type_name::type_name;
use crate::doc::aggregate::accumulator::{Input, Kind, State, checked_count, percentile};
use crate::value::order::is_nullish;
use bson::Bson;

pub(super) const OPERATORS: &[Operator] = &[
    positional("$avg", 0, ANY, |a| fold(a, Kind::Average)),
    positional("$first", 1, 1, |a| end(a, 0)),
    named("$firstN", &["n", "input"], 2, |a| several(a, Kind::FirstN)),
    positional("$last", 1, 1, |a| end(a, -1)),
    named("$lastN", &["n", "input"], 2, |a| several(a, Kind::LastN)),
    positional("$max", 0, ANY, |a| fold(a, Kind::Max)),
    named("$maxN", &["n", "input"], 2, |a| several(a, Kind::MaxN)),
    named("$median", &["input", "method"], 2, |a| quantiles(a, true)),
    positional("$min", 0, ANY, |a| fold(a, Kind::Min)),
    named("$minN", &["n", "input"], 2, |a| several(a, Kind::MinN)),
    named("$percentile", &["input", "p", "method"], 3, |a| quantiles(a, false)),
    positional("$stdDevPop", 0, ANY, |a| fold(a, Kind::StdDevPop)),
    positional("$stdDevSamp", 0, ANY, |a| fold(a, Kind::StdDevSamp)),
    positional("$sum", 0, ANY, |a| fold(a, Kind::Sum)),
];

fn fold(arguments: &Arguments<'_>, kind: Kind) -> Answer {
    let mut state = State::new(kind, 1);
    state.set_collation(arguments.collation);
    match (arguments.len(), arguments.array(0)) {
        (1, Some(items)) => {
            for item in items {
                state.add(Input::value(Some(item.clone())))?;
            }
        }
        _ => {
            for index in 0..arguments.len() {
                state.add(Input::value(arguments.get(index).cloned()))?;
            }
        }
    }
    Ok(Some(state.value()?.unwrap_or(Bson::Null)))
}

fn end(arguments: &Arguments<'_>, index: i64) -> Answer {
    match arguments.get(0) {
        Some(Bson::Array(items)) => Ok(super::array::at(items, index).cloned()),
        value if is_nullish(value) => NULL,
        value => {
            Err(fail(28689, format!("{}'s argument must be an array, but is {}", arguments.name, type_name(value))))
        }
    }
}

fn several(arguments: &Arguments<'_>, kind: Kind) -> Answer {
    let n = checked_count(arguments.name, arguments.get(0))?;
    let items = arguments.array(1).ok_or_else(|| {
        fail(
            5_788_200,
            format!("Expression {} requires 'input' to be an array, got {}", arguments.name, arguments.type_name(1)),
        )
    })?;
    let mut state = State::new(kind, n);
    state.set_collation(arguments.collation);
    for item in items {
        state.add(Input::value(Some(item.clone())))?;
    }
    state.value()
}

fn quantiles(arguments: &Arguments<'_>, median: bool) -> Answer {
    let (points, method) = if median { (vec![0.5], 1) } else { (percentile::points(arguments.get(1))?, 2) };
    percentile::check_method(arguments.name, arguments.get(method))?;
    let mut numbers: Vec<f64> = Vec::new();
    match arguments.get(0) {
        Some(Bson::Array(items)) => numbers.extend(items.iter().filter_map(percentile::number)),
        Some(other) => numbers.extend(percentile::number(other)),
        None => {}
    }
    let answers = percentile::quantiles(&mut numbers, &points);
    Ok(Some(if median { answers.into_iter().next().unwrap_or(Bson::Null) } else { Bson::Array(answers) }))
}
