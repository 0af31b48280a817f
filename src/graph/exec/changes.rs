//! Writing nodes and relationships: rows, neighbour lists, indexes, counts and the statement's change list.

use super::runtime::Runtime;
use crate::graph::store::{
    self, Counted, Endpoints, Neighbour, NodeRecord, RelationshipRecord, Side, TokenKind, adjacency, layout, statistics,
};
use crate::graph::{Detail, Error, Kind, Result};
use crate::reply::GraphStats;
use crate::storage::Catalog;
use crate::value::graph::Value;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a statement has written so far.
#[derive(Debug, Default)]
pub struct Changes {
    /// The counters of the reply.
    pub stats: GraphStats,
    /// Changes of the stored counts.
    pub counts: HashMap<Counted, i64>,
    /// Nodes or relationships were made or deleted.
    pub topology_changed: bool,
    /// Changes of the topology in order, if the mirror was in step before the first of them.
    pub log: Option<Vec<Change>>,
    /// Deleted relationships: `type()` of them still works.
    pub deleted_relationships: HashMap<u64, Endpoints>,
    deleted_nodes: HashSet<u64>,
    /// Nodes deleted without DETACH: they must have no relationships in the end.
    undetached: Vec<u64>,
    next_node: Option<(u64, u64)>,
    next_relationship: Option<(u64, u64)>,
}

/// A change of the topology.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A new node.
    AddNode(u64),
    /// A deleted node.
    RemoveNode(u64),
    /// A new relationship.
    AddRelationship(u64, Endpoints),
    /// A deleted relationship.
    RemoveRelationship(u64, Endpoints),
}

impl Changes {
    fn add(&mut self, what: Counted, change: i64) {
        *self.counts.entry(what).or_default() += change;
    }
}

impl Runtime<'_> {
    /// Makes a node.
    pub fn create_node(&self, labels: &[String], properties: BTreeMap<String, Value>) -> Result<u64> {
        let mut record = NodeRecord::default();
        for label in labels {
            let id = self.write(|tx| self.tokens.id_or_create(tx, TokenKind::Label, label))?;
            if !record.labels.contains(&id) {
                record.labels.push(id);
            }
        }
        record.properties = self.stored_properties(properties)?;
        self.before_topology_change()?;
        let id = self.next_id(true)?;
        {
            let mut changes = self.changes.borrow_mut();
            changes.stats.nodes_created += 1;
            changes.stats.labels_added += record.labels.len() as u64;
            changes.stats.properties_set += record.properties.len() as u64;
            changes.add(Counted::Nodes, 1);
            changes.log.iter_mut().for_each(|log| log.push(Change::AddNode(id)));
        }
        self.put_node(id, None, Some(&record))?;
        Ok(id)
    }

    /// Makes a relationship between two nodes that are there.
    pub fn create_relationship(
        &self,
        kind: &str,
        source: u64,
        target: u64,
        properties: BTreeMap<String, Value>,
    ) -> Result<u64> {
        for node in [source, target] {
            self.node_row(node)?;
        }
        let kind = self.write(|tx| self.tokens.id_or_create(tx, TokenKind::Type, kind))?;
        let ends = Endpoints { source, target, kind };
        let record = RelationshipRecord { ends, properties: self.stored_properties(properties)? };
        self.before_topology_change()?;
        let id = self.next_id(false)?;
        {
            let mut changes = self.changes.borrow_mut();
            changes.stats.relationships_created += 1;
            changes.stats.properties_set += record.properties.len() as u64;
            changes.add(Counted::Relationships, 1);
            changes.add(Counted::Type(kind), 1);
            changes.log.iter_mut().for_each(|log| log.push(Change::AddRelationship(id, ends)));
        }
        self.write(|tx| {
            tx.put(layout::types(self.database), &layout::token_key(kind, id), b"")?;
            let neighbour = Neighbour { kind, node: target, relationship: id };
            adjacency::add(tx, self.database, source, Side::Out, neighbour)?;
            let neighbour = Neighbour { kind, node: source, relationship: id };
            adjacency::add(tx, self.database, target, Side::In, neighbour)
        })?;
        self.put_relationship(id, None, Some(&record))?;
        Ok(id)
    }

    /// Deletes a node; its relationships too, if `detach`. Deleting twice is fine.
    pub fn delete_node(&self, id: u64, detach: bool) -> Result<()> {
        if !self.changes.borrow().deleted_nodes.contains(&id) {
            let record = self.node_record(id)?;
            self.before_topology_change()?;
            self.put_node(id, Some(&record), None)?;
            let mut changes = self.changes.borrow_mut();
            changes.stats.nodes_deleted += 1;
            changes.add(Counted::Nodes, -1);
            changes.deleted_nodes.insert(id);
            changes.undetached.push(id);
        }
        if detach {
            let mut ids = Vec::new();
            for side in [Side::Out, Side::In] {
                self.read(|tx| adjacency::walk(tx, self.database, id, side, &mut |n| ids.push(n.relationship)))?;
            }
            for relationship in ids {
                self.delete_relationship(relationship)?;
            }
        }
        Ok(())
    }

    /// Deletes a relationship. Deleting twice is fine.
    pub fn delete_relationship(&self, id: u64) -> Result<()> {
        if self.changes.borrow().deleted_relationships.contains_key(&id) {
            return Ok(());
        }
        let record = self.relationship_record(id)?;
        let ends = record.ends;
        self.before_topology_change()?;
        self.put_relationship(id, Some(&record), None)?;
        self.write(|tx| {
            tx.delete(layout::types(self.database), &layout::token_key(ends.kind, id))?;
            adjacency::remove(tx, self.database, ends.source, Side::Out, id)?;
            adjacency::remove(tx, self.database, ends.target, Side::In, id)
        })?;
        let mut changes = self.changes.borrow_mut();
        changes.stats.relationships_deleted += 1;
        changes.add(Counted::Relationships, -1);
        changes.add(Counted::Type(ends.kind), -1);
        changes.deleted_relationships.insert(id, ends);
        changes.log.iter_mut().for_each(|log| log.push(Change::RemoveRelationship(id, ends)));
        Ok(())
    }

    /// Writes a node's new state and brings the label index, the property indexes and the counts in
    /// step: `None` before for a new node, after for a deleted one.
    pub(super) fn put_node(&self, id: u64, before: Option<&NodeRecord>, after: Option<&NodeRecord>) -> Result<()> {
        self.forget_row();
        let none: &[u32] = &[];
        let (old, new) = (before.map_or(none, |r| &r.labels), after.map_or(none, |r| &r.labels));
        let space = layout::labels(self.database);
        self.write(|tx| {
            match after {
                Some(record) => tx.put(layout::nodes(self.database), &id.to_be_bytes(), &record.encode())?,
                None => tx.delete(layout::nodes(self.database), &id.to_be_bytes())?,
            }
            for &label in old.iter().filter(|label| !new.contains(label)) {
                tx.delete(space, &layout::token_key(label, id))?;
            }
            for &label in new.iter().filter(|label| !old.contains(label)) {
                tx.put(space, &layout::token_key(label, id), b"")?;
            }
            for index in self.indexes.borrow().iter().filter(|index| !index.on_relationships) {
                let key = |record: &NodeRecord| {
                    record.labels.contains(&index.token).then(|| index.key(&record.properties)).flatten()
                };
                let (old, new) = (before.and_then(key), after.and_then(key));
                if old != new {
                    old.map(|key| index.delete(tx, key, id)).transpose()?;
                    new.map(|key| index.insert(tx, key, id)).transpose()?;
                }
            }
            Ok(())
        })?;
        let mut changes = self.changes.borrow_mut();
        old.iter().filter(|label| !new.contains(label)).for_each(|&label| changes.add(Counted::Label(label), -1));
        new.iter().filter(|label| !old.contains(label)).for_each(|&label| changes.add(Counted::Label(label), 1));
        if after.is_none() {
            changes.log.iter_mut().for_each(|log| log.push(Change::RemoveNode(id)));
        }
        Ok(())
    }

    /// The same for a relationship's row and indexes.
    pub(super) fn put_relationship(
        &self,
        id: u64,
        before: Option<&RelationshipRecord>,
        after: Option<&RelationshipRecord>,
    ) -> Result<()> {
        self.forget_row();
        self.write(|tx| {
            match after {
                Some(record) => tx.put(layout::relationships(self.database), &id.to_be_bytes(), &record.encode())?,
                None => tx.delete(layout::relationships(self.database), &id.to_be_bytes())?,
            }
            for index in self.indexes.borrow().iter().filter(|index| index.on_relationships) {
                let key = |record: &RelationshipRecord| {
                    (record.ends.kind == index.token).then(|| index.key(&record.properties)).flatten()
                };
                let (old, new) = (before.and_then(key), after.and_then(key));
                if old != new {
                    old.map(|key| index.delete(tx, key, id)).transpose()?;
                    new.map(|key| index.insert(tx, key, id)).transpose()?;
                }
            }
            Ok(())
        })
    }

    /// Properties as they are stored: without nulls, checked, keys as ids.
    pub(super) fn stored_properties(&self, properties: BTreeMap<String, Value>) -> Result<store::Properties> {
        let mut stored = Vec::with_capacity(properties.len());
        for (key, value) in properties {
            if value.is_null() {
                continue;
            }
            check_storable(&value)?;
            stored.push((self.write(|tx| self.tokens.id_or_create(tx, TokenKind::Key, &key))?, value));
        }
        Ok(stored)
    }

    fn next_id(&self, node: bool) -> Result<u64> {
        let mut changes = self.changes.borrow_mut();
        let counter = if node { &mut changes.next_node } else { &mut changes.next_relationship };
        let (_, next) = match counter {
            Some(counter) => counter,
            None => {
                let first = self.write(|tx| Catalog::reserve_numbers(tx, &counter_name(self.database, node), 0))?;
                counter.insert((first, first))
            }
        };
        let id = *next;
        *next += 1;
        Ok(id)
    }

    /// Called before the first change of nodes or relationships: a mirror that is in step will be kept
    /// so from the change list.
    fn before_topology_change(&self) -> Result<()> {
        if self.changes.borrow().topology_changed {
            return Ok(());
        }
        let stamp = self.read(|tx| store::stamp(tx, self.database))?;
        let in_step = self.mirror.borrow_mut().is_in_step(self.database, stamp);
        let mut changes = self.changes.borrow_mut();
        changes.topology_changed = true;
        changes.log = in_step.then(Vec::new);
        Ok(())
    }

    /// Ends a statement that may have written: checks what must hold in the end, writes the counters
    /// and brings the mirror in step.
    pub fn finish(&self) -> Result<GraphStats> {
        let mut changes = std::mem::take(&mut *self.changes.borrow_mut());
        for &node in &changes.undetached {
            if self.read(|tx| adjacency::is_connected(tx, self.database, node))? {
                return Err(Error::runtime(
                    Kind::ConstraintVerification,
                    Detail::DeleteConnectedNode,
                    format!(
                        "Cannot delete node<{node}>, because it still has relationships. \
                         To delete this node, you must first delete its relationships."
                    ),
                )
                .hint("DETACH DELETE deletes a node with its relationships"));
            }
        }
        let counters = [(changes.next_node, true), (changes.next_relationship, false)];
        for (counter, node) in counters {
            if let Some((first, next)) = counter.filter(|(first, next)| first != next) {
                let name = counter_name(self.database, node);
                self.write(|tx| Catalog::reserve_numbers(tx, &name, next - first))?;
            }
        }
        for (&what, &change) in changes.counts.iter().filter(|(_, change)| **change != 0) {
            self.write(|tx| statistics::add(tx, self.database, what, change))?;
        }
        if changes.topology_changed {
            let stamp = self.new_stamp();
            self.write(|tx| store::set_stamp(tx, self.database, stamp))?;
            let mut mirror = self.mirror.borrow_mut();
            match changes.log.take() {
                Some(log) => mirror.apply(&log, stamp),
                None => mirror.forget(),
            }
        }
        let stats = changes.stats;
        // A second call has nothing to do; deleted relationships still have their type.
        *self.changes.borrow_mut() = Changes {
            deleted_relationships: changes.deleted_relationships,
            deleted_nodes: changes.deleted_nodes,
            ..Changes::default()
        };
        Ok(stats)
    }
}

fn counter_name(database: u32, node: bool) -> String {
    format!("{} {database}", if node { "node" } else { "relationship" })
}

/// Properties hold simple values and lists of them.
pub fn check_storable(value: &Value) -> Result<()> {
    let simple = |value: &Value| {
        matches!(value, Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) | Value::Temporal(_))
    };
    let refused = match value {
        Value::Null => return Ok(()),
        Value::List(items) => items.iter().find(|item| !simple(item)),
        other => Some(other).filter(|value| !simple(value)),
    };
    match refused {
        None => Ok(()),
        Some(Value::Null) => Err(Error::type_error(
            Detail::InvalidPropertyType,
            "Collections containing null values can not be stored in properties.",
        )),
        Some(other) => Err(Error::type_error(
            Detail::InvalidPropertyType,
            format!(
                "Property values can only be of primitive types or arrays thereof. Encountered: {}.",
                other.type_name()
            ),
        )),
    }
}
