//! Redis' transactions.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "DISCARD",
        group: "transactions",
        arity: Some(1),
        syntax: "DISCARD",
        summary: "Leaves MULTI without running what was queued.",
        complexity: "O(N), when N is the number of queued commands",
        examples: &["MULTI", "SET a 1", "DISCARD"],
        twins: &["ROLLBACK"],
        since: "2.0.0",
        ..Entry::KV
    },
    Entry {
        name: "EXEC",
        group: "transactions",
        arity: Some(1),
        syntax: "EXEC",
        summary: "Runs what was queued since MULTI.",
        complexity: "Depends on commands in the transaction",
        examples: &["MULTI", "SET a 1", "INCR a", "EXEC"],
        twins: &["COMMIT"],
        since: "1.2.0",
        ..Entry::KV
    },
    Entry {
        name: "MULTI",
        group: "transactions",
        arity: Some(1),
        syntax: "MULTI",
        summary: "Queues the commands that follow, up to EXEC or DISCARD.",
        complexity: "O(1)",
        examples: &["MULTI", "SET a 1", "EXEC"],
        twins: &["BEGIN"],
        since: "1.2.0",
        ..Entry::KV
    },
    Entry {
        name: "UNWATCH",
        group: "transactions",
        arity: Some(1),
        syntax: "UNWATCH",
        summary: "Forgets the keys that are watched.",
        complexity: "O(1)",
        examples: &["WATCH a", "UNWATCH"],
        since: "2.2.0",
        ..Entry::KV
    },
    Entry {
        name: "WATCH",
        group: "transactions",
        arity: Some(-2),
        syntax: "WATCH key [key ...]",
        summary: "Lets EXEC fail if one of the keys changes before it.",
        complexity: "O(1) for every key",
        examples: &["WATCH a", "MULTI", "SET a 1", "EXEC"],
        since: "2.2.0",
        ..Entry::KV
    },
];
