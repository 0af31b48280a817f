//! Times of day, with and without an offset from UTC.

use super::zone::write_offset;
use super::{NANOS_PER_DAY, NANOS_PER_SECOND, Result, TemporalError};
use std::cmp::Ordering;
use std::fmt;

/// A time of day without a zone, as nanoseconds since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalTime {
    nanos: i64,
}

impl LocalTime {
    /// 00:00.
    pub const MIDNIGHT: LocalTime = LocalTime { nanos: 0 };

    /// From nanoseconds since midnight; wraps around at the end of the day.
    pub const fn from_nanos_wrapping(nanos: i64) -> Self {
        LocalTime { nanos: nanos.rem_euclid(NANOS_PER_DAY) }
    }

    /// From hour, minute, second and nanosecond of the second.
    pub fn from_hms(hour: i64, minute: i64, second: i64, nano: i64) -> Result<Self> {
        let check = |name: &str, value: i64, greatest: i64| {
            if (0..=greatest).contains(&value) {
                Ok(())
            } else {
                Err(TemporalError::new(format!("Invalid value for {name}: {value} (valid: 0 to {greatest})")))
            }
        };
        check("hour", hour, 23)?;
        check("minute", minute, 59)?;
        check("second", second, 59)?;
        check("nanosecond", nano, NANOS_PER_SECOND - 1)?;
        Ok(LocalTime { nanos: ((hour * 60 + minute) * 60 + second) * NANOS_PER_SECOND + nano })
    }

    /// Some nanoseconds later, around the clock.
    pub const fn plus_nanos(self, nanos: i128) -> Self {
        LocalTime::from_nanos_wrapping(self.nanos + nanos.rem_euclid(NANOS_PER_DAY as i128) as i64)
    }

    /// Nanoseconds since midnight.
    pub const fn nanos(self) -> i64 {
        self.nanos
    }

    /// Whole seconds since midnight.
    pub const fn seconds(self) -> i64 {
        self.nanos / NANOS_PER_SECOND
    }

    /// The hour, 0 to 23.
    pub const fn hour(self) -> i64 {
        self.seconds() / 3600
    }

    /// The minute of the hour.
    pub const fn minute(self) -> i64 {
        self.seconds() / 60 % 60
    }

    /// The second of the minute.
    pub const fn second(self) -> i64 {
        self.seconds() % 60
    }

    /// The nanosecond of the second.
    pub const fn nano(self) -> i64 {
        self.nanos % NANOS_PER_SECOND
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour(), self.minute())?;
        if self.second() != 0 || self.nano() != 0 {
            write!(f, ":{:02}", self.second())?;
        }
        if self.nano() != 0 {
            write!(f, ".{}", format!("{:09}", self.nano()).trim_end_matches('0'))?;
        }
        Ok(())
    }
}

/// A time of day with an offset from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Time {
    /// The time its own clock shows.
    pub local: LocalTime,
    /// Seconds east of UTC.
    pub offset: i32,
}

impl Time {
    /// The same moment on a clock with another offset.
    pub fn with_offset_same_instant(self, offset: i32) -> Time {
        let shift = i64::from(offset - self.offset) * NANOS_PER_SECOND;
        Time { local: LocalTime::from_nanos_wrapping(self.local.nanos + shift), offset }
    }

    /// Nanoseconds since midnight in UTC, below zero or beyond a day where the offset makes it so.
    pub fn utc_nanos(self) -> i64 {
        self.local.nanos - i64::from(self.offset) * NANOS_PER_SECOND
    }
}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Time {
    /// By the moment in UTC, then by the offset.
    fn cmp(&self, other: &Self) -> Ordering {
        self.utc_nanos().cmp(&other.utc_nanos()).then(self.offset.cmp(&other.offset))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.local.fmt(f)?;
        write_offset(f, self.offset)
    }
}
