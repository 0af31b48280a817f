//! DELETE and DETACH DELETE.

use super::{Operate, Row, Running, Runtime};
use crate::graph::eval::{Compiled, evaluate};
use crate::graph::{Detail, Error, Result};
use crate::value::graph::Value;
use std::sync::Arc;

/// Deletes what its targets name, for each row.
pub struct Deleting {
    pub input: Running,
    pub detach: bool,
    pub targets: Arc<[Compiled]>,
}

impl Operate for Deleting {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        if !self.input.next(rt, row)? {
            return Ok(false);
        }
        for target in self.targets.iter() {
            let value = evaluate(target, row, rt)?;
            if let Some(path) = value.path_ids() {
                for &id in &path.relationships {
                    rt.delete_relationship(id)?;
                }
                for &id in &path.nodes {
                    rt.delete_node(id, self.detach)?;
                }
            } else if let Some(id) = value.node_id() {
                rt.delete_node(id, self.detach)?;
            } else if let Some(id) = value.relationship_id() {
                rt.delete_relationship(id)?;
            } else if value != Value::Null {
                return Err(Error::type_error(
                    Detail::InvalidDelete,
                    format!("Expected to delete a node, relationship or path, but got {}", value.type_name()),
                ));
            }
        }
        Ok(true)
    }
}
