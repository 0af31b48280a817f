//! Ranks: how many rows of a large collection come before one, and which row has a rank.
//!
//! The rows of a collection lie in order, but an ordered tree does not count. So some rows are fences:
//! one of about [`WIDTH`], chosen by the hash of its key, is a fence of level 1, one of `WIDTH²` also of
//! level 2, and so on. Beside each fence stands how many rows lie from it up to the next fence of its
//! level. A rank is a sum over some fences of each level, from the highest down (a skip list whose
//! towers are chosen by hash, as in W. Pugh, "A Skip List Cookbook", 1990, with counts for links).
//!
//! Keeping the counts costs a look-up and a write for each level at every change, so a collection has no
//! fences until its ranks are first asked for; from then on they are kept.

use super::layout::{ElementKey, element_key, number_at};
use super::{Context, Result};
use crate::storage::{Direction, KeyRange, Space};
use std::ops::{Bound, ControlFlow};

/// One row of so many is a fence; a power of two.
const WIDTH: u64 = 128;
/// Fences of the highest level stand between millions of rows.
const LEVELS: u8 = 3;
/// A collection with fewer rows is walked instead.
pub const LEAST_ROWS: u64 = 1024;

/// The ranks of the rows of one family of a collection.
#[derive(Debug, Clone, Copy)]
pub struct Ranks {
    subid: u64,
    family: u8,
}

impl Ranks {
    /// The ranks of the rows of a family.
    pub fn of(subid: u64, family: u8) -> Self {
        Ranks { subid, family }
    }

    /// The levels of which a row is a fence: 1 up to this, or none.
    fn height(&self, row: &[u8]) -> u8 {
        // FNV-1a, its bits then mixed: the lowest decide.
        let seed = 0xcbf2_9ce4_8422_2325 ^ self.subid.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let hash = row.iter().fold(seed, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        let mixed = (hash ^ hash >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
        let zeros = (mixed ^ mixed >> 32).trailing_zeros();
        u8::try_from(zeros / WIDTH.trailing_zeros()).unwrap_or(LEVELS).min(LEVELS)
    }

    /// The key of a fence; without a row, of the one that stands before all rows.
    fn fence(&self, level: u8, row: Option<&[u8]>) -> ElementKey {
        let mut key = element_key(self.subid, level, &[]);
        if let Some(row) = row {
            key.push(1);
            key.extend_from_slice(row);
        }
        key
    }

    /// The row that a fence stands at; `None` before all rows.
    fn row_of(fence: &[u8]) -> Option<Vec<u8>> {
        fence.get(10..).map(<[u8]>::to_vec)
    }

    fn row_key(&self, row: Option<&[u8]>) -> ElementKey {
        element_key(self.subid, self.family, row.unwrap_or_default())
    }

    /// Counts all rows and sets up the fences.
    pub fn build(&self, cx: &mut Context<'_>) -> Result<()> {
        const HEADS: usize = LEVELS as usize;
        let mut open: [(ElementKey, u64); HEADS] = std::array::from_fn(|level| (self.fence(level as u8 + 1, None), 0));
        let mut fences = Vec::new();
        let range = KeyRange::prefix(&self.row_key(None));
        cx.tx.scan(cx.spaces().elements, &range, Direction::Forward, &mut |key, _| {
            let row = key.get(9..).unwrap_or_default();
            let height = self.height(row);
            for (level, open) in (1..).zip(&mut open) {
                if level <= height {
                    fences.push(std::mem::replace(open, (self.fence(level, Some(row)), 0)));
                }
                open.1 += 1;
            }
            Ok(ControlFlow::Continue(()))
        })?;
        let space = cx.spaces().ranks;
        for (fence, count) in fences.into_iter().chain(open) {
            cx.tx.put(space, &fence, &count.to_be_bytes())?;
        }
        Ok(())
    }

    /// The last fence of a level that is not behind a row, and what it counts.
    fn fence_before(&self, cx: &Context<'_>, level: u8, end: Bound<ElementKey>) -> Result<(Vec<u8>, u64)> {
        let start = Bound::Included(self.fence(level, None).to_vec());
        let range = KeyRange { start, end: end.map(|key| key.to_vec()) };
        match cx.tx.first(cx.spaces().ranks, &range, Direction::Backward)? {
            Some((fence, count)) => Ok((fence, number_at(&count, 0)?)),
            None => Ok((self.fence(level, None).to_vec(), 0)),
        }
    }

    /// Notes that a row was added.
    pub fn add(&self, cx: &mut Context<'_>, row: &[u8]) -> Result<()> {
        let (space, height) = (cx.spaces().ranks, self.height(row));
        for level in 1..=LEVELS {
            let here = self.fence(level, Some(row));
            let (before, count) = self.fence_before(cx, level, Bound::Excluded(here.clone()))?;
            if level > height {
                cx.tx.put(space, &before, &(count + 1).to_be_bytes())?;
                continue;
            }
            let left = self.count_between(cx, level - 1, Self::row_of(&before).as_deref(), row)?;
            cx.tx.put(space, &before, &left.to_be_bytes())?;
            cx.tx.put(space, &here, &(count + 1).saturating_sub(left).to_be_bytes())?;
        }
        Ok(())
    }

    /// Notes that a row was removed.
    pub fn remove(&self, cx: &mut Context<'_>, row: &[u8]) -> Result<()> {
        let (space, height) = (cx.spaces().ranks, self.height(row));
        for level in 1..=LEVELS {
            let here = self.fence(level, Some(row));
            let (before, count) = self.fence_before(cx, level, Bound::Excluded(here.clone()))?;
            let mut after = 0;
            if level <= height {
                after = cx.tx.peek(space, &here)?.map_or(Ok(0), |count| number_at(&count, 0))?;
                cx.tx.delete(space, &here)?;
            }
            cx.tx.put(space, &before, &(count + after).saturating_sub(1).to_be_bytes())?;
        }
        Ok(())
    }

    /// How many rows lie from `start` up to `end`, counted by the fences of a level (0: by the rows).
    fn count_between(&self, cx: &Context<'_>, level: u8, start: Option<&[u8]>, end: &[u8]) -> Result<u64> {
        let (space, start, end) = self.span(cx, level, start, Some(end));
        let range = KeyRange { start: Bound::Included(start.to_vec()), end: Bound::Excluded(end.to_vec()) };
        let mut count = 0;
        cx.tx.scan(space, &range, Direction::Forward, &mut |_, value| {
            count += if level == 0 { 1 } else { number_at(value, 0).unwrap_or(0) };
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(count)
    }

    fn span(
        &self,
        cx: &Context<'_>,
        level: u8,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
    ) -> (Space, ElementKey, ElementKey) {
        match level {
            0 => (cx.spaces().elements, self.row_key(start), self.row_key(end)),
            _ => (cx.spaces().ranks, self.fence(level, start), self.fence(level, end)),
        }
    }

    /// How many rows come before a place, at which there need not be a row.
    pub fn rank(&self, cx: &Context<'_>, place: &[u8]) -> Result<u64> {
        let (mut rank, mut from) = (0, None::<Vec<u8>>);
        for level in (0..=LEVELS).rev() {
            if level == 0 {
                rank += self.count_between(cx, 0, from.as_deref(), place)?;
                break;
            }
            // All fences up to the place but the last are passed by; the last is where the next level begins.
            let range = KeyRange {
                start: Bound::Included(self.fence(level, from.as_deref()).to_vec()),
                end: Bound::Included(self.fence(level, Some(place)).to_vec()),
            };
            let mut last = None;
            cx.tx.scan(cx.spaces().ranks, &range, Direction::Forward, &mut |fence, count| {
                if let Some((_, passed)) = last.replace((Self::row_of(fence), number_at(count, 0).unwrap_or(0))) {
                    rank += passed;
                }
                Ok(ControlFlow::Continue(()))
            })?;
            from = last.and_then(|(row, _)| row).or(from);
        }
        Ok(rank)
    }

    /// The row that has so many rows before it.
    pub fn row_at(&self, cx: &Context<'_>, rank: u64) -> Result<Option<Vec<u8>>> {
        let (mut left, mut from) = (rank, None::<Vec<u8>>);
        for level in (1..=LEVELS).rev() {
            let range = KeyRange {
                start: Bound::Included(self.fence(level, from.as_deref()).to_vec()),
                end: KeyRange::prefix(&self.fence(level, None)).end,
            };
            cx.tx.scan(cx.spaces().ranks, &range, Direction::Forward, &mut |fence, count| {
                from = Self::row_of(fence);
                let count = number_at(count, 0).unwrap_or(0);
                if left < count {
                    return Ok(ControlFlow::Break(()));
                }
                left -= count;
                Ok(ControlFlow::Continue(()))
            })?;
        }
        let range = KeyRange {
            start: Bound::Included(self.row_key(from.as_deref()).to_vec()),
            end: KeyRange::prefix(&self.row_key(None)).end,
        };
        let mut found = None;
        cx.tx.scan(cx.spaces().elements, &range, Direction::Forward, &mut |key, _| {
            if left > 0 {
                left -= 1;
                return Ok(ControlFlow::Continue(()));
            }
            found = key.get(9..).map(<[u8]>::to_vec);
            Ok(ControlFlow::Break(()))
        })?;
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use crate::kv::testing::Engine;
    use std::collections::BTreeSet;

    #[test]
    fn ranks_are_those_of_an_ordered_set_after_any_changes() {
        let mut rng = fastrand::Rng::with_seed(11);
        let mut engine = Engine::new();
        let mut scores = vec![None; 4_000];
        let mut model = BTreeSet::new();
        for step in 0..20_000 {
            let member = rng.usize(..scores.len());
            if let Some(old) = scores[member].take() {
                model.remove(&(old, format!("m{member}")));
            }
            if rng.u32(..4) == 0 {
                engine.ok(&format!("ZREM z m{member}"));
            } else {
                let score = rng.u32(..500);
                engine.ok(&format!("ZADD z {score} m{member}"));
                scores[member] = Some(score);
                model.insert((score, format!("m{member}")));
            }
            if step > 5_000 && step % 500 == 0 {
                // The first question sets the fences up; all later changes keep them.
                let (rank, (score, name)) = model.iter().enumerate().nth(rng.usize(..model.len())).unwrap();
                assert_eq!(engine.show(&format!("ZRANK z {name}")), rank.to_string());
                assert_eq!(engine.show(&format!("ZREVRANK z {name}")), (model.len() - 1 - rank).to_string());
                let below = model.iter().filter(|(found, _)| found <= score).count();
                assert_eq!(engine.show(&format!("ZCOUNT z -inf {score}")), below.to_string());
                let around: Vec<_> = model.iter().skip(rank).take(3).map(|(_, name)| name.clone()).collect();
                assert_eq!(engine.show(&format!("ZRANGE z {rank} {}", rank + 2)), format!("[{}]", around.join(" ")));
                let back: Vec<_> = model.iter().rev().skip(rank).take(3).map(|(_, name)| name.clone()).collect();
                assert_eq!(engine.show(&format!("ZREVRANGE z {rank} {}", rank + 2)), format!("[{}]", back.join(" ")));
            }
        }
        assert!(engine.rows(|spaces| spaces.ranks) > 10);
    }

    #[test]
    fn large_sets_and_hashes_are_drawn_from_by_rank() {
        let mut engine = Engine::new();
        for number in 0..3_000 {
            engine.ok(&format!("SADD s {number}"));
            engine.ok(&format!("HSET h {number} {number}"));
        }
        let mut seen = BTreeSet::new();
        for left in (1_000..3_000).rev() {
            assert!(seen.insert(engine.show("SPOP s")));
            assert_eq!(engine.show("SCARD s"), left.to_string());
        }
        assert!(!seen.contains("(nil)"));
        assert_ne!(engine.show("HRANDFIELD h"), "(nil)");
        engine.check(&[("SADD s new", "1"), ("SREM s new", "1"), ("SCARD s", "1000")]);
        assert!(engine.rows(|spaces| spaces.ranks) > 5);
        engine.ok("DEL s h");
        for _ in 0..100 {
            engine.ok("SET other 1");
        }
        assert_eq!((engine.rows(|spaces| spaces.ranks), engine.rows(|spaces| spaces.elements)), (0, 0));
    }
}
