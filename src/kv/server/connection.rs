//! The connection: PING, ECHO, TIME, LOLWUT.

use crate::kv::{Answer, Args, Context, Error};
use crate::reply::Resp;

/// PING [message]
pub fn ping(_cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    match args {
        [] => Ok(Resp::Status("PONG".to_owned())),
        [message] => Ok(Resp::bulk(message.as_slice())),
        _ => Err(Error::arity("ping")),
    }
}

/// ECHO message
pub fn echo(_cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    Ok(Resp::bulk(args[0].as_slice()))
}

/// TIME: seconds since 1970, and microseconds.
pub fn time(cx: &mut Context<'_>, _args: Args<'_>) -> Answer {
    let (seconds, rest) = (cx.now_ms.div_euclid(1000), cx.now_ms.rem_euclid(1000));
    Ok(Resp::Array(vec![Resp::bulk(seconds.to_string()), Resp::bulk((rest * 1000).to_string())]))
}

/// LOLWUT [VERSION n …]
pub fn lolwut(_cx: &mut Context<'_>, _args: Args<'_>) -> Answer {
    let text = format!("  /\\\n /  \\   three models, one file\n/____\\\n\ntrine {}\n", env!("CARGO_PKG_VERSION"));
    Ok(Resp::Text(text))
}
