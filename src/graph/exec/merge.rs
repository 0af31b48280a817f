//! MERGE: the whole pattern is found, or the whole pattern is made.

use super::create::create;
use super::merged::is_one_of_label;
use super::open::open_in_place;
use super::update::update;
use super::{Operate, Row, Running, Runtime, kept, put, slot};
use crate::graph::plan::{CreateStep, Merge};
use crate::graph::{Detail, Error, Kind, Result};
use crate::value::graph::Value;
use std::collections::VecDeque;
use std::sync::Arc;

/// Row by row; each row sees what the rows before it made.
pub struct Merging {
    pub input: Running,
    pub merge: Arc<Merge>,
    pub ready: VecDeque<Row>,
}

impl Merging {
    /// The rows where the pattern is there.
    fn find(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<()> {
        let Merge { find, create, .. } = &*self.merge;
        if let [CreateStep::Node { slot, .. }] = create.steps.as_slice()
            && is_one_of_label(find, create)
            && let Some(nodes) = rt.merged(create, row)?
        {
            for node in nodes {
                put(row, *slot, Value::Node(node));
                self.ready.push_back(kept(row, create.width));
            }
            return Ok(());
        }
        let mut found = open_in_place(find, rt);
        while found.next(rt, row)? {
            self.ready.push_back(kept(row, create.width));
        }
        Ok(())
    }
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
        self.find(rt, row)?;
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
