//! Directives of the shell, transactions and variables.

use super::{Entry, Kind};

/// By group, then by name.
pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "BEGIN",
        kind: Kind::Command,
        group: "transaction",
        syntax: "BEGIN",
        summary: "Begins one transaction over all three models; COMMIT keeps it, ROLLBACK undoes it.",
        examples: &[
            "BEGIN",
            "SET balance 10",
            "db.log.insertOne({ to: 10 })",
            "CREATE (:Account {balance: 10});",
            "COMMIT",
        ],
        twins: &["MULTI", "startTransaction"],
        ..Entry::SHELL
    },
    Entry {
        name: "COMMIT",
        kind: Kind::Command,
        group: "transaction",
        syntax: "COMMIT",
        summary: "Keeps all that was written since BEGIN, in one step.",
        examples: &["BEGIN", "SET a 1", "COMMIT"],
        twins: &["EXEC", "commitTransaction"],
        ..Entry::SHELL
    },
    Entry {
        name: "ROLLBACK",
        kind: Kind::Command,
        group: "transaction",
        syntax: "ROLLBACK",
        summary: "Undoes all that was written since BEGIN.",
        examples: &["BEGIN", "SET a 1", "ROLLBACK"],
        twins: &["DISCARD", "abortTransaction"],
        ..Entry::SHELL
    },
    Entry {
        name: "let",
        kind: Kind::Command,
        group: "variable",
        syntax: "let NAME = STATEMENT | LITERAL",
        summary: "Keeps an answer: alice._id in documents, $alice in graph statements, ${alice._id} in Redis commands.",
        examples: &["db.users.insertOne({ name: \"Alice\" })", "let alice = db.users.findOne({ name: \"Alice\" })"],
        twins: &[":param"],
        ..Entry::SHELL
    },
    Entry {
        name: "EXPLAIN",
        kind: Kind::Command,
        group: "plan",
        syntax: "EXPLAIN STATEMENT",
        summary: "Shows how a statement of any model would be run, without running it.",
        examples: &["EXPLAIN MATCH (n) RETURN n;"],
        twins: &["explain"],
        ..Entry::SHELL
    },
    Entry {
        name: "PROFILE",
        kind: Kind::Command,
        group: "plan",
        syntax: "PROFILE STATEMENT",
        summary: "Runs a statement and shows its plan with the rows each step handled.",
        examples: &["PROFILE MATCH (n) RETURN n;"],
        twins: &["explain"],
        ..Entry::SHELL
    },
    Entry {
        name: ":param",
        group: "variable",
        syntax: ":param NAME => VALUE",
        summary: "Sets a variable to a value written in the graph language.",
        examples: &[":param limit => 10", "UNWIND [1, 20] AS n WITH n WHERE n > $limit RETURN n;"],
        twins: &["let"],
        ..Entry::SHELL
    },
    Entry {
        name: ":params",
        group: "variable",
        syntax: ":params",
        summary: "Shows all variables.",
        examples: &[":params"],
        ..Entry::SHELL
    },
    Entry {
        name: ":draw",
        group: "shell",
        syntax: ":draw QUERY",
        summary: "Draws what a graph query answers, if that holds nodes, up to 20 of them: each with what leaves it and what comes to it; a larger answer is a table. To draw it elsewhere: --output dot, --output mermaid.",
        examples: &[
            "CREATE (ann:Person {name: 'Ann'})-[:KNOWS]->(:Person {name: 'Bob'}), (ann)-[:LIKES]->(:Movie {title: 'Up'});",
            ":draw MATCH p = ()-->() RETURN p",
        ],
        twins: &["MATCH"],
        ..Entry::SHELL
    },
    Entry {
        name: ":max-memory",
        group: "shell",
        syntax: ":max-memory [MIB]",
        summary: "Shows or sets how many mebibytes the operators of a graph statement may hold: what is sorted, grouped, joined or collected.",
        examples: &[":max-memory", ":max-memory 512"],
        ..Entry::SHELL
    },
    Entry {
        name: ":max-paths",
        group: "shell",
        syntax: ":max-paths [N]",
        summary: "Shows or sets how many paths a pattern without an upper bound of its length may find in one statement.",
        examples: &[":max-paths", ":max-paths 100000"],
        ..Entry::SHELL
    },
    Entry {
        name: ":unset",
        group: "variable",
        syntax: ":unset NAME",
        summary: "Forgets a variable.",
        examples: &[":param a => 1", ":unset a"],
        ..Entry::SHELL
    },
    Entry {
        name: ":reset",
        group: "database",
        syntax: ":reset",
        summary: "Empties the current database (data, indexes, constraints) and forgets the variables.",
        examples: &[":reset"],
        twins: &["FLUSHALL", "dropDatabase"],
        writes: true,
        ..Entry::SHELL
    },
    Entry {
        name: ":help",
        group: "help",
        syntax: ":help [NAME]",
        summary: "Explains the shell, or one command, method, operator or clause.",
        examples: &[":help"],
        ..Entry::SHELL
    },
    Entry {
        name: "help",
        group: "help",
        syntax: "help [NAME]",
        summary: "As :help.",
        examples: &["help"],
        ..Entry::SHELL
    },
    Entry { name: "exit", group: "shell", syntax: "exit", summary: "Leaves the shell.", ..Entry::SHELL },
    Entry { name: "quit", group: "shell", syntax: "quit", summary: "Leaves the shell.", ..Entry::SHELL },
    Entry { name: "cls", group: "shell", syntax: "cls", summary: "Clears the screen.", ..Entry::SHELL },
];
