//! `CALL { … } IN TRANSACTIONS`: the rows are taken in batches; a batch that fails is undone by itself,
//! if the clause says so. All of them are part of the statement's transaction.

use super::filter::count_of;
use super::open::open;
use super::{Operate, Row, Running, Runtime, kept, put, slot};
use crate::ast::graph::OnError;
use crate::graph::plan::{Apply, InTransactions};
use crate::graph::{Error, Kind, Result};
use crate::value::graph::Value;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Rows of a batch, unless the clause gives a number (Neo4j's default).
const ROWS: u64 = 1000;

/// For each batch of rows, the rows of the inner query joined to them.
pub struct Batching {
    pub input: Running,
    pub apply: Arc<Apply>,
    pub ready: VecDeque<Row>,
    pub count: u64,
    pub broken: bool,
    /// The row that the input is pulled with.
    pub before: Row,
}

/// How a batch ended.
enum Outcome {
    Committed,
    Failed(String),
    NotStarted,
}

impl Batching {
    /// Before the first row.
    pub fn new(input: Running, apply: Arc<Apply>) -> Self {
        Batching { input, apply, ready: VecDeque::new(), count: 0, broken: false, before: Row::new() }
    }

    /// Runs the inner query for the rows of a batch; answers the joined rows.
    fn run(&self, rt: &Runtime<'_>, batch: &[Row]) -> Result<Vec<Row>> {
        let mut joined = Vec::new();
        for row in batch {
            let argument: Row = self.apply.imports.iter().map(|&at| slot(row, at).clone()).collect();
            let mut inner = open(&self.apply.inner, &argument, rt);
            let mut columns = Row::new();
            let mut found = false;
            while inner.next(rt, &mut columns)? {
                let Some(exports) = &self.apply.exports else { continue };
                found = true;
                let mut row = row.clone();
                for (column, &to) in exports.iter().enumerate() {
                    put(&mut row, to, slot(&columns, column).clone());
                }
                joined.push(row);
            }
            if self.apply.exports.is_none() || self.apply.optional && !found {
                joined.push(row.clone());
            }
            rt.check_size(joined.len(), "A batch")?;
        }
        Ok(joined)
    }

    fn batch(&mut self, rt: &Runtime<'_>, batches: &InTransactions, batch: Vec<Row>) -> Result<()> {
        self.count += 1;
        let (rows, outcome) = if self.broken {
            (batch, Outcome::NotStarted)
        } else {
            // Where the first failure ends the statement, the session takes it all back.
            let savepoint = if batches.on_error == OnError::Fail { None } else { Some(rt.savepoint()?) };
            match (self.run(rt, &batch), savepoint) {
                (Ok(rows), _) => (rows, Outcome::Committed),
                (Err(error), Some(savepoint)) if !stops_everything(&error) => {
                    rt.roll_back_to(savepoint);
                    self.broken = batches.on_error == OnError::Break;
                    (batch, Outcome::Failed(error.message))
                }
                (Err(error), _) => return Err(error),
            }
        };
        let failed = !matches!(outcome, Outcome::Committed);
        let status = status(&outcome, self.count);
        for mut row in rows {
            if failed {
                self.apply.exports.iter().flatten().for_each(|&to| put(&mut row, to, Value::Null));
            }
            if let Some(to) = batches.status {
                put(&mut row, to, status.clone());
            }
            self.ready.push_back(row);
        }
        Ok(())
    }
}

fn stops_everything(error: &Error) -> bool {
    matches!(error.kind, Kind::Interrupted | Kind::Storage)
}

fn status(outcome: &Outcome, count: u64) -> Value {
    let started = !matches!(outcome, Outcome::NotStarted);
    Value::Map(BTreeMap::from([
        ("started".to_owned(), Value::Bool(started)),
        ("committed".to_owned(), Value::Bool(matches!(outcome, Outcome::Committed))),
        ("transactionId".to_owned(), if started { Value::string(format!("batch-{count}")) } else { Value::Null }),
        (
            "errorMessage".to_owned(),
            match outcome {
                Outcome::Failed(message) => Value::string(message.as_str()),
                _ => Value::Null,
            },
        ),
    ]))
}

impl Operate for Batching {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        let apply = self.apply.clone();
        let Some(batches) = &apply.batches else { return Ok(false) };
        loop {
            if let Some(ready) = self.ready.pop_front() {
                *row = ready;
                return Ok(true);
            }
            let most = match &batches.rows {
                Some(rows) => count_of(rows, "IN TRANSACTIONS OF … ROWS", rt)?.max(1),
                None => ROWS,
            };
            let mut batch = Vec::new();
            while (batch.len() as u64) < most && self.input.next(rt, &mut self.before)? {
                batch.push(kept(&self.before, apply.width));
            }
            if batch.is_empty() {
                return Ok(false);
            }
            self.batch(rt, batches, batch)?;
        }
    }
}
