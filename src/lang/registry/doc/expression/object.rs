//! Expression operators: object.

use crate::lang::registry::Entry;
use crate::lang::registry::doc::expression;

/// By name.
pub const ENTRIES: &[Entry] = &[
    expression(
        "$bsonSize",
        "expression: object",
        "{ $bsonSize: object }",
        "The size as BSON, in bytes.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $bsonSize: { $literal: { a: 1 } } } } }])",
            "db.aggregate([{ $documents: [{ o: { x: 1, y: { z: 2 } } }] }, { $project: { answer: { $bsonSize: \"$o\" } } }])",
        ],
    ),
    expression(
        "$function",
        "expression: object",
        "{ $function: { body: function, args: [expression, …], lang: \"js\" } }",
        "What a function answers for the arguments; it sees nothing else.",
        &[
            "db.c.insertOne({ _id: 1, words: [\"one\", \"two\"] })",
            "db.c.aggregate([{ $project: { line: { $function: { body: \"words => words.join('-')\", args: [\"$words\"], lang: \"js\" } } } }])",
            "db.c.find({ $expr: { $function: { body: function (words) { return words.length > 1 }, args: [\"$words\"], lang: \"js\" } } })",
        ],
    ),
    expression(
        "$getField",
        "expression: object",
        "{ $getField: { field, input } }",
        "A field by a name that may hold dots or dollars.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $getField: { field: \"a.b\", input: { $literal: { \"a.b\": 1 } } } } } }])",
            "db.aggregate([{ $documents: [{ o: { x: 1, y: { z: 2 } } }] }, { $project: { answer: { $getField: { field: \"x\", input: \"$o\" } } } }])",
        ],
    ),
    expression(
        "$mergeObjects",
        "expression: object",
        "{ $mergeObjects: [object, …] }",
        "One object; later fields win.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $mergeObjects: [{ a: 1 }, { b: 2 }] } } }])",
            "db.aggregate([{ $documents: [{ o: { x: 1, y: { z: 2 } } }] }, { $project: { answer: { $mergeObjects: [\"$o\", { x: 9 }] } } }])",
        ],
    ),
    expression(
        "$objectToArray",
        "expression: object",
        "{ $objectToArray: object }",
        "An array of { k, v }.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $objectToArray: { a: 1, b: 2 } } } }])",
            "db.aggregate([{ $documents: [{ o: { x: 1, y: { z: 2 } } }] }, { $project: { answer: { $objectToArray: \"$o\" } } }])",
        ],
    ),
    expression(
        "$setField",
        "expression: object",
        "{ $setField: { field, input, value } }",
        "An object with a field set, whatever its name.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $setField: { field: \"price$\", input: {}, value: 5 } } } }])",
            "db.aggregate([{ $documents: [{ o: { x: 1, y: { z: 2 } } }] }, { $project: { answer: { $setField: { field: \"a.b\", input: \"$o\", value: 5 } } } }])",
        ],
    ),
    expression(
        "$unsetField",
        "expression: object",
        "{ $unsetField: { field, input } }",
        "An object without a field, whatever its name.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $unsetField: { field: \"a\", input: { a: 1, b: 2 } } } } }])",
            "db.aggregate([{ $documents: [{ o: { x: 1, y: { z: 2 } } }] }, { $project: { answer: { $unsetField: { field: \"x\", input: \"$o\" } } } }])",
        ],
    ),
];
