//! mongosh calls.

use super::script::{Expression, Script};
use crate::text::Span;
use bson::Bson;

/// A document statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// `show dbs`, `show collections` …: the second word, in lower case.
    Show(String),
    /// `use NAME`.
    Use(String),
    /// `it`: the next batch of the last cursor.
    It,
    /// `db.coll.method(…).method(…)`, run by the engine alone.
    Chain(Chain),
    /// Everything else.
    Script(Script),
}

/// A chain of calls on the database or on a collection.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// The collection (`db.users`, `db["users"]`, `db.getCollection("users")`); `None` for `db` itself.
    /// Dots belong to the name (`db.system.users.find()` is the collection `system.users`).
    pub collection: Option<String>,
    /// The calls, from left to right; empty for a bare `db` or `db.users`.
    pub calls: Vec<Call>,
    /// The whole chain.
    pub span: Span,
}

/// One call of a chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The method's name as typed.
    pub method: String,
    /// Its arguments.
    pub args: Vec<Expression>,
    /// The method's name.
    pub span: Span,
}

/// A chain whose arguments are values.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolvedChain {
    /// As in [`Chain`].
    pub collection: Option<String>,
    /// The calls.
    pub calls: Vec<ResolvedCall>,
    /// The whole chain.
    pub span: Span,
}

/// A call whose arguments are values.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolvedCall {
    /// The method's name as typed.
    pub method: String,
    /// Its arguments.
    pub args: Vec<Bson>,
    /// The method's name.
    pub span: Span,
}

/// Methods of a cursor that ask for more or less of the documents, before the first is read
/// (mongosh's manual, "Cursor Methods").
pub const CURSOR_MODIFIERS: &[&str] = &[
    "sort",
    "limit",
    "skip",
    "projection",
    "project",
    "hint",
    "min",
    "max",
    "collation",
    "comment",
    "allowDiskUse",
    "maxTimeMS",
    "maxAwaitTimeMS",
    "readConcern",
    "readPref",
    "setReadPreference",
    "noCursorTimeout",
    "tailable",
    "allowPartialResults",
    "addOption",
    "batchSize",
    "returnKey",
    "showRecordId",
    "showDiskLoc",
    "pretty",
    "disableBlockWarnings",
];

/// Methods of a cursor that read it, or tell how far it was read.
pub const CURSOR_READERS: &[&str] = &[
    "toArray",
    "forEach",
    "map",
    "hasNext",
    "next",
    "tryNext",
    "count",
    "size",
    "itcount",
    "length",
    "explain",
    "getQueryPlan",
    "close",
    "isClosed",
    "isExhausted",
    "objsLeftInBatch",
];
