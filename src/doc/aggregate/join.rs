//! Equality of fields as queries understand it, hashed: for `$lookup` and `$graphLookup`.

use super::row::Row;
use crate::doc::path::{Leaf, Path};
use crate::value::collation::Collation;
use crate::value::key;
use crate::value::view::{DocumentView, View};
use std::collections::HashMap;

/// Rows by the values of a field. A missing value counts as null; an array by each element and whole.
pub(super) struct Hashed {
    rows: Vec<Row>,
    places: HashMap<Vec<u8>, Vec<usize>>,
}

impl Hashed {
    /// Indexes rows by a path.
    pub fn new(rows: Vec<Row>, path: &str, collation: Option<&Collation>) -> Hashed {
        let path = Path::new(path);
        let mut places: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
        for (at, row) in rows.iter().enumerate() {
            path.visit((&row.document).into(), Leaf::Elements, &mut |value, _| {
                let key = match value {
                    None | Some(View::Undefined) => View::Null,
                    Some(value) => value,
                };
                let list = places.entry(key_of(key, collation)).or_default();
                if list.last() != Some(&at) {
                    list.push(at);
                }
                false
            });
        }
        Hashed { rows, places }
    }

    /// The rows with any of these values (given as their keys), in their own order.
    pub fn find(&self, keys: &[Vec<u8>]) -> Vec<(usize, &Row)> {
        let mut found: Vec<usize> = Vec::new();
        for key in keys {
            if let Some(places) = self.places.get(key) {
                found.extend(places);
            }
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().filter_map(|at| self.rows.get(at).map(|row| (at, row))).collect()
    }
}

fn key_of(value: View<'_>, collation: Option<&Collation>) -> Vec<u8> {
    let mut folded = None;
    key::of(collation.map_or(value, |collation| collation.folded(value, &mut folded)))
}

/// The keys of the values a local field is joined by: an array's elements, null for a missing field.
pub(super) fn local_keys(document: DocumentView<'_>, path: &str, collation: Option<&Collation>) -> Vec<Vec<u8>> {
    let mut keys = Vec::new();
    Path::new(path).visit(document, Leaf::Whole, &mut |value, _| {
        match value {
            None | Some(View::Null | View::Undefined) => keys.push(key::of(View::Null)),
            Some(View::Array(items)) => keys.extend(items.iter().map(|item| key_of(item, collation))),
            Some(value) => keys.push(key_of(value, collation)),
        }
        false
    });
    keys
}
