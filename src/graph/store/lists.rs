//! Lists in chunks: the neighbours of a node on one side, the relationships of a type.
//!
//! A chunk stands under the list's key and the id of its first relationship. Ids only grow, so a list
//! grows at its end, and the chunk that holds a relationship is the last one that begins at or before it.

use super::adjacency::Neighbour;
use super::layout::{self, CHUNK_BYTES, Side};
use super::record::Endpoints;
use super::varint::{self, Reader};
use crate::storage::{Cursor, Direction, KeyRange, Read, Result, Space, Write};
use smallvec::SmallVec;
use std::collections::HashMap;
use std::ops::{Bound, ControlFlow};

/// A list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum List {
    /// The relationships on one side of a node.
    Neighbours(u64, Side),
    /// The relationships of a type.
    Type(u32),
}

type Key = SmallVec<[u8; 20]>;

impl List {
    fn space(self, database: u32) -> Space {
        match self {
            List::Neighbours(..) => layout::adjacency(database),
            List::Type(_) => layout::types(database),
        }
    }

    fn prefix(self) -> Key {
        match self {
            List::Neighbours(node, side) => {
                let mut key = Key::from_slice(&node.to_be_bytes());
                key.push(side.byte());
                key
            }
            List::Type(kind) => Key::from_slice(&kind.to_be_bytes()),
        }
    }

    fn key(self, first: u64) -> Key {
        let mut key = self.prefix();
        key.extend_from_slice(&first.to_be_bytes());
        key
    }

    fn push(self, out: &mut Vec<u8>, id: u64, ends: Endpoints) {
        match self {
            List::Neighbours(_, side) => {
                varint::push(out, u64::from(ends.kind));
                varint::push(out, if side == Side::Out { ends.target } else { ends.source });
                varint::push(out, id);
            }
            List::Type(_) => {
                varint::push(out, id);
                varint::push(out, ends.source);
                varint::push(out, ends.target);
            }
        }
    }

    /// Reads over an entry; answers the relationship.
    fn skip(self, reader: &mut Reader<'_>) -> Result<u64> {
        let numbers = [reader.number()?, reader.number()?, reader.number()?];
        Ok(match self {
            List::Neighbours(..) => numbers[2],
            List::Type(_) => numbers[0],
        })
    }

    /// Calls `visit` for each chunk.
    pub(super) fn chunks(
        self,
        tx: &dyn Read,
        database: u32,
        visit: &mut dyn FnMut(&mut Reader<'_>) -> Result<()>,
    ) -> Result<()> {
        let range = KeyRange::prefix(&self.prefix());
        tx.scan(self.space(database), &range, Direction::Forward, &mut |_, chunk| {
            visit(&mut Reader::new(chunk))?;
            Ok(ControlFlow::Continue(()))
        })
    }

    /// Takes a relationship out.
    pub fn remove(self, tx: &mut dyn Write, database: u32, relationship: u64) -> Result<()> {
        let space = self.space(database);
        let range = KeyRange {
            start: Bound::Included(self.key(0).to_vec()),
            end: Bound::Included(self.key(relationship).to_vec()),
        };
        let Some((key, chunk)) = tx.first(space, &range, Direction::Backward)? else { return Ok(()) };
        let mut rest = Vec::with_capacity(chunk.len());
        let mut reader = Reader::new(&chunk);
        while !reader.is_empty() {
            let start = chunk.len() - reader.left();
            if self.skip(&mut reader)? != relationship {
                rest.extend_from_slice(chunk.get(start..chunk.len() - reader.left()).unwrap_or_default());
            }
        }
        if rest.is_empty() { tx.delete(space, &key) } else { tx.put(space, &key, &rest) }
    }
}

pub(super) fn next_neighbour(reader: &mut Reader<'_>) -> Result<Option<Neighbour>> {
    if reader.is_empty() {
        return Ok(None);
    }
    Ok(Some(Neighbour { kind: reader.token()?, node: reader.number()?, relationship: reader.number()? }))
}

/// The relationships of a type, in order of their ids, read as they are asked for.
#[derive(Debug)]
pub struct OfType {
    kind: u32,
    cursor: Cursor,
    chunk: Vec<u8>,
    at: usize,
}

impl OfType {
    /// Before the first.
    pub fn new(database: u32, kind: u32) -> Self {
        let range = KeyRange::prefix(&List::Type(kind).prefix());
        let cursor = Cursor::new(layout::types(database), range, Direction::Forward);
        OfType { kind, cursor, chunk: Vec::new(), at: 0 }
    }

    /// The next one.
    pub fn next(&mut self, tx: &dyn Read) -> Result<Option<(u64, Endpoints)>> {
        if self.at >= self.chunk.len() {
            let Some((_, chunk)) = self.cursor.next(tx)? else { return Ok(None) };
            self.chunk = chunk;
            self.at = 0;
        }
        let mut reader = Reader::new(self.chunk.get(self.at..).unwrap_or_default());
        let (id, source, target) = (reader.number()?, reader.number()?, reader.number()?);
        self.at = self.chunk.len() - reader.left();
        Ok(Some((id, Endpoints { source, target, kind: self.kind })))
    }
}

/// Relationships that a statement has made and not yet put into the lists of their nodes: more are put
/// there before they are asked for.
const MOST_WAITING: usize = 4 << 20;

/// What a statement adds to lists, kept in memory until it is read or the statement ends.
///
/// A statement that only makes relationships has them wait, and puts them into the lists node by node.
/// One that reads lists in between keeps the end of each list at hand instead.
#[derive(Debug)]
pub struct Tails {
    database: u32,
    waiting: Vec<(u64, Endpoints)>,
    /// Lists were read.
    is_read: bool,
    tails: HashMap<List, Tail, foldhash::fast::RandomState>,
    /// Whether the spaces of neighbours and of types were empty: what they hold by now is here.
    fresh: Option<[bool; 2]>,
}

/// The last chunk of a list.
#[derive(Debug, Default)]
struct Tail {
    /// The relationship under which it stands.
    first: u64,
    bytes: Vec<u8>,
    /// It is not written yet.
    changed: bool,
}

impl Tail {
    /// The last chunk of a list, if there is room in it; otherwise a new one.
    fn load(tx: &dyn Read, database: u32, list: List, first: u64) -> Result<Self> {
        let range = KeyRange::prefix(&list.prefix());
        Ok(match tx.first(list.space(database), &range, Direction::Backward)? {
            Some((key, bytes)) if bytes.len() < CHUNK_BYTES => {
                Tail { first: layout::trailing_id(&key), bytes, changed: false }
            }
            _ => Tail { first, ..Tail::default() },
        })
    }

    fn add(&mut self, tx: &mut dyn Write, database: u32, list: List, id: u64, ends: Endpoints) -> Result<()> {
        if self.bytes.len() >= CHUNK_BYTES {
            self.flush(tx, database, list)?;
            self.first = id;
            self.bytes.clear();
        }
        list.push(&mut self.bytes, id, ends);
        self.changed = true;
        Ok(())
    }

    fn flush(&mut self, tx: &mut dyn Write, database: u32, list: List) -> Result<()> {
        if std::mem::take(&mut self.changed) {
            tx.put(list.space(database), &list.key(self.first), &self.bytes)?;
        }
        Ok(())
    }
}

impl Tails {
    /// Of no list.
    pub fn new(database: u32) -> Self {
        Tails { database, waiting: Vec::new(), is_read: false, tails: HashMap::default(), fresh: None }
    }

    /// Adds a relationship to its lists.
    pub fn add(&mut self, tx: &mut dyn Write, id: u64, ends: Endpoints) -> Result<()> {
        self.append(tx, List::Type(ends.kind), id, ends)?;
        if self.is_read {
            self.append(tx, List::Neighbours(ends.source, Side::Out), id, ends)?;
            return self.append(tx, List::Neighbours(ends.target, Side::In), id, ends);
        }
        self.waiting.push((id, ends));
        if self.waiting.len() >= MOST_WAITING { self.settle(tx) } else { Ok(()) }
    }

    fn append(&mut self, tx: &mut dyn Write, list: List, id: u64, ends: Endpoints) -> Result<()> {
        if !self.tails.contains_key(&list) {
            let tail = if self.is_fresh(tx.as_read(), list)? {
                Tail { first: id, ..Tail::default() }
            } else {
                Tail::load(tx.as_read(), self.database, list, id)?
            };
            self.tails.insert(list, tail);
        }
        match self.tails.get_mut(&list) {
            Some(tail) => tail.add(tx, self.database, list, id, ends),
            None => Ok(()),
        }
    }

    /// Whether there is nothing of a list but what is here.
    fn is_fresh(&mut self, tx: &dyn Read, list: List) -> Result<bool> {
        let fresh = match self.fresh {
            Some(fresh) => fresh,
            None => {
                let empty = |space| tx.first(space, &KeyRange::all(), Direction::Forward).map(|first| first.is_none());
                *self.fresh.insert([empty(layout::adjacency(self.database))?, empty(layout::types(self.database))?])
            }
        };
        Ok(fresh[usize::from(matches!(list, List::Type(_)))])
    }

    /// Puts what waits into the lists of its nodes.
    fn settle(&mut self, tx: &mut dyn Write) -> Result<()> {
        let mut waiting = std::mem::take(&mut self.waiting);
        for side in [Side::Out, Side::In] {
            let node = |ends: &Endpoints| if side == Side::Out { ends.source } else { ends.target };
            waiting.sort_unstable_by_key(|(id, ends)| (node(ends), *id));
            for group in waiting.chunk_by(|(_, left), (_, right)| node(left) == node(right)) {
                let Some(&(first, ends)) = group.first() else { continue };
                let list = List::Neighbours(node(&ends), side);
                let mut tail = if self.is_fresh(tx.as_read(), list)? {
                    Tail { first, ..Tail::default() }
                } else {
                    Tail::load(tx.as_read(), self.database, list, first)?
                };
                for &(id, ends) in group {
                    tail.add(tx, self.database, list, id, ends)?;
                }
                tail.flush(tx, self.database, list)?;
            }
        }
        self.fresh = self.fresh.map(|[_, types]| [false, types]);
        Ok(())
    }

    /// Makes ready for the reading of a list.
    pub fn flush(&mut self, tx: &mut dyn Write, list: List) -> Result<()> {
        if let List::Neighbours(..) = list {
            self.is_read = true;
            if !self.waiting.is_empty() {
                self.settle(tx)?;
            }
        }
        match self.tails.get_mut(&list) {
            Some(tail) => tail.flush(tx, self.database, list),
            None => Ok(()),
        }
    }

    /// Writes everything and lets go of it.
    pub fn flush_all(&mut self, tx: &mut dyn Write) -> Result<()> {
        self.settle(tx)?;
        for (list, mut tail) in std::mem::take(&mut self.tails) {
            tail.flush(tx, self.database, list)?;
        }
        self.forget();
        Ok(())
    }

    /// Writes the end of a list that will be changed elsewhere, and lets go of it.
    pub fn give_up(&mut self, tx: &mut dyn Write, list: List) -> Result<()> {
        self.flush(tx, list)?;
        self.tails.remove(&list);
        self.fresh = Some([false, false]);
        Ok(())
    }

    /// Lets go of everything, also of what is not written: it is rolled back.
    pub fn forget(&mut self) {
        self.waiting.clear();
        self.tails.clear();
        self.fresh = None;
    }

    /// Whether there is nothing to be written.
    pub fn is_empty(&self) -> bool {
        self.tails.is_empty() && self.waiting.is_empty()
    }
}
