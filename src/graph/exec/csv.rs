//! LOAD CSV.

use super::{Operate, Row, Running, Runtime, put};
use crate::graph::eval::{EvalContext, evaluate};
use crate::graph::plan::LoadCsv;
use crate::graph::{Detail, Error, Kind, Result};
use crate::value::graph::Value;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

/// A file being read, and its columns if they have names.
pub struct Source {
    path: Arc<str>,
    reader: csv::Reader<File>,
    record: csv::StringRecord,
    headers: Option<Headers>,
    separator: u8,
}

/// The names of the columns, in alphabetical order, each with its column.
struct Headers {
    names: Vec<String>,
    columns: Vec<usize>,
}

impl Headers {
    /// Of the first record; of two columns with one name, the last one counts.
    fn new(record: &csv::StringRecord) -> Self {
        let names = record.iter().map(|name| name.trim_start_matches('\u{feff}').to_owned());
        let columns: BTreeMap<String, usize> = names.zip(0..).collect();
        let (names, columns) = columns.into_iter().unzip();
        Headers { names, columns }
    }

    /// A record as a map; `last` is the map of the one before, which is used again.
    fn map(&self, record: &csv::StringRecord, last: Value) -> Value {
        let mut entries = match last {
            Value::Map(entries) if entries.keys().eq(&self.names) => entries,
            _ => self.names.iter().map(|name| (name.clone(), Value::Null)).collect(),
        };
        for (value, &column) in entries.values_mut().zip(&self.columns) {
            *value = record.get(column).map_or(Value::Null, field);
        }
        Value::Map(entries)
    }
}

impl Source {
    /// Fails if the last record, which begins at `place`, ends within quotes: the whole rest of the file is in
    /// them then.
    fn check_closed(&self, place: &csv::Position) -> Result<()> {
        let refused = |error: std::io::Error| {
            Error::runtime(Kind::File, Detail::FileAccess, format!("Cannot read {}: {error}", self.path))
        };
        let mut file = File::open(&*self.path).map_err(refused)?;
        file.seek(SeekFrom::Start(place.byte())).map_err(refused)?;
        let (mut quoted, mut begins) = (false, true);
        for byte in BufReader::new(file).bytes() {
            let byte = byte.map_err(refused)?;
            if byte == b'"' && (quoted || begins) {
                // A quote within quotes is written twice: it closes them, and opens them again.
                quoted = !quoted;
                begins = !quoted;
            } else if !quoted {
                begins = byte == self.separator || byte == b'\n' || byte == b'\r';
            }
        }
        if quoted {
            let message =
                format!("Cannot read {}: the quotes opened on line {} are not closed", self.path, place.line());
            return Err(Error::runtime(Kind::File, Detail::FileAccess, message)
                .hint("close the quotes, or write a quote inside quotes twice: \"\""));
        }
        Ok(())
    }
}

/// A field; an empty one is null.
fn field(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::string(text) }
}

/// For each row, the records of a file: lists of strings, or maps with headers. An empty field is null.
pub struct Loading {
    pub input: Running,
    pub load: Arc<LoadCsv>,
    pub source: Option<Source>,
}

impl Loading {
    fn open(&self, rt: &Runtime<'_>, row: &Row) -> Result<Source> {
        let Value::String(url) = evaluate(&self.load.url, row, rt)? else {
            return Err(Error::type_error(Detail::InvalidArgumentType, "LOAD CSV needs the name of a file"));
        };
        let mut separator = b',';
        if let Some(terminator) = &self.load.terminator {
            match evaluate(terminator, row, rt)? {
                Value::String(text) if text.len() == 1 => separator = text.as_bytes()[0],
                _ => {
                    return Err(Error::argument(
                        Detail::InvalidArgumentValue,
                        "FIELDTERMINATOR needs a string of one character",
                    ));
                }
            }
        }
        let path = local_path(&url)?;
        let refused = |error: &dyn std::fmt::Display| {
            Error::runtime(Kind::File, Detail::FileAccess, format!("Cannot read {url}: {error}"))
        };
        let file = File::open(&path).map_err(|error| refused(&error))?;
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(file);
        let mut headers = None;
        if self.load.with_headers {
            let mut record = csv::StringRecord::new();
            reader.read_record(&mut record).map_err(|error| refused(&error))?;
            headers = Some(Headers::new(&record));
        }
        let path = Arc::from(path.to_string_lossy());
        Ok(Source { path, reader, record: csv::StringRecord::new(), headers, separator })
    }
}

/// `file:///x.csv`, `file:x.csv` or a plain path. Files of other machines are not fetched.
fn local_path(url: &str) -> Result<PathBuf> {
    let path = match url.split_once("://") {
        Some((scheme, path)) if scheme.eq_ignore_ascii_case("file") => path,
        Some((scheme, _)) => {
            return Err(Error::runtime(
                Kind::File,
                Detail::FileAccess,
                format!("LOAD CSV reads local files only, not {scheme}:// addresses"),
            ));
        }
        None => url.strip_prefix("file:").unwrap_or(url),
    };
    // In Neo4j file:///x.csv is x.csv of the import folder; here the working folder is tried as well.
    let absolute = PathBuf::from(path);
    let relative = PathBuf::from(path.trim_start_matches('/'));
    Ok(if absolute.exists() || !relative.exists() { absolute } else { relative })
}

impl Runtime<'_> {
    /// An error of a statement that was reading a file, with the place where it was.
    pub fn placed(&self, error: Error) -> Error {
        match &*self.csv_place.borrow() {
            Some((path, line)) if error.kind != Kind::File && error.kind != Kind::Interrupted => {
                let message = format!("{} (Failure when processing file '{path}' on line {line}.)", error.message);
                Error { message, ..error }
            }
            _ => error,
        }
    }
}

impl Operate for Loading {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        loop {
            if let Some(source) = &mut self.source {
                rt.check_interrupt()?;
                let more = source.reader.read_record(&mut source.record).map_err(|error| {
                    Error::runtime(Kind::File, Detail::FileAccess, format!("Cannot read {}: {error}", source.path))
                })?;
                if more {
                    let place = source.record.position().cloned().unwrap_or_else(csv::Position::new);
                    if source.reader.is_done() {
                        source.check_closed(&place)?;
                    }
                    *rt.csv_place.borrow_mut() = Some((source.path.clone(), place.line()));
                    let value = match &source.headers {
                        None => Value::List(source.record.iter().map(field).collect()),
                        Some(headers) => {
                            let last = row.get_mut(self.load.slot).map(std::mem::take).unwrap_or_default();
                            headers.map(&source.record, last)
                        }
                    };
                    put(row, self.load.slot, value);
                    return Ok(true);
                }
                self.source = None;
                rt.csv_place.take();
            }
            if !self.input.next(rt, row)? {
                return Ok(false);
            }
            self.source = Some(self.open(rt, row)?);
        }
    }
}
