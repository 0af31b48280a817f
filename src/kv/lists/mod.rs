//! Lists (redis.io/docs/latest/commands/?group=list).

mod blocking;
mod ends;
mod middle;
mod packed;
mod places;
mod store;
mod transfer;

pub use blocking::{blmove, blmpop, blpop, brpop, brpoplpush};
pub use ends::{llen, lpop, lpush, lpushx, lrange, ltrim, rpop, rpush, rpushx};
pub use places::{lindex, linsert, lpos, lrem, lset};
pub use store::{End, List};
pub use transfer::{lmove, lmpop, rpoplpush};

use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;

/// `LEFT` or `RIGHT`.
fn end_argument(word: &[u8]) -> Result<End> {
    if word.eq_ignore_ascii_case(b"LEFT") {
        Ok(End::Head)
    } else if word.eq_ignore_ascii_case(b"RIGHT") {
        Ok(End::Tail)
    } else {
        Err(Error::syntax())
    }
}

/// The places `start..=stop` of a list, negative ones counted from the end, as a range; `None` if empty.
fn range(start: i64, stop: i64, length: u64) -> Option<(u64, u64)> {
    let length = i64::try_from(length).ok()?;
    let place = |index: i64| if index < 0 { index.saturating_add(length) } else { index };
    let (start, stop) = (place(start).max(0), place(stop).min(length - 1));
    if start > stop { None } else { Some((start.unsigned_abs(), stop.unsigned_abs() + 1)) }
}

/// A place counted from the head, negative from the tail; `None` outside the list.
fn place(index: i64, length: u64) -> Option<u64> {
    if index >= 0 {
        Some(index.unsigned_abs()).filter(|&place| place < length)
    } else {
        length.checked_sub(index.unsigned_abs())
    }
}
