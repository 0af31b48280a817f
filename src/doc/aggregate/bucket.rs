//! `$bucket`: groups by given boundaries.

use super::group::{self, Outputs};
use super::pipeline::{Compiled, Scope, known_fields, object};
use super::sort;
use crate::doc::expression::{Expression, Variables};
use crate::doc::sort::SortSpec;
use crate::doc::{Code, Error, Result};
use crate::value::order::{bracket, compare};
use bson::{Bson, Document, doc};
use std::cmp::Ordering;

fn fail(number: i32, message: impl Into<String>) -> Error {
    Error::new(Code::Location(number), message)
}

/// The expression of `groupBy`: a path or an operator.
pub(super) fn group_by(stage: &str, number: i32, value: &Bson, scope: &Scope) -> Result<Expression> {
    let proper = match value {
        Bson::String(path) => path.starts_with('$'),
        Bson::Document(_) => true,
        _ => false,
    };
    if !proper {
        return Err(fail(
            number,
            format!(
                "The {stage} 'groupBy' field must be defined as a $-prefixed path or an expression, but found: {value}"
            ),
        ));
    }
    Expression::parse_with(value, &scope.declared)
}

/// The accumulators of `output`; by default a count.
pub(super) fn outputs(stage: &str, number: i32, spec: Option<&Bson>, scope: &Scope) -> Result<Outputs> {
    let mut outputs = Outputs::default();
    match spec {
        None => outputs.push("count", &Bson::Document(doc! { "$sum": 1 }), scope)?,
        Some(Bson::Document(document)) => {
            for (name, value) in document {
                outputs.push(name, value, scope)?;
            }
        }
        Some(other) => {
            return Err(fail(
                number,
                format!(
                    "The {stage} 'output' field must be an object, but found type: {}",
                    crate::doc::expression::type_name(Some(other))
                ),
            ));
        }
    }
    Ok(outputs)
}

pub(super) fn parse(spec: &Bson, scope: &Scope) -> Result<Vec<Compiled>> {
    let spec = object(40201, "$bucket", spec)?;
    known_fields(40197, "$bucket", spec, &["groupBy", "boundaries", "default", "output"])?;
    let (Some(by), Some(boundaries)) = (spec.get("groupBy"), spec.get("boundaries")) else {
        return Err(fail(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified."));
    };
    group_by("$bucket", 40202, by, scope)?;
    let outputs = outputs("$bucket", 40196, spec.get("output"), scope)?;
    let boundaries = boundaries_of(boundaries, scope)?;
    let default = spec.get("default").map(|value| constant(value, scope, 40195, "default")).transpose()?;
    check(&boundaries, default.as_ref())?;
    // As the server does: the bucket is chosen by a $switch.
    let branches: Vec<Bson> = boundaries
        .windows(2)
        .filter_map(|pair| {
            let [low, high] = pair else { return None };
            Some(Bson::Document(doc! {
                "case": { "$and": [
                    { "$gte": [by.clone(), { "$literal": low.clone() }] },
                    { "$lt": [by.clone(), { "$literal": high.clone() }] },
                ] },
                "then": { "$literal": low.clone() },
            }))
        })
        .collect();
    let mut switch: Document = doc! { "branches": branches };
    if let Some(default) = default {
        switch.insert("default", doc! { "$literal": default });
    }
    let id = Expression::parse_with(&Bson::Document(doc! { "$switch": switch }), &scope.declared)?;
    Ok(vec![group::compiled(id, outputs), sort::compiled(SortSpec::of_stage(&doc! { "_id": 1 })?, None)])
}

fn constant(value: &Bson, scope: &Scope, number: i32, what: &str) -> Result<Bson> {
    let expression = Expression::parse_with(value, &scope.declared)?;
    match expression.as_constant() {
        Some(value) => Ok(value.clone()),
        None => expression
            .evaluate(&Document::new(), &Variables::new(0))?
            .filter(|_| !matches!(value, Bson::String(_)))
            .ok_or_else(|| fail(number, format!("The $bucket '{what}' field must be a constant"))),
    }
}

fn boundaries_of(value: &Bson, scope: &Scope) -> Result<Vec<Bson>> {
    let Bson::Array(items) = value else {
        return Err(fail(
            40200,
            format!(
                "The $bucket 'boundaries' field must be an array, but found type: {}.",
                crate::doc::expression::type_name(Some(value))
            ),
        ));
    };
    items.iter().map(|item| constant(item, scope, 40191, "boundaries")).collect()
}

fn check(boundaries: &[Bson], default: Option<&Bson>) -> Result<()> {
    let (Some(first), Some(last)) = (boundaries.first(), boundaries.last()) else {
        return Err(fail(40192, "The $bucket 'boundaries' field must have at least 2 values, but found 0 value(s)."));
    };
    if boundaries.len() < 2 {
        return Err(fail(40192, "The $bucket 'boundaries' field must have at least 2 values, but found 1 value(s)."));
    }
    for pair in boundaries.windows(2) {
        let [low, high] = pair else { continue };
        if bracket(low) != bracket(high) {
            return Err(fail(40193, "All values in the the 'boundaries' option to $bucket must have the same type."));
        }
        if compare(low, high) != Ordering::Less {
            return Err(fail(
                40194,
                format!(
                    "The 'boundaries' option to $bucket must be sorted in ascending order, but {low} is not less than {high}"
                ),
            ));
        }
    }
    if let Some(default) = default
        && compare(default, first) != Ordering::Less
        && compare(default, last) == Ordering::Less
    {
        return Err(fail(
            40199,
            "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.",
        ));
    }
    Ok(())
}
