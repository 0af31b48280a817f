//! How alike two vectors are (Neo4j's manual, "Vector functions"); vectors are lists of numbers.

use super::numeric::number;
use super::scalar::first;
use super::signature::{Group, Signature, Types};
use crate::graph::eval::EvalContext;
use crate::graph::{Detail, Error, Result};
use crate::value::graph::Value;

const VECTORS: &[Types] = &[Types::LIST, Types::LIST];

pub(super) const FUNCTIONS: &[Signature] = &[
    Signature::new("vector.similarity.cosine", Group::Vector, VECTORS, Types::FLOAT, cosine),
    Signature::new("vector.similarity.euclidean", Group::Vector, VECTORS, Types::FLOAT, euclidean),
];

/// `(1 + cos) / 2` of the angle between the vectors: from 0, opposite, to 1, the same direction.
fn cosine(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    let (one, other) = pair(args)?;
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let (length, other_length) = (product(&one, &one).sqrt(), product(&other, &other).sqrt());
    if length == 0.0 || other_length == 0.0 {
        return Err(invalid("The cosine similarity of a vector whose elements are all 0 is not defined"));
    }
    let cosine = (product(&one, &other) / length / other_length).clamp(-1.0, 1.0);
    Ok(Value::Float((1.0 + cosine) / 2.0))
}

/// `1 / (1 + d²)` of the distance between the vectors: up to 1, the same vector.
fn euclidean(args: &[&Value], _: &dyn EvalContext) -> Result<Value> {
    let (one, other) = pair(args)?;
    let square = one.iter().zip(&other).map(|(x, y)| (x - y) * (x - y)).sum::<f64>();
    Ok(Value::Float(1.0 / (1.0 + square)))
}

/// Both arguments, which must have equally many elements.
fn pair(args: &[&Value]) -> Result<(Vec<f64>, Vec<f64>)> {
    let (one, other) = (vector(first(args))?, vector(args.last().copied().unwrap_or(&Value::Null))?);
    if one.len() != other.len() {
        return Err(invalid(format!(
            "Vectors must have equally many elements, but one has {} and the other {}",
            one.len(),
            other.len()
        )));
    }
    Ok((one, other))
}

fn vector(value: &Value) -> Result<Vec<f64>> {
    let Value::List(items) = value else { return Err(super::scalar::wrong_type("List", value)) };
    if items.is_empty() {
        return Err(invalid("A vector must have at least one element"));
    }
    items
        .iter()
        .map(|item| match number(item)? {
            element if element.is_finite() => Ok(element),
            element => Err(invalid(format!("The elements of a vector must be finite, but one is {element}"))),
        })
        .collect()
}

fn invalid(message: impl Into<String>) -> Error {
    Error::argument(Detail::InvalidArgumentValue, message)
}
