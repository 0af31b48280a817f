//! Queries: the order of clauses, UNION, and subqueries.

use super::Checker;
use super::expression::Place;
use super::scope::{Scope, already_bound};
use super::types::Ty;
use crate::ast::graph::{Clause, ClauseKind, Expr, Name, Query, SingleQuery, UnionKind};
use crate::graph::functions::Types;
use crate::graph::{Detail, Error, Result};
use crate::text::Span;

/// The columns a query answers, with their types; `None` if it answers nothing.
pub(super) type Columns = Option<Vec<(String, Ty)>>;

/// Where a query stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It is the statement.
    Statement,
    /// `CALL { … }`: a statement of its own that may also only read.
    Call,
    /// `EXISTS { … }`, `COUNT { … }`: only reads, and need not return anything.
    Exists,
    /// `COLLECT { … }`: only reads, and returns one column.
    Collect,
}

impl Checker<'_> {
    pub(super) fn statement(self, query: &Query) -> Result<()> {
        self.query(query, &Scope::default(), Role::Statement, false).map(drop)
    }

    /// Checks a query that sees the variables of `outer`; with `imports_by_with` only a first WITH
    /// sees them.
    pub(super) fn query(self, query: &Query, outer: &Scope, role: Role, imports_by_with: bool) -> Result<Columns> {
        let mixed = query.unions.windows(2).find(|pair| matches!(pair, [(one, _), (two, _)] if one != two));
        if let Some([_, (_, second)]) = mixed {
            let message = "Invalid combination of UNION and UNION ALL";
            return Err(Error::syntax(Detail::InvalidClauseComposition, message)
                .at(second.span)
                .hint("use one of them in a query, or a subquery: CALL { … UNION … }"));
        }
        let alone = role == Role::Statement && query.unions.is_empty();
        let columns = self.single(&query.first, outer, role, imports_by_with, alone)?;
        for (kind, single) in &query.unions {
            let others = self.single(single, outer, role, imports_by_with, false)?;
            if names(&columns) != names(&others) {
                let word = if *kind == UnionKind::All { "UNION ALL" } else { "UNION" };
                let message = format!("All sub queries in a {word} must have the same return column names");
                return Err(Error::syntax(Detail::DifferentColumnsInUnion, message)
                    .at(single.span)
                    .hint("give the columns the same names with AS, in the same order"));
            }
        }
        match &query.next {
            Some(next) => self.next(query, next, columns, role),
            None => Ok(columns),
        }
    }

    /// `query NEXT next`: the columns of the one are the variables of the other.
    fn next(self, query: &Query, next: &Query, columns: Columns, role: Role) -> Result<Columns> {
        let Some(columns) = columns else {
            let message = "NEXT needs a query that ends in RETURN before it";
            return Err(Error::syntax(Detail::InvalidClauseComposition, message).at(query.first.span));
        };
        let mut scope = Scope::default();
        columns.into_iter().for_each(|(name, ty)| scope.set(name, ty));
        self.query(next, &scope, role, false)
    }

    fn single(
        self,
        query: &SingleQuery,
        outer: &Scope,
        role: Role,
        imports_by_with: bool,
        alone: bool,
    ) -> Result<Columns> {
        let imports =
            imports_by_with && matches!(query.clauses.first(), Some(Clause { kind: ClauseKind::With(_), .. }));
        if let (true, Some(Clause { kind: ClauseKind::With(projection), span })) = (imports, query.clauses.first())
            && projection.items.iter().any(|item| item.alias.is_some())
        {
            let message = "Importing WITH should consist only of simple references to outside variables";
            return Err(Error::syntax(Detail::InvalidClauseComposition, message).at(*span));
        }
        let mut scope = if imports_by_with && !imports { Scope::default() } else { outer.clone() };
        let standalone = alone && query.clauses.len() == 1;
        let mut columns = None;
        let mut wrote: Option<&'static str> = None;
        for clause in &query.clauses {
            order(clause, role, &mut wrote)?;
            columns = self.clause(clause, &mut scope, role, standalone)?;
        }
        if let Some(last) = query.clauses.last() {
            ends_well(last, role, standalone)?;
        }
        Ok(columns)
    }

    /// Checks a clause, and leaves the variables behind it in `scope`.
    pub(super) fn clause(self, clause: &Clause, scope: &mut Scope, role: Role, standalone: bool) -> Result<Columns> {
        match &clause.kind {
            ClauseKind::Match { mode, patterns, filter, .. } => {
                self.match_patterns(*mode, patterns, scope)?;
                self.filter(filter.as_ref(), scope)?;
            }
            ClauseKind::Unwind { list, variable } => {
                let list = self.infer(list, scope, Place::VALUE)?;
                let element = if list.must_be(Types::LIST) { list.element() } else { Ty::ANY };
                scope.introduce(variable, element)?;
            }
            ClauseKind::With(projection) => {
                let (inner, _) = self.projection(projection, scope, true, clause.span)?;
                *scope = inner;
            }
            ClauseKind::Return(projection) => {
                let (_, columns) = self.projection(projection, scope, false, clause.span)?;
                return Ok(Some(columns));
            }
            ClauseKind::Create { patterns } => self.create_patterns(patterns, scope)?,
            ClauseKind::Merge { pattern, on_create, on_match } => {
                self.merge_pattern(pattern, scope)?;
                self.set_items(on_create, scope)?;
                self.set_items(on_match, scope)?;
            }
            ClauseKind::Set(items) => self.set_items(items, scope)?,
            ClauseKind::Remove(items) => self.remove_items(items, scope)?,
            ClauseKind::Delete { targets, .. } => self.delete(targets, scope)?,
            ClauseKind::Foreach { variable, list, body } => {
                let list = self.infer(list, scope, Place::VALUE)?;
                self.foreach(variable, &list, body, scope, role)?;
            }
            ClauseKind::Call(call) => return self.call(call, scope, standalone),
            ClauseKind::Subquery { imports, import_all, query, batches, .. } => {
                self.subquery(imports.as_deref(), *import_all, query, scope)?;
                if let Some(name) = batches.as_ref().and_then(|batches| batches.status.as_ref()) {
                    scope.introduce(name, Ty::of(Types::MAP))?;
                }
            }
            ClauseKind::Conditional { branches, otherwise } => {
                return self.conditional(branches, otherwise.as_deref(), scope, role);
            }
            ClauseKind::Let(bindings) => {
                for (name, value) in bindings {
                    let ty = self.infer(value, scope, Place::VALUE)?;
                    scope.introduce(name, ty)?;
                }
            }
            ClauseKind::Filter(condition) => self.filter(Some(condition), scope)?,
            ClauseKind::Page(page) => self.page(page, scope)?,
            ClauseKind::Finish => {}
            ClauseKind::LoadCsv { with_headers, url, variable, terminator } => {
                self.infer(url, scope, Place::VALUE)?;
                if let Some(terminator) = terminator {
                    self.infer(terminator, scope, Place::VALUE)?;
                }
                let row = if *with_headers { Ty::of(Types::MAP) } else { Ty::list(Ty::of(Types::STRING)) };
                scope.introduce(variable, row)?;
            }
        }
        Ok(None)
    }

    /// `WHEN … THEN … ELSE …`: every query answers the same columns.
    fn conditional(
        self,
        branches: &[(Expr, Query)],
        otherwise: Option<&Query>,
        scope: &Scope,
        role: Role,
    ) -> Result<Columns> {
        let mut known: Option<Columns> = None;
        for (condition, _) in branches {
            self.filter(Some(condition), scope)?;
        }
        for query in branches.iter().map(|(_, query)| query).chain(otherwise) {
            let columns = self.query(query, scope, role, false)?;
            if known.as_ref().is_some_and(|known| names(known) != names(&columns)) {
                let message = "All queries of WHEN and ELSE must have the same return column names";
                return Err(Error::syntax(Detail::DifferentColumnsInUnion, message).at(query.first.span));
            }
            known.get_or_insert(columns);
        }
        Ok(known.flatten())
    }

    fn foreach(self, variable: &Name, list: &Ty, body: &[Clause], scope: &Scope, role: Role) -> Result<()> {
        if scope.has(&variable.text) {
            return Err(already_bound(variable));
        }
        let element = if list.must_be(Types::LIST) { list.element() } else { Ty::ANY };
        let mut inner = scope.with(variable, element);
        for clause in body {
            if !matches!(kind_of(clause), Sort::Write) {
                let message = format!("Invalid use of {} inside FOREACH", word(clause));
                return Err(Error::syntax(Detail::InvalidClauseComposition, message)
                    .at(clause.span)
                    .hint("FOREACH only updates; UNWIND gives rows to any clause"));
            }
            self.clause(clause, &mut inner, role, false)?;
        }
        Ok(())
    }

    fn subquery(self, imports: Option<&[Name]>, import_all: bool, query: &Query, scope: &mut Scope) -> Result<()> {
        let outer = match imports {
            Some(names) if !import_all => {
                let mut outer = Scope::default();
                for name in names {
                    let ty = scope.lookup(&name.text, name.span)?.clone();
                    outer.introduce(name, ty)?;
                }
                outer
            }
            _ => scope.clone(),
        };
        let columns = self.query(query, &outer, Role::Call, imports.is_none())?;
        for (name, ty) in columns.into_iter().flatten() {
            if scope.has(&name) {
                let message = format!("Variable `{name}` already declared in outer scope");
                return Err(Error::syntax(Detail::VariableAlreadyBound, message)
                    .at(query.first.span)
                    .hint("return it under another name with AS"));
            }
            scope.set(name, ty);
        }
        Ok(())
    }
}

fn names(columns: &Columns) -> Option<Vec<&str>> {
    columns.as_ref().map(|columns| columns.iter().map(|(name, _)| name.as_str()).collect())
}

enum Sort {
    Read,
    Write,
    Project,
    /// Works on the rows alone, and may stand anywhere but at the end.
    Rows,
    /// FINISH, WHEN: ends a query.
    End,
    /// CALL of a procedure or subquery: reads, and may end a query.
    Call,
}

fn kind_of(clause: &Clause) -> Sort {
    match &clause.kind {
        ClauseKind::Match { .. } | ClauseKind::Unwind { .. } | ClauseKind::LoadCsv { .. } => Sort::Read,
        ClauseKind::Call(_) | ClauseKind::Subquery { .. } => Sort::Call,
        ClauseKind::With(_) | ClauseKind::Return(_) => Sort::Project,
        ClauseKind::Let(_) | ClauseKind::Filter(_) | ClauseKind::Page(_) => Sort::Rows,
        ClauseKind::Finish | ClauseKind::Conditional { .. } => Sort::End,
        ClauseKind::Create { .. }
        | ClauseKind::Merge { .. }
        | ClauseKind::Set(_)
        | ClauseKind::Remove(_)
        | ClauseKind::Delete { .. }
        | ClauseKind::Foreach { .. } => Sort::Write,
    }
}

/// The word a clause begins with.
fn word(clause: &Clause) -> &'static str {
    match &clause.kind {
        ClauseKind::Match { optional: false, .. } => "MATCH",
        ClauseKind::Match { optional: true, .. } => "OPTIONAL MATCH",
        ClauseKind::Unwind { .. } => "UNWIND",
        ClauseKind::With(_) => "WITH",
        ClauseKind::Return(_) => "RETURN",
        ClauseKind::Create { .. } => "CREATE",
        ClauseKind::Merge { .. } => "MERGE",
        ClauseKind::Set(_) => "SET",
        ClauseKind::Remove(_) => "REMOVE",
        ClauseKind::Delete { .. } => "DELETE",
        ClauseKind::Foreach { .. } => "FOREACH",
        ClauseKind::Call(_) | ClauseKind::Subquery { .. } => "CALL",
        ClauseKind::LoadCsv { .. } => "LOAD CSV",
        ClauseKind::Conditional { .. } => "WHEN",
        ClauseKind::Let(_) => "LET",
        ClauseKind::Filter(_) => "FILTER",
        ClauseKind::Page(page) if !page.order_by.is_empty() => "ORDER BY",
        ClauseKind::Page(page) if page.skip.is_some() => "SKIP",
        ClauseKind::Page(_) => "LIMIT",
        ClauseKind::Finish => "FINISH",
    }
}

/// Reads need a WITH between them and the writes before them; EXISTS and its kin never write.
fn order(clause: &Clause, role: Role, wrote: &mut Option<&'static str>) -> Result<()> {
    match (kind_of(clause), *wrote) {
        (Sort::Write, _) if matches!(role, Role::Exists | Role::Collect) => {
            let message = format!("{} cannot stand in a subquery expression: it only reads", word(clause));
            Err(Error::syntax(Detail::InvalidClauseComposition, message).at(clause.span))
        }
        (Sort::Write, _) => {
            *wrote = Some(word(clause));
            Ok(())
        }
        (Sort::Read | Sort::Call, Some(before)) => {
            let message = format!("WITH is required between {before} and {}", word(clause));
            Err(Error::syntax(Detail::InvalidClauseComposition, message)
                .at(clause.span)
                .hint("WITH * hands all variables on"))
        }
        (Sort::Project, _) => {
            *wrote = None;
            Ok(())
        }
        _ => Ok(()),
    }
}

fn ends_well(last: &Clause, role: Role, standalone: bool) -> Result<()> {
    let fail = |span: Span, message: String| Err(Error::syntax(Detail::InvalidClauseComposition, message).at(span));
    match (role, &last.kind) {
        (Role::Exists, _) | (_, ClauseKind::Return(_)) => Ok(()),
        (Role::Collect, _) => fail(last.span, "COLLECT needs a RETURN with one column".to_owned()),
        (_, ClauseKind::Call(call)) if !standalone && call.yields.as_ref().is_some_and(|yields| !yields.is_empty()) => {
            fail(
                last.span,
                "Query cannot conclude with CALL … YIELD (it must be the whole statement, or RETURN must follow)"
                    .to_owned(),
            )
        }
        _ if matches!(kind_of(last), Sort::Read | Sort::Rows) || matches!(last.kind, ClauseKind::With(_)) => {
            let message = format!(
                "Query cannot conclude with {} (must be a RETURN clause, an update clause or a CALL)",
                word(last)
            );
            fail(last.span, message)
        }
        _ => Ok(()),
    }
}
