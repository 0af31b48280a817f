//! `$densify`: documents for the missing steps of a series.

use super::nested;
use super::pipeline::{Compiled, Scope, known_fields, object};
use super::row::{Blocking, Row, drain};
use crate::doc::expression::number::Number;
use crate::doc::expression::{Unit, add_units, type_name};
use crate::doc::{Code, Error, Result};
use crate::value::order::{BsonKey, compare, equal, is_nullish};
use crate::value::view::View;
use bson::{Bson, DateTime, Document};
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

/// The most documents one stage makes.
const MOST: usize = 500_000;

struct Densify {
    field: Vec<String>,
    partition: Vec<Vec<String>>,
    step: Bson,
    unit: Option<Unit>,
    bounds: Bounds,
}

enum Bounds {
    Full,
    Partition,
    Explicit(Box<(Bson, Bson)>),
}

fn failed(message: impl Into<String>) -> Error {
    Error::failed_to_parse(message)
}

pub(super) fn parse(spec: &Bson, _: &Scope) -> Result<Compiled> {
    let spec = object(5_733_201, "$densify", spec)?;
    known_fields(40415, "$densify", spec, &["field", "partitionByFields", "range"])?;
    let field = match spec.get("field") {
        Some(Bson::String(field)) => super::field_path(field)?,
        _ => return Err(failed("BSON field '$densify.field' must be a string")),
    };
    let partition = match spec.get("partitionByFields") {
        None => Vec::new(),
        Some(Bson::Array(items)) => items
            .iter()
            .map(|item| match item {
                Bson::String(path) => super::field_path(path),
                _ => Err(failed("$densify partitionByFields must be strings")),
            })
            .collect::<Result<_>>()?,
        Some(_) => return Err(failed("BSON field '$densify.partitionByFields' must be an array")),
    };
    if partition.iter().any(|path| path.starts_with(&field) || field.starts_with(path)) {
        return Err(Error::new(
            Code::Location(8_993_000),
            "BSON field '$densify.partitionByFields' contains the field that is densified",
        ));
    }
    let Some(Bson::Document(range)) = spec.get("range") else {
        return Err(failed("BSON field '$densify.range' must be an object"));
    };
    known_fields(40415, "$densify.range", range, &["step", "bounds", "unit"])?;
    let unit = match range.get("unit") {
        None => None,
        Some(Bson::String(name)) => Some(Unit::parse(name)?),
        Some(_) => return Err(failed("The unit of $densify must be a string")),
    };
    let step = range.get("step").cloned().ok_or_else(|| failed("BSON field '$densify.range.step' is missing"))?;
    match Number::of(&step).map(Number::to_f64) {
        Some(number) if number > 0.0 => {
            if unit.is_some() && number.fract() != 0.0 {
                return Err(Error::new(
                    Code::Location(6_586_400),
                    "The step parameter in a range statement must be a whole number when densifying a date range",
                ));
            }
        }
        Some(_) => {
            return Err(Error::new(
                Code::Location(5_733_401),
                "the step parameter in a range statement must be a strictly positive numeric value",
            ));
        }
        None => return Err(Error::type_mismatch("the step parameter in a range statement must be a number")),
    }
    let bounds = match range.get("bounds") {
        Some(Bson::String(word)) if word == "full" => Bounds::Full,
        Some(Bson::String(word)) if word == "partition" => {
            if partition.is_empty() {
                return Err(Error::new(
                    Code::Location(5_733_408),
                    "one may not specify the bounds as 'partition' without specifying a non-empty array of partition fields",
                ));
            }
            Bounds::Partition
        }
        Some(Bson::Array(items)) => match items.as_slice() {
            [low, high] => {
                for bound in [low, high] {
                    check(bound, unit.is_some())?;
                }
                if compare(low, high).is_gt() {
                    return Err(Error::new(
                        Code::Location(5_733_402),
                        "the bounds in a range statement must be the strings 'full', 'partition', or an ascending array of two numbers or two dates",
                    ));
                }
                Bounds::Explicit(Box::new((low.clone(), high.clone())))
            }
            _ => {
                return Err(Error::new(
                    Code::Location(5_733_403),
                    "a bounding array in a range statement must have exactly two elements",
                ));
            }
        },
        _ => {
            return Err(Error::new(
                Code::Location(5_946_802),
                "the bounds in a range statement must be the string 'full', 'partition', or an ascending array of two numbers or two dates",
            ));
        }
    };
    let densify = Rc::new(Densify { field, partition, step, unit, bounds });
    Ok(Compiled::other("$densify", move |input, _| {
        let densify = Rc::clone(&densify);
        Blocking::boxed(input, move |input, cx| densify.run(drain(input, cx)?))
    }))
}

fn check(value: &Bson, dates: bool) -> Result<()> {
    match value {
        Bson::DateTime(_) if dates => Ok(()),
        Bson::DateTime(_) => Err(Error::new(Code::Location(6_053_600), "$densify of dates requires a unit")),
        value if Number::of(value).is_some() && !dates => Ok(()),
        value => Err(Error::new(
            Code::Location(if dates { 6_053_600 } else { 5_733_201 }),
            format!(
                "Densify field type must be {}, found {}",
                if dates { "a date" } else { "numeric" },
                type_name(Some(value))
            ),
        )),
    }
}

impl Densify {
    fn run(&self, rows: Vec<Row>) -> Result<VecDeque<Row>> {
        let mut answer = VecDeque::new();
        let mut places: HashMap<BsonKey, usize> = HashMap::new();
        let mut partitions: Vec<(Document, Vec<(Bson, Row)>)> = Vec::new();
        let (mut least, mut greatest): (Option<Bson>, Option<Bson>) = (None, None);
        for row in rows {
            let value = nested::get(&row.document, &self.field).map(View::to_bson);
            let Some(value) = value.filter(|value| !is_nullish(Some(value))) else {
                answer.push_back(row);
                continue;
            };
            check(&value, self.unit.is_some())?;
            if least.as_ref().is_none_or(|known| compare(&value, known).is_lt()) {
                least = Some(value.clone());
            }
            if greatest.as_ref().is_none_or(|known| compare(&value, known).is_gt()) {
                greatest = Some(value.clone());
            }
            let mut key = Document::new();
            for path in &self.partition {
                if let Some(value) = nested::get(&row.document, path) {
                    nested::set_in(&mut key, path, value.to_bson());
                }
            }
            let place = *places.entry(BsonKey(Bson::Document(key.clone()))).or_insert_with(|| {
                partitions.push((key, Vec::new()));
                partitions.len() - 1
            });
            if let Some((_, rows)) = partitions.get_mut(place) {
                rows.push((value, row));
            }
        }
        if partitions.is_empty() && self.partition.is_empty() && matches!(self.bounds, Bounds::Explicit(..)) {
            partitions.push((Document::new(), Vec::new()));
        }
        let mut made = 0;
        for (key, mut rows) in partitions {
            rows.sort_by(|a, b| compare(&a.0, &b.0));
            let (low, high, whole) = match &self.bounds {
                Bounds::Explicit(range) => (Some(range.0.clone()), Some(range.1.clone()), false),
                Bounds::Full => (least.clone(), greatest.clone(), true),
                Bounds::Partition => {
                    (rows.first().map(|row| row.0.clone()), rows.last().map(|row| row.0.clone()), true)
                }
            };
            let (Some(low), Some(high)) = (low, high) else { continue };
            self.fill(&key, rows.into(), &low, &high, whole, &mut made, &mut answer)?;
        }
        Ok(answer)
    }

    #[allow(clippy::too_many_arguments, reason = "one partition's whole state")]
    fn fill(
        &self,
        key: &Document,
        mut rows: VecDeque<(Bson, Row)>,
        low: &Bson,
        high: &Bson,
        include_high: bool,
        made: &mut usize,
        answer: &mut VecDeque<Row>,
    ) -> Result<()> {
        let mut count = 0i64;
        loop {
            let value = self.step(low, count)?;
            let order = compare(&value, high);
            if order.is_gt() || (order.is_eq() && !include_high) {
                break;
            }
            while rows.front().is_some_and(|(known, _)| compare(known, &value).is_lt()) {
                answer.extend(rows.pop_front().map(|(_, row)| row));
            }
            let there = rows.front().is_some_and(|(known, _)| equal(known, &value));
            if !there {
                *made += 1;
                if *made > MOST {
                    return Err(Error::new(
                        Code::Location(5_897_900),
                        format!("Generated {made} documents in $densify, which is over the limit of {MOST}"),
                    ));
                }
                let mut document = key.clone();
                nested::set_in(&mut document, &self.field, value);
                answer.push_back(Row::from(document));
            }
            count += 1;
        }
        answer.extend(rows.into_iter().map(|(_, row)| row));
        Ok(())
    }

    /// `low` moved by `count` steps.
    fn step(&self, low: &Bson, count: i64) -> Result<Bson> {
        let beyond = || Error::new(Code::Overflow, "$densify went beyond the largest value");
        match (low, self.unit) {
            (Bson::DateTime(date), Some(unit)) => {
                let step = Number::of(&self.step).map_or(1, |step| step.to_f64() as i64);
                let amount = step.checked_mul(count).ok_or_else(beyond)?;
                let millis = add_units(date.timestamp_millis(), unit, amount).ok_or_else(beyond)?;
                Ok(Bson::DateTime(DateTime::from_millis(millis)))
            }
            _ => match (Number::of(low), Number::of(&self.step)) {
                (Some(low), Some(step)) => {
                    let count = i32::try_from(count).map_or(Number::Long(count), Number::Int);
                    Ok(low.add(step.multiply(count)).into())
                }
                _ => Err(beyond()),
            },
        }
    }
}
