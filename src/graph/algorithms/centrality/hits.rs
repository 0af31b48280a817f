//! Hubs point to authorities, authorities are pointed to by hubs.

use super::power::{collect, normal, repeat, spread};
use crate::graph::algorithms::{Algorithm, NODE, Reading, SETTINGS};
use crate::graph::functions::Types;
use crate::graph::procedures::Field;
use crate::value::graph::Value;

/// Kleinberg (1999), by power iteration. The scores of each kind add up to 1. O(iterations · (V + E)).
pub const HITS: Algorithm = Algorithm {
    name: "algo.hits",
    summary: "Hubs and authorities by weight (HITS); the scores of each kind add up to 1.",
    inputs: &[SETTINGS],
    outputs: &[NODE, Field::new("hub", Types::FLOAT), Field::new("authority", Types::FLOAT)],
    settings: &["iterations", "tolerance"],
    run: |call| {
        let projection = call.project(Reading::Out)?;
        let count = projection.len();
        let hubs = repeat(call, normal(vec![1.0; count]), 1e-9, |hubs| {
            let (mut authorities, mut next) = (vec![0.0; count], vec![0.0; count]);
            spread(call, &projection, hubs, &mut authorities)?;
            collect(call, &projection, &authorities, &mut next)?;
            Ok(normal(next))
        })?;
        let mut authorities = vec![0.0; count];
        spread(call, &projection, &hubs, &mut authorities)?;
        let (hubs, authorities) = (shares(hubs), shares(authorities));
        let row = |(place, (hub, authority)): (u32, (f64, f64))| {
            vec![projection.node(place), Value::Float(hub), Value::Float(authority)]
        };
        Ok((0..).zip(hubs.into_iter().zip(authorities)).map(row).collect())
    },
};

/// Scores that add up to 1.
fn shares(mut scores: Vec<f64>) -> Vec<f64> {
    let sum: f64 = scores.iter().sum();
    if sum != 0.0 {
        scores.iter_mut().for_each(|score| *score /= sum);
    }
    scores
}
