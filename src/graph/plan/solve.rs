//! From a query graph to operators: the cheapest start first, then always the expansion that is
//! expected to give the fewest rows; a predicate is tested as soon as its variables are bound.

use super::mention::Mentions;
use super::operators::{
    BuildPath, Expand, NodeScan, NodeSource, Operator, ProjectEndpoints, RelationshipScan, RelationshipSource,
    ShortestPath, TypeFilter, VarExpand,
};
use super::pattern::{PatternRelationship, QueryGraph, STEP};
use super::planner::{Planner, State};
use super::{PlanRef, Slot};
use crate::ast::graph::{BinaryOp, CompareOp, Expr, ExprKind, LabelExpr, RelDirection};
use crate::graph::Result;
use crate::graph::eval::{Compiled, Scope};
use crate::graph::store::{Counted, Index, TokenKind};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The share of rows that a predicate is expected to keep.
const SELECTIVITY: f64 = 0.3;
/// The same for an equality.
const EQUALITY: f64 = 0.1;

/// A MATCH being solved.
struct Solver<'p, 't> {
    planner: &'p mut Planner<'t>,
    plan: PlanRef,
    scope: Scope,
    /// Variables of the clause that are bound so far.
    bound: BTreeSet<String>,
    predicates: Vec<(Expr, Mentions)>,
    /// All names that this clause binds.
    new: BTreeSet<String>,
    /// Slots of relationships that the clause has bound: they must differ.
    unique: Vec<Slot>,
    width: usize,
    nodes_in_all: f64,
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
            .chain(graph.shortest.iter().map(|shortest| &shortest.path));
        for name in names {
            if state.scope.slot(name).is_none() && new.insert(name.clone()) {
                scope.add(name.as_str());
            }
        }
        let bound = graph.nodes.iter().filter(|name| state.scope.slot(name).is_some()).cloned().collect();
        let nodes_in_all = self.count(Counted::Nodes)?.max(1.0);
        let predicates = graph.predicates.iter().map(|expr| (expr.clone(), Mentions::of(expr))).collect();
        let width = scope.width();
        let mut solver = Solver {
            plan: state.plan.clone(),
            planner: self,
            scope,
            bound,
            predicates,
            new,
            unique: Vec::new(),
            width,
            nodes_in_all,
        };
        solver.run(graph, &state.scope)?;
        state.plan = solver.plan.clone();
        state.scope = solver.scope;
        Ok(())
    }
}

impl Solver<'_, '_> {
    fn run(&mut self, graph: QueryGraph, outer: &Scope) -> Result<()> {
        let mut relationships = graph.relationships;
        let mut shortest = graph.shortest;
        let mut paths = graph.paths;
        loop {
            self.planner.check_depth()?;
            self.filter()?;
            // Paths whose parts are all bound.
            if let Some(at) = paths.iter().position(|path| {
                path.relationships.iter().all(|name| !relationships.iter().any(|open| open.name == *name))
                    && path.nodes.iter().all(|name| self.is_bound(name))
            }) {
                let path = paths.swap_remove(at);
                let build = BuildPath {
                    slot: self.slot(&path.name),
                    start: self.slot(&path.start),
                    relationships: path.relationships.iter().map(|name| self.slot(name)).collect(),
                    width: self.width,
                };
                let rows = self.plan.rows;
                let detail = display(&path.name);
                self.plan = self.planner.node(Operator::BuildPath(self.plan.clone(), Arc::new(build)), detail, rows);
                self.bound.insert(path.name);
                continue;
            }
            if let Some(at) = relationships.iter().position(|open| outer.slot(&open.name).is_some()) {
                let relationship = relationships.swap_remove(at);
                self.project_endpoints(&relationship);
                continue;
            }
            if let Some(at) = shortest.iter().position(|shortest| {
                self.is_bound(&shortest.relationship.from) && self.is_bound(&shortest.relationship.to)
            }) {
                let shortest = shortest.swap_remove(at);
                self.shortest_path(&shortest)?;
                continue;
            }
            let best = relationships
                .iter()
                .enumerate()
                .filter_map(|(at, open)| Some((at, self.expansion_rows(open).transpose()?)))
                .map(|(at, rows)| rows.map(|rows| (at, rows)))
                .collect::<Result<Vec<_>>>()?
                .into_iter()
                .min_by(|a, b| a.1.total_cmp(&b.1));
            if let Some((at, rows)) = best {
                let relationship = relationships.remove(at);
                self.expand(&relationship, rows)?;
                continue;
            }
            if !self.start(&graph.nodes, &mut relationships)? {
                break;
            }
        }
        // Whatever could not be placed earlier, such as predicates on whole queries.
        self.bound.extend(self.new.iter().cloned());
        self.filter()
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
        for (expr, _) in ready {
            let rows = (self.plan.rows * selectivity(&expr)).max(0.01);
            let predicate = self.planner.compile(&expr, &self.scope)?;
            let detail = self.show(&expr);
            self.plan = self.planner.node(Operator::Filter(self.plan.clone(), Arc::new(predicate)), detail, rows);
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

    fn expand(&mut self, open: &PatternRelationship, rows: f64) -> Result<()> {
        let forward = self.is_bound(&open.from);
        let into = forward && self.is_bound(&open.to);
        let (from, to) = if forward { (&open.from, &open.to) } else { (&open.to, &open.from) };
        let direction = match (open.direction, forward) {
            (RelDirection::Right, false) => RelDirection::Left,
            (RelDirection::Left, false) => RelDirection::Right,
            (direction, _) => direction,
        };
        let step = Expand {
            from: self.slot(from),
            relationship: self.slot(&open.name),
            to: self.slot(to),
            into,
            direction,
            types: open.types.clone(),
            unique: self.unique.clone(),
            width: self.width,
        };
        self.unique.push(step.relationship);
        let detail = show_step(open);
        let operator = match open.length {
            None => Operator::Expand(self.plan.clone(), Arc::new(step)),
            Some((min, max)) => {
                let filter = self.step_filter(open)?;
                let expand = VarExpand { step, min, max, filter, reversed: !forward };
                Operator::VarExpand(self.plan.clone(), Arc::new(expand))
            }
        };
        self.plan = self.planner.node(operator, detail, rows.max(0.01));
        self.bound.extend([open.name.clone(), open.from.clone(), open.to.clone()]);
        Ok(())
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
            width: self.width,
        };
        self.unique.push(project.relationship);
        let rows = self.plan.rows;
        let operator = Operator::ProjectEndpoints(self.plan.clone(), Arc::new(project));
        self.plan = self.planner.node(operator, show_step(open), rows);
        self.bound.extend([open.from.clone(), open.to.clone()]);
    }

    fn shortest_path(&mut self, shortest: &super::pattern::PatternShortest) -> Result<()> {
        let open = &shortest.relationship;
        let (min, max) = open.length.unwrap_or((1, Some(1)));
        let filter = if open.length.is_some() { self.step_filter(open)? } else { None };
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
            width: self.width,
        };
        let rows = self.plan.rows;
        let operator = Operator::ShortestPath(self.plan.clone(), Arc::new(find));
        self.plan = self.planner.node(operator, show_step(open), rows);
        self.bound.extend([open.name.clone(), shortest.path.clone()]);
        Ok(())
    }

    /// A predicate for people: those that stand for labels and property maps are not in the text.
    fn show(&self, expr: &Expr) -> String {
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

    /// Binds the cheapest unbound node (or relationship with both ends); answers whether there was one.
    fn start(&mut self, nodes: &[String], relationships: &mut Vec<PatternRelationship>) -> Result<bool> {
        let mut best: Option<(f64, String, NodeSource, String)> = None;
        for name in nodes {
            if self.is_bound(name) {
                continue;
            }
            let (rows, source, detail) = self.node_source(name)?;
            if best.as_ref().is_none_or(|(least, ..)| rows < *least) {
                best = Some((rows, name.clone(), source, detail));
            }
        }
        let Some((rows, name, source, detail)) = best else { return Ok(false) };
        let mut scan: Option<(f64, usize, RelationshipSource, String)> = None;
        for (at, open) in relationships.iter().enumerate() {
            if open.length.is_none() && open.from != open.to && !self.is_bound(&open.from) && !self.is_bound(&open.to) {
                let (count, source, detail) = self.relationship_source(open)?;
                let sides = if open.direction == RelDirection::Either { 2.0 } else { 1.0 };
                if scan.as_ref().is_none_or(|(least, ..)| sides * count < *least) {
                    scan = Some((sides * count, at, source, detail));
                }
            }
        }
        if let Some((count, at, source, detail)) = scan
            && count < rows
        {
            let open = relationships.remove(at);
            self.relationship_scan(&open, count, source, &detail);
            return Ok(true);
        }
        if let NodeSource::Label(label) = &source {
            // The scan itself answers for the label.
            self.predicates.retain(|(expr, _)| !is_label(expr, &name, label));
        }
        let node = NodeScan { slot: self.slot(&name), width: self.width, source };
        let rows = self.plan.rows * rows;
        self.plan = self.planner.node(Operator::NodeScan(self.plan.clone(), Arc::new(node)), detail, rows);
        self.bound.insert(name);
        Ok(true)
    }

    /// The cheapest way to find a relationship by itself.
    fn relationship_source(&mut self, open: &PatternRelationship) -> Result<(f64, RelationshipSource, String)> {
        if let Some(id) = self.id_predicate(&open.name) {
            let id = self.planner.compile(&id, &self.scope)?;
            return Ok((1.0, RelationshipSource::Id(id), String::new()));
        }
        let count = self.relationship_count(&open.types)?;
        if let TypeFilter::Names(names) = &open.types
            && let [name] = names.as_slice()
            && let Some(token) = self.planner.tokens.id(self.planner.tx, TokenKind::Type, name)?
        {
            let wanted = |index: &&Index| index.on_relationships && index.token == token;
            let indexes: Vec<Index> = self.planner.indexes.iter().filter(wanted).cloned().collect();
            for index in indexes {
                if let Some((share, NodeSource::IndexEqual(index, values), keys)) = self.seek(&open.name, &index)? {
                    let rows = (count * share).max(1.0).min(count.max(1.0));
                    return Ok((rows, RelationshipSource::IndexEqual(index, values), format!("  by {keys}")));
                }
            }
        }
        Ok((count, RelationshipSource::Types, String::new()))
    }

    fn relationship_scan(&mut self, open: &PatternRelationship, rows: f64, source: RelationshipSource, detail: &str) {
        let scan = RelationshipScan {
            relationship: self.slot(&open.name),
            from: self.slot(&open.from),
            to: self.slot(&open.to),
            direction: open.direction,
            types: open.types.clone(),
            source,
            unique: self.unique.clone(),
            width: self.width,
        };
        self.unique.push(scan.relationship);
        let rows = self.plan.rows * rows;
        let operator = Operator::RelationshipScan(self.plan.clone(), Arc::new(scan));
        self.plan = self.planner.node(operator, format!("{}{detail}", show_step(open)), rows);
        self.bound.extend([open.name.clone(), open.from.clone(), open.to.clone()]);
    }

    /// The cheapest way to find a node by itself: its rows, its source, its description.
    fn node_source(&mut self, name: &str) -> Result<(f64, NodeSource, String)> {
        let shown = display(name);
        if let Some(id) = self.id_predicate(name) {
            let id = self.planner.compile(&id, &self.scope)?;
            return Ok((1.0, NodeSource::Id(id), shown));
        }
        let mut best = (self.nodes_in_all, NodeSource::All, shown.clone());
        for label in self.labels_of(name) {
            let count = self.planner.label_count(&label)?;
            if count < best.0 || matches!(best.1, NodeSource::All) {
                best = (count, NodeSource::Label(Arc::from(label.as_str())), format!("{shown}:{label}"));
            }
            let Some(token) = self.planner.tokens.id(self.planner.tx, TokenKind::Label, &label)? else { continue };
            let indexes: Vec<Index> = self
                .planner
                .indexes
                .iter()
                .filter(|index| !index.on_relationships && index.token == token)
                .cloned()
                .collect();
            for index in indexes {
                if let Some((share, source, keys)) = self.seek(name, &index)? {
                    let rows = (count * share).max(1.0).min(count.max(1.0));
                    if rows <= best.0 {
                        best = (rows, source, format!("{shown}:{label}({keys})"));
                    }
                }
            }
        }
        Ok(best)
    }

    /// `id(n) = x`, `id(n) IN list`
    fn id_predicate(&self, name: &str) -> Option<Expr> {
        let is_id = |expr: &Expr| match &expr.kind {
            ExprKind::Function { name: function, args, .. } => {
                function.eq_ignore_ascii_case("id") && args.len() == 1 && is_variable(&args[0], name)
            }
            _ => false,
        };
        self.predicates.iter().find_map(|(expr, _)| {
            let value = match &expr.kind {
                ExprKind::Comparison(left, rest) => match rest.as_slice() {
                    [(CompareOp::Eq, right)] if is_id(left) => right,
                    [(CompareOp::Eq, right)] if is_id(right) => left,
                    _ => return None,
                },
                ExprKind::Binary(BinaryOp::In, left, right) if is_id(left) => right,
                _ => return None,
            };
            self.is_ready(&Mentions::of(value)).then(|| value.clone())
        })
    }

    /// How an index could find a node: the share of the label's nodes, the source, the keys.
    fn seek(&mut self, name: &str, index: &Index) -> Result<Option<(f64, NodeSource, String)>> {
        let mut keys = Vec::new();
        for &key in &index.keys {
            keys.push(self.planner.tokens.name(self.planner.tx, TokenKind::Key, key)?);
        }
        let Some(first) = keys.first().cloned() else { return Ok(None) };
        let mut values = Vec::new();
        for key in &keys {
            match self.comparand(name, key, CompareOp::Eq) {
                Some(value) => values.push(self.planner.compile(&value, &self.scope)?),
                None => break,
            }
        }
        if !values.is_empty() {
            let shown = keys[..values.len()].join(", ");
            let share = EQUALITY.powi(i32::try_from(values.len()).unwrap_or(1)) * 0.1;
            return Ok(Some((share, NodeSource::IndexEqual(index.clone(), values), shown)));
        }
        let list = self.predicates.iter().find_map(|(expr, _)| match &expr.kind {
            ExprKind::Binary(BinaryOp::In, left, right) if is_property(left, name, &first) => Some(right.clone()),
            _ => None,
        });
        if let Some(list) = list.filter(|list| self.is_ready(&Mentions::of(list))) {
            let list = self.planner.compile(&list, &self.scope)?;
            return Ok(Some((0.05, NodeSource::IndexIn(index.clone(), list), format!("{first} IN"))));
        }
        let prefix = self.predicates.iter().find_map(|(expr, _)| match &expr.kind {
            ExprKind::Binary(BinaryOp::StartsWith, left, right) if is_property(left, name, &first) => {
                Some(right.clone())
            }
            _ => None,
        });
        if let Some(prefix) = prefix.filter(|prefix| self.is_ready(&Mentions::of(prefix))) {
            let prefix = self.planner.compile(&prefix, &self.scope)?;
            let source = NodeSource::IndexPrefix(index.clone(), prefix);
            return Ok(Some((0.1, source, format!("{first} STARTS WITH"))));
        }
        let lower = self.comparand(name, &first, CompareOp::Gt).or_else(|| self.comparand(name, &first, CompareOp::Ge));
        let upper = self.comparand(name, &first, CompareOp::Lt).or_else(|| self.comparand(name, &first, CompareOp::Le));
        if lower.is_none() && upper.is_none() {
            return Ok(None);
        }
        let share = if lower.is_some() && upper.is_some() { 0.1 } else { SELECTIVITY };
        let lower = lower.map(|expr| self.planner.compile(&expr, &self.scope)).transpose()?;
        let upper = upper.map(|expr| self.planner.compile(&expr, &self.scope)).transpose()?;
        let source = NodeSource::IndexRange(index.clone(), lower, upper);
        Ok(Some((share, source, format!("{first} range"))))
    }

    /// The value that a predicate compares a property with, if it can be evaluated now.
    fn comparand(&self, name: &str, key: &str, wanted: CompareOp) -> Option<Expr> {
        self.predicates.iter().find_map(|(expr, _)| {
            let ExprKind::Comparison(first, rest) = &expr.kind else { return None };
            let mut left = &**first;
            for (operator, right) in rest {
                let found = if *operator == wanted && is_property(left, name, key) {
                    Some(right)
                } else if flip(*operator) == wanted && is_property(right, name, key) {
                    Some(left)
                } else {
                    None
                };
                if let Some(value) = found
                    && self.is_ready(&Mentions::of(value))
                    && !Mentions::of(value).names.contains(name)
                {
                    return Some(value.clone());
                }
                left = right;
            }
            None
        })
    }
}

fn flip(operator: CompareOp) -> CompareOp {
    match operator {
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
        same => same,
    }
}

fn is_variable(expr: &Expr, name: &str) -> bool {
    matches!(&expr.kind, ExprKind::Variable(variable) if variable == name)
}

fn is_property(expr: &Expr, name: &str, key: &str) -> bool {
    matches!(&expr.kind, ExprKind::Property(subject, property) if property == key && is_variable(subject, name))
}

fn selectivity(expr: &Expr) -> f64 {
    match &expr.kind {
        ExprKind::Comparison(_, rest) if matches!(rest.as_slice(), [(CompareOp::Eq, _)]) => EQUALITY,
        ExprKind::IsNotNull(_) => 1.0,
        _ => SELECTIVITY,
    }
}

/// A name for people; hidden ones have none.
pub fn display(name: &str) -> String {
    if name.starts_with(super::pattern::HIDDEN) { String::new() } else { name.to_owned() }
}

fn is_label(expr: &Expr, name: &str, wanted: &str) -> bool {
    matches!(&expr.kind, ExprKind::HasLabels(subject, LabelExpr::Name(label))
        if label.text == wanted && is_variable(subject, name))
}

/// `(a)-[r:T*1..2]->(b)`
fn show_step(open: &PatternRelationship) -> String {
    let types = match &open.types {
        TypeFilter::Any => String::new(),
        TypeFilter::Names(names) => format!(":{}", names.join("|")),
        TypeFilter::Expression(_) => ":…".to_owned(),
    };
    let length = match open.length {
        None => String::new(),
        Some((min, None)) => format!("*{min}.."),
        Some((min, Some(max))) => format!("*{min}..{max}"),
    };
    let inside = format!("{}{types}{length}", display(&open.name));
    let inside = if inside.is_empty() { String::new() } else { format!("[{inside}]") };
    let (left, right) = match open.direction {
        RelDirection::Right => ("-", "->"),
        RelDirection::Left => ("<-", "-"),
        RelDirection::Either => ("-", "-"),
    };
    format!("({}){left}{inside}{right}({})", display(&open.from), display(&open.to))
}
