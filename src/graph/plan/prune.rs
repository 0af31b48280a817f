//! Steps of variable length of which only the ends are asked, and not how often: each end is found once.

use super::count::asks_for;
use super::operators::Operator;
use super::planner::{Planner, State};
use super::{PlanRef, Slot};
use crate::ast::graph::Expr;

impl Planner<'_> {
    /// Replaces the step of variable length that ends a plan by one that gives each end once, if neither `asks`
    /// wants the slot of its relationships nor the conditions behind it do.
    pub(super) fn pruned(&mut self, plan: &PlanRef, asks: impl Fn(Slot) -> bool) -> PlanRef {
        let mut filters: Vec<PlanRef> = Vec::new();
        let mut last = plan.clone();
        while let Operator::Filter(input, _) = &last.operator {
            filters.push(last.clone());
            last = input.clone();
        }
        let Operator::VarExpand(input, expand) = &last.operator else { return plan.clone() };
        let list = expand.step.relationship;
        let blind = filters.iter().all(|filter| match &filter.operator {
            Operator::Filter(_, condition) => condition.about_node.is_some_and(|slot| slot != list),
            _ => false,
        });
        if self.plain || expand.repeats || expand.min > 1 || !blind || asks(list) {
            return plan.clone();
        }
        let operator = Operator::PruningVarExpand(input.clone(), expand.clone());
        let mut pruned = self.node(operator, last.detail.clone(), last.rows);
        for filter in filters.iter().rev() {
            if let Operator::Filter(_, condition) = &filter.operator {
                let operator = Operator::Filter(pruned, condition.clone());
                pruned = self.node(operator, filter.detail.clone(), filter.rows);
            }
        }
        pruned
    }

    /// The same for the plan of a state, of which only `exprs` are asked.
    pub(super) fn prune_last_step<'e>(&mut self, state: &mut State, exprs: impl Iterator<Item = &'e Expr>) {
        let exprs: Vec<&Expr> = exprs.collect();
        let plan = state.plan.clone();
        state.plan = self.pruned(&plan, |slot| exprs.iter().any(|expr| asks_for(expr, &state.scope, &[slot])));
    }
}
