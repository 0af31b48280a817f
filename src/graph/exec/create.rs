//! CREATE.

use super::expand::bound_node;
use super::path::build;
use super::{Operate, Row, Running, Runtime, put, slot, widened};
use crate::graph::eval::{Compiled, evaluate};
use crate::graph::plan::{Create, CreateStep};
use crate::graph::{Detail, Error, Kind, Result};
use crate::value::graph::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Makes its pattern for each row.
pub struct Creating {
    pub input: Running,
    pub create: Arc<Create>,
}

impl Operate for Creating {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        let Some(row) = self.input.next(rt)? else { return Ok(None) };
        create(&self.create, &row, rt).map(Some)
    }
}

/// Makes nodes, relationships and paths, and puts them into the row.
pub fn create(create: &Create, row: &Row, rt: &Runtime<'_>) -> Result<Row> {
    let mut row = widened(row, create.width);
    for step in &create.steps {
        match step {
            CreateStep::Node { slot, labels, properties } => {
                let properties = evaluate_map(properties.as_ref(), create.refuse_null, &row, rt)?;
                let id = rt.create_node(labels, properties)?;
                put(&mut row, *slot, Value::Node(id));
            }
            CreateStep::Relationship { slot: at, source, target, kind, properties } => {
                let properties = evaluate_map(properties.as_ref(), create.refuse_null, &row, rt)?;
                let end = |at: usize| {
                    bound_node(slot(&row, at))?.ok_or_else(|| {
                        Error::runtime(
                            Kind::Semantic,
                            Detail::InvalidArgumentValue,
                            format!("A relationship of type `{kind}` cannot be made: one of its nodes is null"),
                        )
                    })
                };
                let (source, target) = (end(*source)?, end(*target)?);
                let id = rt.create_relationship(kind, source, target, properties)?;
                put(&mut row, *at, Value::Relationship(id));
            }
        }
    }
    for path in &create.paths {
        let value = build(path, &row, rt)?;
        put(&mut row, path.slot, value);
    }
    Ok(row)
}

/// The properties of a new entity.
fn evaluate_map(
    expr: Option<&Compiled>,
    refuse_null: bool,
    row: &Row,
    rt: &Runtime<'_>,
) -> Result<BTreeMap<String, Value>> {
    let Some(expr) = expr else { return Ok(BTreeMap::new()) };
    match evaluate(expr, row, rt)? {
        Value::Map(entries) => match entries.iter().find(|(_, value)| value.is_null()) {
            Some((key, _)) if refuse_null => Err(Error::runtime(
                Kind::Semantic,
                Detail::MergeReadOwnWrites,
                format!("Cannot merge using null property value for '{key}'"),
            )),
            _ => Ok(entries),
        },
        Value::Null => Ok(BTreeMap::new()),
        other => Err(Error::type_error(
            Detail::InvalidArgumentType,
            format!("Properties are given as a map, not as a value of type {}", other.type_name()),
        )),
    }
}
