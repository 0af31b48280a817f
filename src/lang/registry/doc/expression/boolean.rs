//! Expression operators: boolean.

use crate::lang::registry::Entry;
use crate::lang::registry::doc::expression;

/// By name.
pub const ENTRIES: &[Entry] = &[
    expression(
        "$and",
        "expression: boolean",
        "{ $and: [condition, …] }",
        "Whether all are true; stops at the first that is not.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $and: [true, 1] } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $and: [1, null] } } }])",
        ],
    ),
    expression(
        "$not",
        "expression: boolean",
        "{ $not: [condition] }",
        "Whether it is false, null, missing or zero.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $not: [0] } } }])",
            "db.aggregate([{ $documents: [{ b: true }] }, { $project: { answer: { $not: [\"$b\"] } } }])",
        ],
    ),
    expression(
        "$or",
        "expression: boolean",
        "{ $or: [condition, …] }",
        "Whether any is true; stops at the first that is.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $or: [null, \"x\"] } } }])",
            "db.aggregate([{ $documents: [{ i: 7, b: true }] }, { $project: { answer: { $or: [{ $gt: [\"$i\", 10] }, \"$b\"] } } }])",
        ],
    ),
];
