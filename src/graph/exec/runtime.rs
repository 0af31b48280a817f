//! The surroundings of a running statement: transaction, parameters, names, counters.

use super::changes::Changes;
use super::run_subplan;
use super::types::TypeMatcher;
use crate::graph::eval::EvalContext;
use crate::graph::mirror::{Link, Mirror, Of};
use crate::graph::plan::{Measured, Subplan};
use crate::graph::store::{
    self, Constraint, Counted, Endpoints, Index, Neighbour, NodeRecord, RelationshipRecord, Side, TokenKind, TokenRef,
    Tokens, adjacency, record, statistics,
};
use crate::graph::{Context, Detail, Error, Kind, Result};
use crate::storage::{self, Read, Write};
use crate::value::graph::{Entity, Node, Relationship, Value};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// The most values that one list, and the most rows that one operator, may hold in memory.
pub const MAX_ROWS: usize = 50_000_000;

/// How many values are read from columns between looks at the interrupt flag.
const INTERRUPT_INTERVAL: u64 = 4096;

/// Which entity a remembered row belongs to.
type RowKey = (bool, u64);

/// What a statement that writes keeps in step.
#[derive(Debug, Default)]
pub struct Schema {
    /// The indexes.
    pub indexes: Vec<Index>,
    /// The constraints.
    pub constraints: Vec<Constraint>,
}

impl Schema {
    /// That of a database.
    pub fn of(tx: &dyn Read, database: u32) -> Result<Self> {
        Ok(Schema { indexes: store::indexes::all(tx, database)?, constraints: store::constraints::all(tx, database)? })
    }
}

/// A point within a statement.
pub struct Savepoint {
    mark: usize,
    changes: Box<Changes>,
}

/// What a running statement shares with all its operators.
pub struct Runtime<'a> {
    tx: RefCell<&'a mut dyn Write>,
    pub(super) database: u32,
    parameters: &'a BTreeMap<String, Value>,
    now_ms: i64,
    rng: RefCell<&'a mut fastrand::Rng>,
    pub(super) mirror: RefCell<&'a mut Mirror>,
    pub(super) tokens: Tokens,
    pub(super) subplans: Vec<Subplan>,
    pub(super) schema: RefCell<Schema>,
    pub(super) changes: RefCell<Changes>,
    last_row: RefCell<Option<(RowKey, Rc<[u8]>)>>,
    hits: Cell<u64>,
    /// Paths found by searches without an upper bound, and how many there may be.
    paths: Cell<u64>,
    max_paths: u64,
    /// Neighbour lists read from the storage by this statement.
    lists_read: Cell<u64>,
    mirror_in_step: Cell<Option<bool>>,
    data_in_step: Cell<Option<bool>>,
    /// Properties read from columns, and those that were not: by what they are of, key or label, and which.
    columns_read: Cell<u64>,
    wanted: RefCell<HashMap<(Of, u32, bool), u64>>,
    measured: Option<RefCell<Vec<Measured>>>,
}

impl<'a> Runtime<'a> {
    /// For a statement whose plan has these subplans.
    pub fn new(
        cx: Context<'a>,
        tokens: Tokens,
        subplans: Vec<Subplan>,
        schema: Schema,
        profile: Option<usize>,
    ) -> Self {
        Runtime {
            tx: RefCell::new(cx.tx),
            database: cx.database,
            parameters: cx.parameters,
            now_ms: cx.now_ms,
            rng: RefCell::new(cx.rng),
            mirror: RefCell::new(cx.mirror),
            tokens,
            subplans,
            schema: RefCell::new(schema),
            changes: RefCell::default(),
            last_row: RefCell::default(),
            hits: Cell::new(0),
            paths: Cell::new(0),
            max_paths: cx.max_paths,
            lists_read: Cell::new(0),
            mirror_in_step: Cell::new(None),
            data_in_step: Cell::new(None),
            columns_read: Cell::new(0),
            wanted: RefCell::default(),
            measured: profile.map(|operators| RefCell::new(vec![Measured::default(); operators])),
        }
    }

    /// Reads from the transaction.
    pub fn read<T>(&self, read: impl FnOnce(&dyn Read) -> storage::Result<T>) -> Result<T> {
        self.hits.set(self.hits.get() + 1);
        Ok(read(self.tx.borrow().as_read())?)
    }

    /// Writes to the transaction.
    pub fn write<T>(&self, write: impl FnOnce(&mut dyn Write) -> storage::Result<T>) -> Result<T> {
        self.hits.set(self.hits.get() + 1);
        Ok(write(*self.tx.borrow_mut())?)
    }

    /// A point to which the statement's writes can be taken back.
    pub fn savepoint(&self) -> Result<Savepoint> {
        Ok(Savepoint { mark: self.tx.borrow().mark(), changes: Box::new(self.changes.borrow().clone()) })
    }

    /// Takes back what was written since a savepoint.
    pub fn roll_back_to(&self, savepoint: Savepoint) {
        self.tx.borrow_mut().rollback_to(savepoint.mark);
        *self.changes.borrow_mut() = *savepoint.changes;
        self.tokens.forget();
        self.forget_row();
    }

    /// Whether rows are counted.
    pub fn is_profiled(&self) -> bool {
        self.measured.is_some()
    }

    /// Look-ups so far.
    pub fn hits(&self) -> u64 {
        self.hits.get()
    }

    /// Counts a pull of an operator.
    pub fn measure(&self, operator: usize, row: bool, hits: u64) {
        if let Some(measured) = &self.measured
            && let Some(counts) = measured.borrow_mut().get_mut(operator)
        {
            counts.rows += u64::from(row);
            counts.hits += hits;
        }
    }

    /// What was counted.
    pub fn measured(&self) -> Vec<Measured> {
        self.measured.as_ref().map(|measured| measured.borrow().clone()).unwrap_or_default()
    }

    /// Fails if a collection of rows has grown beyond the bound.
    pub fn check_size(&self, rows: usize, what: &str) -> Result<()> {
        if rows > MAX_ROWS {
            return Err(Error::runtime(
                Kind::Limit,
                Detail::TooLarge,
                format!("{what} may hold at most {MAX_ROWS} rows; use LIMIT or a narrower pattern"),
            ));
        }
        Ok(())
    }

    /// Counts a path that a search without an upper bound of its length has found.
    pub fn count_path(&self) -> Result<()> {
        let count = self.paths.get() + 1;
        self.paths.set(count);
        if count > self.max_paths {
            return Err(Error::runtime(
                Kind::Limit,
                Detail::TooLarge,
                format!("Patterns without an upper bound of their length found more than {} paths", self.max_paths),
            )
            .hint("give the length an upper bound, as in *1..5, or raise the limit: :max-paths N"));
        }
        Ok(())
    }

    pub(super) fn forget_row(&self) {
        self.last_row.borrow_mut().take();
    }

    fn row(&self, key: RowKey) -> Result<Option<Rc<[u8]>>> {
        if let Some((known, row)) = &*self.last_row.borrow()
            && *known == key
        {
            return Ok(Some(row.clone()));
        }
        let (is_node, id) = key;
        let found = self.read(|tx| {
            if is_node {
                store::node_row(tx, self.database, id)
            } else {
                store::relationship_row(tx, self.database, id)
            }
        })?;
        Ok(found.map(|bytes| {
            let row: Rc<[u8]> = bytes.into();
            *self.last_row.borrow_mut() = Some((key, row.clone()));
            row
        }))
    }

    /// A node's row; its absence is an error.
    pub fn node_row(&self, id: u64) -> Result<Rc<[u8]>> {
        self.row((true, id))?.ok_or_else(|| deleted("Node", id))
    }

    /// A relationship's row; its absence is an error.
    pub fn relationship_row(&self, id: u64) -> Result<Rc<[u8]>> {
        self.row((false, id))?.ok_or_else(|| deleted("Relationship", id))
    }

    /// Whether a node is there.
    pub fn node_exists(&self, id: u64) -> Result<bool> {
        Ok(self.row((true, id))?.is_some())
    }

    /// Whether a relationship is there.
    pub fn relationship_exists(&self, id: u64) -> Result<bool> {
        Ok(self.row((false, id))?.is_some())
    }

    /// A node's row, unpacked.
    pub fn node_record(&self, id: u64) -> Result<NodeRecord> {
        Ok(NodeRecord::decode(&self.node_row(id)?)?)
    }

    /// A relationship's row, unpacked.
    pub fn relationship_record(&self, id: u64) -> Result<RelationshipRecord> {
        Ok(RelationshipRecord::decode(&self.relationship_row(id)?)?)
    }

    /// The ends and type of a relationship, deleted by this statement or not.
    pub fn relationship_ends(&self, id: u64) -> Result<Endpoints> {
        if let Some(ends) = self.changes.borrow().deleted_relationships.get(&id) {
            return Ok(*ends);
        }
        Ok(record::relationship_ends(&self.relationship_row(id)?)?)
    }

    /// The id of a token, if it was ever used.
    pub fn token(&self, kind: TokenKind, name: &str) -> Result<Option<u32>> {
        Ok(self.tokens.id(self.tx.borrow().as_read(), kind, name)?)
    }

    /// The name of a token.
    pub fn token_name(&self, kind: TokenKind, id: u32) -> Result<Arc<str>> {
        Ok(self.tokens.name(self.tx.borrow().as_read(), kind, id)?)
    }

    /// All names of a kind with their ids, by name.
    pub fn all_tokens(&self, kind: TokenKind) -> Result<Vec<(String, u32)>> {
        Ok(self.tokens.all(self.tx.borrow().as_read(), kind)?)
    }

    /// Looks into the transaction.
    pub fn with_tx<T>(&self, look: impl FnOnce(&dyn Read, u32) -> Result<T>) -> Result<T> {
        look(self.tx.borrow().as_read(), self.database)
    }

    /// A count, with what this statement has changed so far.
    pub fn count(&self, what: Counted) -> Result<u64> {
        let stored = self.read(|tx| statistics::count(tx, self.database, what))?;
        let change = self.changes.borrow().counts.get(&what).copied().unwrap_or(0);
        Ok(stored.saturating_add_signed(change))
    }

    /// Adds the neighbours of a node to `out`. The mirror answers if it is in step; a statement that
    /// walks many lists of the storage has it built.
    pub fn neighbours(&self, node: u64, sides: Sides, out: &mut Vec<Neighbour>) -> Result<()> {
        let start = out.len();
        let changed = self.changes.borrow().topology_changed;
        if !changed && self.mirror_pays()? {
            self.check_interrupt()?;
            let mirror = self.mirror.borrow();
            for side in sides.each() {
                mirror.neighbours(node, side, out);
            }
        } else {
            for side in sides.each() {
                let chunks = self.read(|tx| adjacency::walk(tx, self.database, node, side, &mut |n| out.push(n)))?;
                self.hits.set(self.hits.get() + chunks);
            }
            self.lists_read.set(self.lists_read.get() + 1);
        }
        if sides == Sides::Both {
            // A loop stands in both lists but is one relationship.
            drop_second_loops(out, start, node);
        }
        Ok(())
    }

    /// Whether the nodes of a label can be listed from the mirror; the set of a large label is read for that.
    pub fn label_in_mirror(&self, label: u32) -> Result<bool> {
        if !self.data_in_step()? {
            return Ok(false);
        }
        if !self.mirror.borrow().knows_label(label) {
            if self.count(Counted::Label(label))? < 4096 {
                return Ok(false);
            }
            self.mirror.borrow_mut().read_label(self.tx.borrow().as_read(), label)?;
        }
        Ok(true)
    }

    /// The first node of a label from a place in the mirror on, with its place. The list is that of the
    /// beginning of the statement: whatever it writes stands behind an Eager.
    pub fn next_with_label(&self, label: u32, from: u32) -> Result<Option<(u64, u32)>> {
        if from.is_multiple_of(INTERRUPT_INTERVAL as u32) {
            self.check_interrupt()?;
        }
        let mirror = self.mirror.borrow();
        Ok(mirror.next_with_label(from, label).map(|place| (mirror.topology().id_of(place), place)))
    }

    /// How many relationships of some types a node has, some relationships left out; `None` if that must
    /// be counted one by one.
    pub fn degree(&self, node: u64, sides: Sides, types: &TypeMatcher, without: &[u64]) -> Result<Option<u64>> {
        if sides == Sides::Both
            || !types.is_simple()
            || self.changes.borrow().topology_changed
            || !self.mirror_pays()?
        {
            return Ok(None);
        }
        let mirror = self.mirror.borrow();
        let Some(index) = mirror.topology().index_of(node) else { return Ok(Some(0)) };
        let mut number = 0;
        for side in sides.each() {
            let links = mirror.topology().links(index, side);
            number += match (types.ids(), without) {
                (None, []) => links.len(),
                (Some([kind]), []) if mirror.topology().has_only(*kind) => links.len(),
                (Some([kind]), []) => links.iter().filter(|link| link.kind == *kind).count(),
                (Some([kind]), [one]) => {
                    links.iter().filter(|link| link.kind == *kind && link.relationship != *one).count()
                }
                (kinds, without) => {
                    let fits = |link: &&Link| {
                        kinds.is_none_or(|kinds| kinds.contains(&link.kind)) && !without.contains(&link.relationship)
                    };
                    links.iter().filter(fits).count()
                }
            };
        }
        Ok(Some(number as u64))
    }

    /// The id of a name in the plan, if it was ever used.
    pub fn token_of(&self, name: &TokenRef) -> Result<Option<u32>> {
        Ok(name.id(&self.tokens, self.tx.borrow().as_read())?)
    }

    /// Whether columns and label sets show what this statement sees. A statement that reads many
    /// properties has the mirror built for their sake.
    pub fn data_in_step(&self) -> Result<bool> {
        if self.changes.borrow().wrote {
            return Ok(false);
        }
        if let Some(in_step) = self.data_in_step.get() {
            return Ok(in_step);
        }
        let (topology, data) =
            self.read(|tx| Ok((store::stamp(tx, self.database)?, store::data_stamp(tx, self.database)?)))?;
        let mut mirror = self.mirror.borrow_mut();
        let in_step = mirror.is_in_step(self.database, topology);
        if in_step {
            mirror.use_data(data);
        }
        self.data_in_step.set(Some(in_step));
        Ok(in_step)
    }

    /// A property from its column, if that was read or pays by now.
    fn from_column(&self, of: Of, id: u64, key: u32) -> Result<Option<Value>> {
        if self.data_in_step()? {
            let mirror = self.mirror.borrow();
            if let Some(column) = mirror.column(of, key) {
                self.columns_read.set(self.columns_read.get() + 1);
                if self.columns_read.get().is_multiple_of(INTERRUPT_INTERVAL) {
                    self.check_interrupt()?;
                }
                return match of {
                    Of::Nodes => Ok(mirror.topology().index_of(id).map(|index| column.at(index))),
                    Of::Relationships => Ok(Some(column.of_relationship(id))),
                };
            }
        }
        if self.pays((of, key, false))? {
            self.have_mirror()?;
            let mut mirror = self.mirror.borrow_mut();
            if mirror.column(of, key).is_none() {
                mirror.read_column(self.tx.borrow().as_read(), of, key)?;
            }
        }
        Ok(None)
    }

    /// Whether a node bears a label, if the label's set was read or pays by now.
    fn from_label_set(&self, id: u64, label: u32) -> Result<Option<bool>> {
        if self.data_in_step()? {
            let mirror = self.mirror.borrow();
            if let Some(index) = mirror.topology().index_of(id)
                && let Some(has) = mirror.has_label(index, label)
            {
                return Ok(Some(has));
            }
        }
        if self.pays((Of::Nodes, label, true))? {
            self.have_mirror()?;
            self.mirror.borrow_mut().read_label(self.tx.borrow().as_read(), label)?;
        }
        Ok(None)
    }

    /// Counts a look-up that a column or set would answer; whether there were as many by now as make it
    /// worth reading (asked at powers of two).
    fn pays(&self, what: (Of, u32, bool)) -> Result<bool> {
        if self.changes.borrow().wrote {
            return Ok(false);
        }
        let count = {
            let mut wanted = self.wanted.borrow_mut();
            let count = wanted.entry(what).or_default();
            *count += 1;
            *count
        };
        if count < 512 || !count.is_power_of_two() {
            return Ok(false);
        }
        let all = self.count(if what.0 == Of::Nodes { Counted::Nodes } else { Counted::Relationships })?;
        Ok(count >= all / 16)
    }

    /// Has the mirror built, if it is not in step.
    fn have_mirror(&self) -> Result<()> {
        let (topology, data) =
            self.read(|tx| Ok((store::stamp(tx, self.database)?, store::data_stamp(tx, self.database)?)))?;
        let mut mirror = self.mirror.borrow_mut();
        if !mirror.is_in_step(self.database, topology) {
            mirror.build(self.tx.borrow().as_read(), self.database, topology)?;
        }
        mirror.use_data(data);
        self.data_in_step.set(Some(true));
        self.mirror_in_step.set(Some(true));
        Ok(())
    }

    /// Whether the mirror is in step, or worth building by now.
    fn mirror_pays(&self) -> Result<bool> {
        let read = self.lists_read.get();
        match self.mirror_in_step.get() {
            Some(true) => return Ok(true),
            Some(false) if read < 64 || !read.is_power_of_two() => return Ok(false),
            _ => {}
        }
        let stamp = self.read(|tx| store::stamp(tx, self.database))?;
        let mut mirror = self.mirror.borrow_mut();
        let mut in_step = mirror.is_in_step(self.database, stamp);
        if !in_step && read >= 64 && read >= self.count(Counted::Nodes)? / 8 {
            mirror.build(self.tx.borrow().as_read(), self.database, stamp)?;
            in_step = true;
        }
        self.mirror_in_step.set(Some(in_step));
        Ok(in_step)
    }

    /// The mirror, in step with everything this statement has written so far.
    pub fn mirror(&self) -> Result<std::cell::Ref<'_, Mirror>> {
        let changes = self.changes.borrow();
        let stamp = self.read(|tx| store::stamp(tx, self.database))?;
        {
            let mut mirror = self.mirror.borrow_mut();
            if changes.topology_changed {
                // Not yet stamped: whatever happens to this statement, the mirror is built anew.
                mirror.build(self.tx.borrow().as_read(), self.database, stamp)?;
                mirror.forget();
            } else if !mirror.is_in_step(self.database, stamp) {
                mirror.build(self.tx.borrow().as_read(), self.database, stamp)?;
            }
        }
        Ok(std::cell::Ref::map(self.mirror.borrow(), |mirror| &**mirror))
    }

    /// A value as replies hold it: entities with all they hold.
    pub fn reply_value(&self, value: Value) -> Result<Value> {
        Ok(match value {
            Value::Node(id) => Value::Entity(Box::new(Entity::Node(self.reply_node(id)?))),
            Value::Relationship(id) => Value::Entity(Box::new(Entity::Relationship(self.reply_relationship(id)?))),
            Value::Path(ids) => Value::Entity(Box::new(Entity::Path {
                nodes: ids.nodes.iter().map(|&id| self.reply_node(id)).collect::<Result<_>>()?,
                relationships: ids
                    .relationships
                    .iter()
                    .map(|&id| self.reply_relationship(id))
                    .collect::<Result<_>>()?,
            })),
            Value::List(items) => {
                Value::List(items.into_iter().map(|item| self.reply_value(item)).collect::<Result<_>>()?)
            }
            Value::Map(entries) => Value::Map(
                entries.into_iter().map(|(key, item)| Ok((key, self.reply_value(item)?))).collect::<Result<_>>()?,
            ),
            other => other,
        })
    }

    /// A deleted node is shown without labels and properties.
    fn reply_node(&self, id: u64) -> Result<Node> {
        let Some(row) = self.row((true, id))? else {
            return Ok(Node { id, labels: Vec::new(), properties: BTreeMap::new() });
        };
        let record = NodeRecord::decode(&row)?;
        let labels = record.labels.iter().map(|&label| Ok(self.token_name(TokenKind::Label, label)?.to_string()));
        Ok(Node { id, labels: labels.collect::<Result<_>>()?, properties: self.named(record.properties)? })
    }

    fn reply_relationship(&self, id: u64) -> Result<Relationship> {
        let ends = self.relationship_ends(id)?;
        let properties = match self.row((false, id))? {
            Some(row) => self.named(RelationshipRecord::decode(&row)?.properties)?,
            None => BTreeMap::new(),
        };
        let kind = self.token_name(TokenKind::Type, ends.kind)?.to_string();
        Ok(Relationship { id, kind, start: ends.source, end: ends.target, properties })
    }

    fn named(&self, properties: store::Properties) -> Result<BTreeMap<String, Value>> {
        properties
            .into_iter()
            .map(|(key, value)| Ok((self.token_name(TokenKind::Key, key)?.to_string(), value)))
            .collect()
    }

    /// A random stamp, never 0.
    pub(super) fn new_stamp(&self) -> u64 {
        self.rng.borrow_mut().u64(1..)
    }
}

/// Which neighbour lists are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sides {
    /// Relationships that leave.
    Out,
    /// Relationships that enter.
    In,
    /// Both.
    Both,
}

impl Sides {
    fn each(self) -> impl Iterator<Item = Side> {
        let (out, into) = match self {
            Sides::Out => (true, false),
            Sides::In => (false, true),
            Sides::Both => (true, true),
        };
        out.then_some(Side::Out).into_iter().chain(into.then_some(Side::In))
    }
}

/// Keeps the first of each relationship of a node with itself.
fn drop_second_loops(out: &mut Vec<Neighbour>, start: usize, node: u64) {
    let loops = out[start..].iter().filter(|neighbour| neighbour.node == node).count();
    if loops == 0 {
        return;
    }
    let mut seen = std::collections::HashSet::with_capacity(loops / 2);
    let mut at = 0;
    out.retain(|neighbour| {
        at += 1;
        at <= start || neighbour.node != node || seen.insert(neighbour.relationship)
    });
}

fn deleted(what: &str, id: u64) -> Error {
    Error::runtime(
        Kind::EntityNotFound,
        Detail::DeletedEntityAccess,
        format!("{what} with id {id} has been deleted in this transaction"),
    )
}

impl EvalContext for Runtime<'_> {
    fn parameter(&self, name: &str) -> Option<&Value> {
        self.parameters.get(name)
    }

    fn node_property(&self, id: u64, key: &TokenRef) -> Result<Value> {
        let Some(key) = self.token_of(key)? else {
            // Also of a node that is there.
            return self.node_row(id).map(|_| Value::Null);
        };
        if let Some(value) = self.from_column(Of::Nodes, id, key)? {
            return Ok(value);
        }
        Ok(record::node_property(&self.node_row(id)?, key)?.unwrap_or(Value::Null))
    }

    fn relationship_property(&self, id: u64, key: &TokenRef) -> Result<Value> {
        let Some(key) = self.token_of(key)? else {
            return self.relationship_row(id).map(|_| Value::Null);
        };
        if let Some(value) = self.from_column(Of::Relationships, id, key)? {
            return Ok(value);
        }
        Ok(record::relationship_property(&self.relationship_row(id)?, key)?.unwrap_or(Value::Null))
    }

    fn node_properties(&self, id: u64) -> Result<BTreeMap<String, Value>> {
        self.named(self.node_record(id)?.properties)
    }

    fn relationship_properties(&self, id: u64) -> Result<BTreeMap<String, Value>> {
        self.named(self.relationship_record(id)?.properties)
    }

    fn labels(&self, id: u64) -> Result<Vec<String>> {
        let labels = record::node_labels(&self.node_row(id)?)?;
        labels.into_iter().map(|label| Ok(self.token_name(TokenKind::Label, label)?.to_string())).collect()
    }

    fn has_label(&self, id: u64, label: &TokenRef) -> Result<bool> {
        let Some(label) = self.token_of(label)? else { return self.node_row(id).map(|_| false) };
        if let Some(has) = self.from_label_set(id, label)? {
            return Ok(has);
        }
        Ok(record::node_has_label(&self.node_row(id)?, label)?)
    }

    fn relationship_type(&self, id: u64) -> Result<Arc<str>> {
        self.token_name(TokenKind::Type, self.relationship_ends(id)?.kind)
    }

    fn endpoints(&self, id: u64) -> Result<(u64, u64)> {
        let ends = self.relationship_ends(id)?;
        Ok((ends.source, ends.target))
    }

    fn now_ms(&self) -> i64 {
        self.now_ms
    }

    fn random(&self) -> f64 {
        self.rng.borrow_mut().f64()
    }

    fn run_subquery(&self, handle: usize, row: &[Value]) -> Result<Value> {
        run_subplan(self, handle, row)
    }

    fn check_interrupt(&self) -> Result<()> {
        Ok(self.tx.borrow().check_interrupt()?)
    }
}
