//! `$setWindowFields`.

mod bounds;
mod functions;

use super::nested;
use super::pipeline::{Compiled, Scope, known_fields, object};
use super::row::{Input, Row, Stage, Variation, pull};
use crate::doc::expression::{Expression, Variables};
use crate::doc::sort::SortSpec;
use crate::doc::spill::{Budget, Part, Sorted, Sorter};
use crate::doc::{Code, Context, Error, Result};
use crate::value::key;
use bounds::Window;
use bson::{Bson, Document};
use functions::Function;
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
        Box::new(Running {
            spec: Rc::clone(&specification),
            variables: variables.clone(),
            at_row: Variation::new(variables),
            input: Some(input),
            sorted: None,
            ahead: None,
            answer: Vec::new().into_iter(),
        })
    }))
}

/// A `$setWindowFields` at work: the rows are sorted by partition and order, and one partition is in memory.
struct Running {
    spec: Rc<Specification>,
    variables: Variables,
    at_row: Variation,
    /// Until it has been read.
    input: Option<Input>,
    sorted: Option<Sorted>,
    /// The first row of the next partition.
    ahead: Option<Keyed>,
    answer: std::vec::IntoIter<Row>,
}

/// A row and its key: of the partition, then of the order.
type Keyed = (Vec<u8>, Row);

impl Stage for Running {
    fn next(&mut self, cx: &mut Context<'_>) -> Result<Option<Row>> {
        let budget = cx.memory.budget(Part::Window, self.variables.disk);
        if let Some(input) = self.input.take() {
            self.sort(input, budget, cx)?;
        }
        loop {
            if let Some(row) = self.answer.next() {
                return Ok(Some(row));
            }
            cx.tx.check_interrupt()?;
            match self.partition(budget)? {
                Some(partition) => self.answer = fill(&self.spec, partition, &self.variables)?.into_iter(),
                None => return Ok(None),
            }
        }
    }
}

impl Running {
    fn sort(&mut self, mut input: Input, budget: Budget, cx: &mut Context<'_>) -> Result<()> {
        let mut sorter = Sorter::new("$setWindowFields", budget, None);
        while let Some(row) = pull(&mut input, cx)? {
            let mut key = self.partition_key(&row)?;
            if let Some(sort) = &self.spec.sort {
                sort.push_key(row.document.view(), &row.metadata, &mut key)?;
            }
            sorter.push(&key, &row)?;
        }
        self.sorted = Some(sorter.finish()?);
        Ok(())
    }

    fn partition_key(&mut self, row: &Row) -> Result<Vec<u8>> {
        let value = match &self.spec.partition {
            None => Bson::Null,
            Some(partition) => partition.evaluate(&row.document, self.at_row.at(row))?.unwrap_or(Bson::Null),
        };
        if matches!(value, Bson::Array(_)) {
            return Err(Error::type_mismatch("An expression used to partition cannot evaluate to value of type array"));
        }
        Ok(key::of(&value))
    }

    /// The rows of the next partition.
    fn partition(&mut self, budget: Budget) -> Result<Option<Partition>> {
        let Some(sorted) = &mut self.sorted else { return Ok(None) };
        let first = match self.ahead.take() {
            Some(first) => Some(first),
            None => sorted.next()?,
        };
        let Some((mut key, mut row)) = first else { return Ok(None) };
        let start = self.partition_key(&row)?;
        let mut partition = Partition { rows: Vec::new(), keys: Vec::new(), axis: Vec::new() };
        let mut bytes = 0;
        loop {
            bytes += key.len() + row.document.bytes().len() + size_of::<Row>();
            if bytes > budget.bytes {
                return Err(too_large(bytes, budget));
            }
            if let Some(sort) = &self.spec.sort {
                partition.axis.push(sort.first_value(row.document.view())?);
                partition.keys.push(key.split_off(start.len()));
            }
            partition.rows.push(row);
            let next = match &mut self.sorted {
                Some(sorted) => sorted.next()?,
                None => None,
            };
            match next {
                // No key is a prefix of another.
                Some(next) if next.0.starts_with(&start) => (key, row) = next,
                other => {
                    self.ahead = other;
                    return Ok(Some(partition));
                }
            }
        }
    }
}

fn too_large(bytes: usize, budget: Budget) -> Error {
    Error::new(
        Code::Location(5_643_011),
        format!("Exceeded max memory. Current memory: {bytes} bytes. Max allowed memory: {} bytes", budget.bytes),
    )
    .hint("$setWindowFields holds one partition in memory: divide the documents further with partitionBy")
}

/// The rows of a partition with their new fields.
fn fill(spec: &Specification, partition: Partition, variables: &Variables) -> Result<Vec<Row>> {
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
