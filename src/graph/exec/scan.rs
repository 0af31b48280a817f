//! Finding nodes and relationships: by id, by label, by an index, all of them.

use super::types::TypeMatcher;
use super::{Operate, Row, Running, Runtime, put, slot};
use crate::ast::graph::RelDirection;
use crate::graph::Result;
use crate::graph::eval::{Compiled, evaluate, evaluate_predicate};
use crate::graph::plan::{NodeScan, NodeSource, RelationshipScan, RelationshipSource, TypeFilter};
use crate::graph::store::{AllRelationships, Endpoints, Index, List, OfType, TokenKind, layout};
use crate::storage::{Cursor, Direction, KeyRange};
use crate::value::graph::Value;
use smallvec::SmallVec;
use std::collections::VecDeque;
use std::sync::Arc;

/// Where ids come from: cursors one behind the other, or ids at hand.
#[derive(Default)]
pub struct Ids {
    cursors: VecDeque<Cursor>,
    /// Ids at hand, the last one first.
    ready: SmallVec<[u64; 2]>,
    /// What was sought is found exactly: equality need not be tested again.
    exact: bool,
    /// Nodes of a label in the mirror: the label, and the place to go on from.
    mirrored: Option<(u32, u32)>,
}

impl Ids {
    /// Adds those whose first properties, as an index has them, equal the values of some expressions.
    fn seek(&mut self, index: &Index, values: &[Compiled], row: &[Value], rt: &Runtime<'_>) -> Result<()> {
        let mut key = Vec::with_capacity(32);
        self.exact = true;
        for value in values {
            let value = evaluate(value, row, rt)?;
            self.exact &= is_exact(&value);
            if !index.start_of(&value, &mut key) {
                return Ok(());
            }
        }
        self.seek_key(index, &key, values.len(), rt)
    }

    /// Adds those whose keys begin so.
    fn seek_key(&mut self, index: &Index, key: &[u8], values: usize, rt: &Runtime<'_>) -> Result<()> {
        let found = if values == index.keys.len() { rt.seek(index, key)? } else { None };
        match found {
            Some(ids) => self.ready.extend(ids.into_iter().rev()),
            None => self.cursors.push_back(index.beginning(key)),
        }
        Ok(())
    }

    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<u64>> {
        if let Some(id) = self.ready.pop() {
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
                for id in wanted_ids(expr, "n:", row, rt)?.into_iter().rev() {
                    if rt.node_exists(id)? {
                        ids.ready.push(id);
                    }
                }
            }
            NodeSource::IndexEqual(index, values, _) => {
                ids.seek(index, values, row, rt)?;
            }
            NodeSource::IndexIn(index, list) => {
                if let Value::List(items) = evaluate(list, row, rt)? {
                    let mut seen = std::collections::HashSet::new();
                    // Those found last are given first.
                    for item in items.into_iter().rev() {
                        if seen.insert(crate::value::graph::GroupKey(item.clone())) {
                            let mut key = Vec::with_capacity(32);
                            if index.start_of(&item, &mut key) {
                                ids.seek_key(index, &key, 1, rt)?;
                            }
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
    pub current: Option<RelationshipIds>,
    /// The other reading of a relationship that was given already: the pattern's ends.
    pub second: Option<(u64, u64)>,
}

/// The relationships still to come for a row.
pub enum RelationshipIds {
    /// By id.
    Ids(Ids),
    /// Type by type.
    Types(VecDeque<OfType>),
    /// All.
    All(AllRelationships),
}

impl RelationshipIds {
    fn next(&mut self, rt: &Runtime<'_>) -> Result<Option<(u64, Endpoints)>> {
        match self {
            RelationshipIds::Ids(ids) => match ids.next(rt)? {
                Some(id) => Ok(Some((id, rt.relationship_ends(id)?))),
                None => Ok(None),
            },
            RelationshipIds::Types(lists) => {
                while let Some(list) = lists.front_mut() {
                    if let Some(found) = rt.read(|tx| list.next(tx))? {
                        return Ok(Some(found));
                    }
                    lists.pop_front();
                }
                Ok(None)
            }
            RelationshipIds::All(all) => rt.read(|tx| all.next(tx)),
        }
    }

    /// Whether the index has found exactly what was sought.
    fn is_exact(&self) -> bool {
        matches!(self, RelationshipIds::Ids(Ids { exact: true, .. }))
    }
}

impl RelationshipScanning {
    fn ids(&mut self, rt: &Runtime<'_>, row: &[Value]) -> Result<RelationshipIds> {
        let mut ids = Ids::default();
        match (&self.scan.source, &self.scan.types) {
            (RelationshipSource::Id(expr), _) => {
                for id in wanted_ids(expr, "r:", row, rt)?.into_iter().rev() {
                    if rt.relationship_exists(id)? {
                        ids.ready.push(id);
                    }
                }
            }
            (RelationshipSource::IndexEqual(index, values), _) => {
                ids.seek(index, values, row, rt)?;
            }
            (RelationshipSource::Types, TypeFilter::Names(names)) => {
                let mut lists = VecDeque::new();
                for name in names {
                    if let Some(kind) = rt.token(TokenKind::Type, name)? {
                        rt.write_list(List::Type(kind))?;
                        lists.push_back(OfType::new(rt.database, kind));
                    }
                }
                return Ok(RelationshipIds::Types(lists));
            }
            (RelationshipSource::Types, _) => {
                rt.write_page()?;
                return Ok(RelationshipIds::All(AllRelationships::new(rt.database)));
            }
        }
        Ok(RelationshipIds::Ids(ids))
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
                let residual = self.scan.residual.as_ref().filter(|_| !ids.is_exact());
                if let Some((id, ends)) = ids.next(rt)? {
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
pub fn is_exact(value: &Value) -> bool {
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
