//! Patterns: what they introduce, what they use, and what each clause allows in them.

use std::collections::BTreeSet;

use super::Checker;
use super::expression::Place;
use super::scope::{Scope, already_bound};
use super::types::Ty;
use super::update::expect;
use crate::ast::graph::{
    Expr, ExprKind, LabelExpr, Link, MatchMode, Name, NodePattern, Pattern, Quantified, RelDirection, RelPattern,
    Selector,
};
use crate::graph::functions::Types;
use crate::graph::{Detail, Error, Kind, Result};
use crate::text::Span;

impl Checker<'_> {
    /// `MATCH patterns`: unknown variables are introduced. Also for EXISTS and pattern comprehensions.
    pub(super) fn match_patterns(self, mode: MatchMode, patterns: &[Pattern], scope: &mut Scope) -> Result<()> {
        let before = scope.clone();
        let mut relationships = BTreeSet::new();
        for pattern in patterns {
            one_relationship_if_shortest(pattern)?;
            if mode == MatchMode::RepeatableElements {
                bounded(pattern)?;
            }
            bind_node(&pattern.start, scope)?;
            for (link, node) in &pattern.steps {
                match link {
                    Link::Relationship(relationship) => {
                        bind_relationship(relationship, scope)?;
                        unused(relationship.variable.as_ref(), &mut relationships)?;
                    }
                    Link::Quantified(quantified) => {
                        self.quantified(quantified, &before, scope)?;
                        for relationship in quantified.inner.relationships() {
                            unused(relationship.variable.as_ref(), &mut relationships)?;
                        }
                    }
                }
                bind_node(node, scope)?;
            }
            if let Some(path) = &pattern.path {
                scope.introduce(path, Ty::of(Types::PATH))?;
            }
        }
        for pattern in patterns {
            if pattern.selector.is_none() || pattern.shortest().is_some() {
                self.inside(pattern, scope, "MATCH")?;
                self.filter(pattern.filter.as_deref(), scope)?;
            } else {
                self.selected(pattern, &before, scope)?;
            }
        }
        Ok(())
    }

    /// A path behind a selector is looked for by itself: its conditions see its own variables and those
    /// of earlier clauses, and what lies between its ends is new.
    fn selected(self, pattern: &Pattern, before: &Scope, scope: &Scope) -> Result<()> {
        if let Some(Selector::Any(Some(count)) | Selector::Shortest(count) | Selector::Groups(count)) =
            &pattern.selector
            && !matches!(count.kind, ExprKind::Parameter(_))
            && !matches!(count.kind, ExprKind::Int(count) if count > 0)
        {
            return Err(unexpected("The number of paths must be greater than 0".to_owned(), count.span));
        }
        let mut own = before.clone();
        let ends = [Some(&pattern.start), pattern.steps.last().map(|(_, node)| node)];
        for (at, node) in pattern.nodes().enumerate() {
            let is_end = at == 0 || at == pattern.steps.len();
            if let Some(name) = node.variable.as_ref().filter(|name| !is_end && before.has(&name.text)) {
                return Err(already_bound(name).hint("what lies between the ends of a selected path must be new"));
            }
        }
        let inner = pattern.quantified().flat_map(|quantified| {
            let nodes = quantified.inner.nodes().filter_map(|node| node.variable.as_ref());
            nodes.chain(quantified.inner.relationships().filter_map(|relationship| relationship.variable.as_ref()))
        });
        let names = ends.into_iter().flatten().chain(pattern.nodes()).filter_map(|node| node.variable.as_ref());
        let relationships: Vec<&Name> =
            pattern.relationships().filter_map(|relationship| relationship.variable.as_ref()).collect();
        if let Some(name) = relationships.iter().find(|name| before.has(&name.text)) {
            return Err(already_bound(name).hint("what lies between the ends of a selected path must be new"));
        }
        for name in names.chain(relationships).chain(inner).chain(&pattern.path) {
            if let Some(ty) = scope.get(&name.text) {
                own.set(name.text.as_str(), ty.clone());
            }
        }
        self.inside(pattern, &own, "MATCH")?;
        self.filter(pattern.filter.as_deref(), &own)
    }

    /// `((x)-[r]->(y) WHERE …){1,3}`: inside, its variables are single; outside, they are lists.
    fn quantified(self, quantified: &Quantified, before: &Scope, scope: &mut Scope) -> Result<()> {
        let Quantified { inner, times } = quantified;
        let fail = |message: &str| Err(unexpected(message.to_owned(), inner.span));
        if inner.quantified().next().is_some() || inner.relationships().any(|step| step.length.is_some()) {
            return fail("Quantified path patterns are not allowed to be nested");
        }
        if inner.steps.is_empty() {
            return fail("A quantified path pattern needs to have at least one relationship");
        }
        if inner.selector.is_some() {
            return fail("A quantified path pattern cannot have a path selector");
        }
        if let Some(path) = &inner.path {
            let message = "Assigning a path in a quantified path pattern is not supported";
            return Err(unexpected(message.to_owned(), path.span));
        }
        match times.max {
            Some(0) => return fail("A quantifier for a path pattern must not be limited by 0"),
            Some(max) if max < times.min => {
                return fail(
                    "A quantifier for a path pattern must not have a lower bound which exceeds its upper bound",
                );
            }
            _ => {}
        }
        let mut own = before.clone();
        let mut groups = Vec::new();
        let nodes = inner.nodes().map(|node| (node.variable.as_ref(), Types::NODE));
        let relationships = inner.relationships().map(|step| (step.variable.as_ref(), Types::RELATIONSHIP));
        for (name, types) in nodes.chain(relationships) {
            let Some(name) = name else { continue };
            if scope.has(&name.text) {
                return Err(already_bound(name).hint("the variables of a quantified path must be new"));
            }
            own.bind(name, Ty::of(types), types)?;
            groups.push((name, types));
        }
        self.inside(inner, &own, "MATCH")?;
        self.filter(inner.filter.as_deref(), &own)?;
        for (name, types) in groups {
            scope.set(name.text.as_str(), Ty::list(Ty::of(types)));
        }
        Ok(())
    }

    /// A pattern where a truth value or path is expected: it introduces no node and no path.
    pub(super) fn pattern_predicate(self, pattern: &Pattern, scope: &Scope) -> Result<()> {
        one_relationship_if_shortest(pattern)?;
        let mut inner = scope.clone();
        for node in pattern.nodes() {
            if let Some(name) = &node.variable {
                scope.lookup(&name.text, name.span)?;
            }
            bind_node(node, &mut inner)?;
        }
        for relationship in pattern.relationships() {
            if let Some(name) = &relationship.variable
                && pattern.selector.is_none()
            {
                scope.lookup(&name.text, name.span)?;
            }
            bind_relationship(relationship, &mut inner)?;
        }
        self.inside(pattern, &inner, "a pattern")
    }

    /// Labels, property maps and WHERE inside a pattern that is matched.
    fn inside(self, pattern: &Pattern, scope: &Scope, clause: &str) -> Result<()> {
        let nodes = pattern.nodes().map(|node| (&node.labels, &node.properties, &node.filter, None));
        let relationships = pattern.relationships().map(|step| {
            // Inside a variable length the variable stands for each relationship by itself.
            let each = step.variable.as_ref().filter(|_| step.length.is_some());
            (&step.types, &step.properties, &step.filter, each)
        });
        for (labels, properties, filter, each) in nodes.chain(relationships) {
            if let Some(labels) = labels {
                self.labels(labels, scope)?;
            }
            if let Some(properties) = properties {
                no_parameter(properties, clause)?;
                self.infer(properties, scope, Place::VALUE)?;
            }
            match each {
                Some(name) => self.filter(filter.as_deref(), &scope.with(name, Ty::of(Types::RELATIONSHIP)))?,
                None => self.filter(filter.as_deref(), scope)?,
            }
        }
        Ok(())
    }

    /// The computed names of a label expression.
    pub(super) fn labels(self, labels: &LabelExpr, scope: &Scope) -> Result<()> {
        let mut checked = Ok(());
        labels.expressions(&mut |names| {
            if checked.is_ok() {
                checked = self.dynamic_names(names, scope);
            }
        });
        checked
    }

    /// An expression that gives names of labels, types or keys.
    pub(super) fn dynamic_names(self, names: &Expr, scope: &Scope) -> Result<()> {
        let ty = self.infer(names, scope, Place::VALUE)?;
        expect(&ty, Types::STRING.or(Types::LIST), names.span)
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
        let relationships = pattern.relationships().map(|relationship| &relationship.properties);
        for properties in pattern.nodes().map(|node| &node.properties).chain(relationships).flatten() {
            no_parameter(properties, "MERGE")?;
        }
        self.written(pattern, scope, "MERGE")
    }

    fn written(self, pattern: &Pattern, scope: &mut Scope, clause: &'static str) -> Result<()> {
        if pattern.shortest().is_some() {
            return Err(unexpected(format!("shortestPath cannot be used in {clause}"), pattern.span));
        }
        if pattern.selector.is_some() || pattern.filter.is_some() || pattern.quantified().next().is_some() {
            let message = format!("{clause} makes plain nodes and relationships: no selector, no quantifier, no WHERE");
            return Err(unexpected(message, pattern.span));
        }
        let alone = pattern.steps.is_empty();
        self.written_node(&pattern.start, alone, scope, clause)?;
        for (link, node) in &pattern.steps {
            let Some(relationship) = link.relationship() else { continue };
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
        if let Some(labels) = &node.labels {
            if !only_names(labels) {
                return Err(unexpected(format!("{clause} needs plain labels, such as :A:B"), node.span));
            }
            self.labels(labels, scope)?;
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
        if !matches!(relationship.types, Some(LabelExpr::Name(_) | LabelExpr::Dynamic { any: false, .. })) {
            let message = format!("Exactly one relationship type must be specified for {clause}");
            return Err(Error::syntax(Detail::NoSingleRelationshipType, message)
                .at(relationship.span)
                .hint("write the type behind a colon: -[:KNOWS]->"));
        }
        if let Some(types) = &relationship.types {
            self.labels(types, scope)?;
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

/// A relationship may stand once among the patterns of a clause.
fn unused<'p>(name: Option<&'p Name>, used: &mut BTreeSet<&'p str>) -> Result<()> {
    match name {
        Some(name) if !used.insert(name.text.as_str()) => {
            let message = format!("Cannot use the same relationship variable `{}` for multiple patterns", name.text);
            Err(Error::syntax(Detail::RelationshipUniquenessViolation, message).at(name.span))
        }
        _ => Ok(()),
    }
}

/// Where relationships may repeat, every length needs an upper bound.
fn bounded(pattern: &Pattern) -> Result<()> {
    let lengths = pattern.relationships().filter_map(|step| Some((step.length?, step.span)));
    let lengths = lengths.chain(pattern.quantified().map(|part| (part.times, part.inner.span)));
    for (length, span) in lengths {
        if length.max.is_none() {
            let message = "REPEATABLE ELEMENTS needs an upper bound for every variable length".to_owned();
            return Err(unexpected(message, span));
        }
    }
    Ok(())
}

fn one_relationship_if_shortest(pattern: &Pattern) -> Result<()> {
    if pattern.shortest().is_some() && pattern.steps.len() != 1 {
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
        LabelExpr::Name(_) | LabelExpr::Dynamic { any: false, .. } => true,
        LabelExpr::And(parts) => parts.iter().all(only_names),
        _ => false,
    }
}
