//! An engine for tests: commands as text on a store in memory, with a clock that stands still.

use super::{Context, Looking, Result, Room, Scripts, Server, States, execute};
use crate::ast::kv::Command;
use crate::exchange::Subscriber;
use crate::reply::Resp;
use crate::storage::{Options, Store, Transaction};

/// One transaction that is never committed.
pub struct Engine {
    tx: Transaction,
    states: States,
    server: Server,
    subscriber: Subscriber,
    scripts: Scripts,
    rng: fastrand::Rng,
    /// The time; tests turn it.
    pub now_ms: i64,
    /// The keyspace.
    pub keyspace: u8,
}

impl Engine {
    pub fn new() -> Self {
        let store = Store::in_memory(Options::default()).unwrap();
        Engine {
            tx: store.begin().unwrap(),
            states: States::default(),
            server: Server::default(),
            subscriber: Subscriber::join(store.companion()),
            scripts: Scripts::new(store.companion(), store.interrupt()),
            rng: fastrand::Rng::with_seed(7),
            now_ms: 1_700_000_000_000,
            keyspace: 0,
        }
    }

    /// Runs words; a failed command leaves no trace.
    pub fn words(&mut self, words: &[&[u8]]) -> Result<Resp> {
        let command = Command { name: words[0].to_vec(), args: words[1..].iter().map(|word| word.to_vec()).collect() };
        let spaces = self.states.spaces(&self.tx, 1, self.keyspace).unwrap();
        let mut cx = Context {
            tx: &mut self.tx,
            states: &mut self.states,
            database: 1,
            keyspace: self.keyspace,
            spaces,
            ended: None,
            now_ms: self.now_ms,
            changed: None,
            wait: None,
            changes: Vec::new(),
            looking: Looking::default(),
            room: Room::default(),
            server: &self.server,
            subscriber: &self.subscriber,
            signals: &mut Vec::new(),
            scripts: &mut self.scripts,
            rng: &mut self.rng,
        };
        let answer = execute(&mut cx, &command);
        if answer.is_err() {
            self.tx.rollback_statement();
            self.states.rollback_to(0);
        }
        self.states.settle();
        self.tx.end_statement().unwrap();
        answer
    }

    /// Runs a line split at blanks; `''` is an empty word.
    pub fn run(&mut self, line: &str) -> Result<Resp> {
        let words: Vec<&[u8]> =
            line.split_whitespace().map(|word| if word == "''" { &b""[..] } else { word.as_bytes() }).collect();
        self.words(&words)
    }

    /// Runs a line that must succeed.
    pub fn ok(&mut self, line: &str) -> Resp {
        self.run(line).unwrap_or_else(|error| panic!("{line}: {error}"))
    }

    /// The answer as text: `(nil)`, `(integer) 1`, `a`, `[a b]`, or the error.
    pub fn show(&mut self, line: &str) -> String {
        match self.run(line) {
            Ok(answer) => show(&answer),
            Err(error) => error.to_string(),
        }
    }

    /// Checks lines and their answers.
    pub fn check(&mut self, cases: &[(&str, &str)]) {
        for (line, expected) in cases {
            assert_eq!(self.show(line), *expected, "{line}");
        }
    }

    /// The counters of the keyspace.
    pub fn state(&mut self) -> super::states::State {
        self.states.get(&self.tx, 1, self.keyspace).unwrap()
    }

    /// Rows of one space of the keyspace, for tests of what is left in the file.
    pub fn rows(&self, choose: fn(super::layout::Spaces) -> crate::storage::Space) -> usize {
        let spaces = super::layout::Spaces::at(super::layout::keyspace_number(1, self.keyspace));
        let mut rows = 0;
        crate::storage::Read::scan(
            &self.tx,
            choose(spaces),
            &crate::storage::KeyRange::all(),
            crate::storage::Direction::Forward,
            &mut |_, _| {
                rows += 1;
                Ok(std::ops::ControlFlow::Continue(()))
            },
        )
        .unwrap();
        rows
    }
}

/// An answer as short text.
pub fn show(answer: &Resp) -> String {
    match answer {
        Resp::Status(text) | Resp::Text(text) => text.clone(),
        Resp::Bulk(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Resp::Integer(number) => number.to_string(),
        Resp::Nil => "(nil)".to_owned(),
        Resp::Array(items) | Resp::Series(items) => {
            format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" "))
        }
        Resp::Error(text) => text.clone(),
    }
}
