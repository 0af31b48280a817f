//! SET and REMOVE.

use super::update::update;
use super::{Operate, Row, Running, Runtime};
use crate::graph::Result;
use crate::graph::plan::SetStep;
use std::sync::Arc;

/// Carries out its updates for each row.
pub struct Setting {
    pub input: Running,
    pub steps: Arc<[SetStep]>,
}

impl Operate for Setting {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        let Some(row) = self.input.next(rt)? else { return Ok(None) };
        for step in self.steps.iter() {
            update(step, &row, rt)?;
        }
        Ok(Some(row))
    }
}
