//! `$setWindowFields`.

mod bounds;
mod functions;

use super::nested;
use super::pipeline::{Compiled, Scope, known_fields, object};
use super::row::{Blocking, Input, Row, Variation, drain};
use crate::doc::expression::{Expression, Variables};
use crate::doc::sort::SortSpec;
use crate::doc::{Code, Context, Error, Result};
use crate::value::order::BsonKey;
use bounds::Window;
use bson::{Bson, Document};
use functions::Function;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

struct Specification {
    partition: Option<Expression>,
    sort: Option<SortSpec>,
    outputs: Vec<(Vec<String>, Function, Window)>,
}

/// The rows of one partition in order, with their sort keys.
pub(super) struct Partition {
    pub rows: Vec<Row>,
    pub keys: Vec<Vec<u8>>,
    /// The value that each row is sorted by first.
    pub axis: Vec<Bson>,
}

pub(super) fn parse(spec: &Bson, scope: &Scope) -> Result<Compiled> {
    let spec = object(9, "$setWindowFields", spec)?;
    known_fields(40415, "$setWindowFields", spec, &["partitionBy", "sortBy", "output"])?;
    let partition = spec.get("partitionBy").map(|value| Expression::parse_with(value, &scope.declared)).transpose()?;
    let sort = match spec.get("sortBy") {
        None => None,
        Some(Bson::Document(sort)) if sort.is_empty() => None,
        Some(Bson::Document(sort)) => Some(SortSpec::of_stage(sort)?),
        Some(_) => {
            return Err(Error::type_mismatch(
                "BSON field '$setWindowFields.sortBy' is the wrong type, expected type 'object'",
            ));
        }
    };
    let output = match spec.get("output") {
        Some(Bson::Document(output)) => output,
        Some(_) => {
            return Err(Error::type_mismatch(
                "BSON field '$setWindowFields.output' is the wrong type, expected type 'object'",
            ));
        }
        None => {
            return Err(Error::new(
                Code::Location(40414),
                "BSON field '$setWindowFields.output' is missing but a required field",
            ));
        }
    };
    let mut outputs: Vec<(Vec<String>, Function, Window)> = Vec::with_capacity(output.len());
    for (name, value) in output {
        let Bson::Document(function) = value else {
            return Err(Error::failed_to_parse("The field 'output' must be an object of window functions"));
        };
        let path = super::field_path(name)?;
        if outputs.iter().any(|(other, ..)| other.starts_with(&path) || path.starts_with(other)) {
            return Err(Error::new(
                Code::Location(40176),
                format!("specification contains two conflicting paths: {name}"),
            ));
        }
        let (function, window) = functions::parse(function, sort.as_ref(), scope)?;
        outputs.push((path, function, window));
    }
    let specification = Rc::new(Specification { partition, sort, outputs });
    Ok(Compiled::other("$setWindowFields", move |input, variables| {
        let specification = Rc::clone(&specification);
        let variables = variables.clone();
        Blocking::boxed(input, move |input, cx| run(&specification, input, &variables, cx))
    }))
}

fn run(spec: &Specification, input: &mut Input, variables: &Variables, cx: &mut Context<'_>) -> Result<VecDeque<Row>> {
    let rows = drain(input, cx)?;
    let mut at_row = Variation::new(variables);
    let mut places: HashMap<BsonKey, usize> = HashMap::new();
    let mut partitions: Vec<(BsonKey, Vec<Row>)> = Vec::new();
    for row in rows {
        let key = match &spec.partition {
            None => Bson::Null,
            Some(partition) => partition.evaluate(&row.document, at_row.at(&row))?.unwrap_or(Bson::Null),
        };
        if matches!(key, Bson::Array(_)) {
            return Err(Error::type_mismatch("An expression used to partition cannot evaluate to value of type array"));
        }
        let key = BsonKey(key);
        let place = match places.get(&key) {
            Some(place) => *place,
            None => {
                places.insert(key.clone(), partitions.len());
                partitions.push((key, Vec::new()));
                partitions.len() - 1
            }
        };
        if let Some((_, rows)) = partitions.get_mut(place) {
            rows.push(row);
        }
    }
    partitions.sort_by(|a, b| a.0.cmp(&b.0));
    let mut answer = VecDeque::new();
    for (_, rows) in partitions {
        cx.tx.check_interrupt()?;
        answer.extend(run_partition(spec, rows, variables)?);
    }
    Ok(answer)
}

fn run_partition(spec: &Specification, rows: Vec<Row>, variables: &Variables) -> Result<Vec<Row>> {
    let mut partition = Partition { rows: Vec::new(), keys: Vec::new(), axis: Vec::new() };
    match &spec.sort {
        None => partition.rows = rows,
        Some(sort) => {
            let mut keyed: Vec<(Vec<u8>, Row)> = rows
                .into_iter()
                .map(|row| Ok((sort.key(&row.document, &row.metadata)?, row)))
                .collect::<Result<_>>()?;
            keyed.sort_by(|a, b| a.0.cmp(&b.0));
            for (key, row) in keyed {
                partition.axis.push(sort.first_value(row.document.view())?);
                partition.keys.push(key);
                partition.rows.push(row);
            }
        }
    }
    let mut columns = Vec::with_capacity(spec.outputs.len());
    for (_, function, window) in &spec.outputs {
        columns.push(function.evaluate(window, &partition, variables)?.into_iter());
    }
    let mut rows = partition.rows;
    for row in &mut rows {
        for ((path, ..), column) in spec.outputs.iter().zip(&mut columns) {
            match column.next().flatten() {
                Some(value) => match path.as_slice() {
                    [field] => row.document.set(field, value),
                    path => set_through_arrays(row.document.decode(), path, value),
                },
                None => nested::remove(&mut row.document, path),
            }
        }
    }
    Ok(rows)
}

/// As `$addFields` sets a dotted path: in each element of arrays on the way.
fn set_through_arrays(document: &mut Document, path: &[String], value: Bson) {
    let Some((first, rest)) = path.split_first() else { return };
    if let (false, Some(Bson::Array(items))) = (rest.is_empty(), document.get_mut(first)) {
        for item in items {
            let mut inner = match std::mem::take(item) {
                Bson::Document(inner) => inner,
                _ => Document::new(),
            };
            set_through_arrays(&mut inner, rest, value.clone());
            *item = Bson::Document(inner);
        }
        return;
    }
    nested::set_in(document, path, value);
}
