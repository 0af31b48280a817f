//! The server, as far as a shell is one: what all sessions of a store share, and the commands about it.

mod access;
mod client;
mod command;
mod config;
mod connection;
mod debug;
mod eviction;
mod info;
mod keyspaces;
mod memory;
mod parameters;
mod saving;
mod slowlog;
mod stats;

pub use access::Place;
pub use client::{CLIENT, client, hello};
pub use command::{COMMAND, Manual, Page, command};
pub use config::{CONFIG, config};
pub use connection::{echo, lolwut, ping, time};
pub use debug::{DEBUG, debug};
pub use eviction::{full, make_room};
pub use info::info;
pub use keyspaces::{dbsize, flushall, flushdb, select};
pub use memory::{MEMORY, memory};
pub use parameters::{Settings, events};
pub use saving::{bgrewriteaof, lastsave};
pub use slowlog::{LATENCY, SLOWLOG, latency, slowlog};

use super::dispatch::names;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};

/// The Redis whose commands these are.
const REDIS_VERSION: &str = "7.2.0";

/// What the sessions of one store share while the process runs; nothing of it is in the file.
#[derive(Debug)]
pub struct Server {
    /// The parameters of CONFIG.
    pub settings: Settings,
    /// The counters of INFO.
    pub stats: stats::Stats,
    /// When and how often keys were used.
    pub access: access::Access,
    /// Where eviction goes on.
    hands: eviction::Hands,
    /// Commands that took long.
    pub slow: slowlog::Slow,
    /// When something was last committed, in milliseconds since 1970; 0: not yet.
    saved_ms: AtomicI64,
    /// Where COMMAND DOCS finds its pages.
    pub manual: OnceLock<Manual>,
}

impl Default for Server {
    fn default() -> Self {
        Server {
            settings: Settings::default(),
            stats: stats::Stats::of(names()),
            access: access::Access::default(),
            hands: eviction::Hands::default(),
            slow: slowlog::Slow::default(),
            saved_ms: AtomicI64::default(),
            manual: OnceLock::new(),
        }
    }
}

impl Server {
    /// Notes that something was committed.
    pub fn saved(&self, now_ms: i64) {
        self.saved_ms.store(now_ms, Ordering::Relaxed);
    }

    /// When something was last committed, or the store opened.
    fn last_save_ms(&self, opened_ms: i64) -> i64 {
        match self.saved_ms.load(Ordering::Relaxed) {
            0 => opened_ms,
            saved => saved,
        }
    }
}
