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
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        let more = self.input.next(rt, row)?;
        if more {
            let path = build(&self.build, row, rt)?;
            put(row, self.build.slot, path);
        }
        Ok(more)
    }
}

/// The path that the parts of a row make; null if one of them is null.
pub fn build(spec: &BuildPath, row: &[Value], rt: &Runtime<'_>) -> Result<Value> {
    let Some(start) = bound_node(slot(row, spec.start))? else { return Ok(Value::Null) };
    let mut path = PathIds { nodes: vec![start], relationships: Vec::new() };
    let mut at = start;
    let mut add = |id: u64| -> Result<()> {
        let ends = rt.relationship_ends(id)?;
        at = if ends.source == at { ends.target } else { ends.source };
        path.relationships.push(id);
        path.nodes.push(at);
        Ok(())
    };
    for part in &spec.parts {
        match part.as_slice() {
            [single] => match slot(row, *single) {
                Value::List(items) => items.iter().filter_map(Value::relationship_id).try_for_each(&mut add)?,
                single => match single.relationship_id() {
                    Some(id) => add(id)?,
                    None => return Ok(Value::Null),
                },
            },
            // The relationships of a repeated path take turns.
            lists => {
                let lists: Vec<&[Value]> = lists
                    .iter()
                    .map(|&at| match slot(row, at) {
                        Value::List(items) => items.as_slice(),
                        _ => &[],
                    })
                    .collect();
                for turn in 0..lists.first().map_or(0, |list| list.len()) {
                    for list in &lists {
                        list.get(turn).and_then(Value::relationship_id).map_or(Ok(()), &mut add)?;
                    }
                }
            }
        }
    }
    Ok(Value::Path(Arc::new(path)))
}
