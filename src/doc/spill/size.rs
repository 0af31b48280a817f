//! About how many bytes of memory a value takes.

use bson::Bson;

/// The size of a value with all it holds.
pub fn bytes_of(value: &Bson) -> usize {
    let more = match value {
        Bson::String(text) | Bson::Symbol(text) | Bson::JavaScriptCode(text) => text.len(),
        Bson::Array(items) => items.iter().map(bytes_of).sum(),
        Bson::Document(document) => document.iter().map(|(name, value)| name.len() + 48 + bytes_of(value)).sum(),
        Bson::Binary(binary) => binary.bytes.len(),
        _ => 0,
    };
    size_of::<Bson>() + more
}
