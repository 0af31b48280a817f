//! Equality of fields as queries understand it, hashed: for `$lookup` and `$graphLookup`.

use super::row::Row;
use crate::doc::path::{Leaf, Path};
use crate::value::order::BsonKey;
use bson::{Bson, Document};
use std::collections::HashMap;

/// Rows by the values of a field. A missing value counts as null; an array by each element and whole.
pub(super) struct Hashed {
    rows: Vec<Row>,
    places: HashMap<BsonKey, Vec<usize>>,
}

impl Hashed {
    /// Indexes rows by a path.
    pub fn new(rows: Vec<Row>, path: &str) -> Hashed {
        let path = Path::new(path);
        let mut places: HashMap<BsonKey, Vec<usize>> = HashMap::new();
        for (at, row) in rows.iter().enumerate() {
            path.visit(&row.document, Leaf::Elements, &mut |value, _| {
                let key = match value {
                    None | Some(Bson::Undefined) => Bson::Null,
                    Some(value) => value.clone(),
                };
                let list = places.entry(BsonKey(key)).or_default();
                if list.last() != Some(&at) {
                    list.push(at);
                }
                false
            });
        }
        Hashed { rows, places }
    }

    /// The rows with any of these values, in their own order.
    pub fn find(&self, keys: &[Bson]) -> Vec<(usize, &Row)> {
        let mut found: Vec<usize> = Vec::new();
        for key in keys {
            if let Some(places) = self.places.get(&BsonKey(key.clone())) {
                found.extend(places);
            }
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().filter_map(|at| self.rows.get(at).map(|row| (at, row))).collect()
    }
}

/// The values a local field is joined by: an array by its elements, a missing field as null.
pub(super) fn local_keys(document: &Document, path: &str) -> Vec<Bson> {
    let mut keys = Vec::new();
    Path::new(path).visit(document, Leaf::Whole, &mut |value, _| {
        match value {
            None | Some(Bson::Null | Bson::Undefined) => keys.push(Bson::Null),
            Some(Bson::Array(items)) => keys.extend(items.iter().cloned()),
            Some(value) => keys.push(value.clone()),
        }
        false
    });
    keys
}
