//! Methods of a collection that read.

use super::method;
use crate::lang::registry::Entry;

/// As the manual orders them.
pub const ENTRIES: &[Entry] = &[
    Entry {
        options: &[
            ("projection", "what is shown of each document"),
            ("sort, skip, limit", "in which order, and which of them"),
            ("hint", "the index to use, by name or pattern"),
            ("collation", "how strings compare: { locale, strength, caseLevel, numericOrdering, … }"),
            ("let", "variables for $expr: { $expr: { $eq: [\"$a\", \"$$name\"] } }"),
            ("min, max", "the keys of the hinted index between which to look"),
        ],
        ..method(
            "find",
            "read",
            "db.NAME.find([filter [, projection [, options]]])",
            "Finds the documents that match, all of them without a filter.",
            &[
                "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
                "db.users.find({ age: { $gt: 18 } }, { name: 1 })",
                "db.users.find({ $or: [{ age: { $lt: 20 } }, { name: /^A/ }] }).sort({ name: 1 }).limit(10)",
            ],
            &["MATCH", "HGETALL"],
        )
    },
    method(
        "findOne",
        "read",
        "db.NAME.findOne([filter [, projection]])",
        "Finds the first document that matches, or null.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.findOne({ _id: 1 })",
            "db.users.findOne({ name: \"Alice\" }, { age: 1, _id: 0 })",
        ],
        &["HGETALL"],
    ),
    Entry {
        options: &[("skip, limit, hint, collation", "as in find")],
        ..method(
            "countDocuments",
            "read",
            "db.NAME.countDocuments([filter [, options]])",
            "Counts the documents that match.",
            &["db.users.countDocuments({ age: 30 })", "db.users.countDocuments({}, { skip: 1, limit: 10 })"],
            &["count", "DBSIZE"],
        )
    },
    method(
        "count",
        "read",
        "db.NAME.count([filter])",
        "Counts the documents that match; countDocuments is its new name.",
        &["db.users.count()", "db.users.count({ age: { $gt: 20 } })"],
        &["count"],
    ),
    method(
        "estimatedDocumentCount",
        "read",
        "db.NAME.estimatedDocumentCount()",
        "The number of documents, from the counter.",
        &["db.users.estimatedDocumentCount()"],
        &["DBSIZE"],
    ),
    Entry {
        options: &[("collation", "how strings compare")],
        ..method(
            "distinct",
            "read",
            "db.NAME.distinct(field [, filter])",
            "The different values of a field, arrays taken apart.",
            &["db.users.distinct(\"age\")", "db.users.distinct(\"age\", { name: { $ne: \"Bob\" } })"],
            &["DISTINCT", "SMEMBERS"],
        )
    },
    Entry {
        options: &[
            ("let", "variables of the pipeline, $$name"),
            ("hint", "the index to use"),
            ("collation", "how strings compare"),
            ("allowDiskUse, maxTimeMS, comment, cursor", "are read and change nothing"),
        ],
        ..method(
            "aggregate",
            "read",
            "db.NAME.aggregate([stages] [, options])",
            "Runs documents through a pipeline of stages.",
            &[
                "db.users.aggregate([{ $group: { _id: \"$age\", n: { $sum: 1 } } }])",
                "db.users.aggregate([{ $group: { _id: null, mean: { $avg: \"$age\" } } }], { allowDiskUse: true })",
            ],
            &["WITH", "RETURN"],
        )
    },
    method(
        "explain",
        "read",
        "db.NAME.find(…).explain([\"executionStats\"])",
        "Shows which index answers, and what it costs.",
        &[
            "db.users.find({ age: 30 }).explain(\"executionStats\")",
            "db.users.explain(\"executionStats\").count({ age: 30 })",
        ],
        &["EXPLAIN", "PROFILE"],
    ),
];
