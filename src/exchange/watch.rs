//! Watched keys: whether somebody has changed them
//! (redis.io/docs/latest/develop/using-commands/transactions, "Optimistic locking").

use super::Audience;

/// A key that a session watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedKey {
    /// The database's name.
    pub database: String,
    /// The keyspace in it.
    pub keyspace: u8,
    /// The key.
    pub key: Vec<u8>,
    /// Whether it was there when the watch began: emptying a keyspace changes only keys that are there.
    pub existed: bool,
}

/// What a command changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touch {
    /// A key of a keyspace was written or removed.
    Key(u8, Vec<u8>),
    /// A keyspace was emptied.
    Keyspace(u8),
    /// A keyspace holds the keys of another. What that means for each key that others watch is not known;
    /// of its own watched keys a session names those that were in either.
    Swapped(u8),
    /// Nobody knows what.
    Anything,
}

/// What one session watches.
#[derive(Debug, Default)]
pub(super) struct Watch {
    keys: Vec<WatchedKey>,
    is_touched: bool,
}

impl Watch {
    pub fn add(&mut self, key: WatchedKey) {
        if !self.keys.contains(&key) {
            self.keys.push(key);
        }
    }

    pub fn is_touched(&self) -> bool {
        self.is_touched
    }

    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub fn keys(&self) -> impl Iterator<Item = &[u8]> {
        self.keys.iter().map(|watched| watched.key.as_slice())
    }

    pub fn touch(&mut self, database: &str, touches: &[Touch], audience: Audience) {
        let is_hit = |watched: &WatchedKey| {
            watched.database == database
                && touches.iter().any(|touch| match touch {
                    Touch::Key(keyspace, key) => watched.keyspace == *keyspace && watched.key == *key,
                    Touch::Keyspace(keyspace) => watched.keyspace == *keyspace && watched.existed,
                    Touch::Swapped(keyspace) => watched.keyspace == *keyspace && audience == Audience::Others,
                    Touch::Anything => true,
                })
        };
        self.is_touched = self.is_touched || self.keys.iter().any(is_hit);
    }
}
