//! Names and the slots of a row that hold their values.

use crate::ast::graph::Expr;
use crate::graph::Result;
use std::collections::HashMap;

/// Which slot of a row holds which variable.
///
/// Slots are numbered from 0; the width is the length of the rows. A scope handed to a
/// [`SubqueryCompiler`] has further slots behind the row's own for the local variables of enclosing
/// comprehensions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope {
    slots: HashMap<String, usize>,
    width: usize,
}

impl Scope {
    /// No variables.
    pub fn new() -> Self {
        Scope::default()
    }

    /// The slot of a variable.
    pub fn slot(&self, name: &str) -> Option<usize> {
        self.slots.get(name).copied()
    }

    /// How long the rows are.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Gives a variable a new slot at the end of the row, hiding a variable of the same name.
    pub fn add(&mut self, name: impl Into<String>) -> usize {
        let slot = self.width;
        self.slots.insert(name.into(), slot);
        self.width += 1;
        slot
    }

    /// Makes a variable stand for an existing slot.
    pub fn bind(&mut self, name: impl Into<String>, slot: usize) {
        self.slots.insert(name.into(), slot);
        self.width = self.width.max(slot + 1);
    }

    /// Takes a name away; its slot stays.
    pub fn remove(&mut self, name: &str) {
        self.slots.remove(name);
    }

    /// Reserves a slot that no name stands for.
    pub fn add_hidden(&mut self) -> usize {
        self.width += 1;
        self.width - 1
    }

    /// The names and their slots, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, usize)> {
        self.slots.iter().map(|(name, &slot)| (name.as_str(), slot))
    }
}

impl<S: Into<String>> FromIterator<S> for Scope {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut scope = Scope::new();
        for name in names {
            scope.add(name);
        }
        scope
    }
}

/// Turns the parts of an expression that match patterns or run queries into sub-plans.
pub trait SubqueryCompiler {
    /// Compiles an expression of the kinds PatternPredicate, PatternComprehension, ShortestPath,
    /// Exists, Count or Collect; answers the handle that
    /// [`EvalContext::run_subquery`](super::EvalContext::run_subquery) is called with. Calls of
    /// `size((a)--(b))` arrive as Count.
    fn subquery(&mut self, expr: &Expr, scope: &Scope) -> Result<usize>;
}

/// A compiler for expressions without patterns and queries inside: it refuses them.
#[derive(Debug, Default)]
pub struct NoSubqueries;

impl SubqueryCompiler for NoSubqueries {
    fn subquery(&mut self, expr: &Expr, _scope: &Scope) -> Result<usize> {
        Err(crate::graph::Error::syntax(
            crate::graph::Detail::UnexpectedSyntax,
            "A pattern or a subquery cannot stand here",
        )
        .at(expr.span))
    }
}
