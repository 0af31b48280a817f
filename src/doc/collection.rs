//! A collection's documents: reading them, and writing them with their index entries.

use super::catalog::{self, CollectionInfo};
use super::index::{Index, Kind};
use super::query::Filter;
use super::{Code, Error, Result, layout};
use crate::storage::{Direction, KeyRange, META, Read, Write};
use crate::value::raw::RawDocument;
use bson::oid::ObjectId;
use bson::{Bson, Document};
use std::ops::ControlFlow;

/// An open collection. Counters are written back by [`Collection::close`], once a statement.
pub struct Collection {
    /// Its catalog row.
    pub info: CollectionInfo,
    database: u32,
    database_name: String,
    next_record: u64,
    documents: u64,
    bytes: u64,
    counters_changed: bool,
    info_changed: bool,
    validator: Option<Filter>,
}

impl Collection {
    /// Opens a collection, if there is one of this name.
    pub fn open(tx: &dyn Read, database: u32, database_name: &str, name: &str) -> Result<Option<Collection>> {
        catalog::find(tx, database, name)?.map(|info| Self::of(tx, database, database_name, info)).transpose()
    }

    /// Opens a collection for writing, which is made if it is missing.
    pub fn open_or_create(tx: &mut dyn Write, database: u32, database_name: &str, name: &str) -> Result<Collection> {
        let info = match catalog::find(tx.as_read(), database, name)? {
            Some(info) => info,
            None => catalog::create(tx, database, name, Document::new())?,
        };
        if info.view().is_some() {
            return Err(Error::new(
                Code::CommandNotSupportedOnView,
                format!("Namespace {database_name}.{name} is a view, not a collection"),
            ));
        }
        Self::of(tx.as_read(), database, database_name, info)
    }

    fn of(tx: &dyn Read, database: u32, database_name: &str, info: CollectionInfo) -> Result<Collection> {
        let mut counters = [1, 0, 0];
        if let Some(bytes) = tx.get(META, &layout::counters_key(info.id))? {
            for (counter, chunk) in counters.iter_mut().zip(bytes.chunks(8)) {
                *counter = layout::record_id(chunk)?;
            }
        }
        let validator = match info.options.get("validator") {
            Some(Bson::Document(validator))
                if !info.options.get_str("validationAction").is_ok_and(|action| action == "warn") =>
            {
                Some(Filter::new(validator)?)
            }
            _ => None,
        };
        let [next_record, documents, bytes] = counters;
        Ok(Collection {
            info,
            database,
            database_name: database_name.to_owned(),
            next_record,
            documents,
            bytes,
            counters_changed: false,
            info_changed: false,
            validator,
        })
    }

    /// `database.collection`
    pub fn namespace(&self) -> String {
        format!("{}.{}", self.database_name, self.info.name)
    }

    /// How many documents it holds.
    pub fn len(&self) -> u64 {
        self.documents
    }

    /// How many bytes its documents take as BSON.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Writes counters and catalog row back, if they changed.
    pub fn close(self, tx: &mut dyn Write) -> Result<()> {
        if self.counters_changed {
            let row = [self.next_record, self.documents, self.bytes].map(u64::to_be_bytes).concat();
            tx.put(META, &layout::counters_key(self.info.id), &row)?;
        }
        if self.info_changed {
            catalog::store(tx, self.database, &self.info)?;
        }
        Ok(())
    }

    /// The bytes of a record's document.
    pub fn get(&self, tx: &dyn Read, record: u64) -> Result<Option<Vec<u8>>> {
        Ok(tx.get(layout::documents(self.info.id), &record.to_be_bytes())?)
    }

    /// Puts a new document in, with `_id` first, which is made if it is missing; answers the `_id`.
    pub fn insert(&mut self, tx: &mut dyn Write, document: Document) -> Result<Bson> {
        let document = with_id_first(document);
        let id = document.get("_id").cloned().unwrap_or(Bson::Null);
        check_id(&id)?;
        self.validate(&document)?;
        let bytes = layout::encode(&document)?;
        let record = self.next_record;
        for at in 0..self.info.indexes.len() {
            self.add_entries(tx, at, record, RawDocument::new(&bytes), None)?;
        }
        tx.put(layout::documents(self.info.id), &record.to_be_bytes(), &bytes)?;
        self.next_record += 1;
        self.documents += 1;
        self.bytes += bytes.len() as u64;
        self.counters_changed = true;
        Ok(id)
    }

    /// Puts `new` in the place of the bytes `old`; only indexes whose entries differ are touched.
    pub fn replace(&mut self, tx: &mut dyn Write, record: u64, old: RawDocument<'_>, new: &Document) -> Result<()> {
        self.validate(new)?;
        let bytes = layout::encode(new)?;
        for at in 0..self.info.indexes.len() {
            self.add_entries(tx, at, record, RawDocument::new(&bytes), Some(old))?;
        }
        tx.put(layout::documents(self.info.id), &record.to_be_bytes(), &bytes)?;
        self.bytes = (self.bytes + bytes.len() as u64).saturating_sub(old.bytes().len() as u64);
        self.counters_changed = true;
        Ok(())
    }

    /// Takes a document out.
    pub fn remove(&mut self, tx: &mut dyn Write, record: u64, old: RawDocument<'_>) -> Result<()> {
        for index in &self.info.indexes {
            for (entry, kept) in index.entries(old)?.rows {
                tx.delete(layout::index(index.id), &index.row(&entry, &kept, record).0)?;
            }
        }
        tx.delete(layout::documents(self.info.id), &record.to_be_bytes())?;
        self.documents = self.documents.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(old.bytes().len() as u64);
        self.counters_changed = true;
        Ok(())
    }

    fn add_entries(
        &mut self,
        tx: &mut dyn Write,
        at: usize,
        record: u64,
        new: RawDocument<'_>,
        old: Option<RawDocument<'_>>,
    ) -> Result<()> {
        let Some(index) = self.info.indexes.get_mut(at) else { return Ok(()) };
        if let Some(old) = old
            && index.partial.is_none()
            && matches!(index.kind, Kind::Keys)
            && index.fields.iter().all(|field| old.get(field.path.root()) == new.get(field.path.root()))
        {
            return Ok(());
        }
        let entries = index.entries(new)?;
        let before = old.map(|old| index.entries(old)).transpose()?.map(|entries| entries.rows).unwrap_or_default();
        if entries.multikey && !index.multikey {
            index.multikey = true;
            self.info_changed = true;
        }
        let space = layout::index(index.id);
        for (gone, kept) in before.iter().filter(|(entry, _)| !entries.rows.contains_key(*entry)) {
            tx.delete(space, &index.row(gone, kept, record).0)?;
        }
        for (entry, kept) in &entries.rows {
            let known = before.get(entry);
            if known == Some(kept) {
                continue;
            }
            let (key, value) = index.row(entry, kept, record);
            if index.unique && known.is_none() && tx.contains(space, &key)? {
                let shown = index.duplicate_key(new, entry);
                return Err(duplicate(&self.database_name, &self.info.name, &index.name, &shown));
            }
            tx.put(space, &key, &value)?;
        }
        Ok(())
    }

    /// Adds an index and fills it with the documents that are there: their entries are collected, sorted and
    /// put in key order.
    pub fn build_index(&mut self, tx: &mut dyn Write, mut index: Index) -> Result<()> {
        let mut rows: Vec<(Vec<u8>, Vec<u8>, u64)> = Vec::new();
        let mut failure = None;
        tx.scan(layout::documents(self.info.id), &KeyRange::all(), Direction::Forward, &mut |key, bytes| {
            let taken = layout::record_id(key).and_then(|record| {
                let entries = index.entries(RawDocument::new(bytes))?;
                index.multikey |= entries.multikey;
                rows.extend(entries.rows.into_iter().map(|(entry, kept)| (entry, kept, record)));
                Ok(())
            });
            Ok(match taken {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failure = Some(error);
                    ControlFlow::Break(())
                }
            })
        })?;
        if let Some(error) = failure {
            return Err(error);
        }
        rows.sort_unstable_by(|a, b| (&a.0, a.2).cmp(&(&b.0, b.2)));
        if index.unique
            && let Some(pair) = rows.windows(2).find(|pair| pair[0].0 == pair[1].0)
        {
            let document = self.get(tx.as_read(), pair[1].2)?.unwrap_or_default();
            let shown = index.duplicate_key(RawDocument::new(&document), &pair[1].0);
            return Err(duplicate(&self.database_name, &self.info.name, &index.name, &shown));
        }
        let space = layout::index(index.id);
        for (entry, kept, record) in rows {
            let (key, value) = index.row(&entry, &kept, record);
            tx.put(space, &key, &value)?;
        }
        self.info.indexes.push(index);
        self.info_changed = true;
        Ok(())
    }

    /// Removes indexes by their place in the catalog row.
    pub fn drop_indexes(&mut self, tx: &mut dyn Write, keep: impl Fn(&Index) -> bool) -> Result<()> {
        for index in self.info.indexes.iter().filter(|index| !keep(index)) {
            tx.drop_space(layout::index(index.id))?;
        }
        self.info.indexes.retain(keep);
        self.info_changed = true;
        Ok(())
    }

    /// Marks the catalog row as changed.
    pub fn touch(&mut self) {
        self.info_changed = true;
    }

    fn validate(&self, document: &Document) -> Result<()> {
        match &self.validator {
            Some(validator) if !validator.matches(document)? => {
                Err(Error::new(Code::DocumentValidationFailure, "Document failed validation")
                    .hint(format!("db.getCollectionInfos({{ name: {:?} }}) shows the validator", self.info.name)))
            }
            _ => Ok(()),
        }
    }
}

/// E11000, with the document's values as MongoDB prints them.
fn duplicate(database: &str, collection: &str, index: &str, values: &Document) -> Error {
    let shown: Vec<String> =
        values.iter().map(|(name, value)| format!("{name}: {}", super::shell_text::value(value))).collect();
    Error::new(
        Code::DuplicateKey,
        format!(
            "E11000 duplicate key error collection: {database}.{collection} index: {index} dup key: {{ {} }}",
            shown.join(", ")
        ),
    )
}

/// The document with `_id` as its first field; a missing one is made.
pub fn with_id_first(mut document: Document) -> Document {
    if document.keys().next().is_some_and(|first| first == "_id") {
        return document;
    }
    let id = document.remove("_id").unwrap_or_else(|| Bson::ObjectId(ObjectId::new()));
    let mut ordered = Document::new();
    ordered.insert("_id", id);
    ordered.extend(document);
    ordered
}

fn check_id(id: &Bson) -> Result<()> {
    let kind = match id {
        Bson::Array(_) => "array",
        Bson::RegularExpression(_) => "regex",
        Bson::Undefined => "undefined",
        Bson::Document(document) => {
            return match document.keys().find(|key| key.starts_with('$')) {
                Some(key) => Err(Error::new(
                    Code::DollarPrefixedFieldName,
                    format!("_id fields may not contain '$'-prefixed fields: {key} is not valid for storage."),
                )),
                None => Ok(()),
            };
        }
        _ => return Ok(()),
    };
    Err(Error::new(Code::InvalidIdField, format!("The '_id' value cannot be of type {kind}")))
}
