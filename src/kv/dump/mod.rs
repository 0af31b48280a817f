//! DUMP and RESTORE: a key's value as bytes that another keyspace, database or file takes in.
//!
//! The bytes say what the value is, not how it lies in the file (see [`value`]), and are checked as they
//! are read: RESTORE takes whatever it is given, and makes a whole value of it or none.

mod frame;
mod reader;
mod stream;
mod value;

use super::number::integer_argument;
use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;
use frame::{close, open};

/// DUMP key
pub fn dump(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let Some(row) = cx.find(&args[0])? else { return Ok(Resp::Nil) };
    Ok(Resp::Bulk(close(value::write(cx, &args[0], row)?)))
}

/// The options of RESTORE. What IDLETIME and FREQ say is checked and not kept: trine evicts no keys.
struct Options {
    replace: bool,
    absolute: bool,
}

fn options(words: Args<'_>) -> Result<Options> {
    let mut options = Options { replace: false, absolute: false };
    let (mut idle, mut frequency) = (false, false);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.to_ascii_uppercase().as_slice() {
            b"REPLACE" => options.replace = true,
            b"ABSTTL" => options.absolute = true,
            b"IDLETIME" if !frequency => {
                idle = true;
                if integer_argument(words.next().ok_or_else(Error::syntax)?)? < 0 {
                    return Err(Error::err("Invalid IDLETIME value, must be >= 0"));
                }
            }
            b"FREQ" if !idle => {
                frequency = true;
                if !(0..=255).contains(&integer_argument(words.next().ok_or_else(Error::syntax)?)?) {
                    return Err(Error::err("Invalid FREQ value, must be >= 0 and <= 255"));
                }
            }
            _ => return Err(Error::syntax()),
        }
    }
    Ok(options)
}

/// RESTORE key ttl serialized-value [REPLACE] [ABSTTL] [IDLETIME seconds] [FREQ frequency]
pub fn restore(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let (key, options) = (&args[0], options(&args[3..])?);
    if !options.replace && cx.exists(key)? {
        return Err(Error::Reply("BUSYKEY Target key name already exists.".to_owned()));
    }
    let ttl = integer_argument(&args[1])?;
    if ttl < 0 {
        return Err(Error::err("Invalid TTL value, must be >= 0"));
    }
    let payload = open(&args[2]).ok_or_else(|| Error::err("DUMP payload version or checksum are wrong"))?;
    cx.remove_key(key)?;
    let base = if options.absolute { 0 } else { cx.now_ms };
    let end = if ttl == 0 { None } else { Some(ttl.saturating_add(base)) };
    value::read(cx, key, payload)?;
    if let Some(end) = end
        && let Some(row) = cx.find(key)?
    {
        if end <= cx.now_ms {
            cx.remove(key, row.head)?;
        } else {
            cx.write(key, Some(row.head), row.content(), Some(end))?;
        }
    }
    Ok(Resp::ok())
}

#[cfg(test)]
mod tests {
    use crate::kv::testing::Engine;
    use crate::reply::Resp;

    /// Every type, small and large.
    fn filled() -> (Engine, Vec<&'static str>) {
        let mut engine = Engine::new();
        for line in [
            "SET string text",
            "SET empty ''",
            "RPUSH list a b c a",
            "SADD set 1 2 x",
            "ZADD zset 1.5 a -inf b 2 c",
            "HSET hash a 1 b 2",
            "HEXPIRE hash 100 FIELDS 1 b",
            "XADD stream 1-1 a 1",
            "XADD stream 2-0 b 2 c 3",
            "XADD stream 3-0 d 4",
            "XDEL stream 2-0",
            "XGROUP CREATE stream g 0",
            "XGROUP CREATE stream h $ ENTRIESREAD 2",
            "XREADGROUP GROUP g ann COUNT 1 STREAMS stream >",
            "XREADGROUP GROUP g ben STREAMS stream >",
            "XGROUP CREATECONSUMER stream g cleo",
            "XADD bare 5-0 a 1",
            "XTRIM bare MAXLEN 0",
        ] {
            engine.ok(line);
        }
        for number in 0..300 {
            engine.ok(&format!("RPUSH long:list {number}"));
            engine.ok(&format!("SADD long:set {number}"));
            engine.ok(&format!("ZADD long:zset {number} m{number}"));
            engine.ok(&format!("HSET long:hash f{number} {number}"));
        }
        engine.ok("ZRANK long:zset m5");
        let keys = ["string", "empty", "list", "set", "zset", "hash", "stream", "bare"];
        (engine, keys.into_iter().chain(["long:list", "long:set", "long:zset", "long:hash"]).collect())
    }

    fn payload(engine: &mut Engine, key: &str) -> Vec<u8> {
        match engine.ok(&format!("DUMP {key}")) {
            Resp::Bulk(bytes) => bytes,
            other => panic!("{other:?}"),
        }
    }

    /// All that can be told of a value.
    fn told(engine: &mut Engine, key: &str) -> Vec<String> {
        [
            format!("TYPE {key}"),
            format!("GET {key}"),
            format!("LRANGE {key} 0 -1"),
            format!("SORT {key} ALPHA"),
            format!("ZRANGE {key} 0 -1 WITHSCORES"),
            format!("HGETALL {key}"),
            format!("HPEXPIRETIME {key} FIELDS 2 a b"),
            format!("XINFO STREAM {key} FULL"),
            format!("XPENDING {key} g - + 10"),
        ]
        .iter()
        .map(|line| engine.show(line))
        .collect()
    }

    #[test]
    fn what_is_dumped_is_restored() {
        let (mut engine, keys) = filled();
        for key in keys {
            let before = told(&mut engine, key);
            let bytes = payload(&mut engine, key);
            engine.keyspace = 4;
            assert_eq!(engine.words(&[b"RESTORE", key.as_bytes(), b"0", &bytes]).unwrap(), Resp::ok(), "{key}");
            assert_eq!(told(&mut engine, key), before, "{key}");
            assert_eq!(payload(&mut engine, key), bytes, "{key}");
            engine.keyspace = 0;
        }
    }

    #[test]
    fn damaged_payloads_are_refused_and_change_nothing() {
        let (mut engine, keys) = filled();
        let mut rng = fastrand::Rng::with_seed(2);
        for key in keys {
            let bytes = payload(&mut engine, key);
            for _ in 0..200 {
                // The content is damaged and the checksum made to fit.
                let mut content = super::open(&bytes).unwrap().to_vec();
                match (rng.u32(..3), content.len()) {
                    (0, 2..) => content.truncate(rng.usize(1..content.len())),
                    (1, _) => content.push(rng.u8(..)),
                    (_, length) => content[rng.usize(..length)] ^= 1 << rng.u32(..8),
                }
                let damaged = super::close(content);
                let answer = engine.words(&[b"RESTORE", b"copy", b"0", &damaged, b"REPLACE"]);
                match answer {
                    // Another value of the type is as good as the first.
                    Ok(_) => drop(told(&mut engine, "copy")),
                    Err(error) => assert_eq!(error.to_string(), "ERR Bad data format"),
                }
                engine.ok("DEL copy");
            }
            let mut wrong = bytes.clone();
            *wrong.last_mut().unwrap() ^= 1;
            let refused = engine.words(&[b"RESTORE", key.as_bytes(), b"0", &wrong, b"REPLACE"]).unwrap_err();
            assert_eq!(refused.to_string(), "ERR DUMP payload version or checksum are wrong");
            assert_eq!(payload(&mut engine, key), bytes);
        }
    }
}
