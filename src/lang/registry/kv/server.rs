//! The keyspaces as a whole.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "CONFIG",
        group: "server",
        arity: Some(-2),
        syntax: "CONFIG GET pattern [pattern ...] | CONFIG SET parameter value [parameter value ...] | CONFIG RESETSTAT | CONFIG REWRITE | CONFIG HELP",
        summary: "Shows and sets the parameters of the key-value model, for as long as the program runs.",
        options: &[
            ("GET pattern …", "names and values of the parameters that match a glob"),
            ("SET parameter value …", "all of them or, if one is wrong, none; sizes may have a unit: 100mb, 4gb"),
            ("RESETSTAT", "sets the counters that INFO shows to zero"),
            ("REWRITE", "refused: there is no configuration file"),
            ("maxmemory", "bytes that keys and values may come to; 0: no limit"),
            (
                "maxmemory-policy",
                "what is evicted then: noeviction, or allkeys- or volatile- with lru, lfu, random, ttl",
            ),
            ("notify-keyspace-events", "the classes of events that are published: KEA for all"),
            ("slowlog-log-slower-than", "microseconds from which SLOWLOG remembers a command"),
        ],
        complexity: "O(N) when N parameters are named or match",
        examples: &["CONFIG GET maxmemory*", "CONFIG SET maxmemory 100mb maxmemory-policy allkeys-lru"],
        since: "2.0.0",
        ..Entry::KV
    },
    Entry {
        name: "DBSIZE",
        group: "server",
        arity: Some(1),
        syntax: "DBSIZE",
        summary: "How many keys the keyspace holds.",
        complexity: "O(1)",
        examples: &["SET a 1", "DBSIZE"],
        twins: &["countDocuments"],
        since: "1.0.0",
        ..Entry::KV
    },
    Entry {
        name: "FLUSHALL",
        group: "server",
        arity: Some(-1),
        syntax: "FLUSHALL [ASYNC|SYNC]",
        summary: "Removes all keys of all keyspaces of the database.",
        complexity: "O(1)",
        examples: &["SET a 1", "FLUSHALL"],
        twins: &["dropDatabase"],
        since: "1.0.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "FLUSHDB",
        group: "server",
        arity: Some(-1),
        syntax: "FLUSHDB [ASYNC|SYNC]",
        summary: "Removes all keys of the keyspace.",
        complexity: "O(1)",
        examples: &["SET a 1", "FLUSHDB"],
        twins: &["drop"],
        since: "1.0.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "INFO",
        group: "server",
        arity: Some(-1),
        syntax: "INFO [section [section ...]]",
        summary: "Facts about the program and the keyspaces.",
        complexity: "O(1)",
        examples: &["INFO keyspace"],
        since: "1.0.0",
        ..Entry::KV
    },
    Entry {
        name: "LOLWUT",
        group: "server",
        arity: Some(-1),
        syntax: "LOLWUT [VERSION version]",
        summary: "A small picture and the version.",
        complexity: "O(1)",
        examples: &["LOLWUT"],
        since: "5.0.0",
        ..Entry::KV
    },
    Entry {
        name: "SWAPDB",
        group: "server",
        arity: Some(3),
        syntax: "SWAPDB index1 index2",
        summary: "Lets two keyspaces change places: each then shows what the other held.",
        complexity: "O(1)",
        examples: &["SET name zero", "SWAPDB 0 1", "SELECT 1", "GET name"],
        since: "4.0.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "TIME",
        group: "server",
        arity: Some(1),
        syntax: "TIME",
        summary: "The time: seconds since 1970, and microseconds.",
        complexity: "O(1)",
        examples: &["TIME"],
        twins: &["$$NOW", "timestamp"],
        since: "2.6.0",
        ..Entry::KV
    },
];
