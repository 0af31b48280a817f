//! The two doors: [`execute`] and [`explain`].

use super::exec::{Row, Running, Runtime, Schema, open, slot};
use super::plan::{Planned, Planner, QueryPlan, describe};
use super::store::Tokens;
use super::{Context, Result, check, schema};
use crate::ast::graph::{ProcedureCall, Query, Statement};
use crate::reply::{GraphReply, GraphStats};
use crate::text::Diagnostic;
use crate::value::graph::Value;

/// Runs a statement. One that only reads gives its rows as they are asked for; one that writes has
/// been run to its end when this returns.
///
/// # Errors
/// What is wrong with the statement, or what happened to it; the session then takes its writes back.
pub fn execute<'a>(cx: Context<'a>, statement: &Statement) -> Result<GraphReply<'a>> {
    match statement {
        Statement::Query(query) => {
            let (tokens, planned) = plan(&cx, query)?;
            run(cx, tokens, planned, false)
        }
        Statement::Show(show) => {
            let query = schema::listing(show);
            let (tokens, planned) = plan(&cx, &query)?;
            run(cx, tokens, planned, false)
        }
        other => schema::execute(cx, other),
    }
}

/// Checks and plans a query.
fn plan(cx: &Context<'_>, query: &Query) -> Result<(Tokens, Planned)> {
    let procedure = |call: &ProcedureCall| cx.procedures.find(call).map(|procedure| procedure.shape());
    check::check_query(query, check::Context { parameters: cx.parameters, procedure: &procedure })?;
    let tokens = Tokens::new(cx.database);
    let planned = Planner::new(cx.tx.as_read(), cx.database, &tokens, cx.procedures, cx.parameters, cx.source)?
        .planning(cx.planning)
        .statement(query)?;
    Ok((tokens, planned))
}

/// Answers the plan of a statement; with `profile`, runs it and answers what was counted as well.
///
/// # Errors
/// As [`execute`].
pub fn explain<'a>(cx: Context<'a>, statement: &Statement, profile: bool) -> Result<GraphReply<'a>> {
    let Statement::Query(query) = statement else { return execute(cx, statement) };
    let (tokens, planned) = plan(&cx, query)?;
    if profile {
        return run(cx, tokens, planned, true);
    }
    let QueryPlan { root, columns, .. } = planned.query;
    Ok(GraphReply {
        plan: Some(describe(&root, &columns, None)),
        columns: Vec::new(),
        rows: Box::new(std::iter::empty()),
        stats: GraphStats::default(),
        drawn: false,
    })
}

fn run<'a>(cx: Context<'a>, tokens: Tokens, planned: Planned, profile: bool) -> Result<GraphReply<'a>> {
    let Planned { query, subplans, writes, operators } = planned;
    let schema = if writes { Schema::of(cx.tx.as_read(), cx.database)? } else { Schema::default() };
    let rt = Runtime::new(cx, tokens, subplans, schema, profile.then_some(operators));
    let columns = query.columns;
    let running = open(&query.root, &[], &rt);
    let mut rows = Rows { running, rt, row: Row::new(), columns: columns.len(), failed: false };
    if !writes && !profile {
        return Ok(GraphReply {
            columns,
            rows: Box::new(rows),
            stats: GraphStats::default(),
            plan: None,
            drawn: false,
        });
    }
    let mut gathered = Vec::new();
    let mut held = rows.rt.hold();
    while let Some(row) = rows.pull().map_err(|error| rows.rt.placed(error))? {
        held.add(&row, "The answer of a statement that writes")?;
        gathered.push(row);
    }
    let stats = if writes { rows.rt.finish()? } else { GraphStats::default() };
    let plan = profile.then(|| describe(&query.root, &columns, Some(&rows.rt.measured())));
    Ok(GraphReply { columns, rows: Box::new(gathered.into_iter().map(Ok)), stats, plan, drawn: false })
}

/// The rows of a statement, with all that they need to be read.
struct Rows<'a> {
    rt: Runtime<'a>,
    running: Running,
    /// The slots that the operators work on.
    row: Row,
    columns: usize,
    failed: bool,
}

impl Rows<'_> {
    fn pull(&mut self) -> Result<Option<Vec<Value>>> {
        if !self.running.next(&self.rt, &mut self.row)? {
            return Ok(None);
        }
        (0..self.columns).map(|at| self.rt.reply_value(slot(&self.row, at).clone())).collect::<Result<_>>().map(Some)
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Vec<Value>, Diagnostic>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let row = self.pull().map_err(|error| self.rt.placed(error));
        self.failed = row.is_err();
        row.map_err(Diagnostic::from).transpose()
    }
}
