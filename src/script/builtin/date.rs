//! `Date` and the methods of dates. The time zone is UTC.

use super::Args;
use crate::script::convert::{date_text, stamp, to_bson, to_number};
use crate::script::expression::Answer;
use crate::script::host::{Host, Thrown};
use crate::script::value::Value;
use crate::value::construct::{self, parse_date};
use crate::value::notation;
use bson::Bson;
use std::cell::Cell;
use std::rc::Rc;

pub(super) const FUNCTIONS: &[&str] = &["Date", "Date.now", "Date.parse", "Date.UTC", "ISODate"];

pub(super) const METHODS: &[&str] = &[
    "getDate",
    "getDay",
    "getFullYear",
    "getHours",
    "getMilliseconds",
    "getMinutes",
    "getMonth",
    "getSeconds",
    "getTime",
    "getTimezoneOffset",
    "getUTCDate",
    "getUTCDay",
    "getUTCFullYear",
    "getUTCHours",
    "getUTCMilliseconds",
    "getUTCMinutes",
    "getUTCMonth",
    "getUTCSeconds",
    "setDate",
    "setFullYear",
    "setHours",
    "setMilliseconds",
    "setMinutes",
    "setMonth",
    "setSeconds",
    "setTime",
    "setUTCDate",
    "setUTCFullYear",
    "setUTCHours",
    "setUTCMilliseconds",
    "setUTCMinutes",
    "setUTCMonth",
    "setUTCSeconds",
    "toDateString",
    "toISOString",
    "toJSON",
    "toLocaleDateString",
    "toLocaleString",
    "toLocaleTimeString",
    "toString",
    "toTimeString",
    "toUTCString",
    "valueOf",
];

const DAY: f64 = 86_400_000.0;

pub(super) fn call(host: &mut dyn Host, name: &str, args: &Args, is_new: bool) -> Answer {
    let now = host.now_ms() as f64;
    match name {
        "Date.now" => return Ok(Value::Number(now)),
        "Date.parse" => return Ok(Value::Number(parse_date(&args.text(0)).map_or(f64::NAN, |millis| millis as f64))),
        // Without `new`, it is a text whatever the arguments are.
        "Date" if !is_new => return Ok(Value::text(date_text(now))),
        _ if args.0.is_empty() && name != "Date.UTC" => return Ok(Value::date(now)),
        "Date" => match args.0.as_slice() {
            [Value::Text(text)] => {
                return Ok(Value::date(parse_date(text).map_or(f64::NAN, |millis| millis as f64)));
            }
            [Value::Date(date)] => return Ok(Value::date(date.get())),
            [one] => return Ok(Value::date(clipped(to_number(one).trunc()))),
            _ => {}
        },
        _ => {}
    }
    let given: Vec<Bson> = args.0.iter().map(to_bson).collect::<Result<_, _>>()?;
    match construct::construct(name, &given) {
        Ok(value) => Ok(crate::script::convert::from_bson(value)),
        Err(_) if name == "Date" => Ok(Value::date(f64::NAN)),
        Err(reason) => Err(Thrown::error(reason.class, reason.message)),
    }
}

fn clipped(millis: f64) -> f64 {
    if millis.abs() <= 8.64e15 { millis } else { f64::NAN }
}

/// Year, month from 0, day, hours, minutes, seconds, milliseconds.
fn parts(millis: f64) -> Option<[f64; 7]> {
    let days = (millis / DAY).floor();
    let in_day = millis - days * DAY;
    // Civil date of a day (proleptic Gregorian).
    let shifted = days as i64 + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    millis.is_finite().then_some([
        year as f64,
        (month - 1) as f64,
        day as f64,
        (in_day / 3_600_000.0).floor(),
        (in_day / 60_000.0).floor() % 60.0,
        (in_day / 1000.0).floor() % 60.0,
        in_day % 1000.0,
    ])
}

/// The moment of these parts, which may overflow.
fn moment(parts: [f64; 7]) -> f64 {
    let months = parts[0] * 12.0 + parts[1];
    if !months.is_finite() || months.abs() > 4e6 {
        return f64::NAN;
    }
    let (year, month) = ((months / 12.0).floor() as i64, months.rem_euclid(12.0) as i64 + 1);
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5;
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
    clipped((days as f64 + parts[2] - 1.0) * DAY + parts[3] * 3.6e6 + parts[4] * 6e4 + parts[5] * 1000.0 + parts[6])
}

pub(super) fn method(date: &Rc<Cell<f64>>, name: &str, args: &Args) -> Result<Option<Value>, Thrown> {
    let millis = date.get();
    let plain = name.replacen("UTC", "", 1);
    if let Some(part) = plain.strip_prefix("get")
        && let Some(number) = get(millis, part)
    {
        return Ok(Some(Value::Number(number)));
    }
    if let Some(part) = plain.strip_prefix("set")
        && let Some(changed) = set(millis, part, args)
    {
        date.set(changed);
        return Ok(Some(Value::Number(changed)));
    }
    let formatted = |form: &str| {
        Value::text(stamp(millis).map_or_else(|| "Invalid Date".to_owned(), |stamp| stamp.strftime(form).to_string()))
    };
    Ok(Some(match name {
        "valueOf" => Value::Number(millis),
        "toISOString" | "toJSON" => {
            if !millis.is_finite() {
                return match name {
                    "toJSON" => Ok(Some(Value::Null)),
                    _ => Err(Thrown::error("RangeError", "Invalid time value")),
                };
            }
            Value::text(notation::iso_date(bson::DateTime::from_millis(millis as i64)))
        }
        "toString" => Value::text(date_text(millis)),
        "toDateString" => formatted("%a %b %d %Y"),
        "toTimeString" => formatted("%H:%M:%S GMT+0000 (Coordinated Universal Time)"),
        "toUTCString" | "toGMTString" => formatted("%a, %d %b %Y %H:%M:%S GMT"),
        "toLocaleDateString" => formatted("%-m/%-d/%Y"),
        "toLocaleTimeString" => formatted("%-I:%M:%S %p"),
        "toLocaleString" => formatted("%-m/%-d/%Y, %-I:%M:%S %p"),
        _ => return Ok(None),
    }))
}

fn get(millis: f64, part: &str) -> Option<f64> {
    let at = match part {
        "Time" => return Some(millis),
        "TimezoneOffset" => return Some(0.0),
        "Day" => return Some(((millis / DAY).floor() + 4.0).rem_euclid(7.0)),
        "FullYear" => 0,
        "Month" => 1,
        "Date" => 2,
        "Hours" => 3,
        "Minutes" => 4,
        "Seconds" => 5,
        "Milliseconds" => 6,
        _ => return None,
    };
    Some(parts(millis).map_or(f64::NAN, |parts| parts[at]))
}

fn set(millis: f64, part: &str, args: &Args) -> Option<f64> {
    let first = match part {
        "Time" => return Some(clipped(args.number(0).trunc())),
        "FullYear" => 0,
        "Month" => 1,
        "Date" => 2,
        "Hours" => 3,
        "Minutes" => 4,
        "Seconds" => 5,
        "Milliseconds" => 6,
        _ => return None,
    };
    let mut parts = parts(if millis.is_nan() { 0.0 } else { millis })?;
    // A year takes month and day, hours take minutes and what follows.
    let last = if first < 3 { 3 } else { 7 };
    for (part, value) in parts.iter_mut().take(last).skip(first).zip(&args.0) {
        *part = to_number(value).trunc();
    }
    Some(moment(parts))
}
