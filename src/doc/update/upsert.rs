//! The document an upsert begins with: what the filter says must be equal.

use super::path::Concrete;
use crate::doc::query::is_operators;
use crate::doc::{Code, Error, Result};
use bson::{Bson, Document};

/// The equalities of a filter as a document, `_id` first; for a replacement only `_id`.
///
/// # Errors
/// A path that is matched twice (54), or through another one.
pub fn seed(filter: &Document, only_id: bool) -> Result<Document> {
    let mut found: Vec<(String, Bson)> = Vec::new();
    collect(filter, &mut found)?;
    if only_id {
        found.retain(|(path, _)| path == "_id");
    }
    found.sort_by_key(|(path, _)| path != "_id");
    let mut document = Document::new();
    for (path, value) in found {
        Concrete::of(&path).set(&mut document, value)?;
    }
    Ok(document)
}

fn collect(filter: &Document, found: &mut Vec<(String, Bson)>) -> Result<()> {
    for (path, value) in filter {
        match (path.as_str(), value) {
            ("$and", Bson::Array(clauses)) => {
                for clause in clauses.iter().filter_map(Bson::as_document) {
                    collect(clause, found)?;
                }
            }
            ("$or", Bson::Array(clauses)) if clauses.len() == 1 => {
                if let Some(Bson::Document(clause)) = clauses.first() {
                    collect(clause, found)?;
                }
            }
            (operator, _) if operator.starts_with('$') => {}
            (_, Bson::RegularExpression(_)) => {}
            (_, Bson::Document(operators)) if is_operators(operators) => {
                for value in equalities(operators) {
                    add(path, value, found)?;
                }
            }
            (_, value) => add(path, value, found)?,
        }
    }
    Ok(())
}

/// The values that operators say the field must equal.
fn equalities(operators: &Document) -> Vec<&Bson> {
    let plain = |value: &&Bson| match value {
        Bson::RegularExpression(_) => false,
        Bson::Document(document) => !is_operators(document),
        _ => true,
    };
    operators
        .iter()
        .flat_map(|(operator, operand)| match (operator.as_str(), operand) {
            ("$eq", value) => vec![value],
            ("$in", Bson::Array(values)) if values.len() == 1 => values.iter().collect(),
            ("$all", Bson::Array(values)) => values.iter().collect(),
            _ => Vec::new(),
        })
        .filter(plain)
        .collect()
}

fn add(path: &str, value: &Bson, found: &mut Vec<(String, Bson)>) -> Result<()> {
    let meets = |other: &str| {
        let (short, long) = if other.len() <= path.len() { (other, path) } else { (path, other) };
        long == short || long.strip_prefix(short).is_some_and(|rest| rest.starts_with('.'))
    };
    if let Some((other, _)) = found.iter().find(|(other, _)| meets(other)) {
        return Err(Error::new(
            Code::NotSingleValueField,
            format!(
                "cannot infer query fields to set, path '{}' is matched twice",
                if other.len() < path.len() { other } else { path }
            ),
        ));
    }
    found.push((path.to_owned(), value.clone()));
    Ok(())
}
