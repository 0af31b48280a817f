//! `$sort`: stable; before a `$limit` it holds little more than that many rows.

use super::pipeline::{Compiled, Role, object};
use super::row::{Blocking, Input, Row, pull};
use crate::doc::sort::{SortSpec, Sorter};
use crate::doc::{Context, Result};
use bson::Bson;
use std::collections::VecDeque;
use std::rc::Rc;

pub(super) fn parse(spec: &Bson) -> Result<Compiled> {
    Ok(compiled(SortSpec::of_stage(object(15973, "$sort", spec)?)?, None))
}

/// A `$sort` stage of which only the first `limit` rows are wanted.
pub(super) fn compiled(sort: SortSpec, limit: Option<u64>) -> Compiled {
    let shared = Rc::new(sort.clone());
    Compiled {
        name: "$sort",
        role: Role::Sort(sort),
        build: Rc::new(move |input, variables| match &variables.collation {
            None => sorted(&shared, limit, input),
            collation => sorted(&Rc::new(shared.as_ref().clone().collated(collation.as_ref())), limit, input),
        }),
    }
}

/// The rows of an input in order, the first `limit` of them.
pub(crate) fn sorted(sort: &Rc<SortSpec>, limit: Option<u64>, input: Input) -> Input {
    let sort = Rc::clone(sort);
    Blocking::boxed(input, move |input, cx| run(&sort, limit, input, cx))
}

fn run(sort: &SortSpec, limit: Option<u64>, input: &mut Input, cx: &mut Context<'_>) -> Result<VecDeque<Row>> {
    let mut sorter = Sorter::new(limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX)));
    while let Some(row) = pull(input, cx)? {
        sorter.push(sort.key(&row.document, &row.metadata)?, row);
    }
    Ok(sorter.finish().collect())
}
