//! INFO: facts about the program and the keyspaces.

use crate::kv::layout::{Ends, KEYSPACES};
use crate::kv::{Answer, Args, Context, Result};
use crate::reply::Resp;
use crate::storage::{Direction, KeyRange};
use std::ops::ControlFlow;

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
