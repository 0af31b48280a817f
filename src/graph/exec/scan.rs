//! Finding nodes and relationships: by id, by label, by an index, all of them.

use super::types::TypeMatcher;
use super::{Operate, Row, Running, Runtime, put, slot};
use crate::ast::graph::RelDirection;
use crate::graph::Result;
use crate::graph::eval::{Compiled, evaluate, evaluate_predicate};
use crate::graph::plan::{NodeScan, NodeSource, RelationshipScan, RelationshipSource, TypeFilter};
use crate::graph::store::{TokenKind, layout};
use crate::storage::{Cursor, Direction, KeyRange};
use crate::value::graph::Value;
use std::collections::VecDeque;
use std::sync::Arc;

/// Where ids come from: cursors one behind the other, or ids at hand.
#[derive(Default)]
struct Ids {
    cursors: VecDeque<Cursor>,
    ready: VecDeque<u64>,
    /// What was sought is found exactly: equality need not be tested again.
    exact: bool,
    /// Nodes of a label in the mirror: the label, and the place to go on from.
    mirrored: Option<(u32, u32)>,
}

impl Ids {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<u64>> {
        if let Some(id) = self.ready.pop_front() {
            return Ok(Some(id));
        }
        if let Some((label, from)) = self.mirrored {
            let next = rt.next_with_label(label, from)?;
            self.mirrored = next.map(|(_, place)| (label, place + 1));
            return Ok(next.map(|(id, _)| id));
        }
        while let Some(cursor) = self.cursors.front_mut() {
            if let Some((key, _)) = rt.read(|tx| cursor.next(tx))? {
                return Ok(Some(layout::trailing_id(&key)));
            }
            self.cursors.pop_front();
        }
        Ok(None)
    }
}

/// For each row, the nodes of a source.
pub struct NodeScanning {
    pub input: Running,
    pub scan: Arc<NodeScan>,
    pub current: Option<NodeIds>,
}

/// The nodes still to come for a row.
pub struct NodeIds(Ids);

impl NodeScanning {
    fn ids(&self, rt: &Runtime<'_>, row: &[Value]) -> Result<NodeIds> {
        let mut ids = Ids::default();
        match &self.scan.source {
            NodeSource::All => {
                ids.cursors.push_back(Cursor::new(layout::nodes(rt.database), KeyRange::all(), Direction::Forward));
            }
            NodeSource::Label(label) => {
                if let Some(label) = rt.token(TokenKind::Label, label)? {
                    if rt.label_in_mirror(label)? {
                        ids.mirrored = Some((label, 0));
                        return Ok(NodeIds(ids));
                    }
                    let range = KeyRange::prefix(&label.to_be_bytes());
                    ids.cursors.push_back(Cursor::new(layout::labels(rt.database), range, Direction::Forward));
                }
            }
            NodeSource::Id(expr) => {
                for id in wanted_ids(expr, "n:", row, rt)? {
                    if rt.node_exists(id)? {
                        ids.ready.push_back(id);
                    }
                }
            }
            NodeSource::IndexEqual(index, values, _) => {
                let values = values.iter().map(|value| evaluate(value, row, rt)).collect::<Result<Vec<_>>>()?;
                ids.exact = values.iter().all(is_exact);
                ids.cursors.extend(index.equal(&values));
            }
            NodeSource::IndexIn(index, list) => {
                if let Value::List(items) = evaluate(list, row, rt)? {
                    let mut seen = std::collections::HashSet::new();
                    for item in items {
                        if seen.insert(crate::value::graph::GroupKey(item.clone())) {
                            ids.cursors.extend(index.equal(&[item]));
                        }
                    }
                }
            }
            NodeSource::IndexRange(index, from, to) => {
                let from = from.as_ref().map(|expr| evaluate(expr, row, rt)).transpose()?;
                let to = to.as_ref().map(|expr| evaluate(expr, row, rt)).transpose()?;
                ids.cursors.extend(index.range(from.as_ref(), to.as_ref()));
            }
            NodeSource::IndexPrefix(index, prefix) => {
                if let Value::String(prefix) = evaluate(prefix, row, rt)? {
                    ids.cursors.push_back(index.starting_with(&prefix));
                }
            }
        }
        Ok(NodeIds(ids))
    }
}

impl Operate for NodeScanning {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        loop {
            if let Some(ids) = &mut self.current {
                let residual = self.scan.residual.as_ref().filter(|_| !ids.0.exact);
                while let Some(id) = ids.0.next(rt)? {
                    put(row, self.scan.slot, Value::Node(id));
                    if holds(residual, row, rt)? {
                        return Ok(true);
                    }
                }
                self.current = None;
            }
            if !self.input.next(rt, row)? {
                return Ok(false);
            }
            self.current = Some(self.ids(rt, row)?);
        }
    }
}

/// For each row, the relationships of some types with their ends.
pub struct RelationshipScanning {
    pub input: Running,
    pub scan: Arc<RelationshipScan>,
    pub types: TypeMatcher,
    pub current: Option<NodeIds>,
    /// The other reading of a relationship that was given already: the pattern's ends.
    pub second: Option<(u64, u64)>,
}

impl RelationshipScanning {
    fn ids(&mut self, rt: &Runtime<'_>, row: &[Value]) -> Result<NodeIds> {
        let mut ids = Ids::default();
        match (&self.scan.source, &self.scan.types) {
            (RelationshipSource::Id(expr), _) => {
                for id in wanted_ids(expr, "r:", row, rt)? {
                    if rt.relationship_exists(id)? {
                        ids.ready.push_back(id);
                    }
                }
            }
            (RelationshipSource::IndexEqual(index, values), _) => {
                let values = values.iter().map(|value| evaluate(value, row, rt)).collect::<Result<Vec<_>>>()?;
                ids.exact = values.iter().all(is_exact);
                ids.cursors.extend(index.equal(&values));
            }
            (RelationshipSource::Types, TypeFilter::Names(names)) => {
                for name in names {
                    if let Some(id) = rt.token(TokenKind::Type, name)? {
                        let range = KeyRange::prefix(&id.to_be_bytes());
                        ids.cursors.push_back(Cursor::new(layout::types(rt.database), range, Direction::Forward));
                    }
                }
            }
            (RelationshipSource::Types, _) => {
                let space = layout::relationships(rt.database);
                ids.cursors.push_back(Cursor::new(space, KeyRange::all(), Direction::Forward));
            }
        }
        Ok(NodeIds(ids))
    }
}

impl Operate for RelationshipScanning {
    fn next(&mut self, rt: &Runtime<'_>, row: &mut Row) -> Result<bool> {
        loop {
            if let Some((from, to)) = self.second.take() {
                put(row, self.scan.from, Value::Node(from));
                put(row, self.scan.to, Value::Node(to));
                return Ok(true);
            }
            if let Some(ids) = &mut self.current {
                let residual = self.scan.residual.as_ref().filter(|_| !ids.0.exact);
                if let Some(id) = ids.0.next(rt)? {
                    let ends = rt.relationship_ends(id)?;
                    if !self.types.matches(rt, ends.kind)? || is_taken(row, &self.scan.unique, id) {
                        continue;
                    }
                    let (from, to) = match self.scan.direction {
                        RelDirection::Left => (ends.target, ends.source),
                        _ => (ends.source, ends.target),
                    };
                    if self.scan.direction == RelDirection::Either && from != to {
                        self.second = Some((to, from));
                    }
                    put(row, self.scan.relationship, Value::Relationship(id));
                    if !holds(residual, row, rt)? {
                        self.second = None;
                        continue;
                    }
                    put(row, self.scan.from, Value::Node(from));
                    put(row, self.scan.to, Value::Node(to));
                    return Ok(true);
                }
                self.current = None;
            }
            if !self.input.next(rt, row)? {
                return Ok(false);
            }
            self.current = Some(self.ids(rt, row)?);
        }
    }
}

/// Whether a condition, if there is one, is true.
pub fn holds(condition: Option<&Compiled>, row: &[Value], rt: &Runtime<'_>) -> Result<bool> {
    condition.map_or(Ok(true), |condition| evaluate_predicate(condition, row, rt))
}

/// Whether values with the same index key are equal to this one; those of other kinds are compared once more.
fn is_exact(value: &Value) -> bool {
    match value {
        Value::Bool(_) | Value::Int(_) | Value::String(_) => true,
        Value::Float(number) => !number.is_nan(),
        _ => false,
    }
}

/// The ids that a value names, each once: integers, or the texts of `elementId`.
fn wanted_ids(expr: &Compiled, prefix: &str, row: &[Value], rt: &Runtime<'_>) -> Result<Vec<u64>> {
    let wanted = match evaluate(expr, row, rt)? {
        Value::List(items) => items,
        single => vec![single],
    };
    let mut ids = Vec::new();
    for value in wanted {
        let id = match value {
            Value::Int(id) => u64::try_from(id).ok(),
            Value::String(text) => text.strip_prefix(prefix).and_then(|id| id.parse().ok()),
            _ => None,
        };
        ids.extend(id);
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// Whether a relationship stands in one of the slots, alone or in a list.
pub fn is_taken(row: &[Value], slots: &[usize], relationship: u64) -> bool {
    slots.iter().any(|&at| match slot(row, at) {
        Value::Relationship(id) => *id == relationship,
        Value::List(items) => items.iter().any(|item| matches!(item, Value::Relationship(id) if *id == relationship)),
        _ => false,
    })
}
