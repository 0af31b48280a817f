//! Dropping rows: Filter, Distinct, Skip, Limit.

use super::{Operate, Row, Running, Runtime};
use crate::graph::eval::{Compiled, evaluate, evaluate_predicate};
use crate::graph::{Detail, Error, Kind, Result};
use crate::value::graph::{GroupKey, Value};
use std::collections::HashSet;
use std::sync::Arc;

/// Rows for which a predicate is true.
pub struct Filtering {
    pub input: Running,
    pub predicate: Arc<Compiled>,
}

impl Operate for Filtering {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        while let Some(row) = self.input.next(rt)? {
            if evaluate_predicate(&self.predicate, &row, rt)? {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }
}

/// Rows that are not equivalent to an earlier one.
pub struct Deduplicating {
    pub input: Running,
    pub seen: HashSet<GroupKey>,
}

impl Operate for Deduplicating {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        while let Some(row) = self.input.next(rt)? {
            if self.seen.insert(GroupKey(Value::List(row.clone()))) {
                rt.check_size(self.seen.len(), "DISTINCT")?;
                return Ok(Some(row));
            }
        }
        Ok(None)
    }
}

/// Leaves out the first rows.
pub struct Skipping {
    pub input: Running,
    pub count: Arc<Compiled>,
    pub started: bool,
}

impl Operate for Skipping {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        if !self.started {
            self.started = true;
            for _ in 0..count_of(&self.count, "SKIP", rt)? {
                if self.input.next(rt)?.is_none() {
                    return Ok(None);
                }
            }
        }
        self.input.next(rt)
    }
}

/// Stops after so many rows.
pub struct Limiting {
    pub input: Running,
    pub count: Arc<Compiled>,
    pub left: Option<u64>,
}

impl Operate for Limiting {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        let left = match self.left {
            Some(left) => left,
            None => {
                let count = count_of(&self.count, "LIMIT", rt)?;
                if count == 0 {
                    // Clauses that write have run, whatever is made of their rows.
                    self.input.next(rt)?;
                }
                count
            }
        };
        self.left = Some(left.saturating_sub(1));
        if left == 0 { Ok(None) } else { self.input.next(rt) }
    }
}

/// The value of SKIP or LIMIT.
pub fn count_of(expr: &Compiled, clause: &str, rt: &Runtime<'_>) -> Result<u64> {
    match evaluate(expr, &[], rt)? {
        Value::Int(count) => u64::try_from(count).map_err(|_| {
            Error::runtime(
                Kind::Syntax,
                Detail::NegativeIntegerArgument,
                format!("Invalid input. '{count}' is not a valid value for {clause}. Must be a non-negative integer."),
            )
        }),
        other => Err(Error::runtime(
            Kind::Syntax,
            Detail::InvalidArgumentType,
            format!("{clause} needs a non-negative integer, not a value of type {}", other.type_name()),
        )),
    }
}
