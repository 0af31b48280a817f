//! Members of one set: SADD, SREM, SISMEMBER, SPOP and their kin.

use super::{Answer, Args, Context, Error, Fields, Kind, Resp, open, show};
use crate::kv::number::{draw_argument, positive_argument};
use crate::kv::scan;

/// SADD key member [member …]
pub fn sadd(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let mut set = Fields::open_or_new(cx, &args[0], Kind::Set)?;
    let mut added = 0;
    for member in &args[1..] {
        added += i64::from(set.set(cx, member, b"")?);
    }
    set.save(cx, &args[0])?;
    Ok(Resp::Integer(added))
}

/// SREM key member [member …]
pub fn srem(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let Some(mut set) = open(cx, &args[0])? else { return Ok(Resp::Integer(0)) };
    let mut removed = 0;
    for member in &args[1..] {
        removed += i64::from(set.remove(cx, member)?);
    }
    set.save(cx, &args[0])?;
    Ok(Resp::Integer(removed))
}

/// SMEMBERS key
pub fn smembers(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let members = match open(cx, &args[0])? {
        Some(set) => set.all(cx)?.into_iter().map(|(member, _)| member).collect(),
        None => Vec::new(),
    };
    Ok(show(members))
}

/// SCARD key
pub fn scard(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    Ok(Resp::Integer(open(cx, &args[0])?.map_or(0, |set| set.len() as i64)))
}

/// SISMEMBER key member
pub fn sismember(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    match open(cx, &args[0])? {
        Some(set) => Ok(Resp::Integer(i64::from(set.contains(cx, &args[1])?))),
        None => Ok(Resp::Integer(0)),
    }
}

/// SMISMEMBER key member [member …]
pub fn smismember(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let set = open(cx, &args[0])?;
    let mut answers = Vec::with_capacity(args.len() - 1);
    for member in &args[1..] {
        let there = match &set {
            Some(set) => set.contains(cx, member)?,
            None => false,
        };
        answers.push(Resp::Integer(i64::from(there)));
    }
    Ok(Resp::Array(answers))
}

/// SMOVE source destination member
pub fn smove(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let (from, to, member) = (&args[0], &args[1], &args[2]);
    if !cx.exists(from)? {
        return Ok(Resp::Integer(0));
    }
    let Some(mut source) = open(cx, from)? else { return Ok(Resp::Integer(0)) };
    open(cx, to)?;
    if from == to {
        return Ok(Resp::Integer(i64::from(source.contains(cx, member)?)));
    }
    if !source.remove(cx, member)? {
        return Ok(Resp::Integer(0));
    }
    source.save(cx, from)?;
    let mut target = Fields::open_or_new(cx, to, Kind::Set)?;
    target.set(cx, member, b"")?;
    target.save(cx, to)?;
    Ok(Resp::Integer(1))
}

/// SPOP key [count]
pub fn spop(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let count = match args {
        [_] => None,
        [_, count] => Some(positive_argument(count)?),
        _ => return Err(Error::syntax()),
    };
    let Some(mut set) = open(cx, &args[0])? else {
        return Ok(if count.is_some() { Resp::Array(Vec::new()) } else { Resp::Nil });
    };
    let picked = set.pick(cx, &args[0], count.unwrap_or(1))?;
    if picked.len() as u64 == set.len() {
        // Nothing is left: the key goes as a whole.
        cx.remove_key(&args[0])?;
    } else {
        for (member, _) in &picked {
            set.remove(cx, member)?;
        }
        set.save(cx, &args[0])?;
    }
    let mut picked = picked.into_iter().map(|(member, _)| Resp::Bulk(member));
    Ok(if count.is_some() { Resp::Array(picked.collect()) } else { picked.next().unwrap_or(Resp::Nil) })
}

/// SRANDMEMBER key [count]
pub fn srandmember(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let count = match args {
        [_] => None,
        [_, count] => Some(draw_argument(count)?),
        _ => return Err(Error::syntax()),
    };
    let Some(mut set) = open(cx, &args[0])? else {
        return Ok(if count.is_some() { Resp::Array(Vec::new()) } else { Resp::Nil });
    };
    let mut picked = set.pick(cx, &args[0], count.unwrap_or(1))?.into_iter().map(|(member, _)| Resp::Bulk(member));
    Ok(if count.is_some() { Resp::Array(picked.collect()) } else { picked.next().unwrap_or(Resp::Nil) })
}

/// SSCAN key cursor [MATCH pattern] [COUNT count]
pub fn sscan(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    scan::scan_fields(cx, args, Kind::Set)
}
