//! The keyspaces as a whole.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "BGREWRITEAOF",
        group: "server",
        arity: Some(1),
        syntax: "BGREWRITEAOF",
        summary: "Refused: there is no append-only file to rewrite.",
        complexity: "O(1)",
        examples: &["CONFIG GET appendonly", "LASTSAVE"],
        since: "1.0.0",
        ..Entry::KV
    },
    Entry {
        name: "BGSAVE",
        group: "server",
        arity: Some(-1),
        syntax: "BGSAVE [SCHEDULE]",
        summary: "Puts everything acknowledged on the disk; it is done when it answers.",
        options: &[("SCHEDULE", "changes nothing here")],
        complexity: "O(N) where N is what is not on the disk yet",
        examples: &["CONFIG GET dbfilename", "LASTSAVE"],
        since: "1.0.0",
        ..Entry::KV
    },
    Entry {
        name: "COMMAND",
        group: "server",
        arity: Some(-1),
        syntax: "COMMAND [COUNT|DOCS [name ...]|GETKEYS command [arg ...]|GETKEYSANDFLAGS command [arg ...]|HELP|INFO [name ...]|LIST [FILTERBY MODULE name|ACLCAT category|PATTERN pattern]]",
        summary: "What is known about the Redis commands: arity, flags, keys, categories, documentation.",
        options: &[
            ("(nothing)", "INFO of all commands"),
            ("COUNT", "how many there are"),
            ("DOCS [name …]", "summary, version, group and complexity"),
            ("GETKEYS command …", "which words of a whole command are keys"),
            ("GETKEYSANDFLAGS command …", "and what the command does to them"),
            (
                "INFO [name …]",
                "name, arity, flags, first and last key and step, categories, tips, key specifications, subcommands",
            ),
            ("LIST", "the names; FILTERBY ACLCAT or PATTERN: only those of a category or of a glob"),
        ],
        complexity: "O(N) when N commands are told of",
        examples: &["COMMAND INFO get", "COMMAND GETKEYS MSET a 1 b 2", "COMMAND LIST FILTERBY PATTERN z*store"],
        since: "2.8.13",
        ..Entry::KV
    },
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
        name: "DEBUG",
        group: "server",
        arity: Some(-2),
        syntax: "DEBUG OBJECT key | DEBUG SLEEP seconds | DEBUG HELP",
        summary: "How a value is kept, and a way to lose time.",
        options: &[
            ("OBJECT key", "encoding, length and idle time of a value"),
            ("SLEEP seconds", "waits; Ctrl-C ends it"),
        ],
        complexity: "O(1)",
        examples: &["SET a 1", "DEBUG OBJECT a", "DEBUG SLEEP 0"],
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
        options: &[
            (
                "section",
                "server, clients, memory, persistence, stats, replication, commandstats, errorstats, cluster, keyspace",
            ),
            ("default", "all but commandstats, as without a section"),
            ("all, everything", "all of them"),
        ],
        complexity: "O(1)",
        examples: &["INFO keyspace", "INFO stats memory"],
        since: "1.0.0",
        ..Entry::KV
    },
    Entry {
        name: "LASTSAVE",
        group: "server",
        arity: Some(1),
        syntax: "LASTSAVE",
        summary: "When something was last committed, in seconds since 1970.",
        complexity: "O(1)",
        examples: &["SET a 1", "LASTSAVE"],
        since: "1.0.0",
        ..Entry::KV
    },
    Entry {
        name: "LATENCY",
        group: "server",
        arity: Some(-2),
        syntax: "LATENCY DOCTOR | LATENCY GRAPH event | LATENCY HISTOGRAM [command ...] | LATENCY HISTORY event | LATENCY LATEST | LATENCY RESET [event ...] | LATENCY HELP",
        summary: "Which commands took long, and how long commands take.",
        options: &[
            ("DOCTOR", "a report in words"),
            ("GRAPH event", "bars, one for each second that had a long command"),
            ("HISTOGRAM [command …]", "calls by the microseconds they took, in powers of two"),
            ("HISTORY event", "seconds since 1970 and milliseconds, pair by pair"),
            ("LATEST", "each event with its last and its longest"),
            ("RESET [event …]", "forgets them"),
            (
                "event",
                "command, or fast-command for those that are O(1) or O(log N); from latency-monitor-threshold milliseconds on",
            ),
        ],
        complexity: "O(1)",
        examples: &["CONFIG SET latency-monitor-threshold 100", "LATENCY LATEST", "LATENCY DOCTOR"],
        since: "2.8.13",
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
        name: "MEMORY",
        group: "server",
        arity: Some(-2),
        syntax: "MEMORY USAGE key [SAMPLES count] | MEMORY STATS | MEMORY DOCTOR | MEMORY MALLOC-STATS | MEMORY PURGE | MEMORY HELP",
        summary: "What keys and values come to, as maxmemory counts it.",
        options: &[
            ("USAGE key", "bytes of the key and its value; exact, so SAMPLES changes nothing"),
            ("STATS", "the sums, keyspace by keyspace"),
            ("DOCTOR", "a report in words"),
            ("PURGE", "nothing to do here"),
        ],
        complexity: "O(1)",
        examples: &["SET a hello", "MEMORY USAGE a", "MEMORY STATS"],
        since: "4.0.0",
        ..Entry::KV
    },
    Entry {
        name: "SAVE",
        group: "server",
        arity: Some(1),
        syntax: "SAVE",
        summary: "Puts everything acknowledged on the disk.",
        complexity: "O(N) where N is what is not on the disk yet",
        examples: &["CONFIG GET appendfsync", "LASTSAVE"],
        since: "1.0.0",
        ..Entry::KV
    },
    Entry {
        name: "SLOWLOG",
        group: "server",
        arity: Some(-2),
        syntax: "SLOWLOG GET [count] | SLOWLOG LEN | SLOWLOG RESET | SLOWLOG HELP",
        summary: "The commands that took longer than slowlog-log-slower-than microseconds.",
        options: &[
            (
                "GET [count]",
                "the newest 10, or count, -1 for all: number, time, microseconds, words, and two empty strings where Redis tells of the client",
            ),
            ("LEN", "how many are remembered, slowlog-max-len at most"),
            ("RESET", "forgets them"),
        ],
        complexity: "O(N) where N is the number of entries",
        examples: &["CONFIG SET slowlog-log-slower-than 1000000", "SLOWLOG GET 2", "SLOWLOG LEN"],
        since: "2.2.12",
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
