//! `$sample`: so many rows by chance.

use super::limit::whole;
use super::pipeline::{Compiled, known_fields, object};
use super::row::{Blocking, Row, pull};
use crate::doc::{Code, Error, Result};
use bson::Bson;

pub(super) fn parse(spec: &Bson) -> Result<Compiled> {
    let document = object(28745, "$sample", spec)?;
    known_fields(28748, "$sample", document, &["size"])?;
    let size =
        document.get("size").ok_or_else(|| Error::new(Code::Location(28749), "$sample stage must specify a size"))?;
    let size = whole("$sample", 28746, size)?;
    if size == 0 {
        return Err(Error::new(Code::Location(28747), "size argument to $sample must be a positive integer"));
    }
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    Ok(Compiled::other("$sample", move |input, _| {
        Blocking::boxed(input, move |input, cx| {
            // A reservoir: each row replaces a kept one with falling probability.
            let mut kept: Vec<Row> = Vec::new();
            let mut seen = 0usize;
            while let Some(row) = pull(input, cx)? {
                seen += 1;
                if kept.len() < size {
                    kept.push(row);
                } else if let Some(slot) = kept.get_mut(fastrand::usize(0..seen)) {
                    *slot = row;
                }
            }
            fastrand::shuffle(&mut kept);
            Ok(kept.into())
        })
    }))
}
