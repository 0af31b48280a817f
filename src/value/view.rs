//! A value that is looked at, wherever it lies: decoded ([`bson::Bson`]) or as bytes ([`super::raw`]).
//!
//! Comparing, hashing, matching and index keys work on views, so that a filter runs on stored bytes and on
//! documents made by a pipeline alike.

use super::body::Overlay;
use super::raw::{RawDocument, RawValue, kind};
use bson::{Bson, Decimal128, Document};
use std::borrow::Cow;

/// A value.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs, reason = "each is named as BSON names it")]
pub enum View<'a> {
    Double(f64),
    /// UTF-8.
    String(&'a [u8]),
    Document(DocumentView<'a>),
    Array(ArrayView<'a>),
    /// Subtype and bytes.
    Binary(u8, &'a [u8]),
    Undefined,
    ObjectId([u8; 12]),
    Boolean(bool),
    /// Milliseconds since 1970.
    Date(i64),
    Null,
    /// Pattern and options.
    Regex(&'a [u8], &'a [u8]),
    DbPointer(Pointer<'a>),
    Code(&'a [u8]),
    Symbol(&'a [u8]),
    CodeWithScope(&'a [u8], DocumentView<'a>),
    Int32(i32),
    /// Seconds and increment.
    Timestamp(u32, u32),
    Int64(i64),
    Decimal(Decimal128),
    MinKey,
    MaxKey,
}

/// A DBPointer, whose parts the `bson` crate keeps to itself.
#[derive(Debug, Clone, Copy)]
pub enum Pointer<'a> {
    /// Decoded.
    Decoded(&'a bson::DbPointer),
    /// As bytes.
    Raw(RawValue<'a>),
}

/// A document.
#[derive(Debug, Clone, Copy)]
pub enum DocumentView<'a> {
    /// Decoded.
    Decoded(&'a Document),
    /// As bytes.
    Raw(RawDocument<'a>),
    /// An array whose positions are taken as names.
    Positions(&'a [Bson]),
    /// As bytes of which some fields were changed.
    Changed(&'a Overlay),
}

/// An array.
#[derive(Debug, Clone, Copy)]
pub enum ArrayView<'a> {
    /// Decoded.
    Decoded(&'a [Bson]),
    /// As bytes.
    Raw(RawDocument<'a>),
}

impl<'a> From<&'a Bson> for View<'a> {
    fn from(value: &'a Bson) -> Self {
        match value {
            Bson::Double(number) => View::Double(*number),
            Bson::String(text) => View::String(text.as_bytes()),
            Bson::Document(document) => View::Document(DocumentView::Decoded(document)),
            Bson::Array(items) => View::Array(ArrayView::Decoded(items)),
            Bson::Binary(binary) => View::Binary(u8::from(binary.subtype), &binary.bytes),
            Bson::Undefined => View::Undefined,
            Bson::ObjectId(id) => View::ObjectId(id.bytes()),
            Bson::Boolean(flag) => View::Boolean(*flag),
            Bson::DateTime(date) => View::Date(date.timestamp_millis()),
            Bson::Null => View::Null,
            Bson::RegularExpression(regex) => {
                View::Regex(regex.pattern.as_str().as_bytes(), regex.options.as_str().as_bytes())
            }
            Bson::DbPointer(pointer) => View::DbPointer(Pointer::Decoded(pointer)),
            Bson::JavaScriptCode(code) => View::Code(code.as_bytes()),
            Bson::Symbol(text) => View::Symbol(text.as_bytes()),
            Bson::JavaScriptCodeWithScope(code) => {
                View::CodeWithScope(code.code.as_bytes(), DocumentView::Decoded(&code.scope))
            }
            Bson::Int32(number) => View::Int32(*number),
            Bson::Timestamp(stamp) => View::Timestamp(stamp.time, stamp.increment),
            Bson::Int64(number) => View::Int64(*number),
            Bson::Decimal128(number) => View::Decimal(*number),
            Bson::MinKey => View::MinKey,
            Bson::MaxKey => View::MaxKey,
        }
    }
}

impl<'a> From<RawValue<'a>> for View<'a> {
    fn from(value: RawValue<'a>) -> Self {
        match value.kind {
            kind::DOUBLE => View::Double(f64::from_le_bytes(value.fixed())),
            kind::STRING => View::String(value.string()),
            kind::DOCUMENT => View::Document(DocumentView::Raw(RawDocument::new(value.bytes))),
            kind::ARRAY => View::Array(ArrayView::Raw(RawDocument::new(value.bytes))),
            kind::BINARY => {
                let (subtype, bytes) = value.binary();
                View::Binary(subtype, bytes)
            }
            kind::OBJECT_ID => View::ObjectId(value.fixed()),
            kind::BOOLEAN => View::Boolean(value.fixed::<1>() != [0]),
            kind::DATE => View::Date(i64::from_le_bytes(value.fixed())),
            kind::NULL => View::Null,
            kind::REGEX => {
                let (pattern, options) = value.regex();
                View::Regex(pattern, options)
            }
            kind::DB_POINTER => View::DbPointer(Pointer::Raw(value)),
            kind::CODE => View::Code(value.string()),
            kind::SYMBOL => View::Symbol(value.string()),
            kind::CODE_WITH_SCOPE => {
                let (code, scope) = value.code_with_scope();
                View::CodeWithScope(code, DocumentView::Raw(scope))
            }
            kind::INT32 => View::Int32(i32::from_le_bytes(value.fixed())),
            kind::TIMESTAMP => {
                let stamp = u64::from_le_bytes(value.fixed());
                View::Timestamp((stamp >> 32) as u32, stamp as u32)
            }
            kind::INT64 => View::Int64(i64::from_le_bytes(value.fixed())),
            kind::DECIMAL => View::Decimal(Decimal128::from_bytes(value.fixed())),
            kind::MIN_KEY => View::MinKey,
            kind::MAX_KEY => View::MaxKey,
            _ => View::Undefined,
        }
    }
}

impl<'a> View<'a> {
    /// The text of a string or symbol.
    pub fn text(self) -> Option<&'a str> {
        match self {
            View::String(bytes) | View::Symbol(bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        }
    }

    /// Whether it is null or undefined.
    pub fn is_nullish(self) -> bool {
        matches!(self, View::Null | View::Undefined)
    }

    /// Whether it is a number of any of the four types.
    pub fn is_number(self) -> bool {
        matches!(self, View::Int32(_) | View::Int64(_) | View::Double(_) | View::Decimal(_))
    }

    /// A number as a double.
    pub fn number(self) -> Option<f64> {
        match self {
            View::Int32(number) => Some(f64::from(number)),
            View::Int64(number) => Some(number as f64),
            View::Double(number) => Some(number),
            View::Decimal(number) => Some(super::decimal::Decimal::from_bson(number).to_f64()),
            _ => None,
        }
    }

    /// The value, decoded.
    pub fn to_bson(self) -> Bson {
        match self {
            View::Double(number) => Bson::Double(number),
            View::String(text) => Bson::String(owned_text(text)),
            View::Document(document) => Bson::Document(document.to_document().into_owned()),
            View::Array(items) => Bson::Array(items.to_array().into_owned()),
            View::Binary(subtype, bytes) => {
                Bson::Binary(bson::Binary { subtype: subtype.into(), bytes: bytes.to_vec() })
            }
            View::Undefined => Bson::Undefined,
            View::ObjectId(id) => Bson::ObjectId(bson::oid::ObjectId::from_bytes(id)),
            View::Boolean(flag) => Bson::Boolean(flag),
            View::Date(millis) => Bson::DateTime(bson::DateTime::from_millis(millis)),
            View::Null => Bson::Null,
            View::Regex(pattern, options) => {
                Bson::RegularExpression(bson::Regex { pattern: c_string(pattern), options: c_string(options) })
            }
            View::DbPointer(Pointer::Decoded(pointer)) => Bson::DbPointer(pointer.clone()),
            View::DbPointer(Pointer::Raw(raw)) => raw.to_bson(),
            View::Code(code) => Bson::JavaScriptCode(owned_text(code)),
            View::Symbol(text) => Bson::Symbol(owned_text(text)),
            View::CodeWithScope(code, scope) => Bson::JavaScriptCodeWithScope(bson::JavaScriptCodeWithScope {
                code: owned_text(code),
                scope: scope.to_document().into_owned(),
            }),
            View::Int32(number) => Bson::Int32(number),
            View::Timestamp(time, increment) => Bson::Timestamp(bson::Timestamp { time, increment }),
            View::Int64(number) => Bson::Int64(number),
            View::Decimal(number) => Bson::Decimal128(number),
            View::MinKey => Bson::MinKey,
            View::MaxKey => Bson::MaxKey,
        }
    }
}

fn owned_text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The text up to its first NUL, which none of these texts has.
fn c_string(bytes: &[u8]) -> bson::raw::CString {
    let text = owned_text(bytes.split(|&byte| byte == 0).next().unwrap_or_default());
    bson::raw::CString::try_from(text).unwrap_or_else(|_| bson::raw::cstr!("").to_owned())
}

impl<'a> From<&'a Document> for DocumentView<'a> {
    fn from(document: &'a Document) -> Self {
        DocumentView::Decoded(document)
    }
}

impl<'a> From<RawDocument<'a>> for DocumentView<'a> {
    fn from(document: RawDocument<'a>) -> Self {
        DocumentView::Raw(document)
    }
}

impl<'a> DocumentView<'a> {
    /// The value of a field.
    pub fn get(self, name: &str) -> Option<View<'a>> {
        match self {
            DocumentView::Decoded(document) => document.get(name).map(View::from),
            DocumentView::Raw(raw) => raw.get(name).map(View::from),
            DocumentView::Positions(items) => name.parse().ok().and_then(|at: usize| items.get(at)).map(View::from),
            DocumentView::Changed(overlay) => overlay.get(name),
        }
    }

    /// Its fields in order.
    pub fn fields(self) -> FieldViews<'a> {
        match self {
            DocumentView::Decoded(document) => FieldViews::Decoded(document.iter()),
            DocumentView::Raw(raw) => FieldViews::Raw(raw.fields()),
            DocumentView::Positions(items) => FieldViews::Positions(items.iter().enumerate()),
            DocumentView::Changed(overlay) => FieldViews::Changed(Box::new(overlay.fields())),
        }
    }

    /// How many fields it has.
    pub fn len(self) -> usize {
        match self {
            DocumentView::Decoded(document) => document.len(),
            DocumentView::Raw(raw) => raw.fields().count(),
            DocumentView::Positions(items) => items.len(),
            DocumentView::Changed(overlay) => overlay.fields().count(),
        }
    }

    /// Whether it has no fields.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The whole of it, decoded.
    pub fn to_document(self) -> Cow<'a, Document> {
        match self {
            DocumentView::Decoded(document) => Cow::Borrowed(document),
            DocumentView::Raw(raw) => Cow::Owned(raw.to_document()),
            DocumentView::Positions(items) => {
                Cow::Owned(items.iter().enumerate().map(|(at, item)| (at.to_string(), item.clone())).collect())
            }
            DocumentView::Changed(overlay) => {
                Cow::Owned(overlay.fields().map(|(name, value)| (name.to_owned(), value.to_bson())).collect())
            }
        }
    }
}

/// The fields of a document.
pub enum FieldViews<'a> {
    /// Of a decoded document.
    Decoded(bson::document::Iter<'a>),
    /// Of bytes.
    Raw(super::raw::Fields<'a>),
    /// Of an array's positions.
    Positions(std::iter::Enumerate<std::slice::Iter<'a, Bson>>),
    /// Of changed bytes.
    Changed(Box<dyn Iterator<Item = (&'a str, View<'a>)> + 'a>),
}

impl<'a> Iterator for FieldViews<'a> {
    type Item = (Cow<'a, str>, View<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            FieldViews::Decoded(fields) => {
                fields.next().map(|(name, value)| (Cow::Borrowed(name.as_str()), value.into()))
            }
            FieldViews::Raw(fields) => fields.next().map(|(name, value)| (Cow::Borrowed(name), value.into())),
            FieldViews::Positions(items) => items.next().map(|(at, item)| (Cow::Owned(at.to_string()), item.into())),
            FieldViews::Changed(fields) => fields.next().map(|(name, value)| (Cow::Borrowed(name), value)),
        }
    }
}

impl<'a> ArrayView<'a> {
    /// Its elements.
    pub fn iter(self) -> Items<'a> {
        match self {
            ArrayView::Decoded(items) => Items::Decoded(items.iter()),
            ArrayView::Raw(raw) => Items::Raw(raw.fields()),
        }
    }

    /// The element at a position.
    pub fn get(self, at: usize) -> Option<View<'a>> {
        match self {
            ArrayView::Decoded(items) => items.get(at).map(View::from),
            ArrayView::Raw(raw) => raw.items().nth(at).map(View::from),
        }
    }

    /// How many elements it has.
    pub fn len(self) -> usize {
        match self {
            ArrayView::Decoded(items) => items.len(),
            ArrayView::Raw(raw) => raw.items().count(),
        }
    }

    /// Whether it has no elements.
    pub fn is_empty(self) -> bool {
        match self {
            ArrayView::Decoded(items) => items.is_empty(),
            ArrayView::Raw(raw) => raw.is_empty(),
        }
    }

    /// The array as a document of its positions.
    pub fn positions(self) -> DocumentView<'a> {
        match self {
            ArrayView::Decoded(items) => DocumentView::Positions(items),
            ArrayView::Raw(raw) => DocumentView::Raw(raw),
        }
    }

    /// Its elements, decoded.
    pub fn to_array(self) -> Cow<'a, [Bson]> {
        match self {
            ArrayView::Decoded(items) => Cow::Borrowed(items),
            ArrayView::Raw(raw) => Cow::Owned(raw.to_array()),
        }
    }
}

/// The elements of an array.
pub enum Items<'a> {
    /// Of a decoded array.
    Decoded(std::slice::Iter<'a, Bson>),
    /// Of bytes.
    Raw(super::raw::Fields<'a>),
}

impl<'a> Iterator for Items<'a> {
    type Item = View<'a>;

    fn next(&mut self) -> Option<View<'a>> {
        match self {
            Items::Decoded(items) => items.next().map(View::from),
            Items::Raw(fields) => fields.next_bytes().map(|(_, value)| value.into()),
        }
    }
}
