//! Patterns and label expressions.

use super::expression::{expression, map};
use super::name_to;
use crate::ast::graph::{Expr, ExprKind, LabelExpr, Name, NodePattern, Pattern, RelDirection, RelPattern, Shortest};

/// A pattern.
pub(super) fn pattern(out: &mut String, pattern: &Pattern) {
    if let Some(path) = &pattern.path {
        name_to(out, &path.text);
        out.push_str(" = ");
    }
    match pattern.shortest {
        Some(Shortest::One) => out.push_str("shortestPath("),
        Some(Shortest::All) => out.push_str("allShortestPaths("),
        None => {}
    }
    node(out, &pattern.start);
    for (relationship, next) in &pattern.steps {
        self::relationship(out, relationship);
        node(out, next);
    }
    if pattern.shortest.is_some() {
        out.push(')');
    }
}

fn node(out: &mut String, node: &NodePattern) {
    out.push('(');
    inside(out, node.variable.as_ref(), node.labels.as_ref());
    rest(out, node.properties.as_ref(), node.filter.as_deref());
    out.push(')');
}

fn relationship(out: &mut String, relationship: &RelPattern) {
    out.push_str(if relationship.direction == RelDirection::Left { "<-[" } else { "-[" });
    inside(out, relationship.variable.as_ref(), relationship.types.as_ref());
    if let Some(length) = relationship.length {
        out.push_str(&format!("*{}..", length.min));
        if let Some(max) = length.max {
            out.push_str(&max.to_string());
        }
    }
    rest(out, relationship.properties.as_ref(), relationship.filter.as_deref());
    out.push_str(if relationship.direction == RelDirection::Right { "]->" } else { "]-" });
}

fn inside(out: &mut String, variable: Option<&Name>, expr: Option<&LabelExpr>) {
    if let Some(variable) = variable {
        name_to(out, &variable.text);
    }
    if let Some(expr) = expr {
        labels(out, expr);
    }
}

fn rest(out: &mut String, properties: Option<&Expr>, filter: Option<&Expr>) {
    match properties {
        Some(Expr { kind: ExprKind::Map(entries), .. }) => {
            out.push(' ');
            map(out, entries);
        }
        Some(other) => {
            out.push(' ');
            expression(out, other);
        }
        None => {}
    }
    if let Some(filter) = filter {
        out.push_str(" WHERE ");
        expression(out, filter);
    }
}

/// `:labels`
pub(super) fn labels(out: &mut String, expr: &LabelExpr) {
    out.push(':');
    label_operand(out, expr, false);
}

fn label_operand(out: &mut String, expr: &LabelExpr, nested: bool) {
    match expr {
        LabelExpr::Name(name) => name_to(out, &name.text),
        LabelExpr::Any => out.push('%'),
        LabelExpr::Not(inner) => {
            out.push('!');
            label_operand(out, inner, true);
        }
        LabelExpr::And(parts) => label_parts(out, parts, "&", nested),
        // Always in brackets: a bare bar would end a comprehension's filter.
        LabelExpr::Or(parts) => label_parts(out, parts, "|", true),
    }
}

fn label_parts(out: &mut String, parts: &[LabelExpr], between: &str, brackets: bool) {
    if brackets {
        out.push('(');
    }
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push_str(between);
        }
        label_operand(out, part, true);
    }
    if brackets {
        out.push(')');
    }
}
