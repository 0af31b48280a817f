//! `$sort`: stable; before a `$limit` it holds little more than that many rows, and never more than its memory.

use super::pipeline::{Compiled, Role, object};
use super::row::{Input, Row, Stage, pull};
use crate::doc::sort::SortSpec;
use crate::doc::spill::{Part, Sorted, Sorter};
use crate::doc::{Context, Result};
use bson::Bson;
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
            None => sorted(&shared, limit, input, variables.disk),
            collation => {
                let sort = Rc::new(shared.as_ref().clone().collated(collation.as_ref()));
                sorted(&sort, limit, input, variables.disk)
            }
        }),
    }
}

/// The rows of an input in order, the first `limit` of them.
pub(crate) fn sorted(sort: &Rc<SortSpec>, limit: Option<u64>, input: Input, disk: bool) -> Input {
    Box::new(Sort { sort: Rc::clone(sort), limit, disk, input: Some(input), output: None })
}

struct Sort {
    sort: Rc<SortSpec>,
    limit: Option<u64>,
    disk: bool,
    /// Until it has been read.
    input: Option<Input>,
    output: Option<Sorted>,
}

impl Stage for Sort {
    fn next(&mut self, cx: &mut Context<'_>) -> Result<Option<Row>> {
        if let Some(mut input) = self.input.take() {
            let mut sorter = Sorter::new("$sort", cx.memory.budget(Part::Sort, self.disk), self.limit);
            let mut key = Vec::new();
            while let Some(row) = pull(&mut input, cx)? {
                key.clear();
                self.sort.push_key((&row.document).into(), &row.metadata, &mut key)?;
                sorter.push(&key, &row)?;
            }
            self.output = Some(sorter.finish()?);
        }
        match &mut self.output {
            Some(output) => output.next_row(),
            None => Ok(None),
        }
    }
}
