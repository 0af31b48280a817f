//! A value as bytes.
//!
//! ```text
//! type u8 ++ content; all integers big-endian, text as length (LEB128) ++ bytes
//!
//! string       its bytes
//! list         elements
//! set          members
//! sorted set   member ++ score (8 bytes), in order
//! hash         field ++ value ++ its end as a text of 8 bytes, empty if it has none
//! stream       see `stream.rs`
//! ```

use super::reader::{Reader, bad_format, check, push_number, push_text};
use super::{Context, Error, Result, stream};
use crate::kv::fields::Fields;
use crate::kv::layout::{Kind, LONGEST_STRING, Row};
use crate::kv::lists::{End, List};
use crate::kv::sorted_sets::{SortedSet, Start};
use crate::storage::Direction;
use std::ops::ControlFlow;

/// The bytes of the value that a row is the head of.
pub fn write(cx: &Context<'_>, key: &[u8], row: Row) -> Result<Vec<u8>> {
    let kind = row.kind();
    let mut content = vec![kind as u8];
    match kind {
        Kind::String => content.extend_from_slice(row.body()),
        Kind::List => {
            if let Some(list) = List::open(cx, key)? {
                list.each(cx, 0, list.len(), Direction::Forward, &mut |_, element| {
                    push_text(&mut content, element);
                    ControlFlow::Continue(())
                })?;
            }
        }
        Kind::Set | Kind::Hash => write_fields(cx, &Fields::of_row(cx, row)?, kind, &mut content)?,
        Kind::SortedSet => {
            SortedSet::of_row(row)?.each_from(cx, Start::End, Direction::Forward, &mut |member, score| {
                push_text(&mut content, member);
                push_number(&mut content, score.to_bits());
                ControlFlow::Continue(())
            })?;
        }
        Kind::Stream => stream::write(cx, key, &mut content)?,
    }
    Ok(content)
}

fn write_fields(cx: &Context<'_>, fields: &Fields, kind: Kind, content: &mut Vec<u8>) -> Result<()> {
    for (name, value) in fields.all(cx)? {
        push_text(content, &name);
        if kind == Kind::Hash {
            push_text(content, &value);
            let end = fields.end_of(cx, &name)?.flatten();
            push_text(content, end.map(i64::to_be_bytes).as_ref().map_or(&[], |end| end));
        }
    }
    Ok(())
}

/// Makes the value that the bytes say under a key that is not there.
pub fn read(cx: &mut Context<'_>, key: &[u8], content: &[u8]) -> Result<()> {
    let (&kind, content) = content.split_first().ok_or_else(bad_format)?;
    let kinds = [Kind::String, Kind::List, Kind::Set, Kind::SortedSet, Kind::Hash, Kind::Stream];
    let kind = kinds.into_iter().find(|&known| known as u8 == kind).ok_or_else(bad_format)?;
    check(!content.is_empty() || kind == Kind::String)?;
    let mut from = Reader::of(content);
    match kind {
        Kind::String if content.len() > LONGEST_STRING => Err(Error::string_too_long()),
        Kind::String => cx.write_string(key, None, content, None),
        Kind::List => {
            let mut list = List::new(None);
            while !from.is_empty() {
                list.push(cx, End::Tail, from.text()?)?;
            }
            list.save_new(cx, key)
        }
        Kind::Set | Kind::Hash => read_fields(cx, key, kind, &mut from),
        Kind::SortedSet => {
            let mut set = SortedSet::new(None);
            while !from.is_empty() {
                let (member, score) = (from.text()?, f64::from_bits(from.number()?));
                check(!score.is_nan() && set.score(cx, member)?.is_none())?;
                set.set(cx, member, None, score)?;
            }
            set.save_new(cx, key)
        }
        Kind::Stream => stream::read(cx, key, &mut from),
    }
}

fn read_fields(cx: &mut Context<'_>, key: &[u8], kind: Kind, from: &mut Reader<'_>) -> Result<()> {
    let mut fields = Fields::new(kind, None);
    while !from.is_empty() {
        let name = from.text()?;
        let value = if kind == Kind::Hash { from.text()? } else { b"" };
        check(fields.set(cx, name, value)?)?;
        if kind != Kind::Hash {
            continue;
        }
        let end = from.text()?;
        if !end.is_empty() {
            let end = Reader::of(end).number()?.cast_signed();
            check(end >= 0)?;
            fields.set_end(cx, name, Some(end))?;
        }
    }
    fields.save_new(cx, key)
}
