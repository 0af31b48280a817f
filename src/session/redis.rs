//! Redis' own transactions on top of the session's: MULTI, EXEC, DISCARD, WATCH and UNWATCH.
//!
//! Semantics: redis.io/docs/latest/develop/using-commands/transactions. A command that fails inside
//! EXEC undoes itself and nothing else.

use super::transaction::{Held, storage_error};
use super::variables::holds_reference;
use super::{Session, lessons, saving};
use crate::ast::kv::Command;
use crate::exchange::{Touch, WatchedKey};
use crate::kv;
use crate::reply::Resp;
use crate::storage;
use crate::text::{Diagnostic, Model};
use std::borrow::Cow;
use std::sync::Arc;

/// The state of Redis' transactions.
#[derive(Debug, Default)]
pub(super) struct Redis {
    /// The commands since MULTI.
    queue: Option<Vec<Command>>,
    /// One of them was refused.
    refused: bool,
    /// A key is watched.
    is_watching: bool,
    /// When the first of the watched keys ends, as they were when the watch began.
    watched_until: Option<i64>,
}

impl Redis {
    pub(super) fn is_queueing(&self) -> bool {
        self.queue.is_some()
    }

    /// A command was refused before it could be queued: EXEC will refuse all.
    pub(super) fn refuse(&mut self) {
        self.refused |= self.is_queueing();
    }
}

fn error(text: impl Into<String>) -> Diagnostic {
    let text = text.into();
    let code = text.split(' ').next().unwrap_or_default().to_owned();
    Diagnostic::new(Model::Kv, code, text)
}

fn arity(command: &Command) -> Diagnostic {
    let name = String::from_utf8_lossy(&command.name).to_ascii_lowercase();
    error(format!("ERR wrong number of arguments for '{name}' command"))
}

impl Session {
    /// Runs or queues one Redis command.
    pub(super) fn kv(&mut self, command: &Command) -> Result<Resp, Diagnostic> {
        if holds_reference(command) {
            for arg in &command.args {
                self.read_named_cursors(&String::from_utf8_lossy(arg))?;
            }
        }
        let command = self.variables.expand(command);
        let is = |name: &str| command.name.eq_ignore_ascii_case(name.as_bytes());
        let wants = |count: usize| if command.args.len() == count { Ok(()) } else { Err(arity(&command)) };
        // The words of a transaction, and RESET, are never queued.
        let control = match command.name.len() {
            4 | 5 | 7 => ["MULTI", "EXEC", "DISCARD", "WATCH", "RESET"].into_iter().find(|name| is(name)),
            _ => None,
        };
        match control {
            Some("MULTI") => {
                wants(0).inspect_err(|_| self.redis.refuse())?;
                if self.redis.is_queueing() {
                    return Err(error("ERR MULTI calls can not be nested"));
                }
                self.redis.queue = Some(Vec::new());
                self.redis.refused = false;
                Ok(Resp::ok())
            }
            Some("DISCARD") => {
                wants(0).inspect_err(|_| self.redis.refuse())?;
                if !self.redis.is_queueing() {
                    return Err(error("ERR DISCARD without MULTI"));
                }
                self.forget_queue();
                Ok(Resp::ok())
            }
            Some("EXEC") if !command.args.is_empty() => {
                self.forget_queue();
                Err(error("EXECABORT Transaction discarded because of: wrong number of arguments for 'exec' command"))
            }
            Some("EXEC") => self.exec(),
            Some("WATCH") => {
                if command.args.is_empty() {
                    self.redis.refuse();
                    return Err(arity(&command));
                }
                if self.redis.is_queueing() {
                    return Err(error("ERR WATCH inside MULTI is not allowed"));
                }
                self.watch(&command.args)
            }
            Some("RESET") => {
                wants(0).inspect_err(|_| self.redis.refuse())?;
                self.redis = Redis::default();
                self.subscriber.start_over();
                self.keyspace = 0;
                Ok(Resp::Status("RESET".to_owned()))
            }
            _ if self.redis.is_queueing() => self.queue(command.into_owned()),
            _ => self.kv_now(&command),
        }
    }

    /// Leaves MULTI, and forgets the watched keys.
    fn forget_queue(&mut self) {
        self.redis = Redis::default();
        self.subscriber.unwatch();
    }

    fn queue(&mut self, command: Command) -> Result<Resp, Diagnostic> {
        let checked = match own_arity(&command) {
            None if saving::is_saving(&command) => Err(error("ERR Command not allowed inside a transaction")),
            Some(count) if command.args.len() == count => Ok(()),
            Some(_) => Err(arity(&command)),
            None => kv::check(&command).map_err(|error| lessons::teach(error.into(), &command.name)),
        };
        let checked = checked.and_then(|()| match self.has_room()? {
            true => Ok(()),
            false => Err(kv::full().into()),
        });
        if let Err(error) = checked {
            self.redis.refuse();
            return Err(error);
        }
        if let Some(queue) = &mut self.redis.queue {
            queue.push(command);
        }
        Ok(Resp::Status("QUEUED".to_owned()))
    }

    /// Runs one command by itself.
    fn kv_now(&mut self, command: &Command) -> Result<Resp, Diagnostic> {
        if let Some(own) = self.own(command) {
            return own;
        }
        if let Some(saved) = self.save(command) {
            return saved;
        }
        let mut wait = None;
        let may_wait = !self.is_in_transaction() && !self.one_transaction;
        let reply = self.attempt(command, may_wait.then_some(&mut wait))?;
        match wait {
            Some(wait) => self.wait_for_data(command, wait),
            None => answered(reply),
        }
    }

    /// Runs one command as a statement. What it waits for, if it found nothing, goes to `wait`.
    ///
    /// # Errors
    /// The statement went well and cannot be kept.
    pub(super) fn attempt(
        &mut self,
        command: &Command,
        mut wait: Option<&mut Option<kv::Wait>>,
    ) -> Result<kv::Result<Resp>, Diagnostic> {
        loop {
            self.enter()?;
            let reply = self.with_engine(wait.as_deref_mut(), kv::Room::Unknown, |cx| kv::execute(cx, command));
            match &reply {
                // A script that failed keeps what it wrote before.
                Ok(_) => self.settle()?,
                Err(_) => self.undo_statement(),
            }
            // Others have committed since the snapshot was taken, and nothing hangs on it: begin anew.
            if !(matches!(reply, Err(kv::Error::Storage(storage::Error::Conflict))) && self.held.is_none()) {
                return Ok(reply);
            }
        }
    }

    /// Whether the data fits under `maxmemory`, after evicting what may go.
    fn has_room(&mut self) -> Result<bool, Diagnostic> {
        if !self.server.settings.is_limited() {
            return Ok(true);
        }
        self.enter()?;
        match self.with_engine(None, kv::Room::Unknown, |cx| kv::make_room(cx, true)) {
            Ok(()) => self.settle().map(|()| true),
            Err(kv::Error::Reply(_)) => self.settle().map(|()| false),
            Err(kv::Error::Storage(error)) => {
                self.undo_statement();
                Err(storage_error(error))
            }
        }
    }

    /// Calls the engine inside the open transaction.
    fn with_engine<T>(
        &mut self,
        wait: Option<&mut Option<kv::Wait>>,
        room: kv::Room,
        act: impl FnOnce(&mut kv::Context<'_>) -> kv::Result<T>,
    ) -> kv::Result<T> {
        let database = self.enter().map_err(|error| kv::Error::Reply(error.message))?;
        let Some(held) = &mut self.held else { return Err(kv::Error::Reply("ERR no transaction".to_owned())) };
        let before = (held.tx.mark(), held.keyspaces.mark());
        let spaces = held.keyspaces.spaces(&held.tx, database, self.keyspace)?;
        let is_told = self.redis.is_watching || self.subscriber.exchange().is_shared();
        let mut changed = Vec::new();
        let mut cx = kv::Context {
            tx: &mut held.tx,
            states: &mut held.keyspaces,
            database,
            keyspace: self.keyspace,
            spaces,
            now_ms: self.clock.now_ms(),
            ended: None,
            changed: is_told.then_some(&mut changed),
            wait,
            changes: Vec::new(),
            looking: kv::Looking::default(),
            room,
            server: &self.server,
            subscriber: &self.subscriber,
            signals: &mut self.outbox.statement,
            scripts: &mut self.scripts,
            rng: &mut self.rng,
        };
        let reply = act(&mut cx);
        self.clock_seen = cx.ended;
        let reply = reply?;
        // SELECT has moved it.
        self.keyspace = cx.keyspace;
        if is_told {
            self.touches.note(&self.subscriber, &self.database, changed);
        } else if held.tx.mark() > before.0 || held.keyspaces.mark() > before.1 {
            self.touches.note(&self.subscriber, &self.database, vec![Touch::Anything]);
        }
        Ok(reply)
    }

    /// UNWATCH, the one command of the session's own that can be queued.
    fn own(&mut self, command: &Command) -> Option<Result<Resp, Diagnostic>> {
        let count = own_arity(command)?;
        if command.args.len() != count {
            return Some(Err(arity(command)));
        }
        self.redis.is_watching = false;
        self.redis.watched_until = None;
        self.subscriber.unwatch();
        Some(Ok(Resp::ok()))
    }

    /// WATCH key [key …]
    fn watch(&mut self, keys: &[Vec<u8>]) -> Result<Resp, Diagnostic> {
        if !self.is_in_transaction() && !self.holds_writes() {
            self.commit()?;
        }
        // Nobody commits between the snapshot that is looked at and the beginning of the watch.
        let exchange = Arc::clone(self.subscriber.exchange());
        let committing = exchange.committing();
        let database = self.enter_for_reading()?;
        for key in keys {
            let Some(held) = &mut self.held else { continue };
            let (place, now_ms) = ((database, self.keyspace), self.clock.now_ms());
            let found = kv::look(&held.tx, &mut held.keyspaces, place, key, now_ms)?;
            self.subscriber.watch(WatchedKey {
                database: self.database.clone(),
                keyspace: self.keyspace,
                key: key.clone(),
                existed: found.is_some(),
            });
            let ends = found.flatten();
            self.redis.watched_until = [self.redis.watched_until, ends].into_iter().flatten().min();
            self.redis.is_watching = true;
        }
        drop(committing);
        self.settle()?;
        Ok(Resp::ok())
    }

    /// Runs the queue. What fails undoes itself only; an interruption undoes all.
    fn exec(&mut self) -> Result<Resp, Diagnostic> {
        let state = std::mem::take(&mut self.redis);
        let Some(queue) = state.queue else {
            self.redis = state;
            return Err(error("ERR EXEC without MULTI"));
        };
        let answer = if state.refused {
            Err(error("EXECABORT Transaction discarded because of previous errors."))
        } else {
            self.exec_unless_touched(&queue, state.watched_until)
        };
        self.subscriber.unwatch();
        answer
    }

    /// Runs the queue if no watched key has changed.
    fn exec_unless_touched(&mut self, queue: &[Command], watched_until: Option<i64>) -> Result<Resp, Diagnostic> {
        loop {
            if !self.is_in_transaction() && !self.holds_writes() {
                self.commit()?;
            }
            if queue.iter().any(kv::may_grow) && !self.has_room()? {
                let full = kv::full();
                return Err(error(format!("EXECABORT Transaction discarded because of: {full}")));
            }
            // What others commit behind this snapshot is a conflict, unless the queue writes nothing.
            self.enter()?;
            let has_ended = watched_until.is_some_and(|end| end < self.clock.now_ms());
            if has_ended || self.subscriber.is_touched() {
                self.settle()?;
                return Ok(Resp::Nil);
            }
            match self.exec_queue(queue) {
                Err(storage::Error::Conflict) if self.held.is_none() => {}
                Err(error) => return Err(storage_error(error)),
                Ok(replies) => {
                    self.settle()?;
                    return Ok(Resp::Array(replies));
                }
            }
        }
    }

    fn exec_queue(&mut self, queue: &[Command]) -> Result<Vec<Resp>, storage::Error> {
        let keyspace = self.keyspace;
        let mut replies = Vec::with_capacity(queue.len());
        for command in queue {
            if let Some(own) = self.own(command) {
                replies.push(own.unwrap_or_else(|error| Resp::Error(error.message)));
                continue;
            }
            let mark = self.held.as_ref().map(Held::mark);
            let signals = self.outbox.statement.len();
            match self.with_engine(None, kv::Room::Enough, |cx| kv::execute(cx, command)) {
                Ok(reply) => replies.push(reply),
                Err(kv::Error::Reply(text)) => {
                    if let (Some(held), Some(mark)) = (&mut self.held, mark) {
                        held.rollback_to(mark);
                    }
                    self.outbox.statement.truncate(signals);
                    replies.push(Resp::Error(text));
                }
                Err(kv::Error::Storage(error)) => {
                    self.keyspace = keyspace;
                    self.undo_statement();
                    return Err(error);
                }
            }
        }
        Ok(replies)
    }
}

/// The answer of a command, or its error.
pub(super) fn answered(reply: kv::Result<Resp>) -> Result<Resp, Diagnostic> {
    match reply? {
        Resp::Error(text) => Err(error(text)),
        reply => Ok(reply),
    }
}

/// The number of arguments of a command that the session runs itself, and that can be queued.
fn own_arity(command: &Command) -> Option<usize> {
    match command.name.len() {
        7 if command.name.eq_ignore_ascii_case(b"UNWATCH") => Some(0),
        _ => None,
    }
}

/// A command with its variables put in; most have none.
pub(super) type Expanded<'c> = Cow<'c, Command>;
