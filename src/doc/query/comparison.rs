//! `$eq $gt $gte $lt $lte $in` (and their negations `$ne $nin`, made of them).

use super::Pattern;
use crate::value::order::{BsonKey, bracket, compare, equal};
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
    pub fn holds(self, value: Option<&Bson>, operand: &Bson) -> bool {
        if matches!(operand, Bson::Null) {
            return self.includes_equal() && matches!(value, None | Some(Bson::Null));
        }
        if self == Comparison::Equal {
            return value.is_some_and(|value| equal(value, operand));
        }
        match operand {
            Bson::MaxKey if !matches!(value, Some(Bson::MaxKey)) => {
                return matches!(self, Comparison::Less | Comparison::LessOrEqual);
            }
            Bson::MinKey if !matches!(value, Some(Bson::MinKey)) => {
                return matches!(self, Comparison::Greater | Comparison::GreaterOrEqual);
            }
            _ => {}
        }
        let Some(value) = value else { return false };
        if bracket(value) != bracket(operand) {
            return false;
        }
        if is_nan(value) || is_nan(operand) {
            return self.includes_equal() && is_nan(value) && is_nan(operand);
        }
        let order = compare(value, operand);
        match self {
            Comparison::Equal => order == Ordering::Equal,
            Comparison::Greater => order == Ordering::Greater,
            Comparison::GreaterOrEqual => order != Ordering::Less,
            Comparison::Less => order == Ordering::Less,
            Comparison::LessOrEqual => order != Ordering::Greater,
        }
    }
}

/// Whether a number is not a number.
pub fn is_nan(value: &Bson) -> bool {
    match value {
        Bson::Double(number) => number.is_nan(),
        Bson::Decimal128(number) => crate::value::decimal::Decimal::from_bson(*number).is_nan(),
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
    hashed: HashSet<BsonKey>,
    null: bool,
}

impl OneOf {
    /// From the operand's parts.
    pub fn new(values: Vec<Bson>, patterns: Vec<Pattern>) -> OneOf {
        let null = values.iter().any(|value| matches!(value, Bson::Null));
        OneOf { hashed: values.iter().cloned().map(BsonKey).collect(), null, values, patterns }
    }

    /// Whether the value is one of them.
    pub fn holds(&self, value: Option<&Bson>) -> bool {
        match value {
            None | Some(Bson::Null) if self.null => true,
            None => false,
            Some(found) if self.values.len() <= 4 => {
                self.values.iter().any(|one| equal(found, one))
                    || self.patterns.iter().any(|pattern| pattern.matches(value))
            }
            Some(found) => {
                self.hashed.contains(&BsonKey(found.clone()))
                    || self.patterns.iter().any(|pattern| pattern.matches(value))
            }
        }
    }
}
