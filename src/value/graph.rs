//! Values of the graph language (openCypher 9, "Values and types").

pub use super::graph_order::{GroupKey, compare, compare_order, equals, equivalent, less};
pub use super::point::{Crs, Point};
pub use super::temporal::Temporal;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A value of the graph language.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// A truth value.
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// A 64-bit float.
    Float(f64),
    /// A string.
    String(Arc<str>),
    /// A list.
    List(Vec<Value>),
    /// A map.
    Map(BTreeMap<String, Value>),
    /// A date, a time or a duration.
    Temporal(Temporal),
    /// A point.
    Point(Point),
    /// A node, by id: what it holds is read from the transaction. Only inside the engine.
    Node(u64),
    /// A relationship, by id. Only inside the engine.
    Relationship(u64),
    /// A path, by ids. Only inside the engine.
    Path(Arc<PathIds>),
    /// A node, relationship or path with all it holds: the form of replies.
    Entity(Box<Entity>),
}

impl Value {
    /// A string.
    pub fn string(text: impl Into<Arc<str>>) -> Self {
        Value::String(text.into())
    }

    /// Whether it is null.
    pub const fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The name of its type, as Neo4j's messages write it.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "Null",
            Value::Bool(_) => "Boolean",
            Value::Int(_) => "Integer",
            Value::Float(_) => "Float",
            Value::String(_) => "String",
            Value::List(_) => "List",
            Value::Map(_) => "Map",
            Value::Temporal(Temporal::Date(_)) => "Date",
            Value::Temporal(Temporal::LocalTime(_)) => "LocalTime",
            Value::Temporal(Temporal::Time(_)) => "Time",
            Value::Temporal(Temporal::LocalDateTime(_)) => "LocalDateTime",
            Value::Temporal(Temporal::DateTime(_)) => "DateTime",
            Value::Temporal(Temporal::Duration(_)) => "Duration",
            Value::Point(_) => "Point",
            Value::Node(_) => "Node",
            Value::Relationship(_) => "Relationship",
            Value::Path(_) => "Path",
            Value::Entity(entity) => match **entity {
                Entity::Node(_) => "Node",
                Entity::Relationship(_) => "Relationship",
                Entity::Path { .. } => "Path",
            },
        }
    }

    /// The id, if it is a node.
    pub fn node_id(&self) -> Option<u64> {
        match self {
            Value::Node(id) => Some(*id),
            Value::Entity(entity) => match &**entity {
                Entity::Node(node) => Some(node.id),
                _ => None,
            },
            _ => None,
        }
    }

    /// The id, if it is a relationship.
    pub fn relationship_id(&self) -> Option<u64> {
        match self {
            Value::Relationship(id) => Some(*id),
            Value::Entity(entity) => match &**entity {
                Entity::Relationship(relationship) => Some(relationship.id),
                _ => None,
            },
            _ => None,
        }
    }

    /// The ids along it, if it is a path.
    pub fn path_ids(&self) -> Option<Arc<PathIds>> {
        match self {
            Value::Path(ids) => Some(ids.clone()),
            Value::Entity(entity) => match &**entity {
                Entity::Path { nodes, relationships } => Some(Arc::new(PathIds {
                    nodes: nodes.iter().map(|node| node.id).collect(),
                    relationships: relationships.iter().map(|relationship| relationship.id).collect(),
                })),
                _ => None,
            },
            _ => None,
        }
    }
}

impl<T: Into<Temporal>> From<T> for Value {
    fn from(value: T) -> Self {
        Value::Temporal(value.into())
    }
}

/// The text of a float as `toString` gives it: the shortest decimal that reads back as the same
/// double, always with a point, with an exponent below 0.001 and from 10,000,000 on
/// (`1.0`, `2.3`, `1.0E10`, `1.0E-5`; the Java language's `Double.toString`, which Neo4j follows).
pub fn float_text(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let size = value.abs();
    if size == 0.0 || (1e-3..1e7).contains(&size) {
        return format!("{value:?}");
    }
    let text = format!("{value:E}");
    match text.split_once('E') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
        _ => text,
    }
}

/// The ids along a path: one more node than relationships.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PathIds {
    /// Node ids, from the start.
    pub nodes: Vec<u64>,
    /// Relationship ids between them.
    pub relationships: Vec<u64>,
}

/// A node, relationship or path with all it holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Entity {
    /// A node.
    Node(Node),
    /// A relationship.
    Relationship(Relationship),
    /// A path.
    Path {
        /// From the start.
        nodes: Vec<Node>,
        /// Between them.
        relationships: Vec<Relationship>,
    },
}

/// A node with all it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Never reused.
    pub id: u64,
    /// In the order they were given.
    pub labels: Vec<String>,
    /// Never null.
    pub properties: BTreeMap<String, Value>,
}

/// A relationship with all it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Relationship {
    /// Never reused.
    pub id: u64,
    /// Its type.
    pub kind: String,
    /// The node it leaves.
    pub start: u64,
    /// The node it enters.
    pub end: u64,
    /// Never null.
    pub properties: BTreeMap<String, Value>,
}
