//! Lua values to JSON.

use super::super::arguments::type_name;
use super::{Invalid, Settings};
use mlua::{Table, Value};

/// What went wrong, in lua-cjson's words.
type Encoded = Result<(), String>;

/// The JSON text of a value.
pub fn encode(value: &Value, settings: &Settings) -> Result<Vec<u8>, String> {
    let mut text = Vec::new();
    write(value, settings, 0, &mut text)?;
    Ok(text)
}

fn cannot<T>(value: &Value, why: &str) -> Result<T, String> {
    Err(format!("Cannot serialise {}: {why}", type_name(value)))
}

fn write(value: &Value, settings: &Settings, depth: i64, text: &mut Vec<u8>) -> Encoded {
    match value {
        Value::Nil => text.extend_from_slice(b"null"),
        value if value.is_null() => text.extend_from_slice(b"null"),
        Value::Boolean(true) => text.extend_from_slice(b"true"),
        Value::Boolean(false) => text.extend_from_slice(b"false"),
        Value::Integer(number) => write_number(value, *number as f64, settings, text)?,
        Value::Number(number) => write_number(value, *number, settings, text)?,
        Value::String(bytes) => write_string(&bytes.as_bytes(), text),
        Value::Table(table) => write_table(table, settings, depth + 1, text)?,
        other => return cannot(other, "type not supported"),
    }
    Ok(())
}

fn write_number(value: &Value, number: f64, settings: &Settings, text: &mut Vec<u8>) -> Encoded {
    if !number.is_finite() {
        match settings.encode_invalid {
            Invalid::Refused => return cannot(value, "must not be NaN or Inf"),
            Invalid::Null => {
                text.extend_from_slice(b"null");
                return Ok(());
            }
            Invalid::Written => {}
        }
    }
    text.extend_from_slice(show(number, settings.precision).as_bytes());
    Ok(())
}

/// A number as C's `%.<precision>g` writes it.
pub fn show(number: f64, precision: usize) -> String {
    if number.is_nan() {
        return if number.is_sign_negative() { "-nan" } else { "nan" }.to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{:.*e}", precision.saturating_sub(1), number);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i64 = exponent.parse().unwrap_or(0);
    let short = |digits: &str| match digits.contains('.') {
        true => digits.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => digits.to_owned(),
    };
    if exponent < -4 || exponent >= precision as i64 {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", short(mantissa), exponent.abs());
    }
    let behind = usize::try_from(precision as i64 - 1 - exponent).unwrap_or(0);
    short(&format!("{number:.behind$}"))
}

fn write_string(bytes: &[u8], text: &mut Vec<u8>) {
    text.push(b'"');
    for &byte in bytes {
        match byte {
            b'"' => text.extend_from_slice(b"\\\""),
            b'\\' => text.extend_from_slice(b"\\\\"),
            b'/' => text.extend_from_slice(b"\\/"),
            0x08 => text.extend_from_slice(b"\\b"),
            b'\t' => text.extend_from_slice(b"\\t"),
            b'\n' => text.extend_from_slice(b"\\n"),
            0x0c => text.extend_from_slice(b"\\f"),
            b'\r' => text.extend_from_slice(b"\\r"),
            0..0x20 | 0x7f => text.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => text.push(byte),
        }
    }
    text.push(b'"');
}

/// The largest key of a table whose keys are all positive integers, and how many there are.
fn array_length(table: &Table) -> Result<Option<(i64, i64)>, mlua::Error> {
    let (mut largest, mut items, mut is_array) = (0, 0, true);
    table.for_each(|key: Value, _: Value| {
        match key {
            Value::Integer(key) if key > 0 => {
                largest = largest.max(key);
                items += 1;
            }
            _ => is_array = false,
        }
        Ok(())
    })?;
    Ok(is_array.then_some((largest, items)))
}

fn write_table(table: &Table, settings: &Settings, depth: i64, text: &mut Vec<u8>) -> Encoded {
    if depth > settings.encode_depth {
        return Err(format!("Cannot serialise, excessive depth ({depth})"));
    }
    let storage = |error: mlua::Error| error.to_string();
    match array_length(table).map_err(storage)? {
        Some((length, items)) if length > 0 => {
            let is_sparse = settings.sparse_ratio > 0
                && length > items.saturating_mul(settings.sparse_ratio)
                && length > settings.sparse_safe;
            if !is_sparse {
                text.push(b'[');
                for at in 1..=length {
                    if at > 1 {
                        text.push(b',');
                    }
                    write(&table.raw_get(at).map_err(storage)?, settings, depth, text)?;
                }
                text.push(b']');
                return Ok(());
            }
            if !settings.sparse_as_object {
                return cannot(&Value::Table(table.clone()), "excessively sparse array");
            }
        }
        _ => {}
    }
    text.push(b'{');
    let mut wrong = None;
    let mut first = true;
    let walked = table.for_each(|key: Value, value: Value| {
        if wrong.is_some() {
            return Ok(());
        }
        if !std::mem::take(&mut first) {
            text.push(b',');
        }
        let written = write_key(&key, settings, text).and_then(|()| {
            text.push(b':');
            write(&value, settings, depth, text)
        });
        wrong = written.err();
        Ok(())
    });
    walked.map_err(storage)?;
    text.push(b'}');
    wrong.map_or(Ok(()), Err)
}

fn write_key(key: &Value, settings: &Settings, text: &mut Vec<u8>) -> Encoded {
    match key {
        Value::String(name) => write_string(&name.as_bytes(), text),
        Value::Integer(_) | Value::Number(_) => {
            let number = key.as_number().or(key.as_integer().map(|number| number as f64)).unwrap_or_default();
            text.push(b'"');
            write_number(key, number, settings, text)?;
            text.push(b'"');
        }
        other => return cannot(other, "table key must be a number or string"),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::show;

    #[test]
    fn numbers_are_written_as_c_writes_them() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (0.1, "0.1"),
            (1e14, "1e+14"),
            (99_999_999_999_999.0, "99999999999999"),
            (123_456_789_012_345_680.0, "1.2345678901235e+17"),
            (1e-4, "0.0001"),
            (1e-5, "1e-05"),
            (std::f64::consts::PI, "3.1415926535898"),
            (-2.5, "-2.5"),
            (1e300, "1e+300"),
        ] {
            assert_eq!(show(number, 14), text);
        }
        assert_eq!(show(3.24159, 3), "3.24");
    }
}
