//! Where a transaction has removed many rows in a row: a scan that walked over their traces once does
//! not walk over them again. Without it, a job queue that is emptied in one transaction would take
//! quadratic time.

use super::{Direction, KeyRange};
use std::collections::BTreeMap;
use std::ops::Bound;

/// So many removed rows before the first one that is there are worth remembering.
pub(super) const LEAST: usize = 32;

/// Disjoint stretches of keys under which no row is: from the first key on, up to before the second.
#[derive(Debug, Default)]
pub(super) struct Gaps(BTreeMap<Vec<u8>, Vec<u8>>);

/// The key directly behind a key.
fn behind(key: &[u8]) -> Vec<u8> {
    [key, &[0]].concat()
}

impl Gaps {
    /// A scan of `range` found its first row under `found`, or none at all.
    pub(super) fn add(&mut self, range: &KeyRange, direction: Direction, found: Option<&[u8]>) {
        let start = match &range.start {
            Bound::Included(key) => Some(key.clone()),
            Bound::Excluded(key) => Some(behind(key)),
            Bound::Unbounded => Some(Vec::new()),
        };
        let end = match &range.end {
            Bound::Included(key) => Some(behind(key)),
            Bound::Excluded(key) => Some(key.clone()),
            Bound::Unbounded => None,
        };
        let (start, end) = match direction {
            Direction::Forward => (start, found.map(<[u8]>::to_vec).or(end)),
            Direction::Backward => (found.map(behind).or(start), end),
        };
        let (Some(mut start), Some(mut end)) = (start, end) else { return };
        if start >= end {
            return;
        }
        while let Some((first, last)) =
            self.0.range::<[u8], _>((Bound::Unbounded, Bound::Included(&end[..]))).next_back()
        {
            if *last < start {
                break;
            }
            let (first, last) = (first.clone(), last.clone());
            self.0.remove(&first);
            start = start.min(first);
            end = end.max(last);
        }
        self.0.insert(start, end);
    }

    /// The gap that holds a key.
    fn around(&self, key: &[u8]) -> Option<(&Vec<u8>, &Vec<u8>)> {
        let before = (Bound::Unbounded, Bound::Included(key));
        self.0.range::<[u8], _>(before).next_back().filter(|(_, end)| key < end.as_slice())
    }

    /// A row is written.
    pub(super) fn fill(&mut self, key: &[u8]) {
        let Some((start, end)) = self.around(key).map(|(start, end)| (start.clone(), end.clone())) else { return };
        self.0.remove(&start);
        if start.as_slice() < key {
            self.0.insert(start, key.to_vec());
        }
        let behind = behind(key);
        if behind < end {
            self.0.insert(behind, end);
        }
    }

    /// Rows may be anywhere again.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// What is left of a range to scan: without a gap at the end where the scan begins.
    pub(super) fn skip(&self, range: &KeyRange, direction: Direction) -> Option<KeyRange> {
        if self.0.is_empty() {
            return None;
        }
        let mut rest = range.clone();
        match direction {
            Direction::Forward => {
                let start = match &range.start {
                    Bound::Included(key) => key.clone(),
                    Bound::Excluded(key) => behind(key),
                    Bound::Unbounded => Vec::new(),
                };
                rest.start = Bound::Included(self.around(&start)?.1.clone());
            }
            Direction::Backward => {
                // A gap that begins before the range's end and reaches it.
                let (end, reaches) = match &range.end {
                    Bound::Included(key) => (Bound::Included(key.as_slice()), behind(key)),
                    Bound::Excluded(key) => (Bound::Excluded(key.as_slice()), key.clone()),
                    Bound::Unbounded => return None,
                };
                let (start, last) = self.0.range::<[u8], _>((Bound::Unbounded, end)).next_back()?;
                if *last < reaches {
                    return None;
                }
                rest.end = Bound::Excluded(start.clone());
            }
        }
        Some(rest)
    }
}
