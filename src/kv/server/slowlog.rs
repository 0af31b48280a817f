//! SLOWLOG and LATENCY: commands that took long (redis.io/docs/latest/commands/slowlog-get,
//! redis.io/docs/latest/operate/oss_and_stack/management/optimization/latency-monitor).
//!
//! What is measured is the command itself, without reading its text, committing and answering.

use super::parameters::Settings;
use crate::ast::kv::Command;
use crate::kv::facts::Facts;
use crate::kv::number::integer_argument;
use crate::kv::subcommand::Container;
use crate::kv::{Answer, Args, Context, Error};
use crate::reply::Resp;
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Words of a command that an entry keeps at most.
const KEPT_WORDS: usize = 32;
/// Bytes of a word that an entry keeps at most.
const KEPT_BYTES: usize = 128;
/// Entries that GET shows unless told otherwise.
const SHOWN: i64 = 10;
/// Samples of an event that LATENCY keeps.
const SAMPLES: usize = 160;

/// SLOWLOG and its subcommands.
pub const SLOWLOG: Container = Container {
    name: "slowlog",
    subcommands: &[("get", -2), ("help", 2), ("len", 2), ("reset", 2)],
    help: &[
        "SLOWLOG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "GET [<count>]",
        "    Return top <count> entries from the slowlog (default: 10, -1 mean all).",
        "    Entries are made of:",
        "    id, timestamp, time in microseconds, arguments array, client IP and port,",
        "    client name",
        "LEN",
        "    Return the length of the slowlog.",
        "RESET",
        "    Reset the slowlog.",
        "HELP",
        "    Prints this help.",
    ],
    ..Container::EMPTY
};

/// LATENCY and its subcommands.
pub const LATENCY: Container = Container {
    name: "latency",
    subcommands: &[
        ("doctor", 2),
        ("graph", 3),
        ("help", 2),
        ("histogram", -2),
        ("history", 3),
        ("latest", 2),
        ("reset", -2),
    ],
    help: &[
        "LATENCY <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "DOCTOR",
        "    Return a human readable latency analysis report.",
        "GRAPH <event>",
        "    Return an ASCII latency graph for the <event> class.",
        "HISTORY <event>",
        "    Return time-latency samples for the <event> class.",
        "LATEST",
        "    Return the latest latency samples for all events.",
        "RESET [<event> ...]",
        "    Reset latency data of one or more <event> classes.",
        "    (default: reset all data for all event classes)",
        "HISTOGRAM [COMMAND ...]",
        "    Return a cumulative distribution of commands latencies in histogram format.",
        "HELP",
        "    Prints this help.",
    ],
    ..Container::EMPTY
};

/// A slow command.
#[derive(Debug)]
struct Entry {
    id: i64,
    /// Seconds since 1970.
    at: i64,
    took: Duration,
    words: Vec<Vec<u8>>,
}

/// One second in which an event took long.
#[derive(Debug, Clone, Copy)]
struct Sample {
    /// Seconds since 1970.
    at: i64,
    /// Milliseconds; the longest of that second.
    took: i64,
}

#[derive(Debug, Default)]
struct Event {
    samples: VecDeque<Sample>,
    longest: i64,
}

/// What took long.
#[derive(Debug, Default)]
pub struct Slow {
    log: Mutex<Log>,
    events: Mutex<BTreeMap<&'static str, Event>>,
}

#[derive(Debug, Default)]
struct Log {
    next_id: i64,
    /// The newest first.
    entries: VecDeque<Entry>,
}

impl Slow {
    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn events(&self) -> MutexGuard<'_, BTreeMap<&'static str, Event>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks whether a command took long enough to be remembered.
    pub fn note(&self, command: &Command, facts: Option<&Facts>, took: Duration, now_ms: i64, settings: &Settings) {
        let threshold = settings.slowlog_threshold.load(Ordering::Relaxed);
        if u64::try_from(threshold).is_ok_and(|threshold| took >= Duration::from_micros(threshold)) {
            self.remember(command, took, now_ms, settings.slowlog_length.load(Ordering::Relaxed));
        }
        let threshold = settings.latency_threshold.load(Ordering::Relaxed).unsigned_abs();
        if threshold > 0 && took >= Duration::from_millis(threshold) {
            let is_fast = facts.is_some_and(|facts| facts.has("fast"));
            let took = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
            self.sample(if is_fast { "fast-command" } else { "command" }, took, now_ms.div_euclid(1000));
        }
    }

    fn remember(&self, command: &Command, took: Duration, now_ms: i64, most: i64) {
        let mut log = self.log();
        let entry = Entry { id: log.next_id, at: now_ms.div_euclid(1000), took, words: kept(command) };
        log.next_id += 1;
        log.entries.push_front(entry);
        log.entries.truncate(usize::try_from(most).unwrap_or(0));
    }

    fn sample(&self, event: &'static str, took: i64, at: i64) {
        let mut events = self.events();
        let event = events.entry(event).or_default();
        event.longest = event.longest.max(took);
        match event.samples.back_mut() {
            Some(last) if last.at == at => last.took = last.took.max(took),
            _ => {
                if event.samples.len() == SAMPLES {
                    event.samples.pop_front();
                }
                event.samples.push_back(Sample { at, took });
            }
        }
    }
}

/// The words of a command, shortened as Redis shortens them.
fn kept(command: &Command) -> Vec<Vec<u8>> {
    let shorten = |word: &[u8]| match word.get(..KEPT_BYTES) {
        Some(start) if word.len() > KEPT_BYTES => {
            let more = format!("... ({} more bytes)", word.len() - KEPT_BYTES);
            [start, more.as_bytes()].concat()
        }
        _ => word.to_vec(),
    };
    let words = command.args.len() + 1;
    let shown = if words > KEPT_WORDS { KEPT_WORDS - 1 } else { words };
    let all = std::iter::once(&command.name).chain(&command.args);
    let mut kept: Vec<_> = all.take(shown).map(|word| shorten(word)).collect();
    if words > shown {
        kept.push(format!("... ({} more arguments)", words - shown).into_bytes());
    }
    kept
}

/// SLOWLOG GET [count]|LEN|RESET|HELP
pub fn slowlog(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let mut log = cx.server.slow.log();
    match SLOWLOG.choose(args)? {
        ("len", _) => Ok(Resp::Integer(log.entries.len() as i64)),
        ("reset", _) => {
            log.entries.clear();
            Ok(Resp::ok())
        }
        ("get", count) => {
            let count = match count {
                [] => SHOWN,
                [count] => integer_argument(count)?,
                _ => return Err(Error::arity("slowlog|get")),
            };
            let shown = match usize::try_from(count) {
                Ok(count) => count,
                Err(_) if count == -1 => usize::MAX,
                Err(_) => return Err(Error::err("count should be greater than or equal to -1")),
            };
            let entry = |entry: &Entry| {
                Resp::Array(vec![
                    Resp::Integer(entry.id),
                    Resp::Integer(entry.at),
                    Resp::Integer(i64::try_from(entry.took.as_micros()).unwrap_or(i64::MAX)),
                    Resp::Array(entry.words.iter().map(|word| Resp::bulk(word.as_slice())).collect()),
                    // There is no network between the client and its commands.
                    Resp::bulk(""),
                    Resp::bulk(""),
                ])
            };
            Ok(Resp::Array(log.entries.iter().take(shown).map(entry).collect()))
        }
        _ => Ok(SLOWLOG.help()),
    }
}

/// LATENCY DOCTOR|GRAPH|HISTOGRAM|HISTORY|LATEST|RESET|HELP
pub fn latency(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let server = cx.server;
    let mut events = server.slow.events();
    match LATENCY.choose(args)? {
        ("doctor", _) => Ok(Resp::Text(doctor(&events, server.settings.latency_threshold.load(Ordering::Relaxed)))),
        ("graph", [name]) => match named(&events, name) {
            Some((name, event)) => Ok(Resp::Text(graph(name, event))),
            None => {
                let name = String::from_utf8_lossy(name);
                Err(Error::err(format_args!("No samples available for event '{name}'")))
            }
        },
        ("history", [name]) => {
            let samples = named(&events, name).into_iter().flat_map(|(_, event)| &event.samples);
            let pair = |sample: &Sample| Resp::Array(vec![Resp::Integer(sample.at), Resp::Integer(sample.took)]);
            Ok(Resp::Array(samples.map(pair).collect()))
        }
        ("latest", _) => {
            let row = |(name, event): (&&str, &Event)| {
                let last = event.samples.back()?;
                let numbers = [last.at, last.took, event.longest].map(Resp::Integer);
                Some(Resp::Array([Resp::bulk(*name)].into_iter().chain(numbers).collect()))
            };
            Ok(Resp::Array(events.iter().filter_map(row).collect()))
        }
        ("reset", names) => {
            let before = events.len();
            events.retain(|name, _| {
                !names.is_empty() && !names.iter().any(|typed| typed.eq_ignore_ascii_case(name.as_bytes()))
            });
            Ok(Resp::Integer((before - events.len()) as i64))
        }
        ("histogram", names) => Ok(server.stats.histograms(names)),
        _ => Ok(LATENCY.help()),
    }
}

fn named<'e>(events: &'e BTreeMap<&'static str, Event>, name: &[u8]) -> Option<(&'static str, &'e Event)> {
    let is_it = |(known, _): &(&&str, &Event)| name.eq_ignore_ascii_case(known.as_bytes());
    events.iter().find(is_it).map(|(name, event)| (*name, event))
}

fn doctor(events: &BTreeMap<&'static str, Event>, threshold: i64) -> String {
    if threshold == 0 {
        return "Commands are not watched for latency: CONFIG SET latency-monitor-threshold <milliseconds> \
                does it.\n"
            .to_owned();
    }
    if events.is_empty() {
        return format!("No command took {threshold} milliseconds or more.\n");
    }
    let mut text = String::new();
    for (name, event) in events {
        let sum: i64 = event.samples.iter().map(|sample| sample.took).sum();
        let count = event.samples.len().max(1);
        let _ = writeln!(
            text,
            "{name}: {count} seconds with commands of {threshold} ms or more, {} ms on average, {} ms at worst.",
            sum / count as i64,
            event.longest
        );
    }
    text.push_str("SLOWLOG GET names the commands.\n");
    text
}

/// One bar a sample, the longest eight rows high.
fn graph(name: &str, event: &Event) -> String {
    const ROWS: i64 = 8;
    let longest = event.samples.iter().map(|sample| sample.took).max().unwrap_or(0).max(1);
    let mut text = format!("{name} - high {longest} ms, all time high {} ms\n", event.longest);
    text.push_str(&"-".repeat(80));
    text.push('\n');
    for row in (1..=ROWS).rev() {
        let bars = event.samples.iter().map(|sample| if sample.took * ROWS >= longest * row { '#' } else { ' ' });
        let _ = writeln!(text, "{}", bars.collect::<String>().trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(words: &[&str]) -> Command {
        let words: Vec<Vec<u8>> = words.iter().map(|word| word.as_bytes().to_vec()).collect();
        Command { name: words[0].clone(), args: words[1..].to_vec() }
    }

    #[test]
    fn entries_are_shortened_and_the_oldest_go() {
        let (slow, settings) = (Slow::default(), Settings::default());
        let long = "x".repeat(200);
        let many: Vec<String> = (0..40).map(|n| n.to_string()).collect();
        let many: Vec<&str> = ["MSET"].into_iter().chain(many.iter().map(String::as_str)).collect();
        for words in [&["GET", &long][..], &many] {
            slow.note(&command(words), None, Duration::from_millis(20), 5_000, &settings);
        }
        slow.note(&command(&["GET", "a"]), None, Duration::from_millis(1), 5_000, &settings);
        let log = slow.log();
        assert_eq!(log.entries.iter().map(|entry| (entry.id, entry.at)).collect::<Vec<_>>(), [(1, 5), (0, 5)]);
        assert_eq!(log.entries[0].words.len(), 32);
        assert_eq!(log.entries[0].words[31], b"... (10 more arguments)");
        assert!(log.entries[1].words[1].ends_with(b"xx... (72 more bytes)"));
        drop(log);
        settings.slowlog_length.store(1, Ordering::Relaxed);
        slow.note(&command(&["GET", "b"]), None, Duration::from_millis(20), 6_000, &settings);
        assert_eq!(slow.log().entries.len(), 1);
    }

    #[test]
    fn a_second_keeps_its_longest_latency() {
        let (slow, settings) = (Slow::default(), Settings::default());
        settings.latency_threshold.store(10, Ordering::Relaxed);
        for (took, now) in [(20, 1_000), (15, 1_500), (30, 2_000), (5, 2_500)] {
            slow.note(&command(&["KEYS", "*"]), None, Duration::from_millis(took), now, &settings);
        }
        let events = slow.events();
        let samples: Vec<_> = events["command"].samples.iter().map(|sample| (sample.at, sample.took)).collect();
        assert_eq!((samples, events["command"].longest), (vec![(1, 20), (2, 30)], 30));
        assert_eq!(graph("command", &events["command"]).lines().nth(2), Some(" #"));
        assert!(doctor(&events, 10).starts_with("command: 2 seconds"));
    }
}
