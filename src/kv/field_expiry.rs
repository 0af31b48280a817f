//! Fields of a hash that end by themselves: HEXPIRE, HTTL, HPERSIST and their kin (Redis 7.4), and
//! HGETDEL, HGETEX and HSETEX, which read or write a field and its end at once (Redis 8.0).

use super::fields::Fields;
use super::layout::Kind;
use super::number::{bounded_argument, integer_argument};
use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;

/// No field may end later than this, in milliseconds since 1970.
const LATEST_END: i64 = 0xffff_ffff_fffe >> 2;

/// The field or its hash is missing.
const NO_FIELD: i64 = -2;
/// The field does not end by itself.
const NO_END: i64 = -1;
/// The condition was not met.
const NOT_MET: i64 = 0;
/// The end was set, or taken away.
const DONE: i64 = 1;
/// The end has passed already: the field was removed.
const REMOVED: i64 = 2;

/// HEXPIRE key seconds [NX|XX|GT|LT] FIELDS count field [field …]
pub fn hexpire(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    set_ends(cx, args, Unit { seconds: true, relative: true }, "hexpire")
}

/// HPEXPIRE key milliseconds [NX|XX|GT|LT] FIELDS count field [field …]
pub fn hpexpire(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    set_ends(cx, args, Unit { seconds: false, relative: true }, "hpexpire")
}

/// HEXPIREAT key unix-seconds [NX|XX|GT|LT] FIELDS count field [field …]
pub fn hexpireat(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    set_ends(cx, args, Unit { seconds: true, relative: false }, "hexpireat")
}

/// HPEXPIREAT key unix-milliseconds [NX|XX|GT|LT] FIELDS count field [field …]
pub fn hpexpireat(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    set_ends(cx, args, Unit { seconds: false, relative: false }, "hpexpireat")
}

/// How a time is given.
#[derive(Debug, Clone, Copy)]
struct Unit {
    /// Seconds, not milliseconds.
    seconds: bool,
    /// From now on, not since 1970.
    relative: bool,
}

impl Unit {
    /// The unit that an option names: `EX`, `PX`, `EXAT`, `PXAT`.
    fn named(word: &[u8]) -> Option<Self> {
        let (seconds, relative) = match word.to_ascii_uppercase().as_slice() {
            b"EX" => (true, true),
            b"PX" => (false, true),
            b"EXAT" => (true, false),
            b"PXAT" => (false, false),
            _ => return None,
        };
        Some(Unit { seconds, relative })
    }

    /// The moment an argument means, in milliseconds since 1970.
    fn moment(self, argument: &[u8], now_ms: i64, command: &str) -> Result<i64> {
        let wrong = || Error::expire_time(command);
        let number = integer_argument(argument)?;
        if number < 0 {
            return Err(Error::err("invalid expire time, must be >= 0"));
        }
        let milliseconds = if self.seconds { number.checked_mul(1000).ok_or_else(wrong)? } else { number };
        let base = if self.relative { now_ms } else { 0 };
        milliseconds.checked_add(base).filter(|&when| when <= LATEST_END).ok_or_else(wrong)
    }
}

/// When HEXPIRE applies. A field without an end counts as ending later than any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    Always,
    /// `NX`: it has no end yet.
    IfLasting,
    /// `XX`: it has one.
    IfEnding,
    /// `GT`: it would end later than now.
    IfLater,
    /// `LT`: it would end sooner.
    IfSooner,
}

impl Condition {
    fn named(word: &[u8]) -> Option<Self> {
        match word.to_ascii_uppercase().as_slice() {
            b"NX" => Some(Condition::IfLasting),
            b"XX" => Some(Condition::IfEnding),
            b"GT" => Some(Condition::IfLater),
            b"LT" => Some(Condition::IfSooner),
            _ => None,
        }
    }

    fn is_met(self, old: Option<i64>, new: i64) -> bool {
        match (self, old) {
            (Condition::Always, _) | (Condition::IfLasting | Condition::IfSooner, None) => true,
            (Condition::IfLasting, Some(_)) | (Condition::IfEnding | Condition::IfLater, None) => false,
            (Condition::IfEnding, Some(_)) => true,
            (Condition::IfLater, Some(old)) => new > old,
            (Condition::IfSooner, Some(old)) => new < old,
        }
    }
}

/// The fields behind `FIELDS count`; `wrong` is the text for a count that is no positive number.
fn named_fields<'a>(words: Args<'a>, wrong: &str, command: &str) -> Result<Args<'a>> {
    let [word, count, fields @ ..] = words else { return Err(Error::arity(command)) };
    if !word.eq_ignore_ascii_case(b"FIELDS") {
        return Err(Error::err("Mandatory argument FIELDS is missing or not at the right position"));
    }
    if bounded_argument(count, 1, wrong)? != fields.len() as i64 {
        return Err(Error::err("The `numfields` parameter must match the number of arguments"));
    }
    Ok(fields)
}

const NOT_POSITIVE: &str = "Number of fields must be a positive integer";

fn integers(numbers: impl IntoIterator<Item = i64>) -> Resp {
    Resp::Array(numbers.into_iter().map(Resp::Integer).collect())
}

fn set_ends(cx: &mut Context<'_>, args: Args<'_>, unit: Unit, command: &str) -> Answer {
    let hash = Fields::open(cx, &args[0], Kind::Hash)?;
    let end = unit.moment(&args[1], cx.now_ms, command)?;
    let given = args.get(2).and_then(|word| Condition::named(word));
    let words = args.get(if given.is_some() { 3 } else { 2 }..).unwrap_or_default();
    let fields = named_fields(words, "Parameter `numFields` should be greater than 0", command)?;
    let Some(mut hash) = hash else { return Ok(integers(fields.iter().map(|_| NO_FIELD))) };
    let condition = given.unwrap_or(Condition::Always);
    let mut answers = Vec::with_capacity(fields.len());
    for field in fields {
        answers.push(match hash.end_of(cx, field)? {
            None => NO_FIELD,
            Some(old) if !condition.is_met(old, end) => NOT_MET,
            Some(_) => end_at(cx, &mut hash, field, end)?,
        });
    }
    hash.save(cx, &args[0])?;
    Ok(integers(answers))
}

/// Lets a field end at a time, which may have passed.
fn end_at(cx: &mut Context<'_>, hash: &mut Fields, field: &[u8], end: i64) -> Result<i64> {
    if end <= cx.now_ms {
        hash.remove(cx, field)?;
        return Ok(REMOVED);
    }
    hash.set_end(cx, field, Some(end))?;
    Ok(DONE)
}

/// HPERSIST key FIELDS count field [field …]
pub fn hpersist(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let hash = Fields::open(cx, &args[0], Kind::Hash)?;
    let fields = named_fields(&args[1..], NOT_POSITIVE, "hpersist")?;
    let Some(mut hash) = hash else { return Ok(integers(fields.iter().map(|_| NO_FIELD))) };
    let mut answers = Vec::with_capacity(fields.len());
    for field in fields {
        answers.push(match hash.end_of(cx, field)? {
            None => NO_FIELD,
            Some(None) => NO_END,
            Some(Some(_)) => {
                hash.set_end(cx, field, None)?;
                DONE
            }
        });
    }
    hash.save(cx, &args[0])?;
    Ok(integers(answers))
}

/// HTTL key FIELDS count field [field …]
pub fn httl(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let now = cx.now_ms;
    ends(cx, args, "httl", |end| (end - now + 999) / 1000)
}

/// HPTTL key FIELDS count field [field …]
pub fn hpttl(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let now = cx.now_ms;
    ends(cx, args, "hpttl", |end| end - now)
}

/// HEXPIRETIME key FIELDS count field [field …]
pub fn hexpiretime(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    ends(cx, args, "hexpiretime", |end| (end + 999) / 1000)
}

/// HPEXPIRETIME key FIELDS count field [field …]
pub fn hpexpiretime(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    ends(cx, args, "hpexpiretime", |end| end)
}

fn ends(cx: &Context<'_>, args: Args<'_>, command: &str, show: impl Fn(i64) -> i64) -> Answer {
    let hash = Fields::open(cx, &args[0], Kind::Hash)?;
    let fields = named_fields(&args[1..], NOT_POSITIVE, command)?;
    let mut answers = Vec::with_capacity(fields.len());
    for field in fields {
        let end = hash.as_ref().map_or(Ok(None), |hash| hash.end_of(cx, field))?;
        answers.push(end.map_or(NO_FIELD, |end| end.map_or(NO_END, &show)));
    }
    Ok(integers(answers))
}

/// HGETDEL key FIELDS count field [field …]: the values of fields, which are removed.
pub fn hgetdel(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let hash = Fields::open(cx, &args[0], Kind::Hash)?;
    let fields = named_fields(&args[1..], NOT_POSITIVE, "hgetdel")?;
    let Some(mut hash) = hash else { return Ok(Resp::Array(vec![Resp::Nil; fields.len()])) };
    let mut values = Vec::with_capacity(fields.len());
    for field in fields {
        values.push(hash.get(cx, field)?.map_or(Resp::Nil, Resp::Bulk));
        hash.remove(cx, field)?;
    }
    hash.save(cx, &args[0])?;
    Ok(Resp::Array(values))
}

/// HGETEX key [EX s|PX ms|EXAT s|PXAT ms|PERSIST] FIELDS count field [field …]
pub fn hgetex(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let hash = Fields::open(cx, &args[0], Kind::Hash)?;
    let (mut persist, mut end, mut words) = (false, None, &args[1..]);
    match words {
        [word, rest @ ..] if word.eq_ignore_ascii_case(b"PERSIST") => (persist, words) = (true, rest),
        [word, time, rest @ ..] => {
            if let Some(unit) = Unit::named(word) {
                (end, words) = (Some(unit.moment(time, cx.now_ms, "hgetex")?), rest);
            }
        }
        _ => {}
    }
    let fields = named_fields(words, NOT_POSITIVE, "hgetex")?;
    let Some(mut hash) = hash else { return Ok(Resp::Array(vec![Resp::Nil; fields.len()])) };
    let mut values = Vec::with_capacity(fields.len());
    for field in fields {
        let value = hash.get(cx, field)?;
        if value.is_some() {
            match end {
                Some(end) => drop(end_at(cx, &mut hash, field, end)?),
                None if persist => hash.set_end(cx, field, None)?,
                None => {}
            }
        }
        values.push(value.map_or(Resp::Nil, Resp::Bulk));
    }
    hash.save(cx, &args[0])?;
    Ok(Resp::Array(values))
}

/// What HSETEX is asked to do.
#[derive(Debug, Default)]
struct SetOptions<'a> {
    /// `FNX`: only if none of the fields is there.
    if_missing: bool,
    /// `FXX`: only if all of them are there.
    if_there: bool,
    /// `KEEPTTL`: the fields end when they ended before.
    keep: bool,
    /// When they end.
    end: Option<i64>,
    /// Fields and values.
    pairs: Args<'a>,
}

/// Options may come in any order, also behind the fields.
fn set_options<'a>(words: Args<'a>, now_ms: i64) -> Result<SetOptions<'a>> {
    let mut options = SetOptions::default();
    let mut rest = words;
    while let [word, behind @ ..] = rest {
        rest = behind;
        match word.to_ascii_uppercase().as_slice() {
            b"FIELDS" => {
                let [count, pairs @ ..] = rest else { return Err(Error::arity("hsetex")) };
                let count = bounded_argument(count, 1, "invalid number of fields")?;
                let words = usize::try_from(count).ok().and_then(|count| count.checked_mul(2));
                let (pairs, behind) =
                    words.and_then(|words| pairs.split_at_checked(words)).ok_or_else(|| Error::arity("hsetex"))?;
                if !options.pairs.is_empty() {
                    return Err(Error::err("FIELDS keyword specified multiple times"));
                }
                (options.pairs, rest) = (pairs, behind);
            }
            b"KEEPTTL" | b"EX" | b"PX" | b"EXAT" | b"PXAT" if options.keep || options.end.is_some() => {
                return Err(Error::err("Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified"));
            }
            b"KEEPTTL" => options.keep = true,
            b"FXX" | b"FNX" if options.if_there || options.if_missing => {
                return Err(Error::err("Only one of FXX or FNX arguments can be specified"));
            }
            b"FXX" => options.if_there = true,
            b"FNX" => options.if_missing = true,
            _ => {
                let Some(unit) = Unit::named(word) else {
                    return Err(Error::err(format_args!("unknown argument: {}", String::from_utf8_lossy(word))));
                };
                let [time, behind @ ..] = rest else { return Err(Error::err("missing expire time")) };
                options.end = Some(unit.moment(time, now_ms, "hsetex")?);
                rest = behind;
            }
        }
    }
    if options.pairs.is_empty() { Err(Error::err("missing FIELDS argument")) } else { Ok(options) }
}

/// HSETEX key [FNX|FXX] [EX s|PX ms|EXAT s|PXAT ms|KEEPTTL] FIELDS count field value [field value …]
pub fn hsetex(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let options = set_options(&args[1..], cx.now_ms)?;
    let mut hash = Fields::open_or_new(cx, &args[0], Kind::Hash)?;
    for pair in options.pairs.chunks_exact(2) {
        let there = hash.contains(cx, &pair[0])?;
        if (options.if_there && !there) || (options.if_missing && there) {
            return Ok(Resp::Integer(0));
        }
    }
    for pair in options.pairs.chunks_exact(2) {
        match options.end {
            _ if options.keep => drop(hash.set_keeping_end(cx, &pair[0], &pair[1])?),
            None => drop(hash.set(cx, &pair[0], &pair[1])?),
            Some(end) => {
                hash.set_keeping_end(cx, &pair[0], &pair[1])?;
                end_at(cx, &mut hash, &pair[0], end)?;
            }
        }
    }
    hash.save(cx, &args[0])?;
    Ok(Resp::Integer(1))
}

#[cfg(test)]
mod tests {
    use crate::kv::testing::Engine;
    use std::collections::BTreeMap;

    /// Keys of fields of values and ends.
    type Model = BTreeMap<u32, BTreeMap<u32, (u32, Option<i64>)>>;

    fn one_step(engine: &mut Engine, model: &mut Model, rng: &mut fastrand::Rng) {
        let (key, field, value) = (rng.u32(..3), rng.u32(..200), rng.u32(..1000));
        let end = engine.now_ms + 1 + i64::from(value);
        match rng.u32(..10) {
            0 => engine.now_ms += i64::from(value) / 40,
            1..=4 => {
                engine.ok(&format!("HSET h{key} f{field} {value}"));
                model.entry(key).or_default().insert(field, (value, None));
            }
            5 => {
                engine.ok(&format!("HDEL h{key} f{field}"));
                model.entry(key).or_default().remove(&field);
            }
            6 => {
                engine.ok(&format!("HSETEX h{key} PXAT {end} FIELDS 1 f{field} {value}"));
                model.entry(key).or_default().insert(field, (value, Some(end)));
            }
            7 => {
                engine.ok(&format!("HPERSIST h{key} FIELDS 1 f{field}"));
                if let Some(found) = model.entry(key).or_default().get_mut(&field) {
                    found.1 = None;
                }
            }
            _ => {
                engine.ok(&format!("HPEXPIREAT h{key} {end} FIELDS 1 f{field}"));
                if let Some(found) = model.entry(key).or_default().get_mut(&field) {
                    found.1 = Some(end);
                }
            }
        }
        let now = engine.now_ms;
        for fields in model.values_mut() {
            fields.retain(|_, (_, end)| end.is_none_or(|end| end >= now));
        }
        model.retain(|_, fields| !fields.is_empty());
    }

    #[test]
    fn fields_end_as_those_of_a_simple_model() {
        let mut rng = fastrand::Rng::with_seed(5);
        let (mut engine, mut model) = (Engine::new(), Model::new());
        for step in 0..6_000 {
            one_step(&mut engine, &mut model, &mut rng);
            assert_eq!(engine.show("DBSIZE"), model.len().to_string(), "step {step}");
            let key = rng.u32(..3);
            let fields = model.get(&key).cloned().unwrap_or_default();
            assert_eq!(engine.show(&format!("HLEN h{key}")), fields.len().to_string(), "step {step}");
            assert_eq!(engine.show(&format!("EXISTS h{key}")), u32::from(!fields.is_empty()).to_string());
            if step % 20 == 0 {
                let text = engine.show(&format!("HGETALL h{key}"));
                let mut found: Vec<&str> = text.trim_matches(['[', ']']).split_whitespace().collect();
                found.sort_unstable();
                let mut wanted: Vec<String> =
                    fields.iter().flat_map(|(field, (value, _))| [format!("f{field}"), value.to_string()]).collect();
                wanted.sort_unstable();
                assert_eq!(found, wanted, "step {step}");
                for (field, (_, end)) in &fields {
                    let end = end.map_or(-1, |end| end - engine.now_ms);
                    assert_eq!(engine.show(&format!("HPTTL h{key} FIELDS 1 f{field}")), format!("[{end}]"));
                }
            }
        }
        engine.ok("DEL h0 h1 h2");
        for _ in 0..50 {
            engine.ok("SET other x");
        }
        assert_eq!((engine.rows(|spaces| spaces.elements), engine.rows(|spaces| spaces.expiries)), (0, 0));
    }

    #[test]
    fn fields_that_have_ended_are_removed_while_other_keys_are_written() {
        let mut engine = Engine::new();
        engine.ok("HSET h stays x");
        for field in 0..500 {
            engine.ok(&format!("HSETEX h PX 100 FIELDS 1 f{field} x"));
        }
        engine.now_ms += 101;
        engine.check(&[("HLEN h", "1"), ("HGETALL h", "[stays x]")]);
        assert_eq!(engine.rows(|spaces| spaces.elements), 1501, "reading removes nothing");
        for _ in 0..5 {
            engine.ok("SET other x");
        }
        assert_eq!((engine.rows(|spaces| spaces.elements), engine.rows(|spaces| spaces.expiries)), (1, 0));
        engine.check(&[("HGETALL h", "[stays x]"), ("HTTL h FIELDS 1 stays", "[-1]")]);
    }
}
