//! The proleptic Gregorian calendar on milliseconds since 1970, without bounds other than i64's.

/// A calendar date and time of day, in some time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub year: i64,
    /// 1 ..= 12
    pub month: i64,
    /// 1 ..= 31
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    pub millisecond: i64,
}

pub(super) const SECOND: i64 = 1000;
pub(super) const MINUTE: i64 = 60 * SECOND;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// Days since 1970-01-01. The month may lie outside 1 ..= 12 and the day outside the month: they
/// carry over.
pub(super) fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = year.saturating_add((month - 1).div_euclid(12));
    let month = (month - 1).rem_euclid(12) + 1;
    // Years begin in March, so that the leap day is the last.
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era.saturating_mul(146_097).saturating_add(day_of_era - 719_468).saturating_add(day - 1)
}

/// Year, month and day of a day since 1970-01-01.
pub(super) fn date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub(super) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Moment {
    /// From local milliseconds since 1970.
    pub fn from_millis(millis: i64) -> Moment {
        let (year, month, day) = date(millis.div_euclid(DAY));
        let rest = millis.rem_euclid(DAY);
        Moment {
            year,
            month,
            day,
            hour: rest / HOUR,
            minute: rest / MINUTE % 60,
            second: rest / SECOND % 60,
            millisecond: rest % SECOND,
        }
    }

    /// Local milliseconds since 1970; parts beyond their range carry over. `None` if out of range.
    pub fn to_millis(self) -> Option<i64> {
        let month_days = days(self.year, self.month, 1);
        let day = month_days.checked_add(self.day.checked_sub(1)?)?;
        day.checked_mul(DAY)?
            .checked_add(self.hour.checked_mul(HOUR)?)?
            .checked_add(self.minute.checked_mul(MINUTE)?)?
            .checked_add(self.second.checked_mul(SECOND)?)?
            .checked_add(self.millisecond)
    }

    /// Days since 1970-01-01.
    pub fn day_number(self) -> i64 {
        days(self.year, self.month, self.day)
    }

    /// 1 ..= 366
    pub fn day_of_year(self) -> i64 {
        self.day_number() - days(self.year, 1, 1) + 1
    }

    /// 1 (Sunday) ..= 7
    pub fn day_of_week(self) -> i64 {
        (self.day_number() + 4).rem_euclid(7) + 1
    }

    /// 1 (Monday) ..= 7
    pub fn iso_day_of_week(self) -> i64 {
        (self.day_number() + 3).rem_euclid(7) + 1
    }

    /// 0 ..= 53; weeks begin on Sunday, days before the first Sunday are in week 0.
    pub fn week(self) -> i64 {
        (self.day_of_year() + 6 - (self.day_of_week() - 1)) / 7
    }

    /// The ISO 8601 year and week.
    pub fn iso_week(self) -> (i64, i64) {
        // The week belongs to the year its Thursday is in.
        let thursday = self.day_number() - self.iso_day_of_week() + 4;
        let (year, _, _) = date(thursday);
        (year, (thursday - days(year, 1, 1)) / 7 + 1)
    }
}

/// The day number of the Monday of ISO week 1.
pub(super) fn iso_year_start(year: i64) -> i64 {
    let fourth = days(year, 1, 4);
    fourth - (fourth + 3).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree() {
        assert_eq!(days(1970, 1, 1), 0);
        assert_eq!(days(2000, 3, 1), 11_017);
        assert_eq!(date(-1), (1969, 12, 31));
        for day in (-1_000_000..1_000_000).step_by(997) {
            let (year, month, dom) = date(day);
            assert_eq!(days(year, month, dom), day);
        }
        assert_eq!(days(2023, 13, 1), days(2024, 1, 1));
    }

    #[test]
    fn weeks() {
        let moment = |year, month, day| Moment { year, month, day, hour: 0, minute: 0, second: 0, millisecond: 0 };
        assert_eq!(moment(2016, 1, 1).iso_week(), (2015, 53));
        assert_eq!(moment(2024, 12, 30).iso_week(), (2025, 1));
        assert_eq!(moment(2016, 1, 2).week(), 0);
        assert_eq!(moment(2016, 1, 3).week(), 1);
        assert_eq!(moment(2024, 2, 29).day_of_year(), 60);
        assert_eq!(moment(2024, 11, 24).day_of_week(), 1);
        assert_eq!(iso_year_start(2025), days(2024, 12, 30));
    }
}
