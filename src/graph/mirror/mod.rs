//! The graph in memory: its topology, and on demand columns of properties and labels.
//!
//! The mirror belongs to the session and serves one database at a time. Its topology is *in step* when
//! it carries the stamp that the transaction holds: a statement that changes nodes or relationships
//! writes a new stamp and hands its change list over; a rollback brings the old stamp back, and the
//! mirror is built anew when it is next asked. Columns and label sets carry a stamp of their own, which
//! changes with every write; they are dropped rather than kept in step.

mod columns;
mod labels;
mod topology;
mod visit;

pub use columns::Column;
pub use topology::{Link, Topology};
pub use visit::{Edge, Edges, Others, Visited};

use super::Result;
use super::exec::Change;
use super::store::{Neighbour, Side};
use crate::storage::Read;
use labels::LabelSet;
use std::collections::HashMap;

/// Which entities a column is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Of {
    /// Nodes, by their indices.
    Nodes,
    /// Relationships, by their ids.
    Relationships,
}

/// Looked up for every value: the standard hash would be most of the cost.
type Table<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// The graph in memory.
#[derive(Debug, Default)]
pub struct Mirror {
    database: u32,
    /// The stamp of the topology it shows; `None`: of none.
    stamp: Option<u64>,
    topology: Topology,
    /// The stamp of the columns and label sets.
    data_stamp: Option<u64>,
    columns: Table<(Of, u32), Column>,
    labels: Table<u32, LabelSet>,
}

impl Mirror {
    /// An empty mirror, in step with nothing.
    pub fn new() -> Self {
        Mirror::default()
    }

    /// Whether its topology is that of this stamp.
    pub fn is_in_step(&self, database: u32, stamp: u64) -> bool {
        self.database == database && self.stamp == Some(stamp)
    }

    /// It will be built anew before it is used again.
    pub fn forget(&mut self) {
        self.stamp = None;
        self.forget_data();
    }

    /// Drops the columns and label sets.
    pub fn forget_data(&mut self) {
        self.data_stamp = None;
        self.columns.clear();
        self.labels.clear();
    }

    /// Reads the whole topology.
    pub fn build(&mut self, tx: &dyn Read, database: u32, stamp: u64) -> Result<()> {
        *self = Mirror { database, ..Mirror::default() };
        self.topology = Topology::read(tx, database)?;
        self.stamp = Some(stamp);
        Ok(())
    }

    /// Carries out a change. Whoever does that sees to the stamp.
    pub fn change(&mut self, change: &Change) {
        self.topology.change(change);
    }

    /// Carries out a statement's changes; the topology is then that of `stamp`.
    pub fn apply(&mut self, changes: &[Change], stamp: u64) {
        self.topology.apply(changes);
        self.topology.tidy();
        self.stamp = Some(stamp);
        self.forget_data();
    }

    /// The topology.
    pub fn topology(&self) -> &Topology {
        &self.topology
    }

    /// Makes ready for columns and label sets of this stamp; others are dropped.
    pub fn use_data(&mut self, stamp: u64) {
        if self.data_stamp != Some(stamp) {
            self.forget_data();
            self.data_stamp = Some(stamp);
        }
    }

    /// A column, if it was read.
    pub fn column(&self, of: Of, key: u32) -> Option<&Column> {
        self.columns.get(&(of, key))
    }

    /// Reads a column; false if it would not pay.
    pub fn read_column(&mut self, tx: &dyn Read, of: Of, key: u32) -> Result<bool> {
        let Some(column) = Column::read(tx, self.database, &self.topology, of, key)? else { return Ok(false) };
        self.columns.insert((of, key), column);
        Ok(true)
    }

    /// The first node from an index on that bears a label, if the label's set was read.
    pub fn next_with_label(&self, from: u32, label: u32) -> Option<u32> {
        self.labels.get(&label)?.next(from)
    }

    /// Whether a label's set was read.
    pub fn knows_label(&self, label: u32) -> bool {
        self.labels.contains_key(&label)
    }

    /// Whether a node bears a label, if the label's set was read.
    pub fn has_label(&self, node: u32, label: u32) -> Option<bool> {
        self.labels.get(&label).map(|set| set.contains(node))
    }

    /// Reads the set of a label's nodes.
    pub fn read_label(&mut self, tx: &dyn Read, label: u32) -> Result<()> {
        let set = LabelSet::read(tx, self.database, &self.topology, label)?;
        self.labels.insert(label, set);
        Ok(())
    }

    /// Adds the neighbours on one side of a node to `out`.
    pub fn neighbours(&self, node: u64, side: Side, out: &mut Vec<Neighbour>) {
        if let Some(index) = self.topology.index_of(node) {
            out.extend(self.topology.links(index, side).iter().map(|link| Neighbour {
                kind: link.kind,
                node: self.topology.id_of(link.other),
                relationship: link.relationship,
            }));
        }
    }
}
