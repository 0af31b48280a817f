//! Members and their places: GEOADD, GEOPOS, GEOHASH, GEODIST.

use super::cells::Place;
use super::{
    Answer, Args, Context, Error, Resp, Result, SortedSet, place_argument, show_distance, show_place, sorted_sets,
    unit_argument,
};

/// GEOADD key [NX|XX] [CH] longitude latitude member [longitude latitude member …]: ZADD of geohashes.
pub fn geoadd(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let is_option = |word: &&Vec<u8>| ["NX", "XX", "CH"].iter().any(|name| word.eq_ignore_ascii_case(name.as_bytes()));
    let options = args[1..].iter().take_while(is_option).count();
    let (options, places) = args[1..].split_at(options);
    let given = |name: &[u8]| options.iter().any(|word| word.eq_ignore_ascii_case(name));
    if places.len() % 3 != 0 || (given(b"NX") && given(b"XX")) {
        return Err(Error::syntax());
    }
    let mut words = vec![args[0].clone()];
    words.extend_from_slice(options);
    for triple in places.chunks_exact(3) {
        let place = place_argument(&triple[0], &triple[1])?;
        words.extend([place.score().to_string().into_bytes(), triple[2].clone()]);
    }
    sorted_sets::zadd(cx, &words)
}

/// What is told of each named member; nil for one that is missing.
fn of_members(cx: &Context<'_>, args: Args<'_>, tell: impl Fn(Place) -> Resp) -> Answer {
    let set = SortedSet::open(cx, &args[0])?;
    let mut told = Vec::with_capacity(args.len() - 1);
    for member in &args[1..] {
        told.push(place_of(cx, set.as_ref(), member)?.map_or(Resp::Nil, &tell));
    }
    Ok(Resp::Array(told))
}

fn place_of(cx: &Context<'_>, set: Option<&SortedSet>, member: &[u8]) -> Result<Option<Place>> {
    let score = set.map_or(Ok(None), |set| set.score(cx, member))?;
    Ok(score.map(Place::of_score))
}

/// GEOPOS key [member …]
pub fn geopos(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    of_members(cx, args, show_place)
}

/// GEOHASH key [member …]
pub fn geohash(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    of_members(cx, args, |place| Resp::Bulk(place.letters().into_bytes()))
}

/// GEODIST key member1 member2 [M|KM|FT|MI]
pub fn geodist(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let unit = match args.get(3..).unwrap_or_default() {
        [] => 1.0,
        [unit] => unit_argument(unit)?,
        _ => return Err(Error::syntax()),
    };
    let set = SortedSet::open(cx, &args[0])?;
    let places = (place_of(cx, set.as_ref(), &args[1])?, place_of(cx, set.as_ref(), &args[2])?);
    let (Some(from), Some(to)) = places else { return Ok(Resp::Nil) };
    Ok(show_distance(super::shape::distance(from, to) / unit))
}
