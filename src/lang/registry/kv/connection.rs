//! The connection.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "CLIENT",
        group: "connection",
        arity: Some(-2),
        syntax: "CLIENT GETNAME | SETNAME name | ID | INFO | LIST [TYPE <normal|pubsub> | ID id ...] | NO-EVICT <ON|OFF> | NO-TOUCH <ON|OFF> | REPLY ON | SETINFO option value | GETREDIR | TRACKINGINFO | KILL filter value ... | HELP",
        summary: "The sessions of this process: their numbers, names and subscriptions.",
        options: &[
            ("SETNAME name", "names this session, for LIST; an empty name takes it away"),
            ("ID", "the number of this session"),
            ("INFO", "a line about this session"),
            ("LIST", "a line about each session"),
            ("KILL", "answers 0 for sessions that are not there; a session is left from inside only"),
        ],
        complexity: "O(1); LIST: O(N) where N is the number of sessions",
        examples: &["CLIENT SETNAME ann", "CLIENT GETNAME", "CLIENT LIST"],
        since: "2.4.0",
        ..Entry::KV
    },
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
        name: "HELLO",
        group: "connection",
        arity: Some(-1),
        syntax: "HELLO [protover [AUTH username password] [SETNAME clientname]]",
        summary: "What this server is; replies have the shapes of version 2 of the protocol.",
        options: &[("protover", "2"), ("SETNAME clientname", "names this session, as CLIENT SETNAME does")],
        complexity: "O(1)",
        examples: &["HELLO", "HELLO 2 SETNAME ann"],
        since: "6.0.0",
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
        name: "RESET",
        group: "connection",
        arity: Some(1),
        syntax: "RESET",
        summary: "Leaves MULTI, forgets watched keys, subscriptions and the name, and goes to keyspace 0.",
        complexity: "O(1)",
        examples: &["SUBSCRIBE news", "RESET"],
        since: "6.2.0",
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
