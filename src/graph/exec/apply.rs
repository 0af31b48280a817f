//! `CALL { … }` and WHEN.

use super::open::open;
use super::{Operate, Row, Running, Runtime, put, slot};
use crate::graph::Result;
use crate::graph::eval::{Compiled, evaluate_predicate};
use crate::graph::plan::{Apply, Choose, PlanRef};
use crate::value::graph::Value;
use std::sync::Arc;

/// For each row, the rows of an inner query joined to it; a unit subquery keeps the row.
pub struct Applying {
    pub input: Running,
    pub apply: Arc<Apply>,
    pub inner: Option<Running>,
    /// The inner query's row.
    pub columns: Row,
    /// It has given a row for the current one.
    pub found: bool,
}

impl Operate for Applying {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        loop {
            if let (Some(inner), Some(exports)) = (&mut self.inner, &self.apply.exports) {
                if inner.next(rt, &mut self.columns)? {
                    self.found = true;
                    for (column, &to) in exports.iter().enumerate() {
                        put(row, to, slot(&self.columns, column).clone());
                    }
                    return Ok(true);
                }
                self.inner = None;
                if self.apply.optional && !self.found {
                    exports.iter().for_each(|&to| put(row, to, Value::Null));
                    return Ok(true);
                }
            }
            if !self.input.next(rt, row)? {
                return Ok(false);
            }
            let argument: Row = self.apply.imports.iter().map(|&at| slot(row, at).clone()).collect();
            let mut inner = open(&self.apply.inner, &argument, rt);
            if self.apply.exports.is_none() {
                let mut scratch = Row::new();
                while inner.next(rt, &mut scratch)? {}
                return Ok(true);
            }
            self.found = false;
            self.inner = Some(inner);
        }
    }
}

/// For each row, the rows of the first query whose condition holds.
pub struct Choosing {
    pub input: Running,
    pub choose: Arc<Choose>,
    /// The input's row.
    pub before: Row,
    pub inner: Option<Running>,
}

impl Choosing {
    fn chosen(&self, rt: &Runtime<'_>) -> Result<Option<&PlanRef>> {
        let holds = |condition: &Compiled| evaluate_predicate(condition, &self.before, rt);
        for (condition, plan) in &self.choose.branches {
            if holds(condition)? {
                return Ok(Some(plan));
            }
        }
        Ok(self.choose.otherwise.as_ref())
    }
}

impl Operate for Choosing {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        loop {
            if let Some(inner) = &mut self.inner {
                if inner.next(rt, row)? {
                    return Ok(true);
                }
                self.inner = None;
            }
            if !self.input.next(rt, &mut self.before)? {
                return Ok(false);
            }
            if let Some(plan) = self.chosen(rt)? {
                self.inner = Some(open(plan, &self.before, rt));
            }
        }
    }
}
