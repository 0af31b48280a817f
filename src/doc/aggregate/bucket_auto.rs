//! `$bucketAuto`: so many groups of about the same size, on preferred numbers if asked.

use super::bucket::{group_by, outputs};
use super::granularity::Granularity;
use super::group::Outputs;
use super::limit::whole;
use super::pipeline::{Compiled, Scope, known_fields, object};
use super::row::{Input, Row, Stage, Variation, pull};
use crate::doc::expression::number::Number;
use crate::doc::expression::{Expression, Variables};
use crate::doc::spill::{Part, Sorted, Sorter};
use crate::doc::{Code, Context, Error, Result};
use crate::value::key;
use crate::value::order::{compare, equal};
use bson::{Bson, Document};
use std::rc::Rc;

pub(super) fn parse(spec: &Bson, scope: &Scope) -> Result<Compiled> {
    let spec = object(40240, "$bucketAuto", spec)?;
    known_fields(40245, "$bucketAuto", spec, &["groupBy", "buckets", "output", "granularity"])?;
    let (Some(by), Some(buckets)) = (spec.get("groupBy"), spec.get("buckets")) else {
        return Err(Error::new(Code::Location(40246), "$bucketAuto requires 'groupBy' and 'buckets' to be specified."));
    };
    let by = group_by("$bucketAuto", 40239, by, scope)?;
    let buckets = whole("$bucketAuto", 40241, buckets)?;
    if buckets == 0 || i32::try_from(buckets).is_err() {
        return Err(Error::new(
            Code::Location(40243),
            "The $bucketAuto 'buckets' field must be greater than 0, and representable as a 32-bit integer",
        ));
    }
    let granularity = match spec.get("granularity") {
        None => None,
        Some(Bson::String(name)) => Some(Granularity::parse(name)?),
        Some(_) => {
            return Err(Error::new(Code::Location(40261), "The $bucketAuto 'granularity' field must be a string"));
        }
    };
    let outputs = Rc::new(outputs("$bucketAuto", 40244, spec.get("output"), scope)?);
    Ok(Compiled::other("$bucketAuto", move |input, variables| {
        Box::new(Running {
            by: by.clone(),
            buckets,
            granularity,
            outputs: Rc::clone(&outputs),
            variables: variables.clone(),
            at_row: Variation::new(variables),
            input: Some(input),
            filled: None,
        })
    }))
}

/// A `$bucketAuto` at work: the rows are sorted by their values, and divided when it is known how many there are.
struct Running {
    by: Expression,
    buckets: u64,
    granularity: Option<Granularity>,
    outputs: Rc<Outputs>,
    variables: Variables,
    at_row: Variation,
    /// Until it has been read.
    input: Option<Input>,
    filled: Option<Filling>,
}

/// Sorted rows being divided.
struct Filling {
    rest: Sorted,
    ahead: Option<(Bson, Row)>,
    size: u64,
    made: u64,
    /// The upper boundary of the bucket before.
    boundary: Option<Bson>,
}

impl Stage for Running {
    fn next(&mut self, cx: &mut Context<'_>) -> Result<Option<Row>> {
        if let Some(mut input) = self.input.take() {
            let budget = cx.memory.budget(Part::BucketAuto, self.variables.disk);
            let mut sorter = Sorter::new("$bucketAuto", budget, None);
            while let Some(row) = pull(&mut input, cx)? {
                let value = self.value(&row)?;
                if self.granularity.is_some() {
                    check_number(&value)?;
                }
                sorter.push(&key::of(&value), &row)?;
            }
            let size = ((sorter.len() as f64 / self.buckets as f64).round() as u64).max(1);
            self.filled = Some(Filling { rest: sorter.finish()?, ahead: None, size, made: 0, boundary: None });
            self.step()?;
        }
        cx.tx.check_interrupt()?;
        self.bucket()
    }
}

impl Running {
    fn value(&mut self, row: &Row) -> Result<Bson> {
        Ok(self.by.evaluate(&row.document, self.at_row.at(row))?.unwrap_or(Bson::Null))
    }

    /// Takes the row ahead, and looks at the one behind it.
    fn step(&mut self) -> Result<Option<(Bson, Row)>> {
        let Some(filling) = &mut self.filled else { return Ok(None) };
        let taken = filling.ahead.take();
        if let Some(row) = filling.rest.next_row()? {
            let value = self.value(&row)?;
            if let Some(filling) = &mut self.filled {
                filling.ahead = Some((value, row));
            }
        }
        Ok(taken)
    }

    fn ahead(&self) -> Option<&Bson> {
        self.filled.as_ref()?.ahead.as_ref().map(|(value, _)| value)
    }

    fn rounded(&self, value: &Bson, up: bool) -> Bson {
        match (self.granularity, Number::of(value)) {
            (Some(granularity), Some(number)) => {
                let number = number.to_f64();
                Bson::Double(if up { granularity.up(number) } else { granularity.down(number) })
            }
            _ => value.clone(),
        }
    }

    /// The next bucket.
    fn bucket(&mut self) -> Result<Option<Row>> {
        let Some((first, row)) = self.step()? else { return Ok(None) };
        let Some(Filling { size, made, boundary, .. }) = &mut self.filled else { return Ok(None) };
        *made += 1;
        let (size, last, before) = (*size, *made == self.buckets, boundary.take());
        let min = match (before, self.granularity) {
            (Some(before), Some(_)) => before,
            (None, Some(_)) => self.rounded(&first, false),
            _ => first.clone(),
        };
        let mut states = self.outputs.start(&Bson::Null, &self.variables)?;
        self.outputs.add(&mut states, row.document.view(), self.at_row.at(&row))?;
        let (mut max, mut count) = (first, 1);
        let mut limit = None;
        loop {
            let full = !last && count >= size;
            if full && limit.is_none() {
                limit = Some(self.granularity.map(|_| self.rounded(&max, true)));
            }
            // Equal values stand in one bucket; with a granularity, all below the rounded boundary do.
            let inside = match (self.ahead(), &limit) {
                (None, _) => false,
                (Some(_), None) => true,
                (Some(next), Some(Some(boundary))) => compare(next, boundary).is_lt(),
                (Some(next), Some(None)) => equal(next, &max),
            };
            if !inside {
                break;
            }
            if let Some((value, row)) = self.step()? {
                self.outputs.add(&mut states, row.document.view(), self.at_row.at(&row))?;
                max = value;
                count += 1;
            }
        }
        if self.granularity.is_some() {
            max = limit.flatten().unwrap_or_else(|| self.rounded(&max, true));
        } else if let Some(next) = self.ahead() {
            // The upper boundary is exclusive but for the last bucket.
            max = next.clone();
        }
        if let Some(filling) = &mut self.filled {
            filling.boundary = Some(max.clone());
        }
        let mut document = Document::new();
        document.insert("_id", bson::doc! { "min": min, "max": max });
        self.outputs.finish(&states, &mut document)?;
        Ok(Some(Row::from(document)))
    }
}

fn check_number(key: &Bson) -> Result<()> {
    match Number::of(key).map(Number::to_f64) {
        None => Err(Error::new(
            Code::Location(40258),
            "$bucketAuto can specify a 'granularity' with numeric boundaries only",
        )),
        Some(number) if number.is_nan() => Err(Error::new(
            Code::Location(40259),
            "$bucketAuto can specify a 'granularity' with numeric boundaries only, but found a value: NaN",
        )),
        Some(number) if number < 0.0 => Err(Error::new(
            Code::Location(40260),
            "$bucketAuto can specify a 'granularity' with non-negative numbers only",
        )),
        Some(_) => Ok(()),
    }
}
