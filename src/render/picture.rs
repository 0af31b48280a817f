//! The nodes and relationships of a graph answer, each once, in the order they come: what drawings are made of.

use super::{Look, cypher, shown};
use crate::reply::{DocReply, Reply};
use crate::text::Diagnostic;
use crate::value::graph::{Entity, Node, Relationship, Value};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A part of a graph.
#[derive(Debug, Default)]
pub struct Picture {
    /// The nodes. Of one that the answer does not hold, but a relationship that begins or ends there, only the id is
    /// known.
    pub nodes: Vec<Node>,
    /// The relationships, whose ends are among the nodes.
    pub relationships: Vec<Relationship>,
    /// Where each node stands, by id; and whether the answer holds it.
    places: HashMap<u64, (usize, bool)>,
    seen: HashSet<u64>,
}

impl Picture {
    /// That of an answer, which is read to its end; `None` if it has no rows of graph values.
    ///
    /// # Errors
    /// When the statement fails while its answer is read.
    pub fn of(reply: &mut Reply<'_>) -> Result<Option<Picture>, Diagnostic> {
        match reply {
            Reply::Graph(reply) if !reply.columns.is_empty() => {
                let mut picture = Picture::default();
                for row in reply.rows.by_ref() {
                    row?.iter().for_each(|value| picture.add(value));
                }
                Ok(Some(picture))
            }
            Reply::Doc(DocReply::Cursor(documents)) => documents.by_ref().find_map(Result::err).map_or(Ok(None), Err),
            _ => Ok(None),
        }
    }

    /// Adds what a value holds.
    pub fn add(&mut self, value: &Value) {
        match value {
            Value::List(items) => items.iter().for_each(|item| self.add(item)),
            Value::Map(entries) => entries.values().for_each(|item| self.add(item)),
            Value::Entity(entity) => match &**entity {
                Entity::Node(node) => self.add_node(node),
                Entity::Relationship(relationship) => self.add_relationship(relationship),
                Entity::Path { nodes, relationships } => {
                    nodes.iter().for_each(|node| self.add_node(node));
                    relationships.iter().for_each(|relationship| self.add_relationship(relationship));
                }
            },
            _ => {}
        }
    }

    fn add_node(&mut self, node: &Node) {
        match self.places.get_mut(&node.id) {
            None => {
                self.places.insert(node.id, (self.nodes.len(), true));
                self.nodes.push(node.clone());
            }
            Some((place, known @ false)) => {
                *known = true;
                if let Some(slot) = self.nodes.get_mut(*place) {
                    slot.clone_from(node);
                }
            }
            Some(_) => {}
        }
    }

    fn add_relationship(&mut self, relationship: &Relationship) {
        if !self.seen.insert(relationship.id) {
            return;
        }
        for end in [relationship.start, relationship.end] {
            self.places.entry(end).or_insert_with(|| {
                self.nodes.push(Node { id: end, labels: Vec::new(), properties: Default::default() });
                (self.nodes.len() - 1, false)
            });
        }
        self.relationships.push(relationship.clone());
    }

    /// Where a node stands among the nodes.
    pub fn place(&self, id: u64) -> Option<usize> {
        self.places.get(&id).map(|(place, _)| *place)
    }
}

/// What is written in a node or at a relationship: labels or type, then each property.
pub fn lines(first: String, properties: &BTreeMap<String, Value>, look: &Look) -> Vec<String> {
    let property = |(key, value): (&String, &Value)| format!("{}: {}", cypher::name(key), cypher::value(value));
    let first = Some(first).filter(|first| !first.is_empty());
    first.into_iter().chain(properties.iter().map(property)).map(|line| shown(&line, look).into_owned()).collect()
}
