//! OPTIONAL MATCH.

use super::open::open;
use super::{Operate, Row, Running, Runtime, widened};
use crate::graph::Result;
use crate::graph::plan::PlanRef;

/// For each row, those of the inner plan, or the row itself with nulls.
pub struct Optionally {
    pub input: Running,
    pub inner: PlanRef,
    pub width: usize,
    pub current: Option<(Row, Running, bool)>,
}

impl Operate for Optionally {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        loop {
            if let Some((row, inner, found)) = &mut self.current {
                if let Some(row) = inner.next(rt)? {
                    *found = true;
                    return Ok(Some(row));
                }
                let alone = (!*found).then(|| widened(row, self.width));
                self.current = None;
                if alone.is_some() {
                    return Ok(alone);
                }
            }
            let Some(row) = self.input.next(rt)? else { return Ok(None) };
            let inner = open(&self.inner, &row, rt);
            self.current = Some((row, inner, false));
        }
    }
}
