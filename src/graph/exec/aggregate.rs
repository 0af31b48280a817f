//! Grouping.

use super::memo::NodeMemo;
use super::memory::Held;
use super::{Operate, Row, Running, Runtime, slot};
use crate::graph::Result;
use crate::graph::eval::evaluate;
use crate::graph::functions::aggregate::{Accumulator, AggregateKind};
use crate::graph::plan::Aggregate;
use crate::value::graph::{GroupKey, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// A group: its keys and what was gathered over its rows.
type Group = (Row, Vec<Accumulator>);

/// Gathers all rows of its input, then gives one row a group: the keys, then the aggregates.
pub struct Aggregating {
    pub input: Running,
    pub aggregate: Arc<Aggregate>,
    pub groups: Option<std::vec::IntoIter<Group>>,
    pub held: Held,
}

impl Aggregating {
    fn gather(&mut self, rt: &Runtime<'_>) -> Result<Vec<Group>> {
        let aggregate = self.aggregate.clone();
        let fresh = || -> Vec<Accumulator> {
            aggregate.calls.iter().map(|step| Accumulator::new(step.call.kind, step.call.distinct)).collect()
        };
        let mut groups: Vec<Group> = Vec::new();
        let mut places: HashMap<GroupKey, usize, foldhash::fast::RandomState> = HashMap::default();
        // The group of a node, plus one.
        let mut known: NodeMemo<u32> = NodeMemo::new();
        if aggregate.keys.is_empty() {
            groups.push((Vec::new(), fresh()));
        }
        let mut row = Row::new();
        while self.input.next(rt, &mut row)? {
            let node = aggregate.about_node.and_then(|at| match slot(&row, at) {
                Value::Node(node) => Some(*node),
                _ => None,
            });
            let remembered = match node {
                Some(node) => known.place(rt, node)?.map_or(0, |place| *place),
                None => 0,
            };
            let place = if aggregate.keys.is_empty() {
                0
            } else if let Some(place) = remembered.checked_sub(1) {
                place as usize
            } else {
                let key = match aggregate.keys.as_slice() {
                    [key] => GroupKey(evaluate(key, &row, rt)?),
                    keys => {
                        GroupKey(Value::List(keys.iter().map(|key| evaluate(key, &row, rt)).collect::<Result<_>>()?))
                    }
                };
                let place = match places.get(&key) {
                    Some(&place) => place,
                    None => {
                        let values = match (&key.0, aggregate.keys.len()) {
                            (Value::List(values), count) if count > 1 => values.clone(),
                            (single, _) => vec![single.clone()],
                        };
                        self.held.add(&values, "A grouping")?;
                        self.held.add(std::slice::from_ref(&key.0), "A grouping")?;
                        groups.push((values, fresh()));
                        places.insert(key, groups.len() - 1);
                        groups.len() - 1
                    }
                };
                if let Some(node) = node
                    && let Some(known) = known.place(rt, node)?
                {
                    *known = u32::try_from(place + 1).unwrap_or(0);
                }
                place
            };
            let weight = match aggregate.weight.map(|at| slot(&row, at)) {
                Some(Value::Int(weight)) => *weight,
                _ => 1,
            };
            let Some((_, accumulators)) = groups.get_mut(place) else { continue };
            for (step, accumulator) in aggregate.calls.iter().zip(accumulators) {
                if step.call.kind == AggregateKind::CountStar {
                    accumulator.count(weight);
                    continue;
                }
                let value = match &step.argument {
                    Some(argument) => evaluate(argument, &row, rt)?,
                    None => Value::Null,
                };
                let extra = step.extra.as_ref().map(|extra| evaluate(extra, &row, rt)).transpose()?;
                let kept = accumulator.keeps_values().then(|| value.clone());
                let keeps = accumulator.update(value, extra.as_ref()).map_err(|error| error.at(step.call.span))?;
                if let Some(kept) = kept.filter(|_| keeps) {
                    self.held.add(std::slice::from_ref(&kept), step.call.kind.name())?;
                }
            }
        }
        Ok(groups)
    }
}

impl Operate for Aggregating {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        if self.groups.is_none() {
            self.groups = Some(self.gather(rt)?.into_iter());
        }
        let Some((keys, accumulators)) = self.groups.as_mut().and_then(Iterator::next) else { return Ok(false) };
        *row = keys;
        for accumulator in accumulators {
            row.push(accumulator.finish()?);
        }
        Ok(true)
    }
}
