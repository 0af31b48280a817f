//! How a sorted set is kept: whole and in order in its row while small, else twice in `kvsub`, by
//! member and by score.

use super::{Context, Result, Scored};
use crate::kv::keyspace::Content;
use crate::kv::layout::{Elements, INLINE_BYTES, INLINE_ELEMENTS, Kind, Row, element_key, number_at, push_element};
use crate::kv::{next_subid, sample};
use crate::storage::{Direction, KeyRange};
use std::cmp::Ordering;
use std::ops::{Bound, ControlFlow};

const BY_MEMBER: u8 = 0;
const BY_SCORE: u8 = 1;

/// An open sorted set.
#[derive(Debug)]
pub struct SortedSet {
    old: Option<Row>,
    form: Form,
    changed: bool,
}

#[derive(Debug)]
enum Form {
    /// In order of score, then member.
    Inline {
        members: Vec<Scored>,
        bytes: usize,
    },
    Spilled {
        subid: u64,
        count: u64,
    },
}

/// What is called for each member.
pub type Visit<'v> = dyn FnMut(&[u8], f64) -> ControlFlow<()> + 'v;

impl SortedSet {
    /// Opens a sorted set; `None` if the key is missing.
    pub fn open(cx: &Context<'_>, key: &[u8]) -> Result<Option<Self>> {
        cx.find_kind(key, Kind::SortedSet)?.map(Self::of_row).transpose()
    }

    /// An empty sorted set that will replace what `old` holds.
    pub fn new(old: Option<Row>) -> Self {
        SortedSet { old, form: Form::Inline { members: Vec::new(), bytes: 0 }, changed: true }
    }

    /// The sorted set that a row holds.
    pub fn of_row(row: Row) -> Result<Self> {
        let form = if row.spilled {
            Form::Spilled { subid: number_at(row.body(), 0)?, count: number_at(row.body(), 8)? }
        } else {
            let mut members = Vec::new();
            let mut rest = Elements::of(row.body());
            while rest.left() > 0 {
                let score = f64::from_bits(number_at(rest.take(8)?, 0)?);
                members.push((rest.next_element()?.unwrap_or_default().to_vec(), score));
            }
            Form::Inline { bytes: row.body().len(), members }
        };
        Ok(SortedSet { old: Some(row), form, changed: false })
    }

    /// How many members there are.
    pub fn len(&self) -> u64 {
        match &self.form {
            Form::Inline { members, .. } => members.len() as u64,
            Form::Spilled { count, .. } => *count,
        }
    }

    /// The prefix of the members' rows of a large set in `kvsub`.
    pub fn member_prefix(&self) -> Option<Vec<u8>> {
        match self.form {
            Form::Inline { .. } => None,
            Form::Spilled { subid, .. } => Some(element_key(subid, &[BY_MEMBER])),
        }
    }

    /// The score of a member.
    pub fn score(&self, cx: &Context<'_>, member: &[u8]) -> Result<Option<f64>> {
        match &self.form {
            Form::Inline { members, .. } => {
                Ok(members.iter().find(|(name, _)| name == member).map(|(_, score)| *score))
            }
            Form::Spilled { subid, .. } => match cx.tx.get(cx.spaces().elements, &member_key(*subid, member))? {
                Some(value) => Ok(Some(f64::from_bits(number_at(&value, 0)?))),
                None => Ok(None),
            },
        }
    }

    /// Adds a member that is not there or moves it from its old score.
    pub fn set(&mut self, cx: &mut Context<'_>, member: &[u8], old: Option<f64>, score: f64) -> Result<()> {
        // The two zeros are one score.
        let score = score + 0.0;
        self.changed = true;
        match &mut self.form {
            Form::Inline { members, bytes } => {
                if old.is_some() {
                    members.retain(|(name, _)| name != member);
                } else {
                    *bytes += member.len() + 10;
                }
                let place = members.partition_point(|(name, found)| order((name, *found), (member, score)).is_lt());
                members.insert(place, (member.to_vec(), score));
                self.spill_if_large(cx)
            }
            Form::Spilled { subid, count } => {
                let (subid, space) = (*subid, cx.spaces().elements);
                match old {
                    Some(old) => cx.tx.delete(space, &score_key(subid, old, member))?,
                    None => *count += 1,
                }
                put(cx, subid, member, score)
            }
        }
    }

    /// Removes a member; answers its score if it was there.
    pub fn remove(&mut self, cx: &mut Context<'_>, member: &[u8]) -> Result<Option<f64>> {
        let Some(score) = self.score(cx, member)? else { return Ok(None) };
        self.changed = true;
        match &mut self.form {
            Form::Inline { members, bytes } => {
                members.retain(|(name, _)| name != member);
                *bytes = bytes.saturating_sub(member.len() + 10);
            }
            Form::Spilled { subid, count } => {
                let space = cx.spaces().elements;
                cx.tx.delete(space, &member_key(*subid, member))?;
                cx.tx.delete(space, &score_key(*subid, score, member))?;
                *count -= 1;
            }
        }
        Ok(Some(score))
    }

    /// Calls `visit` for each member in order of score, from `start` on (or before it, going backward).
    pub fn each_from(
        &self,
        cx: &Context<'_>,
        start: Start<'_>,
        direction: Direction,
        visit: &mut Visit<'_>,
    ) -> Result<()> {
        match &self.form {
            Form::Inline { members, .. } => {
                let split = match start {
                    Start::End if direction == Direction::Forward => 0,
                    Start::End => members.len(),
                    Start::Score(score, inclusive) => members.partition_point(|(_, found)| {
                        let skipped = inclusive == (direction == Direction::Backward);
                        if skipped { *found <= score } else { *found < score }
                    }),
                    Start::Member(score, member) => {
                        members.partition_point(|(name, found)| order((name, *found), (member, score)).is_lt())
                    }
                };
                let (before, behind) = members.split_at(split);
                let mut walk: Box<dyn Iterator<Item = &Scored>> = match direction {
                    Direction::Forward => Box::new(behind.iter()),
                    Direction::Backward => Box::new(before.iter().rev()),
                };
                let _ = walk.try_for_each(|(member, score)| visit(member, *score));
                Ok(())
            }
            Form::Spilled { subid, .. } => {
                let whole = KeyRange::prefix(&element_key(*subid, &[BY_SCORE]));
                let edge = match start {
                    Start::End => None,
                    Start::Score(score, inclusive) => {
                        let key = score_key(*subid, score, b"");
                        let behind_score = inclusive == (direction == Direction::Backward);
                        if behind_score {
                            Some(match KeyRange::prefix(&key).end {
                                Bound::Excluded(end) => end,
                                Bound::Included(_) | Bound::Unbounded => key,
                            })
                        } else {
                            Some(key)
                        }
                    }
                    Start::Member(score, member) => Some(score_key(*subid, score, member)),
                };
                let mut range = whole;
                if let Some(edge) = edge {
                    match direction {
                        Direction::Forward => range.start = Bound::Included(edge),
                        Direction::Backward => range.end = Bound::Excluded(edge),
                    }
                }
                Ok(cx.tx.scan(cx.spaces().elements, &range, direction, &mut |key, _| {
                    let score = ordered_to_score(number_at(key, 9).unwrap_or(0));
                    Ok(visit(key.get(17..).unwrap_or_default(), score))
                })?)
            }
        }
    }

    /// All members in order of score.
    pub fn all(&self, cx: &Context<'_>) -> Result<Vec<Scored>> {
        let mut all = Vec::new();
        self.each_from(cx, Start::End, Direction::Forward, &mut |member, score| {
            all.push((member.to_vec(), score));
            ControlFlow::Continue(())
        })?;
        Ok(all)
    }

    /// The first member in order of score, or the last.
    pub fn edge(&self, cx: &Context<'_>, direction: Direction) -> Result<Option<Scored>> {
        let mut found = None;
        self.each_from(cx, Start::End, direction, &mut |member, score| {
            found = Some((member.to_vec(), score));
            ControlFlow::Break(())
        })?;
        Ok(found)
    }

    /// Some members by chance: `count` different ones, or for a negative count that many with repeats.
    pub fn pick(&self, cx: &mut Context<'_>, count: i64) -> Result<Vec<Scored>> {
        let places = sample::places(cx.rng, self.len(), count)?;
        sample::collect(&places, |visit| {
            self.each_from(cx, Start::End, Direction::Forward, &mut |member, score| visit(member.to_vec(), score))
        })
    }

    /// Writes the head back if anything changed; a set without members vanishes with its key.
    pub fn save(self, cx: &mut Context<'_>, key: &[u8]) -> Result<()> {
        let expiry = self.old.as_ref().and_then(|row| row.expiry);
        self.save_with_expiry(cx, key, expiry)
    }

    /// Writes a set that replaces whatever the key held, without an expiry.
    pub fn save_new(self, cx: &mut Context<'_>, key: &[u8]) -> Result<()> {
        self.save_with_expiry(cx, key, None)
    }

    fn save_with_expiry(self, cx: &mut Context<'_>, key: &[u8], expiry: Option<i64>) -> Result<()> {
        if !self.changed {
            return Ok(());
        }
        if self.len() == 0 {
            return match &self.old {
                Some(old) => cx.remove(key, old),
                None => Ok(()),
            };
        }
        let (spilled, body) = match &self.form {
            Form::Inline { members, bytes } => {
                let mut body = Vec::with_capacity(*bytes);
                for (member, score) in members {
                    body.extend_from_slice(&score.to_bits().to_be_bytes());
                    push_element(&mut body, member);
                }
                (false, body)
            }
            Form::Spilled { subid, count } => (true, [subid.to_be_bytes(), count.to_be_bytes()].concat()),
        };
        cx.write(key, self.old.as_ref(), Content { kind: Kind::SortedSet, spilled, body: &body }, expiry)
    }

    fn spill_if_large(&mut self, cx: &mut Context<'_>) -> Result<()> {
        let Form::Inline { members, bytes } = &mut self.form else { return Ok(()) };
        if members.len() <= INLINE_ELEMENTS && *bytes <= INLINE_BYTES {
            return Ok(());
        }
        let subid = next_subid(cx.tx)?;
        let members = std::mem::take(members);
        for (member, score) in &members {
            put(cx, subid, member, *score)?;
        }
        self.form = Form::Spilled { subid, count: members.len() as u64 };
        Ok(())
    }
}

/// Where a walk in order of score begins.
#[derive(Debug, Clone, Copy)]
pub enum Start<'m> {
    /// At the end it walks away from.
    End,
    /// At a score: with it, or behind it.
    Score(f64, bool),
    /// At a member of a score (going backward: before it).
    Member(f64, &'m [u8]),
}

/// By score, then by member bytes.
pub fn order(left: (&[u8], f64), right: (&[u8], f64)) -> Ordering {
    left.1.total_cmp(&right.1).then_with(|| left.0.cmp(right.0))
}

fn put(cx: &mut Context<'_>, subid: u64, member: &[u8], score: f64) -> Result<()> {
    let space = cx.spaces().elements;
    cx.tx.put(space, &member_key(subid, member), &score.to_bits().to_be_bytes())?;
    Ok(cx.tx.put(space, &score_key(subid, score, member), b"")?)
}

fn member_key(subid: u64, member: &[u8]) -> Vec<u8> {
    let mut key = Vec::with_capacity(9 + member.len());
    key.extend_from_slice(&subid.to_be_bytes());
    key.push(BY_MEMBER);
    key.extend_from_slice(member);
    key
}

fn score_key(subid: u64, score: f64, member: &[u8]) -> Vec<u8> {
    let mut key = Vec::with_capacity(17 + member.len());
    key.extend_from_slice(&subid.to_be_bytes());
    key.push(BY_SCORE);
    key.extend_from_slice(&score_to_ordered(score).to_be_bytes());
    key.extend_from_slice(member);
    key
}

/// Bits whose order as integers is the order of scores.
fn score_to_ordered(score: f64) -> u64 {
    let bits = (score + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

fn ordered_to_score(ordered: u64) -> f64 {
    f64::from_bits(if ordered >> 63 == 1 { ordered & !(1 << 63) } else { !ordered })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_keep_their_order_as_bytes() {
        let scores = [f64::NEG_INFINITY, -1e300, -1.5, -5e-324, 0.0, 5e-324, 1.0, 1.5, 1e300, f64::INFINITY];
        for pair in scores.windows(2) {
            assert!(score_to_ordered(pair[0]) < score_to_ordered(pair[1]), "{pair:?}");
            assert_eq!(ordered_to_score(score_to_ordered(pair[0])), pair[0]);
        }
        assert_eq!(score_to_ordered(-0.0), score_to_ordered(0.0));
    }
}
