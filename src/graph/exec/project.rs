//! Computing columns and choosing slots.

use super::{Operate, Row, Running, Runtime, put, slot};
use crate::graph::Result;
use crate::graph::eval::evaluate;
use crate::graph::plan::{Project, Slot};
use std::sync::Arc;

/// Computes expressions into slots behind those of the row.
pub struct Extending {
    pub input: Running,
    pub project: Arc<Project>,
}

impl Operate for Extending {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        let more = self.input.next(rt, row)?;
        if more {
            for (slot, expr) in &self.project.items {
                let value = evaluate(expr, row, rt)?;
                put(row, *slot, value);
            }
        }
        Ok(more)
    }
}

/// Computes expressions into a new row.
pub struct Projecting {
    pub input: Running,
    pub project: Arc<Project>,
    /// The input's row.
    pub before: Row,
}

impl Operate for Projecting {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        let more = self.input.next(rt, &mut self.before)?;
        if more {
            for (slot, expr) in &self.project.items {
                put(row, *slot, evaluate(expr, &self.before, rt)?);
            }
        }
        Ok(more)
    }
}

/// A new row of some slots.
pub struct Choosing {
    pub input: Running,
    pub slots: Arc<[Slot]>,
    /// The input's row.
    pub before: Row,
}

impl Operate for Choosing {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        let more = self.input.next(rt, &mut self.before)?;
        if more {
            row.clear();
            row.extend(self.slots.iter().map(|&at| slot(&self.before, at).clone()));
        }
        Ok(more)
    }
}
