//! The query graph of one MATCH: its nodes, relationships, paths and predicates, with a name for each.
//!
//! Labels, property maps and `WHERE`s inside the brackets all become predicates; unnamed parts get
//! names that no user can write.

use super::operators::TypeFilter;
use super::planner::Planner;
use crate::ast::graph::{
    BinaryOp, CompareOp, Expr, ExprKind, LabelExpr, Name, NodePattern, PathLength, Pattern, RelDirection, RelPattern,
    Shortest,
};
use crate::graph::eval::Scope;
use crate::graph::{Detail, Error, Result};
use crate::text::Span;
use std::sync::Arc;

/// The first character of names that are not the user's.
pub const HIDDEN: char = '\u{1}';

/// What one MATCH looks for.
#[derive(Debug, Default)]
pub struct QueryGraph {
    /// Names of its nodes, each once.
    pub nodes: Vec<String>,
    /// Its relationships.
    pub relationships: Vec<PatternRelationship>,
    /// Shortest paths to look for once their ends are bound.
    pub shortest: Vec<PatternShortest>,
    /// Named paths.
    pub paths: Vec<PatternPath>,
    /// What must be true.
    pub predicates: Vec<Expr>,
}

/// A relationship of the pattern.
#[derive(Debug, Clone)]
pub struct PatternRelationship {
    /// Its name.
    pub name: String,
    /// The name of its left node.
    pub from: String,
    /// The name of its right node.
    pub to: String,
    /// Which way it points.
    pub direction: RelDirection,
    /// Which types.
    pub types: TypeFilter,
    /// Bounds, if it is variable.
    pub length: Option<(u64, Option<u64>)>,
    /// Conditions on each relationship of a variable length, on the variable [`STEP`].
    pub step_filter: Option<Expr>,
}

/// The variable that stands for one relationship of a variable-length pattern.
pub const STEP: &str = "\u{1}step";

/// `shortestPath((a)-[*]-(b))`
#[derive(Debug, Clone)]
pub struct PatternShortest {
    /// Its single relationship.
    pub relationship: PatternRelationship,
    /// The path's name.
    pub path: String,
    /// All of the shortest.
    pub all: bool,
}

/// A named path.
#[derive(Debug, Clone)]
pub struct PatternPath {
    /// Its name.
    pub name: String,
    /// The name of its first node.
    pub start: String,
    /// The names of its relationships, in order.
    pub relationships: Vec<String>,
    /// The names of its nodes.
    pub nodes: Vec<String>,
}

impl QueryGraph {
    /// The query graph of some patterns and a WHERE.
    pub fn new(planner: &mut Planner<'_>, scope: &Scope, patterns: &[Pattern], filter: Option<&Expr>) -> Result<Self> {
        let mut graph = QueryGraph::default();
        for pattern in patterns {
            graph.add(planner, scope, pattern)?;
        }
        if let Some(filter) = filter {
            conjuncts(filter, &mut graph.predicates);
        }
        Ok(graph)
    }

    fn add(&mut self, planner: &mut Planner<'_>, scope: &Scope, pattern: &Pattern) -> Result<()> {
        let start = self.node(planner, &pattern.start)?;
        if pattern.steps.is_empty() && scope.slot(&start).is_some() {
            let variable = Box::new(variable(&start, pattern.start.span));
            self.predicates.push(Expr { kind: ExprKind::IsNotNull(variable), span: pattern.start.span });
        }
        let mut path = PatternPath {
            name: String::new(),
            start: start.clone(),
            relationships: Vec::new(),
            nodes: vec![start.clone()],
        };
        let mut from = start;
        for (step, end) in &pattern.steps {
            let to = self.node(planner, end)?;
            let relationship = self.relationship(planner, step, &from, &to)?;
            path.relationships.push(relationship.name.clone());
            path.nodes.push(to.clone());
            match pattern.shortest {
                None => self.relationships.push(relationship),
                Some(which) => {
                    if step.length.is_some_and(|length| length.min > 1) {
                        return Err(Error::syntax(
                            Detail::InvalidRelationshipPattern,
                            "shortestPath does not support a minimal length different from 0 or 1",
                        )
                        .at(step.span));
                    }
                    if pattern.steps.len() != 1 {
                        return Err(Error::syntax(
                            Detail::InvalidRelationshipPattern,
                            "shortestPath takes one relationship between two nodes",
                        )
                        .at(pattern.span));
                    }
                    let path = pattern.path.as_ref().map_or_else(|| planner.hidden("path"), |name| name.text.clone());
                    self.shortest.push(PatternShortest { relationship, path, all: which == Shortest::All });
                }
            }
            from = to;
        }
        if let (Some(name), None) = (&pattern.path, pattern.shortest) {
            path.name.clone_from(&name.text);
            self.paths.push(path);
        }
        Ok(())
    }

    fn node(&mut self, planner: &mut Planner<'_>, node: &NodePattern) -> Result<String> {
        let name = name_of(planner, node.variable.as_ref(), "node");
        if !self.nodes.contains(&name) {
            self.nodes.push(name.clone());
        }
        if let Some(labels) = &node.labels {
            let subject = Box::new(variable(&name, node.span));
            for part in label_parts(labels) {
                self.predicates.push(Expr { kind: ExprKind::HasLabels(subject.clone(), part), span: node.span });
            }
        }
        property_predicates(&name, node.span, node.properties.as_ref(), &mut self.predicates)?;
        if let Some(filter) = &node.filter {
            conjuncts(filter, &mut self.predicates);
        }
        Ok(name)
    }

    fn relationship(
        &mut self,
        planner: &mut Planner<'_>,
        step: &RelPattern,
        from: &str,
        to: &str,
    ) -> Result<PatternRelationship> {
        let name = name_of(planner, step.variable.as_ref(), "relationship");
        let length = step.length.map(|PathLength { min, max }| (min, max));
        let mut step_filter = None;
        if length.is_some() {
            let mut conditions = Vec::new();
            property_predicates(STEP, step.span, step.properties.as_ref(), &mut conditions)?;
            conditions.extend(step.filter.as_deref().cloned());
            step_filter = conditions.into_iter().reduce(|left, right| Expr {
                span: left.span,
                kind: ExprKind::Binary(BinaryOp::And, Box::new(left), Box::new(right)),
            });
        } else {
            property_predicates(&name, step.span, step.properties.as_ref(), &mut self.predicates)?;
            if let Some(filter) = &step.filter {
                conjuncts(filter, &mut self.predicates);
            }
        }
        Ok(PatternRelationship {
            name,
            from: from.to_owned(),
            to: to.to_owned(),
            direction: step.direction,
            types: type_filter(step.types.as_ref()),
            length,
            step_filter,
        })
    }
}

fn name_of(planner: &mut Planner<'_>, name: Option<&Name>, what: &str) -> String {
    name.map_or_else(|| planner.hidden(what), |name| name.text.clone())
}

/// A variable as an expression.
pub fn variable(name: &str, span: Span) -> Expr {
    Expr { kind: ExprKind::Variable(name.to_owned()), span }
}

/// `:A:B` as separate conditions.
fn label_parts(labels: &LabelExpr) -> Vec<LabelExpr> {
    match labels {
        LabelExpr::And(parts) => parts.iter().flat_map(label_parts).collect(),
        other => vec![other.clone()],
    }
}

/// `{a: 1, b: 2}` as `x.a = 1` and `x.b = 2`.
fn property_predicates(name: &str, span: Span, properties: Option<&Expr>, out: &mut Vec<Expr>) -> Result<()> {
    match properties.map(|properties| (&properties.kind, properties.span)) {
        None => Ok(()),
        Some((ExprKind::Map(entries), _)) => {
            for (key, value) in entries {
                let property =
                    Expr { kind: ExprKind::Property(Box::new(variable(name, span)), key.clone()), span: value.span };
                out.push(Expr {
                    kind: ExprKind::Comparison(Box::new(property), vec![(CompareOp::Eq, value.clone())]),
                    span: value.span,
                });
            }
            Ok(())
        }
        Some((_, span)) => Err(Error::syntax(
            Detail::InvalidParameterUse,
            "A parameter map cannot be used as a predicate here; write the properties out",
        )
        .at(span)),
    }
}

/// The parts of a conjunction.
pub fn conjuncts(expr: &Expr, out: &mut Vec<Expr>) {
    match &expr.kind {
        ExprKind::Binary(BinaryOp::And, left, right) => {
            conjuncts(left, out);
            conjuncts(right, out);
        }
        _ => out.push(expr.clone()),
    }
}

/// The types of a relationship pattern.
pub fn type_filter(types: Option<&LabelExpr>) -> TypeFilter {
    match types {
        None | Some(LabelExpr::Any) => TypeFilter::Any,
        Some(LabelExpr::Name(name)) => TypeFilter::Names(vec![Arc::from(name.text.as_str())]),
        Some(LabelExpr::Or(parts)) if parts.iter().all(|part| matches!(part, LabelExpr::Name(_))) => {
            let mut names: Vec<Arc<str>> = Vec::new();
            for part in parts {
                if let LabelExpr::Name(name) = part
                    && !names.iter().any(|known| **known == *name.text)
                {
                    names.push(Arc::from(name.text.as_str()));
                }
            }
            TypeFilter::Names(names)
        }
        Some(other) => TypeFilter::Expression(other.clone()),
    }
}
