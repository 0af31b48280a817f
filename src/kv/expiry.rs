//! When keys end: EXPIRE, TTL, PERSIST and their kin.

use super::number::integer_argument;
use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;

/// EXPIRE key seconds [NX|XX|GT|LT]
pub fn expire(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    set_expiry(cx, args, true, cx.now_ms, "expire")
}

/// PEXPIRE key milliseconds [NX|XX|GT|LT]
pub fn pexpire(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    set_expiry(cx, args, false, cx.now_ms, "pexpire")
}

/// EXPIREAT key unix-seconds [NX|XX|GT|LT]
pub fn expireat(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    set_expiry(cx, args, true, 0, "expireat")
}

/// PEXPIREAT key unix-milliseconds [NX|XX|GT|LT]
pub fn pexpireat(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    set_expiry(cx, args, false, 0, "pexpireat")
}

/// When EXPIRE applies.
#[derive(Default)]
struct Conditions {
    nx: bool,
    xx: bool,
    gt: bool,
    lt: bool,
}

fn conditions(words: Args<'_>) -> Result<Conditions> {
    let mut found = Conditions::default();
    for word in words {
        match word.to_ascii_uppercase().as_slice() {
            b"NX" => found.nx = true,
            b"XX" => found.xx = true,
            b"GT" => found.gt = true,
            b"LT" => found.lt = true,
            _ => {
                return Err(Error::err(format_args!("Unsupported option {}", String::from_utf8_lossy(word))));
            }
        }
    }
    if found.nx && (found.xx || found.gt || found.lt) {
        return Err(Error::err("NX and XX, GT or LT options at the same time are not compatible"));
    }
    if found.gt && found.lt {
        return Err(Error::err("GT and LT options at the same time are not compatible"));
    }
    Ok(found)
}

fn set_expiry(cx: &mut Context<'_>, args: Args<'_>, seconds: bool, base: i64, command: &str) -> Answer {
    let conditions = conditions(&args[2..])?;
    let wrong = || Error::expire_time(command);
    let number = integer_argument(&args[1])?;
    let milliseconds = if seconds { number.checked_mul(1000).ok_or_else(wrong)? } else { number };
    let when = milliseconds.checked_add(base).ok_or_else(wrong)?;
    let Some(row) = cx.find(&args[0])? else { return Ok(Resp::Integer(0)) };
    // No expiry counts as later than any other.
    let applies = match row.head.expiry {
        None => !conditions.xx && !conditions.gt,
        Some(now) => !conditions.nx && (!conditions.gt || when > now) && (!conditions.lt || when < now),
    };
    if !applies {
        return Ok(Resp::Integer(0));
    }
    if when <= cx.now_ms {
        cx.remove(&args[0], row.head)?;
    } else {
        cx.write(&args[0], Some(row.head), row.content(), Some(when))?;
    }
    Ok(Resp::Integer(1))
}

/// PERSIST key
pub fn persist(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    match cx.find(&args[0])? {
        Some(row) if row.head.expiry.is_some() => {
            cx.write(&args[0], Some(row.head), row.content(), None)?;
            Ok(Resp::Integer(1))
        }
        _ => Ok(Resp::Integer(0)),
    }
}

/// TTL key
pub fn ttl(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let now = cx.now_ms;
    answer(cx, args, |expiry| (expiry - now).saturating_add(500) / 1000)
}

/// PTTL key
pub fn pttl(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let now = cx.now_ms;
    answer(cx, args, |expiry| expiry - now)
}

/// EXPIRETIME key
pub fn expiretime(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    answer(cx, args, |expiry| expiry.saturating_add(500) / 1000)
}

/// PEXPIRETIME key
pub fn pexpiretime(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    answer(cx, args, |expiry| expiry)
}

/// -2 for a missing key, -1 for one that never ends.
fn answer(cx: &Context<'_>, args: Args<'_>, show: impl Fn(i64) -> i64) -> Answer {
    Ok(Resp::Integer(match cx.head(&args[0])? {
        None => -2,
        Some(head) => head.expiry.map_or(-1, show),
    }))
}
