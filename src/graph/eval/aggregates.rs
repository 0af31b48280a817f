//! Taking aggregate calls out of expressions: `1 + count(x) * 2` becomes `1 + #0 * 2` and `count(x)`.

use crate::ast::graph::{Expr, ExprKind, MapProjectionItem};
use crate::graph::functions::aggregate::AggregateKind;
use crate::text::Span;

/// A call of an aggregate function, taken out of an expression.
#[derive(Debug, Clone, PartialEq)]
pub struct AggregateCall {
    /// The variable that stands for the result in the rewritten expression. No name a user can write
    /// without backticks begins like it.
    pub placeholder: String,
    /// Which function.
    pub kind: AggregateKind,
    /// `DISTINCT`
    pub distinct: bool,
    /// The argument whose values are gathered; `None` for `count(*)`.
    pub argument: Option<Expr>,
    /// The second argument of the percentile functions; it must not depend on the row.
    pub extra: Option<Expr>,
    /// Where it stands.
    pub span: Span,
}

impl AggregateCall {
    /// Whether it does not matter how often a value comes.
    pub fn is_blind(&self) -> bool {
        self.distinct || matches!(self.kind, AggregateKind::Min | AggregateKind::Max)
    }
}

/// Whether an expression has an aggregate call in it.
pub fn contains_aggregate(expr: &Expr) -> bool {
    if aggregate_kind(expr).is_some() {
        return true;
    }
    let mut found = false;
    for_each_child(expr, &mut |child| found = found || contains_aggregate(child));
    found
}

/// Replaces every aggregate call by a placeholder variable and adds the calls to `calls`. Equal calls
/// share a placeholder.
pub fn split_aggregates(expr: &Expr, calls: &mut Vec<AggregateCall>) -> Expr {
    if let Some(kind) = aggregate_kind(expr) {
        let (distinct, argument, extra) = match &expr.kind {
            ExprKind::Function { distinct, args, .. } => (*distinct, args.first().cloned(), args.get(1).cloned()),
            _ => (false, None, None),
        };
        let same = calls.iter().find(|call| {
            call.kind == kind
                && call.distinct == distinct
                && same_shape(call.argument.as_ref(), argument.as_ref())
                && same_shape(call.extra.as_ref(), extra.as_ref())
        });
        let placeholder = match same {
            Some(call) => call.placeholder.clone(),
            None => {
                let placeholder = format!("#aggregate{}", calls.len());
                let span = expr.span;
                calls.push(AggregateCall { placeholder: placeholder.clone(), kind, distinct, argument, extra, span });
                placeholder
            }
        };
        return Expr { kind: ExprKind::Variable(placeholder), span: expr.span };
    }
    let mut rewritten = expr.clone();
    for_each_child_mut(&mut rewritten, &mut |child| *child = split_aggregates(child, calls));
    rewritten
}

/// Two expressions that differ at most in where they stand.
fn same_shape(a: Option<&Expr>, b: Option<&Expr>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => without_spans(a) == without_spans(b),
        _ => false,
    }
}

/// A copy whose spans are all empty, for comparing expressions of the kinds that arguments of
/// aggregates have.
pub fn without_spans(expr: &Expr) -> Expr {
    let mut copy = expr.clone();
    clear(&mut copy);
    return copy;

    fn clear(expr: &mut Expr) {
        expr.span = Span::default();
        match &mut expr.kind {
            ExprKind::ListComprehension { variable, .. } | ExprKind::Quantifier { variable, .. } => {
                variable.span = Span::default();
            }
            ExprKind::Reduce { accumulator, variable, .. } => {
                accumulator.span = Span::default();
                variable.span = Span::default();
            }
            ExprKind::MapProjection { subject, items } => {
                subject.span = Span::default();
                for item in items {
                    if let MapProjectionItem::Variable(name) = item {
                        name.span = Span::default();
                    }
                }
            }
            _ => {}
        }
        for_each_child_mut(expr, &mut clear);
    }
}

fn aggregate_kind(expr: &Expr) -> Option<AggregateKind> {
    match &expr.kind {
        ExprKind::CountStar => Some(AggregateKind::CountStar),
        ExprKind::Function { name, .. } => AggregateKind::by_name(name),
        _ => None,
    }
}

/// Calls `visit` on the direct sub-expressions; those of patterns and subqueries are not visited.
pub fn for_each_child<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    use ExprKind as K;
    match &expr.kind {
        K::Null | K::Bool(_) | K::Int(_) | K::Float(_) | K::String(_) | K::Parameter(_) | K::Variable(_) => {}
        K::CountStar | K::PatternPredicate(_) | K::ShortestPath(_) | K::PatternComprehension { .. } => {}
        K::Exists(_) | K::Count(_) | K::Collect(_) => {}
        K::List(items) => items.iter().for_each(visit),
        K::Map(entries) => entries.iter().for_each(|(_, value)| visit(value)),
        K::Property(subject, _) | K::Unary(_, subject) => visit(subject),
        K::HasLabels(subject, labels) => {
            visit(subject);
            labels.expressions(visit);
        }
        K::IsNull(subject) | K::IsNotNull(subject) => visit(subject),
        K::IsType { operand, .. } | K::IsNormalized { operand, .. } => visit(operand),
        K::Index(subject, index) => {
            visit(subject);
            visit(index);
        }
        K::Slice(subject, from, to) => {
            visit(subject);
            from.iter().for_each(|bound| visit(bound));
            to.iter().for_each(|bound| visit(bound));
        }
        K::Binary(_, left, right) => {
            visit(left);
            visit(right);
        }
        K::Comparison(first, rest) => {
            visit(first);
            rest.iter().for_each(|(_, operand)| visit(operand));
        }
        K::Case { operand, branches, otherwise } => {
            operand.iter().for_each(|operand| visit(operand));
            for (when, then) in branches {
                visit(when);
                visit(then);
            }
            otherwise.iter().for_each(|otherwise| visit(otherwise));
        }
        K::Function { args, .. } => args.iter().for_each(visit),
        K::ListComprehension { list, filter, map, .. } => {
            visit(list);
            filter.iter().for_each(|filter| visit(filter));
            map.iter().for_each(|map| visit(map));
        }
        K::Quantifier { list, filter, .. } => {
            visit(list);
            filter.iter().for_each(|filter| visit(filter));
        }
        K::Reduce { init, list, step, .. } => {
            visit(init);
            visit(list);
            visit(step);
        }
        K::MapProjection { items, .. } => {
            for item in items {
                if let MapProjectionItem::Entry(_, value) = item {
                    visit(value);
                }
            }
        }
    }
}

/// Like [`for_each_child`], for changing them.
pub fn for_each_child_mut(expr: &mut Expr, visit: &mut dyn FnMut(&mut Expr)) {
    use ExprKind as K;
    match &mut expr.kind {
        K::Null | K::Bool(_) | K::Int(_) | K::Float(_) | K::String(_) | K::Parameter(_) | K::Variable(_) => {}
        K::CountStar | K::PatternPredicate(_) | K::ShortestPath(_) | K::PatternComprehension { .. } => {}
        K::Exists(_) | K::Count(_) | K::Collect(_) => {}
        K::List(items) => items.iter_mut().for_each(visit),
        K::Map(entries) => entries.iter_mut().for_each(|(_, value)| visit(value)),
        K::Property(subject, _) | K::Unary(_, subject) => visit(subject),
        K::HasLabels(subject, labels) => {
            visit(subject);
            labels.expressions_mut(visit);
        }
        K::IsNull(subject) | K::IsNotNull(subject) => visit(subject),
        K::IsType { operand, .. } | K::IsNormalized { operand, .. } => visit(operand),
        K::Index(subject, index) => {
            visit(subject);
            visit(index);
        }
        K::Slice(subject, from, to) => {
            visit(subject);
            from.iter_mut().for_each(|bound| visit(bound));
            to.iter_mut().for_each(|bound| visit(bound));
        }
        K::Binary(_, left, right) => {
            visit(left);
            visit(right);
        }
        K::Comparison(first, rest) => {
            visit(first);
            rest.iter_mut().for_each(|(_, operand)| visit(operand));
        }
        K::Case { operand, branches, otherwise } => {
            operand.iter_mut().for_each(|operand| visit(operand));
            for (when, then) in branches {
                visit(when);
                visit(then);
            }
            otherwise.iter_mut().for_each(|otherwise| visit(otherwise));
        }
        K::Function { args, .. } => args.iter_mut().for_each(visit),
        K::ListComprehension { list, filter, map, .. } => {
            visit(list);
            filter.iter_mut().for_each(|filter| visit(filter));
            map.iter_mut().for_each(|map| visit(map));
        }
        K::Quantifier { list, filter, .. } => {
            visit(list);
            filter.iter_mut().for_each(|filter| visit(filter));
        }
        K::Reduce { init, list, step, .. } => {
            visit(init);
            visit(list);
            visit(step);
        }
        K::MapProjection { items, .. } => {
            for item in items {
                if let MapProjectionItem::Entry(_, value) = item {
                    visit(value);
                }
            }
        }
    }
}
