//! Functions that answer true, false or null. The quantifiers `all`, `any`, `none` and `single` are
//! forms of expressions, not functions.

use super::scalar::{first, wrong_type};
use super::signature::{Group, Signature, Types};
use crate::value::graph::Value;

pub(super) const FUNCTIONS: &[Signature] = &[
    Signature::new("exists", Group::Predicate, &[Types::ANY], Types::BOOLEAN, |args, _| {
        Ok(Value::Bool(!first(args).is_null()))
    })
    .sees_null(),
    Signature::new(
        "isEmpty",
        Group::Predicate,
        &[Types::LIST.or(Types::MAP).or(Types::STRING)],
        Types::BOOLEAN,
        |args, _| {
            Ok(Value::Bool(match first(args) {
                Value::List(items) => items.is_empty(),
                Value::Map(entries) => entries.is_empty(),
                Value::String(text) => text.is_empty(),
                other => return Err(wrong_type("List, Map or String", other)),
            }))
        },
    ),
];
