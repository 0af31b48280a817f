//! Query operators.

use super::query;
use crate::lang::registry::Entry;

/// As the manual orders them.
pub const ENTRIES: &[Entry] = &[
    query(
        "$eq",
        "{ field: { $eq: value } }",
        "Equal to the value, or an array that holds it.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ age: { $eq: 30 } })",
            "db.users.find({ name: \"Alice\" })",
        ],
    ),
    query(
        "$ne",
        "{ field: { $ne: value } }",
        "Not equal; also without the field.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ age: { $ne: 30 } })",
            "db.users.find({ nickname: { $ne: null } })",
        ],
    ),
    query(
        "$gt",
        "{ field: { $gt: value } }",
        "Greater, among values of the same type.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ age: { $gt: 18 } })",
            "db.users.find({ name: { $gt: \"A\" } })",
        ],
    ),
    query(
        "$gte",
        "{ field: { $gte: value } }",
        "Greater or equal.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ age: { $gte: 30 } })",
            "db.users.find({ age: { $gte: 18, $lt: 65 } })",
        ],
    ),
    query(
        "$lt",
        "{ field: { $lt: value } }",
        "Less, among values of the same type.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ age: { $lt: 40 } })",
            "db.users.find({ age: { $lt: 18 } })",
        ],
    ),
    query(
        "$lte",
        "{ field: { $lte: value } }",
        "Less or equal.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ age: { $lte: 30 } })",
            "db.users.find({ name: { $lte: \"B\" } })",
        ],
    ),
    query(
        "$in",
        "{ field: { $in: [values] } }",
        "Equal to one of the values; patterns may be among them.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ age: { $in: [29, 30] } })",
            "db.users.find({ name: { $in: [/^A/, \"Bob\"] } })",
        ],
    ),
    query(
        "$nin",
        "{ field: { $nin: [values] } }",
        "Equal to none of the values.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ age: { $nin: [1, 2] } })",
            "db.users.find({ name: { $nin: [\"Bob\"] } })",
        ],
    ),
    query(
        "$and",
        "{ $and: [filters] }",
        "All of the filters.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ $and: [{ age: 30 }, { name: \"Alice\" }] })",
            "db.users.find({ $and: [{ age: { $gt: 1 } }, { age: { $ne: 5 } }] })",
        ],
    ),
    query(
        "$or",
        "{ $or: [filters] }",
        "Any of the filters.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ $or: [{ age: 1 }, { name: \"Alice\" }] })",
            "db.users.find({ $or: [{ age: 1 }, { age: 30 }] })",
        ],
    ),
    query(
        "$nor",
        "{ $nor: [filters] }",
        "None of the filters.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ $nor: [{ age: 1 }] })",
            "db.users.find({ $nor: [{ age: { $lt: 18 } }, { name: \"Bob\" }] })",
        ],
    ),
    query(
        "$not",
        "{ field: { $not: { … } } }",
        "Not so; also without the field.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ age: { $not: { $gt: 40 } } })",
            "db.users.find({ name: { $not: /^B/ } })",
        ],
    ),
    query(
        "$exists",
        "{ field: { $exists: true or false } }",
        "Whether there is such a field.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ age: { $exists: true } })",
            "db.users.find({ nickname: { $exists: false } })",
        ],
    ),
    query(
        "$type",
        "{ field: { $type: name or number } }",
        "The type of the value.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ age: { $type: \"number\" } })",
            "db.users.find({ name: { $type: [\"string\", \"null\"] } })",
        ],
    ),
    query(
        "$regex",
        "{ field: { $regex: pattern, $options: \"i\" } }",
        "Text in which the pattern is found.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ name: { $regex: \"^a\", $options: \"i\" } })",
            "db.users.find({ name: /li/ })",
        ],
    ),
    query(
        "$all",
        "{ field: { $all: [values] } }",
        "An array that holds all of the values.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ tags: { $all: [\"a\", \"b\"] } })",
            "db.users.find({ tags: { $all: [\"a\"] } })",
        ],
    ),
    query(
        "$where",
        "{ $where: function | \"expression\" }",
        "A function that is called with the document as `this`, or an expression; slower than all other operators.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ $where: \"this.name.length * 6 == this.age\" })",
            "db.users.find({ $where: function () { return this.age > 20 } })",
        ],
    ),
    query(
        "$elemMatch",
        "{ field: { $elemMatch: { … } } }",
        "An array with one element that satisfies everything.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ scores: { $elemMatch: { $gt: 1, $lt: 5 } } })",
            "db.users.find({ orders: { $elemMatch: { sku: \"a\", qty: { $gt: 1 } } } })",
        ],
    ),
    query(
        "$size",
        "{ field: { $size: n } }",
        "An array of so many elements.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ tags: { $size: 2 } })",
            "db.users.find({ tags: { $size: 0 } })",
        ],
    ),
    query(
        "$mod",
        "{ field: { $mod: [divisor, remainder] } }",
        "A number that leaves the remainder.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ age: { $mod: [10, 0] } })",
            "db.users.find({ age: { $mod: [7, 2] } })",
        ],
    ),
    query(
        "$expr",
        "{ $expr: expression }",
        "An aggregation expression that is true.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ $expr: { $gt: [\"$age\", 18] } })",
            "db.users.find({ $expr: { $gt: [\"$age\", { $strLenCP: \"$name\" }] } })",
        ],
    ),
    query(
        "$text",
        "{ $text: { $search: words, $language, $caseSensitive, $diacriticSensitive } }",
        "Words in the fields of a text index: any of them, \"phrases\" all, -words none.",
        &[
            "db.books.createIndex({ title: \"text\" })",
            "db.books.insertOne({ _id: 1, title: \"The red house\" })",
            "db.books.find({ $text: { $search: \"houses\" } }, { score: { $meta: \"textScore\" } })",
            "db.books.find({ $text: { $search: \"red -blue\" } })",
        ],
    ),
    query(
        "$jsonSchema",
        "{ $jsonSchema: { required, properties, bsonType, … } }",
        "Documents that a JSON schema (draft 4 with bsonType) describes.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ $jsonSchema: { required: [\"age\"], properties: { age: { bsonType: \"int\", minimum: 18 } } } })",
            "db.createCollection(\"checked\", { validator: { $jsonSchema: { required: [\"name\"] } } })",
        ],
    ),
    query(
        "$comment",
        "{ $comment: text }",
        "A remark; it changes nothing.",
        &[
            "db.users.insertOne({ _id: 1, name: \"Alice\", age: 30 })",
            "db.users.find({ age: 30, $comment: \"of age\" })",
        ],
    ),
    query(
        "$near",
        "{ field: { $near: { $geometry: point, $minDistance, $maxDistance } } }",
        "Documents by their distance from a point, in metres; needs a 2dsphere index.",
        &[
            "db.places.createIndex({ at: \"2dsphere\" })",
            "db.places.insertOne({ _id: 1, at: { type: \"Point\", coordinates: [13.4, 52.5] } })",
            "db.places.find({ at: { $near: { $geometry: { type: \"Point\", coordinates: [13, 52] }, $maxDistance: 100000 } } })",
        ],
    ),
    query(
        "$nearSphere",
        "{ field: { $nearSphere: point, $maxDistance: radians } }",
        "As $near, on a sphere.",
        &[
            "db.places.createIndex({ at: \"2dsphere\" })",
            "db.places.insertOne({ _id: 1, at: [13.4, 52.5] })",
            "db.places.find({ at: { $nearSphere: [13, 52], $maxDistance: 0.1 } })",
        ],
    ),
    query(
        "$geoWithin",
        "{ field: { $geoWithin: { $geometry: polygon } } }",
        "Places inside an area: $geometry, $box, $polygon, $center, $centerSphere.",
        &[
            "db.places.insertOne({ _id: 1, at: [13.4, 52.5] })",
            "db.places.find({ at: { $geoWithin: { $box: [[10, 50], [15, 55]] } } })",
            "db.places.find({ at: { $geoWithin: { $centerSphere: [[13, 52], 0.1] } } })",
        ],
    ),
    query(
        "$geoIntersects",
        "{ field: { $geoIntersects: { $geometry: shape } } }",
        "Shapes that meet a shape.",
        &[
            "db.places.insertOne({ _id: 1, at: { type: \"LineString\", coordinates: [[0, 0], [2, 2]] } })",
            "db.places.find({ at: { $geoIntersects: { $geometry: { type: \"Point\", coordinates: [1, 1] } } } })",
        ],
    ),
    query(
        "$bitsAllSet",
        "{ field: { $bitsAllSet: mask or [positions] } }",
        "Numbers with all of these bits set.",
        &[
            "db.flags.insertOne({ _id: 1, f: 20 })",
            "db.flags.find({ f: { $bitsAllSet: [2, 4] } })",
            "db.flags.find({ f: { $bitsAllSet: 4 } })",
        ],
    ),
    query(
        "$bitsAnySet",
        "{ field: { $bitsAnySet: mask or [positions] } }",
        "Numbers with any of these bits set.",
        &["db.flags.insertOne({ _id: 1, f: 20 })", "db.flags.find({ f: { $bitsAnySet: 5 } })"],
    ),
    query(
        "$bitsAllClear",
        "{ field: { $bitsAllClear: mask or [positions] } }",
        "Numbers with none of these bits set.",
        &["db.flags.insertOne({ _id: 1, f: 20 })", "db.flags.find({ f: { $bitsAllClear: [0, 1] } })"],
    ),
    query(
        "$bitsAnyClear",
        "{ field: { $bitsAnyClear: mask or [positions] } }",
        "Numbers with any of these bits not set.",
        &["db.flags.insertOne({ _id: 1, f: 20 })", "db.flags.find({ f: { $bitsAnyClear: 21 } })"],
    ),
];
