//! Aggregates and the keys they are grouped by.
//!
//! An item without an aggregate is a grouping key. What stands beside an aggregate in an item must be
//! constant within a group: a constant, or a key that is a variable or a property (CIP2021-07-07).

use super::scope::Scope;
use crate::ast::graph::{Expr, ExprKind, Pattern, ProjectionItem};
use crate::graph::eval::{for_each_child, without_spans};
use crate::graph::functions;
use crate::graph::{Detail, Error, Result};

/// Is the expression itself the call of an aggregate?
pub(super) fn is_aggregate(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::CountStar => true,
        ExprKind::Function { name, .. } => functions::find(name).is_some_and(|signature| signature.aggregate.is_some()),
        _ => false,
    }
}

/// Is there an aggregate anywhere in it? Subqueries group for themselves.
pub(super) fn has_aggregate(expr: &Expr) -> bool {
    is_aggregate(expr) || {
        let mut found = false;
        for_each_child(expr, &mut |child| found = found || has_aggregate(child));
        found
    }
}

/// The items of a projection, compared by shape.
pub(super) struct Projected {
    /// Grouping keys, or all items if nothing is aggregated.
    keys: Vec<Expr>,
    /// Aggregates, alone or within items, and the items they stand in.
    aggregates: Vec<Expr>,
}

impl Projected {
    pub(super) fn of(items: &[ProjectionItem]) -> Self {
        let (mut keys, mut aggregates) = (Vec::new(), Vec::new());
        for item in items {
            if has_aggregate(&item.expr) {
                collect_aggregates(&item.expr, &mut aggregates);
                aggregates.push(without_spans(&item.expr));
            } else {
                keys.push(without_spans(&item.expr));
            }
        }
        Projected { keys, aggregates }
    }

    fn is_key(&self, expr: &Expr) -> bool {
        !self.keys.is_empty() && self.keys.contains(&without_spans(expr))
    }

    /// Is it projected as a whole, as a key or an aggregate?
    pub(super) fn is_projected(&self, expr: &Expr) -> bool {
        self.is_key(expr) || self.is_projected_aggregate(expr)
    }

    fn is_projected_aggregate(&self, expr: &Expr) -> bool {
        self.aggregates.contains(&without_spans(expr))
    }

    /// Fails if an item that holds an aggregate also holds something that varies within a group.
    /// `star`: all variables of `scope` are keys.
    pub(super) fn check_item(&self, expr: &Expr, star: Option<&Scope>) -> Result<()> {
        if has_aggregate(expr) { self.constant(expr, star, &mut Vec::new()) } else { Ok(()) }
    }

    fn constant(&self, expr: &Expr, star: Option<&Scope>, locals: &mut Vec<String>) -> Result<()> {
        if is_aggregate(expr) {
            return Ok(());
        }
        match &expr.kind {
            ExprKind::Variable(name) => {
                let known = locals.contains(name) || star.is_some_and(|scope| scope.has(name)) || self.is_key(expr);
                return if known { Ok(()) } else { Err(ambiguous(expr)) };
            }
            ExprKind::Property(..) if self.is_key(expr) => return Ok(()),
            _ => {}
        }
        let before = locals.len();
        introduce(expr, locals);
        let mut result = Ok(());
        for_each_child(expr, &mut |child| {
            if result.is_ok() {
                result = self.constant(child, star, locals);
            }
        });
        locals.truncate(before);
        result
    }

    /// An ORDER BY item with an aggregate, behind a projection with aggregates: `new` holds the columns.
    pub(super) fn check_sort(&self, expr: &Expr, new: &Scope) -> Result<()> {
        let simple = matches!(expr.kind, ExprKind::Variable(_) | ExprKind::Property(..));
        if self.is_projected_aggregate(expr) || simple && self.is_key(expr) {
            return Ok(());
        }
        if is_aggregate(expr) {
            let mut result = Ok(());
            for_each_child(expr, &mut |child| {
                if result.is_ok() {
                    result = self.check_sort(child, new);
                }
            });
            return result.and_then(|()| {
                let message = "ORDER BY can only use aggregates that are returned";
                Err(Error::syntax(Detail::InvalidAggregation, message).at(expr.span))
            });
        }
        if let ExprKind::Variable(name) = &expr.kind {
            return new.lookup(name, expr.span).map(drop);
        }
        if !simple && self.is_key(expr) && mentions_variable(expr) {
            return Err(ambiguous(expr));
        }
        let mut result = Ok(());
        for_each_child(expr, &mut |child| {
            if result.is_ok() {
                result = self.check_sort(child, new);
            }
        });
        result
    }
}

fn collect_aggregates(expr: &Expr, aggregates: &mut Vec<Expr>) {
    if is_aggregate(expr) {
        aggregates.push(without_spans(expr));
    } else {
        for_each_child(expr, &mut |child| collect_aggregates(child, aggregates));
    }
}

/// Does the value depend on a variable?
pub(super) fn mentions_variable(expr: &Expr) -> bool {
    let own = matches!(
        expr.kind,
        ExprKind::Variable(_)
            | ExprKind::MapProjection { .. }
            | ExprKind::PatternPredicate(_)
            | ExprKind::PatternComprehension { .. }
            | ExprKind::ShortestPath(_)
            | ExprKind::Exists(_)
            | ExprKind::Count(_)
            | ExprKind::Collect(_)
    );
    own || {
        let mut found = false;
        for_each_child(expr, &mut |child| found = found || mentions_variable(child));
        found
    }
}

/// The variables that an expression introduces for its parts.
fn introduce(expr: &Expr, locals: &mut Vec<String>) {
    match &expr.kind {
        ExprKind::ListComprehension { variable, .. } | ExprKind::Quantifier { variable, .. } => {
            locals.push(variable.text.clone())
        }
        ExprKind::Reduce { accumulator, variable, .. } => {
            locals.extend([accumulator.text.clone(), variable.text.clone()]);
        }
        ExprKind::PatternComprehension { pattern, .. } => locals.extend(pattern_names(pattern)),
        _ => {}
    }
}

fn pattern_names(pattern: &Pattern) -> impl Iterator<Item = String> {
    let nodes = pattern.nodes().flat_map(|node| &node.variable);
    let relationships = pattern.relationships().flat_map(|relationship| &relationship.variable);
    pattern.path.iter().chain(nodes).chain(relationships).map(|name| name.text.clone())
}

fn ambiguous(expr: &Expr) -> Error {
    let message =
        "Aggregation column contains implicit grouping expressions: this part is neither a grouping key nor constant";
    Error::syntax(Detail::AmbiguousAggregationExpression, message)
        .at(expr.span)
        .hint("compute it in a WITH before, or project it as a column of its own")
}
