//! Rows as bytes.
//!
//! ```text
//! row = flags u8, [text score f64], [distance f64], [point: length u32, BSON], [record u64], [position u64], document
//! ```

use crate::doc::Result;
use crate::doc::aggregate::row::Row;
use crate::doc::expression::Metadata;
use crate::doc::layout::damaged;
use crate::value::body::{Body, SharedBytes};
use crate::value::raw::RawDocument;
use bson::doc;
use std::rc::Rc;

const TEXT_SCORE: u8 = 1;
const DISTANCE: u8 = 2;
const POINT: u8 = 4;
const RECORD: u8 = 8;
const POSITION: u8 = 16;

/// Appends a row.
pub fn push(row: &Row, out: &mut Vec<u8>) {
    let at = out.len();
    let mut flags = 0;
    out.push(0);
    let Metadata { text_score, geo_distance, geo_point, record } = &row.metadata;
    for (flag, number) in [(TEXT_SCORE, text_score), (DISTANCE, geo_distance)] {
        if let Some(number) = number {
            flags |= flag;
            out.extend_from_slice(&number.to_le_bytes());
        }
    }
    if let Some(bytes) = geo_point.as_ref().and_then(|point| doc! { "p": point.clone() }.to_vec().ok()) {
        flags |= POINT;
        out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        out.extend_from_slice(&bytes);
    }
    for (flag, number) in [(RECORD, *record), (POSITION, row.position.map(|at| at as u64))] {
        if let Some(number) = number {
            flags |= flag;
            out.extend_from_slice(&number.to_le_bytes());
        }
    }
    out.extend_from_slice(&row.document.bytes());
    if let Some(place) = out.get_mut(at) {
        *place = flags;
    }
}

/// The row that a part of a page is; its document stays there.
///
/// # Errors
/// The bytes are no row.
pub fn row(page: &Rc<Vec<u8>>, start: usize, end: usize) -> Result<Row> {
    let broken = || damaged("a temporary file");
    let mut rest = page.get(start..end).ok_or_else(broken)?;
    let flags = *rest.first().ok_or_else(broken)?;
    rest = &rest[1..];
    let mut take = |count: usize| -> Result<&[u8]> {
        let (head, tail) = rest.split_at_checked(count).ok_or_else(broken)?;
        rest = tail;
        Ok(head)
    };
    let mut number = |flag: u8| -> Result<Option<u64>> {
        if flags & flag == 0 {
            return Ok(None);
        }
        let bytes = <[u8; 8]>::try_from(take(8)?).map_err(|_| broken())?;
        Ok(Some(u64::from_le_bytes(bytes)))
    };
    let text_score = number(TEXT_SCORE)?.map(f64::from_bits);
    let geo_distance = number(DISTANCE)?.map(f64::from_bits);
    let mut geo_point = None;
    if flags & POINT != 0 {
        let length = <[u8; 4]>::try_from(take(4)?).map_err(|_| broken())?;
        let bytes = take(u32::from_le_bytes(length) as usize)?;
        geo_point = RawDocument::new(bytes).to_document().remove("p");
    }
    let mut number = |flag: u8| -> Result<Option<u64>> {
        if flags & flag == 0 {
            return Ok(None);
        }
        let bytes = <[u8; 8]>::try_from(take(8)?).map_err(|_| broken())?;
        Ok(Some(u64::from_le_bytes(bytes)))
    };
    let record = number(RECORD)?;
    let position = number(POSITION)?.map(|at| at as usize);
    let document = end - rest.len();
    Ok(Row {
        document: Body::Stored(SharedBytes::new(page, document, end)),
        metadata: Metadata { text_score, geo_distance, geo_point, record },
        position,
    })
}
