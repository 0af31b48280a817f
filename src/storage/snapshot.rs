//! A consistent view of the committed data.

use super::peeked::{Peeked, Place};
use super::space::SpaceMap;
use super::{Direction, KeyRange, Result, Space};
use redb::{ReadOnlyTable, ReadTransaction, ReadableTable, TableDefinition, TableError};
use std::cell::RefCell;
use std::ops::ControlFlow;
use std::rc::Rc;

pub(super) type Table = ReadOnlyTable<&'static [u8], &'static [u8]>;

/// The committed data at one moment. Table handles are opened once and kept.
pub(super) struct Snapshot {
    txn: ReadTransaction,
    tables: RefCell<SpaceMap<Option<Rc<Table>>>>,
    pub(super) version: u64,
}

impl Snapshot {
    pub(super) fn new(txn: ReadTransaction, version: u64) -> Self {
        Snapshot { txn, tables: RefCell::default(), version }
    }

    /// The table of a space, or `None` if nothing was ever written there.
    fn table(&self, space: Space) -> Result<Option<Rc<Table>>> {
        if let Some(table) = self.tables.borrow().get(&space) {
            return Ok(table.clone());
        }
        let name = space.table_name();
        let table = match self.txn.open_table(TableDefinition::<&[u8], &[u8]>::new(&name)) {
            Ok(table) => Some(Rc::new(table)),
            Err(TableError::TableDoesNotExist(_)) => None,
            Err(error) => return Err(error.into()),
        };
        self.tables.borrow_mut().insert(space, table.clone());
        Ok(table)
    }

    pub(super) fn peek(&self, space: Space, key: &[u8]) -> Result<Option<Peeked<'static>>> {
        match self.table(space)? {
            Some(table) => Ok(table.get(key)?.map(|value| Peeked(Place::Page(value)))),
            None => Ok(None),
        }
    }

    pub(super) fn scan(
        &self,
        space: Space,
        range: &KeyRange,
        direction: Direction,
        visit: &mut super::Visitor<'_>,
    ) -> Result<()> {
        match self.table(space)? {
            Some(table) => scan_table(&*table, range, direction, visit),
            None => Ok(()),
        }
    }
}

/// Walks a redb table, of a read or a write transaction.
pub(super) fn scan_table(
    table: &impl ReadableTable<&'static [u8], &'static [u8]>,
    range: &KeyRange,
    direction: Direction,
    visit: &mut super::Visitor<'_>,
) -> Result<()> {
    if range.is_empty() {
        return Ok(());
    }
    let mut rows = table.range::<&[u8]>(range.bounds())?;
    loop {
        let row = match direction {
            Direction::Forward => rows.next(),
            Direction::Backward => rows.next_back(),
        };
        let Some(row) = row else { return Ok(()) };
        let (key, value) = row?;
        if let ControlFlow::Break(()) = visit(key.value(), value.value())? {
            return Ok(());
        }
    }
}
