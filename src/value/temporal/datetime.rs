//! Dates with times, with and without a zone.

use super::zone::{Zone, local_at, write_offset};
use super::{Date, LocalTime, NANOS_PER_DAY, NANOS_PER_SECOND, Result, SECONDS_PER_DAY, TemporalError};
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// A date and a time of day without a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalDateTime {
    /// The date.
    pub date: Date,
    /// The time of day.
    pub time: LocalTime,
}

impl LocalDateTime {
    /// Seconds since 1970-01-01T00:00 on the same clock.
    pub fn epoch_seconds(self) -> i64 {
        self.date.days() * SECONDS_PER_DAY + self.time.seconds()
    }

    /// Adds months (clamping the day), then days, then seconds and nanoseconds.
    pub fn plus(self, months: i64, days: i64, seconds: i64, nanos: i64) -> Result<Self> {
        let date = self.date.plus_months(months)?.plus_days(days)?;
        let nanos =
            i128::from(self.time.nanos()) + i128::from(seconds) * i128::from(NANOS_PER_SECOND) + i128::from(nanos);
        let day = i128::from(NANOS_PER_DAY);
        let carried = i64::try_from(nanos.div_euclid(day)).map_err(|_| TemporalError::overflow())?;
        let rest = i64::try_from(nanos.rem_euclid(day)).map_err(|_| TemporalError::overflow())?;
        Ok(LocalDateTime { date: date.plus_days(carried)?, time: LocalTime::from_nanos_wrapping(rest) })
    }
}

impl fmt::Display for LocalDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}T{}", self.date, self.time)
    }
}

/// A moment: what a clock shows, how far it is from UTC, and the name of the zone if it has one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DateTime {
    /// What the clock shows.
    pub local: LocalDateTime,
    /// Seconds east of UTC.
    pub offset: i32,
    /// The zone's name.
    pub zone: Option<Arc<str>>,
}

impl DateTime {
    /// What the clocks of a zone show; see [`Zone::resolve`] for times at clock changes.
    pub fn from_local(local: LocalDateTime, zone: &Zone) -> Result<Self> {
        DateTime::from_local_preferring(local, zone, None)
    }

    /// The same, with the offset wanted where the clocks show the time twice.
    fn from_local_preferring(local: LocalDateTime, zone: &Zone, preferred: Option<i32>) -> Result<Self> {
        let (local, offset) = zone.resolve(local, preferred)?;
        Ok(DateTime { local, offset, zone: zone_name(zone) })
    }

    /// A moment by seconds since 1970-01-01T00:00Z and the nanosecond of the second.
    pub fn from_epoch(seconds: i64, nano: i64, zone: &Zone) -> Result<Self> {
        let offset = zone.offset_at(seconds)?;
        Ok(DateTime { local: local_at(seconds, nano, offset)?, offset, zone: zone_name(zone) })
    }

    /// Seconds since 1970-01-01T00:00Z.
    pub fn epoch_seconds(&self) -> i64 {
        self.local.epoch_seconds() - i64::from(self.offset)
    }

    /// The same moment in another zone.
    pub fn in_zone(&self, zone: &Zone) -> Result<Self> {
        DateTime::from_epoch(self.epoch_seconds(), self.local.time.nano(), zone)
    }

    /// The zone it is in.
    pub fn zone(&self) -> Zone {
        match &self.zone {
            Some(name) => Zone::Named(name.clone()),
            None => Zone::Offset(self.offset),
        }
    }

    /// Adds months and days on the clock of its zone, then seconds and nanoseconds of real time.
    pub fn plus(&self, months: i64, days: i64, seconds: i64, nanos: i64) -> Result<Self> {
        let zone = self.zone();
        let dated = if months == 0 && days == 0 {
            self.clone()
        } else {
            DateTime::from_local_preferring(self.local.plus(months, days, 0, 0)?, &zone, Some(self.offset))?
        };
        if seconds == 0 && nanos == 0 {
            return Ok(dated);
        }
        let utc = local_at(dated.epoch_seconds(), dated.local.time.nano(), 0)?.plus(0, 0, seconds, nanos)?;
        DateTime::from_epoch(utc.epoch_seconds(), utc.time.nano(), &zone)
    }
}

fn zone_name(zone: &Zone) -> Option<Arc<str>> {
    match zone {
        Zone::Named(name) => Some(name.clone()),
        Zone::Offset(_) => None,
    }
}

impl PartialOrd for DateTime {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DateTime {
    /// By the moment, then by the offset, then by the zone's name.
    fn cmp(&self, other: &Self) -> Ordering {
        self.epoch_seconds()
            .cmp(&other.epoch_seconds())
            .then(self.local.time.nano().cmp(&other.local.time.nano()))
            .then(self.offset.cmp(&other.offset))
            .then_with(|| self.zone.cmp(&other.zone))
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.local.fmt(f)?;
        write_offset(f, self.offset)?;
        match &self.zone {
            Some(name) => write!(f, "[{name}]"),
            None => Ok(()),
        }
    }
}
