//! `trine import`: documents from JSON, CSV and TSV files into a collection.
//!
//! ```text
//! file ──▶ json / csv (a thread of its own) ──▶ batches of BSON ──▶ session::Loading ──▶ one transaction
//! ```
//!
//! Everything is kept or nothing: the one transaction is committed at the end. Memory stays bounded however large the
//! file is. The names of the options are those of MongoDB's `mongoimport`.

mod batch;
mod csv;
mod date;
mod json;

pub use csv::Columns;

use crate::session::{Loading, Session};
use crate::text::Diagnostic;
use crate::text::progress::{Progress, share};
use crate::value::raw::RawDocument;
use batch::{Batch, Problem};
use bson::{Bson, Document};
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

/// While the input is silent, this often Ctrl-C is looked for.
const PATIENCE: Duration = Duration::from_millis(200);
/// No more refused documents than this are told one by one.
const MOST_TOLD: u64 = 20;

/// What the input is written in.
#[derive(Debug, Clone)]
pub enum Format {
    /// JSON documents, one behind another or in one array.
    Json,
    /// Rows of values separated by this byte.
    Separated(u8, Columns),
}

/// What becomes of each document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// It is new.
    #[default]
    Insert,
    /// It takes the place of the one with the same fields, or is new.
    Upsert,
    /// Its fields are put into the one with the same fields, or it is new.
    Merge,
    /// The one with the same fields goes.
    Delete,
}

/// What is to be imported, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// The file; `None` is standard input.
    pub file: Option<PathBuf>,
    /// The collection.
    pub collection: String,
    /// What the input is written in.
    pub format: Format,
    /// What becomes of each document.
    pub mode: Mode,
    /// The fields that tell documents apart, for modes other than `Insert`.
    pub keys: Vec<String>,
    /// The collection is dropped first.
    pub drop_first: bool,
    /// Documents that are refused are left out; without it they end the import.
    pub keep_going: bool,
    /// Whether the progress is shown.
    pub progress: bool,
    /// Set by Ctrl-C.
    pub interrupted: Arc<AtomicBool>,
}

/// How many documents there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// New ones.
    pub inserted: u64,
    /// Replaced or merged ones.
    pub updated: u64,
    /// Removed ones.
    pub deleted: u64,
    /// Left out.
    pub refused: u64,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let documents = |count: u64| if count == 1 { "1 document".to_owned() } else { format!("{count} documents") };
        let mut parts = Vec::new();
        if self.inserted > 0 || (self.updated, self.deleted) == (0, 0) {
            parts.push(format!("{} imported", documents(self.inserted)));
        }
        if self.updated > 0 {
            parts.push(format!("{} updated", documents(self.updated)));
        }
        if self.deleted > 0 {
            parts.push(format!("{} deleted", documents(self.deleted)));
        }
        if self.refused > 0 {
            parts.push(format!("{} left out", documents(self.refused)));
        }
        f.write_str(&parts.join(", "))
    }
}

/// Why nothing was imported.
#[derive(Debug)]
pub enum Failure {
    /// The input cannot be opened.
    Input(String),
    /// Something in it is wrong.
    Data(String),
    /// Ctrl-C.
    Interrupted,
}

/// Imports one file; what goes wrong without ending the import is written to `err`.
///
/// # Errors
/// The input cannot be read, or a document was refused; nothing was imported then.
pub fn run(session: &mut Session, options: &Options, err: &mut dyn Write) -> Result<Counts, Failure> {
    let (input, size) = open(options.file.as_deref())?;
    let name = options.file.as_ref().map_or_else(|| "stdin".to_owned(), |path| path.display().to_string());
    let batches = match &options.format {
        Format::Json => batch::produce(json::Documents::new(input)),
        Format::Separated(separator, columns) => batch::produce(csv::Rows::new(input, *separator, columns)),
    };
    let mut import = Import {
        loading: session.load(&options.collection, options.drop_first).map_err(|error| Failure::Data(said(&error)))?,
        options,
        name,
        counts: Counts::default(),
        told: 0,
        err,
    };
    let mut progress = Progress::new(options.progress);
    while let Some(batch) = next(&batches, options)? {
        let documents = import.counts.inserted + import.counts.updated + import.counts.deleted;
        let read = || share(batch.read >> 20, size.unwrap_or(0) >> 20, "MiB");
        progress.show(|| format!("{documents} documents, {}", read()));
        import.batch(&batch)?;
    }
    progress.clear();
    import.finish()
}

/// The next batch; nothing at the end of the input.
fn next(batches: &Receiver<Batch>, options: &Options) -> Result<Option<Batch>, Failure> {
    loop {
        if options.interrupted.load(Ordering::Relaxed) {
            return Err(Failure::Interrupted);
        }
        match batches.recv_timeout(PATIENCE) {
            Ok(batch) => return Ok(Some(batch)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
        }
    }
}

/// The input and, if it is a file, its size in bytes.
fn open(path: Option<&Path>) -> Result<(Box<dyn Read + Send>, Option<u64>), Failure> {
    let Some(path) = path else { return Ok((Box::new(io::stdin()), None)) };
    let refused = |why: String| Failure::Input(format!("{}: {why}", path.display()));
    let file = File::open(path).map_err(|error| {
        refused(match error.kind() {
            io::ErrorKind::NotFound => "no such file".to_owned(),
            _ => error.to_string(),
        })
    })?;
    let metadata = file.metadata().map_err(|error| refused(error.to_string()))?;
    if metadata.is_dir() {
        return Err(refused("this is a folder; name a file".to_owned()));
    }
    Ok((Box::new(file), metadata.is_file().then_some(metadata.len())))
}

struct Import<'i> {
    loading: Loading<'i>,
    options: &'i Options,
    name: String,
    counts: Counts,
    told: u64,
    err: &'i mut dyn Write,
}

impl Import<'_> {
    fn batch(&mut self, batch: &Batch) -> Result<(), Failure> {
        for (bytes, line) in batch.documents() {
            match self.options.mode {
                Mode::Insert => {
                    self.loading.insert(bytes, line).map_err(|error| self.broken(line, &error))?;
                    self.counts.inserted += 1;
                    self.hear_refused()?;
                }
                mode => {
                    let document = RawDocument::new(bytes).to_document();
                    if let Err(error) = self.change(mode, document) {
                        self.refuse(line, &error)?;
                    }
                }
            }
        }
        for problem in &batch.refused {
            self.left_out(problem)?;
        }
        match &batch.end {
            Some(problem) => Err(self.failure(problem)),
            None => Ok(()),
        }
    }

    fn finish(mut self) -> Result<Counts, Failure> {
        self.loading.complete().map_err(|error| Failure::Data(said(&error)))?;
        self.hear_refused()?;
        if self.told > MOST_TOLD {
            self.tell(&format!("{} more were left out", self.told - MOST_TOLD));
        }
        self.loading.finish().map_err(|error| Failure::Data(said(&error)))?;
        Ok(self.counts)
    }

    fn change(&mut self, mode: Mode, document: Document) -> Result<(), Diagnostic> {
        let mut filter = Document::new();
        for key in &self.options.keys {
            let Some(value) = lookup(&document, key) else {
                // mongoimport inserts what cannot be told apart.
                return match mode {
                    Mode::Delete => Ok(()),
                    _ => {
                        self.loading.call("insertOne", vec![Bson::Document(document)])?;
                        self.counts.inserted += 1;
                        Ok(())
                    }
                };
            };
            filter.insert(key, value.clone());
        }
        let upsert = || Bson::Document(bson::doc! { "upsert": true });
        let answer = match mode {
            Mode::Insert | Mode::Upsert => {
                self.loading.call("replaceOne", vec![filter.into(), document.into(), upsert()])?
            }
            Mode::Merge => {
                let set: Document = document.into_iter().filter(|(name, _)| !filter.contains_key(name)).collect();
                let update = if set.is_empty() {
                    Document::new()
                } else {
                    bson::doc! { "$set": set }
                };
                let update = if update.is_empty() {
                    bson::doc! { "$setOnInsert": filter.clone() }
                } else {
                    update
                };
                self.loading.call("updateOne", vec![filter.into(), update.into(), upsert()])?
            }
            Mode::Delete => self.loading.call("deleteOne", vec![filter.into()])?,
        };
        let count = |name: &str| answer.as_document().and_then(|answer| answer.get_i32(name).ok()).unwrap_or(0) as u64;
        self.counts.inserted += count("upsertedCount");
        self.counts.updated += count("matchedCount");
        self.counts.deleted += count("deletedCount");
        Ok(())
    }

    fn hear_refused(&mut self) -> Result<(), Failure> {
        for refused in self.loading.take_refused() {
            self.counts.inserted = self.counts.inserted.saturating_sub(1);
            self.refuse(refused.place, &refused.error)?;
        }
        Ok(())
    }

    fn refuse(&mut self, line: u64, error: &Diagnostic) -> Result<(), Failure> {
        self.left_out(&Problem { line, column: None, message: said(error) })
    }

    /// One document less, or the end of it all.
    fn left_out(&mut self, problem: &Problem) -> Result<(), Failure> {
        if !self.options.keep_going {
            return Err(self.failure(problem));
        }
        self.counts.refused += 1;
        self.told += 1;
        if self.told <= MOST_TOLD {
            self.tell(&problem.at(&self.name));
        }
        Ok(())
    }

    fn failure(&self, problem: &Problem) -> Failure {
        Failure::Data(problem.at(&self.name))
    }

    fn broken(&self, line: u64, error: &Diagnostic) -> Failure {
        if self.options.interrupted.load(Ordering::Relaxed) {
            return Failure::Interrupted;
        }
        self.failure(&Problem { line, column: None, message: said(error) })
    }

    fn tell(&mut self, text: &str) {
        // Remarks that nobody reads are no reason to stop.
        let _ = writeln!(self.err, "trine: {text}");
    }
}

/// The value at a dotted path through documents.
fn lookup<'d>(document: &'d Document, path: &str) -> Option<&'d Bson> {
    match path.split_once('.') {
        None => document.get(path),
        Some((first, rest)) => lookup(document.get_document(first).ok()?, rest),
    }
}

fn said(error: &Diagnostic) -> String {
    match &error.hint {
        Some(hint) => format!("{} ({hint})", error.message),
        None => error.message.clone(),
    }
}
