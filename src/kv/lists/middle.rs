//! The middle of a list: inserting, removing, keeping a part.

use super::packed::{Item, Owned, Packed};
use super::store::{BLOCK, End, Form, Large, List, Part};
use super::{Context, Result};

/// So many elements are removed one by one; for more, the blocks behind the first are packed anew.
const ONE_BY_ONE: usize = 4;
/// A list that loses more than half of at least so many elements goes on as a new one.
const WORTH_A_NEW_LIST: u64 = 1024;

impl List {
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
            Form::Spilled(large) => large.insert(cx, place, element),
            Form::Inline(packed) => {
                packed.insert(place, Item::Here(element))?;
                self.spill_if_large(cx)
            }
        }
    }

    /// Removes the elements at these places, which ascend.
    pub fn remove(&mut self, cx: &mut Context<'_>, places: &[u64]) -> Result<()> {
        if places.is_empty() {
            return Ok(());
        }
        self.changed = true;
        match &mut self.form {
            Form::Inline(packed) => places.iter().rev().try_for_each(|&place| packed.take(place).map(drop)),
            Form::Spilled(large) if places.len() > ONE_BY_ONE => large.pack_without(cx, places),
            Form::Spilled(large) => places.iter().rev().try_for_each(|&place| large.remove(cx, place)),
        }
    }

    /// Keeps only the places `start..end`.
    pub fn keep(&mut self, cx: &mut Context<'_>, start: u64, end: u64) -> Result<()> {
        let length = self.len();
        if start == 0 && end >= length {
            return Ok(());
        }
        self.changed = true;
        match &mut self.form {
            Form::Inline(packed) => {
                packed.split_off(end)?;
                *packed = packed.split_off(start)?;
                Ok(())
            }
            Form::Spilled(_) if length >= WORTH_A_NEW_LIST && end.saturating_sub(start) < length / 2 => {
                // The old elements are reclaimed bit by bit.
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
            Form::Spilled(large) => {
                large.drop_ahead(cx, start)?;
                large.drop_behind(cx, length.saturating_sub(end))
            }
        }
    }
}

impl Large {
    fn insert(&mut self, cx: &mut Context<'_>, place: u64, element: &[u8]) -> Result<()> {
        let item = self.pack(cx, element)?;
        match self.part(place) {
            Part::Front(place) => self.front.insert(place, item)?,
            Part::Back(place) => self.back.insert(place, item)?,
            Part::Block(block, place) => {
                let mut packed = self.block(cx, block)?;
                packed.insert(place, item)?;
                if block < self.blocks / 2 {
                    let first = packed.take(0)?;
                    self.put_block(cx, block, packed)?;
                    self.hand_ahead(cx, block, first)?;
                } else {
                    let last = packed.take(BLOCK)?;
                    self.put_block(cx, block, packed)?;
                    self.hand_behind(cx, block, last)?;
                }
            }
        }
        self.relieve(cx)
    }

    /// Hands an element to the blocks before one, each of which hands on its first, until the front takes it.
    fn hand_ahead(&mut self, cx: &mut Context<'_>, block: u64, mut carried: Owned) -> Result<()> {
        for block in (0..block).rev() {
            let mut packed = self.block(cx, block)?;
            packed.push_back(carried.item());
            carried = packed.take(0)?;
            self.put_block(cx, block, packed)?;
        }
        self.front.push_back(carried.item());
        Ok(())
    }

    /// Hands an element to the blocks behind one, each of which hands on its last, until the back takes it.
    fn hand_behind(&mut self, cx: &mut Context<'_>, block: u64, mut carried: Owned) -> Result<()> {
        for block in block + 1..self.blocks {
            let mut packed = self.block(cx, block)?;
            packed.push_front(carried.item());
            carried = packed.take(BLOCK)?;
            self.put_block(cx, block, packed)?;
        }
        self.back.push_front(carried.item());
        Ok(())
    }

    fn remove(&mut self, cx: &mut Context<'_>, place: u64) -> Result<()> {
        let gone = match self.part(place) {
            Part::Front(place) => self.front.take(place)?,
            Part::Back(place) => self.back.take(place)?,
            Part::Block(block, _) if block < self.blocks / 2 && self.front.count == 0 => {
                self.load_front(cx)?;
                return self.remove(cx, place);
            }
            Part::Block(block, _) if block >= self.blocks / 2 && self.back.count == 0 => {
                self.load_back(cx)?;
                return self.remove(cx, place);
            }
            Part::Block(block, place) => {
                let mut packed = self.block(cx, block)?;
                let gone = packed.take(place)?;
                if block < self.blocks / 2 {
                    let mut carried = self.front.take(self.front.count - 1)?;
                    for before in 0..block {
                        let mut packed = self.block(cx, before)?;
                        packed.push_front(carried.item());
                        carried = packed.take(BLOCK)?;
                        self.put_block(cx, before, packed)?;
                    }
                    packed.push_front(carried.item());
                } else {
                    let mut carried = self.back.take(0)?;
                    for behind in (block + 1..self.blocks).rev() {
                        let mut packed = self.block(cx, behind)?;
                        packed.push_back(carried.item());
                        carried = packed.take(0)?;
                        self.put_block(cx, behind, packed)?;
                    }
                    packed.push_back(carried.item());
                }
                self.put_block(cx, block, packed)?;
                gone
            }
        };
        self.forget(cx, gone.item())
    }

    /// Removes many elements: what is left behind the first of them is packed into blocks again.
    fn pack_without(&mut self, cx: &mut Context<'_>, places: &[u64]) -> Result<()> {
        let mut gone = places.iter().copied().peekable();
        let mut place = 0;
        let front = std::mem::take(&mut self.front);
        let mut kept = Packed::default();
        self.sift(cx, &front, &mut place, &mut gone, &mut kept)?;
        self.front = std::mem::take(&mut kept);
        // Blocks before the first that loses an element stay as they are.
        let blocks = self.blocks;
        let mut read = gone.peek().map_or(blocks, |&first| first.saturating_sub(place) / BLOCK).min(blocks);
        let mut written = read;
        place += read * BLOCK;
        while read < blocks {
            let packed = self.block(cx, read)?;
            self.sift(cx, &packed, &mut place, &mut gone, &mut kept)?;
            read += 1;
            if kept.count >= BLOCK {
                let rest = kept.split_off(BLOCK)?;
                self.put_block(cx, written, std::mem::replace(&mut kept, rest))?;
                written += 1;
            }
        }
        for block in written..blocks {
            self.delete_block(cx, block)?;
        }
        self.blocks = written;
        let back = std::mem::take(&mut self.back);
        self.sift(cx, &back, &mut place, &mut gone, &mut kept)?;
        self.back = kept;
        self.relieve(cx)
    }

    /// Moves the elements of `from` that are not gone to `kept`.
    fn sift(
        &mut self,
        cx: &mut Context<'_>,
        from: &Packed,
        place: &mut u64,
        gone: &mut std::iter::Peekable<impl Iterator<Item = u64>>,
        kept: &mut Packed,
    ) -> Result<()> {
        cx.tx.check_interrupt()?;
        for item in from.items() {
            let item = item?;
            if gone.next_if_eq(place).is_some() {
                self.forget(cx, item)?;
            } else {
                kept.push_back(item);
            }
            *place += 1;
        }
        Ok(())
    }

    /// Removes the first elements.
    fn drop_ahead(&mut self, cx: &mut Context<'_>, mut count: u64) -> Result<()> {
        while count > 0 {
            if self.front.count == 0 && self.blocks > 0 {
                self.load_front(cx)?;
            }
            let end = if self.front.count > 0 { &mut self.front } else { &mut self.back };
            let dropped = count.min(end.count);
            let rest = end.split_off(dropped)?;
            let gone = std::mem::replace(end, rest);
            self.forget_all(cx, &gone)?;
            count -= dropped;
            if dropped == 0 {
                break;
            }
        }
        Ok(())
    }

    /// Removes the last elements.
    fn drop_behind(&mut self, cx: &mut Context<'_>, mut count: u64) -> Result<()> {
        while count > 0 {
            if self.back.count == 0 && self.blocks > 0 {
                self.load_back(cx)?;
            }
            let end = if self.back.count > 0 { &mut self.back } else { &mut self.front };
            let dropped = count.min(end.count);
            let gone = end.split_off(end.count - dropped)?;
            self.forget_all(cx, &gone)?;
            count -= dropped;
            if dropped == 0 {
                break;
            }
        }
        Ok(())
    }

    fn forget_all(&mut self, cx: &mut Context<'_>, gone: &Packed) -> Result<()> {
        gone.items().try_for_each(|item| self.forget(cx, item?))
    }
}

#[cfg(test)]
mod tests {
    use crate::kv::testing::Engine;
    use std::collections::VecDeque;

    #[test]
    fn a_large_list_answers_as_a_deque() {
        let mut rng = fastrand::Rng::with_seed(3);
        let mut engine = Engine::new();
        let mut model: VecDeque<String> = VecDeque::new();
        let show = |model: &VecDeque<String>| format!("[{}]", model.iter().cloned().collect::<Vec<_>>().join(" "));
        for step in 0..6_000 {
            let word = match rng.u32(..40) {
                // A long element.
                0 => format!("{step}{}", "x".repeat(150)),
                1..6 => "same".to_owned(),
                _ => step.to_string(),
            };
            let length = model.len();
            let place = if length == 0 { 0 } else { rng.usize(..length) };
            // It grows, then shrinks.
            let grows = step % 3_000 < 1_500;
            match rng.u32(..if grows { 16 } else { 22 }) {
                0..4 => {
                    assert_eq!(engine.show(&format!("LPUSH l {word}")), (length + 1).to_string());
                    model.push_front(word);
                }
                4..8 => {
                    assert_eq!(engine.show(&format!("RPUSH l {word}")), (length + 1).to_string());
                    model.push_back(word);
                }
                8..10 if length > 0 => {
                    let pivot = model[place].clone();
                    let first = model.iter().position(|element| *element == pivot).unwrap();
                    engine.ok(&format!("LINSERT l BEFORE {pivot} {word}"));
                    model.insert(first, word);
                }
                10..12 if length > 0 => {
                    engine.ok(&format!("LSET l {place} {word}"));
                    model[place] = word;
                }
                12..14 => {
                    let expected = model.get(place).cloned().unwrap_or_else(|| "(nil)".to_owned());
                    assert_eq!(engine.show(&format!("LINDEX l {place}")), expected);
                }
                14 => {
                    let most = rng.usize(1..8);
                    let (mut left, before) = (most, model.len());
                    model.retain(|element| {
                        let gone = element == "same" && left > 0;
                        left -= usize::from(gone);
                        !gone
                    });
                    let removed = engine.show(&format!("LREM l {most} same"));
                    assert_eq!(removed, (before - model.len()).to_string());
                }
                15 if rng.u32(..20) == 0 && length > 0 => {
                    let end = rng.usize(place..length);
                    engine.ok(&format!("LTRIM l {place} {end}"));
                    model = model.drain(place..=end).collect();
                }
                16..19 => {
                    let expected = model.pop_front().unwrap_or_else(|| "(nil)".to_owned());
                    assert_eq!(engine.show("LPOP l"), expected);
                }
                19..22 => {
                    let expected = model.pop_back().unwrap_or_else(|| "(nil)".to_owned());
                    assert_eq!(engine.show("RPOP l"), expected);
                }
                _ => {}
            }
            if step % 50 == 0 {
                assert_eq!(engine.show("LRANGE l 0 -1"), show(&model), "step {step}");
                let (start, end) = (model.len() / 3, model.len() / 2);
                let part: VecDeque<String> = model.iter().take(end + 1).skip(start).cloned().collect();
                assert_eq!(engine.show(&format!("LRANGE l {start} {end}")), show(&part), "step {step}");
                assert_eq!(engine.show("LLEN l"), model.len().to_string());
            }
        }
        let bytes: u64 = model.iter().map(|element| element.len() as u64).sum();
        assert_eq!(engine.state().bytes, bytes + model.len() as u64 * 16 + 64 + 1);
        engine.ok("DEL l");
        for _ in 0..100 {
            engine.ok("SET other 1");
        }
        assert_eq!(engine.rows(|spaces| spaces.elements), 0);
    }

    #[test]
    fn trimming_keeps_what_remains_and_gives_up_the_rest() {
        let mut engine = Engine::new();
        for number in 0..4_000 {
            engine.ok(&format!("RPUSH l {number}"));
        }
        engine.check(&[
            ("LTRIM l 1 -2", "OK"),
            ("LLEN l", "3998"),
            ("LINDEX l 0", "1"),
            ("LTRIM l -3 -1", "OK"),
            ("LRANGE l 0 -1", "[3996 3997 3998]"),
        ]);
        for _ in 0..5 {
            engine.ok("SET other 1");
        }
        assert_eq!(engine.rows(|spaces| spaces.elements), 0);
    }
}
