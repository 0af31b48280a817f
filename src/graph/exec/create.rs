//! CREATE.

use super::entities::check_storable;
use super::expand::bound_node;
use super::path::build;
use super::update::{make_key, token, tokens};
use super::{Operate, Row, Running, Runtime, put, slot};
use crate::graph::eval::evaluate;
use crate::graph::plan::{Create, CreateStep, Properties};
use crate::graph::store::{self, Endpoints, TokenKind};
use crate::graph::{Detail, Error, Kind, Result};
use crate::value::graph::Value;
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
                let properties = stored(properties, create.refuse_null, row, rt)?;
                let labels = tokens(labels, TokenKind::Label, row, rt)?;
                let id = rt.create_node(labels, properties)?;
                put(row, *slot, Value::Node(id));
            }
            CreateStep::Relationship { slot: at, source, target, kind, properties } => {
                let kind = token(kind, TokenKind::Type, row, rt)?;
                let properties = stored(properties, create.refuse_null, row, rt)?;
                let (source, target) = (end(slot(row, *source), kind, rt)?, end(slot(row, *target), kind, rt)?);
                let id = rt.create_relationship(Endpoints { source, target, kind }, properties)?;
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

/// A node that a new relationship joins.
fn end(value: &Value, kind: u32, rt: &Runtime<'_>) -> Result<u64> {
    match value {
        // This statement has found it: it can only be gone since.
        Value::Node(id) if !rt.was_deleted(*id) => Ok(*id),
        value => match bound_node(value)? {
            Some(id) => rt.node_row(id).map(|_| id),
            None => Err(Error::runtime(
                Kind::Semantic,
                Detail::InvalidArgumentValue,
                format!(
                    "A relationship of type `{}` cannot be made: one of its nodes is null",
                    rt.token_name(TokenKind::Type, kind)?
                ),
            )),
        },
    }
}

/// The properties of a new entity as they are stored: without nulls, keys as ids.
fn stored(map: &Properties, refuse_null: bool, row: &Row, rt: &Runtime<'_>) -> Result<store::Properties> {
    let mut stored = Vec::new();
    let mut add = |key: &dyn Fn() -> Result<u32>, name: &str, value: Value| {
        if !value.is_null() {
            check_storable(&value)?;
            stored.push((key()?, value));
            return Ok(());
        }
        if refuse_null {
            return Err(Error::runtime(
                Kind::Semantic,
                Detail::MergeReadOwnWrites,
                format!("Cannot merge using null property value for '{name}'"),
            ));
        }
        Ok(())
    };
    match map {
        Properties::Keys(keys) => {
            for (key, value) in keys {
                add(&|| rt.make_token(key), key.name(), evaluate(value, row, rt)?)?;
            }
        }
        Properties::Map(map) => match evaluate(map, row, rt)? {
            Value::Map(entries) => {
                for (name, value) in entries {
                    add(&|| make_key(&name, rt), &name, value)?;
                }
            }
            Value::Null => {}
            other => {
                return Err(Error::type_error(
                    Detail::InvalidArgumentType,
                    format!("Properties are given as a map, not as a value of type {}", other.type_name()),
                ));
            }
        },
    }
    Ok(stored)
}
