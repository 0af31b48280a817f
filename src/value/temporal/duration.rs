//! Durations: months, days, seconds and nanoseconds, carried only inside a tier, because a month has
//! no fixed number of days and a day no fixed number of seconds.

use super::{NANOS_PER_SECOND, Result, TemporalError};
use std::cmp::Ordering;
use std::fmt;

/// Seconds in an average month: a twelfth of 365.2425 days.
pub const SECONDS_PER_MONTH: i64 = 2_629_746;

/// An exact decimal number of some unit, in steps of 10⁻¹⁵, so that 0.1 is a tenth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount(i128);

/// Steps in a unit.
const STEPS: i128 = 1_000_000_000_000_000;

impl Amount {
    /// Nothing.
    pub const ZERO: Amount = Amount(0);

    /// A whole number.
    pub const fn whole(count: i64) -> Self {
        Amount(count as i128 * STEPS)
    }

    /// The decimal number a float is written as; `None` if it is not finite or too large.
    pub fn from_float(value: f64) -> Option<Self> {
        if value.abs() < 9.3e18 { Amount::parse(&format!("{value}")) } else { None }
    }

    /// Reads a decimal number with a sign and a fraction behind `.` or `,`.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.as_bytes().first()? {
            b'-' => (true, text.get(1..)?),
            b'+' => (false, text.get(1..)?),
            _ => (false, text),
        };
        let (whole, fraction) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
        let plain = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        if !plain(fraction) || (!plain(whole) && !whole.is_empty()) || whole.len() > 19 {
            return None;
        }
        let whole = if whole.is_empty() { 0 } else { whole.parse::<i128>().ok()? };
        let kept = fraction.get(..fraction.len().min(15))?;
        let steps = kept.parse::<i128>().ok()? * 10_i128.pow(15 - kept.len() as u32);
        let amount = whole * STEPS + steps;
        Some(Amount(if negative { -amount } else { amount }))
    }

    /// The sum.
    pub fn plus(self, other: Amount) -> Option<Self> {
        self.0.checked_add(other.0).map(Amount)
    }

    /// Some times as much.
    pub fn times(self, factor: i64) -> Option<Self> {
        self.0.checked_mul(i128::from(factor)).map(Amount)
    }

    /// The whole units, towards zero, and the steps that are left.
    fn split(self) -> Result<(i64, i128)> {
        let whole = i64::try_from(self.0 / STEPS).map_err(|_| TemporalError::overflow())?;
        Ok((whole, self.0 % STEPS))
    }
}

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

    /// From amounts of months, days, seconds and nanoseconds. What is left of a month goes into days of
    /// an average month, what is left of a day into seconds, what is left of a second into nanoseconds
    /// (rounded towards zero).
    pub fn from_amounts([months, days, seconds, nanos]: [Amount; 4]) -> Result<Self> {
        let overflow = TemporalError::overflow;
        let (whole_months, rest) = months.split()?;
        // 30.436875 days in an average month.
        let days = days.plus(Amount(rest * 30_436_875 / 1_000_000)).ok_or_else(overflow)?;
        let (whole_days, rest) = days.split()?;
        let seconds = seconds.plus(Amount(rest * 86_400)).ok_or_else(overflow)?;
        let (whole_seconds, rest) = seconds.split()?;
        let nanos = nanos.plus(Amount(rest * i128::from(NANOS_PER_SECOND))).ok_or_else(overflow)?;
        Duration::new(whole_months, whole_days, whole_seconds, nanos.split()?.0)
    }

    /// From amounts of months, days, seconds and nanoseconds as floats.
    fn from_floats(parts: [f64; 4]) -> Result<Self> {
        let mut amounts = [Amount::ZERO; 4];
        for (amount, part) in amounts.iter_mut().zip(parts) {
            *amount = Amount::from_float(part).ok_or_else(TemporalError::overflow)?;
        }
        Duration::from_amounts(amounts)
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

    /// Multiplied by a float; fractions go down a tier as in [`Duration::from_amounts`].
    pub fn times_float(&self, factor: f64) -> Result<Self> {
        Duration::from_floats([
            self.months as f64 * factor,
            self.days as f64 * factor,
            self.seconds as f64 * factor,
            f64::from(self.nanos) * factor,
        ])
    }

    /// Divided by a number; fractions go down a tier as in [`Duration::from_amounts`].
    pub fn divided_by(&self, divisor: f64) -> Result<Self> {
        Duration::from_floats([
            self.months as f64 / divisor,
            self.days as f64 / divisor,
            self.seconds as f64 / divisor,
            f64::from(self.nanos) / divisor,
        ])
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
        let duration = Duration::from_floats([5.5, 0.0, 0.0, 0.0]).unwrap();
        assert_eq!(duration.to_string(), "P5M15DT5H14M33S");
    }
}
