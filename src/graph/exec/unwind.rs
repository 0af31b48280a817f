//! One row for each element of a list; the rows of two plans one behind the other.

use super::{Operate, Row, Running, Runtime, put};
use crate::graph::Result;
use crate::graph::eval::{Elements, EvalContext, elements};
use crate::graph::plan::Unwind;
use std::sync::Arc;

/// For each row, the elements of a list; null is no element, anything else is one.
pub struct Unwinding {
    pub input: Running,
    pub unwind: Arc<Unwind>,
    pub elements: Option<Elements>,
}

impl Operate for Unwinding {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        loop {
            if let Some(items) = &mut self.elements {
                if let Some(item) = items.next() {
                    rt.check_interrupt()?;
                    put(row, self.unwind.slot, item);
                    return Ok(true);
                }
                self.elements = None;
            }
            if !self.input.next(rt, row)? {
                return Ok(false);
            }
            self.elements = Some(elements(&self.unwind.list, row, rt)?);
        }
    }
}

/// The rows of the first plan, then those of the second.
pub struct Chaining {
    pub first: Option<Running>,
    pub second: Running,
}

impl Operate for Chaining {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        if let Some(first) = &mut self.first {
            if first.next(rt, row)? {
                return Ok(true);
            }
            self.first = None;
            // The second begins with a row of its own.
            row.clear();
        }
        self.second.next(rt, row)
    }
}
