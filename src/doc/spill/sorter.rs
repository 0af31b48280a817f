//! External merge sort of rows by keys whose bytes are in order (Knuth, TAOCP vol. 3, §5.4): runs that fit in memory
//! are sorted, written, and merged. It is stable, and knows how many rows are wanted.

use super::{Budget, failed, packed};
use crate::doc::Result;
use crate::doc::aggregate::row::Row;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::rc::Rc;

/// So many runs are merged at once; more are merged into one first.
const MOST_RUNS: usize = 64;
/// A run is read and written in pieces of this size.
const PIECE: usize = 128 << 10;

/// Takes rows with their keys.
pub(crate) struct Sorter {
    stage: &'static str,
    budget: Budget,
    limit: Option<usize>,
    bytes: Vec<u8>,
    entries: Vec<Entry>,
    next: u64,
    runs: Vec<File>,
    /// With a limit: no row whose key is not below this one is wanted.
    bound: Option<Vec<u8>>,
}

/// A row in memory: its key and its bytes stand behind each other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    /// The first bytes of the key, which decide nearly always.
    head: u64,
    sequence: u64,
    start: usize,
    middle: usize,
    end: usize,
}

fn head(key: &[u8]) -> u64 {
    let mut head = [0; 8];
    let length = key.len().min(8);
    head[..length].copy_from_slice(&key[..length]);
    u64::from_be_bytes(head)
}

impl Sorter {
    /// Keeps the first `limit` rows of all that is pushed.
    pub fn new(stage: &'static str, budget: Budget, limit: Option<u64>) -> Self {
        Sorter {
            stage,
            budget,
            limit: limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX)),
            bytes: Vec::new(),
            entries: Vec::new(),
            next: 0,
            runs: Vec::new(),
            bound: None,
        }
    }

    /// How many rows were pushed.
    pub fn len(&self) -> u64 {
        self.next
    }

    /// Takes a row.
    ///
    /// # Errors
    /// The rows take too much memory and may not lie in a temporary file, or that fails.
    pub fn push(&mut self, key: &[u8], row: &Row) -> Result<()> {
        self.push_with(key, |bytes| packed::push(row, bytes))
    }

    /// Takes a key, and the bytes that are appended behind it.
    ///
    /// # Errors
    /// As for [`Sorter::push`].
    pub fn push_with(&mut self, key: &[u8], append: impl FnOnce(&mut Vec<u8>)) -> Result<()> {
        let sequence = self.next;
        self.next += 1;
        if self.bound.as_deref().is_some_and(|bound| key >= bound) {
            return Ok(());
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(key);
        let middle = self.bytes.len();
        append(&mut self.bytes);
        self.entries.push(Entry { head: head(key), sequence, start, middle, end: self.bytes.len() });
        if let Some(limit) = self.limit
            && self.entries.len() > limit.saturating_mul(2).saturating_add(64)
        {
            self.keep_wanted(limit);
        }
        if self.bytes.len() + self.entries.len() * size_of::<Entry>() > self.budget.bytes {
            self.budget.check_disk(self.stage)?;
            self.write_run()?;
        }
        Ok(())
    }

    fn sort(&mut self) {
        let bytes = &self.bytes;
        let key = |entry: &Entry| bytes.get(entry.start..entry.middle).unwrap_or_default();
        self.entries.sort_unstable_by(|a, b| {
            a.head.cmp(&b.head).then_with(|| key(a).cmp(key(b))).then_with(|| a.sequence.cmp(&b.sequence))
        });
        if let Some(limit) = self.limit {
            self.entries.truncate(limit);
        }
    }

    /// Lets go of all but the first rows.
    fn keep_wanted(&mut self, limit: usize) {
        self.sort();
        let mut kept = Vec::with_capacity(self.bytes.len() / 2);
        for entry in &mut self.entries {
            let row = self.bytes.get(entry.start..entry.end).unwrap_or_default();
            let shift = kept.len();
            kept.extend_from_slice(row);
            *entry = Entry {
                start: shift,
                middle: shift + entry.middle - entry.start,
                end: shift + entry.end - entry.start,
                ..*entry
            };
        }
        self.bytes = kept;
        if self.entries.len() >= limit {
            let last = self.entries.last().and_then(|last| self.bytes.get(last.start..last.middle));
            self.bound = Some(last.unwrap_or_default().to_vec());
        }
    }

    fn write_run(&mut self) -> Result<()> {
        self.sort();
        let mut run = RunWriter::new()?;
        for entry in &self.entries {
            let row = self.bytes.get(entry.start..entry.end).unwrap_or_default();
            run.push(entry.sequence, row.split_at(entry.middle - entry.start))?;
        }
        self.runs.push(run.finish()?);
        self.bytes.clear();
        self.entries.clear();
        if self.runs.len() >= MOST_RUNS {
            let mut merged = Merge::new(std::mem::take(&mut self.runs), self.limit)?;
            let mut run = RunWriter::new()?;
            while let Some(next) = merged.next()? {
                run.push(next.sequence, (&next.key, &next.row))?;
            }
            self.runs.push(run.finish()?);
        }
        Ok(())
    }

    /// All that was kept, in order.
    ///
    /// # Errors
    /// A temporary file failed.
    pub fn finish(mut self) -> Result<Sorted> {
        if self.runs.is_empty() {
            self.sort();
            return Ok(Sorted::Memory { page: Rc::new(self.bytes), entries: self.entries.into_iter() });
        }
        if !self.entries.is_empty() {
            self.write_run()?;
        }
        Ok(Sorted::Merged(Merge::new(self.runs, self.limit)?))
    }
}

/// A key, and the bytes that were pushed with it.
type KeyAndBytes<'s> = (Cow<'s, [u8]>, Cow<'s, [u8]>);

/// Rows in order.
pub(crate) enum Sorted {
    /// From memory.
    Memory { page: Rc<Vec<u8>>, entries: std::vec::IntoIter<Entry> },
    /// From runs.
    Merged(Merge),
}

impl Sorted {
    /// The next row and its key.
    ///
    /// # Errors
    /// A temporary file failed.
    pub fn next(&mut self) -> Result<Option<(Vec<u8>, Row)>> {
        match self {
            Sorted::Memory { page, entries } => {
                let Some(entry) = entries.next() else { return Ok(None) };
                let key = page.get(entry.start..entry.middle).unwrap_or_default().to_vec();
                Ok(Some((key, packed::row(page, entry.middle, entry.end)?)))
            }
            Sorted::Merged(merge) => {
                let Some(next) = merge.next()? else { return Ok(None) };
                let end = next.row.len();
                Ok(Some((next.key, packed::row(&Rc::new(next.row), 0, end)?)))
            }
        }
    }

    /// The next key, and the bytes that were pushed with it.
    ///
    /// # Errors
    /// A temporary file failed.
    pub fn next_bytes(&mut self) -> Result<Option<KeyAndBytes<'_>>> {
        match self {
            Sorted::Memory { page, entries } => Ok(entries.next().map(|entry| {
                let part = |start: usize, end: usize| Cow::Borrowed(page.get(start..end).unwrap_or_default());
                (part(entry.start, entry.middle), part(entry.middle, entry.end))
            })),
            Sorted::Merged(merge) => Ok(merge.next()?.map(|next| (Cow::Owned(next.key), Cow::Owned(next.row)))),
        }
    }

    /// The next row.
    ///
    /// # Errors
    /// A temporary file failed.
    pub fn next_row(&mut self) -> Result<Option<Row>> {
        match self {
            Sorted::Memory { page, entries } => match entries.next() {
                Some(entry) => packed::row(page, entry.middle, entry.end).map(Some),
                None => Ok(None),
            },
            Sorted::Merged(_) => Ok(self.next()?.map(|(_, row)| row)),
        }
    }
}

/// Writes a sorted run: sequence, lengths of key and row, key, row.
struct RunWriter(BufWriter<File>);

impl RunWriter {
    fn new() -> Result<RunWriter> {
        Ok(RunWriter(BufWriter::with_capacity(PIECE, tempfile::tempfile().map_err(|error| failed(&error))?)))
    }

    fn push(&mut self, sequence: u64, (key, row): (&[u8], &[u8])) -> Result<()> {
        let mut lengths = [0; 16];
        lengths[..8].copy_from_slice(&sequence.to_le_bytes());
        lengths[8..12].copy_from_slice(&(key.len() as u32).to_le_bytes());
        lengths[12..].copy_from_slice(&(row.len() as u32).to_le_bytes());
        let mut write = |bytes: &[u8]| self.0.write_all(bytes).map_err(|error| failed(&error));
        write(&lengths)?;
        write(key)?;
        write(row)
    }

    fn finish(self) -> Result<File> {
        let mut file = self.0.into_inner().map_err(|error| failed(error.error()))?;
        file.seek(SeekFrom::Start(0)).map_err(|error| failed(&error))?;
        Ok(file)
    }
}

/// Several runs as one.
pub(crate) struct Merge {
    runs: Vec<BufReader<File>>,
    waiting: BinaryHeap<Reverse<Next>>,
    left: usize,
}

/// The next row of a run; rows are ordered by key, then by when they came.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Next {
    key: Vec<u8>,
    sequence: u64,
    run: usize,
    row: Vec<u8>,
}

impl Merge {
    fn new(files: Vec<File>, limit: Option<usize>) -> Result<Merge> {
        let runs: Vec<_> = files.into_iter().map(|file| BufReader::with_capacity(PIECE, file)).collect();
        let mut merge = Merge { waiting: BinaryHeap::new(), left: limit.unwrap_or(usize::MAX), runs };
        for run in 0..merge.runs.len() {
            merge.read(run)?;
        }
        Ok(merge)
    }

    fn read(&mut self, run: usize) -> Result<()> {
        let Some(reader) = self.runs.get_mut(run) else { return Ok(()) };
        let mut lengths = [0; 16];
        match reader.read_exact(&mut lengths) {
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(()),
            read => read.map_err(|error| failed(&error))?,
        }
        let word = |at: usize| u32::from_le_bytes(std::array::from_fn(|byte| lengths[at + byte])) as usize;
        let sequence = u64::from_le_bytes(std::array::from_fn(|byte| lengths[byte]));
        let (mut key, mut row) = (vec![0; word(8)], vec![0; word(12)]);
        reader.read_exact(&mut key).and_then(|()| reader.read_exact(&mut row)).map_err(|error| failed(&error))?;
        self.waiting.push(Reverse(Next { key, sequence, run, row }));
        Ok(())
    }

    fn next(&mut self) -> Result<Option<Next>> {
        if self.left == 0 {
            return Ok(None);
        }
        let Some(Reverse(next)) = self.waiting.pop() else { return Ok(None) };
        self.left -= 1;
        self.read(next.run)?;
        Ok(Some(next))
    }
}
