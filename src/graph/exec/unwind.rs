//! One row for each element of a list; the rows of two plans one behind the other.

use super::{Operate, Row, Running, Runtime, put, widened};
use crate::graph::Result;
use crate::graph::eval::{Elements, EvalContext, elements};
use crate::graph::plan::Unwind;
use std::sync::Arc;

/// For each row, the elements of a list; null is no element, anything else is one.
pub struct Unwinding {
    pub input: Running,
    pub unwind: Arc<Unwind>,
    pub current: Option<(Row, Elements)>,
}

impl Operate for Unwinding {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        loop {
            if let Some((row, items)) = &mut self.current {
                if let Some(item) = items.next() {
                    rt.check_interrupt()?;
                    let mut row = widened(row, self.unwind.width);
                    put(&mut row, self.unwind.slot, item);
                    return Ok(Some(row));
                }
                self.current = None;
            }
            let Some(row) = self.input.next(rt)? else { return Ok(None) };
            let items = elements(&self.unwind.list, &row, rt)?;
            self.current = Some((row, items));
        }
    }
}

/// The rows of the first plan, then those of the second.
pub struct Chaining {
    pub first: Option<Running>,
    pub second: Running,
}

impl Operate for Chaining {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        if let Some(first) = &mut self.first {
            if let Some(row) = first.next(rt)? {
                return Ok(Some(row));
            }
            self.first = None;
        }
        self.second.next(rt)
    }
}
