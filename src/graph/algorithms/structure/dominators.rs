//! What every way to a node leads through.

use crate::graph::algorithms::{Algorithm, NODE, Reading, SETTINGS, START};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::value::graph::Value;
use petgraph::algo::dominators::simple_fast;

/// Cooper, Harvey and Kennedy (2001; petgraph's `simple_fast`). O(V²) at worst, mostly linear.
pub const DOMINATORS: Algorithm = Algorithm {
    name: "algo.dominators",
    summary: "For each node that can be reached the last node that every way to it leads through.",
    inputs: &[START, SETTINGS],
    outputs: &[NODE, Field::new("dominator", Types::NODE)],
    settings: &[],
    run: |call| {
        let projection = call.project(Reading::Out)?;
        let start = projection.place(&call.arguments[0], "start")?;
        let found = simple_fast(&projection, start);
        projection.check_stopped()?;
        let row = |place: u32| {
            let dominator = found.immediate_dominator(place);
            (place == start || dominator.is_some())
                .then(|| vec![projection.node(place), dominator.map_or(Value::Null, |place| projection.node(place))])
        };
        Ok(projection.places().filter_map(row).collect())
    },
};
