//! Keyspace notifications: what happens to keys, told on channels
//! (redis.io/docs/latest/develop/use/keyspace-notifications).
//!
//! While `notify-keyspace-events` asks for events, the keyspace notes each key that a command writes or
//! removes ([`Change`]). When the command has gone well, one table says what they are called: [`RULES`].

use super::layout::Head;
use super::number::keys_behind_count;
use super::server::events::{EXPIRED, GENERIC, HASH, KEYEVENT, KEYSPACE, LIST, NEW, SET, SORTED_SET, STREAM, STRING};
use super::{Args, Context};
use crate::exchange::Signal;
use std::sync::atomic::Ordering;

/// What a command did to a key.
#[derive(Debug)]
pub struct Change {
    keyspace: u8,
    key: Vec<u8>,
    what: What,
}

#[derive(Debug)]
enum What {
    /// The key was written or removed: whether it was there before, and is there now.
    Written { existed: bool, exists: bool },
    /// An event that only the command itself can name.
    Named(i64, &'static str),
}

/// How the changes of a command are told.
#[derive(Debug, Clone, Copy)]
enum Rule {
    /// Each key by this event; and by `del` if it went with its last element.
    Each(i64, &'static str),
    /// The one key by this event, or by `del` if the result is empty.
    Store(i64, &'static str),
    /// The key that was there by the first event, the others by the second.
    FromTo(&'static str, &'static str),
    /// By what the arguments say.
    Asks(fn(Args<'_>) -> (i64, &'static str)),
    /// By the first event, and by the second too if what is written gets an end.
    Set((i64, &'static str), (i64, &'static str), fn(Args<'_>) -> bool),
    /// An element goes from the first key to the second.
    Move(i64, fn(Args<'_>) -> (&'static str, &'static str)),
    /// Not at all, but for what the command names itself.
    Named,
}

/// Commands that write, sorted by name, and what their changes are called.
const RULES: &[(&str, Rule)] = &[
    ("APPEND", Rule::Each(STRING, "append")),
    ("BITFIELD", Rule::Each(STRING, "setbit")),
    ("BITOP", Rule::Store(STRING, "set")),
    ("BLMOVE", Rule::Move(LIST, ends_of_move)),
    ("BLMPOP", Rule::Asks(|args| (LIST, popped(args.get(1..).unwrap_or_default())))),
    ("BLPOP", Rule::Each(LIST, "lpop")),
    ("BRPOP", Rule::Each(LIST, "rpop")),
    ("BRPOPLPUSH", Rule::Move(LIST, |_| ("rpop", "lpush"))),
    ("BZMPOP", Rule::Asks(|args| (SORTED_SET, popped(args.get(1..).unwrap_or_default())))),
    ("BZPOPMAX", Rule::Each(SORTED_SET, "zpopmax")),
    ("BZPOPMIN", Rule::Each(SORTED_SET, "zpopmin")),
    ("COPY", Rule::Each(GENERIC, "copy_to")),
    ("DECR", Rule::Each(STRING, "incrby")),
    ("DECRBY", Rule::Each(STRING, "incrby")),
    ("DEL", Rule::Store(GENERIC, "del")),
    ("EVAL", Rule::Named),
    ("EVALSHA", Rule::Named),
    ("EXPIRE", Rule::Store(GENERIC, "expire")),
    ("EXPIREAT", Rule::Store(GENERIC, "expire")),
    ("FLUSHALL", Rule::Named),
    ("FLUSHDB", Rule::Named),
    ("GEOADD", Rule::Each(SORTED_SET, "zadd")),
    ("GEORADIUS", Rule::Store(SORTED_SET, "georadiusstore")),
    ("GEORADIUSBYMEMBER", Rule::Store(SORTED_SET, "georadiusstore")),
    ("GEOSEARCHSTORE", Rule::Store(SORTED_SET, "geosearchstore")),
    ("GETDEL", Rule::Store(GENERIC, "del")),
    ("GETEX", Rule::Asks(|args| (GENERIC, if has_word(args, "PERSIST") { "persist" } else { "expire" }))),
    ("GETSET", Rule::Each(STRING, "set")),
    ("HDEL", Rule::Each(HASH, "hdel")),
    ("HEXPIRE", Rule::Each(HASH, "hexpire")),
    ("HEXPIREAT", Rule::Each(HASH, "hexpire")),
    ("HGETDEL", Rule::Each(HASH, "hdel")),
    ("HGETEX", Rule::Asks(|args| (HASH, if has_word(args, "PERSIST") { "hpersist" } else { "hexpire" }))),
    ("HINCRBY", Rule::Each(HASH, "hincrby")),
    ("HINCRBYFLOAT", Rule::Each(HASH, "hincrbyfloat")),
    ("HMSET", Rule::Each(HASH, "hset")),
    ("HPERSIST", Rule::Each(HASH, "hpersist")),
    ("HPEXPIRE", Rule::Each(HASH, "hexpire")),
    ("HPEXPIREAT", Rule::Each(HASH, "hexpire")),
    ("HSET", Rule::Each(HASH, "hset")),
    ("HSETEX", Rule::Set((HASH, "hset"), (HASH, "hexpire"), field_ends)),
    ("HSETNX", Rule::Each(HASH, "hset")),
    ("INCR", Rule::Each(STRING, "incrby")),
    ("INCRBY", Rule::Each(STRING, "incrby")),
    ("INCRBYFLOAT", Rule::Each(STRING, "incrbyfloat")),
    ("LINSERT", Rule::Each(LIST, "linsert")),
    ("LMOVE", Rule::Move(LIST, ends_of_move)),
    ("LMPOP", Rule::Asks(|args| (LIST, popped(args)))),
    ("LPOP", Rule::Each(LIST, "lpop")),
    ("LPUSH", Rule::Each(LIST, "lpush")),
    ("LPUSHX", Rule::Each(LIST, "lpush")),
    ("LREM", Rule::Each(LIST, "lrem")),
    ("LSET", Rule::Each(LIST, "lset")),
    ("LTRIM", Rule::Each(LIST, "ltrim")),
    ("MOVE", Rule::FromTo("move_from", "move_to")),
    ("MSET", Rule::Each(STRING, "set")),
    ("MSETNX", Rule::Each(STRING, "set")),
    ("PERSIST", Rule::Each(GENERIC, "persist")),
    ("PEXPIRE", Rule::Store(GENERIC, "expire")),
    ("PEXPIREAT", Rule::Store(GENERIC, "expire")),
    ("PFADD", Rule::Each(STRING, "pfadd")),
    ("PFCOUNT", Rule::Named),
    ("PFMERGE", Rule::Each(STRING, "pfadd")),
    ("PSETEX", Rule::Set(SET_STRING, EXPIRE, |_| true)),
    ("RENAME", Rule::FromTo("rename_from", "rename_to")),
    ("RENAMENX", Rule::FromTo("rename_from", "rename_to")),
    ("RESTORE", Rule::Each(GENERIC, "restore")),
    ("RPOP", Rule::Each(LIST, "rpop")),
    ("RPOPLPUSH", Rule::Move(LIST, |_| ("rpop", "lpush"))),
    ("RPUSH", Rule::Each(LIST, "rpush")),
    ("RPUSHX", Rule::Each(LIST, "rpush")),
    ("SADD", Rule::Each(SET, "sadd")),
    ("SDIFFSTORE", Rule::Store(SET, "sdiffstore")),
    ("SET", Rule::Set(SET_STRING, EXPIRE, |args| sets_end(args.get(2..).unwrap_or_default()))),
    ("SETBIT", Rule::Each(STRING, "setbit")),
    ("SETEX", Rule::Set(SET_STRING, EXPIRE, |_| true)),
    ("SETNX", Rule::Each(STRING, "set")),
    ("SETRANGE", Rule::Each(STRING, "setrange")),
    ("SINTERSTORE", Rule::Store(SET, "sinterstore")),
    ("SMOVE", Rule::Move(SET, |_| ("srem", "sadd"))),
    ("SORT", Rule::Store(LIST, "sortstore")),
    ("SPOP", Rule::Each(SET, "spop")),
    ("SREM", Rule::Each(SET, "srem")),
    ("SUNIONSTORE", Rule::Store(SET, "sunionstore")),
    ("SWAPDB", Rule::Named),
    ("UNLINK", Rule::Store(GENERIC, "del")),
    ("XACK", Rule::Named),
    ("XADD", Rule::Each(STREAM, "xadd")),
    ("XAUTOCLAIM", Rule::Named),
    ("XCLAIM", Rule::Named),
    ("XDEL", Rule::Each(STREAM, "xdel")),
    ("XGROUP", Rule::Asks(|args| (STREAM, group_event(args)))),
    ("XREADGROUP", Rule::Named),
    ("XSETID", Rule::Each(STREAM, "xsetid")),
    ("XTRIM", Rule::Each(STREAM, "xtrim")),
    ("ZADD", Rule::Asks(|args| (SORTED_SET, if increments(args) { "zincr" } else { "zadd" }))),
    ("ZDIFFSTORE", Rule::Store(SORTED_SET, "zdiffstore")),
    ("ZINCRBY", Rule::Each(SORTED_SET, "zincr")),
    ("ZINTERSTORE", Rule::Store(SORTED_SET, "zinterstore")),
    ("ZMPOP", Rule::Asks(|args| (SORTED_SET, popped(args)))),
    ("ZPOPMAX", Rule::Each(SORTED_SET, "zpopmax")),
    ("ZPOPMIN", Rule::Each(SORTED_SET, "zpopmin")),
    ("ZRANGESTORE", Rule::Store(SORTED_SET, "zrangestore")),
    ("ZREM", Rule::Each(SORTED_SET, "zrem")),
    ("ZREMRANGEBYLEX", Rule::Each(SORTED_SET, "zremrangebylex")),
    ("ZREMRANGEBYRANK", Rule::Each(SORTED_SET, "zremrangebyrank")),
    ("ZREMRANGEBYSCORE", Rule::Each(SORTED_SET, "zremrangebyscore")),
    ("ZUNIONSTORE", Rule::Store(SORTED_SET, "zunionstore")),
];

fn has_word(args: Args<'_>, word: &str) -> bool {
    args.iter().skip(1).any(|arg| arg.eq_ignore_ascii_case(word.as_bytes()))
}

/// Behind `numkeys key …`: LEFT, RIGHT, MIN or MAX.
fn popped(args: Args<'_>) -> &'static str {
    let end = args.get(1 + keys_behind_count(args).len()).map(|end| end.to_ascii_uppercase());
    match end.as_deref() {
        Some(b"LEFT") => "lpop",
        Some(b"RIGHT") => "rpop",
        Some(b"MIN") => "zpopmin",
        _ => "zpopmax",
    }
}

const SET_STRING: (i64, &str) = (STRING, "set");
const EXPIRE: (i64, &str) = (GENERIC, "expire");

fn sets_end(words: Args<'_>) -> bool {
    words.iter().any(|word| ["EX", "PX", "EXAT", "PXAT"].iter().any(|unit| word.eq_ignore_ascii_case(unit.as_bytes())))
}

/// Of HSETEX: its options stand before FIELDS.
fn field_ends(args: Args<'_>) -> bool {
    let options = args.iter().take_while(|word| !word.eq_ignore_ascii_case(b"FIELDS")).count();
    sets_end(args.get(1..options).unwrap_or_default())
}

fn ends_of_move(args: Args<'_>) -> (&'static str, &'static str) {
    let is_left = |at: usize| args.get(at).is_some_and(|end| end.eq_ignore_ascii_case(b"LEFT"));
    (if is_left(2) { "lpop" } else { "rpop" }, if is_left(3) { "lpush" } else { "rpush" })
}

fn group_event(args: Args<'_>) -> &'static str {
    match args.first().map(|name| name.to_ascii_lowercase()).as_deref() {
        Some(b"create") => "xgroup-create",
        Some(b"createconsumer") => "xgroup-createconsumer",
        Some(b"delconsumer") => "xgroup-delconsumer",
        Some(b"destroy") => "xgroup-destroy",
        _ => "xgroup-setid",
    }
}

/// Whether INCR stands among the options of ZADD, which end with the first score.
fn increments(args: Args<'_>) -> bool {
    const OPTIONS: [&[u8]; 6] = [b"NX", b"XX", b"GT", b"LT", b"CH", b"INCR"];
    let is_option = |word: &&Vec<u8>| OPTIONS.iter().any(|option| word.eq_ignore_ascii_case(option));
    args.iter().skip(1).take_while(is_option).any(|word| word.eq_ignore_ascii_case(b"INCR"))
}

impl Context<'_> {
    /// The classes of events that are asked for.
    pub(super) fn asked_events(&self) -> i64 {
        self.server.settings.notify_events.load(Ordering::Relaxed)
    }

    /// Notes that a key was written or removed.
    pub(super) fn note_change(&mut self, key: &[u8], old: Option<Head>, new: Option<Head>) {
        if self.asked_events() == 0 {
            return;
        }
        let what = What::Written { existed: old.is_some(), exists: new.is_some() };
        self.changes.push(Change { keyspace: self.keyspace, key: key.to_vec(), what });
    }

    /// Notes that something in a key was written, and its row was not.
    pub(super) fn note_inner_change(&mut self, key: &[u8]) {
        if self.asked_events() != 0 {
            let what = What::Written { existed: true, exists: true };
            self.changes.push(Change { keyspace: self.keyspace, key: key.to_vec(), what });
        }
    }

    /// Notes an event that only the running command can name; it is told in its turn.
    pub(super) fn note_event(&mut self, class: i64, event: &'static str, key: &[u8]) {
        if self.asked_events() != 0 {
            self.changes.push(Change { keyspace: self.keyspace, key: key.to_vec(), what: What::Named(class, event) });
        }
    }

    /// Tells what the command that has just run has changed.
    pub(super) fn tell_changes(&mut self, command: &str, args: Args<'_>) {
        let mut changes = std::mem::take(&mut self.changes);
        let rule = RULES.binary_search_by(|(name, _)| (*name).cmp(command));
        let Some((_, rule)) = rule.ok().and_then(|at| RULES.get(at)) else { return };
        match rule {
            Rule::Move(class, events) if !changes.is_empty() => self.tell_move(*class, events(args), args, &changes),
            Rule::FromTo(..) => {
                changes.sort_by_key(|change| matches!(change.what, What::Written { exists: true, .. }));
                let made = changes.last().map(|made| (made.keyspace, made.key.clone()));
                if let Some((keyspace, key)) = made {
                    self.tell_in(keyspace, NEW, "new", &key);
                }
                changes.iter().for_each(|change| self.tell_change(*rule, args, change));
            }
            _ => changes.iter().for_each(|change| self.tell_change(*rule, args, change)),
        }
    }

    fn tell_change(&mut self, rule: Rule, args: Args<'_>, change: &Change) {
        let here = change.keyspace;
        let (existed, exists) = match change.what {
            What::Named(class, event) => return self.tell_in(here, class, event, &change.key),
            What::Written { existed, exists } => (existed, exists),
        };
        if !existed && exists && !matches!(rule, Rule::FromTo(..)) {
            self.tell_in(here, NEW, "new", &change.key);
        }
        let mut tell = |class, event| self.tell_in(here, class, event, &change.key);
        match rule {
            Rule::Each(class, event) => tell(class, event),
            Rule::Store(class, event) if exists => tell(class, event),
            Rule::Asks(ask) if exists || args.first() != Some(&change.key) => {
                let (class, event) = ask(args);
                tell(class, event);
            }
            Rule::Set(set, end, gets_end) => {
                tell(set.0, set.1);
                if gets_end(args) {
                    tell(end.0, end.1);
                }
                if !exists && set.0 == STRING {
                    return tell(EXPIRED, "expired");
                }
            }
            Rule::FromTo(_, event) if exists => return tell(GENERIC, event),
            Rule::FromTo(event, _) => return tell(GENERIC, event),
            Rule::Store(..) | Rule::Asks(_) | Rule::Move(..) | Rule::Named => {}
        }
        if existed && !exists {
            tell(GENERIC, "del");
        }
    }

    /// The second key gets the element before the first loses it.
    fn tell_move(&mut self, class: i64, events: (&'static str, &'static str), args: Args<'_>, changes: &[Change]) {
        let [from, to, ..] = args else { return };
        let what = |key: &[u8]| {
            changes.iter().rev().find(|change| change.key == key).map(|change| match change.what {
                What::Written { existed, exists } => (existed, exists),
                What::Named(..) => (true, true),
            })
        };
        let here = self.keyspace;
        let told = [(to, events.1), (from, events.0)];
        // A set loses its member first.
        let order = if class == SET { [1, 0] } else { [0, 1] };
        for (key, event) in order.map(|at| told[at]) {
            if what(key).is_some_and(|(existed, _)| !existed) {
                self.tell_in(here, NEW, "new", key);
            }
            self.tell_in(here, class, event, key);
            if what(key).is_some_and(|(_, exists)| !exists) {
                self.tell_in(here, GENERIC, "del", key);
            }
        }
    }

    /// Tells that a key of the current keyspace has ended.
    pub(super) fn tell_expired(&mut self, key: &[u8]) {
        self.tell(EXPIRED, "expired", key);
    }

    /// Tells an event of a key of the current keyspace at once.
    pub(super) fn tell(&mut self, class: i64, event: &str, key: &[u8]) {
        self.tell_in(self.keyspace, class, event, key);
    }

    fn tell_in(&mut self, keyspace: u8, class: i64, event: &str, key: &[u8]) {
        let asked = self.asked_events();
        if asked & class == 0 {
            return;
        }
        let mut send = |channel: Vec<u8>, payload: &[u8]| {
            if self.subscriber.exchange().receivers(&channel) > 0 {
                self.signals.push(Signal::Message { channel, payload: payload.to_vec() });
            }
        };
        if asked & KEYSPACE != 0 {
            send([format!("__keyspace@{keyspace}__:").as_bytes(), key].concat(), event.as_bytes());
        }
        if asked & KEYEVENT != 0 {
            send(format!("__keyevent@{keyspace}__:{event}").into_bytes(), key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULES;
    use crate::kv::dispatch;

    #[test]
    fn every_command_that_writes_has_its_rule() {
        assert!(RULES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        let missing: Vec<_> = dispatch::writing()
            .filter(|name| RULES.binary_search_by(|(known, _)| (*known).cmp(name)).is_err())
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
