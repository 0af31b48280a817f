//! `$replaceRoot`, `$replaceWith`.

use super::pipeline::{Compiled, Scope, known_fields, object};
use super::row::{Mapped, Variation};
use crate::doc::expression::{Expression, type_name};
use crate::doc::{Code, Error, Result};
use bson::Bson;

pub(super) fn parse_root(spec: &Bson, scope: &Scope) -> Result<Compiled> {
    let document = object(40229, "$replaceRoot", spec)?;
    known_fields(40415, "$replaceRoot", document, &["newRoot"])?;
    let root = document
        .get("newRoot")
        .ok_or_else(|| Error::new(Code::Location(40231), "no newRoot specified for the $replaceRoot stage"))?;
    compiled("$replaceRoot", root, scope)
}

pub(super) fn parse_with(spec: &Bson, scope: &Scope) -> Result<Compiled> {
    compiled("$replaceWith", spec, scope)
}

fn compiled(name: &'static str, root: &Bson, scope: &Scope) -> Result<Compiled> {
    let root = Expression::parse_with(root, &scope.declared)?;
    Ok(Compiled::other(name, move |input, variables| {
        let root = root.clone();
        let mut variables = Variation::new(variables);
        Mapped::boxed(input, move |mut row| match root.evaluate(&row.document, variables.at(&row))? {
            Some(Bson::Document(document)) => {
                row.document = document;
                Ok(Some(row))
            }
            other => Err(Error::new(
                Code::Location(40228),
                format!(
                    "'{}' expression must evaluate to an object, but resulting value was: {}. Type of resulting value: '{}'. Input document: {}",
                    if name == "$replaceRoot" { "newRoot" } else { "replacement document" },
                    other.as_ref().map_or_else(|| "MISSING".to_owned(), ToString::to_string),
                    type_name(other.as_ref()),
                    row.document
                ),
            )),
        })
    }))
}
