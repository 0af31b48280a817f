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
pub use group_admin::{check_xgroup, xgroup};
pub use group_read::{xack, xreadgroup};
pub use groups::{Group, Pending};
pub use id::Id;
pub use info::{check_xinfo, xinfo};
pub use pending::xpending;
pub use range::{xrange, xrevrange};
pub use read::{asks_to_wait, xread};
pub use store::Stream;
pub use trim::xtrim;

use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;
use id::NewId;

/// Whether a subcommand is known and has its arguments; `wanted` tells how many words its command
/// has behind the name (a negative number is a minimum), or nothing for an unknown one.
fn check_subcommand(args: Args<'_>, container: &str, wanted: impl Fn(&str) -> Option<i8>) -> Result<()> {
    let typed = args.first().map(Vec::as_slice).unwrap_or_default();
    let typed = String::from_utf8_lossy(typed.get(..128).unwrap_or(typed));
    let name = typed.to_ascii_lowercase();
    let Some(wanted) = wanted(&name) else {
        let container = container.to_ascii_uppercase();
        return Err(Error::err(format_args!("unknown subcommand '{typed}'. Try {container} HELP.")));
    };
    let (words, least) = (args.len(), usize::from(wanted.unsigned_abs()));
    if if wanted >= 0 { words == least } else { words >= least } {
        return Ok(());
    }
    Err(Error::arity(&format!("{container}|{name}")))
}
