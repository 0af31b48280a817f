//! Joining the rows of two parts of a pattern that share no relationship.

use super::memory::Held;
use super::open::open;
use super::{Operate, Row, Running, Runtime, put, slot};
use crate::graph::Result;
use crate::graph::eval::{EvalContext, evaluate};
use crate::graph::plan::Join;
use crate::value::graph::{GroupKey, Value, equals};
use std::collections::HashMap;
use std::sync::Arc;

/// For each row, the rows of the other part that agree with it in the keys. The other part is read
/// once, at the first row; without keys every row of it agrees.
pub struct Joining {
    input: Running,
    join: Arc<Join>,
    /// The other part's rows: their keys and the slots that are kept.
    rows: Option<Vec<(Row, Row)>>,
    places: HashMap<GroupKey, Vec<usize>>,
    /// Those that may agree with the current row.
    agreeing: Vec<usize>,
    at: usize,
    keys: Row,
    held: Held,
}

impl Joining {
    /// Before the first row.
    pub fn new(input: Running, join: Arc<Join>, held: Held) -> Self {
        Joining { input, join, rows: None, places: HashMap::new(), agreeing: Vec::new(), at: 0, keys: Row::new(), held }
    }

    fn build(&mut self, rt: &Runtime<'_>, row: &[Value]) -> Result<()> {
        let join = self.join.clone();
        let mut other = super::kept(row, join.argument_width);
        let mut running = open(&join.inner, &other, rt);
        let mut rows = Vec::new();
        while running.next(rt, &mut other)? {
            let keys: Row = join.keys.iter().map(|(_, inner)| evaluate(inner, &other, rt)).collect::<Result<_>>()?;
            if keys.iter().any(Value::is_null) {
                continue;
            }
            if !join.keys.is_empty() {
                self.places.entry(GroupKey(Value::List(keys.clone()))).or_default().push(rows.len());
            }
            let kept: Row = join.slots.iter().map(|&at| slot(&other, at).clone()).collect();
            self.held.add(&keys, "A join")?;
            self.held.add(&kept, "A join")?;
            rows.push((keys, kept));
        }
        if join.keys.is_empty() {
            self.agreeing = (0..rows.len()).collect();
        }
        self.rows = Some(rows);
        Ok(())
    }
}

impl Operate for Joining {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        let join = self.join.clone();
        loop {
            while let (Some(&place), Some(rows)) = (self.agreeing.get(self.at), &self.rows) {
                self.at += 1;
                let Some((keys, values)) = rows.get(place) else { continue };
                // Keys of one group are equivalent; equality is asked for, which NaN lacks.
                if !keys.iter().zip(&self.keys).all(|(one, two)| equals(one, two) == Some(true)) {
                    continue;
                }
                rt.check_interrupt()?;
                for (&at, value) in join.slots.iter().zip(values) {
                    put(row, at, value.clone());
                }
                return Ok(true);
            }
            if !self.input.next(rt, row)? {
                return Ok(false);
            }
            if self.rows.is_none() {
                self.build(rt, row)?;
            }
            self.at = 0;
            if join.keys.is_empty() {
                continue;
            }
            self.keys = join.keys.iter().map(|(outer, _)| evaluate(outer, row, rt)).collect::<Result<_>>()?;
            let group = GroupKey(Value::List(self.keys.clone()));
            self.agreeing = self.places.get(&group).cloned().unwrap_or_default();
        }
    }
}
