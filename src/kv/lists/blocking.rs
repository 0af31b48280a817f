//! Pops and moves that wait for an element.

use super::ends::take;
use super::transfer::{pop_first, transfer};
use super::{Answer, Args, Context, End, Error, List, Resp, end_argument};
use crate::kv::blocking::timeout_argument;
use crate::kv::number::keys_behind_count;
use std::time::Duration;

/// BLPOP key [key …] timeout
pub fn blpop(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    pop(cx, args, End::Head)
}

/// BRPOP key [key …] timeout
pub fn brpop(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    pop(cx, args, End::Tail)
}

fn pop(cx: &mut Context<'_>, args: Args<'_>, end: End) -> Answer {
    let Some((timeout, keys)) = args.split_last() else { return Err(Error::syntax()) };
    let timeout = timeout_argument(timeout)?;
    for key in keys {
        if let Some(list) = List::open(cx, key)? {
            let mut answer = vec![Resp::bulk(key.as_slice())];
            answer.extend(take(cx, key, list, end, 1)?);
            return Ok(Resp::Array(answer));
        }
    }
    cx.nothing_came(timeout, keys)
}

/// BLMOVE source destination LEFT|RIGHT LEFT|RIGHT timeout
pub fn blmove(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let (from, to) = (end_argument(&args[2])?, end_argument(&args[3])?);
    let timeout = timeout_argument(&args[4])?;
    move_or_wait(cx, args, from, to, timeout)
}

/// BRPOPLPUSH source destination timeout
pub fn brpoplpush(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let timeout = timeout_argument(&args[2])?;
    move_or_wait(cx, args, End::Tail, End::Head, timeout)
}

fn move_or_wait(cx: &mut Context<'_>, args: Args<'_>, from: End, to: End, timeout: Option<Duration>) -> Answer {
    match transfer(cx, &args[0], &args[1], from, to)? {
        Some(element) => Ok(Resp::Bulk(element)),
        None => cx.nothing_came(timeout, &args[..1]),
    }
}

/// BLMPOP timeout numkeys key [key …] LEFT|RIGHT [COUNT count]
pub fn blmpop(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let timeout = timeout_argument(&args[0])?;
    match pop_first(cx, &args[1..])? {
        Some(answer) => Ok(answer),
        None => cx.nothing_came(timeout, keys_behind_count(&args[1..])),
    }
}
