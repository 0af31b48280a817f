//! Where a pattern, or an unconnected part of it, begins.

use super::seek::Found;
use super::show::show_step;
use super::{Open, Solver, is_variable};
use crate::ast::graph::{Expr, ExprKind, LabelExpr, RelDirection};
use crate::graph::Result;
use crate::graph::plan::operators::{NodeScan, NodeSource, Operator, RelationshipScan, RelationshipSource, TypeFilter};
use crate::graph::plan::pattern::PatternRelationship;
use crate::graph::store::{Index, TokenKind};
use std::sync::Arc;

/// How a relationship could be found by itself.
struct FoundRelationship {
    rows: f64,
    source: RelationshipSource,
    detail: String,
    used: Vec<usize>,
}

impl Solver<'_, '_> {
    /// Binds the cheapest unbound node (or relationship with both ends); answers whether there was one.
    pub(super) fn start(&mut self, open: &mut Open) -> Result<bool> {
        let mut best: Option<(String, Found)> = None;
        for name in &open.nodes {
            if self.is_bound(name) {
                continue;
            }
            let found = self.node_source(name)?;
            if best.as_ref().is_none_or(|(_, least)| found.rows < least.rows && !self.planner.plain) {
                best = Some((name.clone(), found));
            }
        }
        let Some((name, found)) = best else { return Ok(false) };
        if !self.planner.plain && self.join(open, &name, &found)? {
            return Ok(true);
        }
        let mut scan: Option<(f64, usize, FoundRelationship)> = None;
        for (at, relationship) in open.relationships.iter().enumerate() {
            if relationship.length.is_none()
                && relationship.from != relationship.to
                && !self.is_bound(&relationship.from)
                && !self.is_bound(&relationship.to)
            {
                let found = self.relationship_source(relationship)?;
                let sides = if relationship.direction == RelDirection::Either { 2.0 } else { 1.0 };
                if scan.as_ref().is_none_or(|(least, ..)| sides * found.rows < *least) {
                    scan = Some((sides * found.rows, at, found));
                }
            }
        }
        if let Some((rows, at, relationship)) = scan
            && rows < found.rows
            && !self.planner.plain
        {
            let pattern = open.relationships.remove(at);
            self.relationship_scan(&pattern, rows, relationship)?;
            return Ok(true);
        }
        let residual = self.take_used(&found.used)?;
        if let NodeSource::Label(label) | NodeSource::IndexEqual(_, _, label) = &found.source {
            // The scan itself answers for the label.
            self.predicates.retain(|(expr, _)| !is_label(expr, &name, label));
        }
        let node = NodeScan { slot: self.slot(&name), source: found.source, residual };
        let rows = self.plan.rows * found.rows;
        self.plan = self.planner.node(Operator::NodeScan(self.plan.clone(), Arc::new(node)), found.detail, rows);
        self.bound.insert(name);
        Ok(true)
    }

    /// Takes the predicates at these places out: a seek answers for them. They are tested all the same
    /// where the value sought is of a kind whose index keys are coarser than equality.
    fn take_used(&mut self, used: &[usize]) -> Result<Option<crate::graph::eval::Compiled>> {
        let mut taken: Vec<Expr> = Vec::new();
        let mut at = 0;
        self.predicates.retain(|(expr, _)| {
            let keep = !used.contains(&at);
            at += 1;
            if !keep {
                taken.push(expr.clone());
            }
            keep
        });
        crate::graph::plan::pattern::all_of(taken).map(|all| self.planner.compile(&all, &self.scope)).transpose()
    }

    /// The cheapest way to find a relationship by itself.
    fn relationship_source(&mut self, open: &PatternRelationship) -> Result<FoundRelationship> {
        if let Some(id) = self.id_predicate(&open.name) {
            let id = self.planner.compile(&id, &self.scope)?;
            let source = RelationshipSource::Id(id);
            return Ok(FoundRelationship { rows: 1.0, source, detail: String::new(), used: Vec::new() });
        }
        let count = self.relationship_count(&open.types)?;
        if let TypeFilter::Names(names) = &open.types
            && let [name] = names.as_slice()
            && let Some(token) = self.planner.tokens.id(self.planner.tx, TokenKind::Type, name)?
        {
            let wanted = |index: &&Index| index.on_relationships && index.token == token;
            let indexes: Vec<Index> = self.planner.indexes.iter().filter(wanted).cloned().collect();
            for index in indexes {
                if let Some(found) = self.seek(&open.name, name, &index, count)?
                    && let NodeSource::IndexEqual(index, values, _) = found.source
                {
                    let source = RelationshipSource::IndexEqual(index, values);
                    let detail = format!("  by {}", found.detail);
                    return Ok(FoundRelationship { rows: found.rows, source, detail, used: found.used });
                }
            }
        }
        let source = RelationshipSource::Types;
        Ok(FoundRelationship { rows: count, source, detail: String::new(), used: Vec::new() })
    }

    fn relationship_scan(&mut self, open: &PatternRelationship, rows: f64, found: FoundRelationship) -> Result<()> {
        let residual = self.take_used(&found.used)?;
        let scan = RelationshipScan {
            relationship: self.slot(&open.name),
            from: self.slot(&open.from),
            to: self.slot(&open.to),
            direction: open.direction,
            types: open.types.clone(),
            source: found.source,
            residual,
            unique: self.unique.clone(),
        };
        self.must_differ(scan.relationship);
        let rows = self.plan.rows * rows;
        let operator = Operator::RelationshipScan(self.plan.clone(), Arc::new(scan));
        self.plan = self.planner.node(operator, format!("{}{}", show_step(open), found.detail), rows);
        self.bound.extend([open.name.clone(), open.from.clone(), open.to.clone()]);
        Ok(())
    }
}

fn is_label(expr: &Expr, name: &str, wanted: &str) -> bool {
    matches!(&expr.kind, ExprKind::HasLabels(subject, LabelExpr::Name(label))
        if label.text == wanted && is_variable(subject, name))
}
