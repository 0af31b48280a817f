//! One step from a bound node, and the ends of a bound relationship.

use super::scan::is_taken;
use super::types::{TypeMatcher, sides};
use super::{Operate, Row, Running, Runtime, put, slot};
use crate::ast::graph::RelDirection;
use crate::graph::plan::{Expand, ProjectEndpoints};
use crate::graph::store::Neighbour;
use crate::graph::{Detail, Error, Result};
use crate::value::graph::Value;
use std::collections::VecDeque;
use std::sync::Arc;

/// For each row, the relationships of a node.
pub struct Expanding {
    pub input: Running,
    pub expand: Arc<Expand>,
    pub types: TypeMatcher,
    /// The only node that may be reached, if both ends are bound.
    pub target: Option<u64>,
    pub neighbours: Vec<Neighbour>,
    pub at: usize,
}

impl Operate for Expanding {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        loop {
            while let Some(&neighbour) = self.neighbours.get(self.at) {
                self.at += 1;
                if self.target.is_some_and(|target| target != neighbour.node)
                    || !self.types.allows(rt, neighbour.kind)?
                    || is_taken(row, &self.expand.unique, neighbour.relationship)
                {
                    continue;
                }
                put(row, self.expand.relationship, Value::Relationship(neighbour.relationship));
                put(row, self.expand.to, Value::Node(neighbour.node));
                return Ok(true);
            }
            self.neighbours.clear();
            self.at = 0;
            if !self.input.next(rt, row)? {
                return Ok(false);
            }
            let Some(from) = bound_node(slot(row, self.expand.from))? else { continue };
            if self.expand.into {
                self.target = bound_node(slot(row, self.expand.to))?;
                if self.target.is_none() {
                    continue;
                }
            }
            self.types.refresh(rt)?;
            if !self.types.is_empty() {
                rt.neighbours(from, sides(self.expand.direction), &mut self.neighbours)?;
            }
        }
    }
}

/// The node in a slot; `None` for null, an error for anything else.
pub fn bound_node(value: &Value) -> Result<Option<u64>> {
    match value {
        Value::Null => Ok(None),
        _ => value.node_id().map(Some).ok_or_else(|| {
            Error::type_error(
                Detail::InvalidArgumentType,
                format!("Type mismatch: expected Node but was {}", value.type_name()),
            )
        }),
    }
}

/// For each row, the ends of a relationship that is bound already.
pub struct Endpoints {
    pub input: Running,
    pub project: Arc<ProjectEndpoints>,
    pub types: TypeMatcher,
    /// The ends still to be given for the current row.
    pub ready: VecDeque<(u64, u64)>,
}

impl Endpoints {
    /// The ways (first node, last node) to walk the relationships as the pattern wants.
    fn walks(&mut self, rt: &Runtime<'_>, row: &[Value], ids: &[u64]) -> Result<Vec<(u64, u64)>> {
        let mut walks: Vec<(u64, u64)> = Vec::new();
        for (at, &id) in ids.iter().enumerate() {
            let ends = rt.relationship_ends(id)?;
            if !self.types.matches(rt, ends.kind)? || is_taken(row, &self.project.unique, id) || ids[..at].contains(&id)
            {
                return Ok(Vec::new());
            }
            let mut steps = Vec::new();
            if self.project.direction != RelDirection::Left {
                steps.push((ends.source, ends.target));
            }
            if self.project.direction == RelDirection::Left
                || (self.project.direction == RelDirection::Either && ends.source != ends.target)
            {
                steps.push((ends.target, ends.source));
            }
            if at == 0 {
                walks = steps;
            } else {
                walks = walks
                    .iter()
                    .flat_map(|&(first, last)| {
                        steps.iter().filter(move |step| step.0 == last).map(move |step| (first, step.1))
                    })
                    .collect();
            }
        }
        Ok(walks)
    }
}

impl Operate for Endpoints {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        loop {
            let project = self.project.clone();
            if let Some((first, last)) = self.ready.pop_front() {
                put(row, project.from.0, Value::Node(first));
                put(row, project.to.0, Value::Node(last));
                return Ok(true);
            }
            if !self.input.next(rt, row)? {
                return Ok(false);
            }
            let ids: Vec<u64> = match slot(row, project.relationship) {
                Value::Null => continue,
                Value::List(items) if project.length.is_some() => {
                    let ids: Option<Vec<u64>> = items.iter().map(Value::relationship_id).collect();
                    let Some(ids) = ids else { continue };
                    ids
                }
                single => match single.relationship_id() {
                    Some(id) => vec![id],
                    None => {
                        return Err(Error::type_error(
                            Detail::InvalidArgumentType,
                            format!("Type mismatch: expected Relationship but was {}", single.type_name()),
                        ));
                    }
                },
            };
            if let Some((min, max)) = project.length {
                let length = ids.len() as u64;
                if length < min || max.is_some_and(|max| length > max) {
                    continue;
                }
            }
            let walks = if ids.is_empty() {
                let known = [project.from, project.to].into_iter().find(|(_, bound)| *bound);
                match known {
                    Some((at, _)) => bound_node(slot(row, at))?.map(|node| (node, node)).into_iter().collect(),
                    None => Vec::new(),
                }
            } else {
                self.walks(rt, row, &ids)?
            };
            for (first, last) in walks {
                let fits = |(at, bound): (usize, bool), node: u64| !bound || slot(row, at) == &Value::Node(node);
                if !fits(project.from, first) || !fits(project.to, last) {
                    continue;
                }
                if project.from.0 == project.to.0 && first != last {
                    continue;
                }
                self.ready.push_back((first, last));
            }
        }
    }
}
