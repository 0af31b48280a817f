//! Chance: which elements SPOP, SRANDMEMBER, HRANDFIELD and ZRANDMEMBER take.

use super::{Error, Result};
use std::collections::HashMap;
use std::collections::HashSet;
use std::ops::ControlFlow;

/// More elements than this are not drawn with repeats.
const MOST_REPEATS: i64 = 1 << 20;

/// Places of elements among `length`: `count` different ones (all if there are fewer), or for a
/// negative count that many, each drawn from all.
pub fn places(rng: &mut fastrand::Rng, length: u64, count: i64) -> Result<Vec<u64>> {
    if length == 0 || count == 0 {
        return Ok(Vec::new());
    }
    if count < 0 {
        if count < -MOST_REPEATS {
            return Err(Error::err(format_args!(
                "value is out of range, at most {MOST_REPEATS} elements are drawn with repeats"
            )));
        }
        return Ok((0..count.unsigned_abs()).map(|_| rng.u64(..length)).collect());
    }
    let count = count.unsigned_abs();
    if count >= length {
        return Ok((0..length).collect());
    }
    // Floyd's algorithm: every subset of this size is equally likely.
    let mut chosen = HashSet::new();
    let mut places = Vec::new();
    for last in length - count..length {
        let place = rng.u64(..=last);
        let place = if chosen.insert(place) { place } else { last };
        chosen.insert(place);
        places.push(place);
    }
    rng.shuffle(&mut places);
    Ok(places)
}

/// What a walk hands each element to.
pub type Take<'t, V> = dyn FnMut(Vec<u8>, V) -> ControlFlow<()> + 't;

/// The elements at these places, in this order, from one walk over the collection.
pub fn collect<V: Clone>(
    places: &[u64],
    walk: impl FnOnce(&mut Take<'_, V>) -> Result<()>,
) -> Result<Vec<(Vec<u8>, V)>> {
    let wanted: HashSet<u64> = places.iter().copied().collect();
    let Some(last) = places.iter().max().copied() else { return Ok(Vec::new()) };
    let (mut found, mut place) = (HashMap::new(), 0);
    walk(&mut |name, value| {
        if wanted.contains(&place) {
            found.insert(place, (name, value));
        }
        place += 1;
        if place > last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    Ok(places.iter().filter_map(|place| found.get(place).cloned()).collect())
}

#[cfg(test)]
mod tests {
    use super::places;

    #[test]
    fn draws_are_different_without_repeats_and_bounded_with_them() {
        let mut rng = fastrand::Rng::with_seed(1);
        let mut drawn = places(&mut rng, 10, 5).unwrap();
        drawn.sort_unstable();
        drawn.dedup();
        assert_eq!(drawn.len(), 5);
        assert_eq!(places(&mut rng, 3, 10).unwrap(), [0, 1, 2]);
        assert_eq!(places(&mut rng, 3, -10).unwrap().len(), 10);
        assert!(places(&mut rng, 3, i64::MIN + 1).is_err());
        assert!(places(&mut rng, 0, 5).unwrap().is_empty());
    }
}
