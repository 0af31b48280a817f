//! A keyspace: finding, writing and removing the rows of keys, and keeping house.
//!
//! A key whose expiry has passed is invisible from that moment on: every read comes through
//! [`Context::find`] or asks [`Context::is_live`]. It is removed when it is written again, and in
//! the background: each writing command first takes away a few keys that are due and reclaims some
//! elements of large collections that were removed ([`Context::keep_house`]), so no single command
//! pays for a million elements.

use super::fields::Fields;
use super::layout::{
    Content, Ends, Head, KEYSPACES, Kind, RANKED, Row, Spaces, expiry_key, is_live, keyspace_number, number_at,
    removed_key,
};
use super::server::Place;
use super::states::State;
use super::{Context, Error, Looking, Result, next_subid};
use crate::exchange::Touch;
use crate::storage::{self, Direction, KeyRange, Read};
use std::ops::ControlFlow;

/// Keys that one writing command removes at most because they have expired.
const EXPIRED_AT_ONCE: usize = 20;
/// Elements of removed collections that one writing command reclaims at most.
const RECLAIMED_AT_ONCE: usize = 200;

impl Context<'_> {
    /// The spaces of the current keyspace.
    pub(super) fn spaces(&self) -> Spaces {
        self.spaces
    }

    /// Goes to another keyspace of the database; answers the one it comes from.
    pub(super) fn enter(&mut self, keyspace: u8) -> Result<u8> {
        self.spaces = self.states.spaces(self.tx.as_read(), self.database, keyspace)?;
        Ok(std::mem::replace(&mut self.keyspace, keyspace))
    }

    /// Does something in another keyspace of the database.
    pub(super) fn within<T>(&mut self, keyspace: u8, act: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let here = self.enter(keyspace)?;
        let done = act(self);
        self.enter(here)?;
        done
    }

    /// Whether a stored row has not expired.
    pub(super) fn is_live(&self, row: &[u8]) -> Result<bool, storage::Error> {
        is_live(row, self.now_ms)
    }

    /// The row of a key, if it is there and has not expired.
    pub(super) fn find(&self, key: &[u8]) -> Result<Option<Row>> {
        match self.tx.peek(self.spaces.keys, key)? {
            Some(row) if self.is_live(&row)? => {
                self.looked_up(key, true);
                Ok(Some(Row::decode(row.into_owned())?))
            }
            _ => {
                self.looked_up(key, false);
                Ok(None)
            }
        }
    }

    /// Counts a look-up.
    fn looked_up(&self, key: &[u8], found: bool) {
        let stats = &self.server.stats;
        match self.looking {
            Looking::Reading | Looking::Inspecting if !found => stats.misses.count(),
            Looking::Reading | Looking::Inspecting => stats.hits.count(),
            Looking::Writing | Looking::Aside => {}
        }
        if found && matches!(self.looking, Looking::Reading | Looking::Writing) {
            self.server.access.touch(self.place(key), self.now_ms, &self.server.settings);
        }
    }

    /// The number of the current keyspace in the file.
    pub(super) fn keyspace_in_file(&self) -> u32 {
        keyspace_number(self.database, self.keyspace)
    }

    /// A key of the current keyspace, for what is remembered of its use.
    pub(super) fn place<'k>(&self, key: &'k [u8]) -> Place<'k> {
        Place { keyspace: self.keyspace_in_file(), key }
    }

    /// The row of a key, which must hold this type if it is there.
    pub(super) fn find_kind(&self, key: &[u8], kind: Kind) -> Result<Option<Row>> {
        match self.find(key)? {
            Some(row) if row.kind() != kind => Err(Error::wrong_type()),
            row => Ok(row),
        }
    }

    /// What the row of a key says, if it is there and has not expired.
    pub(super) fn head(&self, key: &[u8]) -> Result<Option<Head>> {
        match self.tx.peek(self.spaces.keys, key)? {
            Some(row) if self.is_live(&row)? => {
                self.looked_up(key, true);
                Ok(Some(Head::decode(&row)?))
            }
            _ => {
                self.looked_up(key, false);
                Ok(None)
            }
        }
    }

    /// Whether a key is there.
    pub(super) fn exists(&self, key: &[u8]) -> Result<bool> {
        Ok(self.head(key)?.is_some())
    }

    /// Writes a key. `old` is what [`Context::head`] or [`Context::find`] answered for it: the elements
    /// of a large collection that the new content does not take over are given up.
    pub(super) fn write(
        &mut self,
        key: &[u8],
        old: Option<Head>,
        content: Content<'_>,
        expiry: Option<i64>,
    ) -> Result<()> {
        self.touch(key);
        if expiry.is_some_and(|expiry| expiry < self.now_ms) {
            return match old {
                Some(old) => self.remove(key, old),
                None => {
                    self.note_change(key, None, None);
                    Ok(())
                }
            };
        }
        let (mut old, had_ended) = (old, old.is_none());
        // An expired row may still be stored where `find` saw nothing.
        if old.is_none() && self.state()?.earliest_expiry < self.now_ms {
            old = self.tx.peek(self.spaces.keys, key)?.map(|row| Head::decode(&row)).transpose()?;
            if old.is_some() {
                self.tell_expired(key);
            }
        }
        if old.is_none() {
            self.server.access.born(self.place(key), self.now_ms);
        }
        let new = content.head(expiry)?;
        self.tx.put(self.spaces.keys, key, &content.encode(expiry))?;
        self.note_change(key, old.filter(|_| !had_ended), Some(new));
        self.replace(key, old, Some(new))
    }

    /// Writes a string.
    pub(super) fn write_string(
        &mut self,
        key: &[u8],
        old: Option<Head>,
        value: &[u8],
        expiry: Option<i64>,
    ) -> Result<()> {
        self.write(key, old, Content { kind: Kind::String, flags: 0, body: value }, expiry)
    }

    /// Keeps what hangs on a key's row in step with it: its rows in `kvttl`, the elements it gives up,
    /// the keyspace's counters.
    fn replace(&mut self, key: &[u8], old: Option<Head>, new: Option<Head>) -> Result<()> {
        let expiries = self.spaces.expiries;
        let ends = |head: Option<Head>| {
            (head.and_then(|head| head.expiry), head.and_then(|head| head.field_end), head.and_then(|head| head.subid))
        };
        let ((old_expiry, old_field, old_subid), (expiry, field, subid)) = (ends(old), ends(new));
        for (what, before, after) in [(Ends::Key, old_expiry, expiry), (Ends::Field, old_field, field)] {
            if before == after {
                continue;
            }
            if let Some(before) = before {
                self.tx.delete(expiries, &expiry_key(before, what, key))?;
            }
            if let Some(after) = after {
                self.tx.put(expiries, &expiry_key(after, what, key), b"")?;
            }
        }
        let given_up = old_subid.filter(|_| old_subid != subid);
        if let Some(subid) = given_up {
            self.tx.put(self.spaces.elements, &removed_key(subid), b"")?;
        }
        let size = |head: Option<Head>| head.map_or(0, |head| head.cost(key));
        let earliest = expiry.into_iter().chain(field).min().unwrap_or(i64::MAX);
        self.change_state(|state| {
            state.keys = state.keys + u64::from(new.is_some()) - u64::from(old.is_some()).min(state.keys);
            state.removed += u64::from(given_up.is_some());
            state.earliest_expiry = state.earliest_expiry.min(earliest);
            state.bytes = (state.bytes + size(new)).saturating_sub(size(old));
        })
    }

    /// Notes that a key has changed, for WATCH.
    pub(super) fn touch(&mut self, key: &[u8]) {
        if let Some(changed) = &mut self.changed {
            changed.push(Touch::Key(self.keyspace, key.to_vec()));
        }
    }

    /// Does what is no change of a key for WATCH.
    pub(super) fn unwatched<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        let changed = self.changed.take();
        let done = act(self);
        self.changed = changed;
        done
    }

    /// Removes a key in constant time, whatever it holds.
    pub(super) fn remove(&mut self, key: &[u8], old: Head) -> Result<()> {
        self.touch(key);
        self.server.access.forget(self.place(key));
        self.tx.delete(self.spaces.keys, key)?;
        self.note_change(key, Some(old), None);
        self.replace(key, Some(old), None)
    }

    /// Removes a key if it is there; answers whether it was.
    pub(super) fn remove_key(&mut self, key: &[u8]) -> Result<bool> {
        let Some(old) = self.head(key)? else { return Ok(false) };
        self.remove(key, old)?;
        Ok(true)
    }

    /// Gives a key another name, in constant time; expiry and elements go with it.
    pub(super) fn rename(&mut self, from: &[u8], row: &Row, to: &[u8], old: Option<Head>) -> Result<()> {
        self.touch(from);
        self.tx.delete(self.spaces.keys, from)?;
        self.note_change(from, Some(row.head), None);
        // The elements stay: the new name takes them over.
        self.replace(from, Some(Head { subid: None, ..row.head }), None)?;
        self.write(to, old, row.content(), row.head.expiry)
    }

    /// Copies what a row holds to a key of this or another keyspace, elements included.
    pub(super) fn duplicate(&mut self, row: &Row, key: &[u8], keyspace: u8) -> Result<()> {
        let from = self.spaces.elements;
        let mut body = row.body().to_vec();
        // Ranks are not copied: they are found again when they are asked for.
        let flags = row.head.flags & !RANKED;
        self.within(keyspace, |cx| {
            if let Some(subid) = row.head.subid {
                let copy = next_subid(cx.tx)?;
                let mut cursor = storage::Cursor::new(from, KeyRange::prefix(&subid.to_be_bytes()), Direction::Forward);
                while let Some((mut element, value)) = cursor.next(cx.tx.as_read())? {
                    element.splice(..8, copy.to_be_bytes());
                    cx.tx.put(cx.spaces.elements, &element, &value)?;
                }
                body.splice(..8, copy.to_be_bytes());
            }
            let old = cx.head(key)?;
            cx.write(key, old, Content { kind: row.kind(), flags, body: &body }, row.head.expiry)
        })
    }

    /// Keys that have not expired.
    pub(super) fn count_keys(&mut self) -> Result<u64> {
        let state = self.state()?;
        if state.earliest_expiry >= self.now_ms {
            return Ok(state.keys);
        }
        let (mut due, keys) = (0, self.spaces.keys);
        self.tx.scan(self.spaces.expiries, &self.due(), Direction::Forward, &mut |row, _| {
            let key = row.get(9..).unwrap_or_default();
            let gone = match row.get(8) {
                Some(&what) if what == Ends::Key as u8 => true,
                // A hash is gone with the last of its fields.
                _ => self.tx.peek(keys, key)?.is_some_and(|row| matches!(self.is_live(&row), Ok(false))),
            };
            due += u64::from(gone);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(state.keys.saturating_sub(due))
    }

    /// Key rows, expired ones that are still stored included.
    pub(super) fn count_rows(&mut self) -> Result<u64> {
        Ok(self.state()?.keys)
    }

    /// Lets two keyspaces of the database change places.
    pub(super) fn swap(&mut self, first: u8, second: u8) -> Result<()> {
        if first == second {
            return Ok(());
        }
        if let Some(changed) = &mut self.changed {
            changed.extend([first, second].map(Touch::Swapped));
            self.touch_watched(first, second)?;
        }
        let (tx, database) = (self.tx.as_read(), self.database);
        let states = (self.states.get(tx, database, first)?, self.states.get(tx, database, second)?);
        self.states.change(tx, database, first, |state| *state = states.1)?;
        self.states.change(tx, database, second, |state| *state = states.0)?;
        // Nothing else is written, and only what is written is known to be uncommitted.
        self.states.write_out(self.tx)?;
        self.enter(self.keyspace)?;
        Ok(())
    }

    /// Touches the keys that the session watches and that are in one of two keyspaces.
    fn touch_watched(&mut self, first: u8, second: u8) -> Result<()> {
        for key in self.subscriber.watched_keys() {
            let is_there = self.within(first, |cx| cx.exists(&key))? || self.within(second, |cx| cx.exists(&key))?;
            if is_there && let Some(changed) = &mut self.changed {
                changed.extend([first, second].map(|keyspace| Touch::Key(keyspace, key.clone())));
            }
        }
        Ok(())
    }

    /// Removes every key of the current keyspace, at once.
    pub(super) fn flush(&mut self) -> Result<()> {
        if let Some(changed) = &mut self.changed {
            changed.push(Touch::Keyspace(self.keyspace));
        }
        super::remove_keyspace(self.tx, self.states, self.database, self.keyspace)
    }

    /// Removes every key of every keyspace of the database.
    pub(super) fn flush_all(&mut self) -> Result<()> {
        if let Some(changed) = &mut self.changed {
            changed.extend((0..KEYSPACES as u8).map(Touch::Keyspace));
        }
        super::remove_database(self.tx, self.states, self.database)
    }

    /// A keyspace number of SELECT, COPY … DB and MOVE.
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
        let now = self.now_ms;
        let mut due = Vec::new();
        let mut earliest = i64::MAX;
        self.tx.scan(self.spaces.expiries, &KeyRange::all(), Direction::Forward, &mut |row, _| {
            let end = number_at(row, 0).map_or(0, u64::cast_signed);
            if end >= now || due.len() == EXPIRED_AT_ONCE {
                earliest = end;
                return Ok(ControlFlow::Break(()));
            }
            due.push(row.to_vec());
            Ok(ControlFlow::Continue(()))
        })?;
        self.change_state(|state| state.earliest_expiry = earliest)?;
        for row in due {
            let (end, key) = row.split_at_checked(9).unwrap_or((&row, b""));
            let stored = self.tx.peek(self.spaces.keys, key)?;
            let stored = stored.map(|row| Ok::<_, Error>((self.is_live(&row)?, Head::decode(&row)?))).transpose()?;
            match stored {
                Some((false, head)) => {
                    self.remove(key, head)?;
                    self.tell_expired(key);
                    self.server.stats.expired.count();
                }
                Some((true, _)) if end.last() == Some(&(Ends::Field as u8)) => Fields::end_some(self, key)?,
                _ => self.tx.delete(self.spaces.expiries, &row)?,
            }
        }
        Ok(())
    }

    fn reclaim_some(&mut self) -> Result<()> {
        let Spaces { elements, ranks, .. } = self.spaces;
        let markers = KeyRange::prefix(&0u64.to_be_bytes());
        let Some((marker, _)) = self.tx.first(elements, &markers, Direction::Forward)? else {
            return self.change_state(|state| state.removed = 0);
        };
        let mut left = RECLAIMED_AT_ONCE;
        for space in [ranks, elements] {
            let mut rows = Vec::new();
            let subid = KeyRange::prefix(marker.get(8..).unwrap_or_default());
            self.tx.scan(space, &subid, Direction::Forward, &mut |row, _| {
                if rows.len() == left {
                    return Ok(ControlFlow::Break(()));
                }
                rows.push(row.to_vec());
                Ok(ControlFlow::Continue(()))
            })?;
            for row in &rows {
                self.tx.delete(space, row)?;
            }
            left -= rows.len();
        }
        if left > 0 {
            self.tx.delete(elements, &marker)?;
            self.change_state(|state| state.removed = state.removed.saturating_sub(1))?;
        }
        Ok(())
    }

    fn due(&self) -> KeyRange {
        KeyRange::between(b"", &u64::try_from(self.now_ms).unwrap_or(0).to_be_bytes())
    }

    pub(super) fn state(&mut self) -> Result<State> {
        self.states.get(self.tx.as_read(), self.database, self.keyspace)
    }

    fn change_state(&mut self, change: impl FnOnce(&mut State)) -> Result<()> {
        self.states.change(self.tx.as_read(), self.database, self.keyspace, change)
    }
}

/// What is called for each key with its row.
pub type Visit<'v> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 'v;

/// Visits each live key row in key order from `start` on.
pub fn each_key(cx: &Context<'_>, range: &KeyRange, visit: &mut Visit<'_>) -> Result<()> {
    let tx: &dyn Read = cx.tx.as_read();
    Ok(tx.scan(cx.spaces.keys, range, Direction::Forward, &mut |key, row| {
        Ok(if cx.is_live(row)? { visit(key, row) } else { ControlFlow::Continue(()) })
    })?)
}
