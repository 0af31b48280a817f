//! Expression operators: set.

use crate::lang::registry::Entry;
use crate::lang::registry::doc::expression;

/// By name.
pub const ENTRIES: &[Entry] = &[
    expression(
        "$allElementsTrue",
        "expression: set",
        "{ $allElementsTrue: [array] }",
        "Whether every element is true.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $allElementsTrue: [[1, true]] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $allElementsTrue: [\"$a\"] } } }])",
        ],
    ),
    expression(
        "$anyElementTrue",
        "expression: set",
        "{ $anyElementTrue: [array] }",
        "Whether any element is true.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $anyElementTrue: [[0, 1]] } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $anyElementTrue: [[0, null, 1]] } } }])",
        ],
    ),
    expression(
        "$setDifference",
        "expression: set",
        "{ $setDifference: [a, b] }",
        "The elements of the first that the second lacks.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $setDifference: [[1, 2], [2]] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $setDifference: [\"$a\", [1, 5]] } } }])",
        ],
    ),
    expression(
        "$setEquals",
        "expression: set",
        "{ $setEquals: [array, …] }",
        "Whether the arrays hold the same elements.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $setEquals: [[1, 2, 2], [2, 1]] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $setEquals: [\"$a\", [1, 2, 3]] } } }])",
        ],
    ),
    expression(
        "$setIntersection",
        "expression: set",
        "{ $setIntersection: [array, …] }",
        "The elements common to all.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $setIntersection: [[1, 2], [2, 3]] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $setIntersection: [\"$a\", [1, 5]] } } }])",
        ],
    ),
    expression(
        "$setIsSubset",
        "expression: set",
        "{ $setIsSubset: [a, b] }",
        "Whether the second holds all of the first.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $setIsSubset: [[1], [1, 2]] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $setIsSubset: [[1], \"$a\"] } } }])",
        ],
    ),
    expression(
        "$setUnion",
        "expression: set",
        "{ $setUnion: [array, …] }",
        "The elements of any, each once.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $setUnion: [[1, 2], [2, 3]] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $setUnion: [\"$a\", [1, 5]] } } }])",
        ],
    ),
];
