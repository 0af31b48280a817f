//! A document on its way through a query: the stored bytes, the bytes with some fields changed, or decoded.
//!
//! Most documents of a query are only looked at; decoding one costs more than all else that is done to it.

use super::raw::{RawDocument, RawValue, Writer};
use super::view::{ArrayView, DocumentView, View};
use bson::{Bson, Document};
use std::borrow::Cow;
use std::rc::Rc;

/// Bytes that several documents share, and the part of them that is meant.
#[derive(Debug, Clone)]
pub struct SharedBytes {
    page: Rc<Vec<u8>>,
    start: usize,
    end: usize,
}

impl SharedBytes {
    /// A part of a page.
    pub fn new(page: &Rc<Vec<u8>>, start: usize, end: usize) -> Self {
        let end = end.min(page.len());
        SharedBytes { page: Rc::clone(page), start: start.min(end), end }
    }

    /// The part.
    pub fn as_slice(&self) -> &[u8] {
        self.page.get(self.start..self.end).unwrap_or_default()
    }

    /// A part of this part, given as a slice of it.
    fn part(&self, of: &[u8]) -> SharedBytes {
        let start = (of.as_ptr() as usize).saturating_sub(self.page.as_ptr() as usize);
        SharedBytes::new(&self.page, start, start + of.len())
    }
}

impl From<Vec<u8>> for SharedBytes {
    fn from(bytes: Vec<u8>) -> Self {
        let end = bytes.len();
        SharedBytes { page: Rc::new(bytes), start: 0, end }
    }
}

/// A document.
#[derive(Debug, Clone)]
pub enum Body {
    /// As it is stored.
    Stored(SharedBytes),
    /// As it is stored, but for some fields.
    Changed(Box<Overlay>),
    /// Decoded.
    Decoded(Document),
}

/// More changes than this and the document is decoded.
const MOST_CHANGES: usize = 8;

/// Stored bytes of which some fields were changed.
#[derive(Debug, Clone)]
pub struct Overlay {
    base: SharedBytes,
    /// By name; `None`: removed. A field that is in the bytes keeps its place.
    changes: Vec<(String, Option<Piece>)>,
}

/// What a field was changed to.
#[derive(Debug, Clone)]
enum Piece {
    Value(Bson),
    /// A value of this type that is bytes of the same page.
    Bytes(u8, SharedBytes),
}

impl Piece {
    fn view(&self) -> View<'_> {
        match self {
            Piece::Value(value) => value.into(),
            Piece::Bytes(kind, bytes) => RawValue { kind: *kind, bytes: bytes.as_slice() }.into(),
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Body::Decoded(Document::new())
    }
}

impl From<Document> for Body {
    fn from(document: Document) -> Self {
        Body::Decoded(document)
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Body::Stored(bytes.into())
    }
}

impl<'a> From<&'a Body> for DocumentView<'a> {
    fn from(body: &'a Body) -> Self {
        body.view()
    }
}

impl Body {
    /// The document, to be looked at.
    pub fn view(&self) -> DocumentView<'_> {
        match self {
            Body::Stored(bytes) => DocumentView::Raw(RawDocument::new(bytes.as_slice())),
            Body::Changed(overlay) => DocumentView::Changed(overlay),
            Body::Decoded(document) => DocumentView::Decoded(document),
        }
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<View<'_>> {
        self.view().get(name)
    }

    /// The document, decoded, to be changed at will.
    pub fn decode(&mut self) -> &mut Document {
        if !matches!(self, Body::Decoded(_)) {
            *self = Body::Decoded(self.view().to_document().into_owned());
        }
        match self {
            Body::Decoded(document) => document,
            // Never taken: it was decoded above.
            other => {
                *other = Body::default();
                other.decode()
            }
        }
    }

    /// The document, decoded.
    pub fn into_document(self) -> Document {
        match self {
            Body::Decoded(document) => document,
            other => other.view().to_document().into_owned(),
        }
    }

    /// Sets a field; one that is there keeps its place.
    pub fn set(&mut self, name: &str, value: Bson) {
        self.change(name, Some(Piece::Value(value)));
    }

    /// Removes a field.
    pub fn remove(&mut self, name: &str) {
        self.change(name, None);
    }

    fn change(&mut self, name: &str, piece: Option<Piece>) {
        match self {
            Body::Stored(bytes) => {
                let changes = vec![(name.to_owned(), piece)];
                *self = Body::Changed(Box::new(Overlay { base: bytes.clone(), changes }));
            }
            Body::Changed(overlay) => {
                let room = overlay.changes.len() < MOST_CHANGES;
                match overlay.changes.iter_mut().find(|(known, _)| known == name) {
                    Some((_, change)) if change.is_some() || piece.is_none() => *change = piece,
                    None if room => overlay.changes.push((name.to_owned(), piece)),
                    // Too many changes; or a field that was taken out and is put in again, at the end.
                    _ => self.change_decoded(name, piece),
                }
            }
            Body::Decoded(_) => self.change_decoded(name, piece),
        }
    }

    fn change_decoded(&mut self, name: &str, piece: Option<Piece>) {
        let document = self.decode();
        match piece {
            Some(Piece::Value(value)) => drop(document.insert(name, value)),
            Some(bytes) => drop(document.insert(name, bytes.view().to_bson())),
            None => drop(document.remove(name)),
        }
    }

    /// The elements of the array in a top-level field, each able to take the array's place; `None` if it is no array.
    pub fn elements(&self, name: &str) -> Option<Vec<Element>> {
        match (self, self.get(name)?) {
            (Body::Stored(base), View::Array(ArrayView::Raw(items))) => {
                Some(items.items().map(|item| Element(Piece::Bytes(item.kind, base.part(item.bytes)))).collect())
            }
            (_, View::Array(items)) => Some(items.iter().map(|item| Element(Piece::Value(item.to_bson()))).collect()),
            _ => None,
        }
    }

    /// Puts an element in the place of its array.
    pub fn set_element(&mut self, name: &str, element: Element) {
        self.change(name, Some(element.0));
    }

    /// The document's bytes. A decoded document that has none (a name that holds a NUL) is empty.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match self {
            Body::Stored(bytes) => Cow::Borrowed(bytes.as_slice()),
            Body::Decoded(document) => Cow::Owned(document.to_vec().unwrap_or_else(|_| Writer::new().finish())),
            Body::Changed(overlay) => Cow::Owned(overlay.to_bytes().unwrap_or_else(|_| Writer::new().finish())),
        }
    }
}

/// An element of an array in a document.
#[derive(Debug, Clone)]
pub struct Element(Piece);

impl Overlay {
    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<View<'_>> {
        match self.changes.iter().find(|(known, _)| known == name) {
            Some((_, piece)) => piece.as_ref().map(Piece::view),
            None => RawDocument::new(self.base.as_slice()).get(name).map(View::from),
        }
    }

    /// Its fields in order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, View<'_>)> {
        let base = RawDocument::new(self.base.as_slice());
        let kept =
            base.fields().filter_map(|(name, value)| match self.changes.iter().find(|(known, _)| known == name) {
                None => Some((name, View::from(value))),
                Some((_, piece)) => piece.as_ref().map(|piece| (name, piece.view())),
            });
        let added = self.changes.iter().filter_map(move |(name, piece)| match piece {
            Some(piece) if base.get(name).is_none() => Some((name.as_str(), piece.view())),
            _ => None,
        });
        kept.chain(added)
    }

    fn to_bytes(&self) -> Result<Vec<u8>, String> {
        let mut writer = Writer::new();
        let base = RawDocument::new(self.base.as_slice());
        let mut write = |name: &str, piece: &Piece| match piece {
            Piece::Value(value) => writer.value(name, value),
            Piece::Bytes(kind, bytes) => {
                writer.raw(name, RawValue { kind: *kind, bytes: bytes.as_slice() });
                Ok(())
            }
        };
        let mut added: Vec<&(String, Option<Piece>)> = self.changes.iter().collect();
        for (name, value) in base.fields() {
            match self.changes.iter().find(|(known, _)| known == name) {
                None => write(name, &Piece::Bytes(value.kind, self.base.part(value.bytes)))?,
                Some((_, piece)) => {
                    added.retain(|(known, _)| known != name);
                    if let Some(piece) = piece {
                        write(name, piece)?;
                    }
                }
            }
        }
        for (name, piece) in added {
            if let Some(piece) = piece {
                write(name, piece)?;
            }
        }
        Ok(writer.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::doc;

    #[test]
    fn a_changed_body_is_what_the_changed_document_is() {
        let mut document = doc! { "_id": 1, "a": [1, { "x": 2 }, "t"], "b": { "c": 3 }, "d": "text" };
        let mut body = Body::from(document.to_vec().unwrap());
        let elements = body.elements("a").unwrap();
        body.set_element("a", elements[1].clone());
        document.insert("a", doc! { "x": 2 });
        for (name, value) in [("b", None), ("e", Some(5)), ("d", Some(6)), ("e", None), ("e", Some(7)), ("b", Some(8))]
        {
            match value {
                Some(value) => {
                    body.set(name, value.into());
                    document.insert(name, value);
                }
                None => {
                    body.remove(name);
                    document.remove(name);
                }
            }
            assert_eq!(body.clone().into_document(), document);
            assert_eq!(Document::from_reader(&*body.bytes()).unwrap(), document);
            for name in ["_id", "a", "b", "c", "d", "e"] {
                assert_eq!(body.get(name).map(View::to_bson).as_ref(), document.get(name), "{name}");
            }
        }
    }
}
