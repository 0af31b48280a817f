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
mod field_expiry;
mod fields;
mod geo;
mod hashes;
mod hyperloglog;
mod keys;
mod keyspace;
pub mod layout;
mod lists;
mod number;
mod object;
mod pubsub;
mod random_key;
mod ranges;
mod ranks;
mod sample;
mod scan;
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

pub use dispatch::{check, execute};
pub use error::{Error, Result};
pub use number::show_double;
pub use server::Server;
pub use states::States;

use crate::exchange::{Signal, Subscriber};
use crate::reply::Resp;
use crate::storage::{Catalog, Write};
use layout::{KEYSPACES, Spaces};
use states::State;

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
    /// Where the keyspace and name of each key that changes are noted, if somebody watches keys.
    pub changed: Option<&'c mut Vec<(u8, Vec<u8>)>>,
    /// What all sessions of the store share.
    pub server: &'c Server,
    /// The session's place in the exchange.
    pub subscriber: &'c Subscriber,
    /// Where the command puts what it tells those who listen.
    pub signals: &'c mut Vec<Signal>,
    /// The source of SPOP, RANDOMKEY and their kin.
    pub rng: &'c mut fastrand::Rng,
}

/// The arguments after the command's name.
type Args<'a> = &'a [Vec<u8>];

/// A command's answer.
type Answer = Result<Resp>;

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
