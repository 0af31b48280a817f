//! The cheapest paths between two nodes, one after the other.

use super::search::{cheapest, costs_to};
use crate::graph::Result;
use crate::graph::algorithms::{Algorithm, Call, END, Projection, Reading, Rows, SETTINGS, START, Step, int};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::value::graph::Value;
use std::collections::HashSet;

/// Yen's algorithm (1971): each further path leaves an earlier one at some node. Parallel relationships make
/// paths of their own. Each search is led by what the nodes are from the end. O(k V (V + E) log V), mostly far
/// less.
pub const K_SHORTEST_PATHS: Algorithm = Algorithm {
    name: "algo.kShortestPaths",
    summary: "The `k` (default 3) cheapest paths between two nodes that visit no node twice (Yen).",
    inputs: &[START, END, SETTINGS],
    outputs: &[Field::new("index", Types::INTEGER), Field::new("path", Types::PATH), Field::new("cost", Types::FLOAT)],
    settings: &["k"],
    run,
};

type Way = Vec<Step>;

fn run(call: &Call<'_, '_>) -> Result<Rows> {
    let k = call.settings.count("k", 3)?;
    let projection = call.project(Reading::Out)?;
    projection.refuse_negative()?;
    let (start, end) = (projection.place(&call.arguments[0], "start")?, projection.place(&call.arguments[1], "end")?);
    // Exact but for what is left out: an estimate that leads straight to the end.
    let left = costs_to(call, &projection, end)?;
    let mut found: Vec<(f64, Way)> = Vec::new();
    let mut candidates: Vec<(f64, Way)> = Vec::new();
    let mut seen: HashSet<Vec<u64>> = HashSet::new();
    if k > 0
        && let Some(first) = spur(call, &projection, &left, (start, end), &[], &found)?
    {
        candidates.push((cost(&first), first));
    }
    while let Some(at) = best(&candidates) {
        found.push(candidates.swap_remove(at));
        if found.len() == k || start == end {
            break;
        }
        let last = found.last().map(|(_, way)| way.clone()).unwrap_or_default();
        for length in 0..last.len() {
            let root = &last[..length];
            if let Some(rest) = spur(call, &projection, &left, (start, end), root, &found)? {
                let way: Way = root.iter().copied().chain(rest).collect();
                if seen.insert(way.iter().map(|step| step.relationship).collect()) {
                    candidates.push((cost(&way), way));
                }
            }
        }
    }
    let row =
        |(index, (cost, way)): (usize, (f64, Way))| vec![int(index), projection.path(start, way), Value::Float(cost)];
    Ok(found.into_iter().enumerate().map(row).collect())
}

fn cost(way: &[Step]) -> f64 {
    way.iter().map(|step| step.weight).sum()
}

/// Which candidate is the cheapest; of equal ones the shortest, then the one of the smallest relationships.
fn best(candidates: &[(f64, Way)]) -> Option<usize> {
    let key = |way: &Way| way.iter().map(|step| step.relationship).collect::<Vec<_>>();
    let order = |&a: &usize, &b: &usize| {
        let ((cost_a, a), (cost_b, b)) = (&candidates[a], &candidates[b]);
        cost_a.total_cmp(cost_b).then(a.len().cmp(&b.len())).then_with(|| key(a).cmp(&key(b)))
    };
    (0..candidates.len()).min_by(order)
}

/// The cheapest way from the end of a root on that leaves every found path with the same root.
fn spur(
    call: &Call<'_, '_>,
    projection: &Projection<'_>,
    left: &[f64],
    (start, end): (u32, u32),
    root: &[Step],
    found: &[(f64, Way)],
) -> Result<Option<Way>> {
    let from = root.last().map_or(start, |step| step.to);
    let same =
        |way: &&Way| way.len() > root.len() && way.iter().zip(root).all(|(a, b)| a.relationship == b.relationship);
    let taken: HashSet<u64> =
        found.iter().map(|(_, way)| way).filter(same).map(|way| way[root.len()].relationship).collect();
    let passed: HashSet<u32> =
        [start].into_iter().chain(root.iter().map(|step| step.to)).filter(|&place| place != from).collect();
    let allowed =
        |place: u32, step: &Step| !(passed.contains(&step.to) || place == from && taken.contains(&step.relationship));
    let search = cheapest(call, projection, from, Some(end), allowed, |place| Ok(left[place as usize]))?;
    Ok(search.reached(end).then(|| search.steps_to(end)))
}
