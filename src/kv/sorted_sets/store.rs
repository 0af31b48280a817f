//! How a sorted set is kept: whole and in order in its row while small, else twice in `kvsub`, by
//! member and by score.

use super::{Context, Result, Scored, inline};
use crate::kv::layout::{
    Content, ElementKey, Head, INLINE_BYTES, INLINE_ELEMENTS, Kind, RANKED, Row, SPILLED, element_key, number_at,
};
use crate::kv::ranks::{LEAST_ROWS, Ranks};
use crate::kv::{next_subid, sample};
use crate::storage::{Direction, KeyRange};
use std::cmp::Ordering;
use std::ops::{Bound, ControlFlow};

const BY_MEMBER: u8 = 0;
const BY_SCORE: u8 = 1;

/// An open sorted set.
#[derive(Debug)]
pub struct SortedSet {
    old: Option<Head>,
    form: Form,
    count: u64,
    changed: bool,
}

#[derive(Debug)]
enum Form {
    /// In order of score, then member.
    Inline(Vec<u8>),
    Spilled(Large),
}

/// The head of a large sorted set.
#[derive(Debug)]
struct Large {
    subid: u64,
    /// Bytes of all members and scores.
    bytes: u64,
    /// Whether ranks are kept.
    ranked: bool,
}

impl Large {
    fn ranks(&self) -> Ranks {
        Ranks::of(self.subid, BY_SCORE)
    }

    fn member_key(&self, member: &[u8]) -> ElementKey {
        element_key(self.subid, BY_MEMBER, member)
    }

    fn score_key(&self, score: f64, member: &[u8]) -> ElementKey {
        element_key(self.subid, BY_SCORE, &row(score, member))
    }
}

/// What is called for each member.
pub type Visit<'v> = dyn FnMut(&[u8], f64) -> ControlFlow<()> + 'v;

impl SortedSet {
    /// Opens a sorted set; `None` if the key is missing.
    pub fn open(cx: &Context<'_>, key: &[u8]) -> Result<Option<Self>> {
        cx.find_kind(key, Kind::SortedSet)?.map(Self::of_row).transpose()
    }

    /// An empty sorted set that will replace what `old` is the head of.
    pub fn new(old: Option<Head>) -> Self {
        SortedSet { old, form: Form::Inline(Vec::new()), count: 0, changed: true }
    }

    /// The sorted set that a row holds.
    pub fn of_row(row: Row) -> Result<Self> {
        let old = Some(row.head);
        if !row.head.is_spilled() {
            let count = inline::count(row.body())?;
            return Ok(SortedSet { old, form: Form::Inline(row.into_body()), count, changed: false });
        }
        let [subid, count, bytes] = [0, 8, 16].map(|at| number_at(row.body(), at));
        let large = Large { subid: subid?, bytes: bytes?, ranked: row.head.flags & RANKED != 0 };
        Ok(SortedSet { old, form: Form::Spilled(large), count: count?, changed: false })
    }

    /// How many members there are.
    pub fn len(&self) -> u64 {
        self.count
    }

    /// The prefix of the members' rows of a large set in `kvsub`.
    pub fn member_prefix(&self) -> Option<ElementKey> {
        match &self.form {
            Form::Inline(_) => None,
            Form::Spilled(large) => Some(large.member_key(b"")),
        }
    }

    /// The score of a member.
    pub fn score(&self, cx: &Context<'_>, member: &[u8]) -> Result<Option<f64>> {
        match &self.form {
            Form::Inline(body) => Ok(inline::find(body, member)?.map(|place| place.score)),
            Form::Spilled(large) => match cx.tx.peek(cx.spaces().elements, &large.member_key(member))? {
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
        self.count += u64::from(old.is_none());
        match &mut self.form {
            Form::Inline(body) => {
                if let Some(place) = inline::find(body, member)? {
                    inline::remove(body, place);
                }
                inline::insert(body, member, score)?;
                self.spill_if_large(cx)
            }
            Form::Spilled(large) => {
                match old {
                    Some(old) => large.take_out(cx, member, old)?,
                    None => large.bytes += member.len() as u64 + 8,
                }
                large.put(cx, member, score)?;
                if large.ranked {
                    large.ranks().add(cx, &row(score, member))?;
                }
                Ok(())
            }
        }
    }

    /// Removes a member; answers its score if it was there.
    pub fn remove(&mut self, cx: &mut Context<'_>, member: &[u8]) -> Result<Option<f64>> {
        let score = match &mut self.form {
            Form::Inline(body) => {
                let place = inline::find(body, member)?;
                place.map(|place| {
                    let score = place.score;
                    inline::remove(body, place);
                    score
                })
            }
            Form::Spilled(large) => match cx.tx.get(cx.spaces().elements, &large.member_key(member))? {
                Some(value) => {
                    let score = f64::from_bits(number_at(&value, 0)?);
                    large.take_out(cx, member, score)?;
                    cx.tx.delete(cx.spaces().elements, &large.member_key(member))?;
                    large.bytes = large.bytes.saturating_sub(member.len() as u64 + 8);
                    Some(score)
                }
                None => None,
            },
        };
        self.count -= u64::from(score.is_some());
        self.changed |= score.is_some();
        Ok(score)
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
            Form::Inline(body) => {
                let members = inline::all(body)?;
                let split = match start {
                    Start::End if direction == Direction::Forward => 0,
                    Start::End => members.len(),
                    Start::Score(score, inclusive) => members.partition_point(|(_, found)| {
                        let skipped = inclusive == (direction == Direction::Backward);
                        if skipped { *found <= score } else { *found < score }
                    }),
                    Start::Member(score, member) => {
                        members.partition_point(|&found| order(found, (member, score)).is_lt())
                    }
                };
                let (before, behind) = members.split_at(split);
                let mut walk: Box<dyn Iterator<Item = &(&[u8], f64)>> = match direction {
                    Direction::Forward => Box::new(behind.iter()),
                    Direction::Backward => Box::new(before.iter().rev()),
                };
                let _ = walk.try_for_each(|(member, score)| visit(member, *score));
                Ok(())
            }
            Form::Spilled(large) => {
                let mut range = KeyRange::prefix(&element_key(large.subid, BY_SCORE, b""));
                if let Some(place) = start.row(direction) {
                    let edge = element_key(large.subid, BY_SCORE, &place).to_vec();
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

    /// How many members come before a place in order of score; `None` if walking there is as good.
    pub fn rank(&mut self, cx: &mut Context<'_>, key: &[u8], start: Start<'_>) -> Result<Option<u64>> {
        if !self.keep_ranks(cx, key)? {
            return Ok(None);
        }
        match (&self.form, start.row(Direction::Forward)) {
            (Form::Spilled(large), Some(place)) => large.ranks().rank(cx, &place).map(Some),
            _ => Ok(None),
        }
    }

    /// The member that has so many before it, where ranks are kept.
    pub fn member_at(&mut self, cx: &mut Context<'_>, key: &[u8], rank: u64) -> Result<Option<Scored>> {
        if rank < LEAST_ROWS || rank + LEAST_ROWS > self.count || !self.keep_ranks(cx, key)? {
            return Ok(None);
        }
        let Form::Spilled(large) = &self.form else { return Ok(None) };
        let found = large.ranks().row_at(cx, rank)?;
        Ok(found
            .map(|row| (row.get(8..).unwrap_or_default().to_vec(), ordered_to_score(number_at(&row, 0).unwrap_or(0)))))
    }

    /// Sees to it that the ranks of a large set are kept; answers whether they are.
    fn keep_ranks(&mut self, cx: &mut Context<'_>, key: &[u8]) -> Result<bool> {
        let Form::Spilled(large) = &mut self.form else { return Ok(false) };
        if large.ranked || self.count < LEAST_ROWS || !cx.tx.may_write() {
            return Ok(large.ranked);
        }
        large.ranks().build(cx)?;
        large.ranked = true;
        // The set itself does not change.
        if let Some(old) = self.old {
            let (flags, body) = self.encode();
            let content = Content { kind: Kind::SortedSet, flags, body: &body };
            cx.tx.put(cx.spaces().keys, key, &content.encode(old.expiry))?;
        }
        Ok(true)
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
        if let Form::Inline(body) = &self.form {
            return inline::edge(body, direction == Direction::Backward);
        }
        let mut found = None;
        self.each_from(cx, Start::End, direction, &mut |member, score| {
            found = Some((member.to_vec(), score));
            ControlFlow::Break(())
        })?;
        Ok(found)
    }

    /// Some members by chance: `count` different ones, or for a negative count that many with repeats.
    pub fn pick(&mut self, cx: &mut Context<'_>, key: &[u8], count: i64) -> Result<Vec<Scored>> {
        let places = sample::places(cx.rng, self.len(), count)?;
        if places.len() as u64 > self.count / 16 || !self.keep_ranks(cx, key)? {
            return sample::collect(&places, |visit| {
                self.each_from(cx, Start::End, Direction::Forward, &mut |member, score| visit(member.to_vec(), score))
            });
        }
        let Form::Spilled(large) = &self.form else { return Ok(Vec::new()) };
        let mut picked = Vec::with_capacity(places.len());
        for place in places {
            cx.tx.check_interrupt()?;
            if let Some(row) = large.ranks().row_at(cx, place)? {
                let score = ordered_to_score(number_at(&row, 0)?);
                picked.push((row.get(8..).unwrap_or_default().to_vec(), score));
            }
        }
        Ok(picked)
    }

    fn encode(&self) -> (u8, Vec<u8>) {
        match &self.form {
            Form::Inline(body) => (0, body.clone()),
            Form::Spilled(large) => {
                let numbers = [large.subid, self.count, large.bytes];
                let body = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
                (SPILLED | if large.ranked { RANKED } else { 0 }, body)
            }
        }
    }

    /// Writes the head back if anything changed; a set without members vanishes with its key.
    pub fn save(self, cx: &mut Context<'_>, key: &[u8]) -> Result<()> {
        let expiry = self.old.and_then(|old| old.expiry);
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
        if self.count == 0 {
            return self.old.map_or(Ok(()), |old| cx.remove(key, old));
        }
        let (flags, body) = self.encode();
        cx.write(key, self.old, Content { kind: Kind::SortedSet, flags, body: &body }, expiry)
    }

    fn spill_if_large(&mut self, cx: &mut Context<'_>) -> Result<()> {
        let Form::Inline(body) = &self.form else { return Ok(()) };
        if self.count <= INLINE_ELEMENTS as u64 && body.len() <= INLINE_BYTES {
            return Ok(());
        }
        let mut large = Large { subid: next_subid(cx.tx)?, bytes: 0, ranked: false };
        for (member, score) in inline::all(body)? {
            large.bytes += member.len() as u64 + 8;
            large.put(cx, member, score)?;
        }
        self.form = Form::Spilled(large);
        Ok(())
    }
}

impl Large {
    fn put(&self, cx: &mut Context<'_>, member: &[u8], score: f64) -> Result<()> {
        let space = cx.spaces().elements;
        cx.tx.put(space, &self.member_key(member), &score.to_bits().to_be_bytes())?;
        Ok(cx.tx.put(space, &self.score_key(score, member), b"")?)
    }

    /// Removes a member from its place in order of score.
    fn take_out(&self, cx: &mut Context<'_>, member: &[u8], score: f64) -> Result<()> {
        cx.tx.delete(cx.spaces().elements, &self.score_key(score, member))?;
        if self.ranked { self.ranks().remove(cx, &row(score, member)) } else { Ok(()) }
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

impl Start<'_> {
    /// The place in order of score at which a walk begins (going backward: before which); `None` at an end.
    fn row(&self, direction: Direction) -> Option<ElementKey> {
        match *self {
            Start::End => None,
            Start::Member(score, member) => Some(row(score, member)),
            Start::Score(score, inclusive) => {
                let place = row(score, b"");
                if inclusive != (direction == Direction::Backward) {
                    return Some(place);
                }
                // Behind all members of that score.
                match KeyRange::prefix(&place).end {
                    Bound::Excluded(end) => Some(ElementKey::from_vec(end)),
                    Bound::Included(_) | Bound::Unbounded => Some(place),
                }
            }
        }
    }
}

/// By score, then by member bytes.
pub fn order(left: (&[u8], f64), right: (&[u8], f64)) -> Ordering {
    left.1.total_cmp(&right.1).then_with(|| left.0.cmp(right.0))
}

/// What the key of a member in order of score ends with.
fn row(score: f64, member: &[u8]) -> ElementKey {
    let mut row = ElementKey::with_capacity(8 + member.len());
    row.extend_from_slice(&score_to_ordered(score).to_be_bytes());
    row.extend_from_slice(member);
    row
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
