//! Rows of a space as a plan reads them: a page at a time, in one piece of memory.

use crate::doc::Result;
use crate::storage::{Direction, KeyRange, Read, Space};
use std::collections::VecDeque;
use std::ops::{Bound, ControlFlow};

/// Rows of the first page; each further page is four times larger, up to [`LARGEST_PAGE`].
const FIRST_PAGE: usize = 16;
const LARGEST_PAGE: usize = 1024;
/// A page is full when its rows take this many bytes.
const PAGE_BYTES: usize = 1 << 20;

/// What looks at the rows of a page, until it is full.
pub type Visit<'v> = &'v mut dyn FnMut(&[u8], &[u8]) -> Result<ControlFlow<()>>;

/// How many rows the next page shall hold.
#[derive(Debug, Clone, Copy)]
pub struct Pages {
    rows: usize,
    most: Option<u64>,
}

impl Pages {
    /// Growing pages; no more than `most` rows are wanted in all, if that is known.
    pub fn new(most: Option<u64>) -> Pages {
        Pages { rows: FIRST_PAGE, most }
    }

    /// The size of the next page.
    pub fn next(&mut self) -> usize {
        let rows = self.rows;
        self.rows = (rows * 4).min(LARGEST_PAGE);
        match &mut self.most {
            None => rows,
            Some(most) => {
                let wanted = usize::try_from(*most).unwrap_or(usize::MAX).clamp(1, rows);
                *most = most.saturating_sub(wanted as u64);
                wanted
            }
        }
    }

    /// Whether a page of so many rows and bytes is full.
    pub fn is_full(rows: usize, wanted: usize, bytes: usize) -> bool {
        rows >= wanted || bytes >= PAGE_BYTES
    }
}

/// Ranges of a space, of which a part was read. It borrows nothing; rows that are written behind the page that
/// was read are seen with the next page.
#[derive(Debug, Clone)]
pub struct Ranges {
    rest: VecDeque<KeyRange>,
    direction: Direction,
}

impl Ranges {
    /// Ranges in key order, read in this direction.
    pub fn new(ranges: Vec<KeyRange>, direction: Direction) -> Ranges {
        let rest = match direction {
            Direction::Forward => ranges.into(),
            Direction::Backward => ranges.into_iter().rev().collect(),
        };
        Ranges { rest, direction }
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Calls `visit` for the rows that follow until it says that its page is full; the next call goes on behind
    /// the last row that was visited.
    pub fn read(&mut self, tx: &dyn Read, space: Space, visit: Visit<'_>) -> Result<()> {
        while let Some(range) = self.rest.front_mut() {
            let mut last = None;
            let mut failure = None;
            tx.scan(space, range, self.direction, &mut |key, value| match visit(key, value) {
                Ok(ControlFlow::Continue(())) => Ok(ControlFlow::Continue(())),
                Ok(ControlFlow::Break(())) => {
                    last = Some(key.to_vec());
                    Ok(ControlFlow::Break(()))
                }
                Err(error) => {
                    failure = Some(error);
                    Ok(ControlFlow::Break(()))
                }
            })?;
            if let Some(error) = failure {
                return Err(error);
            }
            let Some(last) = last else {
                self.rest.pop_front();
                continue;
            };
            match self.direction {
                Direction::Forward => range.start = Bound::Excluded(last),
                Direction::Backward => range.end = Bound::Excluded(last),
            }
            return Ok(());
        }
        Ok(())
    }
}

/// Rows one by one.
#[derive(Debug, Clone)]
pub struct Rows {
    space: Space,
    ranges: Ranges,
    pages: Pages,
    page: Vec<u8>,
    /// Ends of key and value in the page.
    ends: VecDeque<(usize, usize, usize)>,
}

impl Rows {
    /// The rows of these ranges.
    pub fn new(space: Space, ranges: Vec<KeyRange>, direction: Direction, most: Option<u64>) -> Rows {
        Rows {
            space,
            ranges: Ranges::new(ranges, direction),
            pages: Pages::new(most),
            page: Vec::new(),
            ends: VecDeque::new(),
        }
    }

    /// The next row, key and value.
    pub fn next(&mut self, tx: &dyn Read) -> Result<Option<(&[u8], &[u8])>> {
        if self.ends.is_empty() && !self.ranges.is_empty() {
            self.page.clear();
            let wanted = self.pages.next();
            let (page, ends) = (&mut self.page, &mut self.ends);
            self.ranges.read(tx, self.space, &mut |key, value| {
                let start = page.len();
                page.extend_from_slice(key);
                let middle = page.len();
                page.extend_from_slice(value);
                ends.push_back((start, middle, page.len()));
                Ok(match Pages::is_full(ends.len(), wanted, page.len()) {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                })
            })?;
        }
        let Some((start, middle, end)) = self.ends.pop_front() else { return Ok(None) };
        Ok(Some((self.page.get(start..middle).unwrap_or_default(), self.page.get(middle..end).unwrap_or_default())))
    }
}
