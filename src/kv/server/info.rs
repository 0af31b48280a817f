//! INFO: facts about the program and the keyspaces (redis.io/docs/latest/commands/info).
//!
//! The fields are Redis', as far as they mean something here; nothing is made up for the others.

use super::REDIS_VERSION;
use crate::kv::layout::{Ends, KEYSPACES};
use crate::kv::{Answer, Args, Context, Result};
use crate::reply::Resp;
use crate::storage::{Direction, KeyRange};
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

type Section = fn(&mut Context<'_>, &mut String) -> Result<()>;

/// Name, whether INFO shows it unasked, and what writes it.
const SECTIONS: &[(&str, bool, Section)] = &[
    ("Server", true, server),
    ("Clients", true, clients),
    ("Memory", true, memory),
    ("Persistence", true, persistence),
    ("Stats", true, stats),
    ("Replication", true, replication),
    ("Commandstats", false, command_stats),
    ("Errorstats", true, error_stats),
    ("Cluster", true, cluster),
    ("Keyspace", true, keyspaces),
];

macro_rules! field {
    ($text:expr, $name:expr, $value:expr) => {{
        let _ = write!($text, "{}:{}\r\n", $name, $value);
    }};
}

/// INFO [section …]
pub fn info(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let asked = |word: &str| args.iter().any(|arg| arg.eq_ignore_ascii_case(word.as_bytes()));
    let (all, default) = (asked("all") || asked("everything"), args.is_empty() || asked("default"));
    let mut sections = Vec::new();
    for &(name, unasked, section) in SECTIONS {
        if all || asked(name) || (default && unasked) {
            let mut text = format!("# {name}\r\n");
            section(cx, &mut text)?;
            sections.push(text);
        }
    }
    Ok(Resp::Text(sections.join("\r\n")))
}

fn server(cx: &mut Context<'_>, text: &mut String) -> Result<()> {
    let up = (cx.now_ms - cx.server.access.opened_ms(cx.now_ms)).max(0) / 1000;
    field!(text, "redis_version", REDIS_VERSION);
    field!(text, "trine_version", env!("CARGO_PKG_VERSION"));
    field!(text, "redis_mode", "standalone");
    field!(text, "os", std::env::consts::OS);
    field!(text, "arch_bits", usize::BITS);
    field!(text, "process_id", std::process::id());
    field!(text, "tcp_port", 0);
    field!(text, "server_time_usec", cx.now_ms * 1000);
    field!(text, "uptime_in_seconds", up);
    field!(text, "uptime_in_days", up / 86_400);
    let program = std::env::current_exe().unwrap_or_default();
    field!(text, "executable", program.display());
    field!(text, "config_file", "");
    Ok(())
}

fn clients(cx: &mut Context<'_>, text: &mut String) -> Result<()> {
    field!(text, "connected_clients", cx.subscriber.exchange().sessions().len());
    field!(text, "maxclients", 10_000);
    Ok(())
}

/// What the process takes of the machine's memory, where the system tells.
fn resident_bytes() -> Option<u64> {
    let pages = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = pages.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// Bytes as Redis writes them for people.
pub(super) fn human(bytes: u64) -> String {
    const UNITS: [(u64, char); 4] = [(1 << 40, 'T'), (1 << 30, 'G'), (1 << 20, 'M'), (1 << 10, 'K')];
    match UNITS.iter().find(|(size, _)| bytes >= *size) {
        Some((size, unit)) => format!("{:.2}{unit}", bytes as f64 / *size as f64),
        None => format!("{bytes}B"),
    }
}

fn memory(cx: &mut Context<'_>, text: &mut String) -> Result<()> {
    let used = cx.states.bytes(cx.tx.as_read(), cx.database)?;
    field!(text, "used_memory", used);
    field!(text, "used_memory_human", human(used));
    if let Some(resident) = resident_bytes() {
        field!(text, "used_memory_rss", resident);
        field!(text, "used_memory_rss_human", human(resident));
    }
    field!(text, "used_memory_dataset", used);
    let limit = cx.server.settings.maxmemory.load(Ordering::Relaxed).unsigned_abs();
    field!(text, "maxmemory", limit);
    field!(text, "maxmemory_human", human(limit));
    field!(text, "maxmemory_policy", cx.server.settings.policy());
    field!(text, "lazyfree_pending_objects", removed_collections(cx)?);
    Ok(())
}

/// Collections whose elements wait to be reclaimed.
fn removed_collections(cx: &mut Context<'_>) -> Result<u64> {
    let (tx, database) = (cx.tx.as_read(), cx.database);
    (0..KEYSPACES as u8).try_fold(0, |sum, keyspace| Ok(sum + cx.states.get(tx, database, keyspace)?.removed))
}

fn persistence(cx: &mut Context<'_>, text: &mut String) -> Result<()> {
    let opened = cx.server.access.opened_ms(cx.now_ms);
    field!(text, "loading", 0);
    field!(text, "rdb_bgsave_in_progress", 0);
    field!(text, "rdb_last_save_time", cx.server.last_save_ms(opened).div_euclid(1000));
    field!(text, "rdb_last_bgsave_status", "ok");
    let on_file = cx.server.settings.truth("appendonly") == "yes";
    field!(text, "aof_enabled", u8::from(on_file));
    field!(text, "aof_rewrite_in_progress", 0);
    Ok(())
}

fn stats(cx: &mut Context<'_>, text: &mut String) -> Result<()> {
    let (stats, exchange) = (&cx.server.stats, cx.subscriber.exchange());
    field!(text, "total_commands_processed", stats.commands().map(|command| command.calls()).sum::<u64>());
    field!(text, "expired_keys", stats.expired.get());
    field!(text, "evicted_keys", stats.evicted.get());
    field!(text, "keyspace_hits", stats.hits.get());
    field!(text, "keyspace_misses", stats.misses.get());
    field!(text, "pubsub_channels", exchange.channels().len());
    field!(text, "pubsub_patterns", exchange.patterns());
    field!(text, "total_error_replies", stats.errors().values().sum::<u64>());
    Ok(())
}

fn replication(_cx: &mut Context<'_>, text: &mut String) -> Result<()> {
    field!(text, "role", "master");
    field!(text, "connected_slaves", 0);
    Ok(())
}

fn command_stats(cx: &mut Context<'_>, text: &mut String) -> Result<()> {
    for command in cx.server.stats.commands() {
        let (calls, micros) = (command.calls(), command.time().as_micros());
        let per_call = micros as f64 / calls as f64;
        let failed = command.failed.get();
        let value = format_args!(
            "calls={calls},usec={micros},usec_per_call={per_call:.2},rejected_calls=0,failed_calls={failed}"
        );
        field!(text, format_args!("cmdstat_{}", command.name.to_ascii_lowercase()), value);
    }
    Ok(())
}

fn error_stats(cx: &mut Context<'_>, text: &mut String) -> Result<()> {
    for (code, count) in cx.server.stats.errors() {
        field!(text, format_args!("errorstat_{code}"), format_args!("count={count}"));
    }
    Ok(())
}

fn cluster(_cx: &mut Context<'_>, text: &mut String) -> Result<()> {
    field!(text, "cluster_enabled", 0);
    Ok(())
}

fn keyspaces(cx: &mut Context<'_>, text: &mut String) -> Result<()> {
    for keyspace in 0..KEYSPACES as u8 {
        let (keys, expiring) = cx.within(keyspace, |cx| Ok((cx.count_keys()?, Expiring::count(cx)?)))?;
        if keys > 0 {
            let Expiring { count, average_ms } = expiring;
            let value = format_args!("keys={keys},expires={count},avg_ttl={average_ms}");
            field!(text, format_args!("db{keyspace}"), value);
        }
    }
    Ok(())
}

/// The keys of a keyspace that will expire.
struct Expiring {
    count: u64,
    /// Milliseconds until they do, on average.
    average_ms: u64,
}

impl Expiring {
    fn count(cx: &Context<'_>) -> Result<Self> {
        let now = u64::try_from(cx.now_ms).unwrap_or(0);
        let (mut count, mut sum) = (0, 0u128);
        cx.tx.scan(cx.spaces().expiries, &KeyRange::from(&now.to_be_bytes()), Direction::Forward, &mut |row, _| {
            if let Some((end, &[what, ..])) = row.split_first_chunk()
                && what == Ends::Key as u8
            {
                count += 1;
                sum += u128::from(u64::from_be_bytes(*end) - now);
            }
            Ok(ControlFlow::Continue(()))
        })?;
        let average_ms = sum.checked_div(u128::from(count)).unwrap_or(0);
        Ok(Expiring { count, average_ms: u64::try_from(average_ms).unwrap_or(u64::MAX) })
    }
}

#[cfg(test)]
mod tests {
    use super::human;

    #[test]
    fn bytes_for_people() {
        for (bytes, text) in [(0, "0B"), (1023, "1023B"), (1024, "1.00K"), (1_572_864, "1.50M"), (1 << 40, "1.00T")] {
            assert_eq!(human(bytes), text);
        }
    }
}
