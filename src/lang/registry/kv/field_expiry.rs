//! Fields of a hash that end by themselves.

use super::Entry;

const CONDITIONS: &[(&str, &str)] = &[
    ("NX", "only fields without an end"),
    ("XX", "only fields that have an end"),
    ("GT", "only if the field then ends later; one without an end never does"),
    ("LT", "only if the field then ends sooner"),
    (
        "FIELDS count",
        "how many field names follow; the answer has a number for each: 1 set, 0 condition not met, 2 the time has passed and the field is removed, -2 no such field",
    ),
];

const ASKED: &[(&str, &str)] =
    &[("FIELDS count", "how many field names follow; the answer has a number for each: -1 no end, -2 no such field")];

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "HEXPIRE",
        group: "hash",
        arity: Some(-6),
        syntax: "HEXPIRE key seconds [NX|XX|GT|LT] FIELDS count field [field ...]",
        summary: "Lets fields of a hash end by themselves after so many seconds.",
        options: CONDITIONS,
        complexity: "O(N) where N is the number of specified fields",
        examples: &[
            "HSET user name Alice code 4711",
            "HEXPIRE user 60 FIELDS 1 code",
            "HEXPIRE user 30 GT FIELDS 2 code mail",
        ],
        twins: &["EXPIRE", "createIndex"],
        since: "7.4.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "HEXPIREAT",
        group: "hash",
        arity: Some(-6),
        syntax: "HEXPIREAT key unix-time-seconds [NX|XX|GT|LT] FIELDS count field [field ...]",
        summary: "Lets fields of a hash end at a moment, in seconds since 1970.",
        options: CONDITIONS,
        complexity: "O(N) where N is the number of specified fields",
        examples: &[
            "HSET user name Alice code 4711",
            "HEXPIREAT user 4102444800 FIELDS 1 code",
            "HEXPIREAT user 4102444800 NX FIELDS 1 code",
        ],
        twins: &["EXPIRE", "createIndex"],
        since: "7.4.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "HEXPIRETIME",
        group: "hash",
        arity: Some(-5),
        syntax: "HEXPIRETIME key FIELDS count field [field ...]",
        summary: "When fields end, in seconds since 1970.",
        options: ASKED,
        complexity: "O(N) where N is the number of specified fields",
        examples: &[
            "HSET user name Alice code 4711",
            "HEXPIREAT user 4102444800 FIELDS 1 code",
            "HEXPIRETIME user FIELDS 3 code name mail",
        ],
        twins: &["EXPIRETIME"],
        since: "7.4.0",
        ..Entry::KV
    },
    Entry {
        name: "HGETDEL",
        group: "hash",
        arity: Some(-5),
        syntax: "HGETDEL key FIELDS count field [field ...]",
        summary: "The values of fields, which are removed.",
        options: &[(
            "FIELDS count",
            "how many field names follow; the answer has a value for each, nil for one that is missing",
        )],
        complexity: "O(N) where N is the number of specified fields",
        examples: &["HSET user name Alice code 4711", "HGETDEL user FIELDS 2 code mail", "HGETALL user"],
        twins: &["GETDEL", "findOneAndUpdate"],
        since: "8.0.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "HGETEX",
        group: "hash",
        arity: Some(-5),
        syntax: "HGETEX key [EX seconds|PX milliseconds|EXAT unix-time-seconds|PXAT unix-time-milliseconds|PERSIST] FIELDS count field [field ...]",
        summary: "The values of fields, and when they end from now on.",
        options: &[
            ("EX seconds", "the fields end after so many seconds"),
            ("PX milliseconds", "the fields end after so many milliseconds"),
            ("EXAT unix-time-seconds", "the fields end at this moment, in seconds since 1970"),
            ("PXAT unix-time-milliseconds", "the same in milliseconds"),
            ("PERSIST", "the fields no longer end"),
            (
                "FIELDS count",
                "how many field names follow; the answer has a value for each, nil for one that is missing",
            ),
        ],
        complexity: "O(N) where N is the number of specified fields",
        examples: &[
            "HSET user name Alice code 4711",
            "HGETEX user EX 60 FIELDS 1 code",
            "HGETEX user PERSIST FIELDS 1 code",
        ],
        twins: &["GETEX"],
        since: "8.0.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "HPERSIST",
        group: "hash",
        arity: Some(-5),
        syntax: "HPERSIST key FIELDS count field [field ...]",
        summary: "Lets fields no longer end by themselves.",
        options: &[(
            "FIELDS count",
            "how many field names follow; the answer has a number for each: 1 done, -1 it had no end, -2 no such field",
        )],
        complexity: "O(N) where N is the number of specified fields",
        examples: &[
            "HSET user name Alice code 4711",
            "HEXPIRE user 60 FIELDS 1 code",
            "HPERSIST user FIELDS 2 code name",
        ],
        twins: &["PERSIST"],
        since: "7.4.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "HPEXPIRE",
        group: "hash",
        arity: Some(-6),
        syntax: "HPEXPIRE key milliseconds [NX|XX|GT|LT] FIELDS count field [field ...]",
        summary: "Lets fields of a hash end by themselves after so many milliseconds.",
        options: CONDITIONS,
        complexity: "O(N) where N is the number of specified fields",
        examples: &[
            "HSET user name Alice code 4711",
            "HPEXPIRE user 60000 FIELDS 1 code",
            "HPEXPIRE user 500 XX FIELDS 1 name",
        ],
        twins: &["EXPIRE", "createIndex"],
        since: "7.4.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "HPEXPIREAT",
        group: "hash",
        arity: Some(-6),
        syntax: "HPEXPIREAT key unix-time-milliseconds [NX|XX|GT|LT] FIELDS count field [field ...]",
        summary: "Lets fields of a hash end at a moment, in milliseconds since 1970.",
        options: CONDITIONS,
        complexity: "O(N) where N is the number of specified fields",
        examples: &[
            "HSET user name Alice code 4711",
            "HPEXPIREAT user 4102444800000 FIELDS 1 code",
            "HPEXPIREAT user 4102444800000 LT FIELDS 1 name",
        ],
        twins: &["EXPIRE", "createIndex"],
        since: "7.4.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "HPEXPIRETIME",
        group: "hash",
        arity: Some(-5),
        syntax: "HPEXPIRETIME key FIELDS count field [field ...]",
        summary: "When fields end, in milliseconds since 1970.",
        options: ASKED,
        complexity: "O(N) where N is the number of specified fields",
        examples: &[
            "HSET user name Alice code 4711",
            "HPEXPIREAT user 4102444800000 FIELDS 1 code",
            "HPEXPIRETIME user FIELDS 1 code",
        ],
        twins: &["PEXPIRETIME"],
        since: "7.4.0",
        ..Entry::KV
    },
    Entry {
        name: "HPTTL",
        group: "hash",
        arity: Some(-5),
        syntax: "HPTTL key FIELDS count field [field ...]",
        summary: "How many milliseconds fields have left.",
        options: ASKED,
        complexity: "O(N) where N is the number of specified fields",
        examples: &["HSET user name Alice code 4711", "HEXPIRE user 60 FIELDS 1 code", "HPTTL user FIELDS 2 code name"],
        twins: &["PTTL"],
        since: "7.4.0",
        ..Entry::KV
    },
    Entry {
        name: "HSETEX",
        group: "hash",
        arity: Some(-6),
        syntax: "HSETEX key [FNX|FXX] [EX seconds|PX milliseconds|EXAT unix-time-seconds|PXAT unix-time-milliseconds|KEEPTTL] FIELDS count field value [field value ...]",
        summary: "Sets fields of a hash together with the time when they end.",
        options: &[
            ("FNX", "only if none of the fields is there"),
            ("FXX", "only if all of the fields are there"),
            ("EX seconds", "the fields end after so many seconds"),
            ("PX milliseconds", "the fields end after so many milliseconds"),
            ("EXAT unix-time-seconds", "the fields end at this moment, in seconds since 1970"),
            ("PXAT unix-time-milliseconds", "the same in milliseconds"),
            ("KEEPTTL", "the fields end when they ended before; otherwise they no longer end"),
            ("FIELDS count", "how many pairs of field and value follow"),
        ],
        complexity: "O(N) where N is the number of fields being set",
        examples: &["HSETEX user EX 60 FIELDS 2 name Alice code 4711", "HSETEX user FNX KEEPTTL FIELDS 1 code 4712"],
        twins: &["SET", "updateOne"],
        since: "8.0.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "HTTL",
        group: "hash",
        arity: Some(-5),
        syntax: "HTTL key FIELDS count field [field ...]",
        summary: "How many seconds fields have left.",
        options: ASKED,
        complexity: "O(N) where N is the number of specified fields",
        examples: &[
            "HSET user name Alice code 4711",
            "HEXPIRE user 60 FIELDS 1 code",
            "HTTL user FIELDS 3 code name mail",
        ],
        twins: &["TTL"],
        since: "7.4.0",
        ..Entry::KV
    },
];
