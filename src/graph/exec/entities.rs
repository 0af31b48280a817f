//! Writing nodes and relationships: rows, neighbour lists, indexes, counts and the statement's change list.

use super::Runtime;
use super::changes::{Change, counter_name};
use crate::graph::eval::belongs_to;
use crate::graph::store::{self, Counted, Endpoints, List, NodeRecord, RelationshipRecord, Side, adjacency, layout};
use crate::graph::{Detail, Error, Result};
use crate::storage::Catalog;
use crate::value::graph::Value;

impl Runtime<'_> {
    /// Makes a node with different labels and properties that can be stored.
    pub fn create_node(&self, labels: Vec<u32>, properties: store::Properties) -> Result<u64> {
        let record = NodeRecord { labels, properties };
        self.before_topology_change()?;
        let id = self.next_id(true)?;
        {
            let mut changes = self.changes.borrow_mut();
            changes.stats.nodes_created += 1;
            changes.stats.labels_added += record.labels.len() as u64;
            changes.stats.properties_set += record.properties.len() as u64;
            changes.add(Counted::Nodes, 1);
        }
        self.note(Change::AddNode(id));
        self.put_node(id, None, Some(&record))?;
        Ok(id)
    }

    /// Makes a relationship between two nodes that are there, with properties that can be stored.
    pub fn create_relationship(&self, ends: Endpoints, properties: store::Properties) -> Result<u64> {
        let record = RelationshipRecord { ends, properties };
        self.before_topology_change()?;
        let id = self.next_id(false)?;
        {
            let mut changes = self.changes.borrow_mut();
            changes.stats.relationships_created += 1;
            changes.stats.properties_set += record.properties.len() as u64;
            changes.add(Counted::Relationships, 1);
            changes.add(Counted::Type(ends.kind), 1);
        }
        self.note(Change::AddRelationship(id, ends));
        self.write(|tx| self.tails.borrow_mut().add(tx, id, ends))?;
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
            changes.deleted_node(id);
            changes.undetached.push(id);
        }
        if detach {
            let mut ids = Vec::new();
            for side in [Side::Out, Side::In] {
                self.write_list(List::Neighbours(id, side))?;
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
        let mut tails = self.tails.borrow_mut();
        for list in lists_of(ends) {
            self.write(|tx| {
                tails.give_up(tx, list)?;
                list.remove(tx, self.database, id)
            })?;
        }
        drop(tails);
        let mut changes = self.changes.borrow_mut();
        changes.stats.relationships_deleted += 1;
        changes.add(Counted::Relationships, -1);
        changes.add(Counted::Type(ends.kind), -1);
        changes.deleted_relationship(id, ends);
        drop(changes);
        self.note(Change::RemoveRelationship(id, ends));
        Ok(())
    }

    /// Writes a node's new state and brings the label index, the property indexes and the counts in
    /// step: `None` before for a new node, after for a deleted one.
    pub(super) fn put_node(&self, id: u64, before: Option<&NodeRecord>, after: Option<&NodeRecord>) -> Result<()> {
        self.forget_row();
        self.changes.borrow_mut().wrote = true;
        self.merged.borrow_mut().change(id, before, after);
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
            Ok(())
        })?;
        self.maintain(false, id, &|token| with_label(before, token), &|token| with_label(after, token))?;
        let mut changes = self.changes.borrow_mut();
        old.iter().filter(|label| !new.contains(label)).for_each(|&label| changes.add(Counted::Label(label), -1));
        new.iter().filter(|label| !old.contains(label)).for_each(|&label| changes.add(Counted::Label(label), 1));
        drop(changes);
        if after.is_none() {
            self.note(Change::RemoveNode(id));
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
        self.changes.borrow_mut().wrote = true;
        let row = after.map(RelationshipRecord::encode);
        self.write(|tx| self.page.borrow_mut().set(tx, id, row.as_deref()))?;
        self.maintain(true, id, &|token| of_type(before, token), &|token| of_type(after, token))
    }

    /// Brings indexes and their counts in step with a changed entity, and looks at the constraints: what
    /// seems to break one is looked at again when the statement ends.
    fn maintain<'r>(
        &self,
        on_relationships: bool,
        id: u64,
        before: &dyn Fn(u32) -> Option<&'r store::Properties>,
        after: &dyn Fn(u32) -> Option<&'r store::Properties>,
    ) -> Result<()> {
        let schema = self.schema.borrow();
        for index in schema.indexes.iter().filter(|index| index.on_relationships == on_relationships) {
            let key = |properties: Option<&store::Properties>| properties.and_then(|properties| index.key(properties));
            let (old, new) = (key(before(index.token)), key(after(index.token)));
            if old == new {
                continue;
            }
            let (mut entries, mut keys) = (0, 0);
            if let Some(old) = old {
                let others = self.take_from_index(index, &old, id)?;
                entries -= 1;
                keys -= i64::from(!others);
            }
            if let Some(new) = new {
                let others = self.add_to_index(index, &new, id)?;
                entries += 1;
                keys += i64::from(!others);
                if others && schema.constraints.iter().any(|one| one.index == Some(index.id)) {
                    self.changes.borrow_mut().doubled.push((index.id, new));
                }
            }
            let mut changes = self.changes.borrow_mut();
            changes.add(Counted::IndexEntries(index.id), entries);
            changes.add(Counted::IndexKeys(index.id), keys);
        }
        for constraint in schema.constraints.iter().filter(|one| one.on_relationships == on_relationships) {
            if let Some(properties) = after(constraint.token)
                && constraint.broken_by(properties, belongs_to).is_some()
            {
                self.changes.borrow_mut().doubtful.push((on_relationships, id));
            }
        }
        Ok(())
    }

    /// Whether a node that this statement has found is still there.
    pub(super) fn was_deleted(&self, node: u64) -> bool {
        self.changes.borrow().deleted_nodes.contains(&node)
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
}

/// The lists in which a relationship stands.
fn lists_of(ends: Endpoints) -> [List; 3] {
    [List::Type(ends.kind), List::Neighbours(ends.source, Side::Out), List::Neighbours(ends.target, Side::In)]
}

fn with_label(record: Option<&NodeRecord>, label: u32) -> Option<&store::Properties> {
    record.filter(|record| record.labels.contains(&label)).map(|record| &record.properties)
}

fn of_type(record: Option<&RelationshipRecord>, kind: u32) -> Option<&store::Properties> {
    record.filter(|record| record.ends.kind == kind).map(|record| &record.properties)
}

/// Properties hold simple values and lists of them.
pub fn check_storable(value: &Value) -> Result<()> {
    let simple = |value: &Value| {
        matches!(
            value,
            Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::String(_) | Value::Temporal(_) | Value::Point(_)
        )
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
