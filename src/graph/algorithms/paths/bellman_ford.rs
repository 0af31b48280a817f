//! Cheapest paths where weights may be negative.

use super::search::{Found, NONE};
use crate::graph::algorithms::{Algorithm, Call, NODE, Projection, Reading, SETTINGS, START};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::graph::{Detail, Error, Result};
use crate::value::graph::Value;

/// Bellman (1958) and Ford (1956), with a queue of the nodes whose cost fell (Moore 1959). O(V E).
pub const BELLMAN_FORD: Algorithm = Algorithm {
    name: "algo.bellmanFord",
    summary: "The cheapest path to every node that can be reached; weights may be negative (Bellman-Ford).",
    inputs: &[START, SETTINGS],
    outputs: &[NODE, Field::new("distance", Types::FLOAT), Field::new("path", Types::PATH)],
    settings: &[],
    run: |call| {
        let projection = call.project(Reading::Out)?;
        let start = projection.place(&call.arguments[0], "start")?;
        let found = relax_all(call, &projection, Some(start))?;
        let mut order: Vec<u32> = projection.places().filter(|&place| found.reached(place)).collect();
        order.sort_by(|&a, &b| found.costs[a as usize].total_cmp(&found.costs[b as usize]).then(a.cmp(&b)));
        let row = |place: u32| {
            let path = projection.path(start, found.steps_to(place));
            vec![projection.node(place), Value::Float(found.costs[place as usize]), path]
        };
        Ok(order.into_iter().map(row).collect())
    },
};

/// The cheapest ways from a node, or, without one, from a node that has a free step to each.
///
/// # Errors
/// A cycle of negative weight, with its nodes.
pub fn relax_all(call: &Call<'_, '_>, projection: &Projection<'_>, start: Option<u32>) -> Result<Found> {
    let count = projection.len();
    let mut found = Found::new(count, start.unwrap_or(NONE));
    let mut waiting: Vec<u32> = match start {
        Some(start) => vec![start],
        None => {
            found.costs.fill(0.0);
            projection.places().collect()
        }
    };
    let mut is_waiting = vec![false; count];
    let mut round = 0;
    while !waiting.is_empty() {
        round += 1;
        let mut next = Vec::new();
        let mut fell = NONE;
        for place in waiting {
            is_waiting[place as usize] = false;
            for step in projection.steps(place) {
                call.work(1)?;
                if found.relax(place, step) {
                    fell = step.to;
                    if !std::mem::replace(&mut is_waiting[step.to as usize], true) {
                        next.push(step.to);
                    }
                }
            }
        }
        // A way without a circle has fewer steps than there are nodes.
        if round > count && fell != NONE {
            return Err(negative(projection, &found, fell));
        }
        waiting = next;
    }
    Ok(found)
}

/// The error that names the circle behind a node whose cost fell once too often.
fn negative(projection: &Projection<'_>, found: &Found, fell: u32) -> Error {
    let mut at = fell;
    for _ in 0..projection.len() {
        at = found.last_step(at).0;
    }
    let mut circle = vec![at];
    let mut place = found.last_step(at).0;
    while place != at {
        circle.push(place);
        place = found.last_step(place).0;
    }
    circle.push(at);
    circle.reverse();
    let message = format!("There is a cycle of negative weight: nodes {}", projection.circle(circle.into_iter()));
    Error::argument(Detail::InvalidArgumentValue, message)
        .hint("no path around it is the cheapest; leave it out by labels or types, or mend the weights")
}
