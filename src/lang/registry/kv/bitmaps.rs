//! Strings as bits.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "BITCOUNT",
        group: "bitmap",
        arity: Some(-2),
        syntax: "BITCOUNT key [start end [BYTE|BIT]]",
        summary: "Counts the bits that are set in a string.",
        options: &[
            ("BYTE", "start and end are places of bytes; the rule"),
            ("BIT", "start and end are places of bits"),
        ],
        complexity: "O(N)",
        examples: &["SET word foobar", "BITCOUNT word"],
        since: "2.6.0",
        ..Entry::KV
    },
    Entry {
        name: "BITFIELD",
        group: "bitmap",
        arity: Some(-2),
        syntax: "BITFIELD key [GET encoding offset|[OVERFLOW WRAP|SAT|FAIL] <SET encoding offset value|INCRBY encoding offset increment> [GET encoding offset|[OVERFLOW WRAP|SAT|FAIL] <SET encoding offset value|INCRBY encoding offset increment> ...]]",
        summary: "Reads and changes integers of any width inside a string.",
        options: &[
            (
                "GET encoding offset",
                "reads an integer: i8 is signed with 8 bits, u4 unsigned with 4; an offset #n counts in integers, not bits",
            ),
            ("SET encoding offset value", "writes one and answers what was there"),
            ("INCRBY encoding offset increment", "adds to one and answers the sum"),
            ("OVERFLOW WRAP", "what does not fit begins anew at the other end; the rule"),
            ("OVERFLOW SAT", "what does not fit stops at the limit"),
            (
                "OVERFLOW FAIL",
                "what does not fit changes nothing and answers nil; each OVERFLOW holds for what follows it",
            ),
        ],
        complexity: "O(1) for each subcommand specified",
        examples: &["BITFIELD counters SET u8 0 250 INCRBY u8 0 10", "BITFIELD counters GET u8 0"],
        twins: &["$bit"],
        since: "3.2.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "BITFIELD_RO",
        group: "bitmap",
        arity: Some(-2),
        syntax: "BITFIELD_RO key [GET encoding offset [GET encoding offset ...]]",
        summary: "BITFIELD that can only read.",
        options: &[(
            "GET encoding offset",
            "reads an integer: i8 is signed with 8 bits, u4 unsigned with 4; an offset #n counts in integers, not bits",
        )],
        complexity: "O(1) for each subcommand specified",
        examples: &["SET word a", "BITFIELD_RO word GET u8 0"],
        since: "6.0.0",
        ..Entry::KV
    },
    Entry {
        name: "BITOP",
        group: "bitmap",
        arity: Some(-4),
        syntax: "BITOP <AND|OR|XOR|NOT> destkey key [key ...]",
        summary: "Combines strings bit by bit and stores the result.",
        options: &[
            ("AND", "bits that are set in all keys"),
            ("OR", "bits that are set in any key"),
            ("XOR", "bits that are set in an odd number of keys"),
            ("NOT", "the bits of one key turned round"),
        ],
        complexity: "O(N)",
        examples: &["MSET a foobar b abcdef", "BITOP AND both a b"],
        twins: &["$bit"],
        since: "2.6.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "BITPOS",
        group: "bitmap",
        arity: Some(-3),
        syntax: "BITPOS key bit [start [end [BYTE|BIT]]]",
        summary: "The first bit that is 0 or 1.",
        options: &[
            ("BYTE", "start and end are places of bytes; the rule"),
            ("BIT", "start and end are places of bits"),
        ],
        complexity: "O(N)",
        examples: &["SETBIT days 7 1", "BITPOS days 1"],
        since: "2.8.7",
        ..Entry::KV
    },
    Entry {
        name: "GETBIT",
        group: "bitmap",
        arity: Some(3),
        syntax: "GETBIT key offset",
        summary: "One bit of a string.",
        complexity: "O(1)",
        examples: &["SETBIT days 7 1", "GETBIT days 7"],
        since: "2.2.0",
        ..Entry::KV
    },
    Entry {
        name: "SETBIT",
        group: "bitmap",
        arity: Some(4),
        syntax: "SETBIT key offset value",
        summary: "Sets one bit of a string and answers what it was.",
        complexity: "O(1)",
        examples: &["SETBIT days 7 1", "GETBIT days 7"],
        twins: &["$bit"],
        since: "2.2.0",
        writes: true,
        ..Entry::KV
    },
];
