//! How many relationships of a node fit, without a row for each: what `count(*)` asks of the last step.

use super::expand::bound_node;
use super::filter::Testing;
use super::scan::is_taken;
use super::types::{TypeMatcher, sides};
use super::{Operate, Row, Running, Runtime, put, slot};
use crate::graph::Result;
use crate::graph::plan::ExpandCount;
use crate::graph::store::Neighbour;
use crate::value::graph::Value;
use std::sync::Arc;

/// For each row, the number of relationships of a node; rows without one are left out.
pub struct ExpandCounting {
    input: Running,
    count: Arc<ExpandCount>,
    types: TypeMatcher,
    filters: Vec<Testing>,
    neighbours: Vec<Neighbour>,
    /// Relationships that the row holds already.
    without: Vec<u64>,
    /// The types of the step beside.
    others: Option<TypeMatcher>,
}

impl ExpandCounting {
    /// Before the first row.
    pub fn new(input: Running, count: Arc<ExpandCount>) -> Self {
        let types = TypeMatcher::new(&count.expand.types);
        let filters = count.filters.iter().cloned().map(Testing::new).collect();
        let others = count.beside.as_ref().map(|beside| TypeMatcher::new(&beside.types));
        ExpandCounting { input, count, types, filters, neighbours: Vec::new(), without: Vec::new(), others }
    }

    /// How many pairs of relationships a node has, one for the step and one for that beside it.
    fn pairs(&mut self, rt: &Runtime<'_>, node: u64) -> Result<u64> {
        let (Some(beside), Some(others)) = (&self.count.beside, &mut self.others) else { return Ok(0) };
        others.refresh(rt)?;
        if others.is_empty() {
            return Ok(0);
        }
        let sides = [sides(self.count.expand.direction), sides(beside.direction)];
        let types = [&self.types, &*others];
        let (first, second, both) = match (
            rt.degree(node, sides[0], types[0], &[])?,
            rt.degree(node, sides[1], types[1], &[])?,
            if beside.differs { rt.degree_in_both(node, sides, types)? } else { Some(0) },
        ) {
            (Some(first), Some(second), Some(both)) => (first, second, both),
            _ => {
                let mut lists = [Vec::new(), Vec::new()];
                for (at, list) in lists.iter_mut().enumerate() {
                    self.neighbours.clear();
                    rt.neighbours(node, sides[at], &mut self.neighbours)?;
                    for neighbour in &self.neighbours {
                        if types[at].allows(rt, neighbour.kind)? {
                            list.push(neighbour.relationship);
                        }
                    }
                    list.sort_unstable();
                }
                let in_first = |id: &&u64| lists[0].binary_search(id).is_ok();
                let both = if beside.differs { lists[1].iter().filter(in_first).count() } else { 0 };
                (lists[0].len() as u64, lists[1].len() as u64, both as u64)
            }
        };
        Ok(first.saturating_mul(second) - both)
    }

    fn number(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<u64> {
        let expand = &self.count.expand;
        let Some(from) = bound_node(slot(row, expand.from))? else { return Ok(0) };
        self.types.refresh(rt)?;
        if self.types.is_empty() {
            return Ok(0);
        }
        if self.others.is_some() {
            return self.pairs(rt, from);
        }
        if self.filters.is_empty() {
            self.without.clear();
            for &at in &expand.unique {
                match slot(row, at) {
                    Value::List(items) => self.without.extend(items.iter().filter_map(Value::relationship_id)),
                    single => self.without.extend(single.relationship_id()),
                }
            }
            self.without.sort_unstable();
            self.without.dedup();
            if let Some(number) = rt.degree(from, sides(expand.direction), &self.types, &self.without)? {
                return Ok(number);
            }
        }
        self.neighbours.clear();
        rt.neighbours(from, sides(expand.direction), &mut self.neighbours)?;
        let mut number = 0;
        for neighbour in &self.neighbours {
            if !self.types.allows(rt, neighbour.kind)? || is_taken(row, &expand.unique, neighbour.relationship) {
                continue;
            }
            if !self.filters.is_empty() {
                put(row, expand.relationship, Value::Relationship(neighbour.relationship));
                put(row, expand.to, Value::Node(neighbour.node));
                let mut holds = true;
                for filter in &mut self.filters {
                    holds = holds && filter.holds(rt, row)?;
                }
                if !holds {
                    continue;
                }
            }
            number += 1;
        }
        Ok(number)
    }
}

impl Operate for ExpandCounting {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        while self.input.next(rt, row)? {
            let number = self.number(rt, row)?;
            if number > 0 {
                put(row, self.count.number, Value::Int(i64::try_from(number).unwrap_or(i64::MAX)));
                return Ok(true);
            }
        }
        Ok(false)
    }
}
