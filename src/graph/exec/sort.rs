//! ORDER BY, alone and with LIMIT.

use super::filter::count_of;
use super::memory::Held;
use super::{Operate, Row, Running, Runtime, kept};
use crate::graph::Result;
use crate::graph::eval::evaluate;
use crate::graph::plan::Sort;
use crate::value::graph::{Value, compare_order};
use std::cmp::Ordering;
use std::sync::Arc;

/// Sorts all rows of its input; rows with equal keys keep their order.
pub struct Sorting {
    pub input: Running,
    pub sort: Arc<Sort>,
    pub rows: Option<std::vec::IntoIter<Row>>,
    pub held: Held,
}

impl Sorting {
    fn order(&self, a: &[Value], b: &[Value]) -> Ordering {
        for ((a, b), (_, descending)) in a.iter().zip(b).zip(&self.sort.keys) {
            let order = compare_order(a, b);
            if order != Ordering::Equal {
                return if *descending { order.reverse() } else { order };
            }
        }
        Ordering::Equal
    }

    fn gather(&mut self, rt: &Runtime<'_>) -> Result<Vec<Row>> {
        let bound = if self.sort.bound.is_empty() {
            usize::MAX
        } else {
            let mut sum = 0u64;
            for part in &self.sort.bound {
                sum = sum.saturating_add(count_of(part, "LIMIT", rt)?);
            }
            usize::try_from(sum).unwrap_or(usize::MAX)
        };
        let sort = self.sort.clone();
        let mut rows: Vec<(Row, Row)> = Vec::new();
        let mut row = Row::new();
        let mut worst: Option<Row> = None;
        while self.input.next(rt, &mut row)? {
            let keys: Row = sort.keys.iter().map(|(key, _)| evaluate(key, &row, rt)).collect::<Result<_>>()?;
            // A row behind the last one that is wanted can be left out at once.
            if worst.as_ref().is_some_and(|worst| self.order(&keys, worst) != Ordering::Less) {
                continue;
            }
            let kept = kept(&row, sort.width);
            self.held.add(&keys, "ORDER BY")?;
            self.held.add(&kept, "ORDER BY")?;
            rows.push((keys, kept));
            // Keep at most twice as many as are wanted.
            if rows.len() > 1024 && rows.len() / 2 > bound {
                rows.sort_by(|a, b| self.order(&a.0, &b.0));
                rows.truncate(bound);
                worst = rows.last().map(|(keys, _)| keys.clone());
                self.held.clear();
                for (keys, kept) in &rows {
                    self.held.add(keys, "ORDER BY")?;
                    self.held.add(kept, "ORDER BY")?;
                }
            }
        }
        rows.sort_by(|a, b| self.order(&a.0, &b.0));
        rows.truncate(bound);
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }
}

impl Operate for Sorting {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        if self.rows.is_none() {
            self.rows = Some(self.gather(rt)?.into_iter());
        }
        Ok(give(self.rows.as_mut(), row))
    }
}

/// Puts the next of some rows into `row`.
fn give(rows: Option<&mut std::vec::IntoIter<Row>>, row: &mut Row) -> bool {
    match rows.and_then(Iterator::next) {
        Some(next) => {
            *row = next;
            true
        }
        None => false,
    }
}

/// Reads all rows before it gives the first.
pub struct Gathering {
    pub input: Running,
    /// How many slots are kept.
    pub width: usize,
    pub rows: Option<std::vec::IntoIter<Row>>,
    pub held: Held,
}

impl Operate for Gathering {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        if self.rows.is_none() {
            let mut rows = Vec::new();
            let mut row = Row::new();
            while self.input.next(rt, &mut row)? {
                let kept = kept(&row, self.width);
                self.held.add(&kept, "A clause that writes")?;
                rows.push(kept);
            }
            self.rows = Some(rows.into_iter());
        }
        Ok(give(self.rows.as_mut(), row))
    }
}
