//! How parts of a pattern are shown in plans.

use super::Solver;
use crate::ast::graph::{CompareOp, Expr, ExprKind, LabelExpr, RelDirection};
use crate::graph::plan::operators::TypeFilter;
use crate::graph::plan::pattern::{HIDDEN, PatternRelationship, PatternSearch, PatternStep};

impl Solver<'_, '_> {
    /// A predicate for people: those that stand for labels and property maps are not in the text.
    pub(super) fn show(&self, expr: &Expr) -> String {
        match &expr.kind {
            ExprKind::HasLabels(subject, LabelExpr::Name(label)) => match &subject.kind {
                ExprKind::Variable(name) => format!("{}:{}", display(name), label.text),
                _ => self.planner.text(expr).to_owned(),
            },
            ExprKind::Comparison(left, rest) => match (&left.kind, rest.as_slice()) {
                (ExprKind::Property(subject, key), [(CompareOp::Eq, value)]) if expr.span == value.span => {
                    let name = match &subject.kind {
                        ExprKind::Variable(name) => display(name),
                        _ => String::new(),
                    };
                    format!("{name}.{key} = {}", self.planner.text(value))
                }
                _ => self.planner.text(expr).to_owned(),
            },
            _ => self.planner.text(expr).to_owned(),
        }
    }
}

/// A name for people; hidden ones have none.
pub fn display(name: &str) -> String {
    if name.starts_with(HIDDEN) { String::new() } else { name.to_owned() }
}

/// `(a)-[r:T*1..2]->(b)`
pub(super) fn show_step(open: &PatternRelationship) -> String {
    let length = match open.length {
        None => String::new(),
        Some((min, None)) => format!("*{min}.."),
        Some((min, Some(max))) => format!("*{min}..{max}"),
    };
    let link = show_link(&open.name, &open.types, &length, open.direction);
    format!("({}){link}({})", display(&open.from), display(&open.to))
}

fn show_link(name: &str, types: &TypeFilter, length: &str, direction: RelDirection) -> String {
    let types = match types {
        TypeFilter::Any => String::new(),
        TypeFilter::Names(names) => format!(":{}", names.join("|")),
        TypeFilter::Expression(_) => ":…".to_owned(),
    };
    let inside = format!("{}{types}{length}", display(name));
    let inside = if inside.is_empty() { String::new() } else { format!("[{inside}]") };
    let (left, right) = match direction {
        RelDirection::Right => ("-", "->"),
        RelDirection::Left => ("<-", "-"),
        RelDirection::Either => ("-", "-"),
    };
    format!("{left}{inside}{right}")
}

/// `(a) ((x)-[r]->(y)){1,3} (b)`
pub(super) fn show_search(search: &PatternSearch) -> String {
    let mut out = format!("({})", display(&search.from));
    let last = search.segments.len().saturating_sub(1);
    for (at, segment) in search.segments.iter().enumerate() {
        let link = |step: &PatternStep| show_link(&step.name, &step.types, "", step.direction);
        match segment.times {
            None => segment.steps.iter().for_each(|step| out.push_str(&link(step))),
            Some(times) => {
                let node = |at: usize| segment.nodes.get(at).map_or_else(String::new, |name| display(name));
                out.push_str(&format!(" (({})", node(0)));
                for (at, step) in segment.steps.iter().enumerate() {
                    out.push_str(&format!("{}({})", link(step), node(at + 1)));
                }
                let max = times.max.map_or_else(String::new, |max| max.to_string());
                out.push_str(&format!("){{{},{max}}} ", times.min));
            }
        }
        let end = if at == last { Some(&search.to) } else { segment.nodes.last() };
        out.push_str(&format!("({})", end.map_or_else(String::new, |name| display(name))));
    }
    out
}
