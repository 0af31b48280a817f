//! PageRank.

use crate::graph::Result;
use crate::graph::algorithms::settings::wrong;
use crate::graph::algorithms::{Algorithm, Call, NODE, Projection, Reading, Rows, SCORE, SETTINGS, ranked};
use crate::value::graph::Value;

/// Brin and Page (1998), by power iteration: a walker follows a relationship, chosen by weight, with
/// probability `damping`, and else jumps to any node (or to one of `sources`); from a node without a way out
/// it jumps. The scores add up to 1. O(iterations · (V + E)).
pub const PAGE_RANK: Algorithm = Algorithm {
    name: "algo.pageRank",
    summary: "PageRank by weight; the scores add up to 1.",
    inputs: &[SETTINGS],
    outputs: &[NODE, SCORE],
    settings: &["damping", "iterations", "tolerance", "sources"],
    run,
};

fn run(call: &Call<'_, '_>) -> Result<Rows> {
    let damping = call.settings.number("damping", 0.85)?.min(1.0);
    let iterations = call.settings.count("iterations", 20)?;
    let tolerance = call.settings.number("tolerance", 1e-7)?;
    let projection = call.project(Reading::Out)?;
    projection.refuse_negative()?;
    let count = projection.len();
    let jumps = jumps(call, &projection)?;
    let arrays = Arrays::of(call, &projection)?;
    let mut ranks = jumps.clone();
    let mut next = vec![0.0; count];
    for _ in 0..iterations {
        let lost: f64 =
            ranks.iter().zip(&arrays.shares).filter(|(_, share)| **share == 0.0).map(|(rank, _)| rank).sum();
        for (next, jump) in next.iter_mut().zip(&jumps) {
            *next = (1.0 - damping + damping * lost) * jump;
        }
        for (place, bounds) in arrays.starts.windows(2).enumerate() {
            call.work(1)?;
            let share = damping * ranks[place] * arrays.shares[place];
            let range = bounds[0] as usize..bounds[1] as usize;
            if arrays.weights.is_empty() {
                arrays.targets[range].iter().for_each(|&to| next[to as usize] += share);
            } else {
                let weighted = arrays.targets[range.clone()].iter().zip(&arrays.weights[range]);
                weighted.for_each(|(&to, weight)| next[to as usize] += share * weight);
            }
        }
        let change: f64 = ranks.iter().zip(&next).map(|(a, b)| (a - b).abs()).sum();
        std::mem::swap(&mut ranks, &mut next);
        if change < tolerance {
            break;
        }
    }
    Ok(ranked(&projection, ranks))
}

/// How likely a jump leads to each node.
fn jumps(call: &Call<'_, '_>, projection: &Projection<'_>) -> Result<Vec<f64>> {
    let count = projection.len();
    let sources = match call.settings.get("sources") {
        None => return Ok(vec![1.0 / count as f64; count]),
        Some(Value::List(sources)) if !sources.is_empty() => sources,
        Some(other) => return Err(wrong("sources", "a list of nodes that is not empty", other)),
    };
    let mut jumps = vec![0.0; count];
    for source in sources {
        jumps[projection.place(source, "sources")? as usize] += 1.0 / sources.len() as f64;
    }
    Ok(jumps)
}

/// The steps as plain arrays: they are walked many times.
struct Arrays {
    starts: Vec<u32>,
    targets: Vec<u32>,
    /// As many as targets, or none if all weigh the same.
    weights: Vec<f64>,
    /// What one unit of weight is of all that leaves a node; 0 where nothing does.
    shares: Vec<f64>,
}

impl Arrays {
    fn of(call: &Call<'_, '_>, projection: &Projection<'_>) -> Result<Self> {
        let weighted = projection.is_weighted();
        let mut arrays = Arrays { starts: vec![0], targets: Vec::new(), weights: Vec::new(), shares: Vec::new() };
        for place in projection.places() {
            call.work(1)?;
            let mut total = 0.0;
            for step in projection.steps(place) {
                arrays.targets.push(step.to);
                total += if weighted { step.weight } else { 1.0 };
                if weighted {
                    arrays.weights.push(step.weight);
                }
            }
            arrays.starts.push(arrays.targets.len() as u32);
            arrays.shares.push(if total > 0.0 { 1.0 / total } else { 0.0 });
        }
        Ok(arrays)
    }
}
