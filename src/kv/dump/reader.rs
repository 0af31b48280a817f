//! Reading what DUMP wrote: whatever does not fit is "Bad data format".

use super::{Error, Result};
use crate::kv::layout::{Elements, number_at, push_element};

/// The rest of a payload.
pub struct Reader<'b> {
    rest: Elements<'b>,
}

impl<'b> Reader<'b> {
    /// Over these bytes.
    pub fn of(bytes: &'b [u8]) -> Self {
        Reader { rest: Elements::of(bytes) }
    }

    /// A text.
    pub fn text(&mut self) -> Result<&'b [u8]> {
        self.rest.next_element().ok().flatten().ok_or_else(bad_format)
    }

    /// An integer.
    pub fn number(&mut self) -> Result<u64> {
        let bytes = self.rest.take(8).map_err(|_| bad_format())?;
        number_at(bytes, 0)
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.rest.left() == 0
    }
}

/// These bytes are no value.
pub fn bad_format() -> Error {
    Error::err("Bad data format")
}

/// Fails unless something that a value must keep to is so.
pub fn check(holds: bool) -> Result<()> {
    if holds { Ok(()) } else { Err(bad_format()) }
}

/// Writes a text.
pub fn push_text(to: &mut Vec<u8>, text: &[u8]) {
    push_element(to, text);
}

/// Writes an integer.
pub fn push_number(to: &mut Vec<u8>, number: u64) {
    to.extend_from_slice(&number.to_be_bytes());
}
