//! The connection.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "ECHO",
        group: "connection",
        arity: Some(2),
        syntax: "ECHO message",
        summary: "Answers its argument.",
        complexity: "O(1)",
        examples: &["ECHO hello"],
        twins: &["print"],
        since: "1.0.0",
        ..Entry::KV
    },
    Entry {
        name: "PING",
        group: "connection",
        arity: Some(-1),
        syntax: "PING [message]",
        summary: "Answers PONG, or its argument.",
        complexity: "O(1)",
        examples: &["PING", "PING hello"],
        since: "1.0.0",
        ..Entry::KV
    },
    Entry {
        name: "SELECT",
        group: "connection",
        arity: Some(2),
        syntax: "SELECT index",
        summary: "Chooses one of the 16 numbered keyspaces.",
        complexity: "O(1)",
        examples: &["SELECT 1", "SELECT 0"],
        twins: &["use"],
        since: "1.0.0",
        ..Entry::KV
    },
];
