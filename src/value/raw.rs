//! BSON bytes (bsonspec.org, version 1.1), read where they lie: no copy, no allocation.
//!
//! ```text
//! document = length i32, { type byte, name ++ 00, value }, 00          an array's names are "0", "1", …
//! ```
//!
//! Numbers are little-endian. Bytes that break these rules end the walk early; they never read beyond their document.

use bson::{Bson, Document};

/// A document or array, its length and final 00 included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawDocument<'a>(&'a [u8]);

/// A value with its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawValue<'a> {
    /// The element type of the specification.
    pub kind: u8,
    /// The value without type and name.
    pub bytes: &'a [u8],
}

/// The element types of the specification.
#[allow(missing_docs, reason = "named as the specification names them")]
pub mod kind {
    pub const DOUBLE: u8 = 0x01;
    pub const STRING: u8 = 0x02;
    pub const DOCUMENT: u8 = 0x03;
    pub const ARRAY: u8 = 0x04;
    pub const BINARY: u8 = 0x05;
    pub const UNDEFINED: u8 = 0x06;
    pub const OBJECT_ID: u8 = 0x07;
    pub const BOOLEAN: u8 = 0x08;
    pub const DATE: u8 = 0x09;
    pub const NULL: u8 = 0x0a;
    pub const REGEX: u8 = 0x0b;
    pub const DB_POINTER: u8 = 0x0c;
    pub const CODE: u8 = 0x0d;
    pub const SYMBOL: u8 = 0x0e;
    pub const CODE_WITH_SCOPE: u8 = 0x0f;
    pub const INT32: u8 = 0x10;
    pub const TIMESTAMP: u8 = 0x11;
    pub const INT64: u8 = 0x12;
    pub const DECIMAL: u8 = 0x13;
    pub const MAX_KEY: u8 = 0x7f;
    pub const MIN_KEY: u8 = 0xff;
}

/// What a document of no fields is.
const EMPTY: &[u8] = &[5, 0, 0, 0, 0];

impl<'a> RawDocument<'a> {
    /// A document's bytes.
    pub const fn new(bytes: &'a [u8]) -> Self {
        RawDocument(bytes)
    }

    /// A document without fields.
    pub const fn empty() -> Self {
        RawDocument(EMPTY)
    }

    /// Its bytes.
    pub const fn bytes(self) -> &'a [u8] {
        self.0
    }

    /// Whether it has no fields.
    pub const fn is_empty(self) -> bool {
        self.0.len() <= EMPTY.len()
    }

    /// Its fields in order.
    pub fn fields(self) -> Fields<'a> {
        Fields { rest: self.0.get(4..).unwrap_or_default() }
    }

    /// The values of an array.
    pub fn items(self) -> impl Iterator<Item = RawValue<'a>> {
        self.fields().map(|(_, value)| value)
    }

    /// The first field of this name.
    pub fn get(self, name: &str) -> Option<RawValue<'a>> {
        let mut fields = self.fields();
        let wanted = name.as_bytes();
        while let Some((found, value)) = fields.next_bytes() {
            if found == wanted {
                return Some(value);
            }
        }
        None
    }

    /// The whole of it, decoded.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    pub fn decode(self) -> Result<Document, String> {
        Document::from_reader(self.0).map_err(|error| error.to_string())
    }

    /// As [`RawDocument::decode`] for bytes that are known to be good; what is broken is left out.
    pub fn to_document(self) -> Document {
        self.fields().map(|(name, value)| (name.to_owned(), value.to_bson())).collect()
    }

    /// An array's values.
    pub fn to_array(self) -> Vec<Bson> {
        self.items().map(RawValue::to_bson).collect()
    }
}

/// The fields of a document.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    /// The fields of bytes that follow a document's length.
    pub const fn of(bytes: &'a [u8]) -> Self {
        Fields { rest: bytes }
    }

    /// The next field, its name as bytes.
    pub fn next_bytes(&mut self) -> Option<(&'a [u8], RawValue<'a>)> {
        let (&kind, rest) = self.rest.split_first()?;
        if kind == 0 {
            return None;
        }
        let end = rest.iter().position(|&byte| byte == 0)?;
        let (name, rest) = rest.split_at(end);
        let rest = rest.get(1..)?;
        let length = length(kind, rest)?;
        let bytes = rest.get(..length)?;
        self.rest = &rest[length..];
        Some((name, RawValue { kind, bytes }))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (&'a str, RawValue<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, value) = self.next_bytes()?;
        Some((std::str::from_utf8(name).unwrap_or_default(), value))
    }
}

/// How many bytes a value of this type takes at the start of `rest`.
fn length(kind: u8, rest: &[u8]) -> Option<usize> {
    let prefixed = |more: usize| read_length(rest)?.checked_add(more);
    match kind {
        kind::DOUBLE | kind::DATE | kind::TIMESTAMP | kind::INT64 => Some(8),
        kind::STRING | kind::CODE | kind::SYMBOL => prefixed(4),
        kind::DOCUMENT | kind::ARRAY | kind::CODE_WITH_SCOPE => prefixed(0).filter(|length| *length >= 5),
        kind::BINARY => prefixed(5),
        kind::UNDEFINED | kind::NULL | kind::MIN_KEY | kind::MAX_KEY => Some(0),
        kind::OBJECT_ID => Some(12),
        kind::BOOLEAN => Some(1),
        kind::REGEX => {
            let pattern = rest.iter().position(|&byte| byte == 0)? + 1;
            let options = rest.get(pattern..)?.iter().position(|&byte| byte == 0)? + 1;
            Some(pattern + options)
        }
        kind::DB_POINTER => prefixed(16),
        kind::INT32 => Some(4),
        kind::DECIMAL => Some(16),
        _ => None,
    }
}

fn read_length(bytes: &[u8]) -> Option<usize> {
    let (head, _) = bytes.split_first_chunk::<4>()?;
    usize::try_from(i32::from_le_bytes(*head)).ok()
}

impl<'a> RawValue<'a> {
    /// The first bytes as a number of fixed width.
    pub(super) fn fixed<const N: usize>(self) -> [u8; N] {
        self.bytes.first_chunk::<N>().copied().unwrap_or([0; N])
    }

    /// The text of a string without its length and final 00.
    pub(super) fn string(self) -> &'a [u8] {
        let end = self.bytes.len().saturating_sub(1);
        self.bytes.get(4..end).unwrap_or_default()
    }

    /// Subtype and bytes of binary data.
    pub(super) fn binary(self) -> (u8, &'a [u8]) {
        let subtype = self.bytes.get(4).copied().unwrap_or_default();
        let bytes = self.bytes.get(5..).unwrap_or_default();
        // The old generic subtype has its length twice.
        (subtype, if subtype == 2 { bytes.get(4..).unwrap_or(bytes) } else { bytes })
    }

    /// Pattern and options of a regular expression.
    pub(super) fn regex(self) -> (&'a [u8], &'a [u8]) {
        let mut parts = self.bytes.split(|&byte| byte == 0);
        (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
    }

    /// Source and scope of code with a scope.
    pub(super) fn code_with_scope(self) -> (&'a [u8], RawDocument<'a>) {
        let rest = self.bytes.get(4..).unwrap_or_default();
        let code = RawValue {
            kind: kind::STRING,
            bytes: rest.get(..length(kind::STRING, rest).unwrap_or(0)).unwrap_or_default(),
        };
        (code.string(), RawDocument(rest.get(code.bytes.len()..).unwrap_or(EMPTY)))
    }

    /// The value, decoded.
    pub fn to_bson(self) -> Bson {
        match self.kind {
            kind::DOUBLE => Bson::Double(f64::from_le_bytes(self.fixed())),
            kind::STRING => Bson::String(text(self.string())),
            kind::DOCUMENT => Bson::Document(RawDocument(self.bytes).to_document()),
            kind::ARRAY => Bson::Array(RawDocument(self.bytes).to_array()),
            kind::OBJECT_ID => Bson::ObjectId(bson::oid::ObjectId::from_bytes(self.fixed())),
            kind::BOOLEAN => Bson::Boolean(self.fixed::<1>() != [0]),
            kind::DATE => Bson::DateTime(bson::DateTime::from_millis(i64::from_le_bytes(self.fixed()))),
            kind::NULL => Bson::Null,
            kind::INT32 => Bson::Int32(i32::from_le_bytes(self.fixed())),
            kind::INT64 => Bson::Int64(i64::from_le_bytes(self.fixed())),
            _ => self.rare(),
        }
    }

    /// The rare types, by way of the `bson` crate.
    fn rare(self) -> Bson {
        let mut bytes = vec![0, 0, 0, 0, self.kind, 0];
        bytes.extend_from_slice(self.bytes);
        bytes.push(0);
        let length = i32::try_from(bytes.len()).unwrap_or_default().to_le_bytes();
        bytes[..4].copy_from_slice(&length);
        match Document::from_reader(bytes.as_slice()) {
            Ok(mut document) => document.remove("").unwrap_or(Bson::Undefined),
            Err(_) => Bson::Undefined,
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Writes a document's bytes, field by field.
#[derive(Debug, Clone, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// A document without fields yet.
    pub fn new() -> Self {
        Writer { bytes: vec![0; 4] }
    }

    /// Adds a field whose value is bytes already.
    pub fn raw(&mut self, name: &str, value: RawValue<'_>) {
        self.bytes.push(value.kind);
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.push(0);
        self.bytes.extend_from_slice(value.bytes);
    }

    /// Adds a field.
    ///
    /// # Errors
    /// The value has no bytes (a name inside it holds a NUL).
    pub fn value(&mut self, name: &str, value: &Bson) -> Result<(), String> {
        let simple = |writer: &mut Self, kind: u8, bytes: &[u8]| writer.raw(name, RawValue { kind, bytes });
        match value {
            Bson::Int32(number) => simple(self, kind::INT32, &number.to_le_bytes()),
            Bson::Int64(number) => simple(self, kind::INT64, &number.to_le_bytes()),
            Bson::Double(number) => simple(self, kind::DOUBLE, &number.to_le_bytes()),
            Bson::Boolean(flag) => simple(self, kind::BOOLEAN, &[u8::from(*flag)]),
            Bson::Null => simple(self, kind::NULL, &[]),
            Bson::ObjectId(id) => simple(self, kind::OBJECT_ID, &id.bytes()),
            Bson::DateTime(date) => simple(self, kind::DATE, &date.timestamp_millis().to_le_bytes()),
            other => {
                let mut document = Document::new();
                document.insert(name, other.clone());
                let bytes = document.to_vec().map_err(|error| error.to_string())?;
                self.bytes.extend_from_slice(bytes.get(4..bytes.len() - 1).unwrap_or_default());
            }
        }
        Ok(())
    }

    /// The whole document.
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.push(0);
        let length = i32::try_from(self.bytes.len()).unwrap_or(i32::MAX).to_le_bytes();
        self.bytes[..4].copy_from_slice(&length);
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::doc;

    #[test]
    fn bytes_and_documents_say_the_same() {
        let document = doc! {
            "a": 1, "b": "text", "c": { "d": [1, 2.5, { "e": null }] }, "f": true, "g": bson::oid::ObjectId::new(),
            "h": bson::DateTime::from_millis(5), "i": 7_i64, "j": Bson::MinKey, "k": Bson::Undefined,
            "l": Bson::RegularExpression(bson::Regex { pattern: "x".try_into().unwrap(), options: "i".try_into().unwrap() }),
            "m": bson::Binary { subtype: bson::spec::BinarySubtype::Generic, bytes: vec![1, 2] },
            "n": bson::Timestamp { time: 1, increment: 2 },
            "o": Bson::JavaScriptCodeWithScope(bson::JavaScriptCodeWithScope { code: "f".into(), scope: doc! { "x": 1 } }),
            "p": Bson::Decimal128("1.5".parse().unwrap()), "q": Bson::MaxKey, "r": Bson::Symbol("s".into()),
        };
        let bytes = document.to_vec().unwrap();
        let raw = RawDocument::new(&bytes);
        assert_eq!(raw.to_document(), document);
        let mut writer = Writer::new();
        for (name, value) in raw.fields() {
            if name < "h" {
                writer.raw(name, value);
            } else {
                writer.value(name, &value.to_bson()).unwrap();
            }
        }
        assert_eq!(writer.finish(), bytes);
    }

    #[test]
    fn broken_bytes_end_the_walk() {
        let bytes = doc! { "a": 1, "b": "text", "c": [1, 2, 3] }.to_vec().unwrap();
        for at in 0..bytes.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut broken = bytes.clone();
                broken[at] = value;
                let _ = RawDocument::new(&broken).to_document();
                let _ = RawDocument::new(&broken[..at]).to_document();
            }
        }
    }
}
