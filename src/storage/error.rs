//! What can go wrong in storage.

use std::path::PathBuf;

/// The result of a storage call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failed read, write or commit.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The user asked to stop (Ctrl-C).
    #[error("interrupted")]
    Interrupted,
    /// The database was opened for reading only.
    #[error("the database is open for reading only")]
    ReadOnly,
    /// Another session holds the writer gate longer than the time limit.
    #[error("another session is writing to this database; it did not finish within {0} seconds")]
    Busy(u64),
    /// Another session committed since this transaction's snapshot was taken.
    #[error("another session changed the database since this transaction began; roll back and try again")]
    Conflict,
    /// One statement wrote more than fits in memory.
    #[error("the statement writes more than {0} MiB; split it into smaller ones")]
    StatementTooLarge(usize),
    /// The disk is full. Nothing of the transaction was kept.
    #[error("the disk is full; nothing since the last commit was kept")]
    DiskFull,
    /// A stored value cannot be understood.
    #[error("the database file is damaged: {0}")]
    Corrupted(String),
    /// Any other failure of the storage engine or the operating system.
    #[error("storage: {0}")]
    Engine(String),
}

impl Error {
    /// An [`Error::Corrupted`] with this explanation.
    pub fn corrupted(what: impl Into<String>) -> Self {
        Error::Corrupted(what.into())
    }

    pub(super) fn from_io(error: &std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Error::DiskFull,
            _ => Error::Engine(error.to_string()),
        }
    }
}

/// Maps any of redb's error enums by way of its superset.
impl From<redb::Error> for Error {
    fn from(error: redb::Error) -> Self {
        match error {
            redb::Error::Io(io) => Error::from_io(&io),
            redb::Error::Corrupted(what) => Error::Corrupted(what),
            other => Error::Engine(other.to_string()),
        }
    }
}

macro_rules! from_redb {
    ($($kind:ident),*) => {
        $(impl From<redb::$kind> for Error {
            fn from(error: redb::$kind) -> Self {
                redb::Error::from(error).into()
            }
        })*
    };
}
from_redb!(StorageError, TableError, TransactionError, CommitError, SetDurabilityError);

/// Why a database could not be opened; the process leaves with status 3.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// No such file, and it may not be made (`--read-only`).
    #[error("there is no database {0:?} (and --read-only makes none)")]
    Missing(PathBuf),
    /// The folder that should hold the file does not exist.
    #[error("cannot make {0:?}: its folder does not exist")]
    NoFolder(PathBuf),
    /// The path is a folder.
    #[error("{0:?} is a folder, not a database file")]
    Directory(PathBuf),
    /// The file is empty.
    #[error("{0:?} is an empty file, not a trine database; remove it to make a new database there")]
    Empty(PathBuf),
    /// The file is not a redb file.
    #[error("{0:?} is not a trine database (or its first page is damaged)")]
    NotADatabase(PathBuf),
    /// The file is a redb file that trine did not write.
    #[error("{0:?} is a redb file, but not a trine database")]
    Foreign(PathBuf),
    /// The file was written by a newer trine.
    #[error("{path:?} has format {found}; this trine reads formats up to {known}: use a newer trine")]
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// Its format version.
        found: u32,
        /// The newest format this program knows.
        known: u32,
    },
    /// The file was written by a trine of the time before the first release.
    #[error(
        "{path:?} has format {found}, from before the first release; this trine reads format {known}: make it anew"
    )]
    OlderFormat {
        /// The file.
        path: PathBuf,
        /// Its format version.
        found: u32,
        /// The format this program knows.
        known: u32,
    },
    /// The operating system refuses access.
    #[error("no permission to open {0:?}{hint}", hint = if *.1 { "" } else { " for writing; --read-only may work" })]
    Permission(PathBuf, bool),
    /// Another process has it open.
    #[error("{0:?} is open in another process{holder}; close it there, or work on a copy", holder = .1.as_deref().map(|who| format!(" ({who})")).unwrap_or_default())]
    Locked(PathBuf, Option<String>),
    /// The file was not closed cleanly and needs repair, which reading only cannot do.
    #[error("{0:?} was not closed cleanly; open it once without --read-only to repair it")]
    NeedsRepair(PathBuf),
    /// The file is damaged.
    #[error("{path:?} is damaged: {what}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// Anything else.
    #[error("cannot open {path:?}: {what}")]
    Other {
        /// The file.
        path: PathBuf,
        /// The operating system's or the engine's words.
        what: String,
    },
}
