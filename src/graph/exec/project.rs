//! Computing columns and choosing slots.

use super::{Operate, Row, Running, Runtime, put, slot, widened};
use crate::graph::Result;
use crate::graph::eval::evaluate;
use crate::graph::plan::{Project, Slot};
use crate::value::graph::Value;
use std::sync::Arc;

/// Computes expressions into slots.
pub struct Projecting {
    pub input: Running,
    pub project: Arc<Project>,
}

impl Operate for Projecting {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        let Some(row) = self.input.next(rt)? else { return Ok(None) };
        let mut out =
            if self.project.fresh { vec![Value::Null; self.project.width] } else { widened(&row, self.project.width) };
        for (slot, expr) in &self.project.items {
            put(&mut out, *slot, evaluate(expr, &row, rt)?);
        }
        Ok(Some(out))
    }
}

/// A new row of some slots.
pub struct Choosing {
    pub input: Running,
    pub slots: Arc<[Slot]>,
}

impl Operate for Choosing {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        let row = self.input.next(rt)?;
        Ok(row.map(|row| self.slots.iter().map(|&at| slot(&row, at).clone()).collect()))
    }
}
