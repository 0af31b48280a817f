//! Expression operators of aggregation.

use super::{Entry, Kind};

/// By group, then by name.
pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "$abs",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $abs: number }",
        summary: "The value without its sign.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $abs: -3 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$add",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $add: [number, …] }",
        summary: "The sum; a date and numbers make a date.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $add: [1, 2.5] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$bitAnd",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $bitAnd: [integer, …] }",
        summary: "The bits set in all.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $bitAnd: [6, 3] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$bitNot",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $bitNot: integer }",
        summary: "All bits turned.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $bitNot: 0 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$bitOr",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $bitOr: [integer, …] }",
        summary: "The bits set in any.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $bitOr: [6, 1] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$bitXor",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $bitXor: [integer, …] }",
        summary: "The bits set in an odd number of them.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $bitXor: [6, 3] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$ceil",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $ceil: number }",
        summary: "The least integer that is not less.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $ceil: 1.2 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$divide",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $divide: [dividend, divisor] }",
        summary: "The quotient, always a double or a decimal.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $divide: [7, 2] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$exp",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $exp: number }",
        summary: "e to the power of the number.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $exp: 1 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$floor",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $floor: number }",
        summary: "The greatest integer that is not greater.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $floor: -1.2 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$ln",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $ln: number }",
        summary: "The natural logarithm.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $ln: 10 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$log",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $log: [number, base] }",
        summary: "The logarithm to a base.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $log: [8, 2] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$log10",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $log10: number }",
        summary: "The logarithm to base 10.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $log10: 100 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$mod",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $mod: [dividend, divisor] }",
        summary: "The remainder; it has the dividend's sign.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $mod: [-7, 3] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$multiply",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $multiply: [number, …] }",
        summary: "The product.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $multiply: [2, 3] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$pow",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $pow: [base, exponent] }",
        summary: "The power; an integer where it is one.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $pow: [2, 10] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$round",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $round: [number, places] }",
        summary: "Rounded to a number of places, half to even.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $round: [2.567, 1] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$sqrt",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $sqrt: number }",
        summary: "The square root.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $sqrt: 16 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$subtract",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $subtract: [minuend, subtrahend] }",
        summary: "The difference; of two dates in milliseconds.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $subtract: [5, 2] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$trunc",
        kind: Kind::ExpressionOperator,
        group: "expression: arithmetic",
        syntax: "{ $trunc: [number, places] }",
        summary: "Cut to a number of places.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $trunc: [-7.89, 1] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$acos",
        kind: Kind::ExpressionOperator,
        group: "expression: trigonometry",
        syntax: "{ $acos: number }",
        summary: "The arc cosine, in radians.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $acos: 1 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$acosh",
        kind: Kind::ExpressionOperator,
        group: "expression: trigonometry",
        syntax: "{ $acosh: number }",
        summary: "The inverse hyperbolic cosine.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $acosh: 1 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$asin",
        kind: Kind::ExpressionOperator,
        group: "expression: trigonometry",
        syntax: "{ $asin: number }",
        summary: "The arc sine, in radians.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $asin: 0 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$asinh",
        kind: Kind::ExpressionOperator,
        group: "expression: trigonometry",
        syntax: "{ $asinh: number }",
        summary: "The inverse hyperbolic sine.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $asinh: 0 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$atan",
        kind: Kind::ExpressionOperator,
        group: "expression: trigonometry",
        syntax: "{ $atan: number }",
        summary: "The arc tangent, in radians.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $atan: 1 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$atan2",
        kind: Kind::ExpressionOperator,
        group: "expression: trigonometry",
        syntax: "{ $atan2: [y, x] }",
        summary: "The angle of a point, in radians.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $atan2: [1, 1] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$atanh",
        kind: Kind::ExpressionOperator,
        group: "expression: trigonometry",
        syntax: "{ $atanh: number }",
        summary: "The inverse hyperbolic tangent.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $atanh: 0 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$cos",
        kind: Kind::ExpressionOperator,
        group: "expression: trigonometry",
        syntax: "{ $cos: radians }",
        summary: "The cosine.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $cos: 0 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$cosh",
        kind: Kind::ExpressionOperator,
        group: "expression: trigonometry",
        syntax: "{ $cosh: number }",
        summary: "The hyperbolic cosine.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $cosh: 0 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$degreesToRadians",
        kind: Kind::ExpressionOperator,
        group: "expression: trigonometry",
        syntax: "{ $degreesToRadians: degrees }",
        summary: "Degrees as radians.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $degreesToRadians: 180 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$radiansToDegrees",
        kind: Kind::ExpressionOperator,
        group: "expression: trigonometry",
        syntax: "{ $radiansToDegrees: radians }",
        summary: "Radians as degrees.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $radiansToDegrees: 3.14159 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$sin",
        kind: Kind::ExpressionOperator,
        group: "expression: trigonometry",
        syntax: "{ $sin: radians }",
        summary: "The sine.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $sin: 0 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$sinh",
        kind: Kind::ExpressionOperator,
        group: "expression: trigonometry",
        syntax: "{ $sinh: number }",
        summary: "The hyperbolic sine.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $sinh: 0 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$tan",
        kind: Kind::ExpressionOperator,
        group: "expression: trigonometry",
        syntax: "{ $tan: radians }",
        summary: "The tangent.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $tan: 0 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$tanh",
        kind: Kind::ExpressionOperator,
        group: "expression: trigonometry",
        syntax: "{ $tanh: number }",
        summary: "The hyperbolic tangent.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $tanh: 0 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$cmp",
        kind: Kind::ExpressionOperator,
        group: "expression: comparison",
        syntax: "{ $cmp: [a, b] }",
        summary: "-1, 0 or 1, across all types in BSON order.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $cmp: [1, \"a\"] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$eq",
        kind: Kind::ExpressionOperator,
        group: "expression: comparison",
        syntax: "{ $eq: [a, b] }",
        summary: "Whether the values are equal.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $eq: [1, 1.0] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$gt",
        kind: Kind::ExpressionOperator,
        group: "expression: comparison",
        syntax: "{ $gt: [a, b] }",
        summary: "Whether the first is greater.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $gt: [2, 1] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$gte",
        kind: Kind::ExpressionOperator,
        group: "expression: comparison",
        syntax: "{ $gte: [a, b] }",
        summary: "Whether the first is greater or equal.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $gte: [2, 2] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$lt",
        kind: Kind::ExpressionOperator,
        group: "expression: comparison",
        syntax: "{ $lt: [a, b] }",
        summary: "Whether the first is less.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $lt: [1, 2] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$lte",
        kind: Kind::ExpressionOperator,
        group: "expression: comparison",
        syntax: "{ $lte: [a, b] }",
        summary: "Whether the first is less or equal.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $lte: [2, 2] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$ne",
        kind: Kind::ExpressionOperator,
        group: "expression: comparison",
        syntax: "{ $ne: [a, b] }",
        summary: "Whether the values differ.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $ne: [1, 2] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$and",
        kind: Kind::ExpressionOperator,
        group: "expression: boolean",
        syntax: "{ $and: [condition, …] }",
        summary: "Whether all are true; stops at the first that is not.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $and: [true, 1] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$not",
        kind: Kind::ExpressionOperator,
        group: "expression: boolean",
        syntax: "{ $not: [condition] }",
        summary: "Whether it is false, null, missing or zero.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $not: [0] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$or",
        kind: Kind::ExpressionOperator,
        group: "expression: boolean",
        syntax: "{ $or: [condition, …] }",
        summary: "Whether any is true; stops at the first that is.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $or: [null, \"x\"] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$cond",
        kind: Kind::ExpressionOperator,
        group: "expression: conditional",
        syntax: "{ $cond: { if, then, else } }",
        summary: "One of two values.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $cond: { if: { $gt: [2, 1] }, then: \"yes\", else: \"no\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$ifNull",
        kind: Kind::ExpressionOperator,
        group: "expression: conditional",
        syntax: "{ $ifNull: [value, …, otherwise] }",
        summary: "The first value that is neither null nor missing.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $ifNull: [\"$nickname\", \"none\"] } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$switch",
        kind: Kind::ExpressionOperator,
        group: "expression: conditional",
        syntax: "{ $switch: { branches: [{ case, then }, …], default } }",
        summary: "The value of the first branch whose case is true.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $switch: { branches: [{ case: { $gt: [5, 3] }, then: \"more\" }], default: \"less\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$let",
        kind: Kind::ExpressionOperator,
        group: "expression: variable",
        syntax: "{ $let: { vars, in } }",
        summary: "A value with variables of its own.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $let: { vars: { a: 2 }, in: { $multiply: [\"$$a\", 21] } } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$literal",
        kind: Kind::ExpressionOperator,
        group: "expression: variable",
        syntax: "{ $literal: value }",
        summary: "The value as it stands: \"$5\" is no path.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $literal: \"$5\" } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$meta",
        kind: Kind::ExpressionOperator,
        group: "expression: variable",
        syntax: "{ $meta: \"textScore\" }",
        summary: "What is known of the document beside its fields.",
        examples: &[
            "db.c.createIndex({ title: \"text\" })",
            "db.c.insertOne({ title: \"black coffee\" })",
            "db.c.find({ $text: { $search: \"coffee\" } }, { score: { $meta: \"textScore\" } })",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$rand",
        kind: Kind::ExpressionOperator,
        group: "expression: variable",
        syntax: "{ $rand: {} }",
        summary: "A random number from 0 up to 1.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $lt: [{ $rand: {} }, 1] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$sampleRate",
        kind: Kind::ExpressionOperator,
        group: "expression: variable",
        syntax: "{ $sampleRate: rate }",
        summary: "True with this probability.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $sampleRate: 1 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$concat",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $concat: [text, …] }",
        summary: "The strings one after another; null if any is null.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $concat: [\"Ada\", \" \", \"Lovelace\"] } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$indexOfBytes",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $indexOfBytes: [text, part, start, end] }",
        summary: "Where a part begins, in bytes; -1 if nowhere.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $indexOfBytes: [\"cafeteria\", \"e\"] } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$indexOfCP",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $indexOfCP: [text, part, start, end] }",
        summary: "Where a part begins, in characters; -1 if nowhere.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $indexOfCP: [\"cafeteria\", \"t\"] } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$ltrim",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $ltrim: { input, chars } }",
        summary: "White space or the given characters cut off at the start.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $ltrim: { input: \"  x\" } } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$regexFind",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $regexFind: { input, regex, options } }",
        summary: "The first match: text, position, groups.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $regexFind: { input: \"ab12\", regex: \"[0-9]+\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$regexFindAll",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $regexFindAll: { input, regex, options } }",
        summary: "All matches.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $regexFindAll: { input: \"a1b2\", regex: \"[0-9]\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$regexMatch",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $regexMatch: { input, regex, options } }",
        summary: "Whether a pattern is found.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $regexMatch: { input: \"Ada\", regex: /^a/i } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$replaceAll",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $replaceAll: { input, find, replacement } }",
        summary: "Every occurrence replaced.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $replaceAll: { input: \"a-b-c\", find: \"-\", replacement: \"+\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$replaceOne",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $replaceOne: { input, find, replacement } }",
        summary: "The first occurrence replaced.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $replaceOne: { input: \"a-b-c\", find: \"-\", replacement: \"+\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$rtrim",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $rtrim: { input, chars } }",
        summary: "White space or the given characters cut off at the end.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $rtrim: { input: \"x  \" } } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$split",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $split: [text, separator] }",
        summary: "The parts between separators.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $split: [\"a,b,c\", \",\"] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$strLenBytes",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $strLenBytes: text }",
        summary: "The length in UTF-8 bytes.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $strLenBytes: \"é\" } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$strLenCP",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $strLenCP: text }",
        summary: "The length in characters.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $strLenCP: \"é\" } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$strcasecmp",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $strcasecmp: [a, b] }",
        summary: "-1, 0 or 1 without regard to ASCII case.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $strcasecmp: [\"abc\", \"ABC\"] } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$substr",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $substr: [text, start, length] }",
        summary: "A part by bytes; as $substrBytes.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $substr: [\"ITEC445\", 0, 4] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$substrBytes",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $substrBytes: [text, start, length] }",
        summary: "A part by bytes; a negative length goes to the end.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $substrBytes: [\"hello\", 1, 3] } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$substrCP",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $substrCP: [text, start, length] }",
        summary: "A part by characters.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $substrCP: [\"déjà\", 1, 2] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$toLower",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $toLower: text }",
        summary: "ASCII letters in lower case.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toLower: \"ADA\" } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$toUpper",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $toUpper: text }",
        summary: "ASCII letters in upper case.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toUpper: \"ada\" } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$trim",
        kind: Kind::ExpressionOperator,
        group: "expression: string",
        syntax: "{ $trim: { input, chars } }",
        summary: "White space or the given characters cut off at both ends.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $trim: { input: \" x \" } } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$arrayElemAt",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $arrayElemAt: [array, index] }",
        summary: "An element; a negative index counts from the end.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $arrayElemAt: [[1, 2, 3], -1] } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$arrayToObject",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $arrayToObject: pairs }",
        summary: "An object of [key, value] pairs or of { k, v } objects.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $arrayToObject: [[[\"a\", 1], [\"b\", 2]]] } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$concatArrays",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $concatArrays: [array, …] }",
        summary: "The arrays one after another.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $concatArrays: [[1], [2, 3]] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$filter",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $filter: { input, as, cond, limit } }",
        summary: "The elements for which a condition is true.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $filter: { input: [1, 2, 3], as: \"n\", cond: { $gt: [\"$$n\", 1] } } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$first",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $first: array }",
        summary: "The first element.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $first: [[1, 2]] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$firstN",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $firstN: { n, input } }",
        summary: "The first n elements.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $firstN: { n: 2, input: [1, 2, 3] } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$in",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $in: [value, array] }",
        summary: "Whether the array holds the value.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $in: [2, [1, 2]] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$indexOfArray",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $indexOfArray: [array, value, start, end] }",
        summary: "Where a value stands; -1 if nowhere.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $indexOfArray: [[\"a\", \"b\"], \"b\"] } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$isArray",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $isArray: [value] }",
        summary: "Whether the value is an array.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $isArray: [[1]] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$last",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $last: array }",
        summary: "The last element.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $last: [[1, 2]] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$lastN",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $lastN: { n, input } }",
        summary: "The last n elements.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $lastN: { n: 2, input: [1, 2, 3] } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$map",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $map: { input, as, in } }",
        summary: "Each element made into another.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $map: { input: [1, 2], as: \"n\", in: { $multiply: [\"$$n\", 2] } } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$maxN",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $maxN: { n, input } }",
        summary: "The n greatest elements.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $maxN: { n: 2, input: [3, 1, 2] } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$minN",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $minN: { n, input } }",
        summary: "The n least elements.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $minN: { n: 2, input: [3, 1, 2] } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$range",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $range: [start, end, step] }",
        summary: "Integers from start up to, not including, end.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $range: [0, 10, 3] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$reduce",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $reduce: { input, initialValue, in } }",
        summary: "One value from all elements: $$value so far, $$this next.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $reduce: { input: [1, 2, 3], initialValue: 0, in: { $add: [\"$$value\", \"$$this\"] } } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$reverseArray",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $reverseArray: array }",
        summary: "The elements from the last to the first.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $reverseArray: [[1, 2]] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$size",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $size: array }",
        summary: "The number of elements.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $size: [[1, 2, 3]] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$slice",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $slice: [array, position, n] }",
        summary: "Some elements, from the start, the end or a position.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $slice: [[1, 2, 3], -2] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$sortArray",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $sortArray: { input, sortBy } }",
        summary: "The elements in order.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $sortArray: { input: [3, 1, 2], sortBy: 1 } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$zip",
        kind: Kind::ExpressionOperator,
        group: "expression: array",
        syntax: "{ $zip: { inputs, useLongestLength, defaults } }",
        summary: "Arrays put together element by element.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $zip: { inputs: [[1, 2], [\"a\", \"b\"]] } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$allElementsTrue",
        kind: Kind::ExpressionOperator,
        group: "expression: set",
        syntax: "{ $allElementsTrue: [array] }",
        summary: "Whether every element is true.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $allElementsTrue: [[1, true]] } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$anyElementTrue",
        kind: Kind::ExpressionOperator,
        group: "expression: set",
        syntax: "{ $anyElementTrue: [array] }",
        summary: "Whether any element is true.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $anyElementTrue: [[0, 1]] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$setDifference",
        kind: Kind::ExpressionOperator,
        group: "expression: set",
        syntax: "{ $setDifference: [a, b] }",
        summary: "The elements of the first that the second lacks.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $setDifference: [[1, 2], [2]] } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$setEquals",
        kind: Kind::ExpressionOperator,
        group: "expression: set",
        syntax: "{ $setEquals: [array, …] }",
        summary: "Whether the arrays hold the same elements.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $setEquals: [[1, 2, 2], [2, 1]] } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$setIntersection",
        kind: Kind::ExpressionOperator,
        group: "expression: set",
        syntax: "{ $setIntersection: [array, …] }",
        summary: "The elements common to all.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $setIntersection: [[1, 2], [2, 3]] } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$setIsSubset",
        kind: Kind::ExpressionOperator,
        group: "expression: set",
        syntax: "{ $setIsSubset: [a, b] }",
        summary: "Whether the second holds all of the first.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $setIsSubset: [[1], [1, 2]] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$setUnion",
        kind: Kind::ExpressionOperator,
        group: "expression: set",
        syntax: "{ $setUnion: [array, …] }",
        summary: "The elements of any, each once.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $setUnion: [[1, 2], [2, 3]] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$bsonSize",
        kind: Kind::ExpressionOperator,
        group: "expression: object",
        syntax: "{ $bsonSize: object }",
        summary: "The size as BSON, in bytes.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $bsonSize: { $literal: { a: 1 } } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$function",
        kind: Kind::ExpressionOperator,
        group: "expression: object",
        syntax: "{ $function: { body: function, args: [expression, …], lang: \"js\" } }",
        summary: "What a function answers for the arguments; it sees nothing else.",
        examples: &[
            "db.c.insertOne({ _id: 1, words: [\"one\", \"two\"] })",
            "db.c.aggregate([{ $project: { line: { $function: { body: \"words => words.join('-')\", args: [\"$words\"], lang: \"js\" } } } }])",
            "db.c.find({ $expr: { $function: { body: function (words) { return words.length > 1 }, args: [\"$words\"], lang: \"js\" } } })",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$getField",
        kind: Kind::ExpressionOperator,
        group: "expression: object",
        syntax: "{ $getField: { field, input } }",
        summary: "A field by a name that may hold dots or dollars.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $getField: { field: \"a.b\", input: { $literal: { \"a.b\": 1 } } } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$mergeObjects",
        kind: Kind::ExpressionOperator,
        group: "expression: object",
        syntax: "{ $mergeObjects: [object, …] }",
        summary: "One object; later fields win.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $mergeObjects: [{ a: 1 }, { b: 2 }] } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$objectToArray",
        kind: Kind::ExpressionOperator,
        group: "expression: object",
        syntax: "{ $objectToArray: object }",
        summary: "An array of { k, v }.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $objectToArray: { a: 1, b: 2 } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$setField",
        kind: Kind::ExpressionOperator,
        group: "expression: object",
        syntax: "{ $setField: { field, input, value } }",
        summary: "An object with a field set, whatever its name.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $setField: { field: \"price$\", input: {}, value: 5 } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$unsetField",
        kind: Kind::ExpressionOperator,
        group: "expression: object",
        syntax: "{ $unsetField: { field, input } }",
        summary: "An object without a field, whatever its name.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $unsetField: { field: \"a\", input: { a: 1, b: 2 } } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$dateAdd",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $dateAdd: { startDate, unit, amount, timezone } }",
        summary: "A date moved forward; days clamp to the month.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dateAdd: { startDate: ISODate(\"2024-01-31\"), unit: \"month\", amount: 1 } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$dateDiff",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $dateDiff: { startDate, endDate, unit, timezone, startOfWeek } }",
        summary: "How many boundaries of a unit lie between two dates.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dateDiff: { startDate: ISODate(\"2023-12-31\"), endDate: ISODate(\"2024-01-01\"), unit: \"year\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$dateFromParts",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $dateFromParts: { year, month, day, hour, … } }",
        summary: "A date from its parts.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dateFromParts: { year: 2024, month: 2, day: 29 } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$dateFromString",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $dateFromString: { dateString, format, timezone, onError, onNull } }",
        summary: "A date read from text.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dateFromString: { dateString: \"2024-02-29T12:00:00Z\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$dateSubtract",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $dateSubtract: { startDate, unit, amount, timezone } }",
        summary: "A date moved back.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dateSubtract: { startDate: ISODate(\"2024-03-01\"), unit: \"day\", amount: 1 } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$dateToParts",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $dateToParts: { date, timezone, iso8601 } }",
        summary: "The parts of a date as an object.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dateToParts: { date: ISODate(\"2024-02-29\") } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$dateToString",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $dateToString: { date, format, timezone, onNull } }",
        summary: "A date as text.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dateToString: { date: ISODate(\"2024-02-29\"), format: \"%Y-%m\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$dateTrunc",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $dateTrunc: { date, unit, binSize, timezone, startOfWeek } }",
        summary: "The start of the unit a date lies in.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dateTrunc: { date: ISODate(\"2024-02-29T12:34:56Z\"), unit: \"hour\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$dayOfMonth",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $dayOfMonth: date }",
        summary: "The day of the month, 1 to 31.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dayOfMonth: ISODate(\"2024-02-29\") } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$dayOfWeek",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $dayOfWeek: date }",
        summary: "The day of the week, 1 (Sunday) to 7.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dayOfWeek: ISODate(\"2024-02-29\") } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$dayOfYear",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $dayOfYear: date }",
        summary: "The day of the year, 1 to 366.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $dayOfYear: ISODate(\"2024-02-29\") } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$hour",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $hour: date }",
        summary: "The hour, 0 to 23.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $hour: { date: ISODate(\"2024-02-29T12:00:00Z\"), timezone: \"Europe/Paris\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$isoDayOfWeek",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $isoDayOfWeek: date }",
        summary: "The day of the week, 1 (Monday) to 7.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $isoDayOfWeek: ISODate(\"2024-02-29\") } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$isoWeek",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $isoWeek: date }",
        summary: "The ISO 8601 week, 1 to 53.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $isoWeek: ISODate(\"2024-12-30\") } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$isoWeekYear",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $isoWeekYear: date }",
        summary: "The year the ISO 8601 week belongs to.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $isoWeekYear: ISODate(\"2024-12-30\") } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$millisecond",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $millisecond: date }",
        summary: "The millisecond, 0 to 999.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $millisecond: ISODate(\"2024-02-29T12:00:00.250Z\") } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$minute",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $minute: date }",
        summary: "The minute, 0 to 59.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $minute: ISODate(\"2024-02-29T12:34:00Z\") } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$month",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $month: date }",
        summary: "The month, 1 to 12.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $month: ISODate(\"2024-02-29\") } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$second",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $second: date }",
        summary: "The second, 0 to 59.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $second: ISODate(\"2024-02-29T12:34:56Z\") } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$tsIncrement",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $tsIncrement: timestamp }",
        summary: "The counter of a timestamp.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $tsIncrement: Timestamp(1, 2) } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$tsSecond",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $tsSecond: timestamp }",
        summary: "The seconds of a timestamp.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $tsSecond: Timestamp(1, 2) } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$week",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $week: date }",
        summary: "The week, 0 to 53; weeks begin on Sunday.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $week: ISODate(\"2024-02-29\") } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$year",
        kind: Kind::ExpressionOperator,
        group: "expression: date",
        syntax: "{ $year: date }",
        summary: "The year.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $year: ISODate(\"2024-02-29\") } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$binarySize",
        kind: Kind::ExpressionOperator,
        group: "expression: type",
        syntax: "{ $binarySize: value }",
        summary: "The size of a string or of binary data, in bytes.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $binarySize: \"é\" } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$convert",
        kind: Kind::ExpressionOperator,
        group: "expression: type",
        syntax: "{ $convert: { input, to, onError, onNull, format } }",
        summary: "A value as another type.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $convert: { input: \"12\", to: \"int\", onError: 0 } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$isNumber",
        kind: Kind::ExpressionOperator,
        group: "expression: type",
        syntax: "{ $isNumber: value }",
        summary: "Whether the value is a number.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $isNumber: 1.5 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$toBool",
        kind: Kind::ExpressionOperator,
        group: "expression: type",
        syntax: "{ $toBool: value }",
        summary: "As a truth value.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toBool: 1 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$toDate",
        kind: Kind::ExpressionOperator,
        group: "expression: type",
        syntax: "{ $toDate: value }",
        summary: "As a date.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toDate: \"2024-02-29\" } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$toDecimal",
        kind: Kind::ExpressionOperator,
        group: "expression: type",
        syntax: "{ $toDecimal: value }",
        summary: "As a decimal.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toDecimal: \"1.10\" } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$toDouble",
        kind: Kind::ExpressionOperator,
        group: "expression: type",
        syntax: "{ $toDouble: value }",
        summary: "As a double.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toDouble: \"1.5\" } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$toInt",
        kind: Kind::ExpressionOperator,
        group: "expression: type",
        syntax: "{ $toInt: value }",
        summary: "As an int, the fraction cut off.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toInt: \"42\" } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$toLong",
        kind: Kind::ExpressionOperator,
        group: "expression: type",
        syntax: "{ $toLong: value }",
        summary: "As a long, the fraction cut off.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toLong: 42 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$toObjectId",
        kind: Kind::ExpressionOperator,
        group: "expression: type",
        syntax: "{ $toObjectId: value }",
        summary: "As an ObjectId.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toObjectId: \"60d5ec49f8d2e12345678901\" } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$toString",
        kind: Kind::ExpressionOperator,
        group: "expression: type",
        syntax: "{ $toString: value }",
        summary: "As a string.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toString: 1.5 } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$toUUID",
        kind: Kind::ExpressionOperator,
        group: "expression: type",
        syntax: "{ $toUUID: text }",
        summary: "As a UUID.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toUUID: \"0e3b9063-8abd-4eb3-9f9f-f4c59fd30a60\" } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$type",
        kind: Kind::ExpressionOperator,
        group: "expression: type",
        syntax: "{ $type: value }",
        summary: "The name of the type; \"missing\" for no value.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $type: \"$nothing\" } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$avg",
        kind: Kind::ExpressionOperator,
        group: "expression: accumulator",
        syntax: "{ $avg: values }",
        summary: "The mean of the numbers.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $avg: [1, 2, 3] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$max",
        kind: Kind::ExpressionOperator,
        group: "expression: accumulator",
        syntax: "{ $max: values }",
        summary: "The greatest value.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $max: [1, 3, 2] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$median",
        kind: Kind::ExpressionOperator,
        group: "expression: accumulator",
        syntax: "{ $median: { input, method } }",
        summary: "The value in the middle.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $median: { input: [1, 2, 3], method: \"approximate\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$min",
        kind: Kind::ExpressionOperator,
        group: "expression: accumulator",
        syntax: "{ $min: values }",
        summary: "The least value.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $min: [3, 1, 2] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$percentile",
        kind: Kind::ExpressionOperator,
        group: "expression: accumulator",
        syntax: "{ $percentile: { input, p, method } }",
        summary: "The values that shares of the numbers do not exceed.",
        examples: &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $percentile: { input: [1, 2, 3, 4], p: [0.5], method: \"approximate\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$stdDevPop",
        kind: Kind::ExpressionOperator,
        group: "expression: accumulator",
        syntax: "{ $stdDevPop: values }",
        summary: "The standard deviation of a population.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $stdDevPop: [1, 3] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$stdDevSamp",
        kind: Kind::ExpressionOperator,
        group: "expression: accumulator",
        syntax: "{ $stdDevSamp: values }",
        summary: "The standard deviation of a sample.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $stdDevSamp: [1, 3] } } }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$sum",
        kind: Kind::ExpressionOperator,
        group: "expression: accumulator",
        syntax: "{ $sum: values }",
        summary: "The sum of the numbers.",
        examples: &["db.aggregate([{ $documents: [{}] }, { $project: { answer: { $sum: [1, 2, 3] } } }])"],
        ..Entry::DOC
    },
];
