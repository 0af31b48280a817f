//! Strings: GET, SET and their kin (redis.io/docs/latest/commands/?group=string).

use super::layout::{Kind, LONGEST_STRING, Row};
use super::set_options::{self, Condition, Expiry};
use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;

/// The bytes of a string or nil.
fn value_or_nil(row: Option<Row>) -> Resp {
    row.map_or(Resp::Nil, |row| Resp::Bulk(row.into_body()))
}

/// GET key
pub fn get(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    Ok(value_or_nil(cx.find_kind(&args[0], Kind::String)?))
}

/// STRLEN key
pub fn strlen(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    Ok(Resp::Integer(cx.find_kind(&args[0], Kind::String)?.map_or(0, |row| row.body().len() as i64)))
}

/// MGET key [key …]: nil for what is no string.
pub fn mget(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let mut values = Vec::with_capacity(args.len());
    for key in args {
        values.push(value_or_nil(cx.find(key)?.filter(|row| row.kind() == Kind::String)));
    }
    Ok(Resp::Array(values))
}

/// SET key value [NX|XX] [GET] [EX s|PX ms|EXAT s|PXAT ms|KEEPTTL]
pub fn set(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let (key, value) = (&args[0], &args[1]);
    if args.len() == 2 {
        let old = cx.head(key)?;
        cx.write_string(key, old, value, None)?;
        return Ok(Resp::ok());
    }
    let options = set_options::parse(&args[2..], false)?;
    let mut expiry = match options.expiry {
        Expiry::At { value, seconds, relative } => {
            Some(set_options::moment(value, seconds, relative, cx.now_ms, "set")?)
        }
        _ => None,
    };
    let old = cx.find(key)?;
    let before = match &old {
        Some(row) if options.get && row.kind() != Kind::String => return Err(Error::wrong_type()),
        Some(row) if options.get => Resp::bulk(row.body()),
        _ => Resp::Nil,
    };
    let blocked = match options.condition {
        Condition::Always => false,
        Condition::IfMissing => old.is_some(),
        Condition::IfThere => old.is_none(),
    };
    if blocked {
        return Ok(before);
    }
    if options.expiry == Expiry::Keep {
        expiry = old.as_ref().and_then(|row| row.head.expiry);
    }
    cx.write_string(key, old.map(|row| row.head), value, expiry)?;
    Ok(if options.get { before } else { Resp::ok() })
}

/// SETNX key value
pub fn setnx(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    if cx.exists(&args[0])? {
        return Ok(Resp::Integer(0));
    }
    cx.write_string(&args[0], None, &args[1], None)?;
    Ok(Resp::Integer(1))
}

/// SETEX key seconds value
pub fn setex(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    set_with_expiry(cx, args, true, "setex")
}

/// PSETEX key milliseconds value
pub fn psetex(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    set_with_expiry(cx, args, false, "psetex")
}

fn set_with_expiry(cx: &mut Context<'_>, args: Args<'_>, seconds: bool, command: &str) -> Answer {
    let expiry = set_options::moment(&args[1], seconds, true, cx.now_ms, command)?;
    let old = cx.head(&args[0])?;
    cx.write_string(&args[0], old, &args[2], Some(expiry))?;
    Ok(Resp::ok())
}

/// GETSET key value
pub fn getset(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let old = cx.find_kind(&args[0], Kind::String)?;
    cx.write_string(&args[0], old.as_ref().map(|row| row.head), &args[1], None)?;
    Ok(value_or_nil(old))
}

/// GETDEL key
pub fn getdel(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let Some(row) = cx.find_kind(&args[0], Kind::String)? else { return Ok(Resp::Nil) };
    cx.remove(&args[0], row.head)?;
    Ok(Resp::Bulk(row.into_body()))
}

/// GETEX key [EX s|PX ms|EXAT s|PXAT ms|PERSIST]
pub fn getex(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let options = set_options::parse(&args[1..], true)?;
    let Some(row) = cx.find_kind(&args[0], Kind::String)? else { return Ok(Resp::Nil) };
    let expiry = match options.expiry {
        Expiry::Default | Expiry::Keep => row.head.expiry,
        Expiry::Clear => None,
        Expiry::At { value, seconds, relative } => {
            Some(set_options::moment(value, seconds, relative, cx.now_ms, "getex")?)
        }
    };
    if expiry != row.head.expiry {
        cx.write_string(&args[0], Some(row.head), row.body(), expiry)?;
    }
    Ok(Resp::Bulk(row.into_body()))
}

/// MSET key value [key value …]
pub fn mset(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    set_pairs(cx, args, "mset")?;
    Ok(Resp::ok())
}

/// MSETNX key value [key value …]: all or none.
pub fn msetnx(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    if args.len() % 2 == 1 {
        return Err(Error::arity("msetnx"));
    }
    for pair in args.chunks_exact(2) {
        if cx.exists(&pair[0])? {
            return Ok(Resp::Integer(0));
        }
    }
    set_pairs(cx, args, "msetnx")?;
    Ok(Resp::Integer(1))
}

fn set_pairs(cx: &mut Context<'_>, args: Args<'_>, command: &str) -> Result<()> {
    if args.len() % 2 == 1 {
        return Err(Error::arity(command));
    }
    for pair in args.chunks_exact(2) {
        let old = cx.head(&pair[0])?;
        cx.write_string(&pair[0], old, &pair[1], None)?;
    }
    Ok(())
}

/// APPEND key value
pub fn append(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let Some(row) = cx.find_kind(&args[0], Kind::String)? else {
        cx.write_string(&args[0], None, &args[1], None)?;
        return Ok(Resp::Integer(args[1].len() as i64));
    };
    if row.body().len().saturating_add(args[1].len()) > LONGEST_STRING {
        return Err(Error::string_too_long());
    }
    let value = [row.body(), &args[1]].concat();
    cx.write_string(&args[0], Some(row.head), &value, row.head.expiry)?;
    Ok(Resp::Integer(value.len() as i64))
}
