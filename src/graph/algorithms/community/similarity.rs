//! Nodes that share neighbours.

use crate::graph::Result;
use crate::graph::algorithms::{Algorithm, Call, Reading, Rows, SETTINGS};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::value::graph::Value;

/// How like two sets of neighbours are: by Jaccard (1901) what they share of all, by Szymkiewicz and Simpson
/// (`overlap`) of the smaller set, or by the cosine of the angle between them (Salton and McGill 1983). Only
/// pairs that share a neighbour are answered. O(Σ d²) over the nodes that are pointed to.
pub const NODE_SIMILARITY: Algorithm = Algorithm {
    name: "algo.nodeSimilarity",
    summary: "Pairs of nodes that share neighbours, the likest first: `metric` 'jaccard', 'overlap' or 'cosine'.",
    inputs: &[SETTINGS],
    outputs: &[
        Field::new("node1", Types::NODE),
        Field::new("node2", Types::NODE),
        Field::new("similarity", Types::FLOAT),
    ],
    settings: &["metric", "cutoff", "topK", "maxResults"],
    run,
};

fn run(call: &Call<'_, '_>) -> Result<Rows> {
    let metric = call.settings.word("metric", &["jaccard", "overlap", "cosine"])?;
    let cutoff = call.settings.number("cutoff", 0.0)?;
    let top = call.settings.count("topK", usize::MAX)?;
    let projection = call.project(Reading::Out)?;
    let sets = projection.neighbour_sets()?;
    let mut pointing: Vec<Vec<u32>> = vec![Vec::new(); projection.len()];
    for (place, others) in (0..).zip(&sets) {
        others.iter().for_each(|&other| pointing[other as usize].push(place));
    }
    let mut pairs: Vec<(f64, u32, u32)> = Vec::new();
    let mut shared = vec![0usize; projection.len()];
    for (a, others) in (0u32..).zip(&sets) {
        let mut found: Vec<u32> = Vec::new();
        for &other in others {
            for &b in &pointing[other as usize] {
                call.work(1)?;
                // With a bound for each node, a pair counts for both.
                if b > a || (b != a && top != usize::MAX) {
                    if shared[b as usize] == 0 {
                        found.push(b);
                    }
                    shared[b as usize] += 1;
                }
            }
        }
        let mut like: Vec<(f64, u32, u32)> = Vec::with_capacity(found.len());
        for b in found {
            let common = std::mem::take(&mut shared[b as usize]) as f64;
            let (one, two) = (others.len() as f64, sets[b as usize].len() as f64);
            let similarity = match metric {
                "overlap" => common / one.min(two),
                "cosine" => common / (one * two).sqrt(),
                _ => common / (one + two - common),
            };
            if similarity >= cutoff {
                like.push((similarity, a, b));
            }
        }
        if like.len() > top {
            like.sort_by(order);
            like.truncate(top);
        }
        pairs.extend(like);
        call.check_count(pairs.len(), "pairs of nodes")?;
    }
    pairs.sort_by(order);
    let row = |(similarity, a, b)| vec![projection.node(a), projection.node(b), Value::Float(similarity)];
    Ok(pairs.into_iter().map(row).collect())
}

/// The likest first, equal ones by id.
fn order(a: &(f64, u32, u32), b: &(f64, u32, u32)) -> std::cmp::Ordering {
    b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2)))
}
