//! `$dateFromParts`, `$dateToParts`.

use super::calendar::{DAY, HOUR, MINUTE, Moment, SECOND, iso_year_start};
use super::date::instant;
use super::operator::{Answer, Arguments, NULL, Operator, fail, named};
use super::time_zone::Zone;
use super::type_name::type_name;
use crate::doc::{Code, Error, Result};
use bson::{Bson, DateTime, Document};

pub(super) const OPERATORS: &[Operator] = &[
    named(
        "$dateFromParts",
        &[
            "year",
            "month",
            "day",
            "hour",
            "minute",
            "second",
            "millisecond",
            "isoWeekYear",
            "isoWeek",
            "isoDayOfWeek",
            "timezone",
        ],
        0,
        from_parts,
    ),
    named("$dateToParts", &["date", "timezone", "iso8601"], 1, to_parts),
];

const FIELDS: [&str; 10] =
    ["year", "month", "day", "hour", "minute", "second", "millisecond", "isoWeekYear", "isoWeek", "isoDayOfWeek"];

/// One part as an integer; `None` if it is null.
fn part(arguments: &Arguments<'_>, index: usize, default: i64) -> Result<Option<i64>> {
    if !arguments.given(index) {
        return Ok(Some(default));
    }
    if arguments.is_null(index) {
        return Ok(None);
    }
    let name = FIELDS.get(index).copied().unwrap_or_default();
    let value = arguments.int64(index).ok_or_else(|| {
        fail(
            40515,
            format!(
                "'{name}' must evaluate to an integer, found {} with value {}",
                arguments.type_name(index),
                arguments.get(index).unwrap_or(&Bson::Null)
            ),
        )
    })?;
    if matches!(index, 0 | 7) {
        if !(1..=9999).contains(&value) {
            let number = if index == 0 { 40523 } else { 31095 };
            return Err(fail(
                number,
                format!("'{name}' must evaluate to an integer in the range 1 to 9999, found {value}"),
            ));
        }
    } else if !matches!(index, 5 | 6) && !(-32_768..=32_767).contains(&value) {
        return Err(fail(
            31034,
            format!("'{name}' must evaluate to a value in the range [-32768, 32767]; value {value} is not in range"),
        ));
    }
    Ok(Some(value))
}

fn from_parts(arguments: &Arguments<'_>) -> Answer {
    let iso = (7..=9).any(|index| arguments.given(index));
    let natural = (0..=2).any(|index| arguments.given(index));
    if iso && natural {
        return Err(fail(40489, "$dateFromParts does not allow mixing natural dates with ISO dates"));
    }
    if !arguments.given(0) && !arguments.given(7) {
        return Err(fail(40516, "$dateFromParts requires either 'year' or 'isoWeekYear' to be present"));
    }
    // All parts are looked at before null decides, so that wrong types are always reported.
    let mut parts = [0; 10];
    let mut null = false;
    for (index, slot) in parts.iter_mut().enumerate() {
        let default = i64::from(!(3..=6).contains(&index));
        match part(arguments, index, default)? {
            Some(value) => *slot = value,
            None => null = true,
        }
    }
    let zone = Zone::of(arguments, 10)?;
    let (Some(zone), false) = (zone, null) else { return NULL };
    let [year, month, day, hour, minute, second, millisecond, iso_year, iso_week, iso_day] = parts;
    let overflow = || Error::new(Code::Overflow, "$dateFromParts overflowed");
    let time = second
        .checked_mul(SECOND)
        .and_then(|seconds| seconds.checked_add(millisecond))
        .and_then(|rest| rest.checked_add(hour * HOUR + minute * MINUTE))
        .ok_or_else(overflow)?;
    let date = if iso {
        (iso_year_start(iso_year) + (iso_week - 1) * 7 + iso_day - 1) * DAY
    } else {
        super::calendar::days(year, month, day) * DAY
    };
    let local = date.checked_add(time).ok_or_else(overflow)?;
    Ok(Some(Bson::DateTime(DateTime::from_millis(zone.to_instant(local)))))
}

fn to_parts(arguments: &Arguments<'_>) -> Answer {
    let iso = match arguments.get(2) {
        _ if !arguments.given(2) => false,
        Some(Bson::Boolean(iso)) => *iso,
        _ if arguments.is_null(2) => return NULL,
        other => return Err(fail(40521, format!("iso8601 must evaluate to a bool, found {}", type_name(other)))),
    };
    let Some(zone) = Zone::of(arguments, 1)? else { return NULL };
    if arguments.is_null(0) {
        return NULL;
    }
    let moment = Moment::from_millis(zone.to_local(instant(arguments.get(0))?));
    let int = |value: i64| i32::try_from(value).map_or(Bson::Int64(value), Bson::Int32);
    let mut parts = Document::new();
    if iso {
        let (year, week) = moment.iso_week();
        parts.insert("isoWeekYear", int(year));
        parts.insert("isoWeek", int(week));
        parts.insert("isoDayOfWeek", int(moment.iso_day_of_week()));
    } else {
        parts.insert("year", int(moment.year));
        parts.insert("month", int(moment.month));
        parts.insert("day", int(moment.day));
    }
    parts.insert("hour", int(moment.hour));
    parts.insert("minute", int(moment.minute));
    parts.insert("second", int(moment.second));
    parts.insert("millisecond", int(moment.millisecond));
    Ok(Some(Bson::Document(parts)))
}
