//! CREATE.

use super::expand::bound_node;
use super::path::build;
use super::update::{all_named, named};
use super::{Operate, Row, Running, Runtime, put, slot};
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
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        let more = self.input.next(rt, row)?;
        if more {
            create(&self.create, row, rt)?;
        }
        Ok(more)
    }
}

/// Makes nodes, relationships and paths, and puts them into the row.
pub fn create(create: &Create, row: &mut Row, rt: &Runtime<'_>) -> Result<()> {
    for step in &create.steps {
        match step {
            CreateStep::Node { slot, labels, properties } => {
                let properties = evaluate_map(properties.as_ref(), create.refuse_null, row, rt)?;
                let labels = all_named(labels, row, rt)?;
                let id = rt.create_node(&labels, properties)?;
                put(row, *slot, Value::Node(id));
            }
            CreateStep::Relationship { slot: at, source, target, kind, properties } => {
                let kind = named(kind, row, rt)?;
                let properties = evaluate_map(properties.as_ref(), create.refuse_null, row, rt)?;
                let end = |at: usize| {
                    bound_node(slot(row, at))?.ok_or_else(|| {
                        Error::runtime(
                            Kind::Semantic,
                            Detail::InvalidArgumentValue,
                            format!("A relationship of type `{kind}` cannot be made: one of its nodes is null"),
                        )
                    })
                };
                let (source, target) = (end(*source)?, end(*target)?);
                let id = rt.create_relationship(&kind, source, target, properties)?;
                put(row, *at, Value::Relationship(id));
            }
        }
    }
    for path in &create.paths {
        let value = build(path, row, rt)?;
        put(row, path.slot, value);
    }
    Ok(())
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
