//! Equality of fields as queries understand it: for `$lookup` and `$graphLookup`. A join reads the other
//! collection once and hashes it, or looks each row up by an index while that is cheaper.

use super::pipeline::Pipeline;
use super::row::{Input, Row, pull};
use super::source;
use crate::doc::expression::{Metadata, Variables};
use crate::doc::index::{FieldKind, Index, Kind};
use crate::doc::path::{Leaf, Path};
use crate::doc::spill::{Part, Spool, Spooled};
use crate::doc::{Context, Result, layout};
use crate::storage::{Direction, KeyRange, META, Space};
use crate::value::collation::Collation;
use crate::value::raw::RawDocument;
use crate::value::view::{ArrayView, DocumentView, View};
use crate::value::{key, order};
use smallvec::SmallVec;
use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;

/// Reading a document by an index costs about as much as hashing so many of a collection read in order.
const DOCUMENTS_A_LOOK_UP: u64 = 8;

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
            foreign_keys((&row.document).into(), &path, collation, &mut |key| {
                let list = places.entry(key).or_default();
                if list.last() != Some(&at) {
                    list.push(at);
                }
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

    /// The rows with any of these values, in order.
    ///
    /// # Errors
    /// A temporary file failed.
    pub fn rows(&self, keys: &[Vec<u8>]) -> Result<Vec<Row>> {
        self.find(keys).into_iter().map(|place| self.row(place)).collect()
    }

    /// The row at a place.
    ///
    /// # Errors
    /// A temporary file failed.
    pub fn row(&self, place: u64) -> Result<Row> {
        self.rows.at(place)
    }
}

/// A collection whose documents are looked up by an index of the field.
pub(super) struct Indexed {
    documents: Space,
    index: Index,
    path: Path,
    /// So many look-ups are cheaper than hashing the collection.
    left: u64,
}

impl Indexed {
    /// The way by an index; `None` if no index holds every document by this field, or the collection is a view.
    ///
    /// # Errors
    /// Storage; views that stand on each other in a circle.
    pub fn new(cx: &mut Context<'_>, collection: &str, path: &str, variables: &Variables) -> Result<Option<Indexed>> {
        let (Some(info), Pipeline { stages }) = source::resolve(cx, collection, &Pipeline::default())? else {
            return Ok(None);
        };
        let holds_all = |index: &Index| {
            matches!(index.kind, Kind::Keys) && !index.sparse && index.partial.is_none() && !index.hidden
        };
        let serves = |index: &Index| {
            index.fields.first().is_some_and(|field| {
                field.path.as_str() == path
                    && field.kind == FieldKind::Ordered { descending: false }
                    && field.collation == variables.collation
            })
        };
        // A number in a path is a position as well as a name, for which an index and a walk differ.
        let is_plain = path.split('.').all(|part| part.bytes().any(|byte| !byte.is_ascii_digit()));
        let index = info.indexes.iter().find(|index| holds_all(index) && serves(index));
        let (true, true, Some(index)) = (stages.is_empty(), is_plain, index) else { return Ok(None) };
        let row = cx.tx.get(META, &layout::counters_key(info.id))?;
        let left = layout::Counters::read(row.as_deref())?.documents / DOCUMENTS_A_LOOK_UP;
        let (documents, path) = (layout::documents(info.id), Path::new(path));
        Ok(Some(Indexed { documents, index: index.clone(), path, left }))
    }

    /// The documents with any of these values (given as their keys), in the order of the collection; `None` if
    /// hashing the collection is the better way from here on.
    ///
    /// # Errors
    /// Storage.
    pub fn find(&mut self, cx: &Context<'_>, keys: &[Vec<u8>]) -> Result<Option<Vec<Row>>> {
        let array = order::bracket(View::Array(ArrayView::Decoded(&[])));
        // A whole array is no key of an index.
        if self.left < keys.len() as u64 || keys.iter().any(|key| key.first() == Some(&array)) {
            return Ok(None);
        }
        self.left -= keys.len() as u64;
        let null = key::of(View::Null);
        let undefined = keys.contains(&null).then(|| key::of(View::Undefined));
        let mut records = BTreeSet::new();
        for key in keys.iter().chain(&undefined) {
            let mut failure = None;
            cx.tx.scan(
                layout::index(self.index.id),
                &KeyRange::prefix(key),
                Direction::Forward,
                &mut |key, value| {
                    match self.index.record(key, value) {
                        Ok(record) => drop(records.insert(record)),
                        Err(error) => failure = Some(error),
                    }
                    Ok(if failure.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
                },
            )?;
            if let Some(error) = failure {
                return Err(error);
            }
        }
        let mut found = Vec::with_capacity(records.len());
        for record in records {
            let Some(bytes) = cx.tx.get(self.documents, &record.to_be_bytes())? else { continue };
            let mut is_equal = false;
            let document = RawDocument::new(&bytes).into();
            foreign_keys(document, &self.path, self.index.collation.as_ref(), &mut |key| {
                is_equal |= keys.contains(&key)
            });
            if is_equal {
                let metadata = Metadata { record: Some(record), ..Metadata::default() };
                found.push(Row { document: bytes.into(), metadata, position: None });
            }
        }
        Ok(Some(found))
    }
}

/// The keys of the values a foreign field is joined by.
fn foreign_keys(document: DocumentView<'_>, path: &Path, collation: Option<&Collation>, take: &mut dyn FnMut(Vec<u8>)) {
    path.visit(document, Leaf::Elements, &mut |value, _| {
        let value = match value {
            None | Some(View::Undefined) => View::Null,
            Some(value) => value,
        };
        take(key_of(value, collation));
        false
    });
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::Memory;
    use crate::doc::plan::tests::{collection, document, value};
    use crate::storage::{Options, Store};
    use bson::{Document, doc};
    use proptest::prelude::*;

    fn texts(rows: Vec<Row>) -> Vec<String> {
        rows.into_iter().map(|row| format!("{:?}", row.document.into_document())).collect()
    }

    proptest! {
        /// Documents found by an index of the foreign field are those found by hashing, in their order.
        #[test]
        fn an_index_joins_what_hashing_joins(
            foreign in prop::collection::vec(document(), 0..12),
            local in prop::collection::vec(value(), 1..6),
            path in prop::sample::select(vec!["a", "a.b", "b", "b.a"]),
            unique_end in any::<bool>(),
        ) {
            let mut pattern = doc! { path: 1 };
            if unique_end {
                pattern.insert("_id", 1);
            }
            let store = Store::in_memory(Options::default()).unwrap();
            let mut tx = store.begin().unwrap();
            collection(&mut tx, &foreign, &[(pattern, Document::new())]);
            let memory = Memory::default();
            let cx = &mut Context::of_tests(&mut tx, &memory);
            let variables = Variables::new(0);
            let mut indexed = Indexed::new(cx, "c", path, &variables).unwrap().unwrap();
            indexed.left = u64::MAX;
            let mut rows = source::run(cx, Some("c"), &Pipeline::default(), &variables, None).unwrap();
            let hashed = Hashed::new("$lookup", &mut rows, path, &variables, cx).unwrap();
            for value in local {
                let document = doc! { "x": value };
                let keys = local_keys((&document).into(), "x", None);
                let expected = hashed.rows(&keys).unwrap();
                if let Some(found) = indexed.find(cx, &keys).unwrap() {
                    prop_assert_eq!(texts(found), texts(expected), "{:?}", document);
                }
            }
        }
    }
}
