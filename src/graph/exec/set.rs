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
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        let more = self.input.next(rt, row)?;
        if more {
            for step in self.steps.iter() {
                update(step, row, rt)?;
            }
        }
        Ok(more)
    }
}
