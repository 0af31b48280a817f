//! What must hold of a stored graph after every statement, whatever was written: everything that is
//! kept twice says the same.

use crate::graph::Mirror;
use crate::graph::mirror::Of;
use crate::graph::store::{
    self, Counted, Index, NodeRecord, Properties, RelationshipRecord, Side, adjacency, constraints, indexes, layout,
    pages, statistics,
};
use crate::storage::{Direction, KeyRange, META, Read, Space};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// Rows of a space, in order.
type Rows = Vec<(Vec<u8>, Vec<u8>)>;

fn rows(tx: &dyn Read, space: Space) -> Rows {
    let mut rows = Vec::new();
    tx.scan(space, &KeyRange::all(), Direction::Forward, &mut |key, value| {
        rows.push((key.to_vec(), value.to_vec()));
        Ok(ControlFlow::Continue(()))
    })
    .unwrap();
    rows
}

/// Every byte of the graph: what a rollback must bring back.
pub fn image(tx: &dyn Read, database: u32) -> Vec<Rows> {
    let mut spaces = vec![
        layout::nodes(database),
        layout::relationships(database),
        layout::adjacency(database),
        layout::labels(database),
        layout::types(database),
        META,
    ];
    spaces.extend(indexes::all(tx, database).unwrap().iter().map(|index| layout::index(index.id)));
    spaces.into_iter().map(|space| rows(tx, space)).collect()
}

struct Graph {
    nodes: BTreeMap<u64, NodeRecord>,
    relationships: BTreeMap<u64, RelationshipRecord>,
}

impl Graph {
    fn read(tx: &dyn Read, database: u32) -> Self {
        let nodes = rows(tx, layout::nodes(database));
        let nodes =
            nodes.iter().map(|(key, row)| (layout::trailing_id(key), NodeRecord::decode(row).unwrap())).collect();
        let mut relationships = BTreeMap::new();
        pages::for_each(tx, database, &mut |id, row| {
            relationships.insert(id, RelationshipRecord::decode(row).unwrap());
            Ok(())
        })
        .unwrap();
        Graph { nodes, relationships }
    }

    fn count(&self, tx: &dyn Read, database: u32) {
        let mut counts: BTreeMap<Counted, u64> = BTreeMap::new();
        let mut add = |what| *counts.entry(what).or_default() += 1;
        for node in self.nodes.values() {
            add(Counted::Nodes);
            node.labels.iter().for_each(|label| add(Counted::Label(*label)));
        }
        for relationship in self.relationships.values() {
            add(Counted::Relationships);
            add(Counted::Type(relationship.ends.kind));
        }
        for id in 0..64 {
            for what in [Counted::Label(id), Counted::Type(id)] {
                let counted = counts.get(&what).copied().unwrap_or(0);
                assert_eq!(statistics::count(tx, database, what).unwrap(), counted, "{what:?}");
            }
        }
        for what in [Counted::Nodes, Counted::Relationships] {
            let counted = counts.get(&what).copied().unwrap_or(0);
            assert_eq!(statistics::count(tx, database, what).unwrap(), counted, "{what:?}");
        }
    }

    fn lists(&self, tx: &dyn Read, database: u32) {
        let labels: BTreeSet<(u32, u64)> =
            self.nodes.iter().flat_map(|(id, node)| node.labels.iter().map(|label| (*label, *id))).collect();
        let listed: BTreeSet<(u32, u64)> = rows(tx, layout::labels(database))
            .iter()
            .map(|(key, _)| (u32::from_be_bytes(key[..4].try_into().unwrap()), layout::trailing_id(key)))
            .collect();
        assert_eq!(listed, labels, "the label index");
        let mut neighbours = BTreeSet::new();
        let mut kinds: BTreeMap<u32, BTreeSet<u64>> = BTreeMap::new();
        for (id, relationship) in &self.relationships {
            let ends = relationship.ends;
            assert!(self.nodes.contains_key(&ends.source) && self.nodes.contains_key(&ends.target), "ends of {id}");
            neighbours.insert((ends.source, 0, ends.kind, ends.target, *id));
            neighbours.insert((ends.target, 1, ends.kind, ends.source, *id));
            kinds.entry(ends.kind).or_default().insert(*id);
        }
        let mut listed = BTreeSet::new();
        adjacency::walk_all(tx, database, &mut |node, side, neighbour| {
            let entry = (node, side.byte(), neighbour.kind, neighbour.node, neighbour.relationship);
            assert!(listed.insert(entry), "{entry:?} twice");
        })
        .unwrap();
        assert_eq!(listed, neighbours, "neighbours");
        for kind in 0..64 {
            let mut of_type = store::OfType::new(database, kind);
            let mut listed = BTreeSet::new();
            while let Some((id, _)) = of_type.next(tx).unwrap() {
                listed.insert(id);
            }
            assert_eq!(listed, kinds.remove(&kind).unwrap_or_default(), "relationships of type {kind}");
        }
    }

    /// The entities an index is about.
    fn of<'g>(&'g self, on_relationships: bool, token: u32) -> Box<dyn Iterator<Item = (u64, &'g Properties)> + 'g> {
        if on_relationships {
            let all = self.relationships.iter().filter(move |(_, one)| one.ends.kind == token);
            Box::new(all.map(|(id, one)| (*id, &one.properties)))
        } else {
            let all = self.nodes.iter().filter(move |(_, node)| node.labels.contains(&token));
            Box::new(all.map(|(id, node)| (*id, &node.properties)))
        }
    }

    fn index(&self, tx: &dyn Read, database: u32, index: &Index) {
        let mut expected = BTreeSet::new();
        let mut keys = BTreeSet::new();
        for (id, properties) in self.of(index.on_relationships, index.token) {
            if let Some(key) = index.key(properties) {
                expected.insert([&key[..], &id.to_be_bytes()].concat());
                keys.insert(key);
            }
        }
        let listed: BTreeSet<Vec<u8>> = rows(tx, layout::index(index.id)).into_iter().map(|(key, _)| key).collect();
        assert_eq!(listed, expected, "index {}", index.name);
        let count = |what| statistics::count(tx, database, what).unwrap();
        assert_eq!(count(Counted::IndexEntries(index.id)), expected.len() as u64, "entries of {}", index.name);
        assert_eq!(count(Counted::IndexKeys(index.id)), keys.len() as u64, "keys of {}", index.name);
    }

    fn constraints(&self, tx: &dyn Read, database: u32) {
        for constraint in constraints::all(tx, database).unwrap() {
            let mut seen = BTreeSet::new();
            let index = indexes::all(tx, database).unwrap().into_iter().find(|one| Some(one.id) == constraint.index);
            for (id, properties) in self.of(constraint.on_relationships, constraint.token) {
                let broken = constraint.broken_by(properties, crate::graph::eval::belongs_to);
                assert_eq!(broken, None, "{} by {id}", constraint.name);
                if constraint.is_unique() {
                    let index = index.as_ref().unwrap();
                    assert!(index.key(properties).is_none_or(|key| seen.insert(key)), "{} by {id}", constraint.name);
                }
            }
        }
    }
}

/// Asserts that counts, lists, indexes, and constraints agree with the rows, and the mirror with all of
/// them if it is in step.
pub fn check(tx: &dyn Read, database: u32, mirror: &mut Mirror) {
    let graph = Graph::read(tx, database);
    graph.count(tx, database);
    graph.lists(tx, database);
    for index in indexes::all(tx, database).unwrap() {
        graph.index(tx, database, &index);
    }
    graph.constraints(tx, database);
    let stamp = store::stamp(tx, database).unwrap();
    if mirror.is_in_step(database, stamp) {
        check_mirror(tx, database, &graph, mirror);
    }
}

fn check_mirror(tx: &dyn Read, database: u32, graph: &Graph, mirror: &mut Mirror) {
    let topology = mirror.topology();
    assert_eq!((topology.len(), topology.relationships()), (graph.nodes.len(), graph.relationships.len()));
    let ids: Vec<u64> = topology.nodes().map(|index| topology.id_of(index)).collect();
    assert_eq!(ids, graph.nodes.keys().copied().collect::<Vec<_>>());
    for &id in &ids {
        for side in [Side::Out, Side::In] {
            let mut listed = Vec::new();
            mirror.neighbours(id, side, &mut listed);
            listed.sort_by_key(|neighbour| neighbour.relationship);
            let mut stored = Vec::new();
            adjacency::walk(tx, database, id, side, &mut |neighbour| stored.push(neighbour)).unwrap();
            stored.sort_by_key(|neighbour| neighbour.relationship);
            assert_eq!(listed, stored, "neighbours of {id} in the mirror");
        }
    }
    // As a statement does before it looks at them.
    mirror.use_data(store::data_stamp(tx, database).unwrap());
    let topology = mirror.topology();
    for token in 0..64 {
        if let Some(column) = mirror.column(Of::Nodes, token) {
            for (id, node) in &graph.nodes {
                let value = node.properties.iter().find(|(key, _)| *key == token).map(|(_, value)| value.clone());
                let index = topology.index_of(*id).unwrap();
                assert_eq!(column.at(index), value.unwrap_or_default(), "column {token} of node {id}");
            }
        }
        for (id, node) in graph.nodes.iter().filter(|_| mirror.knows_label(token)) {
            let index = topology.index_of(*id).unwrap();
            assert_eq!(mirror.has_label(index, token), Some(node.labels.contains(&token)), "label {token} of {id}");
        }
    }
}
