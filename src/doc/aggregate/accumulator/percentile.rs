//! `$median`, `$percentile`: the smallest value that at least a share p of the numbers does not exceed.

use crate::doc::expression::number::Number;
use crate::doc::expression::type_name;
use crate::doc::{Code, Error, Result};
use crate::value::order::compare_doubles;
use bson::Bson;

/// The numbers seen so far.
#[derive(Debug, Clone)]
pub(crate) struct Percentile {
    median: bool,
    /// The shares asked for, in [0, 1].
    pub points: Vec<f64>,
    numbers: Vec<f64>,
}

impl Percentile {
    pub fn new(median: bool) -> Self {
        Percentile { median, points: vec![0.5], numbers: Vec::new() }
    }

    pub fn add(&mut self, value: Option<&Bson>) {
        self.numbers.extend(value.and_then(number));
    }

    /// About how much memory they take.
    pub fn bytes(&self) -> usize {
        self.numbers.len() * size_of::<f64>()
    }

    pub fn value(&self) -> Bson {
        let answers = quantiles(&mut self.numbers.clone(), &self.points);
        if self.median { answers.into_iter().next().unwrap_or(Bson::Null) } else { Bson::Array(answers) }
    }
}

/// The number in a value that counts: NaN does not.
pub(crate) fn number(value: &Bson) -> Option<f64> {
    Number::of(value).map(Number::to_f64).filter(|number| !number.is_nan())
}

/// The values at the shares `points`; null where there are no numbers.
pub(crate) fn quantiles(numbers: &mut [f64], points: &[f64]) -> Vec<Bson> {
    numbers.sort_by(|a, b| compare_doubles(*a, *b));
    points
        .iter()
        .map(|share| {
            let rank = (share * numbers.len() as f64).ceil() as usize;
            numbers.get(rank.saturating_sub(1)).map_or(Bson::Null, |number| Bson::Double(*number))
        })
        .collect()
}

/// The shares of `p`.
///
/// # Errors
/// `p` is no non-empty array of numbers in [0, 1].
pub(crate) fn points(value: Option<&Bson>) -> Result<Vec<f64>> {
    let items = match value {
        Some(Bson::Array(items)) if !items.is_empty() => items,
        other => {
            return Err(Error::new(
                Code::Location(7_750_300),
                format!(
                    "The $percentile 'p' field must be a non-empty array of numbers from [0.0, 1.0], but found: {}",
                    type_name(other)
                ),
            ));
        }
    };
    items
        .iter()
        .map(|item| match Number::of(item).map(Number::to_f64) {
            Some(share) if (0.0..=1.0).contains(&share) => Ok(share),
            Some(share) => Err(Error::new(
                Code::Location(7_750_303),
                format!("The $percentile 'p' field must be an array of numbers from [0.0, 1.0], but found: {share}"),
            )),
            None => Err(Error::new(
                Code::Location(7_750_302),
                format!("The $percentile 'p' field must be an array of numbers from [0.0, 1.0], but found: {item}"),
            )),
        })
        .collect()
}

/// The only method is `approximate`; it is exact here.
///
/// # Errors
/// Another method.
pub(crate) fn check_method(name: &str, method: Option<&Bson>) -> Result<()> {
    match method {
        Some(Bson::String(method)) if method == "approximate" => Ok(()),
        _ => Err(Error::bad_value(format!("Currently only 'approximate' can be used as a {name} 'method'."))),
    }
}
