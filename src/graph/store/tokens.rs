//! Names of labels, relationship types and property keys as 32-bit ids.

use super::layout::meta_key;
use crate::storage::{Catalog, Direction, Error, KeyRange, META, Read, Result, Write};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a token names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A label.
    Label,
    /// A relationship type.
    Type,
    /// A property key.
    Key,
}

impl TokenKind {
    /// The byte in keys.
    pub const fn byte(self) -> u8 {
        match self {
            TokenKind::Label => b'l',
            TokenKind::Type => b't',
            TokenKind::Key => b'k',
        }
    }
}

/// A name in a plan that remembers its id.
#[derive(Debug)]
pub struct TokenRef {
    kind: TokenKind,
    name: Arc<str>,
    /// The generation of the dictionary that was asked, then one more than the id, or 0 for none.
    known: AtomicU64,
}

impl TokenRef {
    /// Of a name.
    pub fn new(kind: TokenKind, name: impl Into<Arc<str>>) -> Self {
        TokenRef { kind, name: name.into(), known: AtomicU64::new(0) }
    }

    /// The name.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The id; the name is written down if it was never used.
    pub fn id_or_create(&self, tokens: &Tokens, tx: &mut dyn Write) -> Result<u32> {
        match self.id(tokens, tx.as_read())? {
            Some(id) => Ok(id),
            None => tokens.id_or_create(tx, self.kind, &self.name),
        }
    }

    /// The id, if the name was ever used.
    pub fn id(&self, tokens: &Tokens, tx: &dyn Read) -> Result<Option<u32>> {
        let known = self.known.load(Ordering::Relaxed);
        let generation = u64::from(tokens.generation.get());
        if known >> 32 == generation {
            return Ok((known as u32).checked_sub(1));
        }
        let id = tokens.id(tx, self.kind, &self.name)?;
        let packed = id.and_then(|id| id.checked_add(1)).unwrap_or(0);
        self.known.store(generation << 32 | u64::from(packed), Ordering::Relaxed);
        Ok(id)
    }
}

/// The dictionary of one database, remembering what was looked up. Made for each statement: a
/// remembered id may belong to a transaction that is rolled back later.
#[derive(Debug)]
pub struct Tokens {
    database: u32,
    /// Grows when an id that was looked up may have become another one: see [`TokenRef`].
    generation: Cell<u32>,
    ids: [RefCell<HashMap<Arc<str>, u32>>; 3],
    names: RefCell<HashMap<(TokenKind, u32), Arc<str>>>,
}

impl Tokens {
    /// An empty memory.
    pub fn new(database: u32) -> Self {
        Tokens { database, generation: Cell::new(1), ids: Default::default(), names: RefCell::default() }
    }

    /// Forgets what was looked up: some of it may have been rolled back.
    pub fn forget(&self) {
        self.ids.iter().for_each(|ids| ids.borrow_mut().clear());
        self.names.borrow_mut().clear();
        self.generation.set(self.generation.get() + 1);
    }

    /// The id of a name, if it was ever used.
    pub fn id(&self, tx: &dyn Read, kind: TokenKind, name: &str) -> Result<Option<u32>> {
        let ids = &self.ids[kind as usize];
        if let Some(&id) = ids.borrow().get(name) {
            return Ok(Some(id));
        }
        let Some(bytes) = tx.get(META, &self.id_key(kind, name))? else { return Ok(None) };
        let id = u32::from_be_bytes(bytes.try_into().map_err(|_| Error::corrupted("a token"))?);
        ids.borrow_mut().insert(Arc::from(name), id);
        Ok(Some(id))
    }

    /// The id of a name, which is made if it is missing.
    pub fn id_or_create(&self, tx: &mut dyn Write, kind: TokenKind, name: &str) -> Result<u32> {
        if let Some(id) = self.id(tx.as_read(), kind, name)? {
            return Ok(id);
        }
        let number = Catalog::next_number(tx, "token")?;
        let id = u32::try_from(number).map_err(|_| Error::corrupted("the token counter"))?;
        tx.put(META, &self.id_key(kind, name), &id.to_be_bytes())?;
        tx.put(META, &self.name_key(kind, id), name.as_bytes())?;
        self.ids[kind as usize].borrow_mut().insert(Arc::from(name), id);
        // Whoever remembers that there is no such name must look again.
        self.generation.set(self.generation.get() + 1);
        Ok(id)
    }

    /// The name of an id.
    pub fn name(&self, tx: &dyn Read, kind: TokenKind, id: u32) -> Result<Arc<str>> {
        if let Some(name) = self.names.borrow().get(&(kind, id)) {
            return Ok(name.clone());
        }
        let bytes =
            tx.get(META, &self.name_key(kind, id))?.ok_or_else(|| Error::corrupted("a token without a name"))?;
        let name: Arc<str> = String::from_utf8_lossy(&bytes).into();
        self.names.borrow_mut().insert((kind, id), name.clone());
        Ok(name)
    }

    /// All names of a kind with their ids, by name.
    pub fn all(&self, tx: &dyn Read, kind: TokenKind) -> Result<Vec<(String, u32)>> {
        let prefix = meta_key("tok", self.database, &[kind.byte()]);
        let mut all = Vec::new();
        tx.scan(META, &KeyRange::prefix(&prefix), Direction::Forward, &mut |key, value| {
            let id = u32::from_be_bytes(value.try_into().map_err(|_| Error::corrupted("a token"))?);
            all.push((String::from_utf8_lossy(&key[prefix.len()..]).into_owned(), id));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(all)
    }

    fn id_key(&self, kind: TokenKind, name: &str) -> Vec<u8> {
        meta_key("tok", self.database, &[&[kind.byte()], name.as_bytes()].concat())
    }

    fn name_key(&self, kind: TokenKind, id: u32) -> Vec<u8> {
        meta_key("tokn", self.database, &[&[kind.byte()][..], &id.to_be_bytes()].concat())
    }
}
