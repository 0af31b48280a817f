//! Parts of a date: `$year`, `$hour`, `$isoWeek` …, `$tsSecond`.

use super::calendar::Moment;
use super::node::{Call, Node};
use super::operator::{Answer, Arguments, NULL, Operator, fail, positional, special};
use super::parse::Parser;
use super::time_zone::Zone;
use super::type_name::type_name;
use crate::doc::Result;
use crate::value::order::is_nullish;
use bson::Bson;

pub(super) const OPERATORS: &[Operator] = &[
    special("$dayOfMonth", parse),
    special("$dayOfWeek", parse),
    special("$dayOfYear", parse),
    special("$hour", parse),
    special("$isoDayOfWeek", parse),
    special("$isoWeek", parse),
    special("$isoWeekYear", parse),
    special("$millisecond", parse),
    special("$minute", parse),
    special("$month", parse),
    special("$second", parse),
    positional("$tsIncrement", 1, 1, |a| timestamp(a, |stamp| stamp.increment)),
    positional("$tsSecond", 1, 1, |a| timestamp(a, |stamp| stamp.time)),
    special("$week", parse),
    special("$year", parse),
];

static PARTS: &[Operator] = &[
    positional("$dayOfMonth", 1, 2, |a| part(a, |m| m.day)),
    positional("$dayOfWeek", 1, 2, |a| part(a, Moment::day_of_week)),
    positional("$dayOfYear", 1, 2, |a| part(a, Moment::day_of_year)),
    positional("$hour", 1, 2, |a| part(a, |m| m.hour)),
    positional("$isoDayOfWeek", 1, 2, |a| part(a, Moment::iso_day_of_week)),
    positional("$isoWeek", 1, 2, |a| part(a, |m| m.iso_week().1)),
    positional("$isoWeekYear", 1, 2, |a| {
        // The server answers this one as a long.
        Ok(part(a, |m| m.iso_week().0)?.map(|value| match value {
            Bson::Int32(year) => Bson::Int64(i64::from(year)),
            other => other,
        }))
    }),
    positional("$millisecond", 1, 2, |a| part(a, |m| m.millisecond)),
    positional("$minute", 1, 2, |a| part(a, |m| m.minute)),
    positional("$month", 1, 2, |a| part(a, |m| m.month)),
    positional("$second", 1, 2, |a| part(a, |m| m.second)),
    positional("$week", 1, 2, |a| part(a, Moment::week)),
    positional("$year", 1, 2, |a| part(a, |m| m.year)),
];

/// `{$year: date}`, `{$year: [date]}` or `{$year: {date: …, timezone: …}}`.
fn parse(name: &'static str, argument: &Bson, parser: &mut Parser<'_>) -> Result<Node> {
    let operator = PARTS
        .iter()
        .find(|operator| operator.name == name)
        .ok_or_else(|| fail(40539, format!("no date part {name}")))?;
    let arguments = match argument {
        Bson::Document(document) if document.keys().next().is_none_or(|key| !key.starts_with('$')) => {
            if let Some(key) = document.keys().find(|key| !["date", "timezone"].contains(&key.as_str())) {
                return Err(fail(40535, format!("unrecognized option to {name}: \"{key}\"")));
            }
            let date = document.get("date").ok_or_else(|| {
                fail(
                    40539,
                    format!("missing 'date' argument to {name}, provided: {name}: {}", super::literal::show(document)),
                )
            })?;
            let zone = document.get("timezone").map(|zone| parser.operand(zone)).transpose()?;
            vec![Some(parser.operand(date)?), zone]
        }
        Bson::Array(items) => match items.as_slice() {
            [date] => vec![Some(parser.operand(date)?), None],
            _ => {
                return Err(fail(
                    40536,
                    format!("{name} accepts exactly one argument if given an array, but was given {}", items.len()),
                ));
            }
        },
        other => vec![Some(parser.operand(other)?), None],
    };
    Ok(Node::Call(Call { operator, arguments }))
}

/// The instant in a value: a date, or the time inside an ObjectId or Timestamp.
pub(super) fn instant(value: Option<&Bson>) -> Result<i64> {
    match value {
        Some(Bson::DateTime(date)) => Ok(date.timestamp_millis()),
        Some(Bson::Timestamp(stamp)) => Ok(i64::from(stamp.time) * 1000),
        Some(Bson::ObjectId(id)) => Ok(id.timestamp().timestamp_millis()),
        other => Err(fail(16006, format!("can't convert from BSON type {} to Date", type_name(other)))),
    }
}

fn part(arguments: &Arguments<'_>, part: fn(Moment) -> i64) -> Answer {
    let Some(zone) = Zone::of(arguments, 1)? else { return NULL };
    if is_nullish(arguments.get(0)) {
        return NULL;
    }
    let local = zone.to_local(instant(arguments.get(0))?);
    let value = part(Moment::from_millis(local));
    Ok(Some(i32::try_from(value).map_or(Bson::Int64(value), Bson::Int32)))
}

fn timestamp(arguments: &Arguments<'_>, part: fn(bson::Timestamp) -> u32) -> Answer {
    match arguments.get(0) {
        Some(Bson::Timestamp(stamp)) => Ok(Some(Bson::Int64(i64::from(part(*stamp))))),
        value if is_nullish(value) => NULL,
        value => Err(fail(
            if arguments.name == "$tsSecond" { 5_687_301 } else { 5_687_302 },
            format!("Argument to {} must be a timestamp, but is {}", arguments.name, type_name(value)),
        )),
    }
}
