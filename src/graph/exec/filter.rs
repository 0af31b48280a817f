//! Dropping rows: Filter, Distinct, Skip, Limit.

use super::memo::NodeMemo;
use super::memory::Held;
use super::{Operate, Row, Running, Runtime, kept, slot};
use crate::graph::eval::{Compiled, evaluate, evaluate_predicate};
use crate::graph::plan::Condition;
use crate::graph::{Detail, Error, Kind, Result};
use crate::value::graph::{GroupKey, Value};
use std::collections::HashSet;
use std::sync::Arc;

/// A condition being tested; what it says of single nodes is remembered.
pub struct Testing {
    condition: Arc<Condition>,
    /// 1: false, 2: true.
    known: NodeMemo<u8>,
}

impl Testing {
    /// Nothing was tested yet.
    pub fn new(condition: Arc<Condition>) -> Self {
        Testing { condition, known: NodeMemo::new() }
    }

    /// Whether the condition is true for a row.
    pub fn holds(&mut self, rt: &Runtime<'_>, row: &Row) -> Result<bool> {
        let Some(at) = self.condition.about_node else {
            return evaluate_predicate(&self.condition.predicate, row, rt);
        };
        let Value::Node(node) = slot(row, at) else {
            return evaluate_predicate(&self.condition.predicate, row, rt);
        };
        match self.known.place(rt, *node)? {
            Some(1) => Ok(false),
            Some(2) => Ok(true),
            Some(place) => {
                let holds = evaluate_predicate(&self.condition.predicate, row, rt)?;
                *place = 1 + u8::from(holds);
                Ok(holds)
            }
            None => evaluate_predicate(&self.condition.predicate, row, rt),
        }
    }
}

/// Rows for which a predicate is true.
pub struct Filtering {
    pub input: Running,
    pub condition: Testing,
}

impl Operate for Filtering {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        while self.input.next(rt, row)? {
            if self.condition.holds(rt, row)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Rows that are not equivalent to an earlier one.
pub struct Deduplicating {
    pub input: Running,
    /// Only these slots are compared.
    pub width: usize,
    pub seen: HashSet<GroupKey>,
    pub held: Held,
}

impl Operate for Deduplicating {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        while self.input.next(rt, row)? {
            let key = match self.width {
                1 => GroupKey(slot(row, 0).clone()),
                width => GroupKey(Value::List(kept(row, width))),
            };
            if !self.seen.contains(&key) {
                self.held.add(std::slice::from_ref(&key.0), "DISTINCT")?;
                self.seen.insert(key);
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Leaves out the first rows.
pub struct Skipping {
    pub input: Running,
    pub count: Arc<Compiled>,
    pub started: bool,
}

impl Operate for Skipping {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        if !self.started {
            self.started = true;
            for _ in 0..count_of(&self.count, "SKIP", rt)? {
                if !self.input.next(rt, row)? {
                    return Ok(false);
                }
            }
        }
        self.input.next(rt, row)
    }
}

/// Stops after so many rows.
pub struct Limiting {
    pub input: Running,
    pub count: Arc<Compiled>,
    pub left: Option<u64>,
}

impl Operate for Limiting {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        let left = match self.left {
            Some(left) => left,
            None => {
                let count = count_of(&self.count, "LIMIT", rt)?;
                if count == 0 {
                    // Clauses that write have run, whatever is made of their rows.
                    self.input.next(rt, row)?;
                }
                count
            }
        };
        self.left = Some(left.saturating_sub(1));
        if left == 0 { Ok(false) } else { self.input.next(rt, row) }
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
