//! The memory that operators hold: sorted rows, groups, the other side of a join. A statement may hold so many
//! bytes in all and fails beyond, rather than take the machine with it.

use super::Runtime;
use crate::graph::{Detail, Error, Kind, Result};
use crate::value::graph::Value;
use std::cell::Cell;
use std::rc::Rc;

/// What an entry of a table or list costs besides its values, roughly.
const ENTRY: u64 = 48;

/// What a statement holds, and how much it may, in bytes.
#[derive(Debug)]
pub struct Memory {
    held: Cell<u64>,
    most: u64,
}

impl Memory {
    /// Nothing held yet.
    pub fn new(most: u64) -> Rc<Self> {
        Rc::new(Memory { held: Cell::new(0), most })
    }
}

/// What one operator holds; it is given back when this is dropped.
#[derive(Debug)]
pub struct Held {
    memory: Rc<Memory>,
    bytes: u64,
}

impl Runtime<'_> {
    /// An operator begins to hold rows.
    pub fn hold(&self) -> Held {
        Held { memory: self.memory.clone(), bytes: 0 }
    }
}

impl Held {
    /// Adds a row or value; fails if the statement holds too much, in words about `what` holds it.
    pub fn add(&mut self, values: &[Value], what: &str) -> Result<()> {
        let bytes = ENTRY + values.iter().map(size).sum::<u64>();
        self.bytes += bytes;
        let held = self.memory.held.get() + bytes;
        self.memory.held.set(held);
        if held <= self.memory.most {
            return Ok(());
        }
        let message = format!("{what} would hold more than {} MiB in memory", self.memory.most >> 20);
        Err(Error::runtime(Kind::Limit, Detail::TooLarge, message)
            .hint("use LIMIT or a narrower pattern, or raise the limit: :max-memory MIB"))
    }

    /// Gives everything back.
    pub fn clear(&mut self) {
        self.memory.held.set(self.memory.held.get().saturating_sub(self.bytes));
        self.bytes = 0;
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.clear();
    }
}

/// The bytes of a value, roughly; text that is shared counts each time.
fn size(value: &Value) -> u64 {
    let inside = match value {
        Value::String(text) => 16 + text.len() as u64,
        Value::List(items) => items.iter().map(size).sum(),
        Value::Map(entries) => entries.iter().map(|(key, value)| ENTRY + key.len() as u64 + size(value)).sum(),
        Value::Path(path) => ENTRY + 8 * (path.nodes.len() + path.relationships.len()) as u64,
        Value::Entity(_) => 4 * ENTRY,
        _ => 0,
    };
    size_of::<Value>() as u64 + inside
}
