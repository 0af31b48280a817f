//! Accumulators of aggregation and window functions.

use crate::lang::registry::{Entry, Kind};

/// By group, then by name.
pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "$accumulator",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $accumulator: { init, initArgs, accumulate, accumulateArgs, merge, finalize, lang: \"js\" } }",
        summary: "An accumulator made of functions.",
        options: &[
            ("init", "the function that makes the state of a group, called with initArgs"),
            ("accumulate", "(state, …accumulateArgs) => the next state"),
            ("merge", "(a, b) => one state of two; read but not called, as nothing is spread over servers"),
            ("finalize", "(state) => the result; without it, the state is the result"),
        ],
        examples: &[
            "db.c.insertMany([{ _id: 1, v: 3 }, { _id: 2, v: 5 }])",
            "db.c.aggregate([{ $group: { _id: null, product: { $accumulator: { init: () => 1, accumulate: (state, v) => state * v, accumulateArgs: [\"$v\"], merge: (a, b) => a * b, lang: \"js\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$addToSet",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $addToSet: expression }",
        summary: "An array of the values, each once.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $addToSet: \"$v\" } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$avg",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $avg: expression }",
        summary: "The mean of the numbers, null if there are none.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $avg: \"$v\" } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$bottom",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $bottom: { sortBy, output } }",
        summary: "The output of the last document of a sort.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $bottom: { sortBy: { v: 1 }, output: \"$_id\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$bottomN",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $bottomN: { n, sortBy, output } }",
        summary: "The outputs of the last n documents of a sort.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $bottomN: { n: 2, sortBy: { v: 1 }, output: \"$_id\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$concatArrays",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $concatArrays: expression }",
        summary: "All arrays one after another.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $concatArrays: [\"$list\"] } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$count",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $count: {} }",
        summary: "The number of documents.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $count: {} } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$first",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $first: expression }",
        summary: "The first document's value.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $first: \"$v\" } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$firstN",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $firstN: { n, input } }",
        summary: "The first n documents' values.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $firstN: { n: 2, input: \"$v\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$last",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $last: expression }",
        summary: "The last document's value.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $last: \"$v\" } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$lastN",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $lastN: { n, input } }",
        summary: "The last n documents' values.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $lastN: { n: 2, input: \"$v\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$max",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $max: expression }",
        summary: "The greatest value.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $max: \"$v\" } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$maxN",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $maxN: { n, input } }",
        summary: "The n greatest values.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $maxN: { n: 2, input: \"$v\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$median",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $median: { input, method } }",
        summary: "The value in the middle.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $median: { input: \"$v\", method: \"approximate\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$mergeObjects",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $mergeObjects: expression }",
        summary: "One object of all; later fields win.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $mergeObjects: \"$o\" } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$min",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $min: expression }",
        summary: "The least value.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $min: \"$v\" } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$minN",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $minN: { n, input } }",
        summary: "The n least values.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $minN: { n: 2, input: \"$v\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$percentile",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $percentile: { input, p, method } }",
        summary: "The values that shares of the numbers do not exceed.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $percentile: { input: \"$v\", p: [0.9], method: \"approximate\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$push",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $push: expression }",
        summary: "An array of the values.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $push: \"$v\" } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$setUnion",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $setUnion: expression }",
        summary: "The elements of all arrays, each once.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $setUnion: [\"$list\"] } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$stdDevPop",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $stdDevPop: expression }",
        summary: "The standard deviation of a population.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $stdDevPop: \"$v\" } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$stdDevSamp",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $stdDevSamp: expression }",
        summary: "The standard deviation of a sample.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $stdDevSamp: \"$v\" } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$sum",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $sum: expression }",
        summary: "The sum of the numbers, 0 if there are none.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $sum: \"$v\" } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$top",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $top: { sortBy, output } }",
        summary: "The output of the first document of a sort.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $top: { sortBy: { v: -1 }, output: \"$_id\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$topN",
        kind: Kind::Accumulator,
        group: "accumulator",
        syntax: "{ $topN: { n, sortBy, output } }",
        summary: "The outputs of the first n documents of a sort.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $group: { _id: null, answer: { $topN: { n: 2, sortBy: { v: -1 }, output: \"$_id\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$covariancePop",
        kind: Kind::Accumulator,
        group: "window function",
        syntax: "{ $covariancePop: [x, y] }",
        summary: "The covariance of a population.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $setWindowFields: { sortBy: { t: 1 }, output: { answer: { $covariancePop: [\"$t\", \"$v\"] } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$covarianceSamp",
        kind: Kind::Accumulator,
        group: "window function",
        syntax: "{ $covarianceSamp: [x, y] }",
        summary: "The covariance of a sample.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $setWindowFields: { sortBy: { t: 1 }, output: { answer: { $covarianceSamp: [\"$t\", \"$v\"] } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$denseRank",
        kind: Kind::Accumulator,
        group: "window function",
        syntax: "{ $denseRank: {} }",
        summary: "The rank without gaps.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $setWindowFields: { sortBy: { t: 1 }, output: { answer: { $denseRank: {} } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$derivative",
        kind: Kind::Accumulator,
        group: "window function",
        syntax: "{ $derivative: { input, unit } }",
        summary: "The slope over the window.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $setWindowFields: { sortBy: { t: 1 }, output: { answer: { $derivative: { input: \"$v\" }, window: { documents: [-1, 0] } } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$documentNumber",
        kind: Kind::Accumulator,
        group: "window function",
        syntax: "{ $documentNumber: {} }",
        summary: "The position in the partition, from 1.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $setWindowFields: { sortBy: { t: 1 }, output: { answer: { $documentNumber: {} } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$expMovingAvg",
        kind: Kind::Accumulator,
        group: "window function",
        syntax: "{ $expMovingAvg: { input, N or alpha } }",
        summary: "The exponential moving average.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $setWindowFields: { sortBy: { t: 1 }, output: { answer: { $expMovingAvg: { input: \"$v\", N: 2 } } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$integral",
        kind: Kind::Accumulator,
        group: "window function",
        syntax: "{ $integral: { input, unit } }",
        summary: "The area under the curve over the window.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $setWindowFields: { sortBy: { t: 1 }, output: { answer: { $integral: { input: \"$v\" }, window: { documents: [\"unbounded\", 0] } } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$linearFill",
        kind: Kind::Accumulator,
        group: "window function",
        syntax: "{ $linearFill: expression }",
        summary: "Null values on the line between their neighbours.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $setWindowFields: { sortBy: { t: 1 }, output: { answer: { $linearFill: \"$v\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$locf",
        kind: Kind::Accumulator,
        group: "window function",
        syntax: "{ $locf: expression }",
        summary: "Null values as the last one before them.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $setWindowFields: { sortBy: { t: 1 }, output: { answer: { $locf: \"$v\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$rank",
        kind: Kind::Accumulator,
        group: "window function",
        syntax: "{ $rank: {} }",
        summary: "The rank; equal ones share it and leave a gap.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $setWindowFields: { sortBy: { t: 1 }, output: { answer: { $rank: {} } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$shift",
        kind: Kind::Accumulator,
        group: "window function",
        syntax: "{ $shift: { output, by, default } }",
        summary: "The value so many documents away.",
        examples: &[
            "db.c.insertMany([{ _id: 1, t: 1, v: 3, list: [1] }, { _id: 2, t: 2, v: 5, list: [2] }])",
            "db.c.aggregate([{ $setWindowFields: { sortBy: { t: 1 }, output: { answer: { $shift: { output: \"$v\", by: -1 } } } } }])",
        ],
        ..Entry::DOC
    },
];
