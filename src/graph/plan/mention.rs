//! Which variables an expression mentions.

use crate::ast::graph::{Expr, ExprKind, MapProjectionItem, Pattern, Subquery};
use crate::graph::eval::for_each_child;
use std::collections::BTreeSet;

/// Names mentioned by an expression. Names of inner variables are among them: the answer is used to
/// say when an expression can be evaluated, and a name too many only makes that later.
#[derive(Debug, Clone, Default)]
pub struct Mentions {
    /// The names.
    pub names: BTreeSet<String>,
    /// It holds a whole query: anything may be mentioned.
    pub anything: bool,
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

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Variable(name) => {
                self.names.insert(name.clone());
            }
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
