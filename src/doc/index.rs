//! Indexes: what is indexed, and the entries a document has in one.

use super::path::Path;
use super::query::Filter;
use super::{Code, Error, Result, layout};
use crate::value::view::{DocumentView, View};
use crate::value::{construct, key};
use bson::{Bson, Document, doc};
use std::collections::BTreeSet;

/// An index of a collection.
#[derive(Debug, Clone)]
pub struct Index {
    /// Its number, which names its space.
    pub id: u32,
    /// Its name, `age_1_name_-1`.
    pub name: String,
    /// The indexed paths in order, with their direction.
    pub fields: Vec<Field>,
    /// The key pattern as given, `{ age: 1, name: -1 }`.
    pub pattern: Document,
    /// No two documents may have the same entry.
    pub unique: bool,
    /// Documents without any of the fields have no entry.
    pub sparse: bool,
    /// Only documents that match have entries.
    pub partial: Option<Filter>,
    /// Queries do not use it.
    pub hidden: bool,
    /// Some document has several entries (an array lies on a path).
    pub multikey: bool,
    /// All options, as `getIndexes` shows them.
    pub options: Document,
}

/// One field of an index.
#[derive(Debug, Clone)]
pub struct Field {
    /// Where the value is.
    pub path: Path,
    /// Whether larger values come first.
    pub descending: bool,
}

/// The entries of a document in an index.
pub struct Entries {
    /// The keys, in order.
    pub keys: BTreeSet<Vec<u8>>,
    /// Whether an array was met.
    pub multikey: bool,
}

const OPTIONS: &[&str] = &[
    "name",
    "unique",
    "sparse",
    "partialFilterExpression",
    "hidden",
    "expireAfterSeconds",
    "background",
    "v",
    "collation",
    "key",
    "ns",
    "comment",
    "commitQuorum",
    "dropDups",
    "maxTimeMS",
    "writeConcern",
];

impl Index {
    /// The index that every collection has.
    pub fn on_id(id: u32) -> Result<Index> {
        let mut index = Index::new(id, &doc! { "_id": 1 }, &doc! { "name": "_id_" })?;
        index.unique = true;
        Ok(index)
    }

    /// An index from its key pattern and options.
    ///
    /// # Errors
    /// CannotCreateIndex (67) and its kin for patterns and options that MongoDB refuses.
    pub fn new(id: u32, pattern: &Document, options: &Document) -> Result<Index> {
        let cannot = |message: String| Error::new(Code::CannotCreateIndex, message);
        if pattern.is_empty() {
            return Err(cannot("Index keys cannot be an empty object.".to_owned()));
        }
        if pattern.len() > 32 {
            return Err(cannot("Index key pattern has more than 32 fields".to_owned()));
        }
        let mut fields = Vec::new();
        for (path, direction) in pattern {
            let descending = match direction {
                Bson::String(kind) if kind == "hashed" => false,
                Bson::String(kind) if matches!(kind.as_str(), "text" | "2dsphere" | "2d") => {
                    return Err(Error::not_yet(format!("an index of type {kind:?}")));
                }
                Bson::String(kind) => return Err(cannot(format!("Unknown index plugin '{kind}'"))),
                number => match construct::number(Some(number)) {
                    Some(0.0) => {
                        return Err(cannot("Values in the index key pattern cannot be 0.".to_owned()));
                    }
                    Some(number) if number.is_nan() => {
                        return Err(cannot("Values in the index key pattern cannot be NaN.".to_owned()));
                    }
                    Some(number) => number < 0.0,
                    None => {
                        return Err(cannot(format!(
                            "Values in v:2 index key pattern cannot be of type {}. Only numbers > 0, numbers < 0, and strings are allowed.",
                            super::expression::type_name(Some(number))
                        )));
                    }
                },
            };
            if path.contains("$**") {
                return Err(Error::not_yet("a wildcard index"));
            }
            if path.is_empty() || path.split('.').any(str::is_empty) {
                return Err(cannot("Index keys cannot contain an empty field.".to_owned()));
            }
            if path.split('.').any(|part| part.starts_with('$')) {
                return Err(cannot(format!(
                    "Index key contains an illegal field name: field name starts with '$': {path}"
                )));
            }
            fields.push(Field { path: Path::new(path), descending });
        }
        for option in options.keys() {
            if !OPTIONS.contains(&option.as_str()) {
                return Err(Error::new(
                    Code::InvalidOptions,
                    format!("The field '{option}' is not valid for an index specification"),
                ));
            }
        }
        let flag = |name: &str| -> Result<bool> {
            match options.get(name) {
                None | Some(Bson::Null) => Ok(false),
                Some(Bson::Boolean(value)) => Ok(*value),
                Some(number) => match construct::number(Some(number)) {
                    Some(number) => Ok(number != 0.0),
                    None => Err(Error::type_mismatch(format!("The field '{name}' must be a boolean"))),
                },
            }
        };
        let (unique, sparse, hidden) = (flag("unique")?, flag("sparse")?, flag("hidden")?);
        let partial = match options.get("partialFilterExpression") {
            None => None,
            Some(Bson::Document(filter)) => Some(Filter::new(filter)?),
            Some(_) => return Err(Error::type_mismatch("The field 'partialFilterExpression' must be an object")),
        };
        if partial.is_some() && sparse {
            return Err(cannot("cannot mix \"partialFilterExpression\" and \"sparse\" options".to_owned()));
        }
        let name = match options.get("name") {
            None => default_name(pattern),
            Some(Bson::String(name)) if !name.is_empty() => name.clone(),
            Some(_) => return Err(cannot("The index name must be a string that is not empty".to_owned())),
        };
        let mut kept = doc! { "v": 2, "key": pattern.clone(), "name": name.as_str() };
        for (option, value) in options {
            match option.as_str() {
                "unique" | "sparse" | "hidden" => {
                    if flag(option)? {
                        kept.insert(option.as_str(), true);
                    }
                }
                "name" | "v" | "key" | "ns" | "background" | "comment" | "commitQuorum" | "dropDups" | "maxTimeMS"
                | "writeConcern" => {}
                _ => {
                    kept.insert(option.as_str(), value.clone());
                }
            }
        }
        Ok(Index {
            id,
            name,
            fields,
            pattern: pattern.clone(),
            unique,
            sparse,
            partial,
            hidden,
            multikey: false,
            options: kept,
        })
    }

    /// As the catalog keeps it.
    pub fn to_document(&self) -> Document {
        doc! { "id": i64::from(self.id), "multikey": self.multikey, "unique": self.unique, "options": self.options.clone() }
    }

    /// From the catalog's form.
    pub fn from_document(row: &Document) -> Result<Index> {
        let damaged = || layout::damaged("an index");
        let options = row.get_document("options").map_err(|_| damaged())?;
        let pattern = options.get_document("key").map_err(|_| damaged())?;
        let id = row.get_i64("id").ok().and_then(|id| u32::try_from(id).ok()).ok_or_else(damaged)?;
        let mut index = Index::new(id, pattern, options)?;
        index.multikey = row.get_bool("multikey").unwrap_or(false);
        index.unique = row.get_bool("unique").unwrap_or(index.unique);
        Ok(index)
    }

    /// The document's entries.
    ///
    /// # Errors
    /// CannotIndexParallelArrays (171).
    pub fn entries<'d>(&self, document: impl Into<DocumentView<'d>>) -> Result<Entries> {
        let document = document.into();
        let mut entries = Entries { keys: BTreeSet::new(), multikey: false };
        if let Some(filter) = &self.partial
            && !filter.matches(document)?
        {
            return Ok(entries);
        }
        let mut keys: Vec<Vec<u8>> = vec![Vec::new()];
        let mut any_present = false;
        let mut array_at: Option<&str> = None;
        for field in &self.fields {
            let (values, array) = field.path.values(document);
            if let Some(components) = array {
                let prefix = field.path.prefix(components);
                if let Some(other) = array_at
                    && other != prefix
                {
                    return Err(Error::new(
                        Code::CannotIndexParallelArrays,
                        format!(
                            "cannot index parallel arrays [{}] [{}]",
                            last_component(prefix),
                            last_component(other)
                        ),
                    ));
                }
                array_at = Some(prefix);
                entries.multikey = true;
            }
            any_present |= values.iter().any(Option::is_some);
            let encoded: BTreeSet<Vec<u8>> = values.iter().map(|value| field.encode(*value, array.is_some())).collect();
            keys = keys
                .iter()
                .flat_map(|start| encoded.iter().map(move |end| [start.as_slice(), end.as_slice()].concat()))
                .collect();
        }
        if !self.sparse || any_present {
            entries.keys = keys.into_iter().collect();
        }
        Ok(entries)
    }

    /// The row of an entry: key and value.
    pub fn row(&self, entry: &[u8], record: u64) -> (Vec<u8>, Vec<u8>) {
        if self.unique {
            (entry.to_vec(), record.to_be_bytes().to_vec())
        } else {
            ([entry, &record.to_be_bytes()].concat(), Vec::new())
        }
    }

    /// The record id of a row.
    pub fn record(&self, key: &[u8], value: &[u8]) -> Result<u64> {
        layout::record_id(if self.unique { value } else { key })
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

impl Field {
    /// The key of a value in this field. Missing counts as null; the `undefined` that stands for an empty
    /// array keeps its own place below null.
    pub fn encode(&self, value: Option<View<'_>>, from_array: bool) -> Vec<u8> {
        let value = match value {
            None => View::Null,
            Some(View::Undefined) if !from_array => View::Null,
            Some(value) => value,
        };
        let mut bytes = Vec::with_capacity(16);
        if self.descending {
            key::encode_descending(value, &mut bytes)
        } else {
            key::encode(value, &mut bytes)
        }
        bytes
    }
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
