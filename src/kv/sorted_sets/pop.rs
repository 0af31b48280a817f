//! Taking members from the ends: ZPOPMIN, ZPOPMAX, ZMPOP, and the forms that wait.

use super::store::Start;
use super::{Answer, Args, Context, Error, Resp, Result, Scored, SortedSet, list, score};
use crate::kv::blocking::timeout_argument;
use crate::kv::number::{bounded_argument, keys_behind_count, positive_argument};
use crate::storage::Direction;
use std::ops::ControlFlow;

/// ZPOPMIN key [count]
pub fn zpopmin(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    pop(cx, args, Direction::Forward)
}

/// ZPOPMAX key [count]
pub fn zpopmax(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    pop(cx, args, Direction::Backward)
}

fn pop(cx: &mut Context<'_>, args: Args<'_>, end: Direction) -> Answer {
    let count = match args {
        [_] => 1,
        [_, count] => positive_argument(count)?,
        _ => return Err(Error::syntax()),
    };
    match SortedSet::open(cx, &args[0])? {
        Some(set) => Ok(list(take(cx, &args[0], set, end, count.unsigned_abs())?, true)),
        None => Ok(Resp::Array(Vec::new())),
    }
}

/// Takes up to `count` members from an end and saves what remains.
fn take(cx: &mut Context<'_>, key: &[u8], mut set: SortedSet, end: Direction, count: u64) -> Result<Vec<Scored>> {
    let mut taken = Vec::new();
    if count > 0 {
        set.each_from(cx, Start::End, end, &mut |member, score| {
            taken.push((member.to_vec(), score));
            if taken.len() as u64 == count { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
    }
    if taken.len() as u64 == set.len() {
        cx.remove_key(key)?;
        return Ok(taken);
    }
    for (member, _) in &taken {
        set.remove(cx, member)?;
    }
    set.save(cx, key)?;
    Ok(taken)
}

/// ZMPOP numkeys key [key …] MIN|MAX [COUNT count]
pub fn zmpop(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    Ok(pop_first(cx, args)?.unwrap_or(Resp::Nil))
}

/// BZMPOP timeout numkeys key [key …] MIN|MAX [COUNT count]
pub fn bzmpop(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let timeout = timeout_argument(&args[0])?;
    match pop_first(cx, &args[1..])? {
        Some(answer) => Ok(answer),
        None => cx.nothing_came(timeout, keys_behind_count(&args[1..])),
    }
}

fn pop_first(cx: &mut Context<'_>, args: Args<'_>) -> Result<Option<Resp>> {
    let numkeys = bounded_argument(&args[0], 1, "numkeys should be greater than 0")?;
    let numkeys = usize::try_from(numkeys).unwrap_or(usize::MAX);
    let keys = args.get(1..).and_then(|rest| rest.split_at_checked(numkeys));
    let Some((keys, [end, options @ ..])) = keys else { return Err(Error::syntax()) };
    let end = match end.to_ascii_uppercase().as_slice() {
        b"MIN" => Direction::Forward,
        b"MAX" => Direction::Backward,
        _ => return Err(Error::syntax()),
    };
    let mut count = None;
    let mut words = options.iter();
    while let Some(word) = words.next() {
        match words.next() {
            Some(value) if count.is_none() && word.eq_ignore_ascii_case(b"COUNT") => {
                count = Some(bounded_argument(value, 1, "count should be greater than 0")?);
            }
            _ => return Err(Error::syntax()),
        }
    }
    for key in keys {
        if let Some(set) = SortedSet::open(cx, key)? {
            let taken = take(cx, key, set, end, count.unwrap_or(1).unsigned_abs())?;
            let pairs = taken.into_iter().map(|(member, value)| Resp::Array(vec![Resp::Bulk(member), score(value)]));
            return Ok(Some(Resp::Array(vec![Resp::bulk(key.as_slice()), Resp::Array(pairs.collect())])));
        }
    }
    Ok(None)
}

/// BZPOPMIN key [key …] timeout
pub fn bzpopmin(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    pop_or_wait(cx, args, Direction::Forward)
}

/// BZPOPMAX key [key …] timeout
pub fn bzpopmax(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    pop_or_wait(cx, args, Direction::Backward)
}

fn pop_or_wait(cx: &mut Context<'_>, args: Args<'_>, end: Direction) -> Answer {
    let Some((timeout, keys)) = args.split_last() else { return Err(Error::syntax()) };
    let timeout = timeout_argument(timeout)?;
    for key in keys {
        if let Some(set) = SortedSet::open(cx, key)? {
            let mut answer = vec![Resp::bulk(key.as_slice())];
            for (member, value) in take(cx, key, set, end, 1)? {
                answer.extend([Resp::Bulk(member), score(value)]);
            }
            return Ok(Resp::Array(answer));
        }
    }
    cx.nothing_came(timeout, keys)
}
