//! Sets against sets: SUNION, SINTER, SDIFF, and the forms that store or count.

use super::{Answer, Args, Context, Error, Fields, Kind, Resp, Result, open, show};
use crate::kv::number::bounded_argument;
use std::collections::HashSet;
use std::ops::ControlFlow;

/// How sets are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Union,
    Intersection,
    Difference,
}

/// SUNION key [key …]
pub fn sunion(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    Ok(show(combine(cx, args, Operation::Union, u64::MAX)?))
}

/// SINTER key [key …]
pub fn sinter(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    Ok(show(combine(cx, args, Operation::Intersection, u64::MAX)?))
}

/// SDIFF key [key …]
pub fn sdiff(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    Ok(show(combine(cx, args, Operation::Difference, u64::MAX)?))
}

/// SUNIONSTORE destination key [key …]
pub fn sunionstore(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    store(cx, args, Operation::Union)
}

/// SINTERSTORE destination key [key …]
pub fn sinterstore(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    store(cx, args, Operation::Intersection)
}

/// SDIFFSTORE destination key [key …]
pub fn sdiffstore(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    store(cx, args, Operation::Difference)
}

/// SINTERCARD numkeys key [key …] [LIMIT limit]
pub fn sintercard(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let count = bounded_argument(&args[0], 1, "numkeys should be greater than 0")?;
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    if count > args.len() - 1 {
        return Err(Error::err("Number of keys can't be greater than number of args"));
    }
    let mut limit = 0;
    for pair in args[count + 1..].chunks(2) {
        match pair {
            [name, value] if name.eq_ignore_ascii_case(b"LIMIT") => {
                limit = bounded_argument(value, 0, "LIMIT can't be negative")?;
            }
            _ => return Err(Error::syntax()),
        }
    }
    let most = if limit == 0 { u64::MAX } else { limit.unsigned_abs() };
    Ok(Resp::Integer(combine(cx, &args[1..=count], Operation::Intersection, most)?.len() as i64))
}

fn store(cx: &mut Context<'_>, args: Args<'_>, operation: Operation) -> Answer {
    let members = combine(cx, &args[1..], operation, u64::MAX)?;
    let mut set = Fields::new(Kind::Set, cx.head(&args[0])?);
    for member in &members {
        set.set(cx, member, b"")?;
    }
    set.save_new(cx, &args[0])?;
    Ok(Resp::Integer(members.len() as i64))
}

/// The members of the combined sets, at most `most`. A missing key is an empty set.
fn combine(cx: &Context<'_>, keys: Args<'_>, operation: Operation, most: u64) -> Result<Vec<Vec<u8>>> {
    let mut sets = Vec::with_capacity(keys.len());
    for key in keys {
        sets.push(open(cx, key)?);
    }
    match operation {
        Operation::Union => union(cx, &sets),
        Operation::Intersection => {
            let Some(mut sets) = sets.into_iter().collect::<Option<Vec<_>>>() else { return Ok(Vec::new()) };
            // The smallest is walked, the others are asked.
            sets.sort_by_key(Fields::len);
            filter(cx, &sets, true, most)
        }
        Operation::Difference => {
            let mut sets = sets.into_iter();
            let Some(Some(first)) = sets.next() else { return Ok(Vec::new()) };
            let sets: Vec<Fields> = std::iter::once(first).chain(sets.flatten()).collect();
            filter(cx, &sets, false, most)
        }
    }
}

fn union(cx: &Context<'_>, sets: &[Option<Fields>]) -> Result<Vec<Vec<u8>>> {
    let (mut seen, mut members) = (HashSet::new(), Vec::new());
    for set in sets.iter().flatten() {
        set.each(cx, &mut |member, _| {
            if !seen.contains(member) {
                seen.insert(member.to_vec());
                members.push(member.to_vec());
            }
            ControlFlow::Continue(())
        })?;
    }
    Ok(members)
}

/// Members of the first set that are in all others, or in none of them.
fn filter(cx: &Context<'_>, sets: &[Fields], wanted: bool, most: u64) -> Result<Vec<Vec<u8>>> {
    let Some((first, others)) = sets.split_first() else { return Ok(Vec::new()) };
    let (mut members, mut failed) = (Vec::new(), None);
    first.each(cx, &mut |member, _| {
        for other in others {
            match other.contains(cx, member) {
                Ok(there) if there == wanted => {}
                Ok(_) => return ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    return ControlFlow::Break(());
                }
            }
        }
        members.push(member.to_vec());
        if members.len() as u64 >= most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    failed.map_or(Ok(members), Err)
}
