//! Writing nodes and relationships: rows, neighbour lists, indexes, counts and the statement's change list.

use super::runtime::Runtime;
use crate::ast::graph::Rule;
use crate::graph::eval::belongs_to;
use crate::graph::store::{
    self, Constraint, Counted, Endpoints, Neighbour, NodeRecord, RelationshipRecord, Side, TokenKind, adjacency,
    layout, statistics,
};
use crate::graph::{Detail, Error, Kind, Result};
use crate::reply::GraphStats;
use crate::storage::Catalog;
use crate::value::graph::{Value, float_text};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What a statement has written so far.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// The counters of the reply.
    pub stats: GraphStats,
    /// Changes of the stored counts.
    pub counts: HashMap<Counted, i64>,
    /// Anything was written.
    pub wrote: bool,
    /// Nodes or relationships were made or deleted.
    pub topology_changed: bool,
    /// Changes of the topology in order, if the mirror was in step before the first of them.
    pub log: Option<Vec<Change>>,
    /// Deleted relationships: `type()` of them still works.
    pub deleted_relationships: HashMap<u64, Endpoints>,
    deleted_nodes: HashSet<u64>,
    /// Nodes deleted without DETACH: they must have no relationships in the end.
    undetached: Vec<u64>,
    /// Entities that broke a constraint when they were written: whether it is a relationship, and its id.
    doubtful: Vec<(bool, u64)>,
    /// Index keys that had another holder when they were written.
    doubled: Vec<(u32, Vec<u8>)>,
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
        self.changes.borrow_mut().wrote = true;
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
        self.changes.borrow_mut().wrote = true;
        self.write(|tx| {
            match after {
                Some(record) => tx.put(layout::relationships(self.database), &id.to_be_bytes(), &record.encode())?,
                None => tx.delete(layout::relationships(self.database), &id.to_be_bytes())?,
            }
            Ok(())
        })?;
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
                let others = self.write(|tx| index.delete(tx, &old, id))?;
                entries -= 1;
                keys -= i64::from(!others);
            }
            if let Some(new) = new {
                let others = self.write(|tx| index.insert(tx, &new, id))?;
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

    /// Fails if a constraint is broken in the end: by entities that broke one while the statement ran.
    fn check_constraints(&self, changes: &Changes) -> Result<()> {
        let schema = self.schema.borrow();
        for &(on_relationships, id) in &changes.doubtful {
            let (tokens, properties) = if on_relationships {
                let Some(row) = self.read(|tx| store::relationship_row(tx, self.database, id))? else { continue };
                let record = RelationshipRecord::decode(&row)?;
                (vec![record.ends.kind], record.properties)
            } else {
                let Some(row) = self.read(|tx| store::node_row(tx, self.database, id))? else { continue };
                let record = NodeRecord::decode(&row)?;
                (record.labels, record.properties)
            };
            for constraint in &schema.constraints {
                if constraint.on_relationships == on_relationships
                    && tokens.contains(&constraint.token)
                    && let Some(key) = constraint.broken_by(&properties, belongs_to)
                {
                    let value = properties.iter().find(|(known, _)| *known == key).map(|(_, value)| value);
                    return Err(self.broken(constraint, id, key, value)?);
                }
            }
        }
        for (index, key) in &changes.doubled {
            let Some(index) = schema.indexes.iter().find(|one| one.id == *index) else { continue };
            let holders = self.read(|tx| index.holders(tx, key, 2))?;
            if let [first, _] = holders.as_slice()
                && let Some(constraint) = schema.constraints.iter().find(|one| one.index == Some(index.id))
            {
                return Err(self.doubled(constraint, *first)?);
            }
        }
        Ok(())
    }

    /// `Node(5) with label `Person` must have the property `name``
    fn broken(&self, constraint: &Constraint, id: u64, key: u32, value: Option<&Value>) -> Result<Error> {
        let described = self.described(constraint, id)?;
        let key = self.token_name(TokenKind::Key, key)?;
        let message = match (&constraint.rule, value) {
            (Rule::Type(wanted), Some(value)) => {
                format!(
                    "{described} must have the property `{key}` of type {wanted}, not of type {}",
                    value.type_name()
                )
            }
            _ => format!("{described} must have the property `{key}`"),
        };
        let error = Error::runtime(Kind::ConstraintValidation, Detail::CreateBlockedByConstraint, message);
        Ok(error.hint(format!("the constraint `{}` asks for it", constraint.name)))
    }

    /// `Node(0) already exists with label `Person` and property `name` = 'Ann'`
    fn doubled(&self, constraint: &Constraint, id: u64) -> Result<Error> {
        let properties = if constraint.on_relationships {
            self.relationship_record(id)?.properties
        } else {
            self.node_record(id)?.properties
        };
        let kind = if constraint.on_relationships { TokenKind::Type } else { TokenKind::Label };
        let token = self.token_name(kind, constraint.token)?;
        let mut shown = Vec::new();
        for &key in &constraint.keys {
            let value = properties.iter().find(|(known, _)| *known == key).map(|(_, value)| value);
            let key = self.token_name(TokenKind::Key, key)?;
            shown.push(format!("`{key}` = {}", value.map_or_else(|| "null".to_owned(), quoted)));
        }
        let (what, of) = if constraint.on_relationships { ("Relationship", "type") } else { ("Node", "label") };
        let properties = if shown.len() == 1 { "property" } else { "properties" };
        let message = format!("{what}({id}) already exists with {of} `{token}` and {properties} {}", shown.join(", "));
        let error = Error::runtime(Kind::ConstraintValidation, Detail::CreateBlockedByConstraint, message);
        Ok(error.hint(format!("the constraint `{}` keeps them apart; MERGE finds what is there", constraint.name)))
    }

    /// `Node(5) with label `Person``
    fn described(&self, constraint: &Constraint, id: u64) -> Result<String> {
        Ok(if constraint.on_relationships {
            format!("Relationship({id}) with type `{}`", self.token_name(TokenKind::Type, constraint.token)?)
        } else {
            format!("Node({id}) with label `{}`", self.token_name(TokenKind::Label, constraint.token)?)
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
        self.check_constraints(&changes)?;
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
        if changes.wrote {
            let stamp = self.new_stamp();
            self.write(|tx| store::set_data_stamp(tx, self.database, stamp))?;
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

fn with_label(record: Option<&NodeRecord>, label: u32) -> Option<&store::Properties> {
    record.filter(|record| record.labels.contains(&label)).map(|record| &record.properties)
}

fn of_type(record: Option<&RelationshipRecord>, kind: u32) -> Option<&store::Properties> {
    record.filter(|record| record.ends.kind == kind).map(|record| &record.properties)
}

/// A value in a message.
fn quoted(value: &Value) -> String {
    match value {
        Value::String(text) => format!("'{text}'"),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => float_text(*number),
        Value::Bool(truth) => truth.to_string(),
        Value::Temporal(temporal) => temporal.to_string(),
        Value::Point(point) => point.to_string(),
        other => format!("a {}", other.type_name()),
    }
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
