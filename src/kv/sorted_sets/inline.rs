//! A small sorted set: score and member, one after the other in order, in the body of its row.

use super::store::order;
use super::{Result, Scored};
use crate::kv::layout::{Elements, number_at, push_element};
use std::ops::Range;

/// Where a member stands in the body.
pub struct Place {
    /// Its score.
    pub score: f64,
    range: Range<usize>,
}

fn next<'b>(rest: &mut Elements<'b>) -> Result<Option<(&'b [u8], f64)>> {
    if rest.left() == 0 {
        return Ok(None);
    }
    let score = f64::from_bits(number_at(rest.take(8)?, 0)?);
    Ok(Some((rest.next_element()?.unwrap_or_default(), score)))
}

/// How many members there are.
pub fn count(body: &[u8]) -> Result<u64> {
    let (mut rest, mut count) = (Elements::of(body), 0);
    while next(&mut rest)?.is_some() {
        count += 1;
    }
    Ok(count)
}

/// The place of a member, if it is there.
pub fn find(body: &[u8], member: &[u8]) -> Result<Option<Place>> {
    let mut rest = Elements::of(body);
    loop {
        let start = body.len() - rest.left();
        match next(&mut rest)? {
            None => return Ok(None),
            Some((name, score)) if name == member => {
                return Ok(Some(Place { score, range: start..body.len() - rest.left() }));
            }
            Some(_) => {}
        }
    }
}

/// Takes a member out.
pub fn remove(body: &mut Vec<u8>, place: Place) {
    body.drain(place.range);
}

/// Puts a member that is not there in its place.
pub fn insert(body: &mut Vec<u8>, member: &[u8], score: f64) -> Result<()> {
    let mut rest = Elements::of(body);
    let mut at = 0;
    while let Some(found) = next(&mut rest)?
        && order(found, (member, score)).is_lt()
    {
        at = body.len() - rest.left();
    }
    let mut bytes = Vec::with_capacity(member.len() + 10);
    bytes.extend_from_slice(&score.to_bits().to_be_bytes());
    push_element(&mut bytes, member);
    body.splice(at..at, bytes);
    Ok(())
}

/// All members in order of score.
pub fn all(body: &[u8]) -> Result<Vec<(&[u8], f64)>> {
    let (mut rest, mut all) = (Elements::of(body), Vec::new());
    while let Some(found) = next(&mut rest)? {
        all.push(found);
    }
    Ok(all)
}

/// The first member, or the last.
pub fn edge(body: &[u8], last: bool) -> Result<Option<Scored>> {
    let (mut rest, mut found) = (Elements::of(body), None);
    while let Some(member) = next(&mut rest)? {
        found = Some(member);
        if !last {
            break;
        }
    }
    Ok(found.map(|(member, score)| (member.to_vec(), score)))
}
