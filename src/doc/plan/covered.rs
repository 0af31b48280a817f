//! Queries that an index answers by itself: its keys hold every field that is asked and shown.

use crate::doc::index::{FieldKind, Index, Kind};
use crate::doc::projection::Projection;
use crate::doc::query::{Filter, Node, Predicate};
use crate::doc::sort::SortSpec;
use crate::value::key::Decoder;
use bson::{Bson, Document};

/// What is made of keys.
#[derive(Debug, Clone)]
pub enum Covered {
    /// They are counted.
    Count,
    /// Documents of the index's fields.
    Fields,
}

/// Whether the keys of an index hold all that a projection shows and a filter and a sort look at.
pub fn fields(index: &Index, filter: &Filter, sort: Option<&SortSpec>, projection: &Projection) -> Option<Covered> {
    let shown = projection.included()?;
    let plain = matches!(index.kind, Kind::Keys)
        && index.collation.is_none()
        && index.keeps_types
        && !index.multikey
        && index.fields.iter().all(|field| matches!(field.kind, FieldKind::Ordered { .. }));
    let has = |path: &str| index.fields.iter().any(|field| field.path.as_str() == path);
    // A field inside another one is not told from it.
    let nested = index.fields.iter().any(|field| {
        index.fields.iter().any(|other| {
            other.path.as_str().strip_prefix(field.path.as_str()).is_some_and(|rest| rest.starts_with('.'))
        })
    });
    let sorted =
        sort.is_none_or(|sort| sort.fields().iter().all(|field| field.path().is_some_and(|path| has(path.as_str()))));
    let covered = plain && !nested && sorted && shown.iter().all(|path| has(path)) && asks_only(filter.node(), &has);
    covered.then_some(Covered::Fields)
}

/// Whether a filter looks only at whole fields of the index. What holds for missing fields, too, is left to the
/// documents.
fn asks_only(node: &Node, has: &dyn Fn(&str) -> bool) -> bool {
    match node {
        Node::And(parts) | Node::Or(parts) => parts.iter().all(|part| asks_only(part, has)),
        Node::Not(part) => asks_only(part, has),
        Node::Field(field) => {
            has(field.0.as_str())
                && matches!(
                    field.1,
                    Predicate::Compare(..)
                        | Predicate::In(_)
                        | Predicate::Matches(_)
                        | Predicate::Modulo { .. }
                        | Predicate::Type(_)
                )
        }
        Node::Constant(_) => true,
        _ => false,
    }
}

/// The document of the fields in an entry. `None` if one of them is null, which may be a missing field: then the
/// stored document has to be looked at.
pub fn document(index: &Index, entry: &[u8], types: &[u8]) -> Option<Document> {
    let mut decoder = Decoder::new(entry, types);
    let mut document = Document::new();
    for field in &index.fields {
        let value = decoder.next(field.descends())?;
        if matches!(value, Bson::Null | Bson::Undefined) {
            return None;
        }
        insert(&mut document, field.path.as_str(), value);
    }
    Some(document)
}

fn insert(document: &mut Document, path: &str, value: Bson) {
    match path.split_once('.') {
        None => drop(document.insert(path, value)),
        Some((first, rest)) => {
            if !matches!(document.get(first), Some(Bson::Document(_))) {
                document.insert(first, Document::new());
            }
            if let Some(Bson::Document(inner)) = document.get_mut(first) {
                insert(inner, rest, value);
            }
        }
    }
}
