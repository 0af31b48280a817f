//! One update of SET, REMOVE, ON CREATE and ON MATCH.

use super::changes::check_storable;
use super::{Runtime, slot};
use crate::graph::eval::{EvalContext, access, evaluate};
use crate::graph::plan::{Naming, SetStep};
use crate::graph::store::{NodeRecord, Properties, RelationshipRecord, TokenKind};
use crate::graph::{Detail, Error, Result};
use crate::value::graph::Value;
use std::collections::BTreeMap;

/// Carries out an update for a row. Null targets are left alone.
pub fn update(step: &SetStep, row: &[Value], rt: &Runtime<'_>) -> Result<()> {
    match step {
        SetStep::Property { target, key, value } => {
            let target = evaluate(target, row, rt)?;
            let key = named(key, row, rt)?;
            let value = match value {
                Some(value) => evaluate(value, row, rt)?,
                None => Value::Null,
            };
            if target.is_null() {
                return Ok(());
            }
            check_storable(&value)?;
            let change = BTreeMap::from([(key, value)]);
            change_properties(&target, change, false, rt)
        }
        SetStep::All { target, merge, value } => {
            let value = evaluate(value, row, rt)?;
            let target = slot(row, *target).clone();
            if target.is_null() {
                return Ok(());
            }
            let properties = match &value {
                Value::Map(entries) => entries.clone(),
                Value::Null => BTreeMap::new(),
                entity => match (entity.node_id(), entity.relationship_id()) {
                    (Some(id), _) => rt.node_properties(id)?,
                    (_, Some(id)) => rt.relationship_properties(id)?,
                    _ => {
                        return Err(Error::type_error(
                            Detail::InvalidArgumentType,
                            format!("Type mismatch: expected Map, Node or Relationship but was {}", value.type_name()),
                        ));
                    }
                },
            };
            change_properties(&target, properties, !*merge, rt)
        }
        SetStep::Labels { target, labels, remove } => {
            let target = slot(row, *target);
            let Some(id) = target.node_id() else {
                return if target.is_null() { Ok(()) } else { Err(no_entity(target)) };
            };
            change_labels(id, &all_named(labels, row, rt)?, *remove, rt)
        }
    }
}

/// A name that is written, computed or not.
pub fn named(naming: &Naming, row: &[Value], rt: &Runtime<'_>) -> Result<String> {
    match naming {
        Naming::Name(name) => Ok(name.clone()),
        Naming::Dynamic(expr) => match access::names(&evaluate(expr, row, rt)?)?.as_slice() {
            [name] => Ok(name.to_string()),
            names => Err(Error::type_error(
                Detail::InvalidArgumentValue,
                format!("Exactly one name is needed here, not {}", names.len()),
            )),
        },
    }
}

/// Labels that are written, computed or not.
pub fn all_named(namings: &[Naming], row: &[Value], rt: &Runtime<'_>) -> Result<Vec<String>> {
    let mut names = Vec::with_capacity(namings.len());
    for naming in namings {
        match naming {
            Naming::Name(name) => names.push(name.clone()),
            Naming::Dynamic(expr) => {
                names.extend(access::names(&evaluate(expr, row, rt)?)?.iter().map(|name| name.to_string()));
            }
        }
    }
    Ok(names)
}

/// Sets properties (null removes); with `replace`, those that are not named are removed.
fn change_properties(target: &Value, change: BTreeMap<String, Value>, replace: bool, rt: &Runtime<'_>) -> Result<()> {
    if let Some(id) = target.node_id() {
        let before = rt.node_record(id)?;
        let mut after = NodeRecord { labels: before.labels.clone(), properties: before.properties.clone() };
        let count = apply(&mut after.properties, change, replace, rt)?;
        rt.changes.borrow_mut().stats.properties_set += count;
        return if after == before { Ok(()) } else { rt.put_node(id, Some(&before), Some(&after)) };
    }
    if let Some(id) = target.relationship_id() {
        let before = rt.relationship_record(id)?;
        let mut after = RelationshipRecord { ends: before.ends, properties: before.properties.clone() };
        let count = apply(&mut after.properties, change, replace, rt)?;
        rt.changes.borrow_mut().stats.properties_set += count;
        return if after == before { Ok(()) } else { rt.put_relationship(id, Some(&before), Some(&after)) };
    }
    Err(no_entity(target))
}

/// Changes properties; answers how many were set or removed.
fn apply(properties: &mut Properties, change: BTreeMap<String, Value>, replace: bool, rt: &Runtime<'_>) -> Result<u64> {
    let mut count = 0;
    let mut kept = Vec::new();
    for (key, value) in change {
        if value.is_null() {
            if let Some(key) = rt.token(TokenKind::Key, &key)? {
                let before = properties.len();
                properties.retain(|(known, _)| *known != key);
                count += (before - properties.len()) as u64;
            }
            continue;
        }
        check_storable(&value)?;
        let key = rt.write(|tx| rt.tokens.id_or_create(tx, TokenKind::Key, &key))?;
        kept.push(key);
        count += 1;
        match properties.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = value,
            None => properties.push((key, value)),
        }
    }
    if replace {
        let before = properties.len();
        properties.retain(|(key, _)| kept.contains(key));
        count += (before - properties.len()) as u64;
    }
    Ok(count)
}

fn change_labels(id: u64, labels: &[String], remove: bool, rt: &Runtime<'_>) -> Result<()> {
    let before = rt.node_record(id)?;
    let mut after = before.clone();
    for label in labels {
        if remove {
            if let Some(label) = rt.token(TokenKind::Label, label)? {
                after.labels.retain(|known| *known != label);
            }
        } else {
            let label = rt.write(|tx| rt.tokens.id_or_create(tx, TokenKind::Label, label))?;
            if !after.labels.contains(&label) {
                after.labels.push(label);
            }
        }
    }
    {
        let stats = &mut rt.changes.borrow_mut().stats;
        stats.labels_removed += before.labels.len().saturating_sub(after.labels.len()) as u64;
        stats.labels_added += after.labels.len().saturating_sub(before.labels.len()) as u64;
    }
    if after == before { Ok(()) } else { rt.put_node(id, Some(&before), Some(&after)) }
}

fn no_entity(value: &Value) -> Error {
    Error::type_error(
        Detail::InvalidArgumentType,
        format!("Type mismatch: expected a node or a relationship, but got {}", value.type_name()),
    )
}
