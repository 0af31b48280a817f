//! FOREACH.

use super::open::open;
use super::{Operate, Row, Running, Runtime, put, widened};
use crate::graph::eval::evaluate;
use crate::graph::plan::Foreach;
use crate::graph::{Detail, Error, Result};
use crate::value::graph::Value;
use std::sync::Arc;

/// Runs its body for each element of a list, and hands the row on.
pub struct Iterating {
    pub input: Running,
    pub foreach: Arc<Foreach>,
}

impl Operate for Iterating {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        let Some(row) = self.input.next(rt)? else { return Ok(None) };
        let items = match evaluate(&self.foreach.list, &row, rt)? {
            Value::List(items) => items,
            Value::Null => Vec::new(),
            other => {
                return Err(Error::type_error(
                    Detail::InvalidArgumentType,
                    format!("FOREACH needs a list, not a value of type {}", other.type_name()),
                ));
            }
        };
        for item in items {
            let mut inner = widened(&row, self.foreach.width);
            put(&mut inner, self.foreach.slot, item);
            let mut body = open(&self.foreach.body, &inner, rt);
            while body.next(rt)?.is_some() {}
        }
        Ok(Some(row))
    }
}
