//! The open transaction: who holds it, when it is committed, what undoes it.

use super::{Durability, GROUP_TIME, Outcome, Session};
use crate::ast::TransactionControl;
use crate::kv;
use crate::reply::{Reply, ShellReply};
use crate::storage::{self, Catalog, Transaction};
use crate::text::{Diagnostic, Model};
use std::sync::Arc;
use std::time::Instant;

/// A group of statements is committed when it has written this much.
pub const GROUP_BYTES: usize = 60 << 20;

/// The number of a database that nothing was ever written to, in a store that cannot make one.
const NO_DATABASE: u32 = u32::MAX;

/// An open transaction.
pub(super) struct Held {
    pub(super) tx: Transaction,
    pub(super) keyspaces: kv::States,
    /// Begun by BEGIN.
    explicit: bool,
    since: Instant,
    /// The group is large enough.
    due: bool,
    /// The running statement has made the current database; where its own writes begin in the journal.
    made_database: Option<usize>,
}

/// A storage failure as the shell shows it.
pub(super) fn storage_error(error: storage::Error) -> Diagnostic {
    let (code, hint) = match &error {
        storage::Error::Interrupted => ("Interrupted", None),
        storage::Error::ReadOnly => ("ReadOnly", Some("open it without --read-only to write")),
        storage::Error::Busy(_) => ("Busy", None),
        storage::Error::Conflict => ("Conflict", None),
        storage::Error::DiskFull => ("DiskFull", Some("make room and run the lost statements again")),
        storage::Error::StatementTooLarge(_) => ("TooLarge", None),
        storage::Error::Corrupted(_) => ("Corrupted", Some("restore the file from a copy")),
        storage::Error::Engine(_) => ("Storage", None),
    };
    let diagnostic = Diagnostic::new(Model::Shell, code, error.to_string());
    match hint {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic,
    }
}

/// A place in the running statement, to come back to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    rows: usize,
    keyspaces: usize,
}

impl Held {
    /// A mark for [`Held::rollback_to`].
    pub(super) fn mark(&self) -> Mark {
        Mark { rows: self.tx.mark(), keyspaces: self.keyspaces.mark() }
    }

    /// Undoes everything since `mark`.
    pub(super) fn rollback_to(&mut self, mark: Mark) {
        self.tx.rollback_to(mark.rows);
        self.keyspaces.rollback_to(mark.keyspaces);
    }

    /// Undoes the running statement.
    fn rollback_statement(&mut self) {
        self.tx.rollback_statement();
        self.keyspaces.rollback_to(0);
    }

    /// The statement removes the database again: its making is not undone by itself.
    pub(super) fn forget_making(&mut self) {
        self.made_database = None;
    }
}

impl Session {
    /// `BEGIN`, `COMMIT`, `ROLLBACK`
    pub(super) fn control(&mut self, control: TransactionControl) -> Result<Reply<'static>, Diagnostic> {
        let refused = |message: &str, hint: &str| Err(Diagnostic::new(Model::Shell, "Transaction", message).hint(hint));
        if self.redis.is_queueing() {
            self.redis.refuse();
            return refused("between MULTI and EXEC only Redis commands can be queued", "EXEC or DISCARD first");
        }
        if self.one_transaction {
            return refused(
                "this run is one transaction already (--transaction)",
                "leave --transaction or these words out",
            );
        }
        match (control, self.is_in_transaction()) {
            (TransactionControl::Begin, true) => {
                return refused("a transaction is open already", "COMMIT or ROLLBACK it first");
            }
            (TransactionControl::Begin, false) => {
                self.commit()?;
                let mut held = self.begin()?;
                held.explicit = true;
                self.held = Some(held);
            }
            (TransactionControl::Commit, true) => self.commit()?,
            (TransactionControl::Rollback, true) => self.roll_back(),
            (_, false) => return refused("no transaction is open", "BEGIN opens one"),
        }
        Ok(Reply::Shell(ShellReply::None))
    }

    /// Whether BEGIN opened a transaction.
    pub fn is_in_transaction(&self) -> bool {
        self.held.as_ref().is_some_and(|held| held.explicit)
    }

    /// Whether something was written that is not committed.
    pub fn holds_writes(&self) -> bool {
        self.held.as_ref().is_some_and(|held| held.tx.is_dirty())
    }

    fn begin(&self) -> Result<Held, Diagnostic> {
        let tx = self.store.begin().map_err(storage_error)?;
        Ok(Held {
            tx,
            keyspaces: kv::States::default(),
            explicit: false,
            since: Instant::now(),
            due: false,
            made_database: None,
        })
    }

    /// Opens the transaction a statement runs in, and answers the current database's number. The database
    /// is made if it is missing.
    pub(super) fn enter(&mut self) -> Result<u32, Diagnostic> {
        self.enter_as(!self.store.is_read_only())
    }

    /// As [`Session::enter`], for a statement that surely writes nothing: a missing database stays missing.
    pub(super) fn enter_for_reading(&mut self) -> Result<u32, Diagnostic> {
        self.enter_as(false)
    }

    fn enter_as(&mut self, may_make: bool) -> Result<u32, Diagnostic> {
        if self.held.is_none() {
            self.held = Some(self.begin()?);
        }
        if let Some(id) = self.database_id {
            return Ok(id);
        }
        let Some(held) = &mut self.held else { return Ok(NO_DATABASE) };
        if let Some(id) = Catalog::database(&held.tx, &self.database).map_err(storage_error)? {
            self.database_id = Some(id);
            return Ok(id);
        }
        if !may_make {
            return Ok(NO_DATABASE);
        }
        // Whether the statement will write is not known yet; if it does not, this is undone.
        match Catalog::database_or_create(&mut held.tx, &self.database) {
            Ok(id) => {
                held.made_database = Some(held.tx.mark());
                self.database_id = Some(id);
                Ok(id)
            }
            // Others have committed since the snapshot was taken, and nothing hangs on it: begin anew.
            Err(storage::Error::Conflict) if !held.explicit && !held.tx.is_dirty() => {
                self.held = None;
                self.enter_as(may_make)
            }
            Err(error) => Err(storage_error(error)),
        }
    }

    /// After a statement that went well: it can no longer be undone by itself, and is committed if it
    /// stands alone.
    pub(super) fn settle(&mut self) -> Result<(), Diagnostic> {
        let Some(held) = &mut self.held else { return Ok(()) };
        if held.made_database.take() == Some(held.tx.mark()) {
            held.rollback_statement();
            self.database_id = None;
        }
        held.keyspaces.settle();
        held.due |= held.tx.pending_bytes() >= GROUP_BYTES;
        if let Err(error) = held.tx.end_statement() {
            self.lose_transaction();
            return Err(storage_error(error));
        }
        let explicit = held.explicit;
        self.settle_signals();
        if explicit || self.one_transaction || self.durability != Durability::Statement {
            return Ok(());
        }
        self.commit()
    }

    /// After a statement that failed: it leaves no trace.
    pub(super) fn undo_statement(&mut self) {
        self.forget_statement_signals();
        let Some(held) = &mut self.held else { return };
        held.rollback_statement();
        if held.made_database.take().is_some() {
            self.database_id = None;
        }
        if !held.explicit && !held.tx.is_dirty() {
            self.held = None;
        }
    }

    /// Whether a statement failed only because others have committed since its snapshot was taken, and nothing
    /// hangs on that snapshot: it is undone then, to be run again.
    pub(super) fn begins_anew(&mut self, outcome: &Outcome) -> bool {
        let is_late =
            matches!(outcome, Outcome::Failed(_)) && self.held.as_ref().is_some_and(|held| held.tx.is_stale());
        if is_late {
            self.undo_statement();
        }
        is_late && self.held.is_none()
    }

    /// After a panic: as [`Session::undo_statement`], and nothing half-built is kept in memory.
    pub(super) fn abandon_statement(&mut self) {
        self.undo_statement();
        self.redis.refuse();
    }

    /// Commits what is held, if it is time. Call it between two statements.
    ///
    /// # Errors
    /// The group could not be committed; all its statements are lost.
    pub fn checkpoint(&mut self) -> Result<(), Diagnostic> {
        self.checkpoint_at(Instant::now())
    }

    /// As [`Session::checkpoint`], for a caller that has just looked at the clock.
    ///
    /// # Errors
    /// The group could not be committed; all its statements are lost.
    pub fn checkpoint_at(&mut self, now: Instant) -> Result<(), Diagnostic> {
        let ready = self.held.as_ref().is_some_and(|held| {
            !held.explicit && !self.one_transaction && (held.due || now.duration_since(held.since) >= GROUP_TIME)
        });
        if ready { self.commit() } else { Ok(()) }
    }

    /// Commits what is held.
    pub(super) fn commit(&mut self) -> Result<(), Diagnostic> {
        self.commit_as(match self.durability {
            Durability::None => storage::Durability::Eventual,
            Durability::Statement | Durability::Group => storage::Durability::Immediate,
        })
    }

    pub(super) fn commit_as(&mut self, durability: storage::Durability) -> Result<(), Diagnostic> {
        let Some(Held { mut tx, mut keyspaces, .. }) = self.held.take() else { return Ok(()) };
        tx.make_uninterruptible();
        let is_dirty = tx.is_dirty();
        let written = keyspaces.write_out(&mut tx).map_err(Diagnostic::from);
        let exchange = Arc::clone(self.subscriber.exchange());
        // Also while nobody else is there: a session that joins now may watch before the commit is done.
        let committing = exchange.committing();
        self.touches.tell(&self.subscriber);
        let committed = written.and_then(|()| tx.commit(durability).map_err(storage_error));
        drop(committing);
        if let Err(error) = committed {
            self.lose_transaction();
            return Err(error);
        }
        if is_dirty {
            self.server.saved(self.clock.now_ms());
        }
        self.publish_committed();
        Ok(())
    }

    fn roll_back(&mut self) {
        self.lose_transaction();
    }

    fn lose_transaction(&mut self) {
        self.forget_signals();
        self.held = None;
        self.database_id = None;
    }

    /// Throws away everything that is not committed: the open transaction, queued commands, watched keys.
    pub(super) fn end_transactions(&mut self) -> Result<(), Diagnostic> {
        self.redis = Default::default();
        self.subscriber.unwatch();
        if self.is_in_transaction() {
            self.roll_back();
        } else if !self.one_transaction {
            self.commit()?;
        }
        Ok(())
    }

    /// Ends the session: what is held is committed, an open BEGIN is rolled back. Answers a warning if
    /// there was one.
    ///
    /// # Errors
    /// The last group could not be committed.
    pub fn finish(&mut self) -> Result<Option<String>, Diagnostic> {
        if self.is_in_transaction() {
            let dirty = self.held.as_ref().is_some_and(|held| held.tx.is_dirty());
            self.roll_back();
            return Ok(dirty.then(|| "the open transaction was rolled back: BEGIN without COMMIT".to_owned()));
        }
        self.commit_as(storage::Durability::Immediate)?;
        Ok(None)
    }

    /// Ends the session without keeping what is not committed (`--transaction` after a failure).
    pub fn abandon(&mut self) {
        self.roll_back();
    }
}
