//! A collection's documents: reading them, and writing them with their index entries.

mod change;
mod entries;
mod load;
mod rules;

pub use change::of_collection as change_of_collection;
pub use entries::Size;
pub use load::{Load, Refused};
pub use rules::{Rules, check_options};

use super::catalog::{self, CollectionInfo};
use super::{Code, Context, Error, Result, layout};
use crate::storage::{Direction, KeyRange, META, Read};
use crate::value::raw::RawDocument;
use bson::oid::ObjectId;
use bson::{Bson, Document};
use std::ops::ControlFlow;

/// An open collection. Counters are written back by [`Collection::close`], once a statement.
pub struct Collection {
    /// Its catalog row.
    pub info: CollectionInfo,
    database_name: String,
    next_record: u64,
    documents: u64,
    bytes: u64,
    /// Of each index, in the order of the catalog row.
    sizes: Vec<Size>,
    counters_changed: bool,
    info_changed: bool,
    rules: Rules,
}

impl Collection {
    /// Opens a collection, if there is one of this name.
    ///
    /// # Errors
    /// Storage.
    pub fn open(cx: &Context<'_>, name: &str) -> Result<Option<Collection>> {
        let tx = cx.tx.as_read();
        catalog::find(tx, cx.database, name)?.map(|info| Self::of(tx, cx.database_name, info)).transpose()
    }

    /// Opens a collection for writing, which is made if it is missing.
    ///
    /// # Errors
    /// It is a view.
    pub fn open_or_create(cx: &mut Context<'_>, name: &str) -> Result<Collection> {
        let info = match catalog::find(cx.tx.as_read(), cx.database, name)? {
            Some(info) => info,
            None => catalog::create(cx.tx, cx.database, name, Document::new())?,
        };
        if info.view().is_some() {
            return Err(Error::new(
                Code::CommandNotSupportedOnView,
                format!("Namespace {}.{name} is a view, not a collection", cx.database_name),
            ));
        }
        Self::of(cx.tx.as_read(), cx.database_name, info)
    }

    /// A collection of this catalog row.
    ///
    /// # Errors
    /// Storage.
    pub fn of(tx: &dyn Read, database_name: &str, info: CollectionInfo) -> Result<Collection> {
        let row = tx.get(META, &layout::counters_key(info.id))?;
        let counters = layout::Counters::read(row.as_deref())?;
        let size = |id: u32| counters.indexes.iter().find(|(known, ..)| *known == id);
        let sizes = info.indexes.iter().map(|index| match size(index.id) {
            Some((_, entries, bytes)) => Size { entries: *entries, bytes: *bytes },
            None => Size::default(),
        });
        Ok(Collection {
            sizes: sizes.collect(),
            rules: Rules::of(&info)?,
            database_name: database_name.to_owned(),
            next_record: counters.next_record,
            documents: counters.documents,
            bytes: counters.bytes,
            counters_changed: false,
            info_changed: false,
            info,
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

    /// How large its indexes are, in the order of the catalog row.
    pub fn sizes(&self) -> &[Size] {
        &self.sizes
    }

    /// What its options ask of it.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Writes counters and catalog row back, if they changed.
    ///
    /// # Errors
    /// Storage.
    pub fn close(mut self, cx: &mut Context<'_>) -> Result<()> {
        self.write_counters(cx)
    }

    fn write_counters(&mut self, cx: &mut Context<'_>) -> Result<()> {
        if self.counters_changed {
            let indexes = self.info.indexes.iter().zip(&self.sizes);
            let counters = layout::Counters {
                next_record: self.next_record,
                documents: self.documents,
                bytes: self.bytes,
                indexes: indexes.map(|(index, size)| (index.id, size.entries, size.bytes)).collect(),
            };
            cx.tx.put(META, &layout::counters_key(self.info.id), &counters.row())?;
        }
        if self.info_changed {
            catalog::store(cx.tx, cx.database, &self.info)?;
        }
        (self.counters_changed, self.info_changed) = (false, false);
        Ok(())
    }

    /// The bytes of a record's document.
    ///
    /// # Errors
    /// Storage.
    pub fn get(&self, tx: &dyn Read, record: u64) -> Result<Option<Vec<u8>>> {
        Ok(tx.get(layout::documents(self.info.id), &record.to_be_bytes())?)
    }

    /// Puts a new document in, with `_id` first, which is made if it is missing; answers the `_id`.
    ///
    /// # Errors
    /// The rules of the collection, a key that a unique index has already.
    pub fn insert(&mut self, cx: &mut Context<'_>, document: Document) -> Result<Bson> {
        let document = with_id_first(document);
        let id = document.get("_id").cloned().unwrap_or(Bson::Null);
        check_id(&id)?;
        self.rules.check(&document, None)?;
        let bytes = layout::encode(&document)?;
        let record = self.next_record;
        for at in 0..self.info.indexes.len() {
            self.add_entries(cx.tx, at, record, RawDocument::new(&bytes), None)?;
        }
        cx.tx.put(layout::documents(self.info.id), &record.to_be_bytes(), &bytes)?;
        self.next_record += 1;
        self.documents += 1;
        self.bytes += bytes.len() as u64;
        self.counters_changed = true;
        change::inserted(cx, &self.info.name, document);
        self.make_room(cx)?;
        Ok(id)
    }

    /// The collection with the rules that its options have become.
    ///
    /// # Errors
    /// A validator that cannot be compiled.
    pub fn with_rules_read_again(mut self) -> Result<Collection> {
        self.rules = Rules::of(&self.info)?;
        Ok(self)
    }

    /// A capped collection lets its oldest documents go.
    ///
    /// # Errors
    /// Storage.
    pub fn make_room(&mut self, cx: &mut Context<'_>) -> Result<()> {
        let Some(cap) = self.rules.cap else { return Ok(()) };
        while self.documents > 1 && (self.bytes > cap.bytes || cap.documents.is_some_and(|most| self.documents > most))
        {
            let mut oldest = None;
            cx.tx.scan(layout::documents(self.info.id), &KeyRange::all(), Direction::Forward, &mut |key, bytes| {
                oldest = Some((key.to_vec(), bytes.to_vec()));
                Ok(ControlFlow::Break(()))
            })?;
            let Some((key, bytes)) = oldest else { return Ok(()) };
            self.remove(cx, layout::record_id(&key)?, RawDocument::new(&bytes))?;
        }
        Ok(())
    }

    /// Puts `new` in the place of the bytes `old`, if it differs; answers whether it does. Only indexes whose
    /// entries differ are touched. `whole`: the document was replaced, not updated.
    ///
    /// # Errors
    /// As [`Collection::insert`].
    pub fn replace(
        &mut self,
        cx: &mut Context<'_>,
        record: u64,
        old: RawDocument<'_>,
        new: &Document,
        whole: bool,
    ) -> Result<bool> {
        let bytes = layout::encode(new)?;
        if bytes == old.bytes() {
            return Ok(false);
        }
        self.rules.check(new, Some(old))?;
        for at in 0..self.info.indexes.len() {
            self.add_entries(cx.tx, at, record, RawDocument::new(&bytes), Some(old))?;
        }
        cx.tx.put(layout::documents(self.info.id), &record.to_be_bytes(), &bytes)?;
        self.bytes = (self.bytes + bytes.len() as u64).saturating_sub(old.bytes().len() as u64);
        self.counters_changed = true;
        change::replaced(cx, &self.info.name, old, new, whole);
        Ok(true)
    }

    /// Takes a document out.
    ///
    /// # Errors
    /// Storage.
    pub fn remove(&mut self, cx: &mut Context<'_>, record: u64, old: RawDocument<'_>) -> Result<()> {
        self.remove_entries(cx.tx, record, old)?;
        cx.tx.delete(layout::documents(self.info.id), &record.to_be_bytes())?;
        self.documents = self.documents.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(old.bytes().len() as u64);
        self.counters_changed = true;
        change::removed(cx, &self.info.name, old);
        Ok(())
    }

    /// Marks the catalog row as changed.
    pub fn touch(&mut self) {
        self.info_changed = true;
    }
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
