//! Members near a place: GEOSEARCH, GEOSEARCHSTORE and the older GEORADIUS family.

use super::cells::{Place, cover};
use super::options::{Command, Options, Order, member_place, parse, radius_argument};
use super::shape::Shape;
use super::{Answer, Args, Context, Resp, Result, SortedSet, place_argument, show_distance, show_place};
use crate::kv::sorted_sets::Start;
use crate::storage::Direction;
use std::ops::ControlFlow;

/// GEOSEARCH key FROMMEMBER member|FROMLONLAT longitude latitude BYRADIUS radius unit|BYBOX width height unit
/// [ASC|DESC] [COUNT count [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]
pub fn geosearch(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let set = SortedSet::open(cx, &args[0])?;
    let options = parse(cx, set.as_ref(), &args[1..], Command::Search, Options::default())?;
    answer(cx, set, options)
}

/// GEOSEARCHSTORE destination source … [STOREDIST]: how many members were stored.
pub fn geosearchstore(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let set = SortedSet::open(cx, &args[1])?;
    let options = Options { store: Some(&args[0]), ..Options::default() };
    let options = parse(cx, set.as_ref(), &args[2..], Command::SearchStore, options)?;
    answer(cx, set, options)
}

/// GEORADIUS key longitude latitude radius M|KM|FT|MI [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]]
/// [ASC|DESC] [STORE key|STOREDIST key]
pub fn georadius(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    around_place(cx, args, Command::Radius)
}

/// GEORADIUS_RO: GEORADIUS without STORE.
pub fn georadius_ro(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    around_place(cx, args, Command::RadiusReadOnly)
}

/// GEORADIUSBYMEMBER key member radius M|KM|FT|MI …, as GEORADIUS.
pub fn georadiusbymember(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    around_member(cx, args, Command::Radius)
}

/// GEORADIUSBYMEMBER_RO: GEORADIUSBYMEMBER without STORE.
pub fn georadiusbymember_ro(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    around_member(cx, args, Command::RadiusReadOnly)
}

fn around_place(cx: &mut Context<'_>, args: Args<'_>, command: Command) -> Answer {
    let set = SortedSet::open(cx, &args[0])?;
    let centre = place_argument(&args[1], &args[2])?;
    let (form, unit) = radius_argument(&args[3], &args[4])?;
    let options = Options { shape: Some(Shape { centre, form }), unit, ..Options::default() };
    let options = parse(cx, set.as_ref(), &args[5..], command, options)?;
    answer(cx, set, options)
}

fn around_member(cx: &mut Context<'_>, args: Args<'_>, command: Command) -> Answer {
    let set = SortedSet::open(cx, &args[0])?;
    let mut options = Options::default();
    // Without the key, Redis does not look at the radius.
    if let Some(centre) = member_place(cx, set.as_ref(), &args[1])? {
        let (form, unit) = radius_argument(&args[2], &args[3])?;
        (options.shape, options.unit) = (Some(Shape { centre, form }), unit);
    }
    let options = parse(cx, set.as_ref(), &args[4..], command, options)?;
    answer(cx, set, options)
}

/// A member that was found; its distance in metres.
struct Found {
    member: Vec<u8>,
    score: f64,
    place: Place,
    distance: f64,
}

fn answer(cx: &mut Context<'_>, set: Option<SortedSet>, options: Options<'_>) -> Answer {
    let mut found = match (&set, &options.shape) {
        (Some(set), Some(shape)) => within(cx, set, shape, options.count.filter(|_| options.any))?,
        _ => Vec::new(),
    };
    // The nearest are asked for, unless any will do.
    let order = options.order.or(options.count.filter(|_| !options.any).map(|_| Order::Nearest));
    match order {
        Some(Order::Nearest) => found.sort_by(|left, right| left.distance.total_cmp(&right.distance)),
        Some(Order::Farthest) => found.sort_by(|left, right| right.distance.total_cmp(&left.distance)),
        None => {}
    }
    found.truncate(options.count.unwrap_or(usize::MAX));
    match options.store {
        Some(key) => store(cx, key, &found, &options),
        None => Ok(Resp::Array(found.into_iter().map(|found| show(found, &options)).collect())),
    }
}

/// The members in a shape, cell by cell; only so many where any will do.
fn within(cx: &Context<'_>, set: &SortedSet, shape: &Shape, enough: Option<usize>) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    for cell in cover(shape) {
        let is_enough = |found: &Vec<Found>| enough.is_some_and(|enough| found.len() >= enough);
        if is_enough(&found) {
            break;
        }
        let (first, end) = cell.scores();
        set.each_from(cx, Start::Score(first, true), Direction::Forward, &mut |member, score| {
            if score >= end {
                return ControlFlow::Break(());
            }
            let place = Place::of_score(score);
            if let Some(distance) = shape.distance_within(place) {
                found.push(Found { member: member.to_vec(), score, place, distance });
            }
            if is_enough(&found) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
    }
    Ok(found)
}

fn show(found: Found, options: &Options<'_>) -> Resp {
    let member = Resp::Bulk(found.member);
    if !(options.with_distance || options.with_hash || options.with_place) {
        return member;
    }
    let mut parts = vec![member];
    if options.with_distance {
        parts.push(show_distance(found.distance / options.unit));
    }
    if options.with_hash {
        parts.push(Resp::Integer(found.score as i64));
    }
    if options.with_place {
        parts.push(show_place(found.place));
    }
    Resp::Array(parts)
}

fn store(cx: &mut Context<'_>, key: &[u8], found: &[Found], options: &Options<'_>) -> Answer {
    let old = cx.head(key)?;
    let mut set = SortedSet::new(old);
    for member in found {
        let score = if options.store_distance { member.distance / options.unit } else { member.score };
        set.set(cx, &member.member, None, score)?;
    }
    set.save_new(cx, key)?;
    Ok(Resp::Integer(found.len() as i64))
}
