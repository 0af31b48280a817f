//! `$replaceRoot`, `$replaceWith`.

use super::pipeline::{Compiled, Scope, known_fields, object};
use super::row::{Mapped, Variation};
use crate::doc::expression::{Expression, Variables, type_name};
use crate::doc::{Code, Error, Result};
use crate::value::view::DocumentView;
use bson::{Bson, Document};

/// The expression of `{newRoot: …}`.
pub(super) fn new_root(spec: &Bson, scope: &Scope) -> Result<Expression> {
    let document = object(40229, "$replaceRoot", spec)?;
    known_fields(40415, "$replaceRoot", document, &["newRoot"])?;
    let root = document
        .get("newRoot")
        .ok_or_else(|| Error::new(Code::Location(40231), "no newRoot specified for the $replaceRoot stage"))?;
    Expression::parse_with(root, &scope.declared)
}

pub(super) fn parse_root(spec: &Bson, scope: &Scope) -> Result<Compiled> {
    Ok(compiled("$replaceRoot", new_root(spec, scope)?))
}

pub(super) fn parse_with(spec: &Bson, scope: &Scope) -> Result<Compiled> {
    Ok(compiled("$replaceWith", Expression::parse_with(spec, &scope.declared)?))
}

fn compiled(name: &'static str, root: Expression) -> Compiled {
    Compiled::other(name, move |input, variables| {
        let root = root.clone();
        let mut variables = Variation::new(variables);
        Mapped::boxed(input, move |mut row| {
            row.document = replace(name, &root, row.document.view(), variables.at(&row))?.into();
            Ok(Some(row))
        })
    })
}

/// The new document in a document's place.
pub(super) fn replace(
    name: &str,
    root: &Expression,
    document: DocumentView<'_>,
    variables: &Variables,
) -> Result<Document> {
    match root.evaluate(document, variables)? {
        Some(Bson::Document(document)) => Ok(document),
        other => Err(Error::new(
            Code::Location(40228),
            format!(
                "'{}' expression must evaluate to an object, but resulting value was: {}. Type of resulting value: '{}'. Input document: {}",
                if name == "$replaceRoot" { "newRoot" } else { "replacement document" },
                other.as_ref().map_or_else(|| "MISSING".to_owned(), ToString::to_string),
                type_name(other.as_ref()),
                document.to_document()
            ),
        )),
    }
}
