//! Saving: LASTSAVE, BGREWRITEAOF. SAVE and BGSAVE commit, and belong to the session.

use crate::kv::{Answer, Args, Context, Error};
use crate::reply::Resp;

/// LASTSAVE: when the file was last written, or the store opened.
pub fn lastsave(cx: &mut Context<'_>, _args: Args<'_>) -> Answer {
    let opened = cx.server.access.opened_ms(cx.now_ms);
    Ok(Resp::Integer(cx.server.last_save_ms(opened).div_euclid(1000)))
}

/// BGREWRITEAOF: there is no such file.
pub fn bgrewriteaof(_cx: &mut Context<'_>, _args: Args<'_>) -> Answer {
    Err(Error::err("there is no append-only file to rewrite: the database file holds no history"))
}
