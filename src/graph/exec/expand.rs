//! One step from a bound node, and the ends of a bound relationship.

use super::ids::IdMap;
use super::scan::is_taken;
use super::types::{TypeMatcher, sides};
use super::{Operate, Row, Running, Runtime, put, slot};
use crate::ast::graph::RelDirection;
use crate::graph::plan::{Closing, Expand, ProjectEndpoints};
use crate::graph::store::Neighbour;
use crate::graph::{Detail, Error, Result};
use crate::value::graph::Value;
use smallvec::SmallVec;
use std::collections::VecDeque;
use std::sync::Arc;

/// For each row, the relationships of a node.
pub struct Expanding {
    input: Running,
    expand: Arc<Expand>,
    types: TypeMatcher,
    /// The only node that may be reached, if both ends are bound.
    target: Option<u64>,
    neighbours: Vec<Neighbour>,
    at: usize,
    closing: Option<Closings>,
}

impl Expanding {
    /// Before the first row.
    pub fn new(input: Running, expand: Arc<Expand>) -> Self {
        let types = TypeMatcher::new(&expand.types);
        let closing = expand.closing.as_ref().map(Closings::new);
        Expanding { input, expand, types, target: None, neighbours: Vec::new(), at: 0, closing }
    }

    /// Looks up the neighbours for a new row; false if it can have none.
    fn look_up(&mut self, rt: &Runtime<'_>, row: &Row) -> Result<bool> {
        self.neighbours.clear();
        self.at = 0;
        let Some(from) = bound_node(slot(row, self.expand.from))? else { return Ok(false) };
        if self.expand.into {
            self.target = bound_node(slot(row, self.expand.to))?;
            if self.target.is_none() {
                return Ok(false);
            }
        }
        if let (Some(closing), Some(parameters)) = (&mut self.closing, &self.expand.closing)
            && !closing.aim(rt, parameters, row)?
        {
            return Ok(false);
        }
        self.types.refresh(rt)?;
        if !self.types.is_empty() {
            let sides = sides(self.expand.direction);
            match self.target {
                Some(to) => rt.between(from, to, sides, &mut self.neighbours)?,
                None => rt.neighbours(from, sides, &mut self.neighbours)?,
            }
        }
        Ok(true)
    }
}

impl Operate for Expanding {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        loop {
            if let (Some(closing), Some(parameters)) = (&mut self.closing, &self.expand.closing)
                && let Some(relationship) = closing.next(row, parameters, self.expand.relationship)
            {
                put(row, parameters.relationship, Value::Relationship(relationship));
                return Ok(true);
            }
            while let Some(&neighbour) = self.neighbours.get(self.at) {
                self.at += 1;
                // What would close it is looked up last: it is given as soon as it is there.
                if !self.types.allows(rt, neighbour.kind)?
                    || is_taken(row, &self.expand.unique, neighbour.relationship)
                    || self.closing.as_mut().is_some_and(|closing| !closing.closes(neighbour.node))
                {
                    continue;
                }
                put(row, self.expand.relationship, Value::Relationship(neighbour.relationship));
                put(row, self.expand.to, Value::Node(neighbour.node));
                if self.closing.is_some() {
                    break;
                }
                return Ok(true);
            }
            if self.closing.as_ref().is_some_and(Closings::is_open) {
                continue;
            }
            if !self.input.next(rt, row)? {
                return Ok(false);
            }
            self.look_up(rt, row)?;
        }
    }
}

/// The relationships that close a triangle: from the nodes around a known node to that node.
struct Closings {
    types: TypeMatcher,
    /// The known node, and its neighbours with the relationships from them.
    target: Option<u64>,
    around: IdMap<SmallVec<[u64; 2]>>,
    /// Relationships still to be given for the current neighbour.
    ready: SmallVec<[u64; 2]>,
}

impl Closings {
    fn new(closing: &Closing) -> Self {
        Closings {
            types: TypeMatcher::new(&closing.types),
            target: None,
            around: IdMap::default(),
            ready: SmallVec::new(),
        }
    }

    /// Looks at the known node of a row; false if nothing leads to it.
    fn aim(&mut self, rt: &Runtime<'_>, parameters: &Closing, row: &Row) -> Result<bool> {
        let target = bound_node(slot(row, parameters.to))?;
        if self.target != target {
            self.around.clear();
            self.target = target;
            let Some(target) = target else { return Ok(false) };
            self.types.refresh(rt)?;
            let mut neighbours = Vec::new();
            rt.neighbours(target, sides(parameters.direction.reversed()), &mut neighbours)?;
            for neighbour in neighbours {
                if self.types.allows(rt, neighbour.kind)? {
                    self.around.entry(neighbour.node).or_default().push(neighbour.relationship);
                }
            }
        }
        Ok(!self.around.is_empty())
    }

    /// Whether relationships lead from a node to the known one; they are given next.
    fn closes(&mut self, node: u64) -> bool {
        match self.around.get(&node) {
            Some(relationships) => {
                self.ready.clone_from(relationships);
                true
            }
            None => false,
        }
    }

    fn is_open(&self) -> bool {
        !self.ready.is_empty()
    }

    /// The next closing relationship that differs from those of the row.
    fn next(&mut self, row: &Row, parameters: &Closing, before: usize) -> Option<u64> {
        while let Some(relationship) = self.ready.pop() {
            if !is_taken(row, &parameters.unique, relationship) && !is_taken(row, &[before], relationship) {
                return Some(relationship);
            }
        }
        None
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
