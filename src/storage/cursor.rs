//! A cursor that outlives borrows: it reads a page of rows at a time and remembers where to go on.

use super::{Direction, KeyRange, Read, Result, Space};
use std::collections::VecDeque;
use std::ops::{Bound, ControlFlow};

/// Rows of the first page; each further page is four times larger, up to [`LARGEST_PAGE`].
const FIRST_PAGE: usize = 16;
const LARGEST_PAGE: usize = 1024;

/// A position in a range of a space. It borrows nothing: pass the transaction to each [`Cursor::next`],
/// and write between two calls if need be. Rows written behind the page that was read are not seen
/// before the next page.
#[derive(Debug, Clone)]
pub struct Cursor {
    space: Space,
    rest: KeyRange,
    direction: Direction,
    page: VecDeque<(Vec<u8>, Vec<u8>)>,
    page_rows: usize,
    exhausted: bool,
}

impl Cursor {
    /// A cursor before the first row of `range`.
    pub fn new(space: Space, range: KeyRange, direction: Direction) -> Self {
        Cursor { space, rest: range, direction, page: VecDeque::new(), page_rows: FIRST_PAGE, exhausted: false }
    }

    /// The next row, key and value, or `None` at the end.
    pub fn next(&mut self, tx: &dyn Read) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
        if self.page.is_empty() && !self.exhausted {
            self.fill(tx)?;
        }
        Ok(self.page.pop_front())
    }

    fn fill(&mut self, tx: &dyn Read) -> Result<()> {
        let (page, want) = (&mut self.page, self.page_rows);
        tx.scan(self.space, &self.rest, self.direction, &mut |key, value| {
            page.push_back((key.to_vec(), value.to_vec()));
            Ok(if page.len() == want { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        self.exhausted = self.page.len() < want;
        if let Some((last, _)) = self.page.back() {
            let last = Bound::Excluded(last.clone());
            match self.direction {
                Direction::Forward => self.rest.start = last,
                Direction::Backward => self.rest.end = last,
            }
        }
        self.page_rows = (self.page_rows * 4).min(LARGEST_PAGE);
        Ok(())
    }
}
