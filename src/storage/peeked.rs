//! A value where it lies: in the overlay or in a page.

use std::ops::Deref;

/// The value of a row, borrowed if possible.
pub struct Peeked<'t>(pub(super) Place<'t>);

pub(super) enum Place<'t> {
    Overlay(&'t [u8]),
    Page(redb::AccessGuard<'static, &'static [u8]>),
    Copy(Vec<u8>),
}

impl Peeked<'_> {
    /// A copy of the value.
    pub fn into_owned(self) -> Vec<u8> {
        match self.0 {
            Place::Copy(bytes) => bytes,
            _ => self.to_vec(),
        }
    }
}

impl Deref for Peeked<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &self.0 {
            Place::Overlay(bytes) => bytes,
            Place::Page(guard) => guard.value(),
            Place::Copy(bytes) => bytes,
        }
    }
}
