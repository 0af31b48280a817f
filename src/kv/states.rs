//! The state rows of keyspaces, as the open transaction knows them.
//!
//! Nearly every command looks at its keyspace's counters and many change them. They are read from
//! `meta` once a transaction, kept here decoded, and written back before the commit.

use super::Result;
use super::layout::{KEYSPACES, Spaces, keyspace_number, number_at, state_key};
use crate::storage::{META, Read, Write};

/// The counters of a keyspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Key rows, expired ones that are still stored included.
    pub keys: u64,
    /// No key and no field of a hash ends before this time.
    pub earliest_expiry: i64,
    /// Collections that wait to be reclaimed.
    pub removed: u64,
    /// What the keys and their values come to, as MEMORY USAGE counts.
    pub bytes: u64,
    /// The number of its spaces.
    pub place: u32,
}

impl State {
    /// A keyspace without rows, at a place.
    pub const fn empty(place: u32) -> Self {
        State { keys: 0, earliest_expiry: i64::MAX, removed: 0, bytes: 0, place }
    }

    /// Whether its spaces hold nothing.
    pub fn is_empty(&self) -> bool {
        *self == State::empty(self.place)
    }

    fn decode(row: &[u8]) -> Result<Self> {
        Ok(State {
            keys: number_at(row, 0)?,
            earliest_expiry: number_at(row, 8)?.cast_signed(),
            removed: number_at(row, 16)?,
            bytes: number_at(row, 24)?,
            // The last eight bytes end with the place; those before it belong to `bytes`.
            place: number_at(row, 28)? as u32,
        })
    }

    fn encode(self) -> Vec<u8> {
        let mut row = Vec::with_capacity(36);
        for number in [self.keys, self.earliest_expiry.cast_unsigned(), self.removed, self.bytes] {
            row.extend_from_slice(&number.to_be_bytes());
        }
        row.extend_from_slice(&self.place.to_be_bytes());
        row
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
    pub fn get(&mut self, tx: &dyn Read, database: u32, keyspace: u8) -> Result<State> {
        Ok(self.known(tx, keyspace_number(database, keyspace))?.now)
    }

    /// Where a keyspace lies.
    ///
    /// # Errors
    /// Storage fails.
    pub fn spaces(&mut self, tx: &dyn Read, database: u32, keyspace: u8) -> Result<Spaces> {
        Ok(Spaces::at(self.get(tx, database, keyspace)?.place))
    }

    /// Changes the counters of a keyspace.
    ///
    /// # Errors
    /// Storage fails.
    pub fn change(
        &mut self,
        tx: &dyn Read,
        database: u32,
        keyspace: u8,
        change: impl FnOnce(&mut State),
    ) -> Result<()> {
        let keyspace = keyspace_number(database, keyspace);
        let known = self.known(tx, keyspace)?;
        let before = known.now;
        change(&mut known.now);
        if known.now != before {
            self.journal.push((keyspace, before));
        }
        Ok(())
    }

    /// What the keys and values of all keyspaces of a database come to.
    ///
    /// # Errors
    /// Storage fails.
    pub fn bytes(&mut self, tx: &dyn Read, database: u32) -> Result<u64> {
        (0..KEYSPACES as u8)
            .try_fold(0u64, |sum, keyspace| Ok(sum.saturating_add(self.get(tx, database, keyspace)?.bytes)))
    }

    fn known(&mut self, tx: &dyn Read, keyspace: u32) -> Result<&mut Known> {
        let place = match self.known.iter().position(|known| known.keyspace == keyspace) {
            Some(place) => place,
            None => {
                let stored = match tx.peek(META, &state_key(keyspace))? {
                    Some(row) => State::decode(&row)?,
                    None => State::empty(keyspace),
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
            let key = state_key(known.keyspace);
            if known.now == State::empty(known.keyspace) {
                tx.delete(META, &key)?;
            } else {
                tx.put(META, &key, &known.now.encode())?;
            }
            known.stored = known.now;
        }
        Ok(())
    }
}
