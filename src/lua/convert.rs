//! Between Redis' replies and Lua's values
//! (redis.io/docs/latest/develop/programmability/lua-api, "Data type conversion").

use super::Host;
use crate::reply::Resp;
use mlua::{Lua, Table, Value};

/// Answers of scripts may be nested so deep.
const DEPTH: usize = 128;

/// A reply as a script sees it: nil is `false`, a status `{ok = …}`, an error `{err = …}`.
pub fn to_lua(lua: &Lua, reply: Resp) -> mlua::Result<Value> {
    Ok(match reply {
        Resp::Integer(number) => Value::Number(number as f64),
        Resp::Bulk(bytes) => Value::String(lua.create_string(bytes)?),
        Resp::Text(text) => Value::String(lua.create_string(text)?),
        Resp::Nil => Value::Boolean(false),
        Resp::Status(text) => single(lua, "ok", &text)?,
        Resp::Error(text) => single(lua, "err", &text)?,
        Resp::Array(items) | Resp::Series(items) => {
            let table = lua.create_table_with_capacity(items.len(), 0)?;
            for item in items {
                table.raw_push(to_lua(lua, item)?)?;
            }
            Value::Table(table)
        }
    })
}

/// A table with one field.
pub fn single(lua: &Lua, name: &str, text: impl AsRef<[u8]>) -> mlua::Result<Value> {
    let table = lua.create_table_with_capacity(0, 1)?;
    table.raw_set(name, lua.create_string(text)?)?;
    Ok(Value::Table(table))
}

/// What a script returns, as a reply: numbers are cut to integers, nil ends an array.
pub fn to_reply(value: Value, host: &dyn Host) -> mlua::Result<Resp> {
    reply_at(value, host, 0)
}

fn reply_at(value: Value, host: &dyn Host, depth: usize) -> mlua::Result<Resp> {
    if depth > DEPTH {
        return Ok(Resp::Error("ERR reached lua stack limit".to_owned()));
    }
    Ok(match value {
        Value::Boolean(true) => Resp::Integer(1),
        Value::Integer(number) => Resp::Integer(number),
        Value::Number(number) => Resp::Integer(cut(number)),
        Value::String(text) => Resp::Bulk(text.as_bytes().to_vec()),
        Value::Table(table) => table_reply(&table, host, depth)?,
        _ => Resp::Nil,
    })
}

/// As a conversion in C on the machines Redis runs on: what does not fit is the smallest integer.
fn cut(number: f64) -> i64 {
    const END: f64 = -(i64::MIN as f64);
    if (-END..END).contains(&number) { number as i64 } else { i64::MIN }
}

fn table_reply(table: &Table, host: &dyn Host, depth: usize) -> mlua::Result<Resp> {
    if let Value::String(text) = table.raw_get("err")? {
        return Ok(Resp::Error(one_line(&text.as_bytes())));
    }
    if let Value::String(text) = table.raw_get("ok")? {
        return Ok(Resp::Status(one_line(&text.as_bytes())));
    }
    if let Some(number) = table.raw_get::<Value>("double")?.as_number() {
        return Ok(Resp::bulk(host.show_number(number)));
    }
    let mut items = Vec::new();
    if let Value::Table(map) = table.raw_get("map")? {
        map.for_each(|key: Value, value: Value| {
            items.push(reply_at(key, host, depth + 1)?);
            items.push(reply_at(value, host, depth + 1)?);
            Ok(())
        })?;
        return Ok(Resp::Array(items));
    }
    if let Value::Table(set) = table.raw_get("set")? {
        set.for_each(|key: Value, _: Value| {
            items.push(reply_at(key, host, depth + 1)?);
            Ok(())
        })?;
        return Ok(Resp::Array(items));
    }
    if let Value::String(text) = table.raw_get("big_number")? {
        return Ok(Resp::bulk(one_line(&text.as_bytes())));
    }
    if let Value::Table(verbatim) = table.raw_get("verbatim_string")?
        && let Value::String(text) = verbatim.raw_get("string")?
    {
        return Ok(Resp::Bulk(text.as_bytes().to_vec()));
    }
    for at in 1i64.. {
        match table.raw_get(at)? {
            Value::Nil => break,
            item => items.push(reply_at(item, host, depth + 1)?),
        }
    }
    Ok(Resp::Array(items))
}

/// Statuses and errors stand on one line.
fn one_line(text: &[u8]) -> String {
    String::from_utf8_lossy(text).replace(['\r', '\n'], " ")
}
