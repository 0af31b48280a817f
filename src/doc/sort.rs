//! Sort specifications: each document gets one key of bytes, and comparing keys is comparing documents.

use super::path::Path;
use super::{Code, Error, Result};
use crate::value::{construct, key, order};
use bson::{Bson, Document};

/// A compiled sort specification, `{ age: -1, name: 1 }`.
#[derive(Debug, Clone)]
pub struct SortSpec {
    fields: Vec<SortField>,
    source: Document,
}

/// One field of a sort.
#[derive(Debug, Clone)]
pub struct SortField {
    /// What it sorts by.
    pub path: Path,
    /// Largest first.
    pub descending: bool,
}

impl SortSpec {
    /// Compiles a specification. `{ $meta: … }` is not for this room.
    ///
    /// # Errors
    /// 15975 and its kin for directions other than 1 and -1.
    pub fn new(source: &Document) -> Result<SortSpec> {
        let mut fields = Vec::with_capacity(source.len());
        for (path, direction) in source {
            if path.is_empty() || path.split('.').any(str::is_empty) {
                return Err(Error::new(Code::Location(15998), "FieldPath field names may not be empty strings."));
            }
            if path.starts_with('$') && path != "$natural" {
                return Err(Error::new(Code::Location(16410), "FieldPath field names may not start with '$'."));
            }
            let descending = match direction {
                Bson::String(word) if matches!(word.as_str(), "asc" | "ascending") => false,
                Bson::String(word) if matches!(word.as_str(), "desc" | "descending") => true,
                Bson::Document(_) => return Err(Error::not_yet("sorting by an expression such as $meta")),
                number => match construct::number(Some(number)) {
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
            fields.push(SortField { path: Path::new(path), descending });
        }
        Ok(SortSpec { fields, source: source.clone() })
    }

    /// Its fields, the first deciding first.
    pub fn fields(&self) -> &[SortField] {
        &self.fields
    }

    /// The specification as given.
    pub fn source(&self) -> &Document {
        &self.source
    }

    /// The key of a document. An array sorts by its smallest element, or its largest where the field
    /// descends; an empty array stands below null, a missing value counts as null.
    ///
    /// # Errors
    /// Two fields with different arrays (BadValue).
    pub fn key(&self, document: &Document) -> Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(16 * self.fields.len());
        let mut array_at: Option<&str> = None;
        for field in &self.fields {
            let (values, array) = field.path.values(document);
            if let Some(components) = array {
                let prefix = field.path.prefix(components);
                if array_at.is_some_and(|other| other != prefix) {
                    return Err(Error::bad_value("cannot sort with keys that are parallel arrays"));
                }
                array_at = Some(prefix);
            }
            let values = values.into_iter().map(|value| value.unwrap_or(&Bson::Null));
            let value = if field.descending {
                values.max_by(|a, b| order::compare(a, b))
            } else {
                values.min_by(|a, b| order::compare(a, b))
            };
            let value = value.unwrap_or(&Bson::Null);
            if field.descending { key::encode_descending(value, &mut bytes) } else { key::encode(value, &mut bytes) }
        }
        Ok(bytes)
    }
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
