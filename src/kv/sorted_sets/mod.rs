//! Sorted sets (redis.io/docs/latest/commands/?group=sorted-set).

mod add;
mod algebra;
mod bounds;
mod inline;
mod members;
mod pop;
mod range;
mod range_options;
mod remove;
mod store;

pub use add::{zadd, zincrby};
pub use algebra::{zdiff, zdiffstore, zinter, zintercard, zinterstore, zunion, zunionstore};
pub use members::{zcard, zmscore, zrandmember, zrank, zrevrank, zscan, zscore};
pub use pop::{bzmpop, bzpopmax, bzpopmin, zmpop, zpopmax, zpopmin};
pub use range::{
    zcount, zlexcount, zrange, zrangebylex, zrangebyscore, zrangestore, zrevrange, zrevrangebylex, zrevrangebyscore,
};
pub use remove::{zrem, zremrangebylex, zremrangebyrank, zremrangebyscore};
pub use store::{SortedSet, Start};

use super::number::show_double;
use super::{Answer, Args, Context, Error, Result};
use crate::reply::Resp;

/// A member and its score.
type Scored = (Vec<u8>, f64);

/// A score as text.
fn score(value: f64) -> Resp {
    Resp::Bulk(show_double(value).into_bytes())
}

/// Members, each followed by its score where asked.
fn list(members: Vec<Scored>, with_scores: bool) -> Resp {
    let mut items = Vec::with_capacity(members.len() * if with_scores { 2 } else { 1 });
    for (member, value) in members {
        items.push(Resp::Bulk(member));
        if with_scores {
            items.push(score(value));
        }
    }
    Resp::Array(items)
}
