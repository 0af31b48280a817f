//! Scripts in Lua.

use super::Entry;

const SCRIPT: (&str, &str) =
    ("script", "Lua 5.1, one word: `\\n` inside double quotes is a new line, `${name}` a variable that holds the text");
const KEYS: (&str, &str) = ("numkeys key ...", "the keys the script works on, in the table KEYS; 0 for none");
const ARGUMENTS: (&str, &str) = ("arg ...", "everything else, in the table ARGV");

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "EVAL",
        group: "scripting",
        arity: Some(-3),
        syntax: "EVAL script numkeys [key [key ...]] [arg [arg ...]]",
        summary: "Runs a script as one statement; `redis.call(...)` runs a command in it.",
        options: &[SCRIPT, KEYS, ARGUMENTS],
        complexity: "Depends on the script that is executed",
        examples: &[
            "EVAL \"return redis.call('SET', KEYS[1], ARGV[1])\" 1 greeting hello",
            "EVAL \"return redis.call('GET', KEYS[1])\" 1 greeting",
            "EVAL \"if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0\" 1 lock:a token",
        ],
        twins: &["forEach"],
        since: "2.6.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "EVALSHA",
        group: "scripting",
        arity: Some(-3),
        syntax: "EVALSHA sha1 numkeys [key [key ...]] [arg [arg ...]]",
        summary: "Runs a script that is known, named by the SHA-1 of its text.",
        options: &[("sha1", "what SCRIPT LOAD has answered"), KEYS, ARGUMENTS],
        complexity: "Depends on the script that is executed",
        examples: &["SCRIPT LOAD \"return ARGV[1]\"", "EVALSHA 098e0f0d1448c0a81dafe820f66d460eb09263da 0 hello"],
        since: "2.6.0",
        writes: true,
        ..Entry::KV
    },
    Entry {
        name: "EVALSHA_RO",
        group: "scripting",
        arity: Some(-3),
        syntax: "EVALSHA_RO sha1 numkeys [key [key ...]] [arg [arg ...]]",
        summary: "Runs a known script that may not write.",
        options: &[("sha1", "what SCRIPT LOAD has answered"), KEYS, ARGUMENTS],
        complexity: "Depends on the script that is executed",
        examples: &["SCRIPT LOAD \"return ARGV[1]\"", "EVALSHA_RO 098e0f0d1448c0a81dafe820f66d460eb09263da 0 hello"],
        since: "7.0.0",
        ..Entry::KV
    },
    Entry {
        name: "EVAL_RO",
        group: "scripting",
        arity: Some(-3),
        syntax: "EVAL_RO script numkeys [key [key ...]] [arg [arg ...]]",
        summary: "Runs a script that may not write.",
        options: &[SCRIPT, KEYS, ARGUMENTS],
        complexity: "Depends on the script that is executed",
        examples: &[
            "RPUSH numbers 1 2 3",
            "EVAL_RO \"local sum = 0 for _, n in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do sum = sum + n end return sum\" 1 numbers",
        ],
        since: "7.0.0",
        ..Entry::KV
    },
    Entry {
        name: "SCRIPT",
        group: "scripting",
        arity: Some(-2),
        syntax: "SCRIPT LOAD script | EXISTS sha1 [sha1 ...] | FLUSH [ASYNC | SYNC] | KILL | HELP",
        summary: "The scripts that are known to the sessions of this process.",
        options: &[
            ("LOAD script", "compiles a script and answers its SHA-1, for EVALSHA"),
            ("EXISTS sha1 ...", "1 for each script that is known, 0 for the others"),
            ("FLUSH", "forgets all scripts"),
            ("KILL", "there is nothing to kill from here: Ctrl-C stops a script, and undoes it"),
        ],
        complexity: "O(N) with N the length of the script, or the number of names",
        examples: &[
            "SCRIPT LOAD \"return ARGV[1]\"",
            "SCRIPT EXISTS 098e0f0d1448c0a81dafe820f66d460eb09263da",
            "SCRIPT FLUSH",
        ],
        since: "2.6.0",
        ..Entry::KV
    },
];
