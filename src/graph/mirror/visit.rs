//! The topology behind petgraph's visit traits: its algorithms walk it without a copy.

use super::Mirror;
use super::topology::Link;
use crate::graph::store::Side;
use petgraph::Direction as Way;
use petgraph::visit;

/// Which nodes a petgraph algorithm has visited.
#[derive(Debug, Clone, Default)]
pub struct Visited(Vec<bool>);

impl Visited {
    /// None of so many nodes.
    pub fn new(count: usize) -> Self {
        Visited(vec![false; count])
    }
}

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
        self.topology().len()
    }
}

impl visit::NodeIndexable for Mirror {
    fn node_bound(&self) -> usize {
        self.topology().bound()
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
        Visited::new(self.topology().bound())
    }

    fn reset_map(&self, map: &mut Visited) {
        map.0.clear();
        map.0.resize(self.topology().bound(), false);
    }
}

impl<'m> visit::IntoNodeIdentifiers for &'m Mirror {
    type NodeIdentifiers = Box<dyn Iterator<Item = u32> + 'm>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        Box::new(self.topology().nodes())
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
        Others(self.topology().links(node, Side::Out).iter())
    }
}

impl<'m> visit::IntoNeighborsDirected for &'m Mirror {
    type NeighborsDirected = Others<'m>;

    fn neighbors_directed(self, node: u32, way: Way) -> Others<'m> {
        Others(self.topology().links(node, side(way)).iter())
    }
}

impl<'m> visit::IntoEdgeReferences for &'m Mirror {
    type EdgeRef = Edge;
    type EdgeReferences = Box<dyn Iterator<Item = Edge> + 'm>;

    fn edge_references(self) -> Self::EdgeReferences {
        Box::new(self.topology().nodes().flat_map(move |node| Edges {
            node,
            way: Way::Outgoing,
            links: self.topology().links(node, Side::Out).iter(),
        }))
    }
}

impl<'m> visit::IntoEdges for &'m Mirror {
    type Edges = Edges<'m>;

    fn edges(self, node: u32) -> Edges<'m> {
        Edges { node, way: Way::Outgoing, links: self.topology().links(node, Side::Out).iter() }
    }
}

impl<'m> visit::IntoEdgesDirected for &'m Mirror {
    type EdgesDirected = Edges<'m>;

    fn edges_directed(self, node: u32, way: Way) -> Edges<'m> {
        Edges { node, way, links: self.topology().links(node, side(way)).iter() }
    }
}
