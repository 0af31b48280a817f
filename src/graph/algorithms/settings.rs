//! The map of settings of a call.
//!
//! | setting | meaning | default |
//! |---|---|---|
//! | `label`, `labels` | nodes with one of these labels | all nodes |
//! | `type`, `types` | relationships of one of these types | all |
//! | `direction` | `'out'`, `'in'` or `'both'` | the algorithm's |
//! | `weight` | the relationship property that holds the weight | every weight is `defaultWeight` |
//! | `defaultWeight` | the weight of a relationship without that property | 1 |
//! | `write` | the property that takes the answer, for those that answer about nodes or relationships | none |

use super::{Algorithm, Reading};
use crate::graph::{Detail, Error, Result};
use crate::value::graph::Value;
use std::collections::BTreeMap;

/// Settings of a call.
pub struct Settings<'v> {
    entries: Option<&'v BTreeMap<String, Value>>,
}

/// Settings that every algorithm knows.
pub const COMMON: [&str; 7] = ["label", "labels", "type", "types", "direction", "weight", "defaultWeight"];

/// The setting that says where answers are written.
pub const WRITE: &str = "write";

impl<'v> Settings<'v> {
    /// Of a map or null; settings that the algorithm does not know are refused.
    pub fn new(value: &'v Value, algorithm: &Algorithm) -> Result<Self> {
        let entries = match value {
            Value::Null => None,
            Value::Map(entries) => Some(entries),
            other => return Err(wrong("settings", "a map", other)),
        };
        let write = algorithm.can_write().then_some(WRITE);
        let known = || COMMON.into_iter().chain(algorithm.settings.iter().copied()).chain(write);
        for name in entries.into_iter().flat_map(BTreeMap::keys) {
            if !known().any(|setting| setting == name) {
                let message = format!("There is no setting `{name}` of {}", algorithm.name);
                let error = Error::argument(Detail::InvalidArgumentValue, message);
                let near = crate::text::suggest::nearest(name, known(), 1);
                return Err(match near.first() {
                    Some(near) => error.hint(format!("did you mean `{near}`?")),
                    None => error.hint(format!("the settings are {}", known().collect::<Vec<_>>().join(", "))),
                });
            }
        }
        Ok(Settings { entries })
    }

    /// What stands there, if anything.
    pub fn get(&self, name: &str) -> Option<&'v Value> {
        self.entries?.get(name).filter(|value| !value.is_null())
    }

    /// A string.
    pub fn text(&self, name: &str) -> Result<Option<&'v str>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong(name, "a string", other)),
        }
    }

    /// One of some words, in any case; the first one if nothing is said.
    pub fn word(&self, name: &str, words: &[&'static str]) -> Result<&'static str> {
        let Some(text) = self.text(name)? else { return Ok(words.first().copied().unwrap_or_default()) };
        words.iter().find(|word| word.eq_ignore_ascii_case(text)).copied().ok_or_else(|| {
            let known: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
            let message = format!("`{name}` must be one of {}, not '{text}'", known.join(", "));
            Error::argument(Detail::InvalidArgumentValue, message)
        })
    }

    /// A number of at least 0.
    pub fn number(&self, name: &str, default: f64) -> Result<f64> {
        match self.get(name) {
            None => Ok(default),
            Some(Value::Int(number)) if *number >= 0 => Ok(*number as f64),
            Some(Value::Float(number)) if *number >= 0.0 && number.is_finite() => Ok(*number),
            Some(other) => Err(wrong(name, "a finite number that is not negative", other)),
        }
    }

    /// A whole number of at least 0.
    pub fn count(&self, name: &str, default: usize) -> Result<usize> {
        match self.get(name) {
            None => Ok(default),
            Some(Value::Int(number)) if *number >= 0 => Ok(usize::try_from(*number).unwrap_or(usize::MAX)),
            Some(other) => Err(wrong(name, "a whole number that is not negative", other)),
        }
    }

    /// Names under a singular or a plural: a string or a list of strings.
    pub fn names(&self, one: &str, many: &str) -> Result<Option<Vec<&'v str>>> {
        let list = match (self.get(one), self.get(many)) {
            (None, None) => return Ok(None),
            (Some(Value::String(name)), None) | (None, Some(Value::String(name))) => return Ok(Some(vec![name])),
            (Some(list), None) | (None, Some(list)) => list,
            (Some(_), Some(_)) => {
                let message = format!("`{one}` and `{many}` mean the same: only one of them can be given");
                return Err(Error::argument(Detail::InvalidArgumentValue, message));
            }
        };
        let Value::List(items) = list else { return Err(wrong(many, "a string or a list of strings", list)) };
        let name = |item: &'v Value| match item {
            Value::String(name) => Ok(&**name),
            other => Err(wrong(many, "a string or a list of strings", other)),
        };
        items.iter().map(name).collect::<Result<_>>().map(Some)
    }

    /// The direction, if one is given.
    pub fn direction(&self, default: Reading) -> Result<Reading> {
        match self.text("direction")?.map(str::to_ascii_lowercase).as_deref() {
            None => Ok(default),
            Some("out" | "outgoing" | "natural") => Ok(Reading::Out),
            Some("in" | "incoming" | "reverse") => Ok(Reading::In),
            Some("both" | "undirected") => Ok(Reading::Both),
            Some(other) => {
                let message = format!("`direction` must be 'out', 'in' or 'both', not '{other}'");
                Err(Error::argument(Detail::InvalidArgumentValue, message))
            }
        }
    }
}

/// The error for a value of another kind.
pub fn wrong(name: &str, expected: &str, value: &Value) -> Error {
    let message = format!("`{name}` must be {expected}, not a value of type {}", value.type_name());
    Error::argument(Detail::InvalidArgumentType, message)
}
