//! The planner: clause by clause from the first to the last.

use super::effects::Effects;
use super::mention::Mentions;
use super::operators::{Apply, Choose, Condition, InTransactions, Operator, Project, Subplan, SubplanResult, Unwind};
use super::pattern::{HIDDEN, QueryGraph};
use super::{PlanRef, Slot};
use crate::ast::graph::{
    Clause, ClauseKind, Expr, ExprKind, LabelExpr, Link, MatchMode, Name, Page, Pattern, Projection, Query, Shortest,
    SingleQuery, Subquery, UnionKind,
};
use crate::graph::eval::{Compiled, Scope, SubqueryCompiler, compile};
use crate::graph::procedures::Procedures;
use crate::graph::store::{Counted, Index, TokenKind, Tokens, indexes, statistics};
use crate::graph::{Detail, Error, Kind, Planning, Result};
use crate::storage::Read;
use crate::value::graph::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The most operators one behind the other.
const MAX_DEPTH: usize = 1000;

/// Makes plans for one statement.
pub struct Planner<'t> {
    pub(super) tx: &'t dyn Read,
    pub(super) database: u32,
    pub(super) tokens: &'t Tokens,
    pub(super) indexes: Vec<Index>,
    pub(super) subplans: Vec<Subplan>,
    pub(super) writes: bool,
    pub(super) procedures: &'t Procedures,
    parameters: &'t BTreeMap<String, Value>,
    source: &'t str,
    /// Word by word: see [`Planning::Plain`].
    pub(super) plain: bool,
    depth: usize,
    next_id: usize,
    next_hidden: usize,
}

/// A planned query.
#[derive(Debug)]
pub struct QueryPlan {
    /// The root; its rows hold the columns in order.
    pub root: PlanRef,
    /// The columns' names.
    pub columns: Vec<String>,
    /// It ends in RETURN (or is a standalone CALL): it gives rows.
    pub returns: bool,
}

/// A planned statement.
#[derive(Debug)]
pub struct Planned {
    /// The query.
    pub query: QueryPlan,
    /// What its expressions run.
    pub subplans: Vec<Subplan>,
    /// It writes.
    pub writes: bool,
    /// How many operators there are.
    pub operators: usize,
}

/// Where the planning of a query stands.
pub(super) struct State {
    pub plan: PlanRef,
    pub scope: Scope,
    /// What the clauses since the last Eager read and write.
    pub effects: Effects,
    /// Variables that hold neither nodes nor relationships nor paths.
    pub plain: BTreeSet<String>,
}

impl State {
    /// Before the first clause.
    pub fn new(plan: PlanRef, scope: Scope) -> Self {
        State { plan, scope, effects: Effects::default(), plain: BTreeSet::new() }
    }
}

impl<'t> Planner<'t> {
    /// A planner for a statement.
    pub fn new(
        tx: &'t dyn Read,
        database: u32,
        tokens: &'t Tokens,
        procedures: &'t Procedures,
        parameters: &'t BTreeMap<String, Value>,
        source: &'t str,
    ) -> Result<Self> {
        Ok(Planner {
            tx,
            database,
            tokens,
            indexes: indexes::all(tx, database)?,
            subplans: Vec::new(),
            writes: false,
            procedures,
            parameters,
            source,
            plain: false,
            depth: 0,
            next_id: 0,
            next_hidden: 0,
        })
    }

    /// The way it is to plan.
    pub fn planning(mut self, planning: Planning) -> Self {
        self.plain = planning == Planning::Plain;
        self
    }

    /// Plans a whole statement.
    pub fn statement(mut self, query: &Query) -> Result<Planned> {
        let query = self.query(query, &Scope::new())?;
        Ok(Planned { query, subplans: self.subplans, writes: self.writes, operators: self.next_id })
    }

    /// A plan node.
    pub(super) fn node(&mut self, operator: Operator, detail: impl Into<String>, rows: f64) -> PlanRef {
        let id = self.next_id;
        self.next_id += 1;
        let depth = 1 + operator.inputs().into_iter().map(|input| input.depth).max().unwrap_or(0);
        self.depth = self.depth.max(depth);
        Arc::new(super::Plan { id, operator, detail: detail.into(), rows, depth })
    }

    /// Fails once operators are nested too deep: each runs inside the one behind it.
    pub(super) fn check_depth(&self) -> Result<()> {
        if self.depth > MAX_DEPTH {
            return Err(Error::compile(
                Kind::Limit,
                Detail::TooLarge,
                format!("The statement needs more than {MAX_DEPTH} operators one behind the other"),
            )
            .hint("split it into several statements, or write patterns into fewer clauses"));
        }
        Ok(())
    }

    /// The text of an expression as it was written.
    pub(super) fn text(&self, expr: &Expr) -> &'t str {
        expr.span.slice(self.source)
    }

    /// A name that no user can write.
    pub(super) fn hidden(&mut self, what: &str) -> String {
        self.next_hidden += 1;
        format!("{HIDDEN}{what}{}", self.next_hidden)
    }

    /// Compiles an expression.
    pub(super) fn compile(&mut self, expr: &Expr, scope: &Scope) -> Result<Compiled> {
        compile(expr, scope, self)
    }

    /// Compiles a condition on rows.
    pub(super) fn condition(&mut self, expr: &Expr, scope: &Scope) -> Result<Condition> {
        let about_node = Mentions::only_variable(expr, scope);
        Ok(Condition { predicate: self.compile(expr, scope)?, about_node })
    }

    pub(super) fn count(&self, what: Counted) -> Result<f64> {
        Ok(statistics::count(self.tx, self.database, what)? as f64)
    }

    pub(super) fn label_count(&self, label: &str) -> Result<f64> {
        match self.tokens.id(self.tx, TokenKind::Label, label)? {
            Some(id) => self.count(Counted::Label(id)),
            None => Ok(0.0),
        }
    }

    pub(super) fn type_count(&self, name: &str) -> Result<f64> {
        match self.tokens.id(self.tx, TokenKind::Type, name)? {
            Some(id) => self.count(Counted::Type(id)),
            None => Ok(0.0),
        }
    }

    /// Plans a query that begins with the variables of `scope`.
    pub(super) fn query(&mut self, query: &Query, scope: &Scope) -> Result<QueryPlan> {
        let mut plans = vec![self.single(&query.first, scope)?];
        for (_, part) in &query.unions {
            plans.push(self.single(part, scope)?);
        }
        let result = self.unite(plans, &query.unions)?;
        match &query.next {
            Some(next) => self.next(result, next),
            None => Ok(result),
        }
    }

    /// `NEXT`: a query goes on with the columns of the one before it.
    fn next(&mut self, before: QueryPlan, next: &Query) -> Result<QueryPlan> {
        if !next.unions.is_empty() && self.writes {
            return Err(Error::syntax(
                Detail::InvalidClauseComposition,
                "UNION behind NEXT reads the rows before it once for each part, so nothing may be written there",
            )
            .at(next.first.span));
        }
        let scope: Scope = before.columns.iter().cloned().collect();
        let mut plans = Vec::new();
        for part in std::iter::once(&next.first).chain(next.unions.iter().map(|(_, part)| part)) {
            let plan = before.root.clone();
            let effects = Effects::unknown(self.writes);
            let state = State { effects, ..State::new(plan, scope.clone()) };
            plans.push(self.clauses(part, state)?);
        }
        let united = self.unite(plans, &next.unions)?;
        match &next.next {
            Some(further) => self.next(united, further),
            None => Ok(united),
        }
    }

    /// The plans of the parts of a UNION as one.
    fn unite(&mut self, plans: Vec<QueryPlan>, unions: &[(UnionKind, SingleQuery)]) -> Result<QueryPlan> {
        let mut plans = plans.into_iter();
        let Some(mut result) = plans.next() else {
            return Err(Error::syntax(Detail::UnexpectedSyntax, "This query is empty"));
        };
        for next in plans {
            if next.columns != result.columns {
                return Err(Error::syntax(
                    Detail::DifferentColumnsInUnion,
                    "All parts of a UNION must have the same columns in the same order",
                ));
            }
            let rows = result.root.rows + next.root.rows;
            self.check_depth()?;
            result.root = self.node(Operator::Union(result.root, next.root), "", rows);
        }
        if unions.iter().any(|(kind, _)| *kind == UnionKind::Distinct) {
            let rows = result.root.rows;
            let width = result.columns.len();
            result.root = self.node(Operator::Distinct(result.root, width), result.columns.join(", "), rows);
        }
        Ok(result)
    }

    fn single(&mut self, query: &SingleQuery, scope: &Scope) -> Result<QueryPlan> {
        if scope.width() == 0
            && !self.plain
            && let Some(plan) = self.count_shape(query)?
        {
            return Ok(plan);
        }
        let start = self.node(Operator::Argument, "", 1.0);
        self.clauses(query, State::new(start, scope.clone()))
    }

    /// Plans the clauses of a query behind what is planned already.
    fn clauses(&mut self, query: &SingleQuery, mut state: State) -> Result<QueryPlan> {
        let last = query.clauses.len().saturating_sub(1);
        let mut joined = 0;
        for (at, clause) in query.clauses.iter().enumerate() {
            self.check_depth()?;
            if at < joined {
                continue;
            }
            self.keep_clauses_apart(&mut state, clause);
            match &clause.kind {
                ClauseKind::Return(projection) => {
                    let columns = self.projection(&mut state, projection, true)?;
                    return Ok(QueryPlan { root: state.plan, columns, returns: true });
                }
                ClauseKind::Call(call) => {
                    let columns = self.call(&mut state, call)?;
                    if at == last && last == 0 && !columns.is_empty() {
                        let slots: Arc<[Slot]> = columns.iter().map(|(_, slot)| *slot).collect();
                        let rows = state.plan.rows;
                        let root = self.node(Operator::Columns(state.plan, slots), "", rows);
                        let columns = columns.into_iter().map(|(name, _)| name).collect();
                        return Ok(QueryPlan { root, columns, returns: true });
                    }
                }
                ClauseKind::Conditional { branches, otherwise } => {
                    return self.conditional(state, branches, otherwise.as_deref());
                }
                ClauseKind::Finish => break,
                ClauseKind::Create { .. } => {
                    // Scripts have hundreds of them on end: they make one operator.
                    let (patterns, count) = Self::joined_creates(&mut state, &query.clauses[at..]);
                    joined = at + count;
                    self.create(&mut state, &patterns)?;
                }
                _ => self.clause(&mut state, clause)?,
            }
        }
        let root = self.node(Operator::Nothing(state.plan), "", 0.0);
        Ok(QueryPlan { root, columns: Vec::new(), returns: false })
    }

    /// Plans one clause that is neither RETURN nor CALL of a procedure.
    pub(super) fn clause(&mut self, state: &mut State, clause: &Clause) -> Result<()> {
        match &clause.kind {
            ClauseKind::Match { optional, mode, patterns, filter } => {
                self.match_clause(state, *optional, *mode, patterns, filter.as_ref())
            }
            ClauseKind::Unwind { list, variable } => self.unwind(state, list, variable),
            ClauseKind::With(projection) => {
                let plain = self.plain_columns(state, projection);
                self.projection(state, projection, false)?;
                state.plain = plain;
                Ok(())
            }
            ClauseKind::Create { patterns } => self.create(state, patterns),
            ClauseKind::Merge { pattern, on_create, on_match } => self.merge(state, pattern, on_create, on_match),
            ClauseKind::Set(items) => self.set(state, items),
            ClauseKind::Remove(items) => self.remove(state, items),
            ClauseKind::Delete { detach, targets } => self.delete(state, *detach, targets),
            ClauseKind::Foreach { variable, list, body } => self.foreach(state, variable, list, body),
            ClauseKind::Subquery { .. } => self.subquery_clause(state, &clause.kind),
            ClauseKind::Let(bindings) => {
                for (name, value) in bindings {
                    if self.is_plain(value, &state.plain) {
                        state.plain.insert(name.text.clone());
                    }
                    let value = self.compile(value, &state.scope)?;
                    let slot = state.scope.add(name.text.as_str());
                    let project = Project { items: vec![(slot, value)], fresh: false, width: state.scope.width() };
                    self.same_rows(state, |input| Operator::Project(input, Arc::new(project)), &name.text);
                }
                Ok(())
            }
            ClauseKind::Filter(condition) => {
                let tested = self.condition(condition, &state.scope)?;
                let rows = state.plan.rows * 0.3;
                let filter = Operator::Filter(state.plan.clone(), Arc::new(tested));
                state.plan = self.node(filter, self.text(condition), rows);
                Ok(())
            }
            ClauseKind::Page(page) => {
                let keys: Vec<Expr> = page.order_by.iter().map(|item| item.expr.clone()).collect();
                self.page(state, page, &keys)
            }
            ClauseKind::LoadCsv { with_headers, url, variable, terminator } => {
                self.load_csv(state, *with_headers, url, variable, terminator.as_ref())
            }
            ClauseKind::Return(_) | ClauseKind::Call(_) | ClauseKind::Conditional { .. } | ClauseKind::Finish => {
                let message = "RETURN, CALL, WHEN and FINISH cannot stand here";
                Err(Error::syntax(Detail::InvalidClauseComposition, message).at(clause.span))
            }
        }
    }

    /// Puts an Eager before a clause that must not run row by row with those before it.
    fn keep_clauses_apart(&mut self, state: &mut State, clause: &Clause) {
        let effects = Effects::of(clause, &state.scope, &state.plain);
        self.writes |= effects.writes();
        if state.effects.must_precede(&effects) {
            let rows = state.plan.rows;
            let width = state.scope.width();
            state.plan = self.node(Operator::Eager(state.plan.clone(), width), "", rows);
            state.effects = Effects::default();
        }
        state.effects.join(effects);
    }

    fn match_clause(
        &mut self,
        state: &mut State,
        optional: bool,
        mode: MatchMode,
        patterns: &[Pattern],
        filter: Option<&Expr>,
    ) -> Result<()> {
        if !optional {
            let graph = QueryGraph::new(self, &state.scope, mode, patterns, filter)?;
            return self.solve(state, graph);
        }
        let rows = state.plan.rows;
        let argument = self.node(Operator::Argument, "", 1.0);
        let mut inner = State::new(argument, state.scope.clone());
        let graph = QueryGraph::new(self, &inner.scope, mode, patterns, filter)?;
        self.solve(&mut inner, graph)?;
        let slots = state.scope.width()..inner.scope.width();
        let rows = rows * inner.plan.rows.max(1.0);
        state.plan = self.node(Operator::Optional { input: state.plan.clone(), inner: inner.plan, slots }, "", rows);
        state.scope = inner.scope;
        Ok(())
    }

    fn unwind(&mut self, state: &mut State, list: &Expr, variable: &Name) -> Result<()> {
        if self.is_plain(list, &state.plain) {
            state.plain.insert(variable.text.clone());
        }
        let list = self.compile(list, &state.scope)?;
        let slot = state.scope.add(variable.text.as_str());
        let unwind = Unwind { list, slot };
        let rows = state.plan.rows * 10.0;
        state.plan = self.node(Operator::Unwind(state.plan.clone(), Arc::new(unwind)), &variable.text, rows);
        Ok(())
    }

    /// The columns of a WITH that hold neither nodes nor relationships nor paths.
    fn plain_columns(&self, state: &State, projection: &Projection) -> BTreeSet<String> {
        let mut plain = if projection.star { state.plain.clone() } else { BTreeSet::new() };
        for item in projection.items.iter().filter(|item| self.is_plain(&item.expr, &state.plain)) {
            match (&item.alias, &item.expr.kind) {
                (Some(alias), _) => plain.insert(alias.text.clone()),
                (None, ExprKind::Variable(name)) => plain.insert(name.clone()),
                _ => false,
            };
        }
        plain
    }

    /// Whether an expression gives neither a node nor a relationship nor a path, as far as can be told.
    fn is_plain(&self, expr: &Expr, plain: &BTreeSet<String>) -> bool {
        let mentions = Mentions::of(expr);
        !mentions.anything
            && mentions.names.is_subset(plain)
            && !(mentions.parameters && self.parameters.values().any(holds_entity))
    }

    /// `WHEN … THEN … ELSE …`: it ends the query.
    fn conditional(
        &mut self,
        state: State,
        branches: &[(Expr, Query)],
        otherwise: Option<&Query>,
    ) -> Result<QueryPlan> {
        let mut known: Option<(Vec<String>, bool)> = None;
        let mut choose = Choose { branches: Vec::new(), otherwise: None };
        let mut rows: f64 = 0.0;
        for (condition, query) in branches {
            let condition = self.compile(condition, &state.scope)?;
            let plan = self.query(query, &state.scope)?;
            rows = rows.max(plan.root.rows);
            choose.branches.push((condition, plan.root));
            known.get_or_insert((plan.columns, plan.returns));
        }
        if let Some(query) = otherwise {
            choose.otherwise = Some(self.query(query, &state.scope)?.root);
        }
        let (columns, returns) = known.unwrap_or_default();
        let rows = rows * state.plan.rows;
        let root = self.node(Operator::Choose(state.plan, Arc::new(choose)), "", rows);
        Ok(QueryPlan { root, columns, returns })
    }

    fn subquery_clause(&mut self, state: &mut State, clause: &ClauseKind) -> Result<()> {
        let ClauseKind::Subquery { optional, imports, import_all, query, batches } = clause else { return Ok(()) };
        // The old form imports by the WITH that opens each part: every variable is offered then.
        let mut names: Vec<String> = match imports {
            Some(names) if !import_all => names.iter().map(|name| name.text.clone()).collect(),
            _ => visible(&state.scope),
        };
        names.dedup();
        let imported: Vec<Slot> = names.iter().filter_map(|name| state.scope.slot(name)).collect();
        let inner_scope: Scope = names.iter().cloned().collect();
        let old_form = imports.is_none() && !import_all;
        let inner =
            if old_form { self.importing_query(query, &inner_scope)? } else { self.query(query, &inner_scope)? };
        let exports = inner
            .returns
            .then(|| inner.columns.iter().map(|column| state.scope.add(column.as_str())).collect::<Vec<Slot>>());
        let rows = state.plan.rows * if inner.returns { inner.root.rows } else { 1.0 };
        let batches = match batches {
            None => None,
            Some(batches) => Some(InTransactions {
                rows: batches.rows.as_ref().map(|rows| self.compile(rows, &Scope::new())).transpose()?,
                on_error: batches.on_error,
                status: batches.status.as_ref().map(|name| state.scope.add(name.text.as_str())),
            }),
        };
        let width = state.scope.width();
        let apply = Apply { inner: inner.root, imports: imported, exports, optional: *optional, width, batches };
        state.plan = self.node(Operator::Apply(state.plan.clone(), Arc::new(apply)), names.join(", "), rows);
        Ok(())
    }

    /// A part of the old form sees outer variables only if its first clause is WITH.
    fn importing_query(&mut self, query: &Query, scope: &Scope) -> Result<QueryPlan> {
        let imports = |part: &SingleQuery| matches!(part.clauses.first().map(|c| &c.kind), Some(ClauseKind::With(_)));
        if std::iter::once(&query.first).chain(query.unions.iter().map(|(_, part)| part)).any(imports) {
            return self.query(query, scope);
        }
        // The row still begins with the imported slots; no name reaches them.
        let mut nameless = scope.clone();
        visible(scope).iter().for_each(|name| nameless.remove(name));
        self.query(query, &nameless)
    }

    /// `MATCH (n:L) RETURN count(n)` and its like, answered from the statistics.
    fn count_shape(&mut self, query: &SingleQuery) -> Result<Option<QueryPlan>> {
        use super::operators::CountedThing;
        let [Clause { kind: ClauseKind::Match { optional: false, patterns, filter: None, .. }, .. }, last] =
            query.clauses.as_slice()
        else {
            return Ok(None);
        };
        let ([pattern], ClauseKind::Return(projection)) = (patterns.as_slice(), &last.kind) else { return Ok(None) };
        let plain = !projection.distinct && !projection.star && projection.page == Page::default();
        let [item] = projection.items.as_slice() else { return Ok(None) };
        let bare = |node: &crate::ast::graph::NodePattern| node.properties.is_none() && node.filter.is_none();
        if !plain
            || pattern.path.is_some()
            || pattern.selector.is_some()
            || pattern.filter.is_some()
            || !bare(&pattern.start)
        {
            return Ok(None);
        }
        let counted = |variable: Option<&Name>| match &item.expr.kind {
            ExprKind::CountStar => true,
            ExprKind::Function { name, distinct: false, args } if name.eq_ignore_ascii_case("count") => {
                matches!((args.as_slice(), variable),
                    ([Expr { kind: ExprKind::Variable(name), .. }], Some(known)) if *name == known.text)
            }
            _ => false,
        };
        let what = match (&pattern.start.labels, pattern.steps.as_slice()) {
            (labels, []) if counted(pattern.start.variable.as_ref()) => match labels {
                None => CountedThing::Nodes(None),
                Some(LabelExpr::Name(name)) => CountedThing::Nodes(Some(Arc::from(name.text.as_str()))),
                Some(_) => return Ok(None),
            },
            (None, [(Link::Relationship(step), end)]) if counted(step.variable.as_ref()) => {
                let names_differ = match (&pattern.start.variable, &end.variable) {
                    (Some(start), Some(end)) => start.text != end.text,
                    _ => true,
                };
                let simple = step.length.is_none()
                    && step.properties.is_none()
                    && step.filter.is_none()
                    && end.labels.is_none()
                    && bare(end)
                    && names_differ
                    && step.direction != crate::ast::graph::RelDirection::Either;
                match super::pattern::type_filter(step.types.as_ref()) {
                    super::operators::TypeFilter::Any if simple => CountedThing::Relationships(Vec::new()),
                    super::operators::TypeFilter::Names(names) if simple => CountedThing::Relationships(names),
                    _ => return Ok(None),
                }
            }
            _ => return Ok(None),
        };
        let column = item.alias.as_ref().map_or_else(|| item.text.clone(), |alias| alias.text.clone());
        let root = self.node(Operator::CountStore { slot: 0, what }, column.clone(), 1.0);
        Ok(Some(QueryPlan { root, columns: vec![column], returns: true }))
    }
}

impl SubqueryCompiler for Planner<'_> {
    fn subquery(&mut self, expr: &Expr, scope: &Scope) -> Result<usize> {
        const MODE: MatchMode = MatchMode::DifferentRelationships;
        let argument = self.node(Operator::Argument, "", 1.0);
        let mut state = State::new(argument, scope.clone());
        let width = scope.width();
        let (plan, result) = match &expr.kind {
            ExprKind::PatternPredicate(pattern) => {
                self.match_clause(&mut state, false, MODE, std::slice::from_ref(&**pattern), None)?;
                self.prune_last_step(&mut state, std::iter::empty());
                (state.plan, SubplanResult::Exists)
            }
            ExprKind::PatternComprehension { pattern, filter, map } => {
                self.match_clause(&mut state, false, MODE, std::slice::from_ref(&**pattern), filter.as_deref())?;
                let map = self.compile(map, &state.scope)?;
                let slot = state.scope.add_hidden();
                let project = Project { items: vec![(slot, map)], fresh: false, width: state.scope.width() };
                let rows = state.plan.rows;
                (self.node(Operator::Project(state.plan, Arc::new(project)), "", rows), SubplanResult::Collect(slot))
            }
            ExprKind::ShortestPath(pattern) => {
                let mut pattern = (**pattern).clone();
                let name = self.hidden("path");
                pattern.path = Some(Name { text: name.clone(), span: expr.span });
                let all = pattern.shortest() == Some(Shortest::All);
                self.match_clause(&mut state, false, MODE, &[pattern], None)?;
                let slot = state.scope.slot(&name).unwrap_or(0);
                (state.plan, if all { SubplanResult::Collect(slot) } else { SubplanResult::First(slot) })
            }
            ExprKind::Exists(subquery) | ExprKind::Count(subquery) => {
                let exists = matches!(expr.kind, ExprKind::Exists(_));
                let plan = match &**subquery {
                    Subquery::Pattern { patterns, filter } => {
                        self.match_clause(&mut state, false, MODE, patterns, filter.as_ref())?;
                        if exists {
                            self.prune_last_step(&mut state, std::iter::empty());
                        }
                        state.plan
                    }
                    Subquery::Query(query) => {
                        let plan = self.rows_of(query, scope)?;
                        if exists { self.pruned(&plan, |_| false) } else { plan }
                    }
                };
                (plan, if exists { SubplanResult::Exists } else { SubplanResult::Count })
            }
            ExprKind::Collect(query) => (self.query(query, scope)?.root, SubplanResult::Collect(0)),
            _ => {
                return Err(Error::syntax(Detail::UnexpectedSyntax, "This expression cannot be matched").at(expr.span));
            }
        };
        self.subplans.push(Subplan { plan, result, width });
        Ok(self.subplans.len() - 1)
    }
}

impl Planner<'_> {
    /// A query inside EXISTS or COUNT may end without RETURN: its rows count all the same.
    fn rows_of(&mut self, query: &Query, scope: &Scope) -> Result<PlanRef> {
        let planned = self.query(query, scope)?;
        match (&planned.root.operator, planned.returns) {
            (Operator::Nothing(rows), false) => Ok(rows.clone()),
            _ => Ok(planned.root),
        }
    }
}

/// The user's variables of a scope, in alphabetical order.
pub(super) fn visible(scope: &Scope) -> Vec<String> {
    let mut names: Vec<String> =
        scope.iter().map(|(name, _)| name.to_owned()).filter(|name| !is_hidden(name)).collect();
    names.sort();
    names
}

fn holds_entity(value: &Value) -> bool {
    match value {
        Value::List(items) => items.iter().any(holds_entity),
        Value::Map(entries) => entries.values().any(holds_entity),
        Value::Node(_) | Value::Relationship(_) | Value::Path(_) | Value::Entity(_) => true,
        _ => false,
    }
}

fn is_hidden(name: &str) -> bool {
    name.starts_with([HIDDEN, '#'])
}
