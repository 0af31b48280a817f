//! Keys of any type: DEL, EXISTS, KEYS, RENAME, COPY and their kin.

use super::keyspace::each_key;
use super::number::{integer, integer_argument};
use super::{Answer, Args, Context, Error};
use crate::reply::Resp;
use crate::storage::KeyRange;
use crate::text::glob;
use std::ops::ControlFlow;

/// DEL key [key …] (and UNLINK): constant time for each key, whatever it holds.
pub fn del(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let mut removed = 0;
    for key in args {
        removed += i64::from(cx.remove_key(key)?);
    }
    Ok(Resp::Integer(removed))
}

/// EXISTS key [key …] (and TOUCH): a key named twice counts twice.
pub fn exists(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let mut found = 0;
    for key in args {
        found += i64::from(cx.exists(key)?);
    }
    Ok(Resp::Integer(found))
}

/// TYPE key
pub fn type_of(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    Ok(Resp::Status(cx.head(&args[0])?.map_or("none", |head| head.kind.name()).to_owned()))
}

/// KEYS pattern: in byte order.
pub fn keys(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let pattern = &args[0];
    let mut found = Vec::new();
    each_key(cx, &KeyRange::prefix(glob::literal_prefix(pattern)), &mut |key, _| {
        if glob::matches(pattern, key) {
            found.push(Resp::bulk(key));
        }
        ControlFlow::Continue(())
    })?;
    Ok(Resp::Array(found))
}

/// RENAME key newkey
pub fn rename(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    rename_to(cx, args, false)?;
    Ok(Resp::ok())
}

/// RENAMENX key newkey
pub fn renamenx(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    rename_to(cx, args, true)
}

fn rename_to(cx: &mut Context<'_>, args: Args<'_>, only_if_missing: bool) -> Answer {
    let (from, to) = (&args[0], &args[1]);
    let row = cx.find(from)?.ok_or_else(Error::no_such_key)?;
    if from == to {
        return Ok(Resp::Integer(0));
    }
    let old = cx.head(to)?;
    if only_if_missing && old.is_some() {
        return Ok(Resp::Integer(0));
    }
    cx.rename(from, &row, to, old)?;
    Ok(Resp::Integer(1))
}

/// COPY source destination [DB keyspace] [REPLACE]
pub fn copy(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let (from, to) = (&args[0], &args[1]);
    let (mut keyspace, mut replace) = (cx.keyspace, false);
    let mut words = args[2..].iter();
    while let Some(word) = words.next() {
        match word.to_ascii_uppercase().as_slice() {
            b"REPLACE" => replace = true,
            b"DB" => {
                let number = words.next().ok_or_else(Error::syntax)?;
                keyspace = Context::keyspace_number(integer_argument(number)?)?;
            }
            _ => return Err(Error::syntax()),
        }
    }
    if from == to && keyspace == cx.keyspace {
        return Err(Error::err("source and destination objects are the same"));
    }
    let Some(row) = cx.find(from)? else { return Ok(Resp::Integer(0)) };
    if !replace && exists_in(cx, to, keyspace)? {
        return Ok(Resp::Integer(0));
    }
    cx.duplicate(&row, to, keyspace)?;
    Ok(Resp::Integer(1))
}

/// MOVE key keyspace
pub fn move_key(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let keyspace = Context::keyspace_number(integer_argument(&args[1])?)?;
    if keyspace == cx.keyspace {
        return Err(Error::err("source and destination objects are the same"));
    }
    let Some(row) = cx.find(&args[0])? else { return Ok(Resp::Integer(0)) };
    if exists_in(cx, &args[0], keyspace)? {
        return Ok(Resp::Integer(0));
    }
    cx.duplicate(&row, &args[0], keyspace)?;
    cx.remove(&args[0], row.head)?;
    Ok(Resp::Integer(1))
}

/// SWAPDB first second: each keyspace then shows what the other held, in constant time.
pub fn swapdb(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let number = |word: &[u8], which| {
        let number = integer(word).filter(|&number| i32::try_from(number).is_ok());
        number.ok_or_else(|| Error::err(format_args!("invalid {which} DB index")))
    };
    let (first, second) = (number(&args[0], "first")?, number(&args[1], "second")?);
    cx.swap(Context::keyspace_number(first)?, Context::keyspace_number(second)?)?;
    Ok(Resp::ok())
}

fn exists_in(cx: &mut Context<'_>, key: &[u8], keyspace: u8) -> super::Result<bool> {
    cx.within(keyspace, |cx| cx.exists(key))
}
