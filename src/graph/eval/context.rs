//! What an expression asks of its surroundings while it is evaluated.

use crate::graph::Result;
use crate::graph::store::TokenRef;
use crate::value::graph::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The door from an expression to the graph, the parameters and the clock of its statement.
///
/// All methods take `&self`: evaluation only reads. Reading a deleted entity is the implementor's
/// `EntityNotFound` error.
pub trait EvalContext {
    /// The value of `$name`; `None` if it was not given.
    fn parameter(&self, name: &str) -> Option<&Value>;

    /// One property of a node; null if it has none of that name.
    fn node_property(&self, id: u64, key: &TokenRef) -> Result<Value>;

    /// One property of a relationship; null if it has none of that name.
    fn relationship_property(&self, id: u64, key: &TokenRef) -> Result<Value>;

    /// All properties of a node.
    fn node_properties(&self, id: u64) -> Result<BTreeMap<String, Value>>;

    /// All properties of a relationship.
    fn relationship_properties(&self, id: u64) -> Result<BTreeMap<String, Value>>;

    /// The labels of a node, in the order they were given.
    fn labels(&self, id: u64) -> Result<Vec<String>>;

    /// Whether a node has a label.
    fn has_label(&self, id: u64, label: &TokenRef) -> Result<bool>;

    /// The type of a relationship; works for a deleted one too.
    fn relationship_type(&self, id: u64) -> Result<Arc<str>>;

    /// The nodes a relationship leaves and enters.
    fn endpoints(&self, id: u64) -> Result<(u64, u64)>;

    /// When the statement began: milliseconds since 1970-01-01T00:00Z.
    fn now_ms(&self) -> i64;

    /// When the transaction began: milliseconds since 1970-01-01T00:00Z.
    fn transaction_ms(&self) -> i64 {
        self.now_ms()
    }

    /// The file that LOAD CSV reads, as it is opened, and the line of the record that it has read last.
    fn csv_place(&self) -> Option<(Arc<str>, u64)> {
        None
    }

    /// A random number, 0 ≤ x < 1.
    fn random(&self) -> f64;

    /// Runs the sub-plan that [`SubqueryCompiler::subquery`](super::SubqueryCompiler::subquery)
    /// answered `handle` for. `row` holds the slots of the scope that it was compiled with: those of
    /// the row, behind them the local variables of enclosing comprehensions.
    ///
    /// Answers a boolean for pattern predicates and EXISTS, an integer for COUNT, a list for COLLECT,
    /// pattern comprehensions and `allShortestPaths`, a path or null for `shortestPath`.
    fn run_subquery(&self, handle: usize, row: &[Value]) -> Result<Value>;

    /// Fails if the user asked to stop; called now and then by long evaluations.
    fn check_interrupt(&self) -> Result<()>;
}
