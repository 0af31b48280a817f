//! FOREACH.

use super::open::open_in_place;
use super::{Operate, Row, Running, Runtime, kept, put};
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
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        if !self.input.next(rt, row)? {
            return Ok(false);
        }
        let items = match evaluate(&self.foreach.list, row, rt)? {
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
            put(row, self.foreach.slot, item);
            // Its own row: the body's slots are not this pipeline's.
            let mut inner = kept(row, self.foreach.width);
            let mut body = open_in_place(&self.foreach.body, rt);
            while body.next(rt, &mut inner)? {}
        }
        Ok(true)
    }
}
