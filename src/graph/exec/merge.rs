//! MERGE: the whole pattern is found, or the whole pattern is made.

use super::create::create;
use super::open::open;
use super::update::update;
use super::{Operate, Row, Running, Runtime, slot};
use crate::graph::plan::Merge;
use crate::graph::{Detail, Error, Kind, Result};
use std::collections::VecDeque;
use std::sync::Arc;

/// Row by row; each row sees what the rows before it made.
pub struct Merging {
    pub input: Running,
    pub merge: Arc<Merge>,
    pub ready: VecDeque<Row>,
}

impl Operate for Merging {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        if let Some(row) = self.ready.pop_front() {
            return Ok(Some(row));
        }
        let Some(row) = self.input.next(rt)? else { return Ok(None) };
        if self.merge.bound.iter().any(|&at| slot(&row, at).is_null()) {
            return Err(Error::runtime(
                Kind::Semantic,
                Detail::InvalidArgumentValue,
                "MERGE cannot use a node that is null",
            ));
        }
        let mut found = open(&self.merge.find, &row, rt);
        while let Some(row) = found.next(rt)? {
            self.ready.push_back(row);
        }
        if self.ready.is_empty() {
            let row = create(&self.merge.create, &row, rt)?;
            for step in &self.merge.on_create {
                update(step, &row, rt)?;
            }
            return Ok(Some(row));
        }
        for row in &self.ready {
            for step in &self.merge.on_match {
                update(step, row, rt)?;
            }
        }
        Ok(self.ready.pop_front())
    }
}
