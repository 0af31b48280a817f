//! An answer that is read document by document.

use super::aggregate::row::{Input, pull};
use super::{Context, Result, command};
use crate::ast::doc::ResolvedChain;
use crate::reply::Stream;
use bson::Document;

/// An open query or pipeline. It borrows nothing between two documents, so that it may be read across statements
/// and while others write.
pub struct Cursor {
    /// `None` at its end.
    top: Option<Input>,
}

impl Cursor {
    /// Opens what a chain of calls asks for: `find` or `aggregate`, and what is asked of them.
    ///
    /// # Errors
    /// What is wrong with the query.
    pub fn open(cx: &mut Context<'_>, chain: &ResolvedChain) -> Result<Cursor> {
        Ok(Cursor { top: Some(command::open(cx, chain)?) })
    }

    /// The next document, `None` at the end.
    ///
    /// # Errors
    /// What the query says of its documents; it has then ended.
    pub fn next(&mut self, cx: &mut Context<'_>) -> Result<Option<Document>> {
        let Some(top) = &mut self.top else { return Ok(None) };
        let row = pull(top, cx);
        if !matches!(row, Ok(Some(_))) {
            self.top = None;
        }
        Ok(row?.map(|row| row.document.into_document()))
    }

    /// The documents that are left, while nothing else uses the transaction.
    pub fn into_stream(self, cx: Context<'_>) -> Stream<'_, Document> {
        match self.top {
            Some(top) => super::aggregate::stream(cx, top),
            None => Box::new(std::iter::empty()),
        }
    }

    /// Whether its end has been reached.
    pub fn is_at_end(&self) -> bool {
        self.top.is_none()
    }

    /// Ends it.
    pub fn close(&mut self) {
        self.top = None;
    }
}

impl std::fmt::Debug for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cursor").field("is_at_end", &self.is_at_end()).finish()
    }
}
