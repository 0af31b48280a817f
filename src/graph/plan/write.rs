//! CREATE, MERGE, SET, REMOVE, DELETE, FOREACH.

use super::effects::Effects;
use super::operators::{BuildPath, Create, CreateStep, Foreach, Merge, Naming, Operator, Properties, SetStep};
use super::pattern::QueryGraph;
use super::planner::{Planner, State};
use crate::ast::graph::{
    Clause, ClauseKind, Expr, ExprKind, Key, Label, LabelExpr, Link, MatchMode, Name, NodePattern, Pattern,
    RelDirection, RemoveItem, SetItem,
};
use crate::graph::eval::Scope;
use crate::graph::store::{TokenKind, TokenRef};
use crate::graph::{Detail, Error, Result};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Planner<'_> {
    pub(super) fn create(&mut self, state: &mut State, patterns: &[Pattern]) -> Result<()> {
        let patterns: Vec<Pattern> = patterns.iter().map(|pattern| self.name_all(pattern)).collect();
        let mut scope = state.scope.clone();
        patterns.iter().for_each(|pattern| declare(&mut scope, pattern));
        let create = self.create_steps(&patterns, &state.scope, &scope)?;
        let detail = summary(&create);
        self.same_rows(state, |input| Operator::Create(input, Arc::new(create)), &detail);
        state.scope = scope;
        Ok(())
    }

    /// The patterns of the CREATE clauses at the beginning of some clauses, and how many clauses that are.
    /// They are made in order, so one clause with all the patterns does the same.
    pub(super) fn joined_creates(state: &mut State, clauses: &[Clause]) -> (Vec<Pattern>, usize) {
        let mut patterns: Vec<Pattern> = Vec::new();
        let mut count = 0;
        for clause in clauses {
            let ClauseKind::Create { patterns: more } = &clause.kind else { break };
            if count > 0 {
                let effects = Effects::of(clause, &state.scope, &state.plain);
                if state.effects.must_precede(&effects) {
                    break;
                }
                state.effects.join(effects);
            }
            patterns.extend(more.iter().cloned());
            count += 1;
        }
        (patterns, count)
    }

    pub(super) fn merge(
        &mut self,
        state: &mut State,
        pattern: &Pattern,
        on_create: &[SetItem],
        on_match: &[SetItem],
    ) -> Result<()> {
        let pattern = self.name_all(pattern);
        let argument = self.node(Operator::Argument, "", 1.0);
        let mut find = State::new(argument, state.scope.clone());
        let patterns = std::slice::from_ref(&pattern);
        let graph = QueryGraph::new(self, &find.scope, MatchMode::default(), patterns, None)?;
        self.solve(&mut find, graph)?;
        let mut create = self.create_steps(std::slice::from_ref(&pattern), &state.scope, &find.scope)?;
        create.refuse_null = true;
        let bound = pattern.nodes().filter_map(|node| state.scope.slot(&node.variable.as_ref()?.text)).collect();
        let merge = Merge {
            find: find.plan,
            on_create: self.set_steps(&find.scope, on_create)?,
            on_match: self.set_steps(&find.scope, on_match)?,
            bound,
            create,
        };
        let detail = summary(&merge.create);
        self.same_rows(state, |input| Operator::Merge(input, Arc::new(merge)), &detail);
        state.scope = find.scope;
        Ok(())
    }

    /// The steps that make what `before` does not hold; `scope` holds a slot for everything.
    fn create_steps(&mut self, patterns: &[Pattern], before: &Scope, scope: &Scope) -> Result<Create> {
        let mut create = Create { width: scope.width(), ..Create::default() };
        let mut made = before.clone();
        for pattern in patterns {
            self.create_node(&mut create, &mut made, scope, &pattern.start)?;
            let mut from = &pattern.start;
            let start = slot_of(scope, from.variable.as_ref())?;
            let mut parts = Vec::new();
            for (link, to) in &pattern.steps {
                let Some(step) = link.relationship() else { continue };
                self.create_node(&mut create, &mut made, scope, to)?;
                let ends = (slot_of(scope, from.variable.as_ref())?, slot_of(scope, to.variable.as_ref())?);
                let (source, target) = if step.direction == RelDirection::Left { (ends.1, ends.0) } else { ends };
                let kind = match &step.types {
                    Some(LabelExpr::Name(name)) => Naming::Name(TokenRef::new(TokenKind::Type, name.text.as_str())),
                    Some(LabelExpr::Dynamic { names, .. }) => Naming::Dynamic(self.compile(names, scope)?),
                    _ => {
                        return Err(Error::syntax(
                            Detail::NoSingleRelationshipType,
                            "A relationship to be created needs exactly one type",
                        )
                        .at(step.span));
                    }
                };
                let slot = slot_of(scope, step.variable.as_ref())?;
                let properties = self.properties(step.properties.as_ref(), scope)?;
                create.steps.push(CreateStep::Relationship { slot, source, target, kind, properties });
                parts.push(vec![slot]);
                from = to;
            }
            if let Some(path) = &pattern.path {
                let slot = slot_of(scope, Some(path))?;
                create.paths.push(BuildPath { slot, start, parts });
            }
        }
        Ok(create)
    }

    fn create_node(&mut self, create: &mut Create, made: &mut Scope, scope: &Scope, node: &NodePattern) -> Result<()> {
        let Some(name) = &node.variable else { return Ok(()) };
        if made.slot(&name.text).is_some() {
            return Ok(());
        }
        made.add(name.text.as_str());
        let mut labels = Vec::new();
        if let Some(expr) = &node.labels {
            self.flatten(expr, scope, &mut labels)?;
        }
        let properties = self.properties(node.properties.as_ref(), scope)?;
        create.steps.push(CreateStep::Node { slot: slot_of(scope, Some(name))?, labels, properties });
        Ok(())
    }

    /// A map of properties; one that stands in the statement has its keys looked up once.
    fn properties(&mut self, map: Option<&Expr>, scope: &Scope) -> Result<Properties> {
        let entries = match map.map(|map| (&map.kind, map)) {
            None => &[][..],
            Some((ExprKind::Map(entries), _)) => entries,
            Some((_, map)) => return Ok(Properties::Map(self.compile(map, scope)?)),
        };
        // Of a key that is given twice, the last value counts.
        let entries: BTreeMap<&str, &Expr> = entries.iter().map(|(key, value)| (key.as_str(), value)).collect();
        let mut keys = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            keys.push((TokenRef::new(TokenKind::Key, key), self.compile(value, scope)?));
        }
        Ok(Properties::Keys(keys))
    }

    /// The same pattern with a name for every part.
    fn name_all(&mut self, pattern: &Pattern) -> Pattern {
        let mut pattern = pattern.clone();
        if pattern.start.variable.is_none() {
            pattern.start.variable = Some(Name { text: self.hidden("node"), span: pattern.start.span });
        }
        for (link, node) in &mut pattern.steps {
            if let Link::Relationship(step) = link
                && step.variable.is_none()
            {
                step.variable = Some(Name { text: self.hidden("relationship"), span: step.span });
            }
            if node.variable.is_none() {
                node.variable = Some(Name { text: self.hidden("node"), span: node.span });
            }
        }
        pattern
    }

    pub(super) fn set(&mut self, state: &mut State, items: &[SetItem]) -> Result<()> {
        let steps: Arc<[SetStep]> = self.set_steps(&state.scope, items)?.into();
        self.same_rows(state, |input| Operator::Set(input, steps), "");
        Ok(())
    }

    fn set_steps(&mut self, scope: &Scope, items: &[SetItem]) -> Result<Vec<SetStep>> {
        items
            .iter()
            .map(|item| {
                Ok(match item {
                    SetItem::Property { target, key, value } => SetStep::Property {
                        target: self.compile(target, scope)?,
                        key: self.key(key, scope)?,
                        value: Some(self.compile(value, scope)?),
                    },
                    SetItem::All { target, merge, value } => SetStep::All {
                        target: slot_of(scope, Some(target))?,
                        merge: *merge,
                        value: self.compile(value, scope)?,
                    },
                    SetItem::Labels { target, labels } => SetStep::Labels {
                        target: slot_of(scope, Some(target))?,
                        labels: self.labels(labels, scope)?,
                        remove: false,
                    },
                })
            })
            .collect()
    }

    pub(super) fn remove(&mut self, state: &mut State, items: &[RemoveItem]) -> Result<()> {
        let mut steps = Vec::new();
        for item in items {
            steps.push(match item {
                RemoveItem::Property { target, key } => SetStep::Property {
                    target: self.compile(target, &state.scope)?,
                    key: self.key(key, &state.scope)?,
                    value: None,
                },
                RemoveItem::Labels { target, labels } => SetStep::Labels {
                    target: slot_of(&state.scope, Some(target))?,
                    labels: self.labels(labels, &state.scope)?,
                    remove: true,
                },
            });
        }
        let steps: Arc<[SetStep]> = steps.into();
        self.same_rows(state, |input| Operator::Set(input, steps), "");
        Ok(())
    }

    fn key(&mut self, key: &Key, scope: &Scope) -> Result<Naming> {
        Ok(match key {
            Key::Name(name) => Naming::Name(TokenRef::new(TokenKind::Key, name.as_str())),
            Key::Dynamic(key) => Naming::Dynamic(self.compile(key, scope)?),
        })
    }

    fn labels(&mut self, labels: &[Label], scope: &Scope) -> Result<Vec<Naming>> {
        let naming = |label: &Label| {
            Ok(match label {
                Label::Name(name) => Naming::Name(TokenRef::new(TokenKind::Label, name.as_str())),
                Label::Dynamic(names) => Naming::Dynamic(self.compile(names, scope)?),
            })
        };
        labels.iter().map(naming).collect()
    }

    /// `:A:B` as a list; anything else cannot be created.
    fn flatten(&mut self, expr: &LabelExpr, scope: &Scope, out: &mut Vec<Naming>) -> Result<()> {
        match expr {
            LabelExpr::Name(name) => {
                out.push(Naming::Name(TokenRef::new(TokenKind::Label, name.text.as_str())));
            }
            LabelExpr::Dynamic { names, .. } => out.push(Naming::Dynamic(self.compile(names, scope)?)),
            LabelExpr::And(parts) => {
                for part in parts {
                    self.flatten(part, scope, out)?;
                }
            }
            _ => {
                let message = "A node is created with plain labels, as in (:A:B)";
                return Err(Error::syntax(Detail::UnexpectedSyntax, message));
            }
        }
        Ok(())
    }

    pub(super) fn delete(&mut self, state: &mut State, detach: bool, targets: &[Expr]) -> Result<()> {
        let mut compiled = Vec::new();
        for target in targets {
            compiled.push(self.compile(target, &state.scope)?);
        }
        self.same_rows(state, |input| Operator::Delete { input, detach, targets: compiled.into() }, "");
        Ok(())
    }

    pub(super) fn foreach(&mut self, state: &mut State, variable: &Name, list: &Expr, body: &[Clause]) -> Result<()> {
        let list = self.compile(list, &state.scope)?;
        let mut scope = state.scope.clone();
        let slot = scope.add(variable.text.as_str());
        let width = scope.width();
        let argument = self.node(Operator::Argument, "", 1.0);
        let mut inner = State::new(argument, scope);
        for clause in body {
            self.clause(&mut inner, clause)?;
        }
        let foreach = Foreach { list, slot, body: inner.plan, width };
        self.same_rows(state, |input| Operator::Foreach(input, Arc::new(foreach)), &variable.text);
        Ok(())
    }
}

fn declare(scope: &mut Scope, pattern: &Pattern) {
    let names = pattern
        .nodes()
        .filter_map(|node| node.variable.as_ref())
        .chain(pattern.relationships().filter_map(|step| step.variable.as_ref()))
        .chain(pattern.path.as_ref());
    for name in names {
        if scope.slot(&name.text).is_none() {
            scope.add(name.text.as_str());
        }
    }
}

fn slot_of(scope: &Scope, name: Option<&Name>) -> Result<usize> {
    name.and_then(|name| scope.slot(&name.text)).ok_or_else(|| {
        let error = Error::syntax(
            Detail::UndefinedVariable,
            format!("Variable `{}` not defined", name.map_or("", |name| &name.text)),
        );
        match name {
            Some(name) => error.at(name.span),
            None => error,
        }
    })
}

fn shown(naming: &Naming) -> String {
    match naming {
        Naming::Name(name) => format!(":{}", name.name()),
        Naming::Dynamic(_) => ":$(…)".to_owned(),
    }
}

fn summary(create: &Create) -> String {
    let parts = create.steps.iter().map(|step| match step {
        CreateStep::Node { labels, .. } => format!("({})", labels.iter().map(shown).collect::<String>()),
        CreateStep::Relationship { kind, .. } => format!("[{}]", shown(kind)),
    });
    parts.collect::<Vec<_>>().join(", ")
}
