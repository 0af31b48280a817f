//! The semantic check: all that can be known to be wrong before a statement runs.
//!
//! It walks the clauses with the variables in scope and what is known of their types
//! (openCypher 9, "Variables", "Aggregation", "Type system"; CIP2021-07-07 for grouping keys):
//!
//! - `query`: the order of clauses, UNION, subqueries;
//! - `pattern`: what MATCH, CREATE, MERGE and pattern expressions may introduce and use;
//! - `projection`: WITH and RETURN, ORDER BY, SKIP and LIMIT; `grouping`: aggregates and keys;
//! - `expression`, `operator`, `function`: the types of expressions;
//! - `procedure`: CALL.

mod expression;
mod function;
mod grouping;
mod operator;
mod pattern;
mod procedure;
mod projection;
mod query;
mod scope;
mod types;
mod update;

use std::collections::BTreeMap;

pub use procedure::{Input, Output, Procedure};

use crate::ast::graph::{ProcedureCall, Query, Statement};
use crate::graph::Result;
use crate::value::graph::Value;

/// What a query is checked against.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The values of `$name`.
    pub parameters: &'a BTreeMap<String, Value>,
    /// The procedure that a call means.
    pub procedure: &'a dyn Fn(&ProcedureCall) -> Option<Procedure>,
}

/// Finds what is wrong with a statement before it runs.
pub fn check(statement: &Statement, context: Context<'_>) -> Result<()> {
    match statement {
        Statement::Query(query) => check_query(query, context),
        _ => Ok(()),
    }
}

/// Finds what is wrong with a query before it runs.
pub fn check_query(query: &Query, context: Context<'_>) -> Result<()> {
    Checker { context }.statement(query)
}

/// The walk over one query.
#[derive(Clone, Copy)]
struct Checker<'a> {
    context: Context<'a>,
}

#[cfg(test)]
mod tests;
