//! Writing many rows into a redb table at once.
//!
//! redb appends a run of rows into one gap of a table several times faster than it inserts them one
//! by one. So rows behind the last key are one run; and where the new rows lie dense among the old
//! ones, a stretch of old rows is taken out and both are put back as one run.

use super::Result;
use redb::ReadableTable;
use std::iter::Peekable;
use std::ops::Bound;

/// A key and its new value, or none if its row is removed.
type Change<'r> = (&'r [u8], Option<&'r [u8]>);
type Table<'t> = redb::Table<'t, &'static [u8], &'static [u8]>;

/// New rows that are looked at together.
const STRETCH: usize = 4096;
/// A stretch with fewer new rows is not worth a rewrite.
const LEAST: usize = 32;
/// What a row costs to insert, to rewrite, and what 256 bytes cost to copy, in the same unit (about a
/// tenth of a microsecond; measured).
const INSERT: usize = 18;
const REWRITE: usize = 3;
const COPY: usize = 1;

/// Writes rows, which ascend.
pub(super) fn write_rows<'r>(table: &mut Table<'_>, rows: impl Iterator<Item = Change<'r>>) -> Result<()> {
    let last = table.last()?.map(|(key, _)| key.value().to_vec());
    let mut rows = rows.peekable();
    if let Some(last) = last {
        loop {
            let stretch = take_stretch(&mut rows, &last);
            if stretch.is_empty() {
                break;
            }
            write_stretch(table, stretch)?;
        }
    }
    let mut end = table.upper_bound_mut(Bound::<&[u8]>::Unbounded)?;
    for (key, row) in rows {
        if let Some(value) = row {
            end.insert_before(key, value).map_err(redb::Error::from)?;
        }
    }
    Ok(end.close()?)
}

/// The next rows that are not behind `last`.
fn take_stretch<'r>(rows: &mut Peekable<impl Iterator<Item = Change<'r>>>, last: &[u8]) -> Vec<Change<'r>> {
    let mut stretch = Vec::new();
    while stretch.len() < STRETCH
        && let Some(row) = rows.next_if(|(key, _)| *key <= last)
    {
        stretch.push(row);
    }
    stretch
}

fn write_stretch(table: &mut Table<'_>, stretch: Vec<Change<'_>>) -> Result<()> {
    let Some(old) = rows_worth_rewriting(table, &stretch)? else {
        for (key, row) in stretch {
            match row {
                Some(value) => drop(table.insert(key, value)?),
                None => drop(table.remove(key)?),
            }
        }
        return Ok(());
    };
    let (Some(&(first, _)), Some(&(last, _))) = (stretch.first(), stretch.last()) else { return Ok(()) };
    table.retain_in::<&[u8], _>(first..=last, |_, _| false)?;
    let mut gap = table.lower_bound_mut(Bound::Included(first))?;
    let mut old = old.iter().peekable();
    for (key, row) in stretch {
        while let Some((old_key, value)) = old.next_if(|(old_key, _)| *old_key < key) {
            gap.insert_before(old_key, value).map_err(redb::Error::from)?;
        }
        old.next_if(|(old_key, _)| *old_key == key);
        if let Some(value) = row {
            gap.insert_before(key, value).map_err(redb::Error::from)?;
        }
    }
    Ok(gap.close()?)
}

/// Copies of rows, one behind the other.
#[derive(Default)]
struct Copies {
    bytes: Vec<u8>,
    /// Where each key and each value ends.
    ends: Vec<(usize, usize)>,
}

impl Copies {
    fn push(&mut self, key: &[u8], value: &[u8]) {
        self.bytes.extend_from_slice(key);
        let key_end = self.bytes.len();
        self.bytes.extend_from_slice(value);
        self.ends.push((key_end, self.bytes.len()));
    }

    fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let mut start = 0;
        self.ends.iter().map(move |&(key_end, end)| {
            let key = self.bytes.get(start..key_end).unwrap_or_default();
            let value = self.bytes.get(key_end..end).unwrap_or_default();
            start = end;
            (key, value)
        })
    }
}

/// The old rows among a stretch of new ones, if they are few and short enough to be written again.
fn rows_worth_rewriting(table: &Table<'_>, stretch: &[Change<'_>]) -> Result<Option<Copies>> {
    let (Some(&(first, _)), Some(&(last, _))) = (stretch.first(), stretch.last()) else { return Ok(None) };
    if stretch.len() < LEAST {
        return Ok(None);
    }
    let gain = stretch.len() * (INSERT - REWRITE);
    let mut cost = 0;
    let mut old = Copies::default();
    for row in table.range::<&[u8]>(first..=last)? {
        let (key, value) = row?;
        let (key, value) = (key.value(), value.value());
        cost += REWRITE + (key.len() + value.len()) * COPY / 256;
        if cost > gain {
            return Ok(None);
        }
        old.push(key, value);
    }
    Ok(Some(old))
}
