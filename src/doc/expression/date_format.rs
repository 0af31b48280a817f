//! `$dateToString` and its format specifiers.

use super::calendar::Moment;
use super::date::instant;
use super::operator::{Answer, Arguments, NULL, Operator, fail, named};
use super::time_zone::Zone;
use super::type_name::type_name;
use crate::doc::{Error, Result};
use bson::Bson;
use std::fmt::Write;

pub(super) const OPERATORS: &[Operator] =
    &[named("$dateToString", &["date", "format", "timezone", "onNull"], 1, to_string)];

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `Jan 31 12:00:00`, as MongoDB writes timestamps.
pub(super) fn stamp(seconds: u32) -> String {
    let moment = Moment::from_millis(i64::from(seconds) * 1000);
    let month = usize::try_from(moment.month - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or_default();
    format!(
        "{} {:02} {:02}:{:02}:{:02}",
        month.get(..3).unwrap_or_default(),
        moment.day,
        moment.hour,
        moment.minute,
        moment.second
    )
}

/// `2024-01-31T12:00:00.000Z`
pub(super) fn iso(millis: i64) -> String {
    let moment = Moment::from_millis(millis);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.millisecond
    )
}

fn to_string(arguments: &Arguments<'_>) -> Answer {
    let format = match arguments.get(1) {
        Some(Bson::String(format)) => Some(format.as_str()),
        _ if !arguments.given(1) => None,
        _ if arguments.is_null(1) => return NULL,
        other => {
            return Err(fail(
                18533,
                format!("$dateToString requires that 'format' be a string, found: {}", type_name(other)),
            ));
        }
    };
    if let Some(format) = format {
        check(format)?;
    }
    let Some(zone) = Zone::of(arguments, 2)? else { return NULL };
    if arguments.is_null(0) {
        return if arguments.given(3) { Ok(arguments.get(3).cloned()) } else { NULL };
    }
    let millis = instant(arguments.get(0))?;
    let offset = zone.offset_at(millis);
    let moment = Moment::from_millis(millis.saturating_add(offset));
    if !(0..=9999).contains(&moment.year) {
        return Err(fail(
            18537,
            format!("$dateToString is only defined on year 0-9999, tried to use year {}", moment.year),
        ));
    }
    let default = match arguments.get(2) {
        Some(Bson::String(name)) if !matches!(name.as_str(), "UTC" | "GMT" | "Z") => "%Y-%m-%dT%H:%M:%S.%L",
        _ => "%Y-%m-%dT%H:%M:%S.%LZ",
    };
    Ok(Some(Bson::String(write(format.unwrap_or(default), moment, offset)?)))
}

/// Whether all specifiers are known.
fn check(format: &str) -> Result<()> {
    write(format, Moment::from_millis(0), 0).map(|_| ())
}

fn write(format: &str, moment: Moment, offset: i64) -> Result<String> {
    let mut text = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        let minutes = offset / 60_000;
        let month = MONTHS.get((moment.month - 1) as usize).copied().unwrap_or_default();
        let written = match chars.next() {
            Some('d') => write!(text, "{:02}", moment.day),
            Some('G') => write!(text, "{:04}", moment.iso_week().0),
            Some('H') => write!(text, "{:02}", moment.hour),
            Some('j') => write!(text, "{:03}", moment.day_of_year()),
            Some('L') => write!(text, "{:03}", moment.millisecond),
            Some('m') => write!(text, "{:02}", moment.month),
            Some('M') => write!(text, "{:02}", moment.minute),
            Some('S') => write!(text, "{:02}", moment.second),
            Some('w') => write!(text, "{}", moment.day_of_week()),
            Some('u') => write!(text, "{}", moment.iso_day_of_week()),
            Some('U') => write!(text, "{:02}", moment.week()),
            Some('V') => write!(text, "{:02}", moment.iso_week().1),
            Some('Y') => write!(text, "{:04}", moment.year),
            Some('z') => {
                let sign = if minutes < 0 { '-' } else { '+' };
                write!(text, "{sign}{:02}{:02}", minutes.abs() / 60, minutes.abs() % 60)
            }
            Some('Z') => write!(text, "{minutes}"),
            Some('b') => write!(text, "{}", month.get(..3).unwrap_or_default()),
            Some('B') => write!(text, "{month}"),
            Some('%') => write!(text, "%"),
            Some(other) => {
                return Err(fail(18536, format!("Invalid format character '%{other}' in format string")));
            }
            None => return Err(fail(18535, "Unmatched '%' at end of format string")),
        };
        written.map_err(|_| Error::failed_to_parse("a date could not be written"))?;
    }
    Ok(text)
}
