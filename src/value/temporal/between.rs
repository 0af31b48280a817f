//! Durations between two temporal values.
//!
//! What one value lacks it takes from the other: a time of day the other's date, a local value the
//! other's zone; a date without a time is its midnight. Differences in months and days are those of the
//! clocks in the first value's zone, differences in seconds those of the moments.

use super::fields::zone_of;
use super::zone::Zone;
use super::{Date, DateTime, Duration, LocalDateTime, LocalTime, Result, Temporal, TemporalError};

/// Two values brought to a common form.
struct Pair {
    from: LocalDateTime,
    /// On the clock of the first value's zone.
    to: LocalDateTime,
    /// The zone of the first value.
    zone: Option<Zone>,
    /// The second moment, in nanoseconds since 1970 in UTC (or on the common clock).
    to_moment: i128,
    both_have_dates: bool,
    any_has_time: bool,
}

fn moment_of(local: LocalDateTime, offset: i32) -> i128 {
    i128::from(local.epoch_seconds() - i64::from(offset)) * 1_000_000_000 + i128::from(local.time.nano())
}

impl Pair {
    fn new(from: &Temporal, to: &Temporal) -> Result<Self> {
        if matches!(from, Temporal::Duration(_)) || matches!(to, Temporal::Duration(_)) {
            return Err(TemporalError::new("A duration lies between dates and times, not between durations"));
        }
        let local = |value: &Temporal, other: &Temporal| LocalDateTime {
            date: value.date().or(other.date()).unwrap_or(Date::EPOCH),
            time: value.local_time().unwrap_or(LocalTime::MIDNIGHT),
        };
        let (from_local, to_local) = (local(from, to), local(to, from));
        let zone = zone_of(from).or_else(|| zone_of(to));
        let both_have_dates = from.date().is_some() && to.date().is_some();
        let any_has_time = from.local_time().is_some() || to.local_time().is_some();
        let Some(zone) = zone else {
            let to_moment = moment_of(to_local, 0);
            return Ok(Pair { from: from_local, to: to_local, zone: None, to_moment, both_have_dates, any_has_time });
        };
        let moment = |value: &Temporal, local: LocalDateTime, zone: &Zone| match value {
            Temporal::DateTime(value) => Ok((**value).clone()),
            _ => DateTime::from_local(local, zone),
        };
        let first = moment(from, from_local, &zone)?;
        let second = moment(to, to_local, &zone_of(to).unwrap_or_else(|| zone.clone()))?;
        Ok(Pair {
            from: first.local,
            to: second.in_zone(&zone)?.local,
            zone: Some(zone),
            to_moment: moment_of(second.local, second.offset),
            both_have_dates,
            any_has_time,
        })
    }

    /// The moment of a clock reading in the first value's zone.
    fn moment(&self, local: LocalDateTime) -> Result<i128> {
        match &self.zone {
            Some(zone) => {
                let resolved = DateTime::from_local(local, zone)?;
                Ok(moment_of(resolved.local, resolved.offset))
            }
            None => Ok(moment_of(local, 0)),
        }
    }
}

/// The date of `to`, a day closer to `from` if its time of day is not reached yet.
fn whole_days_end(from: LocalDateTime, to: LocalDateTime) -> i64 {
    let days = to.date.days();
    if to.date > from.date && to.time < from.time {
        days - 1
    } else if to.date < from.date && to.time > from.time {
        days + 1
    } else {
        days
    }
}

fn months(from: LocalDateTime, to: LocalDateTime) -> Result<i64> {
    let end = Date::from_days(whole_days_end(from, to))?;
    // Months and days in one number, so that the division drops a month that is not full.
    let packed = |date: Date| {
        let (year, month, day) = date.ymd();
        (year * 12 + month - 1) * 32 + day
    };
    Ok((packed(end) - packed(from.date)) / 32)
}

/// `duration.inMonths`: whole months; zero unless both values have a date.
pub fn in_months(from: &Temporal, to: &Temporal) -> Result<Duration> {
    let pair = Pair::new(from, to)?;
    let months = if pair.both_have_dates { months(pair.from, pair.to)? } else { 0 };
    Duration::new(months, 0, 0, 0)
}

/// `duration.inDays`: whole days; zero unless both values have a date.
pub fn in_days(from: &Temporal, to: &Temporal) -> Result<Duration> {
    let pair = Pair::new(from, to)?;
    let days = if pair.both_have_dates { whole_days_end(pair.from, pair.to) - pair.from.date.days() } else { 0 };
    Duration::new(0, days, 0, 0)
}

/// `duration.inSeconds`: seconds and nanoseconds.
pub fn in_seconds(from: &Temporal, to: &Temporal) -> Result<Duration> {
    let pair = Pair::new(from, to)?;
    let start = match from {
        Temporal::DateTime(value) => moment_of(value.local, value.offset),
        _ => pair.moment(pair.from)?,
    };
    Duration::from_nanos(pair.to_moment - start)
}

/// `duration.between`: whole months, then whole days, then seconds.
pub fn between(from: &Temporal, to: &Temporal) -> Result<Duration> {
    let pair = Pair::new(from, to)?;
    if !pair.both_have_dates {
        return in_seconds(from, to);
    }
    let months = months(pair.from, pair.to)?;
    let after_months = pair.from.plus(months, 0, 0, 0)?;
    let days = whole_days_end(after_months, pair.to) - after_months.date.days();
    if !pair.any_has_time {
        return Duration::new(months, days, 0, 0);
    }
    let rest = if months == 0 && days == 0 {
        in_seconds(from, to)?
    } else {
        let start = pair.moment(after_months.plus(0, days, 0, 0)?)?;
        Duration::from_nanos(pair.to_moment - start)?
    };
    Ok(Duration { months, days, ..rest })
}
