//! The key-value engine: Redis commands on a transaction.
//!
//! [`execute`] runs one command: [`dispatch`] finds its handler by name, checks the number of
//! arguments, lets [`keyspace`] remove a few expired keys, and calls it. A command family is a file.
//! The semantics are those of Redis 7 (redis.io/docs/latest/commands); error texts are Redis' own.
//! How keys lie in the file is drawn in [`layout`].

mod bitfields;
mod bitmaps;
mod blocking;
mod counters;
mod decimal;
mod dispatch;
mod dump;
mod error;
mod expiry;
mod facts;
mod facts_table;
mod field_expiry;
mod fields;
mod geo;
mod hashes;
mod hyperloglog;
mod keys;
mod keyspace;
pub mod layout;
mod lists;
mod notify;
mod number;
mod object;
mod pubsub;
mod random_key;
mod ranges;
mod ranks;
mod sample;
mod scan;
mod scripting;
mod server;
mod set_options;
mod sets;
mod sort;
mod sorted_sets;
mod states;
mod streams;
mod strings;
mod subcommand;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use blocking::Wait;
pub use dispatch::{check, execute, may_grow};
pub use error::{Error, Result};
pub use notify::Change;
pub use number::show_double;
pub use scripting::{ScriptCache, Scripts};
pub use server::{Page, Server, full, make_room};
pub use states::States;

use crate::exchange::{Signal, Subscriber, Touch};
use crate::reply::Resp;
use crate::storage::{Catalog, Read, Write};
use layout::{KEYSPACES, Spaces};
use states::State;
use std::time::Instant;

/// Whether the data fits under `maxmemory`, and who has looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Room {
    /// The command looks for itself.
    #[default]
    Unknown,
    /// It was looked at before the first of several commands: they may grow.
    Enough,
    /// It was looked at, and there is none: nothing may grow that has not written yet, as the mark of its
    /// transaction tells.
    Full(usize),
}

/// What a command runs on.
pub struct Context<'c> {
    /// The transaction.
    pub tx: &'c mut dyn Write,
    /// The counters of keyspaces, as this transaction knows them.
    pub states: &'c mut States,
    /// The database's number in the catalog.
    pub database: u32,
    /// The keyspace chosen by SELECT, 0 to 15; a command may go to another.
    pub keyspace: u8,
    /// Where that keyspace lies.
    pub spaces: Spaces,
    /// The time in milliseconds since 1970: what is due before it has expired.
    pub now_ms: i64,
    /// When the command had run, for a caller that would look at the clock next.
    pub ended: Option<Instant>,
    /// Where each key that changes is noted, if somebody may watch keys.
    pub changed: Option<&'c mut Vec<Touch>>,
    /// How looking up a key is counted; each command says it for itself.
    pub looking: Looking,
    /// Who looks whether the data still fits: each command, or what called it for all of its commands.
    pub room: Room,
    /// What all sessions of the store share.
    pub server: &'c Server,
    /// Where a command that found no data says what it waits for; `None` where it cannot wait.
    pub wait: Option<&'c mut Option<Wait>>,
    /// What the running command has changed, while somebody asks for keyspace notifications.
    pub changes: Vec<Change>,
    /// The session's place in the exchange.
    pub subscriber: &'c Subscriber,
    /// Where the command puts what it tells those who listen.
    pub signals: &'c mut Vec<Signal>,
    /// The scripts that are known, and the machine that runs them.
    pub scripts: &'c mut Scripts,
    /// The source of SPOP, RANDOMKEY and their kin.
    pub rng: &'c mut fastrand::Rng,
}

/// How looking up a key is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Looking {
    /// To read it: it is a hit or a miss, and uses the key.
    Reading,
    /// To say something about it: a hit or a miss that does not use the key.
    Inspecting,
    /// To write it: uses the key.
    #[default]
    Writing,
    /// Not at all.
    Aside,
}

/// The arguments after the command's name.
type Args<'a> = &'a [Vec<u8>];

/// A command's answer.
type Answer = Result<Resp>;

/// Whether a key is there, and when it ends: what WATCH remembers of it.
///
/// # Errors
/// Storage fails.
pub fn look(
    tx: &dyn Read,
    states: &mut States,
    place: (u32, u8),
    key: &[u8],
    now_ms: i64,
) -> Result<Option<Option<i64>>> {
    let spaces = states.spaces(tx, place.0, place.1)?;
    match tx.peek(spaces.keys, key)? {
        Some(row) if layout::is_live(&row, now_ms)? => Ok(Some(layout::Head::decode(&row)?.expiry)),
        _ => Ok(None),
    }
}

/// Removes all keyspaces of a database, at once.
///
/// # Errors
/// Storage fails.
pub fn remove_database(tx: &mut dyn Write, states: &mut States, database: u32) -> Result<()> {
    for keyspace in 0..KEYSPACES as u8 {
        remove_keyspace(tx, states, database, keyspace)?;
        let own = layout::keyspace_number(database, keyspace);
        states.change(tx.as_read(), database, keyspace, |state| *state = State::empty(own))?;
    }
    Ok(())
}

/// Removes every key of a keyspace, at once.
fn remove_keyspace(tx: &mut dyn Write, states: &mut States, database: u32, keyspace: u8) -> Result<()> {
    let state = states.get(tx.as_read(), database, keyspace)?;
    if !state.is_empty() {
        let Spaces { keys, elements, ranks, expiries } = Spaces::at(state.place);
        [keys, elements, ranks, expiries].into_iter().try_for_each(|space| tx.drop_space(space))?;
        states.change(tx.as_read(), database, keyspace, |state| *state = State::empty(state.place))?;
    }
    Ok(())
}

/// The number of the next collection in `kvsub`, in any keyspace.
fn next_subid(tx: &mut dyn Write) -> Result<u64> {
    Ok(Catalog::next_number(tx, "kvsub")?)
}
