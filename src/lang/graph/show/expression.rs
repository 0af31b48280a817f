//! Expressions, with brackets where the tree needs them.

use super::clause::query;
use super::pattern::{labels, pattern};
use super::{name_to, separated};
use crate::ast::graph::{
    BinaryOp, CompareOp, Expr, ExprKind, MapProjectionItem, NormalForm, Quantifier, Subquery, UnaryOp,
};

/// How tightly an expression binds, as in the parser.
fn level(expr: &Expr) -> u8 {
    match &expr.kind {
        ExprKind::Binary(op, ..) => binary_level(*op),
        ExprKind::Unary(UnaryOp::Not, _) => 4,
        ExprKind::Comparison(..) => 5,
        ExprKind::IsNull(_) | ExprKind::IsNotNull(_) | ExprKind::IsType { .. } | ExprKind::IsNormalized { .. } => 6,
        ExprKind::Unary(..) | ExprKind::HasLabels(..) | ExprKind::Int(_) | ExprKind::Float(_) => UNARY,
        _ => POSTFIX,
    }
}

const UNARY: u8 = 10;
const POSTFIX: u8 = 11;

fn binary_level(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Or => 1,
        BinaryOp::Xor => 2,
        BinaryOp::And => 3,
        BinaryOp::In | BinaryOp::StartsWith | BinaryOp::EndsWith | BinaryOp::Contains | BinaryOp::Matches => 6,
        BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Concat => 7,
        BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Modulo => 8,
        BinaryOp::Power => 9,
    }
}

const fn binary_sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Or => "OR",
        BinaryOp::Xor => "XOR",
        BinaryOp::And => "AND",
        BinaryOp::Add => "+",
        BinaryOp::Concat => "||",
        BinaryOp::Subtract => "-",
        BinaryOp::Multiply => "*",
        BinaryOp::Divide => "/",
        BinaryOp::Modulo => "%",
        BinaryOp::Power => "^",
        BinaryOp::In => "IN",
        BinaryOp::StartsWith => "STARTS WITH",
        BinaryOp::EndsWith => "ENDS WITH",
        BinaryOp::Contains => "CONTAINS",
        BinaryOp::Matches => "=~",
    }
}

const fn compare_sign(op: CompareOp) -> &'static str {
    match op {
        CompareOp::Eq => "=",
        CompareOp::Ne => "<>",
        CompareOp::Lt => "<",
        CompareOp::Le => "<=",
        CompareOp::Gt => ">",
        CompareOp::Ge => ">=",
    }
}

/// An expression that must bind at least this tightly.
fn operand(out: &mut String, expr: &Expr, least: u8) {
    if level(expr) >= least {
        expression(out, expr);
    } else {
        out.push('(');
        expression(out, expr);
        out.push(')');
    }
}

/// An expression.
pub(super) fn expression(out: &mut String, expr: &Expr) {
    match &expr.kind {
        ExprKind::Null => out.push_str("null"),
        ExprKind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        ExprKind::Int(value) => out.push_str(&value.to_string()),
        ExprKind::Float(value) => out.push_str(&format!("{value:?}")),
        ExprKind::String(value) => string(out, value),
        ExprKind::Parameter(name) => {
            out.push('$');
            name_to(out, name);
        }
        ExprKind::Variable(name) => name_to(out, name),
        // Without parentheses it would be a comprehension.
        ExprKind::List(items) if matches!(items.as_slice(), [one] if begins_comprehension(one)) => {
            bracketed(out, "[(", items, ")]");
        }
        ExprKind::List(items) => bracketed(out, "[", items, "]"),
        ExprKind::Map(entries) => map(out, entries),
        ExprKind::Property(owner, key) => {
            operand(out, owner, POSTFIX);
            out.push('.');
            name_to(out, key);
        }
        ExprKind::Index(list, index) => {
            operand(out, list, POSTFIX);
            out.push('[');
            expression(out, index);
            out.push(']');
        }
        ExprKind::Slice(list, from, to) => {
            operand(out, list, POSTFIX);
            out.push('[');
            from.iter().for_each(|from| expression(out, from));
            out.push_str(" .. ");
            to.iter().for_each(|to| expression(out, to));
            out.push(']');
        }
        ExprKind::Unary(op, inner) => unary(out, *op, inner),
        ExprKind::Binary(op, left, right) => binary(out, *op, left, right),
        ExprKind::Comparison(first, others) => {
            operand(out, first, 6);
            for (op, other) in others {
                out.push_str(&format!(" {} ", compare_sign(*op)));
                operand(out, other, 6);
            }
        }
        ExprKind::IsNull(inner) => {
            operand(out, inner, 6);
            out.push_str(" IS NULL");
        }
        ExprKind::IsNotNull(inner) => {
            operand(out, inner, 6);
            out.push_str(" IS NOT NULL");
        }
        ExprKind::IsType { operand: inner, negated, wanted } => {
            operand(out, inner, 6);
            out.push_str(&format!(" IS {}:: {wanted}", if *negated { "NOT " } else { "" }));
        }
        ExprKind::IsNormalized { operand: inner, negated, form } => {
            operand(out, inner, 6);
            let form = NormalForm::ALL.iter().find(|(_, known)| known == form).map_or("", |(name, _)| *name);
            out.push_str(&format!(" IS {}{form} NORMALIZED", if *negated { "NOT " } else { "" }));
        }
        ExprKind::HasLabels(inner, expr) => {
            operand(out, inner, POSTFIX);
            labels(out, expr);
        }
        ExprKind::CountStar => out.push_str("count(*)"),
        ExprKind::Function { name, distinct, args } => {
            separated(out, ".", &name.split('.').collect::<Vec<_>>(), |out, part| name_to(out, part));
            bracketed(out, if *distinct { "(DISTINCT " } else { "(" }, args, ")");
        }
        ExprKind::PatternPredicate(path) | ExprKind::ShortestPath(path) => pattern(out, path),
        ExprKind::Exists(body) => subquery(out, "EXISTS", body),
        ExprKind::Count(body) => subquery(out, "COUNT", body),
        ExprKind::Collect(inner) => {
            out.push_str("COLLECT { ");
            query(out, inner);
            out.push_str(" }");
        }
        _ => compound(out, expr),
    }
}

/// CASE, comprehensions, quantifiers, reduce, map projections.
fn compound(out: &mut String, expr: &Expr) {
    let mut part = |before: &str, expr: Option<&Expr>| {
        if let Some(expr) = expr {
            out.push_str(before);
            expression(out, expr);
        }
    };
    match &expr.kind {
        ExprKind::Case { operand, branches, otherwise } => {
            part("CASE ", operand.as_deref());
            if operand.is_none() {
                out.push_str("CASE");
            }
            let mut part = |before: &str, expr: &Expr| {
                out.push_str(before);
                expression(out, expr);
            };
            for (when, then) in branches {
                part(" WHEN ", when);
                part(" THEN ", then);
            }
            otherwise.iter().for_each(|otherwise| part(" ELSE ", otherwise));
            out.push_str(" END");
        }
        ExprKind::ListComprehension { variable, list, filter, map } => {
            out.push('[');
            name_to(out, &variable.text);
            each(out, list, filter.as_deref());
            if let Some(map) = map {
                out.push_str(" | ");
                expression(out, map);
            }
            out.push(']');
        }
        ExprKind::PatternComprehension { pattern: path, filter, map } => {
            out.push('[');
            pattern(out, path);
            if let Some(filter) = filter {
                out.push_str(" WHERE ");
                expression(out, filter);
            }
            out.push_str(" | ");
            expression(out, map);
            out.push(']');
        }
        ExprKind::Quantifier { kind, variable, list, filter } => {
            out.push_str(match kind {
                Quantifier::All => "all(",
                Quantifier::Any => "any(",
                Quantifier::None => "none(",
                Quantifier::Single => "single(",
            });
            name_to(out, &variable.text);
            each(out, list, filter.as_deref());
            out.push(')');
        }
        ExprKind::Reduce { accumulator, init, variable, list, step } => {
            out.push_str("reduce(");
            name_to(out, &accumulator.text);
            out.push_str(" = ");
            expression(out, init);
            out.push_str(", ");
            name_to(out, &variable.text);
            each(out, list, None);
            out.push_str(" | ");
            expression(out, step);
            out.push(')');
        }
        ExprKind::MapProjection { subject, items } => {
            name_to(out, &subject.text);
            out.push_str(" {");
            separated(out, ", ", items, projection_item);
            out.push('}');
        }
        _ => {}
    }
}

/// ` IN list WHERE filter`
fn each(out: &mut String, list: &Expr, filter: Option<&Expr>) {
    out.push_str(" IN ");
    expression(out, list);
    if let Some(filter) = filter {
        out.push_str(" WHERE ");
        expression(out, filter);
    }
}

fn unary(out: &mut String, op: UnaryOp, inner: &Expr) {
    match op {
        UnaryOp::Not => {
            out.push_str("NOT ");
            operand(out, inner, 4);
        }
        UnaryOp::Minus | UnaryOp::Plus => {
            out.push_str(if op == UnaryOp::Minus { "-" } else { "+" });
            // A number in brackets stays apart from its sign; signs in a row need none.
            let least =
                if matches!(inner.kind, ExprKind::Unary(UnaryOp::Minus | UnaryOp::Plus, _)) { UNARY } else { POSTFIX };
            operand(out, inner, least);
        }
    }
}

fn binary(out: &mut String, op: BinaryOp, left: &Expr, right: &Expr) {
    let level = binary_level(op);
    // Chains of AND and OR are one flat list to the parser.
    let flat = matches!(op, BinaryOp::And | BinaryOp::Or);
    operand(out, left, level);
    out.push_str(&format!(" {} ", binary_sign(op)));
    operand(out, right, if flat { level } else { level + 1 });
}

/// `x IN …`
fn begins_comprehension(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Binary(BinaryOp::In, left, _) if matches!(left.kind, ExprKind::Variable(_)))
}

fn bracketed(out: &mut String, open: &str, items: &[Expr], close: &str) {
    out.push_str(open);
    separated(out, ", ", items, expression);
    out.push_str(close);
}

/// `{key: value}`
pub(super) fn map(out: &mut String, entries: &[(String, Expr)]) {
    out.push('{');
    separated(out, ", ", entries, |out, (key, value)| {
        name_to(out, key);
        out.push_str(": ");
        expression(out, value);
    });
    out.push('}');
}

fn projection_item(out: &mut String, item: &MapProjectionItem) {
    match item {
        MapProjectionItem::Property(key) => {
            out.push('.');
            name_to(out, key);
        }
        MapProjectionItem::All => out.push_str(".*"),
        MapProjectionItem::Entry(key, value) => {
            name_to(out, key);
            out.push_str(": ");
            expression(out, value);
        }
        MapProjectionItem::Variable(name) => name_to(out, &name.text),
    }
}

fn subquery(out: &mut String, word: &str, body: &Subquery) {
    out.push_str(word);
    out.push_str(" { ");
    match body {
        Subquery::Pattern { patterns, filter } => {
            separated(out, ", ", patterns, pattern);
            if let Some(filter) = filter {
                out.push_str(" WHERE ");
                expression(out, filter);
            }
        }
        Subquery::Query(inner) => query(out, inner),
    }
    out.push_str(" }");
}

fn string(out: &mut String, value: &str) {
    out.push('\'');
    for c in value.chars() {
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ => out.push(c),
        }
    }
    out.push('\'');
}
