//! Patterns and label expressions.

use super::expression::{expression, map};
use super::name_to;
use crate::ast::graph::{
    Expr, ExprKind, LabelExpr, Link, Name, NodePattern, Pattern, RelDirection, RelPattern, Selector, Shortest,
};

/// A pattern.
pub(super) fn pattern(out: &mut String, pattern: &Pattern) {
    if let Some(path) = &pattern.path {
        name_to(out, &path.text);
        out.push_str(" = ");
    }
    match &pattern.selector {
        Some(Selector::Function(Shortest::One)) => out.push_str("shortestPath("),
        Some(Selector::Function(Shortest::All)) => out.push_str("allShortestPaths("),
        Some(Selector::AllShortest) => out.push_str("ALL SHORTEST "),
        Some(Selector::Any(number)) => numbered(out, "ANY", number.as_deref(), ""),
        Some(Selector::Shortest(number)) => numbered(out, "SHORTEST", Some(number), ""),
        Some(Selector::Groups(number)) => numbered(out, "SHORTEST", Some(number), "GROUPS "),
        None => {}
    }
    match &pattern.filter {
        Some(filter) => in_brackets(out, pattern, Some(filter)),
        None => path(out, pattern),
    }
    if matches!(pattern.selector, Some(Selector::Function(_))) {
        out.push(')');
    }
}

fn numbered(out: &mut String, word: &str, number: Option<&Expr>, behind: &str) {
    out.push_str(word);
    out.push(' ');
    if let Some(number) = number {
        expression(out, number);
        out.push(' ');
    }
    out.push_str(behind);
}

fn in_brackets(out: &mut String, pattern: &Pattern, filter: Option<&Expr>) {
    out.push('(');
    path(out, pattern);
    if let Some(filter) = filter {
        out.push_str(" WHERE ");
        expression(out, filter);
    }
    out.push(')');
}

/// Nodes and what joins them.
fn path(out: &mut String, pattern: &Pattern) {
    node(out, &pattern.start);
    for (link, next) in &pattern.steps {
        match link {
            Link::Relationship(relationship) => self::relationship(out, relationship),
            Link::Quantified(quantified) => {
                in_brackets(out, &quantified.inner, quantified.inner.filter.as_deref());
                out.push_str(&format!("{{{},", quantified.times.min));
                if let Some(max) = quantified.times.max {
                    out.push_str(&max.to_string());
                }
                out.push('}');
            }
        }
        node(out, next);
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
        LabelExpr::Dynamic { names, any } => {
            out.push_str(if *any { "$any(" } else { "$(" });
            expression(out, names);
            out.push(')');
        }
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
