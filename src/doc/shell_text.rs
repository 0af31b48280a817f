//! Values inside error messages, as the server prints them: `ObjectId('…')`, `"text"`, `new Date(5)`.

use bson::{Bson, Document};

/// A value.
pub fn value(value: &Bson) -> String {
    match value {
        Bson::String(text) | Bson::Symbol(text) => format!("{text:?}"),
        Bson::Int32(number) => number.to_string(),
        Bson::Int64(number) => number.to_string(),
        Bson::Double(number) => format!("{number:?}"),
        Bson::Decimal128(number) => number.to_string(),
        Bson::Boolean(value) => value.to_string(),
        Bson::Null => "null".to_owned(),
        Bson::Undefined => "undefined".to_owned(),
        Bson::ObjectId(id) => format!("ObjectId('{id}')"),
        Bson::DateTime(date) => format!("new Date({})", date.timestamp_millis()),
        Bson::Timestamp(stamp) => format!("Timestamp({}, {})", stamp.time, stamp.increment),
        Bson::Document(inner) => document(inner),
        Bson::Array(items) => {
            let items: Vec<String> = items.iter().map(self::value).collect();
            if items.is_empty() { "[]".to_owned() } else { format!("[ {} ]", items.join(", ")) }
        }
        Bson::RegularExpression(regex) => format!("/{}/{}", regex.pattern.as_str(), regex.options.as_str()),
        Bson::Binary(binary) if u8::from(binary.subtype) == 4 => match binary.to_uuid() {
            Ok(uuid) => format!("UUID(\"{uuid}\")"),
            Err(_) => "BinData(4)".to_owned(),
        },
        Bson::Binary(binary) => {
            let hex: String = binary.bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            format!("BinData({}, {hex})", u8::from(binary.subtype))
        }
        Bson::MinKey => "MinKey".to_owned(),
        Bson::MaxKey => "MaxKey".to_owned(),
        other => other.to_string(),
    }
}

/// A document: `{ a: 1, b: "x" }`.
pub fn document(document: &Document) -> String {
    if document.is_empty() {
        return "{}".to_owned();
    }
    let fields: Vec<String> = document.iter().map(|(name, field)| format!("{name}: {}", value(field))).collect();
    format!("{{ {} }}", fields.join(", "))
}
