//! Property indexes: their definitions, their keys, and finding entities by them.
//!
//! A definition is a row of `meta`: `gidx\0`, database, name → id, kind, label or type id, count, key ids.
//! A key of an index is the values as `graph_key` encodes them, one behind the other, then the entity id.

use super::layout::{self, meta_key};
use super::record::Properties;
use super::varint::{self, Reader};
use crate::storage::{Catalog, Cursor, Direction, KeyRange, META, Read, Result, Write};
use crate::value::graph::Value;
use crate::value::graph_key;
use std::ops::{Bound, ControlFlow};

/// A property index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Its space.
    pub id: u32,
    /// On relationships of a type, not on nodes of a label.
    pub on_relationships: bool,
    /// The label or type.
    pub token: u32,
    /// The property keys, in order.
    pub keys: Vec<u32>,
}

/// All indexes of a database, by name.
pub fn all(tx: &dyn Read, database: u32) -> Result<Vec<Index>> {
    let prefix = meta_key("gidx", database, b"");
    let mut all = Vec::new();
    tx.scan(META, &KeyRange::prefix(&prefix), Direction::Forward, &mut |key, row| {
        let mut reader = Reader::new(row);
        let (id, on_relationships, token) = (reader.token()?, reader.byte()? == 1, reader.token()?);
        let keys = (0..reader.number()?).map(|_| reader.token()).collect::<Result<_>>()?;
        let name = String::from_utf8_lossy(&key[prefix.len()..]).into_owned();
        all.push(Index { name, id, on_relationships, token, keys });
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(all)
}

/// Makes an empty index.
pub fn define(
    tx: &mut dyn Write,
    database: u32,
    name: &str,
    on_relationships: bool,
    token: u32,
    keys: Vec<u32>,
) -> Result<Index> {
    let id = u32::try_from(Catalog::next_number(tx, "graph index")?).map_err(|_| varint::damaged())?;
    let mut row = Vec::new();
    varint::push(&mut row, u64::from(id));
    row.push(u8::from(on_relationships));
    varint::push(&mut row, u64::from(token));
    varint::push(&mut row, keys.len() as u64);
    for &key in &keys {
        varint::push(&mut row, u64::from(key));
    }
    tx.put(META, &meta_key("gidx", database, name.as_bytes()), &row)?;
    Ok(Index { name: name.to_owned(), id, on_relationships, token, keys })
}

/// Removes an index and its definition.
pub fn remove(tx: &mut dyn Write, database: u32, index: &Index) -> Result<()> {
    tx.delete(META, &meta_key("gidx", database, index.name.as_bytes()))?;
    tx.drop_space(layout::index(index.id))
}

fn entry(key: &[u8], entity: u64) -> Vec<u8> {
    let mut entry = Vec::with_capacity(key.len() + 8);
    entry.extend_from_slice(key);
    entry.extend_from_slice(&entity.to_be_bytes());
    entry
}

impl Index {
    /// The key of an entity, without its id; `None` if it lacks one of the properties or one of them is
    /// of a kind that is not indexed.
    pub fn key(&self, properties: &Properties) -> Option<Vec<u8>> {
        let mut key = Vec::with_capacity(24);
        for wanted in &self.keys {
            let (_, property) = properties.iter().find(|(key, _)| key == wanted)?;
            if !graph_key::encode(property, &mut key) {
                return None;
            }
        }
        Some(key)
    }

    /// Adds an entity with this key.
    pub fn put(&self, tx: &mut dyn Write, key: &[u8], entity: u64) -> Result<()> {
        tx.put(layout::index(self.id), &entry(key, entity), b"")
    }

    /// Takes an entity with this key out; whether others have it.
    pub fn delete(&self, tx: &mut dyn Write, key: &[u8], entity: u64) -> Result<bool> {
        tx.delete(layout::index(self.id), &entry(key, entity))?;
        Ok(!self.holders(tx.as_read(), key, 1)?.is_empty())
    }

    /// The entities with this key, `most` of them at most.
    pub fn holders(&self, tx: &dyn Read, key: &[u8], most: usize) -> Result<Vec<u64>> {
        let mut found = Vec::new();
        tx.scan(layout::index(self.id), &KeyRange::prefix(key), Direction::Forward, &mut |entry, _| {
            found.push(layout::trailing_id(entry));
            Ok(if found.len() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        Ok(found)
    }

    /// Adds what stands in the keys of entities with a property that equals `value`; false if nothing can
    /// equal it.
    pub fn start_of(&self, value: &Value, key: &mut Vec<u8>) -> bool {
        !value.is_null() && graph_key::encode(value, key)
    }

    /// A cursor over the entries whose keys begin so; the entities' ids end the keys.
    pub fn beginning(&self, start: &[u8]) -> Cursor {
        Cursor::new(layout::index(self.id), KeyRange::prefix(start), Direction::Forward)
    }

    /// A cursor over the entities whose first property lies between the bounds, among values that
    /// compare with them. The ends are included: whoever seeks filters afterwards.
    pub fn range(&self, from: Option<&Value>, to: Option<&Value>) -> Option<Cursor> {
        let (mut start, mut end) = graph_key::comparable_range(from.or(to)?)?;
        if let Some(from) = from {
            start.clear();
            graph_key::encode(from, &mut start);
        }
        let mut end = Bound::Excluded(std::mem::take(&mut end));
        if let Some(to) = to {
            let mut key = Vec::new();
            graph_key::encode(to, &mut key);
            end = KeyRange::prefix(&key).end;
        }
        let range = KeyRange { start: Bound::Included(start), end };
        Some(Cursor::new(layout::index(self.id), range, Direction::Forward))
    }

    /// A cursor over the entities whose first property is a string that begins with `prefix`.
    pub fn starting_with(&self, prefix: &str) -> Cursor {
        Cursor::new(layout::index(self.id), KeyRange::prefix(&graph_key::string_prefix(prefix)), Direction::Forward)
    }
}
