//! What flows through a pipeline, and the iterators that it flows through.

use crate::doc::expression::{Metadata, Variables};
use crate::doc::path::Position;
use crate::doc::{Context, Result};
use crate::value::body::Body;
use bson::Document;
use std::collections::VecDeque;

/// A document on its way through a pipeline.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    /// The document.
    pub document: Body,
    /// What is known about it beside its fields.
    pub metadata: Metadata,
    /// Where in an array the filter found it, for the positional operator `$`.
    pub position: Position,
}

impl From<Document> for Row {
    fn from(document: Document) -> Self {
        Row { document: document.into(), ..Row::default() }
    }
}

/// A stage at work: rows are pulled from it one by one. It borrows the transaction only while it
/// is asked, so that stages may read other collections and write.
pub(crate) trait Stage {
    /// The next row, `None` at the end.
    fn next(&mut self, cx: &mut Context<'_>) -> Result<Option<Row>>;
}

/// The stage before.
pub(crate) type Input = Box<dyn Stage>;

/// Rows that are there already.
pub(crate) struct Rows(pub VecDeque<Row>);

impl Rows {
    /// A source of these rows.
    pub fn boxed(rows: impl IntoIterator<Item = Row>) -> Input {
        Box::new(Rows(rows.into_iter().collect()))
    }
}

impl Stage for Rows {
    fn next(&mut self, _: &mut Context<'_>) -> Result<Option<Row>> {
        Ok(self.0.pop_front())
    }
}

/// Rows that were spooled.
pub(crate) struct Spun(crate::doc::spill::Reader);

impl Spun {
    /// A source of these rows.
    pub fn boxed(rows: &crate::doc::spill::Spooled) -> Input {
        Box::new(Spun(rows.rows()))
    }
}

impl Stage for Spun {
    fn next(&mut self, _: &mut Context<'_>) -> Result<Option<Row>> {
        self.0.next()
    }
}

/// A stage that makes one row, or none, of each.
pub(crate) struct Mapped<F> {
    input: Input,
    function: F,
}

impl<F: FnMut(Row) -> Result<Option<Row>> + 'static> Mapped<F> {
    /// Applies `function` to each row.
    pub fn boxed(input: Input, function: F) -> Input {
        Box::new(Mapped { input, function })
    }
}

impl<F: FnMut(Row) -> Result<Option<Row>>> Stage for Mapped<F> {
    fn next(&mut self, cx: &mut Context<'_>) -> Result<Option<Row>> {
        while let Some(row) = pull(&mut self.input, cx)? {
            if let Some(row) = (self.function)(row)? {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }
}

/// A stage that must see all its input before it answers.
pub(crate) struct Blocking<F> {
    input: Option<(Input, F)>,
    output: VecDeque<Row>,
}

impl<F: FnOnce(&mut Input, &mut Context<'_>) -> Result<VecDeque<Row>> + 'static> Blocking<F> {
    /// Runs `function` on the whole input at the first pull.
    pub fn boxed(input: Input, function: F) -> Input {
        Box::new(Blocking { input: Some((input, function)), output: VecDeque::new() })
    }
}

impl<F: FnOnce(&mut Input, &mut Context<'_>) -> Result<VecDeque<Row>>> Stage for Blocking<F> {
    fn next(&mut self, cx: &mut Context<'_>) -> Result<Option<Row>> {
        if let Some((mut input, function)) = self.input.take() {
            self.output = function(&mut input, cx)?;
        }
        Ok(self.output.pop_front())
    }
}

/// The next row, unless the user has asked to stop.
pub(crate) fn pull(input: &mut Input, cx: &mut Context<'_>) -> Result<Option<Row>> {
    cx.tx.check_interrupt()?;
    input.next(cx)
}

/// All rows.
pub(crate) fn drain(input: &mut Input, cx: &mut Context<'_>) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    while let Some(row) = pull(input, cx)? {
        rows.push(row);
    }
    Ok(rows)
}

/// The variables as an expression sees them at one row.
pub(crate) struct Variation(Variables);

impl Variation {
    /// Of a pipeline's variables.
    pub fn new(variables: &Variables) -> Self {
        Variation(variables.clone())
    }

    /// With the row's metadata.
    pub fn at(&mut self, row: &Row) -> &Variables {
        self.0.metadata.clone_from(&row.metadata);
        &self.0
    }
}
