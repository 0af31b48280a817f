//! Opening a database, and what its sessions share.

use super::catalog::META;
use super::gate::Gate;
use super::snapshot::Snapshot;
use super::{Error, OpenError, Result, Transaction, Watcher};
use redb::backends::InMemoryBackend;
use redb::{Database, DatabaseError, ReadOnlyDatabase, ReadableDatabase, StorageError, TableDefinition};
use std::any::Any;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

/// The file format this program writes, and the newest it reads.
const FORMAT: u32 = 3;
const FORMAT_KEY: &[u8] = b"format";

/// Who waits for a commit looks at the interrupt flag this often.
const INTERRUPT_SLICE: Duration = Duration::from_millis(20);

/// When a commit must be on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Before the commit answers.
    Immediate,
    /// At some later commit; a crash may lose it, never half of it.
    Eventual,
}

/// How to open a database.
#[derive(Clone)]
pub struct Options {
    /// Refuse writes, and make no file.
    pub read_only: bool,
    /// redb's cache in bytes.
    pub cache_bytes: usize,
    /// How long a writer waits for another session of this process.
    pub writer_wait: Duration,
    /// Called with the progress of a repair (0.0 to 1.0) when the file was not closed cleanly.
    pub on_repair: Option<fn(f64)>,
    /// Is told how far long statements are.
    pub watcher: Option<Arc<dyn Watcher>>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            read_only: false,
            cache_bytes: 64 << 20,
            writer_wait: Duration::from_secs(5),
            on_repair: None,
            watcher: None,
        }
    }
}

pub(super) enum Handle {
    Writable(Database),
    ReadOnly(ReadOnlyDatabase),
    /// A commit failed and reopening failed too: nothing can be read any more.
    Lost,
}

impl Handle {
    fn begin_read(&self) -> Result<redb::ReadTransaction> {
        match self {
            Handle::Writable(db) => Ok(db.begin_read()?),
            Handle::ReadOnly(db) => Ok(db.begin_read()?),
            Handle::Lost => Err(lost()),
        }
    }
}

fn lost() -> Error {
    Error::Engine("the database could not be opened again after a failed commit".to_owned())
}

pub(super) struct Shared {
    handle: RwLock<Handle>,
    path: Option<PathBuf>,
    options: Options,
    version: AtomicU64,
    pub(super) gate: Arc<Gate>,
    pub(super) interrupt: Arc<AtomicBool>,
    committed: Committed,
    companions: Mutex<Vec<Arc<dyn Any + Send + Sync>>>,
}

/// Wakes those who wait for a commit.
#[derive(Default)]
struct Committed {
    lock: Mutex<()>,
    bell: Condvar,
}

/// An open database; cheap to clone, one for all sessions of a process.
#[derive(Clone)]
pub struct Store {
    pub(super) shared: Arc<Shared>,
}

impl Store {
    /// A new database in memory, gone when the last clone is dropped.
    pub fn in_memory(options: Options) -> Result<Self, OpenError> {
        let path = PathBuf::from(":memory:");
        let db = builder(&options)
            .create_with_backend(InMemoryBackend::new())
            .map_err(|error| open_error(&path, error, true))?;
        write_format(&db).map_err(|error| OpenError::Other { path, what: error.to_string() })?;
        Ok(Self::new(Handle::Writable(db), None, options))
    }

    /// Opens a file, making it if it is missing.
    ///
    /// # Errors
    /// One [`OpenError`] for each way a path can be wrong.
    pub fn open(path: &Path, options: Options) -> Result<Self, OpenError> {
        // redb takes pages whose checksum it did not look at for what they should be.
        let opened = catch_unwind(AssertUnwindSafe(|| open_handle(path, &options)));
        let handle = opened.unwrap_or_else(|_| {
            Err(OpenError::Damaged { path: path.to_owned(), what: "a page is not what it should be".to_owned() })
        })?;
        Ok(Self::new(handle, Some(path.to_owned()), options))
    }

    fn new(handle: Handle, path: Option<PathBuf>, options: Options) -> Self {
        Store {
            shared: Arc::new(Shared {
                handle: RwLock::new(handle),
                path,
                options,
                version: AtomicU64::new(1),
                gate: Arc::default(),
                interrupt: Arc::default(),
                committed: Committed::default(),
                companions: Mutex::default(),
            }),
        }
    }

    /// The file, or `None` in memory.
    pub fn path(&self) -> Option<&Path> {
        self.shared.path.as_deref()
    }

    /// Whether writes are refused.
    pub fn is_read_only(&self) -> bool {
        self.shared.options.read_only
    }

    /// The flag that stops running statements; set it from a signal handler, clear it before a statement.
    pub fn interrupt(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.shared.interrupt)
    }

    /// Clears that flag: a new statement begins.
    pub fn clear_interrupt(&self) {
        self.shared.interrupt.store(false, Ordering::Relaxed);
    }

    /// What the sessions of this store share besides its rows, one of each type; made when it is first
    /// asked for.
    pub fn companion<T: Any + Send + Sync + Default>(&self) -> Arc<T> {
        let mut companions = self.shared.companions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = companions.iter().find_map(|known| Arc::clone(known).downcast::<T>().ok()) {
            return known;
        }
        let new = Arc::<T>::default();
        companions.push(Arc::clone(&new) as Arc<dyn Any + Send + Sync>);
        new
    }

    /// Whether somebody else holds this store, and so may open a session on it or has one. A transaction
    /// that is open counts too.
    pub fn is_shared(&self) -> bool {
        Arc::strong_count(&self.shared) > 1
    }

    /// Whether the flag that stops running statements is set.
    pub fn is_interrupted(&self) -> bool {
        self.shared.interrupt.load(Ordering::Relaxed)
    }

    /// A number that grows with every commit.
    pub fn version(&self) -> u64 {
        self.shared.version()
    }

    /// Waits until something was committed after `version`, at most `longest`, and no longer than until
    /// the interrupt flag is set. Answers whether something was committed.
    pub fn wait_for_commit(&self, version: u64, longest: Duration) -> bool {
        let deadline = Instant::now() + longest;
        let committed = &self.shared.committed;
        let mut guard = committed.lock.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if self.version() != version {
                return true;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || self.shared.interrupt.load(Ordering::Relaxed) {
                return false;
            }
            // A signal handler may not take locks: the flag is looked at now and then.
            let slice = left.min(INTERRUPT_SLICE);
            guard = committed.bell.wait_timeout(guard, slice).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// A transaction on the data as committed now. It locks nobody out until its first write.
    pub fn begin(&self) -> Result<Transaction> {
        Ok(Transaction::new(Arc::clone(&self.shared), self.shared.snapshot()?))
    }
}

impl Shared {
    pub(super) fn snapshot(&self) -> Result<Snapshot> {
        let handle = self.handle.read().unwrap_or_else(PoisonError::into_inner);
        // The version is read first: a commit in between makes the snapshot newer than its number,
        // which costs a needless conflict, never a lost write.
        let version = self.version();
        Ok(Snapshot::new(handle.begin_read()?, version))
    }

    pub(super) fn watcher(&self) -> Option<Arc<dyn Watcher>> {
        self.options.watcher.clone()
    }

    pub(super) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    pub(super) fn bump_version(&self) {
        let guard = self.committed.lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.version.fetch_add(1, Ordering::AcqRel);
        drop(guard);
        self.committed.bell.notify_all();
    }

    pub(super) fn read_only(&self) -> bool {
        self.options.read_only
    }

    pub(super) fn writer_wait(&self) -> Duration {
        self.options.writer_wait
    }

    pub(super) fn begin_write(&self) -> Result<redb::WriteTransaction> {
        match &*self.handle.read().unwrap_or_else(PoisonError::into_inner) {
            Handle::Writable(db) => Ok(db.begin_write()?),
            Handle::ReadOnly(_) => Err(Error::ReadOnly),
            Handle::Lost => Err(lost()),
        }
    }

    /// After a failed commit redb refuses further work until the file was opened again.
    pub(super) fn reopen(&self) {
        let Some(path) = &self.path else { return };
        let mut handle = self.handle.write().unwrap_or_else(PoisonError::into_inner);
        *handle = Handle::Lost;
        if let Ok(again) = open_handle(path, &self.options) {
            *handle = again;
        }
        drop(handle);
        self.bump_version();
    }
}

fn builder(options: &Options) -> redb::Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(options.cache_bytes);
    if let Some(report) = options.on_repair {
        builder.set_repair_callback(move |session| report(session.progress()));
    }
    builder
}

fn open_handle(path: &Path, options: &Options) -> Result<Handle, OpenError> {
    let is_new = match std::fs::metadata(path) {
        Ok(meta) if meta.is_dir() => return Err(OpenError::Directory(path.to_owned())),
        Ok(meta) if meta.is_file() && meta.len() == 0 => return Err(OpenError::Empty(path.to_owned())),
        Ok(_) => false,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if options.read_only {
                return Err(OpenError::Missing(path.to_owned()));
            }
            if path.parent().is_some_and(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
                return Err(OpenError::NoFolder(path.to_owned()));
            }
            true
        }
        Err(error) => return Err(open_error(path, DatabaseError::Storage(StorageError::Io(error)), options.read_only)),
    };
    let wrong = |error| open_error(path, error, options.read_only);
    if options.read_only {
        let db = builder(options).open_read_only(path).map_err(wrong)?;
        check_format(path, db.begin_read().map_err(Error::from))?;
        return Ok(Handle::ReadOnly(db));
    }
    if !is_new {
        let db = builder(options).open(path).map_err(wrong)?;
        check_format(path, db.begin_read().map_err(Error::from))?;
        return Ok(Handle::Writable(db));
    }
    let db = builder(options).create(path).map_err(wrong)?;
    write_format(&db).map_err(|error| OpenError::Other { path: path.to_owned(), what: error.to_string() })?;
    Ok(Handle::Writable(db))
}

fn write_format(db: &Database) -> Result<()> {
    let txn = db.begin_write()?;
    txn.open_table(TableDefinition::<&[u8], &[u8]>::new(&META.table_name()))?
        .insert(FORMAT_KEY, FORMAT.to_be_bytes().as_slice())?;
    Ok(txn.commit()?)
}

fn check_format(path: &Path, txn: Result<redb::ReadTransaction>) -> Result<(), OpenError> {
    let damaged = |what: String| OpenError::Damaged { path: path.to_owned(), what };
    let txn = txn.map_err(|error| damaged(error.to_string()))?;
    let snapshot = Snapshot::new(txn, 0);
    let row = snapshot.peek(META, FORMAT_KEY);
    let Ok(Some(row)) = row else { return Err(OpenError::Foreign(path.to_owned())) };
    let found = u32::from_be_bytes((*row).try_into().map_err(|_| damaged("the format row".to_owned()))?);
    let (path, known) = (path.to_owned(), FORMAT);
    match found {
        FORMAT => Ok(()),
        newer if newer > FORMAT => Err(OpenError::NewerFormat { path, found, known }),
        _ => Err(OpenError::OlderFormat { path, found, known }),
    }
}

fn open_error(path: &Path, error: DatabaseError, read_only: bool) -> OpenError {
    let path = path.to_owned();
    match error {
        DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => {
            let holder = lock_holder(&path);
            OpenError::Locked(path, holder)
        }
        DatabaseError::RepairAborted => OpenError::NeedsRepair(path),
        DatabaseError::UpgradeRequired(version) => {
            OpenError::Other { path, what: format!("its redb file format {version} is too old for this trine") }
        }
        DatabaseError::Storage(StorageError::Io(io)) => match io.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => OpenError::Permission(path, read_only),
            ErrorKind::InvalidData | ErrorKind::UnexpectedEof => OpenError::NotADatabase(path),
            ErrorKind::IsADirectory => OpenError::Directory(path),
            _ => OpenError::Other { path, what: io.to_string() },
        },
        DatabaseError::Storage(StorageError::Corrupted(what)) => OpenError::Damaged { path, what },
        other => OpenError::Other { path, what: other.to_string() },
    }
}

/// Who holds the file, where the system tells (`/proc/locks` names the process by inode).
#[cfg(target_os = "linux")]
fn lock_holder(path: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let inode = std::fs::metadata(path).ok()?.ino();
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let pid = locks.lines().find_map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let id = words.iter().find(|word| word.matches(':').count() == 2)?;
        let pid = words.get(4)?;
        (id.rsplit(':').next()? == inode.to_string() && pid.parse::<u32>().is_ok()).then(|| (*pid).to_owned())
    })?;
    let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    Some(format!("process {pid} {}", name.trim()).trim_end().to_owned())
}

#[cfg(not(target_os = "linux"))]
fn lock_holder(_path: &Path) -> Option<String> {
    None
}
