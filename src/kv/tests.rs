//! The engine against a simple model: the same random commands on rows in storage and on ordinary
//! maps must answer alike, whatever form the collections have, and leave nothing behind.

use super::testing::Engine;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, PartialEq)]
enum Value {
    Text(String),
    Hash(BTreeMap<String, String>),
    List(Vec<String>),
    Set(BTreeSet<String>),
    Sorted(BTreeMap<String, i64>),
}

/// Keys with their values and expiries.
#[derive(Default)]
struct Model {
    keys: BTreeMap<String, (Value, Option<i64>)>,
    now: i64,
}

impl Model {
    fn sweep(&mut self) {
        let now = self.now;
        self.keys.retain(|_, (_, expiry)| expiry.is_none_or(|expiry| expiry >= now));
    }

    fn entry(&mut self, key: &str, empty: Value) -> &mut Value {
        &mut self.keys.entry(key.to_owned()).or_insert((empty, None)).0
    }

    /// Removes a collection that has become empty.
    fn tidy(&mut self, key: &str) {
        let empty = match self.keys.get(key).map(|(value, _)| value) {
            Some(Value::Hash(hash)) => hash.is_empty(),
            Some(Value::List(list)) => list.is_empty(),
            Some(Value::Set(set)) => set.is_empty(),
            Some(Value::Sorted(set)) => set.is_empty(),
            _ => false,
        };
        if empty {
            self.keys.remove(key);
        }
    }
}

fn bracket(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(" "))
}

fn in_score_order(set: &BTreeMap<String, i64>) -> Vec<(String, i64)> {
    let mut members: Vec<_> = set.iter().map(|(member, score)| (member.clone(), *score)).collect();
    members.sort_by(|left, right| left.1.cmp(&right.1).then_with(|| left.0.cmp(&right.0)));
    members
}

fn clamp(start: i64, stop: i64, length: usize) -> std::ops::Range<usize> {
    let place = |index: i64| if index < 0 { (index + length as i64).max(0) } else { index } as usize;
    let stop = if stop < 0 && stop + (length as i64) < 0 { return 0..0 } else { place(stop) };
    let (start, end) = (place(start), (stop + 1).min(length));
    if start < end { start..end } else { 0..0 }
}

/// One random command and the model's answer. Keys are named by type, so that no command meets a wrong one.
fn step(rng: &mut fastrand::Rng, model: &mut Model) -> (String, String) {
    let name = |rng: &mut fastrand::Rng| format!("m{}", rng.u32(..220));
    let number = rng.u32(1..3);
    match rng.u32(..24) {
        0 => {
            let (key, value) = (format!("s{number}"), rng.i32(-50..50).to_string());
            model.keys.insert(key.clone(), (Value::Text(value.clone()), None));
            (format!("SET {key} {value}"), "OK".into())
        }
        1 => {
            let key = format!("s{number}");
            let Value::Text(text) = model.entry(&key, Value::Text("0".into())) else { panic!() };
            *text = (text.parse::<i64>().unwrap() + 7).to_string();
            (format!("INCRBY {key} 7"), text.clone())
        }
        2 => {
            let key = format!("s{number}");
            let answer = match model.keys.get(&key) {
                Some((Value::Text(text), _)) => text.clone(),
                _ => "(nil)".into(),
            };
            (format!("GET {key}"), answer)
        }
        3 | 4 => {
            let (key, field, value) = (format!("h{number}"), name(rng), name(rng));
            let Value::Hash(hash) = model.entry(&key, Value::Hash(BTreeMap::new())) else { panic!() };
            let added = i64::from(hash.insert(field.clone(), value.clone()).is_none());
            (format!("HSET {key} {field} {value}"), added.to_string())
        }
        5 => {
            let (key, field) = (format!("h{number}"), name(rng));
            let removed = match model.keys.get_mut(&key) {
                Some((Value::Hash(hash), _)) => hash.remove(&field).is_some(),
                _ => false,
            };
            model.tidy(&key);
            (format!("HDEL {key} {field}"), i64::from(removed).to_string())
        }
        6 => {
            let (key, field) = (format!("h{number}"), name(rng));
            let answer = match model.keys.get(&key) {
                Some((Value::Hash(hash), _)) => hash.get(&field).cloned(),
                _ => None,
            };
            (format!("HGET {key} {field}"), answer.unwrap_or("(nil)".into()))
        }
        7 | 8 => {
            let (key, member) = (format!("t{number}"), name(rng));
            let Value::Set(set) = model.entry(&key, Value::Set(BTreeSet::new())) else { panic!() };
            let added = i64::from(set.insert(member.clone()));
            (format!("SADD {key} {member}"), added.to_string())
        }
        9 => {
            let (key, member) = (format!("t{number}"), name(rng));
            let removed = match model.keys.get_mut(&key) {
                Some((Value::Set(set), _)) => set.remove(&member),
                _ => false,
            };
            model.tidy(&key);
            (format!("SREM {key} {member}"), i64::from(removed).to_string())
        }
        10 | 11 => {
            let (key, element, head) = (format!("l{number}"), name(rng), rng.bool());
            let Value::List(list) = model.entry(&key, Value::List(Vec::new())) else { panic!() };
            list.insert(if head { 0 } else { list.len() }, element.clone());
            let command = if head { "LPUSH" } else { "RPUSH" };
            (format!("{command} {key} {element}"), list.len().to_string())
        }
        12 => {
            let (key, head) = (format!("l{number}"), rng.bool());
            let answer = match model.keys.get_mut(&key) {
                Some((Value::List(list), _)) if head => Some(list.remove(0)),
                Some((Value::List(list), _)) => list.pop(),
                _ => None,
            };
            model.tidy(&key);
            (format!("{} {key}", if head { "LPOP" } else { "RPOP" }), answer.unwrap_or("(nil)".into()))
        }
        13 => {
            let (key, pivot, element) = (format!("l{number}"), name(rng), name(rng));
            let answer = match model.keys.get_mut(&key) {
                Some((Value::List(list), _)) => match list.iter().position(|found| *found == pivot) {
                    Some(place) => {
                        list.insert(place, element.clone());
                        list.len() as i64
                    }
                    None => -1,
                },
                _ => 0,
            };
            (format!("LINSERT {key} BEFORE {pivot} {element}"), answer.to_string())
        }
        14 => {
            let (key, element, count) = (format!("l{number}"), name(rng), rng.i64(-2..3));
            let mut removed = 0;
            if let Some((Value::List(list), _)) = model.keys.get_mut(&key) {
                let most = if count == 0 { usize::MAX } else { count.unsigned_abs() as usize };
                while removed < most {
                    let mut places = (0..list.len()).filter(|&place| list[place] == element);
                    let place = if count < 0 { places.next_back() } else { places.next() };
                    let Some(place) = place else { break };
                    list.remove(place);
                    removed += 1;
                }
            }
            model.tidy(&key);
            (format!("LREM {key} {count} {element}"), removed.to_string())
        }
        15 => {
            let (key, start, stop) = (format!("l{number}"), rng.i64(-9..9), rng.i64(-9..99));
            let answer = match model.keys.get(&key) {
                Some((Value::List(list), _)) => list[clamp(start, stop, list.len())].to_vec(),
                _ => Vec::new(),
            };
            (format!("LRANGE {key} {start} {stop}"), bracket(answer))
        }
        16 if rng.u32(..4) == 0 => {
            let (key, start, stop) = (format!("l{number}"), rng.i64(0..4), rng.i64(-4..-1));
            if let Some((Value::List(list), _)) = model.keys.get_mut(&key) {
                let range = clamp(start, stop, list.len());
                *list = list[range].to_vec();
            }
            model.tidy(&key);
            (format!("LTRIM {key} {start} {stop}"), "OK".into())
        }
        16..=18 => {
            let (key, member, score) = (format!("z{number}"), name(rng), rng.i64(-9..9));
            let Value::Sorted(set) = model.entry(&key, Value::Sorted(BTreeMap::new())) else { panic!() };
            let added = i64::from(set.insert(member.clone(), score).is_none());
            (format!("ZADD {key} {score} {member}"), added.to_string())
        }
        19 => {
            let (key, member) = (format!("z{number}"), name(rng));
            let removed = match model.keys.get_mut(&key) {
                Some((Value::Sorted(set), _)) => set.remove(&member).is_some(),
                _ => false,
            };
            model.tidy(&key);
            (format!("ZREM {key} {member}"), i64::from(removed).to_string())
        }
        20 => {
            let (key, min, max) = (format!("z{number}"), rng.i64(-9..9), rng.i64(-9..9));
            let answer = match model.keys.get(&key) {
                Some((Value::Sorted(set), _)) => in_score_order(set),
                _ => Vec::new(),
            };
            let inside = answer.into_iter().filter(|(_, score)| *score > min && *score <= max);
            let answer = bracket(inside.map(|(member, score)| format!("{member} {score}")));
            (format!("ZRANGEBYSCORE {key} ({min} {max} WITHSCORES"), answer)
        }
        21 => {
            let (key, start, stop) = (format!("z{number}"), rng.i64(-9..99), rng.i64(-9..99));
            let mut members = match model.keys.get(&key) {
                Some((Value::Sorted(set), _)) => in_score_order(set),
                _ => Vec::new(),
            };
            members.reverse();
            let range = clamp(start, stop, members.len());
            let answer = bracket(members[range].iter().map(|(member, _)| member.clone()));
            (format!("ZRANGE {key} {start} {stop} REV"), answer)
        }
        22 => {
            let keys: Vec<String> = model.keys.keys().cloned().collect();
            let Some(key) = rng.choice(keys) else { return ("DBSIZE".into(), "0".into()) };
            match rng.u32(..12) {
                0 => {
                    model.keys.remove(&key);
                    (format!("DEL {key}"), "1".into())
                }
                1 => {
                    model.keys.get_mut(&key).unwrap().1 = Some(model.now + 5000);
                    (format!("EXPIRE {key} 5"), "1".into())
                }
                2 => {
                    let had = model.keys.get_mut(&key).unwrap().1.take().is_some();
                    (format!("PERSIST {key}"), i64::from(had).to_string())
                }
                3 => {
                    // Another key of the same type takes its place.
                    let other = format!("{}{number}", &key[..1]);
                    if other != key {
                        let moved = model.keys.remove(&key).unwrap();
                        model.keys.insert(other.clone(), moved);
                    }
                    (format!("RENAME {key} {other}"), "OK".into())
                }
                4 => {
                    let other = format!("{}{number}", &key[..1]);
                    let copied = model.keys[&key].clone();
                    if other == key {
                        return (format!("EXISTS {key}"), "1".into());
                    }
                    model.keys.insert(other.clone(), copied);
                    (format!("COPY {key} {other} REPLACE"), "1".into())
                }
                _ => ("KEYS *".into(), bracket(model.keys.keys().cloned())),
            }
        }
        _ => ("DBSIZE".into(), model.keys.len().to_string()),
    }
}

#[test]
fn the_engine_answers_as_a_model_of_ordinary_maps() {
    for seed in 0..6 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut engine = Engine::new();
        let mut model = Model { now: engine.now_ms, ..Model::default() };
        for number in 0..3000 {
            if rng.u32(..20) == 0 {
                engine.now_ms += 700;
                model.now = engine.now_ms;
            }
            model.sweep();
            let (line, expected) = step(&mut rng, &mut model);
            assert_eq!(engine.show(&line), expected, "seed {seed}, command {number}: {line}");
        }
        compare_all(&mut engine, &model);
        for key in model.keys.keys() {
            engine.ok(&format!("DEL {key}"));
        }
        engine.now_ms += 10_000;
        for _ in 0..400 {
            engine.ok("DEL nothing");
        }
        for (rows, what) in [
            (engine.rows(|spaces| spaces.keys), "keys"),
            (engine.rows(|spaces| spaces.elements), "elements"),
            (engine.rows(|spaces| spaces.expiries), "expiries"),
        ] {
            assert_eq!(rows, 0, "seed {seed}: {what} are left");
        }
        assert_eq!(engine.show("DBSIZE"), "0");
    }
}

fn compare_all(engine: &mut Engine, model: &Model) {
    for (key, (value, _)) in &model.keys {
        let sorted = |answer: String| {
            let mut words: Vec<&str> = answer.trim_matches(['[', ']']).split(' ').collect();
            words.sort_unstable();
            words.join(" ")
        };
        let (found, expected) = match value {
            Value::Text(text) => (engine.show(&format!("GET {key}")), text.clone()),
            Value::List(list) => (engine.show(&format!("LRANGE {key} 0 -1")), bracket(list.clone())),
            Value::Set(set) => (sorted(engine.show(&format!("SMEMBERS {key}"))), sorted(bracket(set.iter().cloned()))),
            Value::Hash(hash) => {
                let pairs = hash.iter().flat_map(|(field, value)| [field.clone(), value.clone()]);
                (sorted(engine.show(&format!("HGETALL {key}"))), sorted(bracket(pairs)))
            }
            Value::Sorted(set) => {
                let pairs = in_score_order(set).into_iter().map(|(member, score)| format!("{member} {score}"));
                (engine.show(&format!("ZRANGE {key} 0 -1 WITHSCORES")), bracket(pairs))
            }
        };
        assert_eq!(found, expected, "{key}");
    }
}

#[test]
fn expired_keys_are_invisible_at_once_and_swept_by_later_writes() {
    let mut engine = Engine::new();
    for number in 0..100 {
        engine.ok(&format!("SET k{number} x PX 1000"));
    }
    engine.ok("SET stays x");
    engine.now_ms += 1001;
    engine.check(&[
        ("GET k1", "(nil)"),
        ("EXISTS k1 k2", "0"),
        ("KEYS *", "[stays]"),
        ("SCAN 0 COUNT 1000", "[0 [stays]]"),
        ("RANDOMKEY", "stays"),
        ("DBSIZE", "1"),
        ("TTL k1", "-2"),
        ("TYPE k1", "none"),
    ]);
    assert_eq!(engine.rows(|spaces| spaces.keys), 101, "reading removes nothing");
    engine.check(&[("SET k5 new", "OK"), ("TTL k5", "-1"), ("DBSIZE", "2")]);
    for _ in 0..6 {
        engine.ok("SET stays x");
    }
    assert_eq!(engine.rows(|spaces| spaces.keys), 2);
    assert_eq!(engine.rows(|spaces| spaces.expiries), 0);
    engine.check(&[("GET k5", "new"), ("DBSIZE", "2")]);
}

#[test]
fn a_large_collection_is_removed_at_once_and_reclaimed_bit_by_bit() {
    let mut engine = Engine::new();
    for number in 0..1000 {
        engine.ok(&format!("SADD big m{number}"));
    }
    engine.check(&[("DEL big", "1"), ("EXISTS big", "0"), ("SADD big again", "1"), ("SMEMBERS big", "[again]")]);
    assert!(engine.rows(|spaces| spaces.elements) > 0);
    for _ in 0..10 {
        engine.ok("SET a 1");
    }
    assert_eq!(engine.rows(|spaces| spaces.elements), 0);
}

#[test]
fn keyspaces_are_apart_and_flushed_together_or_alone() {
    let mut engine = Engine::new();
    engine.ok("SET a 0");
    engine.check(&[("COPY a a DB 3", "1"), ("MOVE a 3", "0"), ("COPY a b DB 16", "ERR DB index is out of range")]);
    for number in 0..200 {
        engine.ok(&format!("ZADD big {number} m{number}"));
    }
    engine.ok("MOVE big 3");
    engine.check(&[("EXISTS big", "0"), ("FLUSHDB", "OK"), ("DBSIZE", "0")]);
    engine.keyspace = 3;
    engine.check(&[("GET a", "0"), ("ZCARD big", "200"), ("ZSCORE big m150", "150"), ("DBSIZE", "2")]);
    engine.keyspace = 0;
    engine.ok("FLUSHALL");
    engine.keyspace = 3;
    engine.check(&[("DBSIZE", "0"), ("KEYS *", "[]")]);
}
