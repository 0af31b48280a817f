//! `trine import`: the names of the options are those of MongoDB's `mongoimport`.

use super::{NOT_OPENED, USAGE, listen, open};
use crate::import::{self, Columns, Failure, Format, Mode};
use crate::session::{Durability, Options, Session};
use clap::{Args, ValueEnum};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

/// Put the documents of a JSON, CSV or TSV file into a collection: all of them, or none.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Import {
    /// The database file, made if it is missing
    #[arg(value_name = "DATABASE")]
    database: PathBuf,
    /// The file to read; - or none is standard input
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// The collection [default: the file's name without its ending]
    #[arg(short, long, value_name = "NAME")]
    collection: Option<String>,
    /// The database inside the file
    #[arg(short, long, value_name = "NAME", default_value = "test")]
    db: String,
    /// What the file is written in [default: by its ending, or else json]
    #[arg(long = "type", value_name = "FORMAT")]
    format: Option<FileType>,
    /// The names of the columns stand in the first line (csv, tsv; the default without --fields)
    #[arg(long, conflicts_with = "fields")]
    headerline: bool,
    /// The names of the columns (csv, tsv); dots make objects: at.city
    #[arg(short, long, value_name = "NAMES", value_delimiter = ',')]
    fields: Option<Vec<String>>,
    /// Each name ends in the type of its column: age.int32(),born.date(2006-01-02)
    #[arg(long, alias = "columnsHaveTypes")]
    columns_have_types: bool,
    /// Empty values make no field (csv, tsv)
    #[arg(long, alias = "ignoreBlanks")]
    ignore_blanks: bool,
    /// The documents are the elements of one array (seen by itself)
    #[arg(long, hide = true, alias = "jsonArray")]
    json_array: bool,
    /// What becomes of each document
    #[arg(long, value_name = "MODE", default_value = "insert")]
    mode: Change,
    /// The fields that tell documents apart, for upsert, merge and delete [default: _id]
    #[arg(long, alias = "upsertFields", value_name = "NAMES", value_delimiter = ',')]
    upsert_fields: Vec<String>,
    /// Drop the collection first
    #[arg(long)]
    drop: bool,
    /// Leave out what is refused, and go on
    #[arg(long)]
    keep_going: bool,
    /// No remarks, only errors
    #[arg(short, long)]
    quiet: bool,
}

const AFTER_HELP: &str = "\
JSON documents stand one behind another, in lines or not, or are the elements of one array; typed values are
Extended JSON: {\"$oid\": …}, {\"$date\": …}. Types of columns: auto() string() int32() int64() double() decimal()
boolean() date(layout) date_ms(layout) date_oracle(layout) binary(base64) binary(hex).

Everything is kept, or nothing: errors name the line. Exit status: 0 all well, 1 a document was refused, 2 wrong
usage, 3 the database could not be opened, 130 interrupted.";

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FileType {
    Json,
    Csv,
    Tsv,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Change {
    /// It is new
    Insert,
    /// It replaces the one with the same fields, or is new
    Upsert,
    /// Its fields are put into the one with the same fields, or it is new
    Merge,
    /// The one with the same fields goes
    Delete,
}

impl Import {
    fn file(&self) -> Option<&Path> {
        self.file.as_deref().filter(|path| *path != Path::new("-"))
    }

    fn format(&self) -> Result<Format, String> {
        let ending = self.file().and_then(Path::extension).map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        let kind = self.format.unwrap_or(match ending.as_deref() {
            Some("csv") => FileType::Csv,
            Some("tsv" | "tab") => FileType::Tsv,
            _ => FileType::Json,
        });
        let separator = match kind {
            FileType::Csv => b',',
            FileType::Tsv => b'\t',
            FileType::Json => {
                let columns = self.headerline || self.fields.is_some() || self.columns_have_types || self.ignore_blanks;
                return if columns {
                    Err("columns are options of --type csv and --type tsv".to_owned())
                } else {
                    Ok(Format::Json)
                };
            }
        };
        let columns =
            Columns { names: self.fields.clone(), typed: self.columns_have_types, ignore_blanks: self.ignore_blanks };
        Ok(Format::Separated(separator, columns))
    }

    fn collection(&self) -> Result<String, String> {
        let stem = || self.file().and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned());
        self.collection.clone().or_else(stem).ok_or_else(|| "name the collection with --collection".to_owned())
    }

    fn mode(&self) -> Result<Mode, String> {
        match self.mode {
            Change::Insert if self.upsert_fields.is_empty() => Ok(Mode::Insert),
            Change::Insert | Change::Upsert => Ok(Mode::Upsert),
            Change::Merge => Ok(Mode::Merge),
            Change::Delete if self.drop => Err("--mode delete finds nothing after --drop".to_owned()),
            Change::Delete => Ok(Mode::Delete),
        }
    }

    fn options(&self) -> Result<import::Options, String> {
        let keys = if self.upsert_fields.is_empty() { vec!["_id".to_owned()] } else { self.upsert_fields.clone() };
        Ok(import::Options {
            file: self.file().map(Path::to_owned),
            collection: self.collection()?,
            format: self.format()?,
            mode: self.mode()?,
            keys,
            drop_first: self.drop,
            keep_going: self.keep_going,
            progress: !self.quiet && io::stderr().is_terminal(),
            interrupted: Default::default(),
        })
    }
}

/// Imports, and answers the exit status.
pub(super) fn run(arguments: &Import) -> u8 {
    let mut options = match arguments.options() {
        Ok(options) => options,
        Err(why) => {
            eprintln!("trine: {why}");
            return USAGE;
        }
    };
    let store = match open(Some(&arguments.database), false) {
        Ok(store) => store,
        Err(error) => {
            eprintln!("trine: {error}");
            return NOT_OPENED;
        }
    };
    options.interrupted = listen(&store, &Default::default());
    let mut session = Session::new(
        store,
        Options { durability: Durability::Group, database: arguments.db.clone(), ..Options::default() },
    );
    match import::run(&mut session, &options, &mut io::stderr()) {
        Ok(counts) => {
            if !arguments.quiet {
                println!("{counts}");
            }
            0
        }
        Err(Failure::Input(why)) => {
            eprintln!("trine: {why}");
            USAGE
        }
        Err(Failure::Data(why)) => {
            eprintln!("{why}");
            eprintln!("trine: nothing was imported");
            1
        }
        Err(Failure::Interrupted) => {
            eprintln!("trine: interrupted; nothing was imported");
            130
        }
    }
}
