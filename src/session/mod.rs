//! The session: THE way to run statements.
//!
//! A [`Session`] owns the open transaction, the variables, the current database and keyspace; it lends
//! the transaction down to the engines, and nobody else begins, commits or rolls back. There are two
//! doors: [`Session::run`] takes text, [`Session::execute`] a [`Statement`] that was built from values.
//! Answers go to a [`Sink`] while the transaction is still open, so cursors stream.

mod clock;
mod directives;
mod engines;
mod events;
mod explain;
mod lessons;
mod load;
mod redis;
mod saving;
mod script;
mod transaction;
mod values;
mod variables;
mod waiting;

pub use clock::{Clock, SystemClock};
pub use load::{Loading, Refused};
pub use transaction::GROUP_BYTES;
pub use variables::Variable;

use crate::ast::Statement;
use crate::doc;
use crate::exchange::{Change, Exchange, Subscriber};
use crate::graph;
use crate::kv;
use crate::lang::scanner::{Kind, Scanner, SourceStatement};
use crate::lang::{parse, registry};
use crate::reply::{DocReply, Event, GraphReply, Reply};
use crate::storage::{OpenError, Store};
use crate::text::{Diagnostic, Model};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};
use transaction::Held;
use variables::Variables;

/// When an acknowledged statement is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// Before it is answered.
    #[default]
    Statement,
    /// With its group: a second or [`GROUP_BYTES`] of statements, whichever is less.
    Group,
    /// When the system likes, and at the end; the groups of `Group` without waiting for the disk.
    None,
}

/// How a session behaves.
pub struct Options {
    /// When statements become durable.
    pub durability: Durability,
    /// All statements of this session are one transaction, kept by [`Session::finish`].
    pub one_transaction: bool,
    /// The current database at the start.
    pub database: String,
    /// Where the time comes from.
    pub clock: Box<dyn Clock>,
    /// Makes random choices repeatable.
    pub seed: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            durability: Durability::default(),
            one_transaction: false,
            database: "test".to_owned(),
            clock: Box::new(SystemClock),
            seed: None,
        }
    }
}

/// What became of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Delivery {
    /// It was taken.
    Taken,
    /// It broke off while it was being read; the taker has reported this error.
    Failed(Diagnostic),
    /// Nobody reads any more: run nothing further.
    Closed,
}

/// Takes the answers of statements.
pub trait Sink {
    /// Takes the answer of one statement, or its error, whose span lies in the statement's text; and what
    /// the statement, or other sessions meanwhile, told those who listen.
    fn answer(&mut self, source: &SourceStatement, answer: Result<Reply<'_>, Diagnostic>, events: &[Event])
    -> Delivery;

    /// Takes a remark for people that is no answer, such as `switched to db shop`.
    fn note(&mut self, _text: &str) {}
}

impl<F: FnMut(&SourceStatement, Result<Reply<'_>, Diagnostic>, &[Event]) -> Delivery> Sink for F {
    fn answer(
        &mut self,
        source: &SourceStatement,
        answer: Result<Reply<'_>, Diagnostic>,
        events: &[Event],
    ) -> Delivery {
        self(source, answer, events)
    }
}

/// One user's conversation with a store.
pub struct Session {
    store: Store,
    durability: Durability,
    one_transaction: bool,
    clock: Box<dyn Clock>,
    rng: fastrand::Rng,
    database: String,
    /// The catalog's number of `database`, once known.
    database_id: Option<u32>,
    keyspace: u8,
    held: Option<Held>,
    redis: redis::Redis,
    scripts: kv::Scripts,
    variables: Variables,
    mirror: graph::Mirror,
    server: Arc<kv::Server>,
    subscriber: Subscriber,
    outbox: events::Outbox,
    touches: events::Touches,
    inbox: events::Inbox,
    procedures: graph::Procedures,
    max_paths: u64,
    memory: doc::Memory,
    max_memory: u64,
    /// Changes that have come and were not handed to the open streams yet.
    changes: Vec<Arc<Change>>,
    streams: Vec<Rc<script::ChangeStream>>,
    leaving: bool,
    notes: Vec<String>,
    /// When the last statement had run, if it looked at the clock.
    clock_seen: Option<Instant>,
}

/// What an engine answered, before the transaction was settled.
enum Outcome {
    /// The statement failed.
    Failed(Diagnostic),
    /// An answer that needs the transaction no longer.
    Owned(Reply<'static>),
    /// An answer that was read from the transaction and handed out.
    Delivered(Delivery),
}

/// The one that takes an answer inside the session.
type Answer<'f> = dyn FnMut(Result<Reply<'_>, Diagnostic>) -> Delivery + 'f;

impl Session {
    /// A session on a store.
    pub fn new(store: Store, options: Options) -> Self {
        let server = store.companion::<kv::Server>();
        server.access.opened_ms(options.clock.now_ms());
        acquaint(&server, &store, options.durability);
        Session {
            server,
            subscriber: Subscriber::join(store.companion::<Exchange>()),
            outbox: events::Outbox::default(),
            touches: events::Touches::default(),
            inbox: events::Inbox::default(),
            changes: Vec::new(),
            streams: Vec::new(),
            durability: options.durability,
            one_transaction: options.one_transaction,
            clock: options.clock,
            rng: options.seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed),
            database: options.database,
            database_id: None,
            keyspace: 0,
            held: None,
            redis: redis::Redis::default(),
            scripts: kv::Scripts::new(store.companion(), store.interrupt()),
            store,
            variables: Variables::default(),
            mirror: graph::Mirror::default(),
            procedures: graph::Procedures::default(),
            max_paths: graph::MAX_PATHS,
            memory: doc::Memory::default(),
            max_memory: graph::MAX_MEMORY,
            leaving: false,
            notes: Vec::new(),
            clock_seen: None,
        }
    }

    /// Runs the statements of a text, one after another; a failed one stops nothing.
    ///
    /// # Errors
    /// When a group of statements could not be committed.
    pub fn run(&mut self, text: &str, sink: &mut dyn Sink) -> Result<(), Diagnostic> {
        let mut scanner = Scanner::new();
        scanner.push(text.as_bytes());
        scanner.finish();
        while let Some(source) = scanner.next_statement() {
            if self.run_source(&source, sink) == Delivery::Closed {
                break;
            }
            self.checkpoint()?;
        }
        Ok(())
    }

    /// Runs one scanned statement. A panic of an engine becomes an error, and the statement leaves no trace.
    pub fn run_source(&mut self, source: &SourceStatement, sink: &mut dyn Sink) -> Delivery {
        self.store.clear_interrupt();
        let run = catch_unwind(AssertUnwindSafe(|| self.parse_and_perform(source, sink)));
        let delivery = run.unwrap_or_else(|_| {
            self.abandon_statement();
            sink.answer(source, Err(internal_error(parse::model_of(source.kind))), &self.inbox.take())
        });
        for note in self.notes.drain(..) {
            sink.note(&note);
        }
        delivery
    }

    fn parse_and_perform(&mut self, source: &SourceStatement, sink: &mut dyn Sink) -> Delivery {
        let parsed = match parse::parse(source) {
            Ok(parsed) => parsed,
            Err(error) => {
                if source.kind == Kind::Kv {
                    self.redis.refuse();
                }
                let error = lessons::teach(error, &source.text);
                return sink.answer(source, Err(error), &self.take_events());
            }
        };
        // Redis commands need no text; all others were parsed from UTF-8.
        let text = match &parsed.statement {
            Statement::Kv(_) => "",
            _ => std::str::from_utf8(source.text.get(parsed.body..).unwrap_or_default()).unwrap_or_default(),
        };
        let inbox = self.inbox.clone();
        self.perform(&parsed.statement, text, &mut |answer| {
            let answer = answer.map_err(|error| lessons::teach(error.shifted(parsed.body), &source.text));
            sink.answer(source, answer, &inbox.take())
        })
    }

    /// Runs a statement that was built from values. Cursors are read to their end first.
    ///
    /// # Errors
    /// The statement failed and left no trace.
    pub fn execute(&mut self, statement: &Statement) -> Result<Reply<'static>, Diagnostic> {
        self.store.clear_interrupt();
        let run = catch_unwind(AssertUnwindSafe(|| self.collect(statement, "")));
        run.unwrap_or_else(|_| {
            self.abandon_statement();
            Err(internal_error(Model::Shell))
        })
    }

    /// Runs a statement and reads its answer to the end.
    fn collect(&mut self, statement: &Statement, text: &str) -> Result<Reply<'static>, Diagnostic> {
        let mut result = None;
        self.perform(statement, text, &mut |answer| match answer.and_then(owned) {
            Ok(reply) => {
                result = Some(Ok(reply));
                Delivery::Taken
            }
            Err(error) => {
                result = Some(Err(error.clone()));
                Delivery::Failed(error)
            }
        });
        result.unwrap_or_else(|| Err(internal_error(Model::Shell)))
    }

    /// Runs one statement; `text` is what the spans of a graph statement refer to.
    fn perform(&mut self, statement: &Statement, text: &str, answer: &mut Answer<'_>) -> Delivery {
        self.read_mail();
        self.deliver_changes();
        if self.redis.is_queueing()
            && matches!(
                statement,
                Statement::Doc(_) | Statement::Graph(_) | Statement::Explain { .. } | Statement::Let(_)
            )
        {
            self.redis.refuse();
            let error =
                Diagnostic::new(Model::Shell, "MULTI", "between MULTI and EXEC only Redis commands can be queued")
                    .hint("BEGIN … COMMIT spans all three models");
            return answer(Err(error));
        }
        match statement {
            // A variable by itself, as mongosh shows it; a command of that name comes first.
            Statement::Kv(command) if command.args.is_empty() && self.names_variable(&command.name) => {
                self.show_variable(&command.name, answer)
            }
            Statement::Kv(command) => {
                let reply = self.kv(command).map(Reply::Kv);
                answer(reply)
            }
            Statement::Doc(statement) => self.doc(statement, answer),
            Statement::Graph(statement) => self.graph(statement, text, answer),
            Statement::Transaction(control) => {
                let reply = self.control(*control);
                self.deliver_changes();
                answer(reply)
            }
            Statement::Shell(directive) => {
                let reply = self.directive(directive);
                answer(reply)
            }
            Statement::Let(variable) => {
                let reply = self.assign(variable, text);
                answer(reply)
            }
            Statement::Explain { profile, statement } => self.explain(*profile, statement, text, answer),
        }
    }

    /// Settles the transaction after a statement, then hands out what is still to be handed out.
    fn conclude(&mut self, outcome: Outcome, answer: &mut Answer<'_>) -> Delivery {
        match outcome {
            Outcome::Failed(error) => {
                self.undo_statement();
                answer(Err(error))
            }
            Outcome::Owned(reply) => match self.settle() {
                Ok(()) => {
                    self.deliver_changes();
                    answer(Ok(reply))
                }
                Err(error) => answer(Err(error)),
            },
            Outcome::Delivered(Delivery::Failed(error)) => {
                self.undo_statement();
                Delivery::Failed(error)
            }
            Outcome::Delivered(delivery) => match self.settle() {
                Ok(()) => delivery,
                Err(error) => answer(Err(error)),
            },
        }
    }

    /// Moves the session to another store, which is opened once the old one is let go; what is not
    /// committed is lost; variables, subscriptions and the current database stay.
    ///
    /// # Errors
    /// When the other store cannot be opened.
    pub fn reattach(&mut self, open: impl FnOnce() -> Result<Store, OpenError>) -> Result<(), OpenError> {
        self.abandon();
        self.store = Store::in_memory(Default::default())?;
        self.store = open()?;
        let settings = std::mem::replace(&mut self.server, self.store.companion());
        self.server.settings.take_over(&settings.settings);
        acquaint(&self.server, &self.store, self.durability);
        self.subscriber.move_to(self.store.companion::<Exchange>());
        self.scripts.move_to(self.store.companion(), self.store.interrupt());
        Ok(())
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The current database.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The current keyspace, 0 to 15.
    pub fn keyspace(&self) -> u8 {
        self.keyspace
    }

    /// Whether commands are being queued by MULTI.
    pub fn is_queueing(&self) -> bool {
        self.redis.is_queueing()
    }

    /// The time, for a caller that has just run a statement: reading the clock costs as much as parsing
    /// a short command, so a statement that has read it is asked first.
    pub fn now(&mut self) -> Instant {
        self.clock_seen.take().unwrap_or_else(Instant::now)
    }

    /// Whether `exit` or `quit` was run.
    pub fn is_leaving(&self) -> bool {
        self.leaving
    }

    /// The names of the variables, in order.
    pub fn variable_names(&self) -> impl Iterator<Item = &str> {
        self.variables.names()
    }
}

/// What the server cannot know by itself: the manual, and where and when the database is written.
fn acquaint(server: &kv::Server, store: &Store, durability: Durability) {
    server.manual.get_or_init(|| {
        |name| {
            let entry = registry::kv_command(name.as_bytes())?;
            let (summary, complexity) = (entry.summary, entry.complexity);
            Some(kv::Page { summary, since: entry.since, group: entry.group, complexity })
        }
    });
    let settings = &server.settings;
    settings.tell("appendonly", if store.path().is_some() { "yes" } else { "no" });
    settings.tell(
        "appendfsync",
        match durability {
            Durability::Statement => "always",
            Durability::Group => "everysec",
            Durability::None => "no",
        },
    );
    if let Some(path) = store.path() {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        settings.tell("dir", &folder.display().to_string());
        let name = path.file_name().unwrap_or_default();
        settings.tell("dbfilename", &name.display().to_string());
    }
}

fn internal_error(model: Model) -> Diagnostic {
    Diagnostic::new(model, "InternalError", "internal error: trine has a defect here; the statement left no trace")
        .hint("please report the statement")
}

/// An answer without its transaction.
fn owned(reply: Reply<'_>) -> Result<Reply<'static>, Diagnostic> {
    Ok(match reply {
        Reply::Kv(reply) => Reply::Kv(reply),
        Reply::Shell(reply) => Reply::Shell(reply),
        Reply::Doc(DocReply::None) => Reply::Doc(DocReply::None),
        Reply::Doc(DocReply::Value(value)) => Reply::Doc(DocReply::Value(value)),
        Reply::Doc(DocReply::Listing(names)) => Reply::Doc(DocReply::Listing(names)),
        Reply::Doc(DocReply::Printed(printed)) => Reply::Doc(DocReply::Printed(printed)),
        Reply::Doc(DocReply::Cursor(stream)) => {
            let documents = stream.collect::<Result<Vec<_>, _>>()?;
            Reply::Doc(DocReply::Cursor(Box::new(documents.into_iter().map(Ok))))
        }
        Reply::Graph(GraphReply { columns, rows, stats, plan, drawn }) => {
            let rows = rows.collect::<Result<Vec<_>, _>>()?;
            Reply::Graph(GraphReply { columns, rows: Box::new(rows.into_iter().map(Ok)), stats, plan, drawn })
        }
    })
}

/// How long a group of statements may stay uncommitted.
const GROUP_TIME: Duration = Duration::from_secs(1);
