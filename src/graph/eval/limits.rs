//! Bounds on the values an expression may build, so that a short statement cannot eat the machine.

use crate::graph::{Detail, Error, Kind, Result};
use crate::value::graph::Value;

/// The most values a list or map may hold, those of lists and maps inside it included.
pub const MAX_VALUES: usize = 1 << 24;

/// The longest string, in bytes.
pub const MAX_TEXT: usize = 1 << 28;

fn too_large(message: String) -> Error {
    Error::runtime(Kind::Limit, Detail::TooLarge, message)
}

/// Fails if a list would have too many elements.
pub fn check_values(count: usize) -> Result<()> {
    if count <= MAX_VALUES {
        return Ok(());
    }
    Err(too_large(format!("A list or map can hold at most {MAX_VALUES} values, those inside its values included")))
}

/// Fails if a string would be too long.
pub fn check_text(bytes: usize) -> Result<()> {
    if bytes <= MAX_TEXT { Ok(()) } else { Err(too_large(format!("A string can have at most {MAX_TEXT} bytes"))) }
}

/// Fails if a list or map holds too many values, counted all the way down. Strings count as one: their
/// copies share their bytes.
pub fn check_weight(value: &Value) -> Result<()> {
    if !is_nested(value) {
        return Ok(());
    }
    let mut left = MAX_VALUES;
    if take_weight(value, &mut left) { Ok(()) } else { check_values(MAX_VALUES + 1) }
}

/// Whether lists or maps stand inside a list or map.
pub fn is_nested(value: &Value) -> bool {
    let is_container = |value: &Value| matches!(value, Value::List(_) | Value::Map(_));
    match value {
        Value::List(items) => items.iter().any(is_container),
        Value::Map(entries) => entries.values().any(is_container),
        _ => false,
    }
}

/// Takes the weight of a value from what is left; false if it is not enough.
pub fn take_weight(value: &Value, left: &mut usize) -> bool {
    if *left == 0 {
        return false;
    }
    *left -= 1;
    match value {
        Value::List(items) => items.iter().all(|item| take_weight(item, left)),
        Value::Map(entries) => entries.values().all(|item| take_weight(item, left)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weight_counts_all_the_way_down() {
        let inner = Value::List(vec![Value::Int(1), Value::string("x")]);
        let outer = Value::List(vec![inner.clone(), inner]);
        assert!(take_weight(&outer, &mut 7));
        assert!(!take_weight(&outer, &mut 6));
        assert!(check_values(MAX_VALUES + 1).is_err());
    }
}
