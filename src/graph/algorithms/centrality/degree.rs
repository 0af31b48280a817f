//! How many relationships a node has.

use crate::graph::algorithms::{Algorithm, NODE, Reading, SETTINGS, int};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::value::graph::Value;

/// The steps from each node and their weight. Read both ways, a loop counts once. O(V + E).
pub const DEGREE: Algorithm = Algorithm {
    name: "algo.degree",
    summary: "How many relationships a node has, and what they weigh together; `direction` chooses which.",
    inputs: &[SETTINGS],
    outputs: &[NODE, Field::new("degree", Types::INTEGER), Field::new("weight", Types::FLOAT)],
    settings: &[],
    run: |call| {
        let projection = call.project(Reading::Both)?;
        let mut rows = Vec::with_capacity(projection.len());
        for place in projection.places() {
            call.work(1)?;
            let (mut degree, mut weight) = (0, 0.0);
            for step in projection.steps(place) {
                degree += 1;
                weight += step.weight;
            }
            rows.push(vec![projection.node(place), int(degree), Value::Float(weight)]);
        }
        Ok(rows)
    },
};
