//! Expression operators: variable.

use crate::lang::registry::Entry;
use crate::lang::registry::doc::expression;

/// By name.
pub const ENTRIES: &[Entry] = &[
    expression(
        "$let",
        "expression: variable",
        "{ $let: { vars, in } }",
        "A value with variables of its own.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $let: { vars: { a: 2 }, in: { $multiply: [\"$$a\", 21] } } } } }])",
            "db.aggregate([{ $documents: [{ i: 7 }] }, { $project: { answer: { $let: { vars: { q: 5 }, in: { $add: [\"$$q\", \"$i\"] } } } } }])",
        ],
    ),
    expression(
        "$literal",
        "expression: variable",
        "{ $literal: value }",
        "The value as it stands: \"$5\" is no path.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $literal: \"$5\" } } }])",
            "db.aggregate([{ $documents: [{ s: \"Hello World\" }] }, { $project: { answer: { $literal: \"$s\" } } }])",
        ],
    ),
    expression(
        "$meta",
        "expression: variable",
        "{ $meta: \"textScore\" }",
        "What is known of the document beside its fields.",
        &[
            "db.c.createIndex({ title: \"text\" })",
            "db.c.insertOne({ title: \"black coffee\" })",
            "db.c.find({ $text: { $search: \"coffee\" } }, { score: { $meta: \"textScore\" } })",
        ],
    ),
    expression(
        "$rand",
        "expression: variable",
        "{ $rand: {} }",
        "A random number from 0 up to 1.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $lt: [{ $rand: {} }, 1] } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $floor: { $multiply: [{ $rand: {} }, 6] } } } }])",
        ],
    ),
    expression(
        "$sampleRate",
        "expression: variable",
        "{ $sampleRate: rate }",
        "True with this probability.",
        &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $sampleRate: 1 } } }])"],
    ),
];
