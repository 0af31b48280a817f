//! Strings as rows of bits: SETBIT, GETBIT, BITCOUNT, BITPOS, BITOP.

use super::layout::{Kind, LONGEST_STRING};
use super::number::{integer, integer_argument};
use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;

/// A bit offset; the longest string has 2³² bits.
pub fn bit_offset(argument: &[u8]) -> Result<usize> {
    integer(argument)
        .and_then(|offset| usize::try_from(offset).ok())
        .filter(|offset| offset / 8 < LONGEST_STRING)
        .ok_or_else(|| Error::err("bit offset is not an integer or out of range"))
}

/// Bit 0 is the highest bit of the first byte.
fn bit(value: &[u8], offset: usize) -> bool {
    value.get(offset / 8).is_some_and(|byte| byte >> (7 - offset % 8) & 1 == 1)
}

/// SETBIT key offset 0|1
pub fn setbit(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let offset = bit_offset(&args[1])?;
    let on = match integer(&args[2]) {
        Some(0) => false,
        Some(1) => true,
        _ => return Err(Error::err("bit is not an integer or out of range")),
    };
    let row = cx.find_kind(&args[0], Kind::String)?;
    let mut value = row.as_ref().map_or_else(Vec::new, |row| row.body().to_vec());
    let before = bit(&value, offset);
    value.resize(value.len().max(offset / 8 + 1), 0);
    if let Some(byte) = value.get_mut(offset / 8) {
        let mask = 0x80 >> (offset % 8);
        *byte = if on { *byte | mask } else { *byte & !mask };
    }
    if row.as_ref().is_none_or(|row| row.body() != value) {
        let expiry = row.as_ref().and_then(|row| row.head.expiry);
        cx.write_string(&args[0], row.as_ref().map(|row| row.head), &value, expiry)?;
    }
    Ok(Resp::Integer(i64::from(before)))
}

/// GETBIT key offset
pub fn getbit(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let offset = bit_offset(&args[1])?;
    let row = cx.find_kind(&args[0], Kind::String)?;
    Ok(Resp::Integer(i64::from(row.is_some_and(|row| bit(row.body(), offset)))))
}

/// Whether a range counts bits.
fn unit_is_bit(word: &[u8]) -> Result<bool> {
    match word.to_ascii_uppercase().as_slice() {
        b"BIT" => Ok(true),
        b"BYTE" => Ok(false),
        _ => Err(Error::syntax()),
    }
}

/// The range `start..=end` of `length` units, negative ends counted from behind; `None` if empty.
fn clamp(start: i64, end: i64, length: i64) -> Option<(usize, usize)> {
    let place = |index: i64| if index < 0 { index.saturating_add(length).max(0) } else { index };
    let (start, end) = (place(start), place(end).min(length - 1));
    (start <= end).then_some((start as usize, end as usize))
}

/// BITCOUNT key [start end [BYTE|BIT]]
pub fn bitcount(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let Some(row) = cx.find_kind(&args[0], Kind::String)? else { return Ok(Resp::Integer(0)) };
    let value = row.body();
    let ones = |bytes: &[u8]| bytes.iter().map(|byte| i64::from(byte.count_ones())).sum::<i64>();
    let (start, end, unit) = match args {
        [_] => return Ok(Resp::Integer(ones(value))),
        [_, start, end] => (integer_argument(start)?, integer_argument(end)?, None),
        [_, start, end, unit] => (integer_argument(start)?, integer_argument(end)?, Some(unit)),
        _ => return Err(Error::syntax()),
    };
    // Redis has not looked at the unit yet.
    if start < 0 && end < 0 && start > end {
        return Ok(Resp::Integer(0));
    }
    let bits = unit.map_or(Ok(false), |unit| unit_is_bit(unit))?;
    let length = value.len() as i64 * if bits { 8 } else { 1 };
    let Some((start, end)) = clamp(start, end, length) else { return Ok(Resp::Integer(0)) };
    if !bits {
        return Ok(Resp::Integer(ones(value.get(start..=end).unwrap_or_default())));
    }
    let (first, last) = (start / 8, end / 8);
    let cut_before = (start % 8) as u32;
    let cut_behind = 7 - (end % 8) as u32;
    let mut count = ones(value.get(first..=last).unwrap_or_default());
    let outside = |byte: u8, mask: u8| i64::from((byte & mask).count_ones());
    if let (Some(&first), Some(&last)) = (value.get(first), value.get(last)) {
        count -= outside(first, !(0xff_u8 >> cut_before)) + outside(last, !(0xff_u8 << cut_behind));
    }
    Ok(Resp::Integer(count))
}

/// BITPOS key bit [start [end [BYTE|BIT]]]
pub fn bitpos(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let wanted = match integer_argument(&args[1])? {
        0 => false,
        1 => true,
        _ => return Err(Error::err("The bit argument must be 1 or 0.")),
    };
    let Some(row) = cx.find_kind(&args[0], Kind::String)? else {
        return Ok(Resp::Integer(if wanted { -1 } else { 0 }));
    };
    let value = row.body();
    let (start, end, bits) = match &args[2..] {
        [] => (0, -1, false),
        [start] => (integer_argument(start)?, -1, false),
        [start, end] => (integer_argument(start)?, integer_argument(end)?, false),
        [start, end, unit] => {
            let start = integer_argument(start)?;
            let bits = unit_is_bit(unit)?;
            (start, integer_argument(end)?, bits)
        }
        _ => return Err(Error::syntax()),
    };
    let length = value.len() as i64 * if bits { 8 } else { 1 };
    let Some((start, end)) = clamp(start, end, length) else { return Ok(Resp::Integer(-1)) };
    let (first, last) = if bits { (start, end) } else { (start * 8, end * 8 + 7) };
    let dull = if wanted { 0x00 } else { 0xff };
    let mut place = first;
    while place <= last {
        if place % 8 == 0 && value.get(place / 8) == Some(&dull) {
            place += 8;
        } else if bit(value, place) == wanted {
            return Ok(Resp::Integer(place as i64));
        } else {
            place += 1;
        }
    }
    // Without an end the string counts as followed by zeros for ever.
    Ok(Resp::Integer(if wanted || args.len() >= 4 { -1 } else { (last + 1) as i64 }))
}

/// BITOP AND|OR|XOR|NOT destination key [key …]
pub fn bitop(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let combine: fn(u8, u8) -> u8 = match args[0].to_ascii_uppercase().as_slice() {
        b"AND" => |a, b| a & b,
        b"OR" => |a, b| a | b,
        b"XOR" => |a, b| a ^ b,
        b"NOT" if args.len() != 3 => {
            return Err(Error::err("BITOP NOT must be called with a single source key."));
        }
        b"NOT" => |a, _| !a,
        _ => return Err(Error::syntax()),
    };
    let mut sources = Vec::with_capacity(args.len() - 2);
    for key in &args[2..] {
        sources.push(cx.find_kind(key, Kind::String)?.map_or_else(Vec::new, |row| row.into_body()));
    }
    let length = sources.iter().map(Vec::len).max().unwrap_or(0);
    let byte = |source: &Vec<u8>, at: usize| source.get(at).copied().unwrap_or(0);
    let result: Vec<u8> = match sources.as_slice() {
        [only] if args[0].eq_ignore_ascii_case(b"NOT") => only.iter().map(|&a| combine(a, 0)).collect(),
        _ => (0..length).map(|at| sources.iter().map(|source| byte(source, at)).reduce(combine).unwrap_or(0)).collect(),
    };
    let old = cx.head(&args[1])?;
    if result.is_empty() {
        if let Some(old) = old {
            cx.remove(&args[1], old)?;
        }
    } else {
        cx.write_string(&args[1], old, &result, None)?;
    }
    Ok(Resp::Integer(length as i64))
}
