//! CALL of a procedure.

use super::{Operate, Row, Running, Runtime, put, slot, widened};
use crate::graph::Result;
use crate::graph::eval::evaluate;
use crate::graph::plan::Call;
use std::sync::Arc;

/// For each row, the rows of a procedure joined to it.
pub struct Calling {
    pub input: Running,
    pub call: Arc<Call>,
    pub current: Option<(Row, std::vec::IntoIter<Row>)>,
}

impl Operate for Calling {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        loop {
            if let Some((row, results)) = &mut self.current {
                if let Some(result) = results.next() {
                    let mut row = widened(row, self.call.width);
                    for &(column, to) in &self.call.outputs {
                        put(&mut row, to, slot(&result, column).clone());
                    }
                    return Ok(Some(row));
                }
                self.current = None;
            }
            let Some(row) = self.input.next(rt)? else { return Ok(None) };
            let arguments: Row =
                self.call.arguments.iter().map(|argument| evaluate(argument, &row, rt)).collect::<Result<_>>()?;
            let results = self.call.procedure.call(rt, arguments)?;
            if self.call.procedure.outputs.is_empty() {
                return Ok(Some(row));
            }
            self.current = Some((row, results.into_iter()));
        }
    }
}
