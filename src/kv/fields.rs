//! What hashes and sets have in common: named elements, with a value each in a hash.
//!
//! A small collection is one row and its bytes are changed in place; a large one has a row an element
//! in `kvsub`, and only the rows that a command names are touched.

use super::keyspace::Content;
use super::layout::{Elements, INLINE_BYTES, INLINE_ELEMENTS, Kind, Row, element_key, number_at, push_element};
use super::{Context, Result, next_subid, sample};
use crate::storage::{Direction, KeyRange};
use std::ops::{ControlFlow, Range};

/// An open hash or set: its head, and its elements if it is small.
#[derive(Debug)]
pub struct Fields {
    kind: Kind,
    old: Option<Row>,
    form: Form,
    count: u64,
    /// Whether the head must be written.
    changed: bool,
    /// Whether a value was replaced in place.
    touched: bool,
}

#[derive(Debug)]
enum Form {
    Inline(Vec<u8>),
    Spilled(u64),
}

/// Where an element of a small collection stands in its body.
struct Place {
    whole: Range<usize>,
    value: Range<usize>,
}

/// What is called for each field with its value (each member with nothing).
pub type Visit<'v> = dyn FnMut(&[u8], &[u8]) -> ControlFlow<()> + 'v;

impl Fields {
    /// Opens a hash or set; `None` if the key is missing.
    pub fn open(cx: &Context<'_>, key: &[u8], kind: Kind) -> Result<Option<Self>> {
        cx.find_kind(key, kind)?.map(Self::of_row).transpose()
    }

    /// Opens a hash or set, or an empty one in place of a missing key.
    pub fn open_or_new(cx: &Context<'_>, key: &[u8], kind: Kind) -> Result<Self> {
        Ok(Self::open(cx, key, kind)?.unwrap_or_else(|| Self::new(kind, None)))
    }

    /// An empty collection that will replace what `old` holds.
    pub fn new(kind: Kind, old: Option<Row>) -> Self {
        Fields { kind, old, form: Form::Inline(Vec::new()), count: 0, changed: true, touched: false }
    }

    /// The collection that a row holds.
    pub fn of_row(row: Row) -> Result<Self> {
        let mut fields = Fields {
            kind: row.kind,
            form: Form::Inline(Vec::new()),
            count: 0,
            changed: false,
            touched: false,
            old: None,
        };
        if row.spilled {
            fields.form = Form::Spilled(number_at(row.body(), 0)?);
            fields.count = number_at(row.body(), 8)?;
        } else {
            let mut elements = Elements::of(row.body());
            while elements.next_element()?.is_some() {
                fields.count += 1;
            }
            fields.count /= fields.width();
            fields.form = Form::Inline(row.body().to_vec());
        }
        fields.old = Some(row);
        Ok(fields)
    }

    /// Elements in a body for each field.
    fn width(&self) -> u64 {
        if self.kind == Kind::Hash { 2 } else { 1 }
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        self.count
    }

    /// The number under which the elements lie in `kvsub`, of a large collection.
    pub fn subid(&self) -> Option<u64> {
        match self.form {
            Form::Inline(_) => None,
            Form::Spilled(subid) => Some(subid),
        }
    }

    /// The value of a field (nothing for a member), or `None` if it is missing.
    pub fn get(&self, cx: &Context<'_>, name: &[u8]) -> Result<Option<Vec<u8>>> {
        match &self.form {
            Form::Inline(body) => Ok(match self.place(body, name)? {
                Some(place) => Some(body.get(place.value).unwrap_or_default().to_vec()),
                None => None,
            }),
            Form::Spilled(subid) => Ok(cx.tx.get(cx.spaces().elements, &element_key(*subid, name))?),
        }
    }

    /// Whether a field or member is there.
    pub fn contains(&self, cx: &Context<'_>, name: &[u8]) -> Result<bool> {
        match &self.form {
            Form::Inline(body) => Ok(self.place(body, name)?.is_some()),
            Form::Spilled(subid) => Ok(cx.tx.contains(cx.spaces().elements, &element_key(*subid, name))?),
        }
    }

    /// Sets a field or adds a member; answers whether it is new.
    pub fn set(&mut self, cx: &mut Context<'_>, name: &[u8], value: &[u8]) -> Result<bool> {
        let found = match &self.form {
            Form::Inline(body) => self.place(body, name)?,
            Form::Spilled(subid) => {
                let (space, key) = (cx.spaces().elements, element_key(*subid, name));
                let is_new = !cx.tx.contains(space, &key)?;
                if is_new || self.kind == Kind::Hash {
                    cx.tx.put(space, &key, value)?;
                    self.touched = true;
                }
                if is_new {
                    self.count += 1;
                    self.changed = true;
                }
                return Ok(is_new);
            }
        };
        let is_new = found.is_none();
        let hash = self.kind == Kind::Hash;
        let Form::Inline(body) = &mut self.form else { return Ok(is_new) };
        match found {
            Some(_) if !hash => return Ok(false),
            Some(place) => {
                let mut element = Vec::with_capacity(name.len() + value.len() + 4);
                push_element(&mut element, name);
                push_element(&mut element, value);
                body.splice(place.whole, element);
            }
            None => {
                push_element(body, name);
                if hash {
                    push_element(body, value);
                }
                self.count += 1;
            }
        }
        self.changed = true;
        self.spill_if_large(cx)?;
        Ok(is_new)
    }

    /// Removes a field or member; answers whether it was there.
    pub fn remove(&mut self, cx: &mut Context<'_>, name: &[u8]) -> Result<bool> {
        let removed = match &self.form {
            Form::Inline(body) => {
                let place = self.place(body, name)?;
                let there = place.is_some();
                if let (Some(place), Form::Inline(body)) = (place, &mut self.form) {
                    body.drain(place.whole);
                }
                there
            }
            Form::Spilled(subid) => {
                let (space, key) = (cx.spaces().elements, element_key(*subid, name));
                let there = cx.tx.contains(space, &key)?;
                if there {
                    cx.tx.delete(space, &key)?;
                }
                there
            }
        };
        self.count -= u64::from(removed);
        self.changed |= removed;
        Ok(removed)
    }

    /// Calls `visit` for each field or member: in the order they came while small, in byte order when large.
    pub fn each(&self, cx: &Context<'_>, visit: &mut Visit<'_>) -> Result<()> {
        match &self.form {
            Form::Inline(body) => {
                let mut elements = Elements::of(body);
                while let Some(name) = elements.next_element()? {
                    let value =
                        if self.kind == Kind::Hash { elements.next_element()?.unwrap_or_default() } else { b"" };
                    if visit(name, value).is_break() {
                        break;
                    }
                }
                Ok(())
            }
            Form::Spilled(subid) => {
                let range = KeyRange::prefix(&subid.to_be_bytes());
                Ok(cx.tx.scan(cx.spaces().elements, &range, Direction::Forward, &mut |key, value| {
                    Ok(visit(key.get(8..).unwrap_or_default(), value))
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
    pub fn pick(&self, cx: &mut Context<'_>, count: i64) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
        let places = sample::places(cx.rng, self.count, count)?;
        sample::collect(&places, |visit| self.each(cx, &mut |name, value| visit(name.to_vec(), value.to_vec())))
    }

    /// Writes the head back if anything changed; a collection without elements vanishes with its key.
    pub fn save(self, cx: &mut Context<'_>, key: &[u8]) -> Result<()> {
        let expiry = self.old.as_ref().and_then(|row| row.expiry);
        self.save_with_expiry(cx, key, expiry)
    }

    /// Writes a collection that replaces whatever the key held, without an expiry.
    pub fn save_new(self, cx: &mut Context<'_>, key: &[u8]) -> Result<()> {
        self.save_with_expiry(cx, key, None)
    }

    fn save_with_expiry(self, cx: &mut Context<'_>, key: &[u8], expiry: Option<i64>) -> Result<()> {
        if !self.changed {
            if self.touched {
                cx.touch(key);
            }
            return Ok(());
        }
        if self.count == 0 {
            return match &self.old {
                Some(old) => cx.remove(key, old),
                None => Ok(()),
            };
        }
        let (spilled, body) = match self.form {
            Form::Inline(body) => (false, body),
            Form::Spilled(subid) => (true, [subid.to_be_bytes(), self.count.to_be_bytes()].concat()),
        };
        cx.write(key, self.old.as_ref(), Content { kind: self.kind, spilled, body: &body }, expiry)
    }

    fn spill_if_large(&mut self, cx: &mut Context<'_>) -> Result<()> {
        let Form::Inline(body) = &self.form else { return Ok(()) };
        if self.count <= INLINE_ELEMENTS as u64 && body.len() <= INLINE_BYTES {
            return Ok(());
        }
        let subid = next_subid(cx.tx)?;
        let space = cx.spaces().elements;
        let mut elements = Elements::of(body);
        while let Some(name) = elements.next_element()? {
            let value = if self.kind == Kind::Hash { elements.next_element()?.unwrap_or_default() } else { b"" };
            cx.tx.put(space, &element_key(subid, name), value)?;
        }
        self.form = Form::Spilled(subid);
        Ok(())
    }

    fn place(&self, body: &[u8], name: &[u8]) -> Result<Option<Place>> {
        let mut elements = Elements::of(body);
        loop {
            let start = body.len() - elements.left();
            let Some(found) = elements.next_element()? else { return Ok(None) };
            let name_end = body.len() - elements.left();
            let value = if self.kind == Kind::Hash { elements.next_element()?.unwrap_or_default() } else { b"" };
            if found == name {
                let end = body.len() - elements.left();
                let value = if self.kind == Kind::Hash { end - value.len()..end } else { name_end..name_end };
                return Ok(Some(Place { whole: start..end, value }));
            }
        }
    }
}
