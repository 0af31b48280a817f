//! The state rows of keyspaces, as the open transaction knows them.
//!
//! Nearly every command looks at its keyspace's counters and many change them. They are read from
//! `meta` once a transaction, kept here decoded, and written back before the commit.

use super::Result;
use super::layout::{number_at, state_key};
use crate::storage::{META, Read, Write};

/// The counters of a keyspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Key rows, expired ones that are still stored included.
    pub keys: u64,
    /// No key ends before this time.
    pub earliest_expiry: i64,
    /// Collections that wait to be reclaimed.
    pub removed: u64,
}

impl State {
    /// A keyspace without rows.
    pub const EMPTY: State = State { keys: 0, earliest_expiry: i64::MAX, removed: 0 };

    fn decode(bytes: &[u8]) -> Result<Self> {
        let earliest_expiry = i64::from_be_bytes(number_at(bytes, 8)?.to_be_bytes());
        Ok(State { keys: number_at(bytes, 0)?, earliest_expiry, removed: number_at(bytes, 16)? })
    }

    fn encode(self) -> [u8; 24] {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&self.keys.to_be_bytes());
        bytes[8..16].copy_from_slice(&self.earliest_expiry.to_be_bytes());
        bytes[16..].copy_from_slice(&self.removed.to_be_bytes());
        bytes
    }
}

/// A keyspace's counters: in the file, and now.
#[derive(Debug, Clone, Copy)]
struct Known {
    keyspace: u32,
    stored: State,
    now: State,
}

/// The counters of the keyspaces that a transaction has looked at. It belongs to one transaction and
/// is undone, settled and written out together with it.
#[derive(Debug, Default)]
pub struct States {
    /// Few: a transaction rarely sees more than one or two keyspaces.
    known: Vec<Known>,
    /// Keyspaces with what they were before each change of the running statement.
    journal: Vec<(u32, State)>,
}

impl States {
    /// The counters of a keyspace.
    ///
    /// # Errors
    /// Storage fails.
    pub fn get(&mut self, tx: &dyn Read, keyspace: u32) -> Result<State> {
        Ok(self.known(tx, keyspace)?.now)
    }

    /// Changes the counters of a keyspace.
    ///
    /// # Errors
    /// Storage fails.
    pub fn change(&mut self, tx: &dyn Read, keyspace: u32, change: impl FnOnce(&mut State)) -> Result<()> {
        let known = self.known(tx, keyspace)?;
        let before = known.now;
        change(&mut known.now);
        if known.now != before {
            self.journal.push((keyspace, before));
        }
        Ok(())
    }

    fn known(&mut self, tx: &dyn Read, keyspace: u32) -> Result<&mut Known> {
        let place = match self.known.iter().position(|known| known.keyspace == keyspace) {
            Some(place) => place,
            None => {
                let stored = match tx.get(META, &state_key(keyspace))? {
                    Some(bytes) => State::decode(&bytes)?,
                    None => State::EMPTY,
                };
                self.known.push(Known { keyspace, stored, now: stored });
                self.known.len() - 1
            }
        };
        Ok(&mut self.known[place])
    }

    /// A mark for [`States::rollback_to`].
    pub fn mark(&self) -> usize {
        self.journal.len()
    }

    /// Undoes every change since `mark`.
    pub fn rollback_to(&mut self, mark: usize) {
        while self.journal.len() > mark
            && let Some((keyspace, before)) = self.journal.pop()
        {
            self.known.iter_mut().filter(|known| known.keyspace == keyspace).for_each(|known| known.now = before);
        }
    }

    /// Ends the running statement: it can no longer be undone by itself.
    pub fn settle(&mut self) {
        self.journal.clear();
    }

    /// Writes what has changed, before the transaction is committed.
    ///
    /// # Errors
    /// Storage fails.
    pub fn write_out(&mut self, tx: &mut dyn Write) -> Result<()> {
        for known in self.known.iter_mut().filter(|known| known.stored != known.now) {
            match known.now {
                State::EMPTY => tx.delete(META, &state_key(known.keyspace))?,
                now => tx.put(META, &state_key(known.keyspace), &now.encode())?,
            }
            known.stored = known.now;
        }
        Ok(())
    }
}
