//! Counting instead of looking: the last step of a pattern, or the last two, of which only the number is asked.

use super::PlanRef;
use super::Slot;
use super::mention::Mentions;
use super::operators::{
    Beside, Condition, Expand, ExpandCount, NodeScan, NodeSource, Operator, RelationshipSource, TypeFilter,
};
use super::planner::{Planner, State};
use super::solve::display;
use crate::ast::graph::{Expr, ExprKind};
use crate::graph::Result;
use crate::graph::eval::{AggregateCall, Scope};
use crate::graph::functions::aggregate::AggregateKind;
use crate::graph::store::Counted;
use std::sync::Arc;

impl Planner<'_> {
    /// Replaces the expansion that ends the plan by one that only counts, if the grouping keys and the
    /// aggregates ask nothing else of it; answers the slot of the number of rows that each row stands for.
    pub(super) fn count_last_step(
        &mut self,
        state: &mut State,
        keys: &[&Expr],
        calls: &mut [AggregateCall],
    ) -> Result<Option<Slot>> {
        if self.plain {
            return Ok(None);
        }
        let mut filters: Vec<Arc<Condition>> = Vec::new();
        let mut shown = Vec::new();
        let mut plan: PlanRef = state.plan.clone();
        while let Operator::Filter(input, condition) = &plan.operator {
            filters.push(condition.clone());
            shown.push(plan.detail.clone());
            plan = input.clone();
        }
        let Operator::Expand(input, expand) = &plan.operator else { return Ok(None) };
        if expand.into || expand.closing.is_some() {
            return Ok(None);
        }
        let found = [expand.relationship, expand.to];
        let asks = |expr: &Expr| asks_for(expr, &state.scope, &found);
        if keys.iter().any(|key| asks(key)) {
            return Ok(None);
        }
        let mut counts = false;
        for call in calls.iter() {
            let is_count = match (call.kind, &call.argument) {
                (AggregateKind::CountStar, _) => true,
                (AggregateKind::Count, Some(Expr { kind: ExprKind::Variable(name), .. })) => {
                    !call.distinct && state.scope.slot(name).is_some_and(|slot| found.contains(&slot))
                }
                _ => false,
            };
            // Others must not care how often a row is there.
            let elsewhere = call.argument.as_ref().is_some_and(|argument| !asks(argument));
            if !(is_count || call.is_blind() && elsewhere) {
                return Ok(None);
            }
            counts |= is_count;
        }
        if !counts {
            return Ok(None);
        }
        for call in calls.iter_mut().filter(|call| call.kind == AggregateKind::Count && !call.distinct) {
            call.kind = AggregateKind::CountStar;
            call.argument = None;
        }
        filters.reverse();
        shown.reverse();
        shown.insert(0, plan.detail.clone());
        let number = state.scope.add_hidden();
        let asked: Vec<&Expr> =
            keys.iter().copied().chain(calls.iter().flat_map(|call| call.argument.iter().chain(&call.extra))).collect();
        let unasked = |slots: &[Slot]| !asked.iter().any(|expr| asks_for(expr, &state.scope, slots));
        let pairs = if filters.is_empty() { self.step_beside(input, expand, &state.scope, unasked)? } else { None };
        let (input, beside) = match pairs {
            Some((below, beside)) => {
                shown.insert(0, input.detail.clone());
                (below, Some(beside))
            }
            None => (input.clone(), None),
        };
        let rows = input.rows;
        let detail = shown.join(if beside.is_some() { ", " } else { " WHERE " });
        let count = ExpandCount { expand: (**expand).clone(), beside, filters, number };
        state.plan = self.node(Operator::ExpandCount(input, Arc::new(count)), detail, rows);
        Ok(Some(number))
    }

    /// The step before the last one, if it leads to or from the node where the last one begins and nothing else is
    /// asked of it either: then a node has as many pairs of relationships as its two numbers multiplied. With it
    /// the plan that gives these nodes, each once a row.
    fn step_beside(
        &mut self,
        before: &PlanRef,
        last: &Expand,
        scope: &Scope,
        unasked: impl Fn(&[Slot]) -> bool,
    ) -> Result<Option<(PlanRef, Beside)>> {
        let beside = |relationship: Slot, direction, types: &TypeFilter, earlier: &[Slot]| {
            let known = last.unique.iter().all(|&slot| slot == relationship);
            (earlier.is_empty() && known).then(|| Beside {
                direction,
                types: types.clone(),
                differs: !last.unique.is_empty(),
            })
        };
        let found = match &before.operator {
            Operator::Expand(below, step) if !step.into && step.closing.is_none() => {
                let Some(forward) = beside(step.relationship, step.direction, &step.types, &step.unique) else {
                    return Ok(None);
                };
                if last.from == step.from && unasked(&[step.relationship, step.to]) {
                    return Ok(Some((below.clone(), forward)));
                }
                // Where the step could begin at any node, the plan begins at its end instead.
                let Operator::NodeScan(below, scan) = &below.operator else { return Ok(None) };
                let anywhere = matches!(scan.source, NodeSource::All) && scan.residual.is_none();
                if !anywhere || scan.slot != step.from || last.from != step.to {
                    return Ok(None);
                }
                let beside = Beside { direction: step.direction.reversed(), ..forward };
                unasked(&[step.relationship, step.from]).then_some((below, beside))
            }
            Operator::RelationshipScan(below, scan)
                if matches!(scan.source, RelationshipSource::Types) && scan.residual.is_none() =>
            {
                let (direction, other) = if last.from == scan.from {
                    (scan.direction, scan.to)
                } else if last.from == scan.to {
                    (scan.direction.reversed(), scan.from)
                } else {
                    return Ok(None);
                };
                beside(scan.relationship, direction, &scan.types, &scan.unique)
                    .filter(|_| unasked(&[scan.relationship, other]))
                    .map(|beside| (below, beside))
            }
            _ => None,
        };
        let Some((below, beside)) = found else { return Ok(None) };
        let name = scope.iter().find(|(_, slot)| *slot == last.from).map(|(name, _)| display(name));
        let scan = NodeScan { slot: last.from, source: NodeSource::All, residual: None };
        let rows = below.rows * self.count(Counted::Nodes)?;
        let plan = self.node(Operator::NodeScan(below.clone(), Arc::new(scan)), name.unwrap_or_default(), rows);
        Ok(Some((plan, beside)))
    }
}

/// Whether an expression may need what stands in some slots.
pub(super) fn asks_for(expr: &Expr, scope: &Scope, slots: &[Slot]) -> bool {
    let mentions = Mentions::of(expr);
    mentions.anything || mentions.names.iter().any(|name| scope.slot(name).is_some_and(|slot| slots.contains(&slot)))
}
