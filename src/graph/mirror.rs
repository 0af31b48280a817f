//! The topology in memory: ids and types, both directions, behind petgraph's visit traits.
//!
//! Nodes have dense indices (`u32`) in order of their ids; a deleted node leaves a hole until the next
//! build. The mirror belongs to the session and serves one database at a time. It is *in step* when it
//! carries the stamp that the transaction holds: a statement that changes the topology writes a new
//! stamp and hands its change list over; a rollback brings the old stamp back, and the mirror is built
//! anew when it is next asked.

use super::Result;
use super::exec::Change;
use super::store::{Neighbour, Side, adjacency, layout};
use crate::storage::{Direction, KeyRange, Read};
use petgraph::Direction as Way;
use petgraph::visit;
use std::collections::HashMap;
use std::ops::ControlFlow;

/// The graph's topology.
#[derive(Debug, Default)]
pub struct Mirror {
    database: u32,
    /// The stamp of the data it shows; `None`: of no data.
    stamp: Option<u64>,
    ids: Vec<u64>,
    alive: Vec<bool>,
    holes: usize,
    index: HashMap<u64, u32>,
    outgoing: Vec<Vec<Link>>,
    incoming: Vec<Vec<Link>>,
    links: usize,
}

/// A relationship as one of its nodes sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The node on the other side.
    pub other: u32,
    /// Its type.
    pub kind: u32,
    /// Its id.
    pub relationship: u64,
}

impl Mirror {
    /// An empty mirror, in step with nothing.
    pub fn new() -> Self {
        Mirror::default()
    }

    /// Whether it shows the data of this stamp.
    pub fn is_in_step(&self, database: u32, stamp: u64) -> bool {
        self.database == database && self.stamp == Some(stamp)
    }

    /// It will be built anew before it is used again.
    pub fn forget(&mut self) {
        self.stamp = None;
    }

    /// Reads the whole topology.
    pub fn build(&mut self, tx: &dyn Read, database: u32, stamp: u64) -> Result<()> {
        *self = Mirror { database, ..Mirror::default() };
        tx.scan(layout::nodes(database), &KeyRange::all(), Direction::Forward, &mut |key, _| {
            self.add_node(layout::trailing_id(key));
            Ok(ControlFlow::Continue(()))
        })?;
        adjacency::walk_all(tx, database, &mut |node, neighbour| {
            self.add_link(neighbour.relationship, node, neighbour.node, neighbour.kind);
        })?;
        self.stamp = Some(stamp);
        Ok(())
    }

    /// Carries out a statement's changes; the mirror then shows the data of `stamp`.
    pub fn apply(&mut self, changes: &[Change], stamp: u64) {
        for change in changes {
            match *change {
                Change::AddNode(id) => self.add_node(id),
                Change::RemoveNode(id) => self.remove_node(id),
                Change::AddRelationship(id, ends) => self.add_link(id, ends.source, ends.target, ends.kind),
                Change::RemoveRelationship(id, ends) => self.remove_link(id, ends.source, ends.target),
            }
        }
        self.stamp = Some(stamp);
        if self.holes > 1000 && self.holes > self.ids.len() / 2 {
            self.forget();
        }
    }

    fn add_node(&mut self, id: u64) {
        let index = self.ids.len() as u32;
        self.ids.push(id);
        self.alive.push(true);
        self.index.insert(id, index);
        self.outgoing.push(Vec::new());
        self.incoming.push(Vec::new());
    }

    fn remove_node(&mut self, id: u64) {
        if let Some(index) = self.index.remove(&id) {
            self.alive[index as usize] = false;
            self.holes += 1;
        }
    }

    fn add_link(&mut self, relationship: u64, source: u64, target: u64, kind: u32) {
        if let (Some(&source), Some(&target)) = (self.index.get(&source), self.index.get(&target)) {
            self.outgoing[source as usize].push(Link { other: target, kind, relationship });
            self.incoming[target as usize].push(Link { other: source, kind, relationship });
            self.links += 1;
        }
    }

    fn remove_link(&mut self, relationship: u64, source: u64, target: u64) {
        // A node deleted earlier in the statement has lost its entry but not its lists.
        let place =
            |id: u64| self.index.get(&id).copied().or_else(|| self.ids.binary_search(&id).ok().map(|at| at as u32));
        let (source, target) = (place(source), place(target));
        if let Some(source) = source {
            self.outgoing[source as usize].retain(|link| link.relationship != relationship);
            self.links -= 1;
        }
        if let Some(target) = target {
            self.incoming[target as usize].retain(|link| link.relationship != relationship);
        }
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// The number of relationships.
    pub fn relationships(&self) -> usize {
        self.links
    }

    /// One more than the greatest index.
    pub fn bound(&self) -> usize {
        self.ids.len()
    }

    /// The indices of all nodes.
    pub fn nodes(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.ids.len() as u32).filter(|&index| self.alive[index as usize])
    }

    /// The index of a node.
    pub fn index_of(&self, id: u64) -> Option<u32> {
        self.index.get(&id).copied()
    }

    /// The id of an index.
    pub fn id_of(&self, index: u32) -> u64 {
        self.ids.get(index as usize).copied().unwrap_or(0)
    }

    /// The relationships on one side of a node.
    pub fn links(&self, node: u32, side: Side) -> &[Link] {
        let lists = if side == Side::Out { &self.outgoing } else { &self.incoming };
        lists.get(node as usize).map_or(&[], Vec::as_slice)
    }

    /// Adds the neighbours on one side of a node to `out`.
    pub fn neighbours(&self, node: u64, side: Side, out: &mut Vec<Neighbour>) {
        if let Some(index) = self.index_of(node) {
            out.extend(self.links(index, side).iter().map(|link| Neighbour {
                kind: link.kind,
                node: self.id_of(link.other),
                relationship: link.relationship,
            }));
        }
    }
}

/// Which nodes a petgraph algorithm has visited.
#[derive(Debug, Clone, Default)]
pub struct Visited(Vec<bool>);

impl visit::VisitMap<u32> for Visited {
    fn visit(&mut self, node: u32) -> bool {
        self.0.get_mut(node as usize).is_some_and(|seen| !std::mem::replace(seen, true))
    }

    fn is_visited(&self, node: &u32) -> bool {
        self.0.get(*node as usize).copied().unwrap_or(false)
    }

    fn unvisit(&mut self, node: u32) -> bool {
        self.0.get_mut(node as usize).is_some_and(|seen| std::mem::replace(seen, false))
    }
}

/// A relationship as petgraph sees it; its weight is its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    source: u32,
    target: u32,
    link: Link,
}

impl visit::EdgeRef for Edge {
    type NodeId = u32;
    type EdgeId = u64;
    type Weight = u32;

    fn source(&self) -> u32 {
        self.source
    }

    fn target(&self) -> u32 {
        self.target
    }

    fn weight(&self) -> &u32 {
        &self.link.kind
    }

    fn id(&self) -> u64 {
        self.link.relationship
    }
}

const fn side(way: Way) -> Side {
    match way {
        Way::Outgoing => Side::Out,
        Way::Incoming => Side::In,
    }
}

impl visit::GraphBase for Mirror {
    type NodeId = u32;
    type EdgeId = u64;
}

impl visit::Data for Mirror {
    type NodeWeight = u64;
    type EdgeWeight = u32;
}

impl visit::GraphProp for Mirror {
    type EdgeType = petgraph::Directed;
}

impl visit::NodeCount for Mirror {
    fn node_count(&self) -> usize {
        self.len()
    }
}

impl visit::NodeIndexable for Mirror {
    fn node_bound(&self) -> usize {
        self.bound()
    }

    fn to_index(&self, node: u32) -> usize {
        node as usize
    }

    fn from_index(&self, index: usize) -> u32 {
        index as u32
    }
}

impl visit::Visitable for Mirror {
    type Map = Visited;

    fn visit_map(&self) -> Visited {
        Visited(vec![false; self.bound()])
    }

    fn reset_map(&self, map: &mut Visited) {
        map.0.clear();
        map.0.resize(self.bound(), false);
    }
}

impl<'m> visit::IntoNodeIdentifiers for &'m Mirror {
    type NodeIdentifiers = Box<dyn Iterator<Item = u32> + 'm>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        Box::new(self.nodes())
    }
}

/// The other ends of a node's relationships.
#[derive(Debug, Clone)]
pub struct Others<'m>(std::slice::Iter<'m, Link>);

impl Iterator for Others<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.0.next().map(|link| link.other)
    }
}

/// A node's relationships.
#[derive(Debug, Clone)]
pub struct Edges<'m> {
    node: u32,
    way: Way,
    links: std::slice::Iter<'m, Link>,
}

impl Iterator for Edges<'_> {
    type Item = Edge;

    fn next(&mut self) -> Option<Edge> {
        self.links.next().map(|&link| match self.way {
            Way::Outgoing => Edge { source: self.node, target: link.other, link },
            Way::Incoming => Edge { source: link.other, target: self.node, link },
        })
    }
}

impl<'m> visit::IntoNeighbors for &'m Mirror {
    type Neighbors = Others<'m>;

    fn neighbors(self, node: u32) -> Others<'m> {
        Others(self.links(node, Side::Out).iter())
    }
}

impl<'m> visit::IntoNeighborsDirected for &'m Mirror {
    type NeighborsDirected = Others<'m>;

    fn neighbors_directed(self, node: u32, way: Way) -> Others<'m> {
        Others(self.links(node, side(way)).iter())
    }
}

impl<'m> visit::IntoEdgeReferences for &'m Mirror {
    type EdgeRef = Edge;
    type EdgeReferences = Box<dyn Iterator<Item = Edge> + 'm>;

    fn edge_references(self) -> Self::EdgeReferences {
        Box::new(self.nodes().flat_map(move |node| Edges {
            node,
            way: Way::Outgoing,
            links: self.links(node, Side::Out).iter(),
        }))
    }
}

impl<'m> visit::IntoEdges for &'m Mirror {
    type Edges = Edges<'m>;

    fn edges(self, node: u32) -> Edges<'m> {
        Edges { node, way: Way::Outgoing, links: self.links(node, Side::Out).iter() }
    }
}

impl<'m> visit::IntoEdgesDirected for &'m Mirror {
    type EdgesDirected = Edges<'m>;

    fn edges_directed(self, node: u32, way: Way) -> Edges<'m> {
        Edges { node, way, links: self.links(node, side(way)).iter() }
    }
}
