//! How a list is kept: whole in its row while small, else an element a row, by place.
//!
//! Places are numbers around the middle of u64, so that both ends grow without moving anything;
//! element `i` of a list lies at `head + i`. Inserting and removing in the middle moves the shorter
//! side by one row after the other, never the whole list into memory.

use super::{Context, Result};
use crate::kv::keyspace::Content;
use crate::kv::layout::{Elements, INLINE_BYTES, INLINE_ELEMENTS, Kind, Row, element_key, number_at, push_element};
use crate::kv::next_subid;
use crate::storage::{Cursor, Direction, KeyRange};
use std::collections::VecDeque;
use std::ops::ControlFlow;

/// Where the first element of a large list lies at first.
const MIDDLE: u64 = 1 << 63;

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
    old: Option<Row>,
    form: Form,
    changed: bool,
}

#[derive(Debug)]
enum Form {
    Inline { elements: VecDeque<Vec<u8>>, bytes: usize },
    Spilled { subid: u64, count: u64, head: u64 },
}

impl List {
    /// Opens a list; `None` if the key is missing.
    pub fn open(cx: &Context<'_>, key: &[u8]) -> Result<Option<Self>> {
        cx.find_kind(key, Kind::List)?.map(Self::of_row).transpose()
    }

    /// An empty list that will replace what `old` holds.
    pub fn new(old: Option<Row>) -> Self {
        List { old, form: Form::Inline { elements: VecDeque::new(), bytes: 0 }, changed: true }
    }

    fn of_row(row: Row) -> Result<Self> {
        let body = row.body();
        let form = if row.spilled {
            Form::Spilled { subid: number_at(body, 0)?, count: number_at(body, 8)?, head: number_at(body, 16)? }
        } else {
            let (mut elements, mut bytes) = (VecDeque::new(), 0);
            let mut rest = Elements::of(body);
            while let Some(element) = rest.next_element()? {
                bytes += element.len();
                elements.push_back(element.to_vec());
            }
            Form::Inline { elements, bytes }
        };
        Ok(List { old: Some(row), form, changed: false })
    }

    /// How many elements there are.
    pub fn len(&self) -> u64 {
        match &self.form {
            Form::Inline { elements, .. } => elements.len() as u64,
            Form::Spilled { count, .. } => *count,
        }
    }

    /// Puts an element at an end.
    pub fn push(&mut self, cx: &mut Context<'_>, end: End, element: &[u8]) -> Result<()> {
        self.changed = true;
        match &mut self.form {
            Form::Inline { elements, bytes } => {
                *bytes += element.len();
                match end {
                    End::Head => elements.push_front(element.to_vec()),
                    End::Tail => elements.push_back(element.to_vec()),
                }
                self.spill_if_large(cx)
            }
            Form::Spilled { subid, count, head } => {
                let place = match end {
                    End::Head => {
                        *head = head.wrapping_sub(1);
                        *head
                    }
                    End::Tail => head.wrapping_add(*count),
                };
                *count += 1;
                let key = element_key(*subid, &place.to_be_bytes());
                Ok(cx.tx.put(cx.spaces().elements, &key, element)?)
            }
        }
    }

    /// Takes the element at an end.
    pub fn pop(&mut self, cx: &mut Context<'_>, end: End) -> Result<Option<Vec<u8>>> {
        let last = match end {
            End::Head => 0,
            End::Tail => self.len().saturating_sub(1),
        };
        let Some(element) = self.get(cx, last)? else { return Ok(None) };
        self.changed = true;
        match &mut self.form {
            Form::Inline { elements, bytes } => {
                *bytes -= element.len();
                match end {
                    End::Head => elements.pop_front(),
                    End::Tail => elements.pop_back(),
                };
            }
            Form::Spilled { subid, count, head } => {
                let key = element_key(*subid, &head.wrapping_add(last).to_be_bytes());
                cx.tx.delete(cx.spaces().elements, &key)?;
                *count -= 1;
                if end == End::Head {
                    *head = head.wrapping_add(1);
                }
            }
        }
        Ok(Some(element))
    }

    /// The element at a place.
    pub fn get(&self, cx: &Context<'_>, place: u64) -> Result<Option<Vec<u8>>> {
        match &self.form {
            Form::Inline { elements, .. } => {
                Ok(usize::try_from(place).ok().and_then(|place| elements.get(place)).cloned())
            }
            Form::Spilled { subid, count, head } if place < *count => {
                let key = element_key(*subid, &head.wrapping_add(place).to_be_bytes());
                Ok(cx.tx.get(cx.spaces().elements, &key)?)
            }
            Form::Spilled { .. } => Ok(None),
        }
    }

    /// Sets the element at a place that is there.
    pub fn set(&mut self, cx: &mut Context<'_>, place: u64, element: &[u8]) -> Result<()> {
        self.changed = true;
        match &mut self.form {
            Form::Inline { elements, bytes } => {
                if let Some(old) = usize::try_from(place).ok().and_then(|place| elements.get_mut(place)) {
                    *bytes = *bytes - old.len() + element.len();
                    *old = element.to_vec();
                }
                self.spill_if_large(cx)
            }
            Form::Spilled { subid, head, .. } => {
                let key = element_key(*subid, &head.wrapping_add(place).to_be_bytes());
                Ok(cx.tx.put(cx.spaces().elements, &key, element)?)
            }
        }
    }

    /// Inserts an element before the one at `place`.
    pub fn insert(&mut self, cx: &mut Context<'_>, place: u64, element: &[u8]) -> Result<()> {
        if place == 0 {
            return self.push(cx, End::Head, element);
        }
        if place >= self.len() {
            return self.push(cx, End::Tail, element);
        }
        self.changed = true;
        match &mut self.form {
            Form::Inline { elements, bytes } => {
                *bytes += element.len();
                elements.insert(usize::try_from(place).unwrap_or(usize::MAX).min(elements.len()), element.to_vec());
                self.spill_if_large(cx)
            }
            Form::Spilled { subid, count, head } => {
                let (subid, length) = (*subid, *count);
                *count += 1;
                let first = *head;
                if place < length / 2 {
                    *head = first.wrapping_sub(1);
                    shift(cx, subid, first, first.wrapping_add(place), Direction::Forward, 1u64.wrapping_neg())?;
                    let key = element_key(subid, &first.wrapping_add(place).wrapping_sub(1).to_be_bytes());
                    Ok(cx.tx.put(cx.spaces().elements, &key, element)?)
                } else {
                    let (from, to) = (first.wrapping_add(place), first.wrapping_add(length));
                    shift(cx, subid, from, to, Direction::Backward, 1)?;
                    Ok(cx.tx.put(cx.spaces().elements, &element_key(subid, &from.to_be_bytes()), element)?)
                }
            }
        }
    }

    /// Removes the elements at these places, which ascend.
    pub fn remove(&mut self, cx: &mut Context<'_>, places: &[u64]) -> Result<()> {
        let (Some(&first), Some(&last)) = (places.first(), places.last()) else { return Ok(()) };
        self.changed = true;
        match &mut self.form {
            Form::Inline { elements, bytes } => {
                for &place in places.iter().rev() {
                    if let Some(gone) = usize::try_from(place).ok().and_then(|place| elements.remove(place)) {
                        *bytes -= gone.len();
                    }
                }
                Ok(())
            }
            Form::Spilled { subid, count, head } => {
                let (subid, length, start) = (*subid, *count, *head);
                let removed = places.len() as u64;
                let from_head = last + 1 < length - first;
                *count = length - removed;
                if from_head {
                    *head = start.wrapping_add(removed);
                }
                close_gaps(cx, subid, start, length, places, from_head)
            }
        }
    }

    /// Keeps only the places `start..end`.
    pub fn keep(&mut self, cx: &mut Context<'_>, start: u64, end: u64) -> Result<()> {
        let length = self.len();
        if start == 0 && end >= length {
            return Ok(());
        }
        self.changed = true;
        let kept = end.saturating_sub(start);
        if let Form::Spilled { subid, count, head } = &mut self.form
            && kept > length / 2
        {
            for place in (0..start).chain(end..length) {
                let key = element_key(*subid, &head.wrapping_add(place).to_be_bytes());
                cx.tx.delete(cx.spaces().elements, &key)?;
            }
            *head = head.wrapping_add(start);
            *count = kept;
            return Ok(());
        }
        // Little remains: it becomes a new list, and the old elements are reclaimed bit by bit.
        let mut rest = List::new(None);
        let mut place = start;
        while place < end
            && let Some(element) = self.get(cx, place)?
        {
            rest.push(cx, End::Tail, &element)?;
            place += 1;
        }
        self.form = rest.form;
        Ok(())
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
            Form::Inline { elements, .. } => {
                let mut places: Box<dyn Iterator<Item = u64>> = match direction {
                    Direction::Forward => Box::new(start..end),
                    Direction::Backward => Box::new((start..end).rev()),
                };
                let _ = places.try_for_each(|place| {
                    match usize::try_from(place).ok().and_then(|place| elements.get(place)) {
                        Some(element) => visit(place, element),
                        None => ControlFlow::Continue(()),
                    }
                });
                Ok(())
            }
            Form::Spilled { subid, head, .. } => {
                let range = places_range(*subid, head.wrapping_add(start), head.wrapping_add(end));
                Ok(cx.tx.scan(cx.spaces().elements, &range, direction, &mut |key, element| {
                    Ok(visit(number_at_place(key).wrapping_sub(*head), element))
                })?)
            }
        }
    }

    /// Writes the head back if anything changed; a list without elements vanishes with its key.
    pub fn save(self, cx: &mut Context<'_>, key: &[u8]) -> Result<()> {
        let expiry = self.old.as_ref().and_then(|row| row.expiry);
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
            return match &self.old {
                Some(old) => cx.remove(key, old),
                None => Ok(()),
            };
        }
        let (spilled, body) = match &self.form {
            Form::Inline { elements, bytes } => {
                let mut body = Vec::with_capacity(bytes + 2 * elements.len());
                elements.iter().for_each(|element| push_element(&mut body, element));
                (false, body)
            }
            Form::Spilled { subid, count, head } => {
                (true, [subid.to_be_bytes(), count.to_be_bytes(), head.to_be_bytes()].concat())
            }
        };
        cx.write(key, self.old.as_ref(), Content { kind: Kind::List, spilled, body: &body }, expiry)
    }

    fn spill_if_large(&mut self, cx: &mut Context<'_>) -> Result<()> {
        let Form::Inline { elements, bytes } = &self.form else { return Ok(()) };
        if elements.len() <= INLINE_ELEMENTS && *bytes <= INLINE_BYTES {
            return Ok(());
        }
        let subid = next_subid(cx.tx)?;
        let space = cx.spaces().elements;
        for (place, element) in (MIDDLE..).zip(elements) {
            cx.tx.put(space, &element_key(subid, &place.to_be_bytes()), element)?;
        }
        self.form = Form::Spilled { subid, count: elements.len() as u64, head: MIDDLE };
        Ok(())
    }
}

fn places_range(subid: u64, start: u64, end: u64) -> KeyRange {
    KeyRange::between(&element_key(subid, &start.to_be_bytes()), &element_key(subid, &end.to_be_bytes()))
}

fn number_at_place(key: &[u8]) -> u64 {
    number_at(key, 8).unwrap_or(0)
}

/// Moves the elements of `from..to` by `by` places; `direction` keeps what is not yet moved from being overwritten.
fn shift(cx: &mut Context<'_>, subid: u64, from: u64, to: u64, direction: Direction, by: u64) -> Result<()> {
    let space = cx.spaces().elements;
    let mut cursor = Cursor::new(space, places_range(subid, from, to), direction);
    while let Some((key, element)) = cursor.next(cx.tx.as_read())? {
        let place = number_at_place(&key).wrapping_add(by);
        cx.tx.put(space, &element_key(subid, &place.to_be_bytes()), &element)?;
    }
    Ok(())
}

/// Moves elements over the ones that are removed, from the side that has less to move.
fn close_gaps(
    cx: &mut Context<'_>,
    subid: u64,
    start: u64,
    length: u64,
    places: &[u64],
    from_head: bool,
) -> Result<()> {
    let space = cx.spaces().elements;
    let (range, direction) = if from_head {
        let last = places.last().copied().unwrap_or(0);
        (places_range(subid, start, start.wrapping_add(last + 1)), Direction::Backward)
    } else {
        let first = places.first().copied().unwrap_or(0);
        let range = places_range(subid, start.wrapping_add(first), start.wrapping_add(length));
        (range, Direction::Forward)
    };
    let mut cursor = Cursor::new(space, range, direction);
    let mut gaps = 0u64;
    while let Some((key, element)) = cursor.next(cx.tx.as_read())? {
        let place = number_at_place(&key);
        if places.binary_search(&place.wrapping_sub(start)).is_ok() {
            gaps += 1;
            continue;
        }
        let place = if from_head { place.wrapping_add(gaps) } else { place.wrapping_sub(gaps) };
        cx.tx.put(space, &element_key(subid, &place.to_be_bytes()), &element)?;
    }
    let end = start.wrapping_add(length);
    for gap in 0..gaps {
        let place = if from_head { start.wrapping_add(gap) } else { end.wrapping_sub(gap + 1) };
        cx.tx.delete(space, &element_key(subid, &place.to_be_bytes()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::kv::testing::Engine;

    /// A list of 0 … 399, which is large.
    fn long_list() -> Engine {
        let mut engine = Engine::new();
        for number in 0..400 {
            engine.ok(&format!("RPUSH l {number}"));
        }
        engine
    }

    #[test]
    fn the_middle_of_a_large_list_changes_from_its_shorter_side() {
        let mut engine = long_list();
        engine.check(&[
            ("LINSERT l BEFORE 10 x", "401"),
            ("LINSERT l AFTER 390 y", "402"),
            ("LRANGE l 8 12", "[8 9 x 10 11]"),
            ("LRANGE l 390 393", "[389 390 y 391]"),
            ("LREM l 0 x", "1"),
            ("LREM l -1 y", "1"),
            ("LRANGE l 8 12", "[8 9 10 11 12]"),
            ("LRANGE l 388 -1", "[388 389 390 391 392 393 394 395 396 397 398 399]"),
            ("LLEN l", "400"),
        ]);
        assert_eq!(engine.rows(|spaces| spaces.elements), 400);
    }

    #[test]
    fn trimming_keeps_what_remains_and_gives_up_the_rest() {
        let mut engine = long_list();
        engine.check(&[
            ("LTRIM l 1 -2", "OK"),
            ("LLEN l", "398"),
            ("LINDEX l 0", "1"),
            ("LTRIM l -3 -1", "OK"),
            ("LRANGE l 0 -1", "[396 397 398]"),
        ]);
        for _ in 0..5 {
            engine.ok("SET other 1");
        }
        assert_eq!(engine.rows(|spaces| spaces.elements), 0);
    }
}
