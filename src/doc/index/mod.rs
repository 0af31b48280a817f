//! Indexes: what is indexed, and the entries a document has in one.
//!
//! | kind | an entry is |
//! |---|---|
//! | ascending, descending, compound, `hashed`, `2dsphere`, `2d` | the key of each field; a shape has one for each of its cells |
//! | `text` | the keys of the fields before it, a term; its value is the term's score |
//! | `$**` | a path and the key of a value |

mod spec;
mod wildcard;

pub use wildcard::path_key;

use super::geo::{Plane, place_of};
use super::path::Path;
use super::query::Filter;
use super::text::Weights;
use super::{Code, Error, Result, layout};
use crate::value::collation::Collation;
use crate::value::view::{DocumentView, View};
use crate::value::{construct, key};
use bson::{Bson, Document, doc};
use std::collections::BTreeMap;
use wildcard::Wildcard;

/// An index of a collection.
#[derive(Debug, Clone)]
pub struct Index {
    /// Its number, which names its space.
    pub id: u32,
    /// Its name, `age_1_name_-1`.
    pub name: String,
    /// How its entries are made.
    pub kind: Kind,
    /// The indexed paths in order.
    pub fields: Vec<Field>,
    /// The key pattern as given, `{ age: 1, name: -1 }`.
    pub pattern: Document,
    /// No two documents may have the same entry.
    pub unique: bool,
    /// Documents without any of the fields have no entry.
    pub sparse: bool,
    /// Only documents that match have entries.
    pub partial: Option<Filter>,
    /// How strings compare; without it, byte by byte.
    pub collation: Option<Collation>,
    /// Queries do not use it.
    pub hidden: bool,
    /// Documents are removed so many milliseconds after the date in the field.
    pub expires: Option<i64>,
    /// Some document has several entries (an array lies on a path).
    pub multikey: bool,
    /// Its rows keep the types of values (those of older files do not).
    pub keeps_types: bool,
    /// All options, as `getIndexes` shows them.
    pub options: Document,
}

/// How entries are made.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Of the keys of its fields.
    Keys,
    /// Of terms; so many of the fields stand before them, the others behind.
    Text {
        /// How many fields stand before the terms.
        prefix: usize,
        /// Which texts are indexed.
        weights: Box<Weights>,
    },
    /// Of every field.
    Wildcard(Wildcard),
}

/// One field of an index.
#[derive(Debug, Clone)]
pub struct Field {
    /// Where the value is.
    pub path: Path,
    /// What its key is.
    pub kind: FieldKind,
    /// How its strings compare.
    pub collation: Option<Collation>,
}

/// What the key of a field is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FieldKind {
    /// The value, in order.
    Ordered {
        /// Whether larger values come first.
        descending: bool,
    },
    /// A hash of the value: equality only.
    Hashed,
    /// The cells of a place on the globe.
    Sphere,
    /// The cell of a point in a plane.
    Plane(Plane),
}

/// The entries of a document in an index.
#[derive(Debug, Default, PartialEq)]
pub struct Entries {
    /// The keys, in order, with what is kept beside them: the score of a term, the types of values.
    pub rows: BTreeMap<Vec<u8>, Vec<u8>>,
    /// Whether an array was met.
    pub multikey: bool,
}

/// A shape is indexed by at most so many cells.
const MOST_CELLS: usize = 16;

/// A document may have at most so many entries in one index.
const MOST_ENTRIES: usize = 500_000;

impl Index {
    /// The index that every collection has.
    pub fn on_id(id: u32, collation: Option<&Document>) -> Result<Index> {
        let mut options = doc! { "name": "_id_" };
        if let Some(collation) = collation {
            options.insert("collation", collation.clone());
        }
        let mut index = Index::new(id, &doc! { "_id": 1 }, &options)?;
        index.unique = true;
        Ok(index)
    }

    /// An index from its key pattern and options.
    ///
    /// # Errors
    /// CannotCreateIndex (67) and its kin for patterns and options that MongoDB refuses.
    pub fn new(id: u32, pattern: &Document, options: &Document) -> Result<Index> {
        spec::index(id, pattern, options)
    }

    /// How many fields of a text index stand before its terms.
    fn text_prefix(&self) -> usize {
        match &self.kind {
            Kind::Text { prefix, .. } => *prefix,
            _ => 0,
        }
    }

    /// As the catalog keeps it.
    pub fn to_document(&self) -> Document {
        doc! {
            "id": i64::from(self.id), "multikey": self.multikey, "unique": self.unique, "types": self.keeps_types,
            "pattern": self.pattern.clone(), "options": self.options.clone(),
        }
    }

    /// Sets or removes one of the options that may change while the index stands.
    ///
    /// # Errors
    /// A value that the option does not take.
    pub fn set_option(&mut self, name: &str, value: Option<Bson>) -> Result<()> {
        let mut options = self.options.clone();
        match value {
            Some(value) => drop(options.insert(name, value)),
            None => drop(options.remove(name)),
        }
        let made = Index::new(self.id, &self.pattern, &options)?;
        *self = Index { multikey: self.multikey, keeps_types: self.keeps_types, unique: self.unique, ..made };
        Ok(())
    }

    /// From the catalog's form.
    pub fn from_document(row: &Document) -> Result<Index> {
        let damaged = || layout::damaged("an index");
        let options = row.get_document("options").map_err(|_| damaged())?;
        let pattern = row.get_document("pattern").or_else(|_| options.get_document("key")).map_err(|_| damaged())?;
        let id = row.get_i64("id").ok().and_then(|id| u32::try_from(id).ok()).ok_or_else(damaged)?;
        let mut index = Index::new(id, pattern, options)?;
        index.multikey = row.get_bool("multikey").unwrap_or(false);
        index.unique = row.get_bool("unique").unwrap_or(index.unique);
        index.keeps_types = row.get_bool("types").unwrap_or(false);
        Ok(index)
    }

    /// The pattern as `getIndexes` shows it.
    pub fn shown_pattern(&self) -> &Document {
        self.options.get_document("key").unwrap_or(&self.pattern)
    }

    /// The document's entries.
    ///
    /// # Errors
    /// CannotIndexParallelArrays (171); a value that the kind of index refuses.
    pub fn entries<'d>(&self, document: impl Into<DocumentView<'d>>) -> Result<Entries> {
        let document = document.into();
        let mut entries = Entries::default();
        if let Some(filter) = &self.partial
            && !filter.matches(document)?
        {
            return Ok(entries);
        }
        match &self.kind {
            Kind::Keys => self.keys(document, &mut entries)?,
            Kind::Text { prefix, weights } => {
                let mut before = Vec::new();
                for field in self.fields.iter().take(*prefix) {
                    before.extend(field.single(document)?);
                }
                for (term, score) in weights.scores(document) {
                    let mut entry = before.clone();
                    key::encode(View::String(term.as_bytes()), &mut entry);
                    entries.rows.insert(entry, score.to_be_bytes().to_vec());
                }
            }
            Kind::Wildcard(wildcard) => {
                let rows = &mut entries.rows;
                entries.multikey = wildcard.entries(document, &mut |entry| drop(rows.insert(entry, Vec::new())));
            }
        }
        if entries.rows.len() > MOST_ENTRIES {
            return Err(Error::bad_value(format!(
                "the document would have {} entries in the index {}; {MOST_ENTRIES} are allowed",
                entries.rows.len(),
                self.name
            )));
        }
        Ok(entries)
    }

    /// Entries made of the keys of the fields.
    fn keys(&self, document: DocumentView<'_>, entries: &mut Entries) -> Result<()> {
        let mut rows: Vec<(Vec<u8>, Vec<u8>)> = vec![(Vec::new(), Vec::new())];
        let mut any_present = false;
        let mut array_at: Option<&str> = None;
        for field in &self.fields {
            let parts = field.parts(document, &mut array_at)?;
            let Some(parts) = parts else { return Ok(()) };
            entries.multikey |= parts.multikey;
            any_present |= parts.present;
            if rows.len().saturating_mul(parts.keys.len()) > MOST_ENTRIES {
                return Err(Error::bad_value(format!(
                    "the document would have too many entries in the index {}",
                    self.name
                )));
            }
            rows =
                rows.iter()
                    .flat_map(|(start, kinds)| {
                        parts.keys.iter().map(move |(end, more)| {
                            ([start.as_slice(), end].concat(), [kinds.as_slice(), more].concat())
                        })
                    })
                    .collect();
        }
        if !self.sparse || any_present {
            for (entry, mut types) in rows {
                // Types that are 0 need not be kept.
                types.truncate(types.iter().rposition(|&kind| kind != 0).map_or(0, |last| last + 1));
                entries.rows.insert(entry, types);
            }
        }
        Ok(())
    }

    /// The row of an entry: key and value.
    pub fn row(&self, entry: &[u8], kept: &[u8], record: u64) -> (Vec<u8>, Vec<u8>) {
        if self.unique {
            (entry.to_vec(), [&record.to_be_bytes(), kept].concat())
        } else {
            ([entry, &record.to_be_bytes()].concat(), kept.to_vec())
        }
    }

    /// The record id of a row.
    pub fn record(&self, key: &[u8], value: &[u8]) -> Result<u64> {
        layout::record_id(if self.unique { value.get(..8).unwrap_or_default() } else { key })
    }

    /// The entry of a row and what is kept beside it.
    pub fn entry<'r>(&self, key: &'r [u8], value: &'r [u8]) -> (&'r [u8], &'r [u8]) {
        if self.unique {
            (key, value.get(8..).unwrap_or_default())
        } else {
            (key.get(..key.len().saturating_sub(8)).unwrap_or_default(), value)
        }
    }

    /// The values of the indexed fields, as the text of a duplicate-key error shows them.
    pub fn duplicate_key<'d>(&self, document: impl Into<DocumentView<'d>>, entry: &[u8]) -> Document {
        let document = document.into();
        let mut shown = Document::new();
        for field in &self.fields {
            let (values, array) = field.path.values(document);
            // Of several values, the one whose key is inside the entry.
            let value = values
                .iter()
                .find(|value| contains(entry, &field.encode(**value, array.is_some())))
                .copied()
                .flatten()
                .map_or(Bson::Null, View::to_bson);
            shown.insert(field.path.as_str(), value);
        }
        shown
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

fn last_component(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// The keys of one field of a document.
struct Parts {
    /// Each with the types of its values.
    keys: BTreeMap<Vec<u8>, Vec<u8>>,
    multikey: bool,
    present: bool,
}

impl Field {
    /// Whether larger values come first.
    pub fn descends(&self) -> bool {
        matches!(self.kind, FieldKind::Ordered { descending: true })
    }

    /// The key of a value in an ordered or hashed field. Missing counts as null; the `undefined` that stands for an
    /// empty array keeps its own place below null.
    pub fn encode(&self, value: Option<View<'_>>, from_array: bool) -> Vec<u8> {
        let mut folded = None;
        let value = self.folded(present_or_null(value, from_array), &mut folded);
        let mut bytes = Vec::with_capacity(16);
        match self.kind {
            FieldKind::Ordered { descending: true } => key::encode_descending(value, &mut bytes),
            FieldKind::Hashed => bytes.extend_from_slice(&hash(value)),
            _ => key::encode(value, &mut bytes),
        }
        bytes
    }

    /// The value that the key is made of.
    fn folded<'v>(&self, value: View<'v>, place: &'v mut Option<Bson>) -> View<'v> {
        match &self.collation {
            Some(collation) => collation.folded(value, place),
            None => value,
        }
    }

    /// The keys of a document's values; `None` if it has no entry at all.
    fn parts<'f>(&'f self, document: DocumentView<'_>, array_at: &mut Option<&'f str>) -> Result<Option<Parts>> {
        match self.kind {
            FieldKind::Sphere | FieldKind::Plane(_) => return self.cells(document),
            FieldKind::Ordered { .. } | FieldKind::Hashed => {}
        }
        let (values, array) = self.path.values(document);
        if let Some(components) = array {
            let prefix = self.path.prefix(components);
            if self.kind == FieldKind::Hashed {
                return Err(Error::new(
                    Code::Location(16766),
                    format!("hashed indexes do not currently support array values. Found array at path: {prefix}"),
                ));
            }
            if let Some(other) = *array_at
                && other != prefix
            {
                return Err(Error::new(
                    Code::CannotIndexParallelArrays,
                    format!("cannot index parallel arrays [{}] [{}]", last_component(prefix), last_component(other)),
                ));
            }
            *array_at = Some(prefix);
        }
        let mut parts =
            Parts { keys: BTreeMap::new(), multikey: array.is_some(), present: values.iter().any(Option::is_some) };
        for value in values {
            let mut types = Vec::new();
            let key = match self.kind {
                FieldKind::Ordered { descending } => {
                    let mut bytes = Vec::with_capacity(16);
                    let mut folded = None;
                    let value = self.folded(present_or_null(value, array.is_some()), &mut folded);
                    key::encode_typed(value, descending, &mut bytes, &mut types);
                    bytes
                }
                _ => self.encode(value, array.is_some()),
            };
            parts.keys.insert(key, types);
        }
        Ok(Some(parts))
    }

    /// The key of a document's only value in a field before the terms of a text index.
    fn single(&self, document: DocumentView<'_>) -> Result<Vec<u8>> {
        let (values, array) = self.path.values(document);
        if array.is_some() {
            return Err(Error::new(
                Code::Location(16675),
                format!("cannot have a multi-key as a prefix to a text index: {}", self.path.as_str()),
            ));
        }
        Ok(self.encode(values.first().copied().flatten(), false))
    }

    /// The cells of the places of a document; none for a document without one.
    fn cells(&self, document: DocumentView<'_>) -> Result<Option<Parts>> {
        let mut parts = Parts { keys: BTreeMap::new(), multikey: false, present: true };
        let mut failure = None;
        self.path.visit(document, super::path::Leaf::Elements, &mut |value, _| {
            if let Some(value) = value
                && let Err(error) = self.cells_of(value, &mut parts)
            {
                failure = Some(error);
            }
            failure.is_some()
        });
        match failure {
            Some(error) => Err(error),
            None if parts.keys.is_empty() => Ok(None),
            None => {
                parts.multikey = parts.keys.len() > 1;
                Ok(Some(parts))
            }
        }
    }

    fn cells_of(&self, value: View<'_>, parts: &mut Parts) -> Result<()> {
        let refused = |error: Error| {
            Error::new(
                Code::Location(16755),
                format!("Can't extract geo keys: {} {}", super::shell_text::value(&value.to_bson()), error.message),
            )
        };
        let Some(place) = place_of(value).map_err(refused)? else { return Ok(()) };
        let cells = match self.kind {
            FieldKind::Plane(plane) => {
                let point = place.flat().ok_or_else(|| refused(Error::bad_value("a 2d index holds points only")))?;
                let cell = plane.cell(point).ok_or_else(|| {
                    Error::new(
                        Code::Location(13027),
                        format!(
                            "point not in interval of [ {}, {} ) :: caused by :: {{ x: {}, y: {} }}",
                            plane.min, plane.max, point.0, point.1
                        ),
                    )
                })?;
                vec![cell]
            }
            _ => match place.on_sphere() {
                Some(geometry) => geometry.cells(MOST_CELLS),
                None => return Err(refused(Error::bad_value("longitude/latitude is out of bounds"))),
            },
        };
        for cell in cells {
            parts.keys.insert(cell_key(cell.number()).to_vec(), Vec::new());
        }
        Ok(())
    }
}

/// The key of a cell's number.
pub fn cell_key(number: u64) -> [u8; 8] {
    number.to_be_bytes()
}

fn present_or_null(value: Option<View<'_>>, from_array: bool) -> View<'_> {
    match value {
        None => View::Null,
        Some(View::Undefined) if !from_array => View::Null,
        Some(value) => value,
    }
}

/// FNV-1a over the value's key, which equal values share.
fn hash(value: View<'_>) -> [u8; 8] {
    let hash = key::of(value)
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    hash.to_be_bytes()
}

/// `age_1_name_-1`
pub fn default_name(pattern: &Document) -> String {
    let parts: Vec<String> = pattern
        .iter()
        .map(|(path, direction)| match direction {
            Bson::String(kind) => format!("{path}_{kind}"),
            number => match construct::number(Some(number)) {
                Some(number) => format!("{path}_{number}"),
                None => path.clone(),
            },
        })
        .collect();
    parts.join("_")
}
