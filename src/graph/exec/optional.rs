//! OPTIONAL MATCH.

use super::open::open_in_place;
use super::{Operate, Row, Running, Runtime, put};
use crate::graph::Result;
use crate::graph::plan::PlanRef;
use crate::value::graph::Value;
use std::ops::Range;

/// For each row, those of the inner plan, or the row itself with nulls.
pub struct Optionally {
    pub input: Running,
    pub inner: PlanRef,
    /// The slots that the inner plan sets.
    pub slots: Range<usize>,
    /// The inner plan on the current row, and whether it has given a row.
    pub current: Option<(Running, bool)>,
}

impl Operate for Optionally {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        loop {
            if let Some((inner, found)) = &mut self.current {
                if inner.next(rt, row)? {
                    *found = true;
                    return Ok(true);
                }
                let alone = !*found;
                self.current = None;
                if alone {
                    self.slots.clone().for_each(|at| put(row, at, Value::Null));
                    return Ok(true);
                }
            }
            if !self.input.next(rt, row)? {
                return Ok(false);
            }
            self.current = Some((open_in_place(&self.inner, rt), false));
        }
    }
}
