//! What is counted while commands run, for INFO and LATENCY HISTOGRAM; CONFIG RESETSTAT starts again.

use crate::kv::Args;
use crate::reply::Resp;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The counters; all sessions of a store count together.
#[derive(Debug, Default)]
pub struct Stats {
    /// Keys that reading commands looked for and found.
    pub hits: Counter,
    /// Keys that reading commands looked for in vain.
    pub misses: Counter,
    /// Keys removed because they had expired.
    pub expired: Counter,
    /// Keys evicted for `maxmemory`.
    pub evicted: Counter,
    /// How often each error code was answered.
    errors: Mutex<BTreeMap<String, u64>>,
    /// By the place of the command among the handlers.
    commands: Vec<CommandStats>,
}

/// One counter.
#[derive(Debug, Default)]
pub struct Counter(AtomicU64);

impl Counter {
    /// One more.
    pub fn count(&self) {
        self.add(1);
    }

    fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    /// How many.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// Calls take less than 2^n microseconds in bucket n; the last takes all that is longer.
const BUCKETS: usize = 32;

/// The calls of one command.
#[derive(Debug, Default)]
pub struct CommandStats {
    /// In upper case.
    pub name: &'static str,
    calls: [Counter; BUCKETS],
    /// Nanoseconds of all calls.
    time: Counter,
    /// Calls that failed.
    pub failed: Counter,
}

impl CommandStats {
    /// How many calls.
    pub fn calls(&self) -> u64 {
        self.calls.iter().map(Counter::get).sum()
    }

    /// What all calls took.
    pub fn time(&self) -> Duration {
        Duration::from_nanos(self.time.get())
    }
}

impl Stats {
    /// Counters for commands of these names.
    pub fn of(names: impl Iterator<Item = &'static str>) -> Self {
        let commands = names.map(|name| CommandStats { name, ..CommandStats::default() });
        Stats { commands: commands.collect(), ..Stats::default() }
    }

    /// Notes a call of the command at a place.
    pub fn called(&self, place: usize, took: Duration) {
        let Some(command) = self.commands.get(place) else { return };
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = (u64::BITS - micros.leading_zeros()) as usize;
        command.calls[bucket.min(BUCKETS - 1)].count();
        command.time.add(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Notes that the command at a place failed with this text; no place: it was not run at all.
    pub fn failed(&self, place: Option<usize>, text: &str) {
        if let Some(command) = place.and_then(|place| self.commands.get(place)) {
            command.failed.count();
        }
        let code = text.split(' ').next().unwrap_or_default().to_owned();
        *self.errors.lock().unwrap_or_else(PoisonError::into_inner).entry(code).or_default() += 1;
    }

    /// The commands that were called.
    pub fn commands(&self) -> impl Iterator<Item = &CommandStats> {
        self.commands.iter().filter(|command| command.calls() > 0)
    }

    /// Error codes and how often each was answered.
    pub fn errors(&self) -> BTreeMap<String, u64> {
        self.errors.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Starts again.
    pub fn reset(&self) {
        let Stats { hits, misses, expired, evicted, errors, commands } = self;
        [hits, misses, expired, evicted].into_iter().for_each(Counter::reset);
        errors.lock().unwrap_or_else(PoisonError::into_inner).clear();
        for CommandStats { calls, time, failed, .. } in commands {
            calls.iter().chain([time, failed]).for_each(Counter::reset);
        }
    }

    /// LATENCY HISTOGRAM: for each command its calls, and for the buckets that hold any how many took
    /// at most so many microseconds.
    pub fn histograms(&self, names: Args<'_>) -> Resp {
        let wanted = |command: &&CommandStats| {
            names.is_empty() || names.iter().any(|name| name.eq_ignore_ascii_case(command.name.as_bytes()))
        };
        let integer = |number: u64| Resp::Integer(i64::try_from(number).unwrap_or(i64::MAX));
        let mut found = Vec::new();
        for command in self.commands().filter(wanted) {
            let (mut sum, mut buckets) = (0, Vec::new());
            for (bucket, calls) in command.calls.iter().enumerate().filter(|(_, calls)| calls.get() > 0) {
                sum += calls.get();
                buckets.extend([integer(1 << bucket), integer(sum)]);
            }
            let fields =
                vec![Resp::bulk("calls"), integer(command.calls()), Resp::bulk("histogram_usec"), Resp::Array(buckets)];
            found.extend([Resp::bulk(command.name.to_ascii_lowercase()), Resp::Array(fields)]);
        }
        Resp::Array(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kv::testing::show;

    #[test]
    fn calls_fall_into_buckets_of_microseconds() {
        let stats = Stats::of(["GET", "SET"].into_iter());
        for micros in [0, 1, 2, 3, 1000] {
            stats.called(1, Duration::from_micros(micros));
        }
        stats.failed(Some(1), "WRONGTYPE x");
        assert_eq!(show(&stats.histograms(&[])), "[set [calls 5 histogram_usec [1 1 2 2 4 4 1024 5]]]");
        assert_eq!(show(&stats.histograms(&[b"get".to_vec()])), "[]");
        assert_eq!(stats.errors().into_iter().collect::<Vec<_>>(), [("WRONGTYPE".to_owned(), 1)]);
        stats.reset();
        assert_eq!((stats.commands().count(), stats.errors().len()), (0, 0));
    }
}
