//! Streams (redis.io/docs/latest/commands/?group=stream).

mod entries;
mod id;
mod info;
mod range;
mod read;
mod store;
mod trim;

pub use entries::{xadd, xdel, xlen, xsetid};
pub use info::xinfo;
pub use range::{xrange, xrevrange};
pub use read::xread;
pub use trim::xtrim;

use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;
use id::{Id, NewId};
use store::Stream;
