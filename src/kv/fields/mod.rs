//! What hashes and sets have in common: named elements, with a value each in a hash.
//!
//! A small collection is one row and its bytes are changed in place; a large one has a row an element
//! in `kvsub`, and only the rows that a command names are touched. A hash of which a field ends by itself
//! (HEXPIRE) is kept like a large one; a field whose time has come is invisible from that moment on.

mod ends;
mod inline;

pub use ends::FieldEnds;

use super::layout::{
    Content, ElementKey, FIELDS_END, Head, INLINE_BYTES, INLINE_ELEMENTS, Kind, RANKED, Row, SPILLED, element_key,
    number_at,
};
use super::ranks::{LEAST_ROWS, Ranks};
use super::{Context, Result, next_subid, sample};
use crate::storage::{Direction, KeyRange};
use std::ops::ControlFlow;

/// field → value, member → nothing
const ELEMENT: u8 = 0;

/// An open hash or set: its head, and its elements if it is small.
#[derive(Debug)]
pub struct Fields {
    kind: Kind,
    old: Option<Head>,
    form: Form,
    count: u64,
    /// Whether the head must be written.
    changed: bool,
    /// Whether a value was replaced where it lies.
    touched: bool,
}

#[derive(Debug)]
enum Form {
    Inline(Vec<u8>),
    Spilled(Large),
}

/// The head of a large collection.
#[derive(Debug)]
struct Large {
    subid: u64,
    /// Bytes of all names and values.
    bytes: u64,
    /// Whether ranks are kept.
    ranked: bool,
    /// Set while fields of the hash end by themselves.
    ends: Option<FieldEnds>,
}

impl Large {
    fn ranks(&self) -> Ranks {
        Ranks::of(self.subid, ELEMENT)
    }
}

/// What is called for each field with its value (each member with nothing).
pub type Visit<'v> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 'v;

impl Fields {
    /// Opens a hash or set; `None` if the key is missing.
    pub fn open(cx: &Context<'_>, key: &[u8], kind: Kind) -> Result<Option<Self>> {
        cx.find_kind(key, kind)?.map(|row| Self::of_row(cx, row)).transpose()
    }

    /// Opens a hash or set, or an empty one in place of a missing key.
    pub fn open_or_new(cx: &Context<'_>, key: &[u8], kind: Kind) -> Result<Self> {
        Ok(Self::open(cx, key, kind)?.unwrap_or_else(|| Self::new(kind, None)))
    }

    /// An empty collection that will replace what `old` is the head of.
    pub fn new(kind: Kind, old: Option<Head>) -> Self {
        Fields { kind, old, form: Form::Inline(Vec::new()), count: 0, changed: true, touched: false }
    }

    /// The collection that a row holds.
    pub fn of_row(cx: &Context<'_>, row: Row) -> Result<Self> {
        let (kind, old) = (row.kind(), Some(row.head));
        let fields = |form, count| Fields { kind, old, form, count, changed: false, touched: false };
        if !row.head.is_spilled() {
            let count = inline::count(row.body(), kind)?;
            return Ok(fields(Form::Inline(row.into_body()), count));
        }
        let [subid, count, bytes] = [0, 8, 16].map(|at| number_at(row.body(), at));
        let (subid, flags) = (subid?, row.head.flags);
        let ends = if flags & FIELDS_END != 0 { Some(FieldEnds::open(cx, subid, row.body())?) } else { None };
        let large = Large { subid, bytes: bytes?, ranked: flags & RANKED != 0, ends };
        Ok(fields(Form::Spilled(large), count?))
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        self.count - self.ends().map_or(0, |ends| ends.due()).min(self.count)
    }

    /// The prefix of the elements' rows of a large collection in `kvsub`.
    pub fn prefix(&self) -> Option<ElementKey> {
        match &self.form {
            Form::Inline(_) => None,
            Form::Spilled(large) => Some(element_key(large.subid, ELEMENT, &[])),
        }
    }

    fn ends(&self) -> Option<&FieldEnds> {
        match &self.form {
            Form::Spilled(Large { ends: Some(ends), .. }) => Some(ends),
            _ => None,
        }
    }

    /// Whether a stored field has ended.
    pub fn has_ended(&self, cx: &Context<'_>, name: &[u8]) -> Result<bool> {
        match self.ends() {
            Some(ends) => ends.has_ended(cx, name),
            None => Ok(false),
        }
    }

    /// The value of a field (nothing for a member), or `None` if it is missing.
    pub fn get(&self, cx: &Context<'_>, name: &[u8]) -> Result<Option<Vec<u8>>> {
        match &self.form {
            Form::Inline(body) => {
                let place = inline::find(body, self.kind, name)?;
                Ok(place.map(|place| body.get(place.value).unwrap_or_default().to_vec()))
            }
            Form::Spilled(_) if self.has_ended(cx, name)? => Ok(None),
            Form::Spilled(large) => Ok(cx.tx.get(cx.spaces().elements, &element_key(large.subid, ELEMENT, name))?),
        }
    }

    /// How long the value of a field is, or `None` if it is missing.
    pub fn length_of(&self, cx: &Context<'_>, name: &[u8]) -> Result<Option<usize>> {
        match &self.form {
            Form::Inline(body) => Ok(inline::find(body, self.kind, name)?.map(|place| place.value.len())),
            Form::Spilled(_) if self.has_ended(cx, name)? => Ok(None),
            Form::Spilled(large) => {
                let key = element_key(large.subid, ELEMENT, name);
                Ok(cx.tx.peek(cx.spaces().elements, &key)?.map(|value| value.len()))
            }
        }
    }

    /// Whether a field or member is there.
    pub fn contains(&self, cx: &Context<'_>, name: &[u8]) -> Result<bool> {
        Ok(self.length_of(cx, name)?.is_some())
    }

    /// Sets a field or adds a member; answers whether it is new. The field no longer ends by itself.
    pub fn set(&mut self, cx: &mut Context<'_>, name: &[u8], value: &[u8]) -> Result<bool> {
        self.purge(cx, name)?;
        let is_new = self.set_keeping_end(cx, name, value)?;
        if !is_new {
            self.set_end(cx, name, None)?;
        }
        Ok(is_new)
    }

    /// Sets a field; answers whether it is new. It ends when it ended before.
    pub fn set_keeping_end(&mut self, cx: &mut Context<'_>, name: &[u8], value: &[u8]) -> Result<bool> {
        self.purge(cx, name)?;
        let (kind, hash) = (self.kind, self.kind == Kind::Hash);
        let is_new = match &mut self.form {
            Form::Inline(body) => {
                let is_new = inline::set(body, kind, name, value)?;
                self.changed |= is_new || hash;
                is_new
            }
            Form::Spilled(large) => {
                let (space, key) = (cx.spaces().elements, element_key(large.subid, ELEMENT, name));
                let before = cx.tx.peek(space, &key)?.map(|value| value.len() as u64);
                if before.is_none() || hash {
                    cx.tx.put(space, &key, value)?;
                    self.touched = true;
                }
                let is_new = before.is_none();
                let size = value.len() as u64 + if is_new { name.len() as u64 } else { 0 };
                self.changed |= before != Some(size);
                large.bytes = (large.bytes + size).saturating_sub(before.unwrap_or(0));
                if is_new && large.ranked {
                    large.ranks().add(cx, name)?;
                }
                if let (true, Some(ends)) = (is_new, &mut large.ends) {
                    ends.add_lasting();
                }
                is_new
            }
        };
        self.count += u64::from(is_new);
        self.spill_if_large(cx)?;
        Ok(is_new)
    }

    /// Removes a field or member; answers whether it was there.
    pub fn remove(&mut self, cx: &mut Context<'_>, name: &[u8]) -> Result<bool> {
        if self.has_ended(cx, name)? {
            return Ok(false);
        }
        self.take_out(cx, name)
    }

    /// Removes a field that has ended, which is as if it had never been there.
    fn purge(&mut self, cx: &mut Context<'_>, name: &[u8]) -> Result<()> {
        if self.has_ended(cx, name)? {
            self.take_out(cx, name)?;
        }
        Ok(())
    }

    fn take_out(&mut self, cx: &mut Context<'_>, name: &[u8]) -> Result<bool> {
        let removed = match &mut self.form {
            Form::Inline(body) => inline::remove(body, self.kind, name)?,
            Form::Spilled(large) => {
                let (space, key) = (cx.spaces().elements, element_key(large.subid, ELEMENT, name));
                let length = cx.tx.peek(space, &key)?.map(|value| (name.len() + value.len()) as u64);
                if let Some(length) = length {
                    cx.tx.delete(space, &key)?;
                    large.bytes = large.bytes.saturating_sub(length);
                    if large.ranked {
                        large.ranks().remove(cx, name)?;
                    }
                    if let Some(ends) = &mut large.ends {
                        ends.forget(cx, name)?;
                    }
                }
                length.is_some()
            }
        };
        self.count -= u64::from(removed);
        self.changed |= removed;
        Ok(removed)
    }

    /// Calls `visit` for each field or member: in the order they came while small, in byte order when large.
    pub fn each(&self, cx: &Context<'_>, visit: &mut Visit<'_>) -> Result<()> {
        match &self.form {
            Form::Inline(body) => inline::each(body, self.kind, visit),
            Form::Spilled(large) => {
                let ended = self.ends().map_or(Ok(Default::default()), |ends| ends.ended(cx))?;
                let range = KeyRange::prefix(&element_key(large.subid, ELEMENT, &[]));
                Ok(cx.tx.scan(cx.spaces().elements, &range, Direction::Forward, &mut |key, value| {
                    let name = key.get(9..).unwrap_or_default();
                    Ok(if ended.contains(name) { ControlFlow::Continue(()) } else { visit(name, value) })
                })?)
            }
        }
    }

    /// All fields with their values, or members with nothing.
    pub fn all(&self, cx: &Context<'_>) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let mut all = Vec::with_capacity(usize::try_from(self.count).unwrap_or(0).min(1 << 16));
        self.each(cx, &mut |name, value| {
            all.push((name.to_vec(), value.to_vec()));
            ControlFlow::Continue(())
        })?;
        Ok(all)
    }

    /// Some elements by chance: `count` different ones, or for a negative count that many with repeats.
    pub fn pick(&mut self, cx: &mut Context<'_>, key: &[u8], count: i64) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let places = sample::places(cx.rng, self.len(), count)?;
        if places.len() as u64 > self.count / 16 || !self.keep_ranks(cx, key)? {
            return sample::collect(&places, |visit| {
                self.each(cx, &mut |name, value| visit(name.to_vec(), value.to_vec()))
            });
        }
        let Form::Spilled(large) = &self.form else { return Ok(Vec::new()) };
        let mut picked = Vec::with_capacity(places.len());
        for place in places {
            cx.tx.check_interrupt()?;
            let Some(name) = large.ranks().row_at(cx, place)? else { continue };
            let value = cx.tx.get(cx.spaces().elements, &element_key(large.subid, ELEMENT, &name))?;
            picked.push((name, value.unwrap_or_default()));
        }
        Ok(picked)
    }

    /// Sees to it that the ranks of a large collection are kept; answers whether they are.
    fn keep_ranks(&mut self, cx: &mut Context<'_>, key: &[u8]) -> Result<bool> {
        let Form::Spilled(large) = &mut self.form else { return Ok(false) };
        if large.ranked || self.count < LEAST_ROWS || large.ends.is_some() || !cx.tx.may_write() {
            return Ok(large.ranked && large.ends.is_none());
        }
        large.ranks().build(cx)?;
        large.ranked = true;
        // The collection itself does not change.
        if let Some(old) = self.old {
            let (flags, body) = self.encode();
            let content = Content { kind: self.kind, flags, body: &body };
            cx.tx.put(cx.spaces().keys, key, &content.encode(old.expiry))?;
        }
        Ok(true)
    }

    fn encode(&self) -> (u8, Vec<u8>) {
        let large = match &self.form {
            Form::Inline(body) => return (0, body.clone()),
            Form::Spilled(large) => large,
        };
        let mut body = Vec::with_capacity(48);
        for number in [large.subid, self.count, large.bytes] {
            body.extend_from_slice(&number.to_be_bytes());
        }
        let mut flags = SPILLED | if large.ranked { RANKED } else { 0 };
        if let Some(ends) = &large.ends {
            flags |= FIELDS_END;
            ends.encode(&mut body);
        }
        (flags, body)
    }

    /// Writes the head back if anything changed; a collection without elements vanishes with its key.
    pub fn save(self, cx: &mut Context<'_>, key: &[u8]) -> Result<()> {
        let expiry = self.old.and_then(|old| old.expiry);
        self.save_with_expiry(cx, key, expiry)
    }

    /// Writes a collection that replaces whatever the key held, without an expiry.
    pub fn save_new(self, cx: &mut Context<'_>, key: &[u8]) -> Result<()> {
        self.save_with_expiry(cx, key, None)
    }

    fn save_with_expiry(mut self, cx: &mut Context<'_>, key: &[u8], expiry: Option<i64>) -> Result<()> {
        if !self.changed {
            if self.touched {
                cx.touch(key);
                cx.note_inner_change(key);
            }
            return Ok(());
        }
        if self.count == 0 {
            return self.old.map_or(Ok(()), |old| cx.remove(key, old));
        }
        if let Form::Spilled(large) = &mut self.form
            && let Some(ends) = &mut large.ends
            && !ends.settle(cx, self.count)?
        {
            large.ends = None;
        }
        let (flags, body) = self.encode();
        cx.write(key, self.old, Content { kind: self.kind, flags, body: &body }, expiry)
    }

    fn spill_if_large(&mut self, cx: &mut Context<'_>) -> Result<()> {
        match &self.form {
            Form::Inline(body) if self.count > INLINE_ELEMENTS as u64 || body.len() > INLINE_BYTES => self.spill(cx),
            _ => Ok(()),
        }
    }

    /// Moves a small collection to `kvsub`.
    fn spill(&mut self, cx: &mut Context<'_>) -> Result<()> {
        let Form::Inline(body) = &self.form else { return Ok(()) };
        let (subid, space) = (next_subid(cx.tx)?, cx.spaces().elements);
        let (mut bytes, mut failed) = (0, None);
        inline::each(body, self.kind, &mut |name, value| {
            bytes += (name.len() + value.len()) as u64;
            match cx.tx.put(space, &element_key(subid, ELEMENT, name), value) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        })?;
        self.changed = true;
        self.form = Form::Spilled(Large { subid, bytes, ranked: false, ends: None });
        failed.map_or(Ok(()), |error| Err(error.into()))
    }
}
