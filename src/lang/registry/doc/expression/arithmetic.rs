//! Expression operators: arithmetic.

use crate::lang::registry::Entry;
use crate::lang::registry::doc::expression;

/// By name.
pub const ENTRIES: &[Entry] = &[
    expression(
        "$abs",
        "expression: arithmetic",
        "{ $abs: number }",
        "The value without its sign.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $abs: -3 } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $abs: -5 } } }])",
        ],
    ),
    expression(
        "$add",
        "expression: arithmetic",
        "{ $add: [number, …] }",
        "The sum; a date and numbers make a date.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $add: [1, 2.5] } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $add: [\"$dt\", 1000] } } }])",
        ],
    ),
    expression(
        "$bitAnd",
        "expression: arithmetic",
        "{ $bitAnd: [integer, …] }",
        "The bits set in all.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $bitAnd: [6, 3] } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $bitAnd: [12, 10] } } }])",
        ],
    ),
    expression(
        "$bitNot",
        "expression: arithmetic",
        "{ $bitNot: integer }",
        "All bits turned.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $bitNot: 0 } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $bitNot: 5 } } }])",
        ],
    ),
    expression(
        "$bitOr",
        "expression: arithmetic",
        "{ $bitOr: [integer, …] }",
        "The bits set in any.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $bitOr: [6, 1] } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $bitOr: [NumberLong(8), 3] } } }])",
        ],
    ),
    expression(
        "$bitXor",
        "expression: arithmetic",
        "{ $bitXor: [integer, …] }",
        "The bits set in an odd number of them.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $bitXor: [6, 3] } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $bitXor: [NumberLong(12), 10] } } }])",
        ],
    ),
    expression(
        "$ceil",
        "expression: arithmetic",
        "{ $ceil: number }",
        "The least integer that is not less.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $ceil: 1.2 } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $ceil: 2.1 } } }])",
        ],
    ),
    expression(
        "$divide",
        "expression: arithmetic",
        "{ $divide: [dividend, divisor] }",
        "The quotient, always a double or a decimal.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $divide: [7, 2] } } }])",
            "db.aggregate([{ $documents: [{ i: 7 }] }, { $project: { answer: { $divide: [\"$i\", 2] } } }])",
        ],
    ),
    expression(
        "$exp",
        "expression: arithmetic",
        "{ $exp: number }",
        "e to the power of the number.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $exp: 1 } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $exp: 0 } } }])",
        ],
    ),
    expression(
        "$floor",
        "expression: arithmetic",
        "{ $floor: number }",
        "The greatest integer that is not greater.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $floor: -1.2 } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $floor: NumberDecimal(\"-1.5\") } } }])",
        ],
    ),
    expression(
        "$ln",
        "expression: arithmetic",
        "{ $ln: number }",
        "The natural logarithm.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $ln: 10 } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $ln: { $exp: 1 } } } }])",
        ],
    ),
    expression(
        "$log",
        "expression: arithmetic",
        "{ $log: [number, base] }",
        "The logarithm to a base.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $log: [8, 2] } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $log: [100, 10] } } }])",
        ],
    ),
    expression(
        "$log10",
        "expression: arithmetic",
        "{ $log10: number }",
        "The logarithm to base 10.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $log10: 100 } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $log10: 1000 } } }])",
        ],
    ),
    expression(
        "$mod",
        "expression: arithmetic",
        "{ $mod: [dividend, divisor] }",
        "The remainder; it has the dividend's sign.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $mod: [-7, 3] } } }])",
            "db.aggregate([{ $documents: [{ i: 7 }] }, { $project: { answer: { $mod: [\"$i\", 4] } } }])",
        ],
    ),
    expression(
        "$multiply",
        "expression: arithmetic",
        "{ $multiply: [number, …] }",
        "The product.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $multiply: [2, 3] } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $multiply: [2147483647, 2] } } }])",
        ],
    ),
    expression(
        "$pow",
        "expression: arithmetic",
        "{ $pow: [base, exponent] }",
        "The power; an integer where it is one.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $pow: [2, 10] } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $pow: [2, 70] } } }])",
        ],
    ),
    expression(
        "$round",
        "expression: arithmetic",
        "{ $round: [number, places] }",
        "Rounded to a number of places, half to even.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $round: [2.567, 1] } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $round: [2.5] } } }])",
        ],
    ),
    expression(
        "$sqrt",
        "expression: arithmetic",
        "{ $sqrt: number }",
        "The square root.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $sqrt: 16 } } }])",
            "db.aggregate([{ $documents: [{ d: 2.5 }] }, { $project: { answer: { $sqrt: \"$d\" } } }])",
        ],
    ),
    expression(
        "$subtract",
        "expression: arithmetic",
        "{ $subtract: [minuend, subtrahend] }",
        "The difference; of two dates in milliseconds.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $subtract: [5, 2] } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $subtract: [\"$dt\", ISODate(\"2024-02-28\")] } } }])",
        ],
    ),
    expression(
        "$trunc",
        "expression: arithmetic",
        "{ $trunc: [number, places] }",
        "Cut to a number of places.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $trunc: [-7.89, 1] } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $trunc: [1234.567, 1] } } }])",
        ],
    ),
];
