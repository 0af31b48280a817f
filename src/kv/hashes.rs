//! Hashes: HSET, HGET and their kin (redis.io/docs/latest/commands/?group=hash).

use super::decimal::Decimal;
use super::fields::Fields;
use super::layout::Kind;
use super::number::{draw_argument, integer, integer_argument};
use super::{Answer, Args, Context, Error, Result, scan};
use crate::reply::Resp;

fn open(cx: &Context<'_>, key: &[u8]) -> Result<Option<Fields>> {
    Fields::open(cx, key, Kind::Hash)
}

fn value_or_nil(value: Option<Vec<u8>>) -> Resp {
    value.map_or(Resp::Nil, Resp::Bulk)
}

/// HSET key field value [field value …]: how many fields are new.
pub fn hset(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    Ok(Resp::Integer(set_pairs(cx, args, "hset")?))
}

/// HMSET key field value [field value …]
pub fn hmset(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    set_pairs(cx, args, "hmset")?;
    Ok(Resp::ok())
}

fn set_pairs(cx: &mut Context<'_>, args: Args<'_>, command: &str) -> Result<i64> {
    if args.len().is_multiple_of(2) {
        return Err(Error::arity(command));
    }
    let mut hash = Fields::open_or_new(cx, &args[0], Kind::Hash)?;
    let mut added = 0;
    for pair in args[1..].chunks_exact(2) {
        added += i64::from(hash.set(cx, &pair[0], &pair[1])?);
    }
    hash.save(cx, &args[0])?;
    Ok(added)
}

/// HSETNX key field value
pub fn hsetnx(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let mut hash = Fields::open_or_new(cx, &args[0], Kind::Hash)?;
    if hash.contains(cx, &args[1])? {
        return Ok(Resp::Integer(0));
    }
    hash.set(cx, &args[1], &args[2])?;
    hash.save(cx, &args[0])?;
    Ok(Resp::Integer(1))
}

/// HGET key field
pub fn hget(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    match open(cx, &args[0])? {
        Some(hash) => Ok(value_or_nil(hash.get(cx, &args[1])?)),
        None => Ok(Resp::Nil),
    }
}

/// HMGET key field [field …]
pub fn hmget(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let hash = open(cx, &args[0])?;
    let mut values = Vec::with_capacity(args.len() - 1);
    for field in &args[1..] {
        values.push(match &hash {
            Some(hash) => value_or_nil(hash.get(cx, field)?),
            None => Resp::Nil,
        });
    }
    Ok(Resp::Array(values))
}

/// HGETALL key
pub fn hgetall(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    list(cx, args, true, true)
}

/// HKEYS key
pub fn hkeys(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    list(cx, args, true, false)
}

/// HVALS key
pub fn hvals(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    list(cx, args, false, true)
}

fn list(cx: &Context<'_>, args: Args<'_>, names: bool, values: bool) -> Answer {
    let mut items = Vec::new();
    if let Some(hash) = open(cx, &args[0])? {
        for (name, value) in hash.all(cx)? {
            if names {
                items.push(Resp::Bulk(name));
            }
            if values {
                items.push(Resp::Bulk(value));
            }
        }
    }
    Ok(Resp::Array(items))
}

/// HLEN key
pub fn hlen(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    Ok(Resp::Integer(open(cx, &args[0])?.map_or(0, |hash| hash.len() as i64)))
}

/// HEXISTS key field
pub fn hexists(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    match open(cx, &args[0])? {
        Some(hash) => Ok(Resp::Integer(i64::from(hash.contains(cx, &args[1])?))),
        None => Ok(Resp::Integer(0)),
    }
}

/// HSTRLEN key field
pub fn hstrlen(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    match open(cx, &args[0])? {
        Some(hash) => Ok(Resp::Integer(hash.length_of(cx, &args[1])?.unwrap_or(0) as i64)),
        None => Ok(Resp::Integer(0)),
    }
}

/// HDEL key field [field …]
pub fn hdel(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let Some(mut hash) = open(cx, &args[0])? else { return Ok(Resp::Integer(0)) };
    let mut removed = 0;
    for field in &args[1..] {
        removed += i64::from(hash.remove(cx, field)?);
    }
    hash.save(cx, &args[0])?;
    Ok(Resp::Integer(removed))
}

/// HINCRBY key field increment
pub fn hincrby(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let increment = integer_argument(&args[2])?;
    let mut hash = Fields::open_or_new(cx, &args[0], Kind::Hash)?;
    let before = match hash.get(cx, &args[1])? {
        Some(value) => integer(&value).ok_or_else(|| Error::err("hash value is not an integer"))?,
        None => 0,
    };
    let after = before.checked_add(increment).ok_or_else(|| Error::err("increment or decrement would overflow"))?;
    hash.set_keeping_end(cx, &args[1], after.to_string().as_bytes())?;
    hash.save(cx, &args[0])?;
    Ok(Resp::Integer(after))
}

/// HINCRBYFLOAT key field increment
pub fn hincrbyfloat(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let increment = Decimal::parse(&args[2]).ok_or_else(Error::not_a_float)?;
    if increment.is_infinite() {
        return Err(Error::err("value is NaN or Infinity"));
    }
    let mut hash = Fields::open_or_new(cx, &args[0], Kind::Hash)?;
    let before = match hash.get(cx, &args[1])? {
        Some(value) => Decimal::parse(&value).ok_or_else(|| Error::err("hash value is not a float"))?,
        None => Decimal::ZERO,
    };
    let after =
        before.add(&increment).ok_or_else(|| Error::err("increment would produce NaN or Infinity"))?.to_string();
    hash.set_keeping_end(cx, &args[1], after.as_bytes())?;
    hash.save(cx, &args[0])?;
    Ok(Resp::Bulk(after.into_bytes()))
}

/// HRANDFIELD key [count [WITHVALUES]]
pub fn hrandfield(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let (count, with_values) = match args {
        [_] => (None, false),
        [_, count, rest @ ..] => (Some(draw_argument(count)?), with_values(count, rest, b"WITHVALUES")?),
        [] => return Err(Error::arity("hrandfield")),
    };
    let Some(mut hash) = open(cx, &args[0])? else {
        return Ok(if count.is_some() { Resp::Array(Vec::new()) } else { Resp::Nil });
    };
    let picked = hash.pick(cx, &args[0], count.unwrap_or(1))?;
    if count.is_none() {
        return Ok(value_or_nil(picked.into_iter().next().map(|(name, _)| name)));
    }
    let mut items = Vec::new();
    for (name, value) in picked {
        items.push(Resp::Bulk(name));
        if with_values {
            items.push(Resp::Bulk(value));
        }
    }
    Ok(Resp::Array(items))
}

/// Whether the word behind a count asks for values too; the count may then only be half as large.
pub fn with_values(count: &[u8], rest: Args<'_>, word: &[u8]) -> Result<bool> {
    match rest {
        [] => Ok(false),
        [given] if given.eq_ignore_ascii_case(word) => match integer(count) {
            Some(count) if count.unsigned_abs() > i64::MAX as u64 / 2 => Err(Error::err("value is out of range")),
            _ => Ok(true),
        },
        _ => Err(Error::syntax()),
    }
}

/// HSCAN key cursor [MATCH pattern] [COUNT count]
pub fn hscan(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    scan::scan_fields(cx, args, Kind::Hash)
}
