//! ZADD and ZINCRBY.

use super::{Answer, Args, Context, Error, Resp, Result, SortedSet, score};
use crate::kv::number::double_argument;

/// ZADD's options.
#[derive(Debug, Clone, Copy, Default)]
struct Options {
    nx: bool,
    xx: bool,
    gt: bool,
    lt: bool,
    ch: bool,
    incr: bool,
}

/// ZADD key [NX|XX] [GT|LT] [CH] [INCR] score member [score member …]
pub fn zadd(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let mut options = Options::default();
    let mut pairs = &args[1..];
    while let [word, rest @ ..] = pairs {
        match word.to_ascii_uppercase().as_slice() {
            b"NX" => options.nx = true,
            b"XX" => options.xx = true,
            b"GT" => options.gt = true,
            b"LT" => options.lt = true,
            b"CH" => options.ch = true,
            b"INCR" => options.incr = true,
            _ => break,
        }
        pairs = rest;
    }
    if pairs.is_empty() || pairs.len() % 2 == 1 {
        return Err(Error::syntax());
    }
    if options.nx && options.xx {
        return Err(Error::err("XX and NX options at the same time are not compatible"));
    }
    if [options.nx, options.gt, options.lt].into_iter().filter(|&given| given).count() > 1 {
        return Err(Error::err("GT, LT, and/or NX options at the same time are not compatible"));
    }
    if options.incr && pairs.len() > 2 {
        return Err(Error::err("INCR option supports a single increment-element pair"));
    }
    add(cx, &args[0], pairs, options)
}

/// ZINCRBY key increment member
pub fn zincrby(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    add(cx, &args[0], &args[1..], Options { incr: true, ..Options::default() })
}

fn add(cx: &mut Context<'_>, key: &[u8], pairs: Args<'_>, options: Options) -> Answer {
    let scores = pairs.chunks_exact(2).map(|pair| double_argument(&pair[0])).collect::<Result<Vec<f64>>>()?;
    let mut set = match SortedSet::open(cx, key)? {
        Some(set) => set,
        None if options.xx => return Ok(if options.incr { Resp::Nil } else { Resp::Integer(0) }),
        None => SortedSet::new(None),
    };
    let (mut added, mut updated, mut last) = (0, 0, None);
    for (pair, given) in pairs.chunks_exact(2).zip(scores) {
        let member = &pair[1];
        let old = set.score(cx, member)?;
        let Some(new) = new_score(old, given, options)? else { continue };
        last = Some(new);
        if old != Some(new) {
            set.set(cx, member, old, new)?;
            added += i64::from(old.is_none());
            updated += i64::from(old.is_some());
        }
    }
    set.save(cx, key)?;
    if options.incr {
        return Ok(last.map_or(Resp::Nil, score));
    }
    Ok(Resp::Integer(if options.ch { added + updated } else { added }))
}

/// The score a member gets, or `None` if the options leave it as it is.
fn new_score(old: Option<f64>, given: f64, options: Options) -> Result<Option<f64>> {
    let Some(old) = old else { return Ok(if options.xx { None } else { Some(given) }) };
    if options.nx {
        return Ok(None);
    }
    let new = if options.incr { old + given } else { given };
    if new.is_nan() {
        return Err(Error::err("resulting score is not a number (NaN)"));
    }
    let blocked = (options.lt && new >= old) || (options.gt && new <= old);
    Ok(if blocked { None } else { Some(new) })
}
