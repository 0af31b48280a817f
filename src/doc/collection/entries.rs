//! Index entries of documents, and indexes as a whole.

use super::Collection;
use crate::doc::index::{Index, Kind};
use crate::doc::spill::{Budget, Sorter};
use crate::doc::{Code, Context, Error, Result, layout, shell_text};
use crate::storage::{Direction, KeyRange, Write};
use crate::value::raw::RawDocument;
use bson::Bson;
use std::ops::ControlFlow;

/// What the entries of an index that is built may take in memory, as in MongoDB
/// (`maxIndexBuildMemoryUsageMegabytes`).
const BUILD: Budget = Budget { bytes: 200 << 20, disk: true };

/// How much of a store an index takes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Size {
    /// Rows.
    pub entries: u64,
    /// Bytes of keys and values.
    pub bytes: u64,
}

impl Size {
    fn add(&mut self, (key, value): &(Vec<u8>, Vec<u8>)) {
        self.entries += 1;
        self.bytes += (key.len() + value.len()) as u64;
    }

    fn take(&mut self, (key, value): &(Vec<u8>, Vec<u8>)) {
        self.entries = self.entries.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub((key.len() + value.len()) as u64);
    }
}

impl Collection {
    /// Puts the entries of a document into one index, and takes those of the document it replaces out.
    pub(super) fn add_entries(
        &mut self,
        tx: &mut dyn Write,
        at: usize,
        record: u64,
        new: RawDocument<'_>,
        old: Option<RawDocument<'_>>,
    ) -> Result<()> {
        let Some(index) = self.info.indexes.get_mut(at) else { return Ok(()) };
        let mut size = self.sizes.get(at).copied().unwrap_or_default();
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
            let row = index.row(gone, kept, record);
            tx.delete(space, &row.0)?;
            size.take(&row);
        }
        for (entry, kept) in &entries.rows {
            let known = before.get(entry);
            if known == Some(kept) {
                continue;
            }
            let row = index.row(entry, kept, record);
            if index.unique && known.is_none() && tx.contains(space, &row.0)? {
                return Err(duplicate(&self.database_name, &self.info.name, index, new, entry));
            }
            tx.put(space, &row.0, &row.1)?;
            match known {
                None => size.add(&row),
                Some(before) => {
                    let before = index.row(entry, before, record);
                    size.bytes = (size.bytes + row.1.len() as u64).saturating_sub(before.1.len() as u64);
                }
            }
        }
        if let Some(known) = self.sizes.get_mut(at) {
            *known = size;
        }
        Ok(())
    }

    /// Adds an index and fills it with the documents that are there.
    ///
    /// # Errors
    /// DuplicateKey (11000); a document that the index refuses; storage or a temporary file.
    pub fn build_index(&mut self, cx: &mut Context<'_>, index: Index) -> Result<()> {
        self.build_index_within(cx, index, BUILD)
    }

    /// Entries are collected, sorted within a budget of memory, and put in key order.
    fn build_index_within(&mut self, cx: &mut Context<'_>, mut index: Index, budget: Budget) -> Result<()> {
        let tx = &mut *cx.tx;
        let mut sorter = Sorter::new("createIndexes", budget, None);
        let mut failure = None;
        let mut sorted = Vec::new();
        let mut work = tx.work(&format!("index {}: read", index.name), self.documents, "documents");
        tx.scan(layout::documents(self.info.id), &KeyRange::all(), Direction::Forward, &mut |key, bytes| {
            work.step();
            let taken = layout::record_id(key).and_then(|record| {
                let entries = index.entries(RawDocument::new(bytes))?;
                index.multikey |= entries.multikey;
                for (entry, kept) in entries.rows {
                    sorted.clear();
                    sorted.extend_from_slice(&entry);
                    sorted.extend_from_slice(&record.to_be_bytes());
                    sorter.push_with(&sorted, |bytes| bytes.extend_from_slice(&kept))?;
                }
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
        let space = layout::index(index.id);
        let mut size = Size::default();
        let mut work = tx.work(&format!("index {}: wrote", index.name), sorter.len(), "entries");
        let mut last: Option<Vec<u8>> = None;
        let mut sorted = sorter.finish()?;
        while let Some((key, kept)) = sorted.next_bytes()? {
            work.step();
            tx.check_interrupt()?;
            let (entry, record) = key.split_at(key.len().saturating_sub(size_of::<u64>()));
            let record = layout::record_id(record)?;
            if index.unique {
                if last.as_deref() == Some(entry) {
                    tx.drop_space(space)?;
                    let document = self.get(tx.as_read(), record)?.unwrap_or_default();
                    return Err(self.duplicate(&index, RawDocument::new(&document), entry));
                }
                let last = last.get_or_insert_default();
                last.clear();
                last.extend_from_slice(entry);
            }
            let row = index.row(entry, &kept, record);
            tx.put(space, &row.0, &row.1)?;
            size.add(&row);
        }
        self.info.indexes.push(index);
        self.sizes.push(size);
        self.info_changed = true;
        self.counters_changed = true;
        Ok(())
    }

    /// E11000: another document has this entry already.
    pub(super) fn duplicate(&self, index: &Index, document: RawDocument<'_>, entry: &[u8]) -> Error {
        duplicate(&self.database_name, &self.info.name, index, document, entry)
    }

    /// Takes the entries of a document out of all indexes.
    pub(super) fn remove_entries(&mut self, tx: &mut dyn Write, record: u64, old: RawDocument<'_>) -> Result<()> {
        for (at, index) in self.info.indexes.iter().enumerate() {
            for (entry, kept) in index.entries(old)?.rows {
                let row = index.row(&entry, &kept, record);
                tx.delete(layout::index(index.id), &row.0)?;
                if let Some(size) = self.sizes.get_mut(at) {
                    size.take(&row);
                }
            }
        }
        Ok(())
    }

    /// Removes the indexes that are not to be kept.
    pub fn drop_indexes(&mut self, cx: &mut Context<'_>, keep: impl Fn(&Index) -> bool) -> Result<()> {
        for index in self.info.indexes.iter().filter(|index| !keep(index)) {
            cx.tx.drop_space(layout::index(index.id))?;
        }
        let mut kept = self.info.indexes.iter().map(&keep);
        self.sizes.retain(|_| kept.next().unwrap_or(true));
        drop(kept);
        self.info.indexes.retain(keep);
        self.info_changed = true;
        self.counters_changed = true;
        Ok(())
    }
}

/// E11000, with the document's values as MongoDB prints them.
fn duplicate(database: &str, collection: &str, index: &Index, document: RawDocument<'_>, entry: &[u8]) -> Error {
    let values = index.duplicate_key(document, entry);
    let shown: Vec<String> =
        values.iter().map(|(name, value)| format!("{name}: {}", shown_key(index, value))).collect();
    let collation = match &index.collation {
        Some(collation) => format!(" collation: {}", shell_text::document(collation.spec())),
        None => String::new(),
    };
    Error::new(
        Code::DuplicateKey,
        format!(
            "E11000 duplicate key error collection: {database}.{collection} index: {}{collation} dup key: {{ {} }}",
            index.name,
            shown.join(", ")
        ),
    )
}

/// A value as its key is: a string under a collation is the bytes it is compared by.
fn shown_key(index: &Index, value: &Bson) -> String {
    match (&index.collation, value) {
        (Some(collation), Bson::String(text)) => {
            let hex: String = collation.key(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
            format!("CollationKey(0x{hex})")
        }
        _ => shell_text::value(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doc::Memory;
    use crate::storage::{Options, Store};
    use bson::doc;

    /// An index whose entries outgrow their memory is the index that memory alone would have built.
    #[test]
    fn an_index_is_the_same_however_little_memory_builds_it() {
        let store = Store::in_memory(Options::default()).unwrap();
        let mut tx = store.begin().unwrap();
        let memory = Memory::default();
        let cx = &mut Context::of_tests(&mut tx, &memory);
        let mut collection = Collection::open_or_create(cx, "c").unwrap();
        for number in 0..3000_i64 {
            let document =
                doc! { "_id": number, "n": number * 7919 % 3001, "t": [number % 5, "x".repeat((number % 9) as usize)] };
            collection.insert(cx, document).unwrap();
        }
        let rows = |cx: &Context<'_>, id: u32| {
            let mut rows = Vec::new();
            cx.tx
                .scan(layout::index(id), &KeyRange::all(), Direction::Forward, &mut |key, value| {
                    rows.push((key.to_vec(), value.to_vec()));
                    Ok(ControlFlow::Continue(()))
                })
                .unwrap();
            rows
        };
        for (at, (pattern, unique)) in
            [(doc! { "n": 1 }, true), (doc! { "t": -1, "n": 1 }, false), (doc! { "n": "hashed" }, false)]
                .into_iter()
                .enumerate()
        {
            let id = 10 + 2 * at as u32;
            let index = |id: u32| Index::new(id, &pattern, &doc! { "unique": unique }).unwrap();
            collection.build_index(cx, index(id)).unwrap();
            collection.build_index_within(cx, index(id + 1), Budget { bytes: 5000, disk: true }).unwrap();
            let expected = rows(cx, id);
            assert!(expected.len() >= 3000);
            assert_eq!(rows(cx, id + 1), expected);
        }
        let unique = Index::new(30, &doc! { "t": 1 }, &doc! { "unique": true }).unwrap();
        let error = collection.build_index_within(cx, unique, Budget { bytes: 5000, disk: true }).unwrap_err();
        assert_eq!(error.code, Code::DuplicateKey);
        assert!(rows(cx, 30).is_empty());
    }
}
