//! The cheapest relationships that hold each component together.

use crate::graph::algorithms::{Algorithm, RELATIONSHIP, SETTINGS, Step};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::value::graph::Value;
use petgraph::unionfind::UnionFind;

/// Kruskal (1956) on petgraph's `UnionFind`, read both ways; of relationships of the same weight the one of
/// the smaller id. O(E log E).
pub const MIN_SPANNING_TREE: Algorithm = Algorithm {
    name: "algo.minSpanningTree",
    summary: "The relationships of a spanning forest of the least weight, read both ways (Kruskal).",
    inputs: &[SETTINGS],
    outputs: &[RELATIONSHIP, Field::new("weight", Types::FLOAT)],
    settings: &[],
    run: |call| {
        let projection = call.undirected()?;
        let mut all: Vec<(u32, Step)> = projection.relationships().collect();
        call.work(all.len())?;
        all.sort_by(|(_, a), (_, b)| a.weight.total_cmp(&b.weight).then(a.relationship.cmp(&b.relationship)));
        let mut sets: UnionFind<u32> = UnionFind::new(projection.len());
        let mut rows = Vec::new();
        for (from, step) in all {
            call.work(1)?;
            if sets.union(from, step.to) {
                rows.push(vec![Value::Relationship(step.relationship), Value::Float(step.weight)]);
            }
        }
        Ok(rows)
    },
};
