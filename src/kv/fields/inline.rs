//! A small hash or set: names (and values) one after the other in the body of its row.

use super::Visit;
use crate::kv::Result;
use crate::kv::layout::{Elements, Kind, push_element};
use std::ops::Range;

/// Where an element stands in the body.
pub struct Place {
    whole: Range<usize>,
    /// Where its value stands.
    pub value: Range<usize>,
}

/// How many fields or members there are.
pub fn count(body: &[u8], kind: Kind) -> Result<u64> {
    let (mut elements, mut count) = (Elements::of(body), 0);
    while elements.skip_element()? {
        count += 1;
    }
    Ok(if kind == Kind::Hash { count / 2 } else { count })
}

/// The place of a name, if it is there.
pub fn find(body: &[u8], kind: Kind, name: &[u8]) -> Result<Option<Place>> {
    let mut elements = Elements::of(body);
    loop {
        let start = body.len() - elements.left();
        let Some(found) = elements.next_element()? else { return Ok(None) };
        let name_end = body.len() - elements.left();
        let value = if kind == Kind::Hash { elements.next_element()?.unwrap_or_default() } else { b"" };
        if found == name {
            let end = body.len() - elements.left();
            let value = if kind == Kind::Hash { end - value.len()..end } else { name_end..name_end };
            return Ok(Some(Place { whole: start..end, value }));
        }
    }
}

/// Sets a field or adds a member; answers whether it is new.
pub fn set(body: &mut Vec<u8>, kind: Kind, name: &[u8], value: &[u8]) -> Result<bool> {
    let hash = kind == Kind::Hash;
    match find(body, kind, name)? {
        Some(_) if !hash => Ok(false),
        Some(place) => {
            let mut element = Vec::with_capacity(name.len() + value.len() + 4);
            push_element(&mut element, name);
            push_element(&mut element, value);
            body.splice(place.whole, element);
            Ok(false)
        }
        None => {
            push_element(body, name);
            if hash {
                push_element(body, value);
            }
            Ok(true)
        }
    }
}

/// Removes a field or member; answers whether it was there.
pub fn remove(body: &mut Vec<u8>, kind: Kind, name: &[u8]) -> Result<bool> {
    let place = find(body, kind, name)?;
    let there = place.is_some();
    if let Some(place) = place {
        body.drain(place.whole);
    }
    Ok(there)
}

/// Calls `visit` for each field or member in the order they came.
pub fn each(body: &[u8], kind: Kind, visit: &mut Visit<'_>) -> Result<()> {
    let mut elements = Elements::of(body);
    while let Some(name) = elements.next_element()? {
        let value = if kind == Kind::Hash { elements.next_element()?.unwrap_or_default() } else { b"" };
        if visit(name, value).is_break() {
            break;
        }
    }
    Ok(())
}
