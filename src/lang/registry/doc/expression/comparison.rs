//! Expression operators: comparison.

use crate::lang::registry::Entry;
use crate::lang::registry::doc::expression;

/// By name.
pub const ENTRIES: &[Entry] = &[
    expression(
        "$cmp",
        "expression: comparison",
        "{ $cmp: [a, b] }",
        "-1, 0 or 1, across all types in BSON order.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $cmp: [1, \"a\"] } } }])",
            "db.aggregate([{ $documents: [{ i: 7 }] }, { $project: { answer: { $cmp: [\"$i\", \"a\"] } } }])",
        ],
    ),
    expression(
        "$eq",
        "expression: comparison",
        "{ $eq: [a, b] }",
        "Whether the values are equal.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $eq: [1, 1.0] } } }])",
            "db.aggregate([{ $documents: [{ s: \"Hello World\" }] }, { $project: { answer: { $eq: [\"$s\", \"Hello World\"] } } }])",
        ],
    ),
    expression(
        "$gt",
        "expression: comparison",
        "{ $gt: [a, b] }",
        "Whether the first is greater.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $gt: [2, 1] } } }])",
            "db.aggregate([{ $documents: [{ i: 7, d: 2.5 }] }, { $project: { answer: { $gt: [\"$i\", \"$d\"] } } }])",
        ],
    ),
    expression(
        "$gte",
        "expression: comparison",
        "{ $gte: [a, b] }",
        "Whether the first is greater or equal.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $gte: [2, 2] } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $gte: [\"$dt\", ISODate(\"2024-01-01\")] } } }])",
        ],
    ),
    expression(
        "$lt",
        "expression: comparison",
        "{ $lt: [a, b] }",
        "Whether the first is less.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $lt: [1, 2] } } }])",
            "db.aggregate([{ $documents: [{ i: 7 }] }, { $project: { answer: { $lt: [\"$i\", \"a text\"] } } }])",
        ],
    ),
    expression(
        "$lte",
        "expression: comparison",
        "{ $lte: [a, b] }",
        "Whether the first is less or equal.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $lte: [2, 2] } } }])",
            "db.aggregate([{ $documents: [{ d: 2.5 }] }, { $project: { answer: { $lte: [\"$d\", 2.5] } } }])",
        ],
    ),
    expression(
        "$ne",
        "expression: comparison",
        "{ $ne: [a, b] }",
        "Whether the values differ.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $ne: [1, 2] } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $ne: [\"$missing\", null] } } }])",
        ],
    ),
];
