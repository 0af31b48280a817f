//! Extended JSON v2 (the MongoDB Extended JSON specification), relaxed and canonical: writing, and
//! reading the typed objects such as `{"$oid": …}`.

use super::construct::{self, Invalid};
use bson::spec::BinarySubtype;
use bson::{Binary, Bson, Document};
use serde_json::{Map, Value as Json, json};
use std::fmt::Write as _;

/// Which of the two forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Numbers and common dates in plain JSON.
    Relaxed,
    /// Every type spelled out.
    Canonical,
}

/// The JSON value of a BSON value.
pub fn to_json(value: &Bson, mode: Mode) -> Json {
    match value {
        Bson::Document(document) => document_to_json(document, mode),
        Bson::Array(items) => Json::Array(items.iter().map(|item| to_json(item, mode)).collect()),
        Bson::String(text) => Json::String(text.clone()),
        Bson::Boolean(value) => Json::Bool(*value),
        Bson::Null => Json::Null,
        Bson::Int32(number) if mode == Mode::Relaxed => json!(number),
        Bson::Int64(number) if mode == Mode::Relaxed => json!(number),
        Bson::Double(number) if mode == Mode::Relaxed && number.is_finite() => json!(number),
        Bson::Int32(number) => json!({ "$numberInt": number.to_string() }),
        Bson::Int64(number) => json!({ "$numberLong": number.to_string() }),
        Bson::Double(number) => json!({ "$numberDouble": double_text(*number) }),
        Bson::Decimal128(number) => json!({ "$numberDecimal": number.to_string() }),
        Bson::ObjectId(id) => json!({ "$oid": id.to_hex() }),
        Bson::DateTime(date) => match date_text(date.timestamp_millis()) {
            Some(text) if mode == Mode::Relaxed => json!({ "$date": text }),
            _ => json!({ "$date": { "$numberLong": date.timestamp_millis().to_string() } }),
        },
        Bson::RegularExpression(regex) => json!({
            "$regularExpression": { "pattern": regex.pattern.as_str(), "options": regex.options.as_str() }
        }),
        Bson::Binary(binary) => json!({
            "$binary": { "base64": base64(&binary.bytes), "subType": format!("{:02x}", u8::from(binary.subtype)) }
        }),
        Bson::Timestamp(stamp) => json!({ "$timestamp": { "t": stamp.time, "i": stamp.increment } }),
        Bson::JavaScriptCode(code) => json!({ "$code": code }),
        Bson::JavaScriptCodeWithScope(code) => {
            json!({ "$code": code.code, "$scope": document_to_json(&code.scope, mode) })
        }
        Bson::Symbol(text) => json!({ "$symbol": text }),
        Bson::Undefined => json!({ "$undefined": true }),
        Bson::MinKey => json!({ "$minKey": 1 }),
        Bson::MaxKey => json!({ "$maxKey": 1 }),
        Bson::DbPointer(_) => json!({ "$dbPointer": value.to_string() }),
    }
}

/// The JSON object of a document, its fields in order.
pub fn document_to_json(document: &Document, mode: Mode) -> Json {
    let mut map = Map::with_capacity(document.len());
    for (key, value) in document {
        map.insert(key.clone(), to_json(value, mode));
    }
    Json::Object(map)
}

/// Appends the Extended JSON text of a value, on one line, without making a JSON value first for the
/// common types.
pub fn write(value: &Bson, mode: Mode, out: &mut String) {
    match value {
        Bson::Document(document) => write_document(document, mode, out),
        Bson::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, mode, out);
            }
            out.push(']');
        }
        Bson::String(text) => write_string(text, out),
        Bson::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
        Bson::Null => out.push_str("null"),
        Bson::Int32(number) if mode == Mode::Relaxed => {
            let _ = write!(out, "{number}");
        }
        Bson::Int64(number) if mode == Mode::Relaxed => {
            let _ = write!(out, "{number}");
        }
        other => {
            let _ = write!(out, "{}", to_json(other, mode));
        }
    }
}

/// Appends the Extended JSON text of a document, on one line.
pub fn write_document(document: &Document, mode: Mode, out: &mut String) {
    out.push('{');
    for (index, (key, value)) in document.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_string(key, out);
        out.push(':');
        write(value, mode, out);
    }
    out.push('}');
}

/// A JSON string with its quotes.
fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if (control as u32) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", control as u32);
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// A double as canonical Extended JSON spells it: `1.0`, `NaN`, `-Infinity`.
fn double_text(number: f64) -> String {
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else {
        format!("{number:?}")
    }
}

/// `2020-01-01T00:00:00Z`, with milliseconds if there are any; `None` outside the years 1970–9999.
pub fn date_text(milliseconds: i64) -> Option<String> {
    if !(0..253_402_300_800_000).contains(&milliseconds) {
        return None;
    }
    let zoned = jiff::Timestamp::from_millisecond(milliseconds).ok()?.to_zoned(jiff::tz::TimeZone::UTC);
    let mut text = zoned.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    if milliseconds % 1000 != 0 {
        let _ = write!(text, ".{:03}", milliseconds % 1000);
    }
    text.push('Z');
    Some(text)
}

/// Base64 with padding (RFC 4648 §4).
pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            if at > group.len() {
                text.push('=');
            } else {
                text.push(char::from(LETTERS[(bits >> (18 - 6 * at) & 63) as usize]));
            }
        }
    }
    text
}

/// The value that an object stands for if it is one of the typed objects of Extended JSON
/// (`{"$oid": "…"}`, `{"$numberLong": "5"}`, `{"$date": …}` …), or `None` if it is an ordinary object.
/// `{$regex: …}` stays an object: it is a query.
pub fn typed_object(document: &Document) -> Result<Option<Bson>, Invalid> {
    let Some((key, value)) = document.iter().next() else { return Ok(None) };
    if !key.starts_with('$') {
        return Ok(None);
    }
    let bad = |what: &str| Invalid::bson(format!("{what} is wrong in the Extended JSON object {document}"));
    let text = || value.as_str().ok_or_else(|| bad(key));
    if document.len() == 2 {
        return Ok(match (key.as_str(), document.iter().nth(1)) {
            ("$code", Some((second, Bson::Document(scope)))) if second == "$scope" => {
                Some(Bson::JavaScriptCodeWithScope(bson::JavaScriptCodeWithScope {
                    code: text()?.to_owned(),
                    scope: scope.clone(),
                }))
            }
            ("$binary", Some((second, Bson::String(kind)))) if second == "$type" => {
                let subtype = u8::from_str_radix(kind, 16).map_err(|_| bad("$type"))?;
                Some(Bson::Binary(binary(text()?, subtype)?))
            }
            _ => None,
        });
    }
    if document.len() != 1 {
        return Ok(None);
    }
    let constructor = match key.as_str() {
        "$oid" => "ObjectId",
        "$numberInt" => "NumberInt",
        "$numberLong" => "NumberLong",
        "$numberDouble" => "Double",
        "$numberDecimal" => "NumberDecimal",
        "$uuid" => "UUID",
        _ => "",
    };
    if !constructor.is_empty() {
        text()?;
        return construct::construct(constructor, std::slice::from_ref(value)).map(Some);
    }
    Ok(Some(match (key.as_str(), value) {
        ("$date", Bson::String(_)) => construct::construct("ISODate", std::slice::from_ref(value))?,
        ("$date", Bson::Int64(milliseconds)) => Bson::DateTime(bson::DateTime::from_millis(*milliseconds)),
        ("$date", Bson::Int32(milliseconds)) => Bson::DateTime(bson::DateTime::from_millis((*milliseconds).into())),
        ("$date", Bson::Double(milliseconds)) => construct::construct("Date", &[Bson::Double(*milliseconds)])?,
        ("$binary", Bson::Document(parts)) => {
            let bytes = parts.get_str("base64").map_err(|_| bad("base64"))?;
            let kind = parts.get_str("subType").map_err(|_| bad("subType"))?;
            let subtype = u8::from_str_radix(kind, 16).map_err(|_| bad("subType"))?;
            Bson::Binary(binary(bytes, subtype)?)
        }
        ("$timestamp", Bson::Document(parts)) => {
            let part = |name: &str| {
                construct::number(parts.get(name))
                    .filter(|n| (0.0..=f64::from(u32::MAX)).contains(n))
                    .ok_or_else(|| bad(name))
            };
            Bson::Timestamp(bson::Timestamp { time: part("t")? as u32, increment: part("i")? as u32 })
        }
        ("$regularExpression", Bson::Document(parts)) => {
            let pattern = parts.get_str("pattern").map_err(|_| bad("pattern"))?;
            construct::regex(pattern, parts.get_str("options").unwrap_or(""))?
        }
        ("$code", Bson::String(code)) => Bson::JavaScriptCode(code.clone()),
        ("$symbol", Bson::String(text)) => Bson::Symbol(text.clone()),
        ("$undefined", Bson::Boolean(true)) => Bson::Undefined,
        ("$minKey", Bson::Int32(1)) => Bson::MinKey,
        ("$maxKey", Bson::Int32(1)) => Bson::MaxKey,
        _ => return Ok(None),
    }))
}

/// The value of a text of Extended JSON.
///
/// # Errors
/// It is no JSON, or one of its typed objects is wrong.
pub fn parse(text: &str) -> Result<Bson, Invalid> {
    let value: serde_json::Value = serde_json::from_str(text)
        .map_err(|error| Invalid { class: "SyntaxError", message: format!("this is no JSON: {error}") })?;
    from_json(value)
}

/// The value of a JSON value.
///
/// # Errors
/// One of the typed objects of Extended JSON is wrong.
pub fn from_json(value: serde_json::Value) -> Result<Bson, Invalid> {
    Ok(match value {
        serde_json::Value::Null => Bson::Null,
        serde_json::Value::Bool(value) => Bson::Boolean(value),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => i32::try_from(whole).map_or(Bson::Int64(whole), Bson::Int32),
            (None, number) => Bson::Double(number.unwrap_or(f64::NAN)),
        },
        serde_json::Value::String(text) => Bson::String(text),
        serde_json::Value::Array(items) => Bson::Array(items.into_iter().map(from_json).collect::<Result<_, _>>()?),
        serde_json::Value::Object(fields) => {
            let mut document = Document::new();
            for (name, value) in fields {
                document.insert(name, from_json(value)?);
            }
            typed_object(&document)?.unwrap_or(Bson::Document(document))
        }
    })
}

/// Base64 text as BSON binary.
pub fn binary(text: &str, subtype: u8) -> Result<Binary, Invalid> {
    Binary::from_base64(text, BinarySubtype::from(subtype)).map_err(|_| Invalid::bson("the base64 text is wrong"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::doc;

    #[test]
    fn relaxed_and_canonical_text() {
        let value = Bson::Document(doc! { "a": 1, "b": 2_i64, "c": 1.0, "d": f64::NAN, "t": "x\"\n" });
        let mut relaxed = String::new();
        write(&value, Mode::Relaxed, &mut relaxed);
        assert_eq!(relaxed, r#"{"a":1,"b":2,"c":1.0,"d":{"$numberDouble":"NaN"},"t":"x\"\n"}"#);
        let mut canonical = String::new();
        write(&value, Mode::Canonical, &mut canonical);
        assert_eq!(
            canonical,
            r#"{"a":{"$numberInt":"1"},"b":{"$numberLong":"2"},"c":{"$numberDouble":"1.0"},"d":{"$numberDouble":"NaN"},"t":"x\"\n"}"#
        );
        assert_eq!(date_text(1_500).as_deref(), Some("1970-01-01T00:00:01.500Z"));
        assert_eq!(date_text(-1), None);
        assert_eq!(base64(b"\x01\x02\x03\x04"), "AQIDBA==");
    }

    #[test]
    fn typed_objects_are_read_and_queries_are_left_alone() {
        assert_eq!(typed_object(&doc! { "$numberLong": "5" }), Ok(Some(Bson::Int64(5))));
        assert_eq!(typed_object(&doc! { "$regex": "a" }), Ok(None));
        assert_eq!(typed_object(&doc! { "$gt": 5 }), Ok(None));
        assert!(typed_object(&doc! { "$oid": "zz" }).is_err());
    }
}
