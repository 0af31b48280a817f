//! Finding nodes and relationships: by id, by label, by an index, all of them.

use super::types::TypeMatcher;
use super::{Operate, Row, Running, Runtime, put, slot, widened};
use crate::ast::graph::RelDirection;
use crate::graph::Result;
use crate::graph::eval::{Compiled, evaluate};
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
}

impl Ids {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<u64>> {
        if let Some(id) = self.ready.pop_front() {
            return Ok(Some(id));
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
    pub current: Option<(Row, NodeIds)>,
}

/// The nodes still to come for a row.
pub struct NodeIds(Ids);

impl NodeScanning {
    fn ids(&self, rt: &Runtime<'_>, row: &Row) -> Result<NodeIds> {
        let mut ids = Ids::default();
        match &self.scan.source {
            NodeSource::All => {
                ids.cursors.push_back(Cursor::new(layout::nodes(rt.database), KeyRange::all(), Direction::Forward));
            }
            NodeSource::Label(label) => {
                if let Some(label) = rt.token(TokenKind::Label, label)? {
                    let range = KeyRange::prefix(&label.to_be_bytes());
                    ids.cursors.push_back(Cursor::new(layout::labels(rt.database), range, Direction::Forward));
                }
            }
            NodeSource::Id(expr) => {
                for id in wanted_ids(expr, row, rt)? {
                    if rt.node_exists(id)? {
                        ids.ready.push_back(id);
                    }
                }
            }
            NodeSource::IndexEqual(index, values) => {
                let values = values.iter().map(|value| evaluate(value, row, rt)).collect::<Result<Vec<_>>>()?;
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
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        loop {
            if let Some((row, ids)) = &mut self.current {
                if let Some(id) = ids.0.next(rt)? {
                    let mut row = widened(row, self.scan.width);
                    put(&mut row, self.scan.slot, Value::Node(id));
                    return Ok(Some(row));
                }
                self.current = None;
            }
            let Some(row) = self.input.next(rt)? else { return Ok(None) };
            let ids = self.ids(rt, &row)?;
            self.current = Some((row, ids));
        }
    }
}

/// For each row, the relationships of some types with their ends.
pub struct RelationshipScanning {
    pub input: Running,
    pub scan: Arc<RelationshipScan>,
    pub types: TypeMatcher,
    pub current: Option<(Row, NodeIds)>,
    pub ready: VecDeque<Row>,
}

impl RelationshipScanning {
    fn ids(&mut self, rt: &Runtime<'_>, row: &Row) -> Result<NodeIds> {
        let mut ids = Ids::default();
        match (&self.scan.source, &self.scan.types) {
            (RelationshipSource::Id(expr), _) => {
                for id in wanted_ids(expr, row, rt)? {
                    if rt.relationship_exists(id)? {
                        ids.ready.push_back(id);
                    }
                }
            }
            (RelationshipSource::IndexEqual(index, values), _) => {
                let values = values.iter().map(|value| evaluate(value, row, rt)).collect::<Result<Vec<_>>>()?;
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
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<Row>> {
        loop {
            if let Some(row) = self.ready.pop_front() {
                return Ok(Some(row));
            }
            if let Some((row, ids)) = &mut self.current {
                if let Some(id) = ids.0.next(rt)? {
                    let ends = rt.relationship_ends(id)?;
                    if !self.types.matches(rt, ends.kind)? || is_taken(row, &self.scan.unique, id) {
                        continue;
                    }
                    let (forward, backward) = match self.scan.direction {
                        RelDirection::Right => (true, false),
                        RelDirection::Left => (false, true),
                        RelDirection::Either => (true, ends.source != ends.target),
                    };
                    for (wanted, from, to) in
                        [(forward, ends.source, ends.target), (backward, ends.target, ends.source)]
                    {
                        if wanted {
                            let mut row = widened(row, self.scan.width);
                            put(&mut row, self.scan.relationship, Value::Relationship(id));
                            put(&mut row, self.scan.from, Value::Node(from));
                            put(&mut row, self.scan.to, Value::Node(to));
                            self.ready.push_back(row);
                        }
                    }
                    continue;
                }
                self.current = None;
            }
            let Some(row) = self.input.next(rt)? else { return Ok(None) };
            let ids = self.ids(rt, &row)?;
            self.current = Some((row, ids));
        }
    }
}

/// The ids that a value names, each once.
fn wanted_ids(expr: &Compiled, row: &Row, rt: &Runtime<'_>) -> Result<Vec<u64>> {
    let wanted = match evaluate(expr, row, rt)? {
        Value::List(items) => items,
        single => vec![single],
    };
    let mut ids = Vec::new();
    for value in wanted {
        if let Value::Int(id) = value
            && let Ok(id) = u64::try_from(id)
        {
            ids.push(id);
        }
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// Whether a relationship stands in one of the slots, alone or in a list.
pub fn is_taken(row: &Row, slots: &[usize], relationship: u64) -> bool {
    slots.iter().any(|&at| match slot(row, at) {
        Value::Relationship(id) => *id == relationship,
        Value::List(items) => items.iter().any(|item| matches!(item, Value::Relationship(id) if *id == relationship)),
        _ => false,
    })
}
