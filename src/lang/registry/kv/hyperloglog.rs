//! HyperLogLog: counting without keeping.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "PFADD",
        group: "hyperloglog",
        arity: Some(-2),
        syntax: "PFADD key [element [element ...]]",
        summary: "Notes elements that were seen; answers whether the estimate may have changed.",
        complexity: "O(1) to add every element",
        examples: &["PFADD visitors ann ben ann", "PFADD visitors ben", "PFCOUNT visitors"],
        twins: &["SADD", "$addToSet"],
        since: "2.8.9",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "PFCOUNT",
        group: "hyperloglog",
        arity: Some(-2),
        syntax: "PFCOUNT key [key ...]",
        summary: "About how many different elements were seen, in any of the keys.",
        complexity: "O(1) for one key, O(N) for N keys",
        examples: &["PFADD monday ann ben", "PFADD tuesday ben cleo", "PFCOUNT monday tuesday"],
        twins: &["SCARD", "distinct"],
        since: "2.8.9",
        ..Entry::KV
    },
    Entry {
        name: "PFMERGE",
        group: "hyperloglog",
        arity: Some(-2),
        syntax: "PFMERGE destination [source [source ...]]",
        summary: "Adds to a key what others have seen.",
        complexity: "O(N) to merge N HyperLogLogs",
        examples: &["PFADD monday ann ben", "PFADD tuesday ben cleo", "PFMERGE week monday tuesday", "PFCOUNT week"],
        twins: &["SUNIONSTORE"],
        since: "2.8.9",
        writes: true,
        ..Entry::KV
    },
];
