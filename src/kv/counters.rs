//! Numbers in strings: INCR, DECR and their kin.

use super::decimal::Decimal;
use super::layout::Kind;
use super::number::{integer, integer_argument};
use super::{Answer, Args, Context, Error};
use crate::reply::Resp;

/// INCR key
pub fn incr(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    add(cx, &args[0], 1)
}

/// DECR key
pub fn decr(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    add(cx, &args[0], -1)
}

/// INCRBY key increment
pub fn incrby(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let increment = integer_argument(&args[1])?;
    add(cx, &args[0], increment)
}

/// DECRBY key decrement
pub fn decrby(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let decrement = integer_argument(&args[1])?;
    let increment = decrement.checked_neg().ok_or_else(|| Error::err("decrement would overflow"))?;
    add(cx, &args[0], increment)
}

fn add(cx: &mut Context<'_>, key: &[u8], increment: i64) -> Answer {
    let row = cx.find_kind(key, Kind::String)?;
    let before = match &row {
        Some(row) => integer(row.body()).ok_or_else(Error::not_an_integer)?,
        None => 0,
    };
    let after = before.checked_add(increment).ok_or_else(|| Error::err("increment or decrement would overflow"))?;
    let expiry = row.as_ref().and_then(|row| row.head.expiry);
    cx.write_string(key, row.as_ref().map(|row| row.head), after.to_string().as_bytes(), expiry)?;
    Ok(Resp::Integer(after))
}

/// INCRBYFLOAT key increment
pub fn incrbyfloat(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let row = cx.find_kind(&args[0], Kind::String)?;
    let before = match &row {
        Some(row) => Decimal::parse(row.body()).ok_or_else(Error::not_a_float)?,
        None => Decimal::ZERO,
    };
    let increment = Decimal::parse(&args[1]).ok_or_else(Error::not_a_float)?;
    let after =
        before.add(&increment).ok_or_else(|| Error::err("increment would produce NaN or Infinity"))?.to_string();
    let expiry = row.as_ref().and_then(|row| row.head.expiry);
    cx.write_string(&args[0], row.as_ref().map(|row| row.head), after.as_bytes(), expiry)?;
    Ok(Resp::Bulk(after.into_bytes()))
}
