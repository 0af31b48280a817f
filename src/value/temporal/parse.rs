//! Reading the ISO 8601 forms of dates, times and durations, extended (`2015-07-21T21:40:32`) and
//! basic (`20150721T214032`).

use super::duration::Amount;
use super::zone::{Zone, parse_offset};
use super::{Date, DateTime, Duration, LocalDateTime, LocalTime, Result, TemporalError, Time};

fn unreadable(text: &str, kind: &str) -> TemporalError {
    let shown: String = text.chars().take(60).collect();
    TemporalError::new(format!("Text cannot be parsed to a {kind}: '{shown}'"))
}

/// Walks through ASCII text.
struct Cursor<'t> {
    rest: &'t [u8],
}

impl<'t> Cursor<'t> {
    fn new(text: &'t str) -> Self {
        Cursor { rest: text.as_bytes() }
    }

    fn eat(&mut self, byte: u8) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if first.eq_ignore_ascii_case(&byte) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn digits_ahead(&self) -> usize {
        self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    }

    /// A number of exactly `count` digits, at most 18.
    fn number(&mut self, count: usize) -> Option<i64> {
        if count == 0 || count > 18 || self.digits_ahead() < count {
            return None;
        }
        let (digits, rest) = self.rest.split_at(count);
        self.rest = rest;
        Some(digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
    }

    fn at_end(&self) -> bool {
        self.rest.is_empty()
    }
}

/// `2015-07-21`, `20150721`, `2015-07`, `201507`, `2015-W30-2`, `2015W302`, `2015-W30`, `2015-Q3-20`,
/// `2015Q320`, `2015-202`, `2015202`, `2015`; signed years of up to nine digits in the extended forms.
pub fn date(text: &str) -> Result<Date> {
    date_parts(text).ok_or_else(|| unreadable(text, "Date"))?
}

fn date_parts(text: &str) -> Option<Result<Date>> {
    let mut cursor = Cursor::new(text);
    let negative = cursor.eat(b'-');
    let signed = negative || cursor.eat(b'+');
    let year = cursor.number(if signed { cursor.digits_ahead().min(9) } else { 4 })?;
    let year = if negative { -year } else { year };
    if cursor.at_end() {
        return Some(Date::from_ymd(year, 1, 1));
    }
    let extended = cursor.eat(b'-');
    if signed && !extended {
        return None;
    }
    let separated = |cursor: &mut Cursor<'_>| !extended || cursor.eat(b'-');
    let date = if cursor.eat(b'W') {
        let week = cursor.number(2)?;
        let day = if cursor.at_end() {
            1
        } else if separated(&mut cursor) {
            cursor.number(1)?
        } else {
            return None;
        };
        Date::from_week(year, week, day)
    } else if cursor.eat(b'Q') {
        let quarter = cursor.number(1)?;
        let day = if cursor.at_end() {
            1
        } else if separated(&mut cursor) {
            cursor.number(2)?
        } else {
            return None;
        };
        Date::from_quarter(year, quarter, day)
    } else if cursor.digits_ahead() == 3 {
        Date::from_ordinal(year, cursor.number(3)?)
    } else {
        let month = cursor.number(2)?;
        let day = if cursor.at_end() {
            1
        } else if separated(&mut cursor) {
            cursor.number(2)?
        } else {
            return None;
        };
        Date::from_ymd(year, month, day)
    };
    cursor.at_end().then_some(date)
}

/// `21:40:32.142`, `214032.142`, `21:40`, `2140`, `21`.
pub fn local_time(text: &str) -> Result<LocalTime> {
    local_time_parts(text).ok_or_else(|| unreadable(text, "LocalTime"))?
}

fn local_time_parts(text: &str) -> Option<Result<LocalTime>> {
    let mut cursor = Cursor::new(text);
    let hour = cursor.number(2)?;
    let (mut minute, mut second, mut nano) = (0, 0, 0);
    if !cursor.at_end() {
        let extended = cursor.eat(b':');
        minute = cursor.number(2)?;
        if !cursor.at_end() {
            if extended && !cursor.eat(b':') {
                return None;
            }
            second = cursor.number(2)?;
            if !cursor.at_end() {
                if !cursor.eat(b'.') && !cursor.eat(b',') {
                    return None;
                }
                let digits = cursor.digits_ahead();
                if digits > 9 {
                    return None;
                }
                nano = cursor.number(digits)? * 10_i64.pow(9 - digits as u32);
            }
        }
    }
    cursor.at_end().then(|| LocalTime::from_hms(hour, minute, second, nano))
}

/// Splits a time from the zone behind it: `21:40+01:00[Europe/London]`.
fn split_zone(text: &str) -> (&str, &str) {
    let at = text.find(['Z', 'z', '+', '-', '[']).unwrap_or(text.len());
    text.split_at(at)
}

/// A local time followed by `Z` or an offset; without one it is in `default`.
pub fn time(text: &str, default: i32) -> Result<Time> {
    let (clock, zone) = split_zone(text);
    let local = local_time(clock).map_err(|_| unreadable(text, "Time"))?;
    let offset = if zone.is_empty() { default } else { parse_offset(zone).ok_or_else(|| unreadable(text, "Time"))? };
    Ok(Time { local, offset })
}

/// The date and the time around `T`; a date alone is its midnight.
fn split_date_time(text: &str) -> (&str, Option<&str>) {
    match text.split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    }
}

/// A date, `T`, a local time.
pub fn local_date_time(text: &str) -> Result<LocalDateTime> {
    let (date_text, time_text) = split_date_time(text);
    let date = date(date_text).map_err(|error| reading(error, text, "LocalDateTime"))?;
    let time = match time_text {
        Some(time) => local_time(time).map_err(|error| reading(error, text, "LocalDateTime"))?,
        None => LocalTime::MIDNIGHT,
    };
    Ok(LocalDateTime { date, time })
}

/// Keeps errors about values, and names the whole text in errors about the form.
fn reading(error: TemporalError, text: &str, kind: &str) -> TemporalError {
    if error.0.starts_with("Text cannot be parsed") { unreadable(text, kind) } else { error }
}

/// A date, `T`, a local time, an offset and a zone in brackets; each of the last two may be missing.
pub fn date_time(text: &str, default: &Zone) -> Result<DateTime> {
    let (date_text, time_text) = split_date_time(text);
    let date = date(date_text).map_err(|error| reading(error, text, "DateTime"))?;
    let (clock, zone) = split_zone(time_text.unwrap_or("00"));
    let time = local_time(clock).map_err(|error| reading(error, text, "DateTime"))?;
    let local = LocalDateTime { date, time };
    if zone.is_empty() {
        return DateTime::from_local(local, default);
    }
    let (offset_text, name) = match zone.split_once('[') {
        Some((offset, name)) => (offset, Some(name.strip_suffix(']').ok_or_else(|| unreadable(text, "DateTime"))?)),
        None => (zone, None),
    };
    let offset = match offset_text {
        "" => None,
        offset => Some(parse_offset(offset).ok_or_else(|| unreadable(text, "DateTime"))?),
    };
    let Some(name) = name else {
        return DateTime::from_local(local, &Zone::Offset(offset.unwrap_or(0)));
    };
    let zone = Zone::parse(name)?;
    let resolved = DateTime::from_local(local, &zone)?;
    match offset {
        None => Ok(resolved),
        Some(offset) if offset == resolved.offset && resolved.local == local => Ok(resolved),
        // The second of two equal times at a clock change, told apart by its offset.
        Some(offset) => {
            let moment = DateTime::from_local(local, &Zone::Offset(offset))?.in_zone(&zone)?;
            if moment.offset == offset {
                Ok(moment)
            } else {
                Err(TemporalError::new(format!("Timezone and offset do not match: '{text}'")))
            }
        }
    }
}

/// `P12Y5M14DT16H12M70S` with fractions and signs in any part, `P2.5W`, or `P2012-02-02T14:37:21.545`.
pub fn duration(text: &str) -> Result<Duration> {
    duration_parts(text).ok_or_else(|| unreadable(text, "Duration"))?
}

fn duration_parts(text: &str) -> Option<Result<Duration>> {
    let (negative, body) = match text.as_bytes().first()? {
        b'-' => (true, text.get(1..)?),
        b'+' => (false, text.get(1..)?),
        _ => (false, text),
    };
    let body = body.strip_prefix(['P', 'p'])?;
    let amounts = duration_by_units(body).or_else(|| duration_as_date(body))?;
    let duration = Duration::from_amounts(amounts);
    Some(if negative { duration.and_then(|duration| duration.negated()) } else { duration })
}

/// Months, days, seconds and nanoseconds.
type Amounts = [Amount; 4];

fn duration_by_units(body: &str) -> Option<Amounts> {
    let mut amounts = [Amount::ZERO; 4];
    let mut rest = body;
    let mut in_time = false;
    let mut last_unit = 0;
    let mut any = false;
    while !rest.is_empty() {
        if let Some(time) = rest.strip_prefix(['T', 't']) {
            if in_time || time.is_empty() {
                return None;
            }
            in_time = true;
            rest = time;
            continue;
        }
        let end = rest.find(|character: char| character.is_ascii_alphabetic())?;
        let amount = Amount::parse(&rest[..end])?;
        // Each unit at most once and from the greatest to the least.
        let (order, tier, factor) = match (rest.as_bytes().get(end)?.to_ascii_uppercase(), in_time) {
            (b'Y', false) => (1, 0, 12),
            (b'M', false) => (2, 0, 1),
            (b'W', false) => (3, 1, 7),
            (b'D', false) => (4, 1, 1),
            (b'H', true) => (5, 2, 3600),
            (b'M', true) => (6, 2, 60),
            (b'S', true) => (7, 2, 1),
            _ => return None,
        };
        if order <= last_unit {
            return None;
        }
        last_unit = order;
        amounts[tier] = amounts[tier].plus(amount.times(factor)?)?;
        any = true;
        rest = &rest[end + 1..];
    }
    any.then_some(amounts)
}

/// The form that looks like a date and a time: `2012-02-02T14:37:21.545`, `20120202T143721`.
fn duration_as_date(body: &str) -> Option<Amounts> {
    let (date, time) = match body.split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (body, None),
    };
    let mut cursor = Cursor::new(date);
    let years = cursor.number(4)?;
    let extended = cursor.eat(b'-');
    let months = cursor.number(2)?;
    if extended && !cursor.eat(b'-') {
        return None;
    }
    let days = cursor.number(2)?;
    if !cursor.at_end() || months > 12 || days > 31 {
        return None;
    }
    let time = match time {
        Some(time) => local_time(time).ok()?,
        None => LocalTime::MIDNIGHT,
    };
    Some([
        Amount::whole(years * 12 + months),
        Amount::whole(days),
        Amount::whole(time.seconds()),
        Amount::whole(time.nano()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_all_forms() {
        for (text, expected) in [
            ("2015-07-21", "2015-07-21"),
            ("20150721", "2015-07-21"),
            ("2015-07", "2015-07-01"),
            ("201507", "2015-07-01"),
            ("2015-W30-2", "2015-07-21"),
            ("2015W302", "2015-07-21"),
            ("2015-W30", "2015-07-20"),
            ("2015W30", "2015-07-20"),
            ("2015-202", "2015-07-21"),
            ("2015202", "2015-07-21"),
            ("2015-Q3-21", "2015-07-21"),
            ("2015", "2015-01-01"),
            ("-999999999-01-01", "-999999999-01-01"),
            ("+999999999-12-31", "+999999999-12-31"),
        ] {
            assert_eq!(date(text).unwrap().to_string(), expected, "{text}");
        }
        for text in ["", "20", "2015-", "2015-7-1", "2015-02-30", "2015-W54", "2015-07-21x", "é", "2015-0é"] {
            assert!(date(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_and_moments_in_all_forms() {
        for (text, expected) in [
            ("21:40:32.142+0100", "21:40:32.142+01:00"),
            ("214032.142Z", "21:40:32.142Z"),
            ("2140-00:00", "21:40Z"),
            ("2140-02", "21:40-02:00"),
            ("22+18:00", "22:00+18:00"),
            ("10:35+02:05:59", "10:35+02:05:59"),
        ] {
            assert_eq!(time(text, 0).unwrap().to_string(), expected, "{text}");
        }
        for (text, expected) in [
            ("2015-07-21T21:40:32.142+02:00[Europe/Stockholm]", "2015-07-21T21:40:32.142+02:00[Europe/Stockholm]"),
            ("2015-07-21T21:40:32.142+0845[Australia/Eucla]", "2015-07-21T21:40:32.142+08:45[Australia/Eucla]"),
            ("2015-07-21T21:40:32.142[Europe/London]", "2015-07-21T21:40:32.142+01:00[Europe/London]"),
            ("1818-07-21T21:40:32.142[Europe/Stockholm]", "1818-07-21T21:40:32.142+00:53:28[Europe/Stockholm]"),
            ("2017-10-29T02:30+01:00[Europe/Stockholm]", "2017-10-29T02:30+01:00[Europe/Stockholm]"),
            ("2017-03-26T02:30[Europe/Stockholm]", "2017-03-26T03:30+02:00[Europe/Stockholm]"),
            ("2015-W30T2140", "2015-07-20T21:40Z"),
        ] {
            assert_eq!(date_time(text, &Zone::UTC).unwrap().to_string(), expected, "{text}");
        }
        for text in ["2015-07-21T21:40+05:00[Europe/London]", "2015-07-21T21:40[Nowhere/Land]", "2015-07-21T25:00", "T"]
        {
            assert!(date_time(text, &Zone::UTC).is_err(), "{text}");
        }
    }

    #[test]
    fn durations_in_all_forms() {
        for (text, expected) in [
            ("P14DT16H12M", "P14DT16H12M"),
            ("P5M1.5D", "P5M1DT12H"),
            ("P0.75M", "P22DT19H51M49.5S"),
            ("PT0.75M", "PT45S"),
            ("P2.5W", "P17DT12H"),
            ("P12Y5M14DT16H12M70S", "P12Y5M14DT16H13M10S"),
            ("P2012-02-02T14:37:21.545", "P2012Y2M2DT14H37M21.545S"),
            ("PT-0.001S", "PT-0.001S"),
            ("-P1Y", "P-1Y"),
            ("PT1.1S", "PT1.1S"),
        ] {
            assert_eq!(duration(text).unwrap().to_string(), expected, "{text}");
        }
        for text in ["P", "PT", "P1", "P1S", "PT1Y", "P1M1Y", "1Y", "P99999999999999999999Y", "Pé"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
