//! Plans: how a statement will be run.
//!
//! ```text
//! ast ──check──▶ query graph of each MATCH (pattern.rs) ──solve.rs──▶ operators, cheapest end first
//!     └─────────▶ projections, writes, calls (project.rs, write.rs, call.rs) ──▶ operators
//! ```
//!
//! A [`Plan`] is a tree of operators over *slots*, the numbered cells of a row. It borrows nothing and
//! can be opened many times (a subquery is opened for each row); `graph::exec` runs it.

mod call;
mod count;
mod effects;
mod explain;
mod mention;
mod operators;
mod pattern;
mod planner;
mod project;
mod prune;
mod solve;
mod write;

pub use explain::describe;
pub use operators::*;
pub use planner::{Planned, Planner, QueryPlan};

use std::sync::Arc;

/// A cell of a row.
pub type Slot = usize;

/// An operator with its inputs, and what the planner expects of it.
#[derive(Debug)]
pub struct Plan {
    /// Its number in the statement, for counting rows.
    pub id: usize,
    /// What it does.
    pub operator: Operator,
    /// What EXPLAIN prints behind its name.
    pub detail: String,
    /// The number of rows expected.
    pub rows: f64,
    /// How many operators stand one behind the other from here on.
    pub depth: usize,
}

/// A shared plan.
pub type PlanRef = Arc<Plan>;
