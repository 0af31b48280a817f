//! Where the time comes from.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A clock; tests bring their own.
pub trait Clock: Send {
    /// Milliseconds since 1970-01-01 UTC.
    fn now_ms(&self) -> i64;

    /// Lets time pass while a statement waits: calls `wait` with how long it may sleep, `longest` at most.
    /// A clock that does not follow the system's time moves itself on instead, so that its waits end too.
    fn pass(&self, longest: Duration, wait: &mut dyn FnMut(Duration)) {
        wait(longest);
    }
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }
}
