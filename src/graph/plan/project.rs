//! WITH and RETURN: columns, grouping, DISTINCT, ORDER BY, SKIP, LIMIT, WHERE.
//!
//! ORDER BY and WHERE see the old and the new names, the new ones first; behind DISTINCT or an
//! aggregate they see the new ones only, and an expression that is a column stands for that column.

use super::mention::Mentions;
use super::operators::{Aggregate, AggregateStep, Operator, Project, Sort};
use super::planner::{Planner, State, visible};
use super::{PlanRef, Slot};
use crate::ast::graph::{Expr, ExprKind, Page, Projection};
use crate::graph::Result;
use crate::graph::eval::{
    AggregateCall, Compiled, Scope, contains_aggregate, for_each_child_mut, split_aggregates, without_spans,
};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A column being planned.
struct Column {
    name: String,
    expr: Expr,
}

impl Planner<'_> {
    /// Plans the body of a WITH or RETURN; the state's rows then hold the columns in order.
    pub(super) fn projection(
        &mut self,
        state: &mut State,
        projection: &Projection,
        is_return: bool,
    ) -> Result<Vec<String>> {
        let mut columns = Vec::new();
        if projection.star {
            for name in visible(&state.scope) {
                let expr = super::pattern::variable(&name, crate::text::Span::default());
                columns.push(Column { name, expr });
            }
        }
        for item in &projection.items {
            let name = match (&item.alias, &item.expr.kind) {
                (Some(alias), _) => alias.text.clone(),
                (None, ExprKind::Variable(name)) if !is_return => name.clone(),
                (None, _) => item.text.clone(),
            };
            columns.push(Column { name, expr: item.expr.clone() });
        }
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        let originals: Vec<(Expr, String)> =
            columns.iter().map(|column| (without_spans(&column.expr), column.name.clone())).collect();
        let mut keys: Vec<Expr> =
            projection.page.order_by.iter().map(|item| stand_in(&item.expr, &originals, &names)).collect();
        let filter = projection.filter.as_ref().map(|filter| stand_in(filter, &originals, &names));

        if columns.iter().any(|column| contains_aggregate(&column.expr)) {
            self.aggregate(state, &mut columns, &mut keys)?;
        }
        if projection.distinct {
            self.prune_last_step(state, columns.iter().map(|column| &column.expr));
        }
        let in_place = !projection.distinct && (!keys.is_empty() || filter.is_some());
        self.columns(state, &columns, !in_place)?;
        if projection.distinct {
            let rows = state.plan.rows;
            state.plan = self.node(Operator::Distinct(state.plan.clone(), names.len()), names.join(", "), rows);
        }
        self.page(state, &projection.page, &keys)?;
        if let Some(filter) = filter {
            let condition = self.condition(&filter, &state.scope)?;
            let rows = state.plan.rows * 0.3;
            let detail = projection.filter.as_ref().map_or("", |filter| self.text(filter));
            state.plan = self.node(Operator::Filter(state.plan.clone(), Arc::new(condition)), detail, rows);
        }
        if in_place {
            let slots: Arc<[Slot]> = names.iter().filter_map(|name| state.scope.slot(name)).collect();
            let rows = state.plan.rows;
            state.plan = self.node(Operator::Columns(state.plan.clone(), slots), names.join(", "), rows);
        }
        state.scope = names.iter().cloned().collect();
        Ok(names)
    }

    /// ORDER BY, SKIP and LIMIT; `keys` are the sort keys in the terms of the state's scope.
    pub(super) fn page(&mut self, state: &mut State, page: &Page, keys: &[Expr]) -> Result<()> {
        let skip = self.constant(page.skip.as_ref())?;
        let limit = self.constant(page.limit.as_ref())?;
        if !keys.is_empty() {
            let mut sort = Sort { keys: Vec::new(), bound: Vec::new(), width: state.scope.width() };
            for (key, item) in keys.iter().zip(&page.order_by) {
                sort.keys.push((self.compile(key, &state.scope)?, item.descending));
            }
            if let Some(limit) = &limit
                && !self.plain
            {
                sort.bound.extend(skip.iter().cloned());
                sort.bound.push(limit.clone());
            }
            let shown = page
                .order_by
                .iter()
                .map(|item| format!("{}{}", self.text(&item.expr), if item.descending { " DESC" } else { "" }));
            let detail = shown.collect::<Vec<_>>().join(", ");
            self.same_rows(state, |input| Operator::Sort(input, Arc::new(sort)), &detail);
        }
        if let Some(skip) = skip {
            let rows = (state.plan.rows - skip.constant().map_or(10.0, expected)).max(1.0);
            let detail = page.skip.as_ref().map_or("", |expr| self.text(expr));
            state.plan = self.node(Operator::Skip(state.plan.clone(), skip), detail, rows);
        }
        if let Some(limit) = limit {
            let rows = state.plan.rows.min(limit.constant().map_or(10.0, expected));
            let detail = page.limit.as_ref().map_or("", |expr| self.text(expr));
            state.plan = self.node(Operator::Limit(state.plan.clone(), limit), detail, rows);
        }
        Ok(())
    }

    /// Computes the columns into new slots, of a new row or behind those of the old one.
    fn columns(&mut self, state: &mut State, columns: &[Column], fresh: bool) -> Result<()> {
        let mut scope = if fresh { Scope::new() } else { state.scope.clone() };
        let mut items: Vec<(Slot, Compiled)> = Vec::new();
        let mut compiled = Vec::new();
        for column in columns {
            compiled.push(self.compile(&column.expr, &state.scope)?);
        }
        for (column, expr) in columns.iter().zip(compiled) {
            items.push((scope.add(column.name.as_str()), expr));
        }
        let project = Project { items, fresh, width: scope.width() };
        let detail = columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ");
        let rows = state.plan.rows;
        state.plan = self.node(Operator::Project(state.plan.clone(), Arc::new(project)), detail, rows);
        state.scope = scope;
        Ok(())
    }

    /// Groups the rows: columns without an aggregate are the keys. The columns and the sort keys then
    /// speak of the groups.
    fn aggregate(&mut self, state: &mut State, columns: &mut [Column], keys: &mut [Expr]) -> Result<()> {
        let mut calls: Vec<AggregateCall> = Vec::new();
        let mut groups: Vec<(Expr, String)> = Vec::new();
        let mut group_exprs = Vec::new();
        let mut shown: Vec<String> = Vec::new();
        let key_exprs: Vec<Expr> = columns
            .iter()
            .filter(|column| !contains_aggregate(&column.expr))
            .map(|column| column.expr.clone())
            .collect();
        for column in columns.iter().filter(|column| !contains_aggregate(&column.expr)) {
            groups.push((without_spans(&column.expr), format!("#group{}", groups.len())));
            group_exprs.push(self.compile(&column.expr, &state.scope)?);
            shown.push(column.name.clone());
        }
        let abouts: BTreeSet<Option<Slot>> =
            key_exprs.iter().map(|key| Mentions::only_variable(key, &state.scope)).collect();
        let about_node = if abouts.len() == 1 { abouts.into_iter().next().flatten() } else { None };
        let mut next_group = 0;
        for column in columns.iter_mut() {
            if contains_aggregate(&column.expr) {
                let rewritten = split_aggregates(&column.expr, &mut calls);
                column.expr = stand_in(&rewritten, &groups, &[]);
            } else {
                column.expr.kind = ExprKind::Variable(format!("#group{next_group}"));
                next_group += 1;
            }
        }
        for key in keys {
            let rewritten = split_aggregates(key, &mut calls);
            *key = stand_in(&rewritten, &groups, &columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>());
        }
        if calls.iter().all(AggregateCall::is_blind) {
            let arguments = calls.iter().flat_map(|call| call.argument.iter().chain(&call.extra));
            self.prune_last_step(state, key_exprs.iter().chain(arguments));
        }
        let weight = self.count_last_step(state, &key_exprs.iter().collect::<Vec<_>>(), &mut calls)?;
        let mut scope: Scope = groups.iter().map(|(_, name)| name.clone()).collect();
        let mut steps = Vec::new();
        for call in calls {
            let argument = call.argument.as_ref().map(|expr| self.compile(expr, &state.scope)).transpose()?;
            let extra = call.extra.as_ref().map(|expr| self.compile(expr, &state.scope)).transpose()?;
            scope.add(call.placeholder.as_str());
            steps.push(AggregateStep { call, argument, extra });
        }
        let rows = if groups.is_empty() { 1.0 } else { state.plan.rows.sqrt().max(1.0) };
        let aggregate = Aggregate { keys: group_exprs, calls: steps, about_node, weight };
        state.plan = self.node(Operator::Aggregate(state.plan.clone(), Arc::new(aggregate)), shown.join(", "), rows);
        state.scope = scope;
        Ok(())
    }

    /// An expression without variables: of SKIP and LIMIT.
    fn constant(&mut self, expr: Option<&Expr>) -> Result<Option<Arc<Compiled>>> {
        expr.map(|expr| self.compile(expr, &Scope::new()).map(Arc::new)).transpose()
    }

    /// A plan node that keeps the number of rows.
    pub(super) fn same_rows(&mut self, state: &mut State, make: impl FnOnce(PlanRef) -> Operator, detail: &str) {
        let rows = state.plan.rows;
        state.plan = self.node(make(state.plan.clone()), detail, rows);
    }
}

fn expected(value: &crate::value::graph::Value) -> f64 {
    match value {
        crate::value::graph::Value::Int(count) => *count as f64,
        _ => 10.0,
    }
}

/// Replaces each sub-expression that is one of `known` by the variable that holds its value. A bare
/// variable that is itself one of `taken` stays: it means the new column.
fn stand_in(expr: &Expr, known: &[(Expr, String)], taken: &[String]) -> Expr {
    if let ExprKind::Variable(name) = &expr.kind
        && taken.contains(name)
    {
        return expr.clone();
    }
    let bare = without_spans(expr);
    if let Some((_, name)) = known.iter().find(|(known, _)| *known == bare) {
        return Expr { kind: ExprKind::Variable(name.clone()), span: expr.span };
    }
    let mut rewritten = expr.clone();
    for_each_child_mut(&mut rewritten, &mut |child| *child = stand_in(child, known, taken));
    rewritten
}
