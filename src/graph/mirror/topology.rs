//! Ids and types, both directions, in two arrays; lists that changed since they were read stand beside
//! them until the arrays are made anew.
//!
//! Nodes have dense indices (`u32`) in order of their ids; ids only grow, so new nodes come last. A
//! deleted node leaves a hole until the next build.

use crate::graph::Result;
use crate::graph::exec::Change;
use crate::graph::store::{Counted, Side, adjacency, layout, statistics};
use crate::storage::{Direction, KeyRange, Read};
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;

/// No node.
const NONE: u32 = u32::MAX;

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

/// The lists of one side: those of node `i` stand from `starts[i]` to `starts[i + 1]`.
#[derive(Debug, Default)]
struct Lists {
    starts: Vec<u32>,
    links: Vec<Link>,
    /// Lists that replace those in the array, by node.
    changed: HashMap<u32, Vec<Link>, foldhash::fast::RandomState>,
}

impl Lists {
    fn of(&self, node: u32) -> &[Link] {
        if !self.changed.is_empty()
            && let Some(list) = self.changed.get(&node)
        {
            return list;
        }
        self.in_array(node)
    }

    fn in_array(&self, node: u32) -> &[Link] {
        let at = node as usize;
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(&start), Some(&end)) => self.links.get(start as usize..end as usize).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// The list of a node, for changing it.
    fn changeable(&mut self, node: u32) -> &mut Vec<Link> {
        if !self.changed.contains_key(&node) {
            let list = self.in_array(node).to_vec();
            self.changed.insert(node, list);
        }
        self.changed.entry(node).or_default()
    }

    /// Puts the changed lists into the array, if they are many.
    fn tidy(&mut self, nodes: usize) {
        let changed: usize = self.changed.values().map(Vec::len).sum();
        if changed < 4096 || changed * 4 < self.links.len() {
            return;
        }
        let mut starts = Vec::with_capacity(nodes + 1);
        let mut links = Vec::with_capacity(self.links.len());
        for node in 0..nodes as u32 {
            starts.push(links.len() as u32);
            links.extend_from_slice(self.of(node));
        }
        starts.push(links.len() as u32);
        *self = Lists { starts, links, changed: HashMap::default() };
    }

    /// Nodes up to this one have their places.
    fn begin(&mut self, node: u32) {
        while self.starts.len() <= node as usize {
            self.starts.push(self.links.len() as u32);
        }
    }
}

/// Where the nodes of given ids stand.
#[derive(Debug)]
enum Places {
    /// By id, less the first one.
    Dense { first: u64, places: Vec<u32> },
    /// To be looked for in the ids, which ascend.
    Sparse,
}

/// The graph's topology.
#[derive(Debug)]
pub struct Topology {
    ids: Vec<u64>,
    alive: Vec<bool>,
    holes: usize,
    places: Places,
    outgoing: Lists,
    incoming: Lists,
    links: usize,
    /// The types there may be; more than one are not told apart.
    kinds: Kinds,
}

/// Which types of relationships there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kinds {
    None,
    Only(u32),
    Several,
}

impl Kinds {
    fn add(&mut self, kind: u32) {
        *self = match *self {
            Kinds::None => Kinds::Only(kind),
            Kinds::Only(known) if known == kind => Kinds::Only(kind),
            _ => Kinds::Several,
        };
    }
}

impl Default for Topology {
    fn default() -> Self {
        Topology {
            ids: Vec::new(),
            alive: Vec::new(),
            holes: 0,
            places: Places::Sparse,
            outgoing: Lists::default(),
            incoming: Lists::default(),
            links: 0,
            kinds: Kinds::None,
        }
    }
}

impl Topology {
    /// Reads that of a database.
    pub fn read(tx: &dyn Read, database: u32) -> Result<Self> {
        let count = |what| statistics::count(tx, database, what).map(|count| usize::try_from(count).unwrap_or(0));
        let nodes = count(Counted::Nodes)?;
        let mut topology = Topology { ids: Vec::with_capacity(nodes), ..Topology::default() };
        let mut work = tx.work("graph: read", nodes as u64, "nodes");
        tx.scan(layout::nodes(database), &KeyRange::all(), Direction::Forward, &mut |key, _| {
            work.step();
            topology.ids.push(layout::trailing_id(key));
            Ok(ControlFlow::Continue(()))
        })?;
        topology.alive = vec![true; topology.ids.len()];
        topology.places = Places::of(&topology.ids);
        let relationships = count(Counted::Relationships)?;
        topology.outgoing.links.reserve_exact(relationships);
        topology.incoming.links.reserve_exact(relationships);
        let mut last = NONE;
        // Each lies at both of its ends.
        let mut work = tx.work("graph: read", 2 * relationships as u64, "ends of relationships");
        adjacency::walk_all(tx, database, &mut |node, side, neighbour| {
            work.step();
            // Lists come node by node.
            let place = match topology.ids.get(last as usize) {
                Some(&id) if id == node => last,
                _ => topology.index_of(node).unwrap_or(NONE),
            };
            let other = topology.index_of(neighbour.node);
            let (Some(other), true) = (other, place != NONE) else { return };
            last = place;
            let lists = if side == Side::Out { &mut topology.outgoing } else { &mut topology.incoming };
            topology.kinds.add(neighbour.kind);
            lists.begin(place);
            lists.links.push(Link { other, kind: neighbour.kind, relationship: neighbour.relationship });
        })?;
        let end = topology.ids.len() as u32;
        topology.outgoing.begin(end);
        topology.incoming.begin(end);
        topology.links = topology.outgoing.links.len();
        Ok(topology)
    }

    /// Carries out changes, those that take relationships out of lists together.
    pub fn apply(&mut self, changes: &[Change]) {
        let mut removed: HashMap<(u64, Side), HashSet<u64>> = HashMap::new();
        for change in changes {
            match *change {
                Change::RemoveRelationship(id, ends) => {
                    removed.entry((ends.source, Side::Out)).or_default().insert(id);
                    removed.entry((ends.target, Side::In)).or_default().insert(id);
                }
                _ => self.change(change),
            }
        }
        for ((node, side), ids) in removed {
            // A node deleted earlier in the statement has lost its place but not its lists.
            let Ok(place) = self.ids.binary_search(&node) else { continue };
            let lists = if side == Side::Out { &mut self.outgoing } else { &mut self.incoming };
            let list = lists.changeable(place as u32);
            let before = list.len();
            list.retain(|link| !ids.contains(&link.relationship));
            if side == Side::Out {
                self.links -= before - list.len();
            }
        }
    }

    /// Carries out a change.
    pub fn change(&mut self, change: &Change) {
        match *change {
            Change::AddNode(id) => self.add_node(id),
            Change::RemoveNode(id) => self.remove_node(id),
            Change::AddRelationship(id, ends) => {
                if let (Some(source), Some(target)) = (self.index_of(ends.source), self.index_of(ends.target)) {
                    let link = |other| Link { other, kind: ends.kind, relationship: id };
                    self.outgoing.changeable(source).push(link(target));
                    self.incoming.changeable(target).push(link(source));
                    self.links += 1;
                    self.kinds.add(ends.kind);
                }
            }
            Change::RemoveRelationship(id, ends) => {
                // A node deleted earlier in the statement has lost its place but not its lists.
                let place = |id: u64| self.ids.binary_search(&id).ok().map(|at| at as u32);
                let (source, target) = (place(ends.source), place(ends.target));
                if let Some(source) = source {
                    self.outgoing.changeable(source).retain(|link| link.relationship != id);
                    self.links -= 1;
                }
                if let Some(target) = target {
                    self.incoming.changeable(target).retain(|link| link.relationship != id);
                }
            }
        }
    }

    /// Makes the arrays anew, if much has changed.
    pub fn tidy(&mut self) {
        let nodes = self.ids.len();
        self.outgoing.tidy(nodes);
        self.incoming.tidy(nodes);
    }

    fn add_node(&mut self, id: u64) {
        let place = self.ids.len() as u32;
        self.ids.push(id);
        self.alive.push(true);
        self.places.add(id, place);
    }

    fn remove_node(&mut self, id: u64) {
        if let Some(place) = self.index_of(id) {
            self.alive[place as usize] = false;
            self.places.remove(id);
            self.holes += 1;
        }
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.ids.len() - self.holes
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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
        match &self.places {
            Places::Dense { first, places } => {
                let at = usize::try_from(id.checked_sub(*first)?).ok()?;
                places.get(at).copied().filter(|&place| place != NONE)
            }
            Places::Sparse => {
                let at = self.ids.binary_search(&id).ok()?;
                self.alive.get(at).copied().unwrap_or(false).then_some(at as u32)
            }
        }
    }

    /// The id of an index.
    pub fn id_of(&self, index: u32) -> u64 {
        self.ids.get(index as usize).copied().unwrap_or(0)
    }

    /// Whether all relationships are of this type.
    pub fn has_only(&self, kind: u32) -> bool {
        self.kinds == Kinds::Only(kind)
    }

    /// The relationships on one side of a node, in order of their ids.
    pub fn links(&self, node: u32, side: Side) -> &[Link] {
        if side == Side::Out { self.outgoing.of(node) } else { self.incoming.of(node) }
    }
}

impl Places {
    /// Of ascending ids: by id, unless most ids are of no node.
    fn of(ids: &[u64]) -> Self {
        let (Some(&first), Some(&last)) = (ids.first(), ids.last()) else {
            return Places::Dense { first: 1, places: Vec::new() };
        };
        let span = usize::try_from(last - first).unwrap_or(usize::MAX);
        if span / 8 > ids.len() + 1024 {
            return Places::Sparse;
        }
        let mut places = vec![NONE; span + 1];
        for (place, id) in ids.iter().enumerate() {
            places[(id - first) as usize] = place as u32;
        }
        Places::Dense { first, places }
    }

    fn add(&mut self, id: u64, place: u32) {
        let Places::Dense { first, places } = self else { return };
        let at = id.checked_sub(*first).and_then(|at| usize::try_from(at).ok());
        match at {
            Some(at) if at / 8 <= places.len() + 1024 => {
                if at >= places.len() {
                    places.resize(at + 1, NONE);
                }
                places[at] = place;
            }
            _ => *self = Places::Sparse,
        }
    }

    fn remove(&mut self, id: u64) {
        if let Places::Dense { first, places } = self
            && let Some(at) = id.checked_sub(*first).and_then(|at| usize::try_from(at).ok())
            && let Some(place) = places.get_mut(at)
        {
            *place = NONE;
        }
    }
}
