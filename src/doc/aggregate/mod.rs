//! Aggregation pipelines.

pub(crate) mod accumulator;
mod sort_pattern;

use crate::doc::{Code, Error, Result};

/// The components of a field path in a stage's specification.
pub(crate) fn field_path(path: &str) -> Result<Vec<String>> {
    if path.is_empty() {
        return Err(Error::new(Code::Location(40352), "FieldPath cannot be constructed with empty string"));
    }
    crate::doc::expression::split_path(path)
}
