//! RANDOMKEY: every key is about equally likely, however many there are.
//!
//! (Keys whose names are of another shape than most can be somewhat rarer or more frequent.)
//!
//! Few keys are counted off. Among many, the bytes of the keys are taken for a tree, and a key is drawn by
//! going down at random: at each fork one of the ways, each as likely. The number of ways at all forks
//! multiplied is an estimate of how many keys there are (D. Knuth, "Estimating the efficiency of backtrack
//! programs", 1975), and so a measure of how unlikely the draw was: of some draws one is taken by that weight.

use super::{Answer, Args, Context, Result};
use crate::reply::Resp;
use crate::storage::{Direction, KeyRange};
use std::ops::{Bound, ControlFlow};

/// So many keys are counted off.
const FEW: u64 = 2_000;
/// Draws are added until they have looked for so many keys …
const LOOKS: usize = 600;
/// … and there are at least so many.
const DRAWS: usize = 4;

/// RANDOMKEY
pub fn randomkey(cx: &mut Context<'_>, _args: Args<'_>) -> Answer {
    let rows = cx.count_rows()?;
    for _ in 0..100 {
        let key = if rows <= FEW { counted_off(cx, rows)? } else { drawn(cx)? };
        let Some(key) = key else { break };
        if cx.exists(&key)? {
            return Ok(Resp::Bulk(key));
        }
    }
    // Nearly all have expired: the first that has not.
    let mut found = None;
    super::keyspace::each_key(cx, &KeyRange::all(), &mut |key, _| {
        found = Some(key.to_vec());
        ControlFlow::Break(())
    })?;
    Ok(found.map_or(Resp::Nil, Resp::Bulk))
}

/// The key at a random place, walking to it from the nearer end.
fn counted_off(cx: &mut Context<'_>, rows: u64) -> Result<Option<Vec<u8>>> {
    if rows == 0 {
        return Ok(None);
    }
    let place = cx.rng.u64(..rows);
    let (direction, mut steps) =
        if place < rows / 2 { (Direction::Forward, place) } else { (Direction::Backward, rows - 1 - place) };
    let mut found = None;
    cx.tx.scan(cx.spaces().keys, &KeyRange::all(), direction, &mut |key, _| {
        if steps > 0 {
            steps -= 1;
            return Ok(ControlFlow::Continue(()));
        }
        found = Some(key.to_vec());
        Ok(ControlFlow::Break(()))
    })?;
    Ok(found)
}

/// One of some draws, each as likely as it was unlikely to be drawn.
fn drawn(cx: &mut Context<'_>) -> Result<Option<Vec<u8>>> {
    let (mut draws, mut looks): (Vec<(Vec<u8>, f64)>, usize) = (Vec::new(), 0);
    while draws.len() < DRAWS || looks < LOOKS {
        match descend(cx, &mut looks)? {
            Some(draw) => draws.push(draw),
            None => return Ok(None),
        }
    }
    let most = draws.iter().map(|(_, weight)| *weight).fold(f64::NEG_INFINITY, f64::max);
    let total: f64 = draws.iter().map(|(_, weight)| (weight - most).exp()).sum();
    let mut rest = cx.rng.f64() * total;
    let taken = draws.iter().position(|(_, weight)| {
        rest -= (weight - most).exp();
        rest < 0.0
    });
    Ok(draws.into_iter().nth(taken.unwrap_or(0)).map(|(key, _)| key))
}

/// A key at the end of a way down, and the logarithm of how many keys that way lets expect.
fn descend(cx: &mut Context<'_>, looks: &mut usize) -> Result<Option<(Vec<u8>, f64)>> {
    let (mut prefix, mut weight) = (Vec::new(), 0.0);
    loop {
        let below = KeyRange::prefix(&prefix);
        let edges = (edge(cx, &below, Direction::Forward)?, edge(cx, &below, Direction::Backward)?);
        *looks += 2;
        let (Some(first), Some(last)) = edges else { return Ok(None) };
        if first == last {
            return Ok(Some((first, weight)));
        }
        // The fork: what all keys below begin with. A key may end there; the others go on with a byte.
        let fork = first.iter().zip(&last).take_while(|(left, right)| left == right).count();
        let (mut ways, mut next) = (Vec::new(), first.clone());
        loop {
            let way = next.get(fork).copied();
            ways.push(way);
            if way == last.get(fork).copied() {
                break;
            }
            let mut start = first.get(..fork).unwrap_or_default().to_vec();
            start.push(way.map_or(0, |byte| byte.saturating_add(1)));
            let behind = KeyRange { start: Bound::Included(start), end: below.end.clone() };
            *looks += 1;
            match edge(cx, &behind, Direction::Forward)? {
                Some(key) => next = key,
                None => break,
            }
        }
        weight += (ways.len() as f64).ln();
        prefix = first;
        prefix.truncate(fork);
        match ways.get(cx.rng.usize(..ways.len())).copied().flatten() {
            Some(byte) => prefix.push(byte),
            None => return Ok(Some((prefix, weight))),
        }
    }
}

/// The first key of a range, or the last.
fn edge(cx: &Context<'_>, range: &KeyRange, direction: Direction) -> Result<Option<Vec<u8>>> {
    let mut found = None;
    cx.tx.scan(cx.spaces().keys, range, direction, &mut |key, _| {
        found = Some(key.to_vec());
        Ok(ControlFlow::Break(()))
    })?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use crate::kv::testing::Engine;
    use std::collections::BTreeMap;

    #[test]
    fn keys_of_every_shape_are_drawn_about_as_often() {
        let mut engine = Engine::new();
        let mut rng = fastrand::Rng::with_seed(4);
        let mut shapes = BTreeMap::from([("user:", 0), ("#", 0), ("visit:", 0)]);
        for number in 0..2_000 {
            engine.ok(&format!("SET user:{number} x"));
            engine.ok(&format!("SET #{:016x} x", rng.u64(..)));
            engine.ok(&format!("SET visit:{}:{} x", number / 2, if number % 2 == 0 { "page" } else { "time" }));
        }
        for _ in 0..600 {
            let key = engine.show("RANDOMKEY");
            let shape = shapes.iter_mut().find(|(shape, _)| key.starts_with(**shape)).unwrap();
            *shape.1 += 1;
        }
        assert!(shapes.values().all(|drawn| (100..=300).contains(drawn)), "{shapes:?}");
    }

    #[test]
    fn expired_keys_are_not_drawn() {
        let mut engine = Engine::new();
        for number in 0..3_000 {
            engine.ok(&format!("SET k{number} x PX 10"));
        }
        engine.ok("SET z stays");
        engine.now_ms += 11;
        engine.check(&[("RANDOMKEY", "z"), ("FLUSHDB", "OK"), ("RANDOMKEY", "(nil)")]);
    }
}
