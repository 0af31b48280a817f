//! What clauses read and write of the graph, and which of them must be kept apart.
//!
//! Clauses see all that earlier ones wrote and nothing that later ones write (CIP2015-10-27). Where two
//! clauses touch nothing in common, rows may run through both one by one; otherwise an Eager gathers
//! them in between.

use crate::ast::graph::{
    Clause, ClauseKind, Expr, ExprKind, Key, Label, LabelExpr, MapProjectionItem, NodePattern, Page, Pattern,
    Projection, Query, RelPattern, RemoveItem, SetItem, SingleQuery, Subquery,
};
use crate::graph::eval::{Scope, for_each_child};
use crate::graph::procedures;
use std::collections::BTreeSet;

/// Some names, or all.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Names {
    Some(BTreeSet<String>),
    All,
}

impl Default for Names {
    fn default() -> Self {
        Names::Some(BTreeSet::new())
    }
}

impl Names {
    fn add(&mut self, name: &str) {
        if let Names::Some(names) = self {
            names.insert(name.to_owned());
        }
    }

    fn is_empty(&self) -> bool {
        *self == Names::default()
    }

    fn join(&mut self, other: Names) {
        match (&mut *self, other) {
            (Names::Some(names), Names::Some(more)) => names.extend(more),
            _ => *self = Names::All,
        }
    }

    fn meets(&self, other: &Names) -> bool {
        match (self, other) {
            (Names::Some(left), Names::Some(right)) => !left.is_disjoint(right),
            (Names::All, other) | (other, Names::All) => !other.is_empty(),
        }
    }
}

/// Which nodes are found or made by MERGE. Two clauses that find or make nodes of the same kind come to the
/// same graph in any order of their rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Merges {
    /// No nodes are found or made.
    #[default]
    Nothing,
    /// Single nodes with these labels and keys, and nothing is done to them.
    Kind(BTreeSet<String>, BTreeSet<String>),
    /// Others.
    Others,
}

/// What a stretch of clauses reads and writes.
#[derive(Debug, Clone, Default)]
pub(super) struct Effects {
    /// Labels of which new nodes would be found; all, if any new node would.
    found_nodes: Names,
    /// Types of which new relationships would be found.
    found_types: Names,
    read_properties: Names,
    read_labels: Names,
    /// Nodes or relationships are used that might have been deleted.
    uses: bool,
    /// Nodes are made, with these labels.
    makes_nodes: bool,
    made_labels: Names,
    made_types: Names,
    /// Properties and labels of what was there before.
    written_properties: Names,
    written_labels: Names,
    deletes: bool,
    /// If nodes are found and made by MERGE only, of which kind.
    merges: Merges,
    /// It stops before its input has ended.
    stops: bool,
}

impl Effects {
    /// Of a clause that begins with the variables of `scope`. `plain` are those that hold neither
    /// nodes nor relationships nor paths.
    pub(super) fn of(clause: &Clause, scope: &Scope, plain: &BTreeSet<String>) -> Self {
        let mut effects = Effects::default();
        Walk { effects: &mut effects, scope, plain }.clause(clause);
        effects
    }

    /// Of clauses that may do anything, or may read anything.
    pub(super) fn unknown(writes: bool) -> Self {
        let mut effects = Effects::default();
        effects.reads_anything();
        if writes {
            effects.makes_nodes = true;
            effects.made_labels = Names::All;
            effects.made_types = Names::All;
            effects.written_properties = Names::All;
            effects.written_labels = Names::All;
        }
        effects
    }

    /// Whether anything is written.
    pub(super) fn writes(&self) -> bool {
        self.makes_nodes
            || self.deletes
            || [&self.made_labels, &self.made_types, &self.written_properties, &self.written_labels]
                .iter()
                .any(|names| !names.is_empty())
    }

    fn reads(&self) -> bool {
        self.uses
            || [&self.found_nodes, &self.found_types, &self.read_properties, &self.read_labels]
                .iter()
                .any(|names| !names.is_empty())
    }

    /// Whether what `self` reads may be changed by what `other` writes.
    fn sees(&self, other: &Effects) -> bool {
        let same_merge = self.merges == other.merges && matches!(self.merges, Merges::Kind(..));
        let finds_new = other.makes_nodes
            && !same_merge
            && (self.found_nodes == Names::All || self.found_nodes.meets(&other.made_labels));
        // To delete what was deleted already does no harm.
        (other.deletes && !self.deletes && self.reads())
            || finds_new
            || self.found_types.meets(&other.made_types)
            || self.read_properties.meets(&other.written_properties)
            || self.read_labels.meets(&other.written_labels)
    }

    /// Whether rows must be gathered between clauses with the effects `self` and one behind them.
    pub(super) fn must_precede(&self, next: &Effects) -> bool {
        next.sees(self)
            || self.sees(next)
            || (next.stops && self.writes())
            || self.written_properties.meets(&next.written_properties)
            || self.written_labels.meets(&next.written_labels)
    }

    /// Adds those of a further clause.
    pub(super) fn join(&mut self, other: Effects) {
        self.found_nodes.join(other.found_nodes);
        self.found_types.join(other.found_types);
        self.read_properties.join(other.read_properties);
        self.read_labels.join(other.read_labels);
        self.made_labels.join(other.made_labels);
        self.made_types.join(other.made_types);
        self.written_properties.join(other.written_properties);
        self.written_labels.join(other.written_labels);
        match (&self.merges, other.merges) {
            (_, Merges::Nothing) => {}
            (Merges::Nothing, merges) => self.merges = merges,
            (own, merges) if *own == merges => {}
            _ => self.merges = Merges::Others,
        }
        self.uses |= other.uses;
        self.makes_nodes |= other.makes_nodes;
        self.deletes |= other.deletes;
        self.stops |= other.stops;
    }

    fn reads_anything(&mut self) {
        self.found_nodes = Names::All;
        self.found_types = Names::All;
        self.merges = Merges::Others;
        self.reads_entities();
    }

    /// All that nodes and relationships hold.
    fn reads_entities(&mut self) {
        self.read_properties = Names::All;
        self.read_labels = Names::All;
        self.uses = true;
    }
}

/// A walk through clauses.
struct Walk<'a> {
    effects: &'a mut Effects,
    scope: &'a Scope,
    plain: &'a BTreeSet<String>,
}

impl Walk<'_> {
    fn clause(&mut self, clause: &Clause) {
        match &clause.kind {
            ClauseKind::Match { patterns, filter, .. } => {
                patterns.iter().for_each(|pattern| self.find(pattern));
                filter.iter().for_each(|filter| self.expr(filter));
            }
            ClauseKind::Unwind { list, .. } => self.expr(list),
            ClauseKind::With(projection) => self.projection(projection, false),
            ClauseKind::Return(projection) => self.projection(projection, true),
            ClauseKind::Create { patterns } => patterns.iter().for_each(|pattern| self.make(pattern)),
            ClauseKind::Merge { pattern, on_create, on_match } => {
                self.find(pattern);
                self.make(pattern);
                if pattern.steps.is_empty() && on_create.is_empty() && on_match.is_empty() {
                    self.effects.merges = merged_kind(pattern);
                }
                on_create.iter().chain(on_match).for_each(|item| self.set(item));
            }
            ClauseKind::Set(items) => items.iter().for_each(|item| self.set(item)),
            ClauseKind::Remove(items) => items.iter().for_each(|item| self.remove(item)),
            ClauseKind::Delete { targets, .. } => {
                self.effects.deletes = true;
                self.effects.uses = true;
                targets.iter().for_each(|target| self.expr(target));
            }
            ClauseKind::Foreach { list, body, .. } => {
                self.expr(list);
                body.iter().for_each(|clause| self.clause(clause));
            }
            ClauseKind::Call(call) => {
                self.effects.reads_anything();
                if procedures::may_write(call) {
                    self.effects.written_properties = Names::All;
                }
            }
            ClauseKind::Subquery { query, .. } => self.query(query),
            ClauseKind::Conditional { branches, otherwise } => {
                for (condition, query) in branches {
                    self.expr(condition);
                    self.query(query);
                }
                otherwise.iter().for_each(|query| self.query(query));
            }
            ClauseKind::Let(bindings) => bindings.iter().for_each(|(_, value)| self.expr(value)),
            ClauseKind::Filter(condition) => self.expr(condition),
            ClauseKind::Page(page) => self.page(page),
            ClauseKind::LoadCsv { url, terminator, .. } => {
                self.expr(url);
                terminator.iter().for_each(|terminator| self.expr(terminator));
            }
            ClauseKind::Finish => {}
        }
    }

    /// Inner variables may have any of the outer names, so none of them is taken to be bound or plain.
    fn query(&mut self, query: &Query) {
        let (none, nothing) = (Scope::new(), BTreeSet::new());
        let mut walk = Walk { effects: self.effects, scope: &none, plain: &nothing };
        let parts = std::iter::once(&query.first).chain(query.unions.iter().map(|(_, part)| part));
        let stops = walk.effects.stops;
        let clauses =
            |part: &SingleQuery, walk: &mut Walk<'_>| part.clauses.iter().for_each(|clause| walk.clause(clause));
        parts.for_each(|part| clauses(part, &mut walk));
        // It is the inner query's own input that its LIMIT leaves.
        walk.effects.stops = stops;
        query.next.iter().for_each(|next| self.query(next));
    }

    fn projection(&mut self, projection: &Projection, answers: bool) {
        let stands_alone = |expr: &Expr| match &expr.kind {
            ExprKind::Variable(name) => !self.plain.contains(name),
            _ => false,
        };
        if answers && (projection.star || projection.items.iter().any(|item| holds(&item.expr, &stands_alone))) {
            // The answer shows all that they hold.
            self.effects.reads_entities();
        }
        projection.items.iter().for_each(|item| self.expr(&item.expr));
        projection.filter.iter().for_each(|filter| self.expr(filter));
        self.page(&projection.page);
    }

    fn page(&mut self, page: &Page) {
        page.order_by.iter().for_each(|item| self.expr(&item.expr));
        self.effects.stops |= page.limit.is_some();
    }

    /// A pattern that is looked for.
    fn find(&mut self, pattern: &Pattern) {
        let several = pattern
            .steps
            .iter()
            .any(|(link, _)| link.relationship().is_none_or(|step| step.length.is_some_and(|length| length.min == 0)));
        for node in pattern.nodes() {
            let bound = node.variable.as_ref().is_some_and(|name| self.scope.slot(&name.text).is_some());
            if !bound && (several || pattern.steps.is_empty()) {
                self.find_node(node);
            }
            self.read_node(node);
        }
        for step in pattern.relationships() {
            self.find_relationship(step);
        }
        for part in pattern.quantified() {
            self.find(&part.inner);
        }
        pattern.filter.iter().for_each(|filter| self.expr(filter));
    }

    /// A new node would be found if it bears one of the labels.
    fn find_node(&mut self, node: &NodePattern) {
        self.effects.merges = Merges::Others;
        match &node.labels {
            Some(labels) => alternatives(labels, &mut self.effects.found_nodes),
            None => self.effects.found_nodes = Names::All,
        }
    }

    fn find_relationship(&mut self, step: &RelPattern) {
        match &step.types {
            Some(types) => alternatives(types, &mut self.effects.found_types),
            None => self.effects.found_types = Names::All,
        }
        step.types.iter().for_each(|types| types.expressions(&mut |expr| self.expr(expr)));
        step.properties.iter().for_each(|map| self.property_map(map));
        step.filter.iter().for_each(|filter| self.expr(filter));
    }

    fn read_node(&mut self, node: &NodePattern) {
        node.labels.iter().for_each(|labels| self.label_expr(labels));
        node.properties.iter().for_each(|map| self.property_map(map));
        node.filter.iter().for_each(|filter| self.expr(filter));
        self.effects.uses |= node.variable.is_some();
    }

    fn label_expr(&mut self, labels: &LabelExpr) {
        every_name(labels, &mut self.effects.read_labels);
        labels.expressions(&mut |expr| self.expr(expr));
    }

    /// A map that properties are compared with.
    fn property_map(&mut self, map: &Expr) {
        match &map.kind {
            ExprKind::Map(entries) => entries.iter().for_each(|(key, _)| self.effects.read_properties.add(key)),
            _ => self.effects.read_properties = Names::All,
        }
        self.expr(map);
    }

    /// A pattern that is made, but for the nodes that are bound.
    fn make(&mut self, pattern: &Pattern) {
        for node in pattern.nodes() {
            if node.variable.as_ref().is_some_and(|name| self.scope.slot(&name.text).is_some()) {
                self.effects.uses = true;
                continue;
            }
            self.effects.makes_nodes = true;
            self.effects.merges = Merges::Others;
            node.labels.iter().for_each(|labels| {
                every_name(labels, &mut self.effects.made_labels);
                labels.expressions(&mut |expr| self.expr(expr));
            });
            node.properties.iter().for_each(|map| self.expr(map));
        }
        for step in pattern.relationships() {
            match &step.types {
                Some(types) => every_name(types, &mut self.effects.made_types),
                None => self.effects.made_types = Names::All,
            }
            step.types.iter().for_each(|types| types.expressions(&mut |expr| self.expr(expr)));
            step.properties.iter().for_each(|map| self.expr(map));
        }
    }

    fn set(&mut self, item: &SetItem) {
        match item {
            SetItem::Property { target, key, value } => {
                self.key(key);
                self.target(target);
                self.expr(value);
            }
            SetItem::All { merge, value, .. } => {
                match &value.kind {
                    ExprKind::Map(entries) if *merge => {
                        entries.iter().for_each(|(key, _)| self.effects.written_properties.add(key));
                    }
                    _ => self.effects.written_properties = Names::All,
                }
                match &value.kind {
                    ExprKind::Variable(name) if !self.plain.contains(name) => self.effects.reads_entities(),
                    _ => self.expr(value),
                }
                self.effects.uses = true;
            }
            SetItem::Labels { labels, .. } => self.labels(labels),
        }
    }

    fn remove(&mut self, item: &RemoveItem) {
        match item {
            RemoveItem::Property { target, key } => {
                self.key(key);
                self.target(target);
            }
            RemoveItem::Labels { labels, .. } => self.labels(labels),
        }
    }

    fn target(&mut self, target: &Expr) {
        self.effects.uses = true;
        self.expr(target);
    }

    fn key(&mut self, key: &Key) {
        match key {
            Key::Name(name) => self.effects.written_properties.add(name),
            Key::Dynamic(expr) => {
                self.effects.written_properties = Names::All;
                self.expr(expr);
            }
        }
    }

    fn labels(&mut self, labels: &[Label]) {
        self.effects.uses = true;
        for label in labels {
            match label {
                Label::Name(name) => self.effects.written_labels.add(name),
                Label::Dynamic(expr) => {
                    self.effects.written_labels = Names::All;
                    self.expr(expr);
                }
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        let is_plain = |subject: &Expr| matches!(&subject.kind, ExprKind::Variable(name) if self.plain.contains(name));
        match &expr.kind {
            ExprKind::Property(subject, key) if !is_plain(subject) => {
                self.effects.uses = true;
                self.effects.read_properties.add(key);
            }
            ExprKind::Index(subject, index) if !is_plain(subject) && !matches!(index.kind, ExprKind::Int(_)) => {
                self.effects.uses = true;
                self.effects.read_properties = Names::All;
            }
            ExprKind::HasLabels(_, labels) => {
                self.effects.uses = true;
                every_name(labels, &mut self.effects.read_labels);
            }
            ExprKind::Function { name, .. } => match name.to_ascii_lowercase().as_str() {
                "properties" | "keys" => {
                    self.effects.uses = true;
                    self.effects.read_properties = Names::All;
                }
                "labels" => {
                    self.effects.uses = true;
                    self.effects.read_labels = Names::All;
                }
                _ => {}
            },
            ExprKind::MapProjection { items, .. } => {
                self.effects.uses = true;
                for item in items {
                    match item {
                        MapProjectionItem::Property(key) => self.effects.read_properties.add(key),
                        MapProjectionItem::All => self.effects.read_properties = Names::All,
                        MapProjectionItem::Entry(..) | MapProjectionItem::Variable(_) => {}
                    }
                }
            }
            ExprKind::PatternPredicate(pattern) | ExprKind::ShortestPath(pattern) => self.find(pattern),
            ExprKind::PatternComprehension { pattern, filter, map } => {
                self.find(pattern);
                filter.iter().for_each(|filter| self.expr(filter));
                self.expr(map);
            }
            ExprKind::Exists(subquery) | ExprKind::Count(subquery) => match &**subquery {
                Subquery::Pattern { patterns, filter } => {
                    patterns.iter().for_each(|pattern| self.find(pattern));
                    filter.iter().for_each(|filter| self.expr(filter));
                }
                Subquery::Query(query) => self.query(query),
            },
            ExprKind::Collect(query) => self.query(query),
            ExprKind::Variable(name) => self.effects.uses |= !self.plain.contains(name),
            _ => {}
        }
        for_each_child(expr, &mut |child| self.expr(child));
    }
}

/// Whether part of an expression fits; what is asked of an entity is not the entity.
fn holds(expr: &Expr, fits: &dyn Fn(&Expr) -> bool) -> bool {
    let asked_of = match &expr.kind {
        ExprKind::Property(..) | ExprKind::HasLabels(..) | ExprKind::IsNull(_) | ExprKind::IsNotNull(_) => true,
        ExprKind::Function { name, .. } => {
            ["labels", "type", "id", "elementid", "properties", "keys", "count", "size", "length"]
                .contains(&name.to_ascii_lowercase().as_str())
        }
        _ => false,
    };
    if asked_of {
        return false;
    }
    let mut found = fits(expr);
    for_each_child(expr, &mut |child| found = found || holds(child, fits));
    found
}

/// What `MERGE (:A:B {k: …})` finds or makes.
fn merged_kind(pattern: &Pattern) -> Merges {
    let start = &pattern.start;
    let mut labels = Names::default();
    match &start.labels {
        Some(LabelExpr::And(parts)) if parts.iter().all(|part| matches!(part, LabelExpr::Name(_))) => {
            parts.iter().for_each(|part| every_name(part, &mut labels));
        }
        Some(label @ LabelExpr::Name(_)) => every_name(label, &mut labels),
        _ => labels = Names::All,
    }
    let keys = match start.properties.as_ref().map(|map| &map.kind) {
        None => Some(BTreeSet::new()),
        Some(ExprKind::Map(entries)) => Some(entries.iter().map(|(key, _)| key.clone()).collect()),
        Some(_) => None,
    };
    match (labels, keys) {
        (Names::Some(labels), Some(keys)) => Merges::Kind(labels, keys),
        _ => Merges::Others,
    }
}

/// Names of which a thing must bear one to fit.
fn alternatives(labels: &LabelExpr, out: &mut Names) {
    match labels {
        LabelExpr::Name(name) => out.add(&name.text),
        LabelExpr::Or(parts) => parts.iter().for_each(|part| alternatives(part, out)),
        LabelExpr::And(parts) => match parts.iter().find(|part| matches!(part, LabelExpr::Name(_))) {
            Some(part) => alternatives(part, out),
            None => *out = Names::All,
        },
        LabelExpr::Dynamic { .. } | LabelExpr::Any | LabelExpr::Not(_) => *out = Names::All,
    }
}

/// All names that are mentioned.
fn every_name(labels: &LabelExpr, out: &mut Names) {
    match labels {
        LabelExpr::Name(name) => out.add(&name.text),
        LabelExpr::Or(parts) | LabelExpr::And(parts) => parts.iter().for_each(|part| every_name(part, out)),
        LabelExpr::Not(inner) => every_name(inner, out),
        LabelExpr::Dynamic { .. } | LabelExpr::Any => *out = Names::All,
    }
}
