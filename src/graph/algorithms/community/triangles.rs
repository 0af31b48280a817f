//! Three nodes that know one another.

use crate::graph::Result;
use crate::graph::algorithms::{Algorithm, Call, NODE, Projection, Rows, SETTINGS, int};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::value::graph::Value;

/// Triangles and the local clustering coefficient (Watts and Strogatz 1998), read both ways; parallel
/// relationships count once, loops not at all.
pub const TRIANGLES: Algorithm = Algorithm {
    name: "algo.triangleCount",
    summary: "Triangles that each node is part of, and its local clustering coefficient.",
    inputs: &[SETTINGS],
    outputs: &[NODE, Field::new("triangles", Types::INTEGER), Field::new("coefficient", Types::FLOAT)],
    settings: &[],
    run: |call| -> Result<Rows> {
        let projection = call.undirected()?;
        let Triangles { counts, degrees } = Triangles::of(call, &projection)?;
        let row = |(place, (&count, &degree)): (u32, (&usize, &usize))| {
            vec![projection.node(place), int(count), Value::Float(coefficient(count, degree))]
        };
        Ok((0..).zip(counts.iter().zip(&degrees)).map(row).collect())
    },
};

/// How many of the pairs of a node's neighbours know each other.
pub fn coefficient(triangles: usize, degree: usize) -> f64 {
    if degree < 2 { 0.0 } else { 2.0 * triangles as f64 / (degree as f64 * (degree as f64 - 1.0)) }
}

/// Triangles by node.
pub struct Triangles {
    /// How many a node is part of.
    pub counts: Vec<usize>,
    /// How many neighbours it has.
    pub degrees: Vec<usize>,
}

impl Triangles {
    /// Each node is joined to its neighbours of higher degree only, and those lists are compared (Schank and
    /// Wagner 2005, "forward"). O(E √E).
    pub fn of(call: &Call<'_, '_>, projection: &Projection<'_>) -> Result<Self> {
        let sets = projection.neighbour_sets()?;
        let degrees: Vec<usize> = sets.iter().map(Vec::len).collect();
        let mut order: Vec<u32> = projection.places().collect();
        order.sort_by_key(|&place| (degrees[place as usize], place));
        let mut ranks = vec![0u32; order.len()];
        order.iter().zip(0..).for_each(|(&place, rank)| ranks[place as usize] = rank);
        // By rank: the neighbours of higher rank, in one array.
        let (mut starts, mut higher) = (vec![0usize], Vec::new());
        for (&place, rank) in order.iter().zip(0u32..) {
            let others = sets[place as usize].iter().map(|&other| ranks[other as usize]);
            higher.extend(others.filter(|&other| other > rank));
            starts.push(higher.len());
        }
        drop(sets);
        let list = |rank: u32| &higher[starts[rank as usize]..starts[rank as usize + 1]];
        let mut counts = vec![0usize; order.len()];
        let mut is_near = vec![false; order.len()];
        for (&place, rank) in order.iter().zip(0u32..) {
            list(rank).iter().for_each(|&other| is_near[other as usize] = true);
            for &other in list(rank) {
                call.work(list(other).len() + 1)?;
                let mut found = 0;
                for &third in list(other) {
                    if is_near[third as usize] {
                        found += 1;
                        counts[order[third as usize] as usize] += 1;
                    }
                }
                counts[place as usize] += found;
                counts[order[other as usize] as usize] += found;
            }
            list(rank).iter().for_each(|&other| is_near[other as usize] = false);
        }
        Ok(Triangles { counts, degrees })
    }
}
