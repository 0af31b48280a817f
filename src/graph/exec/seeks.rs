//! What a statement has found in property indexes, kept in step with what it writes to them.
//!
//! Statements that load data seek the same keys again and again, and ask for every new entity whether
//! its key is taken. Repeated look-ups are answered from here; for a statement that adds many entities
//! the whole index is read at once, so that an unknown key needs no look-up either.

use super::Runtime;
use crate::graph::Result;
use crate::graph::store::{Counted, Index, layout};
use crate::storage::{self, Direction, KeyRange, Read};
use smallvec::SmallVec;
use std::collections::HashMap;
use std::ops::ControlFlow;

/// Keys with more entities than this are left to cursors.
const FEW: usize = 16;

/// An index with more entries than this is not read as a whole, and no more keys are kept.
const MOST_KEYS: u64 = 2_000_000;

/// Most keys are short; then a key and its entity share a cache line.
type Key = SmallVec<[u8; 16]>;
type Table<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// The entities of a key.
#[derive(Debug, Clone)]
enum Holders {
    One(u64),
    Few(Box<[u64]>),
    Many,
}

impl Holders {
    fn new(ids: &[u64]) -> Self {
        match ids {
            [id] => Holders::One(*id),
            ids if ids.len() > FEW => Holders::Many,
            ids => Holders::Few(ids.into()),
        }
    }

    /// `None` if they are many.
    fn ids(&self) -> Option<&[u64]> {
        match self {
            Holders::One(id) => Some(std::slice::from_ref(id)),
            Holders::Few(ids) => Some(ids),
            Holders::Many => None,
        }
    }
}

/// What is known of one index.
#[derive(Debug, Default)]
struct Known {
    keys: Table<Key, Holders>,
    /// Keys that are not here are not in the index.
    complete: bool,
    /// Look-ups so far.
    asked: u64,
}

/// What is known of all indexes.
#[derive(Debug, Default)]
pub struct Seeks {
    indexes: Table<u32, Known>,
}

impl Seeks {
    /// Everything may be different now.
    pub fn forget(&mut self) {
        self.indexes.clear();
    }
}

impl Known {
    /// Counts a look-up; whether it is time to read the whole index, which has `entries`.
    fn pays(&mut self, entries: impl FnOnce() -> Result<u64>) -> Result<bool> {
        self.asked += 1;
        if self.complete || self.asked < 256 || !self.asked.is_power_of_two() {
            return Ok(false);
        }
        let entries = entries()?;
        Ok(entries < MOST_KEYS && self.asked >= entries / 64)
    }

    /// Looks a key up, in the storage if need be; `None` if nothing has it.
    fn find(&mut self, tx: &dyn Read, index: &Index, key: &[u8]) -> storage::Result<Option<&Holders>> {
        if !self.complete && !self.keys.contains_key(key) {
            self.keep_small();
            let found = index.holders(tx, key, FEW + 1)?;
            self.keys.insert(Key::from_slice(key), Holders::new(&found));
        }
        Ok(self.keys.get(key))
    }

    fn keep_small(&mut self) {
        if self.keys.len() as u64 >= MOST_KEYS {
            self.keys.clear();
            self.complete = false;
        }
    }

    /// Reads the whole index.
    fn complete(&mut self, tx: &dyn Read, index: &Index) -> storage::Result<()> {
        self.keys.clear();
        tx.scan(layout::index(index.id), &KeyRange::all(), Direction::Forward, &mut |entry, _| {
            let key = entry.get(..entry.len().saturating_sub(8)).unwrap_or_default();
            self.add(key, layout::trailing_id(entry));
            Ok(ControlFlow::Continue(()))
        })?;
        self.complete = true;
        Ok(())
    }

    /// Notes that an entity has a key.
    fn add(&mut self, key: &[u8], id: u64) {
        match self.keys.get_mut(key) {
            Some(holders) => {
                if let Some(ids) = holders.ids() {
                    *holders = Holders::new(&[ids, &[id]].concat());
                }
            }
            None => {
                self.keys.insert(Key::from_slice(key), Holders::One(id));
            }
        }
    }
}

impl Runtime<'_> {
    /// The entities with a whole key of an index, in order of their ids; `None` if they are many.
    pub(super) fn seek(&self, index: &Index, key: &[u8]) -> Result<Option<SmallVec<[u64; 2]>>> {
        let mut seeks = self.seeks.borrow_mut();
        let known = seeks.indexes.entry(index.id).or_default();
        let pays = known.pays(|| self.count(Counted::IndexEntries(index.id)))?;
        self.read(|tx| {
            if pays {
                known.complete(tx, index)?;
            }
            Ok(match known.find(tx, index, key)? {
                None => Some(SmallVec::new()),
                Some(holders) => holders.ids().map(SmallVec::from_slice),
            })
        })
    }

    /// Adds an entity to an index; whether others have the same key.
    pub(super) fn add_to_index(&self, index: &Index, key: &[u8], id: u64) -> Result<bool> {
        let mut seeks = self.seeks.borrow_mut();
        let known = seeks.indexes.entry(index.id).or_default();
        let pays = known.pays(|| self.count(Counted::IndexEntries(index.id)))?;
        self.write(|tx| {
            if pays {
                known.complete(tx.as_read(), index)?;
            }
            let others = match known.find(tx.as_read(), index, key)? {
                None => false,
                Some(holders) => holders.ids().is_none_or(|ids| ids.iter().any(|&other| other != id)),
            };
            known.keep_small();
            known.add(key, id);
            index.put(tx, key, id)?;
            Ok(others)
        })
    }

    /// Takes an entity out of an index; whether others have the same key.
    pub(super) fn take_from_index(&self, index: &Index, key: &[u8], id: u64) -> Result<bool> {
        let mut seeks = self.seeks.borrow_mut();
        if let Some(known) = seeks.indexes.get_mut(&index.id) {
            match known.keys.get_mut(key) {
                Some(Holders::Many) => {
                    known.keys.remove(key);
                    known.complete = false;
                }
                Some(holders) => {
                    let rest: Vec<u64> =
                        holders.ids().into_iter().flatten().copied().filter(|&other| other != id).collect();
                    *holders = Holders::new(&rest);
                }
                None => {}
            }
        }
        self.write(|tx| index.delete(tx, key, id))
    }
}
