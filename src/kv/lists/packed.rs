//! Elements of a list one after the other, readable from both ends.
//!
//! ```text
//! short    length u8 ++ bytes ++ length u8                        up to 127 bytes
//! long     128 ++ length u32 ++ bytes ++ length u32 ++ 128        in small lists only
//! apart    129 ++ number u64 ++ length u32 ++ number u64 ++ 129   a long element with a row of its own
//! ```

use super::{Error, Result};
use crate::storage;
use std::ops::Range;

/// A longer element is not packed with others in a large list.
pub const LONGEST_SHORT: usize = 127;
const LONG: u8 = 128;
const APART: u8 = 129;

/// An element as packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item<'b> {
    /// Its bytes.
    Here(&'b [u8]),
    /// The number of its row and its length.
    Apart(u64, u32),
}

impl Item<'_> {
    /// The length of the element.
    pub fn length(&self) -> u64 {
        match self {
            Item::Here(bytes) => bytes.len() as u64,
            Item::Apart(_, length) => u64::from(*length),
        }
    }

    fn encode(&self) -> Vec<u8> {
        match self {
            Item::Here(bytes) if bytes.len() <= LONGEST_SHORT => {
                let length = bytes.len() as u8;
                [&[length], *bytes, &[length]].concat()
            }
            Item::Here(bytes) => {
                let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes();
                [&[LONG], &length[..], bytes, &length, &[LONG]].concat()
            }
            Item::Apart(number, length) => {
                let number = number.to_be_bytes();
                [&[APART], &number[..], &length.to_be_bytes(), &number, &[APART]].concat()
            }
        }
    }
}

/// Packed elements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Packed {
    /// How many there are.
    pub count: u64,
    /// The elements.
    pub bytes: Vec<u8>,
}

impl Packed {
    /// Elements whose number is not known yet.
    pub fn counted(bytes: Vec<u8>) -> Result<Self> {
        let mut packed = Packed { count: 0, bytes };
        let mut at = 0;
        while at < packed.bytes.len() {
            at = packed.at(at)?.1.end;
            packed.count += 1;
        }
        Ok(packed)
    }

    /// The element that begins at an offset, and where it stands.
    fn at(&self, start: usize) -> Result<(Item<'_>, Range<usize>)> {
        let rest = self.bytes.get(start..).unwrap_or_default();
        let (tag, behind) = rest.split_first().ok_or_else(damaged)?;
        let part = |from: usize, length: usize| behind.get(from..from + length).ok_or_else(damaged);
        let (item, size) = match *tag {
            APART => (Item::Apart(number(part(0, 8)?), number(part(8, 4)?) as u32), 22),
            LONG => {
                let length = number(part(0, 4)?) as usize;
                (Item::Here(part(4, length)?), length + 10)
            }
            length => (Item::Here(part(0, usize::from(length))?), usize::from(length) + 2),
        };
        if size > rest.len() { Err(damaged()) } else { Ok((item, start..start + size)) }
    }

    /// The element that ends at an offset.
    fn before(&self, end: usize) -> Result<(Item<'_>, Range<usize>)> {
        let rest = self.bytes.get(..end).unwrap_or_default();
        let (tag, before) = rest.split_last().ok_or_else(damaged)?;
        let size = match *tag {
            APART => 22,
            LONG => {
                let length = before.len().checked_sub(4).and_then(|at| before.get(at..)).ok_or_else(damaged)?;
                number(length) as usize + 10
            }
            length => usize::from(length) + 2,
        };
        let found = self.at(end.checked_sub(size).ok_or_else(damaged)?)?;
        if found.1.end == end { Ok(found) } else { Err(damaged()) }
    }

    /// Where the element at a place stands, from the nearer end.
    fn place(&self, place: u64) -> Result<Range<usize>> {
        if place < self.count / 2 {
            let mut range = 0..0;
            for _ in 0..=place {
                range = self.at(range.end)?.1;
            }
            Ok(range)
        } else {
            let mut range = self.bytes.len()..self.bytes.len();
            for _ in place..self.count {
                range = self.before(range.start)?.1;
            }
            Ok(range)
        }
    }

    /// The element at a place that is there.
    pub fn get(&self, place: u64) -> Result<Item<'_>> {
        Ok(self.at(self.place(place)?.start)?.0)
    }

    /// Puts an element before the one at a place, or behind all.
    pub fn insert(&mut self, place: u64, item: Item<'_>) -> Result<()> {
        let at = match place {
            0 => 0,
            place if place >= self.count => self.bytes.len(),
            place => self.place(place)?.start,
        };
        self.bytes.splice(at..at, item.encode());
        self.count += 1;
        Ok(())
    }

    /// Puts an element before all others.
    pub fn push_front(&mut self, item: Item<'_>) {
        match item {
            Item::Here(bytes) if bytes.len() <= LONGEST_SHORT => {
                let (length, old) = (bytes.len(), self.bytes.len());
                self.bytes.resize(old + length + 2, 0);
                self.bytes.copy_within(..old, length + 2);
                self.bytes[0] = length as u8;
                self.bytes[1..=length].copy_from_slice(bytes);
                self.bytes[length + 1] = length as u8;
            }
            _ => drop(self.bytes.splice(0..0, item.encode())),
        }
        self.count += 1;
    }

    /// Puts an element behind all others.
    pub fn push_back(&mut self, item: Item<'_>) {
        match item {
            Item::Here(bytes) if bytes.len() <= LONGEST_SHORT => {
                self.bytes.push(bytes.len() as u8);
                self.bytes.extend_from_slice(bytes);
                self.bytes.push(bytes.len() as u8);
            }
            _ => self.bytes.extend(item.encode()),
        }
        self.count += 1;
    }

    /// Takes the element at a place that is there.
    pub fn take(&mut self, place: u64) -> Result<Owned> {
        let range = self.place(place)?;
        let owned = Owned::of(self.at(range.start)?.0);
        self.bytes.drain(range);
        self.count -= 1;
        Ok(owned)
    }

    /// Replaces the element at a place that is there; answers the old one.
    pub fn replace(&mut self, place: u64, item: Item<'_>) -> Result<Owned> {
        let range = self.place(place)?;
        let old = Owned::of(self.at(range.start)?.0);
        self.bytes.splice(range, item.encode());
        Ok(old)
    }

    /// Cuts off all elements from a place on.
    pub fn split_off(&mut self, place: u64) -> Result<Packed> {
        if place >= self.count {
            return Ok(Packed::default());
        }
        let at = self.place(place)?.start;
        let tail = Packed { count: self.count - place, bytes: self.bytes.split_off(at) };
        self.count = place;
        Ok(tail)
    }

    /// All elements in order.
    pub fn items(&self) -> impl Iterator<Item = Result<Item<'_>>> {
        let mut at = 0;
        std::iter::from_fn(move || {
            if at >= self.bytes.len() {
                return None;
            }
            let found = self.at(at);
            at = found.as_ref().map_or(self.bytes.len(), |(_, range)| range.end);
            Some(found.map(|(item, _)| item))
        })
    }

    /// All elements from the last to the first.
    pub fn items_backward(&self) -> impl Iterator<Item = Result<Item<'_>>> {
        let mut end = self.bytes.len();
        std::iter::from_fn(move || {
            if end == 0 {
                return None;
            }
            let found = self.before(end);
            end = found.as_ref().map_or(0, |(_, range)| range.start);
            Some(found.map(|(item, _)| item))
        })
    }
}

/// An element that was taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owned {
    /// Its bytes.
    Here(Vec<u8>),
    /// The number of its row and its length.
    Apart(u64, u32),
}

impl Owned {
    fn of(item: Item<'_>) -> Self {
        match item {
            Item::Here(bytes) => Owned::Here(bytes.to_vec()),
            Item::Apart(number, length) => Owned::Apart(number, length),
        }
    }

    /// The same, to be packed again.
    pub fn item(&self) -> Item<'_> {
        match self {
            Owned::Here(bytes) => Item::Here(bytes),
            Owned::Apart(number, length) => Item::Apart(*number, *length),
        }
    }
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

fn damaged() -> Error {
    Error::Storage(storage::Error::corrupted("a list"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_of_every_form_are_read_from_both_ends() {
        let long = vec![b'x'; 300];
        let items = [Item::Here(b""), Item::Here(&long), Item::Apart(7, 5000), Item::Here(b"abc")];
        let mut packed = Packed::default();
        for item in &items[1..3] {
            packed.push_back(*item);
        }
        packed.push_front(items[0]);
        packed.insert(3, items[3]).unwrap();
        assert_eq!(packed.items().collect::<Result<Vec<_>>>().unwrap(), items);
        let backward: Vec<_> = packed.items_backward().collect::<Result<_>>().unwrap();
        assert_eq!(backward.into_iter().rev().collect::<Vec<_>>(), items);
        for (place, item) in items.iter().enumerate() {
            assert_eq!(packed.get(place as u64).unwrap(), *item);
        }
        assert_eq!(packed.replace(2, Item::Here(b"new")).unwrap(), Owned::Apart(7, 5000));
        assert_eq!(packed.take(1).unwrap(), Owned::Here(long));
        let tail = packed.split_off(1).unwrap();
        assert_eq!((packed.count, tail.count), (1, 2));
        assert_eq!(Packed::counted(tail.bytes.clone()).unwrap(), tail);
    }

    #[test]
    fn damage_is_an_error() {
        for bytes in [&[5u8, b'a'][..], &[1, b'a', 2], &[128, 0, 0, 0, 9], &[129, 1], &[200, 1, 2]] {
            assert!(
                Packed::counted(bytes.to_vec()).is_err()
                    || Packed { count: 1, bytes: bytes.to_vec() }.items_backward().any(|item| item.is_err())
            );
        }
    }
}
