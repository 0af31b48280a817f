//! A transaction: snapshot, overlay of own writes, and the journal that undoes one statement.

use super::gate::Pass;
use super::snapshot::{Snapshot, scan_table};
use super::space::SpaceMap;
use super::store::{Durability, Shared};
use super::{Direction, Error, KeyRange, Read, Result, Space, Visitor, Write};
use redb::{ReadableTable, TableDefinition};
use smallvec::SmallVec;
use std::collections::{BTreeMap, HashSet};
use std::ops::{Bound, ControlFlow};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Between two statements, a transaction with more unwritten bytes than this moves them into the
/// (uncommitted) redb transaction.
pub const SPILL_BYTES: usize = 64 << 20;

/// One statement may not write more than this.
const STATEMENT_BYTES: usize = 2 << 30;

/// Short keys stand in the tree's nodes themselves: a search then touches a fraction of the cache lines.
type Key = SmallVec<[u8; 24]>;
type Rows = BTreeMap<Key, Option<Vec<u8>>>;
type RowIter<'o> = Box<dyn Iterator<Item = (&'o Key, &'o Option<Vec<u8>>)> + 'o>;

/// Own writes to one space; `None` marks a deleted row.
#[derive(Default)]
struct Overlay {
    rows: Rows,
    /// The space was dropped: rows below do not count.
    dropped: bool,
}

/// A journal entry: how to undo one write.
enum Undo {
    /// The overlay's row before; `None` if it had none.
    Row { space: Space, key: Key, before: Option<Option<Vec<u8>>> },
    /// The overlay before the space was dropped.
    Dropped { space: Space, before: Overlay },
}

/// Writes that have moved on into an uncommitted redb transaction.
struct Spilled {
    txn: redb::WriteTransaction,
    /// Spaces that must be read from it; all others still stand as in the snapshot.
    spaces: HashSet<Space>,
}

/// A unit of work on one store. Dropping it rolls it back.
pub struct Transaction {
    shared: Arc<Shared>,
    snapshot: Snapshot,
    spilled: Option<Spilled>,
    overlays: SpaceMap<Overlay>,
    journal: Vec<Undo>,
    pending_bytes: usize,
    statement_bytes: usize,
    pass: Option<Pass>,
}

impl Transaction {
    pub(super) fn new(shared: Arc<Shared>, snapshot: Snapshot) -> Self {
        Transaction {
            shared,
            snapshot,
            spilled: None,
            overlays: SpaceMap::default(),
            journal: Vec::new(),
            pending_bytes: 0,
            statement_bytes: 0,
            pass: None,
        }
    }

    /// Whether anything was written.
    pub fn is_dirty(&self) -> bool {
        self.spilled.is_some() || !self.overlays.is_empty()
    }

    /// Bytes written and not yet handed to redb.
    pub fn pending_bytes(&self) -> usize {
        self.pending_bytes
    }

    /// A mark for [`Transaction::rollback_to`].
    pub fn mark(&self) -> usize {
        self.journal.len()
    }

    /// Undoes every write since `mark`.
    pub fn rollback_to(&mut self, mark: usize) {
        while self.journal.len() > mark {
            match self.journal.pop() {
                Some(Undo::Row { space, key, before }) => {
                    let rows = &mut self.overlays.entry(space).or_default().rows;
                    match before {
                        Some(row) => rows.insert(key, row),
                        None => rows.remove(&key),
                    };
                }
                Some(Undo::Dropped { space, before }) => {
                    self.overlays.insert(space, before);
                }
                None => break,
            }
        }
        self.overlays.retain(|_, overlay| overlay.dropped || !overlay.rows.is_empty());
    }

    /// Undoes the running statement.
    pub fn rollback_statement(&mut self) {
        self.rollback_to(0);
        self.statement_bytes = 0;
    }

    /// Ends the running statement: it can no longer be undone by itself.
    ///
    /// # Errors
    /// Spilling a large overlay into the file may fail; the transaction must then be dropped.
    pub fn end_statement(&mut self) -> Result<()> {
        self.journal.clear();
        self.statement_bytes = 0;
        if self.pending_bytes > SPILL_BYTES { self.spill() } else { Ok(()) }
    }

    /// Writes everything to the store, at once and for good. A transaction without writes commits freely.
    ///
    /// # Errors
    /// Nothing was kept; the store was opened again and shows its last commit.
    pub fn commit(mut self, durability: Durability) -> Result<()> {
        if !self.is_dirty() {
            return Ok(());
        }
        let result = self.write_out(durability);
        if result.is_err() {
            let shared = Arc::clone(&self.shared);
            // The redb transaction has to be gone before the file can be opened again.
            drop(self);
            shared.reopen();
        }
        result
    }

    fn write_out(&mut self, durability: Durability) -> Result<()> {
        self.spill()?;
        let Some(Spilled { mut txn, .. }) = self.spilled.take() else { return Ok(()) };
        txn.set_durability(match durability {
            Durability::Immediate => redb::Durability::Immediate,
            Durability::Eventual => redb::Durability::None,
        })
        .map_err(redb::Error::from)?;
        txn.commit()?;
        self.shared.bump_version();
        Ok(())
    }

    /// Moves the overlay into the redb transaction, beginning one if need be.
    fn spill(&mut self) -> Result<()> {
        let spilled = match &mut self.spilled {
            Some(spilled) => spilled,
            none => none.insert(Spilled { txn: self.shared.begin_write()?, spaces: HashSet::new() }),
        };
        for (space, overlay) in self.overlays.drain() {
            let name = space.table_name();
            let definition = TableDefinition::<&[u8], &[u8]>::new(&name);
            if overlay.dropped {
                spilled.txn.delete_table(definition)?;
            }
            spilled.spaces.insert(space);
            apply(&mut spilled.txn.open_table(definition)?, overlay.rows)?;
        }
        self.pending_bytes = 0;
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn spill_now(&mut self) -> Result<()> {
        self.spill()
    }

    /// Takes the writer gate at the first write.
    fn enter(&mut self) -> Result<()> {
        if self.pass.is_some() {
            return Ok(());
        }
        if self.shared.read_only() {
            return Err(Error::ReadOnly);
        }
        let pass = self.shared.gate.enter(self.shared.writer_wait())?;
        if self.shared.version() != self.version() {
            return Err(Error::Conflict);
        }
        self.pass = Some(pass);
        Ok(())
    }

    fn write_row(&mut self, space: Space, key: &[u8], row: Option<Vec<u8>>) -> Result<()> {
        self.check_interrupt()?;
        self.enter()?;
        let bytes = key.len() + row.as_ref().map_or(0, Vec::len) + 64;
        self.pending_bytes += bytes;
        self.statement_bytes += bytes;
        if self.statement_bytes > STATEMENT_BYTES {
            return Err(Error::StatementTooLarge(STATEMENT_BYTES >> 20));
        }
        let key = Key::from_slice(key);
        let before = self.overlays.entry(space).or_default().rows.insert(key.clone(), row);
        self.journal.push(Undo::Row { space, key, before });
        Ok(())
    }

    /// The redb transaction, if rows of this space have moved there.
    fn spilled_txn(&self, space: Space) -> Option<&redb::WriteTransaction> {
        self.spilled.as_ref().filter(|spilled| spilled.spaces.contains(&space)).map(|spilled| &spilled.txn)
    }

    fn base_get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>> {
        let Some(txn) = self.spilled_txn(space) else { return self.snapshot.get(space, key) };
        let name = space.table_name();
        let table = txn.open_table(TableDefinition::<&[u8], &[u8]>::new(&name))?;
        let value = table.get(key)?.map(|value| value.value().to_vec());
        Ok(value)
    }

    fn base_scan(&self, space: Space, range: &KeyRange, direction: Direction, visit: &mut Visitor<'_>) -> Result<()> {
        match self.spilled_txn(space) {
            Some(txn) => spilled_scan(txn, space, range.clone(), direction, visit),
            None => self.snapshot.scan(space, range, direction, visit),
        }
    }
}

/// Writes rows to a table. Rows behind its last key are appended through a cursor, several times
/// faster than one by one.
fn apply(table: &mut redb::Table<'_, &'static [u8], &'static [u8]>, mut rows: Rows) -> Result<()> {
    let last = table.last()?.map(|(key, _)| key.value().to_vec());
    let behind = match last {
        Some(mut last) => {
            last.push(0);
            rows.split_off(last.as_slice())
        }
        None => std::mem::take(&mut rows),
    };
    for (key, row) in rows {
        match row {
            Some(value) => drop(table.insert(key.as_slice(), value.as_slice())?),
            None => drop(table.remove(key.as_slice())?),
        }
    }
    let mut end = table.upper_bound_mut(Bound::<&[u8]>::Unbounded)?;
    for (key, row) in behind {
        if let Some(value) = row {
            end.insert_before(key.as_slice(), value.as_slice()).map_err(redb::Error::from)?;
        }
    }
    Ok(end.close()?)
}

/// redb lets a table of a write transaction be open once, and the visitor may read too: so rows are
/// taken out a page at a time, with the table closed while the visitor runs.
fn spilled_scan(
    txn: &redb::WriteTransaction,
    space: Space,
    mut range: KeyRange,
    direction: Direction,
    visit: &mut Visitor<'_>,
) -> Result<()> {
    const PAGE: usize = 512;
    let name = space.table_name();
    loop {
        let mut page = Vec::new();
        let table = txn.open_table(TableDefinition::<&[u8], &[u8]>::new(&name))?;
        scan_table(&table, &range, direction, &mut |key, value| {
            page.push((key.to_vec(), value.to_vec()));
            Ok(if page.len() == PAGE { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        drop(table);
        let last = page.last().filter(|_| page.len() == PAGE).map(|(key, _)| Bound::Excluded(key.clone()));
        for (key, value) in page {
            if visit(&key, &value)?.is_break() {
                return Ok(());
            }
        }
        match (last, direction) {
            (Some(last), Direction::Forward) => range.start = last,
            (Some(last), Direction::Backward) => range.end = last,
            (None, _) => return Ok(()),
        }
    }
}

impl Read for Transaction {
    fn get(&self, space: Space, key: &[u8]) -> Result<Option<Vec<u8>>> {
        self.check_interrupt()?;
        if let Some(overlay) = self.overlays.get(&space) {
            if let Some(row) = overlay.rows.get(key) {
                return Ok(row.clone());
            }
            if overlay.dropped {
                return Ok(None);
            }
        }
        self.base_get(space, key)
    }

    fn scan(&self, space: Space, range: &KeyRange, direction: Direction, visit: &mut Visitor<'_>) -> Result<()> {
        self.check_interrupt()?;
        let mut steps = 0u32;
        let mut visit = |key: &[u8], value: &[u8]| {
            steps = steps.wrapping_add(1);
            if steps.is_multiple_of(256) {
                self.check_interrupt()?;
            }
            visit(key, value)
        };
        let Some(overlay) = self.overlays.get(&space) else {
            return self.base_scan(space, range, direction, &mut visit);
        };
        if range.is_empty() {
            return Ok(());
        }
        let mut own: RowIter<'_> = match direction {
            Direction::Forward => Box::new(overlay.rows.range::<[u8], _>(range.bounds())),
            Direction::Backward => Box::new(overlay.rows.range::<[u8], _>(range.bounds()).rev()),
        };
        let mut next = own.next();
        let mut stopped = false;
        if !overlay.dropped {
            self.base_scan(space, range, direction, &mut |key, value| {
                // Own rows that come before this one; a row of the same key hides it.
                while let Some((own_key, row)) = next {
                    let order = match direction {
                        Direction::Forward => own_key.as_slice().cmp(key),
                        Direction::Backward => key.cmp(own_key.as_slice()),
                    };
                    if order.is_gt() {
                        break;
                    }
                    next = own.next();
                    if let Some(own_value) = row
                        && visit(own_key, own_value)?.is_break()
                    {
                        stopped = true;
                        return Ok(ControlFlow::Break(()));
                    }
                    if order.is_eq() {
                        return Ok(ControlFlow::Continue(()));
                    }
                }
                let flow = visit(key, value)?;
                stopped = flow.is_break();
                Ok(flow)
            })?;
        }
        while !stopped && let Some((own_key, row)) = next {
            next = own.next();
            if let Some(own_value) = row
                && visit(own_key, own_value)?.is_break()
            {
                break;
            }
        }
        Ok(())
    }

    fn check_interrupt(&self) -> Result<()> {
        if self.shared.interrupt.load(Ordering::Relaxed) { Err(Error::Interrupted) } else { Ok(()) }
    }

    fn version(&self) -> u64 {
        self.snapshot.version
    }
}

impl Write for Transaction {
    fn put(&mut self, space: Space, key: &[u8], value: &[u8]) -> Result<()> {
        self.write_row(space, key, Some(value.to_vec()))
    }

    fn delete(&mut self, space: Space, key: &[u8]) -> Result<()> {
        self.write_row(space, key, None)
    }

    fn drop_space(&mut self, space: Space) -> Result<()> {
        self.check_interrupt()?;
        self.enter()?;
        let dropped = Overlay { rows: Rows::new(), dropped: true };
        let before = self.overlays.insert(space, dropped).unwrap_or_default();
        self.journal.push(Undo::Dropped { space, before });
        Ok(())
    }

    fn mark(&self) -> usize {
        Transaction::mark(self)
    }

    fn rollback_to(&mut self, mark: usize) {
        Transaction::rollback_to(self, mark);
    }

    fn as_read(&self) -> &dyn Read {
        self
    }
}
