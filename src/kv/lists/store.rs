//! How a list is kept: whole in its row while small, else its ends in the row and its middle in blocks.
//!
//! ```text
//! row of the key     … front ┐                ┌ back
//! kvsub                      ├ block │ block ─┤        blocks of exactly BLOCK elements each
//! ```
//!
//! Pushing and popping touch the row alone, but for one block in [`BLOCK`]. Since all blocks are full,
//! the place of an element tells its block. A long element has a row of its own, so that no change near
//! it has to move its bytes. Inserting and removing in the middle ([`super::middle`]) hands one element
//! from block to block on the shorter side.

use super::packed::{Item, LONGEST_SHORT, Owned, Packed};
use super::{Context, Result};
use crate::kv::layout::{
    Content, ElementKey, Head, INLINE_BYTES, INLINE_ELEMENTS, Kind, Row, SPILLED, element_key, number_at,
};
use crate::kv::{Error, next_subid};
use crate::storage::{self, Direction, KeyRange};
use std::ops::{Bound, ControlFlow};

/// Elements of a block.
pub(super) const BLOCK: u64 = 32;
/// Elements of an end at which it gives a block away.
const FULL: u64 = 2 * BLOCK;
/// Where the first block of a list lies at first: blocks grow in both directions.
const MIDDLE: u64 = 1 << 63;

/// Families in `kvsub`.
const BLOCKS: u8 = 0;
const LONG: u8 = 1;

/// An end of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Left, place 0.
    Head,
    /// Right.
    Tail,
}

/// An open list.
#[derive(Debug)]
pub struct List {
    old: Option<Head>,
    pub(super) form: Form,
    pub(super) changed: bool,
}

#[derive(Debug)]
pub(super) enum Form {
    Inline(Packed),
    Spilled(Large),
}

/// A large list: its ends, and where its middle lies.
#[derive(Debug)]
pub(super) struct Large {
    subid: u64,
    /// Bytes of all elements.
    bytes: u64,
    pub(super) first_block: u64,
    pub(super) blocks: u64,
    /// Rows that long elements ever had.
    numbers: u64,
    pub(super) front: Packed,
    pub(super) back: Packed,
}

/// The part of a large list in which a place lies, and the place within that part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Front(u64),
    Block(u64, u64),
    Back(u64),
}

impl Large {
    fn new(subid: u64) -> Self {
        let (front, back) = (Packed::default(), Packed::default());
        Large { subid, bytes: 0, first_block: MIDDLE, blocks: 0, numbers: 0, front, back }
    }

    fn decode(body: &[u8]) -> Result<Self> {
        let damaged = || Error::Storage(storage::Error::corrupted("the head of a list"));
        let (head, ends) = body.split_first_chunk::<53>().ok_or_else(damaged)?;
        let (numbers, _) = head.as_chunks::<8>();
        let [subid, count, bytes, first_block, blocks, numbers] =
            std::array::from_fn(|at| u64::from_be_bytes(numbers[at]));
        // The count of the front stands in one byte, the length of its bytes in the four behind it.
        let [.., front_count, a, b, c, d] = *head;
        let (front_count, front_length) = (u64::from(front_count), u32::from_be_bytes([a, b, c, d]) as usize);
        let (front, back) = ends.split_at_checked(front_length).ok_or_else(damaged)?;
        let back_count = count.checked_sub(front_count).and_then(|count| count.checked_sub(blocks * BLOCK));
        Ok(Large {
            subid,
            bytes,
            first_block,
            blocks,
            numbers,
            front: Packed { count: front_count, bytes: front.to_vec() },
            back: Packed { count: back_count.ok_or_else(damaged)?, bytes: back.to_vec() },
        })
    }

    fn encode(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(53 + self.front.bytes.len() + self.back.bytes.len());
        for number in [self.subid, self.count(), self.bytes, self.first_block, self.blocks, self.numbers] {
            body.extend_from_slice(&number.to_be_bytes());
        }
        body.push(self.front.count as u8);
        body.extend_from_slice(&u32::try_from(self.front.bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
        body.extend_from_slice(&self.front.bytes);
        body.extend_from_slice(&self.back.bytes);
        body
    }

    fn count(&self) -> u64 {
        self.front.count + self.blocks * BLOCK + self.back.count
    }

    pub(super) fn part(&self, place: u64) -> Part {
        match place.checked_sub(self.front.count) {
            None => Part::Front(place),
            Some(place) if place < self.blocks * BLOCK => Part::Block(place / BLOCK, place % BLOCK),
            Some(place) => Part::Back(place - self.blocks * BLOCK),
        }
    }

    fn block_key(&self, block: u64) -> ElementKey {
        element_key(self.subid, BLOCKS, &self.first_block.wrapping_add(block).to_be_bytes())
    }

    fn long_key(&self, number: u64) -> ElementKey {
        element_key(self.subid, LONG, &number.to_be_bytes())
    }

    pub(super) fn block(&self, cx: &Context<'_>, block: u64) -> Result<Packed> {
        match cx.tx.get(cx.spaces().elements, &self.block_key(block))? {
            Some(bytes) => Ok(Packed { count: BLOCK, bytes }),
            None => Err(Error::Storage(storage::Error::corrupted("a list lacks a block"))),
        }
    }

    pub(super) fn put_block(&self, cx: &mut Context<'_>, block: u64, packed: Packed) -> Result<()> {
        Ok(cx.tx.put(cx.spaces().elements, &self.block_key(block), &packed.bytes)?)
    }

    pub(super) fn delete_block(&self, cx: &mut Context<'_>, block: u64) -> Result<()> {
        Ok(cx.tx.delete(cx.spaces().elements, &self.block_key(block))?)
    }

    /// Packs an element, a long one by the number of its own row, which is written.
    pub(super) fn pack<'e>(&mut self, cx: &mut Context<'_>, element: &'e [u8]) -> Result<Item<'e>> {
        self.bytes += element.len() as u64;
        if element.len() <= LONGEST_SHORT {
            return Ok(Item::Here(element));
        }
        self.numbers += 1;
        cx.tx.put(cx.spaces().elements, &self.long_key(self.numbers), element)?;
        Ok(Item::Apart(self.numbers, u32::try_from(element.len()).unwrap_or(u32::MAX)))
    }

    /// The bytes of an element.
    pub(super) fn unpack(&self, cx: &Context<'_>, item: Item<'_>) -> Result<Vec<u8>> {
        match item {
            Item::Here(bytes) => Ok(bytes.to_vec()),
            Item::Apart(number, _) => Ok(cx.tx.get(cx.spaces().elements, &self.long_key(number))?.unwrap_or_default()),
        }
    }

    /// An element leaves the list; its own row, if it has one, goes.
    pub(super) fn forget(&mut self, cx: &mut Context<'_>, item: Item<'_>) -> Result<()> {
        self.bytes = self.bytes.saturating_sub(item.length());
        match item {
            Item::Here(_) => Ok(()),
            Item::Apart(number, _) => Ok(cx.tx.delete(cx.spaces().elements, &self.long_key(number))?),
        }
    }

    /// Gives a block away from each end that is full.
    pub(super) fn relieve(&mut self, cx: &mut Context<'_>) -> Result<()> {
        while self.front.count >= FULL {
            let block = self.front.split_off(self.front.count - BLOCK)?;
            self.first_block = self.first_block.wrapping_sub(1);
            self.blocks += 1;
            self.put_block(cx, 0, block)?;
        }
        while self.back.count >= FULL {
            let rest = self.back.split_off(BLOCK)?;
            let block = std::mem::replace(&mut self.back, rest);
            self.blocks += 1;
            self.put_block(cx, self.blocks - 1, block)?;
        }
        Ok(())
    }

    /// Makes the first block the front, which is empty.
    pub(super) fn load_front(&mut self, cx: &mut Context<'_>) -> Result<()> {
        self.front = self.block(cx, 0)?;
        self.delete_block(cx, 0)?;
        self.first_block = self.first_block.wrapping_add(1);
        self.blocks -= 1;
        Ok(())
    }

    /// Makes the last block the back, which is empty.
    pub(super) fn load_back(&mut self, cx: &mut Context<'_>) -> Result<()> {
        self.back = self.block(cx, self.blocks - 1)?;
        self.delete_block(cx, self.blocks - 1)?;
        self.blocks -= 1;
        Ok(())
    }

    fn push(&mut self, cx: &mut Context<'_>, end: End, element: &[u8]) -> Result<()> {
        let item = self.pack(cx, element)?;
        match end {
            End::Head => self.front.push_front(item),
            End::Tail => self.back.push_back(item),
        }
        self.relieve(cx)
    }

    fn pop(&mut self, cx: &mut Context<'_>, end: End) -> Result<Vec<u8>> {
        let owned = match end {
            End::Head => {
                if self.front.count == 0 && self.blocks > 0 {
                    self.load_front(cx)?;
                }
                if self.front.count > 0 { self.front.take(0)? } else { self.back.take(0)? }
            }
            End::Tail => {
                if self.back.count == 0 && self.blocks > 0 {
                    self.load_back(cx)?;
                }
                let from = if self.back.count > 0 { &mut self.back } else { &mut self.front };
                from.take(from.count.saturating_sub(1))?
            }
        };
        let element = self.unpack(cx, owned.item())?;
        self.forget(cx, owned.item())?;
        Ok(element)
    }

    fn get(&self, cx: &Context<'_>, place: u64) -> Result<Vec<u8>> {
        match self.part(place) {
            Part::Front(place) => self.unpack(cx, self.front.get(place)?),
            Part::Back(place) => self.unpack(cx, self.back.get(place)?),
            Part::Block(block, place) => self.unpack(cx, self.block(cx, block)?.get(place)?),
        }
    }

    fn set(&mut self, cx: &mut Context<'_>, place: u64, element: &[u8]) -> Result<()> {
        let item = self.pack(cx, element)?;
        let old = match self.part(place) {
            Part::Front(place) => self.front.replace(place, item)?,
            Part::Back(place) => self.back.replace(place, item)?,
            Part::Block(block, place) => {
                let mut packed = self.block(cx, block)?;
                let old = packed.replace(place, item)?;
                self.put_block(cx, block, packed)?;
                old
            }
        };
        self.forget(cx, old.item())
    }

    /// Calls `visit` with each element of the parts between two places.
    fn each(
        &self,
        cx: &Context<'_>,
        (start, end): (u64, u64),
        direction: Direction,
        visit: &mut dyn FnMut(u64, &[u8]) -> ControlFlow<()>,
    ) -> Result<()> {
        let middle = self.front.count + self.blocks * BLOCK;
        let mut walk = |first: u64, packed: &Packed| -> Result<ControlFlow<()>> {
            let mut show = |place: u64, item: Result<Item<'_>>| -> Result<ControlFlow<()>> {
                Ok(match item? {
                    _ if place < start || place >= end => ControlFlow::Continue(()),
                    Item::Here(bytes) => visit(place, bytes),
                    apart => visit(place, &self.unpack(cx, apart)?),
                })
            };
            match direction {
                Direction::Forward => {
                    for (place, item) in (first..).zip(packed.items()) {
                        if show(place, item)?.is_break() {
                            return Ok(ControlFlow::Break(()));
                        }
                    }
                }
                Direction::Backward => {
                    for (place, item) in (first..first + packed.count).rev().zip(packed.items_backward()) {
                        if show(place, item)?.is_break() {
                            return Ok(ControlFlow::Break(()));
                        }
                    }
                }
            }
            Ok(ControlFlow::Continue(()))
        };
        let (first, last) = match direction {
            Direction::Forward => ((0, &self.front), (middle, &self.back)),
            Direction::Backward => ((middle, &self.back), (0, &self.front)),
        };
        let concerns = |(from, packed): (u64, &Packed)| from < end && from + packed.count > start;
        if concerns(first) && walk(first.0, first.1)?.is_break() {
            return Ok(());
        }
        let block_of = |place: u64| place.saturating_sub(self.front.count) / BLOCK;
        let (from, to) = (block_of(start), block_of(end.min(middle).max(1) - 1).saturating_add(1).min(self.blocks));
        let mut stopped = Ok(ControlFlow::Continue(()));
        if from < to && end > self.front.count {
            let range = KeyRange {
                start: Bound::Included(self.block_key(from).to_vec()),
                end: Bound::Included(self.block_key(to - 1).to_vec()),
            };
            cx.tx.scan(cx.spaces().elements, &range, direction, &mut |key, bytes| {
                let block = number_at(key, 9).unwrap_or(0).wrapping_sub(self.first_block);
                let packed = Packed { count: BLOCK, bytes: bytes.to_vec() };
                stopped = walk(self.front.count + block * BLOCK, &packed);
                Ok(if matches!(stopped, Ok(ControlFlow::Continue(()))) {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                })
            })?;
        }
        if stopped?.is_continue() && concerns(last) {
            let _ = walk(last.0, last.1)?;
        }
        Ok(())
    }
}

impl List {
    /// Opens a list; `None` if the key is missing.
    pub fn open(cx: &Context<'_>, key: &[u8]) -> Result<Option<Self>> {
        cx.find_kind(key, Kind::List)?.map(Self::of_row).transpose()
    }

    /// An empty list that will replace what `old` is the head of.
    pub fn new(old: Option<Head>) -> Self {
        List { old, form: Form::Inline(Packed::default()), changed: true }
    }

    fn of_row(row: Row) -> Result<Self> {
        let old = Some(row.head);
        let form = if row.head.is_spilled() {
            Form::Spilled(Large::decode(row.body())?)
        } else {
            Form::Inline(Packed::counted(row.into_body())?)
        };
        Ok(List { old, form, changed: false })
    }

    /// How many elements there are.
    pub fn len(&self) -> u64 {
        match &self.form {
            Form::Inline(packed) => packed.count,
            Form::Spilled(large) => large.count(),
        }
    }

    /// Puts an element at an end.
    pub fn push(&mut self, cx: &mut Context<'_>, end: End, element: &[u8]) -> Result<()> {
        self.changed = true;
        match &mut self.form {
            Form::Spilled(large) => large.push(cx, end, element),
            Form::Inline(packed) => {
                match end {
                    End::Head => packed.push_front(Item::Here(element)),
                    End::Tail => packed.push_back(Item::Here(element)),
                }
                self.spill_if_large(cx)
            }
        }
    }

    /// Takes the element at an end.
    pub fn pop(&mut self, cx: &mut Context<'_>, end: End) -> Result<Option<Vec<u8>>> {
        if self.len() == 0 {
            return Ok(None);
        }
        self.changed = true;
        match &mut self.form {
            Form::Spilled(large) => large.pop(cx, end).map(Some),
            Form::Inline(packed) => {
                let place = if end == End::Head { 0 } else { packed.count - 1 };
                Ok(match packed.take(place)? {
                    Owned::Here(element) => Some(element),
                    Owned::Apart(..) => None,
                })
            }
        }
    }

    /// The element at a place.
    pub fn get(&self, cx: &Context<'_>, place: u64) -> Result<Option<Vec<u8>>> {
        match &self.form {
            _ if place >= self.len() => Ok(None),
            Form::Spilled(large) => large.get(cx, place).map(Some),
            Form::Inline(packed) => Ok(match packed.get(place)? {
                Item::Here(element) => Some(element.to_vec()),
                Item::Apart(..) => None,
            }),
        }
    }

    /// Sets the element at a place that is there.
    pub fn set(&mut self, cx: &mut Context<'_>, place: u64, element: &[u8]) -> Result<()> {
        self.changed = true;
        match &mut self.form {
            Form::Spilled(large) => large.set(cx, place, element),
            Form::Inline(packed) => {
                packed.replace(place, Item::Here(element))?;
                self.spill_if_large(cx)
            }
        }
    }

    /// Calls `visit` with place and element for `start..end`, from the head or from the tail.
    pub fn each(
        &self,
        cx: &Context<'_>,
        start: u64,
        end: u64,
        direction: Direction,
        visit: &mut dyn FnMut(u64, &[u8]) -> ControlFlow<()>,
    ) -> Result<()> {
        match &self.form {
            Form::Spilled(large) => large.each(cx, (start, end), direction, visit),
            Form::Inline(packed) => {
                let items: Box<dyn Iterator<Item = (u64, Result<Item<'_>>)>> = match direction {
                    Direction::Forward => Box::new((0..).zip(packed.items())),
                    Direction::Backward => Box::new((0..packed.count).rev().zip(packed.items_backward())),
                };
                for (place, item) in items {
                    if let Item::Here(element) = item?
                        && (start..end).contains(&place)
                        && visit(place, element).is_break()
                    {
                        break;
                    }
                }
                Ok(())
            }
        }
    }

    /// Writes the head back if anything changed; a list without elements vanishes with its key.
    pub fn save(self, cx: &mut Context<'_>, key: &[u8]) -> Result<()> {
        let expiry = self.old.and_then(|old| old.expiry);
        self.save_with_expiry(cx, key, expiry)
    }

    /// Writes a list that replaces whatever the key held, without an expiry.
    pub fn save_new(self, cx: &mut Context<'_>, key: &[u8]) -> Result<()> {
        self.save_with_expiry(cx, key, None)
    }

    fn save_with_expiry(self, cx: &mut Context<'_>, key: &[u8], expiry: Option<i64>) -> Result<()> {
        if !self.changed {
            return Ok(());
        }
        if self.len() == 0 {
            return self.old.map_or(Ok(()), |old| cx.remove(key, old));
        }
        let (flags, body) = match self.form {
            Form::Inline(packed) => (0, packed.bytes),
            Form::Spilled(large) => (SPILLED, large.encode()),
        };
        cx.write(key, self.old, Content { kind: Kind::List, flags, body: &body }, expiry)
    }

    pub(super) fn spill_if_large(&mut self, cx: &mut Context<'_>) -> Result<()> {
        let Form::Inline(packed) = &self.form else { return Ok(()) };
        if packed.count <= INLINE_ELEMENTS as u64 && packed.bytes.len() <= INLINE_BYTES {
            return Ok(());
        }
        let mut large = Large::new(next_subid(cx.tx)?);
        for item in packed.items() {
            if let Item::Here(element) = item? {
                large.push(cx, End::Tail, element)?;
            }
        }
        self.form = Form::Spilled(large);
        Ok(())
    }
}
