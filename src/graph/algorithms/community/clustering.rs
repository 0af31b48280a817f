//! How closely the neighbours of nodes know each other, over the whole graph.

use super::triangles::{Triangles, coefficient};
use crate::graph::algorithms::{Algorithm, SETTINGS, int};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::value::graph::Value;

/// The mean of the local coefficients (Watts and Strogatz 1998), and the transitivity: how many of the pairs
/// of relationships that meet are closed (Newman, Watts and Strogatz 2002). O(E √E).
pub const CLUSTERING: Algorithm = Algorithm {
    name: "algo.clusteringCoefficient",
    summary: "The mean clustering coefficient, the transitivity and the number of triangles of the graph.",
    inputs: &[SETTINGS],
    outputs: &[
        Field::new("average", Types::FLOAT),
        Field::new("transitivity", Types::FLOAT),
        Field::new("triangles", Types::INTEGER),
    ],
    settings: &[],
    run: |call| {
        let projection = call.undirected()?;
        let Triangles { counts, degrees } = Triangles::of(call, &projection)?;
        let corners: usize = counts.iter().sum();
        let local: f64 = counts.iter().zip(&degrees).map(|(&count, &degree)| coefficient(count, degree)).sum();
        let pairs: f64 = degrees.iter().map(|&degree| degree as f64 * (degree as f64 - 1.0) / 2.0).sum();
        let part = |number: f64, of: f64| Value::Float(if of > 0.0 { number / of } else { 0.0 });
        Ok(vec![vec![part(local, counts.len() as f64), part(corners as f64, pairs), int(corners / 3)]])
    },
};
