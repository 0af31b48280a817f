//! From list to list, and from the first of several lists: LMOVE, RPOPLPUSH, LMPOP.

use super::ends::take;
use super::{Answer, Args, Context, End, Error, List, Resp, Result, end_argument};
use crate::kv::number::bounded_argument;

/// LMOVE source destination LEFT|RIGHT LEFT|RIGHT
pub fn lmove(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let (from, to) = (end_argument(&args[2])?, end_argument(&args[3])?);
    Ok(transfer(cx, &args[0], &args[1], from, to)?.map_or(Resp::Nil, Resp::Bulk))
}

/// RPOPLPUSH source destination
pub fn rpoplpush(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    Ok(transfer(cx, &args[0], &args[1], End::Tail, End::Head)?.map_or(Resp::Nil, Resp::Bulk))
}

/// Moves one element; `None` if the source is missing.
pub fn transfer(cx: &mut Context<'_>, source: &[u8], target: &[u8], from: End, to: End) -> Result<Option<Vec<u8>>> {
    let Some(mut list) = List::open(cx, source)? else { return Ok(None) };
    List::open(cx, target)?;
    let Some(element) = list.pop(cx, from)? else { return Ok(None) };
    if source == target {
        list.push(cx, to, &element)?;
        list.save(cx, source)?;
        return Ok(Some(element));
    }
    list.save(cx, source)?;
    let mut list = List::open(cx, target)?.unwrap_or_else(|| List::new(None));
    list.push(cx, to, &element)?;
    list.save(cx, target)?;
    Ok(Some(element))
}

/// LMPOP numkeys key [key …] LEFT|RIGHT [COUNT count]
pub fn lmpop(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    Ok(pop_first(cx, args)?.unwrap_or(Resp::Nil))
}

/// Pops from the first list that is there; `None` if none is.
pub fn pop_first(cx: &mut Context<'_>, args: Args<'_>) -> Result<Option<Resp>> {
    let numkeys = bounded_argument(&args[0], 1, "numkeys should be greater than 0")?;
    let numkeys = usize::try_from(numkeys).unwrap_or(usize::MAX);
    let keys = args.get(1..).and_then(|rest| rest.split_at_checked(numkeys));
    let Some((keys, [end, options @ ..])) = keys else { return Err(Error::syntax()) };
    let end = end_argument(end)?;
    let count = match options {
        [] => 1,
        [name, count] if name.eq_ignore_ascii_case(b"COUNT") => {
            bounded_argument(count, 1, "count should be greater than 0")?
        }
        [name, count, ..] if name.eq_ignore_ascii_case(b"COUNT") => {
            bounded_argument(count, 1, "count should be greater than 0")?;
            return Err(Error::syntax());
        }
        _ => return Err(Error::syntax()),
    };
    for key in keys {
        if let Some(list) = List::open(cx, key)? {
            let taken = take(cx, key, list, end, count.unsigned_abs())?;
            return Ok(Some(Resp::Array(vec![Resp::bulk(key.as_slice()), Resp::Array(taken)])));
        }
    }
    Ok(None)
}
