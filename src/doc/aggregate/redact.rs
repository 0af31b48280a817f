//! `$redact`: keeps, prunes or descends into documents, level by level.

use super::pipeline::{Compiled, Scope};
use super::row::{Mapped, Variation};
use crate::doc::expression::{Expression, Variables};
use crate::doc::{Code, Error, Result};
use bson::{Bson, Document};

pub(super) fn parse(spec: &Bson, scope: &Scope) -> Result<Compiled> {
    let decision = Expression::parse_with(spec, &scope.declared)?;
    Ok(Compiled::other("$redact", move |input, variables| {
        let decision = decision.clone();
        let mut variables = Variation::new(variables);
        Mapped::boxed(input, move |mut row| {
            let variables = variables.at(&row);
            let root = std::mem::take(&mut row.document).into_document();
            let kept = redact(&decision, &root, root.clone(), variables)?;
            Ok(kept.map(|document| {
                row.document = document.into();
                row
            }))
        })
    }))
}

fn redact(
    decision: &Expression,
    root: &Document,
    current: Document,
    variables: &Variables,
) -> Result<Option<Document>> {
    let answer = decision.evaluate_at(root, &current, variables)?;
    match answer {
        Some(Bson::Symbol(word)) if word == "$$keep" => Ok(Some(current)),
        Some(Bson::Symbol(word)) if word == "$$prune" => Ok(None),
        Some(Bson::Symbol(word)) if word == "$$descend" => {
            let mut kept = Document::new();
            for (name, value) in current {
                if let Some(value) = redact_value(decision, root, value, variables)? {
                    kept.insert(name, value);
                }
            }
            Ok(Some(kept))
        }
        other => Err(Error::new(
            Code::Location(17053),
            format!(
                "$redact's expression should not return anything aside from the variables $$KEEP, $$DESCEND, and $$PRUNE, but returned {}",
                other.map_or_else(|| "missing".to_owned(), |value| value.to_string())
            ),
        )),
    }
}

fn redact_value(decision: &Expression, root: &Document, value: Bson, variables: &Variables) -> Result<Option<Bson>> {
    Ok(match value {
        Bson::Document(document) => redact(decision, root, document, variables)?.map(Bson::Document),
        Bson::Array(items) => {
            let mut kept = Vec::with_capacity(items.len());
            for item in items {
                if let Some(item) = redact_value(decision, root, item, variables)? {
                    kept.push(item);
                }
            }
            Some(Bson::Array(kept))
        }
        other => Some(other),
    })
}
