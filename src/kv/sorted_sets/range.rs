//! Ranges: ZRANGE in all its forms, ZCOUNT, ZLEXCOUNT.

use super::bounds::{LexRange, ScoreRange};
use super::range_options::{By, Preset, RangeOptions, Selection};
use super::store::Start;
use super::{Answer, Args, Context, Error, Resp, Result, Scored, SortedSet, list};
use crate::kv::ranks::LEAST_ROWS;
use crate::storage::Direction;
use std::ops::ControlFlow;

/// ZRANGE key start stop [BYSCORE|BYLEX] [REV] [LIMIT offset count] [WITHSCORES]
pub fn zrange(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    answer(cx, args, Preset::default())
}

/// ZREVRANGE key start stop [WITHSCORES]
pub fn zrevrange(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    answer(cx, args, preset(By::Rank, Direction::Backward))
}

/// ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count]
pub fn zrangebyscore(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    answer(cx, args, preset(By::Score, Direction::Forward))
}

/// ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count]
pub fn zrevrangebyscore(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    answer(cx, args, preset(By::Score, Direction::Backward))
}

/// ZRANGEBYLEX key min max [LIMIT offset count]
pub fn zrangebylex(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    answer(cx, args, preset(By::Lex, Direction::Forward))
}

/// ZREVRANGEBYLEX key max min [LIMIT offset count]
pub fn zrevrangebylex(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    answer(cx, args, preset(By::Lex, Direction::Backward))
}

const fn preset(by: By, direction: Direction) -> Preset {
    Preset { by: Some(by), direction: Some(direction), store: false }
}

fn answer(cx: &mut Context<'_>, args: Args<'_>, preset: Preset) -> Answer {
    let options = RangeOptions::parse(&args[1..], preset)?;
    let members = match SortedSet::open(cx, &args[0])? {
        Some(mut set) => select(cx, &args[0], &mut set, &options)?,
        None => Vec::new(),
    };
    Ok(list(members, options.with_scores))
}

/// ZRANGESTORE destination source start stop [BYSCORE|BYLEX] [REV] [LIMIT offset count]
pub fn zrangestore(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let options = RangeOptions::parse(&args[2..], Preset { store: true, ..Preset::default() })?;
    let members = match SortedSet::open(cx, &args[1])? {
        Some(mut set) => select(cx, &args[1], &mut set, &options)?,
        None => Vec::new(),
    };
    store(cx, &args[0], &members)
}

/// Stores members as a new sorted set in place of whatever the key held.
pub fn store(cx: &mut Context<'_>, key: &[u8], members: &[Scored]) -> Answer {
    let mut set = SortedSet::new(cx.head(key)?);
    for (member, score) in members {
        set.set(cx, member, None, *score)?;
    }
    set.save_new(cx, key)?;
    Ok(Resp::Integer(members.len() as i64))
}

/// ZCOUNT key min max
pub fn zcount(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let range = ScoreRange::parse(&args[1], &args[2])?;
    count(cx, args, Selection::Scores(range))
}

/// ZLEXCOUNT key min max
pub fn zlexcount(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let range = LexRange::parse(&args[1], &args[2])?;
    count(cx, args, Selection::Texts(range))
}

/// Walks over a few members; more are counted by their ranks.
fn count(cx: &mut Context<'_>, args: Args<'_>, selection: Selection) -> Answer {
    let Some(mut set) = SortedSet::open(cx, &args[0])? else { return Ok(Resp::Integer(0)) };
    let most = if matches!(selection, Selection::Scores(_)) { 2 * LEAST_ROWS } else { u64::MAX };
    let mut counted = 0;
    walk(cx, &args[0], &mut set, &selection, Direction::Forward, &mut |_, _| {
        counted += 1;
        if counted == most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    if let Selection::Scores(range) = &selection
        && counted == most
    {
        let start = set.rank(cx, &args[0], Start::Score(range.min, range.min_included))?;
        let end = set.rank(cx, &args[0], Start::Score(range.max, !range.max_included))?;
        counted = match (start, end) {
            (Some(start), Some(end)) => end.saturating_sub(start),
            _ => walk_whole(cx, &args[0], &mut set, &selection)?,
        };
    }
    Ok(Resp::Integer(counted as i64))
}

fn walk_whole(cx: &mut Context<'_>, key: &[u8], set: &mut SortedSet, selection: &Selection) -> Result<u64> {
    let mut counted = 0;
    walk(cx, key, set, selection, Direction::Forward, &mut |_, _| {
        counted += 1;
        ControlFlow::Continue(())
    })?;
    Ok(counted)
}

/// The members of a range, in its direction.
pub fn select(cx: &mut Context<'_>, key: &[u8], set: &mut SortedSet, options: &RangeOptions) -> Result<Vec<Scored>> {
    let mut members = Vec::new();
    let (mut skip, mut left) = match options.selection {
        Selection::Ranks(..) => (0, u64::MAX),
        _ => {
            let (offset, count) = options.limit;
            (u64::try_from(offset).unwrap_or(u64::MAX), u64::try_from(count).unwrap_or(u64::MAX))
        }
    };
    if left == 0 || skip == u64::MAX {
        return Ok(members);
    }
    walk(cx, key, set, &options.selection, options.direction, &mut |member, score| {
        if skip > 0 {
            skip -= 1;
            return ControlFlow::Continue(());
        }
        members.push((member.to_vec(), score));
        left -= 1;
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(members)
}

/// Visits the members of a selection in order.
pub fn walk(
    cx: &mut Context<'_>,
    key: &[u8],
    set: &mut SortedSet,
    selection: &Selection,
    direction: Direction,
    visit: &mut dyn FnMut(&[u8], f64) -> ControlFlow<()>,
) -> Result<()> {
    match selection {
        Selection::Ranks(start, stop) => by_rank(cx, key, set, (*start, *stop), direction, visit),
        Selection::Scores(range) => {
            let start = match direction {
                Direction::Forward => Start::Score(range.min, range.min_included),
                Direction::Backward => Start::Score(range.max, range.max_included),
            };
            set.each_from(cx, start, direction, &mut |member, score| {
                let inside = match direction {
                    Direction::Forward => range.stays_below(score),
                    Direction::Backward => range.reaches(score),
                };
                if inside { visit(member, score) } else { ControlFlow::Break(()) }
            })
        }
        Selection::Texts(range) => by_text(cx, set, range, direction, visit),
    }
}

/// Walks to the first rank from the nearer end; a range far from both ends is found by its rank.
fn by_rank(
    cx: &mut Context<'_>,
    key: &[u8],
    set: &mut SortedSet,
    (start, stop): (i64, i64),
    direction: Direction,
    visit: &mut dyn FnMut(&[u8], f64) -> ControlFlow<()>,
) -> Result<()> {
    let length = i64::try_from(set.len()).map_err(|_| Error::not_an_integer())?;
    let place = |index: i64| if index < 0 { index.saturating_add(length) } else { index };
    let (start, stop) = (place(start).max(0), place(stop).min(length - 1));
    if start > stop {
        return Ok(());
    }
    let wanted = stop - start + 1;
    let (mut skip, mut left) = (start, wanted);
    // Going backward a walk begins before the member that is named.
    let rank = if direction == Direction::Forward { start } else { length - start };
    if start > 0
        && let Some((member, score)) = set.member_at(cx, key, rank.unsigned_abs())?
    {
        return set.each_from(cx, Start::Member(score, &member), direction, &mut |member, score| {
            left -= 1;
            match visit(member, score) {
                ControlFlow::Continue(()) if left > 0 => ControlFlow::Continue(()),
                _ => ControlFlow::Break(()),
            }
        });
    }
    if start > length / 2 && wanted < start {
        // Closer from the other end: collect in the other direction and turn round.
        let (mut skip, mut members) = (length - 1 - stop, Vec::new());
        let other = if direction == Direction::Forward { Direction::Backward } else { Direction::Forward };
        set.each_from(cx, Start::End, other, &mut |member, score| {
            if skip > 0 {
                skip -= 1;
                return ControlFlow::Continue(());
            }
            members.push((member.to_vec(), score));
            if members.len() as i64 == wanted { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        let _ = members.iter().rev().try_for_each(|(member, score)| visit(member, *score));
        return Ok(());
    }
    set.each_from(cx, Start::End, direction, &mut |member, score| {
        if skip > 0 {
            skip -= 1;
            return ControlFlow::Continue(());
        }
        left -= 1;
        match visit(member, score) {
            ControlFlow::Continue(()) if left > 0 => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        }
    })
}

/// Ranges of texts are meant for members of one score; there they are found by their place. Over
/// mixed scores Redis walks from one end to the first member that fits and on while they fit.
fn by_text(
    cx: &Context<'_>,
    set: &SortedSet,
    range: &LexRange,
    direction: Direction,
    visit: &mut dyn FnMut(&[u8], f64) -> ControlFlow<()>,
) -> Result<()> {
    let (first, last) = (set.edge(cx, Direction::Forward)?, set.edge(cx, Direction::Backward)?);
    let (Some((first, lowest)), Some((last, highest))) = (first, last) else { return Ok(()) };
    if range.is_empty() || !range.reaches(&last) || !range.stays_below(&first) {
        return Ok(());
    }
    let end = range.end();
    let start = match direction {
        Direction::Forward if lowest == highest => Start::Member(lowest, range.start()),
        Direction::Backward if lowest == highest => match &end {
            Some(end) => Start::Member(highest, end),
            None => Start::End,
        },
        _ => Start::End,
    };
    let mut begun = false;
    set.each_from(cx, start, direction, &mut |member, score| {
        let (reaches, stays_below) = (range.reaches(member), range.stays_below(member));
        let (here, still) = match direction {
            Direction::Forward => (reaches, stays_below),
            Direction::Backward => (stays_below, reaches),
        };
        if !begun && !here {
            return ControlFlow::Continue(());
        }
        begun = true;
        if still { visit(member, score) } else { ControlFlow::Break(()) }
    })
}
