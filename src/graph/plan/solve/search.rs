//! Repeated parts, selected paths, and shortest paths with conditions.

use super::show::show_search;
use super::{Predicate, Solver};
use crate::ast::graph::{CompareOp, Expr, ExprKind, PathLength, Quantifier, Selector};
use crate::graph::Result;
use crate::graph::eval::{Compiled, Scope};
use crate::graph::plan::Slot;
use crate::graph::plan::mention::Mentions;
use crate::graph::plan::operators::{Operator, PathSearch, PathStep, Repeat, Segment, Selection};
use crate::graph::plan::pattern::{PatternSearch, PatternSegment, PatternShortest, PatternStep, all_of};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The most rows for which the other end of a selected path is looked up before the search.
const CHEAP_END: f64 = 1000.0;

impl Solver<'_, '_> {
    /// The rows expected of a search; `None` if it cannot begin yet.
    pub(super) fn search_rows(&mut self, search: &PatternSearch) -> Result<Option<f64>> {
        let (from, to) = (self.is_bound(&search.from), self.is_bound(&search.to));
        if !from && !to {
            return Ok(None);
        }
        if search.selector.is_some() && from != to {
            // Two known ends make a search from both of them; but not at any price.
            let other = if from { &search.to } else { &search.from };
            let equalities = self
                .predicates
                .iter()
                .filter(|(expr, mentions)| {
                    matches!(&expr.kind, ExprKind::Comparison(_, rest) if matches!(rest.as_slice(), [(CompareOp::Eq, _)]))
                        && mentions.names.contains(other.as_str())
                })
                .count();
            let other = other.clone();
            let rows = self.node_source(&other)?.rows * 0.01f64.powi(i32::try_from(equalities).unwrap_or(1));
            if rows <= CHEAP_END && equalities > 0 || rows <= 1.0 {
                return Ok(None);
            }
        }
        let mut rows = self.plan.rows;
        for segment in &search.segments {
            for step in &segment.steps {
                let count = self.relationship_count(&step.types)?;
                let sides = if step.direction == crate::ast::graph::RelDirection::Either { 2.0 } else { 1.0 };
                let degree = sides * count / self.nodes_in_all;
                rows *= match segment.times {
                    Some(times) => degree.max(1.0).powf(times.max.unwrap_or(8).min(8) as f64) * 2.0,
                    None => degree,
                };
            }
        }
        if search.selector.is_some() {
            rows = rows.min(self.plan.rows * self.nodes_in_all);
        }
        Ok(Some(if from && to { rows / self.nodes_in_all } else { rows }))
    }

    pub(super) fn search(&mut self, search: &PatternSearch, rows: f64) -> Result<()> {
        let backwards = !self.is_bound(&search.from);
        let (from, to) = if backwards { (&search.to, &search.from) } else { (&search.from, &search.to) };
        let mut conditions: Vec<Predicate> =
            search.conditions.iter().map(|expr| (expr.clone(), Mentions::of(expr))).collect();
        let own: BTreeSet<String> = search.binds().into_iter().map(str::to_owned).chain([to.clone()]).collect();
        let mut known: BTreeSet<String> = BTreeSet::new();
        let mut segments = Vec::new();
        let in_order: Vec<&PatternSegment> =
            if backwards { search.segments.iter().rev().collect() } else { search.segments.iter().collect() };
        let mut spreads = in_order.len() == 1 && self.unique.is_empty() && !self.repeats;
        for (at, segment) in in_order.iter().enumerate() {
            let is_last = at + 1 == in_order.len();
            // The node behind it, in the order of the search.
            let joint = if is_last {
                None
            } else if backwards {
                in_order.get(at + 1).and_then(|next| next.nodes.last()).cloned()
            } else {
                segment.nodes.last().cloned()
            };
            let built = match segment.times {
                Some(times) => {
                    spreads &= segment.steps.len() == 1 && times.min <= 1;
                    let mut built = self.repeated(segment, times, backwards)?;
                    if let Some(name) = &joint {
                        built.joint = Some(self.slot(name));
                        known.insert(name.clone());
                        built.filter = self.ready_conditions(&mut conditions, &own, &known)?;
                    }
                    built
                }
                None => {
                    spreads = false;
                    let step = match segment.steps.first() {
                        Some(step) => step,
                        None => continue,
                    };
                    known.insert(step.name.clone());
                    known.extend(joint.iter().cloned());
                    // The search's other end is set and compared by the search itself.
                    let node = joint.as_ref().map(|name| self.slot(name)).unwrap_or_else(|| self.scope.add_hidden());
                    let filter = self.ready_conditions(&mut conditions, &own, &known)?;
                    let direction = if backwards { step.direction.reversed() } else { step.direction };
                    let relationship = self.slot(&step.name);
                    let step = PathStep { direction, types: step.types.clone(), relationship, node, filter };
                    Segment { steps: vec![step], repeat: None, joint: None, filter: None }
                }
            };
            segments.push(built);
        }
        let rest = conditions.into_iter().map(|(expr, _)| expr).collect();
        let filter = all_of(rest).map(|all| self.planner.compile(&all, &self.scope)).transpose()?;
        let unbounded = search.segments.iter().any(|segment| segment.times.is_some_and(|times| times.max.is_none()));
        let parameters = PathSearch {
            from: self.slot(from),
            to: (self.slot(to), self.is_bound(to)),
            segments,
            selection: self.selection(search.selector.as_ref())?,
            spreads: spreads && filter.is_none(),
            filter,
            path: search.path.as_ref().map(|name| self.slot(name)),
            reversed: backwards,
            unique: self.unique.clone(),
            repeats: self.repeats,
            unbounded,
        };
        let lists: Vec<Slot> = search.relationships().map(|name| self.slot(name)).collect();
        lists.into_iter().for_each(|slot| self.must_differ(slot));
        let operator = Operator::PathSearch(self.plan.clone(), Arc::new(parameters));
        self.plan = self.planner.node(operator, show_search(search), rows.max(0.01));
        self.bound.extend([search.from.clone(), search.to.clone()]);
        self.bound.extend(search.binds().into_iter().map(str::to_owned));
        Ok(())
    }

    fn selection(&mut self, selector: Option<&Selector>) -> Result<Selection> {
        let mut count = |expr: &Expr| self.planner.compile(expr, &Scope::new()).map(|count| Some(Arc::new(count)));
        Ok(match selector {
            None | Some(Selector::Function(_)) => Selection::All,
            Some(Selector::Any(None)) => Selection::Shortest(None),
            Some(Selector::Any(Some(number)) | Selector::Shortest(number)) => Selection::Shortest(count(number)?),
            Some(Selector::AllShortest) => Selection::Groups(None),
            Some(Selector::Groups(number)) => Selection::Groups(count(number)?),
        })
    }

    /// The conditions that speak of nothing that is still to come, taken out and compiled.
    fn ready_conditions(
        &mut self,
        conditions: &mut Vec<Predicate>,
        own: &BTreeSet<String>,
        known: &BTreeSet<String>,
    ) -> Result<Option<Compiled>> {
        let ready = conditions.extract_if(.., |(_, mentions)| {
            !mentions.anything && mentions.names.iter().all(|name| known.contains(name) || !own.contains(name))
        });
        let ready = ready.map(|(expr, _)| expr).collect();
        all_of(ready).map(|all| self.planner.compile(&all, &self.scope)).transpose()
    }

    /// A repeated part: its variables stand for single values inside, for lists outside.
    fn repeated(&mut self, segment: &PatternSegment, times: PathLength, backwards: bool) -> Result<Segment> {
        let count = segment.steps.len() + 1;
        let mut nodes: Vec<&String> = segment.nodes.iter().take(count).collect();
        let mut steps: Vec<&PatternStep> = segment.steps.iter().collect();
        if backwards {
            nodes.reverse();
            steps.reverse();
        }
        let mut inner = self.scope.clone();
        let mut groups = Vec::new();
        let mut single = |name: &str, scope: &mut Scope| {
            let slot = scope.add_hidden();
            inner.bind(name, slot);
            groups.extend(scope.slot(name).map(|list| (slot, list)));
            slot
        };
        let Some((start_name, others)) = nodes.split_first() else {
            return Ok(Segment { steps: Vec::new(), repeat: None, joint: None, filter: None });
        };
        let start = single(start_name, &mut self.scope);
        let slots: Vec<(Slot, Slot)> = steps
            .iter()
            .zip(others)
            .map(|(step, node)| (single(&step.name, &mut self.scope), single(node, &mut self.scope)))
            .collect();
        let mut conditions: Vec<Predicate> =
            segment.conditions.iter().map(|expr| (expr.clone(), Mentions::of(expr))).collect();
        let own: BTreeSet<&str> =
            segment.nodes.iter().chain(segment.steps.iter().map(|step| &step.name)).map(String::as_str).collect();
        let mut known: BTreeSet<&str> = BTreeSet::from([start_name.as_str()]);
        let planner = &mut *self.planner;
        let mut take = |known: &BTreeSet<&str>| -> Result<Option<Compiled>> {
            let ready = conditions.extract_if(.., |(_, mentions)| {
                !mentions.anything
                    && mentions.names.iter().all(|name| known.contains(name.as_str()) || !own.contains(name.as_str()))
            });
            let ready = ready.map(|(expr, _)| expr).collect();
            all_of(ready).map(|all| planner.compile(&all, &inner)).transpose()
        };
        let start_filter = take(&known)?;
        let mut built = Vec::new();
        for ((step, node), (relationship, end)) in steps.iter().zip(others).zip(slots) {
            known.extend([step.name.as_str(), node.as_str()]);
            built.push(PathStep {
                direction: if backwards { step.direction.reversed() } else { step.direction },
                types: step.types.clone(),
                relationship,
                node: end,
                filter: take(&known)?,
            });
        }
        if let Some(last) = built.last_mut()
            && !conditions.is_empty()
        {
            // Conditions with whole queries in them see everything.
            let rest = std::mem::take(&mut conditions).into_iter().map(|(expr, _)| expr);
            let rest = all_of(rest.collect()).map(|all| self.planner.compile(&all, &inner)).transpose()?;
            last.filter = match (last.filter.take(), rest) {
                (Some(one), Some(two)) => Some(Compiled::both(one, two)),
                (one, two) => one.or(two),
            };
        }
        let repeat = Repeat { min: times.min, max: times.max, start, start_filter, groups };
        Ok(Segment { steps: built, repeat: Some(repeat), joint: None, filter: None })
    }

    /// The conditions on a shortest path or its relationships, which are part of the search.
    pub(super) fn conditions_on(&mut self, shortest: &PatternShortest) -> Option<Vec<Predicate>> {
        let own = [&shortest.path, &shortest.relationship.name];
        let mut bound = self.bound.clone();
        bound.extend(own.iter().map(|name| (*name).clone()));
        let waits = |name: &String| self.new.contains(name) && !bound.contains(name);
        let about = |mentions: &Mentions| {
            own.iter().any(|name| mentions.names.contains(*name)) && !mentions.names.iter().any(waits)
        };
        let found: Vec<Predicate> = self.predicates.iter().filter(|(_, mentions)| about(mentions)).cloned().collect();
        let kept = self.predicates.iter().filter(|(_, mentions)| !about(mentions)).cloned().collect();
        if found.is_empty() {
            return None;
        }
        self.predicates = kept;
        Some(found)
    }

    /// Conditions that speak of each relationship alone, as one on a step; `None` if some do not.
    pub(super) fn conditions_on_steps(
        &mut self,
        shortest: &PatternShortest,
        conditions: &[Predicate],
    ) -> Option<Result<(Slot, Compiled)>> {
        let mut scope = self.scope.clone();
        let slot = scope.add(super::STEP);
        scope.bind(shortest.relationship.name.as_str(), slot);
        let mut steps: Vec<Expr> = shortest.relationship.step_filter.iter().cloned().collect();
        shortest.relationship.length?;
        for (expr, _) in conditions {
            let (variable, condition, of_nodes) = on_each(expr, shortest)?;
            if of_nodes {
                return None;
            }
            scope.bind(variable, slot);
            steps.push(condition);
        }
        let all = all_of(steps)?;
        Some(self.planner.compile(&all, &scope).map(|compiled| (slot, compiled)))
    }

    /// A shortest path with conditions on the path as a whole.
    pub(super) fn shortest_where(&mut self, shortest: &PatternShortest, conditions: Vec<Predicate>) -> Result<()> {
        let open = &shortest.relationship;
        let times = open.length.map(|(min, max)| PathLength { min, max });
        let (start, end) = (self.planner.hidden("node"), self.planner.hidden("node"));
        let mut segment = PatternSegment {
            nodes: if times.is_some() { vec![start, end] } else { vec![open.from.clone(), open.to.clone()] },
            steps: vec![PatternStep { name: open.name.clone(), direction: open.direction, types: open.types.clone() }],
            times,
            conditions: Vec::new(),
        };
        if times.is_some() {
            let step = |expr: &Expr| renamed(expr, super::STEP, &open.name);
            segment.conditions.extend(open.step_filter.iter().map(step));
            for (expr, _) in &conditions {
                if let Some((variable, condition, of_nodes)) = on_each(expr, shortest) {
                    let single = if of_nodes { segment.nodes.last() } else { Some(&open.name) };
                    let single = single.cloned().unwrap_or_default();
                    segment.conditions.push(renamed(&condition, &variable, &single));
                }
            }
        }
        let one = Box::new(Expr { kind: ExprKind::Int(1), span: Default::default() });
        let search = PatternSearch {
            from: open.from.clone(),
            to: open.to.clone(),
            segments: vec![segment],
            selector: Some(if shortest.all { Selector::AllShortest } else { Selector::Shortest(one) }),
            conditions: conditions.into_iter().map(|(expr, _)| expr).collect(),
            path: Some(shortest.path.clone()),
        };
        let rows = self.plan.rows;
        self.search(&search, rows)
    }
}

/// `all(x IN relationships(p) WHERE …)`, `none(…)`, `all(x IN nodes(p) WHERE …)` as a condition on each
/// `x`: the variable, the condition, and whether it is a node.
fn on_each(expr: &Expr, shortest: &PatternShortest) -> Option<(String, Expr, bool)> {
    let ExprKind::Quantifier { kind, variable, list, filter: Some(filter) } = &expr.kind else { return None };
    let of_nodes = match &list.kind {
        ExprKind::Function { name, args, .. } if args.len() == 1 => {
            let of_path = matches!(&args[0].kind, ExprKind::Variable(name) if *name == shortest.path);
            match (of_path, name.to_ascii_lowercase().as_str()) {
                (true, "relationships" | "rels") => false,
                (true, "nodes") => true,
                _ => return None,
            }
        }
        ExprKind::Variable(name) if *name == shortest.relationship.name => false,
        _ => return None,
    };
    let mentions = Mentions::of(filter);
    if mentions.anything
        || mentions.names.contains(&shortest.path)
        || mentions.names.contains(&shortest.relationship.name)
    {
        return None;
    }
    let condition = match kind {
        Quantifier::All => (**filter).clone(),
        Quantifier::None => {
            let not = ExprKind::Unary(crate::ast::graph::UnaryOp::Not, filter.clone());
            Expr { kind: not, span: filter.span }
        }
        Quantifier::Any | Quantifier::Single => return None,
    };
    Some((variable.text.clone(), condition, of_nodes))
}

/// An expression with a variable under another name.
fn renamed(expr: &Expr, from: &str, to: &str) -> Expr {
    let mut copy = expr.clone();
    fn rename(expr: &mut Expr, from: &str, to: &str) {
        match &mut expr.kind {
            ExprKind::Variable(name) if name == from => to.clone_into(name),
            // An inner variable of the same name hides it.
            ExprKind::ListComprehension { variable, .. } | ExprKind::Quantifier { variable, .. }
                if variable.text == from => {}
            _ => crate::graph::eval::for_each_child_mut(expr, &mut |child| rename(child, from, to)),
        }
    }
    rename(&mut copy, from, to);
    copy
}
