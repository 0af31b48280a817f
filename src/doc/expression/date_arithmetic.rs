//! `$dateAdd`, `$dateSubtract`, `$dateDiff`, `$dateTrunc`.

use super::calendar::{DAY, HOUR, MINUTE, Moment, SECOND, days, days_in_month};
use super::date::instant;
use super::operator::{Answer, Arguments, NULL, Operator, fail, named};
use super::time_zone::Zone;
use super::type_name::type_name;
use crate::doc::{Code, Error, Result};
use crate::value::order::is_nullish;
use bson::{Bson, DateTime};

pub(super) const OPERATORS: &[Operator] = &[
    named("$dateAdd", &["startDate", "unit", "amount", "timezone"], 3, |a| add(a, 1)),
    named("$dateDiff", &["startDate", "endDate", "unit", "timezone", "startOfWeek"], 3, difference),
    named("$dateSubtract", &["startDate", "unit", "amount", "timezone"], 3, |a| add(a, -1)),
    named("$dateTrunc", &["date", "unit", "binSize", "timezone", "startOfWeek"], 2, truncate),
];

/// Months beyond which no 64-bit date lies; within them the arithmetic does not overflow.
const MOST_MONTHS: i64 = 3_600_000_000;

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// So many milliseconds exactly: millisecond, second, minute, hour.
    Exact(i64),
    /// A calendar day.
    Day,
    /// Seven days.
    Week,
    /// So many months: month, quarter, year.
    Months(i64),
}

impl Unit {
    /// The unit of a name.
    ///
    /// # Errors
    /// No such unit.
    pub fn parse(name: &str) -> Result<Unit> {
        Ok(match name {
            "millisecond" => Unit::Exact(1),
            "second" => Unit::Exact(SECOND),
            "minute" => Unit::Exact(MINUTE),
            "hour" => Unit::Exact(HOUR),
            "day" => Unit::Day,
            "week" => Unit::Week,
            "month" => Unit::Months(1),
            "quarter" => Unit::Months(3),
            "year" => Unit::Months(12),
            _ => return Err(Error::failed_to_parse(format!("unknown time unit value: {name}"))),
        })
    }
}

fn unit(arguments: &Arguments<'_>, index: usize) -> Result<Option<Unit>> {
    match arguments.get(index) {
        Some(Bson::String(name)) => Unit::parse(name).map(Some),
        value if is_nullish(value) => Ok(None),
        value => Err(fail(
            5_439_013,
            format!("{} requires 'unit' to be a string, but got {}", arguments.name, type_name(value)),
        )),
    }
}

/// The day weeks begin on, 0 (Sunday) ..= 6; `None` for null.
fn start_of_week(arguments: &Arguments<'_>, index: usize) -> Result<Option<i64>> {
    if !arguments.given(index) {
        return Ok(Some(0));
    }
    let name = match arguments.get(index) {
        Some(Bson::String(name)) => name.to_ascii_lowercase(),
        value if is_nullish(value) => return Ok(None),
        value => {
            return Err(fail(
                5_439_015,
                format!("{} requires 'startOfWeek' to be a string, but got {}", arguments.name, type_name(value)),
            ));
        }
    };
    const DAYS: [(&str, &str); 7] = [
        ("sunday", "sun"),
        ("monday", "mon"),
        ("tuesday", "tue"),
        ("wednesday", "wed"),
        ("thursday", "thu"),
        ("friday", "fri"),
        ("saturday", "sat"),
    ];
    match DAYS.iter().position(|(long, short)| name == *long || name == *short) {
        Some(day) => Ok(Some(day as i64)),
        None => Err(Error::failed_to_parse(format!("unknown day of week value: {name}"))),
    }
}

fn date_argument(arguments: &Arguments<'_>, index: usize, number: i32, name: &str) -> Result<i64> {
    instant(arguments.get(index)).map_err(|_| {
        fail(
            number,
            format!("{} requires '{name}' to be a date, but got {}", arguments.name, arguments.type_name(index)),
        )
    })
}

fn date(millis: i64) -> Answer {
    Ok(Some(Bson::DateTime(DateTime::from_millis(millis))))
}

fn add(arguments: &Arguments<'_>, sign: i64) -> Answer {
    if arguments.any_null() {
        return NULL;
    }
    let start = date_argument(arguments, 0, 5_166_403, "startDate")?;
    let Some(unit) = unit(arguments, 1)? else { return NULL };
    let amount = arguments
        .int64(2)
        .ok_or_else(|| fail(5_166_405, format!("{} expects integer amount of time units", arguments.name)))?;
    let Some(zone) = Zone::of(arguments, 3)? else { return NULL };
    let overflow = || fail(5_166_406, format!("{} overflowed", arguments.name));
    let amount = amount.checked_mul(sign).ok_or_else(overflow)?;
    date(shift(start, unit, amount, &zone).ok_or_else(overflow)?)
}

/// A date moved by whole units of UTC; days in shorter months are clamped. `None` on overflow.
pub fn add_units(millis: i64, unit: Unit, amount: i64) -> Option<i64> {
    shift(millis, unit, amount, &Zone::UTC)
}

fn shift(start: i64, unit: Unit, amount: i64, zone: &Zone) -> Option<i64> {
    match unit {
        Unit::Exact(length) => start.checked_add(amount.checked_mul(length)?),
        Unit::Day | Unit::Week => {
            let days = amount.checked_mul(if unit == Unit::Week { 7 } else { 1 })?;
            Some(zone.to_instant(zone.to_local(start).checked_add(days.checked_mul(DAY)?)?))
        }
        Unit::Months(months) => {
            let moment = Moment::from_millis(zone.to_local(start));
            let month =
                amount.checked_mul(months)?.checked_add(moment.year.checked_mul(12)?)?.checked_add(moment.month - 1)?;
            if month.abs() > MOST_MONTHS {
                return None;
            }
            let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
            let day = moment.day.min(days_in_month(year, month));
            let local = Moment { year, month, day, ..moment }.to_millis()?;
            Some(zone.to_instant(local))
        }
    }
}

fn difference(arguments: &Arguments<'_>) -> Answer {
    if (0..4).any(|index| arguments.given(index) && arguments.is_null(index)) {
        return NULL;
    }
    let start = date_argument(arguments, 0, 5_166_307, "startDate")?;
    let end = date_argument(arguments, 1, 5_166_307, "endDate")?;
    let Some(unit) = unit(arguments, 2)? else { return NULL };
    let Some(zone) = Zone::of(arguments, 3)? else { return NULL };
    let first_day = if unit == Unit::Week {
        match start_of_week(arguments, 4)? {
            Some(day) => day,
            None => return NULL,
        }
    } else {
        0
    };
    let count = |millis: i64| -> i64 {
        let local = zone.to_local(millis);
        match unit {
            // Zones may be off by parts of an hour: boundaries lie where the local clock shows them.
            Unit::Exact(length) => (millis.saturating_add(zone.offset_at(millis) % length)).div_euclid(length),
            Unit::Day => local.div_euclid(DAY),
            Unit::Week => (local.div_euclid(DAY) + 4 - first_day).div_euclid(7),
            Unit::Months(months) => {
                let moment = Moment::from_millis(local);
                (moment.year * 12 + moment.month - 1).div_euclid(months)
            }
        }
    };
    match count(end).checked_sub(count(start)) {
        Some(units) => Ok(Some(Bson::Int64(units))),
        None => Err(Error::new(Code::Overflow, "$dateDiff overflowed")),
    }
}

fn truncate(arguments: &Arguments<'_>) -> Answer {
    if (0..4).any(|index| arguments.given(index) && arguments.is_null(index)) {
        return NULL;
    }
    let millis = instant(arguments.get(0)).map_err(|_| {
        fail(5_439_012, format!("$dateTrunc requires 'date' to be a date, but got {}", arguments.type_name(0)))
    })?;
    let Some(unit) = unit(arguments, 1)? else { return NULL };
    let bin = if arguments.given(2) {
        let bin = arguments.int64(2).ok_or_else(|| {
            fail(
                5_439_017,
                format!(
                    "$dateTrunc requires 'binSize' to be a 64-bit integer, but got value '{}' of type {}",
                    arguments.get(2).unwrap_or(&Bson::Null),
                    arguments.type_name(2)
                ),
            )
        })?;
        if bin <= 0 {
            return Err(fail(
                5_439_018,
                format!("$dateTrunc requires 'binSize' to be greater than 0, but got value {bin}"),
            ));
        }
        bin
    } else {
        1
    };
    let Some(zone) = Zone::of(arguments, 3)? else { return NULL };
    let first_day = if unit == Unit::Week {
        match start_of_week(arguments, 4)? {
            Some(day) => day,
            None => return NULL,
        }
    } else {
        0
    };
    let overflow = || fail(5_439_005, "the value of 'binSize' is out of range");
    let reference = days(2000, 1, 1);
    let local = zone.to_local(millis);
    let start_of = |day: i64| day.checked_mul(DAY).map(|local| zone.to_instant(local));
    let truncated = match unit {
        Unit::Exact(length) => {
            let length = bin.checked_mul(length).ok_or_else(overflow)?;
            let origin = zone.to_instant(reference * DAY);
            // Where the zone's offset has changed by parts of an hour the bins move with the clock.
            let drift = if length >= HOUR { 0 } else { (zone.offset_at(origin) - zone.offset_at(millis)) % length };
            let origin = origin + drift;
            let bins = millis.checked_sub(origin).ok_or_else(overflow)?.div_euclid(length);
            bins.checked_mul(length).and_then(|offset| offset.checked_add(origin))
        }
        Unit::Day => {
            let day = local.div_euclid(DAY) - reference;
            day.div_euclid(bin).checked_mul(bin).and_then(|day| start_of(reference + day))
        }
        Unit::Week => {
            // The first such day on or after 2000-01-01, a Saturday.
            let origin = reference + (first_day + 1).rem_euclid(7);
            let bin = bin.checked_mul(7).ok_or_else(overflow)?;
            let day = local.div_euclid(DAY) - origin;
            day.div_euclid(bin).checked_mul(bin).and_then(|day| start_of(origin + day))
        }
        Unit::Months(months) => {
            let bin = bin.checked_mul(months).ok_or_else(overflow)?;
            let moment = Moment::from_millis(local);
            let month = (moment.year - 2000) * 12 + moment.month - 1;
            let month = month.div_euclid(bin).checked_mul(bin).ok_or_else(overflow)?;
            if month.abs() > MOST_MONTHS {
                return Err(overflow());
            }
            start_of(days(2000 + month.div_euclid(12), month.rem_euclid(12) + 1, 1))
        }
    }
    .ok_or_else(overflow)?;
    date(truncated)
}
