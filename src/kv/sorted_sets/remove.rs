//! Removing members: ZREM and ZREMRANGEBY*.

use super::bounds::{LexRange, ScoreRange};
use super::range::walk;
use super::range_options::Selection;
use super::{Answer, Args, Context, Resp, SortedSet};
use crate::kv::number::integer_argument;
use crate::storage::Direction;
use std::ops::ControlFlow;

/// ZREM key member [member …]
pub fn zrem(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let Some(mut set) = SortedSet::open(cx, &args[0])? else { return Ok(Resp::Integer(0)) };
    let mut removed = 0;
    for member in &args[1..] {
        removed += i64::from(set.remove(cx, member)?.is_some());
    }
    set.save(cx, &args[0])?;
    Ok(Resp::Integer(removed))
}

/// ZREMRANGEBYRANK key start stop
pub fn zremrangebyrank(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let selection = Selection::Ranks(integer_argument(&args[1])?, integer_argument(&args[2])?);
    remove(cx, &args[0], &selection)
}

/// ZREMRANGEBYSCORE key min max
pub fn zremrangebyscore(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let selection = Selection::Scores(ScoreRange::parse(&args[1], &args[2])?);
    remove(cx, &args[0], &selection)
}

/// ZREMRANGEBYLEX key min max
pub fn zremrangebylex(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let selection = Selection::Texts(LexRange::parse(&args[1], &args[2])?);
    remove(cx, &args[0], &selection)
}

fn remove(cx: &mut Context<'_>, key: &[u8], selection: &Selection) -> Answer {
    let Some(mut set) = SortedSet::open(cx, key)? else { return Ok(Resp::Integer(0)) };
    let mut members = Vec::new();
    walk(cx, key, &mut set, selection, Direction::Forward, &mut |member, _| {
        members.push(member.to_vec());
        ControlFlow::Continue(())
    })?;
    if members.len() as u64 == set.len() {
        // Nothing is left: the key goes as a whole.
        cx.remove_key(key)?;
        return Ok(Resp::Integer(members.len() as i64));
    }
    for member in &members {
        set.remove(cx, member)?;
    }
    set.save(cx, key)?;
    Ok(Resp::Integer(members.len() as i64))
}
