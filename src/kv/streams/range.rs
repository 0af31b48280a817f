//! XRANGE and XREVRANGE.

use super::id::interval;
use super::store::entries_resp;
use super::{Answer, Args, Context, Error, Resp, Stream};
use crate::kv::number::integer_argument;
use crate::storage::Direction;

/// XRANGE key start end [COUNT count]
pub fn xrange(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    range(cx, args, (&args[1], &args[2]), Direction::Forward)
}

/// XREVRANGE key end start [COUNT count]
pub fn xrevrange(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    range(cx, args, (&args[2], &args[1]), Direction::Backward)
}

fn range(cx: &Context<'_>, args: Args<'_>, (start, end): (&[u8], &[u8]), direction: Direction) -> Answer {
    let range = interval(start, end)?;
    let mut count = u64::MAX;
    for pair in args[3..].chunks(2) {
        match pair {
            [name, value] if name.eq_ignore_ascii_case(b"COUNT") => {
                count = u64::try_from(integer_argument(value)?).unwrap_or(0);
            }
            _ => return Err(Error::syntax()),
        }
    }
    match Stream::open(cx, &args[0])? {
        None => Ok(Resp::Array(Vec::new())),
        Some(_) if count == 0 => Ok(Resp::Nil),
        Some(stream) => entries_resp(&stream.range(cx, range, direction, count)?),
    }
}
