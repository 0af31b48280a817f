//! Commands that wait for data: BLPOP, BZPOPMIN and their kin.
//!
//! While a statement runs nobody else can bring data, so waiting a while ends as it would in Redis
//! when the time is up: with nil, only sooner. Waiting without end is an error.

use super::number::double;
use super::{Error, Result};

/// Checks a timeout in seconds; 0 waits without end.
pub fn timeout_argument(text: &[u8]) -> Result<f64> {
    let seconds = double(text).filter(|seconds| seconds.is_finite());
    let seconds = seconds.ok_or_else(|| Error::err("timeout is not a float or out of range"))?;
    if seconds * 1000.0 > i64::MAX as f64 {
        return Err(Error::err("timeout is out of range"));
    }
    if seconds < 0.0 { Err(Error::err("timeout is negative")) } else { Ok(seconds) }
}

/// What a command answers that found no data.
pub fn nothing_came<T>(timeout: f64) -> Result<Option<T>> {
    if timeout == 0.0 {
        return Err(Error::err("there is no data, and trine does not wait without end yet; give a timeout"));
    }
    Ok(None)
}
