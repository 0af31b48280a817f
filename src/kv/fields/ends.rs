//! Fields of a hash that end by themselves (HEXPIRE, Redis 7.4).
//!
//! Beside the field's own row stands one with its end, and one by which the ends are in order. The head
//! knows enough to say, without looking at the fields, whether the hash is still there: how many fields
//! have no end, and the latest end. `kvttl` names the hash at its earliest end.

use super::{Fields, Form};
use crate::kv::layout::{Kind, element_key, number_at};
use crate::kv::server::events::{GENERIC, HASH};
use crate::kv::{Context, Result};
use crate::storage::{Direction, KeyRange};
use std::collections::HashSet;
use std::ops::ControlFlow;

/// field → its end
const END: u8 = 1;
/// end ++ field → nothing
const BY_END: u8 = 2;
/// Fields of a hash that are removed at once when their time has come.
const ENDED_AT_ONCE: usize = 200;

/// The ends of the fields of an open hash.
#[derive(Debug)]
pub struct FieldEnds {
    subid: u64,
    /// Fields without an end.
    lasting: u64,
    /// No field ends later.
    latest: i64,
    /// Where `kvttl` names the hash.
    registered: i64,
    /// Fields that have ended and are still stored.
    due: u64,
}

impl FieldEnds {
    /// Reads the head of a hash.
    pub fn open(cx: &Context<'_>, subid: u64, body: &[u8]) -> Result<Self> {
        let [lasting, latest, registered] = [24, 32, 40].map(|at| number_at(body, at));
        let (latest, registered) = (latest?.cast_signed(), registered?.cast_signed());
        let mut ends = FieldEnds { subid, lasting: lasting?, latest, registered, due: 0 };
        if registered < cx.now_ms {
            ends.due = ends.ended(cx)?.len() as u64;
        }
        Ok(ends)
    }

    /// Of a hash whose fields had no ends so far.
    fn new(subid: u64, lasting: u64) -> Self {
        FieldEnds { subid, lasting, latest: i64::MIN, registered: i64::MAX, due: 0 }
    }

    /// What the head says behind the bytes of the elements.
    pub fn encode(&self, body: &mut Vec<u8>) {
        for number in [self.lasting, self.latest.cast_unsigned(), self.registered.cast_unsigned()] {
            body.extend_from_slice(&number.to_be_bytes());
        }
    }

    /// How many fields have ended and are still stored.
    pub fn due(&self) -> u64 {
        self.due
    }

    /// A field without an end was added.
    pub fn add_lasting(&mut self) {
        self.lasting += 1;
    }

    /// When a field ends, if it does.
    pub fn end_of(&self, cx: &Context<'_>, name: &[u8]) -> Result<Option<i64>> {
        let end = cx.tx.peek(cx.spaces().elements, &element_key(self.subid, END, name))?;
        end.map(|end| Ok(number_at(&end, 0)?.cast_signed())).transpose()
    }

    /// Whether a field has ended.
    pub fn has_ended(&self, cx: &Context<'_>, name: &[u8]) -> Result<bool> {
        Ok(self.end_of(cx, name)?.is_some_and(|end| end < cx.now_ms))
    }

    /// The fields that have ended and are still stored.
    pub fn ended(&self, cx: &Context<'_>) -> Result<HashSet<Vec<u8>>> {
        let mut ended = HashSet::new();
        self.each_ended(cx, &mut |name| {
            ended.insert(name.to_vec());
            ControlFlow::Continue(())
        })?;
        Ok(ended)
    }

    fn each_ended(&self, cx: &Context<'_>, visit: &mut dyn FnMut(&[u8]) -> ControlFlow<()>) -> Result<()> {
        let prefix = element_key(self.subid, BY_END, &[]);
        let now = u64::try_from(cx.now_ms).unwrap_or(0);
        let range = KeyRange::between(&prefix, &element_key(self.subid, BY_END, &now.to_be_bytes()));
        Ok(cx.tx.scan(cx.spaces().elements, &range, Direction::Forward, &mut |key, _| {
            Ok(visit(key.get(17..).unwrap_or_default()))
        })?)
    }

    /// A field that ends was removed, or no longer ends.
    pub fn forget(&mut self, cx: &mut Context<'_>, name: &[u8]) -> Result<()> {
        match self.end_of(cx, name)? {
            None => self.lasting = self.lasting.saturating_sub(1),
            Some(end) => {
                let space = cx.spaces().elements;
                cx.tx.delete(space, &element_key(self.subid, END, name))?;
                cx.tx.delete(space, &by_end_key(self.subid, end, name))?;
                self.due -= u64::from(end < cx.now_ms).min(self.due);
            }
        }
        Ok(())
    }

    /// Brings what the head says in step with the rows; answers whether any field still ends.
    pub fn settle(&mut self, cx: &Context<'_>, count: u64) -> Result<bool> {
        if self.lasting >= count {
            return Ok(false);
        }
        let all = KeyRange::prefix(&element_key(self.subid, BY_END, &[]));
        let edge = |direction| -> Result<Option<i64>> {
            let row = cx.tx.first(cx.spaces().elements, &all, direction)?;
            row.map(|(key, _)| Ok(number_at(&key, 9)?.cast_signed())).transpose()
        };
        let edges = (edge(Direction::Forward)?, edge(Direction::Backward)?);
        let (Some(first), Some(last)) = edges else { return Ok(false) };
        (self.registered, self.latest) = (first, last);
        Ok(true)
    }
}

fn by_end_key(subid: u64, end: i64, name: &[u8]) -> Vec<u8> {
    let end = u64::try_from(end).unwrap_or(0);
    [element_key(subid, BY_END, &end.to_be_bytes()).as_slice(), name].concat()
}

impl Fields {
    /// When a field ends, if it does; `None` for one that is missing.
    pub fn end_of(&self, cx: &Context<'_>, name: &[u8]) -> Result<Option<Option<i64>>> {
        if !self.contains(cx, name)? {
            return Ok(None);
        }
        self.ends().map_or(Ok(Some(None)), |ends| ends.end_of(cx, name).map(Some))
    }

    /// Lets a field that is there end at a time, or never.
    pub fn set_end(&mut self, cx: &mut Context<'_>, name: &[u8], end: Option<i64>) -> Result<()> {
        if end.is_some() {
            self.spill(cx)?;
        }
        let count = self.count;
        let Form::Spilled(large) = &mut self.form else { return Ok(()) };
        if end.is_none() && large.ends.is_none() {
            return Ok(());
        }
        let (subid, space) = (large.subid, cx.spaces().elements);
        let ends = large.ends.get_or_insert_with(|| FieldEnds::new(subid, count));
        if end.is_none() && ends.end_of(cx, name)?.is_none() {
            return Ok(());
        }
        ends.forget(cx, name)?;
        match end {
            None => ends.lasting += 1,
            Some(end) => {
                cx.tx.put(space, &element_key(subid, END, name), &end.to_be_bytes())?;
                cx.tx.put(space, &by_end_key(subid, end, name), b"")?;
            }
        }
        self.changed = true;
        Ok(())
    }

    /// Removes some fields of a hash whose time has come.
    pub fn end_some(cx: &mut Context<'_>, key: &[u8]) -> Result<()> {
        let Some(mut hash) = Fields::open(cx, key, Kind::Hash)? else { return Ok(()) };
        let mut ended = Vec::new();
        if let Some(ends) = hash.ends() {
            ends.each_ended(cx, &mut |name| {
                ended.push(name.to_vec());
                if ended.len() == ENDED_AT_ONCE { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
        }
        for name in &ended {
            hash.take_out(cx, name)?;
        }
        hash.changed = true;
        let is_over = hash.len() == 0;
        hash.save(cx, key)?;
        cx.tell(HASH, "hexpired", key);
        if is_over {
            cx.tell(GENERIC, "del", key);
        }
        Ok(())
    }
}
