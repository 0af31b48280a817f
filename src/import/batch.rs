//! Documents on their way from the thread that reads them to the one that writes them.

use std::sync::mpsc::{Receiver, sync_channel};

/// A batch holds about so many bytes of documents.
const BATCH_BYTES: usize = 1 << 20;
/// So many batches may wait.
const WAITING: usize = 4;

/// Some documents, one behind the other.
#[derive(Default)]
pub struct Batch {
    bytes: Vec<u8>,
    /// Where each document ends, and the line it began in.
    ends: Vec<(usize, u64)>,
    /// What was wrong with single rows.
    pub refused: Vec<Problem>,
    /// Why there are no more.
    pub end: Option<Problem>,
    /// How many bytes of the input have been read so far.
    pub read: u64,
}

impl Batch {
    /// The documents and the lines they began in.
    pub fn documents(&self) -> impl Iterator<Item = (&[u8], u64)> {
        let mut start = 0;
        self.ends.iter().map(move |&(end, line)| {
            let bytes = self.bytes.get(start..end).unwrap_or_default();
            start = end;
            (bytes, line)
        })
    }

    /// Takes a document.
    pub fn push(&mut self, bytes: &[u8], line: u64) {
        self.bytes.extend_from_slice(bytes);
        self.ends.push((self.bytes.len(), line));
    }
}

/// What is wrong with the input, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1; 0 if it is the input as a whole.
    pub line: u64,
    /// The column, from 1.
    pub column: Option<u64>,
    /// What, and what to do.
    pub message: String,
}

impl Problem {
    /// As it is told: `name:line:column: message`.
    pub fn at(&self, name: &str) -> String {
        let Problem { line, column, message } = self;
        match column {
            _ if *line == 0 => format!("{name}: {message}"),
            Some(column) => format!("{name}:{line}:{column}: {message}"),
            None => format!("{name}:{line}: {message}"),
        }
    }
}

/// Something that documents can be read from.
pub trait Source: Send + 'static {
    /// Puts the next document into the batch; false at the end.
    ///
    /// # Errors
    /// There can be no further documents.
    fn next(&mut self, batch: &mut Batch) -> Result<bool, Problem>;

    /// How many bytes have been read so far.
    fn read(&self) -> u64;
}

/// Reads everything in a thread of its own. It ends by itself when nobody takes the batches any more.
pub fn produce(mut source: impl Source) -> Receiver<Batch> {
    let (sender, receiver) = sync_channel(WAITING);
    std::thread::spawn(move || {
        loop {
            let mut batch = Batch { bytes: Vec::with_capacity(BATCH_BYTES + BATCH_BYTES / 8), ..Batch::default() };
            let mut more = true;
            while more && batch.bytes.len() < BATCH_BYTES && batch.refused.len() < 1000 {
                more = source.next(&mut batch).unwrap_or_else(|problem| {
                    batch.end = Some(problem);
                    false
                });
            }
            batch.read = source.read();
            if sender.send(batch).is_err() || !more {
                return;
            }
        }
    });
    receiver
}
