//! `$dateFromString`: dates in ISO 8601 and in a few everyday forms, or by a format.

use super::calendar::{DAY, Moment, days_in_month, iso_year_start};
use super::date_format::MONTHS;
use super::operator::{Answer, Arguments, NULL, Operator, fail, named};
use super::time_zone::Zone;
use super::type_name::type_name;
use crate::doc::{Code, Error, Result};
use crate::value::order::is_nullish;
use bson::{Bson, DateTime};

pub(super) const OPERATORS: &[Operator] =
    &[named("$dateFromString", &["dateString", "format", "timezone", "onError", "onNull"], 1, from_string)];

fn conversion(message: impl Into<String>) -> Error {
    Error::new(Code::ConversionFailure, message)
}

fn from_string(arguments: &Arguments<'_>) -> Answer {
    let zone = Zone::of(arguments, 2)?;
    let format = match arguments.get(1) {
        Some(Bson::String(format)) => Some(format.as_str()),
        _ if !arguments.given(1) => None,
        value if is_nullish(value) => None,
        value => {
            return Err(fail(
                40684,
                format!("$dateFromString requires that 'format' be a string, found: {}", type_name(value)),
            ));
        }
    };
    if let Some(format) = format {
        check_format(format)?;
    }
    if arguments.is_null(0) {
        return if arguments.given(4) { Ok(arguments.get(4).cloned()) } else { NULL };
    }
    let Some(zone) = zone else { return NULL };
    if arguments.given(1) && arguments.is_null(1) {
        return NULL;
    }
    let parsed = match arguments.string(0) {
        None => Err(conversion(format!(
            "$dateFromString requires that 'dateString' be a string, found: {} with value {}",
            arguments.type_name(0),
            arguments.get(0).unwrap_or(&Bson::Null)
        ))),
        Some(text) => {
            let given = arguments.given(2).then_some(zone);
            match format {
                Some(format) => by_format(text, format).and_then(|fields| fields.instant(text, given)),
                None => free_form(text).and_then(|fields| fields.instant(text, given)),
            }
        }
    };
    match parsed {
        Ok(millis) => Ok(Some(Bson::DateTime(DateTime::from_millis(millis)))),
        Err(_) if arguments.given(3) => Ok(arguments.get(3).cloned()),
        Err(error) => Err(error),
    }
}

/// The instant a text stands for, in any form `$dateFromString` reads without a format.
pub(super) fn parse(text: &str) -> Result<i64> {
    free_form(text).and_then(|fields| fields.instant(text, None))
}

/// What a text said.
#[derive(Debug, Default, Clone)]
struct Fields {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    iso_year: Option<i64>,
    iso_week: Option<i64>,
    iso_day: Option<i64>,
    hour: Option<i64>,
    minute: Option<i64>,
    second: Option<i64>,
    millisecond: Option<i64>,
    zone: Option<Zone>,
}

impl Fields {
    fn instant(&self, text: &str, given: Option<Zone>) -> Result<i64> {
        let invalid = |what: &str| conversion(format!("Error parsing date string '{text}'; {what}"));
        let incomplete =
            || conversion(format!("an incomplete date/time string has been found, with elements missing: \"{text}\""));
        let within = |value: Option<i64>, low: i64, high: i64, what: &str| -> Result<i64> {
            let value = value.unwrap_or(low);
            if (low..=high).contains(&value) { Ok(value) } else { Err(invalid(what)) }
        };
        let iso = self.iso_year.is_some() || self.iso_week.is_some() || self.iso_day.is_some();
        if iso && (self.year.is_some() || self.month.is_some() || self.day.is_some()) {
            return Err(invalid("Mixing of ISO dates with natural dates is not allowed"));
        }
        let day = if let Some(year) = self.iso_year {
            let week = within(self.iso_week, 1, 53, "the week is out of range")?;
            let day = within(self.iso_day, 1, 7, "the day of the week is out of range")?;
            iso_year_start(year) + (week - 1) * 7 + day - 1
        } else if let (Some(year), Some(day)) = (self.year, self.day_of_year) {
            let day = within(Some(day), 1, 366, "the day of the year is out of range")?;
            super::calendar::days(year, 1, 1) + day - 1
        } else {
            let (Some(year), Some(month), Some(day)) = (self.year, self.month, self.day) else {
                return Err(incomplete());
            };
            let month = within(Some(month), 1, 12, "the month is out of range")?;
            let day = within(Some(day), 1, days_in_month(year, month), "the day is out of range for the month")?;
            super::calendar::days(year, month, day)
        };
        let hour = within(self.hour, 0, 24, "the hour is out of range")?;
        let minute = within(self.minute, 0, 59, "the minute is out of range")?;
        let second = within(self.second, 0, 60, "the second is out of range")?;
        let time =
            Moment { year: 1970, month: 1, day: 1, hour, minute, second, millisecond: self.millisecond.unwrap_or(0) };
        let local = day * DAY + time.to_millis().unwrap_or(0);
        if self.zone.is_some() && given.is_some() {
            return Err(conversion(
                "you cannot pass in a date/time string with time zone information together with a timezone argument",
            ));
        }
        let zone = self.zone.clone().or(given).unwrap_or(Zone::UTC);
        Ok(zone.to_instant(local))
    }
}

/// Reads a text from left to right.
struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn eat(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// `min ..= max` digits.
    fn number(&mut self, min: usize, max: usize) -> Option<i64> {
        let length = self.rest.bytes().take(max).take_while(u8::is_ascii_digit).count();
        if length < min {
            return None;
        }
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        digits.parse().ok()
    }

    fn word(&mut self) -> Option<&'t str> {
        let length = self.rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (word, rest) = self.rest.split_at(length);
        if word.is_empty() {
            return None;
        }
        self.rest = rest;
        Some(word)
    }

    fn spaces(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', ',', '\t']);
    }

    /// A month's name, long or in three letters.
    fn month(&mut self) -> Option<i64> {
        let before = self.rest;
        let word = self.word()?.to_ascii_lowercase();
        let found = MONTHS.iter().position(|name| {
            let name = name.to_ascii_lowercase();
            word == name
                || (word.len() >= 3 && (name.get(..3) == Some(&word) || (word == "sept" && name == "september")))
        });
        if found.is_none() {
            self.rest = before;
        }
        found.map(|index| index as i64 + 1)
    }

    /// One to three (or more) digits behind the point as milliseconds.
    fn fraction(&mut self) -> Option<i64> {
        let length = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            return None;
        }
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        let padded: String = digits.chars().chain("000".chars()).take(3).collect();
        padded.parse().ok()
    }

    /// `Z`, an offset, or a zone's name.
    fn zone(&mut self) -> Option<Zone> {
        let length = self
            .rest
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b':' | b'/' | b'_'))
            .count();
        let (name, rest) = self.rest.split_at(length);
        let found = match name {
            "z" | "Z" => Some(Zone::UTC),
            _ => {
                let name = name
                    .strip_prefix("GMT")
                    .or_else(|| name.strip_prefix("UTC"))
                    .filter(|n| !n.is_empty())
                    .unwrap_or(name);
                Zone::parse(name).ok().or_else(|| abbreviation(name))
            }
        }?;
        self.rest = rest;
        Some(found)
    }
}

/// The zone abbreviations that are read; each is one offset.
fn abbreviation(name: &str) -> Option<Zone> {
    const HOURS: [(&str, i64); 8] =
        [("EST", -5), ("EDT", -4), ("CST", -6), ("CDT", -5), ("MST", -7), ("MDT", -6), ("PST", -8), ("PDT", -7)];
    let found = HOURS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    Some(Zone::Fixed(found.1 * super::calendar::HOUR))
}

fn free_form(text: &str) -> Result<Fields> {
    let error = || {
        if text.bytes().any(|b| b.is_ascii_digit()) {
            conversion(format!(
                "Error parsing date string '{text}'; 0: Unexpected character '{}'",
                text.chars().next().unwrap_or(' ')
            ))
        } else {
            conversion(format!(
                "Error parsing date string '{text}'; 0: The timezone could not be found in the database '{}'",
                text.chars().next().unwrap_or(' ')
            ))
        }
    };
    let mut reader = Reader { rest: text.trim() };
    let mut fields = date_part(&mut reader).ok_or_else(error)?;
    if !(reader.eat('T') || reader.eat('t')) {
        reader.spaces();
    }
    time_part(&mut reader, &mut fields);
    reader.spaces();
    if !reader.rest.is_empty() && fields.zone.is_none() {
        fields.zone = Some(reader.zone().ok_or_else(error)?);
        reader.spaces();
    }
    if reader.rest.is_empty() { Ok(fields) } else { Err(error()) }
}

fn date_part(reader: &mut Reader<'_>) -> Option<Fields> {
    let mut fields = Fields::default();
    reader.spaces();
    if reader.rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        // "Monday, July 4, 2016" and "July 4 2016".
        if reader.month().map(|month| fields.month = Some(month)).is_none() {
            let weekday = reader.word()?.to_ascii_lowercase();
            let known = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
            known.iter().find(|day| weekday.starts_with(**day))?;
            reader.spaces();
            match reader.month() {
                Some(month) => fields.month = Some(month),
                None => return day_first(reader, fields),
            }
        }
        reader.spaces();
        fields.day = Some(reader.number(1, 2)?);
        for suffix in ["st", "nd", "rd", "th"] {
            reader.rest = reader.rest.strip_prefix(suffix).unwrap_or(reader.rest);
        }
        reader.spaces();
        fields.year = Some(reader.number(4, 4)?);
        return Some(fields);
    }
    let digits = reader.rest.bytes().take_while(u8::is_ascii_digit).count();
    match digits {
        8 | 14 => {
            fields.year = reader.number(4, 4);
            fields.month = reader.number(2, 2);
            fields.day = reader.number(2, 2);
            if digits == 14 {
                fields.hour = reader.number(2, 2);
                fields.minute = reader.number(2, 2);
                fields.second = reader.number(2, 2);
            }
            Some(fields)
        }
        7 => {
            fields.year = reader.number(4, 4);
            fields.day_of_year = reader.number(3, 3);
            Some(fields)
        }
        4 => {
            fields.year = reader.number(4, 4);
            let separator = reader.rest.chars().next();
            if !matches!(separator, Some('-' | '/' | '.')) {
                return Some(fields);
            }
            reader.rest = reader.rest.get(1..)?;
            if reader.eat('W') {
                fields.iso_year = fields.year.take();
                fields.iso_week = Some(reader.number(2, 2)?);
                if reader.eat('-') {
                    fields.iso_day = Some(reader.number(1, 1)?);
                }
                return Some(fields);
            }
            if let Some(month) = reader.month() {
                fields.month = Some(month);
            } else if reader.rest.bytes().take_while(u8::is_ascii_digit).count() == 3 {
                fields.day_of_year = reader.number(3, 3);
                return Some(fields);
            } else {
                fields.month = Some(reader.number(1, 2)?);
            }
            if separator.is_some_and(|c| reader.eat(c)) {
                fields.day = Some(reader.number(1, 2)?);
            }
            Some(fields)
        }
        1 | 2 => {
            let before = reader.rest;
            let first = reader.number(1, 2)?;
            match reader.rest.chars().next() {
                // American order.
                Some('/') => {
                    reader.eat('/');
                    fields.month = Some(first);
                    fields.day = Some(reader.number(1, 2)?);
                    if reader.eat('/') {
                        fields.year = Some(reader.number(4, 4)?);
                    }
                    Some(fields)
                }
                // European order.
                Some(separator @ ('-' | '.'))
                    if reader.rest.get(1..2).is_some_and(|c| c.bytes().all(|b| b.is_ascii_digit())) =>
                {
                    reader.eat(separator);
                    fields.day = Some(first);
                    fields.month = Some(reader.number(1, 2)?);
                    if !reader.eat(separator) {
                        return None;
                    }
                    fields.year = Some(reader.number(4, 4)?);
                    Some(fields)
                }
                _ => {
                    reader.rest = before;
                    day_first(reader, fields)
                }
            }
        }
        _ => None,
    }
}

/// "4 July 2016", "04-Jul-2016".
fn day_first(reader: &mut Reader<'_>, mut fields: Fields) -> Option<Fields> {
    fields.day = Some(reader.number(1, 2)?);
    for suffix in ["st", "nd", "rd", "th"] {
        reader.rest = reader.rest.strip_prefix(suffix).unwrap_or(reader.rest);
    }
    reader.spaces();
    reader.eat('-');
    fields.month = Some(reader.month()?);
    reader.spaces();
    reader.eat('-');
    fields.year = Some(reader.number(4, 4)?);
    Some(fields)
}

/// `hh:mm[:ss[.fff]] [am|pm]`, `hhmm`, with an optional zone behind it.
fn time_part(reader: &mut Reader<'_>, fields: &mut Fields) {
    let before = reader.rest;
    for (word, hour) in [("noon", 12), ("midnight", 0)] {
        if let Some(rest) = reader.rest.strip_prefix(word) {
            reader.rest = rest;
            fields.hour = Some(hour);
            return;
        }
    }
    let Some(hour) = reader.number(1, 2) else { return };
    if let Some(half) = half_of_day(reader) {
        fields.hour = Some(hour % 12 + half);
        return;
    }
    let colon = reader.eat(':');
    let Some(minute) = reader.number(2, 2) else {
        reader.rest = before;
        return;
    };
    fields.hour = Some(hour);
    fields.minute = Some(minute);
    if (colon && reader.eat(':')) || (!colon && reader.rest.starts_with(|c: char| c.is_ascii_digit())) {
        fields.second = reader.number(2, 2);
        if reader.eat('.') || reader.eat(',') {
            fields.millisecond = reader.fraction();
        }
    }
    reader.spaces();
    if let Some(half) = half_of_day(reader) {
        fields.hour = Some(hour % 12 + half);
        reader.spaces();
    }
    if !reader.rest.is_empty() {
        fields.zone = reader.zone();
    }
}

/// `am` as 0, `pm` as 12.
fn half_of_day(reader: &mut Reader<'_>) -> Option<i64> {
    let rest = reader.rest.trim_start_matches(' ');
    let half = match rest.get(..2)?.to_ascii_lowercase().as_str() {
        "am" => 0,
        "pm" => 12,
        _ => return None,
    };
    reader.rest = rest.get(2..)?;
    Some(half)
}

fn check_format(format: &str) -> Result<()> {
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c == '%' {
            match chars.next() {
                Some('d' | 'G' | 'H' | 'j' | 'L' | 'm' | 'M' | 'S' | 'u' | 'V' | 'Y' | 'z' | 'Z' | 'b' | 'B' | '%') => {
                }
                Some(other) => {
                    return Err(fail(18536, format!("Invalid format character '%{other}' in format string")));
                }
                None => return Err(fail(18535, "Unmatched '%' at end of format string")),
            }
        }
    }
    Ok(())
}

fn by_format(text: &str, format: &str) -> Result<Fields> {
    let mut fields = Fields::default();
    let mut reader = Reader { rest: text };
    let mut chars = format.chars();
    let error = |reader: &Reader<'_>| {
        let at = text.len() - reader.rest.len();
        conversion(format!("Error parsing date string '{text}'; {at}: the text does not match the format '{format}'"))
    };
    while let Some(c) = chars.next() {
        if c != '%' {
            if !reader.eat(c) {
                return Err(error(&reader));
            }
            continue;
        }
        let found = match chars.next() {
            Some('d') => store(&mut fields.day, reader.number(1, 2)),
            Some('G') => store(&mut fields.iso_year, reader.number(1, 4)),
            Some('H') => store(&mut fields.hour, reader.number(1, 2)),
            Some('j') => store(&mut fields.day_of_year, reader.number(1, 3)),
            Some('L') => store(&mut fields.millisecond, reader.fraction()),
            Some('m') => store(&mut fields.month, reader.number(1, 2)),
            Some('M') => store(&mut fields.minute, reader.number(1, 2)),
            Some('S') => store(&mut fields.second, reader.number(1, 2)),
            Some('u') => store(&mut fields.iso_day, reader.number(1, 1)),
            Some('V') => store(&mut fields.iso_week, reader.number(1, 2)),
            Some('Y') => store(&mut fields.year, reader.number(4, 4)),
            Some('b' | 'B') => store(&mut fields.month, reader.month()),
            Some('z') => {
                fields.zone = reader.zone();
                fields.zone.is_some()
            }
            Some('Z') => {
                let sign = if reader.eat('-') { -1 } else { i64::from(reader.eat('+')).max(1) };
                let minutes = reader.number(1, 3);
                fields.zone = minutes.map(|minutes| Zone::Fixed(sign * minutes * super::calendar::MINUTE));
                fields.zone.is_some()
            }
            Some('%') => reader.eat('%'),
            _ => false,
        };
        if !found {
            return Err(error(&reader));
        }
    }
    if !reader.rest.is_empty() {
        return Err(conversion(format!("Error parsing date string '{text}'; Trailing data '{}'", reader.rest)));
    }
    Ok(fields)
}

fn store(slot: &mut Option<i64>, value: Option<i64>) -> bool {
    *slot = value;
    value.is_some()
}
