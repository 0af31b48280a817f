//! Parts of values: properties, elements, slices, labels.

use super::context::EvalContext;
use crate::graph::store::{TokenKind, TokenRef};
use crate::graph::{Detail, Error, Result};
use crate::value::graph::{Entity, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// `subject.key`
pub fn property<'v>(subject: Cow<'v, Value>, key: &TokenRef, cx: &dyn EvalContext) -> Result<Cow<'v, Value>> {
    let name: &str = key.name();
    let found = |value: Option<Value>| Ok(Cow::Owned(value.unwrap_or(Value::Null)));
    match subject {
        Cow::Borrowed(Value::Map(map)) => Ok(map.get(name).map_or(Cow::Owned(Value::Null), Cow::Borrowed)),
        Cow::Owned(Value::Map(mut map)) => found(map.remove(name)),
        subject => match &*subject {
            Value::Null => found(None),
            Value::Node(id) => cx.node_property(*id, key).map(Cow::Owned),
            Value::Relationship(id) => cx.relationship_property(*id, key).map(Cow::Owned),
            Value::Temporal(value) => value.component(name).map(Cow::Owned).ok_or_else(|| {
                Error::type_error(
                    Detail::InvalidArgumentValue,
                    format!("A {} has no component '{name}'", subject.type_name()),
                )
            }),
            Value::Point(point) => found(match name {
                "crs" => Some(Value::string(point.crs.name())),
                "srid" => Some(Value::Int(point.crs.srid())),
                _ => Some(Value::Float(point.coordinate(name).ok_or_else(|| {
                    Error::argument(
                        Detail::InvalidArgumentValue,
                        format!("A point of the system {} has no coordinate '{name}'", point.crs.name()),
                    )
                })?)),
            }),
            Value::Entity(entity) => match &**entity {
                Entity::Node(node) => found(node.properties.get(name).cloned()),
                Entity::Relationship(relationship) => found(relationship.properties.get(name).cloned()),
                Entity::Path { .. } => Err(no_properties(&subject)),
            },
            _ => Err(no_properties(&subject)),
        },
    }
}

fn no_properties(value: &Value) -> Error {
    Error::type_error(
        Detail::InvalidArgumentType,
        format!("Type mismatch: expected a map, a node or a relationship but was {}", value.type_name()),
    )
}

/// All properties of a node, relationship or map.
pub fn properties(subject: &Value, cx: &dyn EvalContext) -> Result<BTreeMap<String, Value>> {
    match subject {
        Value::Map(map) => Ok(map.clone()),
        Value::Node(id) => cx.node_properties(*id),
        Value::Relationship(id) => cx.relationship_properties(*id),
        Value::Entity(entity) => match &**entity {
            Entity::Node(node) => Ok(node.properties.clone()),
            Entity::Relationship(relationship) => Ok(relationship.properties.clone()),
            Entity::Path { .. } => Err(no_properties(subject)),
        },
        _ => Err(no_properties(subject)),
    }
}

/// `subject[index]`: lists by integers (negative ones from the end), maps, nodes and relationships by
/// strings. Outside a list is null.
pub fn index<'v>(subject: Cow<'v, Value>, index: &Value, cx: &dyn EvalContext) -> Result<Cow<'v, Value>> {
    if subject.is_null() || index.is_null() {
        let indexable = !matches!(*subject, Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_));
        return if indexable { Ok(Cow::Owned(Value::Null)) } else { Err(no_elements(&subject)) };
    }
    match (&*subject, index) {
        (Value::List(items), Value::Int(index)) => {
            let place = place(*index, items.len());
            Ok(match subject {
                Cow::Borrowed(Value::List(items)) => place.and_then(|at| items.get(at)).map(Cow::Borrowed),
                Cow::Owned(Value::List(mut items)) => {
                    place.filter(|&at| at < items.len()).map(|at| Cow::Owned(items.swap_remove(at)))
                }
                _ => None,
            }
            .unwrap_or(Cow::Owned(Value::Null)))
        }
        (Value::List(_), other) => Err(Error::type_error(
            Detail::ListElementAccessByNonInteger,
            format!("A list is indexed by an Integer, not by a {}", other.type_name()),
        )),
        (Value::Map(_) | Value::Node(_) | Value::Relationship(_) | Value::Entity(_), Value::String(key)) => {
            let key = TokenRef::new(TokenKind::Key, key.clone());
            property(subject, &key, cx)
        }
        (Value::Map(_) | Value::Node(_) | Value::Relationship(_) | Value::Entity(_), other) => Err(Error::type_error(
            Detail::MapElementAccessByNonString,
            format!("A {} is indexed by a String, not by a {}", subject.type_name(), other.type_name()),
        )),
        _ => Err(no_elements(&subject)),
    }
}

fn no_elements(value: &Value) -> Error {
    Error::type_error(
        Detail::InvalidElementAccess,
        format!("Type mismatch: expected a list, a map, a node or a relationship but was {}", value.type_name()),
    )
}

fn place(index: i64, length: usize) -> Option<usize> {
    if index < 0 {
        length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?)
    } else {
        usize::try_from(index).ok()
    }
}

/// `subject[from..to]`: bounds are clipped, negative ones count from the end.
pub fn slice(subject: &Value, from: Option<&Value>, to: Option<&Value>) -> Result<Value> {
    let items = match subject {
        Value::Null => return Ok(Value::Null),
        Value::List(items) => items,
        other => {
            return Err(Error::type_error(
                Detail::InvalidArgumentType,
                format!("Type mismatch: expected List but was {}", other.type_name()),
            ));
        }
    };
    let bound = |value: Option<&Value>, missing: usize| match value {
        None => Ok(Some(missing)),
        Some(Value::Null) => Ok(None),
        Some(Value::Int(index)) if *index < 0 => Ok(Some(place(*index, items.len()).unwrap_or(0))),
        Some(Value::Int(index)) => Ok(Some(usize::try_from(*index).unwrap_or(usize::MAX).min(items.len()))),
        Some(other) => Err(Error::type_error(
            Detail::InvalidArgumentType,
            format!("Type mismatch: expected Integer but was {}", other.type_name()),
        )),
    };
    match (bound(from, 0)?, bound(to, items.len())?) {
        (Some(from), Some(to)) => Ok(Value::List(items.get(from..to).unwrap_or_default().to_vec())),
        _ => Ok(Value::Null),
    }
}

/// What has labels or a type.
pub enum LabelHolder<'v> {
    /// A node in the graph.
    Node(u64),
    /// A relationship in the graph, by its type.
    Relationship(u64),
    /// An entity with all it holds: its labels, or its type alone.
    Names(&'v [String]),
}

impl LabelHolder<'_> {
    /// Whether it has a label, or is of a type.
    pub fn has(&self, name: &TokenRef, cx: &dyn EvalContext) -> Result<bool> {
        match self {
            LabelHolder::Node(id) => cx.has_label(*id, name),
            LabelHolder::Relationship(id) => Ok(cx.relationship_type(*id)? == *name.name()),
            LabelHolder::Names(names) => Ok(names.iter().any(|known| **known == **name.name())),
        }
    }

    /// Whether it has any label; a relationship always has a type.
    pub fn has_any(&self, cx: &dyn EvalContext) -> Result<bool> {
        match self {
            LabelHolder::Node(id) => Ok(!cx.labels(*id)?.is_empty()),
            LabelHolder::Relationship(_) => Ok(true),
            LabelHolder::Names(names) => Ok(!names.is_empty()),
        }
    }
}

/// The labels or type of a value that is not null.
pub fn label_holder(subject: &Value) -> Result<LabelHolder<'_>> {
    match subject {
        Value::Node(id) => Ok(LabelHolder::Node(*id)),
        Value::Relationship(id) => Ok(LabelHolder::Relationship(*id)),
        Value::Entity(entity) => match &**entity {
            Entity::Node(node) => Ok(LabelHolder::Names(&node.labels)),
            Entity::Relationship(relationship) => Ok(LabelHolder::Names(std::slice::from_ref(&relationship.kind))),
            Entity::Path { .. } => Err(no_labels(subject)),
        },
        _ => Err(no_labels(subject)),
    }
}

fn no_labels(value: &Value) -> Error {
    Error::type_error(
        Detail::InvalidArgumentType,
        format!("Type mismatch: expected Node but was {}", value.type_name()),
    )
}

/// The names that a computed label, type or key gives: a string, or a list of strings.
pub fn names(value: &Value) -> Result<Vec<Arc<str>>> {
    let one = |value: &Value| match value {
        Value::String(name) if name.is_empty() => Err(Error::type_error(
            Detail::InvalidArgumentValue,
            "A label, type or property key must not be the empty string",
        )),
        Value::String(name) => Ok(name.clone()),
        other => Err(Error::type_error(
            Detail::InvalidArgumentType,
            format!("Expected the name of a label, type or property key: a String, but was {}", other.type_name()),
        )),
    };
    match value {
        Value::List(items) => items.iter().map(one).collect(),
        single => Ok(vec![one(single)?]),
    }
}
