//! Names of spaces and ranges of keys.

use std::ops::Bound;

/// A named, ordered set of rows: one redb table. Engines declare theirs as constants
/// (`Space::named("meta")`) or by number (`Space::numbered("c", 7)` is table `c7`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Space {
    family: &'static str,
    number: Option<u32>,
}

/// One word instead of a whole string: a transaction looks its spaces up at every read and write.
impl std::hash::Hash for Space {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        let family = self.family.as_bytes();
        let first = u64::from(family.first().copied().unwrap_or_default());
        let last = u64::from(family.last().copied().unwrap_or_default());
        let number = u64::from(self.number.unwrap_or(u32::MAX));
        state.write_u64(number << 24 | first << 16 | last << 8 | family.len() as u64 & 0xff);
    }
}

impl Space {
    /// A space that exists once in a file.
    pub const fn named(family: &'static str) -> Self {
        Space { family, number: None }
    }

    /// One of many spaces of a family.
    pub const fn numbered(family: &'static str, number: u32) -> Self {
        Space { family, number: Some(number) }
    }

    /// The name of its redb table.
    pub fn table_name(&self) -> String {
        match self.number {
            Some(number) => format!("{}{}", self.family, number),
            None => self.family.to_owned(),
        }
    }
}

/// A map by space.
pub(super) type SpaceMap<T> = std::collections::HashMap<Space, T, std::hash::BuildHasherDefault<SpaceHasher>>;

/// Spreads the one word that a [`Space`] hashes to; spaces are few and nobody chooses them to collide.
#[derive(Default)]
pub(super) struct SpaceHasher(u64);

impl std::hash::Hasher for SpaceHasher {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}

/// A range of keys in byte order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRange {
    /// Where it begins.
    pub start: Bound<Vec<u8>>,
    /// Where it ends.
    pub end: Bound<Vec<u8>>,
}

impl KeyRange {
    /// Every key.
    pub const fn all() -> Self {
        KeyRange { start: Bound::Unbounded, end: Bound::Unbounded }
    }

    /// Keys that begin with `prefix`.
    pub fn prefix(prefix: &[u8]) -> Self {
        KeyRange { start: Bound::Included(prefix.to_vec()), end: successor(prefix) }
    }

    /// `start <= key < end`.
    pub fn between(start: &[u8], end: &[u8]) -> Self {
        KeyRange { start: Bound::Included(start.to_vec()), end: Bound::Excluded(end.to_vec()) }
    }

    /// `start <= key`.
    pub fn from(start: &[u8]) -> Self {
        KeyRange { start: Bound::Included(start.to_vec()), end: Bound::Unbounded }
    }

    /// Whether no key can lie in it.
    pub fn is_empty(&self) -> bool {
        match (&self.start, &self.end) {
            (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
            (Bound::Included(start), Bound::Included(end)) => start > end,
            (Bound::Included(start) | Bound::Excluded(start), Bound::Excluded(end) | Bound::Included(end)) => {
                start >= end
            }
        }
    }

    /// Its bounds, borrowed.
    pub fn bounds(&self) -> (Bound<&[u8]>, Bound<&[u8]>) {
        (self.start.as_ref().map(Vec::as_slice), self.end.as_ref().map(Vec::as_slice))
    }
}

/// The first key after all keys that begin with `prefix`.
pub(crate) fn successor(prefix: &[u8]) -> Bound<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < 0xff {
            end.push(last + 1);
            return Bound::Excluded(end);
        }
    }
    Bound::Unbounded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefix_ranges_end_after_their_last_key() {
        assert_eq!(KeyRange::prefix(b"ab").end, Bound::Excluded(b"ac".to_vec()));
        assert_eq!(KeyRange::prefix(b"a\xff").end, Bound::Excluded(b"b".to_vec()));
        assert_eq!(KeyRange::prefix(b"\xff").end, Bound::Unbounded);
        assert_eq!(KeyRange::prefix(b"").end, Bound::Unbounded);
    }

    #[test]
    fn empty_ranges_are_seen() {
        assert!(KeyRange::between(b"b", b"a").is_empty());
        assert!(KeyRange::between(b"a", b"a").is_empty());
        assert!(!KeyRange::between(b"a", b"b").is_empty());
        assert!(!KeyRange::all().is_empty());
    }
}
