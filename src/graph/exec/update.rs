//! One update of SET, REMOVE, ON CREATE and ON MATCH.

use super::entities::check_storable;
use super::{Runtime, slot};
use crate::graph::eval::{access, evaluate};
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
            let value = value.as_ref().map_or(Ok(Value::Null), |value| evaluate(value, row, rt))?;
            if target.is_null() {
                return Ok(());
            }
            check_storable(&value)?;
            let key = match key {
                Naming::Name(name) if value.is_null() => rt.token_of(name)?,
                naming => Some(token(naming, TokenKind::Key, row, rt)?),
            };
            change_properties(&target, key.map(|key| (key, value)).into_iter().collect(), false, rt)
        }
        SetStep::All { target, merge, value } => {
            let value = evaluate(value, row, rt)?;
            let target = slot(row, *target).clone();
            if target.is_null() {
                return Ok(());
            }
            let properties = match value {
                Value::Map(entries) => keyed(entries, rt)?,
                Value::Null => Vec::new(),
                entity => match (entity.node_id(), entity.relationship_id()) {
                    (Some(id), _) => rt.node_record(id)?.properties,
                    (_, Some(id)) => rt.relationship_record(id)?.properties,
                    _ => {
                        return Err(Error::type_error(
                            Detail::InvalidArgumentType,
                            format!("Type mismatch: expected Map, Node or Relationship but was {}", entity.type_name()),
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
            let labels =
                if *remove { known_labels(labels, row, rt)? } else { tokens(labels, TokenKind::Label, row, rt)? };
            change_labels(id, &labels, *remove, rt)
        }
    }
}

/// Sets a property of a node or relationship; null removes it.
pub fn set_property(target: &Value, key: &str, value: Value, rt: &Runtime<'_>) -> Result<()> {
    check_storable(&value)?;
    let key = make_key(key, rt)?;
    change_properties(target, vec![(key, value)], false, rt)
}

/// The id of a name that is written, computed or not.
pub fn token(naming: &Naming, kind: TokenKind, row: &[Value], rt: &Runtime<'_>) -> Result<u32> {
    match naming {
        Naming::Name(name) => rt.make_token(name),
        Naming::Dynamic(expr) => match access::names(&evaluate(expr, row, rt)?)?.as_slice() {
            [name] => rt.write(|tx| rt.tokens.id_or_create(tx, kind, name)),
            names => Err(Error::type_error(
                Detail::InvalidArgumentValue,
                format!("Exactly one name is needed here, not {}", names.len()),
            )),
        },
    }
}

/// The ids of names that are written, computed or not, each once.
pub fn tokens(namings: &[Naming], kind: TokenKind, row: &[Value], rt: &Runtime<'_>) -> Result<Vec<u32>> {
    let mut ids = Vec::with_capacity(namings.len());
    let add = |id: u32, ids: &mut Vec<u32>| {
        if !ids.contains(&id) {
            ids.push(id);
        }
    };
    for naming in namings {
        match naming {
            Naming::Name(name) => add(rt.make_token(name)?, &mut ids),
            Naming::Dynamic(expr) => {
                for name in access::names(&evaluate(expr, row, rt)?)? {
                    add(rt.write(|tx| rt.tokens.id_or_create(tx, kind, &name))?, &mut ids);
                }
            }
        }
    }
    Ok(ids)
}

/// The ids of those labels that are in use.
fn known_labels(namings: &[Naming], row: &[Value], rt: &Runtime<'_>) -> Result<Vec<u32>> {
    let mut ids = Vec::with_capacity(namings.len());
    for naming in namings {
        match naming {
            Naming::Name(name) => ids.extend(rt.token_of(name)?),
            Naming::Dynamic(expr) => {
                for name in access::names(&evaluate(expr, row, rt)?)? {
                    ids.extend(rt.token(TokenKind::Label, &name)?);
                }
            }
        }
    }
    Ok(ids)
}

/// The id of a property key, written down if it was never used.
pub fn make_key(name: &str, rt: &Runtime<'_>) -> Result<u32> {
    rt.write(|tx| rt.tokens.id_or_create(tx, TokenKind::Key, name))
}

/// Properties that are to be set, by the ids of their keys; nulls only of keys that are in use.
fn keyed(entries: BTreeMap<String, Value>, rt: &Runtime<'_>) -> Result<Properties> {
    let mut properties = Vec::with_capacity(entries.len());
    for (name, value) in entries {
        check_storable(&value)?;
        let key = if value.is_null() { rt.token(TokenKind::Key, &name)? } else { Some(make_key(&name, rt)?) };
        properties.extend(key.map(|key| (key, value)));
    }
    Ok(properties)
}

/// Sets properties (null removes); with `replace`, those that are not named are removed.
fn change_properties(target: &Value, change: Properties, replace: bool, rt: &Runtime<'_>) -> Result<()> {
    if let Some(id) = target.node_id() {
        let before = rt.node_record(id)?;
        let mut after = NodeRecord { labels: before.labels.clone(), properties: before.properties.clone() };
        rt.changes.borrow_mut().stats.properties_set += apply(&mut after.properties, change, replace);
        return if after == before { Ok(()) } else { rt.put_node(id, Some(&before), Some(&after)) };
    }
    if let Some(id) = target.relationship_id() {
        let before = rt.relationship_record(id)?;
        let mut after = RelationshipRecord { ends: before.ends, properties: before.properties.clone() };
        rt.changes.borrow_mut().stats.properties_set += apply(&mut after.properties, change, replace);
        return if after == before { Ok(()) } else { rt.put_relationship(id, Some(&before), Some(&after)) };
    }
    Err(no_entity(target))
}

/// Changes properties; answers how many were set or removed.
fn apply(properties: &mut Properties, change: Properties, replace: bool) -> u64 {
    let mut count = 0;
    let mut kept = Vec::with_capacity(change.len());
    for (key, value) in change {
        let known = properties.iter().position(|(known, _)| *known == key);
        if value.is_null() {
            if let Some(at) = known {
                properties.remove(at);
                count += 1;
            }
            continue;
        }
        kept.push(key);
        count += 1;
        match known.and_then(|at| properties.get_mut(at)) {
            Some((_, known)) => *known = value,
            None => properties.push((key, value)),
        }
    }
    if replace {
        let before = properties.len();
        properties.retain(|(key, _)| kept.contains(key));
        count += (before - properties.len()) as u64;
    }
    count
}

fn change_labels(id: u64, labels: &[u32], remove: bool, rt: &Runtime<'_>) -> Result<()> {
    let before = rt.node_record(id)?;
    let mut after = before.clone();
    for label in labels {
        if remove {
            after.labels.retain(|known| known != label);
        } else if !after.labels.contains(label) {
            after.labels.push(*label);
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
