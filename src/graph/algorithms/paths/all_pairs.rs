//! The distances between all nodes.

use super::bellman_ford::relax_all;
use super::search::{Found, NONE, cheapest, distances};
use crate::graph::Result;
use crate::graph::algorithms::{Algorithm, Call, Projection, Reading, Rows, SETTINGS};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::value::graph::Value;

/// Breadth-first search from every node if all relationships weigh the same, O(V (V + E)); else Dijkstra's
/// algorithm, O(V (V + E) log V), with negative weights after Johnson's change of weights (Johnson 1977).
pub const ALL_PAIRS: Algorithm = Algorithm {
    name: "algo.allPairs",
    summary: "The cost of the cheapest path from every node to every other one that it reaches (Johnson).",
    inputs: &[SETTINGS],
    outputs: &[
        Field::new("source", Types::NODE),
        Field::new("target", Types::NODE),
        Field::new("distance", Types::FLOAT),
    ],
    settings: &["maxResults"],
    run,
};

fn run(call: &Call<'_, '_>) -> Result<Rows> {
    let projection = call.project(Reading::Out)?;
    if projection.refuse_negative().is_err() {
        return johnson(call, &projection);
    }
    let mut rows = Vec::new();
    let mut found = Found::new(projection.len(), NONE);
    for source in projection.places() {
        distances(call, &projection, source, &mut found)?;
        add(call, &projection, source, &found.costs, &mut rows)?;
    }
    Ok(rows)
}

/// Weights are raised by the difference of two nodes' heights: none is negative then, and what is cheapest
/// stays cheapest.
fn johnson(call: &Call<'_, '_>, projection: &Projection<'_>) -> Result<Rows> {
    let heights = relax_all(call, projection, None)?.costs;
    let raised = projection.raised(&heights);
    let mut rows = Vec::new();
    for source in projection.places() {
        let found = cheapest(call, &raised, source, None, |_, _| true, |_| Ok(0.0))?;
        let lower = |(place, cost): (usize, f64)| cost - heights[source as usize] + heights[place];
        let costs: Vec<f64> = found.costs.into_iter().enumerate().map(lower).collect();
        add(call, projection, source, &costs, &mut rows)?;
    }
    Ok(rows)
}

fn add(call: &Call<'_, '_>, projection: &Projection<'_>, source: u32, costs: &[f64], rows: &mut Rows) -> Result<()> {
    call.work(costs.len())?;
    for (target, &cost) in (0..).zip(costs) {
        if target != source && cost < f64::INFINITY {
            rows.push(vec![projection.node(source), projection.node(target), Value::Float(cost)]);
            call.check_count(rows.len(), "pairs of nodes")?;
        }
    }
    Ok(())
}
