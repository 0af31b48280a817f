//! Expression operators: conversion.

use crate::lang::registry::Entry;
use crate::lang::registry::doc::expression;

/// By name.
pub const ENTRIES: &[Entry] = &[
    expression(
        "$binarySize",
        "expression: type",
        "{ $binarySize: value }",
        "The size of a string or of binary data, in bytes.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $binarySize: \"é\" } } }])",
            "db.aggregate([{ $documents: [{ bin: BinData(0, \"AQID\") }] }, { $project: { answer: { $binarySize: \"$bin\" } } }])",
        ],
    ),
    expression(
        "$convert",
        "expression: type",
        "{ $convert: { input, to, onError, onNull, format } }",
        "A value as another type.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $convert: { input: \"12\", to: \"int\", onError: 0 } } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $convert: { input: \"12\", to: \"int\" } } } }])",
        ],
    ),
    expression(
        "$isNumber",
        "expression: type",
        "{ $isNumber: value }",
        "Whether the value is a number.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $isNumber: 1.5 } } }])",
            "db.aggregate([{ $documents: [{ l: NumberLong(\"5000000000\") }] }, { $project: { answer: { $isNumber: \"$l\" } } }])",
        ],
    ),
    expression(
        "$toBool",
        "expression: type",
        "{ $toBool: value }",
        "As a truth value.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toBool: 1 } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toBool: \"false\" } } }])",
        ],
    ),
    expression(
        "$toDate",
        "expression: type",
        "{ $toDate: value }",
        "As a date.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toDate: \"2024-02-29\" } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toDate: \"2024-01-01T00:00:00+02:00\" } } }])",
        ],
    ),
    expression(
        "$toDecimal",
        "expression: type",
        "{ $toDecimal: value }",
        "As a decimal.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toDecimal: \"1.10\" } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toDecimal: \"1.50\" } } }])",
        ],
    ),
    expression(
        "$toDouble",
        "expression: type",
        "{ $toDouble: value }",
        "As a double.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toDouble: \"1.5\" } } }])",
            "db.aggregate([{ $documents: [{ dec: NumberDecimal(\"1.10\") }] }, { $project: { answer: { $toDouble: \"$dec\" } } }])",
        ],
    ),
    expression(
        "$toInt",
        "expression: type",
        "{ $toInt: value }",
        "As an int, the fraction cut off.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toInt: \"42\" } } }])",
            "db.aggregate([{ $documents: [{ d: 2.5 }] }, { $project: { answer: { $toInt: \"$d\" } } }])",
        ],
    ),
    expression(
        "$toLong",
        "expression: type",
        "{ $toLong: value }",
        "As a long, the fraction cut off.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toLong: 42 } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toLong: \"99\" } } }])",
        ],
    ),
    expression(
        "$toObjectId",
        "expression: type",
        "{ $toObjectId: value }",
        "As an ObjectId.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toObjectId: \"60d5ec49f8d2e12345678901\" } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toString: { $toObjectId: \"60d5ec49f8d2e12345678901\" } } } }])",
        ],
    ),
    expression(
        "$toString",
        "expression: type",
        "{ $toString: value }",
        "As a string.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toString: 1.5 } } }])",
            "db.aggregate([{ $documents: [{ dt: ISODate(\"2024-02-29T13:45:06.789Z\") }] }, { $project: { answer: { $toString: \"$dt\" } } }])",
        ],
    ),
    expression(
        "$toUUID",
        "expression: type",
        "{ $toUUID: text }",
        "As a UUID.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toUUID: \"0e3b9063-8abd-4eb3-9f9f-f4c59fd30a60\" } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toUUID: \"00112233-4455-6677-8899-aabbccddeeff\" } } }])",
        ],
    ),
    expression(
        "$type",
        "expression: type",
        "{ $type: value }",
        "The name of the type; \"missing\" for no value.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $type: \"$nothing\" } } }])",
            "db.aggregate([{ $documents: [{ dec: NumberDecimal(\"1.10\") }] }, { $project: { answer: { $type: \"$dec\" } } }])",
        ],
    ),
];
