//! Rounding temporal values down to a unit, with components then set anew.

use super::fields::{Fields, zone_of};
use super::zone::Zone;
use super::{Date, DateTime, LocalDateTime, LocalTime, Result, Temporal, TemporalError, Time};

/// The units, from the coarsest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// 1000 years
    Millennium,
    /// 100 years
    Century,
    /// 10 years
    Decade,
    /// The first of January.
    Year,
    /// The Monday of the first ISO week.
    WeekYear,
    /// The first day of a quarter.
    Quarter,
    /// The first day of a month.
    Month,
    /// Monday.
    Week,
    /// Midnight.
    Day,
    /// The full hour.
    Hour,
    /// The full minute.
    Minute,
    /// The full second.
    Second,
    /// The full millisecond.
    Millisecond,
    /// The full microsecond.
    Microsecond,
}

impl Unit {
    /// The unit of a name, in any case.
    pub fn parse(name: &str) -> Result<Self> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "millennium" => Unit::Millennium,
            "century" => Unit::Century,
            "decade" => Unit::Decade,
            "year" => Unit::Year,
            "weekyear" => Unit::WeekYear,
            "quarter" => Unit::Quarter,
            "month" => Unit::Month,
            "week" => Unit::Week,
            "day" => Unit::Day,
            "hour" => Unit::Hour,
            "minute" => Unit::Minute,
            "second" => Unit::Second,
            "millisecond" => Unit::Millisecond,
            "microsecond" => Unit::Microsecond,
            _ => return Err(TemporalError::new(format!("Unsupported unit: {name}"))),
        })
    }

    fn floor_date(self, date: Date) -> Result<Date> {
        let (year, month, _) = date.ymd();
        let floor_year = |count: i64| Date::from_ymd(year - year.rem_euclid(count), 1, 1);
        match self {
            Unit::Millennium => floor_year(1000),
            Unit::Century => floor_year(100),
            Unit::Decade => floor_year(10),
            Unit::Year => floor_year(1),
            Unit::WeekYear => Date::from_week(date.iso_week().0, 1, 1),
            Unit::Quarter => Date::from_quarter(year, date.quarter(), 1),
            Unit::Month => Date::from_ymd(year, month, 1),
            Unit::Week => date.plus_days(1 - date.day_of_week()),
            _ => Ok(date),
        }
    }

    fn floor_time(self, time: LocalTime) -> LocalTime {
        let step = match self {
            Unit::Hour => 3_600_000_000_000,
            Unit::Minute => 60_000_000_000,
            Unit::Second => 1_000_000_000,
            Unit::Millisecond => 1_000_000,
            Unit::Microsecond => 1_000,
            _ => return LocalTime::MIDNIGHT,
        };
        LocalTime::from_nanos_wrapping(time.nanos() / step * step)
    }

    fn floor(self, local: LocalDateTime) -> Result<LocalDateTime> {
        Ok(LocalDateTime { date: self.floor_date(local.date)?, time: self.floor_time(local.time) })
    }

    fn for_times(self) -> Result<()> {
        if self >= Unit::Day {
            return Ok(());
        }
        Err(TemporalError::new("Times are truncated to a day or less"))
    }

    /// Keeps the milli- and microseconds that truncation kept when finer ones are set.
    fn keep_fraction(self, fields: &mut Fields, time: LocalTime) {
        if self == Unit::Millisecond && (fields.has("microsecond") || fields.has("nanosecond")) {
            fields.set_default("millisecond", time.nano() / 1_000_000);
        } else if self == Unit::Microsecond && fields.has("nanosecond") && !fields.has("millisecond") {
            fields.set_default("microsecond", time.nano() / 1_000);
        }
    }
}

fn needs(part: &str) -> TemporalError {
    TemporalError::new(format!("The value to truncate has no {part}"))
}

fn local(value: &Temporal) -> Result<LocalDateTime> {
    let date = value.date().ok_or_else(|| needs("date"))?;
    Ok(LocalDateTime { date, time: value.local_time().unwrap_or(LocalTime::MIDNIGHT) })
}

/// `date.truncate`
pub fn date(unit: Unit, value: &Temporal, fields: &Fields) -> Result<Date> {
    if unit > Unit::Day {
        return Err(TemporalError::new("Dates are truncated to a day or more"));
    }
    fields.refuse(&["time fields", "time", "date", "datetime", "timezone", "epochseconds", "epochmillis"], "Date")?;
    fields.make_date(Some(unit.floor_date(value.date().ok_or_else(|| needs("date"))?)?))
}

/// `localtime.truncate`
pub fn local_time(unit: Unit, value: &Temporal, mut fields: Fields) -> Result<LocalTime> {
    unit.for_times()?;
    fields.refuse(&["date fields", "time", "date", "datetime", "epochseconds", "epochmillis"], "LocalTime")?;
    let time = value.local_time().ok_or_else(|| needs("time"))?;
    unit.keep_fraction(&mut fields, time);
    fields.make_time(Some(unit.floor_time(time)))
}

/// `time.truncate`: the clock keeps its time when another zone is given. `now` says which offset a named
/// zone has.
pub fn time(unit: Unit, value: &Temporal, fields: Fields, now: i64) -> Result<Time> {
    let zone = fields.zone.clone().or_else(|| zone_of(value)).unwrap_or(Zone::UTC);
    let offset = match (&fields.zone, value) {
        (None, Temporal::DateTime(value)) => value.offset,
        _ => zone.offset_at(now)?,
    };
    Ok(Time { local: local_time(unit, value, fields)?, offset })
}

/// `localdatetime.truncate`
pub fn local_date_time(unit: Unit, value: &Temporal, mut fields: Fields) -> Result<LocalDateTime> {
    fields.refuse(&["time", "date", "datetime", "epochseconds", "epochmillis"], "LocalDateTime")?;
    let value = local(value)?;
    unit.keep_fraction(&mut fields, value.time);
    let floor = unit.floor(value)?;
    Ok(LocalDateTime { date: fields.make_date(Some(floor.date))?, time: fields.make_time(Some(floor.time))? })
}

/// `datetime.truncate`: the clock keeps its time when another zone is given.
pub fn date_time(unit: Unit, value: &Temporal, fields: Fields) -> Result<DateTime> {
    let zone = fields.zone.clone().or_else(|| zone_of(value)).unwrap_or(Zone::UTC);
    DateTime::from_local(local_date_time(unit, value, fields)?, &zone)
}
