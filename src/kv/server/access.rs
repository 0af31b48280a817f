//! When and how often keys were used, as far as it is remembered.
//!
//! Reading a key writes nothing to the file, so this lies in memory: a table of [`SLOTS`] slots in
//! groups of four, where a new key takes the slot of the one unused for longest. Of a key without a
//! slot only this is known: it was not used lately, at most since the store was opened. A slot holds
//! 15 bits of the key's hash, the counter of the LFU policies and the milliseconds since the opening;
//! two keys of a group are taken for one another once in 30,000 times.
//!
//! The counter is Redis' (redis.io/docs/latest/develop/reference/eviction, "The new LFU mode"): it grows
//! with the logarithm of the accesses and loses one for each period without any.

use super::parameters::Settings;
use foldhash::fast::FixedState;
use std::hash::BuildHasher;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many keys are remembered at most.
pub const SLOTS: usize = CHUNKS * CHUNK;

/// Chunks come into being when a key in them is used: a short run touches little memory.
const CHUNKS: usize = 64;
const CHUNK: usize = 4096;
const GROUP: usize = 4;

/// Where the counter of a new key starts.
const NEW_COUNTER: u8 = 5;

const TIME_BITS: u32 = 40;
const TIME_MASK: u64 = (1 << TIME_BITS) - 1;

/// The table.
#[derive(Debug)]
pub struct Access {
    /// When the first command ran, in milliseconds since 1970.
    opened_ms: OnceLock<i64>,
    chunks: [OnceLock<Box<[AtomicU64]>>; CHUNKS],
    /// The state of the dice that the counters throw.
    dice: AtomicU64,
}

impl Default for Access {
    fn default() -> Self {
        Access { opened_ms: OnceLock::new(), chunks: [const { OnceLock::new() }; CHUNKS], dice: AtomicU64::new(1) }
    }
}

/// What is known of a key's use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Milliseconds since it was used.
    pub idle_ms: u64,
    /// The counter, periods without use taken away.
    pub frequency: u8,
    /// Whether it was used since the store was opened, as far as is remembered.
    pub is_known: bool,
}

/// One slot, taken apart.
#[derive(Debug, Clone, Copy)]
struct Slot {
    counter: u8,
    time: u64,
}

impl Slot {
    fn decode(bits: u64) -> Self {
        Slot { counter: (bits >> TIME_BITS) as u8, time: bits & TIME_MASK }
    }

    fn encode(self, tag: u64) -> u64 {
        tag << 48 | u64::from(self.counter) << TIME_BITS | self.time.min(TIME_MASK)
    }
}

/// The place of a key: its keyspace's number in the file, and its name.
#[derive(Debug, Clone, Copy)]
pub struct Place<'k> {
    /// The keyspace's number in the file.
    pub keyspace: u32,
    /// The key.
    pub key: &'k [u8],
}

impl Place<'_> {
    fn hash(self) -> u64 {
        FixedState::with_seed(u64::from(self.keyspace)).hash_one(self.key)
    }
}

/// Bits 48 and up of a key's slot; never zero, which marks an empty slot.
fn tag_of(hash: u64) -> u64 {
    (hash >> 48) | 1
}

impl Access {
    /// Milliseconds since the store was opened.
    fn time(&self, now_ms: i64) -> u64 {
        u64::try_from(now_ms - self.opened_ms(now_ms)).unwrap_or(0).min(TIME_MASK)
    }

    /// When the first command ran.
    pub fn opened_ms(&self, now_ms: i64) -> i64 {
        *self.opened_ms.get_or_init(|| now_ms)
    }

    fn group(&self, hash: u64) -> &[AtomicU64] {
        let place = hash as usize % SLOTS / GROUP * GROUP;
        let chunk = self.chunks[place / CHUNK].get_or_init(|| (0..CHUNK).map(|_| AtomicU64::new(0)).collect());
        &chunk[place % CHUNK..][..GROUP]
    }

    fn find(&self, hash: u64) -> Option<(&AtomicU64, Slot)> {
        self.group(hash).iter().find_map(|slot| {
            let bits = slot.load(Ordering::Relaxed);
            (bits >> 48 == tag_of(hash)).then(|| (slot, Slot::decode(bits)))
        })
    }

    /// Notes that a key was used.
    pub fn touch(&self, place: Place<'_>, now_ms: i64, settings: &Settings) {
        let (hash, time) = (place.hash(), self.time(now_ms));
        match self.find(hash) {
            Some((slot, known)) => {
                let mut counter = known.counter;
                if settings.counts_accesses() {
                    counter = self.grown(decayed(known, time, settings), settings);
                }
                slot.store(Slot { counter, time }.encode(tag_of(hash)), Ordering::Relaxed);
            }
            None => self.take(hash, time),
        }
    }

    /// Notes that a key was made.
    pub fn born(&self, place: Place<'_>, now_ms: i64) {
        let (hash, time) = (place.hash(), self.time(now_ms));
        match self.find(hash) {
            Some((slot, _)) => {
                slot.store(Slot { counter: NEW_COUNTER, time }.encode(tag_of(hash)), Ordering::Relaxed);
            }
            None => self.take(hash, time),
        }
    }

    /// Gives a key the slot of its group that is empty or was unused for longest.
    fn take(&self, hash: u64, time: u64) {
        let age = |slot: &&AtomicU64| match slot.load(Ordering::Relaxed) {
            0 => (0, 0),
            bits => (1, Slot::decode(bits).time),
        };
        if let Some(slot) = self.group(hash).iter().min_by_key(age) {
            slot.store(Slot { counter: NEW_COUNTER, time }.encode(tag_of(hash)), Ordering::Relaxed);
        }
    }

    /// A key is gone.
    pub fn forget(&self, place: Place<'_>) {
        if let Some((slot, _)) = self.find(place.hash()) {
            slot.store(0, Ordering::Relaxed);
        }
    }

    /// What is known of a key's use.
    pub fn usage(&self, place: Place<'_>, now_ms: i64, settings: &Settings) -> Usage {
        let time = self.time(now_ms);
        let known = self.find(place.hash()).map(|(_, slot)| slot);
        let slot = known.unwrap_or(Slot { counter: NEW_COUNTER, time: 0 });
        Usage {
            idle_ms: time.saturating_sub(slot.time),
            frequency: decayed(slot, time, settings),
            is_known: known.is_some(),
        }
    }

    /// The use of some keys that are remembered, taken by chance; fewer if few are.
    pub fn sample(&self, count: usize, rng: &mut fastrand::Rng, now_ms: i64, settings: &Settings) -> Vec<Usage> {
        let time = self.time(now_ms);
        let chunks: Vec<_> = self.chunks.iter().filter_map(OnceLock::get).collect();
        let mut found = Vec::with_capacity(count);
        // Slots may be empty: it stops after some misses.
        for _ in 0..count * 8 {
            let Some(chunk) = rng.choice(&chunks) else { break };
            let bits = chunk[rng.usize(..CHUNK)].load(Ordering::Relaxed);
            if bits != 0 {
                let slot = Slot::decode(bits);
                let idle_ms = time.saturating_sub(slot.time);
                found.push(Usage { idle_ms, frequency: decayed(slot, time, settings), is_known: true });
                if found.len() == count {
                    break;
                }
            }
        }
        found
    }

    /// The counter after one more access: the higher it is, the seldomer it grows.
    fn grown(&self, counter: u8, settings: &Settings) -> u8 {
        let factor = settings.lfu_log_factor.load(Ordering::Relaxed) as f64;
        let chance = 1.0 / (f64::from(counter.saturating_sub(NEW_COUNTER)) * factor + 1.0);
        if self.throw() < chance { counter.saturating_add(1) } else { counter }
    }

    /// A number in 0 … 1 (SplitMix64).
    fn throw(&self) -> f64 {
        let mut bits = self.dice.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) as f64 / u64::MAX as f64
    }
}

/// A counter without what it loses for the time since the last use.
fn decayed(slot: Slot, time: u64, settings: &Settings) -> u8 {
    let period = settings.lfu_decay_time.load(Ordering::Relaxed).unsigned_abs();
    let minutes = time.saturating_sub(slot.time) / 60_000;
    let lost = minutes.checked_div(period).unwrap_or(0);
    slot.counter.saturating_sub(u8::try_from(lost).unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(key: &[u8]) -> Place<'_> {
        Place { keyspace: 16, key }
    }

    #[test]
    fn a_key_is_idle_since_its_last_use_or_the_opening() {
        let (access, settings) = (Access::default(), Settings::default());
        access.born(place(b"a"), 1_000);
        access.touch(place(b"b"), 61_000, &settings);
        let idle = |key: &[u8], now| access.usage(place(key), now, &settings);
        assert_eq!(idle(b"a", 61_500), Usage { idle_ms: 60_500, frequency: 4, is_known: true });
        assert_eq!(idle(b"b", 61_500).idle_ms, 500);
        assert_eq!(idle(b"c", 61_500), Usage { idle_ms: 60_500, frequency: 4, is_known: false });
        access.forget(place(b"b"));
        assert!(!idle(b"b", 61_500).is_known);
        assert!(!access.usage(Place { keyspace: 17, key: b"a" }, 61_500, &settings).is_known);
    }

    #[test]
    fn counters_grow_with_the_logarithm_of_accesses_and_decay() {
        let (access, settings) = (Access::default(), Settings::default());
        settings.set_policy("allkeys-lfu");
        access.born(place(b"a"), 0);
        let mut at = [0u8; 3];
        for n in 1..=100_000u32 {
            access.touch(place(b"a"), 0, &settings);
            match n {
                100 => at[0] = access.usage(place(b"a"), 0, &settings).frequency,
                1_000 => at[1] = access.usage(place(b"a"), 0, &settings).frequency,
                100_000 => at[2] = access.usage(place(b"a"), 0, &settings).frequency,
                _ => {}
            }
        }
        // Redis' table for a factor of 10: about 10, 18 and 142.
        assert!((7..=14).contains(&at[0]) && (14..=26).contains(&at[1]) && (120..=165).contains(&at[2]), "{at:?}");
        assert_eq!(access.usage(place(b"a"), 180_000, &settings).frequency, at[2] - 3);
    }

    #[test]
    fn the_keys_used_last_are_the_ones_remembered() {
        let (access, settings) = (Access::default(), Settings::default());
        let keys: Vec<String> = (0..SLOTS * 2).map(|n| format!("key:{n}")).collect();
        for (time, key) in keys.iter().enumerate() {
            access.touch(place(key.as_bytes()), time as i64, &settings);
        }
        let known = |keys: &[String]| {
            keys.iter().filter(|key| access.usage(place(key.as_bytes()), 1 << 30, &settings).is_known).count()
        };
        assert!(known(&keys[SLOTS * 3 / 2..]) > SLOTS / 2 * 8 / 10);
        assert!(known(&keys[..SLOTS / 2]) < SLOTS / 2 / 5);
        let sample = access.sample(50, &mut fastrand::Rng::with_seed(3), SLOTS as i64 * 2, &settings);
        assert_eq!(sample.len(), 50);
    }
}
