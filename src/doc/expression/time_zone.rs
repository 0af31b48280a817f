//! Time zones of date operators: Olson names and `±hh[[:]mm]`.

use super::calendar::{HOUR, MINUTE};
use super::operator::{Arguments, fail};
use super::type_name::type_name;
use crate::doc::Result;
use crate::value::order::is_nullish;
use bson::Bson;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::cell::RefCell;
use std::collections::HashMap;

/// A time zone.
#[derive(Debug, Clone)]
pub(super) enum Zone {
    /// Milliseconds east of UTC.
    Fixed(i64),
    /// A zone of the tz database.
    Named(TimeZone),
}

thread_local! {
    static KNOWN: RefCell<HashMap<String, TimeZone>> = RefCell::new(HashMap::new());
}

impl Zone {
    pub const UTC: Zone = Zone::Fixed(0);

    /// The zone a name stands for.
    pub fn parse(name: &str) -> Result<Zone> {
        if let Some(zone) = offset(name) {
            return Ok(Zone::Fixed(zone));
        }
        if matches!(name, "UTC" | "GMT" | "Z") {
            return Ok(Zone::UTC);
        }
        if let Some(zone) = KNOWN.with_borrow(|known| known.get(name).cloned()) {
            return Ok(Zone::Named(zone));
        }
        let unknown = || fail(40485, format!("unrecognized time zone identifier: \"{name}\""));
        if name.is_empty() {
            return Err(unknown());
        }
        let zone = TimeZone::get(name).map_err(|_| unknown())?;
        KNOWN.with_borrow_mut(|known| known.insert(name.to_owned(), zone.clone()));
        Ok(Zone::Named(zone))
    }

    /// The zone in an argument: UTC if it is not given, `None` if it is null.
    pub fn of(arguments: &Arguments<'_>, index: usize) -> Result<Option<Zone>> {
        if !arguments.given(index) {
            return Ok(Some(Zone::UTC));
        }
        match arguments.get(index) {
            value if is_nullish(value) => Ok(None),
            Some(Bson::String(name)) => Zone::parse(name).map(Some),
            value => Err(fail(40517, format!("timezone must evaluate to a string, found {}", type_name(value)))),
        }
    }

    /// Milliseconds east of UTC at an instant.
    pub fn offset_at(&self, millis: i64) -> i64 {
        match self {
            Zone::Fixed(offset) => *offset,
            Zone::Named(zone) => {
                let bounded = millis.clamp(-377_705_000_000_000, 253_402_200_000_000);
                Timestamp::from_millisecond(bounded)
                    .map_or(0, |instant| i64::from(zone.to_offset(instant).seconds()) * 1000)
            }
        }
    }

    /// Local milliseconds at an instant.
    pub fn to_local(&self, millis: i64) -> i64 {
        millis.saturating_add(self.offset_at(millis))
    }

    /// The instant of local milliseconds: the earlier one where clocks are set back, moved forward
    /// where they skip it.
    pub fn to_instant(&self, local: i64) -> i64 {
        let before = self.offset_at(local.saturating_sub(24 * HOUR));
        let after = self.offset_at(local.saturating_add(24 * HOUR));
        let early = local.saturating_sub(before);
        if self.offset_at(early) == before {
            return early;
        }
        let late = local.saturating_sub(after);
        if self.offset_at(late) == after { late } else { early }
    }
}

/// `±hh`, `±hhmm`, `±hh:mm` as milliseconds.
fn offset(text: &str) -> Option<i64> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = &text[1..];
    let (hours, minutes) = match digits.len() {
        2 => (digits, "0"),
        4 => digits.split_at_checked(2)?,
        5 => digits.split_once(':').filter(|(hours, _)| hours.len() == 2)?,
        _ => return None,
    };
    let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<i64>().ok()).flatten();
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    Some(sign * (hours * HOUR + minutes * MINUTE))
}
