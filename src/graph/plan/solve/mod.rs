//! From a query graph to operators: the cheapest start first, then always the expansion that is
//! expected to give the fewest rows; a predicate is tested as soon as its variables are bound.

mod join;
mod search;
mod seek;
mod show;
mod start;

use super::mention::Mentions;
use super::operators::{BuildPath, Closing, Expand, Operator, ProjectEndpoints, ShortestPath, TypeFilter, VarExpand};
use super::pattern::{PatternPath, PatternRelationship, PatternShortest, QueryGraph, STEP};
use super::planner::{Planner, State};
use super::{PlanRef, Slot};
use crate::ast::graph::{CompareOp, Expr, ExprKind, LabelExpr, RelDirection};
use crate::graph::Result;
use crate::graph::eval::{Compiled, Scope};
use crate::graph::store::Counted;
pub use show::display;
use show::show_step;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The share of rows that a predicate is expected to keep.
const SELECTIVITY: f64 = 0.3;
/// The same for an equality.
const EQUALITY: f64 = 0.1;

/// A predicate and what it mentions.
type Predicate = (Expr, Mentions);

/// A MATCH being solved.
struct Solver<'p, 't> {
    planner: &'p mut Planner<'t>,
    plan: PlanRef,
    scope: Scope,
    /// The variables of earlier clauses.
    outer: &'p Scope,
    /// Variables of the clause that are bound so far.
    bound: BTreeSet<String>,
    predicates: Vec<Predicate>,
    /// All names that this clause binds.
    new: BTreeSet<String>,
    /// Slots of relationships that the clause has bound: they must differ.
    unique: Vec<Slot>,
    /// Relationships may be used more than once.
    repeats: bool,
    nodes_in_all: f64,
}

/// What is still to be found.
struct Open {
    nodes: Vec<String>,
    relationships: Vec<PatternRelationship>,
    searches: Vec<super::pattern::PatternSearch>,
    shortest: Vec<PatternShortest>,
    paths: Vec<PatternPath>,
}

impl Planner<'_> {
    /// Adds the operators that find `graph` behind the state's plan, and its variables to the scope.
    pub(super) fn solve(&mut self, state: &mut State, graph: QueryGraph) -> Result<()> {
        let mut scope = state.scope.clone();
        let mut new = BTreeSet::new();
        let relationships = graph.relationships.iter().chain(graph.shortest.iter().map(|s| &s.relationship));
        let names = graph
            .nodes
            .iter()
            .chain(relationships.map(|relationship| &relationship.name))
            .chain(graph.paths.iter().map(|path| &path.name))
            .chain(graph.shortest.iter().map(|shortest| &shortest.path))
            .map(String::as_str)
            .chain(graph.searches.iter().flat_map(super::pattern::PatternSearch::binds));
        for name in names {
            if state.scope.slot(name).is_none() && new.insert(name.to_owned()) {
                scope.add(name);
            }
        }
        let bound = graph.nodes.iter().filter(|name| state.scope.slot(name).is_some()).cloned().collect();
        let nodes_in_all = self.count(Counted::Nodes)?.max(1.0);
        let with_mentions = |expr: Expr| {
            let mentions = Mentions::of(&expr);
            (expr, mentions)
        };
        let predicates = graph.predicates.into_iter().map(with_mentions);
        let mut solver = Solver {
            plan: state.plan.clone(),
            planner: self,
            scope,
            outer: &state.scope,
            bound,
            predicates: predicates.collect(),
            new,
            unique: Vec::new(),
            repeats: graph.repeats,
            nodes_in_all,
        };
        solver.run(&mut Open {
            nodes: graph.nodes,
            relationships: graph.relationships,
            searches: graph.searches,
            shortest: graph.shortest,
            paths: graph.paths,
        })?;
        let (plan, scope) = (solver.plan, solver.scope);
        state.plan = plan;
        state.scope = scope;
        Ok(())
    }
}

impl Solver<'_, '_> {
    fn run(&mut self, open: &mut Open) -> Result<()> {
        loop {
            self.planner.check_depth()?;
            if !self.planner.plain {
                self.filter()?;
            }
            if self.build_path(open) {
                continue;
            }
            if let Some(at) = open.relationships.iter().position(|one| self.outer.slot(&one.name).is_some()) {
                let relationship = open.relationships.swap_remove(at);
                self.project_endpoints(&relationship);
                continue;
            }
            if let Some(at) = open.shortest.iter().position(|shortest| {
                self.is_bound(&shortest.relationship.from) && self.is_bound(&shortest.relationship.to)
            }) {
                let shortest = open.shortest.swap_remove(at);
                self.shortest_path(&shortest)?;
                continue;
            }
            if self.expand_cheapest(open)? {
                continue;
            }
            if !self.start(open)? {
                break;
            }
        }
        // Whatever could not be placed earlier, such as predicates on whole queries.
        self.bound.extend(self.new.iter().cloned());
        self.filter()
    }

    /// Builds a path whose parts are all bound; whether there was one.
    fn build_path(&mut self, open: &mut Open) -> bool {
        let is_open = |name: &String| {
            open.relationships.iter().any(|one| one.name == *name)
                || open.searches.iter().any(|search| search.relationships().any(|other| other == name))
        };
        let whole = |path: &PatternPath| {
            !path.parts.iter().flatten().any(is_open) && path.nodes.iter().all(|name| self.is_bound(name))
        };
        let Some(at) = open.paths.iter().position(whole) else { return false };
        let path = open.paths.swap_remove(at);
        let parts = path.parts.iter().map(|part| part.iter().map(|name| self.slot(name)).collect()).collect();
        let build = BuildPath { slot: self.slot(&path.name), start: self.slot(&path.start), parts };
        let rows = self.plan.rows;
        let detail = display(&path.name);
        self.plan = self.planner.node(Operator::BuildPath(self.plan.clone(), Arc::new(build)), detail, rows);
        self.bound.insert(path.name);
        true
    }

    /// Expands along the relationship or repeated part that is expected to give the fewest rows; whether
    /// one has a bound end.
    fn expand_cheapest(&mut self, open: &mut Open) -> Result<bool> {
        let mut best: Option<(f64, bool, usize)> = None;
        for (at, relationship) in open.relationships.iter().enumerate() {
            if let Some(rows) = self.expansion_rows(relationship)?
                && best.is_none_or(|(least, ..)| rows < least && !self.planner.plain)
            {
                best = Some((rows, false, at));
            }
        }
        for (at, search) in open.searches.iter().enumerate() {
            if let Some(rows) = self.search_rows(search)?
                && best.is_none_or(|(least, ..)| rows < least)
            {
                best = Some((rows, true, at));
            }
        }
        match best {
            None => return Ok(false),
            Some((rows, false, at)) => {
                let relationship = open.relationships.remove(at);
                self.expand(&relationship, rows)?;
            }
            Some((rows, true, at)) => {
                let search = open.searches.remove(at);
                self.search(&search, rows)?;
            }
        }
        Ok(true)
    }

    fn is_bound(&self, name: &str) -> bool {
        self.bound.contains(name)
    }

    fn slot(&self, name: &str) -> Slot {
        self.scope.slot(name).unwrap_or(0)
    }

    fn is_ready(&self, mentions: &Mentions) -> bool {
        let waits = |name: &String| self.new.contains(name) && !self.bound.contains(name);
        !(mentions.names.iter().any(waits) || mentions.anything && self.new.iter().any(waits))
    }

    /// Tests every predicate whose variables are bound.
    fn filter(&mut self) -> Result<()> {
        let (ready, waiting): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.predicates).into_iter().partition(|(_, mentions)| self.is_ready(mentions));
        self.predicates = waiting;
        // Conditions on the same variables are tested together, in the order they were written.
        let mut groups: Vec<(Vec<Expr>, Mentions)> = Vec::new();
        for (expr, mentions) in ready {
            match groups.iter_mut().find(|(_, known)| known.names == mentions.names && !known.anything) {
                Some((group, _)) if !mentions.anything => group.push(expr),
                _ => groups.push((vec![expr], mentions)),
            }
        }
        for (group, _) in groups {
            let rows = group.iter().fold(self.plan.rows, |rows, expr| rows * selectivity(expr)).max(0.01);
            let detail = group.iter().map(|expr| self.show(expr)).collect::<Vec<_>>().join(" AND ");
            let Some(expr) = super::pattern::all_of(group) else { continue };
            let condition = self.planner.condition(&expr, &self.scope)?;
            self.plan = self.planner.node(Operator::Filter(self.plan.clone(), Arc::new(condition)), detail, rows);
        }
        Ok(())
    }

    /// The rows expected of an expansion; `None` if neither end is bound.
    fn expansion_rows(&self, open: &PatternRelationship) -> Result<Option<f64>> {
        let (from, to) = (self.is_bound(&open.from), self.is_bound(&open.to));
        if !from && !to {
            return Ok(None);
        }
        let count = self.relationship_count(&open.types)?;
        let sides = if open.direction == RelDirection::Either { 2.0 } else { 1.0 };
        let mut degree = sides * count / self.nodes_in_all;
        if let Some((_, max)) = open.length {
            degree = degree.max(1.0).powf(max.unwrap_or(8).min(8) as f64) * 2.0;
        }
        let mut rows = self.plan.rows * degree;
        if from && to {
            rows /= self.nodes_in_all;
        } else {
            let end = if from { &open.to } else { &open.from };
            if let Some(label) = self.label_of(end) {
                rows *= (self.planner.label_count(&label)? / self.nodes_in_all).min(1.0);
            }
        }
        Ok(Some(rows))
    }

    fn relationship_count(&self, types: &TypeFilter) -> Result<f64> {
        match types {
            TypeFilter::Names(names) => names.iter().map(|name| self.planner.type_count(name)).sum(),
            _ => self.planner.count(Counted::Relationships),
        }
    }

    /// A label that a node must have, if a predicate says so.
    fn label_of(&self, name: &str) -> Option<String> {
        self.labels_of(name).into_iter().next()
    }

    fn labels_of(&self, name: &str) -> Vec<String> {
        self.predicates
            .iter()
            .filter_map(|(expr, _)| match &expr.kind {
                ExprKind::HasLabels(subject, LabelExpr::Name(label)) if is_variable(subject, name) => {
                    Some(label.text.clone())
                }
                _ => None,
            })
            .collect()
    }

    /// Remembers a relationship (or list of them) that later ones must differ from.
    fn must_differ(&mut self, slot: Slot) {
        if !self.repeats {
            self.unique.push(slot);
        }
    }

    fn expand(&mut self, open: &PatternRelationship, rows: f64) -> Result<()> {
        let forward = self.is_bound(&open.from);
        let into = forward && self.is_bound(&open.to);
        let (from, to) = if forward { (&open.from, &open.to) } else { (&open.to, &open.from) };
        let step = Expand {
            from: self.slot(from),
            relationship: self.slot(&open.name),
            to: self.slot(to),
            into,
            direction: if forward { open.direction } else { open.direction.reversed() },
            types: open.types.clone(),
            unique: self.unique.clone(),
            closing: None,
        };
        if into && open.length.is_none() && !self.planner.plain && self.close(open, &step) {
            return Ok(());
        }
        self.must_differ(step.relationship);
        let detail = show_step(open);
        let operator = match open.length {
            None => Operator::Expand(self.plan.clone(), Arc::new(step)),
            Some((min, max)) => {
                let filter = self.step_filter(open)?;
                let expand = VarExpand { step, min, max, filter, reversed: !forward, repeats: self.repeats };
                Operator::VarExpand(self.plan.clone(), Arc::new(expand))
            }
        };
        self.plan = self.planner.node(operator, detail, rows.max(0.01));
        self.bound.extend([open.name.clone(), open.from.clone(), open.to.clone()]);
        Ok(())
    }

    /// Makes a relationship between two bound nodes part of the expansion that has just reached one of
    /// them; whether it could.
    fn close(&mut self, open: &PatternRelationship, step: &Expand) -> bool {
        let mut filters = Vec::new();
        let mut plan = self.plan.clone();
        while let Operator::Filter(input, _) = &plan.operator {
            filters.push(plan.clone());
            plan = input.clone();
        }
        let Operator::Expand(input, reached) = &plan.operator else { return false };
        if reached.into || reached.closing.is_some() || step.from == step.to {
            return false;
        }
        let (to, direction) = if step.from == reached.to {
            (step.to, step.direction)
        } else if step.to == reached.to {
            (step.from, step.direction.reversed())
        } else {
            return false;
        };
        let closing = Closing {
            relationship: step.relationship,
            to,
            direction,
            types: step.types.clone(),
            unique: if self.repeats { Vec::new() } else { reached.unique.clone() },
        };
        let expand = Expand { closing: Some(closing), ..Expand::clone(reached) };
        self.must_differ(step.relationship);
        let detail = format!("{}, {}", plan.detail, show_step(open));
        let rows = (plan.rows / self.nodes_in_all).max(0.01);
        self.plan = self.planner.node(Operator::Expand(input.clone(), Arc::new(expand)), detail, rows);
        // The conditions were asked of the node that was reached: they come behind.
        for filter in filters.into_iter().rev() {
            if let Operator::Filter(_, condition) = &filter.operator {
                let operator = Operator::Filter(self.plan.clone(), condition.clone());
                self.plan = self.planner.node(operator, filter.detail.clone(), rows);
            }
        }
        self.bound.extend([open.name.clone(), open.from.clone(), open.to.clone()]);
        true
    }

    fn step_filter(&mut self, open: &PatternRelationship) -> Result<Option<(Slot, Compiled)>> {
        let Some(filter) = &open.step_filter else { return Ok(None) };
        let mut scope = self.scope.clone();
        let slot = scope.add(STEP);
        scope.bind(open.name.as_str(), slot);
        Ok(Some((slot, self.planner.compile(filter, &scope)?)))
    }

    fn project_endpoints(&mut self, open: &PatternRelationship) {
        let project = ProjectEndpoints {
            relationship: self.slot(&open.name),
            from: (self.slot(&open.from), self.is_bound(&open.from)),
            to: (self.slot(&open.to), self.is_bound(&open.to)),
            direction: open.direction,
            types: open.types.clone(),
            length: open.length,
            unique: self.unique.clone(),
        };
        self.must_differ(project.relationship);
        let rows = self.plan.rows;
        let operator = Operator::ProjectEndpoints(self.plan.clone(), Arc::new(project));
        self.plan = self.planner.node(operator, show_step(open), rows);
        self.bound.extend([open.from.clone(), open.to.clone()]);
    }

    /// `shortestPath`: conditions on the path are part of the search.
    fn shortest_path(&mut self, shortest: &PatternShortest) -> Result<()> {
        let open = &shortest.relationship;
        let mut filter = if open.length.is_some() { self.step_filter(open)? } else { None };
        if let Some(conditions) = self.conditions_on(shortest) {
            match self.conditions_on_steps(shortest, &conditions) {
                Some(steps) => filter = Some(steps?),
                None => return self.shortest_where(shortest, conditions),
            }
        }
        let (min, max) = open.length.unwrap_or((1, Some(1)));
        let find = ShortestPath {
            from: self.slot(&open.from),
            to: self.slot(&open.to),
            direction: open.direction,
            types: open.types.clone(),
            min,
            max,
            all: shortest.all,
            relationships: self.slot(&open.name),
            path: self.slot(&shortest.path),
            filter,
            single: open.length.is_none(),
        };
        let rows = self.plan.rows;
        let operator = Operator::ShortestPath(self.plan.clone(), Arc::new(find));
        self.plan = self.planner.node(operator, show_step(open), rows);
        self.bound.extend([open.name.clone(), shortest.path.clone()]);
        Ok(())
    }
}

fn is_variable(expr: &Expr, name: &str) -> bool {
    matches!(&expr.kind, ExprKind::Variable(variable) if variable == name)
}

fn selectivity(expr: &Expr) -> f64 {
    match &expr.kind {
        ExprKind::Comparison(_, rest) if matches!(rest.as_slice(), [(CompareOp::Eq, _)]) => EQUALITY,
        ExprKind::IsNotNull(_) => 1.0,
        _ => SELECTIVITY,
    }
}
