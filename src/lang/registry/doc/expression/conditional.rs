//! Expression operators: conditional.

use crate::lang::registry::Entry;
use crate::lang::registry::doc::expression;

/// By name.
pub const ENTRIES: &[Entry] = &[
    expression(
        "$cond",
        "expression: conditional",
        "{ $cond: { if, then, else } }",
        "One of two values.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $cond: { if: { $gt: [2, 1] }, then: \"yes\", else: \"no\" } } } }])",
            "db.aggregate([{ $documents: [{ b: true }] }, { $project: { answer: { $cond: [\"$b\", \"y\", \"n\"] } } }])",
        ],
    ),
    expression(
        "$ifNull",
        "expression: conditional",
        "{ $ifNull: [value, …, otherwise] }",
        "The first value that is neither null nor missing.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $ifNull: [\"$nickname\", \"none\"] } } }])",
            "db.aggregate([{ $documents: [{ n: null }] }, { $project: { answer: { $ifNull: [\"$n\", \"$missing\", \"d\"] } } }])",
        ],
    ),
    expression(
        "$switch",
        "expression: conditional",
        "{ $switch: { branches: [{ case, then }, …], default } }",
        "The value of the first branch whose case is true.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $switch: { branches: [{ case: { $gt: [5, 3] }, then: \"more\" }], default: \"less\" } } } }])",
            "db.aggregate([{ $documents: [{ i: 7 }] }, { $project: { answer: { $switch: { branches: [{ case: { $gt: [\"$i\", 10] }, then: 1 }], default: 2 } } } }])",
        ],
    ),
];
