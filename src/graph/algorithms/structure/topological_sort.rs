//! An order in which every relationship points forward.

use crate::graph::algorithms::{Algorithm, Call, NODE, Projection, Reading, Rows, SETTINGS, int};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::graph::{Detail, Error, Result};

/// Kahn's algorithm (1962): what nothing points to any more comes next, first what was freed first. O(V + E).
pub const TOPOLOGICAL_SORT: Algorithm = Algorithm {
    name: "algo.topologicalSort",
    summary: "The nodes in an order in which every relationship points forward; an error names a cycle.",
    inputs: &[SETTINGS],
    outputs: &[NODE, Field::new("position", Types::INTEGER)],
    settings: &[],
    run,
};

fn run(call: &Call<'_, '_>) -> Result<Rows> {
    let projection = call.project(Reading::Out)?;
    let mut waits_for = vec![0usize; projection.len()];
    for place in projection.places() {
        for step in projection.steps(place) {
            call.work(1)?;
            waits_for[step.to as usize] += 1;
        }
    }
    let mut order: Vec<u32> = projection.places().filter(|&place| waits_for[place as usize] == 0).collect();
    let mut at = 0;
    while let Some(&place) = order.get(at) {
        at += 1;
        for step in projection.steps(place) {
            call.work(1)?;
            waits_for[step.to as usize] -= 1;
            if waits_for[step.to as usize] == 0 {
                order.push(step.to);
            }
        }
    }
    if let Some(start) = projection.places().find(|&place| waits_for[place as usize] > 0) {
        return Err(cycle(&projection, &waits_for, start));
    }
    Ok(order.into_iter().enumerate().map(|(at, place)| vec![projection.node(place), int(at)]).collect())
}

/// The error that names a cycle: every node that still waits is waited for by another one behind it.
fn cycle(projection: &Projection<'_>, waits_for: &[usize], start: u32) -> Error {
    let mut seen = vec![false; projection.len()];
    let mut way = Vec::new();
    let mut place = start;
    while !std::mem::replace(&mut seen[place as usize], true) {
        way.push(place);
        let before = projection.steps_back(place).find(|step| waits_for[step.to as usize] > 0);
        place = before.map_or(place, |step| step.to);
    }
    let from = way.iter().position(|&passed| passed == place).unwrap_or(0);
    let mut circle = way.split_off(from);
    circle.push(place);
    circle.reverse();
    let names = projection.circle(circle.into_iter());
    let message = format!("There is no such order because of a cycle: nodes {names}");
    Error::argument(Detail::InvalidArgumentValue, message)
        .hint("algo.stronglyConnectedComponents shows what goes in circles, algo.cycles lists them")
}
