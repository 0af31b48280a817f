//! `$eq $gt $gte $lt $lte $in` (and their negations `$ne $nin`, made of them).

use super::Pattern;
use crate::value::collation::Collation;
use crate::value::key;
use crate::value::order::{bracket, compare, equal};
use crate::value::view::View;
use bson::Bson;
use std::cmp::Ordering;
use std::collections::HashSet;

/// Which comparison. Those of order hold only between values of one type bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `$eq`
    Equal,
    /// `$gt`
    Greater,
    /// `$gte`
    GreaterOrEqual,
    /// `$lt`
    Less,
    /// `$lte`
    LessOrEqual,
}

impl Comparison {
    const fn includes_equal(self) -> bool {
        matches!(self, Comparison::Equal | Comparison::GreaterOrEqual | Comparison::LessOrEqual)
    }

    /// Whether `value` stands in this relation to `operand`; a missing value counts as null.
    pub fn holds(self, value: Option<View<'_>>, operand: View<'_>, collation: Option<&Collation>) -> bool {
        let collation = collation.filter(|_| Collation::concerns(operand));
        if matches!(operand, View::Null) {
            return self.includes_equal() && matches!(value, None | Some(View::Null));
        }
        let Some(value) = value else {
            return match operand {
                View::MaxKey => matches!(self, Comparison::Less | Comparison::LessOrEqual),
                View::MinKey => matches!(self, Comparison::Greater | Comparison::GreaterOrEqual),
                _ => false,
            };
        };
        if self == Comparison::Equal {
            return equal_under(collation, value, operand);
        }
        match operand {
            View::MaxKey if !matches!(value, View::MaxKey) => {
                return matches!(self, Comparison::Less | Comparison::LessOrEqual);
            }
            View::MinKey if !matches!(value, View::MinKey) => {
                return matches!(self, Comparison::Greater | Comparison::GreaterOrEqual);
            }
            _ => {}
        }
        if bracket(value) != bracket(operand) {
            return false;
        }
        if is_nan(value) || is_nan(operand) {
            return self.includes_equal() && is_nan(value) && is_nan(operand);
        }
        let order = match collation {
            Some(collation) => collation.compare(value, operand),
            None => compare(value, operand),
        };
        match self {
            Comparison::Equal => order == Ordering::Equal,
            Comparison::Greater => order == Ordering::Greater,
            Comparison::GreaterOrEqual => order != Ordering::Less,
            Comparison::Less => order == Ordering::Less,
            Comparison::LessOrEqual => order != Ordering::Greater,
        }
    }
}

fn equal_under(collation: Option<&Collation>, a: View<'_>, b: View<'_>) -> bool {
    match collation {
        Some(collation) => bracket(a) == bracket(b) && collation.compare(a, b).is_eq(),
        None => equal(a, b),
    }
}

/// Whether a number is not a number.
pub fn is_nan(value: View<'_>) -> bool {
    match value {
        View::Double(number) => number.is_nan(),
        View::Decimal(number) => crate::value::decimal::Decimal::from_bson(number).is_nan(),
        _ => false,
    }
}

/// `$in`: equal to one of the values, or matched by one of the patterns.
#[derive(Debug, Clone)]
pub struct OneOf {
    /// The values as given.
    pub values: Vec<Bson>,
    /// The patterns among them.
    pub patterns: Vec<Pattern>,
    /// The keys of the values.
    keys: HashSet<Vec<u8>>,
    null: bool,
}

impl OneOf {
    /// From the operand's parts.
    pub fn new(values: Vec<Bson>, patterns: Vec<Pattern>) -> OneOf {
        let null = values.iter().any(|value| matches!(value, Bson::Null));
        OneOf { keys: values.iter().map(key::of).collect(), null, values, patterns }
    }

    /// Whether the value is one of them.
    pub fn holds(&self, value: Option<View<'_>>, collation: Option<&Collation>) -> bool {
        match value {
            None | Some(View::Null) if self.null => true,
            None => false,
            Some(found) if self.values.len() <= 4 || collation.is_some_and(|_| Collation::concerns(found)) => {
                self.values.iter().any(|one| equal_under(collation, found, one.into()))
                    || self.patterns.iter().any(|pattern| pattern.matches(value))
            }
            Some(found) => {
                self.keys.contains(&key::of(found)) || self.patterns.iter().any(|pattern| pattern.matches(value))
            }
        }
    }
}
