//! The memory limit: what goes when keys and values come to more than `maxmemory`
//! (redis.io/docs/latest/develop/reference/eviction).
//!
//! What counts is what MEMORY USAGE says of all keys of the database, not the memory of the process. A
//! writing command evicts first until the rest fits, at most [`EVICTED_AT_ONCE`] keys; one that may add
//! to the data is refused if nothing can be evicted.
//!
//! Redis looks at `maxmemory-samples` keys taken by chance and evicts the best of them. Here the keys lie
//! in order, so the sample is taken of what [`super::access`] remembers: the longest idle (or least
//! used) of the sample is the mark, and a hand that goes round the keyspace evicts the next key that is
//! as far gone. A key that was not used since the store was opened always is.

use super::access::{Place, Usage};
use super::parameters::events::EVICTED;
use crate::kv::layout::{Ends, Head, KEYSPACES};
use crate::kv::{Context, Error, Result};
use crate::storage::{Direction, KeyRange};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

/// The policy that evicts nothing.
pub const POLICY_NONE: &str = "noeviction";
/// Keys that one command evicts at most; the next goes on.
const EVICTED_AT_ONCE: usize = 1000;
/// Keys that the hand passes at most before it takes the best of them.
const PASSED_AT_ONCE: usize = 100;
/// The random policies pass up to so many keys.
const RANDOM_STEPS: usize = 16;

/// Where the hand stands in each keyspace.
#[derive(Debug, Default)]
pub struct Hands {
    by_keyspace: Mutex<HashMap<(u32, u8), Vec<u8>>>,
}

impl Hands {
    fn at(&self, place: (u32, u8)) -> Vec<u8> {
        self.by_keyspace.lock().unwrap_or_else(PoisonError::into_inner).get(&place).cloned().unwrap_or_default()
    }

    fn put(&self, place: (u32, u8), key: Vec<u8>) {
        self.by_keyspace.lock().unwrap_or_else(PoisonError::into_inner).insert(place, key);
    }
}

/// What a policy asks of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    /// Not used for longest.
    Idle,
    /// Used least often.
    Seldom,
    /// Any.
    Random,
    /// The next to expire.
    Expiry,
}

/// A policy: which keys may go, and which of them does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Policy {
    /// Only keys that will expire.
    is_volatile: bool,
    measure: Measure,
}

impl Policy {
    fn of(name: &str) -> Option<Self> {
        let (which, measure) = name.split_once('-')?;
        let measure = match measure {
            "lru" => Measure::Idle,
            "lfu" => Measure::Seldom,
            "random" => Measure::Random,
            _ => Measure::Expiry,
        };
        Some(Policy { is_volatile: which == "volatile", measure })
    }

    /// The greater, the sooner a key goes.
    fn score(self, usage: Usage) -> u64 {
        match self.measure {
            Measure::Seldom => u64::from(u8::MAX - usage.frequency) << 40 | usage.idle_ms.min((1 << 40) - 1),
            _ if usage.is_known => usage.idle_ms,
            _ => u64::MAX,
        }
    }
}

/// A key that may go, and how far gone it is.
struct Candidate {
    keyspace: u8,
    key: Vec<u8>,
    score: u64,
}

/// Evicts until the data fits, before a writing command; `may_grow`: it may add to the data.
///
/// # Errors
/// The data does not fit and the command may add to it.
pub fn make_room(cx: &mut Context<'_>, may_grow: bool) -> Result<()> {
    let settings = &cx.server.settings;
    if !settings.is_limited() {
        return Ok(());
    }
    let limit = settings.maxmemory.load(Ordering::Relaxed).unsigned_abs();
    let policy = Some(settings.policy()).filter(|name| *name != POLICY_NONE).and_then(Policy::of);
    for _ in 0..EVICTED_AT_ONCE {
        if cx.states.bytes(cx.tx.as_read(), cx.database)? <= limit {
            return Ok(());
        }
        let chosen = match policy {
            Some(policy) => choose(cx, policy)?,
            None => None,
        };
        match chosen {
            Some(candidate) => evict(cx, &candidate)?,
            None if may_grow => return Err(full()),
            None => return Ok(()),
        }
    }
    Ok(())
}

/// The error of a command that may add to data for which there is no room.
pub fn full() -> Error {
    Error::Reply("OOM command not allowed when used memory > 'maxmemory'.".to_owned())
}

fn evict(cx: &mut Context<'_>, candidate: &Candidate) -> Result<()> {
    let Candidate { keyspace, key, .. } = candidate;
    cx.within(*keyspace, |cx| {
        if let Some(row) = cx.tx.peek(cx.spaces().keys, key)? {
            let head = Head::decode(&row)?;
            drop(row);
            cx.remove(key, head)?;
            cx.tell(EVICTED, "evicted", key);
            cx.server.stats.evicted.count();
        }
        Ok(())
    })
}

/// The key to go: the first that passes the mark in some keyspace, or the best that was seen.
fn choose(cx: &mut Context<'_>, policy: Policy) -> Result<Option<Candidate>> {
    let server = cx.server;
    let mark = match policy.measure {
        Measure::Idle | Measure::Seldom => {
            let count = usize::try_from(server.settings.maxmemory_samples.load(Ordering::Relaxed)).unwrap_or(1);
            let sample = server.access.sample(count, cx.rng, cx.now_ms, &server.settings);
            sample.into_iter().map(|usage| policy.score(usage)).max().unwrap_or(u64::MAX)
        }
        Measure::Random | Measure::Expiry => u64::MAX,
    };
    let first = cx.rng.u8(..KEYSPACES as u8);
    let mut best: Option<Candidate> = None;
    for turn in 0..KEYSPACES as u8 {
        let keyspace = (first + turn) % KEYSPACES as u8;
        if cx.states.get(cx.tx.as_read(), cx.database, keyspace)?.keys == 0 {
            continue;
        }
        let found = cx.within(keyspace, |cx| match policy.measure {
            Measure::Expiry => next_to_expire(cx),
            _ => sweep(cx, policy, mark),
        })?;
        if let Some(found) = found {
            if found.score >= mark || policy.measure == Measure::Random {
                return Ok(Some(found));
            }
            if best.as_ref().is_none_or(|best| best.score < found.score) {
                best = Some(found);
            }
        }
    }
    Ok(best)
}

/// The key of the current keyspace that expires first; the score is greater the sooner it does.
fn next_to_expire(cx: &Context<'_>) -> Result<Option<Candidate>> {
    let mut found = None;
    cx.tx.scan(cx.spaces().expiries, &KeyRange::all(), Direction::Forward, &mut |row, _| {
        let Some((end, key)) = expiring(row) else { return Ok(ControlFlow::Continue(())) };
        found = Some(Candidate { keyspace: cx.keyspace, key: key.to_vec(), score: u64::MAX - 1 - end });
        Ok(ControlFlow::Break(()))
    })?;
    Ok(found)
}

/// When a key ends and its name, from a row of `kvttl` that speaks of a key.
fn expiring(row: &[u8]) -> Option<(u64, &[u8])> {
    let (end, rest) = row.split_first_chunk()?;
    let (&what, key) = rest.split_first()?;
    (what == Ends::Key as u8).then_some((u64::from_be_bytes(*end), key))
}

/// Moves the hand on to a key that passes the mark, or past as many as it may and takes the best.
fn sweep(cx: &mut Context<'_>, policy: Policy, mark: u64) -> Result<Option<Candidate>> {
    let server = cx.server;
    let place = (cx.database, cx.keyspace);
    let number = cx.keyspace_in_file();
    let space = if policy.is_volatile { cx.spaces().expiries } else { cx.spaces().keys };
    let (mut left, take_any) = match policy.measure {
        Measure::Random => (cx.rng.usize(1..=RANDOM_STEPS), true),
        _ => (PASSED_AT_ONCE, false),
    };
    let hand = server.hands.at(place);
    let mut best: Option<Candidate> = None;
    let mut last = Vec::new();
    // From the hand to the end, then from the start.
    for range in [KeyRange::from(&hand), KeyRange::all()] {
        cx.tx.scan(space, &range, Direction::Forward, &mut |row, _| {
            let key = if policy.is_volatile { expiring(row).map(|(_, key)| key) } else { Some(row) };
            let Some(key) = key else { return Ok(ControlFlow::Continue(())) };
            let usage = server.access.usage(Place { keyspace: number, key }, cx.now_ms, &server.settings);
            let score = policy.score(usage);
            left -= 1;
            if take_any || best.as_ref().is_none_or(|best| best.score < score) {
                best = Some(Candidate { keyspace: cx.keyspace, key: key.to_vec(), score });
            }
            if left == 0 || (score >= mark && !take_any) {
                last = row.to_vec();
                left = 0;
                return Ok(ControlFlow::Break(()));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        if left == 0 {
            break;
        }
    }
    server.hands.put(place, last);
    Ok(best)
}
