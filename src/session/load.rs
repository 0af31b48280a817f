//! Loading: many documents, or many changes of one collection, in one transaction that is kept whole or not at all.

use super::{Session, internal_error};
use crate::ast::TransactionControl;
use crate::ast::doc::{ResolvedCall, ResolvedChain};
use crate::doc;
use crate::reply::{DocReply, Reply};
use crate::text::{Diagnostic, Model, Span};
use bson::Bson;

/// What was loaded is handed on to the file in pieces of about this size; memory does not grow beyond it.
const PIECE_BYTES: usize = 4 << 20;

/// An open load. Dropped without [`Loading::finish`], it leaves nothing behind.
pub struct Loading<'s> {
    session: &'s mut Session,
    collection: String,
    load: Option<doc::Load>,
    pending: usize,
}

/// A document that was not taken.
#[derive(Debug)]
pub struct Refused {
    /// The caller's word for where it came from.
    pub place: u64,
    /// Why.
    pub error: Diagnostic,
}

impl Session {
    /// Begins to load a collection of the current database, perhaps dropping it first.
    ///
    /// # Errors
    /// A transaction is open, the store is read-only, or there can be no such collection.
    pub fn load(&mut self, collection: &str, drop_first: bool) -> Result<Loading<'_>, Diagnostic> {
        self.store.clear_interrupt();
        self.control(TransactionControl::Begin)?;
        let mut loading = Loading { session: self, collection: collection.to_owned(), load: None, pending: 0 };
        if drop_first {
            loading.call("drop", Vec::new())?;
            loading.settle()?;
        }
        Ok(loading)
    }
}

impl Loading<'_> {
    /// Puts a document in, given as BSON. Whether its `_id` is new may be found out later: see
    /// [`Loading::take_refused`].
    ///
    /// # Errors
    /// The store fails; a document that is refused is no error.
    pub fn insert(&mut self, bytes: &[u8], place: u64) -> Result<(), Diagnostic> {
        let mut load = match self.load.take() {
            Some(load) => load,
            None => {
                let name = self.collection.clone();
                self.with_doc(|mut cx| doc::Load::begin(&mut cx, &name))?
            }
        };
        let taken = self.with_doc(|mut cx| load.document(&mut cx, bytes, place));
        self.load = Some(load);
        taken?;
        self.written(bytes.len())
    }

    /// The documents refused since the last time.
    pub fn take_refused(&mut self) -> Vec<Refused> {
        let refused = self.load.as_mut().map(doc::Load::take_refused).unwrap_or_default();
        refused.into_iter().map(|doc::Refused { place, error }| Refused { place, error: error.into() }).collect()
    }

    /// Calls a method of the collection, which leaves no trace if it fails.
    ///
    /// # Errors
    /// As the method.
    pub fn call(&mut self, method: &str, args: Vec<Bson>) -> Result<Bson, Diagnostic> {
        let span = Span::new(0, 0);
        let chain = ResolvedChain {
            collection: Some(self.collection.clone()),
            calls: vec![ResolvedCall { method: method.to_owned(), args, span }],
            span,
        };
        let answered = self.with_doc(|cx| match doc::execute(cx, &chain)? {
            DocReply::Value(value) => Ok(value),
            _ => Ok(Bson::Null),
        });
        match answered {
            Ok(answer) => {
                self.settle()?;
                Ok(answer)
            }
            Err(error) => {
                self.session.undo_statement();
                Err(error)
            }
        }
    }

    /// Writes what is left into the transaction, and answers how many documents were put in. Ask for the refused ones
    /// once more.
    ///
    /// # Errors
    /// The store fails.
    pub fn complete(&mut self) -> Result<u64, Diagnostic> {
        let Some(mut load) = self.load.take() else { return Ok(0) };
        let loaded = self.with_doc(|mut cx| load.finish(&mut cx));
        self.load = Some(load);
        let loaded = loaded?;
        self.settle()?;
        Ok(loaded)
    }

    /// Keeps everything.
    ///
    /// # Errors
    /// The commit failed; nothing was kept.
    pub fn finish(self) -> Result<(), Diagnostic> {
        self.session.control(TransactionControl::Commit).map(drop::<Reply<'_>>)
    }

    fn written(&mut self, bytes: usize) -> Result<(), Diagnostic> {
        self.pending += bytes;
        if self.pending >= PIECE_BYTES { self.settle() } else { Ok(()) }
    }

    fn settle(&mut self) -> Result<(), Diagnostic> {
        self.pending = 0;
        self.session.settle()
    }

    fn with_doc<T>(&mut self, run: impl FnOnce(doc::Context<'_>) -> doc::Result<T>) -> Result<T, Diagnostic> {
        let database = self.session.enter()?;
        let changes = self.session.subscriber.exchange().is_watched().then_some(&mut self.session.outbox.statement);
        let Some(held) = &mut self.session.held else { return Err(internal_error(Model::Doc)) };
        let cx = doc::Context {
            tx: &mut held.tx,
            database,
            database_name: &self.session.database,
            now_ms: self.session.clock.now_ms(),
            collation: None,
            changes,
            memory: &self.session.memory,
        };
        Ok(run(cx)?)
    }
}

impl Drop for Loading<'_> {
    fn drop(&mut self) {
        if self.session.is_in_transaction() {
            self.session.abandon();
        }
    }
}
