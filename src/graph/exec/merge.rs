//! MERGE: the whole pattern is found, or the whole pattern is made.

use super::create::create;
use super::open::open_in_place;
use super::update::update;
use super::{Operate, Row, Running, Runtime, kept, slot};
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
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        if let Some(ready) = self.ready.pop_front() {
            *row = ready;
            return Ok(true);
        }
        if !self.input.next(rt, row)? {
            return Ok(false);
        }
        if self.merge.bound.iter().any(|&at| slot(row, at).is_null()) {
            return Err(Error::runtime(
                Kind::Semantic,
                Detail::InvalidArgumentValue,
                "MERGE cannot use a node that is null",
            ));
        }
        let mut found = open_in_place(&self.merge.find, rt);
        while found.next(rt, row)? {
            self.ready.push_back(kept(row, self.merge.create.width));
        }
        let Some(first) = self.ready.pop_front() else {
            create(&self.merge.create, row, rt)?;
            for step in &self.merge.on_create {
                update(step, row, rt)?;
            }
            return Ok(true);
        };
        *row = first;
        for row in std::iter::once(&*row).chain(&self.ready) {
            for step in &self.merge.on_match {
                update(step, row, rt)?;
            }
        }
        Ok(true)
    }
}
