//! Expression operators: accumulator.

use crate::lang::registry::Entry;
use crate::lang::registry::doc::expression;

/// By name.
pub const ENTRIES: &[Entry] = &[
    expression(
        "$avg",
        "expression: accumulator",
        "{ $avg: values }",
        "The mean of the numbers.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $avg: [1, 2, 3] } } }])",
            "db.aggregate([{ $documents: [{ i: 7 }] }, { $project: { answer: { $avg: [\"$i\", 2] } } }])",
        ],
    ),
    expression(
        "$max",
        "expression: accumulator",
        "{ $max: values }",
        "The greatest value.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $max: [1, 3, 2] } } }])",
            "db.aggregate([{ $documents: [{ i: 7, d: 2.5 }] }, { $project: { answer: { $max: [\"$i\", 2, \"$d\"] } } }])",
        ],
    ),
    expression(
        "$median",
        "expression: accumulator",
        "{ $median: { input, method } }",
        "The value in the middle.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $median: { input: [1, 2, 3], method: \"approximate\" } } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $median: { input: \"$a\", method: \"approximate\" } } } }])",
        ],
    ),
    expression(
        "$min",
        "expression: accumulator",
        "{ $min: values }",
        "The least value.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $min: [3, 1, 2] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $min: \"$a\" } } }])",
        ],
    ),
    expression(
        "$percentile",
        "expression: accumulator",
        "{ $percentile: { input, p, method } }",
        "The values that shares of the numbers do not exceed.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $percentile: { input: [1, 2, 3, 4], p: [0.5], method: \"approximate\" } } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $percentile: { input: \"$a\", p: [0.95], method: \"approximate\" } } } }])",
        ],
    ),
    expression(
        "$stdDevPop",
        "expression: accumulator",
        "{ $stdDevPop: values }",
        "The standard deviation of a population.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $stdDevPop: [1, 3] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $stdDevPop: \"$a\" } } }])",
        ],
    ),
    expression(
        "$stdDevSamp",
        "expression: accumulator",
        "{ $stdDevSamp: values }",
        "The standard deviation of a sample.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $stdDevSamp: [1, 3] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $stdDevSamp: \"$a\" } } }])",
        ],
    ),
    expression(
        "$sum",
        "expression: accumulator",
        "{ $sum: values }",
        "The sum of the numbers.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $sum: [1, 2, 3] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $sum: \"$a\" } } }])",
        ],
    ),
];
