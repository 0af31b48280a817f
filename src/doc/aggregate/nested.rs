//! Reading and setting values at dotted paths of documents, not through arrays.

use crate::value::body::Body;
use crate::value::view::{DocumentView, View};
use bson::{Bson, Document};

/// The value at a path.
pub(super) fn get<'d>(document: impl Into<DocumentView<'d>>, path: &[String]) -> Option<View<'d>> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(document.into().get(first)?, |value, name| match value {
        View::Document(document) => document.get(name),
        _ => None,
    })
}

/// Sets the value at a path of a body; what is no document on the way is replaced by one.
pub(super) fn set(body: &mut Body, path: &[String], value: Bson) {
    match path {
        [only] => body.set(only, value),
        _ => set_in(body.decode(), path, value),
    }
}

/// Removes the field at a path of a body.
pub(super) fn remove(body: &mut Body, path: &[String]) {
    match path {
        [only] => body.remove(only),
        _ => remove_in(body.decode(), path),
    }
}

/// Sets the value at a path; what is no document on the way is replaced by one.
pub(super) fn set_in(document: &mut Document, path: &[String], value: Bson) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        document.insert(first.clone(), value);
        return;
    }
    match document.get_mut(first) {
        Some(Bson::Document(inner)) => set_in(inner, rest, value),
        _ => {
            let mut inner = Document::new();
            set_in(&mut inner, rest, value);
            document.insert(first.clone(), inner);
        }
    }
}

fn remove_in(document: &mut Document, path: &[String]) {
    let Some((first, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        document.remove(first);
    } else if let Some(Bson::Document(inner)) = document.get_mut(first) {
        remove_in(inner, rest);
    }
}
