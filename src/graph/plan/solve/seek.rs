//! The cheapest way to find a node: by its id, by an index, by its label.

use super::show::display;
use super::{Solver, is_variable};
use crate::ast::graph::{BinaryOp, CompareOp, Expr, ExprKind};
use crate::graph::Result;
use crate::graph::plan::mention::Mentions;
use crate::graph::plan::operators::NodeSource;
use crate::graph::store::{Counted, Index, TokenKind};
use std::sync::Arc;

/// How a node could be found.
pub(super) struct Found {
    /// The rows expected.
    pub(super) rows: f64,
    /// From where.
    pub(super) source: NodeSource,
    /// For people.
    pub(super) detail: String,
    /// The places of predicates that the source answers for.
    pub(super) used: Vec<usize>,
}

impl Solver<'_, '_> {
    /// The cheapest way to find a node by itself.
    pub(super) fn node_source(&mut self, name: &str) -> Result<Found> {
        let shown = display(name);
        if self.planner.plain {
            return Ok(Found { rows: self.nodes_in_all, source: NodeSource::All, detail: shown, used: Vec::new() });
        }
        if let Some(id) = self.id_predicate(name) {
            let id = self.planner.compile(&id, &self.scope)?;
            return Ok(Found { rows: 1.0, source: NodeSource::Id(id), detail: shown, used: Vec::new() });
        }
        let mut best =
            Found { rows: self.nodes_in_all, source: NodeSource::All, detail: shown.clone(), used: Vec::new() };
        for label in self.labels_of(name) {
            let count = self.planner.label_count(&label)?;
            if count < best.rows || matches!(best.source, NodeSource::All) {
                let source = NodeSource::Label(Arc::from(label.as_str()));
                best = Found { rows: count, source, detail: format!("{shown}:{label}"), used: Vec::new() };
            }
            let Some(token) = self.planner.tokens.id(self.planner.tx, TokenKind::Label, &label)? else { continue };
            let wanted = |index: &&Index| !index.on_relationships && index.token == token;
            let indexes: Vec<Index> = self.planner.indexes.iter().filter(wanted).cloned().collect();
            for index in indexes {
                if let Some(found) = self.seek(name, &label, &index, count)?
                    // Of a label without nodes there may be some by the time that this runs.
                    && found.rows <= best.rows.max(1.0)
                {
                    best = Found { detail: format!("{shown}:{label}({})", found.detail), ..found };
                }
            }
        }
        Ok(best)
    }

    /// `id(n) = x`, `id(n) IN list`, `elementId(n) = x`
    pub(super) fn id_predicate(&self, name: &str) -> Option<Expr> {
        let is_id = |expr: &Expr| match &expr.kind {
            ExprKind::Function { name: function, args, .. } => {
                (function.eq_ignore_ascii_case("id") || function.eq_ignore_ascii_case("elementId"))
                    && args.len() == 1
                    && is_variable(&args[0], name)
            }
            _ => false,
        };
        self.predicates.iter().find_map(|(expr, _)| {
            let value = match &expr.kind {
                ExprKind::Comparison(left, rest) => match rest.as_slice() {
                    [(CompareOp::Eq, right)] if is_id(left) => right,
                    [(CompareOp::Eq, right)] if is_id(right) => left,
                    _ => return None,
                },
                ExprKind::Binary(BinaryOp::In, left, right) if is_id(left) => right,
                _ => return None,
            };
            self.is_ready(&Mentions::of(value)).then(|| value.clone())
        })
    }

    /// How an index could find a node or relationship of `count`; the detail names the keys.
    pub(super) fn seek(&mut self, name: &str, label: &str, index: &Index, count: f64) -> Result<Option<Found>> {
        let mut keys = Vec::new();
        for &key in &index.keys {
            keys.push(self.planner.tokens.name(self.planner.tx, TokenKind::Key, key)?);
        }
        let Some(first) = keys.first().cloned() else { return Ok(None) };
        // What lacks one of the properties is not in the index.
        if keys.len() > 1 && !keys.iter().all(|key| self.is_demanded(name, key)) {
            return Ok(None);
        }
        let entries = self.planner.count(Counted::IndexEntries(index.id))?.min(count).max(1.0);
        let distinct = self.planner.count(Counted::IndexKeys(index.id))?.max(1.0);
        let found = |rows: f64, source: NodeSource, detail: String| {
            Some(Found { rows: rows.max(1.0).min(count.max(1.0)), source, detail, used: Vec::new() })
        };
        let (mut values, mut used) = (Vec::new(), Vec::new());
        for key in &keys {
            let Some((value, at)) = self.comparand(name, key, CompareOp::Eq) else { break };
            values.push(self.planner.compile(&value, &self.scope)?);
            used.extend(at);
        }
        if !values.is_empty() {
            // With n of m keys, the n-th part of the distinct values' order of magnitude.
            let groups = distinct.powf(values.len() as f64 / keys.len() as f64);
            let shown = keys[..values.len()].join(", ");
            let source = NodeSource::IndexEqual(index.clone(), values, Arc::from(label));
            return Ok(found(entries / groups, source, shown).map(|found| Found { used, ..found }));
        }
        let list = self.predicates.iter().find_map(|(expr, _)| match &expr.kind {
            ExprKind::Binary(BinaryOp::In, left, right) if is_property(left, name, &first) => Some(right.clone()),
            _ => None,
        });
        if let Some(list) = list.filter(|list| self.is_ready(&Mentions::of(list))) {
            let length = match &list.kind {
                ExprKind::List(items) => items.len() as f64,
                _ => 10.0,
            };
            let list = self.planner.compile(&list, &self.scope)?;
            let source = NodeSource::IndexIn(index.clone(), list);
            return Ok(found(length * entries / distinct, source, format!("{first} IN")));
        }
        let prefix = self.predicates.iter().find_map(|(expr, _)| match &expr.kind {
            ExprKind::Binary(BinaryOp::StartsWith, left, right) if is_property(left, name, &first) => {
                Some(right.clone())
            }
            _ => None,
        });
        if let Some(prefix) = prefix.filter(|prefix| self.is_ready(&Mentions::of(prefix))) {
            let prefix = self.planner.compile(&prefix, &self.scope)?;
            let source = NodeSource::IndexPrefix(index.clone(), prefix);
            return Ok(found(entries * 0.05, source, format!("{first} STARTS WITH")));
        }
        let bound = |one, other| self.comparand(name, &first, one).or_else(|| self.comparand(name, &first, other));
        let lower = bound(CompareOp::Gt, CompareOp::Ge);
        let upper = bound(CompareOp::Lt, CompareOp::Le);
        if lower.is_none() && upper.is_none() {
            return Ok(None);
        }
        let share = if lower.is_some() && upper.is_some() { 0.1 } else { super::SELECTIVITY };
        let lower = lower.map(|(expr, _)| self.planner.compile(&expr, &self.scope)).transpose()?;
        let upper = upper.map(|(expr, _)| self.planner.compile(&expr, &self.scope)).transpose()?;
        let source = NodeSource::IndexRange(index.clone(), lower, upper);
        Ok(found(entries * share, source, format!("{first} range")))
    }

    /// Whether a predicate keeps out what lacks a property.
    fn is_demanded(&self, name: &str, key: &str) -> bool {
        let is_it = |expr: &Expr| is_property(expr, name, key);
        self.predicates.iter().any(|(expr, _)| match &expr.kind {
            ExprKind::IsNotNull(subject) => is_it(subject),
            ExprKind::Comparison(first, rest) => is_it(first) || rest.iter().any(|(_, other)| is_it(other)),
            ExprKind::Binary(
                BinaryOp::In | BinaryOp::StartsWith | BinaryOp::EndsWith | BinaryOp::Contains | BinaryOp::Matches,
                left,
                _,
            ) => is_it(left),
            _ => false,
        })
    }

    /// The value that a predicate compares a property with, if it can be evaluated now; and the place of
    /// the predicate, if it says nothing else.
    fn comparand(&self, name: &str, key: &str, wanted: CompareOp) -> Option<(Expr, Option<usize>)> {
        self.predicates.iter().enumerate().find_map(|(at, (expr, _))| {
            let ExprKind::Comparison(first, rest) = &expr.kind else { return None };
            let mut left = &**first;
            for (operator, right) in rest {
                let found = if *operator == wanted && is_property(left, name, key) {
                    Some(right)
                } else if flip(*operator) == wanted && is_property(right, name, key) {
                    Some(left)
                } else {
                    None
                };
                if let Some(value) = found
                    && self.is_ready(&Mentions::of(value))
                    && !Mentions::of(value).names.contains(name)
                {
                    return Some((value.clone(), (rest.len() == 1).then_some(at)));
                }
                left = right;
            }
            None
        })
    }
}

fn flip(operator: CompareOp) -> CompareOp {
    match operator {
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
        same => same,
    }
}

fn is_property(expr: &Expr, name: &str, key: &str) -> bool {
    matches!(&expr.kind, ExprKind::Property(subject, property) if property == key && is_variable(subject, name))
}
