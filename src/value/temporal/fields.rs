//! Temporal values from maps of components, and components of temporal values. Names of components
//! may be in any case.

use super::duration::Amount;
use super::zone::{Zone, offset_text};
use super::{Date, DateTime, Duration, LocalDateTime, LocalTime, Result, Temporal, TemporalError, Time};
use super::{NANOS_PER_SECOND, date};
use crate::value::graph::Value;
use std::collections::BTreeMap;

const DATE_FIELDS: [&str; 8] = ["year", "quarter", "month", "week", "ordinalday", "dayofquarter", "dayofweek", "day"];
const TIME_FIELDS: [&str; 6] = ["hour", "minute", "second", "millisecond", "microsecond", "nanosecond"];

/// The components a map gives.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    numbers: BTreeMap<String, i64>,
    /// `timezone`
    pub zone: Option<Zone>,
    /// `date`
    pub date: Option<Temporal>,
    /// `time`
    pub time: Option<Temporal>,
    /// `datetime`
    pub datetime: Option<Temporal>,
}

impl Fields {
    /// Reads a map; unknown names and values of the wrong type are errors.
    pub fn new(map: &BTreeMap<String, Value>) -> Result<Self> {
        let mut fields = Fields::default();
        for (name, value) in map {
            let key = name.to_ascii_lowercase();
            match (key.as_str(), value) {
                ("timezone", Value::String(zone)) => fields.zone = Some(Zone::parse(zone)?),
                ("date", Value::Temporal(value)) if value.date().is_some() => fields.date = Some(value.clone()),
                ("time", Value::Temporal(value)) if value.local_time().is_some() => fields.time = Some(value.clone()),
                ("datetime", Value::Temporal(value)) if value.date().is_some() => {
                    fields.datetime = Some(value.clone());
                }
                ("timezone" | "date" | "time" | "datetime", other) => {
                    return Err(TemporalError::new(format!("Invalid value for {name}: a {}", other.type_name())));
                }
                (known, Value::Int(number))
                    if DATE_FIELDS.contains(&known)
                        || TIME_FIELDS.contains(&known)
                        || matches!(known, "epochseconds" | "epochmillis") =>
                {
                    fields.numbers.insert(key, *number);
                }
                (known, other)
                    if DATE_FIELDS.contains(&known)
                        || TIME_FIELDS.contains(&known)
                        || matches!(known, "epochseconds" | "epochmillis") =>
                {
                    return Err(TemporalError::new(format!(
                        "{name} must be an integer value, but was a {}",
                        other.type_name()
                    )));
                }
                _ => return Err(TemporalError::new(format!("Unknown temporal field: {name}"))),
            }
        }
        Ok(fields)
    }

    /// Whether nothing but perhaps a zone is given.
    pub fn only_zone(&self) -> bool {
        self.numbers.is_empty() && self.date.is_none() && self.time.is_none() && self.datetime.is_none()
    }

    fn get(&self, name: &str) -> Option<i64> {
        self.numbers.get(name).copied()
    }

    fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.numbers.contains_key(*name))
    }

    /// Fails if components are given that the type does not have.
    pub fn refuse(&self, names: &[&str], kind: &str) -> Result<()> {
        let given = |name: &&&str| match **name {
            "date" => self.date.is_some(),
            "time" => self.time.is_some(),
            "datetime" => self.datetime.is_some(),
            "timezone" => self.zone.is_some(),
            "date fields" => self.has_any(&DATE_FIELDS),
            "time fields" => self.has_any(&TIME_FIELDS),
            name => self.numbers.contains_key(name),
        };
        match names.iter().find(given) {
            Some(name) => Err(TemporalError::new(format!("A {kind} cannot be made of {name}"))),
            None => Ok(()),
        }
    }

    /// Sets a component that the map does not give.
    pub fn set_default(&mut self, name: &str, value: i64) {
        self.numbers.entry(name.to_owned()).or_insert(value);
    }

    /// Whether a component is given.
    pub fn has(&self, name: &str) -> bool {
        self.numbers.contains_key(name)
    }

    /// The date the components make; what is missing comes from `base`, or else is the least.
    pub fn make_date(&self, base: Option<Date>) -> Result<Date> {
        let by_week = self.has_any(&["week", "dayofweek"]);
        let by_quarter = self.has_any(&["quarter", "dayofquarter"]);
        let by_ordinal = self.has_any(&["ordinalday"]);
        let by_month = self.has_any(&["month", "day"]);
        if [by_week, by_quarter, by_ordinal, by_month].into_iter().filter(|given| *given).count() > 1 {
            return Err(TemporalError::new(
                "A date is given by month and day, by week and dayOfWeek, by quarter and dayOfQuarter, or by ordinalDay, not by a mixture",
            ));
        }
        let missing = |name: &str| TemporalError::new(format!("{name} must be specified"));
        let year = self.get("year");
        // A finer component needs the coarser ones, unless a base has them.
        let part = |name: &str, finer: &str, from_base: Option<i64>| match (self.get(name), from_base) {
            (Some(value), _) | (None, Some(value)) => Ok(value),
            (None, None) if self.has(finer) => Err(missing(name)),
            (None, None) => Ok(1),
        };
        if by_week {
            let year = year.or(base.map(|base| base.iso_week().0)).ok_or_else(|| missing("year"))?;
            let week = part("week", "dayofweek", base.map(|base| base.iso_week().1))?;
            let day = part("dayofweek", "", base.map(Date::day_of_week))?;
            return Date::from_week(year, week, day);
        }
        let year = year.or(base.map(Date::year)).ok_or_else(|| missing("year"))?;
        if by_quarter {
            let quarter = part("quarter", "dayofquarter", base.map(Date::quarter))?;
            let day = part("dayofquarter", "", base.map(Date::day_of_quarter))?;
            return Date::from_quarter(year, quarter, day);
        }
        if by_ordinal {
            return Date::from_ordinal(year, part("ordinalday", "", None)?);
        }
        let month = part("month", "day", base.map(Date::month))?;
        let day = match (self.get("day"), base) {
            (Some(day), _) => day,
            (None, Some(base)) if (1..=12).contains(&month) => base.day().min(date::days_in_month(year, month)),
            (None, _) => 1,
        };
        Date::from_ymd(year, month, day)
    }

    /// The time of day the components make; what is missing comes from `base`, or else is zero.
    pub fn make_time(&self, base: Option<LocalTime>) -> Result<LocalTime> {
        let given: Vec<bool> = TIME_FIELDS.iter().map(|name| self.has(name)).collect();
        if base.is_none() {
            // Hour, minute and second must be given down to the finest one.
            for (index, name) in TIME_FIELDS.iter().enumerate().take(3) {
                if !given[index] && given[index + 1..].iter().any(|given| *given) {
                    return Err(TemporalError::new(format!("{name} must be specified")));
                }
            }
        }
        let from_base = |part: fn(LocalTime) -> i64| base.map_or(0, part);
        let hour = self.get("hour").unwrap_or_else(|| from_base(LocalTime::hour));
        let minute = self.get("minute").unwrap_or_else(|| from_base(LocalTime::minute));
        let second = self.get("second").unwrap_or_else(|| from_base(LocalTime::second));
        let nano = self.make_nano()?.unwrap_or_else(|| from_base(LocalTime::nano));
        LocalTime::from_hms(hour, minute, second, nano)
    }

    /// The nanosecond of the second from milliseconds, microseconds and nanoseconds: each counts only
    /// up to the next coarser one given.
    fn make_nano(&self) -> Result<Option<i64>> {
        let parts = [("millisecond", 1_000_000_i64), ("microsecond", 1_000), ("nanosecond", 1)];
        let mut unit_above = NANOS_PER_SECOND;
        let mut nano = None;
        for (name, unit) in parts {
            if let Some(value) = self.get(name) {
                let limit = unit_above / unit;
                if !(0..limit).contains(&value) {
                    return Err(TemporalError::new(format!(
                        "Invalid value for {name}: {value} (valid: 0 to {})",
                        limit - 1
                    )));
                }
                nano = Some(nano.unwrap_or(0) + value * unit);
                unit_above = unit;
            }
        }
        Ok(nano)
    }

    /// Makes a `date`.
    pub fn into_date(self) -> Result<Date> {
        self.refuse(&["time", "time fields", "epochseconds", "epochmillis"], "Date")?;
        self.make_date(self.date.as_ref().or(self.datetime.as_ref()).and_then(Temporal::date))
    }

    /// Makes a `localtime`.
    pub fn into_local_time(self) -> Result<LocalTime> {
        self.refuse(&["date", "date fields", "epochseconds", "epochmillis", "timezone"], "LocalTime")?;
        self.make_time(self.time_base().and_then(Temporal::local_time))
    }

    /// Makes a `time`. `now` says which offset a named zone has.
    pub fn into_time(self, now: i64) -> Result<Time> {
        self.refuse(&["date", "date fields", "epochseconds", "epochmillis"], "Time")?;
        let base = self.time_base();
        let local = self.make_time(base.and_then(Temporal::local_time))?;
        let wanted = self.zone.as_ref().map(|zone| zone.offset_at(now)).transpose()?;
        Ok(match (base.and_then(offset_of), wanted) {
            (Some(offset), Some(wanted)) => Time { local, offset }.with_offset_same_instant(wanted),
            (offset, wanted) => Time { local, offset: wanted.or(offset).unwrap_or(0) },
        })
    }

    /// Makes a `localdatetime`.
    pub fn into_local_date_time(self) -> Result<LocalDateTime> {
        self.refuse(&["epochseconds", "epochmillis", "timezone"], "LocalDateTime")?;
        let date = self.make_date(self.date_base().and_then(Temporal::date))?;
        Ok(LocalDateTime { date, time: self.make_time(self.time_base().and_then(Temporal::local_time))? })
    }

    /// Makes a `datetime`. A time taken from a zoned value keeps its moment when another zone is
    /// given.
    pub fn into_date_time(self) -> Result<DateTime> {
        if let Some(epoch) = self.make_from_epoch()? {
            return Ok(epoch);
        }
        let base = self.time_base();
        let date = self.make_date(self.date_base().and_then(Temporal::date))?;
        let local = LocalDateTime { date, time: self.make_time(base.and_then(Temporal::local_time))? };
        match (base.and_then(zone_of), self.zone) {
            (Some(zone), Some(wanted)) => DateTime::from_local(local, &zone)?.in_zone(&wanted),
            (zone, wanted) => DateTime::from_local(local, &wanted.or(zone).unwrap_or(Zone::UTC)),
        }
    }

    fn make_from_epoch(&self) -> Result<Option<DateTime>> {
        let (seconds, nanos) = match (self.get("epochseconds"), self.get("epochmillis")) {
            (None, None) => return Ok(None),
            (Some(seconds), None) => (seconds, 0),
            (None, Some(millis)) => (millis.div_euclid(1000), millis.rem_euclid(1000) * 1_000_000),
            (Some(_), Some(_)) => {
                return Err(TemporalError::new("A DateTime is made of epochSeconds or epochMillis, not of both"));
            }
        };
        self.refuse(
            &["date", "time", "datetime", "date fields", "hour", "minute", "second"],
            "DateTime with epochSeconds or epochMillis",
        )?;
        let nanos = nanos + self.make_nano()?.unwrap_or(0);
        let seconds = seconds.checked_add(nanos / NANOS_PER_SECOND).ok_or_else(TemporalError::overflow)?;
        let zone = self.zone.clone().unwrap_or(Zone::UTC);
        DateTime::from_epoch(seconds, nanos % NANOS_PER_SECOND, &zone).map(Some)
    }

    fn date_base(&self) -> Option<&Temporal> {
        self.date.as_ref().or(self.datetime.as_ref())
    }

    fn time_base(&self) -> Option<&Temporal> {
        self.time.as_ref().or(self.datetime.as_ref())
    }
}

/// The offset of a value that has one.
pub fn offset_of(value: &Temporal) -> Option<i32> {
    match value {
        Temporal::Time(time) => Some(time.offset),
        Temporal::DateTime(value) => Some(value.offset),
        _ => None,
    }
}

/// The zone of a value that has one.
pub fn zone_of(value: &Temporal) -> Option<Zone> {
    match value {
        Temporal::Time(time) => Some(Zone::Offset(time.offset)),
        Temporal::DateTime(value) => Some(value.zone()),
        _ => None,
    }
}

impl Duration {
    /// From a map of units, in integers or floats: `{days: 1.5, hours: 2}`.
    pub fn from_map(map: &BTreeMap<String, Value>) -> Result<Self> {
        let mut amounts = [Amount::ZERO; 4];
        for (name, value) in map {
            let (tier, factor) = match name.to_ascii_lowercase().as_str() {
                "years" => (0, 12),
                "quarters" => (0, 3),
                "months" => (0, 1),
                "weeks" => (1, 7),
                "days" => (1, 1),
                "hours" => (2, 3600),
                "minutes" => (2, 60),
                "seconds" => (2, 1),
                "milliseconds" => (3, 1_000_000),
                "microseconds" => (3, 1_000),
                "nanoseconds" => (3, 1),
                _ => return Err(TemporalError::new(format!("Unknown duration field: {name}"))),
            };
            let amount = match value {
                Value::Int(count) => Some(Amount::whole(*count)),
                Value::Float(count) => Amount::from_float(*count),
                other => {
                    return Err(TemporalError::new(format!(
                        "{name} must be a number, but was a {}",
                        other.type_name()
                    )));
                }
            };
            let sum = amount.and_then(|amount| amounts[tier].plus(amount.times(factor)?));
            amounts[tier] = sum.ok_or_else(TemporalError::overflow)?;
        }
        if map.is_empty() {
            return Err(TemporalError::new("A duration needs at least one field"));
        }
        Duration::from_amounts(amounts)
    }

    fn component(&self, name: &str) -> Option<i64> {
        let seconds = self.seconds;
        let nanos = i64::from(self.nanos);
        Some(match name {
            "years" => self.months / 12,
            "quarters" => self.months / 3,
            "months" => self.months,
            "weeks" => self.days / 7,
            "days" => self.days,
            "hours" => seconds / 3600,
            "minutes" => seconds / 60,
            "seconds" => seconds,
            "milliseconds" => i64::try_from(self.time_nanos() / 1_000_000).ok()?,
            "microseconds" => i64::try_from(self.time_nanos() / 1_000).ok()?,
            "nanoseconds" => i64::try_from(self.time_nanos()).ok()?,
            "quartersofyear" => self.months / 3 % 4,
            "monthsofquarter" => self.months % 3,
            "monthsofyear" => self.months % 12,
            "daysofweek" => self.days % 7,
            "minutesofhour" => seconds / 60 % 60,
            "secondsofminute" => seconds % 60,
            "millisecondsofsecond" => nanos / 1_000_000,
            "microsecondsofsecond" => nanos / 1_000,
            "nanosecondsofsecond" => nanos,
            _ => return None,
        })
    }
}

fn date_component(date: Date, name: &str) -> Option<i64> {
    Some(match name {
        "year" => date.year(),
        "quarter" => date.quarter(),
        "month" => date.month(),
        "week" => date.iso_week().1,
        "weekyear" => date.iso_week().0,
        "dayofquarter" | "quarterday" => date.day_of_quarter(),
        "day" => date.day(),
        "ordinalday" => date.ordinal_day(),
        "dayofweek" | "weekday" => date.day_of_week(),
        _ => return None,
    })
}

fn time_component(time: LocalTime, name: &str) -> Option<i64> {
    Some(match name {
        "hour" => time.hour(),
        "minute" => time.minute(),
        "second" => time.second(),
        "millisecond" => time.nano() / 1_000_000,
        "microsecond" => time.nano() / 1_000,
        "nanosecond" => time.nano(),
        _ => return None,
    })
}

impl Temporal {
    /// A component by name, such as `year` or `offsetSeconds`; `None` if the type has none of that name.
    pub fn component(&self, name: &str) -> Option<Value> {
        let name = name.to_ascii_lowercase();
        if let Temporal::Duration(duration) = self {
            return duration.component(&name).map(Value::Int);
        }
        let number = self
            .date()
            .and_then(|date| date_component(date, &name))
            .or_else(|| self.local_time().and_then(|time| time_component(time, &name)));
        if let Some(number) = number {
            return Some(Value::Int(number));
        }
        let offset = offset_of(self)?;
        Some(match (name.as_str(), self) {
            ("timezone", _) => Value::string(zone_of(self)?.to_string()),
            ("offset", _) => Value::string(offset_text(offset)),
            ("offsetminutes", _) => Value::Int(i64::from(offset) / 60),
            ("offsetseconds", _) => Value::Int(i64::from(offset)),
            ("epochseconds", Temporal::DateTime(value)) => Value::Int(value.epoch_seconds()),
            ("epochmillis", Temporal::DateTime(value)) => {
                let millis = value.epoch_seconds().checked_mul(1000)?;
                Value::Int(millis.checked_add(value.local.time.nano() / 1_000_000)?)
            }
            _ => return None,
        })
    }
}
