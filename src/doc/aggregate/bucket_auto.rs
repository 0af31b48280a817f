//! `$bucketAuto`: so many groups of about the same size, on preferred numbers if asked.

use super::bucket::{group_by, outputs};
use super::granularity::Granularity;
use super::group::Outputs;
use super::limit::whole;
use super::pipeline::{Compiled, Scope, known_fields, object};
use super::row::{Blocking, Row, Variation, pull};
use crate::doc::expression::Variables;
use crate::doc::expression::number::Number;
use crate::doc::{Code, Error, Result};
use crate::value::order::{compare, equal};
use bson::{Bson, Document};
use std::collections::VecDeque;
use std::rc::Rc;

struct Bucket {
    min: Bson,
    max: Bson,
    rows: Vec<Row>,
}

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
        let (by, outputs, variables) = (by.clone(), Rc::clone(&outputs), variables.clone());
        Blocking::boxed(input, move |input, cx| {
            let mut at_row = Variation::new(&variables);
            let mut rows: Vec<(Bson, Row)> = Vec::new();
            while let Some(row) = pull(input, cx)? {
                let key = by.evaluate(&row.document, at_row.at(&row))?.unwrap_or(Bson::Null);
                if granularity.is_some() {
                    check_number(&key)?;
                }
                rows.push((key, row));
            }
            rows.sort_by(|a, b| compare(&a.0, &b.0));
            let filled = fill(rows, usize::try_from(buckets).unwrap_or(usize::MAX), granularity);
            filled.into_iter().map(|bucket| finish(bucket, &outputs, &variables)).collect()
        })
    }))
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

fn fill(rows: Vec<(Bson, Row)>, buckets: usize, granularity: Option<Granularity>) -> Vec<Bucket> {
    let total = rows.len();
    let size = ((total as f64 / buckets as f64).round() as usize).max(1);
    let mut filled: Vec<Bucket> = Vec::new();
    let mut rest: VecDeque<(Bson, Row)> = rows.into();
    let rounded = |value: &Bson, up: bool| match (granularity, Number::of(value)) {
        (Some(granularity), Some(number)) => {
            let number = number.to_f64();
            Bson::Double(if up { granularity.up(number) } else { granularity.down(number) })
        }
        _ => value.clone(),
    };
    while let Some((first, row)) = rest.pop_front() {
        let last = filled.len() + 1 == buckets;
        let min = match (filled.last(), granularity) {
            (Some(previous), Some(_)) => previous.max.clone(),
            (None, Some(_)) => rounded(&first, false),
            _ => first.clone(),
        };
        let mut bucket = Bucket { min, max: first, rows: vec![row] };
        while last || bucket.rows.len() < size {
            let Some((key, row)) = rest.pop_front() else { break };
            bucket.max = key;
            bucket.rows.push(row);
        }
        // Equal values stand in one bucket; with a granularity, all below the rounded boundary do.
        let boundary = granularity.map(|_| rounded(&bucket.max, true));
        while let Some((key, _)) = rest.front() {
            let inside = match &boundary {
                Some(boundary) => compare(key, boundary).is_lt(),
                None => equal(key, &bucket.max),
            };
            if !inside {
                break;
            }
            if let Some((key, row)) = rest.pop_front() {
                bucket.max = key;
                bucket.rows.push(row);
            }
        }
        if let Some(boundary) = boundary {
            bucket.max = boundary;
        } else if let Some((next, _)) = rest.front() {
            // The upper boundary is exclusive but for the last bucket.
            bucket.max = next.clone();
        }
        filled.push(bucket);
    }
    filled
}

fn finish(bucket: Bucket, outputs: &Outputs, variables: &Variables) -> Result<Row> {
    let id = Bson::Document(bson::doc! { "min": bucket.min, "max": bucket.max });
    let mut at_row = Variation::new(variables);
    let mut states = outputs.start(&id, variables)?;
    for row in &bucket.rows {
        outputs.add(&mut states, row.document.view(), at_row.at(row))?;
    }
    let mut document = Document::new();
    document.insert("_id", id);
    outputs.finish(&states, &mut document)?;
    Ok(Row::from(document))
}
