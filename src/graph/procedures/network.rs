//! `algo.*`: trees and flows.

use super::projection::{Projection, Reading, Settings};
use super::{Definition, Field};
use crate::graph::functions::Types;
use crate::value::graph::Value;
use petgraph::algo::dinics;
use petgraph::data::Element;
use petgraph::graph::NodeIndex;

const SETTINGS: Field = Field::optional("settings", Types::MAP);

pub(super) const SPANNING_TREE: Definition = Definition {
    name: "algo.minSpanningTree",
    summary: "The relationships of a spanning forest of the least weight, read both ways (Kruskal).",
    inputs: &[SETTINGS],
    outputs: &[Field::new("relationship", Types::RELATIONSHIP), Field::new("weight", Types::FLOAT)],
    run: |rt, args| {
        let projection = Projection::new(rt, &Settings::new(&args[0], &[])?, Reading::Out)?;
        // Weights compare first; the relationship comes along.
        let graph = projection
            .petgraph()
            .into_edge_type::<petgraph::Undirected>()
            .map(|_, place| *place, |_, step| (step.weight, step.relationship));
        let rows = petgraph::algo::min_spanning_tree(&graph).filter_map(|element| match element {
            Element::Edge { weight: (weight, relationship), .. } => {
                Some(vec![Value::Relationship(relationship), Value::Float(weight)])
            }
            Element::Node { .. } => None,
        });
        Ok(rows.collect())
    },
};

pub(super) const MAX_FLOW: Definition = Definition {
    name: "algo.maxFlow",
    summary: "How much can flow from one node to another; weights are capacities (Dinic).",
    inputs: &[Field::new("source", Types::NODE), Field::new("target", Types::NODE), SETTINGS],
    outputs: &[Field::new("flow", Types::FLOAT)],
    run: |rt, args| {
        let projection = Projection::new(rt, &Settings::new(&args[2], &[])?, Reading::Out)?;
        projection.refuse_negative()?;
        let (source, target) = (projection.place(&args[0], "source")?, projection.place(&args[1], "target")?);
        if source == target {
            return Ok(vec![vec![Value::Null]]);
        }
        let graph = projection.petgraph().map(|_, place| *place, |_, step| step.weight);
        let (flow, _) = dinics(&graph, NodeIndex::new(source), NodeIndex::new(target));
        Ok(vec![vec![Value::Float(flow)]])
    },
};
