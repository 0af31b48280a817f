//! `algo.*`: what hangs together, and what holds it together.

use super::projection::{Projection, Reading, Settings};
use super::{Definition, Field};
use crate::graph::exec::Runtime;
use crate::graph::functions::Types;
use crate::graph::{Detail, Error, Result};
use crate::value::graph::Value;
use petgraph::algo::articulation_points::articulation_points;
use petgraph::algo::bridges::bridges;
use petgraph::algo::{kosaraju_scc, toposort};
use petgraph::unionfind::UnionFind;
use std::collections::HashMap;

const SETTINGS: Field = Field::optional("settings", Types::MAP);
const NODE: Field = Field::new("node", Types::NODE);
const COMPONENT: Field = Field::new("component", Types::INTEGER);

pub(super) const COMPONENTS: Definition = Definition {
    name: "algo.components",
    summary: "The weakly connected component of each node, named by its smallest node id.",
    inputs: &[SETTINGS],
    outputs: &[NODE, COMPONENT],
    run: |rt, args| {
        let projection = Projection::new(rt, &Settings::new(&args[0], &[])?, Reading::Out)?;
        let mut sets: UnionFind<usize> = UnionFind::new(projection.len());
        for (place, steps) in projection.steps.iter().enumerate() {
            for step in steps {
                sets.union(place, step.to);
            }
        }
        let labels = sets.into_labeling();
        // Places are in order of ids: the first of a set has the smallest.
        let mut names: HashMap<usize, u64> = HashMap::new();
        let row = |(place, label): (usize, usize)| {
            let id = projection.ids[place];
            vec![Value::Node(id), id_value(*names.entry(label).or_insert(id))]
        };
        Ok(labels.into_iter().enumerate().map(row).collect())
    },
};

pub(super) const STRONG_COMPONENTS: Definition = Definition {
    name: "algo.stronglyConnectedComponents",
    summary: "The strongly connected component of each node, named by its smallest node id (Kosaraju).",
    inputs: &[SETTINGS],
    outputs: &[NODE, COMPONENT],
    run: strong_components,
};

fn strong_components(rt: &Runtime<'_>, args: &[Value]) -> Result<Vec<Vec<Value>>> {
    let mut rows: Vec<(u64, u64)> = Vec::new();
    let mut add = |mut component: Vec<u64>| {
        component.sort_unstable();
        let name = component.first().copied().unwrap_or_default();
        rows.extend(component.into_iter().map(|id| (id, name)));
    };
    if args[0].is_null() {
        // Without settings the algorithm runs on the topology itself.
        let mirror = rt.mirror()?;
        for component in kosaraju_scc(&*mirror) {
            add(component.into_iter().map(|index| mirror.topology().id_of(index)).collect());
        }
    } else {
        let projection = Projection::new(rt, &Settings::new(&args[0], &[])?, Reading::Out)?;
        for component in kosaraju_scc(&projection.petgraph()) {
            add(component.into_iter().map(|node| projection.ids[node.index()]).collect());
        }
    }
    rows.sort_unstable();
    Ok(rows.into_iter().map(|(id, name)| vec![Value::Node(id), id_value(name)]).collect())
}

pub(super) const TOPOLOGICAL_SORT: Definition = Definition {
    name: "algo.topologicalSort",
    summary: "The nodes in an order in which every relationship points forward; an error if there is a cycle.",
    inputs: &[SETTINGS],
    outputs: &[NODE, Field::new("position", Types::INTEGER)],
    run: |rt, args| {
        let projection = Projection::new(rt, &Settings::new(&args[0], &[])?, Reading::Out)?;
        let order = toposort(&projection.petgraph(), None).map_err(|cycle| {
            let id = projection.ids[cycle.node_id().index()];
            Error::argument(
                Detail::InvalidArgumentValue,
                format!("There is a cycle: node {id} can be reached from itself"),
            )
        })?;
        let row = |(at, node): (usize, petgraph::graph::NodeIndex)| {
            vec![projection.node(node.index()), Value::Int(i64::try_from(at).unwrap_or(i64::MAX))]
        };
        Ok(order.into_iter().enumerate().map(row).collect())
    },
};

pub(super) const BRIDGES: Definition = Definition {
    name: "algo.bridges",
    summary: "Relationships whose removal parts a component.",
    inputs: &[SETTINGS],
    outputs: &[Field::new("relationship", Types::RELATIONSHIP)],
    run: |rt, args| {
        let projection = Projection::new(rt, &Settings::new(&args[0], &[])?, Reading::Out)?;
        let mut pairs: HashMap<(usize, usize), usize> = HashMap::new();
        let ends = |a: usize, b: usize| (a.min(b), a.max(b));
        for (place, steps) in projection.steps.iter().enumerate() {
            steps.iter().for_each(|step| *pairs.entry(ends(place, step.to)).or_default() += 1);
        }
        let graph = projection.petgraph().into_edge_type::<petgraph::Undirected>();
        let mut found: Vec<u64> = bridges(&graph)
            .filter(|edge| {
                use petgraph::visit::EdgeRef;
                let (a, b) = (edge.source().index(), edge.target().index());
                // Of two relationships between the same nodes, none is a bridge.
                a != b && pairs.get(&ends(a, b)) == Some(&1)
            })
            .map(|edge| edge.weight().relationship)
            .collect();
        found.sort_unstable();
        Ok(found.into_iter().map(|id| vec![Value::Relationship(id)]).collect())
    },
};

pub(super) const ARTICULATION_POINTS: Definition = Definition {
    name: "algo.articulationPoints",
    summary: "Nodes whose removal parts a component.",
    inputs: &[SETTINGS],
    outputs: &[NODE],
    run: |rt, args| {
        let projection = Projection::new(rt, &Settings::new(&args[0], &[])?, Reading::Out)?;
        let graph =
            projection.petgraph().into_edge_type::<petgraph::Undirected>().map(|_, n| *n, |_, step| step.weight);
        let mut places: Vec<usize> = articulation_points(&graph).into_iter().map(|node| node.index()).collect();
        places.sort_unstable();
        Ok(places.into_iter().map(|place| vec![projection.node(place)]).collect())
    },
};

fn id_value(id: u64) -> Value {
    Value::Int(i64::try_from(id).unwrap_or(i64::MAX))
}
