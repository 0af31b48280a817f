//! The `window` of a window function: by document positions or by a range of the sort key.

use super::Partition;
use crate::doc::expression::number::Number;
use crate::doc::expression::{Unit, add_units, type_name};
use crate::doc::sort::SortSpec;
use crate::doc::{Code, Error, Result};
use crate::value::order::{bracket, compare};
use bson::{Bson, DateTime, Document};
use std::ops::Range;

/// One end of a window.
#[derive(Debug, Clone)]
pub(super) enum Bound {
    /// The end of the partition.
    Unbounded,
    /// So far from the current row, positions or values; 0 is `current`.
    Offset(Bson),
}

/// A window.
#[derive(Debug, Clone)]
pub(super) enum Window {
    /// The whole partition.
    Whole,
    /// From position to position, both included.
    Documents(Bound, Bound),
    /// From value to value, both included.
    Range(Bound, Bound, Option<Unit>),
}

fn failed(message: impl Into<String>) -> Error {
    Error::failed_to_parse(message)
}

/// The unit of a date range.
pub(super) fn unit(value: Option<&Bson>) -> Result<Option<Unit>> {
    match value {
        None => Ok(None),
        Some(Bson::String(name)) => Unit::parse(name).map(Some),
        Some(_) => Err(failed("'unit' must be a string")),
    }
}

impl Window {
    /// Compiles a `window` field.
    ///
    /// # Errors
    /// Malformed bounds, or bounds without the sort they need.
    pub fn parse(spec: Option<&Bson>, sort: Option<&SortSpec>) -> Result<Window> {
        let spec = match spec {
            None => return Ok(Window::Whole),
            Some(Bson::Document(spec)) => spec,
            Some(_) => return Err(failed("'window' field must be an object")),
        };
        if let Some(key) = spec.keys().find(|key| !["documents", "range", "unit"].contains(&key.as_str())) {
            return Err(failed(format!(
                "'window' field can only contain 'documents', 'range' and 'unit', but found {key}"
            )));
        }
        let window = match (spec.get("documents"), spec.get("range")) {
            (Some(_), Some(_)) => {
                return Err(failed("Window bounds can specify either 'documents' or 'range', not both."));
            }
            (Some(documents), None) => {
                if spec.contains_key("unit") {
                    return Err(failed("Window bounds can only specify 'unit' with range-based bounds."));
                }
                let (lower, upper) =
                    ends(documents, "documents", |value| match Number::of(value).map(Number::to_f64) {
                        Some(number) if number.fract() == 0.0 && number.abs() < 2_147_483_648.0 => Ok(()),
                        _ => Err(failed(format!(
                            "Numeric document-based bounds must be an integer, but found {}",
                            type_name(Some(value))
                        ))),
                    })?;
                if let (Bound::Offset(low), Bound::Offset(high)) = (&lower, &upper)
                    && compare(low, high).is_gt()
                {
                    return Err(Error::new(Code::Location(5_339_900), "Lower bound must not exceed upper bound"));
                }
                if sort.is_none() && !matches!((&lower, &upper), (Bound::Unbounded, Bound::Unbounded)) {
                    return Err(Error::new(Code::Location(5_339_901), "Document-based bounds require a sortBy"));
                }
                Window::Documents(lower, upper)
            }
            (None, Some(range)) => {
                let unit = unit(spec.get("unit"))?;
                let (lower, upper) = ends(range, "range", |value| match Number::of(value).map(Number::to_f64) {
                    Some(number) if unit.is_none() || number.fract() == 0.0 => Ok(()),
                    _ => {
                        Err(failed("Range-based bounds expression must be a number, an integer where there is a unit"))
                    }
                })?;
                if let (Bound::Offset(low), Bound::Offset(high)) = (&lower, &upper)
                    && compare(low, high).is_gt()
                {
                    return Err(Error::new(Code::Location(5_339_900), "Lower bound must not exceed upper bound"));
                }
                match sort {
                    Some(sort) if matches!(sort.fields(), [only] if !only.descending) => {}
                    _ => {
                        return Err(Error::new(
                            Code::Location(5_339_902),
                            "Range-based bounds require sortBy a single field, ascending",
                        ));
                    }
                }
                Window::Range(lower, upper, unit)
            }
            (None, None) if spec.contains_key("unit") => {
                return Err(failed("Window bounds can only specify 'unit' with range-based bounds."));
            }
            (None, None) => Window::Whole,
        };
        Ok(window)
    }

    /// The rows of the window of row `at`.
    ///
    /// # Errors
    /// A range on a sort key that is no number (no date, with a unit).
    pub fn rows(&self, partition: &Partition, at: usize) -> Result<Range<usize>> {
        let count = partition.rows.len();
        match self {
            Window::Whole => Ok(0..count),
            Window::Documents(lower, upper) => {
                let place = |bound: &Bound, open: i64, past: i64| match bound {
                    Bound::Unbounded => open,
                    Bound::Offset(offset) => {
                        let offset = Number::of(offset).map_or(0, |number| number.to_f64() as i64);
                        at as i64 + offset + past
                    }
                };
                let count = count as i64;
                let low = place(lower, 0, 0).clamp(0, count);
                let high = place(upper, count, 1).clamp(low, count);
                Ok(low as usize..high as usize)
            }
            Window::Range(lower, upper, unit) => {
                let key = partition.axis.get(at).cloned().unwrap_or(Bson::Null);
                let bounded = matches!(lower, Bound::Offset(_)) || matches!(upper, Bound::Offset(_));
                if bounded {
                    check_key(&key, unit.is_some())?;
                }
                // Values of other types stand outside, but for the unbounded ends.
                let below = |value: &Bson, limit: &Bson, inclusive: bool| {
                    let order = bracket(value).cmp(&bracket(limit)).then_with(|| compare(value, limit));
                    order.is_lt() || (!inclusive && order.is_eq())
                };
                let low = match lower {
                    Bound::Unbounded => 0,
                    Bound::Offset(offset) => {
                        let limit = shift(&key, offset, *unit)?;
                        partition.axis.partition_point(|value| below(value, &limit, true))
                    }
                };
                let high = match upper {
                    Bound::Unbounded => count,
                    Bound::Offset(offset) => {
                        let limit = shift(&key, offset, *unit)?;
                        partition.axis.partition_point(|value| below(value, &limit, false))
                    }
                };
                Ok(low..high.max(low))
            }
        }
    }
}

fn check_key(key: &Bson, dates: bool) -> Result<()> {
    match key {
        Bson::DateTime(_) if dates => Ok(()),
        Bson::DateTime(_) => Err(Error::new(
            Code::Location(5_429_513),
            "Invalid range: For windows that involve date or time ranges, a unit must be provided",
        )),
        key if Number::of(key).is_some() && !dates => Ok(()),
        other => Err(Error::new(
            Code::Location(if dates { 5_429_513 } else { 5_429_414 }),
            format!(
                "Invalid range: Expected the sortBy field to be a {}, but it was {}",
                if dates { "Date" } else { "number" },
                type_name(Some(other))
            ),
        )),
    }
}

fn shift(key: &Bson, offset: &Bson, unit: Option<Unit>) -> Result<Bson> {
    match (key, unit) {
        (Bson::DateTime(date), Some(unit)) => {
            let amount = Number::of(offset).map_or(0, |number| number.to_f64() as i64);
            add_units(date.timestamp_millis(), unit, amount)
                .map(|millis| Bson::DateTime(DateTime::from_millis(millis)))
                .ok_or_else(|| Error::new(Code::Overflow, "a window's bound lies beyond the dates"))
        }
        _ => match (Number::of(key), Number::of(offset)) {
            (Some(key), Some(offset)) => Ok(key.add(offset).into()),
            _ => Ok(key.clone()),
        },
    }
}

fn ends(value: &Bson, name: &str, check: impl Fn(&Bson) -> Result<()>) -> Result<(Bound, Bound)> {
    let Bson::Array(items) = value else {
        return Err(failed(format!("Window bounds '{name}' must be an array of two elements")));
    };
    let [lower, upper] = items.as_slice() else {
        return Err(failed(format!("Window bounds '{name}' must be an array of two elements")));
    };
    let bound = |value: &Bson| match value {
        Bson::String(word) if word == "unbounded" => Ok(Bound::Unbounded),
        Bson::String(word) if word == "current" => Ok(Bound::Offset(Bson::Int32(0))),
        Bson::String(word) => {
            Err(failed(format!("Window bounds must be 'unbounded', 'current', or a number, but found '{word}'")))
        }
        other => {
            check(other)?;
            Ok(Bound::Offset(other.clone()))
        }
    };
    Ok((bound(lower)?, bound(upper)?))
}

/// The fields of a function's object argument.
pub(super) fn argument<'d>(name: &str, value: &'d Bson, known: &[&str]) -> Result<&'d Document> {
    let Bson::Document(document) = value else {
        return Err(failed(format!("{name} expects an object")));
    };
    match document.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(failed(format!("{name} got unexpected argument: {key}"))),
        None => Ok(document),
    }
}
