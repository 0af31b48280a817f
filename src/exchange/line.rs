//! The line of those who wait for data under a key: who came first is served first.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Nobody waits longer than this for those before it to look.
const PATIENCE: Duration = Duration::from_millis(200);

/// A database, a keyspace, a key.
type Key = (Vec<u8>, u8, Vec<u8>);

/// All who wait, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Line {
    waiting: Mutex<Waiting>,
    moved: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    next_ticket: u64,
    waiters: Vec<Waiter>,
}

#[derive(Debug)]
struct Waiter {
    ticket: u64,
    keys: Vec<Key>,
    /// The version of the data in which there was nothing for it.
    seen: u64,
}

impl Line {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the line; dropping it leaves.
#[derive(Debug)]
pub struct Place {
    line: Arc<Line>,
    ticket: u64,
}

impl Place {
    pub(super) fn take(line: Arc<Line>, keys: Vec<Key>) -> Self {
        let mut waiting = line.waiting();
        let ticket = waiting.next_ticket;
        waiting.next_ticket += 1;
        waiting.waiters.push(Waiter { ticket, keys, seen: 0 });
        drop(waiting);
        Place { line, ticket }
    }

    /// Waits until all who came earlier for one of the same keys have found nothing in this version of
    /// the data, or have left. Whoever takes too long loses its turn.
    pub fn wait_for_turn(&self, version: u64) {
        let is_late = |waiting: &mut Waiting| {
            let own = waiting.waiters.iter().find(|waiter| waiter.ticket == self.ticket);
            let keys = own.map(|waiter| waiter.keys.as_slice()).unwrap_or_default();
            let mut earlier = waiting.waiters.iter().take_while(|waiter| waiter.ticket < self.ticket);
            earlier.any(|waiter| waiter.seen < version && waiter.keys.iter().any(|key| keys.contains(key)))
        };
        drop(self.line.moved.wait_timeout_while(self.line.waiting(), PATIENCE, is_late));
    }

    /// There was nothing in this version of the data.
    pub fn has_seen(&self, version: u64) {
        let mut waiting = self.line.waiting();
        waiting.waiters.iter_mut().filter(|waiter| waiter.ticket == self.ticket).for_each(|own| own.seen = version);
        drop(waiting);
        self.line.moved.notify_all();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.line.waiting().waiters.retain(|waiter| waiter.ticket != self.ticket);
        self.line.moved.notify_all();
    }
}
