//! `$unset`.

use super::pipeline::{Compiled, Scope};
use super::project::Projection;
use super::row::{Mapped, Variation};
use crate::doc::{Code, Error, Result};
use bson::{Bson, Document};

/// The projection that leaves the fields out.
pub(super) fn projection(spec: &Bson, scope: &Scope) -> Result<Projection> {
    let mut projection = Document::new();
    let paths = match spec {
        Bson::String(path) => vec![path],
        Bson::Array(items) if !items.is_empty() => items
            .iter()
            .map(|item| match item {
                Bson::String(path) => Ok(path),
                _ => Err(Error::new(
                    Code::Location(31120),
                    "$unset specification must be a string or an array containing only string values",
                )),
            })
            .collect::<Result<_>>()?,
        Bson::Array(_) => {
            return Err(Error::new(
                Code::Location(31119),
                "$unset specification must be a string or an array with at least one field",
            ));
        }
        _ => return Err(Error::new(Code::Location(31002), "$unset specification must be a string or an array")),
    };
    for path in paths {
        if projection.insert(path.clone(), 0).is_some() {
            return Err(Error::new(Code::Location(31250), format!("Path collision at {path}")));
        }
    }
    Projection::parse(&projection, scope)
}

pub(super) fn parse(spec: &Bson, scope: &Scope) -> Result<Compiled> {
    let projection = projection(spec, scope)?;
    Ok(Compiled::other("$unset", move |input, variables| {
        let projection = projection.clone();
        let mut variables = Variation::new(variables);
        Mapped::boxed(input, move |mut row| {
            let document = std::mem::take(&mut row.document);
            row.document = projection.apply(document, variables.at(&row))?;
            Ok(Some(row))
        })
    }))
}
