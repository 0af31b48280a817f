//! Rows of relationships, several to a page: ids that follow one another stand together.
//!
//! A page stands under the id of its relationships divided by [`PAGE_IDS`]; it holds, in order of their
//! ids, the remainder of the id, the length of the row and the row.

use super::layout::{self, PAGE_IDS};
use super::record::{self, Endpoints};
use super::varint::{self, Reader};
use crate::storage::{Cursor, Direction, KeyRange, Read, Result, Write};
use std::ops::{ControlFlow, Range};

const fn place(id: u64) -> (u64, u8) {
    (id / PAGE_IDS, (id % PAGE_IDS) as u8)
}

/// The next entry of a page: the remainder of its id, and its row.
fn next_row<'p>(reader: &mut Reader<'p>) -> Result<(u8, &'p [u8])> {
    let slot = reader.byte()?;
    let length = reader.number()?;
    Ok((slot, reader.bytes(length)?))
}

/// The bytes of the entry of a slot, or where it would stand; and its row.
fn find(page: &[u8], slot: u8) -> Result<(Range<usize>, Option<&[u8]>)> {
    let mut reader = Reader::new(page);
    let mut start = 0;
    while !reader.is_empty() {
        let (found, row) = next_row(&mut reader)?;
        let end = page.len() - reader.left();
        if found >= slot {
            return Ok(if found == slot { (start..end, Some(row)) } else { (start..start, None) });
        }
        start = end;
    }
    Ok((start..start, None))
}

/// The row of a relationship, if it is there.
pub fn row(tx: &dyn Read, database: u32, id: u64) -> Result<Option<Vec<u8>>> {
    let (number, slot) = place(id);
    match tx.peek(layout::relationships(database), &number.to_be_bytes())? {
        Some(page) => Ok(find(&page, slot)?.1.map(<[u8]>::to_vec)),
        None => Ok(None),
    }
}

/// Calls `visit` with the id and the row of each relationship, in order of the ids.
pub fn for_each(tx: &dyn Read, database: u32, visit: &mut dyn FnMut(u64, &[u8]) -> Result<()>) -> Result<()> {
    tx.scan(layout::relationships(database), &KeyRange::all(), Direction::Forward, &mut |key, page| {
        let first = layout::trailing_id(key).saturating_mul(PAGE_IDS);
        let mut reader = Reader::new(page);
        while !reader.is_empty() {
            let (slot, row) = next_row(&mut reader)?;
            visit(first + u64::from(slot), row)?;
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// The least and the greatest id for which there is a page.
pub fn bounds(tx: &dyn Read, database: u32) -> Result<Option<(u64, u64)>> {
    let end = |direction| tx.first(layout::relationships(database), &KeyRange::all(), direction);
    let (Some((first, _)), Some((last, _))) = (end(Direction::Forward)?, end(Direction::Backward)?) else {
        return Ok(None);
    };
    let start = |key: &[u8]| layout::trailing_id(key).saturating_mul(PAGE_IDS);
    Ok(Some((start(&first), start(&last).saturating_add(PAGE_IDS - 1))))
}

/// All relationships, read as they are asked for.
#[derive(Debug)]
pub struct AllRelationships {
    cursor: Cursor,
    first: u64,
    page: Vec<u8>,
    at: usize,
}

impl AllRelationships {
    /// Before the first.
    pub fn new(database: u32) -> Self {
        let cursor = Cursor::new(layout::relationships(database), KeyRange::all(), Direction::Forward);
        AllRelationships { cursor, first: 0, page: Vec::new(), at: 0 }
    }

    /// The next one.
    pub fn next(&mut self, tx: &dyn Read) -> Result<Option<(u64, Endpoints)>> {
        while self.at >= self.page.len() {
            let Some((key, page)) = self.cursor.next(tx)? else { return Ok(None) };
            self.first = layout::trailing_id(&key).saturating_mul(PAGE_IDS);
            self.page = page;
            self.at = 0;
        }
        let mut reader = Reader::new(self.page.get(self.at..).unwrap_or_default());
        let (slot, row) = next_row(&mut reader)?;
        self.at = self.page.len() - reader.left();
        Ok(Some((self.first + u64::from(slot), record::relationship_ends(row)?)))
    }
}

/// The page that was written last, kept in memory until another one is written or the statement ends.
#[derive(Debug)]
pub struct LastPage {
    database: u32,
    /// Its number, if there is one.
    number: Option<u64>,
    bytes: Vec<u8>,
    /// The greatest slot in it.
    last: Option<u8>,
    changed: bool,
}

impl LastPage {
    /// Of no page.
    pub fn new(database: u32) -> Self {
        LastPage { database, number: None, bytes: Vec::new(), last: None, changed: false }
    }

    /// The row of a relationship, in the kept page or in the storage.
    pub fn row(&self, tx: &dyn Read, id: u64) -> Result<Option<Vec<u8>>> {
        let (number, slot) = place(id);
        if self.number != Some(number) {
            return row(tx, self.database, id);
        }
        Ok(find(&self.bytes, slot)?.1.map(<[u8]>::to_vec))
    }

    /// Sets or removes the row of a relationship.
    pub fn set(&mut self, tx: &mut dyn Write, id: u64, row: Option<&[u8]>) -> Result<()> {
        let (number, slot) = place(id);
        if self.number != Some(number) {
            self.flush(tx)?;
            self.load(tx.as_read(), number)?;
        }
        self.changed = true;
        let entry = row.map(|row| {
            let mut entry = Vec::with_capacity(row.len() + 4);
            entry.push(slot);
            varint::push(&mut entry, row.len() as u64);
            entry.extend_from_slice(row);
            entry
        });
        if self.last.is_none_or(|last| last < slot) {
            if let Some(entry) = entry {
                self.bytes.extend_from_slice(&entry);
                self.last = Some(slot);
            }
            return Ok(());
        }
        let (place, _) = find(&self.bytes, slot)?;
        self.bytes.splice(place, entry.unwrap_or_default());
        Ok(())
    }

    fn load(&mut self, tx: &dyn Read, number: u64) -> Result<()> {
        self.bytes.clear();
        self.last = None;
        if let Some(page) = tx.peek(layout::relationships(self.database), &number.to_be_bytes())? {
            self.bytes.extend_from_slice(&page);
            let mut reader = Reader::new(&self.bytes);
            while !reader.is_empty() {
                self.last = Some(next_row(&mut reader)?.0);
            }
        }
        self.number = Some(number);
        Ok(())
    }

    /// Writes the page.
    pub fn flush(&mut self, tx: &mut dyn Write) -> Result<()> {
        let Some(number) = self.number.filter(|_| std::mem::take(&mut self.changed)) else { return Ok(()) };
        let space = layout::relationships(self.database);
        if self.bytes.is_empty() {
            return tx.delete(space, &number.to_be_bytes());
        }
        tx.put(space, &number.to_be_bytes(), &self.bytes)
    }

    /// Lets go of it, also if it is not written: it is rolled back.
    pub fn forget(&mut self) {
        self.number = None;
        self.changed = false;
    }

    /// Whether it is written.
    pub fn is_written(&self) -> bool {
        !self.changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_where_they_would_stand() {
        let mut page = Vec::new();
        for (slot, row) in [(3, "three"), (7, ""), (31, "last")] {
            page.push(slot);
            varint::push(&mut page, row.len() as u64);
            page.extend_from_slice(row.as_bytes());
        }
        assert_eq!(find(&page, 3).unwrap(), (0..7, Some(&b"three"[..])));
        assert_eq!(find(&page, 7).unwrap(), (7..9, Some(&b""[..])));
        assert_eq!(find(&page, 31).unwrap(), (9..15, Some(&b"last"[..])));
        assert_eq!(find(&page, 0).unwrap(), (0..0, None));
        assert_eq!(find(&page, 8).unwrap(), (9..9, None));
        assert!(find(&page[..5], 7).is_err(), "cut pages are refused");
    }
}
