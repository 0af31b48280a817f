//! Expressions: compiled once against a [`Scope`], evaluated for every row.
//!
//! * [`compile`](fn@compile): names become slots, constants are built once, calls find their function;
//! * [`evaluate`](fn@evaluate): a row and an [`EvalContext`] give a value;
//! * [`evaluate_predicate`]: the same for WHERE, where only `true` counts;
//! * [`elements`](fn@elements): the elements of a list for UNWIND, lazily;
//! * [`split_aggregates`]: takes the aggregate calls out of an expression for the Aggregate operator.

pub mod access;
mod aggregates;
mod compile;
mod context;
mod elements;
mod evaluate;
pub mod limits;
mod node;
mod operators;
mod scope;
#[cfg(test)]
mod tests;
mod type_test;

pub use aggregates::{
    AggregateCall, contains_aggregate, for_each_child, for_each_child_mut, split_aggregates, without_spans,
};
pub use compile::compile;
pub use context::EvalContext;
pub use elements::{Elements, elements};
pub use evaluate::{evaluate, evaluate_predicate};
pub use node::Compiled;
pub use operators::truth;
pub use scope::{NoSubqueries, Scope, SubqueryCompiler};
pub use type_test::belongs_to;
