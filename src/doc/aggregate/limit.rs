//! `$limit`, `$skip`.

use super::pipeline::{Compiled, Role};
use super::row::{Input, Row, Stage, pull};
use crate::doc::expression::Variables;
use crate::doc::expression::number::Number;
use crate::doc::{Code, Context, Error, Result};
use bson::Bson;
use std::rc::Rc;

struct Limit {
    input: Input,
    rest: u64,
}

impl Stage for Limit {
    fn next(&mut self, cx: &mut Context<'_>) -> Result<Option<Row>> {
        if self.rest == 0 {
            return Ok(None);
        }
        self.rest -= 1;
        pull(&mut self.input, cx)
    }
}

struct Skip {
    input: Input,
    rest: u64,
}

impl Stage for Skip {
    fn next(&mut self, cx: &mut Context<'_>) -> Result<Option<Row>> {
        while self.rest > 0 {
            self.rest -= 1;
            if pull(&mut self.input, cx)?.is_none() {
                self.rest = 0;
                return Ok(None);
            }
        }
        pull(&mut self.input, cx)
    }
}

/// The rows behind the first `skip`, no more than `limit` of them.
pub(crate) fn paged(skip: u64, limit: Option<u64>, mut input: Input) -> Input {
    if skip > 0 {
        input = Box::new(Skip { input, rest: skip });
    }
    match limit {
        Some(limit) => Box::new(Limit { input, rest: limit }),
        None => input,
    }
}

/// A whole number that is not negative, of any numeric type.
///
/// # Errors
/// It is none.
pub(super) fn whole(name: &str, number: i32, spec: &Bson) -> Result<u64> {
    let wrong = |why: &str| {
        Error::new(Code::Location(number), format!("invalid argument to {name} stage: {why} in: {name}: {spec}"))
    };
    let value = match Number::of(spec) {
        None => return Err(wrong("Expected a number")),
        Some(Number::Double(value)) if value.fract() == 0.0 && value.abs() < 9.2e18 => value as i64,
        Some(Number::Decimal(value)) => value.to_i64_exact().ok_or_else(|| wrong("Expected an integer"))?,
        Some(other) => other.integer().ok_or_else(|| wrong("Expected an integer"))?,
    };
    u64::try_from(value).map_err(|_| wrong("Expected a non-negative number"))
}

pub(super) fn parse_limit(spec: &Bson) -> Result<Compiled> {
    let limit = whole("$limit", 5_107_201, spec)?;
    if limit == 0 {
        return Err(Error::new(Code::Location(15958), "the limit must be positive"));
    }
    let build = move |input: Input, _: &Variables| Box::new(Limit { input, rest: limit }) as Input;
    Ok(Compiled { name: "$limit", role: Role::Limit(limit), build: Rc::new(build) })
}

pub(super) fn parse_skip(spec: &Bson) -> Result<Compiled> {
    let skip = whole("$skip", 5_107_200, spec)?;
    let build = move |input: Input, _: &Variables| Box::new(Skip { input, rest: skip }) as Input;
    Ok(Compiled { name: "$skip", role: Role::Skip(skip), build: Rc::new(build) })
}
