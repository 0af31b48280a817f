//! The shared part of the catalog: named databases and number generators.
//!
//! | key in `meta` | value |
//! |---|---|
//! | `format` | format version, u32 big-endian |
//! | `db\0NAME` | database id, u32 big-endian |
//! | `next\0COUNTER` | the next number of a counter, u64 big-endian |
//!
//! Engines keep their own catalog rows in `meta` as well, under their own first word (`coll\0…`, `kv\0…`).

use super::{Direction, Error, KeyRange, Read, Result, Space, Write};
use std::ops::ControlFlow;

/// The space of catalog rows.
pub const META: Space = Space::named("meta");

/// Catalog look-ups; a namespace, not a thing.
pub struct Catalog;

impl Catalog {
    /// The id of a database, if it was ever written to.
    pub fn database(tx: &dyn Read, name: &str) -> Result<Option<u32>> {
        tx.get(META, &database_key(name))?.map(|bytes| number(&bytes)).transpose()
    }

    /// The id of a database, which is made if it is missing.
    pub fn database_or_create(tx: &mut dyn Write, name: &str) -> Result<u32> {
        if let Some(id) = Self::database(tx.as_read(), name)? {
            return Ok(id);
        }
        let id =
            u32::try_from(Self::next_number(tx, "database")?).map_err(|_| Error::corrupted("the database counter"))?;
        tx.put(META, &database_key(name), &id.to_be_bytes())?;
        Ok(id)
    }

    /// All databases, by name.
    pub fn databases(tx: &dyn Read) -> Result<Vec<(String, u32)>> {
        let mut all = Vec::new();
        tx.scan(META, &KeyRange::prefix(b"db\0"), Direction::Forward, &mut |key, value| {
            all.push((String::from_utf8_lossy(&key[3..]).into_owned(), number(value)?));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(all)
    }

    /// Forgets the name of a database; its owner has removed its data.
    pub fn forget_database(tx: &mut dyn Write, name: &str) -> Result<()> {
        tx.delete(META, &database_key(name))
    }

    /// The next number of a counter, from 1. Numbers of rolled-back statements may be given again;
    /// numbers of committed ones never are.
    pub fn next_number(tx: &mut dyn Write, counter: &str) -> Result<u64> {
        Self::reserve_numbers(tx, counter, 1)
    }

    /// Reserves `count` numbers of a counter and answers the first.
    pub fn reserve_numbers(tx: &mut dyn Write, counter: &str, count: u64) -> Result<u64> {
        let key = [b"next\0", counter.as_bytes()].concat();
        let next = match tx.get(META, &key)? {
            Some(bytes) => u64::from_be_bytes(bytes.try_into().map_err(|_| Error::corrupted("a number counter"))?),
            None => 1,
        };
        tx.put(META, &key, &(next + count).to_be_bytes())?;
        Ok(next)
    }
}

fn database_key(name: &str) -> Vec<u8> {
    [b"db\0", name.as_bytes()].concat()
}

fn number(bytes: &[u8]) -> Result<u32> {
    Ok(u32::from_be_bytes(bytes.try_into().map_err(|_| Error::corrupted("a catalog id"))?))
}
