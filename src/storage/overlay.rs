//! The uncommitted rows of one space: found by hash, ordered only when somebody asks for their order.

use super::arena::{Arena, Slice};
use super::gaps::Gaps;
use super::{Direction, KeyRange};
use hashbrown::{DefaultHashBuilder, HashTable};
use smallvec::SmallVec;
use std::cell::{Ref, RefCell};
use std::collections::BTreeMap;
use std::hash::BuildHasher;

/// Short keys of the order stand in the tree's nodes themselves.
type Key = SmallVec<[u8; 24]>;

/// What a transaction did to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row<T> {
    /// Nothing (any more): what lies below counts.
    Untouched,
    /// It was removed.
    Deleted,
    /// It was set to this.
    Value(T),
}

impl Row<Slice> {
    /// The length of its value.
    pub(super) fn bytes(&self) -> usize {
        if let Row::Value(value) = self { value.len() } else { 0 }
    }
}

/// Replaced values may always take so much room; few, in tests, so that they see [`Overlay::compact`].
const SPARE_BYTES: usize = if cfg!(test) { 16 } else { 8 << 20 };

/// Own writes to one space.
///
/// Rows keep their place as long as the overlay lives, so that the journal and the order can name
/// them by number; a replaced value stays in the arena until [`Overlay::compact`], so that the journal
/// can put it back. Most spaces of a batch are written row by row and never scanned: their rows are put
/// in order once, when they are written out.
#[derive(Default)]
pub(super) struct Overlay {
    hasher: DefaultHashBuilder,
    places: HashTable<Place>,
    rows: Vec<Entry>,
    arena: Arena,
    /// Bytes of the arena that no row names.
    garbage: usize,
    order: RefCell<Order>,
    gaps: RefCell<Gaps>,
    /// The space was dropped: rows below do not count.
    pub(super) dropped: bool,
    touched: usize,
}

/// A row found by hash. Keeping the hash spares looking at the key when the table grows.
#[derive(Clone, Copy)]
struct Place {
    hash: u32,
    row: u32,
}

#[derive(Clone, Copy)]
struct Entry {
    key: Slice,
    row: Row<Slice>,
}

/// The numbers of the first rows, by key; those from `rest` on are not in it yet.
#[derive(Default)]
pub(super) struct Order {
    rows: BTreeMap<Key, u32>,
    rest: usize,
}

/// Spreads the 32 bits that are kept of a hash over the 64 that the table looks at.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Overlay {
    /// An overlay that hides everything below.
    pub(super) fn dropped() -> Self {
        Overlay { dropped: true, ..Overlay::default() }
    }

    /// Whether it changes nothing.
    pub(super) fn is_clean(&self) -> bool {
        !self.dropped && self.touched == 0
    }

    fn find(&self, hash: u32, key: &[u8]) -> Option<u32> {
        let same = |place: &Place| place.hash == hash && self.key(place.row) == key;
        self.places.find(spread(hash), same).map(|place| place.row)
    }

    fn hash(&self, key: &[u8]) -> u32 {
        self.hasher.hash_one(key) as u32
    }

    /// What was done to a key.
    pub(super) fn get(&self, key: &[u8]) -> Row<&[u8]> {
        self.find(self.hash(key), key).map_or(Row::Untouched, |row| self.row(row))
    }

    /// Sets a row, or removes it; answers its number and what it was before.
    pub(super) fn set(&mut self, key: &[u8], value: Option<&[u8]>) -> (u32, Row<Slice>) {
        let row = value.map_or(Row::Deleted, |value| Row::Value(self.arena.push(value)));
        if value.is_some() {
            self.gaps.get_mut().fill(key);
        }
        let hash = self.hash(key);
        if let Some(number) = self.find(hash, key) {
            return (number, self.exchange(number, row));
        }
        // Four billion rows do not fit in the bytes that a transaction may hold.
        let number = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        self.places.insert_unique(spread(hash), Place { hash, row: number }, |place| spread(place.hash));
        self.rows.push(Entry { key: self.arena.push(key), row });
        self.touched += 1;
        (number, Row::Untouched)
    }

    /// Puts back what a row was; answers what it was before.
    pub(super) fn restore(&mut self, number: u32, row: Row<Slice>) -> Row<Slice> {
        self.gaps.get_mut().clear();
        self.exchange(number, row)
    }

    fn exchange(&mut self, number: u32, row: Row<Slice>) -> Row<Slice> {
        let Some(entry) = self.rows.get_mut(number as usize) else { return Row::Untouched };
        let before = std::mem::replace(&mut entry.row, row);
        self.touched = self.touched + usize::from(row != Row::Untouched) - usize::from(before != Row::Untouched);
        self.garbage += before.bytes();
        before
    }

    /// Whether replaced values take so much room that [`Overlay::compact`] is worth its while.
    pub(super) fn is_wasteful(&self) -> bool {
        self.garbage > SPARE_BYTES && self.garbage > self.arena.len() / 2
    }

    /// Lets go of replaced values. The journal must be empty.
    pub(super) fn compact(&mut self) {
        let mut arena = Arena::default();
        for entry in &mut self.rows {
            entry.key = arena.push(self.arena.get(entry.key));
            if let Row::Value(value) = &mut entry.row {
                *value = arena.push(self.arena.get(*value));
            }
        }
        self.arena = arena;
        self.garbage = 0;
    }

    /// The range that a scan has to look at; `None` if it is the whole one.
    pub(super) fn skip_gap(&self, range: &KeyRange, direction: Direction) -> Option<KeyRange> {
        self.gaps.borrow().skip(range, direction)
    }

    /// A scan walked over many removed rows before it found a row under `found`, or none.
    pub(super) fn note_gap(&self, range: &KeyRange, direction: Direction, found: Option<&[u8]>) {
        self.gaps.borrow_mut().add(range, direction, found);
    }

    fn key(&self, number: u32) -> &[u8] {
        self.rows.get(number as usize).map_or(&[], |entry| self.arena.get(entry.key))
    }

    fn row(&self, number: u32) -> Row<&[u8]> {
        match self.rows.get(number as usize).map_or(Row::Untouched, |entry| entry.row) {
            Row::Value(value) => Row::Value(self.arena.get(value)),
            Row::Deleted => Row::Deleted,
            Row::Untouched => Row::Untouched,
        }
    }

    /// The order of the rows. Nothing may be written while it is held.
    pub(super) fn order(&self) -> Ref<'_, Order> {
        self.put_in_order();
        self.order.borrow()
    }

    /// Brings the rows written since the last time into order.
    fn put_in_order(&self) {
        // A scan inside a scan finds nothing to do: nothing is written in between.
        if self.order.borrow().rest == self.rows.len() {
            return;
        }
        let mut order = self.order.borrow_mut();
        let first = order.rest as u32;
        order.rest = self.rows.len();
        if order.rows.is_empty() {
            order.rows = self.sorted().into_iter().map(|row| (Key::from_slice(self.key(row)), row)).collect();
            return;
        }
        for number in first..order.rest as u32 {
            order.rows.insert(Key::from_slice(self.key(number)), number);
        }
    }

    /// The numbers of all rows, in the order of their keys.
    fn sorted(&self) -> Vec<u32> {
        // Most keys of a space begin alike; behind that, eight bytes decide nearly always.
        let keys = || self.rows.iter().map(|entry| self.arena.get(entry.key));
        let first = keys().next().unwrap_or_default();
        let shared = keys().fold(first.len(), |shared, key| {
            first.iter().zip(key).take(shared).take_while(|(left, right)| left == right).count()
        });
        let head = |key: &[u8]| {
            let mut head = [0; 8];
            let tail = key.get(shared..).unwrap_or_default();
            let length = tail.len().min(head.len());
            head[..length].copy_from_slice(&tail[..length]);
            u64::from_be_bytes(head)
        };
        let mut sorted: Vec<(u64, u32)> = keys().map(head).zip(0..).collect();
        sorted.sort_unstable_by(|(left, a), (right, b)| left.cmp(right).then_with(|| self.key(*a).cmp(self.key(*b))));
        sorted.into_iter().map(|(_, number)| number).collect()
    }

    /// The rows are looked up no more, only written out.
    pub(super) fn forget_places(&mut self) {
        self.places = HashTable::new();
    }

    /// The rows that were changed, in the order of their keys; `None` for a removed one.
    pub(super) fn changes(&self) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
        let order = self.order.borrow();
        let numbers = if order.rest == self.rows.len() && !self.rows.is_empty() {
            order.rows.values().copied().collect()
        } else {
            self.sorted()
        };
        numbers.into_iter().filter_map(|number| match self.row(number) {
            Row::Value(value) => Some((self.key(number), Some(value))),
            Row::Deleted => Some((self.key(number), None)),
            Row::Untouched => None,
        })
    }
}

/// Keys and rows, in order.
pub(super) type RowsInOrder<'o> = Box<dyn Iterator<Item = (&'o [u8], Row<&'o [u8]>)> + 'o>;

impl Order {
    /// The rows of a range of the overlay whose order this is.
    pub(super) fn range<'o>(&'o self, overlay: &'o Overlay, range: &KeyRange, direction: Direction) -> RowsInOrder<'o> {
        if range.is_empty() {
            return Box::new(std::iter::empty());
        }
        let numbers = self.rows.range::<[u8], _>(range.bounds());
        let rows = numbers.map(|(key, &number)| (key.as_slice(), overlay.row(number)));
        match direction {
            Direction::Forward => Box::new(rows),
            Direction::Backward => Box::new(rows.rev()),
        }
    }
}
