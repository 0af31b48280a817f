//! Counting instead of looking: `count(*)` from the statistics, and the last step of a pattern of which
//! only the number is asked.

use super::PlanRef;
use super::Slot;
use super::mention::Mentions;
use super::operators::{Condition, ExpandCount, Operator};
use super::planner::{Planner, State};
use crate::ast::graph::{Expr, ExprKind};
use crate::graph::eval::{AggregateCall, Scope};
use crate::graph::functions::aggregate::AggregateKind;
use std::sync::Arc;

impl Planner<'_> {
    /// Replaces the expansion that ends the plan by one that only counts, if the grouping keys and the
    /// aggregates ask nothing else of it; answers the slot of the number of rows that each row stands for.
    pub(super) fn count_last_step(
        &mut self,
        state: &mut State,
        keys: &[&Expr],
        calls: &mut [AggregateCall],
    ) -> Option<Slot> {
        if self.plain {
            return None;
        }
        let mut filters: Vec<Arc<Condition>> = Vec::new();
        let mut shown = Vec::new();
        let mut plan: PlanRef = state.plan.clone();
        while let Operator::Filter(input, condition) = &plan.operator {
            filters.push(condition.clone());
            shown.push(plan.detail.clone());
            plan = input.clone();
        }
        let Operator::Expand(input, expand) = &plan.operator else { return None };
        if expand.into || expand.closing.is_some() {
            return None;
        }
        let found = [expand.relationship, expand.to];
        let asks = |expr: &Expr| asks_for(expr, &state.scope, &found);
        if keys.iter().any(|key| asks(key)) {
            return None;
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
                return None;
            }
            counts |= is_count;
        }
        if !counts {
            return None;
        }
        for call in calls.iter_mut().filter(|call| call.kind == AggregateKind::Count && !call.distinct) {
            call.kind = AggregateKind::CountStar;
            call.argument = None;
        }
        filters.reverse();
        shown.reverse();
        shown.insert(0, plan.detail.clone());
        let number = state.scope.add_hidden();
        let rows = input.rows;
        let count = ExpandCount { expand: (**expand).clone(), filters, number };
        state.plan = self.node(Operator::ExpandCount(input.clone(), Arc::new(count)), shown.join(" WHERE "), rows);
        Some(number)
    }
}

/// Whether an expression may need what stands in some slots.
pub(super) fn asks_for(expr: &Expr, scope: &Scope, slots: &[Slot]) -> bool {
    let mentions = Mentions::of(expr);
    mentions.anything || mentions.names.iter().any(|name| scope.slot(name).is_some_and(|slot| slots.contains(&slot)))
}
