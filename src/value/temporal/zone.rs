//! Offsets from UTC and named time zones with the rules of the bundled tz database.

use super::{Date, LocalDateTime, LocalTime, NANOS_PER_SECOND, Result, SECONDS_PER_DAY, TemporalError};
use jiff::civil;
use jiff::tz::{AmbiguousOffset, TimeZone};
use std::fmt;
use std::sync::Arc;

/// The greatest offset: 18 hours.
pub const MAX_OFFSET: i32 = 18 * 3600;

/// A time zone: a fixed offset or a named one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Zone {
    /// Seconds east of UTC.
    Offset(i32),
    /// A name of the tz database, such as `Europe/Stockholm`.
    Named(Arc<str>),
}

impl Zone {
    /// UTC.
    pub const UTC: Zone = Zone::Offset(0);

    /// Reads `Z`, an offset such as `+01:00`, or the name of a zone.
    pub fn parse(text: &str) -> Result<Zone> {
        match parse_offset(text) {
            Some(offset) => Ok(Zone::Offset(offset)),
            None => named(text).map(|(name, _)| Zone::Named(name)),
        }
    }

    /// The offset that holds when the clocks of the zone show `local`, and what they then really show:
    /// a time skipped by a clock change moves forward by the gap; a time shown twice means the one with
    /// the preferred offset, or else the first.
    pub fn resolve(&self, local: LocalDateTime, preferred: Option<i32>) -> Result<(LocalDateTime, i32)> {
        match self {
            Zone::Offset(offset) => Ok((local, *offset)),
            Zone::Named(name) => {
                let (_, zone) = named(name)?;
                match zone.to_ambiguous_zoned(civil_of(local)?).offset() {
                    AmbiguousOffset::Unambiguous { offset } => Ok((local, offset.seconds())),
                    AmbiguousOffset::Fold { after, .. } if preferred == Some(after.seconds()) => {
                        Ok((local, after.seconds()))
                    }
                    AmbiguousOffset::Fold { before, .. } => Ok((local, before.seconds())),
                    AmbiguousOffset::Gap { before, after } => {
                        let gap = i64::from(after.seconds() - before.seconds());
                        Ok((local.plus(0, 0, gap, 0)?, after.seconds()))
                    }
                }
            }
        }
    }

    /// The offset at a moment, given as seconds since 1970-01-01T00:00Z.
    pub fn offset_at(&self, epoch_seconds: i64) -> Result<i32> {
        match self {
            Zone::Offset(offset) => Ok(*offset),
            Zone::Named(name) => {
                let (_, zone) = named(name)?;
                let timestamp = jiff::Timestamp::from_second(into_known_seconds(epoch_seconds))
                    .map_err(|_| TemporalError::overflow())?;
                Ok(zone.to_offset(timestamp).seconds())
            }
        }
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Zone::Offset(offset) => write_offset(f, *offset),
            Zone::Named(name) => f.write_str(name),
        }
    }
}

/// Reads an offset: `Z`, `+01`, `+0100`, `+01:00`, `+010203`, `+01:02:03`; at most 18 hours.
pub fn parse_offset(text: &str) -> Option<i32> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let parts: Vec<&str> = if digits.contains(':') {
        digits.split(':').collect()
    } else if digits.is_ascii() && digits.len() % 2 == 0 {
        (0..digits.len()).step_by(2).map(|at| &digits[at..at + 2]).collect()
    } else {
        return None;
    };
    if parts.is_empty() || parts.len() > 3 {
        return None;
    }
    let mut seconds = 0;
    for (part, (unit, limit)) in parts.iter().zip([(3600, 18), (60, 59), (1, 59)]) {
        if part.len() != 2 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let value: i32 = part.parse().ok()?;
        if value > limit {
            return None;
        }
        seconds += value * unit;
    }
    if seconds > MAX_OFFSET { None } else { Some(sign * seconds) }
}

/// Writes an offset as `Z`, `+01:00` or `+02:05:59`.
pub fn write_offset(f: &mut fmt::Formatter<'_>, offset: i32) -> fmt::Result {
    if offset == 0 {
        return f.write_str("Z");
    }
    let size = offset.unsigned_abs();
    let sign = if offset < 0 { '-' } else { '+' };
    write!(f, "{sign}{:02}:{:02}", size / 3600, size / 60 % 60)?;
    if size.is_multiple_of(60) { Ok(()) } else { write!(f, ":{:02}", size % 60) }
}

/// An offset as text.
pub fn offset_text(offset: i32) -> String {
    Zone::Offset(offset).to_string()
}

/// A zone of the tz database by name, in any case and with blanks for underscores, with the name as the
/// database spells it.
fn named(name: &str) -> Result<(Arc<str>, TimeZone)> {
    let zone = TimeZone::get(&name.replace(' ', "_"))
        .map_err(|_| TemporalError::new(format!("Unknown time zone '{name}'")))?;
    let spelled = zone.iana_name().unwrap_or(name);
    Ok((Arc::from(spelled), zone))
}

/// Years the tz rules are asked about. Outside, the rules of the matching year of the 400-year cycle
/// hold in the future and the first known offset in the past.
const KNOWN_YEARS: (i64, i64) = (-9_000, 9_000);
const SECONDS_PER_CYCLE: i64 = 146_097 * SECONDS_PER_DAY;

fn into_known_year(year: i64) -> i64 {
    if year > KNOWN_YEARS.1 {
        8_000 + year.rem_euclid(400)
    } else if year < KNOWN_YEARS.0 {
        -8_000 + year.rem_euclid(400)
    } else {
        year
    }
}

fn into_known_seconds(epoch_seconds: i64) -> i64 {
    const LIMIT: i64 = 17 * SECONDS_PER_CYCLE;
    if epoch_seconds > LIMIT {
        16 * SECONDS_PER_CYCLE + epoch_seconds.rem_euclid(SECONDS_PER_CYCLE)
    } else if epoch_seconds < -LIMIT {
        -16 * SECONDS_PER_CYCLE + epoch_seconds.rem_euclid(SECONDS_PER_CYCLE)
    } else {
        epoch_seconds
    }
}

fn civil_of(local: LocalDateTime) -> Result<civil::DateTime> {
    let (year, month, day) = local.date.ymd();
    let time = local.time;
    let narrow = |value: i64| i8::try_from(value).map_err(|_| TemporalError::overflow());
    civil::DateTime::new(
        i16::try_from(into_known_year(year)).map_err(|_| TemporalError::overflow())?,
        narrow(month)?,
        narrow(day)?,
        narrow(time.hour())?,
        narrow(time.minute())?,
        narrow(time.second())?,
        i32::try_from(time.nano()).map_err(|_| TemporalError::overflow())?,
    )
    .map_err(|_| TemporalError::overflow())
}

/// The date and time that a clock `offset` seconds east of UTC shows at a moment.
pub fn local_at(epoch_seconds: i64, nano: i64, offset: i32) -> Result<LocalDateTime> {
    let seconds = epoch_seconds.checked_add(i64::from(offset)).ok_or_else(TemporalError::overflow)?;
    let date = Date::from_days(seconds.div_euclid(SECONDS_PER_DAY))?;
    let time = LocalTime::from_nanos_wrapping(seconds.rem_euclid(SECONDS_PER_DAY) * NANOS_PER_SECOND + nano);
    Ok(LocalDateTime { date, time })
}
