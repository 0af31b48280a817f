//! The repetition that eigenvector-like scores share.

use crate::graph::algorithms::{Call, Projection};
use crate::graph::{Detail, Error, Result};

/// Repeats a step until no score moves by more than `tolerance` on the average.
///
/// # Errors
/// That does not happen within `iterations` (100).
pub fn repeat(
    call: &Call<'_, '_>,
    mut scores: Vec<f64>,
    tolerance: f64,
    mut step: impl FnMut(&[f64]) -> Result<Vec<f64>>,
) -> Result<Vec<f64>> {
    let iterations = call.settings.count("iterations", 100)?;
    let tolerance = call.settings.number("tolerance", tolerance)?;
    for _ in 0..iterations {
        let next = step(&scores)?;
        let change: f64 = scores.iter().zip(&next).map(|(a, b)| (a - b).abs()).sum();
        scores = next;
        if change <= tolerance * scores.len() as f64 {
            return Ok(scores);
        }
    }
    let message = format!("The scores have not settled after {iterations} iterations");
    Err(Error::argument(Detail::InvalidArgumentValue, message)
        .hint("raise `iterations` or `tolerance`; algo.katz also settles with a smaller `alpha`"))
}

/// Hands each node's score on along its steps, by weight.
pub fn spread(call: &Call<'_, '_>, projection: &Projection<'_>, scores: &[f64], into: &mut [f64]) -> Result<()> {
    for (place, score) in (0..).zip(scores) {
        call.work(1)?;
        for step in projection.steps(place) {
            into[step.to as usize] += score * step.weight;
        }
    }
    Ok(())
}

/// Collects at each node the scores at the ends of its steps, by weight.
pub fn collect(call: &Call<'_, '_>, projection: &Projection<'_>, scores: &[f64], into: &mut [f64]) -> Result<()> {
    for (place, sum) in (0..).zip(into) {
        call.work(1)?;
        *sum += projection.steps(place).map(|step| scores[step.to as usize] * step.weight).sum::<f64>();
    }
    Ok(())
}

/// Scores of Euclidean length 1.
pub fn normal(mut scores: Vec<f64>) -> Vec<f64> {
    let length = scores.iter().map(|score| score * score).sum::<f64>().sqrt();
    if length > 0.0 {
        scores.iter_mut().for_each(|score| *score /= length);
    }
    scores
}
