//! The library `bit`: operations on 32-bit numbers (bitop.luajit.org/api.html).

use super::arguments::Arguments;
use mlua::{Lua, Table, Value};

/// The library.
pub fn library(lua: &Lua) -> mlua::Result<Table> {
    let bit = lua.create_table()?;
    one(lua, &bit, "tobit", |value| value)?;
    one(lua, &bit, "bnot", |value| !value)?;
    one(lua, &bit, "bswap", u32::swap_bytes)?;
    many(lua, &bit, "band", |a, b| a & b)?;
    many(lua, &bit, "bor", |a, b| a | b)?;
    many(lua, &bit, "bxor", |a, b| a ^ b)?;
    shift(lua, &bit, "lshift", u32::wrapping_shl)?;
    shift(lua, &bit, "rshift", u32::wrapping_shr)?;
    shift(lua, &bit, "arshift", |value, by| value.cast_signed().wrapping_shr(by).cast_unsigned())?;
    shift(lua, &bit, "rol", |value, by| value.rotate_left(by & 31))?;
    shift(lua, &bit, "ror", |value, by| value.rotate_right(by & 31))?;
    bit.raw_set(
        "tohex",
        lua.create_function(|lua, args| {
            let args = Arguments::new(lua, args);
            let value = bits(&args, 1)?;
            let digits = if args.is_none(2) { 8 } else { bits(&args, 2)?.cast_signed() };
            let text = if digits < 0 { format!("{value:08X}") } else { format!("{value:08x}") };
            let shown = (digits.unsigned_abs() as usize).min(8);
            Ok(text.get(8 - shown..).unwrap_or_default().to_owned())
        })?,
    )?;
    Ok(bit)
}

/// A number's lowest 32 bits, as adding 2^52 + 2^51 leaves them.
fn bits(args: &Arguments<'_>, number: usize) -> mlua::Result<u32> {
    let value = args.number(number)?;
    const WHOLE: f64 = 4_294_967_296.0;
    let rounded = value.round_ties_even();
    Ok(if rounded.is_finite() { rounded.rem_euclid(WHOLE) as u64 as u32 } else { 0 })
}

fn signed(value: u32) -> Value {
    Value::Integer(i64::from(value.cast_signed()))
}

fn one(lua: &Lua, bit: &Table, name: &str, act: fn(u32) -> u32) -> mlua::Result<()> {
    bit.raw_set(name, lua.create_function(move |lua, args| Ok(signed(act(bits(&Arguments::new(lua, args), 1)?))))?)
}

fn many(lua: &Lua, bit: &Table, name: &str, act: fn(u32, u32) -> u32) -> mlua::Result<()> {
    let run = lua.create_function(move |lua, args| {
        let args = Arguments::new(lua, args);
        let first = bits(&args, 1)?;
        let all = (2..=args.len()).try_fold(first, |all, number| Ok::<_, mlua::Error>(act(all, bits(&args, number)?)));
        Ok(signed(all?))
    })?;
    bit.raw_set(name, run)
}

fn shift(lua: &Lua, bit: &Table, name: &str, act: fn(u32, u32) -> u32) -> mlua::Result<()> {
    let run = lua.create_function(move |lua, args| {
        let args = Arguments::new(lua, args);
        Ok(signed(act(bits(&args, 1)?, bits(&args, 2)?)))
    })?;
    bit.raw_set(name, run)
}
