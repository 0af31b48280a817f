//! Expression operators: array.

use crate::lang::registry::Entry;
use crate::lang::registry::doc::expression;

/// By name.
pub const ENTRIES: &[Entry] = &[
    expression(
        "$arrayElemAt",
        "expression: array",
        "{ $arrayElemAt: [array, index] }",
        "An element; a negative index counts from the end.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $arrayElemAt: [[1, 2, 3], -1] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $arrayElemAt: [\"$a\", -1] } } }])",
        ],
    ),
    expression(
        "$arrayToObject",
        "expression: array",
        "{ $arrayToObject: pairs }",
        "An object of [key, value] pairs or of { k, v } objects.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $arrayToObject: [[[\"a\", 1], [\"b\", 2]]] } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $arrayToObject: [[[\"k\", 1], [\"j\", 2]]] } } }])",
        ],
    ),
    expression(
        "$concatArrays",
        "expression: array",
        "{ $concatArrays: [array, …] }",
        "The arrays one after another.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $concatArrays: [[1], [2, 3]] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $concatArrays: [\"$a\", [9]] } } }])",
        ],
    ),
    expression(
        "$filter",
        "expression: array",
        "{ $filter: { input, as, cond, limit } }",
        "The elements for which a condition is true.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $filter: { input: [1, 2, 3], as: \"n\", cond: { $gt: [\"$$n\", 1] } } } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $filter: { input: \"$a\", as: \"q\", cond: { $gt: [\"$$q\", 1] }, limit: 1 } } } }])",
        ],
    ),
    expression(
        "$first",
        "expression: array",
        "{ $first: array }",
        "The first element.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $first: [[1, 2]] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $first: \"$a\" } } }])",
        ],
    ),
    expression(
        "$firstN",
        "expression: array",
        "{ $firstN: { n, input } }",
        "The first n elements.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $firstN: { n: 2, input: [1, 2, 3] } } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $firstN: { input: \"$a\", n: 2 } } } }])",
        ],
    ),
    expression(
        "$in",
        "expression: array",
        "{ $in: [value, array] }",
        "Whether the array holds the value.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $in: [2, [1, 2]] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $in: [3, \"$a\"] } } }])",
        ],
    ),
    expression(
        "$indexOfArray",
        "expression: array",
        "{ $indexOfArray: [array, value, start, end] }",
        "Where a value stands; -1 if nowhere.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $indexOfArray: [[\"a\", \"b\"], \"b\"] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $indexOfArray: [\"$a\", 1] } } }])",
        ],
    ),
    expression(
        "$isArray",
        "expression: array",
        "{ $isArray: [value] }",
        "Whether the value is an array.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $isArray: [[1]] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $isArray: \"$a\" } } }])",
        ],
    ),
    expression(
        "$last",
        "expression: array",
        "{ $last: array }",
        "The last element.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $last: [[1, 2]] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $last: \"$a\" } } }])",
        ],
    ),
    expression(
        "$lastN",
        "expression: array",
        "{ $lastN: { n, input } }",
        "The last n elements.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $lastN: { n: 2, input: [1, 2, 3] } } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $lastN: { input: \"$a\", n: 2 } } } }])",
        ],
    ),
    expression(
        "$map",
        "expression: array",
        "{ $map: { input, as, in } }",
        "Each element made into another.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $map: { input: [1, 2], as: \"n\", in: { $multiply: [\"$$n\", 2] } } } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $map: { input: \"$a\", in: { $multiply: [\"$$this\", 2] } } } } }])",
        ],
    ),
    expression(
        "$maxN",
        "expression: array",
        "{ $maxN: { n, input } }",
        "The n greatest elements.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $maxN: { n: 2, input: [3, 1, 2] } } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $maxN: { input: \"$a\", n: 2 } } } }])",
        ],
    ),
    expression(
        "$minN",
        "expression: array",
        "{ $minN: { n, input } }",
        "The n least elements.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $minN: { n: 2, input: [3, 1, 2] } } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $minN: { input: \"$a\", n: 2 } } } }])",
        ],
    ),
    expression(
        "$range",
        "expression: array",
        "{ $range: [start, end, step] }",
        "Integers from start up to, not including, end.",
        &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $range: [0, 10, 3] } } }])"],
    ),
    expression(
        "$reduce",
        "expression: array",
        "{ $reduce: { input, initialValue, in } }",
        "One value from all elements: $$value so far, $$this next.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $reduce: { input: [1, 2, 3], initialValue: 0, in: { $add: [\"$$value\", \"$$this\"] } } } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $reduce: { input: \"$a\", initialValue: 0, in: { $add: [\"$$value\", \"$$this\"] } } } } }])",
        ],
    ),
    expression(
        "$reverseArray",
        "expression: array",
        "{ $reverseArray: array }",
        "The elements from the last to the first.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $reverseArray: [[1, 2]] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $reverseArray: \"$a\" } } }])",
        ],
    ),
    expression(
        "$size",
        "expression: array",
        "{ $size: array }",
        "The number of elements.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $size: [[1, 2, 3]] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $size: \"$a\" } } }])",
        ],
    ),
    expression(
        "$slice",
        "expression: array",
        "{ $slice: [array, position, n] }",
        "Some elements, from the start, the end or a position.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $slice: [[1, 2, 3], -2] } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $slice: [\"$a\", -2] } } }])",
        ],
    ),
    expression(
        "$sortArray",
        "expression: array",
        "{ $sortArray: { input, sortBy } }",
        "The elements in order.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $sortArray: { input: [3, 1, 2], sortBy: 1 } } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $sortArray: { input: \"$a\", sortBy: -1 } } } }])",
        ],
    ),
    expression(
        "$zip",
        "expression: array",
        "{ $zip: { inputs, useLongestLength, defaults } }",
        "Arrays put together element by element.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $zip: { inputs: [[1, 2], [\"a\", \"b\"]] } } } }])",
            "db.aggregate([{ $documents: [{ a: [3, 1, 2] }] }, { $project: { answer: { $zip: { inputs: [\"$a\", [\"x\"]], useLongestLength: true, defaults: [0, \"-\"] } } } }])",
        ],
    ),
];
