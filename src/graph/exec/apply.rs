//! `CALL { … }`

use super::open::open;
use super::{Operate, Row, Running, Runtime, put, slot, widened};
use crate::graph::Result;
use crate::graph::plan::Apply;
use crate::value::graph::Value;
use std::sync::Arc;

/// For each row, the rows of an inner query joined to it; a unit subquery keeps the row.
pub struct Applying {
    pub input: Running,
    pub apply: Arc<Apply>,
    pub current: Option<(Row, Running)>,
}

impl Operate for Applying {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        loop {
            if let (Some((row, inner)), Some(exports)) = (&mut self.current, &self.apply.exports) {
                if let Some(columns) = inner.next(rt)? {
                    let mut row = widened(row, self.apply.width);
                    for (column, &to) in columns.into_iter().zip(exports) {
                        put(&mut row, to, column);
                    }
                    return Ok(Some(row));
                }
                self.current = None;
            }
            let Some(row) = self.input.next(rt)? else { return Ok(None) };
            let argument: Vec<Value> = self.apply.imports.iter().map(|&at| slot(&row, at).clone()).collect();
            let mut inner = open(&self.apply.inner, &argument, rt);
            if self.apply.exports.is_none() {
                while inner.next(rt)?.is_some() {}
                return Ok(Some(row));
            }
            self.current = Some((row, inner));
        }
    }
}
