//! Groups where all know one another.

use crate::graph::Result;
use crate::graph::algorithms::{Algorithm, Call, Rows, SETTINGS, int};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::value::graph::Value;

/// Bron and Kerbosch (1973) with the pivot of Tomita, Tanaka and Takahashi (2006): groups that no node can be
/// added to. Read both ways; a node without neighbours is a group. O(3^(V/3)).
pub const MAXIMAL_CLIQUES: Algorithm = Algorithm {
    name: "algo.maximalCliques",
    summary: "Groups of nodes that are all related to one another, as large as they can be (Bron-Kerbosch).",
    inputs: &[SETTINGS],
    outputs: &[Field::new("nodes", Types::LIST), Field::new("size", Types::INTEGER)],
    settings: &["minSize", "maxResults"],
    run,
};

/// A choice that is being tried: who may still come, who may not, and who of the first is to be tried.
struct Level {
    may: Vec<u32>,
    not: Vec<u32>,
    to_try: Vec<u32>,
}

fn run(call: &Call<'_, '_>) -> Result<Rows> {
    let least = call.settings.count("minSize", 1)?;
    let projection = call.undirected()?;
    let sets = projection.neighbour_sets()?;
    let mut cliques: Vec<Vec<u32>> = Vec::new();
    // Each clique is found from its first node.
    for first in projection.places() {
        let near = &sets[first as usize];
        let split = near.partition_point(|&other| other < first);
        let mut clique = vec![first];
        let mut levels = vec![level(call, &sets, near[split..].to_vec(), near[..split].to_vec())?];
        while let Some(top) = levels.last_mut() {
            call.work(1)?;
            if top.may.is_empty() && top.not.is_empty() && clique.len() >= least {
                let mut found = clique.clone();
                found.sort_unstable();
                cliques.push(found);
                call.check_count(cliques.len(), "cliques")?;
            }
            let Some(next) = top.to_try.pop() else {
                levels.pop();
                clique.pop();
                continue;
            };
            let inner = (common(&top.may, &sets[next as usize]), common(&top.not, &sets[next as usize]));
            top.may.retain(|&place| place != next);
            let at = top.not.partition_point(|&place| place < next);
            top.not.insert(at, next);
            clique.push(next);
            levels.push(level(call, &sets, inner.0, inner.1)?);
        }
    }
    cliques.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    let row = |clique: Vec<u32>| {
        let size = int(clique.len());
        vec![Value::List(clique.into_iter().map(|place| projection.node(place)).collect()), size]
    };
    Ok(cliques.into_iter().map(row).collect())
}

/// Who knows the pivot need not be tried: a clique without the pivot has somebody who does not know it.
fn level(call: &Call<'_, '_>, sets: &[Vec<u32>], may: Vec<u32>, not: Vec<u32>) -> Result<Level> {
    let mut best: Option<(usize, u32)> = None;
    for &place in may.iter().chain(&not) {
        let shared = common(&may, &sets[place as usize]).len();
        call.work(may.len() + 1)?;
        if best.is_none_or(|(most, _)| shared > most) {
            best = Some((shared, place));
        }
    }
    let mut to_try = match best {
        Some((_, pivot)) => {
            may.iter().copied().filter(|place| sets[pivot as usize].binary_search(place).is_err()).collect()
        }
        None => Vec::new(),
    };
    to_try.reverse();
    Ok(Level { may, not, to_try })
}

/// What two sorted lists have in common.
fn common(a: &[u32], b: &[u32]) -> Vec<u32> {
    let (small, large) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    small.iter().copied().filter(|item| large.binary_search(item).is_ok()).collect()
}
