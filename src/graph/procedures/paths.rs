//! `algo.*`: cheapest paths, distances, simple paths, walks in breadth and depth.

use super::projection::{Projection, Reading, Settings};
use super::{Definition, Field};
use crate::graph::eval::EvalContext;
use crate::graph::exec::Runtime;
use crate::graph::functions::Types;
use crate::graph::{Detail, Error, Result};
use crate::value::graph::{PathIds, Value};
use petgraph::algo::{all_simple_paths, astar, dijkstra};
use petgraph::graph::NodeIndex;
use petgraph::visit::{Bfs, Dfs, EdgeRef};
use std::collections::hash_map::RandomState;
use std::sync::Arc;

const SETTINGS: Field = Field::optional("settings", Types::MAP);
const START: Field = Field::new("start", Types::NODE);
const END: Field = Field::new("end", Types::NODE);

pub(super) const SHORTEST_PATH: Definition = Definition {
    name: "algo.shortestPath",
    summary: "The cheapest path between two nodes (A*, by weight).",
    inputs: &[START, END, SETTINGS],
    outputs: &[Field::new("path", Types::PATH), Field::new("cost", Types::FLOAT)],
    run: |rt, args| {
        let settings = Settings::new(&args[2], &[])?;
        let projection = Projection::new(rt, &settings, Reading::Out)?;
        projection.refuse_negative()?;
        let (start, end) = (projection.place(&args[0], "start")?, projection.place(&args[1], "end")?);
        let graph = projection.petgraph();
        let goal = NodeIndex::new(end);
        let found = astar(&graph, NodeIndex::new(start), |node| node == goal, |edge| edge.weight().weight, |_| 0.0);
        let Some((cost, nodes)) = found else { return Ok(Vec::new()) };
        let mut path = PathIds { nodes: vec![projection.ids[start]], relationships: Vec::new() };
        for pair in nodes.windows(2) {
            let step = graph
                .edges_connecting(pair[0], pair[1])
                .map(|edge| *edge.weight())
                .min_by(|a, b| a.weight.total_cmp(&b.weight));
            if let Some(step) = step {
                path.relationships.push(step.relationship);
                path.nodes.push(projection.ids[step.to]);
            }
        }
        Ok(vec![vec![Value::Path(Arc::new(path)), Value::Float(cost)]])
    },
};

pub(super) const DISTANCES: Definition = Definition {
    name: "algo.distances",
    summary: "The cost of the cheapest path to every node that can be reached (Dijkstra, by weight).",
    inputs: &[START, SETTINGS],
    outputs: &[Field::new("node", Types::NODE), Field::new("distance", Types::FLOAT)],
    run: |rt, args| {
        let settings = Settings::new(&args[1], &[])?;
        let projection = Projection::new(rt, &settings, Reading::Out)?;
        projection.refuse_negative()?;
        let start = NodeIndex::new(projection.place(&args[0], "start")?);
        let graph = projection.petgraph();
        let mut costs: Vec<_> = dijkstra(&graph, start, None, |edge| edge.weight().weight).into_iter().collect();
        costs.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        let row = |(node, cost): (NodeIndex, f64)| vec![projection.node(node.index()), Value::Float(cost)];
        Ok(costs.into_iter().map(row).collect())
    },
};

/// The most paths that one call of algo.allSimplePaths answers.
const MAX_PATHS: usize = 1_000_000;

pub(super) const ALL_SIMPLE_PATHS: Definition = Definition {
    name: "algo.allSimplePaths",
    summary: "All paths between two nodes that visit no node twice; `maxLength` (default 8) bounds them.",
    inputs: &[START, END, SETTINGS],
    outputs: &[Field::new("path", Types::PATH), Field::new("length", Types::INTEGER)],
    run: |rt, args| {
        let settings = Settings::new(&args[2], &["maxLength"])?;
        let projection = Projection::new(rt, &settings, Reading::Out)?;
        let max = settings.count("maxLength", 8)?;
        let (start, end) = (projection.place(&args[0], "start")?, projection.place(&args[1], "end")?);
        if max == 0 {
            return Ok(Vec::new());
        }
        let graph = projection.petgraph();
        let found = all_simple_paths::<Vec<NodeIndex>, _, RandomState>(
            &graph,
            NodeIndex::new(start),
            NodeIndex::new(end),
            0,
            Some(max - 1),
        );
        let mut rows = Vec::new();
        for nodes in found {
            rt.check_interrupt()?;
            if rows.len() == MAX_PATHS {
                return Err(Error::argument(
                    Detail::TooLarge,
                    format!("There are more than {MAX_PATHS} paths; a smaller maxLength finds fewer"),
                ));
            }
            let mut path = PathIds { nodes: vec![projection.ids[start]], relationships: Vec::new() };
            for pair in nodes.windows(2) {
                if let Some(edge) = graph.edges_connecting(pair[0], pair[1]).min_by_key(|e| e.weight().relationship) {
                    path.relationships.push(edge.weight().relationship);
                    path.nodes.push(projection.ids[edge.target().index()]);
                }
            }
            let length = i64::try_from(path.relationships.len()).unwrap_or(i64::MAX);
            rows.push(vec![Value::Path(Arc::new(path)), Value::Int(length)]);
        }
        rows.dedup();
        Ok(rows)
    },
};

pub(super) const BFS: Definition = Definition {
    name: "algo.bfs",
    summary: "The nodes that can be reached, nearest first, with their depth.",
    inputs: &[START, SETTINGS],
    outputs: &[Field::new("node", Types::NODE), Field::new("depth", Types::INTEGER)],
    run: |rt, args| {
        let settings = Settings::new(&args[1], &["maxDepth"])?;
        let max = settings.count("maxDepth", usize::MAX)?;
        let projection = Projection::new(rt, &settings, Reading::Out)?;
        let start = projection.place(&args[0], "start")?;
        let mut depth = vec![usize::MAX; projection.len()];
        depth[start] = 0;
        let mut order = vec![start];
        let mut at = 0;
        while let Some(&place) = order.get(at) {
            at += 1;
            if depth[place] == max {
                continue;
            }
            for step in &projection.steps[place] {
                if depth[step.to] == usize::MAX {
                    depth[step.to] = depth[place] + 1;
                    order.push(step.to);
                }
            }
        }
        let row = |place: usize| vec![projection.node(place), Value::Int(i64::try_from(depth[place]).unwrap_or(0))];
        Ok(order.into_iter().map(row).collect())
    },
};

pub(super) const DFS: Definition = Definition {
    name: "algo.dfs",
    summary: "The nodes that can be reached, in the order of a walk in depth.",
    inputs: &[START, SETTINGS],
    outputs: &[Field::new("node", Types::NODE), Field::new("position", Types::INTEGER)],
    run: |rt, args| {
        let settings = Settings::new(&args[1], &[])?;
        let projection = Projection::new(rt, &settings, Reading::Out)?;
        let graph = projection.petgraph();
        let mut walk = Dfs::new(&graph, NodeIndex::new(projection.place(&args[0], "start")?));
        let mut rows = Vec::new();
        while let Some(node) = walk.next(&graph) {
            rows.push(vec![projection.node(node.index()), Value::Int(i64::try_from(rows.len()).unwrap_or(i64::MAX))]);
        }
        Ok(rows)
    },
};

pub(super) const REACHABLE: Definition = Definition {
    name: "algo.isReachable",
    summary: "Whether a path leads from one node to another, along the directions of the relationships.",
    inputs: &[START, END],
    outputs: &[Field::new("reachable", Types::BOOLEAN)],
    run: reachable,
};

/// petgraph's walk on the topology itself, without a copy.
fn reachable(rt: &Runtime<'_>, args: &[Value]) -> Result<Vec<Vec<Value>>> {
    let mirror = rt.mirror()?;
    let index = |value: &Value| value.node_id().and_then(|id| mirror.topology().index_of(id));
    let (Some(start), Some(end)) = (index(&args[0]), index(&args[1])) else {
        return Ok(vec![vec![Value::Null]]);
    };
    let mut walk = Bfs::new(&*mirror, start);
    while let Some(node) = walk.next(&*mirror) {
        if node == end {
            return Ok(vec![vec![Value::Bool(true)]]);
        }
        rt.check_interrupt()?;
    }
    Ok(vec![vec![Value::Bool(false)]])
}
