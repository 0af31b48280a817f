//! Streams (redis.io/docs/latest/commands/?group=stream).

mod claim;
mod entries;
mod group_admin;
mod group_read;
mod groups;
mod id;
mod info;
mod pending;
mod range;
mod read;
mod store;
mod trim;

pub use claim::{xautoclaim, xclaim};
pub use entries::{xadd, xdel, xlen, xsetid};
pub use group_admin::{XGROUP, xgroup};
pub use group_read::{xack, xreadgroup};
pub use groups::{Group, Pending};
pub use id::Id;
pub use info::{XINFO, xinfo};
pub use pending::xpending;
pub use range::{xrange, xrevrange};
pub use read::{asks_to_wait, xread};
pub use store::Stream;
pub use trim::xtrim;

use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;
use id::NewId;
