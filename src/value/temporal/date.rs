//! Calendar dates of the proleptic Gregorian calendar.

use super::{Result, TemporalError};
use std::fmt;

/// The greatest year; the least is its negative.
pub const MAX_YEAR: i64 = 999_999_999;

/// A date, as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    days: i64,
}

/// Days since 1970-01-01 of a valid date. The algorithm counts in eras of 400 years that begin on
/// 1 March, so that the leap day is the last of its year.
const fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

const MIN_DAYS: i64 = days_of(-MAX_YEAR, 1, 1);
const MAX_DAYS: i64 = days_of(MAX_YEAR, 12, 31);

/// Whether a year has 366 days.
pub const fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days in a month, 1 to 12.
pub const fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn within(name: &str, value: i64, least: i64, greatest: i64) -> Result<()> {
    if (least..=greatest).contains(&value) {
        Ok(())
    } else {
        Err(TemporalError::new(format!("Invalid value for {name}: {value} (valid: {least} to {greatest})")))
    }
}

impl Date {
    /// 1970-01-01.
    pub const EPOCH: Date = Date { days: 0 };

    /// From days since 1970-01-01.
    pub fn from_days(days: i64) -> Result<Self> {
        if (MIN_DAYS..=MAX_DAYS).contains(&days) { Ok(Date { days }) } else { Err(TemporalError::overflow()) }
    }

    /// From year, month and day of the month.
    pub fn from_ymd(year: i64, month: i64, day: i64) -> Result<Self> {
        within("year", year, -MAX_YEAR, MAX_YEAR)?;
        within("month", month, 1, 12)?;
        within("day", day, 1, 31)?;
        if day > days_in_month(year, month) {
            return Err(TemporalError::new(format!("Invalid date: month {month} of year {year} has no day {day}")));
        }
        Ok(Date { days: days_of(year, month, day) })
    }

    /// From an ISO week year, week and day of the week (1 = Monday).
    pub fn from_week(week_year: i64, week: i64, day_of_week: i64) -> Result<Self> {
        within("year", week_year, -MAX_YEAR, MAX_YEAR)?;
        within("week", week, 1, 53)?;
        within("dayOfWeek", day_of_week, 1, 7)?;
        let first = first_week_start(week_year);
        if week == 53 && first_week_start(week_year + 1) == first + 52 * 7 {
            return Err(TemporalError::new(format!("Invalid value for week: year {week_year} has no week 53")));
        }
        Date::from_days(first + (week - 1) * 7 + day_of_week - 1)
    }

    /// From a year, quarter and day of the quarter.
    pub fn from_quarter(year: i64, quarter: i64, day_of_quarter: i64) -> Result<Self> {
        within("quarter", quarter, 1, 4)?;
        within("dayOfQuarter", day_of_quarter, 1, 92)?;
        let first_month = (quarter - 1) * 3 + 1;
        let first = Date::from_ymd(year, first_month, 1)?;
        let length: i64 = (first_month..first_month + 3).map(|month| days_in_month(year, month)).sum();
        if day_of_quarter > length {
            return Err(TemporalError::new(format!(
                "Invalid value for dayOfQuarter: quarter {quarter} of year {year} has {length} days"
            )));
        }
        Date::from_days(first.days + day_of_quarter - 1)
    }

    /// From a year and a day of it.
    pub fn from_ordinal(year: i64, day: i64) -> Result<Self> {
        within("ordinalDay", day, 1, 366)?;
        if day == 366 && !is_leap(year) {
            return Err(TemporalError::new(format!("Invalid value for ordinalDay: year {year} has 365 days")));
        }
        Date::from_days(Date::from_ymd(year, 1, 1)?.days + day - 1)
    }

    /// Days since 1970-01-01.
    pub const fn days(self) -> i64 {
        self.days
    }

    /// Year, month, day of the month.
    pub const fn ymd(self) -> (i64, i64, i64) {
        let days = self.days + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400;
        (if month <= 2 { year + 1 } else { year }, month, day)
    }

    /// The year.
    pub const fn year(self) -> i64 {
        self.ymd().0
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> i64 {
        self.ymd().1
    }

    /// The day of the month.
    pub const fn day(self) -> i64 {
        self.ymd().2
    }

    /// The quarter, 1 to 4.
    pub const fn quarter(self) -> i64 {
        (self.month() - 1) / 3 + 1
    }

    /// The day of the quarter, from 1.
    pub const fn day_of_quarter(self) -> i64 {
        let (year, month, _) = self.ymd();
        self.days - days_of(year, (month - 1) / 3 * 3 + 1, 1) + 1
    }

    /// The day of the year, from 1.
    pub const fn ordinal_day(self) -> i64 {
        self.days - days_of(self.year(), 1, 1) + 1
    }

    /// The day of the week: Monday is 1, Sunday 7.
    pub const fn day_of_week(self) -> i64 {
        (self.days + 3).rem_euclid(7) + 1
    }

    /// The ISO week year and week.
    pub const fn iso_week(self) -> (i64, i64) {
        let thursday = Date { days: self.days - self.day_of_week() + 4 };
        let year = thursday.year();
        (year, (self.days - first_week_start(year)).div_euclid(7) + 1)
    }

    /// Some days later or, if negative, earlier.
    pub fn plus_days(self, days: i64) -> Result<Self> {
        Date::from_days(self.days.checked_add(days).ok_or_else(TemporalError::overflow)?)
    }

    /// Some months later; a day that the month lacks becomes its last.
    pub fn plus_months(self, months: i64) -> Result<Self> {
        let (year, month, day) = self.ymd();
        let count = (year * 12 + month - 1).checked_add(months).ok_or_else(TemporalError::overflow)?;
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        if year.abs() > MAX_YEAR {
            return Err(TemporalError::overflow());
        }
        Date::from_ymd(year, month, day.min(days_in_month(year, month)))
    }
}

/// Days since 1970-01-01 of the Monday of week 1, the week with the year's first Thursday.
const fn first_week_start(year: i64) -> i64 {
    let fourth = days_of(year, 1, 4);
    fourth - (fourth + 3).rem_euclid(7)
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        match year {
            10_000.. => write!(f, "+{year}")?,
            0..10_000 => write!(f, "{year:04}")?,
            _ => write!(f, "-{:04}", -year)?,
        }
        write!(f, "-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendar_round_trips_over_its_whole_range() {
        for days in [MIN_DAYS, MIN_DAYS + 1, -719_528, -1, 0, 58, 59, 60, 365, 11_016, 19_000, MAX_DAYS - 1, MAX_DAYS] {
            let date = Date::from_days(days).unwrap();
            let (year, month, day) = date.ymd();
            assert_eq!(Date::from_ymd(year, month, day).unwrap(), date);
            let (week_year, week) = date.iso_week();
            if week_year.abs() <= MAX_YEAR {
                assert_eq!(Date::from_week(week_year, week, date.day_of_week()).unwrap(), date);
            }
            assert_eq!(Date::from_ordinal(year, date.ordinal_day()).unwrap(), date);
            assert_eq!(Date::from_quarter(year, date.quarter(), date.day_of_quarter()).unwrap(), date);
        }
        assert!(Date::from_days(MAX_DAYS + 1).is_err());
        assert_eq!(Date::from_ymd(-999_999_999, 1, 1).unwrap().to_string(), "-999999999-01-01");
    }

    #[test]
    fn months_clamp_to_the_end() {
        let date = Date::from_ymd(2020, 1, 31).unwrap();
        assert_eq!(date.plus_months(1).unwrap().to_string(), "2020-02-29");
        assert_eq!(date.plus_months(-2).unwrap().to_string(), "2019-11-30");
        assert!(date.plus_months(i64::MAX).is_err());
    }
}
