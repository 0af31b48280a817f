//! The cheapest path between two nodes.

use super::search::{NONE, cheapest};
use crate::graph::Result;
use crate::graph::algorithms::{Algorithm, Call, END, Projection, Reading, Rows, SETTINGS, START, Step};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::value::graph::Value;

/// Dijkstra's algorithm (1959) by weight, O((V + E) log V); breadth-first search from both ends (Pohl 1971)
/// if all weigh the same, O(V + E), mostly far less.
pub const SHORTEST_PATH: Algorithm = Algorithm {
    name: "algo.shortestPath",
    summary: "The cheapest path between two nodes (Dijkstra, by weight).",
    inputs: &[START, END, SETTINGS],
    outputs: &[Field::new("path", Types::PATH), Field::new("cost", Types::FLOAT)],
    settings: &[],
    run,
};

fn run(call: &Call<'_, '_>) -> Result<Rows> {
    let projection = call.project(Reading::Out)?;
    projection.refuse_negative()?;
    let (start, end) = (projection.place(&call.arguments[0], "start")?, projection.place(&call.arguments[1], "end")?);
    let (steps, cost) = if projection.is_weighted() {
        let found = cheapest(call, &projection, start, Some(end), |_, _| true, |_| Ok(0.0))?;
        if !found.reached(end) {
            return Ok(Vec::new());
        }
        (found.steps_to(end), found.costs[end as usize])
    } else {
        let Some(steps) = meet(call, &projection, start, end)? else { return Ok(Vec::new()) };
        let cost = steps.len() as f64 * projection.common_weight();
        (steps, cost)
    };
    Ok(vec![vec![projection.path(start, steps), Value::Float(cost)]])
}

/// The way with the fewest steps: whole levels are searched in turn from the end where fewer nodes wait.
pub fn meet(call: &Call<'_, '_>, projection: &Projection<'_>, start: u32, end: u32) -> Result<Option<Vec<Step>>> {
    if start == end {
        return Ok(Some(Vec::new()));
    }
    // The node before each one that was reached, seen from either end.
    let mut before = [vec![NONE; projection.len()], vec![NONE; projection.len()]];
    before[0][start as usize] = start;
    before[1][end as usize] = end;
    let mut levels = [vec![start], vec![end]];
    while !levels[0].is_empty() && !levels[1].is_empty() {
        let side = usize::from(levels[1].len() < levels[0].len());
        for place in std::mem::take(&mut levels[side]) {
            let steps = if side == 0 { projection.steps(place) } else { projection.steps_back(place) };
            for step in steps {
                call.work(1)?;
                if before[side][step.to as usize] != NONE {
                    continue;
                }
                before[side][step.to as usize] = place;
                levels[side].push(step.to);
                // Whole levels were searched: had there been a nearer meeting, it would have been found.
                if before[1 - side][step.to as usize] != NONE {
                    return Ok(Some(join(projection, &before, step.to)));
                }
            }
        }
    }
    Ok(None)
}

/// The way from the start to where both sides met, then on to the end.
fn join(projection: &Projection<'_>, before: &[Vec<u32>; 2], middle: u32) -> Vec<Step> {
    let mut places = vec![middle];
    let walk = |side: usize, places: &mut Vec<u32>| {
        let mut at = middle;
        while before[side][at as usize] != at {
            at = before[side][at as usize];
            places.push(at);
        }
    };
    walk(0, &mut places);
    places.reverse();
    walk(1, &mut places);
    places.windows(2).filter_map(|pair| projection.steps(pair[0]).find(|step| step.to == pair[1])).collect()
}
