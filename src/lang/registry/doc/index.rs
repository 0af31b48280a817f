//! Methods about indexes.

use super::{method, writing};
use crate::lang::registry::Entry;

/// As the manual orders them.
pub const ENTRIES: &[Entry] = &[
    Entry {
        options: &[
            ("unique", "no two documents have the same key"),
            ("sparse", "documents without the fields have no entry"),
            ("partialFilterExpression", "only documents that match have entries"),
            ("expireAfterSeconds", "documents go so long after the date in the field"),
            ("collation", "how strings compare; queries with the same collation use it"),
            ("hidden", "queries do not use it"),
            ("name", "instead of field_1"),
            ("weights, default_language, language_override", "of a text index"),
            ("wildcardProjection", "which fields a $** index takes in"),
        ],
        ..writing(
            "createIndex",
            "index",
            "db.NAME.createIndex({ field: 1 or -1, … } [, { unique, sparse, name, partialFilterExpression }])",
            "Makes an index that queries use.",
            &[
                "db.users.createIndex({ email: 1 }, { unique: true })",
                "db.users.createIndex({ mail: 1 }, { unique: true, sparse: true })",
                "db.users.createIndex({ name: 1 }, { collation: { locale: \"en\", strength: 2 } })",
                "db.users.createIndex({ seen: 1 }, { expireAfterSeconds: 3600 })",
            ],
            &["CREATE INDEX"],
        )
    },
    writing(
        "createIndexes",
        "index",
        "db.NAME.createIndexes([patterns] [, options])",
        "Makes several indexes.",
        &[
            "db.users.createIndexes([{ age: 1 }, { name: 1, age: -1 }])",
            "db.users.createIndexes([{ a: 1 }, { b: -1 }])",
        ],
        &["CREATE INDEX"],
    ),
    method(
        "getIndexes",
        "index",
        "db.NAME.getIndexes()",
        "The indexes with their options.",
        &[
            "db.users.createIndex({ age: 1 })",
            "db.users.getIndexes()",
            "db.users.createIndex({ age: -1 })",
            "db.users.getIndexes()",
        ],
        &["SHOW INDEXES"],
    ),
    writing(
        "dropIndex",
        "index",
        "db.NAME.dropIndex(name or pattern)",
        "Removes an index.",
        &["db.users.createIndex({ age: 1 })", "db.users.dropIndex(\"age_1\")"],
        &["DROP INDEX"],
    ),
    writing(
        "dropIndexes",
        "index",
        "db.NAME.dropIndexes()",
        "Removes all indexes but that of _id.",
        &["db.users.createIndex({ age: 1 })", "db.users.dropIndexes()", "db.users.dropIndexes(\"*\")"],
        &["DROP INDEX"],
    ),
    writing(
        "ensureIndex",
        "index",
        "db.NAME.ensureIndex(pattern [, options])",
        "The older name of createIndex.",
        &["db.users.ensureIndex({ age: 1 })", "db.users.ensureIndex({ name: 1 }, { unique: true })"],
        &[],
    ),
    method(
        "getIndices",
        "index",
        "db.NAME.getIndices()",
        "Another name of getIndexes.",
        &["db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })", "db.users.getIndices()"],
        &[],
    ),
    method(
        "getIndexKeys",
        "index",
        "db.NAME.getIndexKeys()",
        "The key patterns of the indexes.",
        &["db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })", "db.users.getIndexKeys()"],
        &[],
    ),
    method(
        "getIndexSpecs",
        "index",
        "db.NAME.getIndexSpecs()",
        "The specifications of the indexes.",
        &["db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })", "db.users.getIndexSpecs()"],
        &[],
    ),
    writing(
        "hideIndex",
        "index",
        "db.NAME.hideIndex(name or pattern)",
        "Queries no longer use the index; it is kept up.",
        &["db.users.createIndex({ age: 1 })", "db.users.hideIndex(\"age_1\")"],
        &[],
    ),
    writing(
        "unhideIndex",
        "index",
        "db.NAME.unhideIndex(name or pattern)",
        "Queries use the index again.",
        &["db.users.createIndex({ age: 1 }, { hidden: true })", "db.users.unhideIndex({ age: 1 })"],
        &[],
    ),
    writing(
        "reIndex",
        "index",
        "db.NAME.reIndex()",
        "Builds all indexes anew.",
        &["db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })", "db.users.reIndex()"],
        &[],
    ),
];
