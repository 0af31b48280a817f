//! Publish and subscribe.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "PSUBSCRIBE",
        group: "pubsub",
        arity: Some(-2),
        syntax: "PSUBSCRIBE pattern [pattern ...]",
        summary: "Shows the messages of all channels whose names match a pattern.",
        complexity: "O(N) where N is the number of patterns to subscribe to",
        examples: &["PSUBSCRIBE news.*", "PUBLISH news.tech hello"],
        twins: &["watch"],
        since: "2.0.0",
        ..Entry::KV
    },
    Entry {
        name: "PUBLISH",
        group: "pubsub",
        arity: Some(3),
        syntax: "PUBLISH channel message",
        summary: "Sends a message to all who are subscribed; answers how many subscriptions it reaches.",
        complexity: "O(N+M) where N is the number of subscriptions to the channel and M is the total number of patterns",
        examples: &["SUBSCRIBE news", "PUBLISH news hello"],
        since: "2.0.0",
        ..Entry::KV
    },
    Entry {
        name: "PUBSUB",
        group: "pubsub",
        arity: Some(-2),
        syntax: "PUBSUB CHANNELS [pattern] | NUMPAT | NUMSUB [channel [channel ...]] | HELP",
        summary: "Which channels and patterns somebody is subscribed to.",
        complexity: "O(N) where N is the number of active channels; O(N) for the N channels of NUMSUB",
        examples: &["SUBSCRIBE news", "PUBSUB CHANNELS", "PUBSUB NUMSUB news"],
        since: "2.8.0",
        ..Entry::KV
    },
    Entry {
        name: "PUNSUBSCRIBE",
        group: "pubsub",
        arity: Some(-1),
        syntax: "PUNSUBSCRIBE [pattern [pattern ...]]",
        summary: "Ends subscriptions to patterns; without a pattern, to all of them.",
        complexity: "O(N) where N is the number of patterns to unsubscribe",
        examples: &["PSUBSCRIBE news.*", "PUNSUBSCRIBE news.*"],
        since: "2.0.0",
        ..Entry::KV
    },
    Entry {
        name: "SUBSCRIBE",
        group: "pubsub",
        arity: Some(-2),
        syntax: "SUBSCRIBE channel [channel ...]",
        summary: "Shows the messages of channels, behind the statement that published them.",
        complexity: "O(N) where N is the number of channels to subscribe to",
        examples: &["SUBSCRIBE news weather", "PUBLISH news hello"],
        twins: &["watch"],
        since: "2.0.0",
        ..Entry::KV
    },
    Entry {
        name: "UNSUBSCRIBE",
        group: "pubsub",
        arity: Some(-1),
        syntax: "UNSUBSCRIBE [channel [channel ...]]",
        summary: "Ends subscriptions to channels; without a channel, to all of them.",
        complexity: "O(N) where N is the number of channels to unsubscribe",
        examples: &["SUBSCRIBE news", "UNSUBSCRIBE news"],
        since: "2.0.0",
        ..Entry::KV
    },
];
