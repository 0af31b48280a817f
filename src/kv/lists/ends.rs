//! Both ends of a list: pushing, popping, and what lies between.

use super::{Answer, Args, Context, End, Error, List, Resp, Result, range};
use crate::kv::number::{integer_argument, positive_argument};
use crate::storage::Direction;
use std::ops::ControlFlow;

/// LPUSH key element [element …]
pub fn lpush(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    push(cx, args, End::Head, false)
}

/// RPUSH key element [element …]
pub fn rpush(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    push(cx, args, End::Tail, false)
}

/// LPUSHX key element [element …]
pub fn lpushx(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    push(cx, args, End::Head, true)
}

/// RPUSHX key element [element …]
pub fn rpushx(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    push(cx, args, End::Tail, true)
}

fn push(cx: &mut Context<'_>, args: Args<'_>, end: End, only_if_there: bool) -> Answer {
    let mut list = match List::open(cx, &args[0])? {
        Some(list) => list,
        None if only_if_there => return Ok(Resp::Integer(0)),
        None => List::new(None),
    };
    for element in &args[1..] {
        list.push(cx, end, element)?;
    }
    let length = list.len();
    list.save(cx, &args[0])?;
    Ok(Resp::Integer(length as i64))
}

/// LPOP key [count]
pub fn lpop(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    pop(cx, args, End::Head, "lpop")
}

/// RPOP key [count]
pub fn rpop(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    pop(cx, args, End::Tail, "rpop")
}

fn pop(cx: &mut Context<'_>, args: Args<'_>, end: End, command: &str) -> Answer {
    let count = match args {
        [_] => None,
        [_, count] => Some(positive_argument(count)?),
        _ => return Err(Error::arity(command)),
    };
    let Some(list) = List::open(cx, &args[0])? else { return Ok(Resp::Nil) };
    let mut taken = take(cx, &args[0], list, end, count.unwrap_or(1).unsigned_abs())?;
    Ok(if count.is_some() { Resp::Array(taken) } else { taken.pop().unwrap_or(Resp::Nil) })
}

/// Takes up to `count` elements from an end and saves what remains.
pub fn take(cx: &mut Context<'_>, key: &[u8], mut list: List, end: End, count: u64) -> Result<Vec<Resp>> {
    let mut taken = Vec::new();
    for _ in 0..count.min(list.len()) {
        match list.pop(cx, end)? {
            Some(element) => taken.push(Resp::Bulk(element)),
            None => break,
        }
    }
    list.save(cx, key)?;
    Ok(taken)
}

/// LLEN key
pub fn llen(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    Ok(Resp::Integer(List::open(cx, &args[0])?.map_or(0, |list| list.len() as i64)))
}

/// LRANGE key start stop
pub fn lrange(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let (start, stop) = (integer_argument(&args[1])?, integer_argument(&args[2])?);
    let mut found = Vec::new();
    if let Some(list) = List::open(cx, &args[0])?
        && let Some((start, end)) = range(start, stop, list.len())
    {
        list.each(cx, start, end, Direction::Forward, &mut |_, element| {
            found.push(Resp::bulk(element));
            ControlFlow::Continue(())
        })?;
    }
    Ok(Resp::Array(found))
}

/// LTRIM key start stop
pub fn ltrim(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let (start, stop) = (integer_argument(&args[1])?, integer_argument(&args[2])?);
    if let Some(mut list) = List::open(cx, &args[0])? {
        match range(start, stop, list.len()) {
            Some((start, end)) => {
                list.keep(cx, start, end)?;
                if !list.changed {
                    cx.touch(&args[0]);
                    cx.note_inner_change(&args[0]);
                }
                list.save(cx, &args[0])?;
            }
            None => {
                cx.remove_key(&args[0])?;
            }
        }
    }
    Ok(Resp::ok())
}
