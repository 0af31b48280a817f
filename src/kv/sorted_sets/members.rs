//! Single members: ZSCORE, ZRANK, ZRANDMEMBER, ZSCAN and their kin.

use super::store::Start;
use super::{Answer, Args, Context, Error, Resp, SortedSet, list, score};
use crate::kv::hashes::with_values;
use crate::kv::layout::number_at;
use crate::kv::number::draw_argument;
use crate::kv::scan;
use crate::storage::Direction;
use std::ops::ControlFlow;

/// ZCARD key
pub fn zcard(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    Ok(Resp::Integer(SortedSet::open(cx, &args[0])?.map_or(0, |set| set.len() as i64)))
}

/// ZSCORE key member
pub fn zscore(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    match SortedSet::open(cx, &args[0])? {
        Some(set) => Ok(set.score(cx, &args[1])?.map_or(Resp::Nil, score)),
        None => Ok(Resp::Nil),
    }
}

/// ZMSCORE key member [member …]
pub fn zmscore(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let set = SortedSet::open(cx, &args[0])?;
    let mut scores = Vec::with_capacity(args.len() - 1);
    for member in &args[1..] {
        scores.push(match &set {
            Some(set) => set.score(cx, member)?.map_or(Resp::Nil, score),
            None => Resp::Nil,
        });
    }
    Ok(Resp::Array(scores))
}

/// ZRANK key member [WITHSCORE]
pub fn zrank(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    rank(cx, args, Direction::Forward, "zrank")
}

/// ZREVRANK key member [WITHSCORE]
pub fn zrevrank(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    rank(cx, args, Direction::Backward, "zrevrank")
}

fn rank(cx: &mut Context<'_>, args: Args<'_>, direction: Direction, command: &str) -> Answer {
    let with_score = match args {
        [_, _] => false,
        [_, _, word] if word.eq_ignore_ascii_case(b"WITHSCORE") => true,
        [_, _, _] => return Err(Error::syntax()),
        _ => return Err(Error::arity(command)),
    };
    let Some(mut set) = SortedSet::open(cx, &args[0])? else { return Ok(Resp::Nil) };
    let Some(value) = set.score(cx, &args[1])? else { return Ok(Resp::Nil) };
    let before = match set.rank(cx, &args[0], Start::Member(value, &args[1]))? {
        Some(rank) if direction == Direction::Forward => rank,
        Some(rank) => set.len().saturating_sub(rank + 1),
        None => {
            let mut before = 0;
            set.each_from(cx, Start::End, direction, &mut |member, _| {
                if member == args[1] {
                    return ControlFlow::Break(());
                }
                before += 1;
                ControlFlow::Continue(())
            })?;
            before
        }
    };
    let place = Resp::Integer(before as i64);
    Ok(if with_score { Resp::Array(vec![place, score(value)]) } else { place })
}

/// ZRANDMEMBER key [count [WITHSCORES]]
pub fn zrandmember(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let (count, with_scores) = match args {
        [_] => (None, false),
        [_, count, rest @ ..] => (Some(draw_argument(count)?), with_values(count, rest, b"WITHSCORES")?),
        [] => return Err(Error::arity("zrandmember")),
    };
    let Some(mut set) = SortedSet::open(cx, &args[0])? else {
        return Ok(if count.is_some() { Resp::Array(Vec::new()) } else { Resp::Nil });
    };
    let picked = set.pick(cx, &args[0], count.unwrap_or(1))?;
    if count.is_none() {
        return Ok(picked.into_iter().next().map_or(Resp::Nil, |(member, _)| Resp::Bulk(member)));
    }
    Ok(list(picked, with_scores))
}

/// ZSCAN key cursor [MATCH pattern] [COUNT count]: a small set answers whole, with the cursor 0.
pub fn zscan(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let cursor = scan::cursor_argument(&args[1])?;
    let Some(set) = SortedSet::open(cx, &args[0])? else { return Ok(scan::answer(0, Vec::new())) };
    let options = scan::options(&args[2..], false)?;
    let mut found = Vec::new();
    let mut take = |member: &[u8], value: f64| {
        if options.passes(member) {
            found.push(Resp::bulk(member));
            found.push(score(value));
        }
    };
    let next = match set.member_prefix() {
        Some(prefix) => {
            let space = cx.spaces().elements;
            scan::page(cx, space, &prefix, cursor, options.count, &mut |member, value| {
                take(member, f64::from_bits(number_at(value, 0)?));
                Ok(())
            })?
        }
        None => {
            set.each_from(cx, Start::End, Direction::Forward, &mut |member, value| {
                take(member, value);
                ControlFlow::Continue(())
            })?;
            0
        }
    };
    Ok(scan::answer(next, found))
}
