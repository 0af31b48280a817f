//! The cost of the cheapest path to every node.

use super::search::{self, Found};
use crate::graph::algorithms::{Algorithm, NODE, Reading, SETTINGS, START};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::value::graph::Value;

/// Dijkstra's algorithm (1959), O((V + E) log V); breadth-first search if all weigh the same, O(V + E).
pub const DISTANCES: Algorithm = Algorithm {
    name: "algo.distances",
    summary: "The cost of the cheapest path to every node that can be reached (Dijkstra, by weight).",
    inputs: &[START, SETTINGS],
    outputs: &[NODE, Field::new("distance", Types::FLOAT)],
    settings: &[],
    run: |call| {
        let projection = call.project(Reading::Out)?;
        projection.refuse_negative()?;
        let start = projection.place(&call.arguments[0], "start")?;
        let mut found = Found::new(projection.len(), start);
        search::distances(call, &projection, start, &mut found)?;
        let row = |&place: &u32| vec![projection.node(place), Value::Float(found.costs[place as usize])];
        Ok(found.order.iter().map(row).collect())
    },
};
