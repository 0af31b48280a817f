//! What statements tell, on its way to those who listen.
//!
//! A signal of a statement that failed is forgotten with it. A session sees the events its own statement
//! caused behind that statement's answer, between BEGIN and COMMIT behind COMMIT's; other sessions see
//! them once the statement is committed.

use super::Session;
use crate::exchange::{Audience, Letter, Signal, Subscriber, Touch};
use crate::reply::Event;
use std::cell::RefCell;
use std::rc::Rc;

/// Events that wait for the next answer; the taker of answers holds it too.
#[derive(Debug, Clone, Default)]
pub(super) struct Inbox(Rc<RefCell<Vec<Event>>>);

impl Inbox {
    pub(super) fn take(&self) -> Vec<Event> {
        std::mem::take(&mut *self.0.borrow_mut())
    }

    pub(super) fn put(&self, event: Event) {
        self.0.borrow_mut().push(event);
    }
}

/// What was changed and is not committed, for those who watch keys.
#[derive(Debug, Default)]
pub(super) struct Touches(Vec<(String, Vec<Touch>)>);

/// So many are remembered one by one.
const TOUCHES: usize = 10_000;

impl Touches {
    /// Notes what a command has changed. The session's own watch sees it at once.
    pub(super) fn note(&mut self, subscriber: &Subscriber, database: &str, touches: Vec<Touch>) {
        if touches.is_empty() {
            return;
        }
        if touches != [Touch::Anything] {
            subscriber.touch(database, &touches, Audience::Oneself);
        }
        match self.0.last_mut() {
            Some((last, known)) if last == database => {
                if known.last() != Some(&Touch::Anything) {
                    known.extend(touches);
                }
                if known.len() > TOUCHES {
                    *known = vec![Touch::Anything];
                }
            }
            _ => self.0.push((database.to_owned(), touches)),
        }
    }

    /// Tells the others.
    pub(super) fn tell(&mut self, subscriber: &Subscriber) {
        for (database, touches) in self.0.drain(..) {
            subscriber.touch(&database, &touches, Audience::Others);
        }
    }
}

/// Signals that are not posted to everybody yet.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    /// Of the running statement; it may still fail.
    pub(super) statement: Vec<Signal>,
    /// Of statements that went well and are not committed.
    uncommitted: Vec<Signal>,
    /// So many of the uncommitted ones have been seen by this session.
    seen: usize,
}

impl Session {
    /// The running statement went well; inside BEGIN its events wait for COMMIT.
    pub(super) fn settle_signals(&mut self) {
        let is_open = self.is_in_transaction();
        let outbox = &mut self.outbox;
        outbox.uncommitted.append(&mut outbox.statement);
        if !is_open {
            self.show_own();
        }
    }

    fn show_own(&mut self) {
        let outbox = &mut self.outbox;
        let unseen = outbox.uncommitted.get(outbox.seen..).unwrap_or_default();
        if !unseen.is_empty() {
            self.subscriber.post(unseen, Audience::Oneself);
            outbox.seen = outbox.uncommitted.len();
            self.read_mail();
        }
    }

    /// What was held is committed: everybody may know.
    pub(super) fn publish_committed(&mut self) {
        self.show_own();
        let outbox = &mut self.outbox;
        if !outbox.uncommitted.is_empty() {
            self.subscriber.post(&outbox.uncommitted, Audience::Others);
            outbox.uncommitted.clear();
        }
        outbox.seen = 0;
    }

    /// The running statement failed.
    pub(super) fn forget_statement_signals(&mut self) {
        self.outbox.statement.clear();
    }

    /// What was held is lost.
    pub(super) fn forget_signals(&mut self) {
        self.outbox = Outbox::default();
        self.touches = Touches::default();
    }

    /// Moves what came for this session to the next answer.
    pub(super) fn read_mail(&mut self) {
        let (letters, lost) = self.subscriber.collect();
        for letter in letters {
            match letter {
                Letter::Event(event) => self.inbox.put(event),
                Letter::Change(change) => self.changes.push(change),
            }
        }
        if lost > 0 {
            self.notes.push(format!("{lost} older messages were lost: nothing was run here for too long"));
        }
    }

    /// The events that came with or since the last answer, for callers of [`Session::execute`]; a
    /// [`super::Sink`] gets them with its answers.
    pub fn take_events(&mut self) -> Vec<Event> {
        self.read_mail();
        self.deliver_changes();
        self.inbox.take()
    }
}
