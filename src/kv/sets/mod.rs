//! Sets (redis.io/docs/latest/commands/?group=set).

mod algebra;
mod members;

pub use algebra::{sdiff, sdiffstore, sinter, sintercard, sinterstore, sunion, sunionstore};
pub use members::{sadd, scard, sismember, smembers, smismember, smove, spop, srandmember, srem, sscan};

use super::fields::Fields;
use super::layout::Kind;
use super::number::integer;
use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;

fn open(cx: &Context<'_>, key: &[u8]) -> Result<Option<Fields>> {
    Fields::open(cx, key, Kind::Set)
}

/// Members as Redis shows them: a small set of integers in their order, others as they came.
fn show(mut members: Vec<Vec<u8>>) -> Resp {
    const LARGEST_INTSET: usize = 512;
    if members.len() <= LARGEST_INTSET && members.iter().all(|member| integer(member).is_some()) {
        members.sort_by_key(|member| integer(member));
    }
    Resp::Array(members.into_iter().map(Resp::Bulk).collect())
}
