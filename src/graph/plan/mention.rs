//! Which variables an expression mentions.

use super::Slot;
use crate::ast::graph::{Expr, ExprKind, MapProjectionItem, Pattern, Subquery};
use crate::graph::eval::{Scope, for_each_child};
use crate::graph::functions::{self, Group};
use std::collections::BTreeSet;

/// Names mentioned by an expression. Names of inner variables are among them: the answer is used to
/// say when an expression can be evaluated, and a name too many only makes that later.
#[derive(Debug, Clone, Default)]
pub struct Mentions {
    /// The names.
    pub names: BTreeSet<String>,
    /// It holds a whole query: anything may be mentioned.
    pub anything: bool,
    /// It mentions parameters.
    pub parameters: bool,
}

impl Mentions {
    /// What `expr` mentions.
    pub fn of(expr: &Expr) -> Self {
        let mut mentions = Mentions::default();
        mentions.expr(expr);
        mentions
    }

    /// Adds what a pattern mentions.
    pub fn pattern(&mut self, pattern: &Pattern) {
        self.names.extend(pattern.path.iter().map(|name| name.text.clone()));
        let node = |node: &crate::ast::graph::NodePattern, mentions: &mut Self| {
            mentions.names.extend(node.variable.iter().map(|name| name.text.clone()));
            node.labels.iter().for_each(|labels| labels.expressions(&mut |expr| mentions.expr(expr)));
            node.properties.iter().chain(node.filter.as_deref()).for_each(|expr| mentions.expr(expr));
        };
        pattern.nodes().for_each(|pattern| node(pattern, self));
        for relationship in pattern.relationships() {
            self.names.extend(relationship.variable.iter().map(|name| name.text.clone()));
            relationship.types.iter().for_each(|types| types.expressions(&mut |expr| self.expr(expr)));
            relationship.properties.iter().chain(relationship.filter.as_deref()).for_each(|expr| self.expr(expr));
        }
        pattern.quantified().for_each(|part| self.pattern(&part.inner));
        pattern.filter.iter().for_each(|expr| self.expr(expr));
    }

    /// The only variable of a scope that an expression depends on, if it depends on nothing else and
    /// gives the same for the same value each time.
    pub fn only_variable(expr: &Expr, scope: &Scope) -> Option<Slot> {
        let mentions = Mentions::of(expr);
        if mentions.anything || !is_steady(expr) {
            return None;
        }
        let mut slots = mentions.names.iter().filter_map(|name| scope.slot(name));
        match (slots.next(), slots.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Variable(name) => {
                self.names.insert(name.clone());
            }
            ExprKind::Parameter(_) => self.parameters = true,
            ExprKind::MapProjection { subject, items } => {
                self.names.insert(subject.text.clone());
                for item in items {
                    if let MapProjectionItem::Variable(name) = item {
                        self.names.insert(name.text.clone());
                    }
                }
            }
            ExprKind::PatternPredicate(pattern) | ExprKind::ShortestPath(pattern) => self.pattern(pattern),
            ExprKind::PatternComprehension { pattern, filter, map } => {
                self.pattern(pattern);
                filter.iter().chain([map]).for_each(|expr| self.expr(expr));
            }
            ExprKind::Exists(subquery) | ExprKind::Count(subquery) => match &**subquery {
                Subquery::Pattern { patterns, filter } => {
                    patterns.iter().for_each(|pattern| self.pattern(pattern));
                    filter.iter().for_each(|expr| self.expr(expr));
                }
                Subquery::Query(_) => self.anything = true,
            },
            ExprKind::Collect(_) => self.anything = true,
            _ => {}
        }
        for_each_child(expr, &mut |child| self.expr(child));
    }
}

/// Whether equal inputs give equal values throughout a statement, without a look at further parts of the graph.
fn is_steady(expr: &Expr) -> bool {
    let own = match &expr.kind {
        ExprKind::Function { name, .. } => {
            functions::find(name).is_some_and(|function| function.deterministic && function.group != Group::LoadCsv)
        }
        ExprKind::PatternPredicate(_)
        | ExprKind::ShortestPath(_)
        | ExprKind::PatternComprehension { .. }
        | ExprKind::Exists(_)
        | ExprKind::Count(_)
        | ExprKind::Collect(_) => false,
        _ => true,
    };
    let mut steady = own;
    for_each_child(expr, &mut |child| steady = steady && is_steady(child));
    steady
}
