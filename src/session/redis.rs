//! Redis' own transactions on top of the session's: MULTI, EXEC, DISCARD, WATCH and UNWATCH.
//!
//! Semantics: redis.io/docs/latest/develop/using-commands/transactions. A command that fails inside
//! EXEC undoes itself and nothing else.

use super::transaction::{Held, storage_error};
use super::variables::holds_reference;
use super::{Session, lessons};
use crate::ast::kv::Command;
use crate::kv;
use crate::reply::Resp;
use crate::text::{Diagnostic, Model};
use std::borrow::Cow;

/// The state of Redis' transactions.
#[derive(Debug, Default)]
pub(super) struct Redis {
    /// The commands since MULTI.
    queue: Option<Vec<Command>>,
    /// One of them was refused.
    refused: bool,
    /// Keyspace and key of each watched key.
    watched: Vec<(u8, Vec<u8>)>,
    /// A watched key was written.
    touched: bool,
}

impl Redis {
    pub(super) fn is_queueing(&self) -> bool {
        self.queue.is_some()
    }

    /// A command was refused before it could be queued: EXEC will refuse all.
    pub(super) fn refuse(&mut self) {
        self.refused |= self.is_queueing();
    }

    /// Marks the transaction as touched if a command changed a watched key or flushed them all.
    fn observe(&mut self, name: &[u8], changed: &[(u8, Vec<u8>)]) {
        let all = [&b"FLUSHALL"[..], b"FLUSHDB", b"SWAPDB"].iter().any(|known| name.eq_ignore_ascii_case(known));
        self.touched |= self.watched.iter().any(|watched| all || changed.contains(watched));
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
        // The five words of a transaction are never queued.
        let control = match command.name.len() {
            4 | 5 | 7 => ["MULTI", "EXEC", "DISCARD", "WATCH"].into_iter().find(|name| is(name)),
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
                self.redis = Redis::default();
                Ok(Resp::ok())
            }
            Some("EXEC") => {
                wants(0).inspect_err(|_| self.redis.refuse())?;
                self.exec()
            }
            Some("WATCH") => {
                if command.args.is_empty() {
                    self.redis.refuse();
                    return Err(arity(&command));
                }
                if self.redis.is_queueing() {
                    return Err(error("ERR WATCH inside MULTI is not allowed"));
                }
                self.redis.watched.extend(command.args.iter().map(|key| (self.keyspace, key.clone())));
                Ok(Resp::ok())
            }
            _ if self.redis.is_queueing() => self.queue(command.into_owned()),
            _ => self.kv_now(&command),
        }
    }

    fn queue(&mut self, command: Command) -> Result<Resp, Diagnostic> {
        let checked = match own_arity(&command) {
            Some(count) if command.args.len() == count => Ok(()),
            Some(_) => Err(arity(&command)),
            None => kv::check(&command).map_err(|error| lessons::teach(error.into(), &command.name)),
        };
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
        self.enter()?;
        match self.call(command) {
            // A script that failed keeps what it wrote before.
            Ok(Resp::Error(text)) => {
                self.settle()?;
                Err(error(text))
            }
            Ok(reply) => {
                self.settle()?;
                Ok(reply)
            }
            Err(error) => {
                self.undo_statement();
                Err(error.into())
            }
        }
    }

    /// Calls the engine inside the open transaction.
    fn call(&mut self, command: &Command) -> kv::Result<Resp> {
        let database = self.enter().map_err(|error| kv::Error::Reply(error.message))?;
        let Some(held) = &mut self.held else { return Err(kv::Error::Reply("ERR no transaction".to_owned())) };
        let before = (held.tx.mark(), held.keyspaces.mark());
        let spaces = held.keyspaces.spaces(&held.tx, database, self.keyspace)?;
        let is_watching = !self.redis.watched.is_empty();
        let mut changed = Vec::new();
        let mut cx = kv::Context {
            tx: &mut held.tx,
            states: &mut held.keyspaces,
            database,
            keyspace: self.keyspace,
            spaces,
            now_ms: self.clock.now_ms(),
            changed: is_watching.then_some(&mut changed),
            server: &self.server,
            subscriber: &self.subscriber,
            signals: &mut self.outbox.statement,
            scripts: &mut self.scripts,
            rng: &mut self.rng,
        };
        let reply = kv::execute(&mut cx, command)?;
        // SELECT has moved it.
        self.keyspace = cx.keyspace;
        if is_watching && (held.tx.mark() > before.0 || held.keyspaces.mark() > before.1) {
            self.redis.observe(&command.name, &changed);
        }
        Ok(reply)
    }

    /// UNWATCH, the one command of the session's own that can be queued.
    fn own(&mut self, command: &Command) -> Option<Result<Resp, Diagnostic>> {
        let count = own_arity(command)?;
        if command.args.len() != count {
            return Some(Err(arity(command)));
        }
        self.redis.watched.clear();
        self.redis.touched = false;
        Some(Ok(Resp::ok()))
    }

    /// Runs the queue. What fails undoes itself only; an interruption undoes all.
    fn exec(&mut self) -> Result<Resp, Diagnostic> {
        let state = std::mem::take(&mut self.redis);
        let Some(queue) = state.queue else {
            self.redis = state;
            return Err(error("ERR EXEC without MULTI"));
        };
        if state.refused {
            return Err(error("EXECABORT Transaction discarded because of previous errors."));
        }
        if state.touched {
            return Ok(Resp::Nil);
        }
        let keyspace = self.keyspace;
        self.enter()?;
        let mut replies = Vec::with_capacity(queue.len());
        for command in &queue {
            if let Some(own) = self.own(command) {
                replies.push(own.unwrap_or_else(|error| Resp::Error(error.message)));
                continue;
            }
            let mark = self.held.as_ref().map(Held::mark);
            let signals = self.outbox.statement.len();
            match self.call(command) {
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
                    return Err(storage_error(error));
                }
            }
        }
        self.settle()?;
        Ok(Resp::Array(replies))
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
