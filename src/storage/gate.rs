//! The writer gate: one writer at a time, with a time limit instead of an endless wait.

use super::{Error, Result};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Shared by all sessions of a store.
#[derive(Debug, Default)]
pub(super) struct Gate {
    taken: Mutex<bool>,
    released: Condvar,
}

/// Held by the writing transaction; dropping it opens the gate.
#[derive(Debug)]
pub(super) struct Pass {
    gate: Arc<Gate>,
}

impl Gate {
    /// Waits for the gate at most `limit`.
    pub(super) fn enter(self: &Arc<Self>, limit: Duration) -> Result<Pass> {
        let deadline = Instant::now() + limit;
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        while *taken {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Error::Busy(limit.as_secs()));
            }
            taken = self.released.wait_timeout(taken, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        *taken = true;
        Ok(Pass { gate: Arc::clone(self) })
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        *self.gate.taken.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.gate.released.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_is_refused_in_time_and_let_in_afterwards() {
        let gate = Arc::new(Gate::default());
        let pass = gate.enter(Duration::ZERO).unwrap();
        assert!(matches!(gate.enter(Duration::from_millis(1)), Err(Error::Busy(_))));
        drop(pass);
        assert!(gate.enter(Duration::ZERO).is_ok());
    }
}
