//! All paths between two nodes.

use crate::graph::Result;
use crate::graph::algorithms::{Algorithm, Call, END, Reading, Rows, SETTINGS, START, Step, int};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;

/// A walk in depth that takes nothing twice; nodes that cannot reach the end in the steps that are left are
/// not entered. O(paths · length · degree).
pub const ALL_SIMPLE_PATHS: Algorithm = Algorithm {
    name: "algo.allSimplePaths",
    summary: "All paths between two nodes that visit no node twice; `maxLength` (default 8) bounds them.",
    inputs: &[START, END, SETTINGS],
    outputs: &[Field::new("path", Types::PATH), Field::new("length", Types::INTEGER)],
    settings: &["maxLength", "maxResults"],
    run,
};

fn run(call: &Call<'_, '_>) -> Result<Rows> {
    let max = call.settings.count("maxLength", 8)?;
    let projection = call.project(Reading::Out)?;
    let (start, end) = (projection.place(&call.arguments[0], "start")?, projection.place(&call.arguments[1], "end")?);
    let mut rows = Vec::new();
    if start == end {
        return Ok(rows);
    }
    // How far each node is from the end.
    let mut left = vec![usize::MAX; projection.len()];
    left[end as usize] = 0;
    let mut near = vec![end];
    let mut at = 0;
    while let Some(&place) = near.get(at) {
        at += 1;
        let further = left[place as usize] + 1;
        for step in projection.steps_back(place) {
            call.work(1)?;
            if left[step.to as usize] == usize::MAX && further <= max {
                left[step.to as usize] = further;
                near.push(step.to);
            }
        }
    }
    let mut on_path = vec![false; projection.len()];
    on_path[start as usize] = true;
    let mut path: Vec<Step> = Vec::new();
    let mut open = vec![projection.steps(start)];
    while let Some(steps) = open.last_mut() {
        call.work(1)?;
        let Some(step) = steps.next() else {
            open.pop();
            if let Some(step) = path.pop() {
                on_path[step.to as usize] = false;
            }
            continue;
        };
        let reach = left[step.to as usize];
        if on_path[step.to as usize] || reach == usize::MAX || path.len() + 1 + reach > max {
            continue;
        }
        if step.to == end {
            let length = path.len() + 1;
            rows.push(vec![projection.path(start, path.iter().copied().chain([step])), int(length)]);
            call.check_count(rows.len(), "paths")?;
            continue;
        }
        on_path[step.to as usize] = true;
        path.push(step);
        open.push(projection.steps(step.to));
    }
    Ok(rows)
}
