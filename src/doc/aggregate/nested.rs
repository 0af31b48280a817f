//! Reading and setting values at dotted paths of documents, not through arrays.

use bson::{Bson, Document};

/// The value at a path.
pub(super) fn get<'d>(document: &'d Document, path: &[String]) -> Option<&'d Bson> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(document.get(first)?, |value, name| value.as_document()?.get(name))
}

/// Sets the value at a path; what is no document on the way is replaced by one.
pub(super) fn set(document: &mut Document, path: &[String], value: Bson) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        document.insert(first.clone(), value);
        return;
    }
    match document.get_mut(first) {
        Some(Bson::Document(inner)) => set(inner, rest, value),
        _ => {
            let mut inner = Document::new();
            set(&mut inner, rest, value);
            document.insert(first.clone(), inner);
        }
    }
}

/// Removes the field at a path.
pub(super) fn remove(document: &mut Document, path: &[String]) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        document.remove(first);
    } else if let Some(Bson::Document(inner)) = document.get_mut(first) {
        remove(inner, rest);
    }
}
