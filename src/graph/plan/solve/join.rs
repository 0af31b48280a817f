//! Parts of a pattern that share no relationship with the rest: each is found by itself, and the rows
//! are joined.

use super::seek::Found;
use super::{Open, Predicate, Solver};
use crate::ast::graph::{CompareOp, Expr, ExprKind};
use crate::graph::Result;
use crate::graph::eval::Compiled;
use crate::graph::plan::mention::Mentions;
use crate::graph::plan::operators::{Join, NodeSource, Operator};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The most rows of a part that are expected to be held in memory.
const MOST_ROWS: f64 = 5_000_000.0;

impl Solver<'_, '_> {
    /// Joins the part that `name` belongs to, if that is cheaper than finding it anew for each row;
    /// answers whether it did.
    pub(super) fn join(&mut self, open: &mut Open, name: &str, found: &Found) -> Result<bool> {
        let sought = matches!(
            found.source,
            NodeSource::Id(_) | NodeSource::IndexEqual(..) | NodeSource::IndexIn(..) | NodeSource::IndexPrefix(..)
        );
        if self.plan.rows <= 1.5 || sought || found.rows > MOST_ROWS {
            return Ok(false);
        }
        let part = connected(open, name);
        if part.iter().any(|name| self.is_bound(name)) || !open.shortest.is_empty() || !open.searches.is_empty() {
            return Ok(false);
        }
        let names: BTreeSet<String> = part
            .iter()
            .cloned()
            .chain(open.relationships.iter().filter(|one| part.contains(&one.from)).map(|one| one.name.clone()))
            .collect();
        let inside = open.relationships.iter().any(|one| part.contains(&one.from));
        if inside && !self.unique.is_empty() {
            // Relationships of both parts would have to differ.
            return Ok(false);
        }
        let mut own: Vec<Predicate> = Vec::new();
        let mut keys: Vec<(Expr, Expr)> = Vec::new();
        let mut rest: Vec<Predicate> = Vec::new();
        for (expr, mentions) in std::mem::take(&mut self.predicates) {
            if self.is_about(&mentions, &names) {
                own.push((expr, mentions));
            } else if let Some(key) = self.key(&expr, &names) {
                keys.push(key);
            } else {
                rest.push((expr, mentions));
            }
        }
        let relationships = open.relationships.extract_if(.., |one| part.contains(&one.from)).collect();
        let argument = self.planner.node(Operator::Argument, "", 1.0);
        let mut inner = Solver {
            plan: argument,
            planner: self.planner,
            scope: self.scope.clone(),
            outer: self.outer,
            bound: BTreeSet::new(),
            predicates: own,
            new: names.clone(),
            unique: Vec::new(),
            repeats: self.repeats,
            nodes_in_all: self.nodes_in_all,
        };
        let nodes = part.iter().cloned().collect();
        let none = (Vec::new(), Vec::new(), Vec::new());
        inner.run(&mut Open { nodes, relationships, searches: none.0, shortest: none.1, paths: none.2 })?;
        let (plan, unique) = (inner.plan, inner.unique);
        self.unique.extend(unique);
        self.predicates = rest;
        let mut shown = Vec::new();
        let mut compiled: Vec<(Compiled, Compiled)> = Vec::new();
        for (outer, own) in &keys {
            shown.push(format!("{} = {}", self.planner.text(outer), self.planner.text(own)));
            compiled.push((self.planner.compile(outer, &self.scope)?, self.planner.compile(own, &self.scope)?));
        }
        let slots = names.iter().map(|name| self.slot(name)).collect();
        let selectivity = super::EQUALITY.powi(i32::try_from(keys.len()).unwrap_or(1));
        let rows = (self.plan.rows * plan.rows * selectivity).max(1.0);
        let join = Join { inner: plan, argument_width: self.outer.width(), keys: compiled, slots };
        self.plan = self.planner.node(Operator::Join(self.plan.clone(), Arc::new(join)), shown.join(", "), rows);
        self.bound.extend(names);
        Ok(true)
    }

    /// Whether a predicate speaks of these names alone.
    fn is_about(&self, mentions: &Mentions, names: &BTreeSet<String>) -> bool {
        !mentions.anything
            && mentions.names.iter().any(|name| names.contains(name))
            && mentions.names.iter().all(|name| names.contains(name) || self.scope.slot(name).is_none())
    }

    /// `x = y` with the names on one side and what is bound on the other: (bound, own).
    fn key(&self, expr: &Expr, names: &BTreeSet<String>) -> Option<(Expr, Expr)> {
        let ExprKind::Comparison(left, rest) = &expr.kind else { return None };
        let [(CompareOp::Eq, right)] = rest.as_slice() else { return None };
        let outside = |mentions: &Mentions| {
            !mentions.anything
                && !mentions.names.iter().any(|name| names.contains(name))
                && self.is_ready(mentions)
                && mentions.names.iter().any(|name| self.scope.slot(name).is_some())
        };
        let (of_left, of_right) = (Mentions::of(left), Mentions::of(right));
        if outside(&of_left) && self.is_about(&of_right, names) {
            return Some(((**left).clone(), right.clone()));
        }
        if outside(&of_right) && self.is_about(&of_left, names) {
            return Some((right.clone(), (**left).clone()));
        }
        None
    }
}

/// The nodes that a node is connected with by what is still to be found.
fn connected(open: &Open, start: &str) -> BTreeSet<String> {
    let mut part = BTreeSet::from([start.to_owned()]);
    loop {
        let before = part.len();
        for one in &open.relationships {
            if part.contains(&one.from) || part.contains(&one.to) {
                part.extend([one.from.clone(), one.to.clone()]);
            }
        }
        if part.len() == before {
            return part;
        }
    }
}
