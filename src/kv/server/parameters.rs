//! The parameters of CONFIG: their names, what they may be, what they are
//! (redis.io/docs/latest/operate/oss_and_stack/management/config).
//!
//! A parameter that can be set is a number inside: a count, bytes, yes or no, the place of a word among
//! its choices, event classes. The others tell how things are; setting one to what it is changes nothing
//! and is allowed where Redis lets it be set.

use crate::kv::number::integer;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{PoisonError, RwLock};

/// Classes of keyspace events, as bits of `notify-keyspace-events`
/// (redis.io/docs/latest/develop/use/keyspace-notifications).
pub mod events {
    /// `__keyspace@<n>__:<key>` channels.
    pub const KEYSPACE: i64 = 1;
    /// `__keyevent@<n>__:<event>` channels.
    pub const KEYEVENT: i64 = 1 << 1;
    /// Commands of no type: DEL, EXPIRE, RENAME …
    pub const GENERIC: i64 = 1 << 2;
    /// Strings.
    pub const STRING: i64 = 1 << 3;
    /// Lists.
    pub const LIST: i64 = 1 << 4;
    /// Sets.
    pub const SET: i64 = 1 << 5;
    /// Hashes.
    pub const HASH: i64 = 1 << 6;
    /// Sorted sets.
    pub const SORTED_SET: i64 = 1 << 7;
    /// A key has expired.
    pub const EXPIRED: i64 = 1 << 8;
    /// A key was evicted for `maxmemory`.
    pub const EVICTED: i64 = 1 << 9;
    /// Streams.
    pub const STREAM: i64 = 1 << 10;
    /// A key that is not there was asked for; not in `A`.
    pub const KEY_MISS: i64 = 1 << 11;
    /// Modules; nothing here tells of them.
    pub const MODULE: i64 = 1 << 12;
    /// A key was made; not in `A`.
    pub const NEW: i64 = 1 << 13;
    /// What `A` stands for.
    pub const ALL: i64 = GENERIC | STRING | LIST | SET | HASH | SORTED_SET | EXPIRED | EVICTED | STREAM | MODULE;

    /// Letters and what they stand for, in the order in which Redis shows them.
    pub(super) const LETTERS: &[(u8, i64)] = &[
        (b'A', ALL),
        (b'g', GENERIC),
        (b'$', STRING),
        (b'l', LIST),
        (b's', SET),
        (b'h', HASH),
        (b'z', SORTED_SET),
        (b'x', EXPIRED),
        (b'e', EVICTED),
        (b't', STREAM),
        (b'd', MODULE),
        (b'K', KEYSPACE),
        (b'E', KEYEVENT),
        (b'm', KEY_MISS),
        (b'n', NEW),
    ];
}

/// What a parameter may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A whole number in a range.
    Integer { least: i64, most: i64 },
    /// Bytes, with units: `100`, `4kb`, `2gb`.
    Memory,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Classes of keyspace events.
    Events,
    /// How it is here; Redis lets it be set.
    Truth,
    /// How it is here; Redis lets it be set at the start only.
    Immutable,
}

/// Where a parameter's number lies.
type Cell = fn(&Settings) -> &AtomicI64;

/// A parameter.
#[derive(Debug)]
pub struct Parameter {
    /// As Redis writes it.
    pub name: &'static str,
    /// Its older name; empty if it has none.
    pub alias: &'static str,
    kind: Kind,
    /// What it is at the start, as it is written.
    default: &'static str,
    cell: Option<Cell>,
}

const fn settable(name: &'static str, kind: Kind, default: &'static str, cell: Cell) -> Parameter {
    Parameter { name, alias: "", kind, default, cell: Some(cell) }
}

const fn fixed(name: &'static str, kind: Kind, default: &'static str) -> Parameter {
    Parameter { name, alias: "", kind, default, cell: None }
}

impl Parameter {
    const fn also(self, alias: &'static str) -> Self {
        Parameter { alias, ..self }
    }
}

const COUNT: Kind = Kind::Integer { least: 0, most: i32::MAX as i64 };
const LONG: Kind = Kind::Integer { least: 0, most: i64::MAX };

/// What is evicted when `maxmemory` is reached (redis.io/docs/latest/develop/reference/eviction).
pub const POLICIES: &[&str] = &[
    "volatile-lru",
    "volatile-lfu",
    "volatile-random",
    "volatile-ttl",
    "allkeys-lru",
    "allkeys-lfu",
    "allkeys-random",
    "noeviction",
];

/// All parameters, sorted by name.
const PARAMETERS: &[Parameter] = &[
    fixed("appendfsync", Kind::Truth, "always"),
    fixed("appendonly", Kind::Truth, "yes"),
    fixed("cluster-enabled", Kind::Immutable, "no"),
    fixed("databases", Kind::Immutable, "16"),
    fixed("dbfilename", Kind::Truth, ""),
    fixed("dir", Kind::Truth, ""),
    settable("hash-max-listpack-entries", LONG, "512", |s| &s.hash_max_entries).also("hash-max-ziplist-entries"),
    settable("hash-max-listpack-value", Kind::Memory, "64", |s| &s.hash_max_value).also("hash-max-ziplist-value"),
    settable("latency-monitor-threshold", LONG, "0", |s| &s.latency_threshold),
    fixed("lazyfree-lazy-eviction", Kind::Truth, "yes"),
    fixed("lazyfree-lazy-expire", Kind::Truth, "yes"),
    fixed("lazyfree-lazy-server-del", Kind::Truth, "yes"),
    fixed("lazyfree-lazy-user-del", Kind::Truth, "yes"),
    fixed("lazyfree-lazy-user-flush", Kind::Truth, "yes"),
    settable("lfu-decay-time", COUNT, "1", |s| &s.lfu_decay_time),
    settable("lfu-log-factor", COUNT, "10", |s| &s.lfu_log_factor),
    settable("list-max-listpack-size", Kind::Integer { least: i32::MIN as i64, most: i32::MAX as i64 }, "-2", |s| {
        &s.list_max_size
    })
    .also("list-max-ziplist-size"),
    fixed("maxclients", Kind::Truth, "10000"),
    settable("maxmemory", Kind::Memory, "0", |s| &s.maxmemory),
    settable("maxmemory-policy", Kind::Choice(POLICIES), "noeviction", |s| &s.maxmemory_policy),
    settable("maxmemory-samples", Kind::Integer { least: 1, most: 64 }, "5", |s| &s.maxmemory_samples),
    settable("notify-keyspace-events", Kind::Events, "", |s| &s.notify_events),
    fixed("port", Kind::Truth, "0"),
    fixed("proto-max-bulk-len", Kind::Truth, "536870912"),
    fixed("requirepass", Kind::Truth, ""),
    fixed("save", Kind::Truth, ""),
    settable("set-max-intset-entries", LONG, "512", |s| &s.set_max_intset),
    settable("set-max-listpack-entries", LONG, "128", |s| &s.set_max_entries),
    settable("set-max-listpack-value", Kind::Memory, "64", |s| &s.set_max_value),
    settable("slowlog-log-slower-than", Kind::Integer { least: -1, most: i64::MAX }, "10000", |s| &s.slowlog_threshold),
    settable("slowlog-max-len", LONG, "128", |s| &s.slowlog_length),
    fixed("stream-node-max-entries", Kind::Truth, "100"),
    fixed("timeout", Kind::Truth, "0"),
    settable("zset-max-listpack-entries", LONG, "128", |s| &s.zset_max_entries).also("zset-max-ziplist-entries"),
    settable("zset-max-listpack-value", Kind::Memory, "64", |s| &s.zset_max_value).also("zset-max-ziplist-value"),
];

/// All parameters, in order.
pub fn parameters() -> &'static [Parameter] {
    PARAMETERS
}

/// The parameter of this name or older name, in any case.
pub fn parameter(name: &[u8]) -> Option<&'static Parameter> {
    let is = |known: &str| !known.is_empty() && name.eq_ignore_ascii_case(known.as_bytes());
    PARAMETERS.iter().find(|parameter| is(parameter.name) || is(parameter.alias))
}

/// What the parameters are set to.
#[derive(Debug)]
pub struct Settings {
    /// Elements of the largest hash that OBJECT ENCODING calls a listpack.
    pub hash_max_entries: AtomicI64,
    /// Bytes of the longest field or value in such a hash.
    pub hash_max_value: AtomicI64,
    /// Milliseconds from which LATENCY remembers a command; 0: never.
    pub latency_threshold: AtomicI64,
    /// Minutes after which the counter of an untouched key loses one.
    pub lfu_decay_time: AtomicI64,
    /// How slowly the counter of a key grows.
    pub lfu_log_factor: AtomicI64,
    /// Elements, or if negative a class of bytes, of the largest list that is called a listpack.
    pub list_max_size: AtomicI64,
    /// Bytes that keys and values may come to; 0: no limit.
    pub maxmemory: AtomicI64,
    /// The place of the policy in [`POLICIES`].
    pub maxmemory_policy: AtomicI64,
    /// Keys looked at for each key that is evicted.
    pub maxmemory_samples: AtomicI64,
    /// The classes of [`events`] that are told.
    pub notify_events: AtomicI64,
    /// Members of the largest set of integers that is called an intset.
    pub set_max_intset: AtomicI64,
    /// Members of the largest set that is called a listpack.
    pub set_max_entries: AtomicI64,
    /// Bytes of the longest member of such a set.
    pub set_max_value: AtomicI64,
    /// Microseconds from which a command is slow; negative: none is.
    pub slowlog_threshold: AtomicI64,
    /// Slow commands remembered.
    pub slowlog_length: AtomicI64,
    /// Members of the largest sorted set that is called a listpack.
    pub zset_max_entries: AtomicI64,
    /// Bytes of the longest member of such a sorted set.
    pub zset_max_value: AtomicI64,
    /// What is not as the table says, of the parameters that tell how things are.
    truths: RwLock<HashMap<&'static str, String>>,
}

impl Default for Settings {
    fn default() -> Self {
        let zero = AtomicI64::default;
        let settings = Settings {
            hash_max_entries: zero(),
            hash_max_value: zero(),
            latency_threshold: zero(),
            lfu_decay_time: zero(),
            lfu_log_factor: zero(),
            list_max_size: zero(),
            maxmemory: zero(),
            maxmemory_policy: zero(),
            maxmemory_samples: zero(),
            notify_events: zero(),
            set_max_intset: zero(),
            set_max_entries: zero(),
            set_max_value: zero(),
            slowlog_threshold: zero(),
            slowlog_length: zero(),
            zset_max_entries: zero(),
            zset_max_value: zero(),
            truths: RwLock::default(),
        };
        for parameter in PARAMETERS {
            if let (Some(cell), Ok(Some(number))) = (parameter.cell, parameter.parse(parameter.default.as_bytes())) {
                cell(&settings).store(number, Ordering::Relaxed);
            }
        }
        settings
    }
}

impl Settings {
    /// Says how something is, for a parameter that cannot be set.
    pub fn tell(&self, name: &'static str, value: &str) {
        self.truths.write().unwrap_or_else(PoisonError::into_inner).insert(name, value.to_owned());
    }

    /// Whether there is a memory limit.
    pub fn is_limited(&self) -> bool {
        self.maxmemory.load(Ordering::Relaxed) != 0
    }

    /// The policy.
    pub fn policy(&self) -> &'static str {
        let place = usize::try_from(self.maxmemory_policy.load(Ordering::Relaxed)).ok();
        place.and_then(|place| POLICIES.get(place)).copied().unwrap_or_default()
    }

    /// How something is that cannot be set.
    pub fn truth(&self, name: &str) -> String {
        parameter(name.as_bytes()).map(|parameter| self.show(parameter)).unwrap_or_default()
    }

    /// Whether the policy is one that counts how often keys are used.
    pub fn counts_accesses(&self) -> bool {
        self.policy().ends_with("-lfu")
    }

    /// What a parameter is, as it is written.
    pub fn show(&self, parameter: &Parameter) -> String {
        let Some(cell) = parameter.cell else {
            let truths = self.truths.read().unwrap_or_else(PoisonError::into_inner);
            return truths.get(parameter.name).map_or(parameter.default, String::as_str).to_owned();
        };
        let number = cell(self).load(Ordering::Relaxed);
        match parameter.kind {
            Kind::Choice(words) => {
                usize::try_from(number).ok().and_then(|place| words.get(place)).copied().unwrap_or_default().to_owned()
            }
            Kind::Events => show_events(number),
            _ => number.to_string(),
        }
    }

    /// What a parameter would become, or why it cannot: checked before anything is set.
    pub fn check(&self, parameter: &Parameter, text: &[u8]) -> Result<Change, Cow<'static, str>> {
        let changed = parameter.parse(text)?;
        match (changed, parameter.kind) {
            (None, Kind::Immutable) => Err("can't set immutable config".into()),
            (None, _) if self.show(parameter).as_bytes() != text => {
                Err(format!("it is {:?} here and cannot be changed", self.show(parameter)).into())
            }
            _ => Ok(Change { cell: parameter.cell, number: changed.unwrap_or_default() }),
        }
    }

    /// Sets all parameters to what they are elsewhere; how things are stays.
    pub fn take_over(&self, other: &Settings) {
        for cell in PARAMETERS.iter().filter_map(|parameter| parameter.cell) {
            cell(self).store(cell(other).load(Ordering::Relaxed), Ordering::Relaxed);
        }
    }

    /// Sets a parameter.
    pub fn set(&self, change: Change) {
        if let Some(cell) = change.cell {
            cell(self).store(change.number, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
impl Settings {
    /// Sets the policy.
    pub fn set_policy(&self, name: &str) {
        let policy = parameter(b"maxmemory-policy").unwrap();
        self.set(self.check(policy, name.as_bytes()).unwrap());
    }
}

/// A parameter's new value, checked.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    cell: Option<Cell>,
    number: i64,
}

impl Parameter {
    /// The number a text stands for; nothing for a parameter that cannot be set.
    fn parse(&self, text: &[u8]) -> Result<Option<i64>, Cow<'static, str>> {
        match self.kind {
            Kind::Integer { least, most } => match integer(text) {
                None => Err("argument couldn't be parsed into an integer".into()),
                Some(number) if (least..=most).contains(&number) => Ok(Some(number)),
                Some(_) => Err(format!("argument must be between {least} and {most} inclusive").into()),
            },
            Kind::Memory => parse_memory(text).map(Some).ok_or_else(|| "argument must be a memory value".into()),
            Kind::Choice(words) => match words.iter().position(|word| text.eq_ignore_ascii_case(word.as_bytes())) {
                Some(place) => Ok(Some(place as i64)),
                None => Err(format!("argument(s) must be one of the following: {}", words.join(", ")).into()),
            },
            Kind::Events => match parse_events(text) {
                Some(classes) => Ok(Some(classes)),
                None => Err("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.".into()),
            },
            Kind::Truth | Kind::Immutable => Ok(None),
        }
    }
}

/// Bytes with a unit: `b`, `k` and `kb` of 1000 and 1024, and so on up to `gb`.
fn parse_memory(text: &[u8]) -> Option<i64> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, unit) = text.split_at_checked(digits)?;
    let factor = match unit.to_ascii_lowercase().as_slice() {
        b"" | b"b" => 1,
        b"k" => 1_000,
        b"kb" => 1 << 10,
        b"m" => 1_000_000,
        b"mb" => 1 << 20,
        b"g" => 1_000_000_000,
        b"gb" => 1 << 30,
        _ => return None,
    };
    std::str::from_utf8(number).ok()?.parse::<i64>().ok()?.checked_mul(factor)
}

fn parse_events(text: &[u8]) -> Option<i64> {
    text.iter().try_fold(0, |classes, letter| {
        let (_, class) = events::LETTERS.iter().find(|(known, _)| known == letter)?;
        Some(classes | class)
    })
}

fn show_events(classes: i64) -> String {
    let mut shown = 0;
    let mut text = String::new();
    for &(letter, class) in events::LETTERS {
        if classes & class == class && shown & class != class {
            text.push(char::from(letter));
            shown |= class;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_sorted_and_start_as_the_table_says() {
        let settings = Settings::default();
        assert!(PARAMETERS.windows(2).all(|pair| pair[0].name < pair[1].name));
        for parameter in PARAMETERS {
            assert_eq!(settings.show(parameter), parameter.default, "{}", parameter.name);
            assert_eq!(parameter.cell.is_some(), !matches!(parameter.kind, Kind::Truth | Kind::Immutable));
        }
    }

    #[test]
    fn memory_has_units() {
        for (text, bytes) in [("100", 100), ("2k", 2000), ("2kb", 2048), ("1MB", 1 << 20), ("4gb", 4 << 30), ("", 0)] {
            assert_eq!(parse_memory(text.as_bytes()), Some(bytes).filter(|_| !text.is_empty()), "{text}");
        }
        for text in ["-1", "1.5gb", "gb", "1tb", "99999999999gb", " 1"] {
            assert_eq!(parse_memory(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn event_classes_are_shown_as_redis_shows_them() {
        for (text, shown) in [("KEA", "AKE"), ("gK", "gK"), ("Kxg$lshzetd", "AK"), ("", ""), ("nmE", "Emn")] {
            assert_eq!(show_events(parse_events(text.as_bytes()).unwrap()), shown, "{text}");
        }
        assert_eq!(parse_events(b"KQ"), None);
    }

    #[test]
    fn the_policies_that_count_are_the_lfu_ones() {
        let settings = Settings::default();
        for policy in POLICIES {
            settings.set_policy(policy);
            assert_eq!(settings.counts_accesses(), policy.ends_with("-lfu"), "{policy}");
        }
    }
}
