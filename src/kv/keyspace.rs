//! A keyspace: finding, writing and removing the rows of keys, and keeping house.
//!
//! A key whose expiry has passed is invisible from that moment on: every read comes through
//! [`Context::find`] or asks [`Context::is_live`]. It is removed when it is written again, and in
//! the background: each writing command first takes away a few keys that are due and reclaims some
//! elements of large collections that were removed ([`Context::keep_house`]), so no single command
//! pays for a million elements.

use super::layout::{KEYSPACES, Kind, Row, Spaces, element_key, encode_row, expiry_key, expiry_of, number_at};
use super::states::State;
use super::{Context, Error, Result, next_subid};
use crate::storage::{self, Direction, KeyRange, Read};
use std::ops::ControlFlow;

/// Keys that one writing command removes at most because they have expired.
const EXPIRED_AT_ONCE: usize = 20;
/// Elements of removed collections that one writing command reclaims at most.
const RECLAIMED_AT_ONCE: usize = 200;

/// What is written under a key.
#[derive(Debug, Clone, Copy)]
pub struct Content<'b> {
    /// The type.
    pub kind: Kind,
    /// Whether the elements lie in `kvsub`.
    pub spilled: bool,
    /// The body of the row.
    pub body: &'b [u8],
}

impl Context<'_> {
    /// The spaces of the current keyspace.
    pub(super) fn spaces(&self) -> Spaces {
        Spaces::of(self.database, self.keyspace)
    }

    /// Whether a stored row has not expired.
    pub(super) fn is_live(&self, row: &[u8]) -> Result<bool, storage::Error> {
        Ok(expiry_of(row)?.is_none_or(|expiry| expiry >= self.now_ms))
    }

    /// The row of a key, if it is there and has not expired.
    pub(super) fn find(&self, key: &[u8]) -> Result<Option<Row>> {
        match self.tx.get(self.spaces().keys, key)? {
            Some(bytes) if self.is_live(&bytes)? => Ok(Some(Row::decode(bytes)?)),
            _ => Ok(None),
        }
    }

    /// The row of a key, which must hold this type if it is there.
    pub(super) fn find_kind(&self, key: &[u8], kind: Kind) -> Result<Option<Row>> {
        match self.find(key)? {
            Some(row) if row.kind != kind => Err(Error::wrong_type()),
            row => Ok(row),
        }
    }

    /// Whether a key is there.
    pub(super) fn exists(&self, key: &[u8]) -> Result<bool> {
        Ok(self.find(key)?.is_some())
    }

    /// Writes a key. `old` is what [`Context::find`] answered for it: the elements of a large
    /// collection that the new content does not take over are given up.
    pub(super) fn write(
        &mut self,
        key: &[u8],
        old: Option<&Row>,
        content: Content<'_>,
        expiry: Option<i64>,
    ) -> Result<()> {
        let spaces = self.spaces();
        self.touch(key);
        if expiry.is_some_and(|expiry| expiry < self.now_ms) {
            if let Some(old) = old {
                self.remove(key, old)?;
            }
            return Ok(());
        }
        // An expired row may still be stored where `find` saw nothing.
        let mut stale = None;
        if old.is_none() && self.state()?.earliest_expiry < self.now_ms {
            stale = self.tx.get(spaces.keys, key)?.map(Row::decode).transpose()?;
        }
        let old = old.or(stale.as_ref());
        let old_expiry = old.and_then(|row| row.expiry);
        if old_expiry != expiry {
            if let Some(before) = old_expiry {
                self.tx.delete(spaces.expiries, &expiry_key(before, key))?;
            }
            if let Some(expiry) = expiry {
                self.tx.put(spaces.expiries, &expiry_key(expiry, key), b"")?;
            }
        }
        let old_subid = old.map(Row::subid).transpose()?.flatten();
        let new_subid = if content.spilled { Some(number_at(content.body, 0)?) } else { None };
        let given_up = old_subid.filter(|_| old_subid != new_subid);
        if let Some(subid) = given_up {
            self.tx.put(spaces.elements, &element_key(0, &subid.to_be_bytes()), b"")?;
        }
        if old.is_none() || given_up.is_some() || (expiry.is_some() && old_expiry != expiry) {
            self.change_state(|state| {
                state.keys += u64::from(old.is_none());
                state.removed += u64::from(given_up.is_some());
                state.earliest_expiry = state.earliest_expiry.min(expiry.unwrap_or(i64::MAX));
            })?;
        }
        let bytes = encode_row(content.kind, content.spilled, expiry, content.body);
        Ok(self.tx.put(spaces.keys, key, &bytes)?)
    }

    /// Writes a string.
    pub(super) fn write_string(
        &mut self,
        key: &[u8],
        old: Option<&Row>,
        value: &[u8],
        expiry: Option<i64>,
    ) -> Result<()> {
        self.write(key, old, Content { kind: Kind::String, spilled: false, body: value }, expiry)
    }

    /// Notes that a key has changed, for WATCH.
    pub(super) fn touch(&mut self, key: &[u8]) {
        if let Some(changed) = &mut self.changed {
            changed.push((self.keyspace, key.to_vec()));
        }
    }

    /// Removes a key in constant time, whatever it holds.
    pub(super) fn remove(&mut self, key: &[u8], row: &Row) -> Result<()> {
        self.touch(key);
        let spaces = self.spaces();
        self.tx.delete(spaces.keys, key)?;
        if let Some(expiry) = row.expiry {
            self.tx.delete(spaces.expiries, &expiry_key(expiry, key))?;
        }
        let subid = row.subid()?;
        if let Some(subid) = subid {
            self.tx.put(spaces.elements, &element_key(0, &subid.to_be_bytes()), b"")?;
        }
        self.change_state(|state| {
            state.keys = state.keys.saturating_sub(1);
            state.removed += u64::from(subid.is_some());
        })
    }

    /// Removes a key if it is there; answers whether it was.
    pub(super) fn remove_key(&mut self, key: &[u8]) -> Result<bool> {
        let Some(row) = self.find(key)? else { return Ok(false) };
        self.remove(key, &row)?;
        Ok(true)
    }

    /// Gives a key another name, in constant time; expiry and elements go with it.
    pub(super) fn rename(&mut self, from: &[u8], row: &Row, to: &[u8], old: Option<&Row>) -> Result<()> {
        let spaces = self.spaces();
        self.touch(from);
        self.tx.delete(spaces.keys, from)?;
        if let Some(expiry) = row.expiry {
            self.tx.delete(spaces.expiries, &expiry_key(expiry, from))?;
        }
        self.change_state(|state| state.keys = state.keys.saturating_sub(1))?;
        let content = Content { kind: row.kind, spilled: row.spilled, body: row.body() };
        self.write(to, old, content, row.expiry)
    }

    /// Copies what a row holds to a key of this or another keyspace, elements included.
    pub(super) fn duplicate(&mut self, row: &Row, key: &[u8], keyspace: u8) -> Result<()> {
        let from = self.spaces();
        let to = Spaces::of(self.database, keyspace);
        let mut body = row.body().to_vec();
        if let Some(subid) = row.subid()? {
            let copy = next_subid(self.tx)?;
            let prefix = subid.to_be_bytes();
            let mut cursor = storage::Cursor::new(from.elements, KeyRange::prefix(&prefix), Direction::Forward);
            while let Some((element, value)) = cursor.next(self.tx.as_read())? {
                let element = element_key(copy, element.get(8..).unwrap_or_default());
                self.tx.put(to.elements, &element, &value)?;
            }
            body.splice(..8, copy.to_be_bytes());
        }
        let here = std::mem::replace(&mut self.keyspace, keyspace);
        let content = Content { kind: row.kind, spilled: row.spilled, body: &body };
        let written = self.find(key).and_then(|old| self.write(key, old.as_ref(), content, row.expiry));
        self.keyspace = here;
        written
    }

    /// Keys that have not expired.
    pub(super) fn count_keys(&mut self) -> Result<u64> {
        let state = self.state()?;
        if state.earliest_expiry >= self.now_ms {
            return Ok(state.keys);
        }
        let mut due = 0;
        self.tx.scan(self.spaces().expiries, &self.due(), Direction::Forward, &mut |_, _| {
            due += 1;
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(state.keys.saturating_sub(due))
    }

    /// Key rows, expired ones that are still stored included.
    pub(super) fn count_rows(&mut self) -> Result<u64> {
        Ok(self.state()?.keys)
    }

    /// Removes every key of the current keyspace, at once.
    pub(super) fn flush(&mut self) -> Result<()> {
        let spaces = self.spaces();
        super::remove_keyspace(self.tx, self.states, spaces)
    }

    /// Removes every key of every keyspace of the database.
    pub(super) fn flush_all(&mut self) -> Result<()> {
        super::remove_database(self.tx, self.states, self.database)
    }

    /// A keyspace number of COPY … DB and MOVE.
    pub(super) fn keyspace_number(number: i64) -> Result<u8> {
        match u8::try_from(number) {
            Ok(number) if u32::from(number) < KEYSPACES => Ok(number),
            _ => Err(Error::err("DB index is out of range")),
        }
    }

    /// Removes some of what is due and reclaims some of what was removed.
    pub(super) fn keep_house(&mut self) -> Result<()> {
        let state = self.state()?;
        if state.earliest_expiry < self.now_ms {
            self.expire_some()?;
        }
        if state.removed > 0 {
            self.reclaim_some()?;
        }
        Ok(())
    }

    fn expire_some(&mut self) -> Result<()> {
        let (spaces, now) = (self.spaces(), self.now_ms);
        let mut due = Vec::new();
        let mut earliest = i64::MAX;
        self.tx.scan(spaces.expiries, &KeyRange::all(), Direction::Forward, &mut |row, _| {
            let (expiry, key) = row.split_at_checked(8).unwrap_or((&[], row));
            let expiry = i64::from_be_bytes(expiry.try_into().unwrap_or_default());
            if expiry >= now || due.len() == EXPIRED_AT_ONCE {
                earliest = expiry;
                return Ok(ControlFlow::Break(()));
            }
            due.push((row.to_vec(), key.to_vec()));
            Ok(ControlFlow::Continue(()))
        })?;
        for (row, key) in due {
            self.tx.delete(spaces.expiries, &row)?;
            if let Some(bytes) = self.tx.get(spaces.keys, &key)?
                && !self.is_live(&bytes)?
            {
                self.remove(&key, &Row::decode(bytes)?)?;
            }
        }
        self.change_state(|state| state.earliest_expiry = earliest)
    }

    fn reclaim_some(&mut self) -> Result<()> {
        let elements = self.spaces().elements;
        let Some((marker, _)) = self.tx.first(elements, &KeyRange::prefix(&0u64.to_be_bytes()), Direction::Forward)?
        else {
            return self.change_state(|state| state.removed = 0);
        };
        let mut rows = Vec::new();
        let subid = marker.get(8..).unwrap_or_default();
        self.tx.scan(elements, &KeyRange::prefix(subid), Direction::Forward, &mut |row, _| {
            rows.push(row.to_vec());
            Ok(if rows.len() > RECLAIMED_AT_ONCE { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        let finished = rows.len() <= RECLAIMED_AT_ONCE;
        for row in rows.iter().take(RECLAIMED_AT_ONCE) {
            self.tx.delete(elements, row)?;
        }
        if finished {
            self.tx.delete(elements, &marker)?;
            self.change_state(|state| state.removed = state.removed.saturating_sub(1))?;
        }
        Ok(())
    }

    fn due(&self) -> KeyRange {
        KeyRange::between(b"", &expiry_key(self.now_ms, b""))
    }

    fn state(&mut self) -> Result<State> {
        self.states.get(self.tx.as_read(), self.spaces().number)
    }

    fn change_state(&mut self, change: impl FnOnce(&mut State)) -> Result<()> {
        self.states.change(self.tx.as_read(), self.spaces().number, change)
    }
}

/// What is called for each key with its row.
pub type Visit<'v> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 'v;

/// Visits each live key row in key order from `start` on.
pub fn each_key(cx: &Context<'_>, range: &KeyRange, visit: &mut Visit<'_>) -> Result<()> {
    let tx: &dyn Read = cx.tx.as_read();
    Ok(tx.scan(cx.spaces().keys, range, Direction::Forward, &mut |key, row| {
        Ok(if cx.is_live(row)? { visit(key, row) } else { ControlFlow::Continue(()) })
    })?)
}
