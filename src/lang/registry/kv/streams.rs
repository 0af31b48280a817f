//! Streams.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "XADD",
        group: "stream",
        arity: Some(-5),
        syntax: "XADD key [NOMKSTREAM] [MAXLEN|MINID [=|~] threshold [LIMIT count]] *|id field value [field value ...]",
        summary: "Adds an entry behind all others; makes the stream if it is missing.",
        complexity: "O(1) when adding a new entry, O(N) when trimming where N is the number of entries evicted",
        examples: &["XADD readings 1-1 sensor a degrees 21.5", "XADD readings * sensor b degrees 19"],
        twins: &["insertOne", "CREATE"],
        since: "5.0.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "XDEL",
        group: "stream",
        arity: Some(-3),
        syntax: "XDEL key id [id ...]",
        summary: "Removes entries; the stream stays, even if it is empty.",
        complexity: "O(1) for each single item to delete in the stream",
        examples: &["XADD readings 1-1 degrees 21.5", "XDEL readings 1-1"],
        twins: &["deleteOne", "DELETE"],
        since: "5.0.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "XINFO",
        group: "stream",
        arity: Some(-2),
        syntax: "XINFO STREAM key [FULL [COUNT count]]",
        summary: "Length, ids and edges of a stream.",
        complexity: "O(1); O(N) with FULL where N is the number of entries shown",
        examples: &["XADD readings 1-1 degrees 21.5", "XINFO STREAM readings"],
        since: "5.0.0",
        ..Entry::KV
    },
    Entry {
        name: "XLEN",
        group: "stream",
        arity: Some(2),
        syntax: "XLEN key",
        summary: "Entries in a stream.",
        complexity: "O(1)",
        examples: &["XADD readings 1-1 degrees 21.5", "XLEN readings"],
        twins: &["countDocuments"],
        since: "5.0.0",
        ..Entry::KV
    },
    Entry {
        name: "XRANGE",
        group: "stream",
        arity: Some(-4),
        syntax: "XRANGE key start end [COUNT count]",
        summary: "Entries whose ids lie in a range, oldest first; - is the least id, + the greatest, ( excludes.",
        complexity: "O(N) with N being the number of elements being returned",
        examples: &[
            "XADD readings 1-1 degrees 21.5",
            "XADD readings 2-1 degrees 22",
            "XRANGE readings (1-1 + COUNT 10",
        ],
        twins: &["find", "MATCH"],
        since: "5.0.0",
        ..Entry::KV
    },
    Entry {
        name: "XREAD",
        group: "stream",
        arity: Some(-4),
        syntax: "XREAD [COUNT count] [BLOCK milliseconds] STREAMS key [key ...] id [id ...]",
        summary: "Entries that came after an id, in one stream or several; $ is the last id.",
        complexity: "For each stream mentioned: O(N) with N being the number of elements being returned",
        examples: &["XADD readings 1-1 degrees 21.5", "XREAD COUNT 2 STREAMS readings 0"],
        since: "5.0.0",
        ..Entry::KV
    },
    Entry {
        name: "XREVRANGE",
        group: "stream",
        arity: Some(-4),
        syntax: "XREVRANGE key end start [COUNT count]",
        summary: "Entries whose ids lie in a range, newest first.",
        complexity: "O(N) with N being the number of elements returned",
        examples: &["XADD readings 1-1 degrees 21.5", "XREVRANGE readings + - COUNT 1"],
        twins: &["find", "MATCH"],
        since: "5.0.0",
        ..Entry::KV
    },
    Entry {
        name: "XSETID",
        group: "stream",
        arity: Some(-3),
        syntax: "XSETID key last-id [ENTRIESADDED entries-added] [MAXDELETEDID max-deleted-id]",
        summary: "Sets the last id of a stream; later entries get greater ones.",
        complexity: "O(1)",
        examples: &["XADD readings 1-1 degrees 21.5", "XSETID readings 9-0"],
        since: "5.0.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "XTRIM",
        group: "stream",
        arity: Some(-4),
        syntax: "XTRIM key MAXLEN|MINID [=|~] threshold [LIMIT count]",
        summary: "Removes the oldest entries until so many are left, or all before an id.",
        complexity: "O(N) with N being the number of evicted entries",
        examples: &["XADD readings 1-1 degrees 21.5", "XADD readings 2-1 degrees 22", "XTRIM readings MAXLEN 1"],
        twins: &["deleteMany"],
        since: "5.0.0",
        writes: true,
        ..Entry::KV
    },
];
