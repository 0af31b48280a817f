//! The middle of a list: LINDEX, LSET, LINSERT, LREM, LPOS.

use super::{Answer, Args, Context, Error, List, Resp, place};
use crate::kv::number::{bounded_argument, draw_argument, integer_argument};
use crate::storage::Direction;
use std::ops::ControlFlow;

/// LINDEX key index
pub fn lindex(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let Some(list) = List::open(cx, &args[0])? else { return Ok(Resp::Nil) };
    let index = integer_argument(&args[1])?;
    match place(index, list.len()) {
        Some(place) => Ok(list.get(cx, place)?.map_or(Resp::Nil, Resp::Bulk)),
        None => Ok(Resp::Nil),
    }
}

/// LSET key index element
pub fn lset(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let mut list = List::open(cx, &args[0])?.ok_or_else(Error::no_such_key)?;
    let index = integer_argument(&args[1])?;
    let place = place(index, list.len()).ok_or_else(Error::index_out_of_range)?;
    list.set(cx, place, &args[2])?;
    list.save(cx, &args[0])?;
    Ok(Resp::ok())
}

/// LINSERT key BEFORE|AFTER pivot element
pub fn linsert(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let after = match args[1].to_ascii_uppercase().as_slice() {
        b"BEFORE" => 0,
        b"AFTER" => 1,
        _ => return Err(Error::syntax()),
    };
    let Some(mut list) = List::open(cx, &args[0])? else { return Ok(Resp::Integer(0)) };
    let mut pivot = None;
    list.each(cx, 0, list.len(), Direction::Forward, &mut |place, element| {
        if element == args[2] {
            pivot = Some(place);
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    })?;
    let Some(pivot) = pivot else { return Ok(Resp::Integer(-1)) };
    list.insert(cx, pivot + after, &args[3])?;
    let length = list.len();
    list.save(cx, &args[0])?;
    Ok(Resp::Integer(length as i64))
}

/// LREM key count element: the first `count`, for a negative count the last, for 0 all.
pub fn lrem(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let count = integer_argument(&args[1])?;
    let Some(mut list) = List::open(cx, &args[0])? else { return Ok(Resp::Integer(0)) };
    let direction = if count < 0 { Direction::Backward } else { Direction::Forward };
    let most = if count == 0 { u64::MAX } else { count.unsigned_abs() };
    let mut places = Vec::new();
    list.each(cx, 0, list.len(), direction, &mut |place, element| {
        if element == args[2] {
            places.push(place);
        }
        if places.len() as u64 == most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    places.sort_unstable();
    list.remove(cx, &places)?;
    list.save(cx, &args[0])?;
    Ok(Resp::Integer(places.len() as i64))
}

/// LPOS key element [RANK rank] [COUNT matches] [MAXLEN comparisons]
pub fn lpos(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let (mut rank, mut count, mut most_compared) = (1i64, None, 0u64);
    for pair in args[2..].chunks(2) {
        let [name, value] = pair else { return Err(Error::syntax()) };
        match name.to_ascii_uppercase().as_slice() {
            b"RANK" => {
                rank = draw_argument(value)?;
                if rank == 0 {
                    return Err(Error::err(
                        "RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use \
                         negative to start from the end of the list",
                    ));
                }
            }
            b"COUNT" => count = Some(bounded_argument(value, 0, "COUNT can't be negative")?.unsigned_abs()),
            b"MAXLEN" => most_compared = bounded_argument(value, 0, "MAXLEN can't be negative")?.unsigned_abs(),
            _ => return Err(Error::syntax()),
        }
    }
    let mut found = Vec::new();
    if let Some(list) = List::open(cx, &args[0])? {
        let direction = if rank < 0 { Direction::Backward } else { Direction::Forward };
        let most = match count {
            None => 1,
            Some(0) => u64::MAX,
            Some(count) => count,
        };
        let (mut compared, mut matched) = (0u64, 0u64);
        list.each(cx, 0, list.len(), direction, &mut |place, element| {
            if element == args[1] {
                matched += 1;
                if matched >= rank.unsigned_abs() {
                    found.push(Resp::Integer(place as i64));
                }
            }
            compared += 1;
            let enough = found.len() as u64 >= most || compared == most_compared;
            if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
    }
    Ok(if count.is_some() { Resp::Array(found) } else { found.pop().unwrap_or(Resp::Nil) })
}
