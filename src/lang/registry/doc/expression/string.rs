//! Expression operators: string.

use crate::lang::registry::Entry;
use crate::lang::registry::doc::expression;

/// By name.
pub const ENTRIES: &[Entry] = &[
    expression(
        "$concat",
        "expression: string",
        "{ $concat: [text, …] }",
        "The strings one after another; null if any is null.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $concat: [\"Ada\", \" \", \"Lovelace\"] } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $concat: [\"a\", null] } } }])",
        ],
    ),
    expression(
        "$indexOfBytes",
        "expression: string",
        "{ $indexOfBytes: [text, part, start, end] }",
        "Where a part begins, in bytes; -1 if nowhere.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $indexOfBytes: [\"cafeteria\", \"e\"] } } }])",
            "db.aggregate([{ $documents: [{ s: \"Hello World\" }] }, { $project: { answer: { $indexOfBytes: [\"$s\", \"o\", 5, 6] } } }])",
        ],
    ),
    expression(
        "$indexOfCP",
        "expression: string",
        "{ $indexOfCP: [text, part, start, end] }",
        "Where a part begins, in characters; -1 if nowhere.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $indexOfCP: [\"cafeteria\", \"t\"] } } }])",
            "db.aggregate([{ $documents: [{ s: \"Hello World\" }] }, { $project: { answer: { $indexOfCP: [\"$s\", \"World\"] } } }])",
        ],
    ),
    expression(
        "$ltrim",
        "expression: string",
        "{ $ltrim: { input, chars } }",
        "White space or the given characters cut off at the start.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $ltrim: { input: \"  x\" } } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $ltrim: { input: \"  x  \" } } } }])",
        ],
    ),
    expression(
        "$regexFind",
        "expression: string",
        "{ $regexFind: { input, regex, options } }",
        "The first match: text, position, groups.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $regexFind: { input: \"ab12\", regex: \"[0-9]+\" } } } }])",
            "db.aggregate([{ $documents: [{ s: \"Hello World\" }] }, { $project: { answer: { $regexFind: { input: \"$s\", regex: \"(l)(o)\" } } } }])",
        ],
    ),
    expression(
        "$regexFindAll",
        "expression: string",
        "{ $regexFindAll: { input, regex, options } }",
        "All matches.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $regexFindAll: { input: \"a1b2\", regex: \"[0-9]\" } } } }])",
            "db.aggregate([{ $documents: [{ s: \"Hello World\" }] }, { $project: { answer: { $regexFindAll: { input: \"$s\", regex: \"l+\" } } } }])",
        ],
    ),
    expression(
        "$regexMatch",
        "expression: string",
        "{ $regexMatch: { input, regex, options } }",
        "Whether a pattern is found.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $regexMatch: { input: \"Ada\", regex: /^a/i } } } }])",
            "db.aggregate([{ $documents: [{ s: \"Hello World\" }] }, { $project: { answer: { $regexMatch: { input: \"$s\", regex: /world/i } } } }])",
        ],
    ),
    expression(
        "$replaceAll",
        "expression: string",
        "{ $replaceAll: { input, find, replacement } }",
        "Every occurrence replaced.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $replaceAll: { input: \"a-b-c\", find: \"-\", replacement: \"+\" } } } }])",
            "db.aggregate([{ $documents: [{ s: \"Hello World\" }] }, { $project: { answer: { $replaceAll: { input: \"$s\", find: \"o\", replacement: \"0\" } } } }])",
        ],
    ),
    expression(
        "$replaceOne",
        "expression: string",
        "{ $replaceOne: { input, find, replacement } }",
        "The first occurrence replaced.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $replaceOne: { input: \"a-b-c\", find: \"-\", replacement: \"+\" } } } }])",
            "db.aggregate([{ $documents: [{ s: \"Hello World\" }] }, { $project: { answer: { $replaceOne: { input: \"$s\", find: \"o\", replacement: \"0\" } } } }])",
        ],
    ),
    expression(
        "$rtrim",
        "expression: string",
        "{ $rtrim: { input, chars } }",
        "White space or the given characters cut off at the end.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $rtrim: { input: \"x  \" } } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $rtrim: { input: \"1.500\", chars: \"0\" } } } }])",
        ],
    ),
    expression(
        "$split",
        "expression: string",
        "{ $split: [text, separator] }",
        "The parts between separators.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $split: [\"a,b,c\", \",\"] } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $split: [\"a-b-c\", \"-\"] } } }])",
        ],
    ),
    expression(
        "$strLenBytes",
        "expression: string",
        "{ $strLenBytes: text }",
        "The length in UTF-8 bytes.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $strLenBytes: \"é\" } } }])",
            "db.aggregate([{ $documents: [{ s: \"Hello World\" }] }, { $project: { answer: { $strLenBytes: \"$s\" } } }])",
        ],
    ),
    expression(
        "$strLenCP",
        "expression: string",
        "{ $strLenCP: text }",
        "The length in characters.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $strLenCP: \"é\" } } }])",
            "db.aggregate([{ $documents: [{ s: \"Hello World\" }] }, { $project: { answer: { $strLenCP: \"$s\" } } }])",
        ],
    ),
    expression(
        "$strcasecmp",
        "expression: string",
        "{ $strcasecmp: [a, b] }",
        "-1, 0 or 1 without regard to ASCII case.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $strcasecmp: [\"abc\", \"ABC\"] } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $strcasecmp: [\"A\", \"b\"] } } }])",
        ],
    ),
    expression(
        "$substr",
        "expression: string",
        "{ $substr: [text, start, length] }",
        "A part by bytes; as $substrBytes.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $substr: [\"ITEC445\", 0, 4] } } }])",
            "db.aggregate([{ $documents: [{ s: \"Hello World\" }] }, { $project: { answer: { $substr: [\"$s\", 0, 5] } } }])",
        ],
    ),
    expression(
        "$substrBytes",
        "expression: string",
        "{ $substrBytes: [text, start, length] }",
        "A part by bytes; a negative length goes to the end.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $substrBytes: [\"hello\", 1, 3] } } }])",
            "db.aggregate([{ $documents: [{ s: \"Hello World\" }] }, { $project: { answer: { $substrBytes: [\"$s\", 6, 5] } } }])",
        ],
    ),
    expression(
        "$substrCP",
        "expression: string",
        "{ $substrCP: [text, start, length] }",
        "A part by characters.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $substrCP: [\"déjà\", 1, 2] } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $substrCP: [\"héllo\", 1, 2] } } }])",
        ],
    ),
    expression(
        "$toLower",
        "expression: string",
        "{ $toLower: text }",
        "ASCII letters in lower case.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toLower: \"ADA\" } } }])",
            "db.aggregate([{ $documents: [{ s: \"Hello World\" }] }, { $project: { answer: { $toLower: \"$s\" } } }])",
        ],
    ),
    expression(
        "$toUpper",
        "expression: string",
        "{ $toUpper: text }",
        "ASCII letters in upper case.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toUpper: \"ada\" } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $toUpper: \"é$s\" } } }])",
        ],
    ),
    expression(
        "$trim",
        "expression: string",
        "{ $trim: { input, chars } }",
        "White space or the given characters cut off at both ends.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $trim: { input: \" x \" } } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $trim: { input: \"  x  \" } } } }])",
        ],
    ),
];
