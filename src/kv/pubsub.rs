//! Publish and subscribe (redis.io/docs/latest/develop/pubsub).
//!
//! A subscription belongs to the session and takes nothing away from it: every command still runs, and
//! messages are shown behind the statement that published them.

use super::subcommand::Container;
use super::{Answer, Args, Context, Error};
use crate::exchange::{Signal, Subscriber};
use crate::reply::Resp;
use crate::text::glob;

/// PUBSUB and its subcommands.
pub const PUBSUB: Container = Container {
    name: "pubsub",
    subcommands: &[("channels", -2), ("help", 2), ("numpat", 2), ("numsub", -2)],
    help: &[
        "PUBSUB <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
        "CHANNELS [<pattern>]",
        "    Return the currently active channels matching a <pattern> (default: '*').",
        "NUMPAT",
        "    Return number of subscriptions to patterns.",
        "NUMSUB [<channel> ...]",
        "    Return the number of subscribers for the specified channels, excluding",
        "    pattern subscriptions(default: no channels).",
        "HELP",
        "    Prints this help.",
    ],
    ..Container::EMPTY
};

/// SUBSCRIBE channel [channel …]
pub fn subscribe(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    Ok(each("subscribe", args, |channel| cx.subscriber.subscribe(channel)))
}

/// PSUBSCRIBE pattern [pattern …]
pub fn psubscribe(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    Ok(each("psubscribe", args, |pattern| cx.subscriber.subscribe_pattern(pattern)))
}

/// UNSUBSCRIBE [channel …]: without a channel, from all.
pub fn unsubscribe(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let subscriber = cx.subscriber;
    Ok(leave("unsubscribe", subscriber, args, Subscriber::channels, Subscriber::unsubscribe))
}

/// PUNSUBSCRIBE [pattern …]: without a pattern, from all.
pub fn punsubscribe(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let subscriber = cx.subscriber;
    Ok(leave("punsubscribe", subscriber, args, Subscriber::patterns, Subscriber::unsubscribe_pattern))
}

/// PUBLISH channel message: answers how many subscriptions it reaches.
pub fn publish(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let [channel, payload] = args else { return Err(Error::arity("publish")) };
    let receivers = cx.subscriber.exchange().receivers(channel);
    if receivers > 0 {
        cx.signals.push(Signal::Message { channel: channel.clone(), payload: payload.clone() });
    }
    Ok(Resp::Integer(receivers as i64))
}

/// PUBSUB CHANNELS|NUMSUB|NUMPAT|HELP
pub fn pubsub(cx: &mut Context<'_>, args: Args<'_>) -> Answer {
    let exchange = cx.subscriber.exchange();
    let (name, rest) = PUBSUB.choose(args)?;
    match name {
        "channels" => {
            let matches = |channel: &[u8]| rest.iter().all(|pattern| glob::matches(pattern, channel));
            let channels = exchange.channels().into_iter().filter(|channel| matches(channel));
            Ok(Resp::Array(channels.map(Resp::bulk).collect()))
        }
        "numsub" => {
            let counts = rest.iter().flat_map(|channel| {
                [Resp::bulk(channel.as_slice()), Resp::Integer(exchange.subscribers(channel) as i64)]
            });
            Ok(Resp::Array(counts.collect()))
        }
        "numpat" => Ok(Resp::Integer(exchange.patterns() as i64)),
        _ => Ok(PUBSUB.help()),
    }
}

/// One confirmation for each name: what was done, the name, the number of subscriptions then.
fn each(done: &str, names: &[Vec<u8>], act: impl Fn(&[u8]) -> usize) -> Resp {
    let confirm = |name: &Vec<u8>| {
        let count = act(name);
        Resp::Array(vec![Resp::bulk(done), Resp::bulk(name.as_slice()), Resp::Integer(count as i64)])
    };
    let mut replies: Vec<_> = names.iter().map(confirm).collect();
    if replies.len() == 1 { replies.remove(0) } else { Resp::Series(replies) }
}

fn leave(
    done: &str,
    subscriber: &Subscriber,
    names: &[Vec<u8>],
    all: impl Fn(&Subscriber) -> Vec<Vec<u8>>,
    act: impl Fn(&Subscriber, &[u8]) -> usize,
) -> Resp {
    let all = if names.is_empty() { all(subscriber) } else { names.to_vec() };
    if all.is_empty() {
        let left = subscriber.channels().len() + subscriber.patterns().len();
        return Resp::Array(vec![Resp::bulk(done), Resp::Nil, Resp::Integer(left as i64)]);
    }
    each(done, &all, |name| act(subscriber, name))
}
