//! Values of the graph language (openCypher 9, "Values and types").

use std::collections::BTreeMap;
use std::sync::Arc;

/// A value of the graph language.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
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
    /// A node, by id: what it holds is read from the transaction. Only inside the engine.
    Node(u64),
    /// A relationship, by id. Only inside the engine.
    Relationship(u64),
    /// A path, by ids. Only inside the engine.
    Path(Arc<PathIds>),
    /// A node, relationship or path with all it holds: the form of replies.
    Entity(Box<Entity>),
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
