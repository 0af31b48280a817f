//! Sort specifications: each document gets one key of bytes, and comparing keys is comparing documents.

use super::expression::{Metadata, not_available};
use super::path::Path;
use super::{Code, Error, Result};
use crate::value::collation::Collation;
use crate::value::view::{DocumentView, View};
use crate::value::{key, order};
use bson::{Bson, Document};

/// A compiled sort specification, `{ age: -1, score: { $meta: "textScore" } }`.
#[derive(Debug, Clone, Default)]
pub struct SortSpec {
    fields: Vec<SortField>,
    source: Document,
    collation: Option<Collation>,
}

/// One field of a sort.
#[derive(Debug, Clone)]
pub struct SortField {
    /// What it sorts by.
    pub by: By,
    /// Largest first.
    pub descending: bool,
}

/// What a sort looks at.
#[derive(Debug, Clone)]
pub enum By {
    /// The value at a path.
    Path(Path),
    /// `{ $meta: "textScore" }`
    TextScore,
    /// `{ $meta: "geoNearDistance" }`
    GeoDistance,
    /// `{ $meta: "randVal" }`
    Random,
}

impl SortField {
    /// Its path, if it sorts by one.
    pub fn path(&self) -> Option<&Path> {
        match &self.by {
            By::Path(path) => Some(path),
            _ => None,
        }
    }
}

/// The most fields of a sort order, as in MongoDB's compound keys.
const MOST_FIELDS: usize = 32;

impl SortSpec {
    /// Compiles the specification of `find().sort()` and of `$push … $sort`, where a direction may be a word.
    ///
    /// # Errors
    /// 15975 and its kin for directions that are none, a malformed path, too many fields.
    pub fn new(source: &Document) -> Result<SortSpec> {
        Self::compile(source, true)
    }

    /// Compiles the specification of a `$sort` stage, which must not be empty.
    ///
    /// # Errors
    /// As [`SortSpec::new`]; 15976 if it is empty.
    pub fn of_stage(source: &Document) -> Result<SortSpec> {
        if source.is_empty() {
            return Err(Error::new(Code::Location(15976), "$sort stage must have at least one sort key"));
        }
        Self::compile(source, false)
    }

    fn compile(source: &Document, words: bool) -> Result<SortSpec> {
        if source.len() > MOST_FIELDS {
            return Err(Error::bad_value(format!("too many compound keys: at most {MOST_FIELDS} are allowed")));
        }
        let mut fields = Vec::with_capacity(source.len());
        for (path, direction) in source {
            if let Bson::Document(meta) = direction {
                fields.push(by_meta(meta)?);
                continue;
            }
            if path.is_empty() || path.split('.').any(str::is_empty) {
                return Err(Error::new(Code::Location(15998), "FieldPath field names may not be empty strings."));
            }
            if path.starts_with('$') && !(words && path == "$natural") {
                return Err(Error::new(Code::Location(16410), "FieldPath field names may not start with '$'."));
            }
            let descending = match direction {
                Bson::String(word) if words && matches!(word.as_str(), "asc" | "ascending") => false,
                Bson::String(word) if words && matches!(word.as_str(), "desc" | "descending") => true,
                number => match View::from(number).number() {
                    Some(1.0) => false,
                    Some(-1.0) => true,
                    Some(_) => {
                        return Err(Error::new(
                            Code::Location(15975),
                            "$sort key ordering must be 1 (for ascending) or -1 (for descending)",
                        ));
                    }
                    None => {
                        return Err(Error::new(
                            Code::Location(15974),
                            format!("Illegal key in $sort specification: {path}: {}", super::shell_text::value(number)),
                        ));
                    }
                },
            };
            fields.push(SortField { by: By::Path(Path::new(path)), descending });
        }
        Ok(SortSpec { fields, source: source.clone(), collation: None })
    }

    /// The same order with strings compared so.
    #[must_use]
    pub fn collated(mut self, collation: Option<&Collation>) -> SortSpec {
        self.collation = collation.cloned();
        self
    }

    /// Its fields, the first deciding first.
    pub fn fields(&self) -> &[SortField] {
        &self.fields
    }

    /// The specification as given.
    pub fn source(&self) -> &Document {
        &self.source
    }

    /// The path of the only field, if there is just one.
    pub fn single_path(&self) -> Option<&Path> {
        match self.fields.as_slice() {
            [only] => only.path(),
            _ => None,
        }
    }

    /// The key of a document. An array sorts by its smallest element, or its largest where the field
    /// descends; an empty array stands below null, a missing value counts as null.
    ///
    /// # Errors
    /// Two fields with different arrays (BadValue).
    pub fn key<'d>(&self, document: impl Into<DocumentView<'d>>, metadata: &Metadata) -> Result<Vec<u8>> {
        self.key_under(self.collation.as_ref(), document, metadata)
    }

    /// As [`SortSpec::key`], under this collation.
    ///
    /// # Errors
    /// As [`SortSpec::key`].
    pub fn key_under<'d>(
        &self,
        collation: Option<&Collation>,
        document: impl Into<DocumentView<'d>>,
        metadata: &Metadata,
    ) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(16 * self.fields.len());
        self.push_key_under(collation, document.into(), metadata, &mut bytes)?;
        Ok(bytes)
    }

    /// Appends the key of a document.
    ///
    /// # Errors
    /// As [`SortSpec::key`].
    pub fn push_key(&self, document: DocumentView<'_>, metadata: &Metadata, bytes: &mut Vec<u8>) -> Result<()> {
        self.push_key_under(self.collation.as_ref(), document, metadata, bytes)
    }

    fn push_key_under(
        &self,
        collation: Option<&Collation>,
        document: DocumentView<'_>,
        metadata: &Metadata,
        bytes: &mut Vec<u8>,
    ) -> Result<()> {
        let mut array_at: Option<&str> = None;
        for field in &self.fields {
            let value = match &field.by {
                By::Path(path) => representative(path, field.descending, document, &mut array_at, collation)?,
                By::TextScore => View::Double(metadata.text_score.ok_or_else(|| not_available("text score"))?),
                By::GeoDistance => {
                    View::Double(metadata.geo_distance.ok_or_else(|| not_available("$geoNear distance"))?)
                }
                By::Random => View::Double(fastrand::f64()),
            };
            let mut folded = None;
            let value = collation.map_or(value, |collation| collation.folded(value, &mut folded));
            if field.descending { key::encode_descending(value, bytes) } else { key::encode(value, bytes) }
        }
        Ok(())
    }

    /// The value that a document is sorted by first.
    ///
    /// # Errors
    /// As [`SortSpec::key`].
    pub fn first_value(&self, document: DocumentView<'_>) -> Result<Bson> {
        match self.fields.first() {
            Some(SortField { by: By::Path(path), descending }) => {
                Ok(representative(path, *descending, document, &mut None, None)?.to_bson())
            }
            _ => Ok(Bson::Null),
        }
    }
}

fn by_meta(meta: &Document) -> Result<SortField> {
    if meta.len() != 1 || !meta.contains_key("$meta") {
        return Err(Error::new(Code::Location(17312), "$meta is the only expression supported by $sort right now"));
    }
    // Scores sort the best first, distances the nearest first.
    let (by, descending) = match meta.get_str("$meta").unwrap_or_default() {
        "textScore" => (By::TextScore, true),
        "geoNearDistance" => (By::GeoDistance, false),
        "randVal" => (By::Random, false),
        _ => {
            return Err(Error::new(
                Code::Location(31138),
                format!("Illegal $meta sort: {}", super::shell_text::document(meta)),
            ));
        }
    };
    Ok(SortField { by, descending })
}

/// The one of the values at a path that decides the order.
fn representative<'d, 'p>(
    path: &'p Path,
    descending: bool,
    document: DocumentView<'d>,
    array_at: &mut Option<&'p str>,
    collation: Option<&Collation>,
) -> Result<View<'d>> {
    let compare = |a: &View<'d>, b: &View<'d>| match collation {
        Some(collation) => collation.compare(*a, *b),
        None => order::compare(*a, *b),
    };
    let (values, array) = path.values(document);
    if let Some(components) = array {
        let prefix = path.prefix(components);
        if array_at.is_some_and(|other| other != prefix) {
            return Err(Error::bad_value("cannot sort with keys that are parallel arrays"));
        }
        *array_at = Some(prefix);
    }
    let values = values.into_iter().map(|value| match value {
        // Only the one that stands for an empty array is below null.
        Some(View::Undefined) if array.is_none() => View::Null,
        value => value.unwrap_or(View::Null),
    });
    let best = if descending { values.max_by(compare) } else { values.min_by(compare) };
    Ok(best.unwrap_or(View::Null))
}

/// Sorts what it is given, stably; with a limit it holds little more than that many.
pub struct Sorter<T> {
    limit: Option<usize>,
    rows: Vec<(Vec<u8>, u64, T)>,
    next: u64,
}

impl<T> Sorter<T> {
    /// Keeps the first `limit` of all that is pushed.
    pub fn new(limit: Option<usize>) -> Self {
        Sorter { limit, rows: Vec::new(), next: 0 }
    }

    /// Takes an item with its key.
    pub fn push(&mut self, key: Vec<u8>, item: T) {
        self.rows.push((key, self.next, item));
        self.next += 1;
        if let Some(limit) = self.limit
            && self.rows.len() > limit.saturating_mul(2).saturating_add(64)
        {
            self.order();
        }
    }

    fn order(&mut self) {
        self.rows.sort_unstable_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        if let Some(limit) = self.limit {
            self.rows.truncate(limit);
        }
    }

    /// All that was kept, in order.
    pub fn finish(mut self) -> impl Iterator<Item = T> {
        self.order();
        self.rows.into_iter().map(|(_, _, item)| item)
    }
}
