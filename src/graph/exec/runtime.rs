//! The surroundings of a running statement: transaction, parameters, names, counters.

use super::changes::{Changes, Mark};
use super::memory::Memory;
use super::merged::Tables;
use super::mirrored::Standing;
use super::run_subplan;
use super::seeks::Seeks;
use crate::graph::eval::EvalContext;
use crate::graph::mirror::{Mirror, Of};
use crate::graph::plan::Subplan;
use crate::graph::store::{
    self, Constraint, Counted, Endpoints, Index, LastPage, List, NodeRecord, RelationshipRecord, Tails, TokenKind,
    TokenRef, Tokens, record, statistics,
};
use crate::graph::{Context, Detail, Error, Kind, Result};
use crate::reply::Measured;
use crate::storage::{self, Read, Write};
use crate::value::graph::Value;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// The most values that one list, and the most rows that one operator, may hold in memory.
pub const MAX_ROWS: usize = 50_000_000;

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
    changes: Mark,
}

/// What a running statement shares with all its operators.
pub struct Runtime<'a> {
    pub(super) tx: RefCell<&'a mut dyn Write>,
    pub(super) database: u32,
    parameters: &'a BTreeMap<String, Value>,
    now_ms: i64,
    rng: RefCell<&'a mut fastrand::Rng>,
    pub(super) mirror: RefCell<&'a mut Mirror>,
    pub(super) tokens: Tokens,
    pub(super) subplans: Vec<Subplan>,
    pub(super) schema: RefCell<Schema>,
    pub(super) changes: RefCell<Changes>,
    /// Ends of lists that are not written yet.
    pub(super) tails: RefCell<Tails>,
    /// Rows of relationships that are not written yet.
    pub(super) page: RefCell<LastPage>,
    pub(super) seeks: RefCell<Seeks>,
    pub(super) merged: RefCell<Tables>,
    last_row: RefCell<Option<(RowKey, Rc<[u8]>)>>,
    /// The file that LOAD CSV reads, and the line it has come to.
    pub(super) csv_place: RefCell<Option<(Arc<str>, u64)>>,
    hits: Cell<u64>,
    /// Paths found by searches without an upper bound, and how many there may be.
    paths: Cell<u64>,
    max_paths: u64,
    pub(super) memory: Rc<Memory>,
    /// Neighbour lists read from the storage by this statement.
    pub(super) lists_read: Cell<u64>,
    pub(super) standing: Cell<Standing>,
    pub(super) data_in_step: Cell<Option<bool>>,
    /// Properties read from columns, and those that were not: by what they are of, key or label, and which.
    pub(super) columns_read: Cell<u64>,
    pub(super) wanted: RefCell<HashMap<(Of, u32, bool), u64>>,
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
            tails: RefCell::new(Tails::new(cx.database)),
            page: RefCell::new(LastPage::new(cx.database)),
            seeks: RefCell::default(),
            merged: RefCell::default(),
            last_row: RefCell::default(),
            csv_place: RefCell::default(),
            hits: Cell::new(0),
            paths: Cell::new(0),
            max_paths: cx.max_paths,
            memory: Memory::new(cx.max_memory),
            lists_read: Cell::new(0),
            standing: Cell::default(),
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
        self.write_lists()?;
        self.write_page()?;
        Ok(Savepoint { mark: self.tx.borrow().mark(), changes: self.changes.borrow().mark() })
    }

    /// Takes back what was written since a savepoint.
    pub fn roll_back_to(&self, savepoint: Savepoint) {
        self.tx.borrow_mut().rollback_to(savepoint.mark);
        self.leave_mirror();
        self.changes.borrow_mut().back_to(savepoint.changes);
        self.tails.borrow_mut().forget();
        self.page.borrow_mut().forget();
        self.seeks.borrow_mut().forget();
        self.merged.borrow_mut().forget();
        self.tokens.forget();
        self.forget_row();
    }

    /// Writes the end of a list that is about to be read.
    pub(super) fn write_list(&self, list: List) -> Result<()> {
        let mut tails = self.tails.borrow_mut();
        if tails.is_empty() { Ok(()) } else { self.write(|tx| tails.flush(tx, list)) }
    }

    /// Writes the last rows of relationships.
    pub(super) fn write_page(&self) -> Result<()> {
        let mut page = self.page.borrow_mut();
        if page.is_written() { Ok(()) } else { self.write(|tx| page.flush(tx)) }
    }

    /// Writes the ends of all lists.
    pub(super) fn write_lists(&self) -> Result<()> {
        let mut tails = self.tails.borrow_mut();
        if tails.is_empty() { Ok(()) } else { self.write(|tx| tails.flush_all(tx)) }
    }

    /// Whether rows are counted.
    pub fn is_profiled(&self) -> bool {
        self.measured.is_some()
    }

    /// Look-ups so far.
    pub fn hits(&self) -> u64 {
        self.hits.get()
    }

    /// Counts further look-ups.
    pub(super) fn count_hits(&self, hits: u64) {
        self.hits.set(self.hits.get() + hits);
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

    pub(super) fn row(&self, key: RowKey) -> Result<Option<Rc<[u8]>>> {
        if let Some((known, row)) = &*self.last_row.borrow()
            && *known == key
        {
            return Ok(Some(row.clone()));
        }
        let (is_node, id) = key;
        let found = self
            .read(|tx| if is_node { store::node_row(tx, self.database, id) } else { self.page.borrow().row(tx, id) })?;
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

    /// The id of a name in the plan, if it was ever used.
    pub fn token_of(&self, name: &TokenRef) -> Result<Option<u32>> {
        Ok(name.id(&self.tokens, self.tx.borrow().as_read())?)
    }

    /// The id of a name in the plan, written down if it was never used.
    pub fn make_token(&self, name: &TokenRef) -> Result<u32> {
        if let Some(id) = self.token_of(name)? {
            return Ok(id);
        }
        self.write(|tx| name.id_or_create(&self.tokens, tx))
    }

    /// A random stamp, never 0.
    pub(super) fn new_stamp(&self) -> u64 {
        self.rng.borrow_mut().u64(1..)
    }
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
        if let Some(value) = self.column_value(Of::Nodes, id, key)? {
            return Ok(value);
        }
        Ok(record::node_property(&self.node_row(id)?, key)?.unwrap_or(Value::Null))
    }

    fn relationship_property(&self, id: u64, key: &TokenRef) -> Result<Value> {
        let Some(key) = self.token_of(key)? else {
            return self.relationship_row(id).map(|_| Value::Null);
        };
        if let Some(value) = self.column_value(Of::Relationships, id, key)? {
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
        if let Some(has) = self.label_set_has(id, label)? {
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

    fn csv_place(&self) -> Option<(Arc<str>, u64)> {
        self.csv_place.borrow().clone()
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
