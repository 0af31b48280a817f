//! A transaction: snapshot, overlay of own writes, and the journal that undoes one statement.

use super::arena::Slice;
use super::flush;
use super::gaps;
use super::gate::Pass;
use super::overlay::{Overlay, Row};
use super::peeked::{Peeked, Place};
use super::snapshot::{Snapshot, scan_table};
use super::space::SpaceMap;
use super::store::{Durability, Shared};
use super::{Direction, Error, KeyRange, Read, Result, Space, Visitor, Work, Write};
use redb::{ReadableTable, TableDefinition};
use std::cell::Cell;
use std::collections::HashSet;
use std::ops::{Bound, ControlFlow};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Between two statements, a transaction with more unwritten bytes than this moves them into the
/// (uncommitted) redb transaction.
pub const SPILL_BYTES: usize = 64 << 20;

/// One statement may not write more than this.
const STATEMENT_BYTES: usize = 2 << 30;

/// Memory of an uncommitted row beside its key and its value.
const ROW_BYTES: usize = 32;

/// A journal entry: how to undo one write.
enum Undo {
    /// A row of the overlay, by its number.
    Row { space: Space, number: u32, before: Row<Slice> },
    /// The overlay before the space was dropped.
    Dropped { space: Space, before: Box<Overlay> },
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
    /// A statement that has ended wrote something.
    has_writes: bool,
    /// Some overlay keeps many values that were replaced.
    is_wasteful: bool,
    /// The user's wish to stop comes too late.
    uninterruptible: bool,
    /// A write was refused, since another session had committed.
    is_stale: bool,
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
            has_writes: false,
            is_wasteful: false,
            uninterruptible: false,
            is_stale: false,
            pass: None,
        }
    }

    /// Whether a write was refused with [`Error::Conflict`]: nothing can be written from this snapshot any more.
    pub fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// Whether anything was written.
    pub fn is_dirty(&self) -> bool {
        self.has_writes || !self.journal.is_empty()
    }

    /// Bytes written and not yet handed to redb.
    pub fn pending_bytes(&self) -> usize {
        self.pending_bytes
    }

    /// A mark for [`Transaction::rollback_to`].
    pub fn mark(&self) -> usize {
        self.journal.len()
    }

    /// Undoes every write of the running statement since `mark`.
    pub fn rollback_to(&mut self, mark: usize) {
        while self.journal.len() > mark {
            match self.journal.pop() {
                Some(Undo::Row { space, number, before }) => {
                    if let Some(overlay) = self.overlays.get_mut(&space) {
                        self.pending_bytes += before.bytes();
                        let undone = overlay.restore(number, before);
                        self.pending_bytes = self.pending_bytes.saturating_sub(undone.bytes());
                    }
                }
                Some(Undo::Dropped { space, before }) => {
                    self.overlays.insert(space, *before);
                }
                None => break,
            }
        }
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
        self.has_writes |= !self.journal.is_empty();
        self.journal.clear();
        self.statement_bytes = 0;
        if std::mem::take(&mut self.is_wasteful) {
            self.overlays.values_mut().filter(|overlay| overlay.is_wasteful()).for_each(Overlay::compact);
        }
        if self.pending_bytes > SPILL_BYTES { self.spill() } else { Ok(()) }
    }

    /// From here on the transaction is only ended: Ctrl-C no longer stops its reads and writes, because
    /// what was answered must be kept.
    pub fn make_uninterruptible(&mut self) {
        self.uninterruptible = true;
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
        for (space, mut overlay) in self.overlays.drain() {
            if overlay.is_clean() {
                continue;
            }
            overlay.forget_places();
            let name = space.table_name();
            let definition = TableDefinition::<&[u8], &[u8]>::new(&name);
            if overlay.dropped {
                spilled.txn.delete_table(definition)?;
            }
            spilled.spaces.insert(space);
            flush::write_rows(&mut spilled.txn.open_table(definition)?, overlay.changes())?;
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
        if self.pass.is_some() { Ok(()) } else { self.enter_within(self.shared.writer_wait()) }
    }

    fn enter_within(&mut self, longest: Duration) -> Result<()> {
        if self.shared.read_only() {
            return Err(Error::ReadOnly);
        }
        let pass = self.shared.gate.enter(longest)?;
        if self.shared.version() != self.version() {
            self.is_stale = true;
            return Err(Error::Conflict);
        }
        self.pass = Some(pass);
        Ok(())
    }

    fn write_row(&mut self, space: Space, key: &[u8], value: Option<&[u8]>) -> Result<()> {
        self.check_interrupt()?;
        self.enter()?;
        let bytes = key.len() + value.map_or(0, <[u8]>::len) + ROW_BYTES;
        self.statement_bytes += bytes;
        if self.statement_bytes > STATEMENT_BYTES {
            return Err(Error::StatementTooLarge(STATEMENT_BYTES >> 20));
        }
        let overlay = self.overlays.entry(space).or_default();
        let (number, before) = overlay.set(key, value);
        self.is_wasteful |= overlay.is_wasteful();
        // A row that was there keeps its key.
        let replaced = if before == Row::Untouched { 0 } else { key.len() + before.bytes() + ROW_BYTES };
        self.pending_bytes = (self.pending_bytes + bytes).saturating_sub(replaced);
        self.journal.push(Undo::Row { space, number, before });
        Ok(())
    }

    /// The redb transaction, if rows of this space have moved there.
    fn spilled_txn(&self, space: Space) -> Option<&redb::WriteTransaction> {
        self.spilled.as_ref().filter(|spilled| spilled.spaces.contains(&space)).map(|spilled| &spilled.txn)
    }

    fn base_peek(&self, space: Space, key: &[u8]) -> Result<Option<Peeked<'_>>> {
        let Some(txn) = self.spilled_txn(space) else { return self.snapshot.peek(space, key) };
        let name = space.table_name();
        let table = txn.open_table(TableDefinition::<&[u8], &[u8]>::new(&name))?;
        let value = table.get(key)?.map(|value| Peeked(Place::Copy(value.value().to_vec())));
        Ok(value)
    }

    fn base_scan(&self, space: Space, range: &KeyRange, direction: Direction, visit: &mut Visitor<'_>) -> Result<()> {
        match self.spilled_txn(space) {
            Some(txn) => spilled_scan(txn, space, range.clone(), direction, visit),
            None => self.snapshot.scan(space, range, direction, visit),
        }
    }
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
    fn peek(&self, space: Space, key: &[u8]) -> Result<Option<Peeked<'_>>> {
        self.check_interrupt()?;
        if let Some(overlay) = self.overlays.get(&space) {
            match overlay.get(key) {
                Row::Value(value) => return Ok(Some(Peeked(Place::Overlay(value)))),
                Row::Deleted => return Ok(None),
                Row::Untouched if overlay.dropped => return Ok(None),
                Row::Untouched => {}
            }
        }
        self.base_peek(space, key)
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
        let whole = range;
        let rest = overlay.skip_gap(whole, direction);
        let range = rest.as_ref().unwrap_or(whole);
        let mut found_one = false;
        // Rows removed before the first one that is there.
        let removed = Cell::new(0);
        let mut visit = |key: &[u8], value: &[u8]| {
            if !std::mem::replace(&mut found_one, true) && removed.get() >= gaps::LEAST {
                overlay.note_gap(whole, direction, Some(key));
            }
            visit(key, value)
        };
        let order = overlay.order();
        let mut own = order.range(overlay, range, direction).filter_map(|(key, row)| match row {
            Row::Value(value) => Some((key, Some(value))),
            Row::Deleted => {
                removed.set(removed.get() + 1);
                Some((key, None))
            }
            Row::Untouched => None,
        });
        let mut next = own.next();
        let mut stopped = false;
        if !overlay.dropped {
            self.base_scan(space, range, direction, &mut |key, value| {
                // Own rows that come before this one; a row of the same key hides it.
                while let Some((own_key, row)) = next {
                    let order = match direction {
                        Direction::Forward => own_key.cmp(key),
                        Direction::Backward => key.cmp(own_key),
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
        if !found_one && removed.get() >= gaps::LEAST {
            overlay.note_gap(whole, direction, None);
        }
        Ok(())
    }

    fn check_interrupt(&self) -> Result<()> {
        if self.shared.interrupt.load(Ordering::Relaxed) && !self.uninterruptible {
            return Err(Error::Interrupted);
        }
        Ok(())
    }

    fn work(&self, what: &str, of: u64, things: &'static str) -> Work {
        Work::new(self.shared.watcher(), what, of, things)
    }

    fn version(&self) -> u64 {
        self.snapshot.version
    }
}

impl Write for Transaction {
    fn put(&mut self, space: Space, key: &[u8], value: &[u8]) -> Result<()> {
        self.write_row(space, key, Some(value))
    }

    fn delete(&mut self, space: Space, key: &[u8]) -> Result<()> {
        self.write_row(space, key, None)
    }

    fn drop_space(&mut self, space: Space) -> Result<()> {
        self.check_interrupt()?;
        self.enter()?;
        let before = self.overlays.insert(space, Overlay::dropped()).unwrap_or_default();
        self.journal.push(Undo::Dropped { space, before: Box::new(before) });
        Ok(())
    }

    fn mark(&self) -> usize {
        Transaction::mark(self)
    }

    fn rollback_to(&mut self, mark: usize) {
        Transaction::rollback_to(self, mark);
    }

    fn may_write(&mut self) -> bool {
        self.pass.is_some() || self.enter_within(Duration::ZERO).is_ok()
    }

    fn as_read(&self) -> &dyn Read {
        self
    }
}
