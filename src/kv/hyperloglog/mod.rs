//! HyperLogLog (redis.io/docs/latest/commands/?group=hyperloglog): how many different elements there
//! were, with an error of about 0.81 %, in at most 12 KiB.
//!
//! The value is a string in Redis' own form, so GET, SET, STRLEN and COPY work on it.

mod count;
mod form;

use super::layout::{Kind, Row};
use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;
use count::estimate;
use form::{HyperLogLog, Registers};

/// The HyperLogLog that a row holds.
fn read(row: &Row) -> Result<HyperLogLog> {
    if row.kind() != Kind::String {
        return Err(Error::wrong_type());
    }
    HyperLogLog::read(row.body())
        .ok_or_else(|| Error::Reply("WRONGTYPE Key is not a valid HyperLogLog string value.".to_owned()))
}

fn corrupted() -> Error {
    Error::Reply("INVALIDOBJ Corrupted HLL object detected".to_owned())
}

/// PFADD key [element …]: whether the estimate may have changed.
pub fn pfadd(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let row = cx.find(&args[0])?;
    let mut log = row.as_ref().map_or_else(|| Ok(HyperLogLog::empty()), read)?;
    let mut changed = row.is_none();
    for element in &args[1..] {
        let (register, rank) = count::place(element);
        changed |= log.raise(register, rank).ok_or_else(corrupted)?;
    }
    if changed {
        log.forget_count();
        let head = row.map(|row| row.head);
        cx.write_string(&args[0], head, log.bytes(), head.and_then(|head| head.expiry))?;
    }
    Ok(Resp::Integer(i64::from(changed)))
}

/// PFCOUNT key [key …]: the estimate of how many different elements all of them have seen.
pub fn pfcount(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let [key] = args else { return count_union(cx, args) };
    let Some(row) = cx.find(key)? else { return Ok(Resp::Integer(0)) };
    let mut log = read(&row)?;
    if let Some(count) = log.known_count() {
        return Ok(Resp::Integer(count.cast_signed()));
    }
    let count = estimate(&log.registers().ok_or_else(corrupted)?);
    // The next question is answered without counting.
    if cx.tx.may_write() {
        log.remember_count(count);
        cx.write_string(key, Some(row.head), log.bytes(), row.head.expiry)?;
    }
    Ok(Resp::Integer(count.cast_signed()))
}

fn count_union(cx: &Context<'_>, keys: Args<'_>) -> Answer {
    let mut union = Registers::default();
    for key in keys {
        if let Some(row) = cx.find(key)? {
            union.merge(&read(&row)?.registers().ok_or_else(corrupted)?);
        }
    }
    Ok(Resp::Integer(estimate(&union).cast_signed()))
}

/// PFMERGE destination [source …]: the destination has then seen what they all have seen.
pub fn pfmerge(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let (mut union, mut dense) = (Registers::default(), false);
    for key in args {
        if let Some(row) = cx.find(key)? {
            let log = read(&row)?;
            dense |= log.is_dense();
            union.merge(&log.registers().ok_or_else(corrupted)?);
        }
    }
    let row = cx.find(&args[0])?;
    let mut log = row.as_ref().map_or_else(|| Ok(HyperLogLog::empty()), read)?;
    if dense {
        log.make_dense().ok_or_else(corrupted)?;
    }
    for (register, rank) in union.iter() {
        log.raise(register, rank).ok_or_else(corrupted)?;
    }
    log.forget_count();
    let head = row.map(|row| row.head);
    cx.write_string(&args[0], head, log.bytes(), head.and_then(|head| head.expiry))?;
    Ok(Resp::ok())
}
