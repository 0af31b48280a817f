//! `$count`, `$sortByCount`.

use super::group::{Outputs, compiled};
use super::pipeline::{Compiled, Scope};
use super::row::{Blocking, Row, pull};
use super::sort;
use crate::doc::expression::Expression;
use crate::doc::sort::SortSpec;
use crate::doc::{Code, Error, Result};
use bson::{Bson, doc};
use std::collections::VecDeque;

pub(super) fn parse(spec: &Bson) -> Result<Compiled> {
    let fail = |number: i32, message: &str| Error::new(Code::Location(number), message.to_owned());
    let name = match spec {
        Bson::String(name) if name.is_empty() => return Err(fail(40157, "the count field must be a non-empty string")),
        Bson::String(name) if name.starts_with('$') => {
            return Err(fail(40158, "the count field cannot be a $-prefixed path"));
        }
        Bson::String(name) if name.contains('\0') => {
            return Err(fail(40159, "the count field cannot contain a null byte"));
        }
        Bson::String(name) if name.contains('.') => return Err(fail(40160, "the count field cannot contain '.'")),
        Bson::String(name) => name.clone(),
        _ => return Err(fail(40156, "the count field must be a non-empty string")),
    };
    Ok(Compiled::other("$count", move |input, _| {
        let name = name.clone();
        Blocking::boxed(input, move |input, cx| {
            let mut count = 0i64;
            while pull(input, cx)?.is_some() {
                count += 1;
            }
            // No documents, no answer.
            if count == 0 {
                return Ok(VecDeque::new());
            }
            let count = i32::try_from(count).map_or(Bson::Int64(count), Bson::Int32);
            Ok(VecDeque::from([Row::from(doc! { name: count })]))
        })
    }))
}

pub(super) fn parse_sort_by(spec: &Bson, scope: &Scope) -> Result<Vec<Compiled>> {
    match spec {
        Bson::Document(document) if document.keys().next().is_some_and(|key| key.starts_with('$')) => {}
        Bson::Document(_) => {
            return Err(Error::new(
                Code::Location(40147),
                "the sortByCount field must be defined as a $-prefixed path or an expression inside an object",
            ));
        }
        Bson::String(path) if path.starts_with('$') => {}
        Bson::String(_) => {
            return Err(Error::new(
                Code::Location(40148),
                "the sortByCount field must be defined as a $-prefixed path or an expression inside an object",
            ));
        }
        _ => {
            return Err(Error::new(
                Code::Location(40149),
                "the sortByCount field must be specified as a string or as an object",
            ));
        }
    }
    let id = Expression::parse_with(spec, &scope.declared)?;
    let mut outputs = Outputs::default();
    outputs.push("count", &Bson::Document(doc! { "$sum": 1 }), scope)?;
    Ok(vec![compiled(id, outputs), sort::compiled(SortSpec::of_stage(&doc! { "count": -1 })?, None)])
}
