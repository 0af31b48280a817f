//! Durations: months, days, seconds and nanoseconds, carried only inside a tier, because a month has
//! no fixed number of days and a day no fixed number of seconds.

use super::{NANOS_PER_SECOND, Result, TemporalError};
use std::cmp::Ordering;
use std::fmt;

/// Seconds in an average month: a twelfth of 365.2425 days.
pub const SECONDS_PER_MONTH: i64 = 2_629_746;

/// A duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Duration {
    /// Months; twelve make a year.
    pub months: i64,
    /// Days; seven make a week.
    pub days: i64,
    /// Seconds, rounded down.
    pub seconds: i64,
    /// 0 to 999,999,999, to be added to the seconds.
    pub nanos: i32,
}

impl Duration {
    /// From its four parts; nanoseconds of any size carry into the seconds.
    pub fn new(months: i64, days: i64, seconds: i64, nanos: i64) -> Result<Self> {
        let seconds = seconds.checked_add(nanos.div_euclid(NANOS_PER_SECOND)).ok_or_else(TemporalError::overflow)?;
        let nanos = i32::try_from(nanos.rem_euclid(NANOS_PER_SECOND)).map_err(|_| TemporalError::overflow())?;
        Ok(Duration { months, days, seconds, nanos })
    }

    /// From nanoseconds alone.
    pub fn from_nanos(nanos: i128) -> Result<Self> {
        let second = i128::from(NANOS_PER_SECOND);
        let seconds = i64::try_from(nanos.div_euclid(second)).map_err(|_| TemporalError::overflow())?;
        let nanos = i32::try_from(nanos.rem_euclid(second)).map_err(|_| TemporalError::overflow())?;
        Ok(Duration { months: 0, days: 0, seconds, nanos })
    }

    /// From fractional parts: what is left of a month goes into days of an average month, what is left
    /// of a day into seconds, what is left of a second into nanoseconds (rounded towards zero).
    pub fn approximate(months: f64, days: f64, seconds: f64, nanos: f64) -> Result<Self> {
        let whole_months = months.trunc();
        let days = days + (months - whole_months) * (SECONDS_PER_MONTH as f64 / 86_400.0);
        let whole_days = days.trunc();
        let seconds = seconds + (days - whole_days) * 86_400.0;
        let whole_seconds = seconds.trunc();
        let nanos = nanos + (seconds - whole_seconds) * NANOS_PER_SECOND as f64;
        let int = |value: f64| {
            if value.abs() < 9.2e18 { Ok(value as i64) } else { Err(TemporalError::overflow()) }
        };
        // Fractions such as 0.1 have no exact double: what is within a thousandth of a nanosecond of
        // a whole one is that one.
        let rounded = nanos.round();
        let nanos = if (nanos - rounded).abs() < 1e-3 { rounded } else { nanos.trunc() };
        Duration::new(int(whole_months)?, int(whole_days)?, int(whole_seconds)?, int(nanos)?)
    }

    /// Seconds and nanoseconds together, as nanoseconds.
    pub fn time_nanos(&self) -> i128 {
        i128::from(self.seconds) * i128::from(NANOS_PER_SECOND) + i128::from(self.nanos)
    }

    /// The sum, part by part.
    pub fn plus(&self, other: &Duration) -> Result<Self> {
        let add = |a: i64, b: i64| a.checked_add(b).ok_or_else(TemporalError::overflow);
        Duration::new(
            add(self.months, other.months)?,
            add(self.days, other.days)?,
            add(self.seconds, other.seconds)?,
            i64::from(self.nanos) + i64::from(other.nanos),
        )
    }

    /// The duration backwards.
    pub fn negated(&self) -> Result<Self> {
        let negate = |value: i64| value.checked_neg().ok_or_else(TemporalError::overflow);
        Duration::new(negate(self.months)?, negate(self.days)?, negate(self.seconds)?, -i64::from(self.nanos))
    }

    /// The difference, part by part.
    pub fn minus(&self, other: &Duration) -> Result<Self> {
        self.plus(&other.negated()?)
    }

    /// Multiplied by an integer, exactly.
    pub fn times(&self, factor: i64) -> Result<Self> {
        let multiply = |value: i64| value.checked_mul(factor).ok_or_else(TemporalError::overflow);
        let time = Duration::from_nanos(
            self.time_nanos().checked_mul(i128::from(factor)).ok_or_else(TemporalError::overflow)?,
        )?;
        Ok(Duration { months: multiply(self.months)?, days: multiply(self.days)?, ..time })
    }

    /// Multiplied by a float; fractions go down a tier as in [`Duration::approximate`].
    pub fn times_float(&self, factor: f64) -> Result<Self> {
        Duration::approximate(
            self.months as f64 * factor,
            self.days as f64 * factor,
            self.seconds as f64 * factor,
            f64::from(self.nanos) * factor,
        )
    }

    /// Divided by a number; fractions go down a tier as in [`Duration::approximate`].
    pub fn divided_by(&self, divisor: f64) -> Result<Self> {
        Duration::approximate(
            self.months as f64 / divisor,
            self.days as f64 / divisor,
            self.seconds as f64 / divisor,
            f64::from(self.nanos) / divisor,
        )
    }

    /// Its length with months and days of average length, in nanoseconds.
    pub fn average_nanos(&self) -> i128 {
        let seconds = i128::from(self.months) * i128::from(SECONDS_PER_MONTH)
            + i128::from(self.days) * 86_400
            + i128::from(self.seconds);
        seconds * i128::from(NANOS_PER_SECOND) + i128::from(self.nanos)
    }

    /// The order of ORDER BY: by average length, then by parts.
    pub fn order(&self, other: &Duration) -> Ordering {
        self.average_nanos()
            .cmp(&other.average_nanos())
            .then(self.months.cmp(&other.months))
            .then(self.days.cmp(&other.days))
            .then(self.seconds.cmp(&other.seconds))
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Duration::default() {
            return f.write_str("PT0S");
        }
        f.write_str("P")?;
        for (amount, unit) in [(self.months / 12, 'Y'), (self.months % 12, 'M'), (self.days, 'D')] {
            if amount != 0 {
                write!(f, "{amount}{unit}")?;
            }
        }
        if self.seconds == 0 && self.nanos == 0 {
            return Ok(());
        }
        f.write_str("T")?;
        // Towards zero, so that all parts carry the same sign.
        let negative = self.seconds < 0;
        let (seconds, nanos) = if negative && self.nanos != 0 {
            (self.seconds + 1, NANOS_PER_SECOND - i64::from(self.nanos))
        } else {
            (self.seconds, i64::from(self.nanos))
        };
        for (amount, unit) in [(seconds / 3600, 'H'), (seconds / 60 % 60, 'M')] {
            if amount != 0 {
                write!(f, "{amount}{unit}")?;
            }
        }
        let seconds = seconds % 60;
        if seconds == 0 && nanos == 0 {
            return Ok(());
        }
        if seconds == 0 && negative {
            f.write_str("-0")?;
        } else {
            write!(f, "{seconds}")?;
        }
        if nanos != 0 {
            write!(f, ".{}", format!("{nanos:09}").trim_end_matches('0'))?;
        }
        f.write_str("S")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(months: i64, days: i64, seconds: i64, nanos: i64) -> String {
        Duration::new(months, days, seconds, nanos).unwrap().to_string()
    }

    #[test]
    fn text_is_iso_with_one_sign_in_the_time() {
        assert_eq!(text(149, 14, 58_390, 1), "P12Y5M14DT16H13M10.000000001S");
        assert_eq!(text(0, 0, 0, 0), "PT0S");
        assert_eq!(text(0, 0, 2, -1_000_000), "PT1.999S");
        assert_eq!(text(0, 0, -2, 1_000_000), "PT-1.999S");
        assert_eq!(text(0, 1, 0, -1_000_000), "P1DT-0.001S");
        assert_eq!(text(0, 0, -60, -1_000_000), "PT-1M-0.001S");
        assert_eq!(text(0, 0, 60, -1_000_000), "PT59.999S");
        assert_eq!(text(-20, 0, 0, 0), "P-1Y-8M");
    }

    #[test]
    fn fractions_go_down_a_tier() {
        let duration = Duration::approximate(5.5, 0.0, 0.0, 0.0).unwrap();
        assert_eq!(duration.to_string(), "P5M15DT5H14M33S");
    }
}
