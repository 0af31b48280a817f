//! Patterns: what they introduce, what they use, and what each clause allows in them.

use std::collections::BTreeSet;

use super::Checker;
use super::expression::Place;
use super::scope::{Scope, already_bound};
use super::types::Ty;
use crate::ast::graph::{Expr, ExprKind, LabelExpr, NodePattern, Pattern, RelDirection, RelPattern};
use crate::graph::functions::Types;
use crate::graph::{Detail, Error, Kind, Result};
use crate::text::Span;

impl Checker<'_> {
    /// `MATCH patterns`: unknown variables are introduced. Also for EXISTS and pattern comprehensions.
    pub(super) fn match_patterns(self, patterns: &[Pattern], scope: &mut Scope) -> Result<()> {
        let mut relationships = BTreeSet::new();
        for pattern in patterns {
            one_relationship_if_shortest(pattern)?;
            bind_node(&pattern.start, scope)?;
            for (relationship, node) in &pattern.steps {
                bind_relationship(relationship, scope)?;
                if let Some(name) = &relationship.variable
                    && !relationships.insert(name.text.as_str())
                {
                    let message =
                        format!("Cannot use the same relationship variable `{}` for multiple patterns", name.text);
                    return Err(Error::syntax(Detail::RelationshipUniquenessViolation, message).at(name.span));
                }
                bind_node(node, scope)?;
            }
            if let Some(path) = &pattern.path {
                scope.introduce(path, Ty::of(Types::PATH))?;
            }
        }
        for pattern in patterns {
            self.inside(pattern, scope, "MATCH")?;
        }
        Ok(())
    }

    /// A pattern where a truth value or path is expected: it introduces no node and no path.
    pub(super) fn pattern_predicate(self, pattern: &Pattern, scope: &Scope) -> Result<()> {
        one_relationship_if_shortest(pattern)?;
        let mut inner = scope.clone();
        let nodes = std::iter::once(&pattern.start).chain(pattern.steps.iter().map(|(_, node)| node));
        for node in nodes {
            if let Some(name) = &node.variable {
                scope.lookup(&name.text, name.span)?;
            }
            bind_node(node, &mut inner)?;
        }
        for (relationship, _) in &pattern.steps {
            if let Some(name) = &relationship.variable
                && pattern.shortest.is_none()
            {
                scope.lookup(&name.text, name.span)?;
            }
            bind_relationship(relationship, &mut inner)?;
        }
        self.inside(pattern, &inner, "a pattern")
    }

    /// Property maps and WHERE inside a pattern that is matched.
    fn inside(self, pattern: &Pattern, scope: &Scope, clause: &str) -> Result<()> {
        let start = (&pattern.start.properties, &pattern.start.filter);
        let steps = pattern.steps.iter().flat_map(|(relationship, node)| {
            [(&relationship.properties, &relationship.filter), (&node.properties, &node.filter)]
        });
        for (properties, filter) in std::iter::once(start).chain(steps) {
            if let Some(properties) = properties {
                no_parameter(properties, clause)?;
                self.infer(properties, scope, Place::VALUE)?;
            }
            self.filter(filter.as_deref(), scope)?;
        }
        Ok(())
    }

    /// `CREATE patterns`
    pub(super) fn create_patterns(self, patterns: &[Pattern], scope: &mut Scope) -> Result<()> {
        for pattern in patterns {
            self.written(pattern, scope, "CREATE")?;
        }
        Ok(())
    }

    /// `MERGE pattern`
    pub(super) fn merge_pattern(self, pattern: &Pattern, scope: &mut Scope) -> Result<()> {
        let nodes = std::iter::once(&pattern.start).chain(pattern.steps.iter().map(|(_, node)| node));
        let relationships = pattern.steps.iter().map(|(relationship, _)| &relationship.properties);
        for properties in nodes.map(|node| &node.properties).chain(relationships).flatten() {
            no_parameter(properties, "MERGE")?;
        }
        self.written(pattern, scope, "MERGE")
    }

    fn written(self, pattern: &Pattern, scope: &mut Scope, clause: &'static str) -> Result<()> {
        if pattern.shortest.is_some() {
            return Err(unexpected(format!("shortestPath cannot be used in {clause}"), pattern.span));
        }
        let alone = pattern.steps.is_empty();
        self.written_node(&pattern.start, alone, scope, clause)?;
        for (relationship, node) in &pattern.steps {
            self.written_relationship(relationship, scope, clause)?;
            self.written_node(node, false, scope, clause)?;
            if let Some(name) = &relationship.variable {
                scope.introduce(name, Ty::of(Types::RELATIONSHIP))?;
            }
        }
        match &pattern.path {
            Some(path) => scope.introduce(path, Ty::of(Types::PATH)),
            None => Ok(()),
        }
    }

    fn written_node(self, node: &NodePattern, alone: bool, scope: &mut Scope, clause: &'static str) -> Result<()> {
        if let Some(filter) = &node.filter {
            return Err(no_filter(filter, clause));
        }
        if let Some(labels) = &node.labels
            && !only_names(labels)
        {
            return Err(unexpected(format!("{clause} needs plain labels, such as :A:B"), node.span));
        }
        let bound = node.variable.as_ref().filter(|name| scope.has(&name.text));
        if let Some(name) = bound {
            if alone || node.labels.is_some() || node.properties.is_some() {
                return Err(already_bound(name)
                    .hint(format!("the node exists already: write ({}) without labels and properties", name.text)));
            }
            return scope.bind(name, Ty::of(Types::NODE), Types::NODE);
        }
        self.stored_properties(node.properties.as_ref(), scope)?;
        if let Some(name) = &node.variable {
            scope.set(name.text.as_str(), Ty::of(Types::NODE));
        }
        Ok(())
    }

    fn written_relationship(self, relationship: &RelPattern, scope: &Scope, clause: &'static str) -> Result<()> {
        if let Some(name) = relationship.variable.as_ref().filter(|name| scope.has(&name.text)) {
            return Err(already_bound(name));
        }
        if let Some(filter) = &relationship.filter {
            return Err(no_filter(filter, clause));
        }
        if relationship.length.is_some() {
            let message = format!("Variable length relationships cannot be used in {clause}");
            return Err(Error::syntax(Detail::CreatingVarLength, message).at(relationship.span));
        }
        if !matches!(relationship.types, Some(LabelExpr::Name(_))) {
            let message = format!("Exactly one relationship type must be specified for {clause}");
            return Err(Error::syntax(Detail::NoSingleRelationshipType, message)
                .at(relationship.span)
                .hint("write the type behind a colon: -[:KNOWS]->"));
        }
        if relationship.direction == RelDirection::Either && clause == "CREATE" {
            let message = "Only directed relationships are supported in CREATE";
            return Err(Error::syntax(Detail::RequiresDirectedRelationship, message)
                .at(relationship.span)
                .hint("write --> or <--"));
        }
        self.stored_properties(relationship.properties.as_ref(), scope)
    }

    fn stored_properties(self, properties: Option<&Expr>, scope: &Scope) -> Result<()> {
        let Some(properties) = properties else { return Ok(()) };
        let ExprKind::Map(entries) = &properties.kind else {
            return self.infer(properties, scope, Place::VALUE).map(drop);
        };
        for (_, value) in entries {
            let ty = self.infer(value, scope, Place::VALUE)?;
            must_be_storable(&ty, value.span)?;
        }
        Ok(())
    }
}

/// Fails if a value of this type cannot be a property.
pub(super) fn must_be_storable(ty: &Ty, span: Span) -> Result<()> {
    if ty.storable() {
        return Ok(());
    }
    let message = format!("Property values can only be of primitive types or lists thereof, not {}", ty.describe());
    Err(Error::compile(Kind::Type, Detail::InvalidPropertyType, message).at(span))
}

fn bind_node(node: &NodePattern, scope: &mut Scope) -> Result<()> {
    node.variable.as_ref().map_or(Ok(()), |name| scope.bind(name, Ty::of(Types::NODE), Types::NODE))
}

fn bind_relationship(relationship: &RelPattern, scope: &mut Scope) -> Result<()> {
    let Some(name) = &relationship.variable else { return Ok(()) };
    if relationship.length.is_none() {
        return scope.bind(name, Ty::of(Types::RELATIONSHIP), Types::RELATIONSHIP);
    }
    let known = scope.get(&name.text).map(Ty::element);
    if known.is_some_and(|element| !element.may_be(Types::RELATIONSHIP)) {
        let message = format!("Type mismatch: `{}` is no list of relationships", name.text);
        return Err(Error::syntax(Detail::VariableTypeConflict, message).at(name.span));
    }
    scope.bind(name, Ty::list(Ty::of(Types::RELATIONSHIP)), Types::LIST)
}

fn one_relationship_if_shortest(pattern: &Pattern) -> Result<()> {
    if pattern.shortest.is_some() && pattern.steps.len() != 1 {
        return Err(unexpected(
            "shortestPath(...) requires a pattern containing a single relationship".to_owned(),
            pattern.span,
        ));
    }
    Ok(())
}

fn no_parameter(properties: &Expr, clause: &str) -> Result<()> {
    match &properties.kind {
        ExprKind::Parameter(name) => {
            let message = format!(
                "Parameter maps cannot be used in {clause} patterns (use a literal map instead, e.g. {{id: ${name}.id}})"
            );
            Err(Error::syntax(Detail::InvalidParameterUse, message).at(properties.span))
        }
        _ => Ok(()),
    }
}

fn no_filter(filter: &Expr, clause: &str) -> Error {
    unexpected(format!("WHERE cannot be used inside a pattern of {clause}"), filter.span)
}

fn unexpected(message: String, span: Span) -> Error {
    Error::syntax(Detail::UnexpectedSyntax, message).at(span)
}

fn only_names(labels: &LabelExpr) -> bool {
    match labels {
        LabelExpr::Name(_) => true,
        LabelExpr::And(parts) => parts.iter().all(only_names),
        _ => false,
    }
}
