//! The keyspaces as a whole: SELECT, DBSIZE, FLUSHDB, FLUSHALL.

use crate::kv::number::integer_argument;
use crate::kv::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;

/// SELECT index
pub fn select(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    cx.enter(Context::keyspace_number(integer_argument(&args[0])?)?)?;
    Ok(Resp::ok())
}

/// DBSIZE
pub fn dbsize(cx: &mut Context<'_>, _args: Args<'_>) -> Answer {
    Ok(Resp::Integer(cx.count_keys()? as i64))
}

/// FLUSHDB [ASYNC|SYNC]
pub fn flushdb(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    check_flush(args)?;
    cx.flush()?;
    Ok(Resp::ok())
}

/// FLUSHALL [ASYNC|SYNC]: every keyspace of the database.
pub fn flushall(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    check_flush(args)?;
    cx.flush_all()?;
    Ok(Resp::ok())
}

fn check_flush(args: Args<'_>) -> Result<()> {
    match args {
        [] => Ok(()),
        [word] if word.eq_ignore_ascii_case(b"ASYNC") || word.eq_ignore_ascii_case(b"SYNC") => Ok(()),
        _ => Err(Error::syntax()),
    }
}
