//! Dates, times and durations of the graph language (openCypher CIP2015-08-06, "Date and Time").
//!
//! Years reach from −999,999,999 to +999,999,999, so dates are counted in days as `i64` by our own
//! calendar arithmetic; only the rules of named time zones come from the tz database.
//!
//! * [`date`], [`time`], [`datetime`], [`duration`]: the values, their arithmetic and their text.
//! * [`zone`]: offsets and named zones.
//! * [`parse`]: the ISO 8601 forms.
//! * [`fields`]: values from maps of components, and components of values.
//! * [`truncate`]: rounding down to a unit; [`between`]: durations between two values.

pub mod between;
pub mod date;
pub mod datetime;
pub mod duration;
pub mod fields;
pub mod parse;
pub mod time;
pub mod truncate;
pub mod zone;

pub use date::Date;
pub use datetime::{DateTime, LocalDateTime};
pub use duration::Duration;
pub use time::{LocalTime, Time};

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// Nanoseconds in a second.
pub const NANOS_PER_SECOND: i64 = 1_000_000_000;
/// Seconds in a day without clock changes.
pub const SECONDS_PER_DAY: i64 = 86_400;
/// Nanoseconds in such a day.
pub const NANOS_PER_DAY: i64 = SECONDS_PER_DAY * NANOS_PER_SECOND;

/// Why a temporal value cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TemporalError(pub String);

impl TemporalError {
    /// An error with a message.
    pub fn new(message: impl Into<String>) -> Self {
        TemporalError(message.into())
    }

    /// A result outside the range of its type.
    pub fn overflow() -> Self {
        TemporalError::new("The result lies outside the range of temporal values")
    }
}

/// What making a temporal value gives.
pub type Result<T> = std::result::Result<T, TemporalError>;

/// A temporal value of any of the six types.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Temporal {
    /// `date`
    Date(Date),
    /// `localtime`
    LocalTime(LocalTime),
    /// `time`
    Time(Time),
    /// `localdatetime`
    LocalDateTime(LocalDateTime),
    /// `datetime`
    DateTime(Arc<DateTime>),
    /// `duration`
    Duration(Arc<Duration>),
}

impl Temporal {
    /// Its type in one word, as in the envelope: `date`, `time`, `localtime`, `datetime`,
    /// `localdatetime`, `duration`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Temporal::Date(_) => "date",
            Temporal::LocalTime(_) => "localtime",
            Temporal::Time(_) => "time",
            Temporal::LocalDateTime(_) => "localdatetime",
            Temporal::DateTime(_) => "datetime",
            Temporal::Duration(_) => "duration",
        }
    }

    /// Its date, if it has one.
    pub fn date(&self) -> Option<Date> {
        match self {
            Temporal::Date(date) => Some(*date),
            Temporal::LocalDateTime(value) => Some(value.date),
            Temporal::DateTime(value) => Some(value.local.date),
            _ => None,
        }
    }

    /// Its time of day on its own clock, if it has one.
    pub fn local_time(&self) -> Option<LocalTime> {
        match self {
            Temporal::LocalTime(time) => Some(*time),
            Temporal::Time(time) => Some(time.local),
            Temporal::LocalDateTime(value) => Some(value.time),
            Temporal::DateTime(value) => Some(value.local.time),
            _ => None,
        }
    }

    /// How two values compare with `<`: values of different types and durations do not.
    pub fn compare(&self, other: &Temporal) -> Option<Ordering> {
        match (self, other) {
            (Temporal::Duration(_), Temporal::Duration(_)) => None,
            _ if self.rank() == other.rank() => Some(self.order(other)),
            _ => None,
        }
    }

    /// The total order used by ORDER BY: by type, then by value; durations by their average length.
    pub fn order(&self, other: &Temporal) -> Ordering {
        match (self, other) {
            (Temporal::Date(a), Temporal::Date(b)) => a.cmp(b),
            (Temporal::LocalTime(a), Temporal::LocalTime(b)) => a.cmp(b),
            (Temporal::Time(a), Temporal::Time(b)) => a.cmp(b),
            (Temporal::LocalDateTime(a), Temporal::LocalDateTime(b)) => a.cmp(b),
            (Temporal::DateTime(a), Temporal::DateTime(b)) => a.cmp(b),
            (Temporal::Duration(a), Temporal::Duration(b)) => a.order(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    /// The place of its type in the order of types.
    pub const fn rank(&self) -> u8 {
        match self {
            Temporal::DateTime(_) => 0,
            Temporal::LocalDateTime(_) => 1,
            Temporal::Date(_) => 2,
            Temporal::Time(_) => 3,
            Temporal::LocalTime(_) => 4,
            Temporal::Duration(_) => 5,
        }
    }
}

impl Temporal {
    /// The value moved by a duration: dates by its months and days (and the whole days in its
    /// seconds), times of day by its seconds.
    pub fn plus(&self, by: &Duration) -> Result<Temporal> {
        let nanos = i64::from(by.nanos);
        Ok(match self {
            Temporal::Date(date) => {
                let days = by.days.checked_add(by.seconds / SECONDS_PER_DAY).ok_or_else(TemporalError::overflow)?;
                date.plus_months(by.months)?.plus_days(days)?.into()
            }
            Temporal::LocalTime(time) => time.plus_nanos(by.time_nanos()).into(),
            Temporal::Time(time) => Time { local: time.local.plus_nanos(by.time_nanos()), offset: time.offset }.into(),
            Temporal::LocalDateTime(value) => value.plus(by.months, by.days, by.seconds, nanos)?.into(),
            Temporal::DateTime(value) => value.plus(by.months, by.days, by.seconds, nanos)?.into(),
            Temporal::Duration(value) => value.plus(by)?.into(),
        })
    }
}

impl fmt::Display for Temporal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Temporal::Date(value) => value.fmt(f),
            Temporal::LocalTime(value) => value.fmt(f),
            Temporal::Time(value) => value.fmt(f),
            Temporal::LocalDateTime(value) => value.fmt(f),
            Temporal::DateTime(value) => value.fmt(f),
            Temporal::Duration(value) => value.fmt(f),
        }
    }
}

macro_rules! from {
    ($($type:ident => $wrap:expr),* $(,)?) => {
        $(impl From<$type> for Temporal {
            fn from(value: $type) -> Self {
                $wrap(value)
            }
        })*
    };
}

from! {
    Date => Temporal::Date,
    LocalTime => Temporal::LocalTime,
    Time => Temporal::Time,
    LocalDateTime => Temporal::LocalDateTime,
    DateTime => |value| Temporal::DateTime(Arc::new(value)),
    Duration => |value| Temporal::Duration(Arc::new(value)),
}
