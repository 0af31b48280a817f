//! The connection and the server: PING, ECHO, TIME, DBSIZE, FLUSHDB, INFO.

use super::layout::{Ends, KEYSPACES};
use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;
use crate::storage::{Direction, KeyRange};
use std::ops::ControlFlow;

/// PING [message]
pub fn ping(_cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    match args {
        [] => Ok(Resp::Status("PONG".to_owned())),
        [message] => Ok(Resp::bulk(message.as_slice())),
        _ => Err(Error::arity("ping")),
    }
}

/// ECHO message
pub fn echo(_cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    Ok(Resp::bulk(args[0].as_slice()))
}

/// TIME: seconds since 1970, and microseconds.
pub fn time(cx: &mut Context<'_>, _args: Args<'_>) -> Answer {
    let (seconds, rest) = (cx.now_ms.div_euclid(1000), cx.now_ms.rem_euclid(1000));
    Ok(Resp::Array(vec![Resp::bulk(seconds.to_string()), Resp::bulk((rest * 1000).to_string())]))
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

/// INFO [section …]: the sections that mean something without a server.
pub fn info(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let wants = |section: &str| {
        args.is_empty()
            || args.iter().any(|word| {
                [section, "all", "default", "everything"].iter().any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
            })
    };
    let mut sections = Vec::new();
    if wants("server") {
        let version = env!("CARGO_PKG_VERSION");
        sections.push(format!(
            "# Server\r\nredis_version:7.2.0\r\ntrine_version:{version}\r\nredis_mode:standalone\r\nos:{}\r\narch_bits:{}\r\n",
            std::env::consts::OS,
            usize::BITS
        ));
    }
    if wants("keyspace") {
        let mut text = "# Keyspace\r\n".to_owned();
        for keyspace in 0..KEYSPACES as u8 {
            let (keys, expiring) = cx.within(keyspace, |cx| Ok((cx.count_keys()?, count_expiring(cx)?)))?;
            if keys > 0 {
                text.push_str(&format!("db{keyspace}:keys={keys},expires={expiring},avg_ttl=0\r\n"));
            }
        }
        sections.push(text);
    }
    Ok(Resp::Bulk(sections.join("\r\n").into_bytes()))
}

/// Keys of the current keyspace that will expire.
fn count_expiring(cx: &Context<'_>) -> Result<u64> {
    let range = KeyRange::from(&u64::try_from(cx.now_ms).unwrap_or(0).to_be_bytes());
    let mut count = 0;
    cx.tx.scan(cx.spaces().expiries, &range, Direction::Forward, &mut |row, _| {
        count += u64::from(row.get(8) == Some(&(Ends::Key as u8)));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(count)
}

/// LOLWUT [VERSION n …]
pub fn lolwut(_cx: &mut Context<'_>, _args: Args<'_>) -> Answer {
    let text = format!("  /\\\n /  \\   three models, one file\n/____\\\n\ntrine {}\n", env!("CARGO_PKG_VERSION"));
    Ok(Resp::Bulk(text.into_bytes()))
}
