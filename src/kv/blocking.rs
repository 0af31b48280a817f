//! Commands that wait for data: BLPOP, BZPOPMIN, XREAD BLOCK and their kin.
//!
//! A command that finds nothing says so in [`Wait`] and answers nil. The session then waits until other
//! sessions have committed something, and runs the command again. Where nobody else can bring data while
//! the statement runs (inside MULTI, BEGIN, a script) the nil is the answer.

use super::number::double;
use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;
use std::time::Duration;

/// What a command waits for that found nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// How long at most; `None`: without end.
    pub longest: Option<Duration>,
    /// The keys of the current keyspace of which one may get data.
    pub keys: Vec<Vec<u8>>,
    /// The arguments to run the command with again, where they are not the same.
    pub again: Option<Vec<Vec<u8>>>,
}

/// A timeout in seconds; 0 waits without end.
pub fn timeout_argument(text: &[u8]) -> Result<Option<Duration>> {
    let seconds = double(text).filter(|seconds| seconds.is_finite());
    let seconds = seconds.ok_or_else(|| Error::err("timeout is not a float or out of range"))?;
    if seconds * 1000.0 > i64::MAX as f64 {
        return Err(Error::err("timeout is out of range"));
    }
    if seconds < 0.0 {
        return Err(Error::err("timeout is negative"));
    }
    Ok(milliseconds((seconds * 1000.0).ceil() as u64))
}

/// A timeout in milliseconds; 0 waits without end.
pub fn milliseconds(count: u64) -> Option<Duration> {
    (count > 0).then(|| Duration::from_millis(count))
}

impl Context<'_> {
    /// The answer of a command that found no data under these keys.
    pub(super) fn nothing_came(&mut self, longest: Option<Duration>, keys: Args<'_>) -> Answer {
        self.nothing_came_for(longest, keys, None)
    }

    /// As [`Context::nothing_came`], for a command to be run again with other arguments.
    pub(super) fn nothing_came_for(
        &mut self,
        longest: Option<Duration>,
        keys: Args<'_>,
        again: Option<Vec<Vec<u8>>>,
    ) -> Answer {
        if let Some(wait) = &mut self.wait {
            **wait = Some(Wait { longest, keys: keys.to_vec(), again });
        }
        Ok(Resp::Nil)
    }
}
