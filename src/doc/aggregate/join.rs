//! Equality of fields as queries understand it, hashed: for `$lookup` and `$graphLookup`.

use super::row::{Input, Row, pull};
use crate::doc::expression::Variables;
use crate::doc::path::{Leaf, Path};
use crate::doc::spill::{Part, Spool, Spooled};
use crate::doc::{Context, Result};
use crate::value::collation::Collation;
use crate::value::key;
use crate::value::view::{DocumentView, View};
use smallvec::SmallVec;
use std::collections::HashMap;

/// Rows by the values of a field. A missing value counts as null; an array by each element and whole.
pub(super) struct Hashed {
    rows: Spooled,
    places: HashMap<Vec<u8>, Places, foldhash::fast::RandomState>,
}

/// Places of rows; most values have one.
type Places = SmallVec<[u64; 2]>;

impl Hashed {
    /// Indexes the rows of an input by a path.
    ///
    /// # Errors
    /// The input's; the rows outgrow their memory and may not lie in a temporary file.
    pub fn new(
        stage: &'static str,
        input: &mut Input,
        path: &str,
        variables: &Variables,
        cx: &mut Context<'_>,
    ) -> Result<Hashed> {
        let collation = variables.collation.as_ref();
        let path = Path::new(path);
        let mut places: HashMap<Vec<u8>, Places, foldhash::fast::RandomState> = HashMap::default();
        let mut spool = Spool::new(stage, cx.memory.budget(Part::Lookup, variables.disk));
        while let Some(row) = pull(input, cx)? {
            let at = spool.push(&row)?;
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
        Ok(Hashed { rows: spool.finish()?, places })
    }

    /// The places of the rows with any of these values (given as their keys), in the order of the rows.
    pub fn find(&self, keys: &[Vec<u8>]) -> Places {
        let mut found = Places::new();
        for key in keys {
            if let Some(places) = self.places.get(key) {
                found.extend_from_slice(places);
            }
        }
        if keys.len() > 1 {
            found.sort_unstable();
            found.dedup();
        }
        found
    }

    /// The row at a place.
    ///
    /// # Errors
    /// A temporary file failed.
    pub fn row(&self, place: u64) -> Result<Row> {
        self.rows.at(place)
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
