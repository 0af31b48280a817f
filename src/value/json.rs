//! JSON text straight to BSON bytes, without a tree of values in between (Extended JSON v2 included).

use super::ejson;
use super::raw::Writer;
use bson::Bson;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use std::fmt;

use super::raw::kind;

/// How deep documents and arrays may stand inside each other, as in MongoDB.
pub const MAX_DEPTH: usize = 100;

/// The bytes of a document, read from JSON by serde.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct JsonDocument(pub Vec<u8>);

impl<'de> serde::Deserialize<'de> for JsonDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut bytes = Vec::with_capacity(512);
        match (Value { out: &mut bytes, depth: 0 }).deserialize(deserializer)? {
            kind::DOCUMENT => Ok(JsonDocument(bytes)),
            other => Err(D::Error::custom(format!("a document is expected, not {}", kind_name(other)))),
        }
    }
}

fn kind_name(kind: u8) -> &'static str {
    match kind {
        kind::ARRAY => "an array",
        kind::STRING => "a string",
        kind::BOOLEAN => "true or false",
        kind::NULL => "null",
        kind::INT32 | kind::INT64 | kind::DOUBLE | kind::DECIMAL => "a number",
        _ => "a single value",
    }
}

/// Appends one value's bytes, and answers its element type.
struct Value<'o> {
    out: &'o mut Vec<u8>,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = u8;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u8, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = u8;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<u8, E> {
        self.out.push(u8::from(value));
        Ok(kind::BOOLEAN)
    }

    fn visit_i64<E>(self, number: i64) -> Result<u8, E> {
        match i32::try_from(number) {
            Ok(number) => {
                self.out.extend_from_slice(&number.to_le_bytes());
                Ok(kind::INT32)
            }
            Err(_) => {
                self.out.extend_from_slice(&number.to_le_bytes());
                Ok(kind::INT64)
            }
        }
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<u8, E> {
        match i64::try_from(number) {
            Ok(number) => self.visit_i64(number),
            Err(_) => self.visit_f64(number as f64),
        }
    }

    fn visit_f64<E>(self, number: f64) -> Result<u8, E> {
        self.out.extend_from_slice(&number.to_le_bytes());
        Ok(kind::DOUBLE)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<u8, E> {
        let length = i32::try_from(text.len() + 1).map_err(|_| E::custom("the text is too long"))?;
        self.out.extend_from_slice(&length.to_le_bytes());
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(0);
        Ok(kind::STRING)
    }

    fn visit_unit<E>(self) -> Result<u8, E> {
        Ok(kind::NULL)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<u8, A::Error> {
        let start = open(self.out, self.depth)?;
        let mut index = 0_usize;
        loop {
            let at = self.out.len();
            self.out.push(0);
            push_index(index, self.out);
            match items.next_element_seed(Value { out: &mut *self.out, depth: self.depth + 1 })? {
                Some(kind) => self.out[at] = kind,
                None => {
                    self.out.truncate(at);
                    break;
                }
            }
            index += 1;
        }
        close(self.out, start)?;
        Ok(kind::ARRAY)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<u8, A::Error> {
        let Value { out, depth } = self;
        let start = open(out, depth)?;
        let mut seen = 0_u64;
        let mut repeated = false;
        loop {
            let at = out.len();
            out.push(0);
            if fields.next_key_seed(Name { out: &mut *out })?.is_none() {
                out.truncate(at);
                break;
            }
            let name = out.get(at + 1..out.len() - 1).unwrap_or_default();
            if at == start + 4 && name.first() == Some(&b'$') {
                let name = String::from_utf8_lossy(name).into_owned();
                out.truncate(start);
                return typed(name, fields, out);
            }
            // A field named twice is rare: most names are told apart by one bit of 64.
            let bit = 1 << (name.iter().fold(name.len(), |sum, byte| sum * 31 + usize::from(*byte)) & 63);
            repeated |= seen & bit != 0 && has_field(out.get(start + 4..at).unwrap_or_default(), name);
            seen |= bit;
            let kind = fields.next_value_seed(Value { out: &mut *out, depth: depth + 1 })?;
            out[at] = kind;
        }
        close(out, start)?;
        if repeated {
            // The last value counts, as in JavaScript.
            let document = super::raw::RawDocument::new(out.get(start..).unwrap_or_default()).to_document();
            let bytes = document.to_vec().map_err(A::Error::custom)?;
            out.truncate(start);
            out.extend_from_slice(&bytes);
        }
        Ok(kind::DOCUMENT)
    }
}

/// Whether finished fields hold one of this name.
fn has_field(fields: &[u8], name: &[u8]) -> bool {
    let mut fields = super::raw::Fields::of(fields);
    while let Some((known, _)) = fields.next_bytes() {
        if known == name {
            return true;
        }
    }
    false
}

fn open<E: serde::de::Error>(out: &mut Vec<u8>, depth: usize) -> Result<usize, E> {
    if depth >= MAX_DEPTH {
        return Err(E::custom(format!("documents may be nested {MAX_DEPTH} deep at most")));
    }
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    Ok(start)
}

fn close<E: serde::de::Error>(out: &mut Vec<u8>, start: usize) -> Result<(), E> {
    out.push(0);
    let length = i32::try_from(out.len() - start).map_err(|_| E::custom("the document is too large"))?;
    if let Some(place) = out.get_mut(start..start + 4) {
        place.copy_from_slice(&length.to_le_bytes());
    }
    Ok(())
}

/// The name of an array's element, with its NUL.
fn push_index(index: usize, out: &mut Vec<u8>) {
    if index < 10 {
        out.push(b'0' + index as u8);
    } else {
        out.extend_from_slice(index.to_string().as_bytes());
    }
    out.push(0);
}

/// An object whose first name begins with `$`: a typed object of Extended JSON, or not.
fn typed<'de, A: MapAccess<'de>>(first: String, mut fields: A, out: &mut Vec<u8>) -> Result<u8, A::Error> {
    let mut object = serde_json::Map::new();
    object.insert(first, fields.next_value()?);
    while let Some((name, value)) = fields.next_entry::<String, serde_json::Value>()? {
        object.insert(name, value);
    }
    let value = ejson::from_json(serde_json::Value::Object(object)).map_err(|error| A::Error::custom(error.message))?;
    push_value(&value, out).map_err(A::Error::custom)
}

/// Appends a value's bytes, and answers its element type.
fn push_value(value: &Bson, out: &mut Vec<u8>) -> Result<u8, String> {
    let mut writer = Writer::new();
    writer.value("", value)?;
    let bytes = writer.finish();
    // Length, type, the empty name; at the end the 00 of the document.
    let (Some(&kind), Some(content)) = (bytes.get(4), bytes.get(6..bytes.len() - 1)) else {
        return Err("a value has no bytes".to_owned());
    };
    out.extend_from_slice(content);
    Ok(kind)
}

/// Appends a field's name.
struct Name<'o> {
    out: &'o mut Vec<u8>,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's name")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<(), E> {
        if name.as_bytes().contains(&0) {
            return Err(E::custom("a field's name cannot contain a NUL character"));
        }
        self.out.extend_from_slice(name.as_bytes());
        self.out.push(0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Result<Vec<u8>, String> {
        serde_json::from_str::<JsonDocument>(text).map(|document| document.0).map_err(|error| error.to_string())
    }

    #[test]
    fn bytes_are_those_of_the_value() {
        for text in [
            "{}",
            r#"{"a":1,"b":5000000000,"c":1.5,"d":"tää\n","e":null,"f":[true,false,[],{}],"g":{"h":{"i":[1,2,3]}}}"#,
            r#"{"list":[0,1,2,3,4,5,6,7,8,9,10,11,12]}"#,
            r#"{"_id":{"$oid":"5f0000000000000000000001"},"when":{"$date":"2020-01-01T00:00:00Z"},"n":{"$numberLong":"7"}}"#,
            r#"{"a":{"$gt":1,"$lt":2},"b":{"$numberDecimal":"1.50"},"c":18446744073709551615}"#,
            r#"{"a":1,"b":2,"a":{"x":3}}"#,
        ] {
            let Bson::Document(expected) = ejson::parse(text).unwrap() else { panic!("no document") };
            assert_eq!(bytes(text).unwrap(), expected.to_vec().unwrap(), "{text}");
        }
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for (text, why) in [
            ("[1]", "a document is expected, not an array"),
            ("7", "not a number"),
            (r#"{"$oid":"5f0000000000000000000001"}"#, "not a single value"),
            (r#"{"a":{"$oid":"zz"}}"#, "24 character hex string"),
            ("{\"a\\u0000b\":1}", "NUL"),
            (r#"{"a":1"#, "EOF"),
        ] {
            let error = bytes(text).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
        let deep = |levels: usize| format!("{{\"a\":{}1{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
        assert!(bytes(&deep(MAX_DEPTH)).is_ok());
        assert!(bytes(&deep(MAX_DEPTH + 1)).unwrap_err().contains("100 deep"));
    }
}
