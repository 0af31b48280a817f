//! What a statement has written so far, and how it ends.

use super::Runtime;
use crate::graph::store::{self, Counted, Endpoints, adjacency, statistics};
use crate::graph::{Detail, Error, Kind, Result};
use crate::reply::GraphStats;
use crate::storage::Catalog;
use std::collections::{HashMap, HashSet};

/// What a statement has written so far.
#[derive(Debug, Default)]
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
    pub(super) deleted_nodes: HashSet<u64>,
    /// What was deleted, in order: whether it is a relationship, and its id.
    deletions: Vec<(bool, u64)>,
    /// Nodes deleted without DETACH: they must have no relationships in the end.
    pub(super) undetached: Vec<u64>,
    /// Entities that broke a constraint when they were written: whether it is a relationship, and its id.
    pub(super) doubtful: Vec<(bool, u64)>,
    /// Index keys that had another holder when they were written.
    pub(super) doubled: Vec<(u32, Vec<u8>)>,
    pub(super) next_node: Option<(u64, u64)>,
    pub(super) next_relationship: Option<(u64, u64)>,
}

/// How far the changes were at some point.
#[derive(Debug)]
pub struct Mark {
    stats: GraphStats,
    counts: HashMap<Counted, i64>,
    wrote: bool,
    topology_changed: bool,
    log: Option<usize>,
    deletions: usize,
    undetached: usize,
    doubtful: usize,
    doubled: usize,
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
    pub(super) fn add(&mut self, what: Counted, change: i64) {
        *self.counts.entry(what).or_default() += change;
    }

    pub(super) fn deleted_node(&mut self, id: u64) {
        self.deleted_nodes.insert(id);
        self.deletions.push((false, id));
    }

    pub(super) fn deleted_relationship(&mut self, id: u64, ends: Endpoints) {
        self.deleted_relationships.insert(id, ends);
        self.deletions.push((true, id));
    }

    /// The point reached.
    pub(super) fn mark(&self) -> Mark {
        Mark {
            stats: self.stats,
            counts: self.counts.clone(),
            wrote: self.wrote,
            topology_changed: self.topology_changed,
            log: self.log.as_ref().map(Vec::len),
            deletions: self.deletions.len(),
            undetached: self.undetached.len(),
            doubtful: self.doubtful.len(),
            doubled: self.doubled.len(),
            next_node: self.next_node,
            next_relationship: self.next_relationship,
        }
    }

    /// Forgets what was changed since.
    pub(super) fn back_to(&mut self, mark: Mark) {
        self.stats = mark.stats;
        self.counts = mark.counts;
        self.wrote = mark.wrote;
        self.topology_changed = mark.topology_changed;
        match (&mut self.log, mark.log) {
            (Some(log), Some(length)) => log.truncate(length),
            (log, _) => *log = None,
        }
        for (is_relationship, id) in self.deletions.drain(mark.deletions..) {
            if is_relationship {
                self.deleted_relationships.remove(&id);
            } else {
                self.deleted_nodes.remove(&id);
            }
        }
        self.undetached.truncate(mark.undetached);
        self.doubtful.truncate(mark.doubtful);
        self.doubled.truncate(mark.doubled);
        self.next_node = mark.next_node;
        self.next_relationship = mark.next_relationship;
    }
}

impl Runtime<'_> {
    /// Ends a statement that may have written: checks what must hold in the end, writes the counters
    /// and brings the mirror in step.
    pub fn finish(&self) -> Result<GraphStats> {
        self.write_lists()?;
        self.write_page()?;
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
            self.stamp_mirror(changes.log.take(), stamp);
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

/// The counter of ids.
pub(super) fn counter_name(database: u32, node: bool) -> String {
    format!("{} {database}", if node { "node" } else { "relationship" })
}
