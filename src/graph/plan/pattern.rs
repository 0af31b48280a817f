//! The query graph of one MATCH: its nodes, relationships, paths and predicates, with a name for each.
//!
//! Labels, property maps and `WHERE`s inside the brackets all become predicates; unnamed parts get
//! names that no user can write.

use super::operators::TypeFilter;
use super::planner::Planner;
use crate::ast::graph::{
    BinaryOp, CompareOp, Expr, ExprKind, LabelExpr, Link, MatchMode, Name, NodePattern, PathLength, Pattern,
    Quantified, RelDirection, RelPattern, Selector, Shortest,
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
    /// Parts that are searched as a whole.
    pub searches: Vec<PatternSearch>,
    /// Shortest paths to look for once their ends are bound.
    pub shortest: Vec<PatternShortest>,
    /// Named paths.
    pub paths: Vec<PatternPath>,
    /// What must be true.
    pub predicates: Vec<Expr>,
    /// Relationships may be used more than once.
    pub repeats: bool,
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

/// `((x)-[r]->(y)){1,3}`, or a whole path behind a selector.
#[derive(Debug, Clone)]
pub struct PatternSearch {
    /// The name of its left node.
    pub from: String,
    /// The name of its right node.
    pub to: String,
    /// Its parts, from the left.
    pub segments: Vec<PatternSegment>,
    /// Which paths are taken.
    pub selector: Option<Selector>,
    /// Conditions on its own variables; those of repeated parts stand in the parts.
    pub conditions: Vec<Expr>,
    /// The path's name.
    pub path: Option<String>,
}

/// A part of a [`PatternSearch`].
#[derive(Debug, Clone)]
pub struct PatternSegment {
    /// The names of its nodes, one more than relationships. Of a repeated part, single inside, lists outside.
    pub nodes: Vec<String>,
    /// Its relationships, from the left.
    pub steps: Vec<PatternStep>,
    /// How often it is repeated; `None`: it stands there once.
    pub times: Option<PathLength>,
    /// Conditions on the single variables of a repetition.
    pub conditions: Vec<Expr>,
}

/// A relationship of a [`PatternSegment`].
#[derive(Debug, Clone)]
pub struct PatternStep {
    /// Its name.
    pub name: String,
    /// Which way it points.
    pub direction: RelDirection,
    /// Which types.
    pub types: TypeFilter,
}

impl PatternSearch {
    /// The names that it binds, those of its ends left out.
    pub fn binds(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        let last = self.segments.len().saturating_sub(1);
        for (at, segment) in self.segments.iter().enumerate() {
            names.extend(segment.steps.iter().map(|step| step.name.as_str()));
            match segment.times {
                Some(_) => names.extend(segment.nodes.iter().map(String::as_str)),
                None if at < last => names.extend(segment.nodes.last().map(String::as_str)),
                None => {}
            }
        }
        names.extend(self.path.as_deref());
        names
    }

    /// The names of its relationships, or of the lists of them.
    pub fn relationships(&self) -> impl Iterator<Item = &str> {
        self.segments.iter().flat_map(|segment| &segment.steps).map(|step| step.name.as_str())
    }
}

/// A named path.
#[derive(Debug, Clone)]
pub struct PatternPath {
    /// Its name.
    pub name: String,
    /// The name of its first node.
    pub start: String,
    /// The names of its relationships, in order; where a part is repeated, those of one repetition.
    pub parts: Vec<Vec<String>>,
    /// The names of its nodes.
    pub nodes: Vec<String>,
}

impl QueryGraph {
    /// The query graph of some patterns and a WHERE.
    pub fn new(
        planner: &mut Planner<'_>,
        scope: &Scope,
        mode: MatchMode,
        patterns: &[Pattern],
        filter: Option<&Expr>,
    ) -> Result<Self> {
        let mut graph = QueryGraph { repeats: mode == MatchMode::RepeatableElements, ..QueryGraph::default() };
        for pattern in patterns {
            graph.add(planner, scope, pattern)?;
        }
        if let Some(filter) = filter {
            conjuncts(filter, &mut graph.predicates);
        }
        Ok(graph)
    }

    fn add(&mut self, planner: &mut Planner<'_>, scope: &Scope, pattern: &Pattern) -> Result<()> {
        if pattern.selector.is_some() && pattern.shortest().is_none() && !pattern.steps.is_empty() {
            return self.add_selected(planner, pattern);
        }
        let start = self.node(planner, &pattern.start)?;
        if pattern.steps.is_empty() && scope.slot(&start).is_some() {
            let variable = Box::new(variable(&start, pattern.start.span));
            self.predicates.push(Expr { kind: ExprKind::IsNotNull(variable), span: pattern.start.span });
        }
        let mut path =
            PatternPath { name: String::new(), start: start.clone(), parts: Vec::new(), nodes: vec![start.clone()] };
        let mut from = start;
        for (link, end) in &pattern.steps {
            let to = self.node(planner, end)?;
            path.nodes.push(to.clone());
            match link {
                Link::Relationship(step) => {
                    let relationship = self.relationship(planner, step, &from, &to)?;
                    path.parts.push(vec![relationship.name.clone()]);
                    match pattern.shortest() {
                        None => self.relationships.push(relationship),
                        Some(which) => self.add_shortest(planner, pattern, relationship, which)?,
                    }
                }
                Link::Quantified(quantified) => {
                    let segment = repeated(planner, quantified)?;
                    path.parts.push(segment.steps.iter().map(|step| step.name.clone()).collect());
                    self.searches.push(PatternSearch {
                        from: from.clone(),
                        to: to.clone(),
                        segments: vec![segment],
                        selector: None,
                        conditions: Vec::new(),
                        path: None,
                    });
                }
            }
            from = to;
        }
        if let Some(filter) = &pattern.filter {
            conjuncts(filter, &mut self.predicates);
        }
        if let (Some(name), None) = (&pattern.path, pattern.shortest()) {
            path.name.clone_from(&name.text);
            self.paths.push(path);
        }
        Ok(())
    }

    fn add_shortest(
        &mut self,
        planner: &mut Planner<'_>,
        pattern: &Pattern,
        relationship: PatternRelationship,
        which: Shortest,
    ) -> Result<()> {
        let wrong = |message: &str| Err(Error::syntax(Detail::InvalidRelationshipPattern, message).at(pattern.span));
        if relationship.length.is_some_and(|(min, _)| min > 1) {
            return wrong("shortestPath does not support a minimal length different from 0 or 1");
        }
        if pattern.steps.len() != 1 {
            return wrong("shortestPath takes one relationship between two nodes");
        }
        let path = pattern.path.as_ref().map_or_else(|| planner.hidden("path"), |name| name.text.clone());
        self.shortest.push(PatternShortest { relationship, path, all: which == Shortest::All });
        Ok(())
    }

    /// A path behind a selector: it is searched as a whole, with all conditions on what lies between
    /// its ends.
    fn add_selected(&mut self, planner: &mut Planner<'_>, pattern: &Pattern) -> Result<()> {
        let from = self.node(planner, &pattern.start)?;
        let mut search = PatternSearch {
            from: from.clone(),
            to: from.clone(),
            segments: Vec::new(),
            selector: pattern.selector.clone(),
            conditions: Vec::new(),
            path: pattern.path.as_ref().map(|name| name.text.clone()),
        };
        let last = pattern.steps.len().saturating_sub(1);
        let mut before = from;
        for (at, (link, end)) in pattern.steps.iter().enumerate() {
            let to = if at == last {
                self.node(planner, end)?
            } else {
                let name = name_of(planner, end.variable.as_ref(), "node");
                node_conditions(&name, end, &mut search.conditions)?;
                name
            };
            let mut segment = match link {
                Link::Quantified(quantified) => repeated(planner, quantified)?,
                Link::Relationship(step) => single(planner, step, &before, &to, &mut search.conditions)?,
            };
            if segment.times.is_some() && at < last {
                // The node behind a repeated part has a name of its own.
                segment.nodes.push(to.clone());
            }
            search.segments.push(segment);
            before.clone_from(&to);
            search.to = to;
        }
        pattern.filter.iter().for_each(|filter| conjuncts(filter, &mut search.conditions));
        self.searches.push(search);
        Ok(())
    }

    fn node(&mut self, planner: &mut Planner<'_>, node: &NodePattern) -> Result<String> {
        let name = name_of(planner, node.variable.as_ref(), "node");
        if !self.nodes.contains(&name) {
            self.nodes.push(name.clone());
        }
        node_conditions(&name, node, &mut self.predicates)?;
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
            relationship_conditions(STEP, step, &mut conditions)?;
            step_filter = all_of(conditions);
        } else {
            relationship_conditions(&name, step, &mut self.predicates)?;
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

/// A repeated part: its inner variables, unnamed ones with names that no user can write.
fn repeated(planner: &mut Planner<'_>, quantified: &Quantified) -> Result<PatternSegment> {
    let inner = &quantified.inner;
    let mut segment =
        PatternSegment { nodes: Vec::new(), steps: Vec::new(), times: Some(quantified.times), conditions: Vec::new() };
    for node in inner.nodes() {
        let mut name = name_of(planner, node.variable.as_ref(), "node");
        node_conditions(&name, node, &mut segment.conditions)?;
        if segment.nodes.contains(&name) {
            // The same node again: another name, and a condition that they are the same.
            let again = planner.hidden("node");
            let same = vec![(CompareOp::Eq, variable(&again, node.span))];
            let kind = ExprKind::Comparison(Box::new(variable(&name, node.span)), same);
            segment.conditions.push(Expr { kind, span: node.span });
            name = again;
        }
        segment.nodes.push(name);
    }
    for step in inner.relationships() {
        let name = name_of(planner, step.variable.as_ref(), "relationship");
        relationship_conditions(&name, step, &mut segment.conditions)?;
        segment.steps.push(PatternStep { name, direction: step.direction, types: type_filter(step.types.as_ref()) });
    }
    inner.filter.iter().for_each(|filter| conjuncts(filter, &mut segment.conditions));
    Ok(segment)
}

/// A relationship of a path behind a selector; one of variable length is a repeated part.
fn single(
    planner: &mut Planner<'_>,
    step: &RelPattern,
    from: &str,
    to: &str,
    outside: &mut Vec<Expr>,
) -> Result<PatternSegment> {
    let name = name_of(planner, step.variable.as_ref(), "relationship");
    let mut conditions = Vec::new();
    relationship_conditions(&name, step, &mut conditions)?;
    let steps = vec![PatternStep { name, direction: step.direction, types: type_filter(step.types.as_ref()) }];
    let nodes = match step.length {
        Some(_) => vec![planner.hidden("node"), planner.hidden("node")],
        None => {
            outside.append(&mut conditions);
            vec![from.to_owned(), to.to_owned()]
        }
    };
    Ok(PatternSegment { nodes, steps, times: step.length, conditions })
}

/// Labels, properties and WHERE of a node as conditions on a variable.
fn node_conditions(name: &str, node: &NodePattern, out: &mut Vec<Expr>) -> Result<()> {
    if let Some(labels) = &node.labels {
        let subject = Box::new(variable(name, node.span));
        for part in label_parts(labels) {
            out.push(Expr { kind: ExprKind::HasLabels(subject.clone(), part), span: node.span });
        }
    }
    property_predicates(name, node.span, node.properties.as_ref(), out)?;
    node.filter.iter().for_each(|filter| conjuncts(filter, out));
    Ok(())
}

/// Computed types, properties and WHERE of a relationship as conditions on a variable.
fn relationship_conditions(name: &str, step: &RelPattern, out: &mut Vec<Expr>) -> Result<()> {
    if let Some(types) = step.types.as_ref().filter(|types| types.is_dynamic()) {
        let subject = Box::new(variable(name, step.span));
        out.push(Expr { kind: ExprKind::HasLabels(subject, types.clone()), span: step.span });
    }
    property_predicates(name, step.span, step.properties.as_ref(), out)?;
    step.filter.iter().for_each(|filter| conjuncts(filter, out));
    Ok(())
}

/// The conjunction of some conditions.
pub fn all_of(conditions: Vec<Expr>) -> Option<Expr> {
    conditions.into_iter().reduce(|left, right| Expr {
        span: left.span,
        kind: ExprKind::Binary(BinaryOp::And, Box::new(left), Box::new(right)),
    })
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
        // Computed types are tested by a condition.
        Some(other) if other.is_dynamic() => TypeFilter::Any,
        Some(other) => TypeFilter::Expression(other.clone()),
    }
}
