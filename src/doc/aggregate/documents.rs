//! `$documents`: literal documents as a source.

use super::pipeline::{Build, Compiled, Role, Scope};
use super::row::{Row, Rows};
use crate::doc::expression::{Expression, Variables};
use crate::doc::{Code, Error, Result};
use bson::{Bson, Document};
use std::rc::Rc;

pub(super) fn parse(spec: &Bson, scope: &Scope) -> Result<Compiled> {
    let list = Expression::parse_with(spec, &scope.declared)?;
    let value = list.evaluate(&Document::new(), &Variables::new(0))?;
    let wrong = || Error::new(Code::Location(5_858_203), "an array of documents is expected by $documents");
    let Some(Bson::Array(items)) = value else { return Err(wrong()) };
    let rows: Vec<Row> = items
        .into_iter()
        .map(|item| match item {
            Bson::Document(document) => Ok(Row::from(document)),
            _ => Err(wrong()),
        })
        .collect::<Result<_>>()?;
    let build: Build = Rc::new(move |_, _| Rows::boxed(rows.iter().cloned()));
    Ok(Compiled { name: "$documents", role: Role::Source, build })
}
