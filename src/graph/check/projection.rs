//! WITH and RETURN: columns, aggregates, ORDER BY, SKIP, LIMIT and WHERE.

use super::Checker;
use super::expression::{Aggregates, Place};
use super::grouping::{Projected, has_aggregate, mentions_variable};
use super::scope::Scope;
use super::types::Ty;
use super::update::expect;
use crate::ast::graph::{Expr, ExprKind, Page, Projection, ProjectionItem};
use crate::graph::eval::for_each_child_mut;
use crate::graph::functions::Types;
use crate::graph::{Detail, Error, Result};
use crate::text::Span;

impl Checker<'_> {
    /// Checks a projection; answers the scope behind it and its columns in order.
    pub(super) fn projection(
        self,
        projection: &Projection,
        scope: &Scope,
        with: bool,
        span: Span,
    ) -> Result<(Scope, Vec<(String, Ty)>)> {
        let mut columns: Vec<(String, Ty)> = Vec::new();
        if projection.star {
            if scope.is_empty() && !with {
                let message = "RETURN * is not allowed when there are no variables in scope";
                return Err(Error::syntax(Detail::NoVariablesInScope, message).at(span));
            }
            columns.extend(scope.iter().map(|(name, ty)| (name.clone(), ty.clone())));
        }
        let projected = Projected::of(&projection.items);
        for item in &projection.items {
            let ty = self.infer(&item.expr, scope, Place::ITEM)?;
            projected.check_item(&item.expr, projection.star.then_some(scope))?;
            columns.push((column_name(item), ty));
        }
        let mut new = Scope::default();
        for (name, ty) in &columns {
            new.set(name.as_str(), ty.clone());
        }
        let aggregated = projection.items.iter().any(|item| has_aggregate(&item.expr));
        self.after(projection, &projected, aggregated, scope, &new)?;
        self.row_counts(&projection.page)?;
        check_names(projection, &columns, with)?;
        Ok((new, columns))
    }

    /// ORDER BY and WHERE. They see the old and the new names, but only the new ones and what is
    /// projected as a whole behind DISTINCT or an aggregate.
    fn after(
        self,
        projection: &Projection,
        projected: &Projected,
        aggregated: bool,
        old: &Scope,
        new: &Scope,
    ) -> Result<()> {
        let closed = aggregated || projection.distinct;
        let visible = if closed { new.clone() } else { old.over(new) };
        for item in &projection.page.order_by {
            if aggregated && has_aggregate(&item.expr) {
                // Its aggregates see what the items see: check their types there.
                projected.check_sort(&item.expr, new)?;
                self.infer(&item.expr, &old.over(new), Place::ITEM)?;
            } else {
                self.infer(&self.resolved(&item.expr, projection, projected, closed), &visible, Place::VALUE)?;
            }
        }
        if let Some(filter) = &projection.filter {
            self.filter(Some(&self.resolved(filter, projection, projected, closed)), &visible)?;
        }
        Ok(())
    }

    /// An expression with the columns in the place of what is projected as a whole.
    fn resolved(self, expr: &Expr, projection: &Projection, projected: &Projected, closed: bool) -> Expr {
        let mut expr = expr.clone();
        if closed {
            substitute(&mut expr, &projection.items, projected);
        }
        expr
    }

    /// `ORDER BY … SKIP … LIMIT …` as a clause.
    pub(super) fn page(self, page: &Page, scope: &Scope) -> Result<()> {
        for item in &page.order_by {
            self.infer(&item.expr, scope, Place::VALUE)?;
        }
        self.row_counts(page)
    }

    fn row_counts(self, page: &Page) -> Result<()> {
        for (bound, word) in [(&page.skip, "SKIP"), (&page.limit, "LIMIT")] {
            if let Some(bound) = bound {
                self.row_count(bound, word)?;
            }
        }
        Ok(())
    }

    /// SKIP and LIMIT: a constant that is a whole number, not negative.
    fn row_count(self, expr: &Expr, word: &str) -> Result<()> {
        if mentions_variable(expr) {
            let message = format!("It is not allowed to refer to variables in {word}");
            return Err(Error::syntax(Detail::NonConstantExpression, message).at(expr.span));
        }
        let negative = match &expr.kind {
            ExprKind::Int(number) => *number < 0,
            _ => false,
        };
        if negative {
            let message = format!("Invalid input. {word} must not be negative");
            return Err(Error::syntax(Detail::NegativeIntegerArgument, message).at(expr.span));
        }
        let ty = self.infer(expr, &Scope::default(), Place { aggregates: Aggregates::Refused, condition: false })?;
        expect(&ty, Types::INTEGER, expr.span)
    }
}

fn column_name(item: &ProjectionItem) -> String {
    match (&item.alias, &item.expr.kind) {
        (Some(alias), _) => alias.text.clone(),
        // A variable in backticks gives its bare name.
        (None, ExprKind::Variable(name)) => name.clone(),
        _ => item.text.clone(),
    }
}

fn substitute(expr: &mut Expr, items: &[ProjectionItem], projected: &Projected) {
    if projected.is_projected(expr)
        && let Some(item) = items
            .iter()
            .find(|item| crate::graph::eval::without_spans(&item.expr) == crate::graph::eval::without_spans(expr))
    {
        expr.kind = ExprKind::Variable(column_name(item));
        return;
    }
    for_each_child_mut(expr, &mut |child| substitute(child, items, projected));
}

fn check_names(projection: &Projection, columns: &[(String, Ty)], with: bool) -> Result<()> {
    let unnamed = |item: &&ProjectionItem| item.alias.is_none() && !matches!(item.expr.kind, ExprKind::Variable(_));
    if with && let Some(item) = projection.items.iter().find(unnamed) {
        let message = "Expression in WITH must be aliased (use AS)";
        return Err(Error::syntax(Detail::NoExpressionAlias, message).at(item.expr.span));
    }
    for item in &projection.items {
        let name = column_name(item);
        if columns.iter().filter(|(other, _)| *other == name).count() > 1 {
            let message = format!("Multiple result columns with the same name `{name}` are not supported");
            let span = item.alias.as_ref().map_or(item.expr.span, |alias| alias.span);
            return Err(Error::syntax(Detail::ColumnNameConflict, message)
                .at(span)
                .hint("give one of them another name with AS"));
        }
    }
    Ok(())
}
