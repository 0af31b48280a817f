//! The uncommitted rows of one space: found by hash, ordered only when somebody asks for their order.

use super::{Direction, KeyRange};
use hashbrown::{DefaultHashBuilder, HashTable};
use smallvec::SmallVec;
use std::cell::{Ref, RefCell};
use std::collections::BTreeMap;
use std::hash::BuildHasher;

/// Short keys stand in the row itself: a look-up then touches one cache line less.
pub(super) type Key = SmallVec<[u8; 24]>;

/// What a transaction did to a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Row {
    /// Nothing (any more): what lies below counts.
    #[default]
    Untouched,
    /// It was removed.
    Deleted,
    /// It was set to this.
    Value(Vec<u8>),
}

impl Row {
    /// The length of its value.
    pub(super) fn bytes(&self) -> usize {
        if let Row::Value(value) = self { value.len() } else { 0 }
    }
}

/// Own writes to one space.
///
/// Rows keep their place as long as the overlay lives, so that the journal and the order can name
/// them by number. Most spaces of a batch are written row by row and never scanned: their rows are
/// put in order once, when they are written out.
#[derive(Default)]
pub(super) struct Overlay {
    hasher: DefaultHashBuilder,
    places: HashTable<u32>,
    keys: Vec<Key>,
    rows: Vec<Row>,
    order: RefCell<Order>,
    /// The space was dropped: rows below do not count.
    pub(super) dropped: bool,
    touched: usize,
}

/// The places of the first rows, by key; those from `rest` on are not in it yet.
#[derive(Default)]
pub(super) struct Order {
    places: BTreeMap<Key, u32>,
    rest: usize,
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

    /// What was done to a key.
    pub(super) fn get(&self, key: &[u8]) -> &Row {
        let found = self.places.find(self.hasher.hash_one(key), |&place| self.key(place) == key);
        found.map_or(&Row::Untouched, |&place| self.row(place))
    }

    /// Sets a row; answers its place and what it was before.
    pub(super) fn set(&mut self, key: &[u8], row: Row) -> (u32, Row) {
        let Overlay { hasher, places, keys, .. } = self;
        let hash = hasher.hash_one(key);
        if let Some(&place) =
            places.find(hash, |&place| keys.get(place as usize).is_some_and(|known| known.as_slice() == key))
        {
            let before = self.replace(place, row);
            return (place, before);
        }
        // Four billion rows do not fit in the bytes that a transaction may hold.
        let place = u32::try_from(keys.len()).unwrap_or(u32::MAX);
        let rehash = |&place: &u32| hasher.hash_one(keys.get(place as usize).map_or(&[][..], |key| key.as_slice()));
        places.insert_unique(hash, place, rehash);
        keys.push(Key::from_slice(key));
        self.touched += 1;
        self.rows.push(row);
        (place, Row::Untouched)
    }

    /// Sets the row at a place; answers what it was before.
    pub(super) fn replace(&mut self, place: u32, row: Row) -> Row {
        let Some(held) = self.rows.get_mut(place as usize) else { return Row::Untouched };
        self.touched = self.touched + usize::from(row != Row::Untouched) - usize::from(*held != Row::Untouched);
        std::mem::replace(held, row)
    }

    fn key(&self, place: u32) -> &[u8] {
        self.keys.get(place as usize).map_or(&[], |key| key.as_slice())
    }

    fn row(&self, place: u32) -> &Row {
        self.rows.get(place as usize).unwrap_or(&Row::Untouched)
    }

    /// The order of the rows. Nothing may be written while it is held.
    pub(super) fn order(&self) -> Ref<'_, Order> {
        self.put_in_order();
        self.order.borrow()
    }

    /// Brings the rows written since the last time into order.
    fn put_in_order(&self) {
        // A scan inside a scan finds nothing to do: nothing is written in between.
        if self.order.borrow().rest == self.keys.len() {
            return;
        }
        let mut order = self.order.borrow_mut();
        let first = order.rest;
        order.rest = self.keys.len();
        if order.places.is_empty() {
            order.places = self.sorted().map(|place| (Key::from_slice(self.key(place)), place)).collect();
            return;
        }
        for (key, place) in self.keys.iter().zip(0u32..).skip(first) {
            order.places.insert(key.clone(), place);
        }
    }

    /// The places of all rows, in the order of their keys.
    fn sorted(&self) -> impl Iterator<Item = u32> + use<> {
        // Most keys of a space begin alike; behind that, sixteen bytes decide nearly always.
        let shared = self.keys.split_first().map_or(0, |(first, others)| {
            others
                .iter()
                .fold(first.len(), |shared, key| first.iter().zip(key).take(shared).take_while(|(a, b)| a == b).count())
        });
        let mut sorted: Vec<(u128, u32)> = self
            .keys
            .iter()
            .zip(0u32..)
            .map(|(key, place)| {
                let mut head = [0; 16];
                let tail = key.get(shared..).unwrap_or_default();
                let length = tail.len().min(head.len());
                head[..length].copy_from_slice(&tail[..length]);
                (u128::from_be_bytes(head), place)
            })
            .collect();
        sorted.sort_unstable_by(|(left, a), (right, b)| left.cmp(right).then_with(|| self.key(*a).cmp(self.key(*b))));
        sorted.into_iter().map(|(_, place)| place)
    }

    /// Takes the rows out, in the order of their keys.
    pub(super) fn into_rows(mut self) -> impl Iterator<Item = (Key, Row)> {
        let order = std::mem::take(self.order.get_mut());
        let places: Box<dyn Iterator<Item = u32>> =
            if order.rest == self.keys.len() { Box::new(order.places.into_values()) } else { Box::new(self.sorted()) };
        places.filter_map(move |place| {
            let key = self.keys.get_mut(place as usize).map(std::mem::take)?;
            let row = self.rows.get_mut(place as usize).map(std::mem::take)?;
            (row != Row::Untouched).then_some((key, row))
        })
    }
}

impl Order {
    /// The rows of a range of the overlay whose order this is.
    pub(super) fn range<'o>(
        &'o self,
        overlay: &'o Overlay,
        range: &KeyRange,
        direction: Direction,
    ) -> Box<dyn Iterator<Item = (&'o [u8], &'o Row)> + 'o> {
        if range.is_empty() {
            return Box::new(std::iter::empty());
        }
        let places = self.places.range::<[u8], _>(range.bounds());
        let rows = places.map(|(key, &place)| (key.as_slice(), overlay.row(place)));
        match direction {
            Direction::Forward => Box::new(rows),
            Direction::Backward => Box::new(rows.rev()),
        }
    }
}
