//! Collections and indexes as the catalog knows them: one BSON row a collection.

use super::index::Index;
use super::{Code, Error, Result, layout};
use crate::storage::{Catalog, Direction, KeyRange, META, Read, Write};
use crate::value::collation::Collation;
use bson::{Bson, Document, doc};
use std::ops::ControlFlow;

/// A collection's catalog row.
#[derive(Debug, Clone)]
pub struct CollectionInfo {
    /// Its number, which names its space.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// As given to `createCollection` (validator …).
    pub options: Document,
    /// Its indexes, `_id_` first. Empty for a view.
    pub indexes: Vec<Index>,
}

impl CollectionInfo {
    /// The collection a view looks at and its pipeline, if this is a view.
    pub fn view(&self) -> Option<(&str, Vec<Bson>)> {
        let source = self.options.get_str("viewOn").ok()?;
        Some((source, self.options.get_array("pipeline").cloned().unwrap_or_default()))
    }

    /// How its strings compare, unless a statement says otherwise.
    pub fn collation(&self) -> Result<Option<Collation>> {
        match self.options.get_document("collation") {
            Ok(spec) => Collation::new(spec).map_err(Error::in_collation),
            Err(_) => Ok(None),
        }
    }

    fn to_document(&self) -> Document {
        let indexes: Vec<Bson> = self.indexes.iter().map(|index| Bson::Document(index.to_document())).collect();
        doc! { "id": i64::from(self.id), "options": self.options.clone(), "indexes": indexes }
    }

    fn from_row(name: &str, bytes: &[u8]) -> Result<CollectionInfo> {
        let row = layout::decode(bytes)?;
        let id = row.get_i64("id").ok().and_then(|id| u32::try_from(id).ok());
        let indexes = row
            .get_array("indexes")
            .map_err(|_| layout::damaged("a collection's indexes"))?
            .iter()
            .map(|index| index.as_document().ok_or_else(|| layout::damaged("an index")).and_then(Index::from_document))
            .collect::<Result<_>>()?;
        Ok(CollectionInfo {
            id: id.ok_or_else(|| layout::damaged("a collection's number"))?,
            name: name.to_owned(),
            options: row.get_document("options").cloned().unwrap_or_default(),
            indexes,
        })
    }
}

/// A collection's row, if there is such a collection.
pub fn find(tx: &dyn Read, database: u32, name: &str) -> Result<Option<CollectionInfo>> {
    match tx.get(META, &layout::collection_key(database, name))? {
        Some(bytes) => CollectionInfo::from_row(name, &bytes).map(Some),
        None => Ok(None),
    }
}

/// Writes a collection's row.
pub fn store(tx: &mut dyn Write, database: u32, info: &CollectionInfo) -> Result<()> {
    let bytes = layout::encode(&info.to_document())?;
    Ok(tx.put(META, &layout::collection_key(database, &info.name), &bytes)?)
}

/// All collections of a database, by name.
pub fn list(tx: &dyn Read, database: u32) -> Result<Vec<CollectionInfo>> {
    let prefix = layout::collections_prefix(database);
    let mut rows = Vec::new();
    tx.scan(META, &KeyRange::prefix(&prefix), Direction::Forward, &mut |key, value| {
        rows.push((String::from_utf8_lossy(&key[prefix.len()..]).into_owned(), value.to_vec()));
        Ok(ControlFlow::Continue(()))
    })?;
    rows.iter().map(|(name, bytes)| CollectionInfo::from_row(name, bytes)).collect()
}

/// Makes a collection with its `_id_` index (a view has none).
pub fn create(tx: &mut dyn Write, database: u32, name: &str, options: Document) -> Result<CollectionInfo> {
    check_name(name)?;
    let id = number(Catalog::next_number(tx, "collection")?)?;
    let mut info = CollectionInfo { id, name: name.to_owned(), options, indexes: Vec::new() };
    if info.view().is_none() {
        info.indexes.push(Index::on_id(next_index_number(tx)?, info.options.get_document("collation").ok())?);
    }
    store(tx, database, &info)?;
    Ok(info)
}

/// The number of a new index.
pub fn next_index_number(tx: &mut dyn Write) -> Result<u32> {
    number(Catalog::next_number(tx, "index")?)
}

/// Removes a collection with its documents and indexes.
pub fn drop(tx: &mut dyn Write, database: u32, info: &CollectionInfo) -> Result<()> {
    for index in &info.indexes {
        tx.drop_space(layout::index(index.id))?;
    }
    tx.drop_space(layout::documents(info.id))?;
    tx.delete(META, &layout::counters_key(info.id))?;
    Ok(tx.delete(META, &layout::collection_key(database, &info.name))?)
}

/// Gives a collection another name.
pub fn rename(tx: &mut dyn Write, database: u32, info: &mut CollectionInfo, name: &str) -> Result<()> {
    check_name(name)?;
    tx.delete(META, &layout::collection_key(database, &info.name))?;
    name.clone_into(&mut info.name);
    store(tx, database, info)
}

fn number(number: u64) -> Result<u32> {
    u32::try_from(number).map_err(|_| layout::damaged("a counter of the catalog"))
}

/// What MongoDB demands of a collection's name.
fn check_name(name: &str) -> Result<()> {
    let invalid =
        |why: &str| Err(Error::new(Code::InvalidNamespace, format!("Invalid collection name: {name:?}: {why}")));
    if name.is_empty() {
        return invalid("collection names cannot be empty");
    }
    if name.contains('$') {
        return invalid("collection names cannot contain '$'");
    }
    if name.contains('\0') {
        return invalid("collection names cannot contain a NUL character");
    }
    if name.starts_with('.') || name.ends_with('.') || name.contains("..") {
        return invalid("collection names cannot start or end with '.', nor contain '..'");
    }
    if name.len() > 255 {
        return invalid("collection names are limited to 255 bytes");
    }
    Ok(())
}
