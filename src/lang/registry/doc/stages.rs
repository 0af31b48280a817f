//! Stages of aggregation pipelines.

use crate::lang::registry::{Entry, Kind};

/// By group, then by name.
pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "$addFields",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $addFields: { field: expression, … } }",
        summary: "Sets fields; as $set.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $addFields: { b: { $add: [\"$a\", 1] } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$bucket",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $bucket: { groupBy, boundaries, default, output } }",
        summary: "Groups by given boundaries.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $bucket: { groupBy: \"$a\", boundaries: [0, 10, 20], default: \"other\" } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$bucketAuto",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $bucketAuto: { groupBy, buckets, output, granularity } }",
        summary: "Groups of about the same size.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $bucketAuto: { groupBy: \"$a\", buckets: 2 } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$collStats",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $collStats: { count: {}, storageStats: {}, latencyStats: {} } }",
        summary: "How much a collection holds; first in a pipeline.",
        examples: &[
            "db.c.insertOne({ _id: 1 })",
            "db.c.aggregate([{ $collStats: { count: {} } }, { $project: { count: 1 } }])",
            "db.c.aggregate([{ $collStats: { storageStats: {} } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$count",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $count: \"field\" }",
        summary: "The number of documents.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $count: \"n\" }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$densify",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $densify: { field, partitionByFields, range } }",
        summary: "Documents for the missing steps of a series.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $densify: { field: \"a\", range: { step: 1, bounds: \"full\" } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$documents",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $documents: [document, …] }",
        summary: "Literal documents; first in a pipeline on db.",
        examples: &["db.aggregate([{ $documents: [{ a: 1 }, { a: 2 }] }])"],
        ..Entry::DOC
    },
    Entry {
        name: "$facet",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $facet: { name: pipeline, … } }",
        summary: "Several pipelines over the same documents.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $facet: { all: [{ $count: \"n\" }], big: [{ $match: { a: { $gt: 5 } } }] } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$fill",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $fill: { partitionBy, sortBy, output } }",
        summary: "Fills null and missing fields.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $fill: { sortBy: { _id: 1 }, output: { a: { method: \"locf\" } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$geoNear",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $geoNear: { near, distanceField, key, … } }",
        summary: "Documents by their distance from a point; first in a pipeline.",
        examples: &[
            "db.c.createIndex({ where: \"2dsphere\" })",
            "db.c.insertOne({ where: { type: \"Point\", coordinates: [13.4, 52.5] } })",
            "db.c.aggregate([{ $geoNear: { near: { type: \"Point\", coordinates: [0, 0] }, distanceField: \"metres\" } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$graphLookup",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $graphLookup: { from, startWith, connectFromField, connectToField, as, maxDepth, depthField, restrictSearchWithMatch } }",
        summary: "Follows links through a collection.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $graphLookup: { from: \"c\", startWith: \"$next\", connectFromField: \"next\", connectToField: \"_id\", as: \"chain\" } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$group",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $group: { _id: key, field: { $accumulator: expression }, … } }",
        summary: "One document for each key.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $group: { _id: \"$k\", total: { $sum: \"$a\" } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$indexStats",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $indexStats: {} }",
        summary: "The indexes of a collection; first in a pipeline.",
        examples: &[
            "db.c.createIndex({ a: 1 })",
            "db.c.aggregate([{ $indexStats: {} }, { $project: { name: 1, key: 1 } }])",
            "db.c.aggregate([{ $indexStats: {} }, { $count: \"indexes\" }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$limit",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $limit: n }",
        summary: "The first n documents.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $limit: 1 }])",
        ],
        twins: &["LIMIT"],
        ..Entry::DOC
    },
    Entry {
        name: "$lookup",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $lookup: { from, localField, foreignField, let, pipeline, as } }",
        summary: "Matching documents of another collection as an array.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $lookup: { from: \"c\", localField: \"next\", foreignField: \"_id\", as: \"found\" } }])",
        ],
        twins: &["MATCH"],
        ..Entry::DOC
    },
    Entry {
        name: "$match",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $match: query }",
        summary: "The documents that match a query.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $match: { a: { $gte: 5 } } }])",
        ],
        twins: &["MATCH", "WHERE"],
        ..Entry::DOC
    },
    Entry {
        name: "$merge",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $merge: { into, on, let, whenMatched, whenNotMatched } }",
        summary: "Brings the documents into a collection; last in a pipeline.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $merge: { into: \"kept\" } }])",
        ],
        writes: true,
        ..Entry::DOC
    },
    Entry {
        name: "$out",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $out: \"collection\" }",
        summary: "Replaces a collection by the documents; last in a pipeline.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $out: \"copy\" }])",
        ],
        writes: true,
        ..Entry::DOC
    },
    Entry {
        name: "$project",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $project: { field: 1 or 0 or expression, … } }",
        summary: "The fields wanted, and computed ones.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $project: { _id: 0, a: 1, twice: { $multiply: [\"$a\", 2] } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$redact",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $redact: expression }",
        summary: "Keeps, prunes or descends into each level.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $redact: { $cond: [{ $gt: [\"$a\", 5] }, \"$$KEEP\", \"$$PRUNE\"] } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$replaceRoot",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $replaceRoot: { newRoot: expression } }",
        summary: "Puts an object in the document's place.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $replaceRoot: { newRoot: { was: \"$a\" } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$replaceWith",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $replaceWith: expression }",
        summary: "Puts an object in the document's place.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $replaceWith: { was: \"$a\" } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$sample",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $sample: { size } }",
        summary: "So many documents by chance.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $sample: { size: 1 } }])",
        ],
        twins: &["SRANDMEMBER"],
        ..Entry::DOC
    },
    Entry {
        name: "$set",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $set: { field: expression, … } }",
        summary: "Sets fields; as $addFields.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $set: { b: 1 } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$setWindowFields",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $setWindowFields: { partitionBy, sortBy, output } }",
        summary: "Values over a window around each document.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $setWindowFields: { sortBy: { _id: 1 }, output: { running: { $sum: \"$a\", window: { documents: [\"unbounded\", \"current\"] } } } } }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$skip",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $skip: n }",
        summary: "All but the first n documents.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $skip: 1 }])",
        ],
        twins: &["SKIP"],
        ..Entry::DOC
    },
    Entry {
        name: "$sort",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $sort: { field: 1 or -1, … } }",
        summary: "The documents in order.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $sort: { a: -1 } }])",
        ],
        twins: &["ORDER BY", "SORT"],
        ..Entry::DOC
    },
    Entry {
        name: "$sortByCount",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $sortByCount: expression }",
        summary: "How often each value occurs, the commonest first.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $sortByCount: \"$k\" }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$unionWith",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $unionWith: { coll, pipeline } }",
        summary: "The documents of another collection behind these.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $unionWith: { coll: \"c\", pipeline: [{ $match: { a: 5 } }] } }])",
        ],
        twins: &["UNION"],
        ..Entry::DOC
    },
    Entry {
        name: "$unset",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $unset: \"field\" or [\"field\", …] }",
        summary: "Leaves fields out.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $unset: \"a\" }])",
        ],
        ..Entry::DOC
    },
    Entry {
        name: "$unwind",
        kind: Kind::Stage,
        group: "aggregation stage",
        syntax: "{ $unwind: \"$path\" or { path, includeArrayIndex, preserveNullAndEmptyArrays } }",
        summary: "One document for each element of an array.",
        examples: &[
            "db.c.insertMany([{ _id: 1, k: [\"x\"], a: 5, next: 2 }, { _id: 2, k: \"y\", a: 7 }])",
            "db.c.aggregate([{ $unwind: \"$k\" }])",
        ],
        twins: &["UNWIND"],
        ..Entry::DOC
    },
];
