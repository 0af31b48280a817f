//! The server, as far as a shell is one: what all sessions of a store share, and the commands about it.

mod config;
mod connection;
mod info;
mod keyspaces;
mod parameters;

pub use config::{CONFIG, config};
pub use connection::{echo, lolwut, ping, time};
pub use info::info;
pub use keyspaces::{dbsize, flushall, flushdb, select};
pub use parameters::Settings;

/// What the sessions of one store share while the process runs; nothing of it is in the file.
#[derive(Debug, Default)]
pub struct Server {
    /// The parameters of CONFIG.
    pub settings: Settings,
}
