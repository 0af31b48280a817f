//! LOAD CSV.

use super::{Operate, Row, Running, Runtime, put};
use crate::graph::eval::evaluate;
use crate::graph::plan::LoadCsv;
use crate::graph::{Detail, Error, Kind, Result};
use crate::value::graph::Value;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

/// A file being read, and its columns if they have names.
pub struct Source {
    path: String,
    reader: csv::Reader<File>,
    headers: Option<Vec<String>>,
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
            headers = Some(record.iter().map(|name| name.trim_start_matches('\u{feff}').to_owned()).collect());
        }
        Ok(Source { path: url.to_string(), reader, headers })
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

impl Operate for Loading {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        loop {
            if let Some(source) = &mut self.source {
                let mut record = csv::StringRecord::new();
                let more = source.reader.read_record(&mut record).map_err(|error| {
                    Error::runtime(Kind::File, Detail::FileAccess, format!("Cannot read {}: {error}", source.path))
                })?;
                if more {
                    let field = |text: &str| if text.is_empty() { Value::Null } else { Value::string(text) };
                    let value = match &source.headers {
                        None => Value::List(record.iter().map(field).collect()),
                        Some(headers) => {
                            let mut entries: BTreeMap<String, Value> =
                                headers.iter().map(|name| (name.clone(), Value::Null)).collect();
                            for (name, text) in headers.iter().zip(record.iter()) {
                                entries.insert(name.clone(), field(text));
                            }
                            Value::Map(entries)
                        }
                    };
                    put(row, self.load.slot, value);
                    return Ok(true);
                }
                self.source = None;
            }
            if !self.input.next(rt, row)? {
                return Ok(false);
            }
            self.source = Some(self.open(rt, row)?);
        }
    }
}
