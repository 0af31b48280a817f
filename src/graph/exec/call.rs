//! CALL of a procedure.

use super::{Operate, Row, Running, Runtime, put, slot};
use crate::graph::Result;
use crate::graph::eval::evaluate;
use crate::graph::plan::Call;
use crate::value::graph::Value;
use std::sync::Arc;

/// For each row, the rows of a procedure joined to it.
pub struct Calling {
    pub input: Running,
    pub call: Arc<Call>,
    pub results: Option<std::vec::IntoIter<Row>>,
    /// The procedure has given a row for the current one.
    pub found: bool,
}

impl Operate for Calling {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        loop {
            if let Some(results) = &mut self.results {
                if let Some(result) = results.next() {
                    self.found = true;
                    for &(column, to) in &self.call.outputs {
                        put(row, to, slot(&result, column).clone());
                    }
                    return Ok(true);
                }
                self.results = None;
                if self.call.optional && !self.found {
                    self.call.outputs.iter().for_each(|&(_, to)| put(row, to, Value::Null));
                    return Ok(true);
                }
            }
            if !self.input.next(rt, row)? {
                return Ok(false);
            }
            let arguments: Row =
                self.call.arguments.iter().map(|argument| evaluate(argument, row, rt)).collect::<Result<_>>()?;
            let results = self.call.procedure.call(rt, arguments)?;
            if self.call.procedure.outputs().is_empty() {
                return Ok(true);
            }
            self.found = false;
            self.results = Some(results.into_iter());
        }
    }
}
