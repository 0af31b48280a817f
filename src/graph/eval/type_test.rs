//! Whether a value belongs to a type: `x IS :: LIST<INTEGER NOT NULL>`, and type constraints.

use crate::ast::graph::TypeName;
use crate::value::graph::{Entity, Value};
use crate::value::temporal::Temporal;

/// Whether a value belongs to a type. Null belongs to every type but `… NOT NULL` and `NOTHING`
/// (Neo4j's manual, "Type predicate expressions").
pub fn belongs_to(value: &Value, wanted: &TypeName) -> bool {
    if value.is_null() {
        return !matches!(wanted, TypeName::NotNull(_) | TypeName::Nothing)
            && !matches!(wanted, TypeName::Union(parts) if !parts.iter().any(|part| belongs_to(value, part)));
    }
    let entity = match value {
        Value::Entity(entity) => Some(&**entity),
        _ => None,
    };
    match wanted {
        TypeName::Any => true,
        TypeName::Nothing | TypeName::Null => false,
        TypeName::Boolean => matches!(value, Value::Bool(_)),
        TypeName::String => matches!(value, Value::String(_)),
        TypeName::Integer => matches!(value, Value::Int(_)),
        TypeName::Float => matches!(value, Value::Float(_)),
        TypeName::Date => matches!(value, Value::Temporal(Temporal::Date(_))),
        TypeName::LocalTime => matches!(value, Value::Temporal(Temporal::LocalTime(_))),
        TypeName::ZonedTime => matches!(value, Value::Temporal(Temporal::Time(_))),
        TypeName::LocalDateTime => matches!(value, Value::Temporal(Temporal::LocalDateTime(_))),
        TypeName::ZonedDateTime => matches!(value, Value::Temporal(Temporal::DateTime(_))),
        TypeName::Duration => matches!(value, Value::Temporal(Temporal::Duration(_))),
        TypeName::Point => matches!(value, Value::Point(_)),
        TypeName::Map => matches!(value, Value::Map(_)),
        TypeName::Node => matches!(value, Value::Node(_)) || matches!(entity, Some(Entity::Node(_))),
        TypeName::Relationship => {
            matches!(value, Value::Relationship(_)) || matches!(entity, Some(Entity::Relationship(_)))
        }
        TypeName::Path => matches!(value, Value::Path(_)) || matches!(entity, Some(Entity::Path { .. })),
        TypeName::PropertyValue => match value {
            Value::List(items) => items.iter().all(is_simple),
            single => is_simple(single),
        },
        TypeName::List(element) => match value {
            Value::List(items) => items.iter().all(|item| belongs_to(item, element)),
            _ => false,
        },
        TypeName::Union(parts) => parts.iter().any(|part| belongs_to(value, part)),
        TypeName::NotNull(inner) => belongs_to(value, inner),
    }
}

/// Whether a value can be a property by itself.
fn is_simple(value: &Value) -> bool {
    matches!(
        value,
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) | Value::Temporal(_) | Value::Point(_)
    )
}
