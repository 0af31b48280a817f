//! SCAN and its kin: walking a large collection page by page, while others write.
//!
//! Whatever is there from the first call to the last is returned: pages follow the order of keys (or
//! fields, members), and a cursor stands for the first key of the next page. A cursor is a number, so
//! it is the hash of that key; a table in memory leads back to the key. A cursor that the table does
//! not know (another process made it) is looked for among the keys; if its key is gone too, the walk
//! begins again, which repeats keys but misses none.

use super::fields::Fields;
use super::layout::{Kind, kind_of};
use super::number::integer_argument;
use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;
use crate::storage::{Direction, KeyRange, Space};
use crate::text::glob;
use std::collections::{HashMap, VecDeque};
use std::ops::{Bound, ControlFlow};
use std::sync::{Mutex, PoisonError};

/// Cursors that are remembered.
const REMEMBERED: usize = 1 << 16;

/// Which keys the cursors given lately stand for. The key follows from nothing but the cursor, so
/// one table serves all sessions.
static POSITIONS: Mutex<Option<Positions>> = Mutex::new(None);

#[derive(Default)]
struct Positions {
    keys: HashMap<u64, Vec<u8>>,
    oldest: VecDeque<u64>,
}

fn remember(key: &[u8]) -> u64 {
    let cursor = hash(key);
    let mut guard = POSITIONS.lock().unwrap_or_else(PoisonError::into_inner);
    let positions = guard.get_or_insert_default();
    if positions.keys.insert(cursor, key.to_vec()).is_none() {
        positions.oldest.push_back(cursor);
    }
    while positions.oldest.len() > REMEMBERED {
        if let Some(oldest) = positions.oldest.pop_front() {
            positions.keys.remove(&oldest);
        }
    }
    cursor
}

fn recall(cursor: u64) -> Option<Vec<u8>> {
    let guard = POSITIONS.lock().unwrap_or_else(PoisonError::into_inner);
    guard.as_ref()?.keys.get(&cursor).cloned()
}

/// 48 bits of FNV-1a, never zero.
fn hash(key: &[u8]) -> u64 {
    let full = key
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    ((full ^ full >> 48) & 0xffff_ffff_ffff).max(1)
}

/// A cursor argument, as C's `strtoul` reads it.
pub fn cursor_argument(argument: &[u8]) -> Result<u64> {
    let wrong = || Error::err("invalid cursor");
    let (negative, digits) = match argument {
        [] => return Ok(0),
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, argument),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(wrong());
    }
    let number: u64 = std::str::from_utf8(digits).map_err(|_| wrong())?.parse().map_err(|_| wrong())?;
    Ok(if negative { number.wrapping_neg() } else { number })
}

/// The options of a scan.
pub struct Options<'a> {
    /// `MATCH`
    pub pattern: Option<&'a [u8]>,
    /// `COUNT`
    pub count: usize,
    /// `TYPE`
    pub kind: Option<&'a [u8]>,
}

impl Options<'_> {
    /// Whether a key, field or member passes MATCH.
    pub fn passes(&self, name: &[u8]) -> bool {
        self.pattern.is_none_or(|pattern| glob::matches(pattern, name))
    }
}

/// Parses the words behind the cursor; only SCAN itself knows `TYPE`.
pub fn options(args: Args<'_>, with_type: bool) -> Result<Options<'_>> {
    let mut options = Options { pattern: None, count: 10, kind: None };
    for pair in args.chunks(2) {
        let [name, value] = pair else { return Err(Error::syntax()) };
        match name.to_ascii_uppercase().as_slice() {
            b"COUNT" => {
                let count = integer_argument(value)?;
                options.count = usize::try_from(count).ok().filter(|&count| count > 0).ok_or_else(Error::syntax)?;
            }
            b"MATCH" => options.pattern = Some(value),
            b"TYPE" if with_type => options.kind = Some(value),
            _ => return Err(Error::syntax()),
        }
    }
    Ok(options)
}

/// What is called for each row of a page.
pub type Visit<'v> = dyn FnMut(&[u8], &[u8]) -> Result<()> + 'v;

/// Visits about `count` rows of `space` that begin with `prefix`, from a cursor on; answers the next cursor, 0 at the end.
/// `visit` gets each key without the prefix, and its value.
pub fn page(
    cx: &Context<'_>,
    space: Space,
    prefix: &[u8],
    cursor: u64,
    count: usize,
    visit: &mut Visit<'_>,
) -> Result<u64> {
    let whole = KeyRange::prefix(prefix);
    let mut range = whole.clone();
    if cursor != 0
        && let Some(start) = position(cx, space, &whole, prefix.len(), cursor)?
    {
        range.start = Bound::Included([prefix, &start].concat());
    }
    let (mut seen, mut next, mut failed) = (0, 0, None);
    cx.tx.scan(space, &range, Direction::Forward, &mut |key, value| {
        let name = key.get(prefix.len()..).unwrap_or_default();
        if seen == count {
            next = remember(name);
            return Ok(ControlFlow::Break(()));
        }
        seen += 1;
        if let Err(error) = visit(name, value) {
            failed = Some(error);
            return Ok(ControlFlow::Break(()));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    failed.map_or(Ok(next), Err)
}

/// Where a cursor stands.
fn position(cx: &Context<'_>, space: Space, whole: &KeyRange, skip: usize, cursor: u64) -> Result<Option<Vec<u8>>> {
    if let Some(key) = recall(cursor) {
        return Ok(Some(key));
    }
    let mut found = None;
    cx.tx.scan(space, whole, Direction::Forward, &mut |key, _| {
        let name = key.get(skip..).unwrap_or_default();
        if hash(name) == cursor {
            found = Some(name.to_vec());
            return Ok(ControlFlow::Break(()));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(found)
}

/// The answer of a scan: the next cursor and the page.
pub fn answer(next: u64, items: Vec<Resp>) -> Resp {
    Resp::Array(vec![Resp::bulk(next.to_string()), Resp::Array(items)])
}

/// SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]
pub fn scan(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let cursor = cursor_argument(&args[0])?;
    let options = options(&args[1..], true)?;
    let mut found = Vec::new();
    let next = page(cx, cx.spaces().keys, b"", cursor, options.count, &mut |key, row| {
        let of_kind = match options.kind {
            Some(kind) => kind.eq_ignore_ascii_case(kind_of(row)?.name().as_bytes()),
            None => true,
        };
        if of_kind && options.passes(key) && cx.is_live(row)? {
            found.push(Resp::bulk(key));
        }
        Ok(())
    })?;
    Ok(answer(next, found))
}

/// HSCAN and SSCAN: a small collection answers whole, with the cursor 0, as in Redis.
pub fn scan_fields(cx: &Context<'_>, args: Args<'_>, kind: Kind) -> Answer {
    let cursor = cursor_argument(&args[1])?;
    let Some(fields) = Fields::open(cx, &args[0], kind)? else { return Ok(answer(0, Vec::new())) };
    let options = options(&args[2..], false)?;
    let mut found = Vec::new();
    let mut take = |name: &[u8], value: &[u8]| {
        if options.passes(name) {
            found.push(Resp::bulk(name));
            if kind == Kind::Hash {
                found.push(Resp::bulk(value));
            }
        }
    };
    let next = match fields.prefix() {
        Some(prefix) => page(cx, cx.spaces().elements, &prefix, cursor, options.count, &mut |name, value| {
            if !fields.has_ended(cx, name)? {
                take(name, value);
            }
            Ok(())
        })?,
        None => {
            fields.each(cx, &mut |name, value| {
                take(name, value);
                ControlFlow::Continue(())
            })?;
            0
        }
    };
    Ok(answer(next, found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kv::testing::Engine;

    #[test]
    fn cursors_are_read_as_strtoul_reads_them() {
        assert_eq!(cursor_argument(b"").unwrap(), 0);
        assert_eq!(cursor_argument(b"-1").unwrap(), u64::MAX);
        for bad in ["abc", " 1", "1 ", "99999999999999999999"] {
            assert!(cursor_argument(bad.as_bytes()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_walk_returns_every_key_and_survives_a_forgotten_cursor() {
        let mut engine = Engine::new();
        for number in 0..100 {
            engine.ok(&format!("SET key:{number} x"));
        }
        let (mut cursor, mut seen) = ("0".to_owned(), std::collections::BTreeSet::new());
        loop {
            let Resp::Array(parts) = engine.ok(&format!("SCAN {cursor} COUNT 7")) else { panic!() };
            let (Resp::Bulk(next), Resp::Array(keys)) = (&parts[0], &parts[1]) else { panic!() };
            seen.extend(keys.iter().map(|key| format!("{key:?}")));
            cursor = String::from_utf8(next.clone()).unwrap();
            if cursor == "0" {
                break;
            }
            *POSITIONS.lock().unwrap() = None;
        }
        assert_eq!(seen.len(), 100);
    }

    #[test]
    fn a_walk_over_a_large_collection_returns_its_names() {
        let mut engine = Engine::new();
        for number in 100..300 {
            engine.ok(&format!("SADD s {number}"));
            engine.ok(&format!("HSET h {number} v"));
            engine.ok(&format!("ZADD z {number} {number}"));
        }
        engine.check(&[
            ("SSCAN s 0 COUNT 1000 MATCH 10[12]", "[0 [101 102]]"),
            ("HSCAN h 0 COUNT 1000 MATCH 10[12]", "[0 [101 v 102 v]]"),
            ("ZSCAN z 0 COUNT 1000 MATCH 10[12]", "[0 [101 101 102 102]]"),
        ]);
    }
}
