//! Loading many documents into a collection: their `_id`s are put into its index in sorted runs.

use super::{Collection, check_id};
use crate::doc::index::Index;
use crate::doc::{Context, Error, Result, layout};
use crate::storage::{Direction, KeyRange};
use crate::value::key;
use crate::value::raw::{RawDocument, RawValue, Writer, kind};
use crate::value::view::View;
use bson::oid::ObjectId;

/// A run of `_id`s may take so many bytes.
const RUN_BYTES: usize = 32 << 20;

/// A collection being filled. What is loaded may be read once [`Load::finish`] has run.
pub struct Load {
    collection: Collection,
    /// Whether `_id`s are collected: the only index is that of `_id`, and nobody must hear of each document.
    collects: bool,
    run: Run,
    /// The greatest key of the `_id`s that are in the index.
    greatest: Option<Vec<u8>>,
    loaded: u64,
    refused: Vec<Refused>,
}

/// A document that was not taken.
pub struct Refused {
    /// The caller's word for where it came from.
    pub place: u64,
    /// Why.
    pub error: Error,
}

/// `_id`s that wait to be sorted.
#[derive(Default)]
struct Run {
    bytes: Vec<u8>,
    ids: Vec<Id>,
}

/// Where the key of an `_id` and the types of its values lie, and whose they are.
struct Id {
    start: usize,
    key: usize,
    types: usize,
    record: u64,
    place: u64,
}

impl Run {
    fn push(&mut self, id: RawValue<'_>, record: u64, place: u64) {
        let start = self.bytes.len();
        let mut types = Vec::new();
        key::encode_typed(View::from(id), false, &mut self.bytes, &mut types);
        let key = self.bytes.len() - start;
        // Types that are 0 need not be kept.
        types.truncate(types.iter().rposition(|&kind| kind != 0).map_or(0, |last| last + 1));
        self.bytes.extend_from_slice(&types);
        self.ids.push(Id { start, key, types: types.len(), record, place });
    }

    fn key(&self, id: &Id) -> &[u8] {
        self.bytes.get(id.start..id.start + id.key).unwrap_or_default()
    }

    fn types(&self, id: &Id) -> &[u8] {
        let start = id.start + id.key;
        self.bytes.get(start..start + id.types).unwrap_or_default()
    }

    fn is_full(&self) -> bool {
        self.bytes.len() + self.ids.len() * size_of::<Id>() > RUN_BYTES
    }
}

impl Load {
    /// Opens a collection, which is made if it is missing.
    ///
    /// # Errors
    /// It is a view, or cannot be made.
    pub fn begin(cx: &mut Context<'_>, name: &str) -> Result<Load> {
        let collection = Collection::open_or_create(cx, name)?;
        let collects = collection.info.indexes.len() == 1
            && collection.info.indexes.iter().all(|index| index.name == "_id_" && index.keeps_types)
            && collection.rules.cap.is_none()
            && cx.changes.is_none();
        let mut greatest = None;
        if let Some(index) = collection.info.indexes.first() {
            let last = cx.tx.first(layout::index(index.id), &KeyRange::all(), Direction::Backward)?;
            greatest = last.map(|(key, _)| key);
        }
        Ok(Load { collection, collects, run: Run::default(), greatest, loaded: 0, refused: Vec::new() })
    }

    /// Takes a document's bytes. Whether its `_id` is new may be found out later: see [`Load::take_refused`].
    ///
    /// # Errors
    /// Storage; a document that is refused is no error.
    pub fn document(&mut self, cx: &mut Context<'_>, bytes: &[u8], place: u64) -> Result<()> {
        let taken = if self.collects { self.collect(cx, bytes, place) } else { self.insert(cx, bytes) };
        match taken {
            Ok(()) => self.loaded += 1,
            Err(error) if error.is_storage() => return Err(error),
            Err(error) => self.refused.push(Refused { place, error }),
        }
        if self.run.is_full() { self.write_run(cx) } else { Ok(()) }
    }

    /// The documents refused since the last time.
    pub fn take_refused(&mut self) -> Vec<Refused> {
        std::mem::take(&mut self.refused)
    }

    /// Writes what is left, and answers how many documents were loaded since the beginning. Ask for the refused ones
    /// once more.
    ///
    /// # Errors
    /// Storage.
    pub fn finish(&mut self, cx: &mut Context<'_>) -> Result<u64> {
        self.write_run(cx)?;
        self.collection.write_counters(cx)?;
        Ok(self.loaded)
    }

    /// As any insert does it.
    fn insert(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Result<()> {
        let document = RawDocument::new(bytes).decode().map_err(Error::bad_value)?;
        let (mark, sizes) = (cx.tx.mark(), self.collection.sizes.clone());
        let inserted = self.collection.insert(cx, document);
        if inserted.is_err() {
            cx.tx.rollback_to(mark);
            self.collection.sizes = sizes;
        }
        inserted.map(|_| ())
    }

    fn collect(&mut self, cx: &mut Context<'_>, bytes: &[u8], place: u64) -> Result<()> {
        let document = RawDocument::new(bytes);
        let first = document.fields().next();
        let ordered;
        let document = match first {
            Some(("_id", _)) => document,
            _ => {
                ordered = with_id_first(document);
                RawDocument::new(&ordered)
            }
        };
        let Some((_, id)) = document.fields().next() else { return Ok(()) };
        if matches!(id.kind, kind::DOCUMENT | kind::ARRAY | kind::REGEX | kind::UNDEFINED) {
            check_id(&id.to_bson())?;
        }
        layout::check_size(document.bytes().len())?;
        if !self.collection.rules.is_empty() {
            self.collection.rules.check(&document.to_document(), None)?;
        }
        let record = self.collection.next_record;
        self.run.push(id, record, place);
        cx.tx.put(layout::documents(self.collection.info.id), &record.to_be_bytes(), document.bytes())?;
        self.collection.next_record += 1;
        self.collection.documents += 1;
        self.collection.bytes += document.bytes().len() as u64;
        self.collection.counters_changed = true;
        Ok(())
    }

    /// Sorts the `_id`s collected so far, puts them into the index and takes back the documents whose `_id` was
    /// there before.
    fn write_run(&mut self, cx: &mut Context<'_>) -> Result<()> {
        let mut run = std::mem::take(&mut self.run);
        let Some(index) = self.collection.info.indexes.first().cloned() else { return Ok(()) };
        let mut ids = std::mem::take(&mut run.ids);
        if !ids.is_sorted_by(|a, b| run.key(a) < run.key(b)) {
            ids.sort_by(|a, b| run.key(a).cmp(run.key(b)));
        }
        let space = layout::index(index.id);
        let mut before: Option<&[u8]> = None;
        for id in &ids {
            let key = run.key(id);
            let known = before == Some(key)
                || self.greatest.as_deref().is_some_and(|greatest| key <= greatest) && cx.tx.contains(space, key)?;
            if known {
                self.take_back(cx, &index, id, key)?;
                continue;
            }
            before = Some(key);
            let types = run.types(id);
            let mut value = [0; 24];
            value[..8].copy_from_slice(&id.record.to_be_bytes());
            match value.get_mut(8..8 + types.len()) {
                Some(place) => {
                    place.copy_from_slice(types);
                    cx.tx.put(space, key, &value[..8 + types.len()])?;
                }
                None => cx.tx.put(space, key, &[&value[..8], types].concat())?,
            }
            if let Some(size) = self.collection.sizes.first_mut() {
                size.entries += 1;
                size.bytes += (key.len() + 8 + types.len()) as u64;
            }
        }
        if let Some(last) = before
            && self.greatest.as_deref().is_none_or(|greatest| greatest < last)
        {
            self.greatest = Some(last.to_vec());
        }
        run.bytes.clear();
        ids.clear();
        self.run = Run { bytes: run.bytes, ids };
        Ok(())
    }

    /// A document whose `_id` is not new goes again.
    fn take_back(&mut self, cx: &mut Context<'_>, index: &Index, id: &Id, key: &[u8]) -> Result<()> {
        let bytes = self.collection.get(cx.tx.as_read(), id.record)?.unwrap_or_default();
        let error = self.collection.duplicate(index, RawDocument::new(&bytes), key);
        cx.tx.delete(layout::documents(self.collection.info.id), &id.record.to_be_bytes())?;
        self.collection.documents = self.collection.documents.saturating_sub(1);
        self.collection.bytes = self.collection.bytes.saturating_sub(bytes.len() as u64);
        self.loaded = self.loaded.saturating_sub(1);
        self.refused.push(Refused { place: id.place, error });
        Ok(())
    }
}

/// The bytes of a document with `_id` as its first field; a missing one is made.
fn with_id_first(document: RawDocument<'_>) -> Vec<u8> {
    let mut writer = Writer::new();
    match document.get("_id") {
        Some(id) => writer.raw("_id", id),
        None => {
            let id = ObjectId::new().bytes();
            writer.raw("_id", RawValue { kind: kind::OBJECT_ID, bytes: &id });
        }
    }
    for (name, value) in document.fields().filter(|(name, _)| *name != "_id") {
        writer.raw(name, value);
    }
    writer.finish()
}
