//! Paths from their parts.

use super::expand::bound_node;
use super::{Operate, Row, Running, Runtime, put, slot};
use crate::graph::Result;
use crate::graph::plan::BuildPath;
use crate::value::graph::{PathIds, Value};
use std::sync::Arc;

/// Puts a path together for each row.
pub struct PathBuilding {
    pub input: Running,
    pub build: Arc<BuildPath>,
}

impl Operate for PathBuilding {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        let Some(mut row) = self.input.next(rt)? else { return Ok(None) };
        let path = build(&self.build, &row, rt)?;
        put(&mut row, self.build.slot, path);
        Ok(Some(row))
    }
}

/// The path that the parts of a row make; null if one of them is null.
pub fn build(spec: &BuildPath, row: &Row, rt: &Runtime<'_>) -> Result<Value> {
    let Some(start) = bound_node(slot(row, spec.start))? else { return Ok(Value::Null) };
    let mut path = PathIds { nodes: vec![start], relationships: Vec::new() };
    let mut at = start;
    for &part in &spec.relationships {
        let ids: Vec<u64> = match slot(row, part) {
            Value::List(items) => items.iter().filter_map(Value::relationship_id).collect(),
            single => match single.relationship_id() {
                Some(id) => vec![id],
                None => return Ok(Value::Null),
            },
        };
        for id in ids {
            let ends = rt.relationship_ends(id)?;
            at = if ends.source == at { ends.target } else { ends.source };
            path.relationships.push(id);
            path.nodes.push(at);
        }
    }
    Ok(Value::Path(Arc::new(path)))
}
