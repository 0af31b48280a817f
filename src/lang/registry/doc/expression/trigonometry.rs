//! Expression operators: trigonometry.

use crate::lang::registry::Entry;
use crate::lang::registry::doc::expression;

/// By name.
pub const ENTRIES: &[Entry] = &[
    expression(
        "$acos",
        "expression: trigonometry",
        "{ $acos: number }",
        "The arc cosine, in radians.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $acos: 1 } } }])",
            "db.aggregate([{ $documents: [{ x: 0.5 }] }, { $project: { answer: { $acos: \"$x\" } } }])",
        ],
    ),
    expression(
        "$acosh",
        "expression: trigonometry",
        "{ $acosh: number }",
        "The inverse hyperbolic cosine.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $acosh: 1 } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $acosh: 2 } } }])",
        ],
    ),
    expression(
        "$asin",
        "expression: trigonometry",
        "{ $asin: number }",
        "The arc sine, in radians.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $asin: 0 } } }])",
            "db.aggregate([{ $documents: [{ x: 0.5 }] }, { $project: { answer: { $asin: \"$x\" } } }])",
        ],
    ),
    expression(
        "$asinh",
        "expression: trigonometry",
        "{ $asinh: number }",
        "The inverse hyperbolic sine.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $asinh: 0 } } }])",
            "db.aggregate([{ $documents: [{ x: 0.5 }] }, { $project: { answer: { $asinh: \"$x\" } } }])",
        ],
    ),
    expression(
        "$atan",
        "expression: trigonometry",
        "{ $atan: number }",
        "The arc tangent, in radians.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $atan: 1 } } }])",
            "db.aggregate([{ $documents: [{ x: 0.5 }] }, { $project: { answer: { $atan: \"$x\" } } }])",
        ],
    ),
    expression(
        "$atan2",
        "expression: trigonometry",
        "{ $atan2: [y, x] }",
        "The angle of a point, in radians.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $atan2: [1, 1] } } }])",
            "db.aggregate([{ $documents: [{ x: 0.5 }] }, { $project: { answer: { $atan2: [\"$x\", 1] } } }])",
        ],
    ),
    expression(
        "$atanh",
        "expression: trigonometry",
        "{ $atanh: number }",
        "The inverse hyperbolic tangent.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $atanh: 0 } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $atanh: 0.5 } } }])",
        ],
    ),
    expression(
        "$cos",
        "expression: trigonometry",
        "{ $cos: radians }",
        "The cosine.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $cos: 0 } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $cos: { $degreesToRadians: 60 } } } }])",
        ],
    ),
    expression(
        "$cosh",
        "expression: trigonometry",
        "{ $cosh: number }",
        "The hyperbolic cosine.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $cosh: 0 } } }])",
            "db.aggregate([{ $documents: [{ x: 0.5 }] }, { $project: { answer: { $cosh: \"$x\" } } }])",
        ],
    ),
    expression(
        "$degreesToRadians",
        "expression: trigonometry",
        "{ $degreesToRadians: degrees }",
        "Degrees as radians.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $degreesToRadians: 180 } } }])",
            "db.aggregate([{ $documents: [{ i: 7 }] }, { $project: { answer: { $degreesToRadians: \"$i\" } } }])",
        ],
    ),
    expression(
        "$radiansToDegrees",
        "expression: trigonometry",
        "{ $radiansToDegrees: radians }",
        "Radians as degrees.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $radiansToDegrees: 3.14159 } } }])",
            "db.aggregate([{ $documents: [{ x: 0.5 }] }, { $project: { answer: { $radiansToDegrees: { $acos: \"$x\" } } } }])",
        ],
    ),
    expression(
        "$sin",
        "expression: trigonometry",
        "{ $sin: radians }",
        "The sine.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $sin: 0 } } }])",
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $sin: { $degreesToRadians: 30 } } } }])",
        ],
    ),
    expression(
        "$sinh",
        "expression: trigonometry",
        "{ $sinh: number }",
        "The hyperbolic sine.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $sinh: 0 } } }])",
            "db.aggregate([{ $documents: [{ x: 0.5 }] }, { $project: { answer: { $sinh: \"$x\" } } }])",
        ],
    ),
    expression(
        "$tan",
        "expression: trigonometry",
        "{ $tan: radians }",
        "The tangent.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $tan: 0 } } }])",
            "db.aggregate([{ $documents: [{ x: 0.5 }] }, { $project: { answer: { $tan: \"$x\" } } }])",
        ],
    ),
    expression(
        "$tanh",
        "expression: trigonometry",
        "{ $tanh: number }",
        "The hyperbolic tangent.",
        &[
            "db.aggregate([{ $documents: [{}] }, { $project: { answer: { $tanh: 0 } } }])",
            "db.aggregate([{ $documents: [{ x: 0.5 }] }, { $project: { answer: { $tanh: \"$x\" } } }])",
        ],
    ),
];
