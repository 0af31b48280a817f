//! Updates (MongoDB manual, "Update Operators"): operators, replacement documents and pipelines.

mod arithmetic;
mod array;
mod field;
mod parse;
mod path;
mod upsert;

pub use upsert::seed;

use super::aggregate::Updater;
use super::expression::Variables;
use super::path::Position;
use super::query::Filter;
use super::sort::SortSpec;
use super::{Code, Error, Result};
use crate::value::order;
use array::Condition;
use bson::{Bson, Document};
use path::{Concrete, Target};

/// A compiled update.
#[derive(Debug, Clone)]
pub enum Update {
    /// `{ $set: …, $inc: … }`
    Operators(Operators),
    /// A whole document.
    Replacement(Document),
    /// `[ { $set: … }, … ]`
    Pipeline(Updater),
}

/// The operators of an update in the order in which they apply: that of their paths.
#[derive(Debug, Clone)]
pub struct Operators {
    changes: Vec<(Target, Operator)>,
    filters: Vec<(String, Filter)>,
}

/// One operator with its operand.
#[derive(Debug, Clone)]
pub(super) enum Operator {
    Set(Bson),
    SetOnInsert(Bson),
    Unset,
    Rename(String),
    Minimum(Bson),
    Maximum(Bson),
    CurrentDate { timestamp: bool },
    Increment(Bson),
    Multiply(Bson),
    Bitwise(Vec<(arithmetic::Bitwise, Bson)>),
    Push { values: Vec<Bson>, slice: Option<i64>, sort: Option<ArraySort>, position: Option<i64> },
    AddToSet(Vec<Bson>),
    Pull(Condition),
    PullAll(Vec<Bson>),
    Pop { first: bool },
}

/// `$push … $sort`
#[derive(Debug, Clone)]
pub(super) enum ArraySort {
    /// By the elements themselves.
    Values { descending: bool },
    /// By fields of the elements.
    Fields(SortSpec),
}

/// What an operator does to the value at a path.
enum Change {
    Keep,
    Set(Bson),
    Remove,
}

/// What an update sees beside the document.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'v> {
    /// The position that `$` stands for.
    pub position: Position,
    /// The document is being inserted by an upsert.
    pub inserting: bool,
    /// The time and the variables of `let`.
    pub variables: &'v Variables,
}

impl Update {
    /// Compiles the update of `updateOne` and its kin: operators or a pipeline.
    ///
    /// # Errors
    /// A plain document, unknown operators, conflicting paths (40), array filters that are not used.
    pub fn operators_or_pipeline(update: &Bson, array_filters: &[Bson], variables: &Variables) -> Result<Update> {
        match update {
            Bson::Document(document) if !document.is_empty() && document.keys().all(|key| key.starts_with('$')) => {
                Ok(Update::Operators(parse::operators(document, array_filters, variables)?))
            }
            Bson::Array(stages) if array_filters.is_empty() => {
                Ok(Update::Pipeline(Updater::new(stages, &variables.names())?))
            }
            Bson::Array(_) => {
                Err(Error::failed_to_parse("arrayFilters may not be specified for pipeline-syle updates"))
            }
            Bson::Document(_) => Err(Error::new(Code::InvalidArgument, "Update document requires atomic operators")),
            other => Err(Error::new(
                Code::InvalidArgument,
                format!("the update must be an object or an array, not {}", super::expression::type_name(Some(other))),
            )),
        }
    }

    /// Compiles the replacement of `replaceOne` and its kin.
    ///
    /// # Errors
    /// It holds operators.
    pub fn replacement(document: &Document) -> Result<Update> {
        match document.keys().next() {
            Some(key) if key.starts_with('$') => {
                Err(Error::new(Code::InvalidArgument, "Replacement document must not contain atomic operators"))
            }
            _ => {
                if let Some(key) = document.keys().find(|key| key.starts_with('$')) {
                    return Err(Error::new(
                        Code::DollarPrefixedFieldName,
                        format!(
                            "The dollar ($) prefixed field '{key}' in '{key}' is not allowed in the context of an update's replacement document. \
                             Consider using an aggregation pipeline with $replaceWith."
                        ),
                    ));
                }
                Ok(Update::Replacement(document.clone()))
            }
        }
    }

    /// Compiles an update of any kind, as the legacy methods take it.
    ///
    /// # Errors
    /// As the other two.
    pub fn any(update: &Bson, array_filters: &[Bson], variables: &Variables) -> Result<Update> {
        match update {
            Bson::Document(document) if !document.keys().any(|key| key.starts_with('$')) => Self::replacement(document),
            _ => Self::operators_or_pipeline(update, array_filters, variables),
        }
    }

    /// The updated document. `_id` stays what it is.
    ///
    /// # Errors
    /// What the operators say of the values they meet; 66 for a changed `_id`.
    pub fn apply(&self, document: &Document, moment: Moment<'_>) -> Result<Document> {
        let mut updated = match self {
            Update::Operators(operators) => operators.apply(document, moment)?,
            Update::Replacement(replacement) => replace(document, replacement),
            Update::Pipeline(updater) => updater.apply(document, moment.variables)?,
        };
        let Some(old) = document.get("_id") else { return Ok(updated) };
        match updated.get("_id") {
            Some(new) if order::equal(old, new) => {
                // `1` for `1.0` keeps what is there.
                updated.insert("_id", old.clone());
            }
            None if matches!(self, Update::Pipeline(_)) => {
                let mut ordered = Document::new();
                ordered.insert("_id", old.clone());
                ordered.extend(updated);
                updated = ordered;
            }
            found => {
                let message = match (self, found) {
                    (Update::Replacement(_), _) => format!(
                        "After applying the update, the (immutable) field '_id' was found to have been altered to _id: {}",
                        found.map_or_else(String::new, super::shell_text::value)
                    ),
                    _ => "Performing an update on the path '_id' would modify the immutable field '_id'".to_owned(),
                };
                return Err(Error::new(Code::ImmutableField, message));
            }
        }
        Ok(updated)
    }
}

/// A replacement keeps `_id` and its place at the front.
fn replace(document: &Document, replacement: &Document) -> Document {
    let mut updated = Document::new();
    match (replacement.get("_id"), document.get("_id")) {
        (Some(new), _) => drop(updated.insert("_id", new.clone())),
        (None, Some(old)) => drop(updated.insert("_id", old.clone())),
        (None, None) => {}
    }
    for (name, value) in replacement {
        if name != "_id" {
            updated.insert(name.as_str(), value.clone());
        }
    }
    updated
}

impl Operators {
    fn apply(&self, document: &Document, moment: Moment<'_>) -> Result<Document> {
        let mut updated = document.clone();
        for (target, operator) in &self.changes {
            if matches!(operator, Operator::SetOnInsert(_)) && !moment.inserting {
                continue;
            }
            for place in target.expand(&updated, moment.position, &self.filters)? {
                if let Operator::Rename(to) = operator {
                    field::rename(&mut updated, &place, to)?;
                    continue;
                }
                operator.apply_at(&mut updated, &place, moment)?;
            }
        }
        Ok(updated)
    }
}

impl Operator {
    fn apply_at(&self, document: &mut Document, place: &Concrete, moment: Moment<'_>) -> Result<()> {
        let current = place.get(document);
        let change = match self {
            Operator::Set(value) | Operator::SetOnInsert(value) => Change::Set(value.clone()),
            Operator::Unset => Change::Remove,
            Operator::Minimum(value) => field::extreme(current, value, std::cmp::Ordering::Less),
            Operator::Maximum(value) => field::extreme(current, value, std::cmp::Ordering::Greater),
            Operator::CurrentDate { timestamp } => {
                Change::Set(field::current_date(*timestamp, moment.variables.now_ms))
            }
            Operator::Increment(amount) => arithmetic::increment(current, amount, document, place)?,
            Operator::Multiply(factor) => arithmetic::multiply(current, factor, document, place)?,
            Operator::Bitwise(operations) => arithmetic::bitwise(current, operations, document, place)?,
            Operator::Push { values, slice, sort, position } => {
                array::push(array::items(current, document, place)?, values, *slice, sort.as_ref(), *position)?
            }
            Operator::AddToSet(values) => {
                let collation = moment.variables.collation.as_ref();
                array::add_to_set(array::items(current, document, place)?, values, collation)
            }
            Operator::Pull(condition) => array::pull(current, document, place, |item| condition.holds(item))?,
            Operator::PullAll(values) => {
                let collation = moment.variables.collation.as_ref();
                let gone = |item: &Bson| values.iter().any(|value| array::same(value, item, collation));
                array::pull(current, document, place, |item| Ok(gone(item)))?
            }
            Operator::Pop { first } => array::pop(current, *first, place)?,
            Operator::Rename(_) => Change::Keep,
        };
        match change {
            Change::Keep => Ok(()),
            Change::Set(value) => place.set(document, value),
            Change::Remove => {
                place.remove(document);
                Ok(())
            }
        }
    }
}

/// `{_id: 1}`, as messages name a document.
fn naming(document: &Document) -> String {
    match document.get("_id") {
        Some(id) => format!("{{_id: {}}}", super::shell_text::value(id)),
        None => "{}".to_owned(),
    }
}
