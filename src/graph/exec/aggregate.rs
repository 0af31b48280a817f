//! Grouping: one row a group, in the order in which the groups were met.

use super::{Operate, Row, Running, Runtime};
use crate::graph::Result;
use crate::graph::eval::evaluate;
use crate::graph::functions::aggregate::Accumulator;
use crate::graph::plan::Aggregate;
use crate::value::graph::{GroupKey, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// Groups all rows of its input.
pub struct Aggregating {
    pub input: Running,
    pub aggregate: Arc<Aggregate>,
    pub groups: Option<std::vec::IntoIter<(Row, Vec<Accumulator>)>>,
}

impl Aggregating {
    fn gather(&mut self, rt: &Runtime<'_>) -> Result<Vec<(Row, Vec<Accumulator>)>> {
        let aggregate = self.aggregate.clone();
        let fresh = || -> Vec<Accumulator> {
            aggregate.calls.iter().map(|step| Accumulator::new(step.call.kind, step.call.distinct)).collect()
        };
        let mut groups: Vec<(Row, Vec<Accumulator>)> = Vec::new();
        let mut places: HashMap<GroupKey, usize> = HashMap::new();
        if aggregate.keys.is_empty() {
            groups.push((Vec::new(), fresh()));
        }
        while let Some(row) = self.input.next(rt)? {
            let place = if aggregate.keys.is_empty() {
                0
            } else {
                let key: Row = aggregate.keys.iter().map(|key| evaluate(key, &row, rt)).collect::<Result<_>>()?;
                let group = GroupKey(Value::List(key));
                match places.get(&group) {
                    Some(&place) => place,
                    None => {
                        if let Value::List(key) = &group.0 {
                            groups.push((key.clone(), fresh()));
                        }
                        places.insert(group, groups.len() - 1);
                        rt.check_size(groups.len(), "A grouping")?;
                        groups.len() - 1
                    }
                }
            };
            let Some((_, accumulators)) = groups.get_mut(place) else { continue };
            for (step, accumulator) in aggregate.calls.iter().zip(accumulators) {
                let value = match &step.argument {
                    Some(argument) => evaluate(argument, &row, rt)?,
                    None => Value::Null,
                };
                let extra = step.extra.as_ref().map(|extra| evaluate(extra, &row, rt)).transpose()?;
                accumulator.update(value, extra.as_ref()).map_err(|error| error.at(step.call.span))?;
            }
        }
        Ok(groups)
    }
}

impl Operate for Aggregating {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        if self.groups.is_none() {
            self.groups = Some(self.gather(rt)?.into_iter());
        }
        let Some((mut row, accumulators)) = self.groups.as_mut().and_then(Iterator::next) else { return Ok(None) };
        for accumulator in accumulators {
            row.push(accumulator.finish()?);
        }
        Ok(Some(row))
    }
}
