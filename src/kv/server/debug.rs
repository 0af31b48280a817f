//! DEBUG, as far as it means something here.

use crate::kv::number::double;
use crate::kv::object::encoding;
use crate::kv::subcommand::Container;
use crate::kv::{Answer, Args, Context, Error, Looking};
use crate::reply::Resp;
use std::time::{Duration, Instant};

/// DEBUG and its subcommands.
pub const DEBUG: Container = Container {
    name: "debug",
    subcommands: &[("help", 2), ("object", -3), ("sleep", 3)],
    help: &[
        "DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "OBJECT <key>",
        "    Show low level info about `key` and associated value.",
        "SLEEP <seconds>",
        "    Stop the server for <seconds>. Decimals allowed.",
        "HELP",
        "    Prints this help.",
    ],
    ..Container::EMPTY
};

/// An interruption ends a sleep after this long.
const SLICE: Duration = Duration::from_millis(20);

/// DEBUG OBJECT key|SLEEP seconds|HELP
pub fn debug(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    cx.looking = Looking::Aside;
    match DEBUG.choose(args)? {
        ("object", [key, ..]) => object(cx, key),
        ("sleep", [seconds]) => {
            let seconds = double(seconds).ok_or_else(Error::not_a_float)?;
            let sleep = Duration::try_from_secs_f64(seconds.max(0.0)).map_err(|_| Error::not_a_float())?;
            let start = Instant::now();
            while let Some(left) = sleep.checked_sub(start.elapsed()).filter(|left| !left.is_zero()) {
                std::thread::sleep(left.min(SLICE));
                cx.tx.check_interrupt()?;
            }
            Ok(Resp::ok())
        }
        _ => Ok(DEBUG.help()),
    }
}

fn object(cx: &mut Context<'_>, key: &[u8]) -> Answer {
    let Some(row) = cx.find(key)? else { return Err(Error::no_such_key()) };
    let usage = cx.server.access.usage(cx.place(key), cx.now_ms, &cx.server.settings);
    let encoding = encoding(cx, &row)?;
    let (length, idle) = (row.head.size, usage.idle_ms / 1000);
    Ok(Resp::Status(format!(
        "Value at:0x0 refcount:1 encoding:{encoding} serializedlength:{length} lru_seconds_idle:{idle}"
    )))
}
