//! The table of operators and the checking of their arguments.

use super::node::{Node, Value};
use super::parse::Parser;
use super::type_name::type_name;
use crate::doc::{Code, Error, Result};
use crate::value::collation::Collation;
use bson::Bson;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What an operator answers: a value, or nothing (missing).
pub(super) type Answer = Result<Option<Bson>>;

/// How an operator takes its arguments and what becomes of them.
#[derive(Clone, Copy)]
pub(super) enum Form {
    /// An array of `min ..= max` expressions; one expression alone needs no array.
    Positional(usize, usize, fn(&Arguments<'_>) -> Answer),
    /// An object with these fields, of which the first `required` must be there.
    Named(&'static [&'static str], usize, fn(&Arguments<'_>) -> Answer),
    /// As [`Form::Positional`], but the answer may differ from call to call.
    Volatile(usize, usize, fn(&Arguments<'_>) -> Answer),
    /// The operator reads its own syntax.
    Special(fn(&'static str, &Bson, &mut Parser<'_>) -> Result<Node>),
}

/// An expression operator.
pub(super) struct Operator {
    /// With its `$`.
    pub name: &'static str,
    /// Arguments and meaning.
    pub form: Form,
}

/// No upper bound on the number of arguments.
pub(super) const ANY: usize = usize::MAX;

pub(super) const fn positional(
    name: &'static str,
    min: usize,
    max: usize,
    function: fn(&Arguments<'_>) -> Answer,
) -> Operator {
    Operator { name, form: Form::Positional(min, max, function) }
}

pub(super) const fn named(
    name: &'static str,
    fields: &'static [&'static str],
    required: usize,
    function: fn(&Arguments<'_>) -> Answer,
) -> Operator {
    Operator { name, form: Form::Named(fields, required, function) }
}

pub(super) const fn special(
    name: &'static str,
    parse: fn(&'static str, &Bson, &mut Parser<'_>) -> Result<Node>,
) -> Operator {
    Operator { name, form: Form::Special(parse) }
}

static OPERATORS: LazyLock<HashMap<&'static str, &'static Operator>> = LazyLock::new(|| {
    [
        super::accumulator::OPERATORS,
        super::arithmetic::OPERATORS,
        super::array::OPERATORS,
        super::array_iteration::OPERATORS,
        super::array_shape::OPERATORS,
        super::bitwise::OPERATORS,
        super::boolean::OPERATORS,
        super::comparison::OPERATORS,
        super::conditional::OPERATORS,
        super::date::OPERATORS,
        super::date_arithmetic::OPERATORS,
        super::date_format::OPERATORS,
        super::date_parse::OPERATORS,
        super::date_parts::OPERATORS,
        super::function::OPERATORS,
        super::literal::OPERATORS,
        super::object::OPERATORS,
        super::regex::OPERATORS,
        super::set::OPERATORS,
        super::size::OPERATORS,
        super::string::OPERATORS,
        super::string_search::OPERATORS,
        super::trigonometry::OPERATORS,
        super::type_conversion::OPERATORS,
        super::variables::OPERATORS,
    ]
    .into_iter()
    .flatten()
    .map(|operator| (operator.name, operator))
    .collect()
});

/// Operators that answer how strings compare.
const COMPARING: &[&str] =
    &["$cmp", "$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$indexOfArray", "$setEquals", "$setIsSubset"];

/// Operators that choose or order values by how strings compare.
const CHOOSING: &[&str] =
    &["$max", "$maxN", "$min", "$minN", "$setDifference", "$setIntersection", "$setUnion", "$sortArray"];

impl Operator {
    /// Whether its answer is one about its operands and holds none of them.
    pub fn is_comparing(&self) -> bool {
        COMPARING.contains(&self.name)
    }

    /// Whether its answer depends on the collation.
    pub fn is_collated(&self) -> bool {
        self.is_comparing() || CHOOSING.contains(&self.name)
    }
}

/// The operator of this name.
pub(super) fn find(name: &str) -> Option<&'static Operator> {
    OPERATORS.get(name).copied()
}

/// All names, for suggestions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    OPERATORS.keys().copied()
}

/// Evaluated arguments.
pub(super) struct Arguments<'a> {
    /// The operator's name, for messages.
    pub name: &'static str,
    /// One for each position or field; see [`Arguments::given`].
    pub values: &'a [Value<'a>],
    /// The compiled arguments: absent ones are `None`.
    pub nodes: &'a [Option<Node>],
    /// How strings compare.
    pub collation: Option<&'a Collation>,
}

impl<'a> Arguments<'a> {
    /// The number of positions.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// The value at a position; `None` if it is missing or was not given.
    pub fn get(&self, index: usize) -> Option<&Bson> {
        self.values.get(index).and_then(|value| value.as_deref())
    }

    /// Whether the argument was written at all.
    pub fn given(&self, index: usize) -> bool {
        matches!(self.nodes.get(index), Some(Some(_)))
    }

    /// Whether the value is null, undefined or missing.
    pub fn is_null(&self, index: usize) -> bool {
        crate::value::order::is_nullish(self.get(index))
    }

    /// Whether any written argument is null, undefined or missing.
    pub fn any_null(&self) -> bool {
        (0..self.len()).any(|index| self.given(index) && self.is_null(index))
    }

    /// The type's name of a value.
    pub fn type_name(&self, index: usize) -> &'static str {
        type_name(self.get(index))
    }

    /// An array argument.
    pub fn array(&self, index: usize) -> Option<&[Bson]> {
        match self.get(index) {
            Some(Bson::Array(items)) => Some(items),
            _ => None,
        }
    }

    /// A string argument.
    pub fn string(&self, index: usize) -> Option<&str> {
        match self.get(index) {
            Some(Bson::String(text) | Bson::Symbol(text)) => Some(text),
            _ => None,
        }
    }

    /// An argument as a 32-bit integer, if it is a number with that value.
    pub fn int32(&self, index: usize) -> Option<i32> {
        i32::try_from(self.int64(index)?).ok()
    }

    /// An argument as a 64-bit integer, if it is a number with that value.
    pub fn int64(&self, index: usize) -> Option<i64> {
        integral(self.get(index)?)
    }

    /// Whether the argument is a number of any type.
    pub fn is_number(&self, index: usize) -> bool {
        self.get(index).is_some_and(is_number)
    }
}

/// Whether a value is a number of any of the four types.
pub(super) fn is_number(value: &Bson) -> bool {
    matches!(value, Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_) | Bson::Decimal128(_))
}

/// The number as a 64-bit integer, if it is one without loss.
pub(super) fn integral(value: &Bson) -> Option<i64> {
    match value {
        Bson::Int32(number) => Some(i64::from(*number)),
        Bson::Int64(number) => Some(*number),
        Bson::Double(number)
            if number.fract() == 0.0
                && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(number) =>
        {
            Some(*number as i64)
        }
        Bson::Decimal128(number) => crate::value::decimal::Decimal::from_bson(*number).to_i64_exact(),
        _ => None,
    }
}

/// Null.
pub(super) const NULL: Answer = Ok(Some(Bson::Null));

/// A numbered failure of the aggregation engine.
pub(super) fn fail(number: i32, message: impl Into<String>) -> Error {
    Error::new(Code::Location(number), message)
}

/// Borrows a value.
pub(super) fn borrowed(value: Option<&Bson>) -> Value<'_> {
    value.map(Cow::Borrowed)
}
