//! Projections behind petgraph's visit traits.
//!
//! petgraph knows no interrupt: once the user has asked to stop, a projection has no steps, its algorithms
//! come to their end, and [`Projection::check_stopped`] tells the caller.

use super::projection::{Projection, Step, Steps};
use crate::graph::mirror::Visited;
use petgraph::Direction;
use petgraph::visit;

/// A step as petgraph sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    source: u32,
    target: u32,
    step: Step,
}

impl visit::EdgeRef for Edge {
    type NodeId = u32;
    type EdgeId = u64;
    type Weight = f64;

    fn source(&self) -> u32 {
        self.source
    }

    fn target(&self) -> u32 {
        self.target
    }

    fn weight(&self) -> &f64 {
        &self.step.weight
    }

    fn id(&self) -> u64 {
        self.step.relationship
    }
}

impl visit::GraphBase for Projection<'_> {
    type NodeId = u32;
    type EdgeId = u64;
}

impl visit::Data for Projection<'_> {
    type NodeWeight = u64;
    type EdgeWeight = f64;
}

impl visit::NodeCount for Projection<'_> {
    fn node_count(&self) -> usize {
        self.len()
    }
}

impl visit::NodeIndexable for Projection<'_> {
    fn node_bound(&self) -> usize {
        self.len()
    }

    fn to_index(&self, node: u32) -> usize {
        node as usize
    }

    fn from_index(&self, index: usize) -> u32 {
        index as u32
    }
}

impl visit::NodeCompactIndexable for Projection<'_> {}

impl visit::Visitable for Projection<'_> {
    type Map = Visited;

    fn visit_map(&self) -> Visited {
        Visited::new(self.len())
    }

    fn reset_map(&self, map: &mut Visited) {
        *map = Visited::new(self.len());
    }
}

impl visit::IntoNodeIdentifiers for &Projection<'_> {
    type NodeIdentifiers = std::ops::Range<u32>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        self.places()
    }
}

/// The other ends of steps.
#[derive(Debug, Clone)]
pub struct Others<'p>(Option<Steps<'p>>);

impl Iterator for Others<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.0.as_mut()?.next().map(|step| step.to)
    }
}

/// Steps as edges.
#[derive(Debug, Clone)]
pub struct Edges<'p> {
    node: u32,
    steps: Option<Steps<'p>>,
}

impl Iterator for Edges<'_> {
    type Item = Edge;

    fn next(&mut self) -> Option<Edge> {
        self.steps.as_mut()?.next().map(|step| Edge { source: self.node, target: step.to, step })
    }
}

impl<'p> visit::IntoNeighbors for &'p Projection<'_> {
    type Neighbors = Others<'p>;

    fn neighbors(self, node: u32) -> Others<'p> {
        Others((!self.is_stopped()).then(|| self.steps(node)))
    }
}

impl<'p> visit::IntoNeighborsDirected for &'p Projection<'_> {
    type NeighborsDirected = Others<'p>;

    fn neighbors_directed(self, node: u32, direction: Direction) -> Others<'p> {
        let steps = || if direction == Direction::Outgoing { self.steps(node) } else { self.steps_back(node) };
        Others((!self.is_stopped()).then(steps))
    }
}

impl<'p> visit::IntoEdgeReferences for &'p Projection<'_> {
    type EdgeRef = Edge;
    type EdgeReferences = Box<dyn Iterator<Item = Edge> + 'p>;

    fn edge_references(self) -> Self::EdgeReferences {
        Box::new(self.places().flat_map(move |node| visit::IntoEdges::edges(self, node)))
    }
}

impl<'p> visit::IntoEdges for &'p Projection<'_> {
    type Edges = Edges<'p>;

    fn edges(self, node: u32) -> Edges<'p> {
        Edges { node, steps: (!self.is_stopped()).then(|| self.steps(node)) }
    }
}
