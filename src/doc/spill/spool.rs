//! Rows in the order in which they came; what does not fit in memory lies in a temporary file.

use super::{Budget, failed, packed};
use crate::doc::Result;
use crate::doc::aggregate::row::Row;
use crate::doc::layout::damaged;
use std::cell::RefCell;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::rc::Rc;

/// The file is read and written in pieces of this size.
const PIECE: usize = 128 << 10;
/// The length that stands before each row.
const LENGTH: usize = 4;

/// Takes rows.
pub(crate) struct Spool {
    stage: &'static str,
    budget: Budget,
    memory: Vec<u8>,
    /// Set once the memory is full: rows that follow are collected here and written to the file.
    overflow: Option<(File, Vec<u8>)>,
    written: u64,
    rows: u64,
}

impl Spool {
    /// An empty one.
    pub fn new(stage: &'static str, budget: Budget) -> Self {
        Spool { stage, budget, memory: Vec::new(), overflow: None, written: 0, rows: 0 }
    }

    /// Takes a row, and answers its place.
    ///
    /// # Errors
    /// The rows take too much memory and may not lie in a temporary file, or that fails.
    pub fn push(&mut self, row: &Row) -> Result<u64> {
        self.rows += 1;
        let (place, out) = match &mut self.overflow {
            None => (self.memory.len() as u64, &mut self.memory),
            Some((_, out)) => (self.memory.len() as u64 + self.written + out.len() as u64, out),
        };
        let at = out.len();
        out.extend_from_slice(&[0; LENGTH]);
        packed::push(row, out);
        let length = (out.len() - at - LENGTH) as u32;
        if let Some(head) = out.get_mut(at..at + LENGTH) {
            head.copy_from_slice(&length.to_le_bytes());
        }
        if let Some((file, out)) = &mut self.overflow {
            if out.len() >= PIECE {
                file.write_all(out).map_err(|error| failed(&error))?;
                self.written += out.len() as u64;
                out.clear();
            }
        } else if self.memory.len() > self.budget.bytes {
            self.budget.check_disk(self.stage)?;
            self.overflow = Some((tempfile::tempfile().map_err(|error| failed(&error))?, Vec::new()));
        }
        Ok(place)
    }

    /// Whether nothing was pushed.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The rows, to be read.
    ///
    /// # Errors
    /// A temporary file failed.
    pub fn finish(self) -> Result<Spooled> {
        let file = match self.overflow {
            None => None,
            Some((mut file, rest)) => {
                file.write_all(&rest).map_err(|error| failed(&error))?;
                Some((RefCell::new(file), self.written + rest.len() as u64))
            }
        };
        Ok(Spooled(Rc::new(Pages { memory: Rc::new(self.memory), file })))
    }
}

/// Rows to be read, from the first to the last or at their places.
#[derive(Clone)]
pub(crate) struct Spooled(Rc<Pages>);

struct Pages {
    memory: Rc<Vec<u8>>,
    /// The file and its length.
    file: Option<(RefCell<File>, u64)>,
}

impl Spooled {
    /// The row at a place that [`Spool::push`] answered.
    ///
    /// # Errors
    /// A temporary file failed.
    pub fn at(&self, place: u64) -> Result<Row> {
        let Pages { memory, file } = &*self.0;
        if let Some(start) = usize::try_from(place).ok().filter(|start| *start < memory.len()) {
            return row_of(memory, start).map(|(row, _)| row);
        }
        let Some((file, _)) = file else { return Err(damaged("a temporary file")) };
        let mut file = file.borrow_mut();
        let mut length = [0; LENGTH];
        let read = file
            .seek(SeekFrom::Start(place - memory.len() as u64))
            .and_then(|_| file.read_exact(&mut length))
            .and_then(|()| {
                let mut row = vec![0; u32::from_le_bytes(length) as usize];
                file.read_exact(&mut row).map(|()| row)
            });
        let row = read.map_err(|error| failed(&error))?;
        let end = row.len();
        packed::row(&Rc::new(row), 0, end)
    }

    /// All rows in order.
    pub fn rows(&self) -> Reader {
        Reader { spooled: self.clone(), place: 0, page: Rc::clone(&self.0.memory), at: 0 }
    }
}

/// The row that stands at this place of a page, and where it ends.
fn row_of(page: &Rc<Vec<u8>>, at: usize) -> Result<(Row, usize)> {
    let head =
        page.get(at..).and_then(|rest| rest.first_chunk::<LENGTH>()).ok_or_else(|| damaged("a temporary file"))?;
    let end = at + LENGTH + u32::from_le_bytes(*head) as usize;
    Ok((packed::row(page, at + LENGTH, end)?, end))
}

/// Reads all rows.
pub(crate) struct Reader {
    spooled: Spooled,
    /// Where in the file the next page begins.
    place: u64,
    page: Rc<Vec<u8>>,
    at: usize,
}

impl Reader {
    /// The next row.
    ///
    /// # Errors
    /// A temporary file failed.
    pub fn next(&mut self) -> Result<Option<Row>> {
        if self.at >= self.page.len() && !self.read_page()? {
            return Ok(None);
        }
        let (row, end) = row_of(&self.page, self.at)?;
        self.at = end;
        Ok(Some(row))
    }

    /// Reads whole rows from the file; false at its end.
    fn read_page(&mut self) -> Result<bool> {
        let Some((file, length)) = &self.spooled.0.file else { return Ok(false) };
        let mut wanted = PIECE as u64;
        loop {
            let wanted_now = wanted.min(length - self.place);
            if wanted_now == 0 {
                return Ok(false);
            }
            let mut page = vec![0; wanted_now as usize];
            let mut file = file.borrow_mut();
            file.seek(SeekFrom::Start(self.place))
                .and_then(|_| file.read_exact(&mut page))
                .map_err(|error| failed(&error))?;
            let whole = whole_rows(&page);
            if whole > 0 {
                page.truncate(whole);
                self.place += whole as u64;
                (self.page, self.at) = (Rc::new(page), 0);
                return Ok(true);
            }
            // One row is longer than the page.
            let head = page.first_chunk::<LENGTH>().ok_or_else(|| damaged("a temporary file"))?;
            let longer = LENGTH as u64 + u64::from(u32::from_le_bytes(*head));
            if longer <= wanted_now || longer > length - self.place {
                return Err(damaged("a temporary file"));
            }
            wanted = longer;
        }
    }
}

/// How many bytes of a page are whole rows.
fn whole_rows(page: &[u8]) -> usize {
    let mut at = 0;
    while let Some(head) = page.get(at..).and_then(|rest| rest.first_chunk::<LENGTH>()) {
        let end = at + LENGTH + u32::from_le_bytes(*head) as usize;
        if end > page.len() {
            break;
        }
        at = end;
    }
    at
}
